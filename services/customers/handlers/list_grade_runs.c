/*
 * kehu.customers.v1.ListGradeRuns: the latest runs, dry ones too.
 */
#include "services/customers/handlers/grades.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/grade_run.h"

struct listing {
    struct codec_grade_question question;
    struct grade_works works;
};

static enum flow answer(struct request *req);

enum flow handle_list_grade_runs(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct codec_grade_fault fault;
    enum status status = codec_get_list_grade_runs(req->payload, req->payload_bytes, req->arena,
                                                   &r->question, &fault);

    if (status != OK)
        return grades_refuse_question(req, status, &fault);
    grade_run_list(req, r->question.page_size, &r->works);
    return flow_wait(req, answer);
}

static enum flow answer(struct request *req)
{
    struct listing *r = req->state;
    struct grade_run *runs = arena_take_array(req->arena, r->works.count, sizeof(*runs));

    for (size_t i = 0; runs && i < r->works.count; i++) {
        runs[i] = r->works.list[i].run;
        runs[i].hides_customers = !scope_of(req)->sees_all;
    }
    return flow_reply(req, runs ? codec_grade_run_list(runs, r->works.count, req->arena) : NULL);
}
