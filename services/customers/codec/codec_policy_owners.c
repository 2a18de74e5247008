/*
 * The policies about who looks after whom: owner rules, service plans, the public pool.
 */
#include <string.h>

#include "common/pure/text.h"
#include "common/pure/utf8.h"
#include "kehu/customers/v1/policies.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_policy.h"
#include "services/customers/domain/staff.h"

_Static_assert((int)OWNER_CHOICE_IS_FIRST ==
                       KEHU__CUSTOMERS__V1__OWNER_RULE_CHOICE__OWNER_RULE_CHOICE_FIRST &&
                   (int)OWNER_CHOICE_IS_ROUND_ROBIN ==
                       KEHU__CUSTOMERS__V1__OWNER_RULE_CHOICE__OWNER_RULE_CHOICE_ROUND_ROBIN,
               "choices have the same numbers on the wire");

/* Texts of the document as the domain has them; empty when the arena is full. */
static struct owner_words words_of(char *const *list, size_t count, struct arena *arena)
{
    struct text *words = arena_take_array(arena, count, sizeof(*words));

    for (size_t i = 0; words && i < count; i++)
        words[i] = codec_check_text_of(list[i]);
    return (struct owner_words){words, words ? count : 0};
}

bool codec_policy_take_owners(ProtobufCMessage *document, struct arena *arena,
                              struct codec_policy *out)
{
    Kehu__Customers__V1__OwnerPolicy *policy = (Kehu__Customers__V1__OwnerPolicy *)document;
    struct owner_rule *rules = arena_take_array(arena, policy->n_rules, sizeof(*rules));

    for (size_t i = 0; rules && i < policy->n_rules; i++) {
        Kehu__Customers__V1__OwnerRule *rule = policy->rules[i];

        if (!rule->choice)
            rule->choice = KEHU__CUSTOMERS__V1__OWNER_RULE_CHOICE__OWNER_RULE_CHOICE_FIRST;
        rules[i] = (struct owner_rule){
            .name = codec_check_text_of(rule->name),
            .regions = words_of(rule->regions, rule->n_regions, arena),
            .grades = words_of(rule->grades, rule->n_grades, arena),
            .parties = words_of(rule->party_types, rule->n_party_types, arena),
            .natures = words_of(rule->natures, rule->n_natures, arena),
            .staff = words_of(rule->staff, rule->n_staff, arena),
            .team = words_of(rule->team, rule->n_team, arena),
            .choice = (enum owner_choice)rule->choice,
            .capacity = rule->capacity,
        };
    }
    out->owners = (struct owner_rules){rules, policy->n_rules};
    return !arena_is_full(arena);
}

bool codec_policy_take_plans(ProtobufCMessage *document, struct arena *arena,
                             struct codec_policy *out)
{
    Kehu__Customers__V1__ServicePlanPolicy *policy =
        (Kehu__Customers__V1__ServicePlanPolicy *)document;
    struct service_plan *plans = arena_take_array(arena, policy->n_plans, sizeof(*plans));

    for (size_t i = 0; plans && i < policy->n_plans; i++) {
        const Kehu__Customers__V1__ServicePlan *plan = policy->plans[i];
        struct owner_words measures = words_of(plan->measures, plan->n_measures, arena);
        struct owner_words privileges = words_of(plan->privileges, plan->n_privileges, arena);

        plans[i] = (struct service_plan){
            .grade = codec_check_text_of(plan->grade),
            .measures = measures.list,
            .measure_count = measures.count,
            .privileges = privileges.list,
            .privilege_count = privileges.count,
            .cadence_months = plan->cadence_months,
            .deep_only = plan->deep_only,
        };
    }
    out->plans = (struct service_plans){plans, policy->n_plans};
    return !arena_is_full(arena);
}

void codec_policy_take_pool(ProtobufCMessage *document, struct codec_policy *out)
{
    Kehu__Customers__V1__PoolPolicy *policy = (Kehu__Customers__V1__PoolPolicy *)document;
    struct pool_policy standard = pool_policy_standard();

    if (!policy->idle_days)
        policy->idle_days = standard.idle_days;
    if (!policy->warning_days)
        policy->warning_days = standard.warning_days;
    if (!policy->picks_a_day)
        policy->picks_a_day = standard.picks_a_day;
    if (!policy->lockout_days)
        policy->lockout_days = standard.lockout_days;
    out->pool = (struct pool_policy){policy->enabled, policy->idle_days, policy->warning_days,
                                     policy->picks_a_day, policy->lockout_days};
}

/* --- checks --- */

/* Where in a document faults are found. */
struct place {
    const char *path; /* "policy.owners.rules[2]" */
    struct arena *arena;
    struct policy_faults *faults;
};

static void require(const struct place *place, bool is_right, const char *field, const char *why)
{
    if (!is_right)
        policy_faults_add(place->faults, arena_print(place->arena, "%s.%s", place->path, field),
                          why);
}

static bool is_repeated(const struct owner_words *words, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (text_compare(words->list[i], words->list[at]) == 0)
            return true;
    return false;
}

static void check_words(const struct place *place, const struct owner_words *words, size_t max,
                        bool (*is_right)(struct text word), const char *field, const char *why)
{
    require(place, words->count <= max, field, "has too many elements");
    for (size_t i = 0; i < words->count && i < max; i++) {
        const char *element = arena_print(place->arena, "%s[%zu]", field, i);

        require(place, is_right(words->list[i]), element, why);
        require(place, !is_repeated(words, i), element, "stands here twice");
    }
}

static bool is_one_of(struct text word, const char *a, const char *b)
{
    return text_compare(word, codec_check_text_of(a)) == 0 ||
           text_compare(word, codec_check_text_of(b)) == 0;
}

static bool is_region(struct text word)
{
    return word.bytes > 0 && utf8_count(word) <= 200;
}

static bool is_party(struct text word)
{
    return is_one_of(word, "customer", "channel");
}

static bool is_nature(struct text word)
{
    return is_one_of(word, "organisation", "person");
}

static void check_rule(const struct place *place, const struct owner_rules *rules, size_t at)
{
    const struct owner_rule *rule = &rules->list[at];

    require(place, staff_is_code(rule->name), "name", "must be " STAFF_CODE_FORM);
    for (size_t i = 0; i < at; i++)
        require(place, text_compare(rules->list[i].name, rule->name) != 0, "name",
                "is the name of another rule");
    check_words(place, &rule->regions, OWNER_RULES_MAX_WORDS, is_region, "regions",
                "must be a region's code, or the name of an unmapped one, of 1 to 200 characters");
    check_words(place, &rule->grades, SERVICE_PLANS, service_plan_is_grade, "grades",
                "must be A, B, C or none");
    check_words(place, &rule->parties, 2, is_party, "party_types", "must be customer or channel");
    check_words(place, &rule->natures, 2, is_nature, "natures", "must be organisation or person");
    require(place, rule->staff.count > 0, "staff", "is missing: name at least one person");
    check_words(place, &rule->staff, OWNER_RULES_MAX_STAFF, staff_is_code, "staff",
                "must be a code of the staff directory, such as li.na");
    check_words(place, &rule->team, OWNER_MAX_TEAM, staff_is_code, "team",
                "must be a code of the staff directory, such as li.na");
}

void codec_policy_check_owners(const struct codec_policy *policy, const char *path,
                               struct arena *arena, struct policy_faults *faults)
{
    const struct owner_rules *rules = &policy->owners;

    if (rules->count > OWNER_RULES_MAX) {
        policy_faults_add(faults, arena_print(arena, "%s.owners.rules", path),
                          "must be at most 200 rules");
        return;
    }
    for (size_t i = 0; i < rules->count; i++) {
        const struct place place = {arena_print(arena, "%s.owners.rules[%zu]", path, i), arena,
                                    faults};

        check_rule(&place, rules, i);
    }
}

static void check_plan(const struct place *place, const struct service_plans *plans, size_t at)
{
    const struct service_plan *plan = &plans->list[at];
    const struct owner_words measures = {plan->measures, plan->measure_count};
    const struct owner_words privileges = {plan->privileges, plan->privilege_count};

    require(place, service_plan_is_grade(plan->grade), "grade", "must be A, B, C or none");
    for (size_t i = 0; i < at; i++)
        require(place, text_compare(plans->list[i].grade, plan->grade) != 0, "grade",
                "has a plan already");
    require(place, plan->cadence_months <= SERVICE_PLAN_MAX_CADENCE, "cadence_months",
            "must be at most 12 months");
    check_words(place, &measures, SERVICE_PLAN_MAX_ITEMS, service_plan_is_code, "measures",
                "must be 1 to 40 of a-z, 0-9, dot, underscore and hyphen");
    check_words(place, &privileges, SERVICE_PLAN_MAX_ITEMS, service_plan_is_code, "privileges",
                "must be 1 to 40 of a-z, 0-9, dot, underscore and hyphen");
}

void codec_policy_check_plans(const struct codec_policy *policy, const char *path,
                              struct arena *arena, struct policy_faults *faults)
{
    const struct service_plans *plans = &policy->plans;

    for (size_t i = 0; i < plans->count && i <= SERVICE_PLANS; i++) {
        const struct place place = {arena_print(arena, "%s.service_plan.plans[%zu]", path, i),
                                    arena, faults};

        check_plan(&place, plans, i);
    }
}

void codec_policy_check_pool(const struct codec_policy *policy, const char *path,
                             struct arena *arena, struct policy_faults *faults)
{
    struct pool_policy_fault found[POOL_POLICY_FIELDS];
    size_t count = pool_policy_check(&policy->pool, found);

    for (size_t i = 0; i < count; i++)
        policy_faults_add(faults, arena_print(arena, "%s.pool.%s", path, found[i].field),
                          found[i].why);
}
