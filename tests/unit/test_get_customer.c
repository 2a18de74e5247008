/*
 * GetCustomer against a scripted store: every order of arrival, each ask failing in turn, the audit
 * of what was shown, and too little memory at every place.
 */
#include "services/customers/handlers/handlers.h"

#include "kehu/customers/v1/customers.pb-c.h"
#include "tests/unit/scripted_world.h"

static const struct handler handlers[] = {
    {.type = "kehu.customers.v1.GetCustomer", .step = handle_get_customer, .is_query = true},
};

static struct flow_limits limits = {.max_requests = 16,
                                    .max_polls = 4,
                                    .max_bytes = 64 << 20,
                                    .max_arena_bytes = 8 << 20,
                                    .deadline_us = 30 * SECOND_US};

static struct {
    bool is_unknown, has_no_name;
    int64_t merged_from;
    uint32_t audited;
} store;

static void count_audit(const struct pg_unit *unit)
{
    store.audited += world_rows_written(unit, "audit_add");
}

static PGresult *file_of(void)
{
    PGresult *rows = rows_new(9);

    if (store.is_unknown)
        return rows;
    rows_put_id(rows, 0, 0, 5);
    rows_put_int8(rows, 0, 1, 123);
    if (store.has_no_name)
        rows_put_null(rows, 0, 2);
    else
        rows_put_text(rows, 0, 2, "云南茶叶有限公司");
    rows_put_bool(rows, 0, 3, true);
    rows_put_time(rows, 0, 4, world.now_us);
    rows_put_int8(rows, 0, 5, 9);
    rows_put_time(rows, 0, 6, world.now_us - DAY_US);
    rows_put_null(rows, 0, 7);
    if (store.merged_from)
        rows_put_int8(rows, 0, 8, store.merged_from);
    else
        rows_put_null(rows, 0, 8);
    return rows;
}

static PGresult *rows_of(const struct pg_ask *ask)
{
    const char *name = ask->statement->name;
    PGresult *rows;

    if (strncmp(name, "customer_find", 13) == 0)
        return file_of();
    if (strcmp(name, "customer_list_references") == 0) {
        rows = rows_new(2);
        rows_put_text(rows, 0, 0, "uci");
        rows_put_text(rows, 0, 1, "13085");
        return rows;
    }
    if (strcmp(name, "customer_list_sales") == 0) {
        rows = rows_new(4);
        rows_put_text(rows, 0, 0, "GBP");
        for (int i = 1; i < 4; i++)
            rows_put_int8(rows, 0, i, i);
        return rows;
    }
    return NULL;
}

static void begin_world(void)
{
    memset(&store, 0, sizeof(store));
    world_open(handlers, COUNT_OF(handlers), &limits);
    world.rows_of = rows_of;
    world.committing = count_audit;
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

static void get(const char *ref)
{
    Kehu__Customers__V1__GetCustomer ask = KEHU__CUSTOMERS__V1__GET_CUSTOMER__INIT;
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;
    uint8_t payload[300];

    ask.ref = (char *)ref;
    ask.recent_orders = 10;
    request.id = "1";
    request.type = "kehu.customers.v1.GetCustomer";
    request.payload =
        (ProtobufCBinaryData){kehu__customers__v1__get_customer__pack(&ask, payload), payload};
    world_send(&request);
}

static void assert_shown(void)
{
    assert_int_equal(only_reply()->status, OK);
    Kehu__Customers__V1__Customer *customer = kehu__customers__v1__customer__unpack(
        NULL, only_reply()->payload.len, only_reply()->payload.data);

    assert_non_null(customer);
    assert_string_equal(customer->number, "KH000123");
    assert_string_equal(customer->name, store.has_no_name ? "" : "云南茶叶有限公司");
    assert_int_equal(customer->n_refs, 1);
    assert_int_equal(customer->n_sales, 1);
    assert_non_null(customer->first_order_at);
    assert_null(customer->last_order_at);
    assert_int_equal(customer->version, 9);
    kehu__customers__v1__customer__free_unpacked(customer, NULL);
}

static void the_file_is_shown_and_audited_in_every_order_of_arrival(void **state)
{
    unsigned long order = 0;

    (void)state;
    for (bool done = false; !done; order++) {
        store.audited = 0;
        world.choices = order;
        get("uci:13085");
        world_run();
        done = world.choices > 0;
        assert_shown();
        assert_int_equal(store.audited, 1);
        world_forget_replies();
    }
    assert_int_equal(order, 7); /* three asks at once: six orders, and the one that is none */
}

static void a_file_without_a_name_is_shown_without_audit(void **state)
{
    (void)state;
    store.has_no_name = true;
    get("KH000123");
    world_run();
    assert_shown();
    assert_int_equal(store.audited, 0);
}

static void a_merged_customer_is_shown_as_his_survivor_with_the_number_asked_for(void **state)
{
    Kehu__Customers__V1__Customer *customer;

    (void)state;
    store.merged_from = 77;
    get("KH000077");
    world_run();
    assert_shown();
    customer = kehu__customers__v1__customer__unpack(NULL, only_reply()->payload.len,
                                                     only_reply()->payload.data);
    assert_string_equal(customer->merged_from, "KH000077");
    kehu__customers__v1__customer__free_unpacked(customer, NULL);
}

static void nothing_is_shown_before_the_audit_is_committed(void **state)
{
    static const enum status statuses[] = {UNAVAILABLE, INTERNAL};

    (void)state;
    for (size_t s = 0; s < COUNT_OF(statuses); s++) {
        world.commits = &statuses[s];
        world.commit_count = 1;
        world.commits_done = 0;
        get("KH000123");
        world_run();
        assert_int_equal(only_reply()->status, statuses[s]);
        assert_int_equal(only_reply()->payload.len, 0);
        world_forget_replies();
    }
}

static void who_is_unknown_is_not_found(void **state)
{
    (void)state;
    store.is_unknown = true;
    get("00000000-0000-0000-0000-000000000001");
    world_run();
    assert_int_equal(only_reply()->status, NOT_FOUND);
    assert_int_equal(world.arrivals, 1);
}

static void what_is_no_reference_is_refused_before_anything_is_asked(void **state)
{
    (void)state;
    get("nobody");
    world_run();
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
    assert_string_equal(only_reply()->violations[0]->field, "ref");
    assert_int_equal(world.arrivals, 0);
}

static void each_ask_that_fails_ends_it(void **state)
{
    static const enum status statuses[] = {UNAVAILABLE, DEADLINE_EXCEEDED, INTERNAL};

    (void)state;
    for (size_t s = 0; s < COUNT_OF(statuses); s++)
        for (world.fails_at = 0; world.fails_at < 4; world.fails_at++) {
            world.fails_with = statuses[s];
            world.arrivals = 0;
            get("KH000123");
            world_run();
            assert_int_equal(only_reply()->status, statuses[s]);
            assert_int_equal(store.audited, 0);
            world_forget_replies();
        }
}

static void with_too_little_memory_it_is_refused(void **state)
{
    unsigned refused = 0, answered = 0;

    (void)state;
    world_close();
    for (limits.max_arena_bytes = 512; limits.max_arena_bytes < 32 * 1024;
         limits.max_arena_bytes += 16) {
        begin_world();
        get("uci:13085");
        world_run();
        if ((enum status)only_reply()->status == OK) {
            assert_shown();
            answered++;
        } else {
            assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
            refused++;
        }
        world_close();
    }
    assert_in_range(refused, 50, 10000);
    assert_in_range(answered, 50, 10000);
    begin_world();
}

#define GET_TEST(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GET_TEST(the_file_is_shown_and_audited_in_every_order_of_arrival),
        GET_TEST(a_file_without_a_name_is_shown_without_audit),
        GET_TEST(a_merged_customer_is_shown_as_his_survivor_with_the_number_asked_for),
        GET_TEST(nothing_is_shown_before_the_audit_is_committed),
        GET_TEST(who_is_unknown_is_not_found),
        GET_TEST(what_is_no_reference_is_refused_before_anything_is_asked),
        GET_TEST(each_ask_that_fails_ends_it),
        GET_TEST(with_too_little_memory_it_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
