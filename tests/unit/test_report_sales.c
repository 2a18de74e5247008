/*
 * ReportSales against a scripted store: pages, the token of the next, and what it refuses.
 */
#include "services/customers/handlers/handlers.h"

#include "kehu/customers/v1/customers.pb-c.h"
#include "tests/unit/scripted_world.h"

static const struct handler handlers[] = {
    {.type = "kehu.customers.v1.ReportSales", .step = handle_report_sales, .is_query = true},
};

static struct flow_limits limits = {.max_requests = 16,
                                    .max_polls = 4,
                                    .max_bytes = 64 << 20,
                                    .max_arena_bytes = 8 << 20,
                                    .deadline_us = 30 * SECOND_US};

static int stored_rows;
static char asked_statement[64], asked_key[64], asked_currency[8];

static void take_text(const struct pg_ask *ask, int i, char *out)
{
    memcpy(out, ask->args->values[i].bytes, ask->args->values[i].used);
    out[ask->args->values[i].used] = '\0';
}

static void put_figures(PGresult *rows, int row, const char *key)
{
    rows_put_text(rows, row, 0, key);
    rows_put_text(rows, row, 1, "GBP");
    for (int i = 2; i < 6; i++)
        rows_put_int8(rows, row, i, i);
}

/* Named customers 1, 2, 3 …; the second has no figures. */
static PGresult *rows_of_customers(uint64_t limit)
{
    PGresult *rows = rows_new(7);

    for (int row = 0; row < stored_rows && row < (int)limit; row++) {
        struct id id = {{(uint8_t)(row + 1)}};
        if (row != 1)
            put_figures(rows, row, "shop:c");
        rows_put(rows, row, 6, id.bytes, sizeof(id.bytes));
    }
    return rows;
}

static PGresult *rows_of(const struct pg_ask *ask)
{
    PGresult *rows = rows_new(6);
    uint64_t limit;

    snprintf(asked_statement, sizeof(asked_statement), "%s", ask->statement->name);
    if (strcmp(asked_statement, "sales_list_anonymous") == 0) {
        put_figures(rows, 0, "");
        return rows;
    }
    bool is_page = strcmp(asked_statement, "sales_list_customers") == 0;
    bool is_largest = strcmp(asked_statement, "sales_list_largest") == 0;

    memcpy(&limit, ask->args->values[is_page || is_largest ? 2 : 3].bytes, sizeof(limit));
    limit = be64toh(limit);
    if (is_page) {
        PQclear(rows);
        return rows_of_customers(limit);
    }
    if (!is_largest) {
        take_text(ask, 4, asked_key);
        take_text(ask, 5, asked_currency);
    }
    for (int row = 0; row < stored_rows && row < (int)limit; row++) {
        char key[20];
        snprintf(key, sizeof(key), "region %d", row);
        put_figures(rows, row, key);
    }
    return rows;
}

static void begin_world(void)
{
    stored_rows = 5;
    world_open(handlers, COUNT_OF(handlers), &limits);
    world.rows_of = rows_of;
}

static int open_world(void **state)
{
    (void)state;
    limits.max_arena_bytes = 8 << 20;
    begin_world();
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    world_close();
    return 0;
}

static const Kehu__Bus__V1__Reply *only_reply(void)
{
    assert_int_equal(world.reply_count, 1);
    return world.replies[0];
}

static void report(int by, uint32_t top, uint32_t page_size, const char *token)
{
    Kehu__Customers__V1__ReportSales ask = KEHU__CUSTOMERS__V1__REPORT_SALES__INIT;
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;
    uint8_t payload[3000];

    ask.by = (Kehu__Customers__V1__SalesKey)by;
    ask.top = top;
    ask.page_size = page_size;
    ask.page_token = (char *)token;
    request.id = "1";
    request.type = "kehu.customers.v1.ReportSales";
    request.payload =
        (ProtobufCBinaryData){kehu__customers__v1__report_sales__pack(&ask, payload), payload};
    world_send(&request);
    world_run();
}

static void assert_rows(size_t count, const char *next)
{
    assert_int_equal(only_reply()->status, OK);
    Kehu__Customers__V1__SalesReport *sales = kehu__customers__v1__sales_report__unpack(
        NULL, only_reply()->payload.len, only_reply()->payload.data);

    assert_non_null(sales);
    assert_int_equal(sales->n_rows, count);
    assert_string_equal(sales->next_page_token, next);
    kehu__customers__v1__sales_report__free_unpacked(sales, NULL);
    world_forget_replies();
}

static void each_key_has_its_statement(void **state)
{
    static const char *const names[] = {"total", "region", "month"};

    (void)state;
    for (int by = 1; by <= 3; by++) {
        report(by, 0, 0, "");
        assert_rows(5, "");
        assert_string_equal(strrchr(asked_statement, '_') + 1, names[by - 1]);
    }
}

static void a_page_names_the_row_after_which_the_next_begins(void **state)
{
    (void)state;
    report(2, 0, 3, "");
    assert_rows(3, "GBP.region 2");
    report(2, 0, 3, "GBP.region 2");
    assert_string_equal(asked_key, "region 2");
    assert_string_equal(asked_currency, "GBP");
    world_forget_replies();
    stored_rows = 3; /* exactly a page: there is no next */
    report(2, 0, 3, "");
    assert_rows(3, "");
}

static void pages_of_customers_follow_their_ids_after_those_without_a_customer(void **state)
{
    (void)state;
    report(4, 0, 3, "");
    assert_rows(3, "03000000-0000-0000-0000-000000000000"); /* nobody, the first and the third */
    report(4, 0, 3, "03000000-0000-0000-0000-000000000000");
    assert_rows(2, "03000000-0000-0000-0000-000000000000");
    report(4, 0, 10, "");
    assert_rows(5, "");
    report(4, 0, 3, "GBP.x");
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
    assert_string_equal(only_reply()->violations[0]->field, "page_token");
}

static void the_largest_customers_have_no_pages(void **state)
{
    (void)state;
    report(4, 3, 0, "");
    assert_rows(3, "");
    assert_string_equal(asked_statement, "sales_list_largest");
}

static void the_largest_have_no_pages(void **state)
{
    (void)state;
    report(2, 3, 0, "");
    assert_rows(3, "");
}

static void nothing_sold_is_an_empty_report(void **state)
{
    (void)state;
    stored_rows = 0;
    report(1, 0, 0, "");
    assert_rows(0, "");
}

static void what_is_no_token_and_no_key_is_refused(void **state)
{
    (void)state;
    report(2, 0, 3, "GBPx");
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
    assert_string_equal(only_reply()->violations[0]->field, "page_token");
    world_forget_replies();
    report(9, 0, 0, "");
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
    assert_string_equal(only_reply()->violations[0]->field, "by");
    assert_int_equal(world.arrivals, 0);
}

static void a_question_that_fails_ends_it(void **state)
{
    static const enum status statuses[] = {UNAVAILABLE, DEADLINE_EXCEEDED, INTERNAL};

    (void)state;
    for (size_t s = 0; s < COUNT_OF(statuses); s++) {
        world.fails_at = world.arrivals;
        world.fails_with = statuses[s];
        report(1, 0, 0, "");
        assert_int_equal(only_reply()->status, statuses[s]);
        world_forget_replies();
    }
}

static void with_too_little_memory_it_is_refused(void **state)
{
    unsigned refused = 0, answered = 0;

    (void)state;
    world_close();
    for (limits.max_arena_bytes = 256; limits.max_arena_bytes < 16 * 1024;
         limits.max_arena_bytes += 16) {
        begin_world();
        report(2, 0, 3, "");
        if ((enum status)only_reply()->status == OK) {
            assert_rows(3, "GBP.region 2");
            answered++;
        } else {
            assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
            refused++;
        }
        world_close();
    }
    assert_in_range(refused, 20, 10000);
    assert_in_range(answered, 20, 10000);
    begin_world();
}

#define REPORT_TEST(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REPORT_TEST(each_key_has_its_statement),
        REPORT_TEST(a_page_names_the_row_after_which_the_next_begins),
        REPORT_TEST(the_largest_have_no_pages),
        REPORT_TEST(pages_of_customers_follow_their_ids_after_those_without_a_customer),
        REPORT_TEST(the_largest_customers_have_no_pages),
        REPORT_TEST(nothing_sold_is_an_empty_report),
        REPORT_TEST(what_is_no_token_and_no_key_is_refused),
        REPORT_TEST(a_question_that_fails_ends_it),
        REPORT_TEST(with_too_little_memory_it_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
