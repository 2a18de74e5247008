/*
 * Consumers against a scripted log, with a real PostgreSQL and a real loop: what may come (gaps,
 * repeats, late answers), who may read, and what becomes of events that cannot be applied.
 */
#include "tests/unit/scripted_log.h"

static void what_is_told_is_applied_once_and_in_order(void **state)
{
    (void)state;
    for (int version = 1; version <= 50; version++)
        for (int subject = 1; subject <= 20; subject++)
            tell("test.Noted", subject, version);
    run_process(0);
    run_until(has_read_all);
    assert_strict(1000);
    assert_int_equal(counters(0)->applied, 1000);
    assert_int_equal(number("select min(version) from customers.consumer_subject"), 50);
    assert_int_equal(number("select count(*) from customers.consumer_parked"), 0);
}

static void a_repeat_has_no_effect(void **state)
{
    (void)state;
    tell("test.Noted", 1, 1);
    tell("test.Noted", 1, 2);
    tell("test.Noted", 1, 1);
    tell("test.Noted", 1, 2);
    tell("test.Noted", 1, 3);
    world.page = 3;
    run_process(0);
    run_until(has_read_all);
    assert_strict(3);
    assert_int_equal(counters(0)->repeats, 2);
}

static bool nothing_is_parked(void)
{
    return has_read_all() && number("select count(*) from customers.consumer_parked") == 0;
}

static void a_gap_is_held_until_it_is_filled(void **state)
{
    (void)state;
    tell("test.Noted", 1, 1);
    tell("test.Noted", 1, 3);
    tell("test.Noted", 1, 4);
    tell("test.Noted", 2, 1);
    run_process(0);
    run_until(has_read_all);
    assert_strict(2);
    assert_int_equal(number("select count(*) from customers.consumer_parked"
                            " where try_at = 'infinity'"),
                     2);
    assert_int_equal(
        number("select count(*) from customers.consumer_parked"
               " where why = 'waits for version 2 of its subject, which has not come'"),
        2);
    tell("test.Noted", 1, 2);
    run_until(nothing_is_parked);
    assert_strict(5);
    assert_int_equal(counters(0)->redriven, 2);
}

static bool first_is_behind(void)
{
    return consumers_why_behind(world.processes[0].service.consumers)[0] != '\0';
}

static bool two_are_parked(void)
{
    return has_read_all() && number("select count(*) from customers.consumer_parked") == 2;
}

static void what_cannot_be_applied_is_parked_with_its_followers_and_tried_again(void **state)
{
    (void)state;
    world.refuses = true;
    tell("test.Noted", 1, 1);
    tell("test.Refused", 1, 2);
    tell("test.Noted", 1, 3);
    tell("test.Noted", 2, 1);
    run_process(0);
    run_until(two_are_parked);
    assert_strict(2);
    assert_string_equal(server_run(own, "select why from customers.consumer_parked"
                                        " where version = 2"),
                        "it is not the time");
    run_until(first_is_behind);
    tell("test.Noted", 1, 4); /* what comes later waits too */
    run_until(has_read_all);
    assert_strict(2);
    world.refuses = false;
    run_until(nothing_is_parked);
    assert_strict(5);
}

static bool only_the_broken_is_parked(void)
{
    return has_read_all() && number("select count(*) from customers.consumer_parked"
                                    " where version = 5 and subject::text like '%0003'") == 1;
}

static void one_event_that_the_database_refuses_harms_only_its_subject(void **state)
{
    (void)state;
    for (int version = 1; version <= 5; version++)
        for (int subject = 1; subject <= 8; subject++)
            tell(version == 5 && subject == 3 ? "test.Broken" : "test.Noted", subject, version);
    run_process(0);
    run_until(only_the_broken_is_parked);
    assert_strict(39);
    assert_true(counters(0)->divided > 2);
    assert_int_equal(number("select count(*) from customers.consumer_parked"), 1);
    assert_int_equal(
        number("select count(*) from customers.consumer_parked where why like '%division%'"), 1);
}

static bool only_the_slow_is_parked(void)
{
    return has_read_all() && number("select count(*) from customers.consumer_parked") == 1;
}

/* It is no absence of the database: that ends. */
static void one_event_that_takes_too_long_stops_only_its_subject(void **state)
{
    (void)state;
    tell("test.Noted", 1, 1);
    tell("test.Noted", 3, 1);
    tell("test.Slow", 3, 2);
    tell("test.Noted", 2, 1);
    run_process(0);
    run_until(only_the_slow_is_parked);
    assert_strict(3);
    assert_int_equal(
        number("select count(*) from customers.consumer_parked where why like '57014%'"), 1);
}

static void raise_when_slow(const char *errcode)
{
    char sql[300];

    snprintf(sql, sizeof(sql),
             "create or replace function customers.run_too_long() returns void language plpgsql as"
             " $$ begin if '%s' <> '' then raise exception using errcode = '%s'; end if; end $$",
             errcode, errcode);
    server_run(own, sql);
}

static bool has_failed_once(void)
{
    return counters(0)->failures > 0;
}

static bool has_failed_often(void)
{
    return counters(0)->failures > 6;
}

static void what_the_database_has_no_room_for_waits_and_is_not_parked(void **state)
{
    (void)state;
    raise_when_slow("53100");
    tell("test.Slow", 1, 1);
    tell("test.Noted", 1, 2);
    run_process(0);
    run_until(has_failed_often);
    raise_when_slow("");
    run_until(has_read_all);
    raise_when_slow("57014");
    assert_int_equal(counters(0)->parked, 0);
    assert_int_equal(number("select count(*) from customers.noted"), 1);
}

/* An hour may lie between the last failure and the next try. */
static void who_was_suspected_before_the_database_went_is_tried_once_more(void **state)
{
    struct consume_dividing *dividing =
        &world.processes[0].service.consumers->list[0].dividing[false];

    (void)state;
    tell("test.Noted", 1, 1);
    *dividing = (struct consume_dividing){.limit = 1, .absences = 4, .blame = {.why = "57014"}};
    snprintf(dividing->blame.id, sizeof(dividing->blame.id), "e-1-1");
    server_run(own, "begin; insert into customers.consumer (log) values ('customers')");
    run_process(0);
    run_until(has_failed_once);
    server_run(own, "rollback");
    run_until(has_read_all);
    assert_strict(1);
    assert_int_equal(counters(0)->parked, 0);
}

/* More followers than one look takes. */
static void a_long_subject_comes_after_all_in_order_and_whole(void **state)
{
    (void)state;
    world.refuses = true;
    tell("test.Refused", 1, 1);
    for (int version = 2; version <= 180; version++)
        tell("test.Noted", 1, version);
    run_process(0);
    run_until(has_read_all);
    assert_int_equal(number("select count(*) from customers.consumer_parked"), 180);
    world.refuses = false;
    run_until(nothing_is_parked);
    assert_strict(180);
}

/* Of that type each, parked a while ago, of the subjects from 1000 on; all are due. */
static void park(const char *type, int subjects, int followers)
{
    char sql[900];

    snprintf(sql, sizeof(sql),
             "insert into customers.consumer_parked (log, subject, version, id, type, at,"
             " correlation_id, traceparent, data, parked_at, why, try_at) select 'customers',"
             " ('02000000-0000-0000-0000-' || lpad(s::text, 12, '0'))::uuid, v, 'p-' || s || '-' ||"
             " v, '%s', now(), 'c-1', '', '', now() - interval '1 h', 'scripted', case v when 1"
             " then now() - interval '1 h' else 'infinity' end from generate_series(1, %d) s,"
             " generate_series(1, %d) v",
             type, subjects, followers + 1);
    server_run(own, sql);
}

static bool one_is_noted(void)
{
    return number("select count(*) from customers.noted where subject::text like '01%'") == 1;
}

static void many_parked_subjects_do_not_stop_the_reading_of_others(void **state)
{
    (void)state;
    park("test.Broken", 600, 0);
    tell("test.Noted", 1, 1);
    run_process(0);
    run_until(one_is_noted);
    /* The database refuses them one by one, which takes its time; he did not wait for it. */
    assert_true(number("select count(*) from customers.consumer_parked where tries = 0") > 300);
}

/* The plan of the statement of that name for these parameters. */
static void explain(const char *name, const char *parameters, char *plan, size_t bytes)
{
    const struct pg_statement *statement = NULL;
    char sql[4000];

    for (size_t i = 0; i < consume_statement_count; i++)
        if (strcmp(consume_statements[i].name, name) == 0)
            statement = &consume_statements[i];
    assert_non_null(statement);
    server_run(own, "set search_path = customers; set plan_cache_mode = force_generic_plan");
    snprintf(sql, sizeof(sql), "prepare explained as %s", statement->sql);
    server_run(own, sql);
    snprintf(sql, sizeof(sql), "explain (analyze, timing off) execute explained (%s)", parameters);

    PGresult *rows = PQexec(own, sql);

    assert_int_equal(PQresultStatus(rows), PGRES_TUPLES_OK);
    plan[0] = '\0';
    for (int i = 0; i < PQntuples(rows); i++)
        strncat(plan, PQgetvalue(rows, i, 0), bytes - strlen(plan) - 2), strcat(plan, "\n");
    PQclear(rows);
    server_run(own, "deallocate explained; reset plan_cache_mode; reset search_path");
}

/* However many wait for an earlier one: a look goes by the index to those whose turn it is. */
static void a_look_at_what_is_parked_walks_no_followers(void **state)
{
    char plan[8000];

    (void)state;
    park("test.Refused", 40, 1000);
    server_run(own, "analyze customers.consumer_parked");
    explain("consume_due", "'customers', now(), 500", plan, sizeof(plan));
    assert_non_null(strstr(plan, "consumer_parked_due"));
    assert_non_null(strstr(plan, "consumer_parked_pkey"));
    assert_null(strstr(plan, "Seq Scan on consumer_parked"));
    assert_null(strstr(plan, "Rows Removed by"));
}

static void events_nobody_wants_count_as_versions(void **state)
{
    (void)state;
    tell("test.Noted", 1, 1);
    tell("test.Unheard", 1, 2);
    tell("test.Unheard", 1, 3);
    run_process(0);
    run_until(has_read_all);
    assert_int_equal(counters(0)->passed_over, 2);
    assert_int_equal(number("select version from customers.consumer_subject"), 3);
}

static void an_ask_knows_what_earlier_events_of_its_subject_did(void **state)
{
    (void)state;
    for (int version = 1; version <= 6; version++)
        tell(version % 2 ? "test.Noted" : "test.Counted", 1, version);
    tell("test.Counted", 2, 1);
    run_process(0);
    run_until(has_read_all);
    assert_strict(7);
}

static bool both_have_asked(void)
{
    return has_read_all() && counters(0)->fetches + counters(1)->fetches > 3;
}

static void of_two_processes_one_reads(void **state)
{
    (void)state;
    for (int subject = 1; subject <= 100; subject++)
        tell("test.Noted", subject, 1);
    world.page = 7;
    run_process(0);
    run_process(1);
    run_until(both_have_asked);
    assert_strict(100);
    assert_true((counters(0)->sets == 0) != (counters(1)->sets == 0));
    assert_int_equal(number("select epoch from customers.consumer"), 1);
}

static bool first_waits_for_an_answer(void)
{
    return world.processes[0].ask != NULL;
}

static bool first_has_lost_the_lease(void)
{
    return counters(0)->fetches > 0 && !world.processes[0].ask &&
           !consumers_are_busy(world.processes[0].service.consumers);
}

static void take_the_lease(const char *whose, const char *until)
{
    char sql[200];

    snprintf(sql, sizeof(sql),
             "update customers.consumer set lease = '%s', epoch = epoch + 1, leased_until = %s",
             whose, until);
    server_run(own, sql);
}

/* The answer was fetched under the old epoch: nothing of it is applied. */
static void a_process_that_was_too_slow_changes_nothing(void **state)
{
    (void)state;
    tell("test.Noted", 1, 1);
    world.is_silent = true;
    run_process(0);
    run_until(first_waits_for_an_answer);
    take_the_lease("another", "now() + interval '1 h'");
    world.is_silent = false;
    run_until(first_has_lost_the_lease);
    run_for(20);
    assert_int_equal(number("select count(*) from customers.noted"), 0);
    assert_int_equal(number("select count(*) from customers.consumer where position = ''"), 1);
    take_the_lease("another", "now() - interval '1 s'"); /* it dies */
    run_until(has_read_all);
    assert_strict(1);
    assert_int_equal(number("select epoch from customers.consumer"), 4);
}

static void a_log_that_does_not_reach_back_is_bootstrapped(void **state)
{
    (void)state;
    tell("test.Noted", 1, 1);
    tell("test.Noted", 1, 2);
    tell("test.Noted", 1, 3);
    world.status = OUT_OF_RANGE;
    run_process(0);
    run_until(has_read_all);
    assert_int_equal(world.bootstraps, 1);
    assert_int_equal(number("select count(*) from customers.noted"), 1);
    assert_int_equal(number("select version from customers.consumer_subject"), 3);
}

static void a_service_that_does_not_answer_is_asked_again(void **state)
{
    (void)state;
    tell("test.Noted", 1, 1);
    world.status = DEADLINE_EXCEEDED;
    run_process(0);
    run_until(has_failed_once);
    assert_string_not_equal(consumers_why_behind(world.processes[0].service.consumers), "");
    world.status = OK;
    run_until(has_read_all);
    assert_strict(1);
    assert_string_equal(consumers_why_behind(world.processes[0].service.consumers), "");
}

static bool the_first_asks_for_all_again(void)
{
    return has_read_all() && world.processes[0].service.consumers->list[0].max == 500;
}

/* The crowd of events that waits after an absence is not read one by one. */
static void after_an_absence_as_much_is_asked_for_as_before(void **state)
{
    (void)state;
    for (int version = 1; version <= 3000; version++)
        tell("test.Noted", version % 30 + 1, (version - 1) / 30 + 1);
    run_process(0);
    world.status = UNAVAILABLE;
    run_until(has_failed_once);
    world.processes[0].service.consumers->list[0].max = 1; /* as after ten failures */
    world.status = OK;
    world.page = 500;
    run_until(the_first_asks_for_all_again);
    assert_strict(3000);
    assert_true(counters(0)->sets < 80);
}

static void who_cannot_answer_much_at_once_is_asked_for_less(void **state)
{
    (void)state;
    for (int subject = 1; subject <= 40; subject++)
        tell("test.Noted", subject, 1);
    world.most = 150;
    run_process(0);
    run_until(has_read_all);
    assert_strict(40);
}

/* Connections of both processes are cut again and again while they read. */
static void a_lost_connection_neither_loses_nor_doubles(void **state)
{
    (void)state;
    for (int version = 1; version <= 60; version++)
        for (int subject = 1; subject <= 20; subject++)
            tell("test.Noted", subject, version);
    world.page = 20;
    run_process(0);
    run_process(1);
    for (int i = 0; i < 6; i++) {
        run_for(15);
        server_run(own, "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                        " where application_name = 'test'");
    }
    run_until(has_read_all);
    assert_strict(1200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(what_is_told_is_applied_once_and_in_order),
        IN_WORLD(a_repeat_has_no_effect),
        IN_WORLD(a_gap_is_held_until_it_is_filled),
        IN_WORLD(what_cannot_be_applied_is_parked_with_its_followers_and_tried_again),
        IN_WORLD(one_event_that_the_database_refuses_harms_only_its_subject),
        IN_WORLD(one_event_that_takes_too_long_stops_only_its_subject),
        IN_WORLD(what_the_database_has_no_room_for_waits_and_is_not_parked),
        IN_WORLD(who_was_suspected_before_the_database_went_is_tried_once_more),
        IN_WORLD(a_long_subject_comes_after_all_in_order_and_whole),
        IN_WORLD(many_parked_subjects_do_not_stop_the_reading_of_others),
        IN_WORLD(a_look_at_what_is_parked_walks_no_followers),
        IN_WORLD(events_nobody_wants_count_as_versions),
        IN_WORLD(an_ask_knows_what_earlier_events_of_its_subject_did),
        IN_WORLD(of_two_processes_one_reads),
        IN_WORLD(a_process_that_was_too_slow_changes_nothing),
        IN_WORLD(a_log_that_does_not_reach_back_is_bootstrapped),
        IN_WORLD(a_service_that_does_not_answer_is_asked_again),
        IN_WORLD(after_an_absence_as_much_is_asked_for_as_before),
        IN_WORLD(who_cannot_answer_much_at_once_is_asked_for_less),
        IN_WORLD(a_lost_connection_neither_loses_nor_doubles),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
