#include "services/complaints/domain/case.h"

bool case_is_ended(enum case_state state)
{
    return state == CASE_CLOSED || state == CASE_CLOSED_UNCONFIRMED || state == CASE_REJECTED ||
           state == CASE_WITHDRAWN || state == CASE_DUPLICATE;
}

bool case_is_answered(enum case_state state)
{
    return state == CASE_ANSWERED || state == CASE_CONFIRMATION_DUE || state == CASE_CONFIRMED ||
           case_is_ended(state);
}

bool case_is_early(enum case_state state)
{
    return state == CASE_RECEIVED || state == CASE_ACKNOWLEDGED || state == CASE_INVESTIGATING;
}

bool case_is_counted(enum case_kind kind, enum case_state state)
{
    return kind == CASE_IS_COMPLAINT && state != CASE_REJECTED && state != CASE_WITHDRAWN &&
           state != CASE_DUPLICATE;
}

enum case_state case_recorded_state(bool was_closed)
{
    return was_closed ? CASE_CLOSED : CASE_INVESTIGATING;
}

/* From early states only: it ends without an answer of ours. */
static enum case_state end_early(enum case_act act)
{
    return act == CASE_REJECTS     ? CASE_REJECTED
           : act == CASE_WITHDRAWS ? CASE_WITHDRAWN
           : act == CASE_MERGES    ? CASE_DUPLICATE
                                   : CASE_STATE_IS_NONE;
}

/* An answer nobody agreed to: where there is nothing to agree to, or nobody who could; else only
 * after a proposal, with the reason why it goes out all the same. */
static bool may_answer_unagreed(const struct case_facts *facts)
{
    return facts->kind != CASE_IS_COMPLAINT || facts->is_anonymous || !facts->needs_solution ||
           (facts->state == CASE_PROPOSED && facts->has_reason);
}

/* The state after the act, by the arrows alone; NONE: there is no such arrow. */
static enum case_state follow(const struct case_facts *facts, enum case_act act)
{
    enum case_state here = facts->state;

    switch (here) {
    case CASE_RECEIVED:
        return act == CASE_TAKES     ? CASE_ACKNOWLEDGED
               : act == CASE_SETTLES ? CASE_ANSWERED
                                     : end_early(act);
    case CASE_ACKNOWLEDGED:
        return act == CASE_TAKES          ? here
               : act == CASE_INVESTIGATES ? CASE_INVESTIGATING
                                          : end_early(act);
    case CASE_INVESTIGATING:
        return act == CASE_TAKES      ? here
               : act == CASE_PROPOSES ? CASE_PROPOSED
               : act == CASE_ANSWERS  ? CASE_ANSWERED
                                      : end_early(act);
    case CASE_PROPOSED:
        return act == CASE_TAKES || act == CASE_PROPOSES ? here
               : act == CASE_AGREES                      ? CASE_AGREED
               : act == CASE_ANSWERS                     ? CASE_ANSWERED
                                                         : CASE_STATE_IS_NONE;
    case CASE_AGREED:
        return act == CASE_TAKES ? here : act == CASE_ANSWERS ? CASE_ANSWERED : CASE_STATE_IS_NONE;
    case CASE_ANSWERED:
        return act == CASE_TAKES || act == CASE_ANSWERS ? here
               : act == CASE_ASKS                       ? CASE_CONFIRMATION_DUE
               : act == CASE_CLOSES                     ? CASE_CLOSED
                                                        : CASE_STATE_IS_NONE;
    case CASE_CONFIRMATION_DUE:
        return act == CASE_TAKES || act == CASE_ANSWERS ? here
               : act == CASE_CONFIRMS                   ? CASE_CONFIRMED
               : act == CASE_DISPUTES                   ? CASE_DISPUTED
               : act == CASE_CLOSES_UNCONFIRMED         ? CASE_CLOSED_UNCONFIRMED
                                                        : CASE_STATE_IS_NONE;
    case CASE_CONFIRMED:
        return act == CASE_TAKES ? here : act == CASE_CLOSES ? CASE_CLOSED : CASE_STATE_IS_NONE;
    case CASE_DISPUTED:
    case CASE_REOPENED:
        return act == CASE_TAKES          ? here
               : act == CASE_INVESTIGATES ? CASE_INVESTIGATING
                                          : CASE_STATE_IS_NONE;
    case CASE_CLOSED:
    case CASE_CLOSED_UNCONFIRMED:
        return act == CASE_REOPENS ? CASE_REOPENED : CASE_STATE_IS_NONE;
    case CASE_REJECTED:
    case CASE_WITHDRAWN:
    case CASE_DUPLICATE:
    case CASE_STATE_IS_NONE:
        return CASE_STATE_IS_NONE;
    }
    return CASE_STATE_IS_NONE;
}

/* What stands against an arrow that is there, whoever goes it. */
static enum case_flaw find_obstacle(const struct case_facts *facts, enum case_act act)
{
    if (act == CASE_ANSWERS &&
        (facts->state == CASE_INVESTIGATING || facts->state == CASE_PROPOSED) &&
        !may_answer_unagreed(facts))
        return CASE_NEEDS_AGREEMENT;
    if (act == CASE_CLOSES && facts->state == CASE_ANSWERED && facts->asks_confirmation)
        return CASE_NEEDS_CONFIRMATION;
    if (act == CASE_CLOSES_UNCONFIRMED && !facts->may_close_unconfirmed)
        return CASE_NEEDS_ATTEMPTS;
    if (act == CASE_REOPENS && !facts->may_reopen)
        return CASE_TOO_LATE_TO_REOPEN;
    return CASE_FINE;
}

static bool needs_reason(enum case_act act)
{
    return act == CASE_REJECTS || act == CASE_WITHDRAWS || act == CASE_MERGES ||
           act == CASE_DISPUTES || act == CASE_REOPENS;
}

uint32_t case_allowed(const struct case_facts *facts)
{
    uint32_t allowed = 0;

    for (int act = 0; act < CASE_ACTS; act++)
        if (follow(facts, (enum case_act)act) &&
            find_obstacle(facts, (enum case_act)act) == CASE_FINE)
            allowed |= UINT32_C(1) << act;
    return allowed;
}

static enum case_flaw find_flaw(const struct case_facts *facts, enum case_act act)
{
    enum case_flaw obstacle;

    if (!follow(facts, act))
        return CASE_NOT_FROM_HERE;
    obstacle = find_obstacle(facts, act);
    if (obstacle)
        return obstacle;
    if (needs_reason(act) && !facts->has_reason)
        return CASE_NEEDS_REASON;
    if (act == CASE_REJECTS && facts->by_handler)
        return CASE_NEEDS_OTHER_PERSON;
    return CASE_FINE;
}

bool case_move(const struct case_facts *facts, enum case_act act, enum case_state *to,
               struct case_refusal *refusal)
{
    enum case_flaw flaw = find_flaw(facts, act);

    if (flaw) {
        *refusal = (struct case_refusal){flaw, facts->state, act, case_allowed(facts)};
        return false;
    }
    *to = follow(facts, act);
    return true;
}

static void tell_allowed(struct telling *telling, uint32_t allowed)
{
    bool is_first = true;

    for (int act = 0; act < CASE_ACTS; act++)
        if (!case_act_verb((enum case_act)act))
            allowed &= ~(UINT32_C(1) << act);
    if (allowed == 0) {
        telling_say(telling, ";此状态下不能再操作", "; nothing more is allowed");
        return;
    }
    telling_say(telling, ";可以:", "; allowed: ");
    for (int act = 0; act < CASE_ACTS; act++) {
        if (!(allowed >> act & 1))
            continue;
        if (!is_first)
            telling_say(telling, "、", ", ");
        telling_say(telling, case_act_label((enum case_act)act, TELLING_IS_ZH),
                    case_act_verb((enum case_act)act));
        is_first = false;
    }
}

static void tell_flaw(struct telling *telling, enum case_flaw flaw)
{
    switch (flaw) {
    case CASE_FINE:
    case CASE_NOT_FROM_HERE:
        break;
    case CASE_NEEDS_REASON:
        telling_say(telling, ":需要填写原因", ": a reason is needed");
        break;
    case CASE_NEEDS_OTHER_PERSON:
        telling_say(telling, ":须由经办人以外的人决定",
                    ": another person than its handler must decide it");
        break;
    case CASE_NEEDS_AGREEMENT:
        telling_say(telling, ":须先提出方案并经客户同意,或认定非公司责任",
                    ": a solution must be proposed and agreed to first, or the fault must be found "
                    "not to be ours");
        break;
    case CASE_NEEDS_CONFIRMATION:
        telling_say(telling, ":须先回访客户", ": the complainant must be asked first");
        break;
    case CASE_NEEDS_ATTEMPTS:
        telling_say(telling, ":须经客户确认,或在3个不同工作日、通过2种渠道尝试联系3次",
                    ": he confirms first, or it takes 3 attempts on 3 different working days over "
                    "2 channels");
        break;
    case CASE_TOO_LATE_TO_REOPEN:
        telling_say(telling, ":已超过可重新处理的期限,请新建关联案件",
                    ": it is too late to reopen it; open a new case that recurs");
        break;
    }
}

void case_tell_refusal(const struct case_refusal *refusal, enum telling_language language,
                       char out[CASE_REFUSAL_BYTES])
{
    struct telling telling = telling_begin(out, CASE_REFUSAL_BYTES, language);

    telling_say(&telling, "当前状态为“", "the case is ");
    telling_say(&telling, case_state_label(refusal->state, TELLING_IS_ZH),
                case_state_label(refusal->state, TELLING_IS_EN));
    telling_say(&telling, "”,不能“", " and cannot be ");
    telling_say(&telling, case_act_label(refusal->act, TELLING_IS_ZH), case_act_done(refusal->act));
    telling_say(&telling, "”", "");
    tell_flaw(&telling, refusal->flaw);
    tell_allowed(&telling, refusal->allowed);
}
