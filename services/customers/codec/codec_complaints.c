#include "services/customers/codec/codec_complaints.h"

#include <string.h>

#include "common/consume.h"
#include "common/pure/uuid.h"
#include "kehu/complaints/v1/events.pb-c.h"
#include "kehu/customers/v1/events.pb-c.h"
#include "kehu/customers/v1/files.pb-c.h"
#include "kehu/customers/v1/privacy.pb-c.h"
#include "services/customers/codec/codec_value.h"

static bool read_id(const char *text, struct id *out)
{
    return uuid_parse(text, strlen(text), out);
}

/* Empty: none. */
static bool read_id_or_none(const char *text, struct id *out)
{
    *out = (struct id){0};
    return !text[0] || read_id(text, out);
}

static int64_t time_of(const Google__Protobuf__Timestamp *time)
{
    return time ? time->seconds * 1000000 + time->nanos / 1000 : 0;
}

/* "confirmation_due" of CASE_STATE_CONFIRMATION_DUE; "" of a value that this program does not know
 * yet. NULL: the arena is full. */
static char *word_of(const ProtobufCEnumDescriptor *values, int value, const char *prefix,
                     struct arena *arena)
{
    const ProtobufCEnumValue *known = protobuf_c_enum_descriptor_get_value(values, value);
    const char *name = known ? known->name + strlen(prefix) : "";
    char *word = arena_copy_text(arena, name, strlen(name));

    for (char *c = word; c && *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return word;
}

static char *kind_of(Kehu__Complaints__V1__CaseKind kind, struct arena *arena)
{
    return word_of(&kehu__complaints__v1__case_kind__descriptor, (int)kind, "CASE_KIND_", arena);
}

static char *state_of(Kehu__Complaints__V1__CaseState state, struct arena *arena)
{
    return word_of(&kehu__complaints__v1__case_state__descriptor, (int)state, "CASE_STATE_", arena);
}

/* Nothing more is expected of it. */
static bool is_ended(Kehu__Complaints__V1__CaseState state)
{
    switch (state) {
    case KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_CLOSED:
    case KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_CLOSED_UNCONFIRMED:
    case KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_REJECTED:
    case KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_WITHDRAWN:
    case KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_DUPLICATE:
        return true;
    default:
        return false;
    }
}

bool codec_get_case_opened(struct arena *arena, const uint8_t *data, size_t bytes,
                           struct case_told *out)
{
    const Kehu__Complaints__V1__ComplaintOpened *event =
        consume_open(arena, &kehu__complaints__v1__complaint_opened__descriptor, data, bytes);
    struct case_told told = {.is_ended = false};

    if (!event || !read_id(event->case_id, &told.id) ||
        !read_id_or_none(event->customer_id, &told.customer) ||
        !read_id_or_none(event->contact_id, &told.contact))
        return false;
    told.number = event->number;
    told.kind = kind_of(event->kind, arena);
    told.state = state_of(KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_RECEIVED, arena);
    told.opened_us = time_of(event->opened_at);
    told.is_historic = event->historic;
    *out = told;
    return told.kind && told.state;
}

bool codec_get_case_linked(struct arena *arena, const uint8_t *data, size_t bytes,
                           struct case_told *out)
{
    const Kehu__Complaints__V1__CaseLinked *event =
        consume_open(arena, &kehu__complaints__v1__case_linked__descriptor, data, bytes);
    struct case_told told = {.is_ended = false};

    if (!event || !read_id(event->case_id, &told.id) ||
        !read_id_or_none(event->customer_id, &told.customer) ||
        !read_id_or_none(event->contact_id, &told.contact))
        return false;
    told.number = event->number;
    told.kind = kind_of(event->kind, arena);
    told.state = state_of(event->state, arena);
    told.is_ended = is_ended(event->state);
    told.opened_us = time_of(event->opened_at);
    told.ended_us = !told.is_ended     ? 0
                    : event->closed_at ? time_of(event->closed_at)
                                       : told.opened_us;
    told.is_historic = event->historic;
    *out = told;
    return told.kind && told.state;
}

bool codec_get_case_moved(struct arena *arena, const uint8_t *data, size_t bytes,
                          struct case_move_told *out)
{
    const Kehu__Complaints__V1__CaseMoved *event =
        consume_open(arena, &kehu__complaints__v1__case_moved__descriptor, data, bytes);
    struct case_move_told told;

    if (!event || !read_id(event->case_id, &told.id) ||
        !read_id_or_none(event->customer_id, &told.customer))
        return false;
    told.state = state_of(event->to, arena);
    told.is_ended = is_ended(event->to);
    told.at_us = time_of(event->at);
    told.is_historic = event->historic;
    *out = told;
    return told.state != NULL;
}

bool codec_get_cases_changed(struct arena *arena, const uint8_t *data, size_t bytes,
                             struct cases_told *out)
{
    const Kehu__Complaints__V1__CustomerCasesChanged *event =
        consume_open(arena, &kehu__complaints__v1__customer_cases_changed__descriptor, data, bytes);
    struct cases_told told = {.handler_count = 0};

    if (!event || !read_id(event->customer_id, &told.customer))
        return false;
    told.cases = (struct customer_cases){
        .found = true,
        .open = event->open,
        .complaints_90_days = event->complaints_90_days,
        .complaints_12_months = event->complaints_12_months,
        .our_fault_12_months = event->our_fault_12_months,
        .total = event->total,
        .is_repeat = event->repeat_complainant,
        .has_serious_open = event->serious_open,
        .last_us = time_of(event->last_at),
    };
    told.handlers = arena_take_array(arena, event->n_open_handler_ids, sizeof(*told.handlers));
    for (size_t i = 0; told.handlers && i < event->n_open_handler_ids; i++)
        if (!read_id(event->open_handler_ids[i], &told.handlers[told.handler_count++]))
            return false;
    *out = told;
    return told.handlers != NULL;
}

bool codec_get_erasure_done(struct arena *arena, const uint8_t *data, size_t bytes,
                            struct erasure_part_told *out)
{
    const Kehu__Customers__V1__ErasureDone *event =
        consume_open(arena, &kehu__customers__v1__erasure_done__descriptor, data, bytes);
    struct erasure_part_told told;

    if (!event || !read_id(event->person_id, &told.person) || !event->service[0])
        return false;
    told.service = event->service;
    told.values = event->values;
    *out = told;
    return true;
}

Kehu__Customers__V1__CustomerCases *codec_customer_cases(const struct customer_cases *cases,
                                                         struct arena *arena)
{
    Kehu__Customers__V1__CustomerCases *out = cases->found ? arena_take(arena, sizeof(*out)) : NULL;

    if (!out)
        return NULL;
    kehu__customers__v1__customer_cases__init(out);
    out->open = cases->open;
    out->complaints_90_days = cases->complaints_90_days;
    out->complaints_12_months = cases->complaints_12_months;
    out->our_fault_12_months = cases->our_fault_12_months;
    out->repeat_complainant = cases->is_repeat;
    out->serious_open = cases->has_serious_open;
    out->last_at = codec_value_time_or_absent(cases->last_us, arena);
    out->total = cases->total;
    return out;
}

const ProtobufCMessage *codec_customer_flagged(const struct id *customer,
                                               const struct customer_cases *cases,
                                               const struct id *owner, struct arena *arena)
{
    Kehu__Customers__V1__CustomerFlagged *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__customer_flagged__init(out);
    out->customer_id = codec_value_id(customer, arena);
    out->flag = CUSTOMER_FLAG_REPEAT;
    out->on = cases->is_repeat;
    out->complaints_90_days = cases->complaints_90_days;
    out->complaints_12_months = cases->complaints_12_months;
    out->our_fault_12_months = cases->our_fault_12_months;
    if (!uuid_is_none(owner))
        out->owner_id = codec_value_id(owner, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}
