/*
 * What the files of pg share: one connection (pg_link), the questions (pg_read), the writes
 * (pg_write). Nothing else includes this.
 */
#ifndef KEHU_PG_INTERNAL_H
#define KEHU_PG_INTERNAL_H

#include <libpq-fe.h>

#include "common/pg.h"

/* --- values (pg_args.c) --- */

struct pg_arg {
    uint8_t *bytes; /* a scalar in binary; of an array, each element as length and bytes */
    size_t used, room;
    uint32_t elements;
    bool is_null;
};

struct pg_args {
    struct arena *arena;
    const struct pg_statement *statement;
    bool broken; /* the arena was full: the request must be refused */
    int count;
    struct pg_arg values[];
};

int pg_param_count(const struct pg_statement *statement);
size_t pg_args_bytes(const struct pg_args *args);
/* Sends the statement with the arguments of all `count` (one, or several merged). False when libpq
 * will not. */
bool pg_args_send(PGconn *conn, const struct pg_statement *statement, struct pg_args *const *args,
                  size_t count);
/* Sends the preparation of the statement. */
bool pg_args_prepare(PGconn *conn, const struct pg_statement *statement);

struct pg_rows {
    const PGresult *result;
};

/* --- one connection (pg_link.c) --- */

enum pg_link_state {
    PG_LINK_DOWN,
    PG_LINK_CONNECTING,
    PG_LINK_PREPARING,
    PG_LINK_READY,
};

struct pg_reader;

struct pg_link {
    struct pg *pg;
    struct pg_reader *reader; /* NULL: the write connection */
    const char *name;         /* "read", "slow", "write" */
    enum pg_link_state state;
    PGconn *conn;
    uv_poll_t *poll;  /* on the heap: it outlives the connection by one close callback */
    uv_timer_t timer; /* of connecting and of the pause before the next try */
    PostgresPollingStatusType polling;
    uint64_t started_ms;
    int pause_ms;
    size_t preparing; /* answers to PREPARE still to come */
    char why_down[200];
};

void pg_link_init(struct pg_link *link, struct pg *pg, struct pg_reader *reader, const char *name);
void pg_link_connect(struct pg_link *link);
/* Gives the connection up; `lost` of the owner runs first. Tries again unless the pg is closing. */
void pg_link_lose(struct pg_link *link, const char *why);
void pg_link_close(struct pg_link *link);
/* Pushes what libpq holds; asks for POLLOUT when the socket is full. */
void pg_link_push(struct pg_link *link);

/* --- the two directions --- */

/* One read connection and its questions. */
struct pg_reader {
    struct pg *pg;
    struct pg_link link;
    struct pg_ask *asks, *asks_last;     /* waiting for the next flush */
    struct pg_ask *flying, *flying_last; /* sent, in order */
    struct pg_ask *again, *again_last;   /* aborted by another's failure: sent once more */
    struct pg_ask limit;                 /* how long the slow question behind it may run */
    bool is_under_way;
};

void pg_read_flush(struct pg_reader *reader);
/* One result of a read connection; NULL ends a statement. */
void pg_read_result(struct pg_reader *reader, PGresult *result);
void pg_read_lost(struct pg_reader *reader);
bool pg_read_is_busy(const struct pg_reader *reader);

void pg_write_flush(struct pg *pg);
void pg_write_result(struct pg *pg, PGresult *result);
void pg_write_lost(struct pg *pg);
bool pg_write_is_busy(const struct pg *pg);

/* --- the whole --- */

/* A part of a failed transaction, tried again by itself. */
struct pg_group {
    struct pg_unit *units; /* utlist, doubly linked */
    struct pg_group *next;
};

/* One execution in the write transaction under way. */
struct pg_send {
    const struct pg_statement *statement;
    struct pg_args **args;
    struct pg_unit **units;
    size_t count, room;
};

struct pg_turn {
    bool is_under_way;
    struct pg_unit *units;
    unsigned unit_count;
    struct pg_send *sends;
    size_t send_count, send_room;
    size_t answered;    /* sends whose end has been seen */
    size_t failed_send; /* index, or SIZE_MAX: none, or the commit itself */
    char sqlstate[6];
    char failure[160];
    int64_t begun_us;
};

struct pg_channel {
    char name[64];
    void (*woken)(void *owner);
    void *owner;
    bool has_news;
};

#define PG_TABLES_MAX 128

struct pg {
    struct loop *loop;
    struct pg_options options;
    struct pg_reader quick, slow;
    struct pg_link write;
    const struct pg_statement *statements[PG_TABLES_MAX]; /* the tables registered */
    size_t statement_counts[PG_TABLES_MAX];
    size_t table_count;
    struct pg_unit *units;   /* waiting, utlist */
    struct pg_group *groups; /* of failed transactions; before the waiting ones */
    struct pg_turn turn;
    struct pg_channel channels[PG_MAX_CHANNELS];
    size_t channel_count;
    void (*changed)(void *owner, bool ready);
    void *changed_owner;
    bool is_closing, was_ready;
    char why_refused[200];
    struct pg_counters counters;
};

void pg_tell_readiness(struct pg *pg);
/* True when the server at the other end is not the one to ask: a standby after a fail-over, or one
 * that a migration has changed under our plans. A new connection helps. */
bool pg_is_wrong_server(const char *sqlstate);
/* Out of disk, memory or connections, or the system under it fails: nobody's statement is to blame.
 */
bool pg_is_out_of_room(const char *sqlstate);

#endif
