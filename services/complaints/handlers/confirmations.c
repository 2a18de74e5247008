#include "services/complaints/handlers/confirmations.h"

#include <string.h>

#include "services/complaints/codec/codec_case.h"
#include "services/complaints/store/case_message.h"

/* What else there is, for who is not satisfied (ISO 10002, 8.10), where nothing else was named. */
static const char *const usual[] = {
    "由上级重新审查 / a review by the management",
    "协商其他解决方案 / another solution",
    "消费者协会调解或12315投诉 / mediation by the consumer association, or 12315",
};

enum confirmation confirmations_how(const struct request *req, const struct case_change *change,
                                    bool by_himself)
{
    if (!who_of(req)->is_staff)
        return CONFIRMED_BY_HIMSELF;
    if (change->has_worked || who_stands_for(req, &change->after.handler))
        return CONFIRMED_BY_HANDLER_CALL;
    return by_himself ? CONFIRMED_BY_HIMSELF : CONFIRMED_BY_OTHER_CALL;
}

bool confirmations_count(const struct case_change *change, enum confirmation how)
{
    const struct case_file *file = &change->after;

    return file->state == CASE_CONFIRMATION_DUE &&
           confirmation_is_enough(how, file->kind, file->severity);
}

/* Confirmed while it was not yet so grave: confirmed again, as it takes now. */
static bool is_confirmed_too_lightly(const struct case_file *file)
{
    return file->state == CASE_CONFIRMED &&
           !confirmation_is_enough(file->confirmation, file->kind, file->severity);
}

static enum flow refuse_light(struct request *req, const struct case_file *file)
{
    enum condition condition = CONDITION_CONFIRMED_BY_OTHER;

    flow_violation(req, arena_print(req->arena, "condition.%s", condition_code(condition)), "%s",
                   condition_sentence(condition, TELLING_IS_EN));
    return flow_refuse(req, FAILED_PRECONDITION, "the case is %s: %s",
                       severity_name(file->severity), condition_sentence(condition, TELLING_IS_EN));
}

bool confirmations_say_yes(struct request *req, struct case_change *change, enum confirmation how,
                           struct text note, enum flow *end)
{
    struct case_file *after = &change->after;
    bool is_again = is_confirmed_too_lightly(after);

    if ((is_again || after->state == CASE_CONFIRMATION_DUE) &&
        !confirmation_is_enough(how, after->kind, after->severity)) {
        *end = refuse_light(req, after);
        return false;
    }
    if (!is_again && !case_change_move(req, change, CASE_CONFIRMS, note, end))
        return false;
    if (is_again)
        change->act_name = case_act_name(CASE_CONFIRMS);
    after->confirmation = how;
    case_change_happened(req, change, CLOCK_EVENT_REACHED, req->now_us);
    return true;
}

/* The message that names the alternatives. False: no memory. */
static bool name_alternatives(struct request *req, struct case_change *change,
                              const struct text *alternatives, size_t count)
{
    const struct case_file *file = &change->after;
    char *text = "您不满意我们的答复,还可以 / besides our answer there is:";

    for (size_t i = 0; text && i < COUNT_OF(usual) && count == 0; i++)
        text = arena_print(req->arena, "%s\n- %s", text, usual[i]);
    for (size_t i = 0; text && i < count; i++)
        text = arena_print(req->arena, "%s\n- %.*s", text, (int)alternatives[i].bytes,
                           alternatives[i].at);
    if (!text)
        return false;
    change->made = request_new_id(req);
    case_message_add(req, &(struct case_message){
                              .case_id = file->id,
                              .id = change->made,
                              .at_us = req->now_us,
                              .text = {text, strlen(text)},
                              .by = who_name(req),
                              .channel = "",
                              .has_delivery = true,
                              .delivery = DELIVERY_WANTED,
                          });
    return case_change_tell(
        req, change,
        codec_case_message_wanted(file, &change->made, "dispute", TEXT_OF(""), req->arena));
}

bool confirmations_say_no(struct request *req, struct case_change *change, struct text reason,
                          const struct text *alternatives, size_t count, enum flow *end)
{
    if (!case_change_move(req, change, CASE_DISPUTES, reason, end))
        return false;
    change->after.confirmation = CONFIRMATION_IS_NONE;
    case_change_happened(req, change, CLOCK_EVENT_REACHED, req->now_us);
    case_change_happened(req, change, CLOCK_EVENT_DISPUTED, req->now_us);
    if (name_alternatives(req, change, alternatives, count))
        return true;
    *end = flow_refuse_large(req);
    return false;
}
