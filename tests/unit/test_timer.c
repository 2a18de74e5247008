/* Timers against a scripted store: what a unit writes, and what a service does with what is due. */
#include "common/timer.h"

#include <sodium.h>

#include "common/timers.h"
#include "tests/unit/scripted_world.h"

static const struct flow_limits limits = {.max_requests = 100,
                                          .max_polls = 10,
                                          .max_bytes = 64 * 1024 * 1024,
                                          .max_arena_bytes = 1024 * 1024,
                                          .deadline_us = 30 * SECOND_US};

/* --- the scripted store --- */

#define MANY 1000

static struct {
    size_t due;         /* rows that the next look finds */
    int64_t next_at_us; /* 0: none */
    bool is_lost;       /* somebody else has the timers by now */
    size_t looks, settled, armed, held, waked;
    int64_t most; /* asked for in the last look */
} store;

static void put_row(PGresult *rows, int row)
{
    char key[40];

    snprintf(key, sizeof(key), "once:%d", row);
    rows_put_text(rows, row, 0, key);
    rows_put_text(rows, row, 1, "once");
    rows_put_null(rows, row, 2);
    rows_put_time(rows, row, 3, world.now_us - SECOND_US);
    rows_put_text(rows, row, 4, "data");
}

static PGresult *rows_of(const struct pg_ask *ask)
{
    const char *name = ask->statement->name;
    PGresult *rows;

    if (strcmp(name, "timer_list_leased") == 0) {
        size_t count = store.due < (size_t)store.most ? store.due : (size_t)store.most;
        rows = rows_new(5);
        for (size_t i = 0; i < count; i++)
            put_row(rows, (int)i);
        store.due -= count;
    } else if (strcmp(name, "timer_find_leased") == 0) {
        rows = rows_new(1);
        if (!store.is_lost)
            rows_put_text(rows, 0, 0, "");
    } else {
        assert_string_equal(name, "timer_outlook");
        rows = rows_new(2);
        rows_put_text(rows, 0, 0, "");
        if (store.next_at_us)
            rows_put_time(rows, 0, 1, store.next_at_us);
        else
            rows_put_null(rows, 0, 1);
    }
    return rows;
}

static int64_t int8_of(const struct pg_args *args, int i)
{
    uint64_t net;

    memcpy(&net, args->values[i].bytes, sizeof(net));
    return (int64_t)be64toh(net);
}

static void committing(const struct pg_unit *unit)
{
    const struct pg_args *lease = world_find_write(unit, "timer_lease");

    store.settled += world_rows_written(unit, "timer_settle");
    store.armed += world_rows_written(unit, "timer_arm");
    store.held += world_rows_written(unit, "timer_hold");
    store.waked += world_find_write(unit, "timer_wake") != NULL;
    if (lease) {
        store.looks++;
        store.most = int8_of(lease, 3);
    }
}

/* --- a service with two kinds --- */

static size_t rung;
static int64_t arm_after_us;

static enum flow ring_once(struct request *req)
{
    const struct timer *timer = timer_of(req);

    rung++;
    assert_memory_equal(timer->key, "once:", 5);
    assert_int_equal(timer->due_at_us, world.now_us - SECOND_US);
    assert_int_equal(timer->data_bytes, 4);
    assert_memory_equal(timer->data, "data", 4);
    assert_string_equal(req->id, timer->key);
    if (arm_after_us)
        timer_arm(req, timer->key, NULL, req->now_us + arm_after_us, "", 0);
    else
        timer_settle(req, timer);
    return flow_commit(req, flow_end);
}

static enum flow arm(struct request *req)
{
    struct id subject = {{1}};

    assert_null(timer_of(req));
    timer_arm(req, "once:a", &subject, req->now_us + arm_after_us, "data", 4);
    timer_arm(req, "once:b", NULL, req->now_us + arm_after_us, "", 0);
    timer_disarm(req, "once:c");
    return flow_commit(req, flow_end);
}

static const struct handler handlers[] = {{.type = "kehu.customers.v1.Arm", .step = arm}};
static const struct timer_kind kinds[] = {{"once", ring_once}};

static int open_world(void **state)
{
    (void)state;
    memset(&store, 0, sizeof(store));
    rung = 0;
    arm_after_us = 0;
    world_open(handlers, COUNT_OF(handlers), &limits);
    world.rows_of = rows_of;
    world.committing = committing;
    world.definition.timer_kinds = kinds;
    world.definition.timer_kind_count = COUNT_OF(kinds);
    world.service.timers = timers_new(&world.service);
    assert_non_null(world.service.timers);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    assert_int_equal(timers_counters(world.service.timers)->at_work, 0);
    timers_close(world.service.timers);
    world_close();
    timers_free(world.service.timers);
    return 0;
}

static void look(void)
{
    timers_look(world.service.timers);
    world_run();
}

static void what_is_due_soon_wakes_other_processes_and_what_is_not_does_not(void **state)
{
    (void)state;
    arm_after_us = 59 * SECOND_US;
    world_ask("r1", "kehu.customers.v1.Arm", "");
    world_run();
    assert_int_equal(store.waked, 1);
    arm_after_us = 60 * SECOND_US;
    world_ask("r2", "kehu.customers.v1.Arm", "");
    world_run();
    assert_int_equal(store.waked, 1);
    assert_int_equal(store.armed, 4);
    assert_int_equal(store.held, 0);
}

static void a_timer_that_is_due_rings_once_and_is_settled_in_its_own_unit(void **state)
{
    (void)state;
    store.due = 3;
    look();
    assert_int_equal(rung, 3);
    assert_int_equal(store.settled, 3);
    assert_int_equal(store.looks, 1);
}

static void a_timer_that_arms_itself_again_holds_what_it_was(void **state)
{
    (void)state;
    store.due = 1;
    arm_after_us = DAY_US;
    look();
    assert_int_equal(store.held, 1);
    assert_int_equal(store.armed, 1);
    assert_int_equal(store.settled, 0);
}

static void a_stale_ringing_that_lost_its_timer_ends_without_effect(void **state)
{
    static const enum status commits[] = {OK, ABORTED};

    (void)state;
    store.due = 1;
    store.is_lost = true;
    world.commits = commits;
    world.commit_count = COUNT_OF(commits);
    look();
    assert_int_equal(rung, 1);
    assert_int_equal(store.settled, 1); /* tried, and refused */
}

static void a_stale_ringing_that_still_has_its_timer_rings_again(void **state)
{
    static const enum status commits[] = {OK, ABORTED, UNKNOWN};

    (void)state;
    store.due = 1;
    world.commits = commits;
    world.commit_count = COUNT_OF(commits);
    look();
    assert_int_equal(rung, 3);
}

static void many_that_are_due_are_taken_in_sets(void **state)
{
    (void)state;
    store.due = MANY;
    look();
    assert_int_equal(rung, MANY);
    assert_int_equal(store.settled, MANY);
    assert_true(store.looks >= MANY / 200);
    assert_int_equal(timers_counters(world.service.timers)->taken, MANY);
}

static void a_look_that_fails_at_any_point_leaves_the_next_one_free(void **state)
{
    static const enum status failures[] = {UNAVAILABLE};

    (void)state;
    world.commits = failures;
    world.commit_count = 1;
    store.due = 1;
    look();
    assert_int_equal(rung, 0);
    for (int i = 0; i < 2; i++) {
        world.fails_at = world.arrivals + i;
        world.fails_with = UNAVAILABLE;
        store.due = 1;
        look();
        assert_int_equal(rung, 0);
    }
    store.due = 1;
    look();
    assert_int_equal(rung, 1);
}

static void news_during_a_look_is_not_lost(void **state)
{
    (void)state;
    store.due = 1;
    timers_look(world.service.timers);
    timers_look(world.service.timers);
    timers_look(world.service.timers);
    world_run();
    assert_int_equal(store.looks, 2);
}

static void without_the_database_or_kinds_nobody_looks(void **state)
{
    (void)state;
    world.is_pg_ready = false;
    look();
    world.is_pg_ready = true;
    world.definition.timer_kind_count = 0;
    look();
    assert_int_equal(timers_counters(world.service.timers)->looks, 0);
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
    const struct CMUnitTest tests[] = {
        ROW(what_is_due_soon_wakes_other_processes_and_what_is_not_does_not),
        ROW(a_timer_that_is_due_rings_once_and_is_settled_in_its_own_unit),
        ROW(a_timer_that_arms_itself_again_holds_what_it_was),
        ROW(a_stale_ringing_that_lost_its_timer_ends_without_effect),
        ROW(a_stale_ringing_that_still_has_its_timer_rings_again),
        ROW(many_that_are_due_are_taken_in_sets),
        ROW(a_look_that_fails_at_any_point_leaves_the_next_one_free),
        ROW(news_during_a_look_is_not_lost),
        ROW(without_the_database_or_kinds_nobody_looks),
    };

    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
