/*
 * kehu.complaints.v1.ListCases: cases by filters, page by page, within the asker's sight. What no
 * short way finds is asked as a long question.
 */
#include "services/complaints/codec/codec_case_list.h"
#include "services/complaints/domain/opening.h"
#include "services/complaints/handlers/case_clocks.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/handlers/who.h"
#include "services/complaints/store/case_list.h"
#include "services/complaints/store/colleague.h"

#include "common/service.h"

struct listing {
    struct codec_list_cases ask;
    struct colleague handler;
    struct case_list_family family;
    struct case_rules rules;
    struct case_summaries found;
};

static enum flow look(struct request *req);
static enum flow look_longer(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_list_cases(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    const struct zone *zone = &req->service->zone;
    enum status status =
        codec_get_list_cases(req->payload, req->payload_bytes, zone, req->arena, &r->ask, &faults);

    if (status != OK)
        return refusal_of_faults(req, status, &faults);
    if (r->ask.handler.bytes > 0)
        colleague_find(req, r->ask.handler, zone_day(zone, req->now_us), &r->handler);
    if (r->ask.question.has_customer)
        case_list_find_customers(req, &r->ask.customer, &r->family);
    if (r->ask.question.behind.figure)
        case_rules_ask(req, &r->rules);
    return flow_wait(req, look);
}

/* Cases of somebody who has not appeared yet wait under the reference as it was given. */
static void name_customer(struct listing *r)
{
    struct case_list_question *question = &r->ask.question;
    const struct customer_ref *ref = &r->ask.customer;

    question->customers = r->family.list;
    question->customer_count = r->family.count;
    question->customer_source =
        ref->kind == CUSTOMER_REF_EXTERNAL ? ref->source : TEXT_OF(OPENING_OWN_SOURCE);
    question->customer_external_id =
        ref->kind == CUSTOMER_REF_EXTERNAL ? ref->external_id : r->ask.customer_ref;
}

/* A month's cases are found by its days, which an index knows. */
static void narrow_month(struct case_list_figure *figure)
{
    int32_t first, last;

    if (figure->by != REPORT_BY_MONTH || !report_month_days(figure->key, &first, &last))
        return;
    if (figure->from == CASE_LIST_NO_DAY || figure->from < first)
        figure->from = first;
    if (figure->to == CASE_LIST_NO_DAY || figure->to > last)
        figure->to = last;
}

static enum flow look(struct request *req)
{
    struct listing *r = req->state;
    struct case_list_question *question = &r->ask.question;

    if (r->ask.handler.bytes > 0 && !r->handler.found) {
        flow_violation(req, "handler", "is nobody's code: give that of one of the staff");
        return flow_refuse(req, NOT_FOUND, "nobody of the staff has this code");
    }
    question->handler = r->handler.id;
    question->behind.recurrence_days = r->rules.severity.recurrence_days;
    narrow_month(&question->behind);
    if (question->has_customer)
        name_customer(r);
    case_list(req, question, who_sight(req), &r->found);
    return flow_wait(req, look_longer);
}

static enum flow look_longer(struct request *req)
{
    struct listing *r = req->state;

    if (case_list_is_done(&r->ask.question, &r->found))
        return flow_go(req, answer);
    case_list_rest(req, &r->ask.question, who_sight(req), &r->found);
    return flow_wait(req, answer);
}

static enum flow answer(struct request *req)
{
    struct listing *r = req->state;
    const char *next = "";

    if (r->ask.question.has_customer && r->family.count == 0 && r->found.count == 0) {
        flow_violation(req, "customer_ref", "leads to no customer known here, nor to a case");
        return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    }
    if (r->found.count > r->ask.question.page_size) {
        r->found.count = r->ask.question.page_size;
        next = codec_case_list_token(&r->found.list[r->found.count - 1], r->ask.question.sort,
                                     req->arena);
    }
    return flow_reply(req, codec_case_list(&r->found, next, req->now_us, req->arena));
}
