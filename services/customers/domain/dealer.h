/*
 * How an agent or dealer is judged (R37): enthusiasm first, attitude and action, then ability. Much
 * attitude with little action is false enthusiasm, often the beginning of fraud (R38).
 */
#ifndef KEHU_CUSTOMERS_DEALER_H
#define KEHU_CUSTOMERS_DEALER_H

#include "common/base.h"
#include "common/pure/day.h"

#define DEALER_MAX_TEXT 1000
#define DEALER_MAX_NOTE 500
#define DEALER_NO_DAY DAY_NONE
#define DEALER_NO_NUMBER INT64_C(-1)

enum dealer_criterion {
    DEALER_ATTITUDE,
    DEALER_ACTION, /* payment, staff and vehicles made ready */
    DEALER_FLEXIBILITY,
    DEALER_DOWNSTREAM_COUNT,
    DEALER_COVERAGE,
    DEALER_DOWNSTREAM_RELATION,
    DEALER_CAPITAL,
    DEALER_CRITERIA,
};
extern const char *const dealer_criterion_names[DEALER_CRITERIA];

/* Why one is given up; ended by NULL. */
extern const char *const dealer_reasons[];
#define DEALER_REASON_WORDS                                                                        \
    "false_enthusiasm, no_payment, breach, no_results, closed_down, conflict or other"

/* Policy "people", completed. */
struct dealer_policy {
    uint32_t weights[DEALER_CRITERIA]; /* 1..100 */
    uint32_t false_attitude_from, false_action_to;
};

/* Points are 1..5; the weighted mean in millionths, rounded half up. */
int64_t dealer_total(const uint32_t points[DEALER_CRITERIA], const struct dealer_policy *policy);
bool dealer_is_false_enthusiasm(const uint32_t points[DEALER_CRITERIA],
                                const struct dealer_policy *policy);

/* May `by` decide so what `proposer` proposed? The end of a sentence when not; NULL: he may. */
const char *dealer_check_decision(const char *decision, struct text proposer, struct text by,
                                  bool has_note);

/* Share of those at the begin who were kept, in millionths; 0 of nobody. */
int64_t dealer_kept(int64_t at_begin, int64_t given_up);

#endif
