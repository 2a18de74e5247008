/*
 * kehu.customers.v1.ProposeGiveUp and DecideGiveUp: a dealer is given up with a reason, and another
 * person decides (R39).
 */
#include "common/audit.h"
#include "common/pure/uuid.h"
#include "services/customers/handlers/dealers.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"

#include <string.h>

static struct text text_of(const char *terminated)
{
    return (struct text){terminated, strlen(terminated)};
}

static bool is_waiting(const struct dealing *r)
{
    return r->give_up.customer_number != 0 && r->give_up.decided_at_us == 0;
}

static enum flow commit(struct request *req, const struct id *give_up, const char *state,
                        struct text reason)
{
    struct dealing *r = req->state;
    char id[UUID_TEXT_BYTES];

    uuid_print(&r->customer.id, id);
    audit_add(req, "give up dealer", id, state);
    if (!file_change_tell(
            req, &r->customer.id,
            codec_give_up_decided(&r->customer.id, give_up, state, reason, req->arena)))
        return flow_reply(req, NULL);
    return command_commit(
        req, codec_dealer_reply(&r->customer.id, r->dealer.version, give_up, req->arena));
}

static enum flow propose(struct request *req)
{
    struct dealing *r = req->state;
    struct dealer_give_up give_up = {
        .id = request_new_id(req),
        .customer = r->customer.id,
        .has_successor = r->ask.has_successor,
        .successor = r->successor.id,
        .reason = text_of(r->ask.reason),
        .explanation = r->ask.explanation,
        .proposed_by = text_of(file_change_by(req)),
    };

    if (r->dealer.is_given_up)
        return flow_refuse(req, FAILED_PRECONDITION, "the dealer was given up already");
    if (is_waiting(r))
        return flow_refuse(req, ALREADY_EXISTS,
                           "%.*s proposed so already, and it waits to be decided",
                           (int)r->give_up.proposed_by.bytes, r->give_up.proposed_by.at);
    if (give_up.has_successor &&
        memcmp(&give_up.successor, &give_up.customer, sizeof(struct id)) == 0) {
        flow_violation(req, "successor_ref", "is the dealer himself");
        return flow_refuse(req, FAILED_PRECONDITION, "nobody succeeds himself");
    }
    dealer_add_give_up(req, &give_up);
    return commit(req, &give_up.id, "proposed", give_up.reason);
}

enum flow handle_propose_give_up(struct request *req)
{
    struct dealing *r = dealers_state(req, propose, false);
    struct codec_file_faults faults = {.count = 0};

    return dealers_begin(req,
                         codec_get_propose_give_up(req->payload, req->payload_bytes,
                                                   people_today(req), req->arena, &r->ask, &faults),
                         &faults);
}

static enum flow decide(struct request *req)
{
    struct dealing *r = req->state;
    const char *why;

    if (!is_waiting(r))
        return flow_refuse(req, FAILED_PRECONDITION,
                           "nobody proposed to give the dealer up: there is nothing to decide");
    why = dealer_check_decision(r->ask.decision, r->give_up.proposed_by,
                                text_of(file_change_by(req)), r->ask.note.bytes > 0);
    if (why) {
        flow_violation(req, "decision", "%s", why);
        return flow_refuse(req, FAILED_PRECONDITION, "the decision %s", why);
    }
    if (strcmp(r->ask.decision, "withdrawn") != 0 && !scope_may(req, ACT_ASSIGN))
        return flow_refuse(req, PERMISSION_DENIED,
                           "a manager approves or rejects that a dealer is given up");
    dealer_decide_give_up(req, &r->give_up, r->ask.decision, r->ask.note, file_change_by(req));
    if (strcmp(r->ask.decision, "approved") == 0) {
        struct dealer after = r->dealer;

        after.is_given_up = true;
        after.given_up_on = people_today(req);
        dealer_save(req, &r->customer.id, &after);
        r->dealer.version++;
    }
    return commit(req, &r->give_up.id, r->ask.decision, r->give_up.reason);
}

enum flow handle_decide_give_up(struct request *req)
{
    struct dealing *r = dealers_state(req, decide, false);
    struct codec_file_faults faults = {.count = 0};

    return dealers_begin(req,
                         codec_get_decide_give_up(req->payload, req->payload_bytes,
                                                  people_today(req), req->arena, &r->ask, &faults),
                         &faults);
}
