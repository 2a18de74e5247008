#include "common/timers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#define LONGEST_SLEEP_US (30 * SECOND_US)
/* After a look that failed. */
#define RETRY_US SECOND_US
/* Timers of one look, and at work at once; both bound memory and how long others wait. */
#define MOST_TAKEN 200
#define MOST_AT_WORK 400

struct timers {
    struct service *service;
    uv_timer_t clock;
    char token[48]; /* this process, since its start */
    uint64_t looks; /* with the token: the name of a lease, never used twice */
    bool is_looking, wants_look, is_closed;
    bool has_more;      /* the last look took all it was allowed to */
    int64_t next_at_us; /* the next timer that the last look saw; INT64_MAX: none */
    struct timers_counters counters;
};

/* One timer that rings, in one piece of memory with its texts. */
struct ring {
    struct timer timer; /* first: the request knows only this */
    struct timers *timers;
    const struct timer_kind *kind;
    bool is_ours; /* as asked before a second try */
    char texts[];
};

const struct metric timers_metrics[] = {
    {"looks_total", METRIC_COUNTER, offsetof(struct timers_counters, looks),
     "Looks for due timers."},
    {"taken_total", METRIC_COUNTER, offsetof(struct timers_counters, taken),
     "Due timers taken to be worked off."},
    {"at_work", METRIC_GAUGE, offsetof(struct timers_counters, at_work),
     "Timers being worked off; the limit is 400."},
};
const size_t timers_metric_count = COUNT_OF(timers_metrics);

const struct timers_counters *timers_counters(const struct timers *timers)
{
    return &timers->counters;
}

/* --- one that rings --- */

static void ring_ended(void *owner)
{
    struct ring *ring = owner;
    struct timers *timers = ring->timers;

    free(ring);
    timers->counters.at_work--;
    if (timers->has_more && timers->counters.at_work < MOST_AT_WORK / 2)
        timers_look(timers);
}

static enum flow ring_again(struct request *req)
{
    const struct ring *ring = (const struct ring *)req->timer;

    return ring->is_ours ? flow_go(req, ring->kind->step) : flow_end(req);
}

/* The step of the kind. A second try comes of a stale unit: perhaps the timer is not ours any more.
 */
static enum flow ring_begin(struct request *req)
{
    struct ring *ring = (struct ring *)req->timer;

    if (req->tries == 0)
        return flow_go(req, ring->kind->step);
    timer_find_leased(req, &ring->timer, &ring->is_ours);
    return flow_wait(req, ring_again);
}

static const struct timer_kind *find_kind(const struct timers *timers, const char *kind)
{
    const struct service_definition *definition = timers->service->definition;

    for (size_t i = 0; i < definition->timer_kind_count; i++)
        if (strcmp(definition->timer_kinds[i].kind, kind) == 0)
            return &definition->timer_kinds[i];
    return NULL;
}

static struct ring *new_ring(struct timers *timers, const struct timer_row *row, const char *lease)
{
    size_t key_bytes = strlen(row->timer.key) + 1, lease_bytes = strlen(lease) + 1;
    struct ring *ring = malloc(sizeof(*ring) + key_bytes + lease_bytes + row->timer.data_bytes);

    if (!ring)
        return NULL;
    *ring =
        (struct ring){.timer = row->timer, .timers = timers, .kind = find_kind(timers, row->kind)};
    ring->timer.key = memcpy(ring->texts, row->timer.key, key_bytes);
    ring->timer.lease = memcpy(ring->texts + key_bytes, lease, lease_bytes);
    ring->timer.data =
        memcpy(ring->texts + key_bytes + lease_bytes, row->timer.data, row->timer.data_bytes);
    return ring;
}

/* What cannot be started keeps its lease and is taken again when that has run out. */
static void start_ring(struct timers *timers, const struct timer_row *row, const char *lease)
{
    struct ring *ring = new_ring(timers, row, lease);

    if (ring && ring->kind &&
        flows_start_own(timers->service->flows, &(struct flow_own){.type = ring->kind->kind,
                                                                   .id = ring->timer.key,
                                                                   .step = ring_begin,
                                                                   .timer = &ring->timer,
                                                                   .ended = ring_ended,
                                                                   .owner = ring})) {
        timers->counters.at_work++;
        timers->counters.taken++;
        return;
    }
    free(ring);
}

/* --- the look --- */

struct looking {
    char lease[80];
    int64_t max;
    int64_t taken_at_us; /* what is due later was not taken */
    struct timer_rows rows;
    struct timer_outlook outlook;
};

static enum flow look_start(struct request *req)
{
    const struct looking *r = req->state;
    struct timers *timers = req->service->timers;

    for (size_t i = 0; i < r->rows.count; i++)
        start_ring(timers, &r->rows.list[i], r->lease);
    timers->has_more = r->rows.count > 0 && (int64_t)r->rows.count == r->max;
    timers->next_at_us = r->outlook.has_next ? r->outlook.next_at_us : INT64_MAX;
    return flow_end(req);
}

static enum flow look_read(struct request *req)
{
    struct looking *r = req->state;
    const struct service_definition *definition = req->service->definition;

    timer_list_leased(req, r->lease, &r->rows);
    timer_find_outlook(req, r->taken_at_us, definition->timer_kinds, definition->timer_kind_count,
                       &r->outlook);
    return flow_wait(req, look_start);
}

static enum flow look_take(struct request *req)
{
    struct looking *r = request_state(req, sizeof(*r));
    struct timers *timers = req->service->timers;
    const struct service_definition *definition = req->service->definition;

    r->max = MOST_AT_WORK - (int64_t)timers->counters.at_work;
    if (r->max > MOST_TAKEN)
        r->max = MOST_TAKEN;
    timers->has_more = r->max <= 0; /* the end of one at work is the next chance */
    if (timers->has_more)
        return flow_end(req);
    /* One name for all tries of a look: what a try of unknown outcome took is found by the next. */
    snprintf(r->lease, sizeof(r->lease), "%s#%" PRIu64, timers->token, timers->looks);
    r->taken_at_us = req->now_us;
    timer_lease(req, r->lease, definition->timer_kinds, definition->timer_kind_count, r->max);
    return flow_commit(req, look_read);
}

static void ring_clock(uv_timer_t *clock)
{
    timers_look(clock->data);
}

/* Until the next is due, or half a minute: an arming's NOTIFY may have been lost with its
 * connection. */
static void sleep_until_next(struct timers *timers)
{
    int64_t now_us = loop_now_us(timers->service->loop);
    int64_t pause_us = LONGEST_SLEEP_US;

    if (timers->next_at_us < now_us + pause_us)
        pause_us = timers->next_at_us > now_us ? timers->next_at_us - now_us : 0;
    uv_timer_start(&timers->clock, ring_clock, (uint64_t)((pause_us + 999) / 1000), 0);
}

static void look_ended(void *owner)
{
    struct timers *timers = owner;

    timers->is_looking = false;
    if (timers->is_closed)
        return;
    sleep_until_next(timers);
    if (timers->wants_look || (timers->has_more && timers->counters.at_work < MOST_AT_WORK))
        timers_look(timers);
}

void timers_look(void *owner)
{
    struct timers *timers = owner;
    struct service *service = timers->service;

    if (timers->is_closed || service->is_stopping || service->definition->timer_kind_count == 0)
        return;
    timers->wants_look = timers->is_looking;
    if (timers->is_looking || !pg_is_ready(service->pg))
        return; /* the look under way ends, PostgreSQL comes back: both look again */
    timers->looks++;
    timers->counters.looks++;
    timers->next_at_us = loop_now_us(service->loop) + RETRY_US; /* unless the look says better */
    timers->is_looking = flows_start_own(service->flows, &(struct flow_own){.type = "timers",
                                                                            .step = look_take,
                                                                            .ended = look_ended,
                                                                            .owner = timers});
    if (!timers->is_looking)
        sleep_until_next(timers);
}

/* --- life --- */

struct timers *timers_new(struct service *service)
{
    struct timers *timers = calloc(1, sizeof(*timers));
    uint8_t random[16];

    if (!timers)
        return NULL;
    timers->service = service;
    timers->next_at_us = INT64_MAX;
    randombytes_buf(random, sizeof(random));
    sodium_bin2hex(timers->token, sizeof(timers->token), random, sizeof(random));
    uv_timer_init(loop_uv(service->loop), &timers->clock);
    timers->clock.data = timers;
    return timers;
}

void timers_close(struct timers *timers)
{
    if (timers->is_closed)
        return;
    timers->is_closed = true;
    uv_close((uv_handle_t *)&timers->clock, NULL);
}

void timers_free(struct timers *timers)
{
    free(timers);
}
