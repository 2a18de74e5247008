#include "services/customers/handlers/handovers.h"

#include <stdio.h>
#include "common/audit.h"
#include "common/pure/text.h"
#include "common/pure/uuid.h"

bool handovers_acts_for(const struct request *req, const struct id *staff)
{
    const struct scope *scope = scope_of(req);

    if (!scope->is_staff)
        return true;
    for (size_t i = 0; i < scope->owner_count; i++)
        if (uuid_is_same(&scope->owners[i], staff))
            return true;
    return false;
}

/* --- gathering --- */

static enum flow check(struct request *req);

enum flow handovers_ask(struct request *req, struct text staff, flow_step gathered)
{
    struct handover_command *r = req->state;
    const struct codec_handover_question *question = &r->question;
    const struct owner_names names = {.codes = &staff, .code_count = staff.bytes > 0};

    r->gathered = gathered;
    r->customers = arena_take_array(req->arena, question->ref_count, sizeof(*r->customers));
    if (!r->customers)
        return flow_refuse_large(req);
    command_find(req, &r->seen);
    handover_find(req, &question->id, &r->handover);
    handover_list_receivers(req, &question->id, &r->receivers);
    owner_list_people(req, &names, owners_today(req), &r->people);
    if (question->ref_count > 0)
        owner_list_refs(req, question->refs, question->ref_count, r->customers);
    return flow_wait(req, check);
}

static enum flow check(struct request *req)
{
    struct handover_command *r = req->state;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!r->handover.found)
        return flow_refuse(req, NOT_FOUND, "no handover has this id");
    for (size_t i = 0; i < r->question.ref_count; i++) {
        if (!uuid_is_none(&r->customers[i]))
            continue;
        const char *field = arena_print(req->arena, "refs[%zu]", i);

        flow_violation(req, field ? field : "refs", "leads to no customer");
        return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    }
    return flow_go(req, r->gathered);
}

static const struct handover_receiver *find_receiver(const struct handover_receivers *receivers,
                                                     struct text code)
{
    for (size_t i = 0; i < receivers->count; i++)
        if (text_compare(receivers->list[i].code, code) == 0)
            return &receivers->list[i];
    return NULL;
}

bool handovers_find_receiver(struct request *req, struct id *one, size_t *count, enum flow *end)
{
    const struct handover_command *r = req->state;
    const struct scope *scope = scope_of(req);
    struct text code = r->question.receiver;

    *count = 0;
    if (code.bytes == 0 && !scope->is_staff)
        return true;
    if (code.bytes == 0)
        code = codec_ask_text(scope->code);
    const struct handover_receiver *receiver = find_receiver(&r->receivers, code);

    if (!receiver) {
        flow_violation(req, "receiver", "got no customer by this handover");
        *end = flow_refuse(req, FAILED_PRECONDITION, "only a receiver answers a handover");
        return false;
    }
    if (!handovers_acts_for(req, &receiver->staff)) {
        *end = flow_refuse(req, PERMISSION_DENIED,
                           "only the receiver, his deputy or his manager answers for him");
        return false;
    }
    *one = receiver->staff;
    *count = 1;
    return true;
}

static bool is_found(const struct handover_items *items, const struct id *customer)
{
    for (size_t i = 0; i < items->count; i++)
        if (uuid_is_same(&items->list[i].customer, customer))
            return true;
    return false;
}

bool handovers_check_all_found(struct request *req, enum flow *end)
{
    const struct handover_command *r = req->state;

    for (size_t i = 0; i < r->question.ref_count; i++) {
        if (is_found(&r->items, &r->customers[i]))
            continue;
        const char *field = arena_print(req->arena, "refs[%zu]", i);

        flow_violation(req, field ? field : "refs",
                       "was not handed over to this receiver by this handover");
        *end = flow_refuse(req, FAILED_PRECONDITION, "a customer is no part of it");
        return false;
    }
    return true;
}

/* --- writing --- */

bool handovers_move(struct request *req, const struct handover_item *item, enum handover_act act,
                    struct text note, const char *decided_by)
{
    struct handover_command *r = req->state;
    enum handover_item_state next = handover_next(item->state, act);
    bool is_objection = act == HANDOVER_OBJECTS;
    const struct handover_answer answer = {
        .handover = r->handover.id,
        .customer = item->customer,
        .from = item->state,
        .to = next,
        .objection = is_objection ? note : (struct text){"", 0},
        .decision = is_objection ? (struct text){"", 0} : note,
        .decided_by = decided_by,
    };

    if (next == HANDOVER_ITEM_IS_NONE)
        return false;
    handover_save_item(req, &answer);
    r->handover.counts[item->state]--;
    r->handover.counts[next]++;
    for (size_t i = 0; i < r->receivers.count; i++)
        if (item->state == HANDOVER_ITEM_IS_PENDING &&
            uuid_is_same(&r->receivers.list[i].staff, &item->receiver))
            r->receivers.list[i].pending--;
    return true;
}

enum flow handovers_answer(struct request *req, const struct handover *handover,
                           const struct handover_receivers *receivers)
{
    struct handover kept = *handover;

    kept.note = TEXT_OF("");
    return command_commit_private(req, codec_handover(handover, receivers, req->arena),
                                  codec_handover(&kept, receivers, req->arena));
}

enum flow handovers_commit(struct request *req, const char *act)
{
    const struct handover_command *r = req->state;
    char id[UUID_TEXT_BYTES], detail[40];

    uuid_print(&r->handover.id, id);
    snprintf(detail, sizeof(detail), "%zu customers", r->items.count);
    audit_add(req, act, id, detail);
    return handovers_answer(req, &r->handover, &r->receivers);
}
