#include "services/complaints/domain/repeat.h"

#include "common/pure/day.h"

#define MAX_COUNT 1000

struct repeat_policy repeat_policy_standard(void)
{
    return (struct repeat_policy){3, 5};
}

size_t repeat_policy_check(const struct repeat_policy *policy,
                           struct repeat_policy_fault faults[REPEAT_POLICY_FAULTS])
{
    size_t count = 0;

    if (policy->in_90_days < 2 || policy->in_90_days > MAX_COUNT)
        faults[count++] =
            (struct repeat_policy_fault){"in_90_days", "must be 2 to 1000 complaints"};
    if (policy->in_12_months < policy->in_90_days || policy->in_12_months > MAX_COUNT)
        faults[count++] = (struct repeat_policy_fault){
            "in_12_months", "must be at most 1000 and not less than in_90_days"};
    return count;
}

/* The day on which one of that day is no longer within 12 months. */
static int32_t leaves_year(int32_t day)
{
    int32_t leaves = day_add_months(day, REPEAT_MONTHS);

    /* 29 February: its year is over on the first day whose own year ago is not before it. */
    while (day_add_months(leaves, -REPEAT_MONTHS) < day)
        leaves++;
    return leaves;
}

static void note_leaving(struct repeat_standing *standing, int32_t day)
{
    if (day < standing->next_day)
        standing->next_day = day;
}

static void add_counted(struct repeat_standing *standing, const struct repeat_case *one,
                        int32_t today)
{
    if (today < leaves_year(one->day)) {
        standing->in_12_months++;
        standing->our_fault_in_12_months += one->fault == FAULT_OF_COMPANY;
        note_leaving(standing, leaves_year(one->day));
    }
    if (today < one->day + REPEAT_DAYS) {
        standing->in_90_days++;
        note_leaving(standing, one->day + REPEAT_DAYS);
    }
}

struct repeat_standing repeat_count(const struct repeat_case *cases, size_t count, int32_t today,
                                    const struct repeat_policy *policy)
{
    struct repeat_standing standing = {.total = (uint32_t)count, .next_day = REPEAT_NEVER};

    for (size_t i = 0; i < count; i++) {
        bool is_open = !case_is_ended(cases[i].state);

        standing.open += is_open;
        standing.has_serious_open =
            standing.has_serious_open || (is_open && severity_is_reported(cases[i].severity));
        if (case_is_counted(cases[i].kind, cases[i].state))
            add_counted(&standing, &cases[i], today);
    }
    standing.is_repeat =
        standing.in_90_days >= policy->in_90_days || standing.in_12_months >= policy->in_12_months;
    return standing;
}

void repeat_tell(const struct repeat_standing *standing, enum telling_language language,
                 char out[REPEAT_TEXT_BYTES])
{
    struct telling telling = telling_begin(out, REPEAT_TEXT_BYTES, language);

    if (standing->is_repeat)
        telling_say(&telling,
                    "多次投诉客户(请优先解决):", "repeat complainant (please solve it first): ");
    else
        telling_say(&telling, "不是多次投诉客户:", "no repeat complainant: ");
    telling_say(&telling, "近90天", "");
    telling_say_count(&telling, standing->in_90_days);
    telling_say(&telling, "件,近12个月", " in 90 days, ");
    telling_say_count(&telling, standing->in_12_months);
    telling_say(&telling, "件", " in 12 months");
    if (standing->in_12_months == 0)
        return;
    telling_say(&telling, ",其中公司责任", ", of which our fault ");
    telling_say_count(&telling, standing->our_fault_in_12_months);
    telling_say(&telling, "件(", " (");
    telling_say_share(&telling,
                      (int64_t)standing->our_fault_in_12_months * 1000000 / standing->in_12_months);
    telling_say(&telling, ")", ")");
}
