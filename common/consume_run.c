/*
 * The consumers of a service: for each log one round after the other, each of them a fetch and a
 * commit. Whatever goes wrong ends the round; the next one begins from what the database says.
 */
#include "common/consume.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "common/consume_internal.h"

#define BEHIND_US (INT64_C(60) * SECOND_US)
#define ABSENCES_IN_A_ROW 3

static void start(struct consumer *consumer);

const struct metric consume_metrics[] = {
    {"fetches_total", METRIC_COUNTER, offsetof(struct consume_counters, fetches),
     "Questions to other services' logs."},
    {"sets_total", METRIC_COUNTER, offsetof(struct consume_counters, sets),
     "Units of events committed."},
    {"applied_total", METRIC_COUNTER, offsetof(struct consume_counters, applied),
     "Events applied, re-driven ones included."},
    {"passed_over_total", METRIC_COUNTER, offsetof(struct consume_counters, passed_over),
     "Events of types nobody here wants."},
    {"repeats_total", METRIC_COUNTER, offsetof(struct consume_counters, repeats),
     "Events that had been applied before."},
    {"parked_total", METRIC_COUNTER, offsetof(struct consume_counters, parked),
     "Events that were parked: they could not be applied, or wait for an earlier one."},
    {"redriven_total", METRIC_COUNTER, offsetof(struct consume_counters, redriven),
     "Parked events that were applied after all."},
    {"divided_total", METRIC_COUNTER, offsetof(struct consume_counters, divided),
     "Units that the database refused and that were divided."},
    {"lost_leases_total", METRIC_COUNTER, offsetof(struct consume_counters, lost_leases),
     "Leases that another process took over."},
    {"failures_total", METRIC_COUNTER, offsetof(struct consume_counters, failures),
     "Rounds that came to nothing: the other service or the database did not answer."},
    {"parked", METRIC_GAUGE, offsetof(struct consume_counters, parked_now),
     "Events that are parked, counted to 10000, as the process that reads the log knows."},
    {"oldest_parked_seconds", METRIC_GAUGE, offsetof(struct consume_counters, oldest_parked_s),
     "How long the oldest of them has been."},
    {"behind_seconds", METRIC_GAUGE, offsetof(struct consume_counters, behind_s),
     "How long ago the process that reads heard from the log last."},
};
const size_t consume_metric_count = COUNT_OF(consume_metrics);

/* --- one request after the other --- */

static bool is_absence(enum status status)
{
    return status == UNAVAILABLE || status == DEADLINE_EXCEEDED;
}

/* The events are to blame for anything but an absence; and for that as well when unit after unit of
 * so many ends so: they may be too many for the time that the database gives them. Not where it has
 * no room: that ends for all of them at once. */
static bool is_of_events(struct consumer *consumer, enum status status)
{
    if (!consumer->is_blaming || consumer->taken == 0)
        return false;
    return !is_absence(status) ||
           (pg_why_refused(consumer->all->service->pg)[0] == '\0' &&
            ++consumer->dividing[consumer->is_redriving].absences > ABSENCES_IN_A_ROW);
}

/* The database takes nothing from anybody: that units ended without an answer before says nothing
 * of their events. None is parked for it without another try. */
static void forgive(struct consumer *consumer)
{
    for (int i = 0; i < (int)COUNT_OF(consumer->dividing); i++) {
        consumer->dividing[i].absences = 0;
        consumer->dividing[i].blame.id[0] = '\0';
    }
}

/* What stands alone is parked at its next try. */
static void divide(struct consumer *consumer, const char *why)
{
    struct consume_dividing *dividing = &consumer->dividing[consumer->is_redriving];

    consumer->all->counters.divided++;
    dividing->limit = consumer->taken > 1 ? consumer->taken / 2 : 1;
    if (consumer->taken > 1) {
        dividing->absences = 0; /* fewer have tries of their own */
        return;
    }
    snprintf(dividing->blame.id, sizeof(dividing->blame.id), "%s", consumer->first_id);
    snprintf(dividing->blame.why, sizeof(dividing->blame.why), "%.*s", CONSUME_WHY_BYTES - 1, why);
}

static void request_failed(void *owner, enum status status, const char *why)
{
    struct consumer *consumer = owner;

    consumer->has_lease = false;
    if (is_of_events(consumer, status)) {
        divide(consumer, why);
        if (!is_absence(status))
            return;
    } else if (!consumer->is_blaming && status == UNAVAILABLE) {
        forgive(consumer);
    }
    consumer->all->counters.failures++;
    consumer->is_at_work = false;
    consumer->pause_ms = CONSUME_LOOK_AGAIN_MS;
}

static void ring(uv_timer_t *clock)
{
    start(clock->data);
}

static void request_ended(void *owner)
{
    struct consumer *consumer = owner;
    struct consumers *all = consumer->all;

    consumer->is_running = false;
    if (all->is_closed || all->is_stopping)
        return;
    uv_timer_start(&consumer->clock, ring, (uint64_t)consumer->pause_ms, 0);
}

static void start(struct consumer *consumer)
{
    struct consumers *all = consumer->all;
    const struct flow_own own = {.type = "consumer",
                                 .id = consumer->log->log,
                                 .step = consume_begin,
                                 .is_poll = true,
                                 .failed = request_failed,
                                 .ended = request_ended,
                                 .owner = consumer};

    if (all->is_closed || all->is_stopping || consumer->is_running)
        return;
    if (!pg_is_ready(all->service->pg)) {
        forgive(consumer);
        return; /* consumers_look comes when PostgreSQL does */
    }
    uv_timer_stop(&consumer->clock);
    consumer->is_running = flows_start_own(all->service->flows, &own);
    if (!consumer->is_running)
        uv_timer_start(&consumer->clock, ring, CONSUME_LOOK_AGAIN_MS, 0);
}

void consumers_look(void *owner)
{
    struct consumers *all = owner;

    for (size_t i = 0; i < all->count; i++)
        start(&all->list[i]);
}

static enum flow release_done(struct request *req)
{
    return flow_end(req);
}

static enum flow release(struct request *req)
{
    consume_release(req, req->service->consumers->token);
    return flow_commit(req, release_done);
}

void consumers_stop(struct consumers *all)
{
    if (all->is_stopping)
        return;
    all->is_stopping = true;
    if (all->count > 0 && pg_is_ready(all->service->pg))
        flows_start(all->service->flows, "consumers_release", release);
}

/* --- life --- */

struct consumers *consumers_new(struct service *service, struct call **calls)
{
    size_t count = service->definition->consumer_count;
    struct consumers *all = calloc(1, sizeof(*all) + count * sizeof(all->list[0]));
    uint8_t random[16];

    if (!all)
        return NULL;
    all->service = service;
    all->count = count;
    randombytes_buf(random, sizeof(random));
    sodium_bin2hex(all->token, sizeof(all->token), random, sizeof(random));
    for (size_t i = 0; i < count; i++) {
        struct consumer *consumer = &all->list[i];

        consumer->all = all;
        consumer->log = &service->definition->consumers[i];
        consumer->call = calls[i];
        consumer->max = CONSUME_SET_EVENTS;
        consumer->dividing[false].limit = consumer->dividing[true].limit = CONSUME_SET_EVENTS;
        uv_timer_init(loop_uv(service->loop), &consumer->clock);
        consumer->clock.data = consumer;
    }
    return all;
}

void consumers_close(struct consumers *all)
{
    if (all->is_closed)
        return;
    all->is_closed = true;
    for (size_t i = 0; i < all->count; i++)
        uv_close((uv_handle_t *)&all->list[i].clock, NULL);
}

void consumers_free(struct consumers *all)
{
    free(all);
}

bool consumers_are_busy(const struct consumers *all)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->list[i].is_at_work)
            return true;
    return false;
}

const char *consumers_why_behind(struct consumers *all)
{
    int64_t now_us = loop_real_us(all->service->loop);

    for (size_t i = 0; i < all->count; i++) {
        const struct consumer *consumer = &all->list[i];

        if (consumer->trouble[0])
            return consumer->trouble;
        if (consumer->has_lease && now_us - consumer->read_us > BEHIND_US) {
            snprintf(all->why, sizeof(all->why), "%s: nothing was heard for %lld s",
                     consumer->log->log, (long long)((now_us - consumer->read_us) / SECOND_US));
            return all->why;
        }
        if (consumer->parked_now > 0) {
            snprintf(all->why, sizeof(all->why), "%s: %llu events are parked", consumer->log->log,
                     (unsigned long long)consumer->parked_now);
            return all->why;
        }
    }
    return "";
}

void consumers_measure(struct consumers *all)
{
    uint64_t now_us = (uint64_t)loop_real_us(all->service->loop), parked = 0, oldest_us = 0,
             behind_us = 0;

    for (size_t i = 0; i < all->count; i++) {
        const struct consumer *consumer = &all->list[i];
        uint64_t silent_us = consumer->has_lease ? now_us - (uint64_t)consumer->read_us : 0;

        parked += consumer->parked_now;
        if (consumer->oldest_parked_us && now_us - consumer->oldest_parked_us > oldest_us)
            oldest_us = now_us - consumer->oldest_parked_us;
        if (silent_us > behind_us)
            behind_us = silent_us;
    }
    all->counters.parked_now = parked;
    all->counters.oldest_parked_s = oldest_us / SECOND_US;
    all->counters.behind_s = behind_us / SECOND_US;
}

const struct consume_counters *consumers_counters(const struct consumers *all)
{
    return &all->counters;
}
