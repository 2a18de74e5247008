/*
 * The log: its cursors, and against a real PostgreSQL with several sessions what a reader may see
 * and in which order.
 */
#include "common/log.h"

#include "common/migrate.h"
#include "tests/unit/scripted_server.h"

/* Linked with that service, for its schema. */
#include "services/customers/handler_table.h"

extern const struct migration migrations_customers[];
extern const size_t migrations_customers_count;

/* --- cursors --- */

static void a_cursor_reads_back_as_it_was_printed(void **state)
{
    static const struct log_cursor cursors[] = {
        {1, 0, 0, 0},
        {3, 745, 812, 1042},
        {1, 0, INT64_C(9000000000000000000), 17}, /* the window of an epoch that is over */
        {999999999, INT64_C(999999999999999999), INT64_C(999999999999999999),
         INT64_C(999999999999999999)},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cursors); i++) {
        struct log_cursor read = {0};
        char text[80];
        log_cursor_print(&cursors[i], text);
        if (!log_cursor_parse(text, &read))
            fail_msg("%s is no cursor", text);
        assert_int_equal(read.epoch, cursors[i].epoch);
        assert_int_equal(read.from_xid, cursors[i].from_xid);
        assert_int_equal(read.to_xid, cursors[i].to_xid);
        assert_int_equal(read.position, cursors[i].position);
    }
}

static void what_is_no_cursor_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "1",
        "1.2.3",
        "1.2.3.",
        "1.2.3.4.",
        "1.2.3.4 ",
        "1.2.3.4x",
        "0.1.2.3",
        "-1.1.2.3",
        "1.-1.2.3",
        "1.3.2.4",
        "1.1.2.-1",
        "a.b.c.d",
        "1,2,3,4",
        "9999999999.1.2.3",
        "1.1.2.9999999999999999999999",
        "1..2.3",
        "end",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct log_cursor cursor = {.epoch = 77};
        if (log_cursor_parse(texts[i], &cursor))
            fail_msg("'%s' was taken for a cursor", texts[i]);
        assert_int_equal(cursor.epoch, 77);
    }
}

/* --- windows --- */

static int fresh_schema(void **state)
{
    char why[500];

    (void)state;
    server_sql(
        "drop schema if exists customers cascade; create schema customers;"
        "do $$ begin create role customers_run; exception when duplicate_object then end $$");
    if (migrate_run(server_conninfo, "customers", migrations_customers, migrations_customers_count,
                    "live", why, sizeof(why)) != OK)
        fail_msg("%s", why);
    return 0;
}

static PGconn *session(void)
{
    PGconn *made = server_connect();

    server_run(made, "set search_path = customers");
    return made;
}

static const char *add_sql(void)
{
    return log_statements[0].sql; /* log_add */
}

/* Adds one event about the subject of that number, as log_add does. */
static void add_event(PGconn *in, int subject)
{
    char id[60];
    const char *values[8] = {"{00000000-0000-0000-0000-000000000001}",
                             "{t.Happened}",
                             id,
                             "{2026-01-01}",
                             "{c}",
                             "{c}",
                             "{\"\"}",
                             "{\"\\\\x01\"}"};
    static const Oid types[8] = {2951, 1009, 2951, 1185, 1009, 1009, 1009, 1001};

    snprintf(id, sizeof(id), "{00000000-0000-0000-0000-%012d}", subject);
    PGresult *result = PQexecParams(in, add_sql(), 8, types, values, NULL, NULL, 0);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        fail_msg("%s", PQresultErrorMessage(result));
    PQclear(result);
}

/* Sends it and does not wait: it will wait for a row lock. */
static void send_event(PGconn *in, int subject)
{
    char text[1200];

    snprintf(text, sizeof(text),
             "with bumped as (insert into subject_version as s (subject, version)"
             " values ('00000000-0000-0000-0000-%012d', 1) on conflict (subject)"
             " do update set version = s.version + 1 returning subject, version)"
             " insert into log (epoch, id, type, subject, version, at, correlation_id,"
             " causation_id, traceparent, data) select 1, gen_random_uuid(), 't.Happened', subject,"
             " version, '2026-01-01', '', '', '', '' from bumped",
             subject);
    assert_int_equal(PQsendQuery(in, text), 1);
}

static void finish(PGconn *in)
{
    PGresult *result;

    while ((result = PQgetResult(in))) {
        assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
        PQclear(result);
    }
}

/* A strict reader: what it has read so far, as "subject.version …". */
struct reader {
    PGconn *session;
    int64_t to_xid;
    char seen[500];
};

static void read_all(struct reader *reader, int epoch)
{
    char text[600];

    snprintf(text, sizeof(text),
             "select coalesce(string_agg(right(subject::text, 1) || '.' || version, ' '"
             " order by position), '') || '|' || max(w.below) from"
             " (select below from log_window(%d, %lld)) w left join log"
             " on log.epoch = %d and xid >= %lld and xid < w.below",
             epoch, (long long)reader->to_xid, epoch, (long long)reader->to_xid);
    char value[300];
    snprintf(value, sizeof(value), "%s", server_run(reader->session, text));
    char *bar = strchr(value, '|');
    *bar = '\0';
    if (value[0]) {
        strncat(reader->seen, value, 100);
        strcat(reader->seen, " ");
    }
    reader->to_xid = atoll(bar + 1);
}

static void an_event_is_read_once_its_commit_is_below_every_running_transaction(void **state)
{
    struct reader reader = {.session = session()};
    PGconn *open = session(), *fast = session();

    (void)state;
    server_run(open, "begin");
    server_run(open, "select pg_current_xact_id()");
    add_event(fast, 1);
    read_all(&reader, 1);
    assert_string_equal(reader.seen, "");
    server_run(open, "commit");
    read_all(&reader, 1);
    assert_string_equal(reader.seen, "1.1 ");
    read_all(&reader, 1);
    assert_string_equal(reader.seen, "1.1 ");
    PQfinish(open);
    PQfinish(fast);
    PQfinish(reader.session);
}

static void who_waited_for_a_later_transaction_is_not_read_before_it(void **state)
{
    struct reader reader = {.session = session()};
    PGconn *a = session(), *b = session(), *c = session();

    (void)state;
    /* B has the lower xid and waits for A's row; C lies between them and stays open. */
    server_run(b, "begin");
    server_run(b, "select pg_current_xact_id()");
    server_run(c, "begin");
    server_run(c, "select pg_current_xact_id()");
    server_run(a, "begin");
    add_event(a, 7);
    send_event(b, 7);
    usleep(50 * 1000);
    assert_int_equal(PQconsumeInput(b), 1);
    assert_int_equal(PQisBusy(b), 1);
    server_run(a, "commit");
    finish(b);
    server_run(b, "commit");

    read_all(&reader, 1);
    assert_string_equal(reader.seen, ""); /* nothing of B before A, who is above C */
    server_run(c, "commit");
    read_all(&reader, 1);
    assert_string_equal(reader.seen, "7.1 7.2 ");
    PQfinish(a);
    PQfinish(b);
    PQfinish(c);
    PQfinish(reader.session);
}

static void others_are_read_meanwhile_up_to_the_one_that_waited(void **state)
{
    struct reader reader = {.session = session()};
    PGconn *a = session(), *b = session(), *c = session(), *d = session();

    (void)state;
    server_run(d, "begin");
    add_event(d, 1);
    server_run(d, "commit");
    server_run(b, "begin");
    server_run(b, "select pg_current_xact_id()");
    server_run(c, "begin");
    server_run(c, "select pg_current_xact_id()");
    server_run(a, "begin");
    add_event(a, 7);
    send_event(b, 7);
    usleep(50 * 1000);
    server_run(a, "commit");
    finish(b);
    server_run(b, "commit");
    read_all(&reader, 1);
    assert_string_equal(reader.seen, "1.1 ");
    server_run(c, "rollback");
    read_all(&reader, 1);
    assert_string_equal(reader.seen, "1.1 7.1 7.2 ");
    PQfinish(a);
    PQfinish(b);
    PQfinish(c);
    PQfinish(d);
    PQfinish(reader.session);
}

static void a_raised_epoch_ends_the_one_before_as_a_whole(void **state)
{
    struct reader reader = {.session = session()};
    PGconn *writer = session(), *open = session();

    (void)state;
    add_event(writer, 1);
    server_run(open, "begin");
    server_run(open, "select pg_current_xact_id()");
    add_event(writer, 1);
    server_run(writer, "update installation set log_epoch = 2");
    add_event(writer, 1);
    read_all(&reader, 1);
    assert_string_equal(reader.seen, "1.1 1.2 ");
    reader.to_xid = 0;
    read_all(&reader, 2);
    assert_string_equal(reader.seen, "1.1 1.2 "); /* the new epoch has a horizon again */
    server_run(open, "commit");
    read_all(&reader, 2);
    assert_string_equal(reader.seen, "1.1 1.2 1.3 ");
    PQfinish(writer);
    PQfinish(open);
    PQfinish(reader.session);
}

static void several_events_of_one_subject_in_one_statement_rise_in_the_order_given(void **state)
{
    PGconn *writer = session();
    const char *values[8] = {"{00000000-0000-0000-0000-000000000001,"
                             "00000000-0000-0000-0000-000000000002,"
                             "00000000-0000-0000-0000-000000000003}",
                             "{t.A,t.B,t.C}",
                             "{00000000-0000-0000-0000-000000000009,"
                             "00000000-0000-0000-0000-000000000005,"
                             "00000000-0000-0000-0000-000000000009}",
                             "{2026-01-01,2026-01-01,2026-01-01}",
                             "{c,c,c}",
                             "{c,c,c}",
                             "{c,c,c}",
                             "{\"\\\\x01\",\"\\\\x01\",\"\\\\x01\"}"};
    static const Oid types[8] = {2951, 1009, 2951, 1185, 1009, 1009, 1009, 1001};

    (void)state;
    add_event(writer, 9);
    PGresult *result = PQexecParams(writer, add_sql(), 8, types, values, NULL, NULL, 0);
    assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
    PQclear(result);
    assert_string_equal(server_run(writer, "select string_agg(type || version, ' ' order by"
                                           " position) from log"),
                        "t.Happened1 t.A2 t.B1 t.C3");
    PQfinish(writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cursor_reads_back_as_it_was_printed),
        cmocka_unit_test(what_is_no_cursor_is_refused),
        cmocka_unit_test_setup(an_event_is_read_once_its_commit_is_below_every_running_transaction,
                               fresh_schema),
        cmocka_unit_test_setup(who_waited_for_a_later_transaction_is_not_read_before_it,
                               fresh_schema),
        cmocka_unit_test_setup(others_are_read_meanwhile_up_to_the_one_that_waited, fresh_schema),
        cmocka_unit_test_setup(a_raised_epoch_ends_the_one_before_as_a_whole, fresh_schema),
        cmocka_unit_test_setup(
            several_events_of_one_subject_in_one_statement_rise_in_the_order_given, fresh_schema),
    };

    return cmocka_run_group_tests(tests, server_start, server_stop);
}
