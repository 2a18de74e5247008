/*
 * For the codec's tests: a batch being built with protobuf-c's own packer, a good order to be bent,
 * and what became of it. All in a header, so that other tests need not link the codec.
 */
#ifndef KEHU_TESTS_CODEC_BATCH_H
#define KEHU_TESTS_CODEC_BATCH_H

#include "services/customers/codec/codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "io/cloudevents/v1/cloudevents.pb-c.h"
#include "kehu/bus/v1/service.pb-c.h"
#include "kehu/customers/v1/orders.pb-c.h"

#define NOW_S INT64_C(1790000000) /* 2026-09-21T13:33:20Z */
#define TYPE(name) "kehu.customers.v1." name
#define MAX_BATCH 8

static const struct zone shanghai = {.name = "Asia/Shanghai", .first_offset_s = 8 * 3600};
static const struct intake_limits limits = {.now_us = NOW_S * SECOND_US, .zone = &shanghai};

/* One batch being built and what became of it. */
struct batch {
    struct arena *arena;
    Io__Cloudevents__V1__CloudEvent *events[MAX_BATCH];
    size_t count;
    struct intake intake;
    char field[200], why[300];
};

static inline int open_batch(void **state)
{
    struct batch *batch = test_calloc(1, sizeof(*batch));

    batch->arena = arena_new(64 << 20);
    *state = batch;
    return 0;
}

static inline int close_batch(void **state)
{
    struct batch *batch = *state;

    arena_free(batch->arena);
    test_free(batch);
    return 0;
}

static inline ProtobufCBinaryData packed(struct batch *batch, const ProtobufCMessage *message)
{
    size_t bytes = protobuf_c_message_get_packed_size(message);
    uint8_t *at = arena_take(batch->arena, bytes);

    protobuf_c_message_pack(message, at);
    return (ProtobufCBinaryData){bytes, at};
}

static inline Io__Cloudevents__V1__CloudEvent *add_bytes(struct batch *batch, const char *type,
                                                         ProtobufCBinaryData data)
{
    Io__Cloudevents__V1__CloudEvent *event = arena_take(batch->arena, sizeof(*event));

    io__cloudevents__v1__cloud_event__init(event);
    event->id = arena_print(batch->arena, "event-%zu", batch->count);
    event->source = "uci";
    event->spec_version = "1.0";
    event->type = (char *)type;
    event->data_case = IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_BINARY_DATA;
    event->binary_data = data;
    batch->events[batch->count++] = event;
    return event;
}

static inline Io__Cloudevents__V1__CloudEvent *add(struct batch *batch, const char *type,
                                                   const ProtobufCMessage *data)
{
    return add_bytes(batch, type, packed(batch, data));
}

static inline void add_attribute(struct batch *batch, Io__Cloudevents__V1__CloudEvent *event,
                                 const char *name,
                                 Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue value)
{
    Io__Cloudevents__V1__CloudEvent__AttributesEntry *entry =
        arena_take(batch->arena, sizeof(*entry));

    io__cloudevents__v1__cloud_event__attributes_entry__init(entry);
    entry->key = (char *)name;
    entry->value = arena_copy(batch->arena, &value, sizeof(value));
    if (!event->attributes)
        event->attributes = arena_take_array(batch->arena, 4, sizeof(entry));
    event->attributes[event->n_attributes++] = entry;
}

static inline enum status decode(struct batch *batch, const uint8_t *at, size_t bytes)
{
    return codec_get_publish(at, bytes, &limits, batch->arena, &batch->intake, batch->field,
                             sizeof(batch->field), batch->why, sizeof(batch->why));
}

static inline ProtobufCBinaryData packed_batch(struct batch *batch)
{
    Kehu__Bus__V1__Publish publish = KEHU__BUS__V1__PUBLISH__INIT;

    publish.events = batch->events;
    publish.n_events = batch->count;
    return packed(batch, &publish.base);
}

static inline const struct intake_item *decode_first(struct batch *batch)
{
    ProtobufCBinaryData bytes = packed_batch(batch);

    assert_int_equal(decode(batch, bytes.data, bytes.len), OK);
    assert_int_equal(batch->intake.count, batch->count);
    return &batch->intake.items[0];
}

static inline void assert_rejected(const struct intake_item *item, const char *field,
                                   const char *part)
{
    if (!item->is_rejected)
        fail_msg("accepted, but %s should be refused: %s", field, part);
    assert_string_equal(item->field, field);
    if (!strstr(item->why, part))
        fail_msg("\"%s\" is not in: %s", part, item->why);
}

static inline void assert_accepted(const struct intake_item *item)
{
    if (item->is_rejected)
        fail_msg("rejected: %s %s", item->field, item->why);
}

static inline bool is_text(struct text text, const char *expected)
{
    return text.bytes == strlen(expected) && memcmp(text.at, expected, text.bytes) == 0;
}

/* A good order of two lines, to be bent by the tests. */
struct sample {
    Google__Protobuf__Timestamp at;
    Kehu__Customers__V1__CustomerReference customer;
    Kehu__Customers__V1__OrderLine line[2];
    Kehu__Customers__V1__OrderLine *lines[2];
    Kehu__Customers__V1__OrderContent content;
    Kehu__Customers__V1__OrderPlaced placed;
};

static inline void fill_sample(struct sample *s)
{
    google__protobuf__timestamp__init(&s->at);
    s->at.seconds = NOW_S - 86400;
    s->at.nanos = 123456789;
    kehu__customers__v1__customer_reference__init(&s->customer);
    s->customer.external_id = " 13085 ";
    s->customer.name = "云南茶叶有限公司";
    for (int i = 0; i < 2; i++) {
        kehu__customers__v1__order_line__init(&s->line[i]);
        s->line[i].product = "79323P";
        s->line[i].quantity_micros = 12000000;
        s->line[i].unit_price_micros = 6950000;
        s->lines[i] = &s->line[i];
    }
    s->line[1].quantity_micros = -1500000;
    s->line[1].unit_price_micros = 3;
    kehu__customers__v1__order_content__init(&s->content);
    s->content.ordered_at = &s->at;
    s->content.customer = &s->customer;
    s->content.region = " United Kingdom ";
    s->content.currency = "GBP";
    s->content.lines = s->lines;
    s->content.n_lines = 2;
    kehu__customers__v1__order_placed__init(&s->placed);
    s->placed.number = "489434";
    s->placed.content = &s->content;
}

static inline const struct intake_item *place(struct batch *batch, const struct sample *s)
{
    add(batch, TYPE("OrderPlaced"), &s->placed.base);
    return decode_first(batch);
}

static inline char *repeated(struct batch *batch, const char *piece, size_t times)
{
    char *text = arena_take(batch->arena, strlen(piece) * times + 1);

    for (size_t i = 0; i < times; i++)
        memcpy(text + i * strlen(piece), piece, strlen(piece));
    return text;
}

/* A test with a batch of its own. */
#define BATCH_TEST(test) cmocka_unit_test_setup_teardown(test, open_batch, close_batch)

#endif
