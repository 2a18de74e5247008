/*
 * kehu.customers.v1.ErasePerson, RestrictPerson, LiftRestriction, GetPersonStanding: how a person
 * stands, changed by the one function of the domain (privacy_move). And what happens by itself: the
 * last hold ends, the term of retention is over.
 */
#include "common/audit.h"
#include "common/pure/day.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "common/timer.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/people.h"
#include "services/customers/handlers/privacy.h"

#define NEEDS (PRIVACY_NEEDS_RECEIPT | PRIVACY_NEEDS_ROWS | PRIVACY_NEEDS_COUNT)

static enum flow answer(struct request *req, const struct privacy_work *work)
{
    const struct codec_privacy_view view = privacy_view_of(work);

    return command_commit(req, codec_person_standing(&view, req->arena));
}

static enum flow refuse_move(struct request *req, enum privacy_refusal refusal)
{
    if (refusal == PRIVACY_IS_ERASED)
        return flow_refuse(req, FAILED_PRECONDITION,
                           "the person was erased: nothing is left to restrict or to show");
    return flow_refuse(req, FAILED_PRECONDITION, "the person is not restricted");
}

/* Makes the move and answers how he stands. */
static enum flow move(struct request *req, enum privacy_ask ask)
{
    struct privacy_work *work = req->state;
    enum privacy_state from = privacy_state_of(work), to;
    enum privacy_refusal refusal = privacy_move(from, ask, work->held > 0, &to);

    if (refusal != PRIVACY_FINE)
        return refuse_move(req, refusal);
    if (from != to && !privacy_apply(req, work, to, work->ask.reason))
        return flow_reply(req, NULL);
    return answer(req, work);
}

static enum flow decide_restrict(struct request *req)
{
    return move(req, PRIVACY_ASK_RESTRICT);
}

enum flow handle_restrict_person(struct request *req)
{
    return privacy_begin(req, decide_restrict, NEEDS);
}

static enum flow decide_lift(struct request *req)
{
    return move(req, PRIVACY_ASK_LIFT);
}

enum flow handle_lift_restriction(struct request *req)
{
    return privacy_begin(req, decide_lift, NEEDS);
}

/* What would happen, and nothing else. */
static enum flow foresee(struct request *req, struct privacy_work *work)
{
    enum privacy_state from = privacy_state_of(work), to;
    struct codec_privacy_view view;

    if (privacy_move(from, PRIVACY_ASK_ERASE, work->held > 0, &to) != PRIVACY_FINE)
        to = from;
    if (!work->standing.found)
        work->standing = (struct privacy_standing_row){
            .found = true, .person = work->person.id, .asked_at_us = req->now_us};
    work->standing.state = to;
    if (from == PRIVACY_OPEN)
        work->standing.values = work->contact_values + work->customer_values;
    view = privacy_view_of(work);
    return flow_reply(req, codec_person_standing(&view, req->arena));
}

static enum flow decide_erase(struct request *req)
{
    struct privacy_work *work = req->state;

    if (work->ask.is_dry_run)
        return foresee(req, work);
    return move(req, PRIVACY_ASK_ERASE);
}

enum flow handle_erase_person(struct request *req)
{
    return privacy_begin(req, decide_erase, NEEDS);
}

static enum flow tell_standing(struct request *req)
{
    const struct codec_privacy_view view = privacy_view_of(req->state);

    return flow_reply(req, codec_person_standing(&view, req->arena));
}

enum flow handle_get_person_standing(struct request *req)
{
    return privacy_begin(req, tell_standing, 0);
}

/* --- by itself --- */

static enum flow find_ringing(struct request *req);
static enum flow decide_ringing(struct request *req);

enum flow person_erasure_ring(struct request *req)
{
    struct privacy_work *work = request_state(req, sizeof(*work));

    work->next = decide_ringing;
    work->needs = PRIVACY_NEEDS_ROWS | PRIVACY_NEEDS_COUNT;
    privacy_find_standing(req, &timer_of(req)->subject, &work->standing);
    return flow_wait(req, find_ringing);
}

static enum flow find_ringing(struct request *req)
{
    struct privacy_work *work = req->state;
    const struct id *person = &timer_of(req)->subject;

    if (!work->standing.found) {
        timer_settle(req, timer_of(req));
        return flow_commit(req, flow_end);
    }
    if (work->standing.is_customer)
        privacy_find_customer(req, person, &work->person);
    else
        privacy_find_contact(req, person, &work->person);
    return flow_wait(req, privacy_gather);
}

/* Another hold may have come, or an order: then it rings again later. */
static enum flow decide_ringing(struct request *req)
{
    struct privacy_work *work = req->state;
    enum privacy_state from = privacy_state_of(work), to;

    if (!work->person.found || from != PRIVACY_ERASING ||
        privacy_move(from, PRIVACY_ASK_LOOK, work->held > 0, &to) != PRIVACY_FINE) {
        timer_settle(req, timer_of(req));
        return flow_commit(req, flow_end);
    }
    if (!privacy_apply(req, work, to, TEXT_OF("")))
        return flow_reply(req, NULL);
    return flow_commit(req, flow_end);
}

static enum flow find_due(struct request *req);
static enum flow find_person(struct request *req);
static enum flow decide_due(struct request *req);

/* A job: one person at a time whose term is over, where the policy says so. */
enum flow privacy_sweep(struct request *req)
{
    struct privacy_work *work = request_state(req, sizeof(*work));

    work->next = decide_due;
    work->needs = PRIVACY_NEEDS_ROWS | PRIVACY_NEEDS_COUNT;
    policy_list(req, codec_policy_kind_name(CODEC_POLICY_RETENTION), &work->policies);
    return flow_wait(req, find_due);
}

static enum flow find_due(struct request *req)
{
    struct privacy_work *work = req->state;
    const struct privacy_place from_the_beginning = {.has_last = false};
    struct codec_policy policy;

    if (codec_policy_find(&work->policies, CODEC_POLICY_RETENTION, 0, req->arena, &policy) != OK ||
        !policy.retention.erases_by_itself)
        return flow_end(req);
    privacy_list_due(req, day_add_months(people_today(req), -(int)policy.retention.quiet_months),
                     &from_the_beginning, 1, &work->due);
    return flow_wait(req, find_person);
}

static enum flow find_person(struct request *req)
{
    struct privacy_work *work = req->state;

    if (work->due.count == 0)
        return flow_end(req);
    if (work->due.list[0].is_customer)
        privacy_find_customer(req, &work->due.list[0].person, &work->person);
    else
        privacy_find_contact(req, &work->due.list[0].person, &work->person);
    return flow_wait(req, privacy_gather);
}

static enum flow decide_due(struct request *req)
{
    struct privacy_work *work = req->state;
    enum privacy_state from = privacy_state_of(work), to;

    if (!work->person.found ||
        privacy_move(from, PRIVACY_ASK_ERASE, work->held > 0, &to) != PRIVACY_FINE || from == to)
        return flow_end(req);
    if (!privacy_apply(req, work, to, TEXT_OF("retention")))
        return flow_reply(req, NULL);
    return flow_commit(req, flow_end);
}
