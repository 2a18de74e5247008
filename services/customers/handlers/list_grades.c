/*
 * kehu.customers.v1.ListGrades: the grades in force, page by page.
 */
#include "services/customers/handlers/grades.h"
#include "services/customers/handlers/handlers.h"

struct listing {
    struct codec_grade_question question;
    struct grade_listed found;
};

static enum flow answer(struct request *req);

enum flow handle_list_grades(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct codec_grade_fault fault;
    struct grade_list_question list;
    enum status status =
        codec_get_list_grades(req->payload, req->payload_bytes, req->arena, &r->question, &fault);

    if (status != OK)
        return grades_refuse_question(req, status, &fault);
    list = (struct grade_list_question){.grade = r->question.grade,
                                        .region = r->question.region,
                                        .limit = r->question.page_size + 1};
    if (!grades_read_token(r->question.page_token, &list.after)) {
        flow_violation(req, "page_token", "is none: give next_page_token of the answer before");
        return flow_refuse(req, INVALID_ARGUMENT, "the list cannot go on from there");
    }
    grade_list(req, &list, &r->found);
    return flow_wait(req, answer);
}

static enum flow answer(struct request *req)
{
    struct listing *r = req->state;
    struct grade_customers *customers = &r->found.customers;
    const char *next = "";

    if (customers->count > r->question.page_size) {
        const struct grade_customer *last = &customers->list[--customers->count - 1];
        const struct grade_list_place place = {last->grade, -last->numerator_micros,
                                               r->found.ids[customers->count - 1]};

        next = grades_print_token(&place, req->arena);
    }
    return flow_reply(req, codec_grade_list(customers, next, req->arena));
}
