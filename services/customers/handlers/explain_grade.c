/*
 * kehu.customers.v1.ExplainGrade: the grade in one sentence, its figures, the policy of its run and
 * its history.
 */
#include "common/service.h"
#include "services/customers/handlers/grades.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/codec/codec_policy.h"
#include "services/customers/store/customer.h"
#include "services/customers/store/grade_run.h"

struct explaining {
    struct codec_grade_question question;
    struct found_customer customer;
    struct customer_file references; /* of the customer; the rest is empty */
    struct grade_current current;
    struct scope_sight sight;
    struct grade_histories history;
    struct grade_work work;
};

static enum flow ask_grade(struct request *req);
static enum flow ask_run(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_explain_grade(struct request *req)
{
    struct explaining *r = request_state(req, sizeof(*r));
    struct codec_grade_fault fault;
    enum status status =
        codec_get_explain_grade(req->payload, req->payload_bytes, req->arena, &r->question, &fault);

    if (status != OK)
        return grades_refuse_question(req, status, &fault);
    customer_find(req, &r->question.customer, &r->customer);
    return flow_wait(req, ask_grade);
}

static enum flow ask_grade(struct request *req)
{
    struct explaining *r = req->state;
    const struct id *id = &r->customer.file.id;

    if (!r->customer.found)
        return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    scope_look(req, id, &r->sight);
    grade_find(req, id, &r->current);
    grade_list_history(req, id, &r->history);
    customer_list_references(req, id, &r->references);
    return flow_wait(req, ask_run);
}

static enum flow ask_run(struct request *req)
{
    struct explaining *r = req->state;
    enum flow end;

    if (!scope_admits(req, &r->sight, &end))
        return end;
    if (!r->current.found)
        return flow_refuse(req, NOT_FOUND,
                           "this customer has no grade: it came after the last "
                           "run, or its kind is never graded");
    grade_run_find(req, &r->current.run, &r->work);
    return flow_wait(req, answer);
}

/* What the sentence is made of. */
static struct grade_explanation explain(const struct explaining *r, const char *currency,
                                        uint32_t policy_version, const struct grade_policy *policy)
{
    const struct grade_current *current = &r->current;

    return (struct grade_explanation){
        .grade = current->grade,
        .verdict = {current->computed, current->flags},
        .figures = {.numerator_micros = current->numerator_micros,
                    .denominator_micros = current->denominator_micros,
                    .is_long_term = current->is_long_term,
                    .is_unknown_region = current->region.bytes == 0,
                    .rank = current->rank,
                    .accumulated_before_micros = current->accumulated_before_micros},
        .policy = policy,
        .policy_version = policy_version,
        .region = current->region,
        .currency = currency,
        .is_overridden = current->is_overridden,
        .override_reason = current->override_reason,
        .override_until = current->override_until,
        .is_held = current->held_to != GRADE_NONE,
        .decide_by = current->held_until,
        .runs_below = current->runs_below,
    };
}

static enum flow answer(struct request *req)
{
    struct explaining *r = req->state;
    struct codec_policy policy;
    char *sentence = arena_take(req->arena, GRADE_TEXT_BYTES);
    enum status status = codec_policy_read(CODEC_POLICY_GRADE, r->work.policy ? r->work.policy : "",
                                           req->arena, &policy);

    if (status != OK)
        return policy_refuse_version(req, status, codec_policy_kind_name(CODEC_POLICY_GRADE), 0);
    if (!sentence)
        return flow_reply(req, NULL);
    policy.version = r->work.run.policy_version;

    struct grade_policy of_region = grade_policy_for(&policy.grade, r->current.region);
    const struct grade_explanation what =
        explain(r, req->service->currency, policy.version, &of_region);

    grade_text_explain(&what, r->question.language, sentence, GRADE_TEXT_BYTES);
    const struct codec_grade_explained explained = {
        .sentence = sentence,
        .now = grades_customer(&r->current, r->customer.file.number, &r->references, req->arena),
        .window_from = r->work.run.window_from,
        .as_of = r->current.as_of,
        .policy = &policy,
        .first_purchase = r->current.first_purchase,
        .history = r->history.list,
        .history_count = r->history.count,
        .run = r->current.run,
    };
    return flow_reply(req, codec_grade_explanation(&explained, req->arena));
}
