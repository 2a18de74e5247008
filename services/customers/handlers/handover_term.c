/*
 * The receiver's term is over (5 working days): what he did not answer is taken as accepted. Of
 * very many in sets: the timer rings again until nothing is left.
 */
#include <string.h>

#include "common/timer.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/handovers.h"

#define CHUNK 2000

struct expiring {
    struct id handover, receiver;
    struct handover_items items;
};

static enum flow accept_pending(struct request *req);

enum flow handover_term_ring(struct request *req)
{
    struct expiring *r = request_state(req, sizeof(*r));
    const struct timer *timer = timer_of(req);

    if (timer->data_bytes != sizeof(struct id))
        return flow_refuse(req, INTERNAL, "the timer of a handover does not name the receiver");
    r->handover = timer->subject;
    memcpy(&r->receiver, timer->data, sizeof(r->receiver));
    const struct handover_item_question question = {
        .handover = r->handover,
        .receivers = &r->receiver,
        .receiver_count = 1,
        .state = HANDOVER_ITEM_IS_PENDING,
        .limit = CHUNK,
    };

    handover_list_items(req, &question, &r->items);
    return flow_wait(req, accept_pending);
}

static enum flow accept_pending(struct request *req)
{
    struct expiring *r = req->state;
    const struct timer *timer = timer_of(req);

    for (size_t i = 0; i < r->items.count; i++) {
        const struct handover_item *item = &r->items.list[i];
        const struct handover_answer answer = {
            .handover = r->handover,
            .customer = item->customer,
            .from = item->state,
            .to = handover_next(item->state, HANDOVER_EXPIRES),
            .objection = {"", 0},
            .decision = {"", 0},
            .decided_by = "",
        };

        handover_save_item(req, &answer);
        if (!owners_tell(req, &item->customer,
                         codec_handover_acknowledged(&r->handover, item, true, req->arena)))
            return flow_refuse_large(req);
    }
    if (r->items.count < CHUNK)
        timer_settle(req, timer);
    else
        timer_arm(req, timer->key, &timer->subject, timer->due_at_us, timer->data,
                  timer->data_bytes);
    return flow_commit(req, flow_end);
}
