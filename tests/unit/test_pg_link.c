/*
 * Questions, and connections that go, against a real PostgreSQL: every ask and every unit arrives
 * exactly once, whatever breaks.
 */
#include "tests/unit/scripted_flights.h"

/* --- reads --- */

static void asks_of_a_turn_arrive_each_with_its_own_rows(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++)
        ask(&flights[i], GIVE, i * 1000);
    wait_for(100);
    assert_each_once(100, OK);
    for (int i = 0; i < 100; i++)
        assert_int_equal(flights[i].value, i * 1000);
}

static void an_ask_that_fails_harms_no_other(void **state)
{
    (void)state;
    for (int i = 0; i < 12; i++)
        ask(&flights[i], DIVIDE, i % 4 == 1 ? 0 : 7);
    wait_for(12);
    for (int i = 0; i < 12; i++) {
        assert_int_equal(flights[i].arrivals, 1);
        assert_int_equal(flights[i].status, i % 4 == 1 ? OUT_OF_RANGE : OK);
        assert_int_equal(flights[i].value, i % 4 == 1 ? 0 : 1);
    }
}

static void a_slow_question_holds_up_no_short_one(void **state)
{
    (void)state;
    assert_int_equal(pg_counters(pg)->connects, 3); /* ready is when it would be answered too */
    ask(&flights[0], WAIT_SLOW, 5000);
    turn();
    for (int i = 1; i < 10; i++) {
        ask(&flights[i], GIVE, i);
        wait_for((unsigned)i);
        assert_int_equal(flights[i].status, OK);
    }
    assert_int_equal(flights[0].arrivals, 0);
    kill_session("slow");
    wait_for(10);
    assert_int_equal(flights[0].status, UNAVAILABLE);
    assert_true(pg_is_ready(pg));
}

static void a_question_that_is_planned_for_its_values_is_answered_among_others(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++)
        ask(&flights[i], i % 2 ? GIVE_VARYING : GIVE, i * 1000);
    wait_for(20);
    assert_each_once(20, OK);
    for (int i = 0; i < 20; i++)
        assert_int_equal(flights[i].value, i * 1000);
}

static int64_t from_now_us(int64_t ms)
{
    uv_update_time(loop_uv(loop));
    return ((int64_t)uv_now(loop_uv(loop)) + ms) * 1000;
}

static void questions_whose_askers_have_gone_hold_up_nobody(void **state)
{
    int64_t until_us = from_now_us(300);
    uint64_t begun_ns = uv_hrtime();

    (void)state;
    for (int i = 0; i < 10; i++) {
        ask(&flights[i], WAIT_SLOW, 8000);
        flights[i].ask.wanted_until_us = until_us;
    }
    ask(&flights[10], GIVE_VARYING, 7);
    wait_for(11);
    assert_true(uv_hrtime() - begun_ns < UINT64_C(8000000000)); /* less than one of them takes */
    for (int i = 0; i < 10; i++)
        assert_int_equal(flights[i].status, DEADLINE_EXCEEDED);
    assert_int_equal(flights[10].status, OK);
    assert_int_equal(flights[10].value, 7);
    assert_true(pg_is_ready(pg));
    assert_int_equal(pg_counters(pg)->connects, 3); /* the connection stayed */
}

static void a_question_that_somebody_waits_for_has_its_whole_time_after_a_short_one(void **state)
{
    (void)state;
    ask(&flights[0], WAIT_SLOW, 8000);
    flights[0].ask.wanted_until_us = from_now_us(100);
    ask(&flights[1], WAIT_SLOW, 400);
    ask(&flights[2], WAIT_SLOW, 400);
    flights[2].ask.wanted_until_us = from_now_us(20000);
    wait_for(3);
    assert_int_equal(flights[0].status, DEADLINE_EXCEEDED);
    assert_int_equal(flights[1].status, OK);
    assert_int_equal(flights[2].status, OK);
}

static void what_nobody_waits_for_by_its_turn_is_not_asked(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        ask(&flights[i], i < 2 ? GIVE : GIVE_VARYING, 7);
        flights[i].ask.wanted_until_us = from_now_us(i % 2 ? 20000 : -1000);
    }
    wait_for(4);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(flights[i].status, i % 2 ? OK : DEADLINE_EXCEEDED);
        assert_int_equal(flights[i].value, i % 2 ? 7 : 0);
    }
}

/* --- connections that go --- */

static void a_commit_cut_off_is_unknown_and_what_waited_is_unavailable(void **state)
{
    (void)state;
    add_numbered(&flights[0]);
    pg_put_int8(write_in(&flights[0], SLEEP), 0, 5000);
    add_numbered(&flights[1]);
    commit(&flights[0]);
    commit(&flights[1]);
    for (int i = 0; i < 50; i++)
        turn();
    add_numbered(&flights[2]);
    commit(&flights[2]);
    kill_session("write");
    wait_for(3);
    assert_int_equal(flights[0].status, UNKNOWN);
    assert_int_equal(flights[1].status, UNKNOWN);
    assert_int_equal(flights[2].status, UNAVAILABLE);
    assert_each_once(0, OK);
    wait_until_ready(true);
    add_numbered(&flights[3]);
    commit(&flights[3]);
    wait_for(4);
    assert_int_equal(flights[3].status, OK);
    assert_string_equal(server_sql("select string_agg(key, ',') from shop.item"), "key 3");
}

static void a_connection_lost_amid_division_answers_every_part_once(void **state)
{
    (void)state;
    /* The blamed unit goes apart; the rest, sleeping, is under way when the connection goes. */
    for (int i = 0; i < 6; i++) {
        add_numbered(&flights[i]);
        pg_put_bool(write_in(&flights[i], GUARD_ALONE), 0, i != 2);
        if (i == 5)
            pg_put_int8(write_in(&flights[i], SLEEP), 0, 5000);
        commit(&flights[i]);
    }
    for (int i = 0; i < 50 || pg_counters(pg)->turns < 2; i++)
        turn();
    kill_session("write");
    wait_for(6);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(flights[i].arrivals, 1);
        assert_int_equal(flights[i].status, i == 2 ? UNAVAILABLE : UNKNOWN);
    }
}

static void asks_cut_off_are_unavailable_and_the_connection_comes_back(void **state)
{
    (void)state;
    ask(&flights[0], GIVE, 1);
    ask(&flights[1], WAIT, 5000);
    ask(&flights[2], GIVE, 2);
    for (int i = 0; i < 50; i++)
        turn();
    ask(&flights[3], GIVE, 3);
    kill_session("read");
    wait_for(4);
    for (int i = 1; i < 4; i++) {
        assert_int_equal(flights[i].arrivals, 1);
        assert_int_equal(flights[i].status, UNAVAILABLE);
    }
    wait_until_ready(true);
    ask(&flights[4], GIVE, 4);
    wait_for(5);
    assert_int_equal(flights[4].status, OK);
    assert_int_equal(flights[4].value, 4);
}

static void without_a_connection_everything_is_unavailable_at_once(void **state)
{
    (void)state;
    open_pg((struct pg_options){0});
    assert_false(pg_is_ready(pg));
    assert_string_not_equal(pg_why_down(pg), "");
    add_numbered(&flights[0]);
    commit(&flights[0]);
    ask(&flights[1], GIVE, 1);
    pg_flush(pg);
    assert_int_equal(arrived, 2);
    assert_each_once(2, UNAVAILABLE);
    wait_until_ready(true);
}

static void a_restart_of_the_server_is_got_over(void **state)
{
    (void)state;
    server_command("pg_ctl -D %s/data -m fast -w stop >/dev/null", server_folder);
    wait_until_ready(false);
    add_numbered(&flights[0]);
    commit(&flights[0]);
    wait_for(1);
    assert_int_equal(flights[0].status, UNAVAILABLE);
    server_command("pg_ctl -D %s/data -w -l %s/log -o \"-k %s -c listen_addresses= -c fsync=off\""
                   " start >/dev/null",
                   server_folder, server_folder, server_folder);
    wait_until_ready(true);
    add_numbered(&flights[1]);
    commit(&flights[1]);
    ask(&flights[2], GIVE, 8);
    wait_for(3);
    assert_int_equal(flights[1].status, OK);
    assert_int_equal(flights[2].value, 8);
}

static void closing_ends_everything_pending_once(void **state)
{
    (void)state;
    ask(&flights[0], WAIT, 5000);
    pg_put_int8(write_in(&flights[1], SLEEP), 0, 5000);
    commit(&flights[1]);
    for (int i = 0; i < 20; i++)
        turn();
    ask(&flights[2], GIVE, 1);
    add_numbered(&flights[3]);
    commit(&flights[3]);
    pg_close(pg);
    assert_int_equal(arrived, 4);
    assert_int_equal(flights[0].status, UNAVAILABLE);
    assert_int_equal(flights[1].status, UNKNOWN); /* it may have committed */
    assert_int_equal(flights[2].status, UNAVAILABLE);
    assert_int_equal(flights[3].status, UNAVAILABLE);
    for (int i = 0; i < 4; i++)
        assert_int_equal(flights[i].arrivals, 1);
    ask(&flights[4], GIVE, 1); /* who asks now is told at the next flush */
    pg_flush(pg);
    assert_int_equal(flights[4].status, UNAVAILABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PG_TEST(asks_of_a_turn_arrive_each_with_its_own_rows),
        PG_TEST(an_ask_that_fails_harms_no_other),
        PG_TEST(a_slow_question_holds_up_no_short_one),
        PG_TEST(a_question_that_is_planned_for_its_values_is_answered_among_others),
        PG_TEST(questions_whose_askers_have_gone_hold_up_nobody),
        PG_TEST(a_question_that_somebody_waits_for_has_its_whole_time_after_a_short_one),
        PG_TEST(what_nobody_waits_for_by_its_turn_is_not_asked),
        PG_TEST(a_commit_cut_off_is_unknown_and_what_waited_is_unavailable),
        PG_TEST(a_connection_lost_amid_division_answers_every_part_once),
        PG_TEST(asks_cut_off_are_unavailable_and_the_connection_comes_back),
        OWN_PG_TEST(without_a_connection_everything_is_unavailable_at_once),
        PG_TEST(a_restart_of_the_server_is_got_over),
        PG_TEST(closing_ends_everything_pending_once),
    };

    return cmocka_run_group_tests(tests, server_start, server_stop);
}
