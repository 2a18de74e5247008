/*
 * kehu.customers.v1.ConfirmDemotion: the manager confirms the demotion of an A or key account, or
 * keeps the grade until the next run.
 */
#include "services/customers/handlers/grade_change.h"
#include "services/customers/handlers/handlers.h"

static enum flow decide(struct request *req);

enum flow handle_confirm_demotion(struct request *req)
{
    struct grade_changing *r = request_state(req, sizeof(*r));
    struct codec_grade_fault fault;
    enum status status = codec_get_confirm_demotion(req->payload, req->payload_bytes, req->arena,
                                                    &r->question, &fault);

    if (status != OK)
        return grades_refuse_question(req, status, &fault);
    return grade_change_ask(req, decide);
}

static enum flow decide(struct request *req)
{
    struct grade_changing *r = req->state;
    bool is_kept = r->question.is_kept;

    if (r->current.held_to == GRADE_NONE)
        return flow_refuse(req, FAILED_PRECONDITION, "no demotion of this customer waits");
    struct grade_current next = grade_change_decided(
        &r->current, is_kept ? GRADE_DECISION_KEPT : GRADE_DECISION_CONFIRMED, r->today);

    grades_disarm(req, GRADES_HOLD_TIMER, &next.customer);
    return grade_change_commit(req, &next, is_kept ? "kept_by_manager" : "confirmed");
}
