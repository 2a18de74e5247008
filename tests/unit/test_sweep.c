/* Sweeps against a scripted store: who takes what is due, how long, and what happens on failure. */
#include <sodium.h>

#include "tests/unit/scripted_sweep.h"

/* --- the scripted store --- */

static struct {
    size_t sets;        /* that are due */
    int64_t next_at_us; /* 0: none */
    bool is_anothers;   /* the lease */
    bool is_mine;       /* likewise */
    int64_t left_us;    /* of it */
    size_t looks, taken, done, waked;
} store;

static PGresult *rows_of(const struct pg_ask *ask)
{
    PGresult *rows = rows_new(2);

    if (strcmp(ask->statement->name, "outlook") == 0) {
        store.looks++;
        rows_put_bool(rows, 0, 0, store.sets > 0);
        if (store.next_at_us)
            rows_put_time(rows, 0, 1, store.next_at_us);
        else
            rows_put_null(rows, 0, 1);
    } else if (strcmp(ask->statement->name, "sweep_find") == 0) {
        if (store.is_mine || store.is_anothers) {
            rows_put_bool(rows, 0, 0, store.is_mine);
            rows_put_int8(rows, 0, 1, store.left_us);
        }
    }
    return rows;
}

static void committing(const struct pg_unit *unit)
{
    if (world_find_write(unit, "sweep_take")) {
        store.taken++;
        store.is_mine = !store.is_anothers;
        store.left_us = SECOND_US;
    }
    store.done += world_find_write(unit, "settle") != NULL;
    store.waked += world_find_write(unit, "sweep_wake") != NULL;
}

/* --- a service with one sweep --- */

static const struct pg_statement settle = {
    .name = "settle", .sql = "", .params = {PG_INT8}, .write = true};
static int64_t wake_after_us;

static enum flow sweep_set(struct request *req)
{
    assert_true(store.sets > 0);
    store.sets--;
    sweep_took(req, 2, &(struct id){{1}});
    pg_put_int8(flow_write(req, &settle), 0, 1);
    return flow_commit(req, flow_end);
}

static enum flow arm(struct request *req)
{
    sweep_wake(req, req->now_us + wake_after_us);
    return flow_commit(req, flow_end);
}

static const struct handler handlers[] = {{.type = "kehu.customers.v1.Arm", .step = arm}};
static const struct sweep sweep = {"clocks", 2, &outlook, sweep_set};

static int open_world(void **state)
{
    (void)state;
    memset(&store, 0, sizeof(store));
    sweep_open(handlers, COUNT_OF(handlers), &sweep);
    world.rows_of = rows_of;
    world.committing = committing;
    return 0;
}

static void what_is_due_is_done_set_after_set_under_one_lease(void **state)
{
    (void)state;
    store.sets = 7;
    sweep_look_now();
    assert_int_equal(store.done, 7);
    assert_int_equal(store.taken, 1);
    assert_int_equal(counters()->sets, 7);
}

static void a_lease_with_little_left_is_taken_anew_before_the_next_set(void **state)
{
    (void)state;
    store.sets = 1;
    sweep_look_now();
    world_pass(SECOND_US * 6 / 10);
    store.left_us = SECOND_US * 4 / 10;
    store.sets = 1;
    sweep_look_now();
    assert_int_equal(store.taken, 2);
    assert_int_equal(store.done, 2);
}

static void where_nothing_is_due_nothing_is_written(void **state)
{
    (void)state;
    store.next_at_us = world.now_us + DAY_US;
    sweep_look_now();
    assert_int_equal(store.looks, 1);
    assert_int_equal(store.taken + store.done, 0);
}

static void what_another_process_sweeps_is_left_to_it(void **state)
{
    (void)state;
    store.is_anothers = true;
    store.left_us = SECOND_US / 2;
    store.sets = 1;
    sweep_look_now();
    assert_int_equal(store.taken + store.done, 0);
    assert_int_equal(counters()->lost, 1);
    /* It died: its lease runs out. */
    store.is_anothers = false;
    store.left_us = 0;
    sweep_look_now();
    assert_int_equal(store.done, 1);
}

static void who_takes_a_lease_and_does_not_get_it_does_nothing(void **state)
{
    (void)state;
    store.is_anothers = true;
    store.left_us = 0; /* run out, but somebody else was first */
    store.sets = 1;
    sweep_look_now();
    assert_int_equal(store.taken, 1);
    assert_int_equal(store.done, 0);
}

static void a_failure_at_any_point_leaves_the_next_look_free(void **state)
{
    static const enum status failures[] = {UNAVAILABLE, OK, UNAVAILABLE};

    (void)state;
    for (int i = 0; i < 3; i++) {
        world.fails_at = world.arrivals + i;
        world.fails_with = UNAVAILABLE;
        store.sets = 1;
        sweep_look_now();
        assert_int_equal(store.done, 0);
    }
    world.commits = failures;
    world.commit_count = COUNT_OF(failures);
    sweep_look_now(); /* the lease is not to be had */
    assert_int_equal(store.sets, 1);
    sweep_look_now(); /* the set is not committed */
    assert_int_equal(store.sets, 0);
    assert_int_equal(counters()->failures, 5);
    store.sets = 1;
    sweep_look_now();
    assert_int_equal(store.sets, 0);
    assert_int_equal(counters()->failures, 5);
}

static void news_during_a_look_is_not_lost(void **state)
{
    (void)state;
    sweeps_look(world.service.sweeps);
    sweeps_look(world.service.sweeps);
    sweeps_look(world.service.sweeps);
    world_run();
    assert_int_equal(store.looks, 2);
}

static void what_is_due_soon_wakes_other_processes_and_what_is_not_does_not(void **state)
{
    (void)state;
    wake_after_us = 59 * SECOND_US;
    world_ask("r1", "kehu.customers.v1.Arm", "");
    world_run();
    assert_int_equal(store.waked, 1);
    wake_after_us = 60 * SECOND_US;
    world_ask("r2", "kehu.customers.v1.Arm", "");
    world_run();
    assert_int_equal(store.waked, 1);
}

static void without_the_database_or_when_it_stops_nobody_looks(void **state)
{
    (void)state;
    store.sets = 1;
    world.is_pg_ready = false;
    sweep_look_now();
    world.is_pg_ready = true;
    world.service.is_stopping = true;
    sweep_look_now();
    world.service.is_stopping = false;
    assert_int_equal(store.looks + store.done, 0);
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, open_world, sweep_close)
    const struct CMUnitTest tests[] = {
        ROW(what_is_due_is_done_set_after_set_under_one_lease),
        ROW(a_lease_with_little_left_is_taken_anew_before_the_next_set),
        ROW(where_nothing_is_due_nothing_is_written),
        ROW(what_another_process_sweeps_is_left_to_it),
        ROW(who_takes_a_lease_and_does_not_get_it_does_nothing),
        ROW(a_failure_at_any_point_leaves_the_next_look_free),
        ROW(news_during_a_look_is_not_lost),
        ROW(what_is_due_soon_wakes_other_processes_and_what_is_not_does_not),
        ROW(without_the_database_or_when_it_stops_nobody_looks),
    };

    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
