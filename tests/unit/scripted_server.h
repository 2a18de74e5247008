/*
 * A PostgreSQL of the test's own, on a socket in a temporary folder, and a loop driven by hand.
 */
#ifndef KEHU_TESTS_SCRIPTED_SERVER_H
#define KEHU_TESTS_SCRIPTED_SERVER_H

#include <libpq-fe.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include <cmocka.h>

#include "common/base.h"
#include "common/logfmt.h"

static char server_folder[] = "/tmp/kehu-server-XXXXXX";
static char server_conninfo[200];

/* PostgreSQL refuses to run as root: root takes the account that the package made. */
static inline int server_command(const char *format, ...) PRINTF_LIKE(1, 2);

static inline int server_command(const char *format, ...)
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

static inline int server_start(void **state)
{
    (void)state;
    logfmt_set_enabled(false);
    if (!mkdtemp(server_folder))
        return -1;
    if (geteuid() == 0) {
        const struct passwd *account = getpwnam("postgres");
        if (!account || chown(server_folder, account->pw_uid, account->pw_gid) != 0)
            return -1;
    }
    snprintf(server_conninfo, sizeof(server_conninfo),
             "host=%s dbname=postgres user=tester options='-c client_min_messages=warning'",
             server_folder);
    return server_command("initdb -D %s/data -U tester --auth=trust --no-sync --locale=C.UTF-8 "
                          ">%s/log 2>&1 && pg_ctl -D %s/data -w -l %s/log -o \"-k %s -c "
                          "listen_addresses= -c fsync=off\" start >/dev/null",
                          server_folder, server_folder, server_folder, server_folder,
                          server_folder);
}

static inline int server_stop(void **state)
{
    (void)state;
    server_command("pg_ctl -D %s/data -m immediate stop >/dev/null; rm -rf %s/data %s/log",
                   server_folder, server_folder, server_folder);
    return rmdir(server_folder);
}

/* A session of the test's own beside those under test. */
static inline PGconn *server_connect(void)
{
    PGconn *session = PQconnectdb(server_conninfo);

    assert_int_equal(PQstatus(session), CONNECTION_OK);
    return session;
}

/* Runs SQL in the session and gives the first value of the first row. */
static inline const char *server_run(PGconn *session, const char *text)
{
    static char value[300];
    PGresult *result = PQexec(session, text);

    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", text, PQresultErrorMessage(result));
    snprintf(value, sizeof(value), "%s", PQntuples(result) ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return value;
}

static inline const char *server_sql(const char *text)
{
    PGconn *session = server_connect();
    const char *value = server_run(session, text);

    PQfinish(session);
    return value;
}

#endif
