/*
 * The driver of requests: enters their steps, counts what they wait for, and is the one place
 * where a request is freed. Every ask and unit arrives exactly once (pg.h, kv.h), so a request
 * whose asker was answered early (deadline) stays, silent, until its last ask has arrived.
 */
#include "common/flow.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "common/flow_internal.h"
#include "common/logfmt.h"

#define RETRY_OVERLOAD_US (100 * 1000)
#define RETRY_DOWN_US SECOND_US
#define RETRY_ABORTED_US (20 * 1000)

/* --- begin and end --- */

static struct key_load *find_load(struct flow_request *f)
{
    struct key_load *load;

    HASH_FIND_STR(f->flows->loads, f->req.key.name, load);
    return load;
}

static bool is_poll(const struct flow_request *f)
{
    return f->handler ? f->handler->limit != LIMIT_WORK : f->is_own_poll;
}

/* How much of the limits a request takes, from its beginning until its memory goes. */
static void charge(struct flow_request *f, size_t bytes)
{
    struct key_load *load = find_load(f);

    f->charged_bytes = bytes;
    f->flows->counters.bytes += bytes;
    if (!load && (load = calloc(1, sizeof(*load)))) {
        snprintf(load->name, sizeof(load->name), "%s", f->req.key.name);
        HASH_ADD_STR(f->flows->loads, name, load);
    }
    if (is_poll(f)) {
        f->flows->counters.polls++;
        if (load)
            load->polls++;
        return;
    }
    f->flows->counters.in_flight++;
    if (load)
        load->in_flight++;
}

static void discharge(struct flow_request *f)
{
    struct key_load *load = find_load(f);

    f->flows->counters.bytes -= f->charged_bytes;
    if (is_poll(f)) {
        f->flows->counters.polls--;
        if (load)
            load->polls--;
    } else {
        f->flows->counters.in_flight--;
        if (load)
            load->in_flight--;
    }
    if (load && load->in_flight == 0 && load->polls == 0) {
        HASH_DEL(f->flows->loads, load);
        free(load);
    }
}

static void free_request(struct flow_request *f)
{
    void (*ended)(void *owner) = f->ended;
    void *owner = f->ended_owner;

    arena_free(f->req.arena);
    arena_free(f->envelope);
    free(f);
    if (ended)
        ended(owner);
}

/* Gives everything up; the memory, and with it the place among the limits, goes when nothing is
 * pending any more: else askers with short deadlines could pile up requests that wait for a slow
 * database. */
static void end(struct flow_request *f)
{
    if (!f->is_ended) {
        f->is_ended = true;
        f->flows->counters.ended++;
        flow_release_subjects(f);
        if (f->is_ready)
            DL_DELETE2(f->flows->ready, f, ready_prev, ready_next);
        f->is_ready = false;
        DL_DELETE(f->flows->all, f);
        flow_unname(f);
    }
    if (f->pending == 0) {
        discharge(f);
        free_request(f);
    }
}

static void log_end(struct flow_request *f, enum status status, const char *message)
{
    char steps[12], took[32];

    snprintf(steps, sizeof(steps), "%u", f->steps);
    snprintf(took, sizeof(took), "%.3f", (double)(flow_clock_us(&f->req) - f->begun_us) / 1000.0);
    logfmt_info("request", "request", f->req.id, "type", f->req.type, "key", f->req.key.name,
                "status", status_name(status), "steps", steps, "ms", took, "why",
                status == OK ? NULL
                : f->log_why ? f->log_why
                             : message,
                "trace", f->req.traceparent, NULL);
}

static int64_t retry_after(enum status status)
{
    switch (status) {
    case UNAVAILABLE:
        return RETRY_DOWN_US;
    case RESOURCE_EXHAUSTED:
        return RETRY_OVERLOAD_US;
    case ABORTED:
        return RETRY_ABORTED_US;
    default:
        return 0;
    }
}

/* Answers once; a request may outlive its answer. */
void flow_answer(struct flow_request *f, enum status status, const char *message,
                 const struct flow_packed *payload)
{
    if (f->is_answered)
        return;
    f->is_answered = true;
    f->flows->counters.by_status[status]++;
    for (unsigned sent = 0; f->has_route && sent <= f->repeats; sent++)
        flow_send(f, status, message, retry_after(status), payload);
    if (f->has_route || status != OK)
        log_end(f, status, message);
    /* What the database said is nearer to the cause than our own sentence. */
    if (f->failed_own && status != OK)
        f->failed_own(f->ended_owner, status, f->unit.failure[0] ? f->unit.failure : message);
}

/* --- the driver --- */

void flow_one_arrived(struct flow_request *f)
{
    if (--f->pending > 0)
        return;
    if (f->is_ended)
        end(f);
    else if (f->queues_ahead == 0)
        flow_make_ready(f);
}

void flow_make_ready(struct flow_request *f)
{
    if (f->is_ready || f->is_ended)
        return;
    f->is_ready = true;
    DL_APPEND2(f->flows->ready, f, ready_prev, ready_next);
}

static const char *unavailable(const struct flow_request *f)
{
    const struct pg *pg = f->flows->service->pg;

    if (!pg_is_ready(pg))
        return "the database cannot be reached";
    return pg_why_refused(pg)[0] ? "the database takes no changes; `kehuctl health` says why"
                                 : "the database refused for now";
}

/* The sentence for a status that no handler chose. */
static const char *failure_message(const struct flow_request *f, enum status status)
{
    switch (status) {
    case UNAVAILABLE:
        return unavailable(f);
    case DEADLINE_EXCEEDED:
        return "the question took too long";
    case OUT_OF_RANGE:
        return "a value does not fit: its sum or size is beyond what is kept";
    case ABORTED:
        return "lost against other changes several times";
    default:
        return "an internal error; it has been logged";
    }
}

/* What nobody should have to guess: which statement would not go, and why. */
static void log_failure(const struct flow_request *f, enum status status)
{
    if (status == INTERNAL || status == OUT_OF_RANGE)
        logfmt_error("unit", "request", f->req.id, "type", f->req.type, "status",
                     status_name(status), "why", f->unit.failure, NULL);
}

static void unit_arrived(struct pg_unit *unit, enum status status)
{
    struct flow_request *f = unit->owner;

    log_failure(f, status);
    f->has_effect = status == OK && f->handler && !f->handler->is_query;
    if (status == ABORTED || status == UNKNOWN) {
        /* Decide again from what is true now; a receipt says if it was committed after all. */
        f->waits_for_pg = status == UNKNOWN;
        f->failed = ABORTED;
    } else if (status != OK && f->failed == OK) {
        f->failed = status;
    }
    if (status == OK)
        f->unit = (struct pg_unit){0}; /* a later commit of this request writes something else */
    if (f->waits_for_pg && !f->is_ended && !pg_is_ready(f->flows->service->pg)) {
        f->pending--;
        return; /* flows_pg_ready goes on */
    }
    f->waits_for_pg = false;
    flow_one_arrived(f);
}

static enum flow commit(struct flow_request *f)
{
    assert(f->pending == 0);
    if (f->failed != OK || arena_is_full(f->req.arena)) {
        f->failed = f->failed != OK ? f->failed : RESOURCE_EXHAUSTED;
        return FLOW_WAIT;
    }
    if (!f->unit.first)
        return FLOW_GO;
    f->unit.arrived = unit_arrived;
    f->unit.owner = f;
    f->pending++;
    pg_commit(f->flows->service->pg, &f->unit);
    return FLOW_WAIT;
}

/* The step after the next failure: begin again when stale, else the end. */
static enum flow fail(struct flow_request *f)
{
    enum status status = f->failed;

    f->failed = OK;
    if (status == ABORTED)
        return flow_again(&f->req);
    if (status == RESOURCE_EXHAUSTED)
        return flow_refuse_large(&f->req);
    return flow_refuse(&f->req, status, "%s", failure_message(f, status));
}

/* The estimate from the message was too low: what is really taken counts against the limit. */
static void recharge(struct flow_request *f)
{
    size_t used =
        arena_used_bytes(f->envelope) + (f->req.arena ? arena_used_bytes(f->req.arena) : 0);

    if (used <= f->charged_bytes)
        return;
    f->flows->counters.bytes += used - f->charged_bytes;
    f->charged_bytes = used;
}

static void run(struct flow_request *f)
{
    for (;;) {
        enum flow flow;

        if (f->failed != OK) {
            flow = fail(f);
        } else {
            f->steps++;
            f->req.now_us = loop_now_us(f->flows->service->loop);
            flow = f->next_step(&f->req);
        }
        if (flow == FLOW_COMMIT)
            flow = commit(f);
        recharge(f);
        if (flow == FLOW_END) {
            assert(f->pending == 0); /* refuse before you ask */
            end(f);
            return;
        }
        if (flow == FLOW_WAIT && (f->pending > 0 || f->queues_ahead > 0 || f->sleeps_until_us > 0))
            return;
        if (f->is_ended)
            return;
    }
}

void flows_run(void *owner)
{
    struct flows *flows = owner;

    while (flows->ready) {
        struct flow_request *f = flows->ready;
        DL_DELETE2(flows->ready, f, ready_prev, ready_next);
        f->is_ready = false;
        run(f);
    }
}

struct flow_request *flow_new_request(struct flows *flows)
{
    struct flow_request *f = calloc(1, sizeof(*f));

    if (!f)
        return NULL;
    f->flows = flows;
    f->envelope = arena_new(flows->limits.max_arena_bytes);
    f->req.service = flows->service;
    f->req.id = f->req.type = f->req.source = f->req.subject = f->req.actor = "";
    f->req.traceparent = f->req.correlation_id = f->req.causation_id = "";
    f->req.received_us = f->req.now_us = loop_now_us(flows->service->loop);
    f->begun_us = flow_clock_us(&f->req);
    if (!f->envelope) {
        free(f);
        return NULL;
    }
    return f;
}

void flow_begin(struct flow_request *f, size_t charged_bytes)
{
    f->req.arena = arena_new(f->flows->limits.max_arena_bytes);
    f->next_step = f->first;
    f->flows->counters.begun++;
    charge(f, charged_bytes);
    DL_APPEND(f->flows->all, f);
    if (!f->req.arena)
        f->failed = RESOURCE_EXHAUSTED;
    if (f->queues_ahead == 0) /* else it is behind others of its subject, who wake it */
        flow_make_ready(f);
    flow_wake_at(f->flows, f->req.deadline_us);
}

void flow_abandon(struct flow_request *f)
{
    free_request(f);
}

void flow_end_early(struct flow_request *f, enum status status, const char *message)
{
    flow_answer(f, status, message, NULL);
    /* What it asked still arrives, and only then is it freed. A unit under way may yet commit: the
     * receipt answers the client's repeat. */
    end(f);
}
