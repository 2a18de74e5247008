/*
 * kehu.customers.v1.GetServicePlan: what is done for a customer of his grade (R42, R48). It follows
 * from grade and policy when asked, so it changes with both.
 */
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/owner_command.h"
#include "services/customers/store/grade.h"

struct planning {
    struct owner_command asked;
    struct grade_current grade;
    struct policy_rows rows;
};

static enum flow look(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_get_service_plan(struct request *req)
{
    struct planning *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status = codec_get_get_service_plan(req->payload, req->payload_bytes, req->arena,
                                                    &r->asked.question, &fault);

    if (status != OK)
        return owners_refuse_question(req, status, &fault);
    customer_find(req, &r->asked.question.customer, &r->asked.customer);
    policy_list(req, codec_policy_kind_name(CODEC_POLICY_SERVICE_PLAN), &r->rows);
    return flow_wait(req, look);
}

static enum flow look(struct request *req)
{
    struct planning *r = req->state;
    const struct id *customer = &r->asked.customer.file.id;

    if (!r->asked.customer.found)
        return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    scope_look(req, customer, &r->asked.sight);
    owner_list_intervals(req, customer, req->now_us, owners_today(req), &r->asked.present);
    grade_find(req, customer, &r->grade);
    return flow_wait(req, answer);
}

static enum flow answer(struct request *req)
{
    struct planning *r = req->state;
    const struct owner_intervals *present = &r->asked.present;
    struct codec_policy policy;
    enum flow end;

    if (!scope_admits(req, &r->asked.sight, &end))
        return end;
    if (!owners_read_policy(req, &r->rows, CODEC_POLICY_SERVICE_PLAN, &policy, &end))
        return end;
    char grade = r->grade.found ? grade_letter(r->grade.grade) : ' ';
    const struct codec_customer_plan plan = {
        .customer = r->asked.customer.file.id,
        .number = r->asked.customer.file.number,
        .grade = grade,
        .since = r->grade.found ? r->grade.since : INT32_MIN,
        .plan = service_plan_for(&policy.plans, grade),
        .policy_version = policy.version,
        .owner = present->count > 0 && present->list[0].role == OWNER_ROLE_IS_OWNER
                     ? present->list[0].staff
                     : (struct text){"", 0},
    };

    return flow_reply(req, codec_customer_plan(&plan, req->arena));
}
