#include "services/customers/codec/codec_audit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/validate.h"
#include "kehu/customers/v1/audit.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_value.h"

#define DEFAULT_PAGE 100
#define MAX_TEXT 200
#define MAX_SECONDS INT64_C(253402300799) /* the end of the year 9999 */

/* "1790000000000000.1042"; false: it is none. */
static bool read_token(const char *token, struct audit_question *out)
{
    int end = 0;

    if (token[0] == '\0')
        return true;
    out->has_after = true;
    return strspn(token, "0123456789.") == strlen(token) && strlen(token) <= 38 &&
           sscanf(token, "%19" SCNd64 ".%18" SCNd64 "%n", &out->after_at_us, &out->after_position,
                  &end) == 2 &&
           (size_t)end == strlen(token);
}

/* 0 where the moment is absent; false: no moment since 1970. */
static bool read_time(const Google__Protobuf__Timestamp *time, int64_t *at_us)
{
    if (!time)
        return true;
    if (time->seconds < 0 || time->seconds > MAX_SECONDS || time->nanos < 0 ||
        time->nanos > 999999999)
        return false;
    *at_us = time->seconds * SECOND_US + time->nanos / 1000;
    return true;
}

/* The field that is wrong, and why; NULL: none. */
static const char *check(const Kehu__Customers__V1__ReadAudit *ask, struct audit_question *out,
                         const char **why)
{
    const struct text texts[] = {out->actor, out->act, out->subject};
    static const char *const names[] = {"actor", "act", "subject"};

    *why = "has more than 200 bytes";
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (texts[i].bytes > MAX_TEXT)
            return names[i];
    *why = "is no moment after 1970";
    if (!read_time(ask->from, &out->from_us))
        return "from";
    if (!read_time(ask->to, &out->to_us))
        return "to";
    *why = "is not after `from`";
    if (out->to_us && out->to_us <= out->from_us)
        return "to";
    *why = "is over 500";
    if (ask->page_size > CODEC_AUDIT_MAX_PAGE)
        return "page_size";
    *why = "is none: give next_page_token of the answer before";
    return read_token(ask->page_token, out) ? NULL : "page_token";
}

enum status codec_get_read_audit(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct audit_question *out, char *field, size_t field_bytes,
                                 char *why, size_t why_bytes)
{
    ProtobufCMessage *message;
    enum status status =
        validate_unpack(&kehu__customers__v1__read_audit__descriptor, arena_allocator(arena),
                        payload, bytes, &message, field, field_bytes, why, why_bytes);

    if (status)
        return status;
    const Kehu__Customers__V1__ReadAudit *ask = (const void *)message;
    const char *reason, *wrong;

    *out = (struct audit_question){
        .actor = codec_check_text_of(ask->actor),
        .act = codec_check_text_of(ask->act),
        .subject = codec_check_text_of(ask->subject),
        .page_size = ask->page_size ? ask->page_size : DEFAULT_PAGE,
    };
    wrong = check(ask, out, &reason);
    if (!wrong)
        return OK;
    snprintf(field, field_bytes, "%s", wrong);
    snprintf(why, why_bytes, "%s", reason);
    return INVALID_ARGUMENT;
}

static void put_entry(const struct audit_entry *from, struct arena *arena,
                      Kehu__Customers__V1__AuditEntry *out)
{
    kehu__customers__v1__audit_entry__init(out);
    out->at = codec_value_time(from->at_us, arena);
    out->key = codec_value_text(from->key, arena);
    out->actor = codec_value_text(from->actor, arena);
    out->act = codec_value_text(from->act, arena);
    out->subject = codec_value_text(from->subject, arena);
    out->detail = codec_value_text(from->detail, arena);
}

const ProtobufCMessage *codec_audit_entries(const struct audit_entries *entries, bool has_next,
                                            struct arena *arena)
{
    Kehu__Customers__V1__AuditEntries *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__AuditEntry *room = arena_take_array(arena, entries->count, sizeof(*room));

    if (!out || !room)
        return NULL;
    kehu__customers__v1__audit_entries__init(out);
    out->entries = arena_take_array(arena, entries->count, sizeof(*out->entries));
    for (size_t i = 0; out->entries && i < entries->count; i++) {
        put_entry(&entries->list[i], arena, &room[i]);
        out->entries[out->n_entries++] = &room[i];
    }
    if (has_next && entries->count > 0) {
        const struct audit_entry *last = &entries->list[entries->count - 1];

        out->next_page_token =
            arena_print(arena, "%" PRId64 ".%" PRId64, last->at_us, last->position);
    }
    return arena_is_full(arena) ? NULL : &out->base;
}
