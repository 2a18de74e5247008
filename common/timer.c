#include "common/timer.h"

#include <string.h>

/* Every process looks for due timers each 30 s at least (timers.c), so what is due later needs no
 * NOTIFY: they would all queue for one lock at their commits. */
#define SOON_US (60 * SECOND_US)

enum {
    ARM,
    WAKE,
    DISARM,
    SETTLE,
    HOLD,
    LEASE,
    LIST_LEASED,
    FIND_LEASED,
    OUTLOOK,
};

/*
 * Exactly once, with a lease for economy and a guard for truth. A lease gives a ringing to one
 * process (`skip locked`: two never wait for each other) and runs by the database's clock, which no
 * virtual clock moves. The unit of the ringing deletes or re-arms the row under its lease's name:
 * whoever lost it, because he took longer than the lease or somebody re-armed the timer, is stale
 * and does nothing.
 */
const struct pg_statement timer_statements[] = {
    [ARM] = {.name = "timer_arm",
             .sql = "insert into timer (key, kind, subject, due_at, armed_at, data)"
                    " select distinct on (key) key, split_part(key, ':', 1), subject, due_at,"
                    " armed_at, data from unnest($1, $2, $3, $4, $5) with ordinality"
                    " as t(key, subject, due_at, armed_at, data, n) order by key, n desc"
                    " on conflict (key) do update set subject = excluded.subject,"
                    " due_at = excluded.due_at, armed_at = excluded.armed_at,"
                    " data = excluded.data, lease = null, leased_until = null",
             .params = {PG_TEXTS, PG_IDS, PG_TIMES, PG_TIMES, PG_BYTESES},
             .write = true,
             .merge = true,
             .rank = 193},
    [WAKE] = {.name = "timer_wake",
              .sql = "select pg_notify(current_schema() || '_timer', '')",
              .write = true,
              .merge = true,
              .rank = 202},
    [DISARM] = {.name = "timer_disarm",
                .sql = "delete from timer where key = any($1)",
                .params = {PG_TEXTS},
                .write = true,
                .merge = true,
                .rank = 190},
    [SETTLE] = {.name = "timer_settle",
                .sql = "with gone as (delete from timer t using unnest($1, $2) as q(key, lease)"
                       " where t.key = q.key and t.lease = q.lease returning 1)"
                       " select stale_unless((select count(*) from gone) = cardinality($1))",
                .params = {PG_TEXTS, PG_TEXTS},
                .write = true,
                .merge = true,
                .rank = 191},
    [HOLD] = {.name = "timer_hold",
              .sql = "with held as (select 1 from timer t join unnest($1, $2) as q(key, lease)"
                     " on t.key = q.key and t.lease = q.lease order by t.key for update of t)"
                     " select stale_unless((select count(*) from held) = cardinality($1))",
              .params = {PG_TEXTS, PG_TEXTS},
              .write = true,
              .merge = true,
              .rank = 192},
    [LEASE] = {.name = "timer_lease",
               .sql = "update timer set lease = $1, leased_until = now() + interval '60 s'"
                      " where key = any(array(select key from timer where due_at <= $2"
                      " and kind = any($3) and (lease is null or leased_until < now())"
                      " order by due_at limit $4 for update skip locked))",
               .params = {PG_TEXT, PG_TIME, PG_TEXTS, PG_INT8},
               .write = true,
               .rank = 194},
    [LIST_LEASED] = {.name = "timer_list_leased",
                     .sql = "select key, kind, subject, due_at, data from timer where lease = $1"
                            " order by due_at, key",
                     .params = {PG_TEXT}},
    [FIND_LEASED] = {.name = "timer_find_leased",
                     .sql = "select from timer where key = $1 and lease = $2",
                     .params = {PG_TEXT, PG_TEXT}},
    [OUTLOOK] = {.name = "timer_outlook",
                 .sql = "select coalesce((select key from timer where due_at <= $1"
                        " and kind = any($2) order by due_at limit 1), ''),"
                        " (select min(due_at) from timer where due_at > $1 and kind = any($2))",
                 .params = {PG_TIME, PG_TEXTS}},
};
const size_t timer_statement_count = COUNT_OF(timer_statements);

const struct timer *timer_of(const struct request *req)
{
    return req->timer;
}

static void guard(struct request *req, const struct timer *timer, int statement)
{
    struct pg_args *args = flow_write(req, &timer_statements[statement]);

    pg_put_text(args, 0, timer->key);
    pg_put_text(args, 1, timer->lease);
}

void timer_arm(struct request *req, const char *key, const struct id *subject, int64_t due_at_us,
               const void *data, size_t data_bytes)
{
    struct pg_args *args = flow_write(req, &timer_statements[ARM]);

    if (req->timer && strcmp(req->timer->key, key) == 0)
        guard(req, req->timer, HOLD);
    pg_put_text(args, 0, key);
    if (subject)
        pg_put_id(args, 1, subject);
    else
        pg_put_null(args, 1);
    pg_put_time(args, 2, due_at_us);
    pg_put_time(args, 3, req->now_us);
    pg_put_bytes(args, 4, data, data_bytes);
    if (due_at_us - SOON_US < req->now_us)
        flow_write(req, &timer_statements[WAKE]);
}

void timer_disarm(struct request *req, const char *key)
{
    pg_put_text(flow_write(req, &timer_statements[DISARM]), 0, key);
}

void timer_settle(struct request *req, const struct timer *timer)
{
    guard(req, timer, SETTLE);
}

static void put_kinds(struct pg_args *args, int i, const struct timer_kind *kinds, size_t count)
{
    for (size_t k = 0; k < count; k++)
        pg_put_text(args, i, kinds[k].kind);
}

void timer_lease(struct request *req, const char *lease, const struct timer_kind *kinds,
                 size_t kind_count, int64_t max)
{
    struct pg_args *args = flow_write(req, &timer_statements[LEASE]);

    pg_put_text(args, 0, lease);
    pg_put_time(args, 1, req->now_us);
    put_kinds(args, 2, kinds, kind_count);
    pg_put_int8(args, 3, max);
}

static void fill_leased(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct timer_rows *timers = out;
    size_t count = (size_t)pg_row_count(rows);

    timers->list = arena_take_array(arena, count, sizeof(*timers->list));
    for (size_t i = 0; timers->list && i < count; i++) {
        struct timer_row *row = &timers->list[i];
        int n = (int)i;

        row->timer.key = pg_copy_text(rows, n, 0, arena);
        row->kind = pg_copy_text(rows, n, 1, arena);
        row->timer.subject = pg_get_id(rows, n, 2);
        row->timer.due_at_us = pg_get_time(rows, n, 3);
        row->timer.data_bytes = pg_get_text(rows, n, 4).bytes;
        row->timer.data = (const uint8_t *)pg_copy_text(rows, n, 4, arena);
    }
    timers->count = arena_is_full(arena) ? 0 : count;
}

void timer_list_leased(struct request *req, const char *lease, struct timer_rows *out)
{
    struct pg_args *args = pg_args_new(req->arena, &timer_statements[LIST_LEASED]);

    *out = (struct timer_rows){0};
    pg_put_text(args, 0, lease);
    flow_ask(req, &timer_statements[LIST_LEASED], args, fill_leased, out);
}

static void fill_found(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    *(bool *)out = pg_row_count(rows) > 0;
}

void timer_find_leased(struct request *req, const struct timer *timer, bool *out)
{
    struct pg_args *args = pg_args_new(req->arena, &timer_statements[FIND_LEASED]);

    *out = false;
    pg_put_text(args, 0, timer->key);
    pg_put_text(args, 1, timer->lease);
    flow_ask(req, &timer_statements[FIND_LEASED], args, fill_found, out);
}

static void fill_outlook(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct timer_outlook *outlook = out;

    outlook->due_key = pg_copy_text(rows, 0, 0, arena);
    outlook->is_due = outlook->due_key && outlook->due_key[0];
    outlook->has_next = !pg_is_null(rows, 0, 1);
    outlook->next_at_us = pg_get_time(rows, 0, 1);
}

void timer_find_outlook(struct request *req, int64_t at_us, const struct timer_kind *kinds,
                        size_t kind_count, struct timer_outlook *out)
{
    struct pg_args *args = pg_args_new(req->arena, &timer_statements[OUTLOOK]);

    *out = (struct timer_outlook){.due_key = ""};
    pg_put_time(args, 0, at_us);
    put_kinds(args, 1, kinds, kind_count);
    flow_ask(req, &timer_statements[OUTLOOK], args, fill_outlook, out);
}
