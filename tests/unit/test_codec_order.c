/* The data of the six order events: what is read, and how each wrong field is named. */
#include "tests/unit/codec_batch.h"

static void a_placed_order_is_read_as_it_was_written(void **state)
{
    struct sample s;

    fill_sample(&s);
    const struct intake_item *item = place(*state, &s);
    const struct order_event *event = codec_order_of(item);
    const struct order_content *content = event->content;

    assert_accepted(item);
    assert_true(is_text(event->source, "uci"));
    assert_true(is_text(event->id, "event-0"));
    assert_true(is_text(event->number, "489434"));
    assert_int_equal(event->fact, ORDER_FACT_CONTENT);
    assert_int_equal(event->at_us, (NOW_S - 86400) * SECOND_US + 123456);
    assert_int_equal(content->kind, ORDER_KIND_ORDER);
    assert_int_equal(content->revision, 0);
    assert_int_equal(content->ordered_at_us, event->at_us);
    assert_int_equal(content->day, (NOW_S - 86400 + 8 * 3600) / 86400);
    assert_true(is_text(content->customer, " 13085 "));
    assert_true(is_text(content->customer_name, "云南茶叶有限公司"));
    assert_true(is_text(content->region, " United Kingdom "));
    assert_string_equal(content->currency, "GBP");
    assert_int_equal(content->line_count, 2);
    assert_int_equal(content->lines[0].amount_micros, 83400000);
    assert_int_equal(content->lines[1].amount_micros, -5);
    assert_int_equal(content->net_micros, 83399995);
}

static void without_a_customer_or_with_an_empty_one_the_order_has_none(void **state)
{
    struct batch *batch = *state;
    struct sample s;

    fill_sample(&s);
    s.content.customer = NULL;
    add(batch, TYPE("OrderPlaced"), &s.placed.base);
    s.content.customer = &s.customer;
    s.customer.external_id = "";
    add(batch, TYPE("OrderPlaced"), &s.placed.base);
    decode_first(batch);
    for (size_t i = 0; i < 2; i++) {
        assert_accepted(&batch->intake.items[i]);
        assert_int_equal(codec_order_of(&batch->intake.items[i])->content->customer.bytes, 0);
    }
}

static void the_attribute_time_is_the_business_time_of_an_amendment(void **state)
{
    struct batch *batch = *state;
    Kehu__Customers__V1__OrderAmended amended = KEHU__CUSTOMERS__V1__ORDER_AMENDED__INIT;
    Google__Protobuf__Timestamp at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue value =
        IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__INIT;
    struct sample s;

    fill_sample(&s);
    amended.number = "489434";
    amended.revision = 3;
    amended.content = &s.content;
    at.seconds = NOW_S;
    value.attr_case =
        IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_TIMESTAMP;
    value.ce_timestamp = &at;
    add_attribute(batch, add(batch, TYPE("OrderAmended"), &amended.base), "time", value);
    at.seconds = NOW_S + 2 * 86400;
    add_attribute(batch, add(batch, TYPE("OrderAmended"), &amended.base), "time", value);
    value.attr_case = IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_STRING;
    value.ce_string = "2026-09-21T00:00:00Z";
    add_attribute(batch, add(batch, TYPE("OrderAmended"), &amended.base), "time", value);

    /* The pointer was shared: pack the first one with its own time. */
    batch->events[0]->attributes[0]->value->ce_timestamp =
        arena_copy(batch->arena, &at, sizeof(at));
    batch->events[0]->attributes[0]->value->ce_timestamp->seconds = NOW_S;

    const struct intake_item *items = decode_first(batch);

    assert_accepted(&items[0]);
    assert_int_equal(codec_order_of(&items[0])->at_us, NOW_S * SECOND_US);
    assert_int_equal(codec_order_of(&items[0])->content->revision, 3);
    assert_rejected(&items[1], "time", "at most one day ahead of our clock (2026-09-21)");
    assert_rejected(&items[2], "time", "ce_timestamp");
}

static void facts_carry_the_time_of_their_data(void **state)
{
    struct batch *batch = *state;
    Google__Protobuf__Timestamp at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    Kehu__Customers__V1__OrderCancelled cancelled = KEHU__CUSTOMERS__V1__ORDER_CANCELLED__INIT;
    Kehu__Customers__V1__OrderPaid paid = KEHU__CUSTOMERS__V1__ORDER_PAID__INIT;
    Kehu__Customers__V1__OrderDelivered delivered = KEHU__CUSTOMERS__V1__ORDER_DELIVERED__INIT;

    at.seconds = NOW_S;
    cancelled.number = paid.number = delivered.number = "7";
    cancelled.cancelled_at = paid.paid_at = delivered.delivered_at = &at;
    paid.currency = "CNY";
    paid.amount_micros = -5;
    add(batch, TYPE("OrderCancelled"), &cancelled.base);
    add(batch, TYPE("OrderPaid"), &paid.base);
    add(batch, TYPE("OrderDelivered"), &delivered.base);

    const struct intake_item *items = decode_first(batch);

    for (int i = 0; i < 3; i++) {
        assert_accepted(&items[i]);
        assert_int_equal(codec_order_of(&items[i])->fact, ORDER_FACT_CANCELLED + i);
        assert_int_equal(codec_order_of(&items[i])->at_us, NOW_S * SECOND_US);
        assert_null(codec_order_of(&items[i])->content);
    }
    assert_string_equal(codec_order_of(&items[1])->currency, "CNY");
    assert_int_equal(codec_order_of(&items[1])->amount_micros, -5);
}

static void a_return_names_its_order(void **state)
{
    Kehu__Customers__V1__OrderReturned returned = KEHU__CUSTOMERS__V1__ORDER_RETURNED__INIT;
    struct sample s;

    fill_sample(&s);
    returned.number = "C489449";
    returned.order_number = "489434";
    returned.content = &s.content;
    add(*state, TYPE("OrderReturned"), &returned.base);

    const struct intake_item *item = decode_first(*state);

    assert_accepted(item);
    assert_int_equal(codec_order_of(item)->content->kind, ORDER_KIND_RETURN);
    assert_true(is_text(codec_order_of(item)->content->order_number, "489434"));
}

/* Each row bends one field of the sample. */
#define BENT(test_name, change, field, part)                                                       \
    static void test_name(void **state)                                                            \
    {                                                                                              \
        struct batch *batch = *state;                                                              \
        struct sample s;                                                                           \
                                                                                                   \
        (void)batch;                                                                               \
        fill_sample(&s);                                                                           \
        change;                                                                                    \
        assert_rejected(place(*state, &s), field, part);                                           \
    }

BENT(a_missing_number_is_named, s.placed.number = "", "data.number",
     "is missing: it has 1 to 64 characters")

BENT(a_number_of_65_characters_is_too_long, s.placed.number = repeated(batch, "单", 65),
     "data.number", "has 65 characters: it may have at most 64")

BENT(missing_content_is_named, s.placed.content = NULL, "data.content", "is missing")

BENT(a_return_may_not_come_as_a_placed_order,
     s.placed.kind = KEHU__CUSTOMERS__V1__DOCUMENT_KIND__DOCUMENT_KIND_RETURN, "data.kind",
     "OrderReturned")

BENT(an_unknown_kind_is_named, s.placed.kind = (Kehu__Customers__V1__DocumentKind)9, "data.kind",
     "9")

BENT(a_missing_time_is_named, s.content.ordered_at = NULL, "data.content.ordered_at", "is missing")

BENT(an_empty_timestamp_is_no_time, s.at.seconds = 0;
     s.at.nanos = 0, "data.content.ordered_at", "later than the begin of 1970")

BENT(a_time_before_1970_is_named, s.at.seconds = -5, "data.content.ordered_at", "-5 seconds")

BENT(nanos_out_of_range_are_named, s.at.nanos = 1000000000, "data.content.ordered_at",
     "999,999,999")

BENT(negative_nanos_are_named, s.at.nanos = -1, "data.content.ordered_at", "-1 nanos")

BENT(milliseconds_instead_of_seconds_are_named, s.at.seconds = NOW_S * 1000,
     "data.content.ordered_at", "after the year 9999")

BENT(a_time_two_days_ahead_is_named, s.at.seconds = NOW_S + 86400, "data.content.ordered_at",
     "is 2026-09-22: it may be at most one day ahead")

BENT(an_over_long_external_id_is_named, s.customer.external_id = repeated(batch, "x", 129),
     "data.content.customer.external_id", "has 129 characters")

BENT(an_over_long_name_is_named, s.customer.name = repeated(batch, "名", 201),
     "data.content.customer.name", "at most 200")

BENT(an_over_long_region_is_named, s.content.region = repeated(batch, "x", 101),
     "data.content.region", "at most 100")

BENT(a_missing_currency_is_named, s.content.currency = "", "data.content.currency", "is missing")

BENT(an_unknown_currency_is_named, s.content.currency = "RMB", "data.content.currency",
     "is \"RMB\": only codes of ISO 4217")

BENT(an_order_without_lines_is_refused, s.content.n_lines = 0, "data.content.lines", "is empty")

BENT(a_line_without_product_is_named, s.line[1].product = "", "data.content.lines[1].product",
     "is missing")

BENT(an_over_long_description_is_named, s.line[1].description = repeated(batch, "x", 501),
     "data.content.lines[1].description", "at most 500")

BENT(an_over_long_batch_is_named, s.line[0].batch = repeated(batch, "x", 65),
     "data.content.lines[0].batch", "at most 64")

BENT(a_line_that_overflows_is_named, s.line[1].quantity_micros = INT64_MAX;
     s.line[1].unit_price_micros = INT64_MAX, "data.content.lines[1].quantity_micros",
     "over one billion")

BENT(lines_that_overflow_together_are_named,
     s.line[0].quantity_micros = s.line[1].quantity_micros = ORDER_MAX_AMOUNT_MICROS;
     s.line[0].unit_price_micros = s.line[1].unit_price_micros = SECOND_US, "data.content.lines",
     "over one billion")

BENT(text_that_is_not_utf_8_is_named, s.line[1].description = "caf\xe9",
     "data.content.lines[1].description", "UTF-8")

BENT(a_control_character_is_named, s.content.region = "a\x1b[31m", "data.content.region",
     "control character")

static void limits_are_counted_in_characters_not_bytes(void **state)
{
    struct sample s;

    fill_sample(&s);
    s.placed.number = repeated(*state, "单", 64);
    s.customer.name = repeated(*state, "名", 200);
    s.line[0].description = repeated(*state, "述", 500);
    assert_accepted(place(*state, &s));
}

static void a_time_one_day_ahead_is_still_taken(void **state)
{
    struct sample s;

    fill_sample(&s);
    s.at.seconds = NOW_S + 86400;
    s.at.nanos = 0;
    assert_accepted(place(*state, &s));
}

static void amendments_count_from_one(void **state)
{
    struct batch *batch = *state;
    Kehu__Customers__V1__OrderAmended amended = KEHU__CUSTOMERS__V1__ORDER_AMENDED__INIT;
    struct sample s;

    fill_sample(&s);
    amended.number = "1";
    amended.content = &s.content;
    add(batch, TYPE("OrderAmended"), &amended.base);
    amended.revision = 2147483648u;
    add(batch, TYPE("OrderAmended"), &amended.base);

    const struct intake_item *items = decode_first(batch);

    assert_rejected(&items[0], "data.revision", "is 0: amendments count 1, 2, 3");
    assert_rejected(&items[1], "data.revision", "2147483648");
}

static void payments_have_bounds(void **state)
{
    struct batch *batch = *state;
    Google__Protobuf__Timestamp at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    Kehu__Customers__V1__OrderPaid paid = KEHU__CUSTOMERS__V1__ORDER_PAID__INIT;

    at.seconds = NOW_S;
    paid.number = "7";
    paid.paid_at = &at;
    paid.currency = "CNY";
    paid.amount_micros = ORDER_MAX_AMOUNT_MICROS;
    add(batch, TYPE("OrderPaid"), &paid.base);
    paid.amount_micros++;
    add(batch, TYPE("OrderPaid"), &paid.base);
    paid.amount_micros = INT64_MIN;
    add(batch, TYPE("OrderPaid"), &paid.base);
    paid.currency = "cny";
    add(batch, TYPE("OrderPaid"), &paid.base);

    const struct intake_item *items = decode_first(batch);

    assert_accepted(&items[0]);
    assert_rejected(&items[1], "data.amount_micros", "over one billion");
    assert_rejected(&items[2], "data.amount_micros", "over one billion");
    assert_rejected(&items[3], "data.currency", "cny");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BATCH_TEST(a_placed_order_is_read_as_it_was_written),
        BATCH_TEST(without_a_customer_or_with_an_empty_one_the_order_has_none),
        BATCH_TEST(the_attribute_time_is_the_business_time_of_an_amendment),
        BATCH_TEST(facts_carry_the_time_of_their_data),
        BATCH_TEST(a_return_names_its_order),
        BATCH_TEST(a_missing_number_is_named),
        BATCH_TEST(a_number_of_65_characters_is_too_long),
        BATCH_TEST(missing_content_is_named),
        BATCH_TEST(a_return_may_not_come_as_a_placed_order),
        BATCH_TEST(an_unknown_kind_is_named),
        BATCH_TEST(a_missing_time_is_named),
        BATCH_TEST(an_empty_timestamp_is_no_time),
        BATCH_TEST(a_time_before_1970_is_named),
        BATCH_TEST(nanos_out_of_range_are_named),
        BATCH_TEST(negative_nanos_are_named),
        BATCH_TEST(milliseconds_instead_of_seconds_are_named),
        BATCH_TEST(a_time_two_days_ahead_is_named),
        BATCH_TEST(an_over_long_external_id_is_named),
        BATCH_TEST(an_over_long_name_is_named),
        BATCH_TEST(an_over_long_region_is_named),
        BATCH_TEST(a_missing_currency_is_named),
        BATCH_TEST(an_unknown_currency_is_named),
        BATCH_TEST(an_order_without_lines_is_refused),
        BATCH_TEST(a_line_without_product_is_named),
        BATCH_TEST(an_over_long_description_is_named),
        BATCH_TEST(an_over_long_batch_is_named),
        BATCH_TEST(a_line_that_overflows_is_named),
        BATCH_TEST(lines_that_overflow_together_are_named),
        BATCH_TEST(text_that_is_not_utf_8_is_named),
        BATCH_TEST(a_control_character_is_named),
        BATCH_TEST(limits_are_counted_in_characters_not_bytes),
        BATCH_TEST(a_time_one_day_ahead_is_still_taken),
        BATCH_TEST(amendments_count_from_one),
        BATCH_TEST(payments_have_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
