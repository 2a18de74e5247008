/* Many replies and deliveries in one unit: those of one case share its change, in their order. */
#include "common/pure/uuid.h"
#include "services/complaints/handlers/case_heard.h"

#define HISTORY_US (7 * DAY_US)

bool case_heard_of(struct request *req, struct text ref, int64_t at_us, struct case_heard *heard)
{
    heard->is_historic = at_us < req->now_us - HISTORY_US;
    heard->change = arena_take(req->arena, sizeof(*heard->change));
    if (heard->change && cases_ref_parse(ref, req->arena, &heard->change->question))
        return true;
    heard->field = "case_ref";
    heard->why = "must be " CASES_REF_FORMS;
    return false;
}

static void ask_one(struct request *req, struct case_heard *heard)
{
    heard->change->weighs = !heard->is_delivery;
    case_change_ask(req, heard->change, NULL);
    if (heard->is_delivery)
        case_message_find(req, &heard->change->question, &heard->delivery.message, &heard->message);
}

void case_heard_ask(struct request *req, struct case_heard *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!list[i].why)
            ask_one(req, &list[i]);
}

bool case_heard_follow(struct request *req, struct case_heard *list, size_t count)
{
    bool has_asked = false;

    for (size_t i = 0; i < count; i++) {
        struct case_heard *heard = &list[i];
        struct case_change *next;

        if (heard->why || heard->is_delivery || !heard->change->found.found ||
            case_heard_judge(req, heard->change, heard->words.at_us) != JOINING_FOLLOWS)
            continue;
        next = arena_take(req->arena, sizeof(*next));
        if (!next)
            continue; /* a full arena is refused at the commit */
        next->question = (struct cases_question){.kind = CASES_REF_ID,
                                                 .id = heard->change->found.file.duplicate_of};
        heard->change = next;
        ask_one(req, heard);
        has_asked = true;
    }
    return has_asked;
}

/* By the case as it was found: what an earlier one of the list reopens, the later ones join. */
bool case_heard_recurs(const struct request *req, const struct case_heard *heard)
{
    return !heard->is_delivery && !heard->is_historic && heard->change->found.found &&
           case_heard_judge(req, heard->change, heard->words.at_us) == JOINING_RECURS;
}

/* The change of the case, begun: that of an earlier one of the list where it is the same case.
 * NULL: no memory. */
static struct case_change *begin(struct request *req, struct case_heard *list, size_t at)
{
    struct case_change *own = list[at].change;

    for (size_t i = 0; i < at; i++)
        if (!list[i].why && uuid_is_same(&list[i].change->found.file.id, &own->found.file.id))
            return list[i].change;
    return case_change_begin(req, own) ? own : NULL;
}

/* The message as an earlier one of the list left it is not read again: the last word counts. */
static void learn_earlier(struct case_heard *list, size_t at)
{
    struct case_heard *own = &list[at];

    for (size_t i = 0; i < at; i++)
        if (list[i].is_delivery && !list[i].why &&
            uuid_is_same(&list[i].delivery.message, &own->delivery.message)) {
            own->message.message.delivery = list[i].delivery.outcome;
            own->message.message.delivery_us = list[i].delivery.at_us;
        }
}

static bool put_delivery(struct request *req, struct case_heard *list, size_t at, enum flow *end)
{
    struct case_heard *heard = &list[at];

    heard->why = case_heard_check(&heard->message, heard->delivery.at_us);
    heard->field = "message_id";
    if (heard->why)
        return true;
    learn_earlier(list, at);
    if (case_heard_delivery(req, heard->change, &heard->message.message, heard->delivery.outcome,
                            heard->delivery.at_us) &&
        case_change_note(req, heard->change, TEXT_OF(""), delivery_name(heard->delivery.outcome)))
        return true;
    *end = flow_refuse_large(req);
    return false;
}

static bool put_reply(struct request *req, struct case_heard *heard, enum flow *end)
{
    struct case_change *change = heard->change;
    enum joining joining = case_heard_judge(req, change, heard->words.at_us);

    /* Reopened by an earlier one of the list, it is open. */
    if (!case_is_ended(change->after.state) || heard->is_historic)
        joining = JOINING_JOINS;
    if (!case_heard_reply(req, change, &heard->words, joining, end))
        return false;
    if (case_change_note(req, change, TEXT_OF(""), heard->words.channel))
        return true;
    *end = flow_refuse_large(req);
    return false;
}

static bool put_recurrence(struct request *req, struct case_heard *heard, enum flow *end)
{
    if (case_heard_leave(req, heard->change, heard->recurs_as))
        return true;
    *end = flow_refuse_large(req);
    return false;
}

static bool put_one(struct request *req, struct case_heard *list, size_t at, enum flow *end)
{
    if (list[at].is_delivery)
        return put_delivery(req, list, at, end);
    return case_heard_recurs(req, &list[at]) ? put_recurrence(req, &list[at], end)
                                             : put_reply(req, &list[at], end);
}

bool case_heard_put(struct request *req, struct case_heard *list, size_t count, enum flow *end)
{
    for (size_t i = 0; i < count; i++) {
        struct case_heard *heard = &list[i];

        if (heard->why)
            continue;
        if (!heard->change->found.found) {
            heard->field = "case_ref";
            heard->why = "leads to no case";
            continue;
        }
        if (heard->is_historic && !heard->is_delivery && heard->change->found.is_forgotten) {
            heard->field = "case_ref";
            heard->why = "is the case of somebody who was erased: nothing is added to it";
            continue;
        }
        heard->change = begin(req, list, i);
        if (!heard->change) {
            *end = flow_refuse_large(req);
            return false;
        }
        if (!put_one(req, list, i, end))
            return false;
    }
    for (size_t i = 0; i < count; i++) {
        bool is_last = !list[i].why;

        for (size_t k = i + 1; k < count && is_last; k++)
            is_last = list[k].why || list[k].change != list[i].change;
        if (is_last && !case_change_save(req, list[i].change)) {
            *end = flow_refuse_large(req);
            return false;
        }
    }
    return true;
}
