#include "services/complaints/domain/clock_policy.h"

#include <string.h>

#define MAX_MINUTES 525600 /* a year */
#define MAX_DAYS 366
#define MAX_EXTENSIONS 10
#define TRIED_DAYS 28
#define TRIED_STEP_US (30 * MINUTE_US)

static const char *const names[CLOCK_KINDS][3] = {
    [CLOCK_KIND_IS_NONE] = {"", "", ""},
    [CLOCK_AUTO_ACKNOWLEDGE] = {"auto_acknowledge", "自动回执", "automatic acknowledgement"},
    [CLOCK_ACKNOWLEDGE] = {"acknowledge", "受理", "acknowledgement"},
    [CLOCK_FIRST_RESPONSE] = {"first_response", "首次答复", "first response"},
    [CLOCK_PROGRESS] = {"progress", "进展反馈", "progress report"},
    [CLOCK_RESOLUTION] = {"resolution", "处理答复", "resolution"},
    [CLOCK_CONFIRMATION] = {"confirmation", "回访", "confirmation"},
    [CLOCK_REGULATORY] = {"regulatory", "监管部门期限", "regulatory"},
    [CLOCK_ACTION] = {"action", "整改措施", "action"},
};

const char *clock_kind_name(enum clock_kind kind)
{
    return (size_t)kind < CLOCK_KINDS ? names[kind][0] : "";
}

const char *clock_kind_label(enum clock_kind kind, enum telling_language language)
{
    return (size_t)kind < CLOCK_KINDS ? names[kind][language] : "";
}

enum clock_kind clock_kind_read(struct text name)
{
    for (size_t i = 1; i < CLOCK_KINDS; i++)
        if (name.bytes == strlen(names[i][0]) && memcmp(name.at, names[i][0], name.bytes) == 0)
            return (enum clock_kind)i;
    return CLOCK_KIND_IS_NONE;
}

#define MINUTES(count)                                                                             \
    {                                                                                              \
        .minutes = (count)                                                                         \
    }
#define WALL(count)                                                                                \
    {                                                                                              \
        .minutes = (count), .is_wall = true                                                        \
    }
#define WORKING_DAYS(count)                                                                        \
    {                                                                                              \
        .working_days = (count)                                                                    \
    }
#define SAME(term)                                                                                 \
    {                                                                                              \
        [PRIORITY_NORMAL] = term, [PRIORITY_HIGH] = term, [PRIORITY_URGENT] = term                 \
    }

static const struct clock_policy standard = {
    .targets =
        {
            [CLOCK_AUTO_ACKNOWLEDGE] = SAME(WALL(15)),
            [CLOCK_ACKNOWLEDGE] = {[PRIORITY_NORMAL] = MINUTES(120),
                                   [PRIORITY_HIGH] = MINUTES(60),
                                   [PRIORITY_URGENT] = WALL(30)},
            [CLOCK_FIRST_RESPONSE] = {[PRIORITY_NORMAL] = WORKING_DAYS(1),
                                      [PRIORITY_HIGH] = MINUTES(240),
                                      [PRIORITY_URGENT] = WALL(120)},
            [CLOCK_PROGRESS] = {[PRIORITY_NORMAL] = WORKING_DAYS(2),
                                [PRIORITY_HIGH] = WORKING_DAYS(1),
                                [PRIORITY_URGENT] = {.minutes = 240,
                                                     .from_min = 8 * 60,
                                                     .to_min = 21 * 60}},
            [CLOCK_RESOLUTION] = {[PRIORITY_NORMAL] = WORKING_DAYS(5),
                                  [PRIORITY_HIGH] = WORKING_DAYS(3),
                                  [PRIORITY_URGENT] = WORKING_DAYS(1)},
            [CLOCK_CONFIRMATION] = SAME(WORKING_DAYS(2)),
            [CLOCK_REGULATORY] = SAME(WORKING_DAYS(10)),
        },
    .warn_first_percent = 50,
    .warn_percent = 80,
    .pause_limit_minutes = 5 * 450,
    .max_extensions = 2,
    .reopen_days = 14,
    .confirmation_sample_percent = 20,
};

struct clock_policy clock_policy_standard(void)
{
    return standard;
}

static void complete(uint32_t *value, uint32_t by)
{
    if (*value == 0)
        *value = by;
}

struct clock_policy clock_policy_complete(const struct clock_policy *given)
{
    struct clock_policy policy = *given;

    for (int kind = CLOCK_AUTO_ACKNOWLEDGE; kind < CLOCK_ACTION; kind++)
        for (int priority = PRIORITY_NORMAL; priority <= PRIORITY_URGENT; priority++)
            if (!policy.targets[kind][priority].minutes &&
                !policy.targets[kind][priority].working_days)
                policy.targets[kind][priority] = standard.targets[kind][priority];
    complete(&policy.warn_first_percent, standard.warn_first_percent);
    complete(&policy.warn_percent, standard.warn_percent);
    complete(&policy.pause_limit_minutes, standard.pause_limit_minutes);
    complete(&policy.max_extensions, standard.max_extensions);
    complete(&policy.reopen_days, standard.reopen_days);
    complete(&policy.confirmation_sample_percent, standard.confirmation_sample_percent);
    return policy;
}

const struct clock_term *clock_policy_term(const struct clock_policy *policy, enum clock_kind kind,
                                           enum priority priority)
{
    return &policy->targets[kind][priority < PRIORITY_NORMAL ? PRIORITY_NORMAL : priority];
}

/* Where faults are gathered. */
struct check {
    struct clock_policy_fault *faults;
    size_t count;
};

static void add(struct check *check, struct clock_policy_fault fault)
{
    if (check->count < CLOCK_POLICY_FAULTS)
        check->faults[check->count++] = fault;
}

static const char *term_flaw(const struct clock_term *term)
{
    bool has_hours = term->from_min != 0 || term->to_min != 0;

    if ((term->minutes > 0) == (term->working_days > 0))
        return "must have either minutes or working_days";
    if (term->minutes > MAX_MINUTES || term->working_days > MAX_DAYS)
        return "must be at most 525600 minutes or 366 working days";
    if (term->working_days > 0 && (term->is_wall || has_hours))
        return "working days have neither wall_clock nor hours";
    if (has_hours && (term->from_min < 0 || term->to_min > 1440 || term->from_min >= term->to_min))
        return "hours must be from 00:00 to 24:00 and end after they begin";
    return NULL;
}

static void check_numbers(struct check *check, const struct clock_policy *policy)
{
    const struct {
        bool is_right;
        const char *field, *why;
    } rules[] = {
        {policy->warn_first_percent >= 1 && policy->warn_first_percent < policy->warn_percent,
         "warn_first_percent", "must be at least 1 and less than warn_percent"},
        {policy->warn_percent >= 2 && policy->warn_percent <= 99, "warn_percent",
         "must be 2 to 99 per cent of the time"},
        {policy->pause_limit_minutes >= 1 && policy->pause_limit_minutes <= MAX_MINUTES,
         "pause_limit_minutes", "must be 1 to 525600 minutes of business time"},
        {policy->max_extensions >= 1 && policy->max_extensions <= MAX_EXTENSIONS, "max_extensions",
         "must be 1 to 10"},
        {policy->reopen_days >= 1 && policy->reopen_days <= MAX_DAYS, "reopen_days",
         "must be 1 to 366 days"},
        {policy->confirmation_sample_percent >= 1 && policy->confirmation_sample_percent <= 100,
         "confirmation_sample_percent", "must be 1 to 100"},
    };

    for (size_t i = 0; i < COUNT_OF(rules); i++)
        if (!rules[i].is_right)
            add(check, (struct clock_policy_fault){.field = rules[i].field, .why = rules[i].why});
}

static bool is_same_unit(const struct clock_term *a, const struct clock_term *b)
{
    return (a->working_days > 0) == (b->working_days > 0) && a->is_wall == b->is_wall &&
           a->from_min == b->from_min && a->to_min == b->to_min;
}

/* Whether there is a start from which the higher one is due later, and which. */
static bool is_later(const struct clock_term *higher, const struct clock_term *lower,
                     const struct calendar *calendar, int64_t from_us, int64_t *example_us)
{
    const struct clock_measure of_higher = {*higher, calendar}, of_lower = {*lower, calendar};

    if (is_same_unit(higher, lower) && higher->minutes <= lower->minutes &&
        higher->working_days <= lower->working_days)
        return false;
    from_us -= from_us % TRIED_STEP_US;
    for (int64_t at_us = from_us; at_us < from_us + TRIED_DAYS * DAY_US; at_us += TRIED_STEP_US) {
        int64_t higher_us, lower_us;

        if (!clock_term_due(&of_lower, at_us, &lower_us))
            continue;
        if (!clock_term_due(&of_higher, at_us, &higher_us) || higher_us > lower_us) {
            *example_us = at_us;
            return true;
        }
    }
    return false;
}

static void check_kind(struct check *check, const struct clock_policy *policy, enum clock_kind kind,
                       const struct calendar *calendar, int64_t from_us)
{
    bool is_sound = true;

    for (int priority = PRIORITY_NORMAL; priority <= PRIORITY_URGENT; priority++) {
        const char *why = term_flaw(&policy->targets[kind][priority]);

        if (why)
            add(check, (struct clock_policy_fault){.field = "targets",
                                                   .why = why,
                                                   .kind = kind,
                                                   .priority = (enum priority)priority});
        is_sound = is_sound && !why;
    }
    for (int priority = PRIORITY_HIGH; is_sound && priority <= PRIORITY_URGENT; priority++) {
        int64_t example_us = 0;

        if (is_later(&policy->targets[kind][priority], &policy->targets[kind][priority - 1],
                     calendar, from_us, &example_us))
            add(check, (struct clock_policy_fault){
                           .field = "targets",
                           .why = "a higher priority must not be due later than a lower one",
                           .kind = kind,
                           .priority = (enum priority)priority,
                           .example_us = example_us});
    }
}

size_t clock_policy_check(const struct clock_policy *policy, const struct calendar *calendar,
                          int64_t from_us, struct clock_policy_fault faults[CLOCK_POLICY_FAULTS])
{
    struct check check = {faults, 0};

    check_numbers(&check, policy);
    for (int kind = CLOCK_AUTO_ACKNOWLEDGE; kind < CLOCK_ACTION; kind++)
        check_kind(&check, policy, (enum clock_kind)kind, calendar, from_us);
    return check.count;
}
