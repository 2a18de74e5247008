/*
 * The messages about the public pool.
 */
#ifndef KEHU_CUSTOMERS_CODEC_POOL_H
#define KEHU_CUSTOMERS_CODEC_POOL_H

#include "services/customers/codec/codec_ask.h"

struct codec_pool_question {
    struct customer_question customer;
    struct text staff, reason, region;
    uint32_t page_size;
    int64_t after_us; /* of the token; 0: the first page */
    struct id after;
};
/* INVALID_ARGUMENT: `fault` says what is wrong. RESOURCE_EXHAUSTED: the arena is full. */
typedef enum status codec_get_pool_question(const uint8_t *payload, size_t bytes,
                                            struct arena *arena, struct codec_pool_question *out,
                                            struct codec_ask_fault *fault);
codec_get_pool_question codec_get_list_pool, codec_get_pick_from_pool, codec_get_release_to_pool;

struct codec_pool_row {
    struct id customer;
    int64_t number;
    struct text name, region, previous_owner, reason;
    int64_t since_us, locked_until_us;
};
const ProtobufCMessage *codec_pool_list(const struct codec_pool_row *rows, size_t count,
                                        const char *next, uint32_t picks_left, struct arena *arena);
const ProtobufCMessage *codec_pool_change(const struct id *customer, int64_t number,
                                          struct text owner, uint32_t picks_left,
                                          struct arena *arena);
const ProtobufCMessage *codec_pool_warned(const struct id *customer, const struct id *staff,
                                          int32_t falls_on, struct arena *arena);

#endif
