/* Decision chains, entitlements, and how dealers are judged and given up. */
#include "services/customers/domain/dealer_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "services/customers/domain/decision.h"
#include "services/customers/domain/need.h"
#include "services/customers/domain/people_policy.h"

static struct text of(const char *text)
{
    return (struct text){text, strlen(text)};
}

/* --- decision chains --- */

static struct decision_entry entry(uint8_t contact, const char *role, uint8_t superior,
                                   const char *name)
{
    return (struct decision_entry){.contact = {{contact}},
                                   .role = role,
                                   .has_superior = superior != 0,
                                   .reports_to = {{superior}},
                                   .name = of(name)};
}

static void deciders_come_first_then_key_contacts_then_names(void **state)
{
    struct decision_entry list[] = {
        entry(1, "opponent", 0, "a"),   entry(2, "supporter", 0, "b"),
        entry(3, "influencer", 0, "d"), entry(4, "influencer", 0, "c"),
        entry(5, "decider", 0, "z"),    entry(6, "influencer", 0, "y"),
    };
    struct decision_chain chain = {.list = list, .count = COUNT_OF(list)};
    static const uint8_t order[] = {5, 6, 4, 3, 2, 1};

    (void)state;
    list[5].is_key = true;
    decision_sort(&chain);
    for (size_t i = 0; i < COUNT_OF(order); i++)
        assert_int_equal(chain.list[i].contact.bytes[0], order[i]);
    assert_true(decision_has_decider(&chain));
    chain.list[0].role = "supporter";
    assert_false(decision_has_decider(&chain));
}

static void a_circle_of_superiors_is_found_with_its_way(void **state)
{
    struct decision_entry list[] = {entry(1, "decider", 0, "a"), entry(2, "influencer", 1, "b"),
                                    entry(3, "supporter", 2, "c")};
    struct decision_chain chain = {.list = list, .count = COUNT_OF(list)};
    const struct decision_entry *way[DECISION_MAX_ENTRIES];

    (void)state;
    assert_int_equal(decision_find_circle(&chain, &list[0].contact, &list[2].contact, way), 3);
    assert_ptr_equal(way[0], &list[2]);
    assert_ptr_equal(way[2], &list[0]);
    assert_int_equal(decision_find_circle(&chain, &list[2].contact, &list[0].contact, way), 0);
    assert_int_equal(decision_find_circle(&chain, &list[1].contact, &list[1].contact, way), 1);
}

/* Otherwise the circle would be there when the restriction is lifted. */
static void a_circle_through_somebody_who_is_restricted_is_found(void **state)
{
    struct decision_entry list[] = {entry(1, "decider", 3, "a"), entry(2, "influencer", 0, "b"),
                                    entry(3, "supporter", 2, "")};
    struct decision_chain chain = {.list = list, .count = 2, .hidden = 1};
    const struct decision_entry *way[DECISION_MAX_ENTRIES];

    (void)state;
    assert_int_equal(decision_find_circle(&chain, &list[1].contact, &list[0].contact, way), 3);
    assert_null(decision_find(&chain, &list[2].contact));
}

static void a_circle_that_is_there_already_does_not_hang(void **state)
{
    struct decision_entry list[] = {entry(1, "decider", 2, "a"), entry(2, "influencer", 1, "b"),
                                    entry(3, "supporter", 0, "c")};
    struct decision_chain chain = {.list = list, .count = COUNT_OF(list)};
    const struct decision_entry *way[DECISION_MAX_ENTRIES];

    (void)state;
    assert_int_equal(decision_find_circle(&chain, &list[2].contact, &list[0].contact, way), 0);
}

static void an_a_key_or_large_customer_needs_a_decider(void **state)
{
    struct decision_need need = decision_need_of('A', false, 0, 300);

    (void)state;
    assert_true(decision_is_needed(&need));
    need = decision_need_of('C', true, 0, 300);
    assert_true(decision_is_needed(&need));
    need = decision_need_of(' ', false, 300, 300);
    assert_true(decision_is_needed(&need));
    need = decision_need_of('B', false, 299, 300);
    assert_false(decision_is_needed(&need));
}

/* --- entitlements --- */

static void an_entitlement_is_used_while_it_holds_and_lasts(void **state)
{
    struct entitlement given = {
        .state = "active", .from_on = 100, .to_on = 200, .allowance = 3, .used = 2};

    (void)state;
    assert_null(entitlement_check_use(&given, 100, 1));
    assert_null(entitlement_check_use(&given, 200, 1));
    assert_non_null(entitlement_check_use(&given, 99, 1));
    assert_non_null(entitlement_check_use(&given, 201, 1));
    assert_non_null(entitlement_check_use(&given, 150, 2));
    given.to_on = NEED_NO_DAY;
    given.allowance = 0;
    assert_null(entitlement_check_use(&given, 5000, 1000));
    given.state = "ended";
    assert_non_null(entitlement_check_use(&given, 150, 1));
}

/* --- dealers --- */

static void enthusiasm_weighs_half_and_action_more_than_attitude(void **state)
{
    struct dealer_policy policy = people_policy_standard().dealer;
    uint32_t good[DEALER_CRITERIA] = {3, 5, 3, 3, 3, 3, 3},
             said[DEALER_CRITERIA] = {5, 3, 3, 3, 3, 3, 3};
    uint32_t best[DEALER_CRITERIA] = {5, 5, 5, 5, 5, 5, 5};

    (void)state;
    assert_int_equal(dealer_total(best, &policy), 5000000);
    assert_int_equal(dealer_total(good, &policy), 3600000);
    assert_int_equal(dealer_total(said, &policy), 3400000);
}

static void much_attitude_with_little_action_is_false_enthusiasm(void **state)
{
    struct dealer_policy policy = people_policy_standard().dealer;
    uint32_t points[DEALER_CRITERIA] = {4, 2, 3, 3, 3, 3, 3};

    (void)state;
    assert_true(dealer_is_false_enthusiasm(points, &policy));
    points[DEALER_ACTION] = 3;
    assert_false(dealer_is_false_enthusiasm(points, &policy));
    points[DEALER_ACTION] = 1;
    points[DEALER_ATTITUDE] = 3;
    assert_false(dealer_is_false_enthusiasm(points, &policy));
}

static void the_proposer_withdraws_and_another_decides(void **state)
{
    (void)state;
    assert_null(dealer_check_decision("withdrawn", of("li"), of("li"), false));
    assert_null(dealer_check_decision("approved", of("li"), of("wang"), false));
    assert_null(dealer_check_decision("rejected", of("li"), of("wang"), true));
    assert_non_null(dealer_check_decision("approved", of("li"), of("li"), true));
    assert_non_null(dealer_check_decision("rejected", of("li"), of("li"), true));
    assert_non_null(dealer_check_decision("rejected", of("li"), of("wang"), false));
    assert_non_null(dealer_check_decision("withdrawn", of("li"), of("wang"), true));
}

static void the_share_of_kept_dealers_is_rounded(void **state)
{
    (void)state;
    assert_int_equal(dealer_kept(0, 0), 0);
    assert_int_equal(dealer_kept(3, 1), 666667);
    assert_int_equal(dealer_kept(4, 0), 1000000);
}

static void a_profile_keeps_what_is_not_said(void **state)
{
    struct dealer_profile before = {.texts = {of("a"), of("b")}, .numbers = {5, 6, 7}};
    struct dealer_change change = {
        .told = {.texts = {of(""), of("B")}, .numbers = {DEALER_NO_NUMBER, 60, DEALER_NO_NUMBER}},
        .clears_number = {true}};
    struct dealer_profile after = dealer_apply(&before, &change);

    (void)state;
    assert_memory_equal(after.texts[0].at, "a", 1);
    assert_memory_equal(after.texts[1].at, "B", 1);
    assert_int_equal(after.numbers[0], DEALER_NO_NUMBER);
    assert_int_equal(after.numbers[1], 60);
    assert_int_equal(after.numbers[2], 7);
}

/* --- the policy --- */

static void the_standard_policy_is_right_and_keeps_nothing_sensitive(void **state)
{
    struct people_policy policy = people_policy_standard();
    struct people_policy_fault faults[PEOPLE_POLICY_FAULTS];

    (void)state;
    assert_int_equal(people_policy_check(&policy, faults), 0);
    assert_false(people_policy_allows(&policy, "hobbies"));
}

static void what_is_wrong_with_a_policy_is_named(void **state)
{
    static char *const fields[] = {"hobbies", "id_card"};
    struct people_policy policy = people_policy_standard();
    struct people_policy_fault faults[PEOPLE_POLICY_FAULTS];

    (void)state;
    policy.sensitive_fields = fields;
    policy.sensitive_count = 2;
    policy.dealer.weights[DEALER_CAPITAL] = 101;
    policy.dealer.false_action_to = 6;
    policy.large_staff_from = 1000001;
    assert_int_equal(people_policy_check(&policy, faults), 4);
    assert_string_equal(faults[0].field, "sensitive_fields");
    assert_string_equal(faults[1].field, "capital_weight");
    assert_true(people_policy_allows(&policy, "hobbies"));
    assert_false(people_policy_allows(&policy, "school"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deciders_come_first_then_key_contacts_then_names),
        cmocka_unit_test(a_circle_of_superiors_is_found_with_its_way),
        cmocka_unit_test(a_circle_through_somebody_who_is_restricted_is_found),
        cmocka_unit_test(a_circle_that_is_there_already_does_not_hang),
        cmocka_unit_test(an_a_key_or_large_customer_needs_a_decider),
        cmocka_unit_test(an_entitlement_is_used_while_it_holds_and_lasts),
        cmocka_unit_test(enthusiasm_weighs_half_and_action_more_than_attitude),
        cmocka_unit_test(much_attitude_with_little_action_is_false_enthusiasm),
        cmocka_unit_test(the_proposer_withdraws_and_another_decides),
        cmocka_unit_test(the_share_of_kept_dealers_is_rounded),
        cmocka_unit_test(a_profile_keeps_what_is_not_said),
        cmocka_unit_test(the_standard_policy_is_right_and_keeps_nothing_sensitive),
        cmocka_unit_test(what_is_wrong_with_a_policy_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
