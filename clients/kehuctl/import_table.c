/*
 * The header is read by itself first, since the service is asked about it; then the file goes
 * through again.
 */
#include "clients/kehuctl/import_table.h"

#include "clients/kehuctl/import_seen.h"
#include "clients/kehuctl/import_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_NAME_BYTES = 400,
    FIRST_BYTES = 4096,
};

struct import_table {
    struct import_table_options options;
    struct import_table_columns columns;
    struct import_converter *converter;
    struct import_seen *seen;
    const struct import_table_taker *taker;
    char *names[IMPORT_CSV_COLUMNS]; /* of the header, in UTF-8 */
    size_t name_count;
    char *room; /* converted cells of one row */
    size_t room_bytes, used;
    uint64_t empty;
    int code;
    bool is_out_of_memory;
};

struct import_table *import_table_new(const struct import_table_options *options)
{
    struct import_table *table = calloc(1, sizeof(*table));

    if (table == NULL)
        return NULL;
    table->options = *options;
    table->converter = import_converter_new(options->encoding);
    table->room_bytes = FIRST_BYTES;
    table->room = malloc(FIRST_BYTES);
    if (table->converter != NULL && table->room != NULL)
        return table;
    import_table_free(table);
    return NULL;
}

void import_table_free(struct import_table *table)
{
    if (table == NULL)
        return;
    for (size_t i = 0; i < table->name_count; i++)
        free(table->names[i]);
    import_converter_free(table->converter);
    import_seen_free(table->seen);
    free(table->room);
    free(table);
}

const struct import_table_columns *import_table_columns(const struct import_table *table)
{
    return &table->columns;
}

uint64_t import_table_empty(const struct import_table *table)
{
    return table->empty;
}

/* --- the header --- */

static const char *mapped(const struct import_table *table, const char *name)
{
    for (size_t i = 0; i < table->options.mapping_count; i++)
        if (strcmp(table->options.mappings[i].from, name) == 0)
            return table->options.mappings[i].to;
    return name;
}

static void add_unknown(struct import_table_columns *columns, const char *name)
{
    size_t used = strlen(columns->unknown);

    if (name[0] != '\0' && used + strlen(name) + 8 < sizeof(columns->unknown))
        snprintf(columns->unknown + used, sizeof(columns->unknown) - used, "%s%s",
                 used == 0 ? "" : ", ", name);
}

/* The place of a field among those found; count: none yet. */
static size_t find_field(const struct import_table_columns *columns, const char *field)
{
    size_t i = 0;

    while (i < columns->count && strcmp(columns->fields[i], field) != 0)
        i++;
    return i;
}

static bool take_column(struct import_table *table, size_t i, const char *field)
{
    struct import_table_columns *columns = &table->columns;
    size_t other = find_field(columns, field);

    if (field[0] == '\0') {
        add_unknown(columns, table->names[i]);
        return true;
    }
    if (other < columns->count) {
        ctl_say("columns %zu (%s) and %zu (%s) both mean %s: one of them may; "
                "--mapping NAME=FIELD says otherwise, NAME= leaves one out",
                columns->places[other], columns->names[other], i + 1, table->names[i], field);
        return false;
    }
    if (columns->count == IMPORT_TABLE_COLUMNS) {
        ctl_say("the file has more than %d columns that mean something", IMPORT_TABLE_COLUMNS);
        return false;
    }
    columns->fields[columns->count] = (char *)field;
    columns->names[columns->count] = table->names[i];
    columns->places[columns->count++] = i + 1;
    return true;
}

/* "name, 名称, 客户名称" */
static const char *all_names(struct ctl *ctl, const Kehu__Customers__V1__ImportColumn *column)
{
    const char *all = column->field;

    for (size_t i = 0; i < column->n_names; i++)
        if (strcmp(column->names[i], column->field) != 0)
            all = arena_print(ctl->arena, "%s, %s", all, column->names[i]);
    return all;
}

static bool has_all_required(const struct import_table *table,
                             const Kehu__Customers__V1__ImportDescription *description)
{
    bool has_all = true;

    for (size_t i = 0; i < description->n_fields; i++) {
        const Kehu__Customers__V1__ImportColumn *column = description->fields[i];

        if (!column->required || find_field(&table->columns, column->field) < table->columns.count)
            continue;
        ctl_say("no column means %s; it may be called %s, or --mapping NAME=%s says which it is",
                column->field, all_names(table->options.ctl, column), column->field);
        has_all = false;
    }
    if (!has_all && table->columns.unknown[0] != '\0')
        ctl_say("columns that mean nothing: %s", table->columns.unknown);
    return has_all;
}

static int ask_meaning(struct import_table *table)
{
    Kehu__Customers__V1__DescribeImport ask = KEHU__CUSTOMERS__V1__DESCRIBE_IMPORT__INIT;
    char *names[IMPORT_CSV_COLUMNS];
    int code;

    for (size_t i = 0; i < table->name_count; i++)
        names[i] = (char *)mapped(table, table->names[i]);
    ask.kind = table->options.kind;
    ask.columns = names;
    ask.n_columns = table->name_count;
    Kehu__Customers__V1__ImportDescription *description =
        (Kehu__Customers__V1__ImportDescription *)ctl_ask(
            table->options.ctl, &ask.base, &kehu__customers__v1__import_description__descriptor,
            &code);

    if (description == NULL)
        return code;
    for (size_t i = 0; i < table->name_count && i < description->n_columns; i++)
        if (!take_column(table, i, description->columns[i]->field))
            return CTL_USAGE;
    table->columns.id = find_field(&table->columns, "external_id");
    return has_all_required(table, description) ? CTL_DONE : CTL_USAGE;
}

static bool take_names(struct import_table *table, const struct import_csv_record *record)
{
    for (size_t i = 0; i < record->count; i++) {
        struct text name;

        if (!import_converter_read(table->converter, record->fields[i], &name) ||
            name.bytes > MAX_NAME_BYTES || import_value_has_control(import_value_trim(name))) {
            ctl_say("line %llu, column %zu: its name is no text in %s",
                    (unsigned long long)record->line, i + 1,
                    import_encoding_name(table->options.encoding));
            return false;
        }
        name = import_value_trim(name);
        table->names[table->name_count] = strndup(name.at, name.bytes);
        if (table->names[table->name_count] == NULL)
            return false;
        table->name_count++;
    }
    return true;
}

/* Stops the reading: the rows come with the second one. */
static bool read_header(void *owner, const struct import_csv_record *record)
{
    struct import_table *table = owner;

    table->code = take_names(table, record) ? ask_meaning(table) : CTL_USAGE;
    return false;
}

static void ignore_record(void *owner, const struct import_csv_record *record)
{
    (void)owner;
    (void)record;
}

static void say_fault(void *owner, const struct import_csv_fault *fault)
{
    struct import_table *table = owner;

    table->code = CTL_USAGE;
    ctl_say("line %llu, column %zu: %s; the first line must name the columns",
            (unsigned long long)fault->line, fault->column, fault->what);
}

int import_table_header(struct import_table *table, struct import_csv_source *source)
{
    const struct import_csv_reader reader = {read_header, ignore_record, say_fault, table};

    table->code = -1;
    import_csv_stream(source, &reader);
    if (table->code >= 0)
        return table->code;
    ctl_say("the file is empty: its first line must name the columns");
    return CTL_USAGE;
}

/* --- rows --- */

static void fault_at(struct import_table *table, uint64_t line, size_t column, const char *what)
{
    table->taker->fault(table->taker->owner, line, column,
                        column > 0 && column <= table->name_count ? table->names[column - 1] : "",
                        what);
}

/* ="138…", as other programs keep digits from becoming numbers. */
static struct text unwrap(struct text cell)
{
    if (cell.bytes >= 3 && memcmp(cell.at, "=\"", 2) == 0 && cell.at[cell.bytes - 1] == '"')
        return (struct text){cell.at + 2, cell.bytes - 3};
    return cell;
}

/* The place of the copy in the row's room; texts are made when all of it is there. */
static bool keep_cell(struct import_table *table, struct text cell)
{
    if (table->used + cell.bytes > table->room_bytes) {
        size_t room = (table->used + cell.bytes) * 2 + 4096;
        char *larger = realloc(table->room, room);

        if (larger == NULL)
            return false;
        table->room = larger;
        table->room_bytes = room;
    }
    if (cell.bytes > 0)
        memcpy(table->room + table->used, cell.at, cell.bytes);
    table->used += cell.bytes;
    return true;
}

/* Control characters but tab and line breaks, which spreadsheets have in a cell. */
static bool has_hidden(struct text cell)
{
    for (size_t i = 0, end; i < cell.bytes; i = end + 1) {
        for (end = i; end < cell.bytes && memchr("\t\n\r", cell.at[end], 3) == NULL;)
            end++;
        if (import_value_has_control((struct text){cell.at + i, end - i}))
            return true;
    }
    return false;
}

/* Tabs and line breaks of the cell kept last become spaces, which the wire carries. */
static size_t smooth_cell(struct import_table *table, size_t bytes)
{
    size_t before = bytes;
    struct text trimmed;

    if (bytes == 0)
        return 0;

    char *at = table->room + table->used - bytes;

    import_value_clean(at, &bytes);
    trimmed = import_value_trim((struct text){at, bytes});
    memmove(at, trimmed.at, trimmed.bytes);
    table->used -= before - trimmed.bytes;
    return trimmed.bytes;
}

/* Why a cell cannot be sent; NULL: it can, and is kept. */
static const char *read_cell(struct import_table *table, struct text raw, size_t *bytes)
{
    struct text cell;

    if (raw.bytes > 0 && memchr(raw.at, '\0', raw.bytes) != NULL)
        return "holds a NUL byte: remove it, or save the file anew";
    if (!import_converter_read(table->converter, raw, &cell))
        return table->options.encoding == IMPORT_ENCODING_UTF8
                   ? "holds bytes that are no UTF-8: save the file as UTF-8, or say --encoding"
                   : "holds bytes that are no GB18030: save the file as UTF-8, or say --encoding";
    cell = unwrap(import_value_trim(cell));
    if (has_hidden(cell))
        return "holds a control character: remove it";
    if (keep_cell(table, cell))
        *bytes = smooth_cell(table, cell.bytes);
    else
        table->is_out_of_memory = true;
    return NULL;
}

static bool is_empty(const struct import_csv_record *record)
{
    for (size_t i = 0; i < record->count; i++)
        if (import_value_trim(record->fields[i]).bytes > 0)
            return false;
    return true;
}

/* False: the id stood in a line before, and that was said. */
static bool is_first(struct import_table *table, uint64_t line, const struct text *values)
{
    size_t id = table->columns.id;
    uint32_t before = 0;
    char what[120];

    if (id == table->columns.count || values[id].bytes == 0)
        return true;
    if (!import_seen_take(table->seen, values[id], (uint32_t)line, &before))
        table->is_out_of_memory = true;
    if (before == 0)
        return true;
    snprintf(what, sizeof(what),
             "stands in line %u already: an id may stand once in a file, the first one counts",
             before);
    fault_at(table, line, table->columns.places[id], what);
    return false;
}

static void read_row(void *owner, const struct import_csv_record *record)
{
    struct import_table *table = owner;
    size_t bytes[IMPORT_TABLE_COLUMNS];
    struct text values[IMPORT_TABLE_COLUMNS];
    bool is_good = true;

    if (is_empty(record)) {
        table->empty++;
        return;
    }
    table->used = 0;
    for (size_t i = 0; i < table->columns.count && !table->is_out_of_memory; i++) {
        size_t place = table->columns.places[i];
        const char *why = read_cell(table, record->fields[place - 1], &bytes[i]);

        if (why != NULL) {
            fault_at(table, record->line, place, why);
            is_good = false;
        }
    }
    if (!is_good || table->is_out_of_memory)
        return;
    table->used = 0;
    for (size_t i = 0; i < table->columns.count; i++) {
        values[i] = (struct text){table->room + table->used, bytes[i]};
        table->used += bytes[i];
    }
    if (is_first(table, record->line, values))
        table->taker->row(table->taker->owner, record->line, values);
}

static void read_fault(void *owner, const struct import_csv_fault *fault)
{
    fault_at(owner, fault->line, fault->column, fault->what);
}

static bool skip_header(void *owner, const struct import_csv_record *record)
{
    (void)owner;
    (void)record;
    return true;
}

bool import_table_rows(struct import_table *table, struct import_csv_source *source,
                       const struct import_table_taker *taker)
{
    const struct import_csv_reader reader = {skip_header, read_row, read_fault, table};

    import_seen_free(table->seen);
    table->seen = import_seen_new();
    table->taker = taker;
    table->empty = 0;
    if (table->seen == NULL)
        return false;
    return import_csv_stream(source, &reader) && !table->is_out_of_memory;
}
