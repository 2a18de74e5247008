/* The clockwork against a scripted table of timers: none is overslept. */
#include "common/timers.c"

#include "tests/unit/scripted_world.h"

static const struct flow_limits limits = {.max_requests = 100,
                                          .max_polls = 10,
                                          .max_bytes = 64 * 1024 * 1024,
                                          .max_arena_bytes = 1024 * 1024,
                                          .deadline_us = 30 * SECOND_US};

/* --- the scripted table: one timer --- */

static struct {
    int64_t due_at_us;
    bool is_leased;
    int64_t commit_us; /* how long a commit takes */
    unsigned rang;
} store;

static int64_t time_in(const struct pg_args *args, int i)
{
    uint64_t net;

    memcpy(&net, args->values[i].bytes, sizeof(net));
    return (int64_t)be64toh(net) + INT64_C(946684800) * SECOND_US;
}

static PGresult *leased(void)
{
    PGresult *rows = rows_new(5);

    if (!store.is_leased)
        return rows;
    rows_put_text(rows, 0, 0, "once:a");
    rows_put_text(rows, 0, 1, "once");
    rows_put_id(rows, 0, 2, 1);
    rows_put_time(rows, 0, 3, store.due_at_us);
    rows_put_text(rows, 0, 4, "");
    return rows;
}

static PGresult *outlook_at(int64_t at_us)
{
    PGresult *rows = rows_new(2);

    rows_put_text(rows, 0, 0, store.due_at_us <= at_us ? "once:a" : "");
    if (store.due_at_us > at_us)
        rows_put_time(rows, 0, 1, store.due_at_us);
    else
        rows_put_null(rows, 0, 1);
    return rows;
}

static PGresult *rows_of(const struct pg_ask *ask)
{
    if (strcmp(ask->statement->name, "timer_list_leased") == 0)
        return leased();
    return outlook_at(time_in(ask->args, 0));
}

static void committing(const struct pg_unit *unit)
{
    const struct pg_args *args = world_find_write(unit, "timer_lease");

    if (args && store.due_at_us <= time_in(args, 1))
        store.is_leased = true;
    world_pass(store.commit_us);
}

/* --- a service with one kind of timers --- */

static enum flow ring_once(struct request *req)
{
    store.rang++;
    return flow_end(req);
}

static const struct timer_kind kinds[] = {{"once", ring_once}};

static int open_world(void **state)
{
    (void)state;
    memset(&store, 0, sizeof(store));
    world_open(NULL, 0, &limits);
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

/* Until the clock rings again. */
static uint64_t sleeps_ms(void)
{
    return uv_timer_get_due_in(&world.service.timers->clock);
}

static void the_clock_sleeps_until_the_next_is_due_and_half_a_minute_at_most(void **state)
{
    (void)state;
    store.due_at_us = world.now_us + 5 * SECOND_US;
    look();
    assert_int_equal(sleeps_ms(), 5000);
    store.due_at_us = world.now_us + 5000 * SECOND_US;
    look();
    assert_int_equal(sleeps_ms(), 30000);
    store.due_at_us = world.now_us;
    look();
    assert_int_equal(store.rang, 1);
}

/* The clock rang a little early, and the look took longer than that. */
static void what_becomes_due_during_a_look_is_taken_by_the_next_at_once(void **state)
{
    (void)state;
    store.due_at_us = world.now_us + 500;
    store.commit_us = 4000;
    look();
    assert_int_equal(store.rang, 0);
    assert_int_equal(sleeps_ms(), 0);
    look();
    assert_int_equal(store.rang, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            the_clock_sleeps_until_the_next_is_due_and_half_a_minute_at_most, open_world,
            close_world),
        cmocka_unit_test_setup_teardown(what_becomes_due_during_a_look_is_taken_by_the_next_at_once,
                                        open_world, close_world),
    };

    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
