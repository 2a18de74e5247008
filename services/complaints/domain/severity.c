#include "services/complaints/domain/severity.h"

#define MAX_DAYS 3660
#define MAX_RECURRENCES 1000

static const char *const names[SEVERITIES][3] = {
    [SEVERITY_IS_NONE] = {"", "", ""},
    [SEVERITY_MINOR] = {"minor", "轻微", "minor"},
    [SEVERITY_ORDINARY] = {"ordinary", "一般", "ordinary"},
    [SEVERITY_SERIOUS] = {"serious", "严重", "serious"},
    [SEVERITY_CRITICAL] = {"critical", "重大", "critical"},
};

static const char *const priority_names[PRIORITIES][3] = {
    [PRIORITY_IS_NONE] = {"", "", ""},
    [PRIORITY_LOW] = {"low", "低", "low"},
    [PRIORITY_NORMAL] = {"normal", "普通", "normal"},
    [PRIORITY_HIGH] = {"high", "高", "high"},
    [PRIORITY_URGENT] = {"urgent", "紧急", "urgent"},
};

const char *severity_name(enum severity severity)
{
    return (size_t)severity < SEVERITIES ? names[severity][0] : "";
}

const char *severity_label(enum severity severity, enum telling_language language)
{
    return (size_t)severity < SEVERITIES ? names[severity][language] : "";
}

const char *severity_priority_name(enum priority priority)
{
    return (size_t)priority < PRIORITIES ? priority_names[priority][0] : "";
}

const char *severity_priority_label(enum priority priority, enum telling_language language)
{
    return (size_t)priority < PRIORITIES ? priority_names[priority][language] : "";
}

struct severity_policy severity_policy_standard(void)
{
    return (struct severity_policy){
        .serious_from_micros = INT64_C(10000) * 1000000,
        .critical_from_micros = INT64_C(100000) * 1000000,
        .recurrence_days = 90,
        .recurrences_serious = 3,
    };
}

static void require(struct severity_fault *faults, size_t *count, bool is_right, const char *field,
                    const char *why)
{
    if (!is_right && *count < SEVERITY_FAULTS)
        faults[(*count)++] = (struct severity_fault){field, why};
}

size_t severity_policy_check(const struct severity_policy *policy,
                             struct severity_fault faults[SEVERITY_FAULTS])
{
    size_t count = 0;

    require(faults, &count, policy->serious_from_micros > 0, "serious_from_micros",
            "must be an amount above 0");
    require(faults, &count, policy->critical_from_micros >= policy->serious_from_micros,
            "critical_from_micros", "must not be less than serious_from_micros");
    require(faults, &count, policy->recurrence_days >= 1 && policy->recurrence_days <= MAX_DAYS,
            "recurrence_days", "must be 1 to 3660 days");
    require(faults, &count,
            policy->recurrences_serious >= 2 && policy->recurrences_serious <= MAX_RECURRENCES,
            "recurrences_serious", "must be 2 to 1000 cases, the new one counted");
    return count;
}

enum severity severity_of_amount(int64_t micros, const struct severity_policy *policy)
{
    return micros <= 0                              ? SEVERITY_IS_NONE
           : micros >= policy->critical_from_micros ? SEVERITY_CRITICAL
           : micros >= policy->serious_from_micros  ? SEVERITY_SERIOUS
                                                    : SEVERITY_ORDINARY;
}

enum severity severity_of_recurrence(uint32_t earlier, const struct severity_policy *policy)
{
    return earlier == 0                                 ? SEVERITY_IS_NONE
           : earlier >= policy->recurrences_serious - 1 ? SEVERITY_SERIOUS
                                                        : SEVERITY_ORDINARY;
}

static enum severity of_nothing(enum case_kind kind)
{
    return kind == CASE_IS_COMPLAINT ? SEVERITY_ORDINARY : SEVERITY_MINOR;
}

static enum severity larger(enum severity a, enum severity b)
{
    return a > b ? a : b;
}

enum severity severity_of(const struct severity_facts *facts, const struct severity_policy *policy)
{
    enum severity most = larger(larger(facts->safety, facts->legal_or_media),
                                larger(severity_of_amount(facts->amount_micros, policy),
                                       severity_of_recurrence(facts->recurrences, policy)));

    return most ? most : of_nothing(facts->kind);
}

static bool is_raised(const struct severity_customer *customer)
{
    return customer->grade == 'A' || customer->is_key_account || customer->is_vip;
}

enum priority severity_priority(enum severity severity, const struct severity_customer *customer)
{
    int step = (severity ? (int)severity : SEVERITY_MINOR) + is_raised(customer);

    return step > PRIORITY_URGENT ? PRIORITY_URGENT : (enum priority)step;
}

bool severity_is_reported(enum severity severity)
{
    return severity >= SEVERITY_SERIOUS;
}

bool severity_is_lifted(enum case_kind kind, enum severity before, enum severity after)
{
    return kind == CASE_IS_COMPLAINT && severity_is_reported(before) &&
           !severity_is_reported(after);
}

static void tell_fact(struct telling *telling, enum severity severity, const char *zh,
                      const char *en)
{
    if (!severity)
        return;
    telling_say(telling, ";", "; ");
    telling_say(telling, zh, en);
    telling_say(telling, severity_label(severity, TELLING_IS_ZH),
                severity_label(severity, TELLING_IS_EN));
}

static void tell_facts(struct telling *telling, const struct severity_facts *facts,
                       const struct severity_policy *policy, const char *currency)
{
    enum severity amount = severity_of_amount(facts->amount_micros, policy);
    enum severity recurrence = severity_of_recurrence(facts->recurrences, policy);

    tell_fact(telling, facts->safety, "安全:", "safety: ");
    tell_fact(telling, facts->legal_or_media, "法律或媒体:", "legal or media: ");
    tell_fact(telling, amount, "涉及金额:", "amount: ");
    if (amount) {
        telling_say(telling, "(", " (");
        telling_say_amount(telling, facts->amount_micros, currency);
        telling_say(telling, ")", ")");
    }
    tell_fact(telling, recurrence, "重复发生:", "recurrence: ");
    if (recurrence) {
        telling_say(telling, "(", " (");
        telling_say_count(telling, policy->recurrence_days);
        telling_say(telling, "天内第", " days, number ");
        telling_say_count(telling, (int64_t)facts->recurrences + 1);
        telling_say(telling, "次)", ")");
    }
    if (!facts->safety && !facts->legal_or_media && !amount && !recurrence)
        telling_say(telling, ";没有其他情节", "; nothing particular was said");
}

void severity_tell(const struct severity_facts *facts, const struct severity_policy *policy,
                   const struct severity_customer *customer, const char *currency,
                   enum telling_language language, char out[SEVERITY_TEXT_BYTES])
{
    struct telling telling = telling_begin(out, SEVERITY_TEXT_BYTES, language);
    enum severity severity = severity_of(facts, policy);
    enum priority priority = severity_priority(severity, customer);

    telling_say(&telling, "优先级", "priority ");
    telling_say(&telling, severity_priority_label(priority, TELLING_IS_ZH),
                severity_priority_label(priority, TELLING_IS_EN));
    telling_say(&telling, ":严重程度", ": severity ");
    telling_say(&telling, severity_label(severity, TELLING_IS_ZH),
                severity_label(severity, TELLING_IS_EN));
    if (is_raised(customer)) {
        telling_say(&telling, ",", ", one step up for ");
        telling_say(&telling,
                    customer->grade == 'A'     ? "A级客户"
                    : customer->is_key_account ? "关键客户"
                                               : "VIP客户",
                    customer->grade == 'A'     ? "an A customer"
                    : customer->is_key_account ? "a key account"
                                               : "a VIP");
        telling_say(&telling, "提高一级", "");
    }
    tell_facts(&telling, facts, policy, currency);
}
