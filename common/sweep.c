#include "common/sweep.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "common/service.h"

#define LONGEST_SLEEP_US (30 * SECOND_US)
#define RETRY_US SECOND_US      /* after a set or a look that failed */
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

/* One row of the definition, at work. */
struct sweeper {
    struct sweeps *sweeps;
    const struct sweep *sweep;
    uv_timer_t clock;
    bool is_busy; /* looks, or does a set */
    bool wants_look;
    bool has_failed;
    bool may_go_on;   /* the look found rows, and they are ours to take */
    int64_t until_us; /* of flow_clock_us: the lease is ours so long */
    int64_t pause_us; /* until the next look, as the last one found */
};

struct sweeps {
    struct service *service;
    char token[48]; /* this process, since its start */
    bool is_closed;
    struct sweep_counters counters;
    size_t count;
    struct sweeper list[];
};

const struct metric sweep_metrics[] = {
    {"looks_total", METRIC_COUNTER, offsetof(struct sweep_counters, looks),
     "Looks for due rows of sweeps."},
    {"sets_total", METRIC_COUNTER, offsetof(struct sweep_counters, sets),
     "Sets of due rows that this process has done."},
    {"failures_total", METRIC_COUNTER, offsetof(struct sweep_counters, failures),
     "Looks and sets that failed; they are tried again a second later."},
    {"lost_total", METRIC_COUNTER, offsetof(struct sweep_counters, lost),
     "Looks that found another process at work."},
};
const size_t sweep_metric_count = COUNT_OF(sweep_metrics);

const struct sweep_counters *sweeps_counters(const struct sweeps *sweeps)
{
    return &sweeps->counters;
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

/* --- the look --- */

struct lease {
    bool is_mine;
    int64_t left_us;
};

struct looking {
    struct sweeper *sweeper;
    struct sweep_outlook outlook;
    struct lease lease;
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

static int64_t sleep_of(const struct request *req, const struct sweep_outlook *outlook)
{
    int64_t pause_us = outlook->has_next ? outlook->next_at_us - req->now_us : LONGEST_SLEEP_US;

    return pause_us < LONGEST_SLEEP_US ? pause_us : LONGEST_SLEEP_US;
}

static enum flow look_judge(struct request *req)
{
    struct looking *r = req->state;
    struct sweeper *sweeper = r->sweeper;
    struct pg_args *args;

    sweeper->pause_us = sleep_of(req, &r->outlook);
    if (!r->outlook.is_due)
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

static enum flow look(struct request *req)
{
    struct looking *r = request_state(req, sizeof(*r));
    const struct service_definition *definition = req->service->definition;
    struct sweeps *sweeps = req->service->sweeps;

    for (size_t i = 0; i < definition->sweep_count; i++)
        if (strcmp(req->type, definition->sweeps[i].name) == 0)
            r->sweeper = &sweeps->list[i];
    find_outlook(req, r->sweeper->sweep, &r->outlook);
    find_lease(req, r);
    return flow_wait(req, look_judge);
}

/* --- one after the other --- */

static void begin(struct sweeper *sweeper);

static void ring(uv_timer_t *clock)
{
    begin(clock->data);
}

static void sleep_for(struct sweeper *sweeper, int64_t pause_us)
{
    uv_timer_start(&sweeper->clock, ring, pause_us > 0 ? (uint64_t)((pause_us + 999) / 1000) : 0,
                   0);
}

static void failed(void *owner, enum status status, const char *why)
{
    struct sweeper *sweeper = owner;

    (void)status;
    (void)why;
    sweeper->has_failed = true;
    sweeper->sweeps->counters.failures++;
}

static void set_ended(void *owner)
{
    struct sweeper *sweeper = owner;

    sweeper->is_busy = false;
    if (sweeper->sweeps->is_closed)
        return;
    if (sweeper->has_failed)
        sleep_for(sweeper, RETRY_US);
    else
        begin(sweeper);
}

static void start(struct sweeper *sweeper, flow_step step, void (*ended)(void *owner))
{
    struct service *service = sweeper->sweeps->service;

    sweeper->has_failed = false;
    sweeper->is_busy =
        flows_start_own(service->flows, &(struct flow_own){.type = sweeper->sweep->name,
                                                           .step = step,
                                                           .failed = failed,
                                                           .ended = ended,
                                                           .owner = sweeper});
    if (!sweeper->is_busy)
        sleep_for(sweeper, RETRY_US);
}

static void look_ended(void *owner)
{
    struct sweeper *sweeper = owner;

    sweeper->is_busy = false;
    if (sweeper->sweeps->is_closed)
        return;
    if (sweeper->may_go_on && !sweeper->sweeps->service->is_stopping) {
        sweeper->sweeps->counters.sets++;
        start(sweeper, sweeper->sweep->step, set_ended);
        return;
    }
    if (sweeper->has_failed)
        sleep_for(sweeper, RETRY_US);
    else if (sweeper->wants_look)
        begin(sweeper);
    else
        sleep_for(sweeper, sweeper->pause_us);
}

static void begin(struct sweeper *sweeper)
{
    struct sweeps *sweeps = sweeper->sweeps;

    sweeper->wants_look = sweeper->is_busy; /* what is at work looks again when it has ended */
    if (sweeps->is_closed || sweeps->service->is_stopping || sweeper->is_busy)
        return;
    if (!pg_is_ready(sweeps->service->pg))
        return; /* when it comes back, all look */
    sweeper->may_go_on = false;
    sweeper->pause_us = RETRY_US;
    sweeps->counters.looks++;
    start(sweeper, look, look_ended);
}

void sweeps_look(void *owner)
{
    struct sweeps *sweeps = owner;

    for (size_t i = 0; i < sweeps->count; i++)
        begin(&sweeps->list[i]);
}

/* --- life --- */

struct sweeps *sweeps_new(struct service *service)
{
    size_t count = service->definition->sweep_count;
    struct sweeps *sweeps = calloc(1, sizeof(*sweeps) + count * sizeof(sweeps->list[0]));
    uint8_t random[16];

    if (!sweeps)
        return NULL;
    sweeps->service = service;
    sweeps->count = count;
    randombytes_buf(random, sizeof(random));
    sodium_bin2hex(sweeps->token, sizeof(sweeps->token), random, sizeof(random));
    for (size_t i = 0; i < count; i++) {
        struct sweeper *sweeper = &sweeps->list[i];

        sweeper->sweeps = sweeps;
        sweeper->sweep = &service->definition->sweeps[i];
        uv_timer_init(loop_uv(service->loop), &sweeper->clock);
        sweeper->clock.data = sweeper;
    }
    return sweeps;
}

void sweeps_close(struct sweeps *sweeps)
{
    if (sweeps->is_closed)
        return;
    sweeps->is_closed = true;
    for (size_t i = 0; i < sweeps->count; i++)
        uv_close((uv_handle_t *)&sweeps->list[i].clock, NULL);
}

void sweeps_free(struct sweeps *sweeps)
{
    free(sweeps);
}
