/*
 * The sweeps of a service: for each one look or set after the other. Whatever goes wrong ends it;
 * the next begins from what the database says.
 */
#include "common/sweep.h"

#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

#include "common/logfmt.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "common/sweep_internal.h"

#define RETRY_US SECOND_US /* after a set or a look that failed */
/* After a row was set aside: a fault of all rows is not told faster than ten times a second. */
#define ASIDE_US (SECOND_US / 10)

const struct metric sweep_metrics[] = {
    {"looks_total", METRIC_COUNTER, offsetof(struct sweep_counters, looks),
     "Looks for due rows of sweeps."},
    {"sets_total", METRIC_COUNTER, offsetof(struct sweep_counters, sets),
     "Sets of due rows that this process has done."},
    {"failures_total", METRIC_COUNTER, offsetof(struct sweep_counters, failures),
     "Looks and sets that failed; they are tried again, the sets half as large."},
    {"set_aside_total", METRIC_COUNTER, offsetof(struct sweep_counters, set_aside),
     "Rows that failed alone: they wait by themselves, and the others go on."},
    {"lost_total", METRIC_COUNTER, offsetof(struct sweep_counters, lost),
     "Looks that found another process at work."},
    {"aside", METRIC_GAUGE, offsetof(struct sweep_counters, aside),
     "Rows that are set aside now; the table sweep_aside says which and why."},
};
const size_t sweep_metric_count = COUNT_OF(sweep_metrics);

const struct sweep_counters *sweeps_counters(const struct sweeps *sweeps)
{
    return &sweeps->counters;
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
    sweeper->pause_us = RETRY_US;
    sweeper->sweeps->counters.failures++;
}

static void start(struct sweeper *sweeper, flow_step step,
                  void (*when_failed)(void *owner, enum status status, const char *why),
                  void (*ended)(void *owner))
{
    struct service *service = sweeper->sweeps->service;

    sweeper->has_failed = false;
    sweeper->is_busy =
        flows_start_own(service->flows, &(struct flow_own){.type = sweeper->sweep->name,
                                                           .step = step,
                                                           .failed = when_failed,
                                                           .ended = ended,
                                                           .owner = sweeper});
    if (!sweeper->is_busy)
        sleep_for(sweeper, RETRY_US);
}

/* --- a set --- */

/* Its rows may be to blame for anything but an absence and a crowd. */
static bool is_of_rows(enum status status)
{
    return status != UNAVAILABLE && status != DEADLINE_EXCEEDED && status != RESOURCE_EXHAUSTED;
}

static void blame(struct sweeper *sweeper, enum status status, const char *why)
{
    char row[UUID_TEXT_BYTES];

    uuid_print(&sweeper->row, row);
    logfmt_error("sweep", "name", sweeper->sweep->name, "row", row, "status", status_name(status),
                 "why", why, NULL);
    snprintf(sweeper->why, sizeof(sweeper->why), "%.*s", SWEEP_WHY_BYTES - 1, why);
    sweeper->has_blame = true;
}

static void set_failed(void *owner, enum status status, const char *why)
{
    struct sweeper *sweeper = owner;
    bool is_alone = sweeper->is_again || sweeper->taken == 1;

    failed(sweeper, status, why);
    if (!is_of_rows(status))
        return;
    if (is_alone) {
        blame(sweeper, status, why);
        return;
    }
    /* Before the rows are known it is hardly they; but they may be too many to be held. */
    if (sweeper->taken > 0)
        sweeper->pause_us = 0;
    sweeper->limit = (sweeper->taken > 0 ? sweeper->taken : sweeper->limit + 1) / 2;
}

static void grow(struct sweeper *sweeper)
{
    size_t most = sweeper->sweep->most;

    if (!sweeper->is_again)
        sweeper->limit = sweeper->limit < most / 2 ? sweeper->limit * 2 : most;
}

static enum flow put_aside(struct request *req)
{
    struct sweeper *sweeper = sweep_find(req);

    sweep_aside_put(req, sweeper->sweep->name, &sweeper->row, sweeper->why);
    return flow_commit(req, flow_end);
}

static void aside_ended(void *owner)
{
    struct sweeper *sweeper = owner;

    sweeper->is_busy = false;
    sweeper->sweeps->counters.set_aside += !sweeper->has_failed;
    if (!sweeper->sweeps->is_closed)
        sleep_for(sweeper, sweeper->has_failed ? sweeper->pause_us : ASIDE_US);
}

static void set_ended(void *owner)
{
    struct sweeper *sweeper = owner;

    sweeper->is_busy = false;
    if (sweeper->sweeps->is_closed)
        return;
    if (sweeper->has_blame) {
        start(sweeper, put_aside, failed, aside_ended);
    } else if (sweeper->has_failed) {
        sleep_for(sweeper, sweeper->pause_us);
    } else {
        grow(sweeper);
        begin(sweeper);
    }
}

static void start_set(struct sweeper *sweeper)
{
    sweeper->sweeps->counters.sets++;
    sweeper->taken = 0;
    sweeper->has_blame = false;
    start(sweeper, sweeper->sweep->step, set_failed, set_ended);
}

/* --- one look after the other --- */

static void look_ended(void *owner)
{
    struct sweeper *sweeper = owner;

    sweeper->is_busy = false;
    if (sweeper->sweeps->is_closed)
        return;
    if (sweeper->may_go_on && !sweeper->sweeps->service->is_stopping) {
        start_set(sweeper);
        return;
    }
    if (sweeper->wants_look && !sweeper->has_failed)
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
    start(sweeper, sweep_look, failed, look_ended);
}

void sweeps_look(void *owner)
{
    struct sweeps *sweeps = owner;

    for (size_t i = 0; i < sweeps->count; i++)
        begin(&sweeps->list[i]);
}

const char *sweeps_why_aside(struct sweeps *sweeps)
{
    for (size_t i = 0; i < sweeps->count; i++) {
        const struct sweeper *sweeper = &sweeps->list[i];

        if (sweeper->aside == 0)
            continue;
        snprintf(
            sweeps->why, sizeof(sweeps->why),
            "%s: %llu rows cannot be settled and are set aside; the table sweep_aside says why",
            sweeper->sweep->name, (unsigned long long)sweeper->aside);
        return sweeps->why;
    }
    return "";
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
        sweeper->limit = sweeper->sweep->most;
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
