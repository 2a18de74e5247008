/*
 * How grave a case is, and how urgent for whom (R69, R76). Severity is the maximum of its facts;
 * priority is severity, one step up for A, key account and VIP. Clocks and queue follow priority,
 * the serious-case report and the hold on greetings follow severity.
 */
#ifndef KEHU_COMPLAINTS_SEVERITY_H
#define KEHU_COMPLAINTS_SEVERITY_H

#include "services/complaints/domain/case.h"

enum severity {
    SEVERITY_IS_NONE = 0, /* of a fact: nothing was said about it */
    SEVERITY_MINOR = 1,
    SEVERITY_ORDINARY = 2,
    SEVERITY_SERIOUS = 3,
    SEVERITY_CRITICAL = 4,
};
#define SEVERITIES 5

enum priority {
    PRIORITY_IS_NONE = 0,
    PRIORITY_LOW = 1, /* uses the clocks of normal */
    PRIORITY_NORMAL = 2,
    PRIORITY_HIGH = 3,
    PRIORITY_URGENT = 4,
};
#define PRIORITIES 5

const char *severity_name(enum severity severity); /* "serious"; of NONE "" */
const char *severity_label(enum severity severity, enum telling_language language);
const char *severity_priority_name(enum priority priority); /* "urgent" */
const char *severity_priority_label(enum priority priority, enum telling_language language);

struct severity_policy {
    int64_t serious_from_micros, critical_from_micros; /* amount in dispute, business currency */
    uint32_t recurrence_days;                          /* how far back cases count as recurring */
    uint32_t recurrences_serious; /* so many of one customer and cause, or of one batch, this one
                                     counted, make it serious */
};
/* ¥10,000 serious, ¥100,000 critical; the third in 90 days. */
struct severity_policy severity_policy_standard(void);

struct severity_fault {
    const char *field, *why;
};
#define SEVERITY_FAULTS 8
/* What is wrong with a policy that has no unset fields; how much. */
size_t severity_policy_check(const struct severity_policy *policy,
                             struct severity_fault faults[SEVERITY_FAULTS]);

struct severity_facts {
    enum case_kind kind;
    enum severity safety, legal_or_media;
    int64_t amount_micros; /* in the business currency; 0: none, or of a currency without a rate */
    uint32_t recurrences;  /* earlier ones within the policy's days (recurrence.h) */
};

/* The maximum of what was said. Of a case of which nothing was said: a complaint is ordinary,
 * everything else minor. */
enum severity severity_of(const struct severity_facts *facts, const struct severity_policy *policy);

/* What each fact alone comes to; NONE: nothing. */
enum severity severity_of_amount(int64_t micros, const struct severity_policy *policy);
enum severity severity_of_recurrence(uint32_t earlier, const struct severity_policy *policy);

/* Why a customer's cases go one step up. */
struct severity_customer {
    char grade; /* 'A'; ' ': none, or not known */
    bool is_key_account, is_vip;
};
enum priority severity_priority(enum severity severity, const struct severity_customer *customer);

/* Told to the manager at once, apart from the daily report (R76): serious and critical. */
bool severity_is_reported(enum severity severity);

/* A serious complaint would be serious no longer, and free of what its closing takes: decided by a
 * manager who is not its handler. */
bool severity_is_lifted(enum case_kind kind, enum severity before, enum severity after);

#define SEVERITY_TEXT_BYTES 1024
/* "优先级高:严重程度一般,A级客户提高一级" and which facts made it so. Terminated. */
void severity_tell(const struct severity_facts *facts, const struct severity_policy *policy,
                   const struct severity_customer *customer, const char *currency,
                   enum telling_language language, char out[SEVERITY_TEXT_BYTES]);

#endif
