/*
 * kehu.customers.v1.ListGradeMoves: whom a run moved, or of a dry run would have moved.
 */
#include "services/customers/handlers/grades.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/store/grade_report.h"
#include "services/customers/store/grade_run.h"

struct listing {
    struct codec_grade_question question;
    struct grade_list_place after;
    struct grade_work work;
    struct grade_movers moves;
};

static enum flow answer(struct request *req);

enum flow handle_list_grade_moves(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct codec_grade_fault fault;
    enum status status = codec_get_list_grade_moves(req->payload, req->payload_bytes, req->arena,
                                                    &r->question, &fault);

    if (status != OK)
        return grades_refuse_question(req, status, &fault);
    if (!grades_read_token(r->question.page_token, &r->after)) {
        flow_violation(req, "page_token", "is none: give next_page_token of the answer before");
        return flow_refuse(req, INVALID_ARGUMENT, "the list cannot go on from there");
    }
    grade_run_find(req, &r->question.run, &r->work);
    grade_report_list_moves(req, &r->question.run, &r->after, r->question.page_size + 1, &r->moves);
    return flow_wait(req, answer);
}

static enum flow answer(struct request *req)
{
    struct listing *r = req->state;
    size_t count = r->moves.count;
    const char *next = "";

    if (!r->work.found)
        return flow_refuse(req, NOT_FOUND, "there is no grade run with this id");
    if (r->work.run.state != GRADE_RUN_STATE_IS_FINISHED)
        return flow_refuse(req, FAILED_PRECONDITION, "this run is not finished");
    if (count > r->question.page_size) {
        const struct grade_mover *last = &r->moves.list[--count - 1];
        const struct grade_list_place place = {last->to, -last->net_micros,
                                               r->moves.customers[count - 1]};

        next = grades_print_token(&place, req->arena);
    }
    return flow_reply(req, codec_grade_moves(r->moves.list, count, next, req->arena));
}
