/*
 * What a unit makes of a set of events: which are repeats, which are applied, which are held or
 * parked. No I/O of its own but what the rows' functions ask and add.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/consume_internal.h"

#define FIRST_PAUSE_US SECOND_US
#define LONGEST_PAUSE_US (600 * SECOND_US)

/* A subject while the unit is made. */
struct plan_subject {
    struct id subject;
    int64_t before;  /* as it stands in the table */
    int64_t version; /* as it will stand after the unit */
    int64_t asked;   /* up to this version the asks are made */
    bool is_blocked; /* what follows waits */
};

static int compare_ids(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct id)); /* the id stands first in both structs */
}

static struct plan_subject *find_state(const struct consume_plan *plan, const struct id *subject)
{
    return bsearch(subject, plan->states, plan->subjects.count, sizeof(*plan->states), compare_ids);
}

static const struct consumed_type *find_type(const struct consume_plan *plan, const char *type)
{
    for (size_t i = 0; i < plan->log->type_count; i++)
        if (strcmp(plan->log->types[i].type, type) == 0)
            return &plan->log->types[i];
    return NULL;
}

void consume_plan_begin(struct request *req, struct consume_plan *plan)
{
    struct pg_args *args = consume_ask_subjects(req, plan->log->log);

    for (size_t i = 0; i < plan->set.count; i++)
        pg_put_id(args, 1, &plan->set.list[i].subject);
    consume_find_subjects(req, args, &plan->subjects);
}

static bool make_states(struct request *req, struct consume_plan *plan)
{
    size_t count = plan->subjects.count;

    plan->states = arena_take_array(req->arena, count, sizeof(*plan->states));
    if (!plan->states)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct consume_subject *from = &plan->subjects.list[i];

        plan->states[i] =
            (struct plan_subject){.subject = from->subject,
                                  .before = from->version,
                                  .version = from->version,
                                  .asked = from->version,
                                  .is_blocked = from->has_parked_next && !plan->set.is_parked};
    }
    qsort(plan->states, count, sizeof(*plan->states), compare_ids);
    return true;
}

void consume_plan_ask(struct request *req, struct consume_plan *plan, size_t limit)
{
    if (!make_states(req, plan))
        return; /* the arena is full, and the unit fails by it */
    for (plan->taken = 0; plan->taken < plan->set.count; plan->taken++) {
        struct consumed *event = &plan->set.list[plan->taken];
        const struct consumed_type *type = find_type(plan, event->type);
        struct plan_subject *state = find_state(plan, &event->subject);

        if (!state || state->is_blocked || event->version != state->asked + 1)
            continue; /* a repeat, or held: nothing that could fail */
        if (plan->fresh == limit)
            return;
        /* What earlier events of its subject did is committed first. */
        if (type && (type->ask || type->is_alone) && state->asked > state->before)
            return;
        state->asked++;
        if (plan->fresh++ == 0)
            plan->first = event;
        if (type && type->ask)
            type->ask(req, event);
    }
}

/* --- what becomes of one --- */

static int64_t pause_us(unsigned tries)
{
    return tries < 10 ? FIRST_PAUSE_US << tries : LONGEST_PAUSE_US;
}

/* NULL: applied. */
static const char *apply(struct request *req, struct consume_plan *plan, struct consumed *event)
{
    const struct consumed_type *type = find_type(plan, event->type);
    struct request before = *req;
    const char *why;

    if (plan->blame->id[0] && strcmp(plan->blame->id, event->id) == 0)
        return plan->blame->why;
    if (!type) {
        plan->passed_over++;
        return NULL;
    }
    req->id = event->id;
    req->correlation_id = event->correlation_id;
    req->traceparent = event->traceparent;
    why = type->apply(req, event);
    req->id = before.id;
    req->correlation_id = before.correlation_id;
    req->traceparent = before.traceparent;
    plan->applied += why == NULL;
    return why;
}

static void park(struct request *req, struct consume_plan *plan, const struct consumed *event,
                 int64_t real_us, const char *why)
{
    int64_t try_at_us = real_us + pause_us(event->tries);

    if (plan->set.is_parked)
        consume_park_again(req, plan->log->log, event, try_at_us, why);
    else
        consume_park(req, plan->log->log, event, real_us, try_at_us, why);
    plan->parked += !plan->set.is_parked;
}

/* A gap or an earlier one that waits: it is due as soon as that is applied. */
static void hold(struct request *req, struct consume_plan *plan, const struct consumed *event,
                 const struct plan_subject *state, int64_t real_us)
{
    char why[CONSUME_WHY_BYTES] = "waits for an earlier event of its subject";

    if (plan->set.is_parked)
        return; /* it stays where it is */
    if (!state->is_blocked)
        snprintf(why, sizeof(why),
                 "waits for version %" PRId64 " of its subject, which has not come",
                 state->version + 1);
    consume_park(req, plan->log->log, event, real_us, 0, why);
    plan->parked++;
}

static void settle(struct request *req, struct consume_plan *plan, struct consumed *event,
                   int64_t real_us)
{
    struct plan_subject *state = find_state(plan, &event->subject);
    const char *why;

    if (!state)
        return;
    if (event->version <= state->version) {
        plan->repeats++;
        if (plan->set.is_parked)
            consume_unpark(req, plan->log->log, event);
        return;
    }
    if (state->is_blocked || event->version > state->version + 1) {
        hold(req, plan, event, state, real_us);
        return;
    }
    why = apply(req, plan, event);
    if (why) {
        state->is_blocked = true;
        park(req, plan, event, real_us, why);
        return;
    }
    state->version++;
    if (plan->set.is_parked) {
        consume_unpark(req, plan->log->log, event);
        plan->redriven++;
    }
}

void consume_plan_apply(struct request *req, struct consume_plan *plan, int64_t real_us)
{
    for (size_t i = 0; i < plan->taken; i++)
        settle(req, plan, &plan->set.list[i], real_us);
    for (size_t i = 0; i < plan->subjects.count; i++) {
        const struct plan_subject *state = &plan->states[i];

        if (state->version != state->before)
            consume_save_version(req, plan->log->log, &state->subject, state->before,
                                 state->version, real_us);
    }
}
