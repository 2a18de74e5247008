/*
 * kehu.customers.v1.AcknowledgeHandover and ObjectHandover: what a receiver says to the customers
 * he got. Whoever objects stays the owner until the manager has decided.
 */
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/handovers.h"

static enum flow find_acknowledged(struct request *req);
static enum flow acknowledge(struct request *req);
static enum flow find_objected(struct request *req);
static enum flow object(struct request *req);

enum flow handle_acknowledge_handover(struct request *req)
{
    struct handover_command *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status = codec_get_acknowledge_handover(req->payload, req->payload_bytes,
                                                        req->arena, &r->question, &fault);

    if (status != OK)
        return owners_refuse_question(req, status, &fault);
    return handovers_ask(req, (struct text){"", 0}, find_acknowledged);
}

/* The items of the receiver; without customers named those that are pending. */
static enum flow find_items(struct request *req, flow_step next)
{
    struct handover_command *r = req->state;
    struct id receiver;
    struct handover_item_question question = {
        .handover = r->handover.id,
        .receivers = &receiver,
        .customers = r->customers,
        .customer_count = r->question.ref_count,
        .state = r->question.ref_count > 0 ? HANDOVER_ITEM_IS_NONE : HANDOVER_ITEM_IS_PENDING,
    };
    enum flow end;

    if (!handovers_find_receiver(req, &receiver, &question.receiver_count, &end))
        return end;
    handover_list_items(req, &question, &r->items);
    return flow_wait(req, next);
}

static enum flow find_acknowledged(struct request *req)
{
    return find_items(req, acknowledge);
}

/* Moves them all; *end refuses the first that cannot be moved. */
static bool move_all(struct request *req, enum handover_act act, struct text note, enum flow *end)
{
    struct handover_command *r = req->state;

    if (!handovers_check_all_found(req, end))
        return false;
    for (size_t i = 0; i < r->items.count; i++) {
        const struct handover_item *item = &r->items.list[i];
        char number[CUSTOMER_REF_NUMBER_BYTES];

        if (handovers_move(req, item, act, note, ""))
            continue;
        customer_ref_print_number(item->number, number);
        flow_violation(req, "refs", "%s is %s already", number,
                       handover_item_state_name(item->state));
        *end = flow_refuse(req, FAILED_PRECONDITION, "the answer comes too late");
        return false;
    }
    return true;
}

static enum flow acknowledge(struct request *req)
{
    struct handover_command *r = req->state;
    enum flow end;

    if (r->items.count == 0 && r->question.ref_count == 0)
        return flow_refuse(req, FAILED_PRECONDITION, "nothing waits for this receiver");
    if (!move_all(req, HANDOVER_ACKNOWLEDGES, (struct text){"", 0}, &end))
        return end;
    for (size_t i = 0; i < r->items.count; i++)
        if (!owners_tell(
                req, &r->items.list[i].customer,
                codec_handover_acknowledged(&r->handover.id, &r->items.list[i], false, req->arena)))
            return flow_refuse_large(req);
    return handovers_commit(req, "acknowledge handover");
}

enum flow handle_object_handover(struct request *req)
{
    struct handover_command *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status = codec_get_object_handover(req->payload, req->payload_bytes, req->arena,
                                                   &r->question, &fault);

    if (status != OK)
        return owners_refuse_question(req, status, &fault);
    return handovers_ask(req, (struct text){"", 0}, find_objected);
}

static enum flow find_objected(struct request *req)
{
    return find_items(req, object);
}

static enum flow object(struct request *req)
{
    struct handover_command *r = req->state;
    enum flow end;

    if (!move_all(req, HANDOVER_OBJECTS, r->question.note, &end))
        return end;
    for (size_t i = 0; i < r->items.count; i++)
        if (!owners_tell(req, &r->items.list[i].customer,
                         codec_handover_objected(&r->handover, &r->items.list[i], req->arena)))
            return flow_refuse_large(req);
    return handovers_commit(req, "object to handover");
}
