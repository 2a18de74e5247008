/*
 * A pg under test beside a PostgreSQL of its own: statements to try it with, and flights that count
 * how often they arrive.
 */
#ifndef KEHU_TESTS_SCRIPTED_FLIGHTS_H
#define KEHU_TESTS_SCRIPTED_FLIGHTS_H

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
    RAISE,
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
    [RAISE] = {.name = "raise",
               .sql = "select raise_as($1)",
               .params = {PG_TEXT},
               .write = true,
               .rank = 22},
};

enum {
    GIVE,
    GIVE_VARYING,
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
    [GIVE_VARYING] = {.name = "echo_varying",
                      .sql = "select $1",
                      .params = {PG_INT8},
                      .slow = true,
                      .varies = true},
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

static inline void woken(void *owner)
{
    (void)owner;
    wakings++;
}

static inline void open_pg(struct pg_options options)
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

static inline void turn(void)
{
    pg_flush(pg);
    uv_run(loop_uv(loop), UV_RUN_NOWAIT);
    usleep(200);
}

static inline void wait_until_ready(bool ready)
{
    uint64_t until = uv_hrtime() + PATIENCE_NS;

    while (pg_is_ready(pg) != ready) {
        assert_true(uv_hrtime() < until);
        turn();
    }
}

static inline void wait_for(unsigned count)
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

static inline int fresh_tables(void **state)
{
    (void)state;
    server_sql("drop schema if exists shop cascade; create schema shop;"
               "create table shop.item (key text primary key, value bigint not null);"
               "create table shop.late (id bigint unique deferrable initially deferred);"
               "create function shop.stale_unless(holds boolean) returns void language plpgsql as "
               "$$ begin if not holds then raise exception 'stale' using errcode = 'KH001'; "
               "end if; end $$;"
               "create function shop.raise_as(code text) returns void language plpgsql as "
               "$$ begin raise exception 'as told' using errcode = code; end $$");
    return 0;
}

static inline int open_default(void **state)
{
    fresh_tables(state);
    open_pg((struct pg_options){0});
    wait_until_ready(true);
    return 0;
}

static inline void close_all(void)
{
    pg_close(pg);
    uv_run(loop_uv(loop), UV_RUN_NOWAIT);
    loop_free(loop);
    pg_free(pg);
    arena_free(arena);
}

static inline int close_default(void **state)
{
    (void)state;
    assert_int_equal(pg_counters(pg)->waiting_asks, 0);
    assert_int_equal(pg_counters(pg)->waiting_units, 0);
    close_all();
    return 0;
}

static inline void unit_arrived(struct pg_unit *unit, enum status status)
{
    struct flight *flight = unit->owner;

    flight->arrivals++;
    flight->status = status;
    arrived++;
}

static inline void ask_arrived(struct pg_ask *ask, enum status status)
{
    struct flight *flight = ask->owner;

    flight->arrivals++;
    flight->status = status;
    arrived++;
}

static inline struct pg_args *write_in(struct flight *flight, int statement)
{
    struct pg_write *write = flight->write;

    while (write->statement)
        write++;
    write->statement = &writes[statement];
    write->args = pg_args_new(arena, write->statement);
    pg_unit_add(&flight->unit, write);
    return write->args;
}

static inline void add_row(struct flight *flight, const char *key)
{
    struct pg_args *args = write_in(flight, ADD);

    pg_put_text(args, 0, key);
    pg_put_int8(args, 1, 1);
}

static inline void add_numbered(struct flight *flight)
{
    add_row(flight, arena_print(arena, "key %d", (int)(flight - flights)));
}

static inline void commit(struct flight *flight)
{
    flight->unit.arrived = unit_arrived;
    flight->unit.owner = flight;
    pg_commit(pg, &flight->unit);
}

static inline void fill_value(const struct pg_rows *rows, struct arena *of, void *out)
{
    (void)of;
    *(int64_t *)out = pg_row_count(rows) ? pg_get_int8(rows, 0, 0) : -1;
}

static inline void ask(struct flight *flight, int statement, int64_t value)
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

static inline void assert_each_once(size_t count, enum status status)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(flights[i].arrivals, 1);
        assert_int_equal(flights[i].status, status);
    }
}

/* Ends the session from outside, as a restart or a fail-over does. */
static inline void kill_session(const char *which)
{
    char text[200];

    snprintf(text, sizeof(text),
             "select count(pg_terminate_backend(pid)) from pg_stat_activity where"
             " application_name = 'test %s'",
             which);
    assert_string_equal(server_sql(text), "1");
}

#define PG_TEST(test) cmocka_unit_test_setup_teardown(test, open_default, close_default)
#define OWN_PG_TEST(test) cmocka_unit_test_setup_teardown(test, fresh_tables, close_default)

#endif
