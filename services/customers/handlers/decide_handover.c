/*
 * kehu.customers.v1.DecideHandover: the manager decides on objections: a customer stays with its
 * receiver, or somebody else gets it in the same commit.
 */
#include <string.h>

#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/handovers.h"

struct deciding {
    struct handover_command asked; /* first: handovers_ask takes the state for it */
    struct owner_standings standings;
};

static enum flow find_items(struct request *req);
static enum flow find_standings(struct request *req);
static enum flow decide(struct request *req);

enum flow handle_decide_handover(struct request *req)
{
    struct deciding *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status = codec_get_decide_handover(req->payload, req->payload_bytes, req->arena,
                                                   &r->asked.question, &fault);

    if (status != OK)
        return owners_refuse_question(req, status, &fault);
    return handovers_ask(req, r->asked.question.to, find_items);
}

static enum flow find_items(struct request *req)
{
    struct deciding *r = req->state;
    const struct handover_item_question question = {
        .handover = r->asked.handover.id,
        .customers = r->asked.customers,
        .customer_count = r->asked.question.ref_count,
        .state =
            r->asked.question.ref_count > 0 ? HANDOVER_ITEM_IS_NONE : HANDOVER_ITEM_IS_OBJECTED,
    };

    handover_list_items(req, &question, &r->asked.items);
    return flow_wait(req, find_standings);
}

static bool check_item(struct request *req, const struct handover_item *item, enum flow *end)
{
    const struct scope *scope = scope_of(req);
    char number[CUSTOMER_REF_NUMBER_BYTES];

    customer_ref_print_number(item->number, number);
    if (item->state != HANDOVER_ITEM_IS_OBJECTED) {
        flow_violation(req, "refs", "%s is %s: nobody objects to it", number,
                       handover_item_state_name(item->state));
        *end = flow_refuse(req, FAILED_PRECONDITION, "there is nothing to decide");
        return false;
    }
    if (!handovers_acts_for(req, &item->receiver)) {
        *end = flow_refuse(req, PERMISSION_DENIED, "%s: only a manager of %.*s decides", number,
                           (int)item->receiver_code.bytes, item->receiver_code.at);
        return false;
    }
    if (scope->is_staff && memcmp(&scope->staff, &item->receiver, sizeof(struct id)) == 0) {
        *end = flow_refuse(req, PERMISSION_DENIED,
                           "%s: who objects does not decide on his objection", number);
        return false;
    }
    return true;
}

static bool check_taker(struct request *req, enum flow *end)
{
    const struct deciding *r = req->state;
    struct text to = r->asked.question.to;
    const struct owner_person *person = owner_find_code(&r->asked.people, to);

    if (to.bytes == 0)
        return true;
    if (!owners_check_taker(req, "to", person, end))
        return false;
    for (size_t i = 0; i < r->asked.items.count; i++) {
        if (memcmp(&r->asked.items.list[i].receiver, &person->id, sizeof(struct id)) != 0)
            continue;
        flow_violation(req, "to", "is the receiver: leave it empty where it stays with him");
        *end = flow_refuse(req, FAILED_PRECONDITION, "the receiver has it already");
        return false;
    }
    return true;
}

static enum flow find_standings(struct request *req)
{
    struct deciding *r = req->state;
    const struct handover_items *items = &r->asked.items;
    struct id *customers = arena_take_array(req->arena, items->count, sizeof(*customers));
    enum flow end;

    if (!customers)
        return flow_refuse_large(req);
    if (items->count == 0 && r->asked.question.ref_count == 0)
        return flow_refuse(req, FAILED_PRECONDITION, "nobody objects to anything of this handover");
    if (!handovers_check_all_found(req, &end) || !check_taker(req, &end))
        return end;
    for (size_t i = 0; i < items->count; i++) {
        if (!check_item(req, &items->list[i], &end))
            return end;
        customers[i] = items->list[i].customer;
    }
    if (r->asked.question.to.bytes > 0)
        owner_list_standings(req, customers, items->count, owners_today(req), &r->standings);
    return flow_wait(req, decide);
}

static bool give_all(struct request *req)
{
    struct deciding *r = req->state;

    for (size_t i = 0; i < r->standings.count; i++) {
        const struct owners_change change = {
            .standing = &r->standings.list[i],
            .to = owner_find_code(&r->asked.people, r->asked.question.to),
            .state = OWNER_STATE_IS_OWNED,
            .from_us = req->now_us,
            .by = file_change_by(req),
            .reason = "decision",
            .note = r->asked.question.note,
            .handover = &r->asked.handover.id,
            .keeps_items = true, /* they are decided here */
        };

        if (!owners_change(req, &change))
            return false;
    }
    return true;
}

static enum flow decide(struct request *req)
{
    struct deciding *r = req->state;
    bool is_kept = r->asked.question.to.bytes == 0;
    const struct owner_person *to = owner_find_code(&r->asked.people, r->asked.question.to);

    for (size_t i = 0; i < r->asked.items.count; i++) {
        const struct handover_item *item = &r->asked.items.list[i];

        handovers_move(req, item, is_kept ? HANDOVER_KEEPS : HANDOVER_GIVES, r->asked.question.note,
                       file_change_by(req));
        if (!owners_tell(req, &item->customer,
                         codec_handover_decided(&r->asked.handover.id, &item->customer,
                                                is_kept ? &item->receiver : &to->id, is_kept,
                                                req->arena)))
            return flow_refuse_large(req);
    }
    if (!give_all(req))
        return flow_refuse_large(req);
    return handovers_commit(req, "decide handover");
}
