/*
 * kehu.customers.v1.OverrideGrade and RemoveGradeOverride: a manager sets a grade by hand, with a
 * reason and until a day, or takes that back. Runs calculate on and change nothing while it holds.
 */
#include "services/customers/handlers/grade_change.h"
#include "services/customers/handlers/handlers.h"

static enum flow decide_override(struct request *req);
static enum flow decide_removal(struct request *req);

enum flow handle_override_grade(struct request *req)
{
    struct grade_changing *r = request_state(req, sizeof(*r));
    struct codec_grade_fault fault;
    enum status status = codec_get_override_grade(req->payload, req->payload_bytes, req->arena,
                                                  &r->question, &fault);

    if (status != OK)
        return grades_refuse_question(req, status, &fault);
    return grade_change_ask(req, decide_override);
}

static enum flow decide_override(struct request *req)
{
    struct grade_changing *r = req->state;
    struct grade_current next = r->current;

    if (!grade_override_may_last(r->question.until, r->today)) {
        flow_violation(req, "until", "must be a day of the 12 months from today");
        return flow_refuse(req, INVALID_ARGUMENT,
                           "a grade set by hand holds for 12 months at most");
    }
    if (r->current.held_to != GRADE_NONE)
        grades_disarm(req, GRADES_HOLD_TIMER, &next.customer);
    next.grade = r->question.grade;
    next.is_overridden = true;
    next.override_reason = r->question.reason;
    next.override_until = r->question.until;
    next.runs_below = 0;
    next.held_to = GRADE_NONE;
    next.flags &= ~(uint32_t)GRADE_FLAG_DEMOTION_HELD;
    next.flags |= GRADE_FLAG_OVERRIDDEN;
    grades_arm(req, GRADES_OVERRIDE_TIMER, &next.customer, next.override_until);
    return grade_change_commit(req, &next, "override");
}

enum flow handle_remove_grade_override(struct request *req)
{
    struct grade_changing *r = request_state(req, sizeof(*r));
    struct codec_grade_fault fault;
    enum status status = codec_get_remove_grade_override(req->payload, req->payload_bytes,
                                                         req->arena, &r->question, &fault);

    if (status != OK)
        return grades_refuse_question(req, status, &fault);
    return grade_change_ask(req, decide_removal);
}

static enum flow decide_removal(struct request *req)
{
    struct grade_changing *r = req->state;

    if (!r->current.is_overridden)
        return flow_refuse(req, FAILED_PRECONDITION,
                           "the grade of this customer is not set by hand");
    struct grade_current next = grade_change_released(&r->current, r->today);

    grades_disarm(req, GRADES_OVERRIDE_TIMER, &next.customer);
    return grade_change_commit(req, &next, "override_removed");
}
