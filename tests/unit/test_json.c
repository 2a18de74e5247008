/*
 * ProtoJSON both ways: every message of the contract there and back, the text forms, the refusals.
 */
#include "common/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/descriptor.h"
#include "common/json_text.h"
#include "common/registry.h"

static struct arena *arena;
static char why[300];

static int make_arena(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    why[0] = '\0';
    return arena ? 0 : -1;
}

static int free_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static ProtobufCMessage *make_full(const ProtobufCMessageDescriptor *descriptor, unsigned turn);

static void fill_value(const ProtobufCFieldDescriptor *field, void *at, unsigned turn)
{
    const ProtobufCEnumDescriptor *list = field->descriptor;
    ProtobufCBinaryData bytes = {5, (uint8_t *)"\0\xff\xfe>?"};

    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        *(const char **)at = "客户 \"x\"\\";
        break;
    case PROTOBUF_C_TYPE_BYTES:
        *(ProtobufCBinaryData *)at = bytes;
        break;
    case PROTOBUF_C_TYPE_MESSAGE:
        *(ProtobufCMessage **)at = make_full(field->descriptor, turn);
        break;
    case PROTOBUF_C_TYPE_ENUM:
        *(int *)at = list->values[list->n_values - 1].value;
        break;
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)at = 1;
        break;
    case PROTOBUF_C_TYPE_DOUBLE:
        *(double *)at = -0.1;
        break;
    default:
        memset(at, strcmp(field->name, "nanos") == 0 ? 1 : 2, descriptor_value_bytes(field->type));
        if (strcmp(field->name, "seconds") == 0)
            *(int64_t *)at = 1234567890;
    }
}

/* Every field set, the turn-th member of each oneof. An Any holds a Timestamp. */
static ProtobufCMessage *make_full(const ProtobufCMessageDescriptor *descriptor, unsigned turn)
{
    ProtobufCMessage *message = arena_take(arena, descriptor->sizeof_message);
    char *base = (char *)message;
    unsigned member = 0;

    descriptor->message_init(message);
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
            if (member++ != turn)
                continue;
            *(uint32_t *)(base + field->quantifier_offset) = field->id;
        }
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            size_t count = descriptor_is_map(field) ? 1 : 2;
            char *list = arena_take(arena, 64);
            for (size_t j = 0; j < count; j++)
                fill_value(field, list + j * descriptor_value_bytes(field->type), turn);
            *(size_t *)(base + field->quantifier_offset) = count;
            *(char **)(base + field->offset) = list;
        } else {
            fill_value(field, base + field->offset, turn);
        }
    }
    if (strcmp(descriptor->name, "google.protobuf.Any") == 0) {
        *(const char **)(base + descriptor->fields[0].offset) =
            "type.googleapis.com/google.protobuf.Timestamp";
        *(ProtobufCBinaryData *)(base + descriptor->fields[1].offset) =
            (ProtobufCBinaryData){2, (uint8_t *)"\x08\x07"};
    }
    return message;
}

static void same_bytes(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    size_t count = protobuf_c_message_get_packed_size(a);
    uint8_t *left = arena_take(arena, count), *right = arena_take(arena, count);

    assert_int_equal(protobuf_c_message_get_packed_size(b), count);
    protobuf_c_message_pack(a, left);
    protobuf_c_message_pack(b, right);
    assert_memory_equal(left, right, count);
}

static void there_and_back(const ProtobufCMessage *message, bool all)
{
    ProtobufCMessage *back = NULL;
    json_t *json = json_from_message(message, all, registry_find);
    char *text = json_dumps(json, JSON_ENCODE_ANY);
    json_t *again = json_loads(text, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);

    assert_int_equal(
        json_to_message(again, message->descriptor, arena, registry_find, &back, why, sizeof(why)),
        OK);
    same_bytes(message, back);
    json_decref(again);
    free(text);
    json_decref(json);
}

static void every_message_of_the_contract_goes_there_and_back(void **state)
{
    (void)state;
    const ProtobufCMessageDescriptor *descriptor;

    for (size_t i = 0; (descriptor = registry_at(i)); i++)
        for (unsigned turn = 0; turn < 8; turn++) {
            make_arena(NULL);
            there_and_back(make_full(descriptor, turn), turn % 2);
            free_arena(NULL);
        }
    make_arena(NULL);
}

static const ProtobufCMessageDescriptor *type_of(const char *type)
{
    const ProtobufCMessageDescriptor *descriptor = registry_find(type);

    assert_non_null(descriptor);
    return descriptor;
}

static enum status read_text(const char *type, const char *text, ProtobufCMessage **out)
{
    json_t *json =
        json_loads(text, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

    assert_non_null(json);
    enum status status =
        json_to_message(json, type_of(type), arena, registry_find, out, why, sizeof(why));
    json_decref(json);
    return status;
}

/* What was read, printed again. */
static void prints(const char *type, const char *text, bool all, const char *expected)
{
    ProtobufCMessage *message = NULL;

    if (read_text(type, text, &message) != OK)
        fail_msg("%s", why);
    json_t *json = json_from_message(message, all, registry_find);
    char *printed = json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT);
    assert_string_equal(printed, expected);
    free(printed);
    json_decref(json);
}

static void refused(const char *type, const char *text, const char *expected)
{
    ProtobufCMessage *message = NULL;

    assert_int_equal(read_text(type, text, &message), INVALID_ARGUMENT);
    assert_null(message);
    assert_string_equal(why, expected);
}

#define LINE "kehu.customers.v1.OrderLine"
#define PLACED "kehu.customers.v1.OrderPlaced"
#define EVENT "io.cloudevents.v1.CloudEvent"

static void names_are_read_in_both_forms_and_numbers_as_text(void **state)
{
    (void)state;
    prints(LINE, "{\"quantity_micros\":\"-5\",\"unitPriceMicros\":1e3,\"batch\":null}", false,
           "{\"quantityMicros\":\"-5\",\"unitPriceMicros\":\"1000\"}");
    prints(PLACED, "{\"kind\":1}", false, "{\"kind\":\"DOCUMENT_KIND_ORDER\"}");
    prints(PLACED, "{\"kind\":77}", false, "{\"kind\":77}");
    prints("kehu.bus.v1.Counter", "{\"value\":\"NaN\"}", false, "{\"value\":\"NaN\"}");
    prints("kehu.bus.v1.Counter", "{\"value\":\"-Infinity\"}", false, "{\"value\":\"-Infinity\"}");
}

static void defaults_are_printed_when_asked_for(void **state)
{
    (void)state;
    prints(PLACED, "{}", false, "{}");
    prints(PLACED, "{}", true, "{\"number\":\"\",\"kind\":\"DOCUMENT_KIND_UNSPECIFIED\"}");
}

static void maps_are_objects_and_any_names_its_type(void **state)
{
    (void)state;
    prints(EVENT,
           "{\"attributes\":{\"subject\":{\"ceString\":\"\"}},\"protoData\":{\"@type\":"
           "\"type.googleapis.com/kehu.customers.v1.OrderCancelled\",\"number\":\"7\"}}",
           false,
           "{\"attributes\":{\"subject\":{\"ceString\":\"\"}},\"protoData\":{\"@type\":"
           "\"type.googleapis.com/kehu.customers.v1.OrderCancelled\",\"number\":\"7\"}}");
    prints(
        "google.protobuf.Any",
        "{\"@type\":\"x/google.protobuf.Any\",\"value\":{\"@type\":\"x/google.protobuf.Duration\","
        "\"value\":\"1s\"}}",
        false,
        "{\"@type\":\"x/google.protobuf.Any\",\"value\":{\"@type\":\"x/google.protobuf.Duration\","
        "\"value\":\"1s\"}}");
    prints("google.protobuf.Any", "{\"@type\":\"x/no.Such\",\"value\":\"-_8\"}", false,
           "{\"@type\":\"x/no.Such\",\"value\":\"+/8=\"}");
    prints("google.protobuf.Any", "{}", false, "{}");
}

static void times_have_0_3_6_or_9_digits_and_any_offset(void **state)
{
    (void)state;
    const char *const type = "google.protobuf.Timestamp";

    prints(type, "\"2026-09-30T08:00:00Z\"", false, "\"2026-09-30T08:00:00Z\"");
    prints(type, "\"2026-09-30T08:00:00.1+08:00\"", false, "\"2026-09-30T00:00:00.100Z\"");
    prints(type, "\"1969-12-31T23:59:59.000001Z\"", false, "\"1969-12-31T23:59:59.000001Z\"");
    prints(type, "\"0001-01-01T00:00:00.123456789Z\"", false, "\"0001-01-01T00:00:00.123456789Z\"");
    prints(type, "\"9999-12-31T23:59:59Z\"", false, "\"9999-12-31T23:59:59Z\"");
    static const char *const bad[] = {
        "\"2026-02-29T00:00:00Z\"",      "\"2026-09-30T24:00:00Z\"",
        "\"2026-09-30T08:00:00\"",       "\"2026-09-30 08:00:00Z\"",
        "\"2026-09-30T08:00:00.Z\"",     "\"\"",
        "\"0001-01-01T00:00:00+00:01\"", "\"2026-09-30T08:00:00.1234567890Z\""};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        refused(type, bad[i], "is no time like 2026-09-30T08:00:00Z");
}

static void durations_are_seconds_with_an_s(void **state)
{
    (void)state;
    const char *const type = "google.protobuf.Duration";

    prints(type, "\"-0.5s\"", false, "\"-0.500s\"");
    prints(type, "\"315576000000s\"", false, "\"315576000000s\"");
    refused(type, "\"315576000001s\"", "is no duration like 1.5s");
    refused(type, "\"1\"", "is no duration like 1.5s");
    refused(type, "\"s\"", "is no duration like 1.5s");
}

static void wrong_values_are_refused_with_their_path(void **state)
{
    (void)state;
    refused(PLACED, "{\"content\":{\"lines\":[{},{\"quantityMicros\":1.5}]}}",
            "content.lines[1].quantity_micros: is not a whole number");
    refused(PLACED, "{\"content\":{\"lnes\":[]}}",
            "content.lnes: kehu.customers.v1.OrderContent has no such field");
    refused(PLACED, "{\"number\":5}", "number: is a number, wanted a string");
    refused(PLACED, "{\"number\":\"a\\u0000b\"}", "number: is text with NUL, wanted a string");
    refused(PLACED, "{\"kind\":\"NO\"}",
            "kind: \"NO\" is no value of kehu.customers.v1.DocumentKind: give "
            "DOCUMENT_KIND_ORDER, DOCUMENT_KIND_ADJUSTMENT, DOCUMENT_KIND_RETURN");
    refused(PLACED, "[]", "is a list, wanted an object");
    refused(PLACED, "{\"content\":{\"lines\":{}}}", "content.lines: is an object, wanted a list");
    refused(PLACED, "{\"content\":{\"lines\":[null]}}",
            "content.lines[0]: is null, wanted an object");
    refused(LINE, "{\"quantityMicros\":\"9223372036854775808\"}",
            "quantity_micros: is out of range");
    refused(LINE, "{\"quantityMicros\":\" 1\"}", "quantity_micros: is not a whole number");
    refused(LINE, "{\"quantityMicros\":1,\"quantity_micros\":1}",
            "quantity_micros: stands twice, under both its names");
    refused("kehu.bus.v1.Fetch", "{\"max\":-1}", "max: is out of range, wanted 0..4294967295");
    refused("kehu.bus.v1.Request", "{\"payload\":\"a\"}", "payload: is not base64");
    refused("kehu.bus.v1.Health", "{\"ready\":1}", "ready: is a number, wanted true or false");
    refused("kehu.bus.v1.Counter", "{\"value\":\"0x1\"}", "value: is not a number");
}

static void two_members_of_a_oneof_are_refused(void **state)
{
    (void)state;
    refused(EVENT, "{\"binaryData\":\"\",\"textData\":\"\"}",
            "text_data: stands beside binary_data, and only one of the two may");
    prints(EVENT, "{\"binaryData\":\"\",\"textData\":null}", false, "{\"binaryData\":\"\"}");
}

static void an_any_without_a_known_type_is_refused(void **state)
{
    (void)state;
    refused("google.protobuf.Any", "{\"value\":\"\"}", "has no \"@type\"");
    refused(EVENT, "{\"protoData\":{\"@type\":\"x/no.Such\",\"a\":1}}",
            "proto_data: is of unknown type, wants \"value\" in base64");
}

static void deep_nesting_is_refused(void **state)
{
    (void)state;
    char text[8192] = "", end[256] = "";

    for (int i = 0; i < 40; i++) {
        strcat(text, "{\"@type\":\"x/google.protobuf.Any\",\"value\":");
        strcat(end, "}");
    }
    strcat(text, "{}");
    strcat(text, end);
    refused("google.protobuf.Any", text, "is nested more than 32 deep");
}

static void what_does_not_fit_the_arena_is_exhausted(void **state)
{
    (void)state;
    ProtobufCMessage *message = NULL;
    struct arena *whole = arena;

    arena = arena_new(512);
    assert_int_equal(
        read_text(PLACED, "{\"content\":{\"lines\":[{},{},{},{},{},{},{},{}]}}", &message),
        RESOURCE_EXHAUSTED);
    arena_free(arena);
    arena = whole;
}

static void base64_is_read_padded_or_not_and_in_both_alphabets(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t count;
    } good[] = {{"", 0}, {"YQ", 1}, {"YQ==", 1}, {"YWI=", 2}, {"YWJj", 3}, {"-_-_", 3}};
    uint8_t out[8];
    size_t count;

    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(json_text_read_base64(good[i].text, strlen(good[i].text), out, &count));
        assert_int_equal(count, good[i].count);
    }
    assert_false(json_text_read_base64("Y", 1, out, &count));
    assert_false(json_text_read_base64("Y===", 4, out, &count));
    assert_false(json_text_read_base64("Y Q=", 4, out, &count));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_arena, free_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_message_of_the_contract_goes_there_and_back, free_arena),
        TEST(names_are_read_in_both_forms_and_numbers_as_text),
        TEST(defaults_are_printed_when_asked_for),
        TEST(maps_are_objects_and_any_names_its_type),
        TEST(times_have_0_3_6_or_9_digits_and_any_offset),
        TEST(durations_are_seconds_with_an_s),
        TEST(wrong_values_are_refused_with_their_path),
        TEST(two_members_of_a_oneof_are_refused),
        TEST(an_any_without_a_known_type_is_refused),
        TEST(deep_nesting_is_refused),
        TEST(what_does_not_fit_the_arena_is_exhausted),
        TEST(base64_is_read_padded_or_not_and_in_both_alphabets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
