/* The snake_case JSON of kehuctl --json. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clients/kehuctl/ctl_event.c"
#include "clients/kehuctl/ctl_json.c"
#include "kehu/bus/v1/service.pb-c.h"
#include "kehu/customers/v1/customers.pb-c.h"
#include "kehu/customers/v1/events.pb-c.h"

static void assert_json(json_t *json, const char *expected)
{
    char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);

    assert_string_equal(text, expected);
    free(text);
    json_decref(json);
}

static void every_field_is_printed_also_when_empty(void **state)
{
    Kehu__Customers__V1__SalesRow row = KEHU__CUSTOMERS__V1__SALES_ROW__INIT;

    (void)state;
    assert_json(ctl_json_message(&row.base), "{\"key\":\"\",\"currency\":\"\",\"lines\":0,"
                                             "\"orders\":0,\"customers\":0,\"net\":\"0\"}");
}

static void micros_are_decimals_under_the_short_name(void **state)
{
    Kehu__Customers__V1__SalesRow row = KEHU__CUSTOMERS__V1__SALES_ROW__INIT;

    (void)state;
    row.net_micros = INT64_C(9539484634000);
    row.lines = 525461;
    json_t *json = ctl_json_message(&row.base);

    assert_string_equal(json_string_value(json_object_get(json, "net")), "9539484.634");
    assert_int_equal(json_integer_value(json_object_get(json, "lines")), 525461);
    assert_null(json_object_get(json, "net_micros"));
    json_decref(json);
}

static void counts_beyond_what_doubles_hold_are_text(void **state)
{
    Kehu__Customers__V1__SalesRow row = KEHU__CUSTOMERS__V1__SALES_ROW__INIT;

    (void)state;
    row.lines = EXACT_IN_JSON;
    row.orders = EXACT_IN_JSON + 1;
    json_t *json = ctl_json_message(&row.base);

    assert_true(json_is_integer(json_object_get(json, "lines")));
    assert_string_equal(json_string_value(json_object_get(json, "orders")), "9007199254740993");
    json_decref(json);
}

static void enums_have_short_lower_case_names(void **state)
{
    (void)state;
    assert_json(enum_name(&kehu__customers__v1__document_kind__descriptor, 3), "\"return\"");
    assert_json(enum_name(&kehu__bus__v1__health_state__descriptor, 2), "\"degraded\"");
    assert_json(enum_name(&kehu__bus__v1__outcome__descriptor, 99), "99");
}

static void times_are_rfc_3339_in_utc(void **state)
{
    char text[40];

    (void)state;
    ctl_json_time(1291191960, 0, text);
    assert_string_equal(text, "2010-12-01T08:26:00Z");
    ctl_json_time(1291191960, 500000000, text);
    assert_string_equal(text, "2010-12-01T08:26:00.500Z");
    ctl_json_time(-1, 1000, text);
    assert_string_equal(text, "1969-12-31T23:59:59.000001Z");
}

static void absent_times_are_empty_and_absent_messages_null(void **state)
{
    Kehu__Customers__V1__OrderContent content = KEHU__CUSTOMERS__V1__ORDER_CONTENT__INIT;

    (void)state;
    assert_json(ctl_json_message(&content.base), "{\"ordered_at\":\"\",\"customer\":null,"
                                                 "\"region\":\"\",\"currency\":\"\",\"lines\":[]}");
}

static void an_event_is_flat_and_its_data_is_read(void **state)
{
    Kehu__Customers__V1__CustomerRegistered data = KEHU__CUSTOMERS__V1__CUSTOMER_REGISTERED__INIT;
    Io__Cloudevents__V1__CloudEvent event;
    Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue version =
        IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__INIT;
    Io__Cloudevents__V1__CloudEvent__AttributesEntry entry =
        IO__CLOUDEVENTS__V1__CLOUD_EVENT__ATTRIBUTES_ENTRY__INIT;
    Io__Cloudevents__V1__CloudEvent__AttributesEntry *entries[] = {&entry};
    uint8_t bytes[100];

    (void)state;
    io__cloudevents__v1__cloud_event__init(&event);
    data.number = (char *)"KH000123";
    version.attr_case =
        IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_STRING;
    version.ce_string = (char *)"7";
    entry.key = (char *)"entityversion";
    entry.value = &version;
    event.id = (char *)"e1";
    event.source = (char *)"customers";
    event.type = (char *)"kehu.customers.v1.CustomerRegistered";
    event.n_attributes = 1;
    event.attributes = entries;
    event.data_case = IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_BINARY_DATA;
    event.binary_data.data = bytes;
    event.binary_data.len = protobuf_c_message_pack(&data.base, bytes);
    assert_json(ctl_json_event(&event.base),
                "{\"id\":\"e1\",\"source\":\"customers\","
                "\"type\":\"kehu.customers.v1.CustomerRegistered\",\"subject\":\"\",\"time\":\"\","
                "\"entityversion\":7,\"correlationid\":\"\",\"causationid\":\"\","
                "\"data\":{\"customer_id\":\"\",\"number\":\"KH000123\",\"source\":\"\","
                "\"historic\":false,\"external_id\":\"\"}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_printed_also_when_empty),
        cmocka_unit_test(micros_are_decimals_under_the_short_name),
        cmocka_unit_test(counts_beyond_what_doubles_hold_are_text),
        cmocka_unit_test(enums_have_short_lower_case_names),
        cmocka_unit_test(times_are_rfc_3339_in_utc),
        cmocka_unit_test(absent_times_are_empty_and_absent_messages_null),
        cmocka_unit_test(an_event_is_flat_and_its_data_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
