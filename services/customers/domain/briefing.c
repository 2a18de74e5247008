#include "services/customers/domain/briefing.h"

#include "services/customers/domain/grade_text_value.h"

static bool is_overdue(const struct briefing *briefing, int32_t today)
{
    return briefing->expected_next != FILE_NO_DAY && briefing->expected_next < today;
}

size_t briefing_risks(const struct briefing *briefing, int32_t today,
                      enum briefing_risk out[BRIEFING_RISKS])
{
    const bool is_so[BRIEFING_RISKS] = {
        [BRIEFING_ORDER_OVERDUE] = is_overdue(briefing, today),
        [BRIEFING_DEMOTION_HELD] = briefing->held_to != ' ',
        [BRIEFING_NO_DECIDER] = briefing->is_key && !briefing->has_decider,
        [BRIEFING_INCOMPLETE] = briefing->missing > 0,
        [BRIEFING_DISPUTED] = briefing->disputed > 0,
        [BRIEFING_NEVER_BOUGHT] = briefing->last_order == FILE_NO_DAY,
    };
    size_t count = 0;

    for (int risk = 0; risk < BRIEFING_RISKS; risk++)
        if (is_so[risk])
            out[count++] = (enum briefing_risk)risk;
    return count;
}

const char *briefing_risk_kind(enum briefing_risk risk)
{
    static const char *const kinds[BRIEFING_RISKS] = {
        [BRIEFING_ORDER_OVERDUE] = "order_overdue", [BRIEFING_DEMOTION_HELD] = "demotion_held",
        [BRIEFING_NO_DECIDER] = "no_decider",       [BRIEFING_INCOMPLETE] = "incomplete",
        [BRIEFING_DISPUTED] = "disputed",           [BRIEFING_NEVER_BOUGHT] = "never_bought",
    };

    return kinds[risk];
}

/* One sentence in one language. */
struct sentence {
    struct grade_writer writer;
    enum grade_language language;
};

static void say(struct sentence *s, const char *english, const char *chinese)
{
    grade_text_value_say(&s->writer, s->language == GRADE_LANGUAGE_IS_EN ? english : chinese);
}

static void write_overdue(struct sentence *s, const struct briefing *briefing, int32_t today)
{
    say(s, "the next order was expected on ", "预计下单日为");
    grade_text_value_day(&s->writer, briefing->expected_next, s->language);
    say(s, ", ", ",已逾期");
    grade_text_value_count(&s->writer, (uint32_t)(today - briefing->expected_next));
    say(s, " days ago", "天");
}

static void write_held(struct sentence *s, const struct briefing *briefing)
{
    const char letter[] = {briefing->held_to, '\0'};

    say(s, "a demotion to ", "拟降为");
    grade_text_value_say(&s->writer, letter);
    say(s, " waits for the manager", "级,待经理确认");
    if (briefing->held_until == FILE_NO_DAY)
        return;
    say(s, " until ", ",截止");
    grade_text_value_day(&s->writer, briefing->held_until, s->language);
}

static void write_risk(struct sentence *s, const struct briefing *briefing, enum briefing_risk risk,
                       int32_t today)
{
    switch (risk) {
    case BRIEFING_ORDER_OVERDUE:
        write_overdue(s, briefing, today);
        break;
    case BRIEFING_DEMOTION_HELD:
        write_held(s, briefing);
        break;
    case BRIEFING_NO_DECIDER:
        say(s, "nobody is known who decides there", "尚未掌握决策人");
        break;
    case BRIEFING_INCOMPLETE:
        say(s, "required fields of the file that nobody filled: ", "客户档案缺少必填项:");
        grade_text_value_count(&s->writer, briefing->missing);
        break;
    case BRIEFING_DISPUTED:
        say(s, "disputed facts of the file: ", "客户档案存疑信息:");
        grade_text_value_count(&s->writer, briefing->disputed);
        break;
    case BRIEFING_NEVER_BOUGHT:
        say(s, "has not bought yet", "尚未成交");
        break;
    }
}

void briefing_risk_text(const struct briefing *briefing, enum briefing_risk risk, int32_t today,
                        char english[BRIEFING_TEXT_BYTES], char chinese[BRIEFING_TEXT_BYTES])
{
    struct sentence in_english = {grade_text_value_begin(english, BRIEFING_TEXT_BYTES),
                                  GRADE_LANGUAGE_IS_EN};
    struct sentence in_chinese = {grade_text_value_begin(chinese, BRIEFING_TEXT_BYTES),
                                  GRADE_LANGUAGE_IS_ZH};

    write_risk(&in_english, briefing, risk, today);
    write_risk(&in_chinese, briefing, risk, today);
}
