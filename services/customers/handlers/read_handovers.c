/*
 * kehu.customers.v1.ListHandovers and GetHandover: what was handed over, and how far its receivers
 * are. Names of customers are shown, so a page of them is audited.
 */
#include <stdio.h>
#include <string.h>

#include "common/audit.h"
#include "common/pure/uuid.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/handovers.h"

struct listing {
    struct codec_handover_question question;
    struct handovers found;
};

static enum flow answer_list(struct request *req);
static enum flow find_items(struct request *req);
static enum flow audit(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_list_handovers(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status = codec_get_list_handovers(req->payload, req->payload_bytes, req->arena,
                                                  &r->question, &fault);

    if (status != OK)
        return owners_refuse_question(req, status, &fault);
    const struct handover_list_question question = {
        .staff = r->question.staff,
        .only_open = r->question.only_open,
        .only_done = r->question.only_done,
        .has_after = r->question.has_after,
        .after = r->question.after,
        .limit = r->question.page_size + 1,
    };

    handover_list(req, &question, &r->found);
    return flow_wait(req, answer_list);
}

static enum flow answer_list(struct request *req)
{
    struct listing *r = req->state;
    char next[UUID_TEXT_BYTES] = "";

    if (r->found.count > r->question.page_size) {
        r->found.count = r->question.page_size;
        uuid_print(&r->found.list[r->found.count - 1].id, next);
    }
    return flow_reply(req, codec_handover_list(&r->found, next, req->arena));
}

struct getting {
    struct codec_handover_question question;
    struct handover handover;
    struct handover_receivers receivers;
    struct handover_items items;
    char next[UUID_TEXT_BYTES];
};

enum flow handle_get_handover(struct request *req)
{
    struct getting *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status =
        codec_get_get_handover(req->payload, req->payload_bytes, req->arena, &r->question, &fault);

    if (status != OK)
        return owners_refuse_question(req, status, &fault);
    handover_find(req, &r->question.id, &r->handover);
    handover_list_receivers(req, &r->question.id, &r->receivers);
    return flow_wait(req, find_items);
}

/* The receivers whose items may be shown; false: none. */
static bool choose(struct request *req, struct id *ids, size_t *count)
{
    const struct getting *r = req->state;
    bool sees_all = scope_of(req)->sees_all || handovers_acts_for(req, &r->handover.from);
    struct text wanted = r->question.receiver;

    *count = 0;
    for (size_t i = 0; i < r->receivers.count; i++) {
        const struct handover_receiver *receiver = &r->receivers.list[i];
        bool is_wanted =
            wanted.bytes == 0 || (receiver->code.bytes == wanted.bytes &&
                                  memcmp(receiver->code.at, wanted.at, wanted.bytes) == 0);

        if (is_wanted && (sees_all || handovers_acts_for(req, &receiver->staff)))
            ids[(*count)++] = receiver->staff;
    }
    return *count > 0;
}

static enum flow find_items(struct request *req)
{
    struct getting *r = req->state;
    struct id *ids = arena_take_array(req->arena, r->receivers.count, sizeof(*ids));
    struct handover_item_question question = {
        .handover = r->question.id,
        .receivers = ids,
        .state = r->question.state,
        .after = r->question.after,
        .limit = r->question.page_size + 1,
        .with_names = true,
    };

    if (!ids)
        return flow_refuse_large(req);
    if (!r->handover.found)
        return flow_refuse(req, NOT_FOUND, "no handover has this id");
    if (!choose(req, ids, &question.receiver_count)) {
        if (r->receivers.count > 0 && r->question.receiver.bytes == 0)
            return flow_refuse(req, PERMISSION_DENIED,
                               "this handover is of others: neither yours nor your team's");
        return flow_go(req, answer);
    }
    handover_list_items(req, &question, &r->items);
    return flow_wait(req, audit);
}

static enum flow audit(struct request *req)
{
    struct getting *r = req->state;
    char id[UUID_TEXT_BYTES], detail[40];

    if (r->items.count > r->question.page_size) {
        r->items.count = r->question.page_size;
        uuid_print(&r->items.list[r->items.count - 1].customer, r->next);
    }
    if (r->items.count == 0)
        return flow_go(req, answer);
    uuid_print(&r->question.id, id);
    snprintf(detail, sizeof(detail), "%zu names", r->items.count);
    audit_add(req, "read handover", id, detail);
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    struct getting *r = req->state;

    return flow_reply(
        req, codec_handover_page(&r->handover, &r->receivers, &r->items, r->next, req->arena));
}
