/*
 * kehu.customers.v1.GetBriefing: what somebody should know who takes over customers: of one, or of
 * a handover page by page. It shows what people wrote down, so each reading is audited.
 */
#include <stdio.h>
#include <string.h>

#include "common/audit.h"
#include "common/pure/uuid.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/handovers.h"
#include "services/customers/store/briefing.h"
#include "services/customers/store/customer.h"

struct informing {
    struct handover_command asked; /* first: handovers_find_receiver takes the state for it */
    struct found_customer customer;
    struct scope_sight sight;
    struct briefings briefings;
    char next[UUID_TEXT_BYTES];
};

static enum flow look_at_customer(struct request *req);
static enum flow find_one(struct request *req);
static enum flow find_items(struct request *req);
static enum flow find_many(struct request *req);
static enum flow find_notes(struct request *req);
static enum flow audit(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_get_briefing(struct request *req)
{
    struct informing *r = request_state(req, sizeof(*r));
    const struct codec_handover_question *question = &r->asked.question;
    struct codec_ask_fault fault;
    enum status status = codec_get_get_briefing(req->payload, req->payload_bytes, req->arena,
                                                &r->asked.question, &fault);

    if (status != OK)
        return owners_refuse_question(req, status, &fault);
    if (question->has_customer) {
        customer_find(req, &question->customer, &r->customer);
        return flow_wait(req, look_at_customer);
    }
    handover_find(req, &question->id, &r->asked.handover);
    handover_list_receivers(req, &question->id, &r->asked.receivers);
    return flow_wait(req, find_items);
}

/* --- of one customer --- */

static enum flow look_at_customer(struct request *req)
{
    struct informing *r = req->state;

    if (!r->customer.found)
        return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    scope_look(req, &r->customer.file.id, &r->sight);
    return flow_wait(req, find_one);
}

static enum flow find_one(struct request *req)
{
    struct informing *r = req->state;
    enum flow end;

    if (!scope_admits(req, &r->sight, &end))
        return end;
    briefing_list(req, &r->customer.file.id, 1, owners_today(req), &r->briefings);
    return flow_wait(req, find_notes);
}

/* --- of a handover --- */

static enum flow find_items(struct request *req)
{
    struct informing *r = req->state;
    struct id receiver;
    struct handover_item_question question = {
        .handover = r->asked.question.id,
        .receivers = &receiver,
        .after = r->asked.question.after,
        .limit = r->asked.question.page_size + 1,
    };
    enum flow end;

    if (!r->asked.handover.found)
        return flow_refuse(req, NOT_FOUND, "no handover has this id");
    if (!handovers_find_receiver(req, &receiver, &question.receiver_count, &end))
        return end;
    handover_list_items(req, &question, &r->asked.items);
    return flow_wait(req, find_many);
}

static enum flow find_many(struct request *req)
{
    struct informing *r = req->state;
    struct handover_items *items = &r->asked.items;
    struct id *customers = arena_take_array(req->arena, items->count, sizeof(*customers));

    if (!customers)
        return flow_refuse_large(req);
    if (items->count > r->asked.question.page_size) {
        items->count = r->asked.question.page_size;
        uuid_print(&items->list[items->count - 1].customer, r->next);
    }
    for (size_t i = 0; i < items->count; i++)
        customers[i] = items->list[i].customer;
    briefing_list(req, customers, items->count, owners_today(req), &r->briefings);
    return flow_wait(req, find_notes);
}

/* --- both --- */

static enum flow find_notes(struct request *req)
{
    struct informing *r = req->state;

    if (r->briefings.count == 0)
        return flow_go(req, answer);
    briefing_list_notes(req, &r->briefings);
    return flow_wait(req, audit);
}

static struct text keep(struct request *req, const char *sentence)
{
    const char *copy = arena_copy_text(req->arena, sentence, strlen(sentence));

    return copy ? (struct text){copy, strlen(copy)} : (struct text){"", 0};
}

/* False: no memory. */
static bool add_risks(struct request *req, struct briefing *briefing)
{
    int32_t today = owners_today(req);
    enum briefing_risk risks[BRIEFING_RISKS];
    size_t count = briefing_risks(briefing, today, risks);

    briefing->risks.list = arena_take_array(req->arena, count, sizeof(struct briefing_note));
    for (size_t i = 0; briefing->risks.list && i < count; i++) {
        char english[BRIEFING_TEXT_BYTES], chinese[BRIEFING_TEXT_BYTES];

        briefing_risk_text(briefing, risks[i], today, english, chinese);
        briefing->risks.list[i] = (struct briefing_note){
            .kind = briefing_risk_kind(risks[i]),
            .day = FILE_NO_DAY,
            .text = keep(req, english),
            .chinese = keep(req, chinese),
        };
    }
    briefing->risks.count = briefing->risks.list ? count : 0;
    return !arena_is_full(req->arena);
}

static enum flow audit(struct request *req)
{
    struct informing *r = req->state;
    char id[UUID_TEXT_BYTES], detail[40];

    for (size_t i = 0; i < r->briefings.count; i++)
        if (!add_risks(req, &r->briefings.list[i]))
            return flow_refuse_large(req);
    uuid_print(r->asked.question.has_customer ? &r->customer.file.id : &r->asked.question.id, id);
    snprintf(detail, sizeof(detail), "%zu customers", r->briefings.count);
    audit_add(req, "read briefing", id, detail);
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    struct informing *r = req->state;

    return flow_reply(req, codec_briefing_list(&r->briefings, r->next, req->arena));
}
