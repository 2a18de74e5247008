/*
 * Questions about the public pool, answers, and the event that warns an owner.
 */
#include "services/customers/codec/codec_pool.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/pure/utf8.h"
#include "common/pure/uuid.h"
#include "kehu/customers/v1/pool.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_value.h"

#define MAX_REGION 200

/* "1790000000000000.0190…": when he came in, and his id. */
static enum status read_place(const char *token, struct codec_pool_question *out,
                              struct codec_ask_fault *fault)
{
    int end = 0;

    if (!token[0])
        return OK;
    if (strlen(token) < 100 && sscanf(token, "%18" SCNd64 ".%n", &out->after_us, &end) == 1 &&
        end > 0 && out->after_us > 0 && uuid_parse(token + end, strlen(token + end), &out->after))
        return OK;
    return codec_ask_refuse(fault, "page_token", "is none that was answered");
}

enum status codec_get_list_pool(const uint8_t *payload, size_t bytes, struct arena *arena,
                                struct codec_pool_question *out, struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__list_pool__descriptor, payload,
                                          bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__ListPool *ask = (const void *)message;

    *out = (struct codec_pool_question){.region = codec_check_text_of(ask->region)};
    if (utf8_count(out->region) > MAX_REGION)
        return codec_ask_refuse(fault, "region", "is longer than 200 characters");
    status = codec_ask_page(ask->page_size, 50, 200, fault, &out->page_size);
    return status ? status : read_place(ask->page_token, out, fault);
}

enum status codec_get_pick_from_pool(const uint8_t *payload, size_t bytes, struct arena *arena,
                                     struct codec_pool_question *out, struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__pick_from_pool__descriptor, payload,
                                          bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__PickFromPool *ask = (const void *)message;

    *out = (struct codec_pool_question){0};
    status = codec_ask_ref(ask->ref, fault, &out->customer);
    return status ? status : codec_ask_staff("staff", ask->staff, true, fault, &out->staff);
}

enum status codec_get_release_to_pool(const uint8_t *payload, size_t bytes, struct arena *arena,
                                      struct codec_pool_question *out,
                                      struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__release_to_pool__descriptor,
                                          payload, bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__ReleaseToPool *ask = (const void *)message;

    *out = (struct codec_pool_question){0};
    status = codec_ask_ref(ask->ref, fault, &out->customer);
    return status ? status : codec_ask_words("reason", ask->reason, false, fault, &out->reason);
}

const ProtobufCMessage *codec_pool_list(const struct codec_pool_row *rows, size_t count,
                                        const char *next, uint32_t picks_left, struct arena *arena)
{
    Kehu__Customers__V1__PoolList *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__PoolCustomer *list = arena_take_array(arena, count, sizeof(*list));

    if (!out || !list)
        return NULL;
    kehu__customers__v1__pool_list__init(out);
    for (size_t i = 0; i < count; i++) {
        kehu__customers__v1__pool_customer__init(&list[i]);
        list[i].id = codec_value_id(&rows[i].customer, arena);
        list[i].number = codec_value_number(rows[i].number, arena);
        list[i].name = codec_value_text(rows[i].name, arena);
        list[i].region = codec_value_text(rows[i].region, arena);
        list[i].since = codec_value_time(rows[i].since_us, arena);
        list[i].previous_owner = codec_value_text(rows[i].previous_owner, arena);
        list[i].locked_until = codec_value_time_or_absent(rows[i].locked_until_us, arena);
        list[i].reason = codec_value_text(rows[i].reason, arena);
    }
    out->customers = codec_ask_pointers(list, count, sizeof(*list), arena);
    out->n_customers = count;
    out->next_page_token = (char *)next;
    out->picks_left = picks_left;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_pool_change(const struct id *customer, int64_t number,
                                          struct text owner, uint32_t picks_left,
                                          struct arena *arena)
{
    Kehu__Customers__V1__PoolChange *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__pool_change__init(out);
    out->id = codec_value_id(customer, arena);
    out->number = codec_value_number(number, arena);
    out->owner = codec_value_text(owner, arena);
    out->picks_left = picks_left;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_pool_warned(const struct id *customer, const struct id *staff,
                                          int32_t falls_on, struct arena *arena)
{
    Kehu__Customers__V1__PoolWarned *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__pool_warned__init(out);
    out->customer_id = codec_value_id(customer, arena);
    out->staff_id = codec_value_id(staff, arena);
    out->falls_on = codec_value_day(falls_on, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}
