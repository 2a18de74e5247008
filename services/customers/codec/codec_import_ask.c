/*
 * Questions about imports, each looked through whole.
 */
#include <string.h>

#include "common/pure/utf8.h"
#include "common/validate.h"
#include "kehu/customers/v1/imports.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_import.h"

_Static_assert(
    (int)IMPORT_KIND_CONTACTS == KEHU__CUSTOMERS__V1__IMPORT_KIND__IMPORT_KIND_CONTACTS &&
        (int)IMPORT_KNOWN_UPDATE == KEHU__CUSTOMERS__V1__IMPORT_KNOWN__IMPORT_KNOWN_UPDATE &&
        (int)IMPORT_OUTCOME_REJECTED ==
            KEHU__CUSTOMERS__V1__IMPORT_OUTCOME__IMPORT_OUTCOME_REJECTED &&
        (int)IMPORT_STATE_UNDONE == KEHU__CUSTOMERS__V1__IMPORT_STATE__IMPORT_STATE_UNDONE,
    "enums have the same numbers on the wire");

#define HASH_BYTES 64
#define DEFAULT_PAGE 50
#define DEFAULT_ROWS 100
#define MAX_PAGE 500

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

static void read_number(const char *text, int64_t *number, struct codec_file_faults *faults)
{
    if (!import_number_read(CODEC_IMPORT_PREFIX, codec_check_text_of(text), number))
        codec_file_fault(faults, "import_number",
                         text[0] ? "is no number of an import: give one such as IM000012"
                                 : "is missing: give the number of the import, such as IM000012");
}

static enum import_kind read_kind(int kind, const char *field, struct codec_file_faults *faults)
{
    if (kind == IMPORT_KIND_NONE)
        codec_file_fault(faults, field, "is missing: give CUSTOMERS or CONTACTS");
    return (enum import_kind)kind;
}

enum status codec_get_describe_import(const uint8_t *payload, size_t bytes, struct arena *arena,
                                      enum import_kind *kind, struct text **names, size_t *count,
                                      struct codec_file_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__describe_import__descriptor, payload, bytes,
                                arena, &message, faults);

    if (status)
        return status;
    const Kehu__Customers__V1__DescribeImport *ask = (const void *)message;

    *kind = read_kind((int)ask->kind, "kind", faults);
    if (ask->n_columns > IMPORT_MAX_NAMES)
        codec_file_fault(faults, "columns", "are too many: at most 512");
    *names = arena_take_array(arena, ask->n_columns, sizeof(**names));
    *count = ask->n_columns;
    for (size_t i = 0; *names && i < ask->n_columns; i++)
        (*names)[i] = codec_check_text_of(ask->columns[i]);
    return end(faults, arena);
}

/* --- settings --- */

static void read_settings(const Kehu__Customers__V1__ImportSettings *from,
                          struct import_settings *out, struct codec_file_faults *faults)
{
    if (!from) {
        codec_file_fault(faults, "settings", "are missing: at least kind and source are needed");
        return;
    }
    out->kind = read_kind((int)from->kind, "settings.kind", faults);
    out->known = from->known ? (enum import_known)from->known : IMPORT_KNOWN_KEEP;
    out->fact_source = (enum file_source)from->fact_source;
    out->source = codec_check_text_of(from->source);
    if (out->source.bytes == 0 || utf8_count(out->source) > CUSTOMER_REF_SOURCE_MAX ||
        memchr(out->source.at, ':', out->source.bytes))
        codec_file_fault(faults, "settings.source",
                         "must name the system the rows come from, in 1 to 64 characters without "
                         "a colon");
}

static bool is_hash(const char *text)
{
    return strlen(text) == HASH_BYTES && strspn(text, "0123456789abcdef") == HASH_BYTES;
}

enum status codec_get_start_import(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct import_record *out, struct codec_file_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__start_import__descriptor, payload, bytes,
                                arena, &message, faults);

    if (status)
        return status;
    const Kehu__Customers__V1__StartImport *ask = (const void *)message;

    *out = (struct import_record){.found = false};
    read_settings(ask->settings, &out->settings, faults);
    out->file_name = codec_check_text_of(ask->file_name);
    out->file_hash = codec_check_text_of(ask->file_hash);
    if (utf8_count(out->file_name) > IMPORT_MAX_NAME)
        codec_file_fault(faults, "file_name", "is too long: it may have at most 200 characters");
    if (!is_hash(ask->file_hash))
        codec_file_fault(faults, "file_hash",
                         "must be SHA-256 of the file as 64 digits of 0-9 and a-f");
    return end(faults, arena);
}

/* --- rows --- */

/* Lines rise: so none is there twice. */
static void read_lines(const Kehu__Customers__V1__ImportRows *ask, struct codec_import_ask *out,
                       struct arena *arena, struct codec_file_faults *faults)
{
    uint64_t last = 0;

    for (size_t i = 0; i < ask->n_rows; i++) {
        const Kehu__Customers__V1__ImportRow *row = ask->rows[i];

        if (row->line <= last || row->line > INT64_MAX) {
            codec_file_fault(faults, arena_print(arena, "rows[%zu].line", i),
                             "must be greater than the line before: lines count from 1");
            return;
        }
        if (row->n_values != ask->n_columns) {
            codec_file_fault(
                faults, arena_print(arena, "rows[%zu].values", i),
                arena_print(arena, "are %zu where columns are %zu", row->n_values, ask->n_columns));
            return;
        }
        last = row->line;
        out->lines[i] = (int64_t)row->line;
    }
}

enum status codec_get_import_rows(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  struct codec_import_ask *out, struct codec_file_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__import_rows__descriptor, payload, bytes,
                                arena, &message, faults);

    if (status)
        return status;
    const Kehu__Customers__V1__ImportRows *ask = (const void *)message;

    *out =
        (struct codec_import_ask){.is_dry = ask->dry_run, .message = message, .count = ask->n_rows};
    if (ask->dry_run)
        read_settings(ask->settings, &out->settings, faults);
    else
        read_number(ask->import_number, &out->number, faults);
    if (ask->n_rows == 0 || ask->n_rows > IMPORT_MAX_ROWS)
        codec_file_fault(faults, "rows", "must be 1 to 500 in one request");
    if (ask->n_columns == 0 || ask->n_columns > IMPORT_MAX_COLUMNS)
        codec_file_fault(faults, "columns", "must be 1 to 40");
    out->lines = arena_take_array(arena, ask->n_rows, sizeof(*out->lines));
    if (out->lines && faults->count == 0)
        read_lines(ask, out, arena, faults);
    return end(faults, arena);
}

/* --- the others --- */

enum status codec_get_finish_import(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct codec_import_finish *out,
                                    struct codec_file_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__finish_import__descriptor, payload, bytes,
                                arena, &message, faults);

    if (status)
        return status;
    const Kehu__Customers__V1__FinishImport *ask = (const void *)message;

    read_number(ask->import_number, &out->number, faults);
    if (ask->lines > INT32_MAX || ask->broken_lines > ask->lines)
        codec_file_fault(faults, "lines", "must be those of the file, the broken ones among them");
    out->lines = (int64_t)ask->lines;
    out->broken_lines = (int64_t)ask->broken_lines;
    return end(faults, arena);
}

enum status codec_get_get_import(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 int64_t *number, struct codec_file_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__get_import__descriptor, payload, bytes, arena,
                                &message, faults);

    if (status)
        return status;
    read_number(((const Kehu__Customers__V1__GetImport *)(const void *)message)->import_number,
                number, faults);
    return end(faults, arena);
}

static uint32_t read_page_size(uint32_t given, uint32_t standard, struct codec_file_faults *faults)
{
    if (given > MAX_PAGE)
        codec_file_fault(faults, "page_size", "must be 1 to 500");
    return given ? given : standard;
}

enum status codec_get_list_imports(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct codec_import_list *out, struct codec_file_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__list_imports__descriptor, payload, bytes,
                                arena, &message, faults);

    if (status)
        return status;
    const Kehu__Customers__V1__ListImports *ask = (const void *)message;

    *out = (struct codec_import_list){.kind = (enum import_kind)ask->kind};
    out->page_size = read_page_size(ask->page_size, DEFAULT_PAGE, faults);
    if (ask->page_token[0] &&
        !import_number_read(CODEC_IMPORT_PREFIX, codec_check_text_of(ask->page_token),
                            &out->before))
        codec_file_fault(faults, "page_token", "is none that this list gave");
    return end(faults, arena);
}

/* A line's number, as page tokens are. */
static bool read_line(const char *text, int64_t *out)
{
    int64_t value = 0;

    if (strlen(text) > 18 || strspn(text, "0123456789") != strlen(text))
        return false;
    for (const char *c = text; *c; c++)
        value = value * 10 + (*c - '0');
    *out = value;
    return true;
}

enum status codec_get_list_import_rows(const uint8_t *payload, size_t bytes, struct arena *arena,
                                       struct codec_import_line_list *out,
                                       struct codec_file_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__list_import_rows__descriptor, payload, bytes,
                                arena, &message, faults);

    if (status)
        return status;
    const Kehu__Customers__V1__ListImportRows *ask = (const void *)message;

    *out = (struct codec_import_line_list){.only_kept = ask->only_kept};
    read_number(ask->import_number, &out->number, faults);
    for (size_t i = 0; i < ask->n_outcomes; i++)
        out->outcomes |= 1U << ask->outcomes[i];
    out->page_size = read_page_size(ask->page_size, DEFAULT_ROWS, faults);
    if (!read_line(ask->page_token, &out->after))
        codec_file_fault(faults, "page_token", "is none that this list gave");
    return end(faults, arena);
}

enum status codec_get_undo_import(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  int64_t *number, struct text *reason,
                                  struct codec_file_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__undo_import__descriptor, payload, bytes,
                                arena, &message, faults);

    if (status)
        return status;
    const Kehu__Customers__V1__UndoImport *ask = (const void *)message;

    read_number(ask->import_number, number, faults);
    *reason = codec_check_text_of(ask->reason);
    if (reason->bytes == 0 || utf8_count(*reason) > IMPORT_MAX_REASON)
        codec_file_fault(faults, "reason", "must say why, in 1 to 500 characters");
    return end(faults, arena);
}
