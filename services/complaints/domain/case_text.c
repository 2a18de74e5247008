#include "services/complaints/domain/case_text.h"

#include "common/pure/day.h"

static void say_severity(struct telling *telling, enum severity severity)
{
    telling_say(telling, severity_label(severity, TELLING_IS_ZH),
                severity_label(severity, TELLING_IS_EN));
}

static void say_priority(struct telling *telling, enum priority priority)
{
    telling_say(telling, severity_priority_label(priority, TELLING_IS_ZH),
                severity_priority_label(priority, TELLING_IS_EN));
}

/* The built-in policy is version 1. */
static void say_policy(struct telling *telling, uint32_t version)
{
    telling_say(telling, "(政策v", " (policy v");
    telling_say_count(telling, version ? version : 1);
    telling_say(telling, ")", ")");
}

static void next_line(struct telling *telling)
{
    if (telling->bytes > 0)
        telling_say(telling, "\n", "\n");
}

/* --- severity --- */

/* A fact and what it comes to; one that comes to nothing is left out. */
static bool say_fact(struct telling *telling, enum severity severity, const char *separator,
                     const char *zh, const char *en)
{
    if (!severity)
        return false;
    telling_say(telling, separator, separator);
    telling_say(telling, zh, en);
    say_severity(telling, severity);
    return true;
}

static void say_amount(struct telling *telling, const struct case_text_weight *weight)
{
    telling_say(telling, "(", " (");
    telling_say_amount(telling, weight->facts.amount_micros, weight->currency);
    telling_say(telling, ")", ")");
}

static void say_number(struct telling *telling, const struct case_text_weight *weight)
{
    bool zh = telling->language == TELLING_IS_ZH;
    int64_t nth = (int64_t)weight->facts.recurrences + 1;

    telling_say(telling, "(", " (number ");
    telling_say_count(telling, zh ? weight->policy->recurrence_days : nth);
    telling_say(telling, "天内第", " within ");
    telling_say_count(telling, zh ? nth : weight->policy->recurrence_days);
    telling_say(telling, "次)", " days)");
}

/* Each after the separator; false: there is none. */
static bool say_facts(struct telling *telling, const struct case_text_weight *weight,
                      const char *separator)
{
    const struct severity_facts *facts = &weight->facts;
    size_t before = telling->bytes;

    say_fact(telling, facts->safety, separator, "安全:", "safety: ");
    say_fact(telling, facts->legal_or_media, separator, "法律或媒体:", "legal or media: ");
    if (say_fact(telling, severity_of_amount(facts->amount_micros, weight->policy), separator,
                 "涉及金额:", "amount: "))
        say_amount(telling, weight);
    if (say_fact(telling, severity_of_recurrence(facts->recurrences, weight->policy), separator,
                 "重复发生:", "recurrence: "))
        say_number(telling, weight);
    return telling->bytes > before;
}

void case_text_tell_severity(const struct case_text_weight *weight, enum telling_language language,
                             char out[CASE_TEXT_BYTES])
{
    struct telling telling = telling_begin(out, CASE_TEXT_BYTES, language);

    telling_say(&telling, "严重程度", "severity ");
    say_severity(&telling, weight->severity);
    if (!say_facts(&telling, weight, language == TELLING_IS_ZH ? ";" : "; "))
        telling_say(&telling, ";没有其他情节", "; nothing particular was said");
    say_policy(&telling, weight->policy_version);
}

static void say_severity_policy(struct telling *telling, const struct case_text_weight *weight)
{
    const struct severity_policy *policy = weight->policy;

    telling_say(telling, "金额达到", "an amount from ");
    telling_say_amount(telling, policy->serious_from_micros, weight->currency);
    telling_say(telling, "为", " is ");
    say_severity(telling, SEVERITY_SERIOUS);
    telling_say(telling, ",达到", ", from ");
    telling_say_amount(telling, policy->critical_from_micros, weight->currency);
    telling_say(telling, "为", " ");
    say_severity(telling, SEVERITY_CRITICAL);
    telling_say(telling, ";同样的事", "; the same thing within ");
    telling_say_count(telling, policy->recurrence_days);
    telling_say(telling, "天内第", " days from number ");
    telling_say_count(telling, policy->recurrences_serious);
    telling_say(telling, "次起为", " on is ");
    say_severity(telling, SEVERITY_SERIOUS);
    say_policy(telling, weight->policy_version);
}

static void say_severity_steps(struct telling *telling, const struct case_text_weight *weight)
{
    telling_say(telling, weight->facts.kind == CASE_IS_COMPLAINT ? "投诉至少为" : "非投诉至少为",
                weight->facts.kind == CASE_IS_COMPLAINT ? "a complaint is at least "
                                                        : "what is no complaint is at least ");
    say_severity(telling,
                 weight->facts.kind == CASE_IS_COMPLAINT ? SEVERITY_ORDINARY : SEVERITY_MINOR);
    telling_say(telling, ",除非有其他情节", ", unless something particular was said");
    say_facts(telling, weight, "\n");
    next_line(telling);
    say_severity_policy(telling, weight);
    next_line(telling);
    if (weight->severity > severity_of(&weight->facts, weight->policy)) {
        telling_say(telling, "严重投诉须由经办人以外的主管降级,保持不变:严重程度",
                    "it stays as it was until a manager who is not its handler lowers it: "
                    "severity ");
    } else {
        telling_say(telling, "取最高者:严重程度", "the highest counts: severity ");
    }
    say_severity(telling, weight->severity);
}

void case_text_tell_severity_steps(const struct case_text_weight *weight,
                                   enum telling_language language, char out[CASE_TEXT_STEPS_BYTES])
{
    struct telling telling = telling_begin(out, CASE_TEXT_STEPS_BYTES, language);

    say_severity_steps(&telling, weight);
}

/* --- priority --- */

void case_text_tell_priority(const struct case_text_weight *weight, enum telling_language language,
                             char out[CASE_TEXT_BYTES])
{
    severity_tell(&weight->facts, weight->policy, &weight->customer, weight->currency, language,
                  out);
}

static void say_customer(struct telling *telling, const struct severity_customer *customer)
{
    if (customer->grade == 'A')
        telling_say(telling, "A级客户提高一级", "one step up for an A customer");
    else if (customer->is_key_account)
        telling_say(telling, "关键客户提高一级", "one step up for a key account");
    else if (customer->is_vip)
        telling_say(telling, "VIP客户提高一级", "one step up for a VIP");
    else
        telling_say(telling, "客户等级不提高优先级", "the customer raises nothing");
}

void case_text_tell_priority_steps(const struct case_text_weight *weight,
                                   enum telling_language language, char out[CASE_TEXT_STEPS_BYTES])
{
    struct telling telling = telling_begin(out, CASE_TEXT_STEPS_BYTES, language);

    say_severity_steps(&telling, weight);
    next_line(&telling);
    say_customer(&telling, &weight->customer);
    next_line(&telling);
    telling_say(&telling, "优先级", "priority ");
    say_priority(&telling, weight->priority);
    telling_say(&telling, ",时限和待办清单都按此", ", by which deadlines and work lists go");
    if (weight->queued == weight->priority)
        return;
    next_line(&telling);
    telling_say(&telling, "今日被催办:当天待办清单中按", "chased today: in today's work lists as ");
    say_priority(&telling, weight->queued);
}

/* --- closing --- */

void case_text_tell_closing(const struct condition_list *open, enum case_text_end end,
                            enum telling_language language, char out[CASE_TEXT_BYTES])
{
    struct telling telling = telling_begin(out, CASE_TEXT_BYTES, language);

    if (end == CASE_TEXT_IS_HISTORIC) {
        telling_say(&telling, "历史数据,保留原状态,未评估",
                    "historic: it keeps its recorded state and is not assessed");
    } else if (end == CASE_TEXT_HAS_ENDED) {
        telling_say(&telling, "已经结束", "it has ended");
    } else if (open->count == 0) {
        telling_say(&telling, "结案条件都已满足,可以结案",
                    "every closing condition is fulfilled: it may be closed");
    } else {
        telling_say(&telling, "还不能结案:缺", "it cannot be closed yet, for want of ");
        telling_say_count(&telling, (int64_t)open->count);
        telling_say(&telling, "项", open->count == 1 ? " thing" : " things");
    }
}

void case_text_tell_closing_steps(const struct condition_list *open, enum case_text_end end,
                                  enum telling_language language, char out[CASE_TEXT_STEPS_BYTES])
{
    struct telling telling = telling_begin(out, CASE_TEXT_STEPS_BYTES, language);

    for (size_t i = 0; end == CASE_TEXT_IS_OPEN && i < open->count; i++) {
        next_line(&telling);
        telling_say(&telling, condition_sentence(open->open[i], TELLING_IS_ZH),
                    condition_sentence(open->open[i], TELLING_IS_EN));
    }
}

/* --- repeat complainant --- */

static void say_window(struct telling *telling, int32_t first, int32_t last, uint32_t count,
                       uint32_t from)
{
    telling_say_day(telling, first);
    telling_say(telling, "至", " to ");
    telling_say_day(telling, last);
    telling_say(telling, ":", ": ");
    telling_say_count(telling, count);
    telling_say(telling, "件;达到", "; from ");
    telling_say_count(telling, from);
    telling_say(telling, "件为多次投诉客户", " on a repeat complainant");
}

void case_text_tell_repeat_steps(const struct repeat_standing *standing,
                                 const struct repeat_policy *policy, uint32_t policy_version,
                                 int32_t today, enum telling_language language,
                                 char out[CASE_TEXT_STEPS_BYTES])
{
    struct telling telling = telling_begin(out, CASE_TEXT_STEPS_BYTES, language);

    telling_say(&telling, "只计投诉,不计不予受理、撤回和并案的",
                "complaints only, without rejected, withdrawn and duplicates");
    next_line(&telling);
    say_window(&telling, today - REPEAT_DAYS + 1, today, standing->in_90_days, policy->in_90_days);
    next_line(&telling);
    say_window(&telling, day_add_months(today, -REPEAT_MONTHS) + 1, today, standing->in_12_months,
               policy->in_12_months);
    say_policy(&telling, policy_version);
    if (standing->next_day == REPEAT_NEVER)
        return;
    next_line(&telling);
    telling_say_day(&telling, standing->next_day);
    telling_say(&telling, "起有投诉不再计入", ": a complaint leaves a window");
}
