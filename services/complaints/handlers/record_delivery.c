/*
 * kehu.complaints.v1.RecordDelivery: what became of a message to the complainant, as who sent it
 * knows.
 *
 *   decode  → the receipt, the case, the rules, the message
 *   decide  → how it stands; words, an answer that reached him; one commit
 */
#include "services/complaints/handlers/case_heard.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"

struct recording {
    struct case_change change; /* first */
    struct codec_delivery ask;
    struct case_message_found message;
};

static enum flow decide(struct request *req);

enum flow handle_record_delivery(struct request *req)
{
    struct recording *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status = codec_get_record_delivery(req->payload, req->payload_bytes, req->now_us,
                                                   req->arena, &r->ask, &faults);
    enum flow next;

    if (status)
        return refusal_of_faults(req, status, &faults);
    r->change.admits_forgotten = true;
    next = case_change_find(req, &r->change, r->ask.ref, 0, CONDUCT_CALLS, decide);
    if (next == FLOW_WAIT)
        case_message_find(req, &r->change.question, &r->ask.message, &r->message);
    return next;
}

static enum flow decide(struct request *req)
{
    struct recording *r = req->state;
    const char *why = case_heard_check(&r->message, r->ask.at_us);

    if (why) {
        flow_violation(req, r->message.found ? "at" : "message_id", "%s", why);
        return flow_refuse(req, r->message.found ? INVALID_ARGUMENT : NOT_FOUND, "the message %s",
                           why);
    }
    if (!case_heard_delivery(req, &r->change, &r->message.message, r->ask.outcome, r->ask.at_us))
        return flow_refuse_large(req);
    return case_change_commit(req, &r->change, TEXT_OF(""), delivery_name(r->ask.outcome));
}
