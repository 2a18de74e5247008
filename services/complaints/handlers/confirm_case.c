/*
 * kehu.complaints.v1.ConfirmCase, DisputeCase and RecordConfirmationAttempt: whether the
 * complainant is satisfied with the answer (R70), and how often he was asked in vain.
 *
 *   decode  → the receipt, the case, the rules
 *   decide  → the move, clocks, what he is told; one commit
 */
#include <string.h>

#include "common/service.h"
#include "services/complaints/codec/codec_case_learning.h"
#include "services/complaints/handlers/confirmations.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/store/case_part.h"

#define ATTEMPTS_MAX 50 /* of a case */

struct confirming {
    struct case_change change; /* first */
    struct codec_case_step ask;
};

static enum flow confirm(struct request *req);
static enum flow dispute(struct request *req);
static enum flow attempt(struct request *req);

/* --- ConfirmCase --- */

enum flow handle_confirm_case(struct request *req)
{
    struct confirming *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_confirm(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);
    enum flow next;

    if (status)
        return refusal_of_faults(req, status, &faults);
    next = case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_CALLS,
                            confirm);
    if (next == FLOW_WAIT)
        case_change_ask_worked(req, &r->change);
    return next;
}

static enum flow confirm(struct request *req)
{
    struct confirming *r = req->state;
    enum flow end;

    if (r->ask.is_yes) {
        enum confirmation how = confirmations_how(req, &r->change, r->ask.is_by_customer);

        if (!confirmations_say_yes(req, &r->change, how, r->ask.reason, &end))
            return end;
        return case_change_commit(req, &r->change, r->ask.reason, "");
    }
    return dispute(req);
}

/* --- DisputeCase --- */

enum flow handle_dispute_case(struct request *req)
{
    struct confirming *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_dispute(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_CALLS,
                            dispute);
}

static enum flow dispute(struct request *req)
{
    struct confirming *r = req->state;
    enum flow end;

    if (!confirmations_say_no(req, &r->change, r->ask.reason, r->ask.alternatives,
                              r->ask.alternative_count, &end))
        return end;
    return case_change_commit(req, &r->change, r->ask.reason, "alternatives named");
}

/* --- RecordConfirmationAttempt --- */

struct attempting {
    struct case_change change; /* first */
    struct codec_attempt ask;
};

enum flow handle_record_confirmation_attempt(struct request *req)
{
    struct attempting *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status = codec_get_attempt(req->payload, req->payload_bytes, req->now_us,
                                           req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return case_change_find(req, &r->change, r->ask.ref, 0, CONDUCT_CALLS, attempt);
}

static bool check_attempt(struct request *req, const struct attempting *r, enum flow *end)
{
    const struct case_file *file = &r->change.after;

    if (file->state != CASE_CONFIRMATION_DUE) {
        *end = refusal_of_state(req, file->state,
                                "attempts are made once it is answered, while the confirmation "
                                "is due");
        return false;
    }
    if (r->ask.at_us < file->answered_us) {
        flow_violation(req, "at", "lies before the answer: give when he was tried to be reached");
        *end = flow_refuse(req, INVALID_ARGUMENT, "the attempt lies before the answer");
        return false;
    }
    if (r->change.found.attempt_count >= ATTEMPTS_MAX) {
        flow_violation(req, "ref", "has %d attempts already: close it unconfirmed", ATTEMPTS_MAX);
        *end =
            flow_refuse(req, FAILED_PRECONDITION, "a case takes at most %d attempts", ATTEMPTS_MAX);
        return false;
    }
    return true;
}

/* This one counts for what the answer says of closing it unconfirmed. */
static bool count_it(struct request *req, struct attempting *r,
                     const struct case_part_attempt *made)
{
    struct cases_found *found = &r->change.found;
    struct confirmation_attempt *all =
        arena_take_array(req->arena, found->attempt_count + 1, sizeof(*all));
    struct text code;
    const struct calendar *calendar = case_clocks_calendar(req, &r->change.after, &code);

    if (!all)
        return false;
    for (size_t i = 0; i < found->attempt_count; i++)
        all[i] = found->attempts[i];
    all[found->attempt_count] = (struct confirmation_attempt){
        .channel = {made->channel, strlen(made->channel)},
        .day = made->day,
        .on_working_day = calendar_is_working_day(calendar, made->day),
        .outcome = r->ask.outcome,
    };
    found->standing.tries = confirmation_count(all, found->attempt_count + 1);
    return true;
}

static enum flow attempt(struct request *req)
{
    struct attempting *r = req->state;
    struct case_change *change = &r->change;
    struct case_part_attempt made = {
        .case_id = change->after.id,
        .at_us = r->ask.at_us,
        .day = zone_day(&req->service->zone, r->ask.at_us),
        .channel = r->ask.channel,
        .outcome = delivery_call_name(r->ask.outcome),
        .by = who_name(req),
    };
    enum flow end;

    if (!check_attempt(req, r, &end))
        return end;
    made.id = change->made = request_new_id(req);
    if (!count_it(req, r, &made))
        return flow_refuse_large(req);
    case_part_add_attempt(req, &made);
    /* Reached, the promise to ask is kept, whatever he says. */
    if (r->ask.outcome == DELIVERY_REACHED)
        case_change_happened(req, change, CLOCK_EVENT_REACHED, r->ask.at_us);
    change->act_name = "attempt_confirmation";
    return case_change_commit(req, change, TEXT_OF(""),
                              arena_print(req->arena, "%s %s", made.channel, made.outcome));
}
