/*
 * kehu.customers.v1.RunGrades: begins a run with the policy in force, or with the one to be tried,
 * and answers at once; the work goes on chunk by chunk (grade_run.h).
 */
#include "common/audit.h"
#include "common/command.h"
#include "common/pure/uuid.h"
#include "services/customers/handlers/grade_run.h"
#include "services/customers/handlers/grades.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/codec/codec_policy.h"

struct beginning {
    struct codec_grade_question question;
    struct command_receipt seen;
    struct policy_rows rows;
    struct grade_work running;
    struct grade_run_size size;
    struct flow_packed reply;
};

static enum flow decide(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_run_grades(struct request *req)
{
    struct beginning *r = request_state(req, sizeof(*r));
    struct codec_grade_fault fault;
    enum status status =
        codec_get_run_grades(req->payload, req->payload_bytes, req->arena, &r->question, &fault);

    if (status != OK)
        return grades_refuse_question(req, status, &fault);
    command_find(req, &r->seen);
    policy_list(req, codec_policy_kind_name(CODEC_POLICY_GRADE), &r->rows);
    grade_run_find_running(req, &r->running);
    grade_run_find_size(req, &r->size);
    return flow_wait(req, decide);
}

static enum flow refuse_second(struct request *req)
{
    struct beginning *r = req->state;
    char id[UUID_TEXT_BYTES];

    uuid_print(&r->running.run.id, id);
    return flow_refuse(req, FAILED_PRECONDITION, "run %s is still at work; one at a time", id);
}

/* The policy in force or to be tried, with what was asked otherwise. */
static enum status find_policy(struct request *req, struct codec_policy *out)
{
    struct beginning *r = req->state;
    struct codec_policy policy = r->question.policy;
    enum status status = r->question.has_policy ? OK
                                                : codec_policy_find(&r->rows, CODEC_POLICY_GRADE, 0,
                                                                    req->arena, &policy);

    if (status != OK)
        return status;
    return codec_policy_adjust(&policy, r->question.method, r->question.long_term_days, req->arena,
                               out);
}

static enum flow decide(struct request *req)
{
    struct beginning *r = req->state;
    struct codec_policy policy;
    struct grade_work work;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (r->running.found)
        return refuse_second(req);
    enum status status = find_policy(req, &policy);

    if (status != OK)
        return policy_refuse_version(req, status, codec_policy_kind_name(CODEC_POLICY_GRADE), 0);
    const struct grade_run_order order = {
        .as_of = r->question.as_of,
        .policy = &policy,
        .is_dry = r->question.is_dry,
        .holds_demotions = r->question.holds_demotions,
        .asked_by = grades_asker(req),
        .total = r->size.customers + r->size.graded,
    };

    if (!grade_run_fill(req, &order, &work) ||
        !flow_pack(req, codec_grade_run(&work.run, req->arena), &r->reply))
        return flow_reply(req, NULL);
    grade_run_add(req, &work);
    audit_add(req, "run grades", "all customers", work.run.is_dry ? "dry run" : "");
    command_add(req, &r->reply);
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    struct beginning *r = req->state;

    grade_run_begin(req->service);
    return flow_reply_packed(req, &r->reply);
}
