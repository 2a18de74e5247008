/*
 * Migrations against a real PostgreSQL of this test's own, on a socket in a temporary folder.
 */
#include "common/migrate.h"

#include <dirent.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "common/logfmt.h"

static char folder[] = "/tmp/kehu-migrate-XXXXXX";
static char conninfo[200];
static char why[400];

/* PostgreSQL refuses to run as root: root takes the account that the package made. */
static int run_command(const char *format, ...) PRINTF_LIKE(1, 2);

static int run_command(const char *format, ...)
{
    char command[900], whole[1100];
    va_list list;

    va_start(list, format);
    vsnprintf(command, sizeof(command), format, list);
    va_end(list);
    snprintf(whole, sizeof(whole), "%s sh -c 'PATH=$(ls -d /usr/lib/postgresql/*/bin):$PATH; %s'",
             geteuid() == 0 ? "cd /tmp && setpriv --reuid=postgres --regid=postgres --clear-groups"
                            : "",
             command);
    return system(whole);
}

static int start_server(void **state)
{
    (void)state;
    logfmt_set_enabled(false);
    if (!mkdtemp(folder))
        return -1;
    if (geteuid() == 0) {
        const struct passwd *account = getpwnam("postgres");
        if (!account || chown(folder, account->pw_uid, account->pw_gid) != 0)
            return -1;
    }
    snprintf(conninfo, sizeof(conninfo),
             "host=%s dbname=postgres user=tester options='-c client_min_messages=warning'",
             folder);
    return run_command("initdb -D %s/data -U tester --auth=trust --no-sync --locale=C.UTF-8 "
                       ">%s/log 2>&1 && pg_ctl -D %s/data -w -l %s/log -o \"-k %s -c "
                       "listen_addresses= -c fsync=off\" start >/dev/null",
                       folder, folder, folder, folder, folder);
}

static int stop_server(void **state)
{
    (void)state;
    run_command("pg_ctl -D %s/data -m immediate stop >/dev/null; rm -rf %s/data %s/log", folder,
                folder, folder);
    return rmdir(folder);
}

/* Runs SQL and gives the first value of the first row. */
static const char *sql(const char *text)
{
    static char value[200];
    PGconn *connection = PQconnectdb(conninfo);
    PGresult *result = PQexec(connection, text);

    assert_true(PQresultStatus(result) == PGRES_COMMAND_OK ||
                PQresultStatus(result) == PGRES_TUPLES_OK);
    snprintf(value, sizeof(value), "%s", PQntuples(result) ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    PQfinish(connection);
    return value;
}

static int fresh_schema(void **state)
{
    (void)state;
    sql("drop schema if exists shop cascade");
    sql("create schema shop");
    return 0;
}

static enum status migrate(const struct migration *list, size_t count)
{
    why[0] = '\0';
    return migrate_run(conninfo, "shop", list, count, "live", why, sizeof(why));
}

static const struct migration two[] = {
    {"floor/001_floor.sql", "create table a (x int);\ninsert into a values (1);\n"},
    {"shop/001_shop.sql", "create table b (y int); insert into b select x + 1 from a;"},
};

static void each_file_is_applied_once_into_its_schema(void **state)
{
    (void)state;
    assert_int_equal(migrate(two, 2), OK);
    assert_int_equal(migrate(two, 2), OK);
    assert_string_equal(sql("select count(*) from shop.a"), "1");
    assert_string_equal(sql("select y from shop.b"), "2");
    assert_string_equal(sql("select count(*) from shop.schema_migration where "
                            "applied_at > '2020-01-01' and length(checksum) = 64"),
                        "2");
}

static void a_new_file_of_the_floor_is_applied_after_the_services_own(void **state)
{
    (void)state;
    const struct migration later[] = {two[0], {"floor/002_more.sql", "create table c ()"}, two[1]};

    assert_int_equal(migrate(two, 2), OK);
    assert_int_equal(migrate(later, 3), OK);
    assert_string_equal(sql("select count(*) from shop.schema_migration"), "3");
}

static void a_changed_file_is_refused(void **state)
{
    (void)state;
    const struct migration changed[] = {two[0], {two[1].name, "create table b (y bigint);"}};

    assert_int_equal(migrate(two, 2), OK);
    assert_int_equal(migrate(changed, 2), FAILED_PRECONDITION);
    assert_non_null(strstr(why, "migration shop/001_shop.sql was changed after it was applied"));
}

static void a_database_newer_than_the_program_is_refused(void **state)
{
    (void)state;
    assert_int_equal(migrate(two, 2), OK);
    assert_int_equal(migrate(two, 1), FAILED_PRECONDITION);
    assert_non_null(strstr(why, "the database is newer than the program"));
}

static void a_file_that_fails_leaves_nothing_and_is_named_by_line(void **state)
{
    (void)state;
    const struct migration broken[] = {
        two[0], {"shop/001_bad.sql", "create table b (y int);\n-- 客户\nselect * from nowhere;"}};

    assert_int_equal(migrate(broken, 2), INTERNAL);
    assert_string_equal(
        why, "migration shop/001_bad.sql, line 3: relation \"nowhere\" does not exist (42P01)");
    assert_string_equal(sql("select to_regclass('shop.b') is null"), "t");
    assert_string_equal(sql("select count(*) from shop.schema_migration"), "1");
    assert_int_equal(migrate(two, 2), OK);
}

static void a_file_may_not_end_its_transaction(void **state)
{
    (void)state;
    const struct migration commits[] = {{"shop/001_commit.sql", "create table b (); commit;"}};

    assert_int_equal(migrate(commits, 1), INTERNAL);
    assert_non_null(strstr(why, "must not end its transaction"));
}

static void a_missing_schema_is_named(void **state)
{
    (void)state;
    assert_int_equal(migrate_run(conninfo, "no'\"such", two, 2, "live", why, sizeof(why)),
                     FAILED_PRECONDITION);
    assert_string_equal(why, "schema no'\"such does not exist in database postgres");
}

static void two_programs_at_once_apply_each_file_once(void **state)
{
    (void)state;
    const struct migration slow[] = {
        {"shop/001_slow.sql", "select pg_sleep(0.3); create table s ();"}};
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0)
        _exit(migrate(slow, 1) == OK ? 0 : 1);
    assert_int_equal(migrate(slow, 1), OK);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void a_wrong_setting_is_final_and_a_refusing_server_too(void **state)
{
    (void)state;
    char other[300];

    assert_int_equal(migrate_run("nonsense=1", "shop", two, 2, "live", why, sizeof(why)),
                     UNAVAILABLE);
    snprintf(other, sizeof(other), "host=%s dbname=postgres user=stranger", folder);
    assert_int_equal(migrate_run(other, "shop", two, 2, "live", why, sizeof(why)), UNAVAILABLE);
    assert_non_null(strstr(why, "stranger"));
}

static void a_server_that_is_still_starting_is_waited_for(void **state)
{
    (void)state;
    run_command("pg_ctl -D %s/data -m fast -w stop >/dev/null; (sleep 0.5; pg_ctl -D %s/data -l "
                "%s/log -o \"-k %s -c listen_addresses= -c fsync=off\" start >/dev/null) &",
                folder, folder, folder, folder);
    assert_int_equal(migrate(two, 2), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_file_is_applied_once_into_its_schema, fresh_schema),
        cmocka_unit_test_setup(a_new_file_of_the_floor_is_applied_after_the_services_own,
                               fresh_schema),
        cmocka_unit_test_setup(a_changed_file_is_refused, fresh_schema),
        cmocka_unit_test_setup(a_database_newer_than_the_program_is_refused, fresh_schema),
        cmocka_unit_test_setup(a_file_that_fails_leaves_nothing_and_is_named_by_line, fresh_schema),
        cmocka_unit_test_setup(a_file_may_not_end_its_transaction, fresh_schema),
        cmocka_unit_test(a_missing_schema_is_named),
        cmocka_unit_test_setup(two_programs_at_once_apply_each_file_once, fresh_schema),
        cmocka_unit_test(a_wrong_setting_is_final_and_a_refusing_server_too),
        cmocka_unit_test_setup(a_server_that_is_still_starting_is_waited_for, fresh_schema),
    };

    return cmocka_run_group_tests(tests, start_server, stop_server);
}
