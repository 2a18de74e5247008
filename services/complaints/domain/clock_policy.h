/*
 * Policy "targets": how long each clock of a case has, by priority; when it warns, how long it may
 * stand still and how often be extended (R68, R69, N16; BEHAVIOUR §2). A policy in which a higher
 * priority is due later is refused.
 */
#ifndef KEHU_COMPLAINTS_CLOCK_POLICY_H
#define KEHU_COMPLAINTS_CLOCK_POLICY_H

#include "services/complaints/domain/clock_term.h"
#include "services/complaints/domain/severity.h"

enum clock_kind {
    CLOCK_KIND_IS_NONE = 0,
    CLOCK_AUTO_ACKNOWLEDGE = 1,
    CLOCK_ACKNOWLEDGE = 2,
    CLOCK_FIRST_RESPONSE = 3,
    CLOCK_PROGRESS = 4,
    CLOCK_RESOLUTION = 5,
    CLOCK_CONFIRMATION = 6,
    CLOCK_REGULATORY = 7, /* the authority's term: never paused, never extended by us */
    CLOCK_ACTION = 8,     /* its own date; no target */
};
#define CLOCK_KINDS 9

const char *clock_kind_name(enum clock_kind kind); /* "first_response"; of NONE "" */
enum clock_kind clock_kind_read(struct text name); /* NONE: there is none of this name */
const char *clock_kind_label(enum clock_kind kind, enum telling_language language); /* 首次答复 */

struct clock_policy {
    /* Of all kinds but ACTION; LOW is not looked at, it uses the clocks of NORMAL. */
    struct clock_term targets[CLOCK_KINDS][PRIORITIES];
    uint32_t warn_first_percent;  /* of the time: colours */
    uint32_t warn_percent;        /* tells the handler */
    uint32_t pause_limit_minutes; /* of all pauses of a clock together, in its own measure */
    uint32_t max_extensions;
    uint32_t reopen_days;
    uint32_t confirmation_sample_percent; /* of service requests */
};

/* The built-in one: the table of BEHAVIOUR §2; 50 % and 80 %; 37.5 business hours (five working
 * days); two extensions; 14 days; a fifth of the service requests is asked. */
struct clock_policy clock_policy_standard(void);
/* Where a term, percentage or number is unset (zeroes) the standard's. */
struct clock_policy clock_policy_complete(const struct clock_policy *given);

/* The term of a clock; `kind` is not ACTION. LOW and NONE are as NORMAL. */
const struct clock_term *clock_policy_term(const struct clock_policy *policy, enum clock_kind kind,
                                           enum priority priority);

#define CLOCK_POLICY_FAULTS 20
struct clock_policy_fault {
    const char *field; /* "targets", "warn_percent" */
    const char *why;
    enum clock_kind kind; /* of a target */
    enum priority priority;
    int64_t example_us; /* a start from which the higher priority is due later; 0: none is needed */
};
/*
 * What is wrong with a policy that has no unset fields, on this calendar: at most
 * CLOCK_POLICY_FAULTS; 0: it may be applied. "Due later" is tried from every half hour of the four
 * weeks from `from_us`, since minutes, working days and the wall clock do not compare by
 * themselves.
 */
size_t clock_policy_check(const struct clock_policy *policy, const struct calendar *calendar,
                          int64_t from_us, struct clock_policy_fault faults[CLOCK_POLICY_FAULTS]);

#endif
