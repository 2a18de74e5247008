/*
 * kehu.customers.v1.AssignOwner and EndOwnership: a person says who looks after a customer from now
 * on, or that nobody does.
 */
#include <string.h>

#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/owner_command.h"

static enum flow decide_assignment(struct request *req);
static enum flow decide_end(struct request *req);

enum flow handle_assign_owner(struct request *req)
{
    struct owner_command *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status =
        codec_get_assign_owner(req->payload, req->payload_bytes, req->arena, &r->question, &fault);

    if (status != OK)
        return owners_refuse_question(req, status, &fault);
    return owner_command_ask(req, decide_assignment);
}

static enum flow refuse_start(struct request *req, enum owner_start start)
{
    switch (start) {
    case OWNER_STARTS_IN_FUTURE:
        flow_violation(req, "from", "must not be in the future: assign him then");
        break;
    case OWNER_STARTS_TOO_EARLY:
        flow_violation(req, "from", "must be within the last 10 years");
        break;
    default:
        flow_violation(req, "from",
                       "overlaps the time of another owner: it may lie back only to "
                       "where nobody was the owner since");
    }
    return flow_refuse(req, FAILED_PRECONDITION, "the ownership cannot begin then");
}

static bool is_owner_now(const struct owner_standing *standing, const struct owner_person *person)
{
    return standing->has_owner && memcmp(&standing->owner, &person->id, sizeof(struct id)) == 0;
}

static enum flow decide_assignment(struct request *req)
{
    struct owner_command *r = req->state;
    const struct owner_standing *standing = owner_command_standing(r);
    struct owner_person *person = owner_find_code(&r->people, r->question.staff);
    int64_t from_us = r->question.at_us ? r->question.at_us : req->now_us;
    enum owner_start start = owner_check_start(standing, from_us, req->now_us);
    enum flow end;

    if (!owners_check_taker(req, "staff", person, &end))
        return end;
    if (!owner_is_wanted(standing))
        return flow_refuse(req, FAILED_PRECONDITION,
                           "this party is no customer or channel: nobody looks after it");
    if (standing->state == OWNER_STATE_IS_POOL)
        return flow_refuse(req, FAILED_PRECONDITION,
                           "the customer is in the public pool: pick him from there");
    if (is_owner_now(standing, person)) {
        flow_violation(req, "staff", "is the owner already");
        return flow_refuse(req, FAILED_PRECONDITION, "the customer has this owner");
    }
    if (start != OWNER_STARTS_WELL)
        return refuse_start(req, start);
    const struct owners_change change = {
        .standing = standing,
        .to = person,
        .state = OWNER_STATE_IS_OWNED,
        .from_us = from_us,
        .by = file_change_by(req),
        .reason = "manual",
        .note = r->question.note,
    };
    struct owner_interval owner = owner_command_interval(req, person, OWNER_ROLE_IS_OWNER, from_us);
    const struct owner_intervals owners = {&owner, 1};

    if (!owners_change(req, &change))
        return flow_reply(req, NULL);
    return owner_command_commit(req, OWNER_STATE_IS_OWNED, &owners);
}

enum flow handle_end_ownership(struct request *req)
{
    struct owner_command *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status =
        codec_get_end_ownership(req->payload, req->payload_bytes, req->arena, &r->question, &fault);

    if (status != OK)
        return owners_refuse_question(req, status, &fault);
    return owner_command_ask(req, decide_end);
}

static enum flow decide_end(struct request *req)
{
    struct owner_command *r = req->state;
    const struct owner_standing *standing = owner_command_standing(r);
    const struct owner_intervals nobody = {NULL, 0};
    const struct owners_change change = {
        .standing = standing,
        .state = OWNER_STATE_IS_UNASSIGNED,
        .by = file_change_by(req),
        .reason = "manual",
    };

    if (!standing->has_owner)
        return flow_refuse(req, FAILED_PRECONDITION, "nobody is the owner of this customer");
    if (!owners_change(req, &change))
        return flow_reply(req, NULL);
    return owner_command_commit(req, OWNER_STATE_IS_UNASSIGNED, &nobody);
}
