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
#define NEEDS_OF_ERASURE (PRIVACY_NEEDS_ROWS | PRIVACY_NEEDS_COUNT | PRIVACY_NEEDS_HUNT)
#define CHUNK 200 /* of persons due, in one look of the job */
#define HOUR_US (3600 * SECOND_US)

/* The receipt keeps no subjects of holds: they are words of people. */
static enum flow answer(struct request *req, const struct privacy_work *work)
{
    const struct codec_privacy_view view = privacy_view_of(work);
    struct codec_privacy_view kept = view;
    struct privacy_hold *silent = arena_take_array(req->arena, work->held, sizeof(*silent));

    for (size_t i = 0; silent && i < work->held; i++) {
        silent[i] = work->holds.list[i];
        silent[i].subject = TEXT_OF("");
    }
    kept.holds = silent;
    kept.hold_count = silent ? work->held : 0;
    return command_commit_private(req, codec_person_standing(&view, req->arena),
                                  codec_person_standing(&kept, req->arena));
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
    bool seals;
    enum flow end;

    if (refusal != PRIVACY_FINE)
        return refuse_move(req, refusal);
    to = privacy_after_hunt(work, to);
    seals = from == PRIVACY_OPEN && (to == PRIVACY_RESTRICTED || to == PRIVACY_ERASING);
    if (seals && !privacy_is_whole(req, work, &end))
        return end;
    if (from != to && !privacy_apply(req, work, to, work->ask.reason))
        return privacy_fail(req);
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
        work->standing.values = work->contact_tally.values + work->customer_tally.values;
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
    return privacy_begin(req, decide_erase, PRIVACY_NEEDS_RECEIPT | NEEDS_OF_ERASURE);
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

/* The last hold of a person ended; or, where the timer has data, his term of retention is over. */
enum flow person_erasure_ring(struct request *req)
{
    struct privacy_work *work = request_state(req, sizeof(*work));

    work->next = decide_ringing;
    work->needs = NEEDS_OF_ERASURE;
    privacy_find_standing(req, &timer_of(req)->subject, &work->standing);
    policy_list(req, codec_policy_kind_name(CODEC_POLICY_RETENTION), &work->policies);
    return flow_wait(req, find_ringing);
}

static int32_t quiet_since(struct request *req, const struct codec_policy *policy)
{
    return day_add_months(people_today(req), -(int)policy->retention.quiet_months);
}

static enum flow find_ringing(struct request *req)
{
    struct privacy_work *work = req->state;
    const struct timer *timer = timer_of(req);
    const struct id *person = &timer->subject;
    bool is_retention = timer->data_bytes == 1, is_customer = work->standing.is_customer;
    struct codec_policy policy;

    if (codec_policy_find(&work->policies, CODEC_POLICY_RETENTION, 0, req->arena, &policy) != OK ||
        (is_retention ? !policy.retention.erases_by_itself : !work->standing.found)) {
        timer_settle(req, timer);
        return flow_commit(req, flow_end);
    }
    if (is_retention) {
        is_customer = timer->data[0] == 'c';
        privacy_find_due(req, person, quiet_since(req, &policy), &work->due);
    }
    work->policies = (struct policy_rows){.count = 0}; /* asked once more with the rest */
    if (is_customer)
        privacy_find_customer(req, person, &work->person);
    else
        privacy_find_contact(req, person, &work->person);
    return flow_wait(req, privacy_gather);
}

/* Another hold may have come, or an order: then it rings again later. He whose term is over may
 * have given a sign since the job looked. */
static enum flow decide_ringing(struct request *req)
{
    struct privacy_work *work = req->state;
    bool is_retention = timer_of(req)->data_bytes == 1;
    enum privacy_state from = privacy_state_of(work), to = from;
    bool is_meant =
        is_retention ? from == PRIVACY_OPEN && work->due.count > 0 : from == PRIVACY_ERASING;

    if (!work->person.found || !is_meant ||
        privacy_move(from, is_retention ? PRIVACY_ASK_ERASE : PRIVACY_ASK_LOOK, work->held > 0,
                     &to) != PRIVACY_FINE) {
        timer_settle(req, timer_of(req));
        return flow_commit(req, flow_end);
    }
    to = privacy_after_hunt(work, to);
    if (!privacy_apply(req, work, to, is_retention ? TEXT_OF("retention") : TEXT_OF("")))
        return privacy_fail(req);
    return flow_commit(req, flow_end);
}

static enum flow arm_freed(struct request *req);
static enum flow find_due(struct request *req);
static enum flow arm_due(struct request *req);

/* A job: the last case of somebody who waits for his erasure has ended; his timer looks again. */
enum flow privacy_freed_look(struct request *req)
{
    struct privacy_work *work = request_state(req, sizeof(*work));

    case_seen_list_freed(req, CHUNK, &work->due);
    return flow_wait(req, arm_freed);
}

static enum flow arm_freed(struct request *req)
{
    const struct privacy_work *work = req->state;

    if (work->due.count == 0)
        return flow_end(req);
    for (size_t i = 0; i < work->due.count; i++) {
        const struct privacy_due *due = &work->due.list[i];
        char id[UUID_TEXT_BYTES];

        uuid_print(&due->person, id);
        timer_arm(req, arena_print(req->arena, PRIVACY_TIMER ":%s", id), &due->person, req->now_us,
                  NULL, 0);
    }
    return flow_commit(req, flow_end);
}

/* A job: a timer for each person whose term is over, where the policy says so. The question is
 * dear, so who was answered "nobody more" looks again in an hour. */
enum flow privacy_sweep(struct request *req)
{
    struct privacy_work *work = request_state(req, sizeof(*work));

    policy_list(req, codec_policy_kind_name(CODEC_POLICY_RETENTION), &work->policies);
    privacy_find_look(req, &work->next_look_us);
    return flow_wait(req, find_due);
}

static enum flow find_due(struct request *req)
{
    struct privacy_work *work = req->state;
    const struct privacy_place from_the_beginning = {.has_last = false};
    struct codec_policy policy;

    if (req->now_us < work->next_look_us ||
        codec_policy_find(&work->policies, CODEC_POLICY_RETENTION, 0, req->arena, &policy) != OK ||
        !policy.retention.erases_by_itself)
        return flow_end(req);
    privacy_list_due(req, quiet_since(req, &policy), &from_the_beginning, CHUNK, &work->due);
    return flow_wait(req, arm_due);
}

static enum flow arm_due(struct request *req)
{
    const struct privacy_work *work = req->state;

    for (size_t i = 0; i < work->due.count; i++) {
        const struct privacy_due *due = &work->due.list[i];
        char id[UUID_TEXT_BYTES];

        uuid_print(&due->person, id);
        timer_arm(req, arena_print(req->arena, PRIVACY_TIMER ":%s", id), &due->person, req->now_us,
                  due->is_customer ? "c" : "p", 1);
    }
    /* A whole chunk: there are more, once these are erased. */
    privacy_save_look(req, req->now_us + (work->due.count < CHUNK ? HOUR_US : 30 * SECOND_US));
    return flow_commit(req, flow_end);
}
