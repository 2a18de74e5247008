/*
 * Exports on the wire: questions, and rows as texts in the order of their columns.
 */
#include "services/customers/codec/codec_export.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/pure/utf8.h"
#include "common/pure/uuid.h"
#include "common/validate.h"
#include "kehu/customers/v1/exports.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_value.h"
#include "services/customers/domain/import.h"

#define MAX_REGION 200
#define DEFAULT_PAGE 200

_Static_assert((int)EXPORT_KIND_CONTACTS == KEHU__CUSTOMERS__V1__EXPORT_KIND__EXPORT_KIND_CONTACTS,
               "enums have the same numbers on the wire");

static enum status unpack(const ProtobufCMessageDescriptor *descriptor, const uint8_t *payload,
                          size_t bytes, struct arena *arena, ProtobufCMessage **message,
                          struct codec_file_faults *faults)
{
    char field[200] = "", why[300] = "";
    enum status status = validate_unpack(descriptor, arena_allocator(arena), payload, bytes,
                                         message, field, sizeof(field), why, sizeof(why));

    if (status == INVALID_ARGUMENT)
        codec_file_fault(faults, arena_print(arena, "%s", field), arena_print(arena, "%s", why));
    return status;
}

static enum status end(const struct codec_file_faults *faults, const struct arena *arena)
{
    if (arena_is_full(arena))
        return RESOURCE_EXHAUSTED;
    return faults->count > 0 ? INVALID_ARGUMENT : OK;
}

static void read_filter(const Kehu__Customers__V1__StartExport *ask, struct codec_export_start *out,
                        struct codec_file_faults *faults)
{
    struct export_filter *filter = &out->record.filter;
    const char *grade = ask->grade;

    for (size_t i = 0; i < ask->n_party_types; i++)
        if (ask->party_types[i] && filter->party_count < COUNT_OF(filter->parties))
            filter->parties[filter->party_count++] = (enum file_party)ask->party_types[i];
    filter->region = codec_check_text_of(ask->region);
    if (utf8_count(filter->region) > MAX_REGION)
        codec_file_fault(faults, "region", "is too long: it may have at most 200 characters");
    filter->grade = codec_check_text_of(grade);
    if (grade[0] && strcmp(grade, "A") != 0 && strcmp(grade, "B") != 0 && strcmp(grade, "C") != 0 &&
        strcmp(grade, "none") != 0)
        codec_file_fault(faults, "grade", "must be A, B, C or none");
    filter->has_parent = ask->parent_ref[0] != '\0';
    if (filter->has_parent &&
        !customer_question_parse(codec_check_text_of(ask->parent_ref), &out->parent))
        codec_file_fault(faults, "parent_ref", "must be " CUSTOMER_REF_FORMS);
    filter->only_incomplete = ask->only_incomplete;
}

enum status codec_get_start_export(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct codec_export_start *out, struct codec_file_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__start_export__descriptor, payload, bytes,
                                arena, &message, faults);

    if (status)
        return status;
    const Kehu__Customers__V1__StartExport *ask = (const void *)message;

    out->record.filter.kind = (enum export_kind)ask->kind;
    if (!ask->kind)
        codec_file_fault(faults, "kind", "is missing: give CUSTOMERS or CONTACTS");
    read_filter(ask, out, faults);
    out->record.is_unmasked = ask->unmask;
    out->record.reason = codec_check_text_of(ask->reason);
    if (out->record.reason.bytes == 0 || utf8_count(out->record.reason) > EXPORT_MAX_REASON)
        codec_file_fault(faults, "reason", "must say what for, in 1 to 500 characters");
    return end(faults, arena);
}

/* "200:123" or "200:123:<uuid>": rows served, the customer's number, the contact. */
static bool read_token(const char *token, struct export_place *out)
{
    char *rest;

    if (!token[0])
        return true;
    out->served = strtoll(token, &rest, 10);
    if (rest == token || *rest != ':' || out->served < 0)
        return false;
    token = rest + 1;
    out->number = strtoll(token, &rest, 10);
    if (rest == token || out->number < 0)
        return false;
    return *rest == '\0' || (*rest == ':' && uuid_parse(rest + 1, strlen(rest + 1), &out->contact));
}

enum status codec_get_export_rows(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  struct codec_export_page *out, struct codec_file_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__export_rows__descriptor, payload, bytes,
                                arena, &message, faults);

    if (status)
        return status;
    const Kehu__Customers__V1__ExportRows *ask = (const void *)message;

    *out = (struct codec_export_page){.page_size = ask->page_size ? ask->page_size : DEFAULT_PAGE};
    if (!import_number_read(CODEC_EXPORT_PREFIX, codec_check_text_of(ask->export_number),
                            &out->number))
        codec_file_fault(faults, "export_number",
                         "must be the number of an export, such as "
                         "EX000007");
    if (out->page_size > EXPORT_MAX_PAGE)
        codec_file_fault(faults, "page_size", "must be 1 to 500");
    if (!read_token(ask->page_token, &out->after))
        codec_file_fault(faults, "page_token", "is none that this export gave");
    return end(faults, arena);
}

/* --- answers --- */

const ProtobufCMessage *codec_export_started(enum export_kind kind, int64_t number, int64_t rows,
                                             int64_t left, int64_t free_at_us, struct arena *arena)
{
    Kehu__Customers__V1__ExportStarted *out = arena_take(arena, sizeof(*out));
    struct export_column columns[EXPORT_MAX_COLUMNS];
    size_t count = export_columns(kind, columns);
    Kehu__Customers__V1__ExportColumn *room = arena_take_array(arena, count, sizeof(*room));
    char text[IMPORT_NUMBER_BYTES];

    if (!out || !room)
        return NULL;
    kehu__customers__v1__export_started__init(out);
    import_number_print(CODEC_EXPORT_PREFIX, number, text);
    out->export_number = arena_copy_text(arena, text, strlen(text));
    out->rows = (uint64_t)rows;
    out->rows_left = (uint64_t)left;
    out->free_at = codec_value_time(free_at_us, arena);
    out->columns = arena_take_array(arena, count, sizeof(*out->columns));
    for (size_t i = 0; out->columns && i < count; i++) {
        kehu__customers__v1__export_column__init(&room[i]);
        room[i].field = (char *)columns[i].field;
        room[i].english = (char *)columns[i].english;
        room[i].chinese = (char *)columns[i].chinese;
        out->columns[out->n_columns++] = &room[i];
    }
    return arena_is_full(arena) ? NULL : &out->base;
}

static char *masked(const char *kind, struct text value, bool is_unmasked, struct arena *arena)
{
    char out[CONTACT_VALUE_BYTES];

    if (is_unmasked || value.bytes == 0)
        return codec_value_text(value, arena);
    contact_mask(kind, arena_copy_text(arena, value.at, value.bytes) ?: "", out);
    return arena_copy_text(arena, out, strlen(out));
}

/* Its first eight columns; the rest are facts. */
static char *customer_cell(const struct codec_export_row *row, const char *field, bool is_unmasked,
                           struct arena *arena)
{
    const struct export_row *of = row->row;

    if (strcmp(field, "number") == 0)
        return codec_value_number(of->number, arena);
    if (strcmp(field, "external_id") == 0)
        return codec_value_text(of->ref, arena);
    if (strcmp(field, "party_type") == 0)
        return (char *)file_party_name(of->party);
    if (strcmp(field, "nature") == 0)
        return (char *)file_nature_name(of->nature);
    if (strcmp(field, "region") == 0)
        return codec_value_text(of->region, arena);
    if (strcmp(field, "counted_region") == 0)
        return codec_value_text(of->counted_region, arena);
    if (strcmp(field, "grade") == 0)
        return codec_value_text(of->grade, arena);
    if (strcmp(field, "registered_on") == 0)
        return codec_value_day(of->registered_on, arena);
    const struct field *known = fields_find((struct text){field, strlen(field)});
    const struct fact *fact = known ? file_find_fact(&row->facts, known) : NULL;

    if (!fact)
        return strcmp(field, "name") == 0 ? codec_value_text(of->name, arena) : "";
    if (known->type == FIELDS_TYPE_PHONE)
        return masked("phone", fact->value, is_unmasked, arena);
    if (known->type == FIELDS_TYPE_EMAIL)
        return masked("email", fact->value, is_unmasked, arena);
    return codec_value_text(fact->value, arena);
}

static char *contact_cell(const struct codec_export_row *row, const char *field,
                          struct arena *arena)
{
    const struct contact *contact = row->contact;

    if (strcmp(field, "customer") == 0)
        return codec_value_number(row->row->number, arena);
    if (strcmp(field, "customer_name") == 0)
        return codec_value_text(row->row->name, arena);
    if (strcmp(field, "role") == 0)
        return codec_value_text(row->row->role, arena);
    if (!contact)
        return "";
    if (strcmp(field, "is_key") == 0)
        return contact->is_key ? "yes" : "no";
    for (int i = 0; i < CONTACT_FIELDS; i++)
        if (strcmp(contact_field_names[i], field) == 0)
            return codec_value_text(contact->fields[i], arena);
    for (size_t i = 0; i < contact->channel_count; i++)
        if (strcmp(contact->channels[i].kind, field) == 0)
            return codec_value_text(contact->channels[i].value, arena);
    return "";
}

static bool put_row(Kehu__Customers__V1__ExportedRow *out, const struct export_record *record,
                    const struct codec_export_row *row, const struct export_column *columns,
                    size_t count, struct arena *arena)
{
    kehu__customers__v1__exported_row__init(out);
    out->values = arena_take_array(arena, count, sizeof(*out->values));
    for (size_t i = 0; out->values && i < count; i++) {
        char *cell = record->filter.kind == EXPORT_KIND_CONTACTS
                         ? contact_cell(row, columns[i].field, arena)
                         : customer_cell(row, columns[i].field, record->is_unmasked, arena);

        if (!cell)
            return false;
        out->values[out->n_values++] = cell;
    }
    return out->values != NULL;
}

static char *print_token(const struct export_record *record, const struct export_place *next,
                         struct arena *arena)
{
    char id[UUID_TEXT_BYTES];

    if (!next)
        return "";
    if (record->filter.kind != EXPORT_KIND_CONTACTS)
        return arena_print(arena, "%" PRId64 ":%" PRId64, next->served, next->number);
    uuid_print(&next->contact, id);
    return arena_print(arena, "%" PRId64 ":%" PRId64 ":%s", next->served, next->number, id);
}

const ProtobufCMessage *codec_exported_rows(const struct export_record *record,
                                            const struct codec_export_row *rows, size_t count,
                                            const struct export_place *next, struct arena *arena)
{
    Kehu__Customers__V1__ExportedRows *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__ExportedRow *room = arena_take_array(arena, count, sizeof(*room));
    struct export_column columns[EXPORT_MAX_COLUMNS];
    size_t column_count = export_columns(record->filter.kind, columns);

    if (!out || !room)
        return NULL;
    kehu__customers__v1__exported_rows__init(out);
    out->rows = arena_take_array(arena, count, sizeof(*out->rows));
    for (size_t i = 0; out->rows && i < count; i++) {
        if (!put_row(&room[i], record, &rows[i], columns, column_count, arena))
            return NULL;
        out->rows[out->n_rows++] = &room[i];
    }
    out->next_page_token = print_token(record, next, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}
