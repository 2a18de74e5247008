/*
 * The file's columns are found by their names; each line's values are checked and kept in an arena,
 * strings once.
 */
#include "clients/kehuctl/import_retail.h"

#include "clients/kehuctl/import_columns.h"
#include "clients/kehuctl/import_csv.h"
#include "clients/kehuctl/import_value.h"
#include "common/arena.h"
#include "common/pure/decimal.h"

#include <uthash.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    GAPS = 100,
    TEXT_BYTES = 128 * 1024, /* a field in UTF-8 */
};

#define ARENA_BYTES ((size_t)4 << 30)

/* A text, kept once. */
struct pooled {
    UT_hash_handle hh;
    char text[];
};

struct line {
    struct import_line value;
    struct line *next;
};

struct document {
    UT_hash_handle hh; /* in the order of first appearance */
    const char *number;
    const char *customer;
    const char *region;
    int64_t ordered_at_us;
    struct line *lines, *last;
    uint32_t line_count;
};

struct import_retail {
    struct import_retail_options options;
    struct import_converter *converter;
    struct arena *arena;
    struct pooled *pool;
    struct document *documents;
    struct import_columns columns;
    uint64_t lines, bad_lines, cleaned;
    struct import_retail_gap gaps[GAPS];
    size_t gap_count;
    char *why; /* of import_retail_read */
    size_t why_bytes;
    /* The line being read, in UTF-8. */
    struct text value[IMPORT_COLUMNS];
    char text[IMPORT_COLUMNS][TEXT_BYTES];
    unsigned cleaned_here;
    /* Where import_retail_next stands. */
    struct document *next;
    struct import_line *given; /* room for the longest document */
    uint32_t longest;
};

struct import_retail *import_retail_new(const struct import_retail_options *options)
{
    struct import_retail *retail = calloc(1, sizeof(*retail));

    if (retail == NULL)
        return NULL;
    retail->options = *options;
    retail->columns.rules = import_column_rules;
    retail->columns.count = IMPORT_COLUMNS;
    retail->converter = import_converter_new(options->encoding);
    retail->arena = arena_new(ARENA_BYTES);
    if (retail->converter == NULL || retail->arena == NULL) {
        import_retail_free(retail);
        return NULL;
    }
    return retail;
}

void import_retail_free(struct import_retail *retail)
{
    if (retail == NULL)
        return;
    HASH_CLEAR(hh, retail->pool);
    HASH_CLEAR(hh, retail->documents);
    import_converter_free(retail->converter);
    arena_free(retail->arena);
    free(retail->given);
    free(retail);
}

/* The one copy of the text; NULL when memory is out. */
static const char *pool_text(struct import_retail *retail, struct text text)
{
    struct pooled *pooled;

    HASH_FIND(hh, retail->pool, text.at, text.bytes, pooled);
    if (pooled != NULL)
        return pooled->text;
    pooled = arena_take(retail->arena, sizeof(*pooled) + text.bytes + 1);
    if (pooled == NULL)
        return NULL;
    memcpy(pooled->text, text.at, text.bytes);
    HASH_ADD(hh, retail->pool, text, text.bytes, pooled);
    return pooled->text;
}

static struct text pool_copy(struct import_retail *retail, struct text text)
{
    const char *copy = pool_text(retail, text);

    return copy != NULL ? (struct text){copy, text.bytes} : TEXT_OF("?");
}

static struct document *find_document(struct import_retail *retail, struct text number)
{
    struct document *document;

    HASH_FIND(hh, retail->documents, number.at, number.bytes, document);
    return document;
}

/* --- broken lines --- */

static void note_fault(struct import_retail *retail, uint64_t line, size_t column, const char *name,
                       const char *what, struct text number)
{
    retail->bad_lines++;
    retail->options.fault(retail->options.owner, line, column, name, what);
    number = import_value_trim(number);
    if (number.bytes == 0 || retail->gap_count == GAPS || import_value_has_control(number))
        return;
    retail->gaps[retail->gap_count++] =
        (struct import_retail_gap){line, pool_text(retail, number), false};
}

/* The invoice number of a line of which only some fields can be read. */
static struct text number_in(struct import_retail *retail, const struct text *fields, size_t count)
{
    struct text number;

    if (retail->columns.at[IMPORT_COLUMN_INVOICE] >= count ||
        !import_converter_read(retail->converter, fields[retail->columns.at[IMPORT_COLUMN_INVOICE]],
                               &number))
        return (struct text){"", 0};
    return number;
}

static void take_fault(void *owner, const struct import_csv_fault *fault)
{
    struct import_retail *retail = owner;

    if (!retail->columns.complete)
        snprintf(retail->why, retail->why_bytes, "line %llu, column %zu: %s",
                 (unsigned long long)fault->line, fault->column, fault->what);
    else
        note_fault(retail, fault->line, fault->column,
                   import_columns_name(&retail->columns, fault->column), fault->what,
                   number_in(retail, fault->fields, fault->count));
}

static bool take_header(void *owner, const struct import_csv_record *record)
{
    struct import_retail *retail = owner;
    struct text names[IMPORT_CSV_COLUMNS];

    for (size_t i = 0; i < record->count; i++) {
        /* The converter's buffer is used again; a name that matters is short. */
        if (!import_converter_read(retail->converter, record->fields[i], &names[i]))
            names[i] = TEXT_OF("?");
        else if (names[i].at != record->fields[i].at)
            names[i] = pool_copy(retail, names[i]);
    }
    return import_columns_find(&retail->columns, record->line, names, record->count, retail->why,
                               retail->why_bytes);
}

/* --- a line --- */

/* Reports the line; returns false so that a check can end with it. */
static bool refuse_value(struct import_retail *retail, const struct import_csv_record *record,
                         enum import_column column, const char *what)
{
    note_fault(retail, record->line, retail->columns.at[column] + 1, retail->columns.name[column],
               what, number_in(retail, record->fields, record->count));
    return false;
}

/* The field in UTF-8, in a place of its own. */
static bool convert_value(struct import_retail *retail, const struct import_csv_record *record,
                          enum import_column column)
{
    struct text value;
    char what[128];

    if (!import_converter_read(retail->converter, record->fields[retail->columns.at[column]],
                               &value)) {
        snprintf(what, sizeof(what), "these bytes are no text in %s; save the file in one encoding",
                 import_encoding_name(retail->options.encoding));
        return refuse_value(retail, record, column, what);
    }
    memcpy(retail->text[column], value.at, value.bytes);
    retail->value[column] = (struct text){retail->text[column], value.bytes};
    return true;
}

/* Converts one field and checks what holds for its text. */
static bool read_value(struct import_retail *retail, const struct import_csv_record *record,
                       enum import_column column)
{
    const struct import_column_rule *rule = &import_column_rules[column];
    struct text *value = &retail->value[column];
    char what[128];

    if (!convert_value(retail, record, column))
        return false;
    if (import_value_has_control(*value)) {
        if (!rule->is_free_text)
            return refuse_value(
                retail, record, column,
                "a control character stands in it; only a description may hold one");
        import_value_clean(retail->text[column], &value->bytes);
        retail->cleaned_here++;
    }
    if (rule->is_trimmed)
        *value = import_value_trim(*value);
    if (value->bytes == 0 && !rule->may_be_empty)
        return refuse_value(retail, record, column, "is empty; every line needs one");
    if (import_value_characters(*value) > rule->limit) {
        snprintf(what, sizeof(what), "is %zu characters long; at most %zu may be",
                 import_value_characters(*value), rule->limit);
        return refuse_value(retail, record, column, what);
    }
    return true;
}

static bool refuse_number(struct import_retail *retail, const struct import_csv_record *record,
                          enum import_column column)
{
    char what[512];

    snprintf(what, sizeof(what),
             "\"%.*s\" is no number; write digits with a point and at most six decimals, such as "
             "-12.5",
             (int)retail->value[column].bytes, retail->value[column].at);
    return refuse_value(retail, record, column, what);
}

/* All values of a line that are not text. */
static bool read_figures(struct import_retail *retail, const struct import_csv_record *record,
                         struct import_line *line, int64_t *at_us)
{
    const struct text *value = retail->value;
    char what[512];

    if (!decimal_parse(value[IMPORT_COLUMN_QUANTITY].at, value[IMPORT_COLUMN_QUANTITY].bytes,
                       &line->quantity_micros))
        return refuse_number(retail, record, IMPORT_COLUMN_QUANTITY);
    if (!decimal_parse(value[IMPORT_COLUMN_PRICE].at, value[IMPORT_COLUMN_PRICE].bytes,
                       &line->unit_price_micros))
        return refuse_number(retail, record, IMPORT_COLUMN_PRICE);
    if (!import_value_moment(value[IMPORT_COLUMN_INVOICE_DATE], retail->options.zone, at_us)) {
        snprintf(what, sizeof(what),
                 "\"%.*s\" is no date and time; write YYYY-MM-DD HH:MM:SS, such as 2009-12-01 "
                 "07:45:00",
                 (int)value[IMPORT_COLUMN_INVOICE_DATE].bytes,
                 value[IMPORT_COLUMN_INVOICE_DATE].at);
        return refuse_value(retail, record, IMPORT_COLUMN_INVOICE_DATE, what);
    }
    return true;
}

/* A document has one customer and one region; a line that names another one is wrong. An empty one
 * does not speak against any. */
static bool is_consistent(struct import_retail *retail, const struct import_csv_record *record,
                          enum import_column column, const char *known)
{
    struct text value = retail->value[column];
    char what[1200];

    if (known[0] == '\0' || value.bytes == 0)
        return true;
    if (strlen(known) == value.bytes && memcmp(known, value.at, value.bytes) == 0)
        return true;
    snprintf(what, sizeof(what),
             "\"%.*s\" differs from \"%s\" in earlier lines of the same invoice", (int)value.bytes,
             value.at, known);
    return refuse_value(retail, record, column, what);
}

static struct document *add_document(struct import_retail *retail, int64_t at_us)
{
    struct document *document = arena_take(retail->arena, sizeof(*document));
    const char *number = pool_text(retail, retail->value[IMPORT_COLUMN_INVOICE]);

    if (document == NULL || number == NULL)
        return NULL;
    document->number = number;
    document->customer = "";
    document->region = "";
    document->ordered_at_us = at_us;
    HASH_ADD_KEYPTR(hh, retail->documents, document->number,
                    retail->value[IMPORT_COLUMN_INVOICE].bytes, document);
    return document;
}

static void add_line(struct import_retail *retail, struct document *document,
                     const struct import_line *value, int64_t at_us)
{
    struct line *line = arena_take(retail->arena, sizeof(*line));

    if (line == NULL)
        return; /* import_retail_read sees that the arena is full */
    line->value = *value;
    line->value.product = pool_text(retail, retail->value[IMPORT_COLUMN_STOCK_CODE]);
    line->value.description = pool_text(retail, retail->value[IMPORT_COLUMN_DESCRIPTION]);
    if (document->customer[0] == '\0')
        document->customer = pool_text(retail, retail->value[IMPORT_COLUMN_CUSTOMER]);
    if (document->region[0] == '\0')
        document->region = pool_text(retail, retail->value[IMPORT_COLUMN_COUNTRY]);
    if (at_us < document->ordered_at_us)
        document->ordered_at_us = at_us;
    if (document->last == NULL)
        document->lines = line;
    else
        document->last->next = line;
    document->last = line;
    document->line_count++;
    if (document->line_count > retail->longest)
        retail->longest = document->line_count;
    retail->lines++;
    retail->cleaned += retail->cleaned_here;
}

static void take_record(void *owner, const struct import_csv_record *record)
{
    struct import_retail *retail = owner;
    struct document *document;
    struct import_line line;
    int64_t at_us;

    if (arena_is_full(retail->arena))
        return;
    retail->cleaned_here = 0;
    for (enum import_column i = 0; i < IMPORT_COLUMNS; i++) {
        if (!read_value(retail, record, i))
            return;
    }
    retail->value[IMPORT_COLUMN_CUSTOMER] =
        import_value_code(retail->value[IMPORT_COLUMN_CUSTOMER]);
    if (!read_figures(retail, record, &line, &at_us))
        return;
    document = find_document(retail, retail->value[IMPORT_COLUMN_INVOICE]);
    if (document != NULL &&
        (!is_consistent(retail, record, IMPORT_COLUMN_CUSTOMER, document->customer) ||
         !is_consistent(retail, record, IMPORT_COLUMN_COUNTRY, document->region)))
        return;
    if (document == NULL)
        document = add_document(retail, at_us);
    if (document != NULL)
        add_line(retail, document, &line, at_us);
}

bool import_retail_read(struct import_retail *retail, const char *bytes, size_t count, char *why,
                        size_t why_bytes)
{
    struct import_csv_reader reader = {take_header, take_record, take_fault, retail};

    retail->why = why;
    retail->why_bytes = why_bytes;
    snprintf(why, why_bytes, "there is no line in it");
    if (!import_csv_read(bytes, count, &reader))
        return false;
    retail->given = calloc((size_t)retail->longest + 1, sizeof(*retail->given));
    if (retail->given == NULL || arena_is_full(retail->arena)) {
        snprintf(why, why_bytes, "memory is out after %llu lines",
                 (unsigned long long)retail->lines);
        return false;
    }
    retail->next = retail->documents;
    return true;
}

/* --- what was read --- */

size_t import_retail_documents(const struct import_retail *retail)
{
    return HASH_COUNT(retail->documents);
}

uint64_t import_retail_lines(const struct import_retail *retail)
{
    return retail->lines;
}

uint64_t import_retail_bad_lines(const struct import_retail *retail)
{
    return retail->bad_lines;
}

uint64_t import_retail_cleaned(const struct import_retail *retail)
{
    return retail->cleaned;
}

const char *import_retail_ignored(const struct import_retail *retail)
{
    return retail->columns.ignored;
}

bool import_retail_gap(const struct import_retail *retail, size_t i, struct import_retail_gap *gap)
{
    struct document *document;

    if (i >= retail->gap_count)
        return false;
    *gap = retail->gaps[i];
    HASH_FIND(hh, retail->documents, gap->number, strlen(gap->number), document);
    gap->is_imported = document != NULL;
    return true;
}

static enum import_kind kind_of(const char *number)
{
    if (number[0] == 'C')
        return IMPORT_KIND_RETURN;
    return number[0] == 'A' ? IMPORT_KIND_ADJUSTMENT : IMPORT_KIND_ORDER;
}

bool import_retail_next(struct import_retail *retail, struct import_order *order)
{
    struct document *document = retail->next;
    size_t i = 0;

    if (document == NULL)
        return false;
    for (const struct line *line = document->lines; line != NULL; line = line->next)
        retail->given[i++] = line->value;
    *order = (struct import_order){
        .kind = kind_of(document->number),
        .number = document->number,
        .order_number = "",
        .customer = document->customer,
        .customer_name = "",
        .region = document->region,
        .currency = retail->options.currency,
        .ordered_at_us = document->ordered_at_us,
        .lines = retail->given,
        .line_count = document->line_count,
    };
    retail->next = document->hh.next;
    return true;
}
