/*
 * Parameters in PostgreSQL's binary format. PostgreSQL itself is asked what it reads, which it
 * tells better than bytes written down here would; what needs no server is looked at directly.
 */
#include "common/pg_internal.h"
#include "common/pure/day.h"

#include "tests/unit/scripted_server.h"

static struct arena *arena;
static PGconn *session;

static int open_arena(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static int start(void **state)
{
    if (server_start(state) != 0)
        return -1;
    session = server_connect();
    server_run(session, "set timezone = 'UTC'");
    return 0;
}

static int stop(void **state)
{
    PQfinish(session);
    return server_stop(state);
}

/* What PostgreSQL says, as text, to the statement with these arguments, merged. */
static const char *ask(const struct pg_statement *statement, struct pg_args *const *args,
                       size_t count)
{
    static char value[500];
    PGresult *result;

    assert_true(pg_args_prepare(session, statement));
    while ((result = PQgetResult(session))) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            fail_msg("%s", PQresultErrorMessage(result));
        PQclear(result);
    }
    assert_true(pg_args_send(session, statement, args, count));
    value[0] = '\0';
    while ((result = PQgetResult(session))) {
        if (PQresultStatus(result) != PGRES_TUPLES_OK)
            fail_msg("%s", PQresultErrorMessage(result));
        struct pg_rows rows = {result};
        if (pg_row_count(&rows) == 1) {
            struct text text = pg_get_text(&rows, 0, 0);
            snprintf(value, sizeof(value), "%.*s", (int)text.bytes, text.at);
        }
        PQclear(result);
    }
    server_run(session, "deallocate all");
    return value;
}

static const struct id sample_id = {
    {0x01, 0x8f, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 0xff}};

static const struct pg_statement scalars = {
    .name = "scalars",
    .sql = "select concat_ws(' ', $1, $2, $3, $4, $5, $6, encode($7, 'hex'), $8)",
    .params = {PG_ID, PG_TEXT, PG_INT4, PG_INT8, PG_TIME, PG_DATE, PG_BYTES, PG_BOOL}};

static void a_value_of_each_type_is_read_as_it_was_put(void **state)
{
    struct pg_args *args = pg_args_new(arena, &scalars);

    (void)state;
    pg_put_id(args, 0, &sample_id);
    pg_put_text(args, 1, "客户");
    pg_put_int4(args, 2, -7);
    pg_put_int8(args, 3, INT64_MIN);
    pg_put_time(args, 4, INT64_C(-1500000)); /* before 1970, and of a part of a second */
    pg_put_date(args, 5, -1);
    pg_put_bytes(args, 6, "\0\xff", 2);
    pg_put_bool(args, 7, true);
    assert_string_equal(ask(&scalars, &args, 1),
                        "018f0000-0000-7000-8000-0000000000ff 客户 -7 -9223372036854775808"
                        " 1969-12-31 23:59:58.5+00 1969-12-31 00ff t");
}

static void null_is_null_and_the_empty_text_is_not(void **state)
{
    static const struct pg_statement statement = {
        .name = "nulls",
        .sql = "select concat_ws(' ', $1 is null, $2 is null, $2 = '', $3 is null, $4 = '')",
        .params = {PG_TEXT, PG_TEXT, PG_INT8, PG_BYTES}};
    struct pg_args *args = pg_args_new(arena, &statement);

    (void)state;
    pg_put_null(args, 0);
    pg_put_text(args, 1, "");
    pg_put_null(args, 2);
    pg_put_bytes(args, 3, NULL, 0);
    assert_string_equal(ask(&statement, &args, 1), "t f t t t");
}

static void what_there_is_not_is_null_and_what_there_is_is_told(void **state)
{
    static const struct pg_statement statement = {
        .name = "or_null",
        .sql = "select concat_ws(' ', $1 is null, $2 is null, $3 is null, $4 is null, $5 is null)",
        .params = {PG_ID, PG_ID, PG_TEXT, PG_TIME, PG_DATE}};
    const struct id nobody = {{0}};
    struct pg_args *args = pg_args_new(arena, &statement);

    (void)state;
    pg_put_id_or_null(args, 0, &nobody);
    pg_put_id_or_null(args, 1, NULL);
    pg_put_text_or_null(args, 2, TEXT_OF(""));
    pg_put_time_or_null(args, 3, 0);
    pg_put_date_or_null(args, 4, DAY_NONE);
    assert_string_equal(ask(&statement, &args, 1), "t t t t t");
    args = pg_args_new(arena, &statement);
    pg_put_id_or_null(args, 0, &sample_id);
    pg_put_id_or_null(args, 1, &sample_id);
    pg_put_text_or_null(args, 2, TEXT_OF("x"));
    pg_put_time_or_null(args, 3, -1);
    pg_put_date_or_null(args, 4, 0); /* 1970-01-01 */
    assert_string_equal(ask(&statement, &args, 1), "f f f f f");
}

static const struct pg_statement arrays = {
    .name = "arrays",
    .sql = "select concat_ws('|', $1, $2, $3, $4, $5, $6, $7, $8)",
    .params = {PG_IDS, PG_TEXTS, PG_INT4S, PG_INT8S, PG_TIMES, PG_DATES, PG_BYTESES, PG_BOOLS},
    .merge = true};

static struct pg_args *put_arrays(int elements)
{
    struct pg_args *args = pg_args_new(arena, &arrays);

    for (int i = 0; i < elements; i++) {
        pg_put_id(args, 0, &sample_id);
        pg_put_text_n(args, 1, "a,b", i ? 1 : 3);
        pg_put_int4(args, 2, i);
        pg_put_int8(args, 3, -i);
        pg_put_time(args, 4, i * DAY_US);
        pg_put_date(args, 5, i);
        pg_put_bytes(args, 6, "\x01", 1);
        pg_put_bool(args, 7, i == 0);
    }
    return args;
}

static void arrays_hold_an_element_for_each_put(void **state)
{
    struct pg_args *args = put_arrays(2);

    (void)state;
    assert_string_equal(
        ask(&arrays, &args, 1),
        "{018f0000-0000-7000-8000-0000000000ff,018f0000-0000-7000-8000-0000000000ff}"
        "|{\"a,b\",a}|{0,1}|{0,-1}|{\"1970-01-01 00:00:00+00\",\"1970-01-02 00:00:00+00\"}"
        "|{1970-01-01,1970-01-02}|{\"\\\\x01\",\"\\\\x01\"}|{t,f}");
}

static void without_elements_an_array_is_empty(void **state)
{
    struct pg_args *args = put_arrays(0);

    (void)state;
    assert_string_equal(ask(&arrays, &args, 1), "{}|{}|{}|{}|{}|{}|{}|{}");
}

static void an_element_may_be_null(void **state)
{
    static const struct pg_statement statement = {
        .name = "null_elements", .sql = "select $1::text", .params = {PG_TEXTS}};
    struct pg_args *args = pg_args_new(arena, &statement);

    (void)state;
    pg_put_null(args, 0);
    pg_put_text(args, 0, "");
    pg_put_text(args, 0, "x");
    pg_put_null(args, 0);
    assert_string_equal(ask(&statement, &args, 1), "{NULL,\"\",x,NULL}");
}

static void arrays_of_several_units_are_joined_in_their_order(void **state)
{
    static const struct pg_statement statement = {.name = "joined",
                                                  .sql = "select $1::text || $2::text",
                                                  .params = {PG_TEXTS, PG_INT8S},
                                                  .merge = true};
    struct pg_args *args[4];

    (void)state;
    for (int unit = 0; unit < 4; unit++) {
        args[unit] = pg_args_new(arena, &statement);
        for (int i = 0; i < unit; i++) { /* the first has none */
            pg_put_text(args[unit], 0, unit == 2 ? "two" : "x");
            pg_put_int8(args[unit], 1, unit);
        }
    }
    assert_string_equal(ask(&statement, args, 4), "{x,two,two,x,x,x}{1,2,2,3,3,3}");
}

static void many_elements_grow_the_array(void **state)
{
    static const struct pg_statement statement = {
        .name = "many",
        .sql = "select cardinality($1) || ' ' || (select sum(v) from unnest($1) v)",
        .params = {PG_INT8S}};
    struct pg_args *args = pg_args_new(arena, &statement);

    (void)state;
    for (int i = 1; i <= 10000; i++)
        pg_put_int8(args, 0, i);
    assert_string_equal(ask(&statement, &args, 1), "10000 50005000");
    assert_int_equal(pg_args_bytes(args), 64 + 10000 * 12);
}

static void rows_are_read_back_in_each_type(void **state)
{
    static const struct pg_statement statement = {
        .name = "rows",
        .sql = "select $1, 'text', 7::int4, 8::int8, '2026-09-21 13:33:20.5+00'::timestamptz,"
               " '2026-09-21'::date, true, null::int8, null::text, null::uuid, null::timestamptz,"
               " null::date",
        .params = {PG_ID}};
    struct pg_args *args = pg_args_new(arena, &statement);
    struct id none = {{0}};
    PGresult *result;

    (void)state;
    pg_put_id(args, 0, &sample_id);
    assert_true(pg_args_prepare(session, &statement));
    while ((result = PQgetResult(session)))
        PQclear(result);
    assert_true(pg_args_send(session, &statement, &args, 1));
    result = PQgetResult(session);
    struct pg_rows rows = {result};
    struct id id = pg_get_id(&rows, 0, 0);
    assert_memory_equal(&id, &sample_id, sizeof(id));
    assert_string_equal(pg_copy_text(&rows, 0, 1, arena), "text");
    assert_int_equal(pg_keep_text(&rows, 0, 1, arena).bytes, 4);
    assert_int_equal(pg_get_int4(&rows, 0, 2), 7);
    assert_int_equal(pg_get_int8(&rows, 0, 3), 8);
    assert_int_equal(pg_get_time(&rows, 0, 4), INT64_C(1789997600500000));
    assert_int_equal(pg_get_date(&rows, 0, 5), 20717);
    assert_true(pg_get_bool(&rows, 0, 6));
    assert_true(pg_is_null(&rows, 0, 7));
    assert_int_equal(pg_get_int8(&rows, 0, 7), 0);
    assert_int_equal(pg_get_text(&rows, 0, 8).bytes, 0);
    id = pg_get_id(&rows, 0, 9);
    assert_memory_equal(&id, &none, sizeof(id));
    assert_int_equal(pg_get_time(&rows, 0, 10), 0); /* null, not the year 2000 */
    assert_int_equal(pg_get_date_or_none(&rows, 0, 11), DAY_NONE);
    assert_int_equal(pg_get_date_or_none(&rows, 0, 5), 20717);
    PQclear(result);
    assert_null(PQgetResult(session));
    server_run(session, "deallocate all");
}

static void a_full_arena_breaks_the_arguments_and_nothing_else(void **state)
{
    struct arena *small = arena_new(4096);
    struct pg_args *args = pg_args_new(small, &arrays);

    (void)state;
    for (int i = 0; i < 1000; i++)
        pg_put_text(args, 1, "a text of some length");
    assert_true(args->broken);
    assert_true(arena_is_full(small));
    pg_put_null(args, 1);
    pg_put_id(args, 0, &sample_id);
    assert_true(args->broken);
    arena_free(small);
}

static void no_arguments_at_all_are_put_into_harmlessly(void **state)
{
    struct arena *none = arena_new(0);
    struct pg_args *args = pg_args_new(none, &scalars);

    (void)state;
    assert_null(args);
    pg_put_id(args, 0, &sample_id);
    pg_put_text(args, 1, "x");
    pg_put_text_n(args, 1, "x", 1);
    pg_put_int4(args, 2, 1);
    pg_put_int8(args, 3, 1);
    pg_put_time(args, 4, 1);
    pg_put_date(args, 5, 1);
    pg_put_bytes(args, 6, "x", 1);
    pg_put_bool(args, 7, true);
    pg_put_null(args, 0);
    assert_int_equal(pg_args_bytes(args), 64);
    arena_free(none);
}

#define ARGS_TEST(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARGS_TEST(a_value_of_each_type_is_read_as_it_was_put),
        ARGS_TEST(null_is_null_and_the_empty_text_is_not),
        ARGS_TEST(what_there_is_not_is_null_and_what_there_is_is_told),
        ARGS_TEST(arrays_hold_an_element_for_each_put),
        ARGS_TEST(without_elements_an_array_is_empty),
        ARGS_TEST(an_element_may_be_null),
        ARGS_TEST(arrays_of_several_units_are_joined_in_their_order),
        ARGS_TEST(many_elements_grow_the_array),
        ARGS_TEST(rows_are_read_back_in_each_type),
        ARGS_TEST(a_full_arena_breaks_the_arguments_and_nothing_else),
        ARGS_TEST(no_arguments_at_all_are_put_into_harmlessly),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
