/*
 * kehu.customers.v1.GetOwners: who looks after a customer, or did at a moment, or ever.
 */
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/owner_command.h"

static enum flow look(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_get_owners(struct request *req)
{
    struct owner_command *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status =
        codec_get_get_owners(req->payload, req->payload_bytes, req->arena, &r->question, &fault);

    if (status != OK)
        return owners_refuse_question(req, status, &fault);
    customer_find(req, &r->question.customer, &r->customer);
    return flow_wait(req, look);
}

static enum flow look(struct request *req)
{
    struct owner_command *r = req->state;
    const struct id *customer = &r->customer.file.id;
    int64_t at_us = r->question.at_us ? r->question.at_us : req->now_us;

    if (!r->customer.found)
        return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    scope_look(req, customer, &r->sight);
    owner_list_standings(req, customer, 1, owners_today(req), &r->standings);
    owner_list_intervals(req, customer, r->question.wants_history ? 0 : at_us, owners_today(req),
                         &r->present);
    return flow_wait(req, answer);
}

static enum flow answer(struct request *req)
{
    struct owner_command *r = req->state;
    const struct codec_owners owners = {
        .customer = r->customer.file.id,
        .number = r->customer.file.number,
        .state = r->standings.count > 0 ? r->standings.list[0].state : OWNER_STATE_IS_NONE,
        .intervals = &r->present,
    };
    enum flow end;

    if (!scope_admits(req, &r->sight, &end))
        return end;
    return flow_reply(req, codec_owners(&owners, req->arena));
}
