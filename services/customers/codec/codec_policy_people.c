/*
 * The policy about people: sensitive values, the scorecard of dealers, large customers.
 */
#include "kehu/customers/v1/policies.pb-c.h"
#include "services/customers/codec/codec_policy.h"

void codec_policy_take_people(ProtobufCMessage *document, struct codec_policy *out)
{
    Kehu__Customers__V1__PeoplePolicy *policy = (Kehu__Customers__V1__PeoplePolicy *)document;
    struct people_policy people = people_policy_standard();
    struct {
        uint32_t *wire, *said;
    } const pairs[] = {
        {&policy->attitude_weight, &people.dealer.weights[DEALER_ATTITUDE]},
        {&policy->action_weight, &people.dealer.weights[DEALER_ACTION]},
        {&policy->flexibility_weight, &people.dealer.weights[DEALER_FLEXIBILITY]},
        {&policy->downstream_count_weight, &people.dealer.weights[DEALER_DOWNSTREAM_COUNT]},
        {&policy->coverage_weight, &people.dealer.weights[DEALER_COVERAGE]},
        {&policy->downstream_relation_weight, &people.dealer.weights[DEALER_DOWNSTREAM_RELATION]},
        {&policy->capital_weight, &people.dealer.weights[DEALER_CAPITAL]},
        {&policy->false_attitude_from, &people.dealer.false_attitude_from},
        {&policy->false_action_to, &people.dealer.false_action_to},
        {&policy->large_staff_from, &people.large_staff_from},
    };

    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        if (!*pairs[i].wire)
            *pairs[i].wire = *pairs[i].said;
        *pairs[i].said = *pairs[i].wire;
    }
    people.sensitive_fields = policy->sensitive_fields;
    people.sensitive_count = policy->n_sensitive_fields;
    out->people = people;
}

void codec_policy_check_people(const struct codec_policy *policy, const char *path,
                               struct arena *arena, struct policy_faults *faults)
{
    struct people_policy_fault found[PEOPLE_POLICY_FAULTS];
    size_t count = people_policy_check(&policy->people, found);

    for (size_t i = 0; i < count; i++)
        policy_faults_add(faults, arena_print(arena, "%s.people.%s", path, found[i].field),
                          found[i].why);
}
