/* Answers, events for the log and questions, read back with protobuf-c itself. */
#include "services/customers/codec/codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include "kehu/bus/v1/service.pb-c.h"
#include "kehu/customers/v1/customers.pb-c.h"
#include "kehu/customers/v1/events.pb-c.h"

static const struct id some_id = {{0x01, 0x7f, 0x22, 0xe2, 0x79, 0xb0, 0x70, 0x00, 0xbf, 0x01, 0x02,
                                   0x03, 0x04, 0x05, 0x06, 0x07}};
#define SOME_ID "017f22e2-79b0-7000-bf01-020304050607"

static int open_arena(void **state)
{
    *state = arena_new(1 << 20);
    return 0;
}

static int close_arena(void **state)
{
    arena_free(*state);
    return 0;
}

static void each_item_is_answered_and_counted(void **state)
{
    static const struct intake_answer answers[] = {
        {INTAKE_ACCEPTED, true, NULL, NULL},
        {INTAKE_ACCEPTED, false, NULL, NULL},
        {INTAKE_DUPLICATE, true, NULL, NULL},
        {INTAKE_REJECTED, false, "data.number", "is missing"},
    };
    const Kehu__Bus__V1__Published *published =
        (const void *)intake_published(answers, COUNT_OF(answers), *state);

    assert_int_equal(published->n_items, 4);
    assert_int_equal(published->accepted, 2);
    assert_int_equal(published->duplicates, 1);
    assert_int_equal(published->rejected, 1);
    assert_int_equal(published->historic, 1);
    assert_true(published->items[0]->historic);
    assert_string_equal(published->items[1]->field, "");
    assert_int_equal(published->items[3]->outcome, KEHU__BUS__V1__OUTCOME__OUTCOME_REJECTED);
    assert_string_equal(published->items[3]->field, "data.number");
    assert_string_equal(published->items[3]->why, "is missing");
}

static void a_registered_customer_is_announced_by_number(void **state)
{
    const struct codec_reference reference = {TEXT_OF("uci"), TEXT_OF("18102")};
    struct packed packed = codec_customer_registered(&some_id, 123, &reference, true, *state);
    Kehu__Customers__V1__CustomerRegistered *event =
        kehu__customers__v1__customer_registered__unpack(NULL, packed.bytes, packed.at);

    assert_string_equal(event->customer_id, SOME_ID);
    assert_string_equal(event->number, "KH000123");
    assert_string_equal(event->source, "uci");
    assert_string_equal(event->external_id, "18102");
    assert_true(event->historic);
    kehu__customers__v1__customer_registered__free_unpacked(event, NULL);
}

static void a_recorded_order_says_how_it_stands(void **state)
{
    const struct order order = {
        .id = some_id,
        .customer = some_id,
        .counts_as = some_id,
        .revision = 2,
        .kind = ORDER_KIND_RETURN,
        .day = 20726,
        .ordered_at_us = INT64_C(1790000000000001),
        .currency = "CNY",
        .line_count = 3,
        .net_micros = -5,
        .is_cancelled = true,
        .delivered_at_us = 7000000,
    };
    struct packed packed = codec_order_recorded(&order, *state);
    Kehu__Customers__V1__OrderRecorded *event =
        kehu__customers__v1__order_recorded__unpack(NULL, packed.bytes, packed.at);

    assert_string_equal(event->order_id, SOME_ID);
    assert_string_equal(event->recorded_on, "");
    assert_string_equal(event->day, "2026-09-30");
    assert_int_equal(event->kind, KEHU__CUSTOMERS__V1__DOCUMENT_KIND__DOCUMENT_KIND_RETURN);
    assert_int_equal(event->ordered_at->nanos, 1000);
    assert_int_equal(event->net_micros, -5);
    assert_null(event->paid_at);
    assert_int_equal(event->delivered_at->seconds, 7);
    assert_true(event->cancelled);
    kehu__customers__v1__order_recorded__free_unpacked(event, NULL);
}

static void an_order_of_a_merged_customer_is_told_of_the_survivor(void **state)
{
    const struct order order = {
        .id = some_id, .customer = some_id, .counts_as = {{1}}, .currency = "CNY"};
    struct packed packed = codec_order_recorded(&order, *state);
    Kehu__Customers__V1__OrderRecorded *event =
        kehu__customers__v1__order_recorded__unpack(NULL, packed.bytes, packed.at);

    assert_string_equal(event->customer_id, "01000000-0000-0000-0000-000000000000");
    assert_string_equal(event->recorded_on, SOME_ID);
    kehu__customers__v1__order_recorded__free_unpacked(event, NULL);
}

static void a_moved_order_says_from_whom_and_to_whom(void **state)
{
    const struct order before = {.id = some_id, .customer = some_id, .counts_as = some_id};
    const struct id to = {{1}};
    struct packed packed = codec_order_moved(&before, &to, *state);
    Kehu__Customers__V1__OrderMoved *event =
        kehu__customers__v1__order_moved__unpack(NULL, packed.bytes, packed.at);

    assert_string_equal(event->customer_id, SOME_ID);
    assert_string_equal(event->order_id, SOME_ID);
    assert_string_equal(event->to_customer_id, "01000000-0000-0000-0000-000000000000");
    kehu__customers__v1__order_moved__free_unpacked(event, NULL);
}

static void a_full_arena_gives_no_event_and_no_answer(void **state)
{
    struct arena *small = arena_new(64);
    const struct order order = {.currency = "CNY"};
    const struct customer_file file = {.number = 1};
    const struct codec_reference reference = {TEXT_OF("x"), TEXT_OF("1")};

    (void)state;
    assert_null(codec_order_recorded(&order, small).at);
    assert_int_equal(codec_customer_registered(&some_id, 1, &reference, false, small).bytes, 0);
    assert_null(codec_customer(&file, small));
    assert_null(codec_sales_report(NULL, 0, "", small));
    arena_free(small);
}

static void the_file_of_a_customer_shows_all_of_it(void **state)
{
    static const struct customer_reference references[] = {{{"uci", 3}, {"13085", 5}},
                                                           {{"shop", 4}, {"a:b", 3}}};
    static const struct customer_sales sales[] = {{"CNY", 2, 5, 700}, {"EUR", 1, 1, -3}};
    static const struct customer_order orders[] = {{.id = some_id,
                                                    .source = {"uci", 3},
                                                    .number = {"489434", 6},
                                                    .kind = ORDER_KIND_ORDER,
                                                    .ordered_at_us = 1000000,
                                                    .day = 1,
                                                    .region = {"云南", 6},
                                                    .currency = "CNY",
                                                    .net_micros = 700,
                                                    .line_count = 5,
                                                    .paid_micros = 9}};
    const struct customer_file file = {.id = some_id,
                                       .number = 7,
                                       .name = {"名", 3},
                                       .is_incomplete = true,
                                       .references = references,
                                       .reference_count = 2,
                                       .registered_at_us = 5,
                                       .sales = sales,
                                       .sales_count = 2,
                                       .first_order_at_us = 1000000,
                                       .recent_orders = orders,
                                       .recent_order_count = 1,
                                       .version = 4};
    const Kehu__Customers__V1__Customer *customer = (const void *)codec_customer(&file, *state);

    assert_string_equal(customer->number, "KH000007");
    assert_string_equal(customer->name, "名");
    assert_int_equal(customer->n_refs, 2);
    assert_string_equal(customer->refs[0], "uci:13085");
    assert_string_equal(customer->refs[1], "shop:a:b");
    assert_int_equal(customer->n_sales, 2);
    assert_string_equal(customer->sales[1]->currency, "EUR");
    assert_int_equal(customer->sales[1]->net_micros, -3);
    assert_non_null(customer->first_order_at);
    assert_null(customer->last_order_at);
    assert_string_equal(customer->recent_orders[0]->region, "云南");
    assert_string_equal(customer->recent_orders[0]->day, "1970-01-02");
    assert_null(customer->recent_orders[0]->delivered_at);
    assert_int_equal(customer->version, 4);
    assert_true(protobuf_c_message_check(&customer->base));
}

static void the_sales_report_has_its_rows_and_the_next_page(void **state)
{
    static const struct sales_row rows[] = {
        {{"total", 5}, "GBP", 525461, 28816, 4383, 9539484634000}};
    const Kehu__Customers__V1__SalesReport *report =
        (const void *)codec_sales_report(rows, 1, "next", *state);

    assert_int_equal(report->n_rows, 1);
    assert_string_equal(report->rows[0]->key, "total");
    assert_int_equal(report->rows[0]->net_micros, 9539484634000);
    assert_string_equal(report->next_page_token, "next");
    report = (const void *)codec_sales_report(NULL, 0, NULL, *state);
    assert_string_equal(report->next_page_token, "");
    assert_true(protobuf_c_message_check(&report->base));
}

static char field[100], why[300];

static enum status ask_customer(struct arena *arena, const char *ref, uint32_t recent_orders,
                                struct customer_question *out)
{
    Kehu__Customers__V1__GetCustomer ask = KEHU__CUSTOMERS__V1__GET_CUSTOMER__INIT;
    uint8_t bytes[300];

    ask.ref = (char *)ref;
    ask.recent_orders = recent_orders;
    return codec_get_get_customer(bytes, kehu__customers__v1__get_customer__pack(&ask, bytes),
                                  arena, out, field, sizeof(field), why, sizeof(why));
}

static void a_customer_is_asked_for_by_ref(void **state)
{
    struct customer_question question;

    assert_int_equal(ask_customer(*state, "uci:13085", 100, &question), OK);
    assert_int_equal(question.kind, CUSTOMER_REF_EXTERNAL);
    assert_int_equal(question.recent_orders, 100);
    assert_int_equal(ask_customer(*state, "", 0, &question), INVALID_ARGUMENT);
    assert_string_equal(field, "ref");
    assert_int_equal(ask_customer(*state, "nobody", 0, &question), INVALID_ARGUMENT);
    assert_non_null(strstr(why, "KH000123"));
    assert_non_null(strstr(why, "source:external_id"));
    assert_int_equal(ask_customer(*state, "KH1", 101, &question), INVALID_ARGUMENT);
    assert_string_equal(field, "recent_orders");
    assert_string_equal(why, "is 101: at most 100 are shown");
}

static enum status ask_sales(struct arena *arena, Kehu__Customers__V1__ReportSales ask,
                             struct sales_question *out)
{
    uint8_t bytes[300];

    return codec_get_report_sales(bytes, kehu__customers__v1__report_sales__pack(&ask, bytes),
                                  arena, out, field, sizeof(field), why, sizeof(why));
}

static void a_report_without_wishes_is_the_total_of_all_time(void **state)
{
    Kehu__Customers__V1__ReportSales ask = KEHU__CUSTOMERS__V1__REPORT_SALES__INIT;
    struct sales_question question;

    assert_int_equal(ask_sales(*state, ask, &question), OK);
    assert_int_equal(question.by, SALES_KEY_IS_TOTAL);
    assert_false(question.has_from);
    assert_false(question.has_to);
    assert_int_equal(question.top, 0);
    assert_int_equal(question.page_size, SALES_DEFAULT_PAGE);
    assert_int_equal(question.page_token.bytes, 0);
}

static void the_wishes_of_a_report_are_read(void **state)
{
    Kehu__Customers__V1__ReportSales ask = KEHU__CUSTOMERS__V1__REPORT_SALES__INIT;
    struct sales_question question;

    ask.by = KEHU__CUSTOMERS__V1__SALES_KEY__SALES_KEY_MONTH;
    ask.from = ask.to = "2026-09-30";
    ask.page_size = 5000;
    ask.page_token = "abc";
    assert_int_equal(ask_sales(*state, ask, &question), OK);
    assert_int_equal(question.by, SALES_KEY_IS_MONTH);
    assert_true(question.has_from && question.has_to);
    assert_int_equal(question.from_day, 20726);
    assert_int_equal(question.to_day, 20726);
    assert_int_equal(question.page_size, 5000);
    assert_int_equal(question.page_token.bytes, 3);
}

static void a_wrong_wish_is_named(void **state)
{
    static const struct {
        int by;
        const char *from, *to;
        uint32_t top, page_size;
        const char *token, *field, *part;
    } bad[] = {
        {9, "", "", 0, 0, "", "by", "9"},
        {1, "2026-02-30", "", 0, 0, "", "from", "YYYY-MM-DD"},
        {1, "", "yesterday", 0, 0, "", "to", "YYYY-MM-DD"},
        {1, "2026-02-02", "2026-02-01", 0, 0, "", "to", "before from (2026-02-02)"},
        {1, "", "", 5001, 0, "", "top", "at most 5000"},
        {1, "", "", 0, 5001, "", "page_size", "at most 5000"},
        {1, "", "", 5, 0, "abc", "page_token", "together with top"},
    };

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        Kehu__Customers__V1__ReportSales ask = KEHU__CUSTOMERS__V1__REPORT_SALES__INIT;
        struct sales_question question;

        ask.by = (Kehu__Customers__V1__SalesKey)bad[i].by;
        ask.from = (char *)bad[i].from;
        ask.to = (char *)bad[i].to;
        ask.top = bad[i].top;
        ask.page_size = bad[i].page_size;
        ask.page_token = (char *)bad[i].token;
        assert_int_equal(ask_sales(*state, ask, &question), INVALID_ARGUMENT);
        assert_string_equal(field, bad[i].field);
        assert_non_null(strstr(why, bad[i].part));
    }
}

int main(void)
{
#define ARENA_TEST(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)
    const struct CMUnitTest tests[] = {
        ARENA_TEST(each_item_is_answered_and_counted),
        ARENA_TEST(a_registered_customer_is_announced_by_number),
        ARENA_TEST(a_recorded_order_says_how_it_stands),
        ARENA_TEST(a_moved_order_says_from_whom_and_to_whom),
        ARENA_TEST(an_order_of_a_merged_customer_is_told_of_the_survivor),
        ARENA_TEST(a_full_arena_gives_no_event_and_no_answer),
        ARENA_TEST(the_file_of_a_customer_shows_all_of_it),
        ARENA_TEST(the_sales_report_has_its_rows_and_the_next_page),
        ARENA_TEST(a_customer_is_asked_for_by_ref),
        ARENA_TEST(a_report_without_wishes_is_the_total_of_all_time),
        ARENA_TEST(the_wishes_of_a_report_are_read),
        ARENA_TEST(a_wrong_wish_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
