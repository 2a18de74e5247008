/*
 * kehu.complaints.v1.AnswerCase: what the complainant gets. Sub-tasks are done first, a remedy that
 * waits goes out to nobody, and where the fault is ours he has agreed, or the reason is said why
 * the answer goes out all the same. Spoken, he has it; else the receipt of its delivery says so.
 *
 *   decode  → the receipt, the case, the rules
 *   look    → when this person was last asked to rate
 *   decide  → the message, clocks, whether he is asked if he is satisfied; one commit
 */
#include <string.h>

#include "common/service.h"
#include "services/complaints/codec/codec_case.h"
#include "services/complaints/codec/codec_case_learning.h"
#include "services/complaints/domain/rating.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/store/case_message.h"
#include "services/complaints/store/case_part.h"

struct answering {
    struct case_change change; /* first */
    struct codec_answer ask;
    struct case_part_rating_facts rated;
};

static enum flow look(struct request *req);
static enum flow decide(struct request *req);

enum flow handle_answer_case(struct request *req)
{
    struct answering *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_answer(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_HANDLES,
                            look);
}

static bool check(struct request *req, const struct answering *r, enum flow *end)
{
    uint32_t open = r->change.found.standing.open_subtasks;
    enum remedy_state remedy = r->change.after.remedy_state;

    if (!condition_may_answer(open)) {
        flow_violation(req, "subtasks", "%u are open: they are done first, each with its result",
                       open);
        *end = flow_refuse(req, FAILED_PRECONDITION,
                           "%u sub-tasks are open: what departments found"
                           " belongs into the answer",
                           open);
        return false;
    }
    if (remedy == REMEDY_NEEDS_APPROVAL || remedy == REMEDY_REFUSED) {
        bool waits = remedy == REMEDY_NEEDS_APPROVAL;

        flow_violation(req, "remedy",
                       waits ? "waits for approval: ApproveRemedy decides about it"
                             : "was refused: propose another with ProposeSolution");
        *end = flow_refuse(req, FAILED_PRECONDITION, "the remedy %s and goes out to nobody",
                           waits ? "waits for approval" : "was refused");
        return false;
    }
    return true;
}

static enum flow look(struct request *req)
{
    struct answering *r = req->state;
    struct case_file *after = &r->change.after;
    enum flow end;

    if (!check(req, r, &end) ||
        !case_change_move(req, &r->change, CASE_ANSWERS, r->ask.reason, &end))
        return end;
    case_part_find_rating_facts(req, &after->id, "", NULL, &after->customer, &after->contact,
                                &r->rated);
    return flow_wait(req, decide);
}

static void add_message(struct request *req, struct answering *r)
{
    struct case_change *change = &r->change;
    struct case_standing *standing = &change->found.standing;
    bool is_sent = !r->ask.is_spoken && !change->after.is_anonymous;

    change->made = change->after.answer = request_new_id(req);
    case_message_add(req, &(struct case_message){
                              .case_id = change->after.id,
                              .id = change->made,
                              .at_us = req->now_us,
                              .is_substantive = true,
                              .text = r->ask.text,
                              .channel = r->ask.channel,
                              .by = who_name(req),
                              .has_delivery = r->ask.is_spoken || is_sent,
                              .delivery = r->ask.is_spoken ? DELIVERY_SPOKEN : DELIVERY_WANTED,
                              .delivery_us = r->ask.is_spoken ? req->now_us : 0,
                          });
    standing->has_answer = true;
    standing->answer = (struct delivery_facts){.is_spoken = r->ask.is_spoken,
                                               .accepted_us = r->ask.is_spoken ? req->now_us : 0};
}

/* Once per case, and a person once in 30 days. False: no memory. */
static bool invite(struct request *req, struct answering *r)
{
    struct case_file *after = &r->change.after;
    int32_t today = zone_day(&req->service->zone, req->now_us);
    bool is_asked = !after->is_anonymous && !after->is_historic;

    if (!is_asked ||
        !rating_may_invite(after->invited_day != CASE_NO_DAY, r->rated.invited_day, today))
        return true;
    after->invited_day = today;
    return case_change_tell(
        req, &r->change,
        codec_case_message_wanted(after, &after->answer, "rating", TEXT_OF(""), req->arena));
}

/* What goes out, and what others do about it. False: no memory. */
static bool tell(struct request *req, struct answering *r)
{
    struct case_change *change = &r->change;
    struct text channel = {r->ask.channel, strlen(r->ask.channel)};

    if (!r->ask.is_spoken && !change->after.is_anonymous &&
        !case_change_tell(req, change,
                          codec_case_message_wanted(&change->after, &change->after.answer, "answer",
                                                    channel, req->arena)))
        return false;
    if (r->ask.is_spoken && !case_change_ask_satisfied(req, change))
        return false;
    return invite(req, r);
}

static enum flow decide(struct request *req)
{
    struct answering *r = req->state;
    struct case_change *change = &r->change;

    add_message(req, r);
    if (r->ask.is_spoken)
        case_change_words(req, change, req->now_us);
    case_change_happened(req, change, CLOCK_EVENT_ANSWERED, req->now_us);
    if (!tell(req, r))
        return flow_refuse_large(req);
    return case_change_commit(req, change, r->ask.reason, r->ask.is_spoken ? "spoken" : "");
}
