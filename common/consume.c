/*
 * One round of a consumer, as the steps of a request: the lease, what there is, one unit.
 */
#include "common/consume.h"

#include <stdio.h>
#include <string.h>

#include "common/consume_internal.h"
#include "common/logfmt.h"

#define WAIT_MS 5000
/* With parked events there is more to do than to wait. */
#define WAIT_PARKED_MS 500
/* A call and what follows it end before the lease does. */
#define CALL_MS 7000
#define RENEW_US (INT64_C(3) * SECOND_US)
#define BOOTSTRAP_MS 60000

/* The state of one request. */
struct consuming {
    struct consumer *consumer;
    struct consume_standing standing;
    struct call_ask ask;
    struct consume_plan plan;
    bool is_whole; /* the unit takes the whole set: the position moves */
};

static enum flow leased(struct request *req);
static enum flow stand(struct request *req);
static enum flow look(struct request *req);
static enum flow fetched(struct request *req);
static enum flow redrive(struct request *req);
static enum flow plan(struct request *req);
static enum flow apply(struct request *req);
static enum flow applied(struct request *req);

static int64_t real_us(const struct request *req)
{
    return loop_real_us(req->service->loop);
}

/* A request is told by its type and id whose it is: flow_own carries no more. */
static struct consumer *find_consumer(struct request *req)
{
    struct consumers *all = req->service->consumers;

    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->list[i].log->log, req->id) == 0)
            return &all->list[i];
    return NULL;
}

/* --- the lease --- */

enum flow consume_begin(struct request *req)
{
    struct consuming *r = request_state(req, sizeof(*r));
    struct consumer *consumer = find_consumer(req);

    r->consumer = consumer;
    consumer->is_blaming = false;
    consumer->taken = 0;
    consumer->pause_ms = 0;
    consumer->is_redriving = false;
    if (req->tries > 0)
        consumer->has_lease = false; /* a guard said no: the database knows better */
    if (consumer->has_lease && real_us(req) < consumer->renew_us)
        return flow_go(req, look);
    consume_lease(req, consumer->log->log, consumer->all->token);
    return flow_commit(req, leased);
}

static enum flow leased(struct request *req)
{
    struct consuming *r = req->state;

    consume_find(req, r->consumer->log->log, r->consumer->all->token, &r->standing);
    return flow_wait(req, stand);
}

static enum flow stand(struct request *req)
{
    struct consuming *r = req->state;
    struct consumer *consumer = r->consumer;
    const struct consume_standing *standing = &r->standing;

    if (!standing->found || !standing->is_ours) {
        consumer->all->counters.lost_leases += consumer->epoch > 0;
        consumer->epoch = 0;
        consumer->has_lease = consumer->is_at_work = false;
        consumer->pause_ms = CONSUME_LOOK_AGAIN_MS;
        consumer->parked_now = consumer->oldest_parked_us = 0; /* the other one says it */
        consumer->trouble[0] = '\0';
        return flow_end(req);
    }
    if (strlen(standing->position) >= sizeof(consumer->position))
        return flow_refuse(req, INTERNAL, "the position in the table consumer is none");
    if (!consumer->has_lease)
        consumer->read_us = real_us(req);
    consumer->has_lease = true;
    consumer->epoch = standing->epoch;
    consumer->renew_us = real_us(req) + RENEW_US;
    consumer->parked_now = (uint64_t)standing->parked;
    consumer->oldest_parked_us = (uint64_t)standing->oldest_parked_us;
    snprintf(consumer->position, sizeof(consumer->position), "%s", standing->position);
    return flow_go(req, look);
}

/* --- what there is --- */

/* Parked events first: what has become possible is older than what is new. But however many are
 * due, the log has every other round. */
static enum flow look(struct request *req)
{
    struct consuming *r = req->state;
    struct consumer *consumer = r->consumer;

    r->plan = (struct consume_plan){.log = consumer->log};
    if (consumer->parked_now > 0 && !consumer->reads_next)
        consume_list_due(req, consumer->log->log, real_us(req), CONSUME_SET_EVENTS, &r->plan.set);
    return flow_wait(req, redrive);
}

static enum flow redrive(struct request *req)
{
    struct consuming *r = req->state;
    struct consumer *consumer = r->consumer;
    struct flow_packed fetch;
    int wait_ms = consumer->parked_now == 0 ? WAIT_MS : consumer->reads_next ? 0 : WAIT_PARKED_MS;

    consumer->reads_next = consumer->is_redriving = r->plan.set.count > 0;
    if (consumer->is_redriving) {
        consumer->is_at_work = true;
        consume_plan_begin(req, &r->plan);
        return flow_wait(req, plan);
    }
    if (!consume_pack_fetch(req, consumer->position, consumer->max, wait_ms, &fetch))
        return flow_refuse_large(req);
    r->ask = (struct call_ask){.type = fetch.type,
                               .payload = fetch.bytes,
                               .payload_bytes = fetch.count,
                               .timeout_ms = CALL_MS,
                               .may_fail = true};
    consumer->all->counters.fetches++;
    flow_ask_call(req, consumer->log->log, &r->ask);
    return flow_wait(req, fetched);
}

static void say_trouble(struct consumer *consumer, const char *what, const char *why)
{
    char before[sizeof(consumer->trouble)];

    memcpy(before, consumer->trouble, sizeof(before));
    snprintf(consumer->trouble, sizeof(consumer->trouble), "%s: %.20s: %.160s", consumer->log->log,
             what, why);
    if (strcmp(before, consumer->trouble) != 0)
        logfmt_warning("consumer", "log", consumer->log->log, "status", what, "why", why, NULL);
}

/* Perhaps the answer is too large, or takes too long: fewer events are asked for next. */
static enum flow fail(struct request *req, struct consumer *consumer, const char *what,
                      const char *why)
{
    say_trouble(consumer, what, why);
    consumer->max = consumer->max > 1 ? consumer->max / 2 : 1;
    consumer->all->counters.failures++;
    consumer->is_at_work = false;
    consumer->pause_ms = CONSUME_LOOK_AGAIN_MS;
    return flow_end(req);
}

/* Slowly, for what failed by its size fails again; after an absence it takes some forty rounds. */
static void ask_for_more(struct consumer *consumer)
{
    consumer->max += consumer->max / 8 + 1;
    if (consumer->max > CONSUME_SET_EVENTS)
        consumer->max = CONSUME_SET_EVENTS;
}

/* The log does not reach back to where we are. */
static enum flow bootstrap(struct request *req, struct consumer *consumer, const char *why)
{
    say_trouble(consumer, status_name(OUT_OF_RANGE), why);
    consumer->has_lease = false; /* the position is read again */
    consumer->pause_ms = BOOTSTRAP_MS;
    if (!consumer->log->bootstrap)
        return flow_end(req);
    req->state = NULL; /* it makes its own */
    consumer->pause_ms = CONSUME_LOOK_AGAIN_MS;
    return flow_go(req, consumer->log->bootstrap);
}

static enum flow fetched(struct request *req)
{
    struct consuming *r = req->state;
    struct consumer *consumer = r->consumer;
    const char *why;

    if (r->ask.status == OUT_OF_RANGE)
        return bootstrap(req, consumer, r->ask.message);
    if (r->ask.status != OK)
        return fail(req, consumer, status_name(r->ask.status), r->ask.message);
    why = consume_unpack(req, &r->ask, &r->plan.set);
    if (why)
        return fail(req, consumer, "answer", why);
    if (consumer->trouble[0])
        logfmt_info("consumer", "log", consumer->log->log, "state", "reading", NULL);
    consumer->trouble[0] = '\0';
    consumer->read_us = real_us(req);
    ask_for_more(consumer);
    bool was_at_work = consumer->is_at_work;

    consumer->is_at_work = r->plan.set.count > 0 || r->plan.set.has_more;
    if (r->plan.set.count > 0) {
        consume_plan_begin(req, &r->plan);
        return flow_wait(req, plan);
    }
    if (strcmp(r->plan.set.next, consumer->position) == 0 && !was_at_work)
        return flow_end(req); /* else it is written down that we have caught up */
    return flow_go(req, apply);
}

/* --- the unit --- */

static enum flow plan(struct request *req)
{
    struct consuming *r = req->state;
    struct consumer *consumer = r->consumer;

    if (arena_is_full(req->arena))
        return flow_refuse_large(req);
    consumer->is_blaming = true;
    r->plan.blame = &consumer->dividing[consumer->is_redriving].blame;
    consume_plan_ask(req, &r->plan, consumer->dividing[consumer->is_redriving].limit);
    consumer->taken = r->plan.fresh;
    snprintf(consumer->first_id, sizeof(consumer->first_id), "%s",
             r->plan.first ? r->plan.first->id : "");
    return flow_wait(req, apply);
}

static enum flow apply(struct request *req)
{
    struct consuming *r = req->state;
    struct consumer *consumer = r->consumer;
    const struct consumed_set *set = &r->plan.set;

    r->is_whole = !set->is_parked && r->plan.taken == set->count;
    const struct consume_move move = {
        .log = consumer->log->log,
        .token = consumer->all->token,
        .epoch = consumer->epoch,
        .from = consumer->position,
        .to = r->is_whole ? set->next : consumer->position,
        .is_caught_up = r->is_whole && !set->has_more,
    };

    consume_save(req, &move);
    consume_plan_apply(req, &r->plan, real_us(req));
    return flow_commit(req, applied);
}

static enum flow applied(struct request *req)
{
    struct consuming *r = req->state;
    struct consumer *consumer = r->consumer;
    struct consume_counters *counters = &consumer->all->counters;
    struct consume_dividing *dividing = &consumer->dividing[consumer->is_redriving];

    if (r->is_whole)
        snprintf(consumer->position, sizeof(consumer->position), "%s", r->plan.set.next);
    consumer->is_blaming = false;
    dividing->blame.id[0] = '\0';
    dividing->absences = 0;
    dividing->limit =
        dividing->limit < CONSUME_SET_EVENTS / 2 ? dividing->limit * 2 : CONSUME_SET_EVENTS;
    consumer->renew_us = real_us(req) + RENEW_US;
    if (r->plan.parked > 0 || r->plan.set.is_parked)
        consumer->renew_us = 0; /* the next request counts anew what is parked */
    counters->sets++;
    counters->applied += r->plan.applied;
    counters->passed_over += r->plan.passed_over;
    counters->repeats += r->plan.repeats;
    counters->parked += r->plan.parked;
    counters->redriven += r->plan.redriven;
    return flow_end(req);
}
