/*
 * kehu.complaints.v1.MergeCases: a case is the same as another, which goes on for both. What its
 * complainant says of it from now on is said to the other.
 *
 *   decode  → the receipt, both cases, the rules
 *   look    → of two customers whether they are one by now
 *   decide  → the move, a line in the history of both; one commit
 */
#include <string.h>

#include "common/pure/uuid.h"
#include "services/complaints/codec/codec_case_handling.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/store/case_list.h"

struct merging {
    struct case_change change; /* first */
    struct codec_handling ask;
    struct cases_question into;
    struct cases_found other;
    struct case_list_family family; /* of the other's customer, where he is not the same */
};

static enum flow look(struct request *req);
static enum flow decide(struct request *req);

enum flow handle_merge_cases(struct request *req)
{
    struct merging *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_merge(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);
    enum flow next;

    if (status)
        return refusal_of_faults(req, status, &faults);
    if (!cases_ref_parse((struct text){r->ask.into, strlen(r->ask.into)}, req->arena, &r->into)) {
        flow_violation(req, "into", "must be " CASES_REF_FORMS);
        return flow_refuse(req, INVALID_ARGUMENT, "into must be " CASES_REF_FORMS);
    }
    next = case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_HANDLES,
                            look);
    if (next == FLOW_WAIT)
        cases_find(req, &r->into, who_sight(req), &r->other);
    return next;
}

static bool are_two_customers(const struct merging *r)
{
    const struct id *his = &r->change.after.customer, *others = &r->other.file.customer;

    return !uuid_is_none(his) && !uuid_is_none(others) && !uuid_is_same(his, others);
}

static enum flow look(struct request *req)
{
    struct merging *r = req->state;
    const struct customer_ref him = {.kind = CUSTOMER_REF_ID, .id = r->other.file.customer};

    if (!are_two_customers(r))
        return flow_go(req, decide);
    case_list_find_customers(req, &him, &r->family);
    return flow_wait(req, decide);
}

/* Two files of which one was merged into the other, or both into a third, are one customer's. */
static bool is_in_family(const struct merging *r)
{
    for (size_t i = 0; i < r->family.count; i++)
        if (uuid_is_same(&r->family.list[i], &r->change.after.customer))
            return true;
    return false;
}

/* Merged, it would end with less than it takes by itself (row 15). */
static const char *find_escape(const struct case_file *self, const struct case_file *other)
{
    if (self->kind == CASE_IS_COMPLAINT && other->kind != CASE_IS_COMPLAINT)
        return "is no complaint: a complaint goes on as one; merge that case into this";
    if (self->severity > other->severity)
        return "is less serious: merge that case into this, or set its severity first";
    if (!self->is_anonymous && other->is_anonymous)
        return "is anonymous, and nobody would be answered: merge that case into this";
    if (!uuid_is_none(&self->customer) && uuid_is_none(&other->customer))
        return "is of somebody who is no customer as far as known, and this customer would have no "
               "case any more: merge that case into this, or link it to him first";
    return NULL;
}

/* Why the other cannot take it; NULL: it can. */
static const char *find_obstacle(const struct request *req, const struct merging *r)
{
    const struct case_file *self = &r->change.after, *other = &r->other.file;

    if (!r->other.found)
        return "leads to no case";
    if (!r->other.is_seen)
        return "exists and is outside of what you may see";
    if (uuid_is_same(&self->id, &other->id))
        return "is the case itself";
    if (who_of(req)->is_staff && !conduct_permits(r->other.recusals, r->other.recusal_count,
                                                  &who_of(req)->staff, CONDUCT_HANDLES))
        return "is a case that you are recused from: another person does this";
    if (case_is_ended(other->state))
        return "is ended: name a case that is worked on";
    if (are_two_customers(r) && !is_in_family(r))
        return "is another customer's case";
    return find_escape(self, other);
}

/* The other is saved as it was: of two merges into each other the second begins again and finds the
 * first. */
static void put_other(struct request *req, const struct merging *r)
{
    const struct case_file *other = &r->other.file;

    cases_save(req, other);
    cases_add_entry(req,
                    &(struct cases_entry){
                        .case_id = other->id,
                        .at_us = req->now_us,
                        .act = "take_in",
                        .from = other->state,
                        .to = other->state,
                        .by = who_name(req),
                        .reason = r->ask.reason,
                        .detail = arena_print(req->arena, "%.*s", (int)r->change.after.number.bytes,
                                              r->change.after.number.at),
                    });
}

static enum flow decide(struct request *req)
{
    struct merging *r = req->state;
    const char *obstacle = find_obstacle(req, r);
    enum flow end;

    if (obstacle) {
        flow_violation(req, "into", "%s", obstacle);
        return flow_refuse(req, FAILED_PRECONDITION, "into %s", obstacle);
    }
    r->change.after.duplicate_of = r->other.file.id;
    if (!case_change_move(req, &r->change, CASE_MERGES, r->ask.reason, &end))
        return end;
    put_other(req, r);
    return case_change_commit(
        req, &r->change, r->ask.reason,
        arena_print(req->arena, "%.*s", (int)r->other.file.number.bytes, r->other.file.number.at));
}
