#include "services/complaints/handlers/case_heard.h"

#include <string.h>

#include "common/pure/uuid.h"
#include "common/service.h"
#include "common/timer.h"
#include "services/complaints/handlers/confirmations.h"

static int32_t day_of(const struct request *req, int64_t at_us)
{
    return zone_day(&req->service->zone, at_us);
}

/* --- what he says --- */

enum joining case_heard_judge(const struct request *req, const struct case_change *change,
                              int64_t said_us)
{
    const struct case_file *file = &change->found.file;
    const struct joining_ask ask = {.day = day_of(req, said_us)};
    const struct joining_case named = {
        .id = file->id,
        .customer = file->customer,
        .kind = file->kind,
        .state = file->state,
        .closed_day = day_of(req, file->closed_us),
        .is_named = true,
        .is_forgotten = change->found.is_forgotten,
        .duplicate_of = file->duplicate_of,
    };

    return joining_decide(&ask, &named, 1, change->rules.targets.reopen_days).joining;
}

static void keep_words(struct request *req, struct case_change *change,
                       const struct codec_words *said)
{
    change->made = request_new_id(req);
    change->made.bytes[8] = 0x80 | (change->lines & 0x3f); /* in their order, of one microsecond */
    case_message_add(req, &(struct case_message){
                              .case_id = change->found.file.id,
                              .id = change->made,
                              .at_us = said->at_us,
                              .is_from_complainant = true,
                              .text = said->text,
                              .channel = said->channel,
                              .by = "",
                              .attachments = said->attachments,
                          });
}

/* What he answers to the question whether he is satisfied. */
static bool take_answer(struct request *req, struct case_change *change,
                        const struct codec_words *said, enum flow *end)
{
    enum confirmation how = confirmations_how(req, change, true);

    switch (confirmation_read_reply(said->text)) {
    case CONFIRMATION_UNCLEAR:
        return true;
    case CONFIRMATION_YES:
        /* A serious case is confirmed in a call: his word is kept, and he is still called. */
        return !confirmations_count(change, how) ||
               confirmations_say_yes(req, change, how, TEXT_OF(""), end);
    case CONFIRMATION_NO:
        return confirmations_say_no(req, change, said->text, NULL, 0, end);
    }
    return true;
}

bool case_heard_reply(struct request *req, struct case_change *change,
                      const struct codec_words *said, enum joining joining, enum flow *end)
{
    bool is_asked = change->after.state == CASE_CONFIRMATION_DUE;

    if (joining == JOINING_REOPENS && !case_change_reopen(req, change, said->text, end))
        return false;
    if (is_asked && !take_answer(req, change, said, end))
        return false;
    keep_words(req, change, said);
    if (change->step_count == 0)
        change->act_name = "reply";
    return true;
}

/* --- what became of a message --- */

const char *case_heard_check(const struct case_message_found *message, int64_t at_us)
{
    if (!message->found)
        return "is no message of this case";
    if (!message->message.has_delivery)
        return "is a note, or was said by the complainant: nothing is delivered";
    if (at_us < message->message.at_us)
        return "was written later than that: give when it was accepted, delivered or bounced";
    return NULL;
}

/* A receipt counts after a bounce, a bounce after an acceptance; nothing takes a receipt back. */
static bool is_news(enum delivery known, enum delivery told)
{
    switch (told) {
    case DELIVERY_ACCEPTED:
        return known == DELIVERY_WANTED || known == DELIVERY_BOUNCED;
    case DELIVERY_DELIVERED:
        return known != DELIVERY_DELIVERED && known != DELIVERY_SPOKEN;
    case DELIVERY_BOUNCED:
        return known == DELIVERY_WANTED || known == DELIVERY_ACCEPTED || known == DELIVERY_UNPROVEN;
    case DELIVERY_UNPROVEN:
        return known == DELIVERY_ACCEPTED;
    case DELIVERY_WANTED:
    case DELIVERY_SPOKEN:
        break;
    }
    return false;
}

static struct delivery_facts facts_of(const struct case_message *message)
{
    return delivery_recorded(
        message->delivery, message->delivery_us,
        (struct text){message->channel, message->channel ? strlen(message->channel) : 0});
}

/* After a day without a bounce it counts as delivered, where no receipt will come. */
static void arm_unproven(struct request *req, const struct case_message *message)
{
    struct delivery_facts facts = facts_of(message);
    int64_t due_us = delivery_next(&facts, message->delivery_us);
    char id[UUID_TEXT_BYTES];
    char *key;

    uuid_print(&message->id, id);
    key = arena_print(req->arena, CASE_HEARD_UNPROVEN ":%s", id);
    if (!key)
        return; /* a full arena is refused at the commit */
    if (message->delivery == DELIVERY_ACCEPTED && due_us != 0)
        timer_arm(req, key, &message->case_id, due_us, &message->id, sizeof(message->id));
    else if (!timer_of(req)) /* a ringing one is settled by the commit */
        timer_disarm(req, key);
}

/* It reached him: words of ours count, automatic ones acknowledge, an answer is asked about. */
static bool take_arrival(struct request *req, struct case_change *change,
                         const struct case_message *message)
{
    if (message->is_substantive)
        case_change_words(req, change, message->delivery_us);
    if (memcmp(&message->id, &change->after.answer, sizeof(message->id)) != 0)
        return true;
    change->found.standing.answer = facts_of(message);
    change->found.standing.has_answer = true;
    return case_change_ask_satisfied(req, change);
}

bool case_heard_delivery(struct request *req, struct case_change *change,
                         const struct case_message *message, enum delivery outcome, int64_t at_us)
{
    struct case_message now = *message;
    struct delivery_facts facts;
    int64_t had_us;

    change->act_name = "delivery";
    change->made = message->id;
    if (!is_news(message->delivery, outcome))
        return true;
    now.delivery = outcome;
    now.delivery_us = at_us;
    facts = facts_of(&now);
    if (delivery_of(&facts, req->now_us, &had_us) == DELIVERY_UNPROVEN)
        now.delivery = DELIVERY_UNPROVEN; /* its acceptance is told a day late */
    case_message_save_delivery(req, &now);
    arm_unproven(req, &now);
    if (!now.is_substantive && outcome != DELIVERY_BOUNCED)
        case_change_happened(req, change, CLOCK_EVENT_AUTO_ACKNOWLEDGED, at_us);
    return !delivery_has_arrived(now.delivery) || delivery_has_arrived(message->delivery) ||
           take_arrival(req, change, &now);
}

/* --- accepted a day ago --- */

struct ringing {
    struct case_change change; /* first */
    struct case_message_found message;
};

static enum flow mark_unproven(struct request *req);

enum flow case_heard_unproven_ring(struct request *req)
{
    struct ringing *r = request_state(req, sizeof(*r));
    const struct timer *timer = timer_of(req);
    char *ref = arena_take(req->arena, UUID_TEXT_BYTES);
    struct id message = {0};
    enum flow next;

    if (!ref)
        return flow_refuse_large(req);
    uuid_print(&timer->subject, ref);
    if (timer->data_bytes == sizeof(message))
        memcpy(&message, timer->data, sizeof(message));
    next = case_change_find(req, &r->change, ref, 0, CONDUCT_READS, mark_unproven);
    if (next == FLOW_WAIT)
        case_message_find(req, &r->change.question, &message, &r->message);
    return next;
}

/* As of when it was accepted. */
static enum flow mark_unproven(struct request *req)
{
    struct ringing *r = req->state;
    const struct case_message *message = &r->message.message;

    r->change.act_name = "delivery";
    if (r->message.found && message->delivery == DELIVERY_ACCEPTED &&
        !case_heard_delivery(req, &r->change, message, DELIVERY_UNPROVEN, message->delivery_us))
        return flow_refuse_large(req);
    return case_change_commit(req, &r->change, TEXT_OF(""), delivery_name(DELIVERY_UNPROVEN));
}
