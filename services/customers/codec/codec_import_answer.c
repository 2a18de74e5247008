/*
 * Answers about imports.
 */
#include <stdio.h>
#include <string.h>

#include "kehu/customers/v1/events.pb-c.h"
#include "kehu/customers/v1/imports.pb-c.h"
#include "services/customers/codec/codec_import.h"
#include "services/customers/codec/codec_value.h"

#define MAX_KNOWN 64 /* columns of a kind */

static char *number_text(const char *prefix, int64_t number, struct arena *arena)
{
    char text[IMPORT_NUMBER_BYTES];

    import_number_print(prefix, number, text);
    return arena_copy_text(arena, text, strlen(text));
}

static char *customer_text(int64_t number, struct arena *arena)
{
    return number > 0 ? codec_value_number(number, arena) : "";
}

/* --- what columns mean --- */

static void add_name(struct text name, char ***list, size_t *count, struct arena *arena)
{
    if (name.bytes > 0)
        (*list)[(*count)++] = codec_value_text(name, arena);
}

static void put_names(const struct import_column *column, Kehu__Customers__V1__ImportColumn *out,
                      struct arena *arena)
{
    const char *rest = column->names;
    size_t most = 4;

    for (const char *c = rest; *c; c++)
        most += *c == '|';
    out->names = arena_take_array(arena, most, sizeof(*out->names));
    if (!out->names)
        return;
    if (column->fact) {
        add_name((struct text){column->fact->english, strlen(column->fact->english)}, &out->names,
                 &out->n_names, arena);
        add_name((struct text){column->fact->chinese, strlen(column->fact->chinese)}, &out->names,
                 &out->n_names, arena);
    }
    while (*rest) {
        size_t bytes = strcspn(rest, "|");

        add_name((struct text){rest, bytes}, &out->names, &out->n_names, arena);
        rest += bytes + (rest[bytes] == '|');
    }
}

static const char *rule_of(enum import_kind kind, const struct import_column *column, int32_t today,
                           struct arena *arena)
{
    switch (column->target) {
    case IMPORT_TARGET_EXTERNAL_ID:
        return "must have 1 to 128 characters, once in a file";
    case IMPORT_TARGET_PARTY:
        return "must be customer, channel, supplier, partner or competitor";
    case IMPORT_TARGET_NATURE:
        return "must be organisation or person";
    case IMPORT_TARGET_REGION:
        return "must be the code of a region, or its name";
    case IMPORT_TARGET_FACT:
        return codec_file_rule(column->fact, today, arena);
    default:
        return kind == IMPORT_KIND_CONTACTS ? codec_import_person_rule(column->target) : "";
    }
}

static void put_column(Kehu__Customers__V1__ImportColumn *out, enum import_kind kind,
                       const struct import_column *column, int32_t today, struct arena *arena)
{
    out->field = (char *)column->field;
    out->required = column->is_required;
    out->rule = (char *)rule_of(kind, column, today, arena);
    if (!out->rule)
        out->rule = "";
    put_names(column, out, arena);
}

static Kehu__Customers__V1__ImportColumn **columns_new(size_t count, struct arena *arena)
{
    Kehu__Customers__V1__ImportColumn **list = arena_take_array(arena, count, sizeof(*list));
    Kehu__Customers__V1__ImportColumn *room = arena_take_array(arena, count, sizeof(*room));

    for (size_t i = 0; list && room && i < count; i++) {
        kehu__customers__v1__import_column__init(&room[i]);
        list[i] = &room[i];
    }
    return room ? list : NULL;
}

const ProtobufCMessage *codec_import_description(enum import_kind kind, const struct text *names,
                                                 size_t count, int32_t today, struct arena *arena)
{
    Kehu__Customers__V1__ImportDescription *out = arena_take(arena, sizeof(*out));
    struct import_column column;

    if (!out)
        return NULL;
    kehu__customers__v1__import_description__init(out);
    out->columns = columns_new(count, arena);
    out->fields = columns_new(MAX_KNOWN, arena);
    if (!out->columns || !out->fields)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        out->columns[i]->name = codec_value_text(names[i], arena);
        if (import_columns_find(kind, names[i], &column))
            put_column(out->columns[i], kind, &column, today, arena);
    }
    out->n_columns = count;
    for (size_t i = 0; i < MAX_KNOWN && import_columns_at(kind, i, &column); i++)
        put_column(out->fields[out->n_fields++], kind, &column, today, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}

/* --- an import --- */

const ProtobufCMessage *codec_import_started(int64_t number, bool is_resumed, int64_t rows,
                                             struct arena *arena)
{
    Kehu__Customers__V1__ImportStarted *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__import_started__init(out);
    out->import_number = number_text(CODEC_IMPORT_PREFIX, number, arena);
    out->resumed = is_resumed;
    out->rows = (uint64_t)rows;
    return out->import_number ? &out->base : NULL;
}

static Kehu__Customers__V1__ImportSettings *settings_of(const struct import_settings *settings,
                                                        struct arena *arena)
{
    Kehu__Customers__V1__ImportSettings *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__import_settings__init(out);
    out->kind = (Kehu__Customers__V1__ImportKind)settings->kind;
    out->source = codec_value_text(settings->source, arena);
    out->known = (Kehu__Customers__V1__ImportKnown)settings->known;
    out->fact_source = (Kehu__Customers__V1__FactSource)settings->fact_source;
    return out;
}

static void put_record(Kehu__Customers__V1__Import *out, const struct import_record *record,
                       const struct zone *zone, struct arena *arena)
{
    out->import_number = number_text(CODEC_IMPORT_PREFIX, record->number, arena);
    out->settings = settings_of(&record->settings, arena);
    out->file_name = codec_value_text(record->file_name, arena);
    out->state = (Kehu__Customers__V1__ImportState)record->state;
    out->by = codec_value_text(record->by, arena);
    out->started_at = codec_value_time(record->started_at_us, arena);
    out->finished_at = codec_value_time_or_absent(record->finished_at_us, arena);
    out->accepted = (uint64_t)record->accepted;
    out->updated = (uint64_t)record->updated;
    out->unchanged = (uint64_t)record->unchanged;
    out->rejected = (uint64_t)record->rejected;
    out->lines = (uint64_t)record->lines;
    out->broken_lines = (uint64_t)record->broken_lines;
    out->undone_by = codec_value_text(record->undone_by, arena);
    out->undone_at = codec_value_time_or_absent(record->undone_at_us, arena);
    out->removed = (uint64_t)record->removed;
    out->restored = (uint64_t)record->restored;
    out->kept = (uint64_t)record->kept;
    out->undo_until =
        codec_value_day(zone_day(zone, record->started_at_us) + IMPORT_UNDO_DAYS, arena);
}

const ProtobufCMessage *codec_import(const struct import_record *record, const struct zone *zone,
                                     struct arena *arena)
{
    Kehu__Customers__V1__Import *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__import__init(out);
    put_record(out, record, zone, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_import_list(const struct import_record *list, size_t count,
                                          const char *next_page_token, const struct zone *zone,
                                          struct arena *arena)
{
    Kehu__Customers__V1__ImportList *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__Import *room = arena_take_array(arena, count, sizeof(*room));

    if (!out || !room)
        return NULL;
    kehu__customers__v1__import_list__init(out);
    out->imports = arena_take_array(arena, count, sizeof(*out->imports));
    for (size_t i = 0; out->imports && i < count; i++) {
        kehu__customers__v1__import__init(&room[i]);
        put_record(&room[i], &list[i], zone, arena);
        out->imports[out->n_imports++] = &room[i];
    }
    out->next_page_token = arena_copy_text(arena, next_page_token, strlen(next_page_token));
    return arena_is_full(arena) ? NULL : &out->base;
}

/* --- rows --- */

static void put_faults(Kehu__Customers__V1__RowImported *out, const struct import_row *row,
                       struct arena *arena)
{
    Kehu__Customers__V1__ImportFault *room =
        arena_take_array(arena, row->fault_count, sizeof(*room));

    out->faults = arena_take_array(arena, row->fault_count, sizeof(*out->faults));
    for (size_t i = 0; room && out->faults && i < row->fault_count; i++) {
        kehu__customers__v1__import_fault__init(&room[i]);
        room[i].column = (char *)row->faults[i].column;
        room[i].why = (char *)row->faults[i].why;
        out->faults[out->n_faults++] = &room[i];
    }
}

const ProtobufCMessage *codec_rows_imported(const struct import_row *rows, size_t count,
                                            struct arena *arena)
{
    Kehu__Customers__V1__RowsImported *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__RowImported *room = arena_take_array(arena, count, sizeof(*room));

    if (!out || !room)
        return NULL;
    kehu__customers__v1__rows_imported__init(out);
    out->rows = arena_take_array(arena, count, sizeof(*out->rows));
    for (size_t i = 0; out->rows && i < count; i++) {
        kehu__customers__v1__row_imported__init(&room[i]);
        room[i].line = (uint64_t)rows[i].line;
        room[i].outcome = (Kehu__Customers__V1__ImportOutcome)rows[i].outcome;
        /* Of a rejected row it may be a customer whom the asker must not know by his number. */
        if (rows[i].outcome != IMPORT_OUTCOME_REJECTED)
            room[i].number = customer_text(rows[i].number, arena);
        if (rows[i].fault_count > 0)
            put_faults(&room[i], &rows[i], arena);
        out->rows[out->n_rows++] = &room[i];
    }
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_import_row_list(const struct import_line *list, size_t count,
                                              const char *next_page_token, struct arena *arena)
{
    Kehu__Customers__V1__ImportRowList *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__ImportRowState *room = arena_take_array(arena, count, sizeof(*room));

    if (!out || !room)
        return NULL;
    kehu__customers__v1__import_row_list__init(out);
    out->rows = arena_take_array(arena, count, sizeof(*out->rows));
    for (size_t i = 0; out->rows && i < count; i++) {
        kehu__customers__v1__import_row_state__init(&room[i]);
        room[i].line = (uint64_t)list[i].line;
        room[i].outcome = (Kehu__Customers__V1__ImportOutcome)list[i].outcome;
        room[i].number = customer_text(list[i].customer_number, arena);
        room[i].undo = codec_value_text(list[i].undo, arena);
        room[i].kept_because = codec_value_text(list[i].kept_because, arena);
        out->rows[out->n_rows++] = &room[i];
    }
    out->next_page_token = arena_copy_text(arena, next_page_token, strlen(next_page_token));
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_import_undone(int64_t number, int64_t remaining, int64_t removed,
                                            int64_t restored, int64_t kept, struct arena *arena)
{
    Kehu__Customers__V1__ImportUndone *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__import_undone__init(out);
    out->import_number = number_text(CODEC_IMPORT_PREFIX, number, arena);
    out->remaining = (uint64_t)remaining;
    out->removed = (uint64_t)removed;
    out->restored = (uint64_t)restored;
    out->kept = (uint64_t)kept;
    return out->import_number ? &out->base : NULL;
}

const ProtobufCMessage *codec_customer_imported(const struct id *customer,
                                                const char *const *changed, size_t count,
                                                int64_t file_version, struct arena *arena)
{
    Kehu__Customers__V1__CustomerChanged *out = arena_take(arena, sizeof(*out));
    char **names = arena_take_array(arena, count, sizeof(*names));

    if (!out || !names)
        return NULL;
    kehu__customers__v1__customer_changed__init(out);
    for (size_t i = 0; i < count; i++)
        names[i] = (char *)changed[i];
    out->customer_id = codec_value_id(customer, arena);
    out->fields = names;
    out->n_fields = count;
    out->file_version = (uint64_t)file_version;
    out->historic = true;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_contact_imported(const struct id *contact, const struct id *customer,
                                               const char *const *changed, size_t count,
                                               int64_t version, struct arena *arena)
{
    Kehu__Customers__V1__ContactChanged *out = arena_take(arena, sizeof(*out));
    char **customers = arena_take_array(arena, 1, sizeof(*customers));

    if (!out || !customers)
        return NULL;
    kehu__customers__v1__contact_changed__init(out);
    customers[0] = codec_value_id(customer, arena);
    out->contact_id = codec_value_id(contact, arena);
    out->customer_ids = customers;
    out->n_customer_ids = 1;
    out->fields = (char **)changed;
    out->n_fields = count;
    out->version = (uint64_t)version;
    out->historic = true;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_customer_removed(const struct id *customer, const char *import_number,
                                               struct arena *arena)
{
    Kehu__Customers__V1__CustomerRemoved *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__customer_removed__init(out);
    out->customer_id = codec_value_id(customer, arena);
    out->import_number = arena_copy_text(arena, import_number, strlen(import_number));
    return arena_is_full(arena) ? NULL : &out->base;
}
