/*
 * kehu.complaints.v1.SetCause and RecordWork: why it happened, by whose fault and whose
 * responsibility (R65, R71); of a service request what was done, of a suggestion what becomes of
 * it. The cause is weighed at once: what happens again is graver.
 *
 *   decode  → the receipt, the case, what it may repeat, the rules, the causes
 *   decide  → the file, its severity, the clocks; one commit
 */
#include <string.h>

#include "common/pure/text.h"
#include "common/service.h"
#include "services/complaints/codec/codec_case_learning.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/causes.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/store/case_part.h"

struct setting_cause {
    struct case_change change; /* first */
    struct codec_set_cause ask;
    struct cause_tree causes;
};

static enum flow set(struct request *req);
static enum flow record(struct request *req);

enum flow handle_set_cause(struct request *req)
{
    struct setting_cause *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_set_cause(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);
    enum flow next;

    if (status)
        return refusal_of_faults(req, status, &faults);
    r->change.weighs = true;
    next = case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_HANDLES,
                            set);
    if (next == FLOW_WAIT) {
        policies_in_force_ask_causes(req, &r->causes);
        case_change_ask_worked(req, &r->change);
    }
    return next;
}

static bool is_running(struct request *req, const struct case_file *file, enum flow *end)
{
    if (!case_is_ended(file->state))
        return true;
    *end = refusal_of_state(req, file->state, "it keeps what was recorded");
    return false;
}

/* The unit is who is responsible by the cause, where nobody says otherwise. */
static void apply_cause(struct case_file *after, const struct codec_set_cause *ask,
                        const struct cause *cause)
{
    if (cause) {
        after->cause = cause->code;
        if (after->unit.bytes == 0)
            after->unit = cause->unit;
    }
    if (ask->unit.bytes > 0)
        after->unit = ask->unit;
    if (ask->topic.bytes > 0)
        after->topic = ask->topic;
    if (ask->fault != FAULT_IS_UNKNOWN)
        after->fault = ask->fault;
}

static enum flow set(struct request *req)
{
    struct setting_cause *r = req->state;
    struct case_change *change = &r->change;
    enum flow end;

    if (!is_running(req, &change->after, &end) ||
        !causes_check(req, "handling.cause", &r->causes, r->ask.cause, change->after.cause, &end))
        return end;
    apply_cause(&change->after, &r->ask, cause_find(&r->causes, r->ask.cause));
    if (text_compare(change->after.cause, change->found.file.cause) != 0)
        case_part_move_lessons(req, &change->after.id, change->found.file.cause,
                               change->after.cause);
    if (!change->after.is_historic)
        (void)case_change_weigh(req, change); /* the cause holds, also where it stays serious */
    change->act_name = "set_cause";
    return case_change_commit(req, change, TEXT_OF(""),
                              arena_print(req->arena, "cause %.*s fault %s",
                                          (int)change->after.cause.bytes,
                                          change->after.cause.at ? change->after.cause.at : "",
                                          remedy_fault_name(change->after.fault)));
}

/* --- RecordWork --- */

struct working {
    struct case_change change; /* first */
    struct codec_work ask;
};

enum flow handle_record_work(struct request *req)
{
    struct working *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_work(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_HANDLES,
                            record);
}

/* Work and charge are of service requests, what becomes of it of suggestions and feedback. */
static bool check_kind(struct request *req, const struct working *r, enum flow *end)
{
    enum case_kind kind = r->change.after.kind;
    bool is_work = r->ask.is_done || r->ask.is_charge_noted;
    bool is_taken = r->ask.taken_up.bytes > 0 || r->ask.not_because.bytes > 0;

    if (is_work && kind != CASE_IS_SERVICE_REQUEST)
        flow_violation(req, r->ask.is_done ? "done" : "charge_noted",
                       "is of service requests: this is a %s", case_kind_name(kind));
    else if (is_taken && kind != CASE_IS_SUGGESTION && kind != CASE_IS_FEEDBACK)
        flow_violation(req, r->ask.taken_up.bytes > 0 ? "taken_up" : "not_because",
                       "is of suggestions and feedback: this is a %s", case_kind_name(kind));
    else
        return true;
    *end = flow_refuse(req, INVALID_ARGUMENT, "a %s has no such result", case_kind_name(kind));
    return false;
}

static bool check_currency(struct request *req, const struct working *r, enum flow *end)
{
    const char *ours = req->service->currency;

    if (r->ask.currency.bytes == 0 ||
        (r->ask.currency.bytes == strlen(ours) &&
         memcmp(r->ask.currency.at, ours, r->ask.currency.bytes) == 0))
        return true;
    flow_violation(req, "currency", "must be %s, the currency of the business, or empty", ours);
    *end = flow_refuse(req, INVALID_ARGUMENT, "charges are noted in %s", ours);
    return false;
}

static enum flow record(struct request *req)
{
    struct working *r = req->state;
    struct case_file *after = &r->change.after;
    enum flow end;

    if (!is_running(req, after, &end) || !check_kind(req, r, &end) || !check_currency(req, r, &end))
        return end;
    after->is_work_done |= r->ask.is_done;
    if (r->ask.is_charge_noted) {
        after->is_charge_noted = true;
        after->charge_micros = r->ask.charge_micros;
    }
    if (r->ask.taken_up.bytes > 0 || r->ask.not_because.bytes > 0) {
        bool is_up = r->ask.taken_up.bytes > 0;
        struct text why = is_up ? r->ask.taken_up : r->ask.not_because;
        char *kept = arena_print(req->arena, "%s: %.*s", is_up ? "taken_up" : "not_because",
                                 (int)why.bytes, why.at);

        after->taken_up = (struct text){kept ? kept : "", kept ? strlen(kept) : 0};
    }
    r->change.act_name = "record_work";
    return case_change_commit(req, &r->change, TEXT_OF(""), "");
}
