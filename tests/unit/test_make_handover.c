/*
 * MakeHandover against a scripted store: everything in one unit, every order of arrival, each ask
 * failing in turn, a stale unit, and too little memory at every place.
 */
#include "services/customers/handlers/handlers.h"

#include "kehu/customers/v1/handover.pb-c.h"
#include "tests/unit/scripted_world.h"

#define CUSTOMERS 3

static const struct handler handlers[] = {
    {.type = "kehu.customers.v1.MakeHandover", .step = handle_make_handover},
};

static struct flow_limits limits = {.max_requests = 16,
                                    .max_polls = 4,
                                    .max_bytes = 64 << 20,
                                    .max_arena_bytes = 8 << 20,
                                    .deadline_us = 30 * SECOND_US};

static struct {
    bool receiver_has_left, has_nobody, has_team;
    uint32_t units, ended, added, states, items, receivers, events, left, guarded, people, timers,
        receipts, audited;
} store;

static void count_writes(const struct pg_unit *unit)
{
    store.units++;
    store.ended += world_rows_written(unit, "owner_end");
    store.added += world_rows_written(unit, "owner_add");
    store.states += world_rows_written(unit, "owner_save_state");
    store.items += world_rows_written(unit, "handover_add_item");
    store.receivers += world_rows_written(unit, "handover_add_receiver");
    store.events += world_rows_written(unit, "log_add");
    store.left += world_find_write(unit, "handover_let_leave") != NULL;
    store.guarded += world_rows_written(unit, "handover_guard_nobody_left");
    store.people += world_rows_written(unit, "owner_guard_person");
    store.timers += world_rows_written(unit, "timer_arm");
    store.receipts += world_rows_written(unit, "command_add");
    store.audited += world_rows_written(unit, "audit_add");
}

static void put_person(PGresult *rows, int row, uint8_t id, const char *code, bool has_left)
{
    rows_put_id(rows, row, 0, id);
    rows_put_text(rows, row, 1, code);
    rows_put_text(rows, row, 2, code);
    rows_put_bool(rows, row, 3, has_left);
    rows_put_bool(rows, row, 4, false);
    rows_put_bool(rows, row, 5, false);
    rows_put_null(rows, row, 6);
    rows_put_bool(rows, row, 7, true);
    rows_put_null(rows, row, 8);
    rows_put_int8(rows, row, 9, 4);
    rows_put_int8(rows, row, 10, 0);
}

static PGresult *people_of(void)
{
    PGresult *rows = rows_new(11);

    put_person(rows, 0, 1, "li", false);
    put_person(rows, 1, 2, "wang", store.receiver_has_left);
    return rows;
}

static PGresult *owned_of(void)
{
    PGresult *rows = rows_new(12);

    for (int i = 0; !store.has_nobody && i < CUSTOMERS; i++) {
        rows_put_id(rows, i, 0, (uint8_t)(10 + i));
        rows_put_int8(rows, i, 1, 100 + i);
        rows_put_text(rows, i, 2, "customer");
        rows_put_text(rows, i, 3, "organisation");
        rows_put_text(rows, i, 4, "");
        rows_put_null(rows, i, 5);
        rows_put_text(rows, i, 6, "owned");
        rows_put_int4(rows, i, 7, 7);
        rows_put_id(rows, i, 8, (uint8_t)(20 + i));
        rows_put_id(rows, i, 9, 1);
        rows_put_time(rows, i, 10, world.now_us - DAY_US);
        rows_put_null(rows, i, 11);
    }
    return rows;
}

/* Customer 30, whom he helps to look after. */
static PGresult *team_of(void)
{
    PGresult *rows = rows_new(5);

    rows_put_id(rows, 0, 0, 30);
    rows_put_id(rows, 0, 1, 40);
    rows_put_bool(rows, 0, 2, false);
    rows_put_int4(rows, 0, 3, 9);
    rows_put_text(rows, 0, 4, "owned");
    return rows;
}

static PGresult *rows_of(const struct pg_ask *ask)
{
    const char *name = ask->statement->name;

    if (strcmp(name, "owner_list_people") == 0)
        return people_of();
    if (strcmp(name, "owner_list_owned") == 0)
        return owned_of();
    if (strcmp(name, "handover_list_team") == 0 && store.has_team)
        return team_of();
    return NULL;
}

static void begin_world(void)
{
    memset(&store, 0, sizeof(store));
    world_open(handlers, COUNT_OF(handlers), &limits);
    calendar_set_office(&world.service.calendar, &world.service.zone);
    world.rows_of = rows_of;
    world.committing = count_writes;
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

static void hand_over(const char *to)
{
    Kehu__Customers__V1__MakeHandover ask = KEHU__CUSTOMERS__V1__MAKE_HANDOVER__INIT;
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;
    uint8_t payload[300];

    ask.from = "li";
    ask.to = (char *)to;
    ask.leaves = true;
    request.id = "1";
    request.source = "shop";
    request.type = "kehu.customers.v1.MakeHandover";
    request.payload =
        (ProtobufCBinaryData){kehu__customers__v1__make_handover__pack(&ask, payload), payload};
    world_send(&request);
}

static void assert_made(void)
{
    assert_int_equal(only_reply()->status, OK);
    Kehu__Customers__V1__Handover *handover = kehu__customers__v1__handover__unpack(
        NULL, only_reply()->payload.len, only_reply()->payload.data);

    assert_non_null(handover);
    assert_int_equal(handover->customers, CUSTOMERS);
    assert_int_equal(handover->pending, CUSTOMERS);
    assert_int_equal(handover->n_receivers, 1);
    assert_string_equal(handover->receivers[0]->staff, "wang");
    kehu__customers__v1__handover__free_unpacked(handover, NULL);
}

static void customers_and_access_change_hands_in_one_unit(void **state)
{
    (void)state;
    hand_over("wang");
    world_run();
    assert_made();
    assert_int_equal(store.units, 1);
    assert_int_equal(store.ended, CUSTOMERS);
    assert_int_equal(store.added, CUSTOMERS);
    assert_int_equal(store.states, CUSTOMERS);
    assert_int_equal(store.items, CUSTOMERS);
    assert_int_equal(store.people, CUSTOMERS);
    assert_int_equal(store.receivers, 1);
    assert_int_equal(store.timers, 1);
    assert_int_equal(store.left, 1);
    assert_int_equal(store.guarded, 1);
    assert_int_equal(store.events, CUSTOMERS + 2); /* OwnerChanged, HandoverMade, StaffLeft */
    assert_int_equal(store.receipts, 1);
    assert_int_equal(store.audited, 1);
}

static void the_order_of_arrival_changes_nothing(void **state)
{
    unsigned long order = 0;

    (void)state;
    for (bool done = false; !done && order < 100; order++) {
        world.choices = order;
        hand_over("wang");
        world_run();
        done = world.choices > 0;
        assert_made();
        world_forget_replies();
    }
    assert_true(order > 3);
}

static void a_stale_unit_decides_again(void **state)
{
    static const enum status stale[] = {ABORTED};

    (void)state;
    world.commits = stale;
    world.commit_count = 1;
    hand_over("wang");
    world_run();
    assert_made();
    assert_int_equal(store.units, 2);
}

static void nothing_is_written_for_who_has_left_or_for_nobody(void **state)
{
    (void)state;
    store.receiver_has_left = true;
    hand_over("wang");
    world_run();
    assert_int_equal(only_reply()->status, FAILED_PRECONDITION);
    assert_string_equal(only_reply()->violations[0]->field, "to");
    world_forget_replies();
    hand_over("zhao");
    world_run();
    assert_int_equal(only_reply()->status, NOT_FOUND);
    world_forget_replies();
    hand_over("li");
    world_run();
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
    assert_int_equal(store.units, 0);
}

static void who_leaves_without_customers_leaves_all_the_same(void **state)
{
    (void)state;
    store.has_nobody = true;
    hand_over("wang");
    world_run();
    assert_int_equal(only_reply()->status, OK);
    assert_int_equal(store.left, 1);
    assert_int_equal(store.items, 0);
}

/* Guarded by the version of the customer's owners, which whoever else changes them reads too. */
static void places_in_teams_change_hands_likewise(void **state)
{
    (void)state;
    store.has_nobody = store.has_team = true;
    hand_over("wang");
    world_run();
    assert_int_equal(only_reply()->status, OK);
    assert_int_equal(store.ended, 1);
    assert_int_equal(store.added, 1);
    assert_int_equal(store.states, 1);
    assert_int_equal(store.people, 1);
}

static void each_ask_that_fails_ends_it(void **state)
{
    (void)state;
    for (world.fails_at = 0; world.fails_at < 5; world.fails_at++) {
        world.fails_with = UNAVAILABLE;
        world.arrivals = 0;
        hand_over("wang");
        world_run();
        assert_int_equal(only_reply()->status, UNAVAILABLE);
        assert_int_equal(store.units, 0);
        world_forget_replies();
    }
}

static void too_little_memory_writes_nothing_and_says_so(void **state)
{
    bool was_enough = false;

    (void)state;
    for (size_t bytes = 1024; !was_enough; bytes += 1024) {
        world_close();
        limits.max_arena_bytes = bytes;
        begin_world();
        hand_over("wang");
        world_run();
        was_enough = (enum status)only_reply()->status == OK;
        assert_true(was_enough || world_is_too_large(only_reply()));
        assert_int_equal(store.units, was_enough);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(customers_and_access_change_hands_in_one_unit, open_world,
                                        close_world),
        cmocka_unit_test_setup_teardown(the_order_of_arrival_changes_nothing, open_world,
                                        close_world),
        cmocka_unit_test_setup_teardown(a_stale_unit_decides_again, open_world, close_world),
        cmocka_unit_test_setup_teardown(nothing_is_written_for_who_has_left_or_for_nobody,
                                        open_world, close_world),
        cmocka_unit_test_setup_teardown(who_leaves_without_customers_leaves_all_the_same,
                                        open_world, close_world),
        cmocka_unit_test_setup_teardown(places_in_teams_change_hands_likewise, open_world,
                                        close_world),
        cmocka_unit_test_setup_teardown(each_ask_that_fails_ends_it, open_world, close_world),
        cmocka_unit_test_setup_teardown(too_little_memory_writes_nothing_and_says_so, open_world,
                                        close_world),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
