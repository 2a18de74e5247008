/*
 * The columns are found by their names; each line's values are checked and kept in an arena.
 */
#include "clients/kehuctl/import_cfpb.h"

#include "clients/kehuctl/import_columns.h"
#include "clients/kehuctl/import_csv.h"
#include "clients/kehuctl/import_value.h"
#include "common/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ARENA_BYTES ((size_t)4 << 30)

enum {
    TEXT_BYTES = 128 * 1024, /* a field in UTF-8 */
};

enum {
    ID,
    DATE,
    PRODUCT,
    ISSUE,
    VIA,
    STATE,
    SUB_ISSUE,
    RESPONSE,
    TIMELY,
    DISPUTED,
    COLUMNS,
};

/* The limits are those of kehu.complaints.v1. */
static const struct import_column_rule rules[COLUMNS] = {
    [ID] = {{"Complaint ID", NULL}, 120, false, true, false, false},
    [DATE] = {{"Date submitted", NULL}, 64, false, true, false, false},
    [PRODUCT] = {{"Product", NULL}, 200, false, true, true, false},
    [ISSUE] = {{"Issue", NULL}, 200, false, true, true, false},
    [VIA] = {{"Submitted via", NULL}, 64, true, true, true, true},
    [STATE] = {{"State", NULL}, 100, true, true, true, true},
    [SUB_ISSUE] = {{"Sub-issue", NULL}, 2000, true, true, true, true},
    [RESPONSE] = {{"Company response to consumer", NULL}, 200, true, true, true, true},
    [TIMELY] = {{"Timely response?", NULL}, 64, true, true, true, true},
    [DISPUTED] = {{"Consumer disputed?", NULL}, 64, true, true, true, true},
};

struct row {
    struct row *next;
    struct import_complaint value;
};

struct import_cfpb {
    struct import_cfpb_options options;
    struct import_converter *converter;
    struct arena *arena;
    struct import_columns columns;
    struct row *rows, *last, *given;
    size_t count;
    uint64_t bad_lines, cleaned;
    char *why; /* of import_cfpb_read */
    size_t why_bytes;
    /* The line being read, in UTF-8. */
    struct text value[COLUMNS];
    char text[COLUMNS][TEXT_BYTES];
};

struct import_cfpb *import_cfpb_new(const struct import_cfpb_options *options)
{
    struct import_cfpb *cfpb = calloc(1, sizeof(*cfpb));

    if (cfpb == NULL)
        return NULL;
    cfpb->options = *options;
    cfpb->columns.rules = rules;
    cfpb->columns.count = COLUMNS;
    cfpb->converter = import_converter_new(options->encoding);
    cfpb->arena = arena_new(ARENA_BYTES);
    if (cfpb->converter == NULL || cfpb->arena == NULL) {
        import_cfpb_free(cfpb);
        return NULL;
    }
    return cfpb;
}

void import_cfpb_free(struct import_cfpb *cfpb)
{
    if (cfpb == NULL)
        return;
    import_converter_free(cfpb->converter);
    arena_free(cfpb->arena);
    free(cfpb);
}

/* --- broken lines --- */

static void take_fault(void *owner, const struct import_csv_fault *fault)
{
    struct import_cfpb *cfpb = owner;

    if (!cfpb->columns.complete) {
        snprintf(cfpb->why, cfpb->why_bytes, "line %llu, column %zu: %s",
                 (unsigned long long)fault->line, fault->column, fault->what);
        return;
    }
    cfpb->bad_lines++;
    cfpb->options.fault(cfpb->options.owner, fault->line, fault->column,
                        import_columns_name(&cfpb->columns, fault->column), fault->what);
}

static bool refuse_value(struct import_cfpb *cfpb, uint64_t line, int column, const char *what)
{
    cfpb->bad_lines++;
    cfpb->options.fault(cfpb->options.owner, line, cfpb->columns.at[column] + 1,
                        cfpb->columns.name[column], what);
    return false;
}

static bool take_header(void *owner, const struct import_csv_record *record)
{
    struct import_cfpb *cfpb = owner;
    struct text names[IMPORT_CSV_COLUMNS];

    for (size_t i = 0; i < record->count; i++) {
        /* The converter's buffer is used again; a name that matters is short. */
        if (!import_converter_read(cfpb->converter, record->fields[i], &names[i]))
            names[i] = TEXT_OF("?");
        else if (names[i].at != record->fields[i].at)
            names[i].at = arena_copy_text(cfpb->arena, names[i].at, names[i].bytes);
        if (names[i].at == NULL)
            return false;
    }
    return import_columns_find(&cfpb->columns, record->line, names, record->count, cfpb->why,
                               cfpb->why_bytes);
}

/* --- a line --- */

/* The field in UTF-8, in a place of its own. */
static bool convert_value(struct import_cfpb *cfpb, const struct import_csv_record *record,
                          int column)
{
    struct text value;
    char what[128];

    if (!import_converter_read(cfpb->converter, record->fields[cfpb->columns.at[column]], &value)) {
        snprintf(what, sizeof(what), "these bytes are no text in %s; save the file in one encoding",
                 import_encoding_name(cfpb->options.encoding));
        return refuse_value(cfpb, record->line, column, what);
    }
    memcpy(cfpb->text[column], value.at, value.bytes);
    cfpb->value[column] = (struct text){cfpb->text[column], value.bytes};
    return true;
}

static bool read_value(struct import_cfpb *cfpb, const struct import_csv_record *record, int column)
{
    const struct import_column_rule *rule = &rules[column];
    struct text *value = &cfpb->value[column];
    char what[128];

    *value = TEXT_OF("");
    if (cfpb->columns.name[column] == NULL)
        return true; /* a column that the file lacks */
    if (!convert_value(cfpb, record, column))
        return false;
    if (import_value_has_control(*value)) {
        if (!rule->is_free_text)
            return refuse_value(cfpb, record->line, column, "a control character stands in it");
        import_value_clean(cfpb->text[column], &value->bytes);
        cfpb->cleaned++;
    }
    *value = import_value_trim(*value);
    if (value->bytes == 0 && !rule->may_be_empty)
        return refuse_value(cfpb, record->line, column, "is empty; every line needs one");
    if (import_value_characters(*value) <= rule->limit)
        return true;
    snprintf(what, sizeof(what), "is %zu characters long; at most %zu may be",
             import_value_characters(*value), rule->limit);
    return refuse_value(cfpb, record->line, column, what);
}

/* Referrals come from other authorities; letters and faxes have no channel of their own. */
static enum import_channel channel_of(struct text via)
{
    static const struct {
        const char *name;
        enum import_channel channel;
    } channels[] = {
        {"Web", IMPORT_CHANNEL_ONLINE},
        {"Phone", IMPORT_CHANNEL_PHONE},
        {"Email", IMPORT_CHANNEL_EMAIL},
        {"Referral", IMPORT_CHANNEL_REGULATOR},
        {"Web Referral", IMPORT_CHANNEL_REGULATOR},
    };

    for (size_t i = 0; i < COUNT_OF(channels); i++)
        if (strlen(channels[i].name) == via.bytes &&
            strncasecmp(channels[i].name, via.at, via.bytes) == 0)
            return channels[i].channel;
    return IMPORT_CHANNEL_OTHER;
}

static bool begins_with(struct text text, const char *beginning)
{
    size_t bytes = strlen(beginning);

    return text.bytes >= bytes && memcmp(text.at, beginning, bytes) == 0;
}

static const char *keep(struct import_cfpb *cfpb, int column)
{
    return arena_copy_text(cfpb->arena, cfpb->value[column].at, cfpb->value[column].bytes);
}

static void add_row(struct import_cfpb *cfpb, int64_t at_us)
{
    const struct text *value = cfpb->value;
    struct row *row = arena_take(cfpb->arena, sizeof(*row));

    if (row == NULL)
        return; /* import_cfpb_read sees that the arena is full */
    row->value = (struct import_complaint){
        .id = keep(cfpb, ID),
        .external_ref = arena_print(cfpb->arena, "cfpb:%.*s", (int)value[ID].bytes, value[ID].at),
        .content =
            value[SUB_ISSUE].bytes == 0
                ? keep(cfpb, ISSUE)
                : arena_print(cfpb->arena, "%.*s › %.*s", (int)value[ISSUE].bytes, value[ISSUE].at,
                              (int)value[SUB_ISSUE].bytes, value[SUB_ISSUE].at),
        .issue = keep(cfpb, ISSUE),
        .product = keep(cfpb, PRODUCT),
        .region = keep(cfpb, STATE),
        .channel = channel_of(value[VIA]),
        .submitted_at_us = at_us,
        .response = keep(cfpb, RESPONSE),
        .is_closed = begins_with(value[RESPONSE], "Closed"),
        .is_timely = begins_with(value[TIMELY], "Yes"),
        .is_disputed = begins_with(value[DISPUTED], "Yes"),
    };
    if (cfpb->last == NULL)
        cfpb->rows = row;
    else
        cfpb->last->next = row;
    cfpb->last = row;
    cfpb->count++;
}

static void take_record(void *owner, const struct import_csv_record *record)
{
    struct import_cfpb *cfpb = owner;
    struct text date;
    char what[256];
    int64_t at_us;

    if (arena_is_full(cfpb->arena))
        return;
    for (int i = 0; i < COLUMNS; i++)
        if (!read_value(cfpb, record, i))
            return;
    date = cfpb->value[DATE];
    if (!import_value_moment(date, cfpb->options.zone, &at_us)) {
        snprintf(what, sizeof(what), "\"%.*s\" is no day; write YYYY-MM-DD, such as 2021-10-24",
                 (int)date.bytes, date.at);
        refuse_value(cfpb, record->line, DATE, what);
        return;
    }
    add_row(cfpb, at_us);
}

bool import_cfpb_read(struct import_cfpb *cfpb, const char *bytes, size_t count, char *why,
                      size_t why_bytes)
{
    struct import_csv_reader reader = {take_header, take_record, take_fault, cfpb};

    cfpb->why = why;
    cfpb->why_bytes = why_bytes;
    snprintf(why, why_bytes, "there is no line in it");
    if (!import_csv_read(bytes, count, &reader))
        return false;
    if (arena_is_full(cfpb->arena)) {
        snprintf(why, why_bytes, "memory is out after %zu complaints", cfpb->count);
        return false;
    }
    return true;
}

/* --- what was read --- */

size_t import_cfpb_complaints(const struct import_cfpb *cfpb)
{
    return cfpb->count;
}

uint64_t import_cfpb_bad_lines(const struct import_cfpb *cfpb)
{
    return cfpb->bad_lines;
}

uint64_t import_cfpb_cleaned(const struct import_cfpb *cfpb)
{
    return cfpb->cleaned;
}

const char *import_cfpb_ignored(const struct import_cfpb *cfpb)
{
    return cfpb->columns.ignored;
}

bool import_cfpb_next(struct import_cfpb *cfpb, struct import_complaint *complaint)
{
    struct row *next = cfpb->given != NULL ? cfpb->given->next : cfpb->rows;

    if (next == NULL)
        return false;
    cfpb->given = next;
    *complaint = next->value;
    return true;
}
