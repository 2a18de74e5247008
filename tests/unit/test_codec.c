/* A Publish as items: one bad event harms only itself, and the whole is refused only when it cannot
 * be read. */
#include "tests/unit/codec_batch.h"

#include <sodium.h>

static void the_envelope_of_each_event_is_checked(void **state)
{
    static const struct {
        const char *id, *source, *version, *type, *field, *part;
    } bad[] = {
        {"", "uci", "1.0", TYPE("OrderPaid"), "id", "1 to 128"},
        {"1", "", "1.0", TYPE("OrderPaid"), "source", "1 to 64"},
        {"1", "urn:shop", "1.0", TYPE("OrderPaid"), "source", "colon"},
        {"1", "uci", "0.3", TYPE("OrderPaid"), "spec_version", "\"1.0\""},
        {"1", "uci", "", TYPE("OrderPaid"), "spec_version", "\"1.0\""},
        {"1", "uci", "1.0", "", "type", "OrderPlaced"},
        {"1", "uci", "1.0", "kehu.customers.v2.OrderPaid", "type", "kehu.customers.v2.OrderPaid"},
        {"1", "uci", "1.0", "kehu.customers.v1.X", "type", "OrderDelivered"},
        {"1\n", "uci", "1.0", TYPE("OrderPaid"), "id", "control"},
    };
    struct batch *batch = *state;

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        Io__Cloudevents__V1__CloudEvent *event =
            add_bytes(batch, bad[i].type, (ProtobufCBinaryData){0, NULL});

        event->id = (char *)bad[i].id;
        event->source = (char *)bad[i].source;
        event->spec_version = (char *)bad[i].version;
        assert_rejected(decode_first(batch), bad[i].field, bad[i].part);
        batch->count = 0;
    }
}

static void over_long_ids_are_rejected_and_cut_between_characters(void **state)
{
    struct batch *batch = *state;
    Io__Cloudevents__V1__CloudEvent *event =
        add_bytes(batch, TYPE("OrderPaid"), (ProtobufCBinaryData){0, NULL});

    event->id = repeated(batch, "单", 129);
    event->source = repeated(batch, "源", 65);

    const struct intake_item *item = decode_first(batch);

    assert_rejected(item, "id", "has 129 characters");
    assert_int_equal(item->id.bytes, 126);
    assert_int_equal(item->source.bytes, 63);
}

static void data_come_as_any_or_bytes_and_as_nothing_else(void **state)
{
    struct batch *batch = *state;
    Google__Protobuf__Any any = GOOGLE__PROTOBUF__ANY__INIT;
    Google__Protobuf__Any other = GOOGLE__PROTOBUF__ANY__INIT;
    struct sample s;

    fill_sample(&s);
    any.value = packed(batch, &s.placed.base);
    any.type_url = "type.googleapis.com/" TYPE("OrderPlaced");
    other.value = any.value;
    other.type_url = "type.googleapis.com/" TYPE("OrderPaid");
    for (int i = 0; i < 4; i++)
        add(batch, TYPE("OrderPlaced"), &s.placed.base);
    batch->events[0]->data_case = IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_PROTO_DATA;
    batch->events[0]->proto_data = &any;
    batch->events[1]->data_case = IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_PROTO_DATA;
    batch->events[1]->proto_data = &other;
    batch->events[2]->data_case = IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_TEXT_DATA;
    batch->events[2]->text_data = "{}";
    batch->events[3]->data_case = IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA__NOT_SET;

    const struct intake_item *items = decode_first(batch);

    assert_accepted(&items[0]);
    assert_int_equal(items[0].raw_bytes, any.value.len);
    assert_rejected(&items[1], "proto_data.type_url", "type.googleapis.com/" TYPE("OrderPlaced"));
    assert_rejected(&items[2], "text_data", "binary_data");
    assert_rejected(&items[3], "data", "is missing");
}

static void one_bad_item_does_not_spoil_its_batch(void **state)
{
    struct batch *batch = *state;
    struct sample s;

    fill_sample(&s);
    for (int i = 0; i < 5; i++)
        add(batch, TYPE("OrderPlaced"), &s.placed.base);
    batch->events[1]->id = "caf\xe9";
    batch->events[2]->binary_data = (ProtobufCBinaryData){3, (uint8_t *)"\xff\xff\xff"};
    batch->events[3]->source = "bad\x01";

    const struct intake_item *items = decode_first(batch);

    assert_accepted(&items[0]);
    assert_rejected(&items[1], "id", "UTF-8");
    assert_int_equal(items[1].id.bytes, 0);
    assert_true(is_text(items[1].source, "uci"));
    assert_rejected(&items[2], "data", "OrderPlaced");
    assert_rejected(&items[3], "source", "control");
    assert_true(is_text(items[3].id, "event-3"));
    assert_accepted(&items[4]);
}

static void an_event_that_is_no_protobuf_rejects_itself_only(void **state)
{
    struct batch *batch = *state;
    uint8_t bytes[512];
    struct sample s;

    fill_sample(&s);
    add(batch, TYPE("OrderPlaced"), &s.placed.base);

    ProtobufCBinaryData good = packed_batch(batch);

    assert_true(good.len + 8 < sizeof(bytes));
    memcpy(bytes, "\x0a\x03\x0a\xff\xff", 5);
    memcpy(bytes + 5, good.data, good.len);
    assert_int_equal(decode(batch, bytes, good.len + 5), OK);
    assert_int_equal(batch->intake.count, 2);
    assert_true(batch->intake.items[0].is_rejected);
    assert_int_equal(batch->intake.items[0].raw_bytes, 3);
    assert_accepted(&batch->intake.items[1]);
}

static void an_embedded_nul_is_found(void **state)
{
    struct batch *batch = *state;
    struct sample s;

    fill_sample(&s);
    add(batch, TYPE("OrderPlaced"), &s.placed.base);
    batch->events[0]->id = "ab0cd";

    ProtobufCBinaryData bytes = packed_batch(batch);
    uint8_t *zero = memmem(bytes.data, bytes.len, "ab0cd", 5);

    zero[2] = 0;
    assert_int_equal(decode(batch, bytes.data, bytes.len), OK);
    assert_rejected(&batch->intake.items[0], "id", "NUL");
}

static void what_is_no_publish_is_refused_as_a_whole(void **state)
{
    static const struct {
        const char *bytes;
        size_t count;
    } bad[] = {{"", 0},
               {"hello, is this Kehu?", 20},
               {"\x0a\x7f", 2},
               {"\x08\x01", 2},
               {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12}};
    struct batch *batch = *state;

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(decode(batch, (const uint8_t *)bad[i].bytes, bad[i].count),
                         INVALID_ARGUMENT);
        assert_true(batch->why[0] != '\0');
        assert_null(batch->intake.items);
    }
}

static void a_batch_holds_at_most_two_thousand_events(void **state)
{
    struct batch *batch = *state;
    uint8_t *bytes = arena_take(batch->arena, 2 * 2001);

    for (int i = 0; i < 2001; i++)
        bytes[2 * i] = 0x0a;
    assert_int_equal(decode(batch, bytes, 2 * 2000), OK);
    assert_int_equal(batch->intake.count, 2000);
    assert_rejected(&batch->intake.items[1999], "id", "is missing");
    assert_int_equal(decode(batch, bytes, 2 * 2001), INVALID_ARGUMENT);
    assert_string_equal(batch->field, "events");
    assert_non_null(strstr(batch->why, "2001 events: a Publish holds 1 to 2,000"));
}

static void place_lines(struct batch *batch, size_t count)
{
    struct sample s;

    fill_sample(&s);
    s.content.lines = arena_take_array(batch->arena, count, sizeof(*s.content.lines));
    s.content.n_lines = count;
    for (size_t i = 0; i < count; i++)
        s.content.lines[i] = &s.line[0];
    add(batch, TYPE("OrderPlaced"), &s.placed.base);
}

static void twenty_thousand_lines_are_taken_and_one_more_is_not(void **state)
{
    struct batch *batch = *state;

    place_lines(batch, ORDER_MAX_LINES);
    place_lines(batch, ORDER_MAX_LINES + 1);
    place_lines(batch, 100000);

    const struct intake_item *items = decode_first(batch);

    assert_accepted(&items[0]);
    assert_int_equal(codec_order_of(&items[0])->content->line_count, ORDER_MAX_LINES);
    assert_int_equal(codec_order_of(&items[0])->content->net_micros, INT64_C(20000) * 83400000);
    assert_rejected(&items[1], "data.content.lines", "20001 lines");
    assert_rejected(&items[2], "data.content.lines", "100000 lines: a document has 1 to 20,000");
}

static void a_full_arena_refuses_the_request(void **state)
{
    struct batch *batch = *state;
    struct arena *small = arena_new(256 * 1024);

    place_lines(batch, ORDER_MAX_LINES);

    ProtobufCBinaryData bytes = packed_batch(batch);

    assert_int_equal(codec_get_publish(bytes.data, bytes.len, &limits, small, &batch->intake,
                                       batch->field, sizeof(batch->field), batch->why,
                                       sizeof(batch->why)),
                     RESOURCE_EXHAUSTED);
    assert_null(batch->intake.items);
    arena_free(small);
}

static void the_hash_covers_type_subject_and_data(void **state)
{
    struct batch *batch = *state;
    Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue value =
        IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__INIT;
    ProtobufCBinaryData data = {3, (uint8_t *)"abc"};
    uint8_t expected[32];

    value.attr_case = IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_STRING;
    value.ce_string = "s";
    add_attribute(batch, add_bytes(batch, "t", data), "subject", value);
    add_bytes(batch, "t", data);

    const struct intake_item *items = decode_first(batch);

    crypto_hash_sha256(expected, (const uint8_t *)"t\0s\0abc", 8);
    assert_memory_equal(items[0].hash, expected, 32);
    crypto_hash_sha256(expected, (const uint8_t *)"t\0\0abc", 7);
    assert_memory_equal(items[1].hash, expected, 32);
}

static void the_same_event_in_another_envelope_has_the_same_hash(void **state)
{
    struct batch *batch = *state;
    Google__Protobuf__Any any = GOOGLE__PROTOBUF__ANY__INIT;
    struct sample s;

    fill_sample(&s);
    add(batch, TYPE("OrderPlaced"), &s.placed.base);
    add(batch, TYPE("OrderPlaced"), &s.placed.base);
    any.value = batch->events[1]->binary_data;
    any.type_url = "type.googleapis.com/" TYPE("OrderPlaced");
    batch->events[1]->data_case = IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_PROTO_DATA;
    batch->events[1]->proto_data = &any;

    const struct intake_item *items = decode_first(batch);

    assert_memory_equal(items[0].hash, items[1].hash, 32);
}

/* Bytes cut off or flipped anywhere: an answer, never a crash. */
static void damaged_batches_are_answered(void **state)
{
    struct batch *batch = *state;
    struct sample s;

    fill_sample(&s);
    add(batch, TYPE("OrderPlaced"), &s.placed.base);
    add(batch, TYPE("OrderPlaced"), &s.placed.base);

    ProtobufCBinaryData bytes = packed_batch(batch);

    for (size_t i = 0; i < bytes.len; i++) {
        struct arena *arena = arena_new(1 << 20);
        uint8_t *copy = test_malloc(bytes.len);
        struct intake intake = {NULL, 0};

        memcpy(copy, bytes.data, bytes.len);
        copy[i] ^= 0xff;
        (void)!codec_get_publish(copy, bytes.len, &limits, arena, &intake, batch->field,
                                 sizeof(batch->field), batch->why, sizeof(batch->why));
        (void)!codec_get_publish(copy, i, &limits, arena, &intake, batch->field,
                                 sizeof(batch->field), batch->why, sizeof(batch->why));
        test_free(copy);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BATCH_TEST(the_envelope_of_each_event_is_checked),
        BATCH_TEST(over_long_ids_are_rejected_and_cut_between_characters),
        BATCH_TEST(data_come_as_any_or_bytes_and_as_nothing_else),
        BATCH_TEST(one_bad_item_does_not_spoil_its_batch),
        BATCH_TEST(an_event_that_is_no_protobuf_rejects_itself_only),
        BATCH_TEST(an_embedded_nul_is_found),
        BATCH_TEST(what_is_no_publish_is_refused_as_a_whole),
        BATCH_TEST(a_batch_holds_at_most_two_thousand_events),
        BATCH_TEST(twenty_thousand_lines_are_taken_and_one_more_is_not),
        BATCH_TEST(a_full_arena_refuses_the_request),
        BATCH_TEST(the_hash_covers_type_subject_and_data),
        BATCH_TEST(the_same_event_in_another_envelope_has_the_same_hash),
        BATCH_TEST(damaged_batches_are_answered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
