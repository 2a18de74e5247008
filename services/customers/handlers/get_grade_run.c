/*
 * kehu.customers.v1.GetGradeRun: how far a run is, and when it is finished its report.
 */
#include "services/customers/handlers/grades.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/grade_run.h"

struct getting {
    struct codec_grade_question question;
    struct grade_work work;
};

static enum flow answer(struct request *req);

enum flow handle_get_grade_run(struct request *req)
{
    struct getting *r = request_state(req, sizeof(*r));
    struct codec_grade_fault fault;
    enum status status =
        codec_get_get_grade_run(req->payload, req->payload_bytes, req->arena, &r->question, &fault);

    if (status != OK)
        return grades_refuse_question(req, status, &fault);
    grade_run_find(req, &r->question.run, &r->work);
    return flow_wait(req, answer);
}

static enum flow answer(struct request *req)
{
    struct getting *r = req->state;

    if (!r->work.found)
        return flow_refuse(req, NOT_FOUND, "there is no grade run with this id");
    r->work.run.hides_customers = !scope_of(req)->sees_all;
    return flow_reply(req, codec_grade_run(&r->work.run, req->arena));
}
