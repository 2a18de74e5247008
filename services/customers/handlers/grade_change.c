#include "services/customers/handlers/grade_change.h"

#include "common/audit.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/customers/handlers/reviews.h"

static enum flow ask_grade(struct request *req);
static enum flow check(struct request *req);

enum flow grade_change_ask(struct request *req, flow_step decide)
{
    struct grade_changing *r = req->state;

    r->decide = decide;
    r->today = zone_day(&req->service->zone, req->now_us);
    command_find(req, &r->seen);
    customer_find(req, &r->question.customer, &r->customer);
    return flow_wait(req, ask_grade);
}

static enum flow ask_grade(struct request *req)
{
    struct grade_changing *r = req->state;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!r->customer.found)
        return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    scope_look(req, &r->customer.file.id, &r->sight);
    grade_find(req, &r->customer.file.id, &r->current);
    reviews_ask(req, &r->reviews);
    customer_list_references(req, &r->customer.file.id, &r->references);
    return flow_wait(req, check);
}

static enum flow check(struct request *req)
{
    struct grade_changing *r = req->state;
    enum flow end;

    if (!scope_admits(req, &r->sight, &end))
        return end;
    if (!r->current.found)
        return flow_refuse(req, FAILED_PRECONDITION,
                           "this customer has no grade: it came after the last run, or its kind is "
                           "never graded");
    return flow_go(req, r->decide);
}

enum flow grade_change_commit(struct request *req, struct grade_current *next, const char *reason)
{
    struct grade_changing *r = req->state;
    const struct grade_entry entry = {
        .reason = reason, .as_of = r->today, .note = r->question.reason, .by = grades_asker(req)};
    const struct grade_review_policy review = reviews_policy(req, &r->reviews);
    char id[UUID_TEXT_BYTES];

    if (next->grade != r->current.grade)
        next->since = r->today;
    uuid_print(&next->customer, id);
    grade_save(req, next);
    audit_add(req, "change grade", id, reason);
    if (!grades_change(req, next, r->current.grade, &entry, &review))
        return flow_reply(req, NULL);
    const struct grade_customer customer =
        grades_customer(next, r->customer.file.number, &r->references, req->arena);

    return command_commit(req, codec_grade_customer(&customer, req->arena));
}

struct grade_current grade_change_decided(const struct grade_current *current,
                                          enum grade_decision decision, int32_t today)
{
    const struct grade_standing standing = {.grade = current->grade,
                                            .runs_below = current->runs_below,
                                            .last_as_of = current->as_of,
                                            .is_overridden = current->is_overridden,
                                            .held_to = current->held_to};
    struct grade_change change = grade_decide(&standing, decision);
    struct grade_current next = *current;

    next.grade = change.grade;
    next.runs_below = change.runs_below;
    next.held_to = change.held_to;
    next.flags &= ~(uint32_t)GRADE_FLAG_DEMOTION_HELD;
    if (next.grade != current->grade)
        next.since = today;
    return next;
}

struct grade_current grade_change_released(const struct grade_current *current, int32_t today)
{
    struct grade_current next = *current;

    next.grade = current->computed;
    next.is_overridden = false;
    next.flags &= ~(uint32_t)GRADE_FLAG_OVERRIDDEN;
    if (next.grade != current->grade)
        next.since = today;
    return next;
}
