/*
 * Decoding: what protobuf-c lets through and Kehu does not, each with the path of the field.
 */
#include "common/validate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/arena.h"
#include "kehu/bus/v1/envelope.pb-c.h"
#include "kehu/bus/v1/service.pb-c.h"
#include "kehu/customers/v1/customers.pb-c.h"
#include "kehu/customers/v1/orders.pb-c.h"

static char field[256], why[256];

static enum status unpack_within(const ProtobufCMessageDescriptor *descriptor, const void *bytes,
                                 size_t count, size_t limit)
{
    struct arena *arena = arena_new(limit);
    ProtobufCMessage *message = NULL;

    field[0] = why[0] = '\0';
    enum status status = validate_unpack(descriptor, arena_allocator(arena), bytes, count, &message,
                                         field, sizeof(field), why, sizeof(why));
    assert_int_equal(status == OK, message != NULL);
    arena_free(arena);
    return status;
}

static enum status unpack(const ProtobufCMessageDescriptor *descriptor, const void *bytes,
                          size_t count)
{
    return unpack_within(descriptor, bytes, count, 1 << 20);
}

static void refused(const ProtobufCMessageDescriptor *descriptor, const void *bytes, size_t count,
                    const char *expected_field, const char *expected_why)
{
    assert_int_equal(unpack(descriptor, bytes, count), INVALID_ARGUMENT);
    assert_string_equal(field, expected_field);
    assert_string_equal(why, expected_why);
}

static void a_good_message_is_unpacked(void **state)
{
    (void)state;
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;
    uint8_t bytes[256];

    request.id = "r-1";
    request.subject = "客户";
    size_t count = kehu__bus__v1__request__pack(&request, bytes);
    assert_int_equal(unpack(&kehu__bus__v1__request__descriptor, bytes, count), OK);
    assert_int_equal(unpack(&kehu__bus__v1__ping__descriptor, NULL, 0), OK);
}

static void a_nul_inside_a_string_is_found(void **state)
{
    (void)state;
    refused(&kehu__bus__v1__request__descriptor,
            "\x0a\x03"
            "a\0b",
            5, "id", "holds a NUL character at byte 1");
}

static void a_string_that_is_not_utf8_is_refused(void **state)
{
    (void)state;
    refused(&kehu__bus__v1__request__descriptor,
            "\x0a\x02"
            "a\xff",
            4, "id", "is not UTF-8 at byte 1");
}

static void a_control_character_is_refused(void **state)
{
    (void)state;
    refused(&kehu__bus__v1__request__descriptor,
            "\x0a\x02"
            "a\n",
            4, "id", "holds the control character U+000A at byte 1");
    refused(&kehu__bus__v1__request__descriptor, "\x12\x02\xc2\x85", 4, "type",
            "holds the control character U+0085 at byte 0");
}

static enum status unpack_lines(const char *bytes, size_t count)
{
    struct arena *arena = arena_new(1 << 20);
    ProtobufCMessage *message = NULL;
    enum status status = validate_unpack_lines(
        &kehu__bus__v1__request__descriptor, arena_allocator(arena), (const uint8_t *)bytes, count,
        &message, field, sizeof(field), why, sizeof(why));

    arena_free(arena);
    return status;
}

static void tabs_and_line_breaks_may_stand_where_the_caller_allows_them(void **state)
{
    (void)state;
    assert_int_equal(unpack_lines("\x0a\x05"
                                  "a\n\t\rb",
                                  7),
                     OK);
    assert_int_equal(unpack_lines("\x0a\x02"
                                  "a\v",
                                  4),
                     INVALID_ARGUMENT);
    assert_string_equal(why, "holds the control character U+000B at byte 1");
}

static void text_is_utf8_without_control_characters(void **state)
{
    (void)state;
    assert_true(validate_text("", 0));
    assert_true(validate_text("Müller 王 🎈", strlen("Müller 王 🎈")));
    assert_false(validate_text("a\tb", 3));
    assert_false(validate_text("\x7f", 1));
    assert_false(validate_text("\xc0\x80", 2));         /* overlong NUL */
    assert_false(validate_text("\xe0\x80\xaf", 3));     /* overlong */
    assert_false(validate_text("\xed\xa0\x80", 3));     /* a surrogate */
    assert_false(validate_text("\xf4\x90\x80\x80", 4)); /* past U+10FFFF */
    assert_false(validate_text("\xe7\x8e", 2));         /* cut */
    assert_false(validate_text("\x80", 1));
}

static void the_path_counts_the_elements_of_lists(void **state)
{
    (void)state;
    Kehu__Customers__V1__OrderLine lines[4], *list[4];
    Kehu__Customers__V1__OrderContent content = KEHU__CUSTOMERS__V1__ORDER_CONTENT__INIT;
    Kehu__Customers__V1__OrderPlaced placed = KEHU__CUSTOMERS__V1__ORDER_PLACED__INIT;
    uint8_t bytes[256];

    for (size_t i = 0; i < 4; i++) {
        kehu__customers__v1__order_line__init(&lines[i]);
        list[i] = &lines[i];
    }
    lines[0].quantity_micros = -1;
    lines[3].product = "\x01";
    content.n_lines = 4;
    content.lines = list;
    placed.content = &content;
    size_t count = kehu__customers__v1__order_placed__pack(&placed, bytes);
    refused(&kehu__customers__v1__order_placed__descriptor, bytes, count,
            "content.lines[3].product", "holds the control character U+0001 at byte 0");
}

static void the_path_leads_through_maps(void **state)
{
    (void)state;
    Kehu__Bus__V1__Publish publish = KEHU__BUS__V1__PUBLISH__INIT;
    Io__Cloudevents__V1__CloudEvent event[3], *events[3];
    Io__Cloudevents__V1__CloudEvent__AttributesEntry entry =
        IO__CLOUDEVENTS__V1__CLOUD_EVENT__ATTRIBUTES_ENTRY__INIT;
    Io__Cloudevents__V1__CloudEvent__AttributesEntry *entries[] = {&entry};
    Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue value =
        IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__INIT;
    uint8_t bytes[256];

    for (size_t i = 0; i < 3; i++) {
        io__cloudevents__v1__cloud_event__init(&event[i]);
        events[i] = &event[i];
    }
    publish.n_events = 3;
    publish.events = events;
    event[2].n_attributes = 1;
    event[2].attributes = entries;
    entry.key = "subject";
    entry.value = &value;
    value.attr_case = IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_STRING;
    value.ce_string = "\xfe";
    size_t count = kehu__bus__v1__publish__pack(&publish, bytes);
    refused(&kehu__bus__v1__publish__descriptor, bytes, count,
            "events[2].attributes.value.ce_string", "is not UTF-8 at byte 0");
}

static void an_unknown_enum_value_is_refused(void **state)
{
    (void)state;
    refused(&kehu__customers__v1__order_placed__descriptor, "\x10\x63", 2, "kind",
            "99 is no value of kehu.customers.v1.DocumentKind");
}

static void an_unknown_field_is_passed_over(void **state)
{
    (void)state;
    assert_int_equal(unpack(&kehu__bus__v1__ping__descriptor, "\xfa\x01\x02hi\x08\x05", 7), OK);
}

static void broken_bytes_are_refused(void **state)
{
    (void)state;
    refused(&kehu__bus__v1__request__descriptor,
            "\x0a\x05"
            "ab",
            4, "id", "broken field 1 of kehu.bus.v1.Request at byte 0");
    refused(&kehu__bus__v1__request__descriptor, "\x80", 1, "",
            "is no kehu.bus.v1.Request: broken tag at byte 0");
    refused(&kehu__bus__v1__request__descriptor, "\x08\x01", 2, "id",
            "has the wrong wire type 0, expected 2");
    refused(&kehu__bus__v1__request__descriptor, "\x0b", 1, "id",
            "broken field 1 of kehu.bus.v1.Request at byte 0");
    refused(&kehu__bus__v1__request__descriptor, "\x00\x00", 2, "",
            "is no kehu.bus.v1.Request: broken tag at byte 0");
}

static void a_message_past_the_limit_of_the_arena_is_exhausted(void **state)
{
    (void)state;
    uint8_t bytes[2000] = {0x52, 0xcd, 0x0f};

    assert_int_equal(unpack_within(&kehu__bus__v1__request__descriptor, bytes, 2000, 600),
                     RESOURCE_EXHAUSTED);
    assert_string_equal(why, "is too large to be worked on");
}

static void every_cut_of_a_good_message_is_survived(void **state)
{
    (void)state;
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;
    Google__Protobuf__Timestamp deadline = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    uint8_t bytes[256];

    request.id = "r-1";
    request.type = "kehu.bus.v1.Ping";
    deadline.seconds = -5;
    request.deadline = &deadline;
    size_t count = kehu__bus__v1__request__pack(&request, bytes);
    for (size_t cut = 0; cut < count; cut++) {
        uint8_t *copy = malloc(cut + 1);
        memcpy(copy, bytes, cut);
        enum status status = unpack(&kehu__bus__v1__request__descriptor, copy, cut);
        assert_true(status == OK || status == INVALID_ARGUMENT);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_message_is_unpacked),
        cmocka_unit_test(a_nul_inside_a_string_is_found),
        cmocka_unit_test(a_string_that_is_not_utf8_is_refused),
        cmocka_unit_test(a_control_character_is_refused),
        cmocka_unit_test(tabs_and_line_breaks_may_stand_where_the_caller_allows_them),
        cmocka_unit_test(text_is_utf8_without_control_characters),
        cmocka_unit_test(the_path_counts_the_elements_of_lists),
        cmocka_unit_test(the_path_leads_through_maps),
        cmocka_unit_test(an_unknown_enum_value_is_refused),
        cmocka_unit_test(an_unknown_field_is_passed_over),
        cmocka_unit_test(broken_bytes_are_refused),
        cmocka_unit_test(a_message_past_the_limit_of_the_arena_is_exhausted),
        cmocka_unit_test(every_cut_of_a_good_message_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
