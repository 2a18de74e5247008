#include "services/customers/domain/people_policy.h"

#include <string.h>

#include "services/customers/domain/contact.h"

#define MAX_WEIGHT 100
#define MAX_POINTS 5
#define MAX_STAFF 1000000

static const char *const weight_fields[DEALER_CRITERIA] = {
    "attitude_weight",         "action_weight",   "flexibility_weight",
    "downstream_count_weight", "coverage_weight", "downstream_relation_weight",
    "capital_weight"};

struct people_policy people_policy_standard(void)
{
    return (struct people_policy){
        .dealer = {.weights = {20, 30, 10, 10, 10, 10, 10},
                   .false_attitude_from = 4,
                   .false_action_to = 2},
        .large_staff_from = 300,
    };
}

bool people_policy_allows(const struct people_policy *policy, const char *field)
{
    for (size_t i = 0; i < policy->sensitive_count; i++)
        if (strcmp(policy->sensitive_fields[i], field) == 0)
            return true;
    return false;
}

struct checking {
    struct people_policy_fault *faults;
    size_t count;
};

static void add(struct checking *checking, bool is_wrong, const char *field, const char *why)
{
    if (is_wrong && checking->count < PEOPLE_POLICY_FAULTS)
        checking->faults[checking->count++] = (struct people_policy_fault){field, why};
}

size_t people_policy_check(const struct people_policy *policy,
                           struct people_policy_fault faults[PEOPLE_POLICY_FAULTS])
{
    struct checking checking = {faults, 0};

    for (size_t i = 0; i < policy->sensitive_count; i++) {
        const char *field = policy->sensitive_fields[i];

        add(&checking, !contact_word(contact_sensitive, (struct text){field, strlen(field)}),
            "sensitive_fields",
            "must be of family, native_place, school, major, interests, hobbies, marital_status, "
            "children, income_level and character");
    }
    for (int i = 0; i < DEALER_CRITERIA; i++)
        add(&checking, policy->dealer.weights[i] > MAX_WEIGHT, weight_fields[i],
            "must be from 1 to 100");
    add(&checking, policy->dealer.false_attitude_from > MAX_POINTS, "false_attitude_from",
        "must be from 1 to 5");
    add(&checking, policy->dealer.false_action_to > MAX_POINTS, "false_action_to",
        "must be from 1 to 5");
    add(&checking, policy->large_staff_from > MAX_STAFF, "large_staff_from",
        "must be from 1 to 1000000");
    return checking.count;
}
