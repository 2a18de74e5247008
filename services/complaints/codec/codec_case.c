#include "services/complaints/codec/codec_case.h"

#include <string.h>

#include "common/pure/text.h"
#include "kehu/complaints/v1/events.pb-c.h"
#include "services/complaints/domain/opening.h"

_Static_assert((int)CASE_IS_COMPLAINT == KEHU__COMPLAINTS__V1__CASE_KIND__CASE_KIND_COMPLAINT &&
                   (int)CASE_IS_SERVICE_REQUEST ==
                       KEHU__COMPLAINTS__V1__CASE_KIND__CASE_KIND_SERVICE_REQUEST,
               "kinds have the same numbers on the wire");
_Static_assert((int)CASE_BY_HOTLINE == KEHU__COMPLAINTS__V1__CHANNEL__CHANNEL_HOTLINE &&
                   (int)CASE_BY_OTHER == KEHU__COMPLAINTS__V1__CHANNEL__CHANNEL_OTHER,
               "channels have the same numbers on the wire");
_Static_assert((int)CASE_RECEIVED == KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_RECEIVED &&
                   (int)CASE_CLOSED == KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_CLOSED &&
                   (int)CASE_REOPENED == KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_REOPENED,
               "states have the same numbers on the wire");
_Static_assert((int)SEVERITY_CRITICAL == KEHU__COMPLAINTS__V1__SEVERITY__SEVERITY_CRITICAL &&
                   (int)PRIORITY_URGENT == KEHU__COMPLAINTS__V1__PRIORITY__PRIORITY_URGENT &&
                   (int)FAULT_OF_NOBODY == KEHU__COMPLAINTS__V1__FAULT__FAULT_NONE,
               "severities, priorities and faults have the same numbers on the wire");

static char **print_codes(const struct condition_list *open, struct arena *arena)
{
    char **codes = arena_take_array(arena, open->count, sizeof(*codes));

    for (size_t i = 0; codes && i < open->count; i++)
        codes[i] = (char *)condition_code(open->open[i]);
    return codes;
}

static char **print_numbers(const struct codec_case_reply *reply, struct arena *arena)
{
    char **numbers = arena_take_array(arena, reply->possible_count, sizeof(*numbers));

    for (size_t i = 0; numbers && i < reply->possible_count; i++)
        numbers[i] = codec_read_print_text(reply->possible[i], arena);
    return numbers;
}

/* "KH000123" of our own, else "shop:4711"; NULL: he is known, or was not named. */
static char *print_unknown(const struct case_file *file, struct arena *arena)
{
    static const struct id nobody;
    struct text source = file->customer_source, id = file->customer_external_id;

    if (source.bytes == 0 || memcmp(&file->customer, &nobody, sizeof(nobody)) != 0)
        return NULL;
    if (text_compare(source, TEXT_OF(OPENING_OWN_SOURCE)) == 0)
        return codec_read_print_text(id, arena);
    return arena_print(arena, "%.*s:%.*s", (int)source.bytes, source.at, (int)id.bytes, id.at);
}

const ProtobufCMessage *codec_case_reply(const struct codec_case_reply *reply, struct arena *arena)
{
    Kehu__Complaints__V1__CaseReply *out = arena_take(arena, sizeof(*out));
    char *unknown = reply->is_new ? print_unknown(reply->file, arena) : NULL;

    if (!out)
        return NULL;
    kehu__complaints__v1__case_reply__init(out);
    if (unknown)
        out->customer_unknown = unknown;
    out->case_id = codec_read_print_id(&reply->file->id, arena);
    out->number = codec_read_print_text(reply->file->number, arena);
    out->version = (uint64_t)reply->version;
    out->state = (Kehu__Complaints__V1__CaseState)reply->file->state;
    out->priority = (Kehu__Complaints__V1__Priority)reply->file->priority;
    out->joined = reply->is_joined;
    out->part_id = codec_read_print_id(&reply->part, arena);
    if (reply->possible_count > 0) {
        out->possibly_same_as = print_numbers(reply, arena);
        out->n_possibly_same_as = reply->possible_count;
    }
    if (reply->open && reply->open->count > 0) {
        out->open_conditions = print_codes(reply->open, arena);
        out->n_open_conditions = reply->open->count;
    }
    return arena_is_full(arena) ? NULL : &out->base;
}

/* --- events --- */

const ProtobufCMessage *codec_case_opened(const struct case_file *file, struct arena *arena)
{
    Kehu__Complaints__V1__ComplaintOpened *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__complaint_opened__init(out);
    out->case_id = codec_read_print_id(&file->id, arena);
    out->number = codec_read_print_text(file->number, arena);
    out->kind = (Kehu__Complaints__V1__CaseKind)file->kind;
    out->customer_id = codec_read_print_id(&file->customer, arena);
    out->severity = (Kehu__Complaints__V1__Severity)file->severity;
    out->priority = (Kehu__Complaints__V1__Priority)file->priority;
    out->channel = (Kehu__Complaints__V1__Channel)file->channel;
    out->product = codec_read_print_text(file->product, arena);
    out->issue = codec_read_print_text(file->issue, arena);
    out->opened_at = codec_read_print_time(file->submitted_us, arena);
    out->historic = file->is_historic;
    out->contact_id = codec_read_print_id(&file->contact, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_case_moved(const struct case_file *file, enum case_state from,
                                         enum case_state to, const char *reason_code, int64_t at_us,
                                         struct arena *arena)
{
    Kehu__Complaints__V1__CaseMoved *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__case_moved__init(out);
    out->case_id = codec_read_print_id(&file->id, arena);
    out->from = (Kehu__Complaints__V1__CaseState)from;
    out->to = (Kehu__Complaints__V1__CaseState)to;
    out->customer_id = codec_read_print_id(&file->customer, arena);
    out->handler = codec_read_print_id(&file->handler, arena);
    out->reason_code = (char *)reason_code;
    out->at = codec_read_print_time(at_us, arena);
    out->historic = file->is_historic;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_case_linked(const struct case_file *file, struct arena *arena)
{
    Kehu__Complaints__V1__CaseLinked *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__case_linked__init(out);
    out->case_id = codec_read_print_id(&file->id, arena);
    out->number = codec_read_print_text(file->number, arena);
    out->kind = (Kehu__Complaints__V1__CaseKind)file->kind;
    out->state = (Kehu__Complaints__V1__CaseState)file->state;
    out->customer_id = codec_read_print_id(&file->customer, arena);
    out->contact_id = codec_read_print_id(&file->contact, arena);
    out->opened_at = codec_read_print_time(file->submitted_us, arena);
    out->closed_at = codec_read_print_time(file->closed_us, arena);
    out->historic = file->is_historic;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_case_assigned(const struct case_file *file, const struct id *from,
                                            struct arena *arena)
{
    Kehu__Complaints__V1__CaseAssigned *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__case_assigned__init(out);
    out->case_id = codec_read_print_id(&file->id, arena);
    out->handler_id = codec_read_print_id(&file->handler, arena);
    out->team = codec_read_print_text(file->team, arena);
    out->from_handler_id = codec_read_print_id(from, arena);
    out->customer_id = codec_read_print_id(&file->customer, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_case_priority_changed(const struct case_file *file,
                                                    enum priority from, const char *cause,
                                                    struct arena *arena)
{
    Kehu__Complaints__V1__CasePriorityChanged *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__case_priority_changed__init(out);
    out->case_id = codec_read_print_id(&file->id, arena);
    out->from = (Kehu__Complaints__V1__Priority)from;
    out->to = (Kehu__Complaints__V1__Priority)file->priority;
    out->severity = (Kehu__Complaints__V1__Severity)file->severity;
    out->cause = (char *)cause;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_serious_case_reported(const struct case_file *file,
                                                    struct arena *arena)
{
    Kehu__Complaints__V1__SeriousCaseReported *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__serious_case_reported__init(out);
    out->case_id = codec_read_print_id(&file->id, arena);
    out->severity = (Kehu__Complaints__V1__Severity)file->severity;
    out->customer_id = codec_read_print_id(&file->customer, arena);
    out->product = codec_read_print_text(file->product, arena);
    out->batch = codec_read_print_text(file->batch, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_case_message_wanted(const struct case_file *file,
                                                  const struct id *message, const char *occasion,
                                                  struct text channel, struct arena *arena)
{
    Kehu__Complaints__V1__CaseMessageWanted *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__case_message_wanted__init(out);
    out->case_id = codec_read_print_id(&file->id, arena);
    out->message_id = codec_read_print_id(message, arena);
    out->occasion = (char *)occasion;
    out->customer_id = codec_read_print_id(&file->customer, arena);
    out->contact_id = codec_read_print_id(&file->contact, arena);
    out->channel = codec_read_print_text(channel, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}
