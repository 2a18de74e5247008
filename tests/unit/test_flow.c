/*
 * The driver of requests, with PostgreSQL, Redis, the bus and the clock played by the test: every
 * request is answered once and freed once, whatever arrives when.
 */
#include "tests/unit/scripted_work.h"

/* --- the life of a request --- */

static void a_request_is_answered_after_its_commit(void **state)
{
    (void)state;
    script.asks = 2;
    script.writes = 3;
    world_ask("1", "t.Work", "");
    flows_run(world.flows);
    assert_int_equal(world.ask_count, 2);
    world_arrive(1, OK, NULL);
    flows_run(world.flows);
    assert_int_equal(script.seconds, 0); /* only when everything asked before has arrived */
    world_arrive(0, OK, NULL);
    flows_run(world.flows);
    assert_int_equal(world.unit_count, 1);
    assert_int_equal(world_rows_written(world.units[0], "add"), 3);
    assert_int_equal(world.reply_count, 0);
    world_commit(0, OK);
    flows_run(world.flows);
    assert_int_equal(only_reply()->status, OK);
    assert_string_equal(only_reply()->id, "1");
}

static void without_writes_nothing_is_committed(void **state)
{
    (void)state;
    world_ask("1", "t.Work", "");
    flows_run(world.flows);
    assert_int_equal(world.unit_count, 0);
    assert_int_equal(only_reply()->status, OK);
}

static void each_ask_that_fails_ends_the_request_with_its_status(void **state)
{
    static const enum status statuses[] = {UNAVAILABLE, DEADLINE_EXCEEDED, INTERNAL, OUT_OF_RANGE};

    (void)state;
    script.asks = 3;
    script.writes = 1;
    for (size_t s = 0; s < COUNT_OF(statuses); s++)
        for (world.fails_at = 0; world.fails_at < 3; world.fails_at++)
            for (unsigned long order = 0; order < 6; order++) {
                world.fails_with = statuses[s];
                world.choices = order;
                world.arrivals = 0;
                world_ask("1", "t.Work", "");
                world_run();
                assert_int_equal(only_reply()->status, statuses[s]);
                assert_int_equal(only_reply()->retry_after != NULL, statuses[s] == UNAVAILABLE);
                world_forget_replies();
            }
    assert_int_equal(script.seconds, 0);
}

static void a_stale_unit_decides_again_from_fresh_state(void **state)
{
    static const enum status commits[] = {ABORTED, ABORTED, ABORTED, OK};

    (void)state;
    script.asks = script.writes = 1;
    world.commits = commits;
    world.commit_count = COUNT_OF(commits);
    world_ask("1", "t.Work", "");
    world_run();
    assert_int_equal(only_reply()->status, OK);
    assert_int_equal(script.first_steps, 4);
    assert_int_equal(script.tries, 3);
    assert_int_equal(script.lasts, 1);
}

static void a_unit_that_is_stale_four_times_is_aborted(void **state)
{
    static const enum status commits[] = {ABORTED, ABORTED, ABORTED, ABORTED, OK};

    (void)state;
    script.writes = 1;
    world.commits = commits;
    world.commit_count = COUNT_OF(commits);
    world_ask("1", "t.Work", "");
    world_run();
    assert_int_equal(only_reply()->status, ABORTED);
    assert_non_null(only_reply()->retry_after);
    assert_int_equal(script.first_steps, 4);
    assert_int_equal(script.lasts, 0);
}

static void a_commit_that_fails_ends_with_its_status(void **state)
{
    static const enum status statuses[] = {UNAVAILABLE, OUT_OF_RANGE, INTERNAL};

    (void)state;
    script.writes = 1;
    for (size_t s = 0; s < COUNT_OF(statuses); s++) {
        world.commits = &statuses[s];
        world.commit_count = 1;
        world.commits_done = 0;
        world_ask("1", "t.Work", "");
        world_run();
        assert_int_equal(only_reply()->status, statuses[s]);
        world_forget_replies();
    }
    assert_int_equal(script.lasts, 0);
}

static void an_unknown_outcome_waits_for_the_database_and_decides_again(void **state)
{
    (void)state;
    script.writes = 1;
    world_ask("1", "t.Work", "");
    flows_run(world.flows);
    world.is_pg_ready = false;
    world_commit(0, UNKNOWN);
    assert_false(flows_has_ready(world.flows));
    world_pass(0);
    assert_int_equal(world.reply_count, 0);
    world.is_pg_ready = true;
    flows_pg_ready(world.flows);
    world_run();
    assert_int_equal(only_reply()->status, OK);
    assert_int_equal(script.first_steps, 2);
}

static void an_unknown_outcome_of_a_connection_that_is_back_goes_on_at_once(void **state)
{
    static const enum status commits[] = {UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN};

    (void)state;
    script.writes = 1;
    world.commits = commits;
    world.commit_count = COUNT_OF(commits);
    world_ask("1", "t.Work", "");
    world_run();
    assert_int_equal(only_reply()->status, ABORTED); /* it does not try for ever */
    assert_int_equal(script.first_steps, 4);
}

static void an_unknown_outcome_is_answered_at_the_deadline(void **state)
{
    (void)state;
    script.writes = 1;
    world_ask("1", "t.Work", "");
    flows_run(world.flows);
    world.is_pg_ready = false;
    world_commit(0, UNKNOWN);
    world_pass(31 * SECOND_US);
    assert_int_equal(only_reply()->status, DEADLINE_EXCEEDED);
    world.is_pg_ready = true;
    flows_pg_ready(world.flows);
    world_run();
    assert_int_equal(world.reply_count, 1);
}

static void a_cache_that_fails_is_a_cache_that_missed(void **state)
{
    (void)state;
    world_ask("1", "t.Cache", "");
    flows_run(world.flows);
    world_arrive_kv(UNAVAILABLE);
    flows_run(world.flows);
    assert_int_equal(only_reply()->status, OK);
}

static void a_refusal_names_twenty_fields_at_most(void **state)
{
    (void)state;
    world_ask("1", "t.RefuseAll", "");
    flows_run(world.flows);
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
    assert_string_equal(only_reply()->message, "30 fields are wrong");
    assert_int_equal(only_reply()->n_violations, 20);
    assert_string_equal(only_reply()->violations[19]->description, "wrong in way 19");
}

static void a_violation_whose_name_found_no_room_harms_nothing(void **state)
{
    (void)state;
    world_ask("1", "t.Unnamed", "");
    flows_run(world.flows);
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
}

static void a_full_arena_refuses_before_anything_is_written(void **state)
{
    (void)state;
    script.writes = 1;
    script.fills_arena = true;
    world_ask("1", "t.Work", "");
    world_run();
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
    assert_int_equal(world.commits_done, 0);
}

static void a_full_arena_amid_asks_waits_for_those_under_way(void **state)
{
    (void)state;
    world_ask("1", "t.AskWithoutRoom", "");
    flows_run(world.flows);
    assert_int_equal(world.ask_count, 1);
    assert_int_equal(world.reply_count, 0);
    world_run();
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
    assert_int_equal(script.lasts, 0);
}

/* --- deadlines --- */

static void the_deadline_answers_at_once_and_the_request_stays_until_its_asks_arrived(void **state)
{
    (void)state;
    script.asks = 2;
    world_ask("1", "t.Work", "");
    flows_run(world.flows);
    world_pass(30 * SECOND_US);
    assert_int_equal(only_reply()->status, DEADLINE_EXCEEDED);
    world_pass(0);
    world_arrive(0, OK, NULL);
    world_arrive(0, UNAVAILABLE, NULL);
    flows_run(world.flows);
    assert_int_equal(world.reply_count, 1);
    assert_int_equal(script.seconds, 0);
}

static void the_deadline_of_a_commit_under_way_answers_and_the_unit_arrives_later(void **state)
{
    static const enum status statuses[] = {OK, ABORTED, UNKNOWN, UNAVAILABLE, INTERNAL};

    (void)state;
    script.writes = 1;
    for (size_t s = 0; s < COUNT_OF(statuses); s++) {
        world_ask("1", "t.Work", "");
        flows_run(world.flows);
        world_pass(30 * SECOND_US);
        world.is_pg_ready = false;
        world_commit(0, statuses[s]);
        world.is_pg_ready = true;
        flows_pg_ready(world.flows);
        world_run();
        assert_int_equal(only_reply()->status, DEADLINE_EXCEEDED);
        world_forget_replies();
    }
    assert_int_equal(script.lasts, 0);
}

static void what_waits_silently_for_its_asks_still_counts_against_the_limits(void **state)
{
    (void)state;
    script.asks = 1;
    for (unsigned i = 0; i < limits.max_requests; i++)
        world_ask("1", "t.Look", "");
    flows_run(world.flows);
    world_pass(31 * SECOND_US); /* all are answered, none is free yet */
    world_forget_replies();
    world_ask("one more", "t.Look", "");
    flows_run(world.flows);
    assert_int_equal(only_reply()->status, RESOURCE_EXHAUSTED);
    world_run();
}

static void no_virtual_clock_moves_a_deadline(void **state)
{
    (void)state;
    script.asks = 1;
    world_ask("1", "t.Look", "");
    flows_run(world.flows);
    world.now_us += 365 * DAY_US;
    world_pass(SECOND_US);
    assert_int_equal(world.reply_count, 0);
    world_run();
    assert_int_equal(only_reply()->status, OK);
}

static void the_askers_deadline_holds_when_it_is_earlier_than_ours(void **state)
{
    (void)state;
    script.asks = 1;
    send_with_deadline("1", "t.Look", world.now_us + 2 * SECOND_US, 0);
    flows_run(world.flows);
    world_pass(SECOND_US);
    assert_int_equal(world.reply_count, 0);
    world_pass(SECOND_US);
    assert_int_equal(only_reply()->status, DEADLINE_EXCEEDED);
    world_run();
    world_forget_replies();

    send_with_deadline("1", "t.Look", world.now_us + 3600 * SECOND_US, 0);
    flows_run(world.flows);
    world_pass(30 * SECOND_US);
    assert_int_equal(only_reply()->status, DEADLINE_EXCEEDED);
    world_run();
}

static void a_deadline_that_had_passed_or_is_no_time_is_refused(void **state)
{
    (void)state;
    send_with_deadline("1", "t.Look", world.now_us - SECOND_US, 0);
    assert_int_equal(only_reply()->status, DEADLINE_EXCEEDED);
    world_forget_replies();
    send_with_deadline("1", "t.Look", world.now_us, 1000000000);
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
    assert_string_equal(only_reply()->violations[0]->field, "deadline");
    world_forget_replies();
    send_with_deadline("1", "t.Look", INT64_MAX, 0);
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
}

/* --- sleeping, jobs, the end --- */

static void a_sleeper_wakes_at_its_time_or_with_news(void **state)
{
    (void)state;
    world_ask("1", "t.Sleep", "");
    flows_run(world.flows);
    world_pass(4 * SECOND_US);
    flows_run(world.flows);
    assert_int_equal(script.first_steps, 1);
    world_pass(SECOND_US);
    flows_run(world.flows);
    assert_int_equal(only_reply()->status, OK);

    script.first_steps = 0;
    world_forget_replies();
    world_ask("2", "t.Sleep", "");
    flows_run(world.flows);
    flows_wake(world.flows);
    flows_wake(world.flows);
    flows_run(world.flows);
    assert_int_equal(only_reply()->status, OK);
}

static void a_job_runs_like_a_request_and_answers_nobody(void **state)
{
    (void)state;
    script.writes = 1;
    flows_start(world.flows, "clean", work);
    world_run();
    assert_int_equal(world.commits_done, 1);
    assert_int_equal(world.reply_count, 0);
    assert_int_equal(script.lasts, 1);
}

static void at_the_end_whoever_is_left_is_ended(void **state)
{
    (void)state;
    hold(1, 2);
    world_ask("1", "t.Sleep", "");
    world_ask("2", "t.Work", "one");
    world_ask("3", "t.Work", "one");
    while (world.flows->all)
        flow_end_early(world.flows->all, UNAVAILABLE, "stopping"); /* as flows_close does */
    assert_int_equal(world.reply_count, 3);
    flows_run(world.flows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_request_is_answered_after_its_commit),
        WORLD_TEST(without_writes_nothing_is_committed),
        WORLD_TEST(each_ask_that_fails_ends_the_request_with_its_status),
        WORLD_TEST(a_stale_unit_decides_again_from_fresh_state),
        WORLD_TEST(a_unit_that_is_stale_four_times_is_aborted),
        WORLD_TEST(a_commit_that_fails_ends_with_its_status),
        WORLD_TEST(an_unknown_outcome_waits_for_the_database_and_decides_again),
        WORLD_TEST(an_unknown_outcome_of_a_connection_that_is_back_goes_on_at_once),
        WORLD_TEST(an_unknown_outcome_is_answered_at_the_deadline),
        WORLD_TEST(a_cache_that_fails_is_a_cache_that_missed),
        WORLD_TEST(a_refusal_names_twenty_fields_at_most),
        WORLD_TEST(a_violation_whose_name_found_no_room_harms_nothing),
        WORLD_TEST(a_full_arena_refuses_before_anything_is_written),
        WORLD_TEST(a_full_arena_amid_asks_waits_for_those_under_way),
        WORLD_TEST(the_deadline_answers_at_once_and_the_request_stays_until_its_asks_arrived),
        WORLD_TEST(the_deadline_of_a_commit_under_way_answers_and_the_unit_arrives_later),
        WORLD_TEST(what_waits_silently_for_its_asks_still_counts_against_the_limits),
        WORLD_TEST(no_virtual_clock_moves_a_deadline),
        WORLD_TEST(the_askers_deadline_holds_when_it_is_earlier_than_ours),
        WORLD_TEST(a_deadline_that_had_passed_or_is_no_time_is_refused),
        WORLD_TEST(a_sleeper_wakes_at_its_time_or_with_news),
        WORLD_TEST(a_job_runs_like_a_request_and_answers_nobody),
        WORLD_TEST(at_the_end_whoever_is_left_is_ended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
