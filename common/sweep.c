/*
 * One look of a sweep, as the steps of a request: what is due, and whose it is to take. And what
 * the steps that settle ask of it.
 */
#include "common/sweep.h"

#include <string.h>

#include "common/service.h"
#include "common/sweep_internal.h"

#define LONGEST_SLEEP_US (30 * SECOND_US)
#define LEASE_US SECOND_US      /* as in the statement */
#define RENEW_US (LEASE_US / 2) /* with less left it is taken anew before the next set */
/* Every process looks each 30 s at least, so what is due later needs no NOTIFY. */
#define SOON_US (60 * SECOND_US)

enum {
    TAKE,
    FIND,
    WAKE,
};

const struct pg_statement sweep_statements[] = {
    [TAKE] = {.name = "sweep_take",
              .sql = "insert into sweep as s (name, lease, leased_until)"
                     " values ($1, $2, clock_timestamp() + interval '1 s') on conflict (name)"
                     " do update set lease = excluded.lease, leased_until = excluded.leased_until"
                     " where s.lease = excluded.lease or s.leased_until < clock_timestamp()",
              .params = {PG_TEXT, PG_TEXT},
              .write = true,
              .rank = 189},
    [FIND] = {.name = "sweep_find",
              .sql = "select lease = $2, (extract(epoch from leased_until - clock_timestamp())"
                     " * 1000000)::bigint from sweep where name = $1",
              .params = {PG_TEXT, PG_TEXT}},
    /* The clockwork of timers listens on the same channel. */
    [WAKE] = {.name = "sweep_wake",
              .sql = "select pg_notify(current_schema() || '_timer', '')",
              .write = true,
              .merge = true,
              .rank = 203},
};
const size_t sweep_statement_count = COUNT_OF(sweep_statements);

struct sweeper *sweep_find(const struct request *req)
{
    struct sweeps *sweeps = req->service->sweeps;

    for (size_t i = 0; i < sweeps->count; i++)
        if (strcmp(req->type, sweeps->list[i].sweep->name) == 0)
            return &sweeps->list[i];
    return NULL;
}

void sweep_wake(struct request *req, int64_t due_at_us)
{
    if (due_at_us < req->now_us + SOON_US)
        flow_write(req, &sweep_statements[WAKE]);
}

/* --- outlooks --- */

static void fill_outlook(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct sweep_outlook *outlook = out;

    (void)arena;
    if (pg_row_count(rows) == 0)
        return;
    outlook->is_due = pg_get_bool(rows, 0, 0);
    outlook->has_next = !pg_is_null(rows, 0, 1);
    outlook->next_at_us = pg_get_time(rows, 0, 1);
}

static void find_outlook(struct request *req, const struct sweep *sweep, struct sweep_outlook *out)
{
    struct pg_args *args = pg_args_new(req->arena, sweep->outlook);

    *out = (struct sweep_outlook){0};
    pg_put_time(args, 0, req->now_us);
    flow_ask(req, sweep->outlook, args, fill_outlook, out);
}

void sweep_find_outlooks(struct request *req, struct sweep_outlook *out)
{
    const struct service_definition *definition = req->service->definition;

    for (size_t i = 0; i < definition->sweep_count; i++)
        find_outlook(req, &definition->sweeps[i], &out[i]);
}

/* --- for steps --- */

struct sweep_share sweep_share(const struct request *req)
{
    const struct sweeper *sweeper = sweep_find(req);

    return (struct sweep_share){
        .most = (int64_t)(sweeper->is_again ? sweeper->sweep->most : sweeper->limit),
        .again = sweeper->is_again ? &sweeper->row : NULL,
    };
}

void sweep_took(struct request *req, size_t count, const struct id *first)
{
    struct sweeper *sweeper = sweep_find(req);

    sweeper->taken = count;
    if (sweeper->is_again)
        sweep_aside_remove(req, sweeper->sweep->name, &sweeper->row);
    else if (count > 0)
        sweeper->row = *first;
}

/* --- the look --- */

struct lease {
    bool is_mine;
    int64_t left_us;
};

struct looking {
    struct sweeper *sweeper;
    struct sweep_outlook outlook;
    struct lease lease;
    struct sweep_aside aside;
};

static void fill_lease(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct lease *lease = out;

    (void)arena;
    if (pg_row_count(rows) == 0)
        return;
    lease->is_mine = pg_get_bool(rows, 0, 0);
    lease->left_us = pg_get_int8(rows, 0, 1);
}

static void find_lease(struct request *req, struct looking *r)
{
    struct pg_args *args = pg_args_new(req->arena, &sweep_statements[FIND]);

    r->lease = (struct lease){0};
    pg_put_text(args, 0, r->sweeper->sweep->name);
    pg_put_text(args, 1, r->sweeper->sweeps->token);
    flow_ask(req, &sweep_statements[FIND], args, fill_lease, &r->lease);
}

static enum flow take_up(struct request *req)
{
    struct looking *r = req->state;
    struct sweeper *sweeper = r->sweeper;

    sweeper->may_go_on = r->lease.is_mine;
    if (r->lease.is_mine) {
        sweeper->until_us = flow_clock_us(req) + r->lease.left_us;
        return flow_end(req);
    }
    sweeper->sweeps->counters.lost++;
    sweeper->pause_us = r->lease.left_us > 0 ? r->lease.left_us : 0;
    return flow_end(req);
}

static enum flow look_again(struct request *req)
{
    struct looking *r = req->state;

    find_lease(req, r);
    return flow_wait(req, take_up);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t sleep_of(const struct request *req, const struct looking *r)
{
    int64_t pause_us = LONGEST_SLEEP_US;

    if (r->outlook.has_next)
        pause_us = least(pause_us, r->outlook.next_at_us - req->now_us);
    if (r->aside.count > 0)
        pause_us = least(pause_us, r->aside.wait_us);
    return pause_us;
}

static void count_aside(struct sweeper *sweeper, const struct sweep_aside *aside)
{
    struct sweeps *sweeps = sweeper->sweeps;

    sweeper->aside = (uint64_t)aside->count;
    sweeps->counters.aside = 0;
    for (size_t i = 0; i < sweeps->count; i++)
        sweeps->counters.aside += sweeps->list[i].aside;
}

static enum flow look_judge(struct request *req)
{
    struct looking *r = req->state;
    struct sweeper *sweeper = r->sweeper;
    struct pg_args *args;

    count_aside(sweeper, &r->aside);
    sweeper->pause_us = sleep_of(req, r);
    /* What was set aside has its turn when nothing else is due. */
    sweeper->is_again = !r->outlook.is_due && r->aside.count > 0 && r->aside.wait_us <= 0;
    if (sweeper->is_again)
        sweeper->row = r->aside.first;
    if (!r->outlook.is_due && !sweeper->is_again)
        return flow_end(req);
    if (sweeper->until_us - flow_clock_us(req) > RENEW_US) {
        sweeper->may_go_on = true;
        return flow_end(req);
    }
    if (!r->lease.is_mine && r->lease.left_us > 0)
        return flow_go(req, take_up);
    args = flow_write(req, &sweep_statements[TAKE]);
    pg_put_text(args, 0, sweeper->sweep->name);
    pg_put_text(args, 1, sweeper->sweeps->token);
    return flow_commit(req, look_again);
}

enum flow sweep_look(struct request *req)
{
    struct looking *r = request_state(req, sizeof(*r));

    r->sweeper = sweep_find(req);
    find_outlook(req, r->sweeper->sweep, &r->outlook);
    find_lease(req, r);
    sweep_aside_find(req, r->sweeper->sweep->name, &r->aside);
    return flow_wait(req, look_judge);
}
