/*
 * The two connections against a real PostgreSQL: what commits together, who is blamed for a
 * failure, and that every ask and every unit arrives exactly once, whatever breaks.
 */
#include "common/pg.h"

#include "common/loop.h"
#include "tests/unit/scripted_server.h"

#define MANY 512
#define PATIENCE_NS UINT64_C(20000000000)

enum {
    ADD,
    ADD_ALONE,
    GUARD,
    GUARD_ALONE,
    ADD_DEFERRED,
    SLEEP,
    ADD_SUM,
    NOTIFY,
};

static const struct pg_statement writes[] = {
    [ADD] = {.name = "add",
             .sql = "insert into item (key, value) select * from unnest($1, $2)",
             .params = {PG_TEXTS, PG_INT8S},
             .write = true,
             .merge = true,
             .rank = 10},
    [ADD_ALONE] = {.name = "add_alone",
                   .sql = "insert into item (key, value) values ($1, 1)",
                   .params = {PG_TEXT},
                   .write = true,
                   .rank = 11},
    [GUARD] = {.name = "guard",
               .sql = "select stale_unless(bool_and(g)) from unnest($1) g",
               .params = {PG_BOOLS},
               .write = true,
               .merge = true,
               .rank = 20},
    [GUARD_ALONE] = {.name = "guard_alone",
                     .sql = "select stale_unless($1)",
                     .params = {PG_BOOL},
                     .write = true,
                     .rank = 21},
    [ADD_DEFERRED] = {.name = "add_deferred",
                      .sql = "insert into late (id) select * from unnest($1)",
                      .params = {PG_INT8S},
                      .write = true,
                      .merge = true,
                      .rank = 30},
    [SLEEP] = {.name = "sleep",
               .sql = "select pg_sleep($1 / 1000.0)",
               .params = {PG_INT8},
               .write = true,
               .rank = 40},
    [ADD_SUM] = {.name = "add_sum",
                 .sql = "insert into item (key, value) select 'sum', sum(v)::bigint"
                        " from unnest($1) v",
                 .params = {PG_INT8S},
                 .write = true,
                 .merge = true,
                 .rank = 50},
    [NOTIFY] = {.name = "notify",
                .sql = "select pg_notify('shop_log', '')",
                .write = true,
                .merge = true,
                .rank = 60},
};

enum {
    GIVE,
    DIVIDE,
    WAIT,
    WAIT_SLOW,
};

static const struct pg_statement reads[] = {
    [GIVE] = {.name = "echo", .sql = "select $1", .params = {PG_INT8}},
    [DIVIDE] = {.name = "divide", .sql = "select 7 / $1", .params = {PG_INT8}},
    [WAIT] = {.name = "wait", .sql = "select pg_sleep($1 / 1000.0)", .params = {PG_INT8}},
    [WAIT_SLOW] = {.name = "wait_slow",
                   .sql = "select pg_sleep($1 / 1000.0)",
                   .params = {PG_INT8},
                   .slow = true},
};

/* One thing under way, and how often and how it arrived. */
struct flight {
    struct pg_unit unit;
    struct pg_write write[4];
    struct pg_ask ask;
    unsigned arrivals;
    enum status status;
    int64_t value;
};

static struct loop *loop;
static struct pg *pg;
static struct arena *arena;
static struct flight flights[MANY];
static unsigned arrived, wakings;

static void woken(void *owner)
{
    (void)owner;
    wakings++;
}

static void open_pg(struct pg_options options)
{
    options.conninfo = server_conninfo;
    options.schema = "shop";
    options.application = "test";
    options.reconnect_ms = 10;
    if (!options.statement_timeout_ms)
        options.statement_timeout_ms = 10000;
    if (!options.max_turn_bytes)
        options.max_turn_bytes = 1 << 20;
    if (!options.max_turn_units)
        options.max_turn_units = 1000;
    memset(flights, 0, sizeof(flights));
    arrived = wakings = 0;
    loop = loop_new();
    pg = pg_new(loop, &options);
    arena = arena_new(64 << 20);
    pg_add_statements(pg, writes, COUNT_OF(writes));
    pg_add_statements(pg, reads, COUNT_OF(reads));
    pg_listen(pg, "shop_log", woken, NULL);
    pg_connect(pg);
}

static void turn(void)
{
    pg_flush(pg);
    uv_run(loop_uv(loop), UV_RUN_NOWAIT);
    usleep(200);
}

static void wait_until_ready(bool ready)
{
    uint64_t until = uv_hrtime() + PATIENCE_NS;

    while (pg_is_ready(pg) != ready) {
        assert_true(uv_hrtime() < until);
        turn();
    }
}

static void wait_for(unsigned count)
{
    uint64_t until = uv_hrtime() + PATIENCE_NS;

    while (arrived < count) {
        assert_true(uv_hrtime() < until);
        turn();
    }
    for (int i = 0; i < 5; i++)
        turn(); /* and nothing twice */
    assert_int_equal(arrived, count);
}

static int fresh_tables(void **state)
{
    (void)state;
    server_sql("drop schema if exists shop cascade; create schema shop;"
               "create table shop.item (key text primary key, value bigint not null);"
               "create table shop.late (id bigint unique deferrable initially deferred);"
               "create function shop.stale_unless(holds boolean) returns void language plpgsql as "
               "$$ begin if not holds then raise exception 'stale' using errcode = 'KH001'; "
               "end if; end $$");
    return 0;
}

static int open_default(void **state)
{
    fresh_tables(state);
    open_pg((struct pg_options){0});
    wait_until_ready(true);
    return 0;
}

static void close_all(void)
{
    pg_close(pg);
    uv_run(loop_uv(loop), UV_RUN_NOWAIT);
    loop_free(loop);
    pg_free(pg);
    arena_free(arena);
}

static int close_default(void **state)
{
    (void)state;
    assert_int_equal(pg_counters(pg)->waiting_asks, 0);
    assert_int_equal(pg_counters(pg)->waiting_units, 0);
    close_all();
    return 0;
}

static void unit_arrived(struct pg_unit *unit, enum status status)
{
    struct flight *flight = unit->owner;

    flight->arrivals++;
    flight->status = status;
    arrived++;
}

static void ask_arrived(struct pg_ask *ask, enum status status)
{
    struct flight *flight = ask->owner;

    flight->arrivals++;
    flight->status = status;
    arrived++;
}

static struct pg_args *write_in(struct flight *flight, int statement)
{
    struct pg_write *write = flight->write;

    while (write->statement)
        write++;
    write->statement = &writes[statement];
    write->args = pg_args_new(arena, write->statement);
    pg_unit_add(&flight->unit, write);
    return write->args;
}

static void add_row(struct flight *flight, const char *key)
{
    struct pg_args *args = write_in(flight, ADD);

    pg_put_text(args, 0, key);
    pg_put_int8(args, 1, 1);
}

static void add_numbered(struct flight *flight)
{
    add_row(flight, arena_print(arena, "key %d", (int)(flight - flights)));
}

static void commit(struct flight *flight)
{
    flight->unit.arrived = unit_arrived;
    flight->unit.owner = flight;
    pg_commit(pg, &flight->unit);
}

static void fill_value(const struct pg_rows *rows, struct arena *of, void *out)
{
    (void)of;
    *(int64_t *)out = pg_row_count(rows) ? pg_get_int8(rows, 0, 0) : -1;
}

static void ask(struct flight *flight, int statement, int64_t value)
{
    struct pg_args *args = pg_args_new(arena, &reads[statement]);

    pg_put_int8(args, 0, value);
    flight->ask = (struct pg_ask){.statement = &reads[statement],
                                  .args = args,
                                  .fill = statement >= WAIT ? NULL : fill_value,
                                  .arena = arena,
                                  .out = &flight->value,
                                  .arrived = ask_arrived,
                                  .owner = flight};
    pg_ask(pg, &flight->ask);
}

static void assert_each_once(size_t count, enum status status)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(flights[i].arrivals, 1);
        assert_int_equal(flights[i].status, status);
    }
}

/* Ends the session from outside, as a restart or a fail-over does. */
static void kill_session(const char *which)
{
    char text[200];

    snprintf(text, sizeof(text),
             "select count(pg_terminate_backend(pid)) from pg_stat_activity where"
             " application_name = 'test %s'",
             which);
    assert_string_equal(server_sql(text), "1");
}

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
    while (pg_counters(pg)->connects < 3)
        turn(); /* its connection need not be there for the service to be ready */
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

#define PG_TEST(test) cmocka_unit_test_setup_teardown(test, open_default, close_default)
#define OWN_PG_TEST(test) cmocka_unit_test_setup_teardown(test, fresh_tables, close_default)

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
        PG_TEST(a_notification_wakes_its_listener_once_a_turn),
        PG_TEST(asks_of_a_turn_arrive_each_with_its_own_rows),
        PG_TEST(an_ask_that_fails_harms_no_other),
        PG_TEST(a_slow_question_holds_up_no_short_one),
        PG_TEST(a_commit_cut_off_is_unknown_and_what_waited_is_unavailable),
        PG_TEST(a_connection_lost_amid_division_answers_every_part_once),
        PG_TEST(asks_cut_off_are_unavailable_and_the_connection_comes_back),
        OWN_PG_TEST(without_a_connection_everything_is_unavailable_at_once),
        PG_TEST(a_restart_of_the_server_is_got_over),
        PG_TEST(closing_ends_everything_pending_once),
    };

    return cmocka_run_group_tests(tests, server_start, server_stop);
}
