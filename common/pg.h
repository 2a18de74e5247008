/*
 * PostgreSQL: one read and one write connection, each used as a pipeline once per turn of the loop;
 * and a second read connection for `slow` statements, so that no report holds up the short
 * questions. Slow ones are sent one by one: those that nobody waits for by their turn are left out.
 *
 * Asks of a turn leave together on the read connection. Units (the writes of one request) of a turn
 * leave together on the write connection as one implicit transaction with one sync: they commit or
 * fail together. While one turn's units commit, the next gather. When a transaction fails, it is
 * bisected until the unit that is to blame stands alone and only that one is answered with the
 * failure. Equal statements marked `merge` become one statement over longer arrays.
 *
 * Contract: every ask and every unit arrives exactly once, with a status, also on disconnect,
 * time-out and stop. Never read on the write connection to decide something: it sees the
 * uncommitted rows of the turn's other units.
 */
#ifndef KEHU_PG_H
#define KEHU_PG_H

#include "common/arena.h"
#include "common/base.h"
#include "common/loop.h"
#include "common/status.h"

#define PG_MAX_PARAMS 72
#define PG_MAX_CHANNELS 4

/* The type of a parameter; the plural ones are arrays, one element per pg_put. */
enum pg_type {
    PG_NONE = 0,
    PG_ID,
    PG_TEXT,
    PG_INT4,
    PG_INT8,
    PG_TIME, /* timestamptz; int64 microseconds since 1970 */
    PG_DATE, /* date; int32 days since 1970 */
    PG_BYTES,
    PG_BOOL,
    PG_IDS,
    PG_TEXTS,
    PG_INT4S,
    PG_INT8S,
    PG_TIMES,
    PG_DATES,
    PG_BYTESES,
    PG_BOOLS,
};

/*
 * One prepared statement. Stores keep theirs in a table at the top of the file and register it with
 * pg_add_statements. `rank` orders the statements of a write transaction among all units: what is
 * referred to comes first, hot rows come last; `merge` says that rows of several units may
 * be given to one execution.
 */
struct pg_statement {
    const char *name;
    const char *sql;
    enum pg_type params[PG_MAX_PARAMS];
    bool write;
    bool merge;
    bool slow; /* a question over many rows: asked on a connection of its own */
    bool
        varies; /* slow ones with many filters, most left out: planned for each question's values */
    uint8_t rank;
};

struct pg_args;
struct pg_rows;

/* Values for a statement, built in an arena. NULL when the arena is full. */
struct pg_args *pg_args_new(struct arena *arena, const struct pg_statement *statement);
/* Put the value of parameter i (from 0); for an array type, put one more element. */
void pg_put_id(struct pg_args *args, int i, const struct id *value);
void pg_put_text(struct pg_args *args, int i, const char *value);
void pg_put_text_n(struct pg_args *args, int i, const char *value, size_t bytes);
void pg_put_int4(struct pg_args *args, int i, int32_t value);
void pg_put_int8(struct pg_args *args, int i, int64_t value);
void pg_put_time(struct pg_args *args, int i, int64_t value_us);
void pg_put_date(struct pg_args *args, int i, int32_t day);
void pg_put_bytes(struct pg_args *args, int i, const void *value, size_t bytes);
void pg_put_bool(struct pg_args *args, int i, bool value);
void pg_put_null(struct pg_args *args, int i);
/* Null for what there is not: an id of zeroes or NULL, an empty text, the moment 0, DAY_NONE. */
void pg_put_id_or_null(struct pg_args *args, int i, const struct id *value);
void pg_put_text_or_null(struct pg_args *args, int i, struct text value);
void pg_put_time_or_null(struct pg_args *args, int i, int64_t value_us);
void pg_put_date_or_null(struct pg_args *args, int i, int32_t day);

/* Reading rows (binary). Column i from 0. Null reads as zero, empty; pg_is_null tells. */
int pg_row_count(const struct pg_rows *rows);
bool pg_is_null(const struct pg_rows *rows, int row, int i);
struct id pg_get_id(const struct pg_rows *rows, int row, int i);
int32_t pg_get_int4(const struct pg_rows *rows, int row, int i); /* of smallint too */
int64_t pg_get_int8(const struct pg_rows *rows, int row, int i);
int64_t pg_get_time(const struct pg_rows *rows, int row, int i);
int32_t pg_get_date(const struct pg_rows *rows, int row, int i);
int32_t pg_get_date_or_none(const struct pg_rows *rows, int row, int i); /* null: DAY_NONE */
bool pg_get_bool(const struct pg_rows *rows, int row, int i);
/* Borrowed until the fill function returns; not terminated. */
struct text pg_get_text(const struct pg_rows *rows, int row, int i);
/* Terminated copies in the arena. */
char *pg_copy_text(const struct pg_rows *rows, int row, int i, struct arena *arena);
struct text pg_keep_text(const struct pg_rows *rows, int row, int i, struct arena *arena);

/* Turns rows into the caller's struct; runs when the rows arrive. */
typedef void (*pg_fill)(const struct pg_rows *rows, struct arena *arena, void *out);

/* One question to the read connection. */
struct pg_ask {
    const struct pg_statement *statement;
    struct pg_args *args; /* may be NULL when there are no parameters */
    pg_fill fill;
    struct arena *arena;
    void *out;
    void (*arrived)(struct pg_ask *ask, enum status status);
    void *owner;
    /* Of uv_now: a moment past it nobody waits any more. What has not been sent by then is not
     * asked, and a slow question is ended by the server: DEADLINE_EXCEEDED. 0: never. */
    int64_t wanted_until_us;
    struct pg_ask *next;
};

/* One write of a unit. */
struct pg_write {
    const struct pg_statement *statement;
    struct pg_args *args;
    struct pg_write *next;
};

/*
 * The writes of one request; committed whole or not at all. Ends in one of
 *   OK            committed
 *   ABORTED       stale: a guard raised, a unique key exists, serialization or deadlock; decide
 * again UNKNOWN       the connection went between commit and answer; look for the receipt and
 * decide again UNAVAILABLE   not committed, no connection OUT_OF_RANGE  a value did not fit
 * (SQLSTATE class 22) INTERNAL      any other error of the statement; `failure` says which
 */
struct pg_unit {
    struct pg_write *first, *last;
    size_t bytes;
    void (*arrived)(struct pg_unit *unit, enum status status);
    void *owner;
    char failure[160]; /* SQLSTATE, constraint, message; empty when OK */
    struct pg_unit *next, *prev;
};

struct pg;

struct pg_options {
    const char *conninfo;     /* libpq connection string, several hosts allowed */
    const char *schema;       /* search_path */
    const char *application;  /* application_name */
    int statement_timeout_ms; /* on the server, per statement */
    int reconnect_ms;         /* first pause; doubles to 5 s */
    size_t max_turn_bytes;    /* of parameters in one write transaction */
    unsigned max_turn_units;
};

struct pg_counters {
    uint64_t asks, units, turns, commits, bisections, stale, unknown, connects, merged_statements,
        statements, failed_asks;
    uint64_t waiting_asks, waiting_units;
    int64_t last_commit_us;
};

struct pg *pg_new(struct loop *loop, const struct pg_options *options);
/* Ends everything pending with UNAVAILABLE and closes the connections; call before the loop stops.
 */
void pg_close(struct pg *pg);
void pg_free(struct pg *pg);

/* Before the first connect, at start. */
void pg_add_statements(struct pg *pg, const struct pg_statement *table, size_t count);
void pg_connect(struct pg *pg);
/* It is when all of them can be asked, and stays so while only slow questions cannot. */
bool pg_is_ready(const struct pg *pg);
/* Why it is not ready; "" when it is. */
const char *pg_why_down(const struct pg *pg);
/* Why the server took no changes the last time, while its connections stand: no room on its disk,
 * no memory. "" since it takes them again. */
const char *pg_why_refused(const struct pg *pg);

/* Queue for this turn. The memory is the caller's and lives until `arrived`. */
void pg_ask(struct pg *pg, struct pg_ask *ask);
void pg_commit(struct pg *pg, struct pg_unit *unit);
/* Adds a write to a unit not yet committed. */
void pg_unit_add(struct pg_unit *unit, struct pg_write *write);

/* Station of the turn. */
void pg_flush(void *pg);

/* Calls `woken` when a NOTIFY arrives on this channel (the read connection listens). Before the
 * first connect, for at most PG_MAX_CHANNELS. */
void pg_listen(struct pg *pg, const char *channel, void (*woken)(void *owner), void *owner);
/* Calls `changed` whenever readiness changes. */
void pg_watch(struct pg *pg, void (*changed)(void *owner, bool ready), void *owner);
const struct pg_counters *pg_counters(const struct pg *pg);

#endif
