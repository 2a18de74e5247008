/*
 * Applies migrations over a blocking connection. Everything is done under a session's advisory
 * lock, which goes with the connection, so that a migration killed half-way leaves neither half a
 * file nor a lock.
 */
#include "common/migrate.h"

#include <assert.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/logfmt.h"

#define CONNECT_SECONDS 30
#define CONNECT_PAUSE_MS 200
#define CHECKSUM_CHARS (crypto_hash_sha256_BYTES * 2)

struct run {
    PGconn *connection;
    const char *schema;
    char *quoted; /* the schema as an identifier */
    const struct migration *list;
    size_t count;
    const char *installation;
    bool *applied; /* list[i] stands in the database */
    char *why;
    size_t why_bytes;
};

static int64_t now_us(clockid_t which)
{
    struct timespec now;

    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

static void checksum_of(const char *sql, char *out)
{
    uint8_t hash[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(hash, (const uint8_t *)sql, strlen(sql));
    sodium_bin2hex(out, CHECKSUM_CHARS + 1, hash, sizeof(hash));
}

/* libpq's sentences end in a line break and may have several lines; a log wants one. */
static void trim(char *text)
{
    size_t length = strlen(text);

    while (length > 0 && text[length - 1] == '\n')
        text[--length] = '\0';
    for (; *text; text++)
        if (*text == '\n')
            *text = ' ';
}

static void print_notice(void *owner, const PGresult *result)
{
    (void)owner; /* "already exists, skipping" helps nobody */
    (void)result;
}

/*
 * Connects, again and again while the server is absent or starting. A server that answers and does
 * not want us (password, role, database) is final, but it is asked twice: it may have come up
 * between our attempt and the ping.
 */
static enum status open_connection(const char *conninfo, PGconn **out, char *why, size_t why_bytes)
{
    const char *const names[] = {"dbname", "connect_timeout", "application_name", NULL};
    const char *const values[] = {conninfo, "5", "kehu-migrate", NULL};
    const struct timespec pause = {.tv_nsec = CONNECT_PAUSE_MS * 1000000L};
    int64_t until_us = now_us(CLOCK_MONOTONIC) + CONNECT_SECONDS * SECOND_US;

    for (int refused = 0;;) {
        PGconn *connection = PQconnectdbParams(names, values, 1);

        if (connection && PQstatus(connection) == CONNECTION_OK) {
            PQsetNoticeReceiver(connection, print_notice, NULL);
            *out = connection;
            return OK;
        }
        snprintf(why, why_bytes, "cannot connect to the database: %s",
                 connection ? PQerrorMessage(connection) : "out of memory");
        trim(why);
        PQfinish(connection);

        PGPing ping = PQpingParams(names, values, 1);

        if (ping == PQPING_OK)
            refused++;
        if (refused >= 2 || ping == PQPING_NO_ATTEMPT || now_us(CLOCK_MONOTONIC) > until_us)
            return UNAVAILABLE;
        nanosleep(&pause, NULL);
    }
}

/* The line of the text in which character `position` (from 1) stands. */
static int line_of(const char *sql, const char *position)
{
    long left = position ? strtol(position, NULL, 10) : 0;
    int line = 1;

    for (; *sql && left > 1; sql++) {
        if (((uint8_t)*sql & 0xc0) != 0x80)
            left--;
        if (*sql == '\n')
            line++;
    }
    return line;
}

/* Says what failed; `sql` only where a line in it helps. Clears the result. */
static enum status fail(const struct run *run, const char *what, const char *sql, PGresult *result)
{
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
    enum status status = INTERNAL;

    if (state && strcmp(state, "55P03") == 0)
        status = DEADLINE_EXCEEDED;
    else if (PQstatus(run->connection) != CONNECTION_OK)
        status = UNAVAILABLE;
    if (sql && position)
        snprintf(run->why, run->why_bytes, "%s, line %d: %s (%s)", what, line_of(sql, position),
                 message ? message : "", state ? state : "");
    else
        snprintf(run->why, run->why_bytes, "%s: %s%s%s%s", what,
                 message ? message : PQerrorMessage(run->connection), state ? " (" : "",
                 state ? state : "", state ? ")" : "");
    trim(run->why);
    PQclear(result);
    return status;
}

/* Runs a statement; on success the rows are the caller's to clear when `out` is given. */
static enum status query(const struct run *run, const char *what, const char *sql, int count,
                         const char *const *values, PGresult **out)
{
    PGresult *result = PQexecParams(run->connection, sql, count, NULL, values, NULL, NULL, 0);
    ExecStatusType done = PQresultStatus(result);

    if (done != PGRES_COMMAND_OK && done != PGRES_TUPLES_OK)
        return fail(run, what, NULL, result);
    if (out)
        *out = result;
    else
        PQclear(result);
    return OK;
}

static enum status find_schema(const struct run *run)
{
    PGresult *rows;
    enum status status =
        query(run, "looking for the schema", "select 1 from pg_namespace where nspname = $1", 1,
              &run->schema, &rows);

    if (status)
        return status;
    if (PQntuples(rows) == 0) {
        snprintf(run->why, run->why_bytes, "schema %s does not exist in database %s", run->schema,
                 PQdb(run->connection));
        status = FAILED_PRECONDITION;
    }
    PQclear(rows);
    return status;
}

/* Waits for others that migrate; the lock goes with the connection. */
static enum status lock_schema(const struct run *run)
{
    enum status status =
        query(run, "setting the time-out", "set lock_timeout to '60s'", 0, NULL, NULL);

    if (status)
        return status;
    status = query(run, "waiting for another process that migrates",
                   "select pg_advisory_lock(hashtextextended('kehu migration of ' || $1, 0))", 1,
                   &run->schema, NULL);
    return status;
}

static enum status make_table(const struct run *run)
{
    char sql[512];

    snprintf(sql, sizeof(sql),
             "create table if not exists %s.schema_migration (name text primary key, "
             "checksum text not null, applied_at timestamptz not null)",
             run->quoted);
    return query(run, "making the table schema_migration", sql, 0, NULL, NULL);
}

/* Compares one row of the table with our list. */
static enum status check_applied(const struct run *run, const char *name, const char *checksum)
{
    char ours[CHECKSUM_CHARS + 1];

    for (size_t i = 0; i < run->count; i++) {
        if (strcmp(run->list[i].name, name) != 0)
            continue;
        checksum_of(run->list[i].sql, ours);
        if (strcmp(ours, checksum) == 0) {
            run->applied[i] = true;
            return OK;
        }
        snprintf(run->why, run->why_bytes,
                 "migration %s was changed after it was applied to schema %s: restore its text and "
                 "put the change into a new file",
                 name, run->schema);
        return FAILED_PRECONDITION;
    }
    snprintf(run->why, run->why_bytes,
             "migration %s is applied to schema %s but unknown to this program: the database is "
             "newer than the program",
             name, run->schema);
    return FAILED_PRECONDITION;
}

static enum status read_applied(const struct run *run)
{
    char sql[256];
    PGresult *rows;

    snprintf(sql, sizeof(sql), "select name, checksum from %s.schema_migration order by name",
             run->quoted);

    enum status status = query(run, "reading the table schema_migration", sql, 0, NULL, &rows);

    if (status)
        return status;
    for (int row = 0; row < PQntuples(rows) && !status; row++)
        status = check_applied(run, PQgetvalue(rows, row, 0), PQgetvalue(rows, row, 1));
    PQclear(rows);
    return status;
}

/* The file itself: several statements, so the simple protocol. */
static enum status run_file(const struct run *run, const struct migration *file)
{
    char what[256];

    snprintf(what, sizeof(what), "migration %s", file->name);

    PGresult *result = PQexec(run->connection, file->sql);
    ExecStatusType done = PQresultStatus(result);

    if (done != PGRES_COMMAND_OK && done != PGRES_TUPLES_OK && done != PGRES_EMPTY_QUERY)
        return fail(run, what, file->sql, result);
    PQclear(result);
    if (PQtransactionStatus(run->connection) == PQTRANS_INTRANS)
        return OK;
    snprintf(run->why, run->why_bytes, "%s: must not end its transaction", what);
    return INTERNAL;
}

static enum status note_file(const struct run *run, const struct migration *file)
{
    char sql[256], checksum[CHECKSUM_CHARS + 1], time_us[24];
    const char *const values[] = {file->name, checksum, time_us};

    checksum_of(file->sql, checksum);
    snprintf(time_us, sizeof(time_us), "%" PRId64, now_us(CLOCK_REALTIME));
    snprintf(sql, sizeof(sql),
             "insert into %s.schema_migration values ($1, $2, "
             "timestamptz 'epoch' + $3::bigint * interval '1 microsecond')",
             run->quoted);
    return query(run, file->name, sql, 3, values, NULL);
}

static enum status apply(const struct run *run, const struct migration *file)
{
    int64_t from_us = now_us(CLOCK_MONOTONIC);
    char path[256], ms[24];
    enum status status;

    snprintf(path, sizeof(path), "set local search_path to %s", run->quoted);
    status = query(run, file->name, "begin", 0, NULL, NULL);
    if (!status)
        status = query(run, file->name, path, 0, NULL, NULL);
    if (!status)
        status = run_file(run, file);
    if (!status)
        status = note_file(run, file);
    if (!status)
        status = query(run, file->name, "commit", 0, NULL, NULL);
    if (status)
        return status; /* the caller hangs up, which rolls back */
    snprintf(ms, sizeof(ms), "%" PRId64, (now_us(CLOCK_MONOTONIC) - from_us) / 1000);
    logfmt_info("migration-applied", "schema", run->schema, "name", file->name, "ms", ms, NULL);
    return OK;
}

static enum status migrate(const struct run *run)
{
    enum status status = find_schema(run);

    if (!status)
        status = lock_schema(run);
    if (!status)
        status =
            query(run, "naming the installation",
                  "select set_config('kehu.installation', $1, false)", 1, &run->installation, NULL);
    if (!status)
        status = make_table(run);
    if (!status)
        status = read_applied(run);
    for (size_t i = 0; i < run->count && !status; i++)
        if (!run->applied[i])
            status = apply(run, &run->list[i]);
    return status;
}

enum status migrate_run(const char *conninfo, const char *schema, const struct migration *list,
                        size_t count, const char *installation, char *why, size_t why_bytes)
{
    struct run run = {.schema = schema,
                      .list = list,
                      .count = count,
                      .installation = installation,
                      .why = why,
                      .why_bytes = why_bytes};

    if (sodium_init() < 0) {
        snprintf(why, why_bytes, "libsodium cannot be used");
        return INTERNAL;
    }

    enum status status = open_connection(conninfo, &run.connection, why, why_bytes);

    if (status)
        return status;
    run.quoted = PQescapeIdentifier(run.connection, schema, strlen(schema));
    run.applied = calloc(count + 1, sizeof(*run.applied));
    if (run.quoted && run.applied && strlen(run.quoted) < 130) {
        status = migrate(&run);
    } else {
        snprintf(why, why_bytes, "schema name \"%s\" cannot be used", schema);
        status = INTERNAL;
    }
    free(run.applied);
    PQfreemem(run.quoted);
    PQfinish(run.connection);
    return status;
}
