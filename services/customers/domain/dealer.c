#include "services/customers/domain/dealer.h"

#include <string.h>

#include "common/pure/text.h"

#define MILLION INT64_C(1000000)

const char *const dealer_criterion_names[DEALER_CRITERIA] = {"enthusiasm_attitude",
                                                             "enthusiasm_action",
                                                             "flexibility",
                                                             "downstream_count",
                                                             "coverage",
                                                             "downstream_relation",
                                                             "capital"};
const char *const dealer_reasons[] = {"false_enthusiasm", "no_payment", "breach", "no_results",
                                      "closed_down",      "conflict",   "other",  NULL};

int64_t dealer_total(const uint32_t points[DEALER_CRITERIA], const struct dealer_policy *policy)
{
    int64_t sum = 0, weights = 0;

    for (int i = 0; i < DEALER_CRITERIA; i++) {
        sum += (int64_t)points[i] * policy->weights[i];
        weights += policy->weights[i];
    }
    return weights > 0 ? (sum * MILLION + weights / 2) / weights : 0;
}

bool dealer_is_false_enthusiasm(const uint32_t points[DEALER_CRITERIA],
                                const struct dealer_policy *policy)
{
    return points[DEALER_ATTITUDE] >= policy->false_attitude_from &&
           points[DEALER_ACTION] <= policy->false_action_to;
}

const char *dealer_check_decision(const char *decision, struct text proposer, struct text by,
                                  bool has_note)
{
    bool is_own = text_compare(proposer, by) == 0;

    if (strcmp(decision, "withdrawn") == 0)
        return is_own ? NULL : "is for the proposer alone: another person approves or rejects";
    if (is_own)
        return "is for another person than the proposer, who may only withdraw";
    if (strcmp(decision, "rejected") == 0 && !has_note)
        return "needs a note that says why";
    return NULL;
}

int64_t dealer_kept(int64_t at_begin, int64_t given_up)
{
    if (at_begin <= 0)
        return 0;
    return ((at_begin - given_up) * MILLION + at_begin / 2) / at_begin;
}
