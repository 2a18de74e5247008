/* Owners: who may take a customer, what the rules say, when the pool takes him, what becomes of a
 * handover. */
#include "services/customers/domain/owner_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "services/customers/domain/briefing.h"
#include "services/customers/domain/handover.h"
#include "services/customers/domain/pool.h"
#include "services/customers/domain/service_plan.h"

#define NOW (INT64_C(1790000000) * SECOND_US)

static struct owner_person person(uint8_t id, const char *code)
{
    return (struct owner_person){.id = {{id}},
                                 .code = {code, strlen(code)},
                                 .name = {code, strlen(code)},
                                 .may_own = true,
                                 .capacity = INT64_MAX};
}

/* --- who may be the owner --- */

static void who_left_or_is_absent_without_a_deputy_takes_nobody(void **state)
{
    struct owner_person li = person(1, "li");

    (void)state;
    assert_int_equal(owner_may_take(NULL), OWNER_IS_UNKNOWN);
    assert_int_equal(owner_may_take(&li), OWNER_TAKES);
    li.is_absent = true;
    assert_int_equal(owner_may_take(&li), OWNER_IS_ABSENT);
    li.has_deputy = true;
    assert_int_equal(owner_may_take(&li), OWNER_TAKES);
    li.has_left = true;
    assert_int_equal(owner_may_take(&li), OWNER_HAS_LEFT);
}

static void who_has_no_role_with_customers_takes_nobody(void **state)
{
    struct owner_person auditor = person(1, "sun.li");

    (void)state;
    auditor.may_own = false;
    assert_int_equal(owner_may_take(&auditor), OWNER_HAS_NO_ROLE);
    assert_non_null(strstr(owner_taking_text(OWNER_HAS_NO_ROLE), "salesperson"));
}

static void the_manager_is_the_first_above_who_works_here_and_a_circle_has_none(void **state)
{
    struct owner_person list[] = {person(1, "li"), person(2, "gone"), person(3, "top")};
    const struct owner_people people = {list, COUNT_OF(list)};

    (void)state;
    assert_null(owner_find_manager(&people, &list[0]));
    list[0].has_manager = list[1].has_manager = true;
    list[0].manager = list[1].id;
    list[1].manager = list[2].id;
    assert_ptr_equal(owner_find_manager(&people, &list[0]), &list[1]);
    list[1].has_left = true;
    assert_ptr_equal(owner_find_manager(&people, &list[0]), &list[2]);
    list[1].manager = list[0].id;
    assert_null(owner_find_manager(&people, &list[0]));
}

static void an_ownership_begins_now_or_where_nobody_was_the_owner_since(void **state)
{
    struct owner_standing standing = {.last_end_us = NOW - 10 * DAY_US};

    (void)state;
    assert_int_equal(owner_check_start(&standing, NOW, NOW), OWNER_STARTS_WELL);
    assert_int_equal(owner_check_start(&standing, NOW + 1, NOW), OWNER_STARTS_IN_FUTURE);
    assert_int_equal(owner_check_start(&standing, NOW - 10 * DAY_US, NOW), OWNER_STARTS_WELL);
    assert_int_equal(owner_check_start(&standing, NOW - 10 * DAY_US - 1, NOW),
                     OWNER_STARTS_OVERLAPPING);
    assert_int_equal(owner_check_start(&standing, NOW - OWNER_MAX_BACK_US - 1, NOW),
                     OWNER_STARTS_TOO_EARLY);
    standing.has_owner = true;
    assert_int_equal(owner_check_start(&standing, NOW - 1, NOW), OWNER_STARTS_OVERLAPPING);
    assert_int_equal(owner_check_start(&standing, NOW, NOW), OWNER_STARTS_WELL);
}

/* --- rules --- */

static const struct region regions[] = {
    {.code = {"km", 2}, .name = {"昆明", 6}, .parent = {"yn", 2}},
    {.code = {"yn", 2}, .name = {"云南", 6}, .parent = {"", 0}},
};
static const struct region_tree tree = {regions, COUNT_OF(regions)};
static const struct text yunnan[] = {{"yn", 2}}, a_only[] = {{"A", 1}};
static const struct text li_wang[] = {{"li", 2}, {"wang", 4}}, boss[] = {{"boss", 4}};

struct scene {
    struct owner_person list[3];
    struct owner_people people;
    struct owner_rule rule_list[2];
    struct owner_rules rules;
    struct owner_person *places[3];
    struct owner_standing customer;
};

static struct scene *scene(void)
{
    static struct scene s;

    s = (struct scene){
        .list = {person(1, "li"), person(2, "wang"), person(3, "boss")},
        .rule_list = {{.name = {"r", 1},
                       .regions = {yunnan, 1},
                       .staff = {li_wang, 2},
                       .choice = OWNER_CHOICE_IS_FIRST},
                      {.name = {"all", 3}, .staff = {boss, 1}, .choice = OWNER_CHOICE_IS_FIRST}},
        .customer = {.party = {"customer", 8},
                     .nature = {"organisation", 12},
                     .region = {"km", 2},
                     .grade = ' '},
    };
    s.people = (struct owner_people){s.list, 3};
    s.rules = (struct owner_rules){s.rule_list, 2};
    owner_rules_resolve(&s.rules, &s.people, s.places);
    return &s;
}

static const char *taker(struct scene *s)
{
    struct owner_choosing chosen = owner_rules_choose(&s->rules, &tree, &s->customer);

    return chosen.taker ? chosen.taker->code.at : "";
}

static void a_region_of_a_rule_counts_with_all_below_it(void **state)
{
    struct scene *s = scene();

    (void)state;
    assert_string_equal(taker(s), "li");
    s->customer.region = (struct text){"gz", 2};
    assert_string_equal(taker(s), "boss");
    s->customer.region = (struct text){"", 0};
    assert_string_equal(taker(s), "boss");
}

static void absent_left_and_full_people_are_passed_over(void **state)
{
    struct scene *s = scene();

    (void)state;
    s->list[0].is_absent = s->list[0].has_deputy = true;
    assert_string_equal(taker(s), "wang");
    s->list[1].customers = s->list[1].capacity = 7;
    assert_string_equal(taker(s), "boss");
    s->list[2].has_left = true;
    assert_string_equal(taker(s), "");
    assert_non_null(owner_rules_choose(&s->rules, &tree, &s->customer).rule);
}

static void round_robin_takes_who_has_the_fewest_up_to_the_capacity_of_the_rule(void **state)
{
    struct scene *s = scene();

    (void)state;
    s->rule_list[0].choice = OWNER_CHOICE_IS_ROUND_ROBIN;
    s->rule_list[0].capacity = 2;
    for (int i = 0; i < 4; i++) {
        struct owner_choosing chosen = owner_rules_choose(&s->rules, &tree, &s->customer);

        assert_string_equal(chosen.taker->code.at, i % 2 ? "wang" : "li");
        chosen.taker->customers++;
    }
    assert_string_equal(taker(s), "boss");
}

static void a_rule_of_grades_leaves_the_others_alone(void **state)
{
    struct scene *s = scene();

    (void)state;
    s->rule_list[0].grades = (struct owner_words){a_only, 1};
    assert_string_equal(taker(s), "boss");
    s->customer.grade = 'A';
    assert_string_equal(taker(s), "li");
}

static void the_nearest_manager_up_the_tree_answers_for_a_region(void **state)
{
    const struct owner_region_manager list[] = {{.code = {"top", 3}, .region = {"yn", 2}}};
    const struct owner_region_managers managers = {list, 1};

    (void)state;
    assert_ptr_equal(owner_rules_find_manager(&tree, &managers, (struct text){"km", 2}), &list[0]);
    assert_null(owner_rules_find_manager(&tree, &managers, (struct text){"gz", 2}));
    assert_null(owner_rules_find_manager(&tree, &managers, (struct text){"", 0}));
}

/* --- handover --- */

static void who_acknowledged_objects_no_more_and_only_objections_are_decided(void **state)
{
    (void)state;
    assert_int_equal(handover_next(HANDOVER_ITEM_IS_PENDING, HANDOVER_OBJECTS),
                     HANDOVER_ITEM_IS_OBJECTED);
    assert_int_equal(handover_next(HANDOVER_ITEM_IS_ACKNOWLEDGED, HANDOVER_OBJECTS),
                     HANDOVER_ITEM_IS_NONE);
    assert_int_equal(handover_next(HANDOVER_ITEM_IS_OBJECTED, HANDOVER_ACKNOWLEDGES),
                     HANDOVER_ITEM_IS_ACKNOWLEDGED);
    assert_int_equal(handover_next(HANDOVER_ITEM_IS_OBJECTED, HANDOVER_EXPIRES),
                     HANDOVER_ITEM_IS_NONE);
    assert_int_equal(handover_next(HANDOVER_ITEM_IS_PENDING, HANDOVER_GIVES),
                     HANDOVER_ITEM_IS_NONE);
    assert_int_equal(handover_next(HANDOVER_ITEM_IS_OBJECTED, HANDOVER_GIVES),
                     HANDOVER_ITEM_IS_GIVEN);
    assert_int_equal(handover_next(HANDOVER_ITEM_IS_OVERTAKEN, HANDOVER_ACKNOWLEDGES),
                     HANDOVER_ITEM_IS_NONE);
}

static void a_briefing_names_the_risks_in_two_languages(void **state)
{
    struct briefing briefing = {.last_order = 20000,
                                .expected_next = 20010,
                                .held_to = 'B',
                                .held_until = 20020,
                                .is_key = true,
                                .missing = 2};
    enum briefing_risk risks[BRIEFING_RISKS];
    char english[BRIEFING_TEXT_BYTES], chinese[BRIEFING_TEXT_BYTES];

    (void)state;
    assert_int_equal(briefing_risks(&briefing, 20013, risks), 4);
    assert_int_equal(risks[0], BRIEFING_ORDER_OVERDUE);
    briefing_risk_text(&briefing, risks[0], 20013, english, chinese);
    assert_non_null(strstr(english, "3 days ago"));
    assert_non_null(strstr(chinese, "已逾期3天"));
    briefing_risk_text(&briefing, risks[1], 20013, english, chinese);
    assert_non_null(strstr(chinese, "拟降为B级"));
    briefing.has_decider = true;
    briefing.held_to = ' ';
    briefing.missing = 0;
    assert_int_equal(briefing_risks(&briefing, 20010, risks), 0);
}

/* --- the pool --- */

static void an_owner_is_warned_seven_days_before_and_never_loses_a_customer_unwarned(void **state)
{
    struct pool_policy policy = pool_policy_standard();
    struct pool_watch watch = {.heard_us = NOW};
    struct pool_decision decision = pool_decide(&policy, &watch, NOW + 23 * DAY_US - 1);

    (void)state;
    assert_int_equal(decision.verdict, POOL_NOTHING);
    assert_int_equal(decision.next_us, NOW + 23 * DAY_US);
    decision = pool_decide(&policy, &watch, NOW + 23 * DAY_US);
    assert_int_equal(decision.verdict, POOL_WARNS);
    assert_int_equal(decision.falls_at_us, NOW + 30 * DAY_US);
    /* Found late: he has seven days all the same. */
    decision = pool_decide(&policy, &watch, NOW + 100 * DAY_US);
    assert_int_equal(decision.verdict, POOL_WARNS);
    assert_int_equal(decision.falls_at_us, NOW + 107 * DAY_US);
    watch.warned_us = NOW + 100 * DAY_US;
    assert_int_equal(pool_decide(&policy, &watch, NOW + 106 * DAY_US).verdict, POOL_NOTHING);
    assert_int_equal(pool_decide(&policy, &watch, NOW + 107 * DAY_US).verdict, POOL_FALLS);
    /* Somebody was heard of after the warning: it begins anew. */
    watch.heard_us = NOW + 101 * DAY_US;
    assert_int_equal(pool_decide(&policy, &watch, NOW + 107 * DAY_US).verdict, POOL_NOTHING);
    watch.has_bought = true;
    assert_int_equal(pool_decide(&policy, &watch, NOW + 900 * DAY_US).verdict, POOL_NEVER);
}

static void the_previous_owner_is_locked_out_and_picks_of_a_day_end(void **state)
{
    struct pool_policy policy = pool_policy_standard();

    (void)state;
    assert_int_equal(pool_may_pick(&policy, true, NOW, 0, NOW + 30 * DAY_US - 1), POOL_IS_LOCKED);
    assert_int_equal(pool_may_pick(&policy, true, NOW, 0, NOW + 30 * DAY_US), POOL_PICKS);
    assert_int_equal(pool_may_pick(&policy, false, NOW, 9, NOW), POOL_PICKS);
    assert_int_equal(pool_may_pick(&policy, false, NOW, 10, NOW), POOL_IS_USED_UP);
}

static void a_warning_after_the_fall_is_no_policy(void **state)
{
    struct pool_policy policy = {.enabled = true, .idle_days = 7, .warning_days = 7};
    struct pool_policy_fault faults[POOL_POLICY_FIELDS];

    (void)state;
    assert_int_equal(pool_policy_check(&policy, faults), 3);
    assert_string_equal(faults[0].field, "warning_days");
    policy = pool_policy_standard();
    assert_int_equal(pool_policy_check(&policy, faults), 0);
}

/* --- service plans --- */

static void a_grade_has_its_plan_built_in_unless_the_policy_has_one(void **state)
{
    const struct service_plan own = {.grade = {"A", 1}, .cadence_months = 6};
    const struct service_plans none = {NULL, 0}, plans = {&own, 1};

    (void)state;
    assert_int_equal(service_plan_for(&none, 'A')->cadence_months, 1);
    assert_true(service_plan_for(&none, 'A')->deep_only);
    assert_int_equal(service_plan_for(&none, 'B')->cadence_months, 2);
    assert_int_equal(service_plan_for(&none, ' ')->cadence_months, 0);
    assert_ptr_equal(service_plan_for(&plans, 'A'), &own);
    assert_int_equal(service_plan_for(&plans, 'C')->cadence_months, 3);
    for (size_t i = 0; i < SERVICE_PLANS; i++)
        for (size_t k = 0; k < service_plan_standard(i)->measure_count; k++)
            assert_non_null(service_plan_words(service_plan_standard(i)->measures[k]).chinese);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_left_or_is_absent_without_a_deputy_takes_nobody),
        cmocka_unit_test(who_has_no_role_with_customers_takes_nobody),
        cmocka_unit_test(the_manager_is_the_first_above_who_works_here_and_a_circle_has_none),
        cmocka_unit_test(an_ownership_begins_now_or_where_nobody_was_the_owner_since),
        cmocka_unit_test(a_region_of_a_rule_counts_with_all_below_it),
        cmocka_unit_test(absent_left_and_full_people_are_passed_over),
        cmocka_unit_test(round_robin_takes_who_has_the_fewest_up_to_the_capacity_of_the_rule),
        cmocka_unit_test(a_rule_of_grades_leaves_the_others_alone),
        cmocka_unit_test(the_nearest_manager_up_the_tree_answers_for_a_region),
        cmocka_unit_test(who_acknowledged_objects_no_more_and_only_objections_are_decided),
        cmocka_unit_test(a_briefing_names_the_risks_in_two_languages),
        cmocka_unit_test(an_owner_is_warned_seven_days_before_and_never_loses_a_customer_unwarned),
        cmocka_unit_test(the_previous_owner_is_locked_out_and_picks_of_a_day_end),
        cmocka_unit_test(a_warning_after_the_fall_is_no_policy),
        cmocka_unit_test(a_grade_has_its_plan_built_in_unless_the_policy_has_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
