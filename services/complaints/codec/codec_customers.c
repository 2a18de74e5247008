#include "services/complaints/codec/codec_customers.h"

#include <string.h>

#include "common/consume.h"
#include "common/pure/day.h"
#include "common/pure/uuid.h"
#include "kehu/customers/v1/events.pb-c.h"
#include "kehu/customers/v1/handover.pb-c.h"
#include "kehu/customers/v1/owners.pb-c.h"
#include "kehu/customers/v1/privacy.pb-c.h"
#include "services/complaints/codec/codec_read.h"

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

static bool read_day(const char *text, int32_t *out)
{
    return day_parse(text, strlen(text), out);
}

bool codec_get_registered(struct arena *arena, const uint8_t *data, size_t bytes,
                          struct codec_registered *out)
{
    const Kehu__Customers__V1__CustomerRegistered *event =
        consume_open(arena, &kehu__customers__v1__customer_registered__descriptor, data, bytes);
    struct codec_registered told;

    if (!event || !read_id(event->customer_id, &told.customer) || !event->number[0])
        return false;
    told.number = event->number;
    told.source = event->source;
    told.external_id = event->external_id;
    *out = told;
    return true;
}

bool codec_get_reference_added(struct arena *arena, const uint8_t *data, size_t bytes,
                               struct codec_registered *out)
{
    const Kehu__Customers__V1__CustomerReferenceAdded *event = consume_open(
        arena, &kehu__customers__v1__customer_reference_added__descriptor, data, bytes);
    struct codec_registered told = {.number = ""};

    if (!event || !read_id(event->customer_id, &told.customer) || !event->source[0] ||
        !event->external_id[0])
        return false;
    told.source = event->source;
    told.external_id = event->external_id;
    *out = told;
    return true;
}

bool codec_get_removed(struct arena *arena, const uint8_t *data, size_t bytes, struct id *out)
{
    const Kehu__Customers__V1__CustomerRemoved *event =
        consume_open(arena, &kehu__customers__v1__customer_removed__descriptor, data, bytes);

    return event && read_id(event->customer_id, out);
}

bool codec_get_graded(struct arena *arena, const uint8_t *data, size_t bytes,
                      struct codec_graded *out)
{
    const Kehu__Customers__V1__GradeChanged *event =
        consume_open(arena, &kehu__customers__v1__grade_changed__descriptor, data, bytes);
    struct codec_graded told;

    if (!event || !read_id(event->customer_id, &told.customer) || strlen(event->to) > 1)
        return false;
    told.grade = event->to;
    *out = told;
    return true;
}

bool codec_get_owned(struct arena *arena, const uint8_t *data, size_t bytes,
                     struct codec_owned *out)
{
    const Kehu__Customers__V1__OwnerChanged *event =
        consume_open(arena, &kehu__customers__v1__owner_changed__descriptor, data, bytes);
    struct codec_owned told;

    if (!event || !read_id(event->customer_id, &told.customer) ||
        !read_id_or_none(event->staff_id, &told.owner))
        return false;
    *out = told;
    return true;
}

bool codec_get_merged(struct arena *arena, const uint8_t *data, size_t bytes,
                      struct codec_merged *out)
{
    const Kehu__Customers__V1__CustomersMerged *event =
        consume_open(arena, &kehu__customers__v1__customers_merged__descriptor, data, bytes);
    struct codec_merged told;

    if (!event || !read_id(event->survivor_id, &told.survivor) ||
        !read_id(event->merged_id, &told.merged))
        return false;
    *out = told;
    return true;
}

bool codec_get_merge_undone(struct arena *arena, const uint8_t *data, size_t bytes,
                            struct codec_merged *out)
{
    const Kehu__Customers__V1__MergeUndone *event =
        consume_open(arena, &kehu__customers__v1__merge_undone__descriptor, data, bytes);
    struct codec_merged told;

    if (!event || !read_id(event->merged_id, &told.merged) ||
        !read_id(event->survivor_id, &told.survivor))
        return false;
    *out = told;
    return true;
}

bool codec_get_order_recorded(struct arena *arena, const uint8_t *data, size_t bytes,
                              struct codec_order *out)
{
    const Kehu__Customers__V1__OrderRecorded *event =
        consume_open(arena, &kehu__customers__v1__order_recorded__descriptor, data, bytes);
    struct codec_order told;

    if (!event || !read_id(event->customer_id, &told.customer) ||
        !read_id(event->order_id, &told.order) || !read_day(event->day, &told.day))
        return false;
    told.net_micros = event->net_micros;
    told.currency = event->currency;
    told.is_gone = event->cancelled;
    *out = told;
    return true;
}

bool codec_get_order_moved(struct arena *arena, const uint8_t *data, size_t bytes,
                           struct codec_order *out)
{
    const Kehu__Customers__V1__OrderMoved *event =
        consume_open(arena, &kehu__customers__v1__order_moved__descriptor, data, bytes);
    struct codec_order told = {.currency = "", .is_gone = true};

    if (!event || !read_id(event->customer_id, &told.customer) ||
        !read_id(event->order_id, &told.order))
        return false;
    *out = told;
    return true;
}

/* Those of both lists, in one. */
static bool read_ids(struct arena *arena, char **first, size_t first_count, char **second,
                     size_t second_count, struct codec_person *out)
{
    out->ids = arena_take_array(arena, first_count + second_count, sizeof(*out->ids));
    if (!out->ids)
        return false;
    for (size_t i = 0; i < first_count + second_count; i++)
        if (!read_id(i < first_count ? first[i] : second[i - first_count],
                     &out->ids[out->id_count++]))
            return false;
    return true;
}

bool codec_get_restricted(struct arena *arena, const uint8_t *data, size_t bytes,
                          struct codec_person *out)
{
    const Kehu__Customers__V1__PersonRestricted *event =
        consume_open(arena, &kehu__customers__v1__person_restricted__descriptor, data, bytes);
    struct codec_person told = {.id_count = 0};

    if (!event || !read_id(event->person_id, &told.person) ||
        !read_ids(arena, event->contact_ids, event->n_contact_ids, event->own_ids, event->n_own_ids,
                  &told))
        return false;
    told.is_restricted = !event->lifted;
    *out = told;
    return true;
}

bool codec_get_erased(struct arena *arena, const uint8_t *data, size_t bytes,
                      struct codec_person *out)
{
    const Kehu__Customers__V1__PersonErased *event =
        consume_open(arena, &kehu__customers__v1__person_erased__descriptor, data, bytes);
    struct codec_person told = {.is_restricted = true};

    if (!event || !read_id(event->person_id, &told.person) ||
        !read_ids(arena, event->contact_ids, event->n_contact_ids, event->own_ids, event->n_own_ids,
                  &told))
        return false;
    *out = told;
    return true;
}

bool codec_get_number_held(struct arena *arena, const uint8_t *data, size_t bytes,
                           struct codec_number *out)
{
    const Kehu__Customers__V1__NumberHeld *event =
        consume_open(arena, &kehu__customers__v1__number_held__descriptor, data, bytes);
    struct codec_number told;

    if (!event || event->hash.len != CODEC_NUMBER_HASH_BYTES ||
        !read_id_or_none(event->customer_id, &told.customer) ||
        !read_id_or_none(event->contact_id, &told.contact))
        return false;
    told.hash = (struct text){(const char *)event->hash.data, event->hash.len};
    *out = told;
    return true;
}

bool codec_get_staff_changed(struct arena *arena, const uint8_t *data, size_t bytes,
                             struct codec_staff *out)
{
    const Kehu__Customers__V1__StaffChanged *event =
        consume_open(arena, &kehu__customers__v1__staff_changed__descriptor, data, bytes);
    struct codec_staff told = {0};

    if (!event || !read_id(event->staff_id, &told.staff) ||
        !read_id_or_none(event->manager_id, &told.manager) ||
        !read_id_or_none(event->deputy_id, &told.deputy))
        return false;
    told.is_absent = event->absent_from[0] != '\0';
    if (told.is_absent && (!read_day(event->absent_from, &told.absent_from) ||
                           !read_day(event->absent_to, &told.absent_to)))
        return false;
    told.code = event->code;
    told.unit = event->unit_code;
    told.roles = event->roles;
    told.role_count = event->n_roles;
    told.is_active = strcmp(event->state, "left") != 0;
    *out = told;
    return true;
}

bool codec_get_staff_left(struct arena *arena, const uint8_t *data, size_t bytes, struct id *out)
{
    const Kehu__Customers__V1__StaffLeft *event =
        consume_open(arena, &kehu__customers__v1__staff_left__descriptor, data, bytes);

    return event && read_id(event->staff_id, out);
}

const ProtobufCMessage *codec_cases_erased(const struct id *person, int64_t values,
                                           struct arena *arena)
{
    Kehu__Customers__V1__ErasureDone *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__erasure_done__init(out);
    out->person_id = codec_read_print_id(person, arena);
    out->service = "complaints";
    out->values = (uint32_t)values;
    return arena_is_full(arena) ? NULL : &out->base;
}
