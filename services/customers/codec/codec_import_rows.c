/*
 * Rows by the rules of their columns: those of the dictionary of fields for customers, of contacts
 * in codec_import_contact.c.
 */
#include <string.h>

#include "common/pure/utf8.h"
#include "kehu/customers/v1/imports.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_import.h"
#include "services/customers/domain/region.h"

#define REGION_MAX_BYTES (REGION_MAX_NAME * 4) /* of a name; codes are shorter */

struct reading {
    const struct import_settings *settings;
    const struct codec_file_asker *asker;
    struct arena *arena;
    struct import_column columns[IMPORT_MAX_COLUMNS];
    size_t column_count;
};

void codec_import_reject(struct import_row *row, const char *column, const char *why)
{
    row->outcome = IMPORT_OUTCOME_REJECTED;
    if (row->fault_count == CODEC_IMPORT_MAX_FAULTS)
        return;
    row->faults[row->fault_count++] =
        (struct import_fault){column, why ? why : ""}; /* NULL: the arena is full */
}

/* Control characters but tab and line breaks, and the mark that joined files leave behind. */
static bool has_hidden(struct text text)
{
    size_t at = 0;

    while (at < text.bytes) {
        int32_t character = utf8_next(text, &at);

        if (character < 0 || character == 0xfeff || (character >= 0x7f && character < 0xa0) ||
            (character < 0x20 && character != '\t' && character != '\n' && character != '\r'))
            return true;
    }
    return false;
}

/* --- customers --- */

static void read_fact(struct reading *r, struct import_row *row, const struct import_column *column,
                      struct text cell)
{
    struct fact fact = {.field = column->fact,
                        .source = r->settings->fact_source,
                        .collector = codec_check_text_of(r->asker->name),
                        .status = FILE_STATUS_UNVERIFIED,
                        .verified_on = FILE_NO_DAY};
    char *room = arena_take(r->arena, fields_room(cell));
    enum china_refusal detail = CHINA_FINE;

    if (!room)
        return;
    enum fields_refusal refusal = fields_read(fact.field, cell, r->asker->today, room, &detail);

    if (refusal) {
        codec_import_reject(row, column->field,
                            codec_file_why(fact.field, refusal, detail, r->asker->today, r->arena));
        return;
    }
    fact.value = codec_check_text_of(room);
    row->change.facts.list[row->change.facts.count++] = fact;
}

static void read_customer_cell(struct reading *r, struct import_row *row,
                               const struct import_column *column, struct text cell)
{
    struct file_change *change = &row->change;

    switch (column->target) {
    case IMPORT_TARGET_PARTY:
        change->party = file_party_read(cell);
        if (!change->party)
            codec_import_reject(row, column->field,
                                "must be customer, channel, supplier, partner or competitor "
                                "(客户, 渠道, 供应商, 合作伙伴, 竞争对手)");
        return;
    case IMPORT_TARGET_NATURE:
        change->nature = file_nature_read(cell);
        if (!change->nature)
            codec_import_reject(row, column->field, "must be organisation or person (单位, 个人)");
        return;
    case IMPORT_TARGET_REGION:
        change->sets_region = true;
        change->region = cell;
        if (cell.bytes > REGION_MAX_BYTES)
            codec_import_reject(row, column->field,
                                "is too long: give the code of a region, or its name");
        return;
    case IMPORT_TARGET_FACT:
        read_fact(r, row, column, cell);
        return;
    default:
        return;
    }
}

static void read_external_id(struct import_row *row, const struct import_column *column,
                             struct text cell)
{
    row->external_id = cell;
    if (utf8_count(cell) > CUSTOMER_REF_EXTERNAL_MAX)
        codec_import_reject(row, column->field, "is too long: it may have at most 128 characters");
}

static void read_cell(struct reading *r, struct import_row *row, const struct import_column *column,
                      struct text raw)
{
    struct text cell = import_words_read(column, raw);

    if (cell.bytes == 0) {
        if (column->is_required)
            codec_import_reject(row, column->field, "is empty: every row needs it");
        return;
    }
    if (has_hidden(cell))
        codec_import_reject(row, column->field,
                            "holds a control character or a byte order mark: remove it");
    else if (column->target == IMPORT_TARGET_EXTERNAL_ID)
        read_external_id(row, column, cell);
    else if (r->settings->kind == IMPORT_KIND_CUSTOMERS)
        read_customer_cell(r, row, column, cell);
    else
        codec_read_import_person(row, column, cell, r->asker->today, r->arena);
}

/* --- the header --- */

static bool has_column(const struct reading *r, const char *field)
{
    for (size_t i = 0; i < r->column_count; i++)
        if (strcmp(r->columns[i].field, field) == 0)
            return true;
    return false;
}

static void require_columns(const struct reading *r, struct codec_file_faults *faults)
{
    struct import_column column;

    for (size_t i = 0; import_columns_at(r->settings->kind, i, &column); i++)
        if (column.is_required && !has_column(r, column.field))
            codec_file_fault(faults, "columns",
                             arena_print(r->arena, "lack %s, which every row needs", column.field));
}

static void read_columns(struct reading *r, char **names, size_t count,
                         struct codec_file_faults *faults)
{
    for (size_t i = 0; i < count; i++) {
        struct import_column column;
        const char *path = arena_print(r->arena, "columns[%zu]", i);

        if (!import_columns_find(r->settings->kind, codec_check_text_of(names[i]), &column)) {
            codec_file_fault(faults, path, "is no column: DescribeImport lists all");
            continue;
        }
        if (has_column(r, column.field))
            codec_file_fault(
                faults, path,
                arena_print(r->arena, "means %s, which is there already", column.field));
        r->columns[r->column_count++] = column;
    }
    require_columns(r, faults);
}

/* --- all --- */

static bool prepare_facts(struct reading *r, struct import_row *row)
{
    if (r->settings->kind != IMPORT_KIND_CUSTOMERS)
        return true;
    row->change.facts.list =
        arena_take_array(r->arena, r->column_count, sizeof(*row->change.facts.list));
    return row->change.facts.list != NULL;
}

/* Of one external id the first row counts, the same for every size of a batch that holds both. */
static void reject_repeats(struct import_row *rows, size_t count, struct arena *arena)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t k = 0; rows[i].external_id.bytes > 0 && k < i; k++) {
            if (rows[k].external_id.bytes != rows[i].external_id.bytes ||
                memcmp(rows[k].external_id.at, rows[i].external_id.at, rows[i].external_id.bytes) !=
                    0)
                continue;
            codec_import_reject(&rows[i], "external_id",
                                arena_print(arena,
                                            "stands in line %lld already: an id may stand once in "
                                            "a file",
                                            (long long)rows[k].line));
            break;
        }
    }
}

enum status codec_read_import_rows(const struct codec_import_ask *ask,
                                   const struct import_settings *settings,
                                   const struct codec_file_asker *asker, struct arena *arena,
                                   struct import_row **out, struct codec_file_faults *faults)
{
    const Kehu__Customers__V1__ImportRows *message = (const void *)ask->message;
    struct reading r = {.settings = settings, .asker = asker, .arena = arena};
    struct import_row *rows = arena_take_array(arena, ask->count, sizeof(*rows));

    if (!rows)
        return RESOURCE_EXHAUSTED;
    read_columns(&r, message->columns, message->n_columns, faults);
    if (faults->count > 0)
        return arena_is_full(arena) ? RESOURCE_EXHAUSTED : INVALID_ARGUMENT;
    for (size_t i = 0; i < ask->count; i++) {
        rows[i].line = ask->lines[i];
        if (!prepare_facts(&r, &rows[i]))
            return RESOURCE_EXHAUSTED;
        for (size_t k = 0; k < r.column_count; k++)
            read_cell(&r, &rows[i], &r.columns[k],
                      codec_check_text_of(message->rows[i]->values[k]));
    }
    reject_repeats(rows, ask->count, arena);
    *out = rows;
    return arena_is_full(arena) ? RESOURCE_EXHAUSTED : OK;
}
