/*
 * Writes against a real PostgreSQL: what commits together, and who is blamed for a failure.
 */
#include "tests/unit/scripted_flights.h"

/* --- writes --- */

static void units_of_a_turn_commit_together_and_merge(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        add_numbered(&flights[i]);
        commit(&flights[i]);
    }
    wait_for(20);
    assert_each_once(20, OK);
    assert_int_equal(pg_counters(pg)->commits, 1);
    assert_int_equal(pg_counters(pg)->statements, 1);
    assert_int_equal(pg_counters(pg)->merged_statements, 19);
    assert_string_equal(server_sql("select count(*) || ' ' || count(distinct xmin::text)"
                                   " from shop.item"),
                        "20 1");
}

static void while_one_turn_commits_the_next_gathers(void **state)
{
    (void)state;
    pg_put_int8(write_in(&flights[0], SLEEP), 0, 50);
    commit(&flights[0]);
    turn();
    for (int i = 1; i < 10; i++) {
        add_numbered(&flights[i]);
        commit(&flights[i]);
        turn();
    }
    wait_for(10);
    assert_each_once(10, OK);
    assert_int_equal(pg_counters(pg)->commits, 2);
}

static void a_guard_of_its_own_statement_is_blamed_at_once(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        add_numbered(&flights[i]);
        pg_put_bool(write_in(&flights[i], GUARD_ALONE), 0, i != 7);
        commit(&flights[i]);
    }
    wait_for(20);
    assert_int_equal(flights[7].status, ABORTED);
    assert_int_equal(strncmp(flights[7].unit.failure, "KH001 guard_alone", 17), 0);
    flights[7].status = OK;
    assert_each_once(20, OK);
    assert_int_equal(pg_counters(pg)->turns, 3); /* all, all but the one, the one */
    assert_int_equal(pg_counters(pg)->stale, 1);
    assert_string_equal(server_sql("select count(*) from shop.item"), "19");
}

static void of_512_units_with_one_bad_the_others_commit_after_few_turns(void **state)
{
    (void)state;
    for (int i = 0; i < MANY; i++) {
        add_numbered(&flights[i]);
        pg_put_bool(write_in(&flights[i], GUARD), 0, i != 300);
        commit(&flights[i]);
    }
    wait_for(MANY);
    assert_int_equal(flights[300].status, ABORTED);
    flights[300].status = OK;
    assert_each_once(MANY, OK);
    /* Halved nine times: ten failures, nine commits. */
    assert_int_equal(pg_counters(pg)->bisections, 9);
    assert_int_equal(pg_counters(pg)->turns, 19);
    assert_string_equal(server_sql("select count(*) from shop.item"), "511");
}

static void a_key_that_exists_makes_its_unit_stale(void **state)
{
    (void)state;
    server_sql("insert into shop.item values ('key 3', 0)");
    for (int i = 0; i < 8; i++) {
        add_numbered(&flights[i]);
        commit(&flights[i]);
    }
    wait_for(8);
    assert_int_equal(flights[3].status, ABORTED);
    assert_int_equal(strncmp(flights[3].unit.failure, "23505", 5), 0);
    assert_string_equal(server_sql("select count(*) from shop.item"), "8");
}

static void of_two_units_with_one_key_one_commits(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        add_row(&flights[i], i == 1 || i == 2 ? "the same" : i ? "third" : "first");
        commit(&flights[i]);
    }
    wait_for(4);
    assert_int_equal((flights[1].status == OK) + (flights[2].status == OK), 1);
    assert_int_equal((flights[1].status == ABORTED) + (flights[2].status == ABORTED), 1);
    assert_string_equal(server_sql("select count(*) from shop.item"), "3");
}

static void a_failure_of_the_commit_itself_is_seen_and_divided(void **state)
{
    (void)state;
    server_sql("insert into shop.late values (5)");
    for (int i = 0; i < 8; i++) {
        pg_put_int8(write_in(&flights[i], ADD_DEFERRED), 0, i);
        commit(&flights[i]);
    }
    wait_for(8);
    assert_int_equal(flights[5].status, ABORTED);
    flights[5].status = OK;
    assert_each_once(8, OK);
    assert_string_equal(server_sql("select count(*) from shop.late"), "8");
    /* And the connection is in order. */
    add_numbered(&flights[9]);
    commit(&flights[9]);
    wait_for(9);
    assert_int_equal(flights[9].status, OK);
}

static void a_value_that_does_not_fit_is_out_of_range_for_its_unit_alone(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        add_numbered(&flights[i]);
    pg_put_int8(write_in(&flights[2], ADD_SUM), 0, INT64_MAX);
    pg_put_int8(flights[2].write[1].args, 0, INT64_MAX);
    for (int i = 0; i < 4; i++)
        commit(&flights[i]);
    wait_for(4);
    assert_int_equal(flights[2].status, OUT_OF_RANGE);
    flights[2].status = OK;
    assert_each_once(4, OK);
}

static void a_failure_in_one_turn_blames_nobody_in_the_next(void **state)
{
    (void)state;
    /* The counting of answers must begin anew with each turn, also after a failed one. */
    for (int i = 0; i < 10; i++) {
        arrived = 0;
        memset(flights, 0, sizeof(flights));
        for (int k = 0; k < 3; k++) {
            add_row(&flights[k], arena_print(arena, "%d of %d", k, i));
            pg_put_bool(write_in(&flights[k], GUARD_ALONE), 0, k != i % 3);
            commit(&flights[k]);
        }
        wait_for(3);
        for (int k = 0; k < 3; k++)
            assert_int_equal(flights[k].status, k == i % 3 ? ABORTED : OK);
    }
    assert_int_equal(pg_counters(pg)->turns, 30);
}

static void a_turn_has_limits_of_units_and_of_bytes(void **state)
{
    static char text[4000];

    (void)state;
    open_pg((struct pg_options){.max_turn_units = 3});
    wait_until_ready(true);
    for (int i = 0; i < 7; i++) {
        add_numbered(&flights[i]);
        commit(&flights[i]);
    }
    wait_for(7);
    assert_each_once(7, OK);
    assert_int_equal(pg_counters(pg)->commits, 3);
    close_all();

    open_pg((struct pg_options){.max_turn_bytes = 9000});
    wait_until_ready(true);
    memset(text, 'x', sizeof(text) - 1);
    for (int i = 0; i < 5; i++) {
        text[0] = (char)('a' + i);
        add_row(&flights[i], text);
        commit(&flights[i]);
    }
    wait_for(5);
    assert_each_once(5, OK);
    assert_int_equal(pg_counters(pg)->commits, 3); /* two each; what is larger goes alone */
}

static void a_unit_whose_arguments_found_no_room_is_refused_and_not_sent(void **state)
{
    struct arena *small = arena_new(700);

    (void)state;
    flights[0].write[0].statement = &writes[ADD];
    flights[0].write[0].args = pg_args_new(small, &writes[ADD]);
    for (int i = 0; i < 100; i++)
        pg_put_text(flights[0].write[0].args, 0, "a text of some length");
    pg_unit_add(&flights[0].unit, &flights[0].write[0]);
    flights[1].write[0].statement = &writes[ADD]; /* not even its arguments */
    pg_unit_add(&flights[1].unit, &flights[1].write[0]);
    add_numbered(&flights[2]);
    for (int i = 0; i < 3; i++)
        commit(&flights[i]);
    wait_for(3);
    assert_int_equal(flights[0].status, RESOURCE_EXHAUSTED);
    assert_int_equal(flights[1].status, RESOURCE_EXHAUSTED);
    assert_int_equal(flights[2].status, OK);
    arena_free(small);
}

static void a_statement_over_its_time_makes_the_turn_unavailable(void **state)
{
    (void)state;
    open_pg((struct pg_options){.statement_timeout_ms = 100});
    wait_until_ready(true);
    pg_put_int8(write_in(&flights[0], SLEEP), 0, 5000);
    commit(&flights[0]);
    wait_for(1);
    assert_int_equal(flights[0].status, UNAVAILABLE);
    ask(&flights[1], WAIT, 5000);
    wait_for(2);
    assert_int_equal(flights[1].status, DEADLINE_EXCEEDED);
    assert_true(pg_is_ready(pg));
}

static void a_server_without_room_refuses_the_turn_and_says_why_until_it_takes_changes(void **state)
{
    static const char *const codes[] = {"53100", "58030"};
    unsigned flown = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        struct flight *before = &flights[flown], *full = before + 1, *after = before + 2;

        add_numbered(before);
        commit(before);
        pg_put_text(write_in(full, RAISE), 0, codes[i]);
        commit(full);
        wait_for(flown + 2);
        assert_int_equal(before->status, UNAVAILABLE); /* of one transaction */
        assert_int_equal(full->status, UNAVAILABLE);
        assert_true(pg_is_ready(pg));
        assert_memory_equal(pg_why_refused(pg), codes[i], 5);
        add_numbered(after);
        commit(after);
        wait_for(flown + 3);
        assert_int_equal(after->status, OK);
        assert_string_equal(pg_why_refused(pg), "");
        flown += 3;
    }
}

static void a_notification_wakes_its_listener_once_a_turn(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        write_in(&flights[i], NOTIFY);
        commit(&flights[i]);
    }
    wait_for(5);
    for (int i = 0; i < 100 && wakings == 0; i++)
        turn();
    assert_int_equal(wakings, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PG_TEST(units_of_a_turn_commit_together_and_merge),
        PG_TEST(while_one_turn_commits_the_next_gathers),
        PG_TEST(a_guard_of_its_own_statement_is_blamed_at_once),
        PG_TEST(of_512_units_with_one_bad_the_others_commit_after_few_turns),
        PG_TEST(a_key_that_exists_makes_its_unit_stale),
        PG_TEST(of_two_units_with_one_key_one_commits),
        PG_TEST(a_failure_of_the_commit_itself_is_seen_and_divided),
        PG_TEST(a_value_that_does_not_fit_is_out_of_range_for_its_unit_alone),
        PG_TEST(a_failure_in_one_turn_blames_nobody_in_the_next),
        OWN_PG_TEST(a_turn_has_limits_of_units_and_of_bytes),
        PG_TEST(a_unit_whose_arguments_found_no_room_is_refused_and_not_sent),
        OWN_PG_TEST(a_statement_over_its_time_makes_the_turn_unavailable),
        PG_TEST(a_server_without_room_refuses_the_turn_and_says_why_until_it_takes_changes),
        PG_TEST(a_notification_wakes_its_listener_once_a_turn),
    };

    return cmocka_run_group_tests(tests, server_start, server_stop);
}
