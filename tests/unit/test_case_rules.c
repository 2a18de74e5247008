/* Rules around a case, one test a row: policies of deadlines, severity and priority, joining,
 * recurrence, remedies, ratings, recusal, chases, repeat complainants, figures. */
#include <string.h>

#include "services/complaints/domain/conduct.h"
#include "services/complaints/domain/figures.h"
#include "services/complaints/domain/joining.h"
#include "services/complaints/domain/rating.h"
#include "services/complaints/domain/recurrence.h"
#include "services/complaints/domain/repeat.h"
#include "tests/unit/clock_scene.h"

#define YUAN INT64_C(1000000)

static const struct id li = {{1}}, wang = {{2}};

/* --- policies --- */

static void the_standard_policy_is_sound_on_both_calendars(void **state)
{
    struct clock_policy_fault faults[CLOCK_POLICY_FAULTS];
    struct clock_policy empty = {0};

    (void)state;
    assert_int_equal(clock_policy_check(&policy, &cn, at(9, 14, 0, 0), faults), 0);
    assert_int_equal(clock_policy_check(&policy, &west, at(1, 14, 0, 0), faults), 0);
    empty = clock_policy_complete(&empty);
    assert_int_equal(empty.max_extensions, 2);
    assert_int_equal(empty.targets[CLOCK_RESOLUTION][PRIORITY_HIGH].working_days, 3);
    assert_int_equal(clock_policy_check(&empty, &cn, at(9, 14, 0, 0), faults), 0);
}

static void a_policy_in_which_a_higher_priority_is_due_later_is_refused(void **state)
{
    struct clock_policy_fault faults[CLOCK_POLICY_FAULTS];
    struct clock_term *targets = policy.targets[CLOCK_RESOLUTION];

    (void)state;
    targets[PRIORITY_HIGH].working_days = 6;
    assert_int_equal(clock_policy_check(&policy, &cn, at(9, 14, 0, 0), faults), 1);
    assert_string_equal(faults[0].field, "targets");
    assert_int_equal(faults[0].kind, CLOCK_RESOLUTION);
    assert_int_equal(faults[0].priority, PRIORITY_HIGH);
    /* 72 hours of the wall clock are later than two working days, but not over a weekend. */
    targets[PRIORITY_HIGH] = (struct clock_term){.working_days = 2};
    targets[PRIORITY_URGENT] = (struct clock_term){.minutes = 3 * 1440, .is_wall = true};
    assert_int_equal(clock_policy_check(&policy, &cn, at(9, 14, 0, 0), faults), 1);
    assert_int_equal(faults[0].priority, PRIORITY_URGENT);
    assert_true(faults[0].example_us >= at(9, 14, 0, 0));
    assert_int_equal(set_up(NULL), 0);
}

static void a_policy_names_each_field_that_is_wrong(void **state)
{
    struct clock_policy_fault faults[CLOCK_POLICY_FAULTS];

    (void)state;
    policy.warn_percent = 100;
    policy.pause_limit_minutes = 0;
    policy.targets[CLOCK_PROGRESS][PRIORITY_URGENT].from_min = 21 * 60;
    policy.targets[CLOCK_ACKNOWLEDGE][PRIORITY_NORMAL].working_days = 1;
    assert_int_equal(clock_policy_check(&policy, &cn, at(9, 14, 0, 0), faults), 4);
    assert_string_equal(faults[0].field, "warn_percent");
    assert_string_equal(faults[1].field, "pause_limit_minutes");
    assert_int_equal(faults[2].kind, CLOCK_ACKNOWLEDGE);
    assert_int_equal(faults[3].kind, CLOCK_PROGRESS);
    assert_int_equal(set_up(NULL), 0);
}

/* --- severity and priority --- */

static void severity_is_the_maximum_of_its_facts(void **state)
{
    const struct severity_policy standard = severity_policy_standard();
    struct severity_facts facts = {.kind = CASE_IS_COMPLAINT};

    (void)state;
    assert_int_equal(severity_of(&facts, &standard), SEVERITY_ORDINARY);
    facts.kind = CASE_IS_ENQUIRY;
    assert_int_equal(severity_of(&facts, &standard), SEVERITY_MINOR);
    facts.kind = CASE_IS_COMPLAINT;
    facts.safety = SEVERITY_MINOR;
    assert_int_equal(severity_of(&facts, &standard), SEVERITY_MINOR);
    facts.amount_micros = 10000 * YUAN - 1;
    assert_int_equal(severity_of(&facts, &standard), SEVERITY_ORDINARY);
    facts.amount_micros = 10000 * YUAN;
    assert_int_equal(severity_of(&facts, &standard), SEVERITY_SERIOUS);
    facts.amount_micros = 100000 * YUAN;
    assert_int_equal(severity_of(&facts, &standard), SEVERITY_CRITICAL);
    facts.amount_micros = 0;
    facts.recurrences = 1;
    assert_int_equal(severity_of(&facts, &standard), SEVERITY_ORDINARY);
    facts.recurrences = 2; /* the third */
    assert_int_equal(severity_of(&facts, &standard), SEVERITY_SERIOUS);
    facts.legal_or_media = SEVERITY_CRITICAL;
    assert_int_equal(severity_of(&facts, &standard), SEVERITY_CRITICAL);
}

static void a_serious_complaint_is_lifted_when_it_would_be_so_no_longer(void **state)
{
    (void)state;
    assert_true(severity_is_lifted(CASE_IS_COMPLAINT, SEVERITY_CRITICAL, SEVERITY_ORDINARY));
    assert_true(severity_is_lifted(CASE_IS_COMPLAINT, SEVERITY_SERIOUS, SEVERITY_MINOR));
    assert_false(severity_is_lifted(CASE_IS_COMPLAINT, SEVERITY_CRITICAL, SEVERITY_SERIOUS));
    assert_false(severity_is_lifted(CASE_IS_COMPLAINT, SEVERITY_ORDINARY, SEVERITY_MINOR));
    /* Nothing more is asked of the closing of others. */
    assert_false(severity_is_lifted(CASE_IS_SERVICE_REQUEST, SEVERITY_SERIOUS, SEVERITY_MINOR));
}

static void priority_is_severity_one_step_up_for_a_key_account_and_vip(void **state)
{
    const struct severity_customer nobody = {.grade = ' '}, a = {.grade = 'A'},
                                   key = {.grade = 'B', .is_key_account = true},
                                   vip = {.grade = 'C', .is_vip = true};

    (void)state;
    for (int i = SEVERITY_MINOR; i <= SEVERITY_CRITICAL; i++) {
        int raised = i == SEVERITY_CRITICAL ? PRIORITY_URGENT : i + 1;

        assert_int_equal(severity_priority((enum severity)i, &nobody), i);
        assert_int_equal(severity_priority((enum severity)i, &a), raised);
        assert_int_equal(severity_priority((enum severity)i, &key), raised);
        assert_int_equal(severity_priority((enum severity)i, &vip), raised);
    }
    assert_int_equal(severity_priority(SEVERITY_IS_NONE, &nobody), PRIORITY_LOW);
    assert_false(severity_is_reported(SEVERITY_ORDINARY));
    assert_true(severity_is_reported(SEVERITY_SERIOUS));
}

static void a_priority_explains_itself(void **state)
{
    const struct severity_policy standard = severity_policy_standard();
    const struct severity_customer a = {.grade = 'A'};
    const struct severity_facts facts = {.kind = CASE_IS_COMPLAINT, .amount_micros = 1234 * YUAN};
    char text[SEVERITY_TEXT_BYTES];

    (void)state;
    severity_tell(&facts, &standard, &a, "CNY", TELLING_IS_ZH, text);
    assert_string_equal(text, "优先级高:严重程度一般,A级客户提高一级;涉及金额:一般(¥1,234.00)");
    severity_tell(&facts, &standard, &a, "GBP", TELLING_IS_EN, text);
    assert_string_equal(text, "priority high: severity ordinary, one step up for an A customer; "
                              "amount: ordinary (GBP 1,234.00)");
}

/* --- joining --- */

static struct joining_case other_case(enum case_state state)
{
    return (struct joining_case){.id = {{9}},
                                 .customer = li,
                                 .kind = CASE_IS_COMPLAINT,
                                 .state = state,
                                 .order = TEXT_OF("shop:1"),
                                 .product = TEXT_OF("tea"),
                                 .closed_day = 100};
}

static struct joining_ask said(int32_t day)
{
    return (struct joining_ask){.kind = CASE_IS_COMPLAINT, .customer = li, .day = day};
}

static void row_14_a_reply_after_13_days_reopens_and_after_15_makes_a_new_linked_case(void **state)
{
    struct joining_case closed = other_case(CASE_CLOSED);
    struct joining_ask ask = said(113);

    (void)state;
    closed.is_named = true;
    assert_int_equal(joining_decide(&ask, &closed, 1, 14).joining, JOINING_REOPENS);
    ask.day = 114;
    assert_int_equal(joining_decide(&ask, &closed, 1, 14).joining, JOINING_REOPENS);
    ask.day = 115;
    assert_int_equal(joining_decide(&ask, &closed, 1, 14).joining, JOINING_RECURS);
    assert_int_equal(joining_decide(&ask, &closed, 1, 14).at, 0);
    closed.state = CASE_CLOSED_UNCONFIRMED;
    ask.day = 113;
    assert_int_equal(joining_decide(&ask, &closed, 1, 14).joining, JOINING_REOPENS);
    closed.state = CASE_REJECTED;
    assert_int_equal(joining_decide(&ask, &closed, 1, 14).joining, JOINING_RECURS);
}

static void a_forgotten_case_is_not_taken_up_again(void **state)
{
    struct joining_case closed = other_case(CASE_CLOSED);
    struct joining_ask ask = said(101);

    (void)state;
    closed.is_named = true;
    assert_int_equal(joining_decide(&ask, &closed, 1, 14).joining, JOINING_REOPENS);
    closed.is_forgotten = true;
    assert_int_equal(joining_decide(&ask, &closed, 1, 14).joining, JOINING_RECURS);
}

static void it_joins_by_number_reply_or_the_same_order_or_product_of_the_same_customer(void **state)
{
    struct joining_case open = other_case(CASE_INVESTIGATING);
    struct joining_ask ask = said(101);

    (void)state;
    open.is_named = true;
    assert_int_equal(joining_decide(&ask, &open, 1, 14).joining, JOINING_JOINS);
    open.is_named = false;
    assert_int_equal(joining_decide(&ask, &open, 1, 14).joining, JOINING_NEW);
    ask.order = TEXT_OF("shop:1");
    assert_int_equal(joining_decide(&ask, &open, 1, 14).joining, JOINING_JOINS);
    ask.order = TEXT_OF("shop:2");
    ask.product = TEXT_OF("tea");
    assert_int_equal(joining_decide(&ask, &open, 1, 14).joining, JOINING_NEW);
    ask.order = TEXT_OF("");
    assert_int_equal(joining_decide(&ask, &open, 1, 14).joining, JOINING_JOINS);
    ask.customer = wang;
    assert_int_equal(joining_decide(&ask, &open, 1, 14).joining, JOINING_NEW);
    ask = said(101);
    ask.product = TEXT_OF("tea");
    ask.kind = CASE_IS_ENQUIRY;
    assert_int_equal(joining_decide(&ask, &open, 1, 14).joining, JOINING_NEW);
}

static void otherwise_it_is_its_own_case_possibly_the_same_as_others(void **state)
{
    struct joining_case cases[12];
    struct joining_ask ask = said(101);
    struct joining_verdict verdict;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        cases[i] = other_case(CASE_RECEIVED);
    cases[0].state = CASE_WITHDRAWN;
    verdict = joining_decide(&ask, cases, 3, 14);
    assert_int_equal(verdict.joining, JOINING_NEW);
    assert_int_equal(verdict.possible_count, 2);
    assert_int_equal(verdict.possible[0], 1);
    verdict = joining_decide(&ask, cases, COUNT_OF(cases), 14);
    assert_int_equal(verdict.possible_count, JOINING_POSSIBLE);
    /* Another's number does not open his case. */
    ask.customer = wang;
    cases[1].is_named = true;
    verdict = joining_decide(&ask, cases, 2, 14);
    assert_int_equal(verdict.joining, JOINING_NEW);
    assert_int_equal(verdict.possible_count, 1);
    ask.customer = (struct id){{0}};
    assert_int_equal(joining_decide(&ask, cases, 2, 14).joining, JOINING_JOINS);
}

static void a_merged_case_sends_on_to_the_one_it_went_to(void **state)
{
    struct joining_case merged = other_case(CASE_DUPLICATE);
    struct joining_ask ask = said(101);

    (void)state;
    merged.is_named = true;
    merged.duplicate_of = (struct id){{7}};
    assert_int_equal(joining_decide(&ask, &merged, 1, 14).joining, JOINING_FOLLOWS);
}

static void a_number_belongs_to_whoever_alone_holds_it(void **state)
{
    const struct joining_holder holders[] = {{li, wang}, {wang, li}};

    (void)state;
    assert_null(joining_find_holder(holders, 0));
    assert_ptr_equal(joining_find_holder(holders, 1), &holders[0]);
    assert_null(joining_find_holder(holders, 2));
}

/* --- recurrence --- */

static void it_recurs_for_customer_and_cause_or_for_product_and_batch(void **state)
{
    struct recurrence_case earlier = {.id = {{1}},
                                      .customer = li,
                                      .kind = CASE_IS_COMPLAINT,
                                      .state = CASE_CLOSED,
                                      .issue = TEXT_OF("late"),
                                      .product = TEXT_OF("tea"),
                                      .batch = TEXT_OF("B7"),
                                      .day = 100};
    struct recurrence_case later = earlier;

    (void)state;
    assert_int_equal(recurrence_between(&earlier, &later, 90), RECURRENCE_IS_NONE); /* itself */
    later.id = (struct id){{2}};
    later.day = 190;
    assert_int_equal(recurrence_between(&earlier, &later, 90),
                     RECURRENCE_OF_CUSTOMER | RECURRENCE_OF_BATCH);
    later.day = 191;
    assert_int_equal(recurrence_count(&earlier, 1, &later, 90), 0);
    later.day = 150;
    later.customer = wang;
    assert_int_equal(recurrence_between(&earlier, &later, 90), RECURRENCE_OF_BATCH);
    later.product = TEXT_OF("oil");
    assert_int_equal(recurrence_between(&earlier, &later, 90), RECURRENCE_IS_NONE);
    later.customer = li;
    earlier.cause = TEXT_OF("carrier");
    later.cause = TEXT_OF("stock");
    assert_int_equal(recurrence_between(&earlier, &later, 90), RECURRENCE_IS_NONE);
    later.cause = TEXT_OF("carrier");
    assert_int_equal(recurrence_count(&earlier, 1, &later, 90), 1);
    earlier.state = CASE_REJECTED;
    assert_int_equal(recurrence_count(&earlier, 1, &later, 90), 0);
}

/* --- remedies --- */

static void a_handler_grants_up_to_300_a_manager_up_to_3000(void **state)
{
    const struct remedy_policy standard = remedy_policy_standard();

    (void)state;
    assert_int_equal(remedy_propose(300 * YUAN, true, REMEDY_HANDLER, &standard), REMEDY_PROPOSED);
    assert_int_equal(remedy_propose(300 * YUAN + 1, true, REMEDY_HANDLER, &standard),
                     REMEDY_NEEDS_APPROVAL);
    assert_int_equal(remedy_propose(3000 * YUAN, true, REMEDY_MANAGER, &standard), REMEDY_PROPOSED);
    assert_int_equal(remedy_needs(3000 * YUAN + 1, true, &standard), REMEDY_HEAD);
    assert_int_equal(remedy_needs(1, false, &standard), REMEDY_HEAD);
    assert_int_equal(remedy_needs(0, false, &standard), REMEDY_HANDLER);
    assert_false(remedy_may_stand(REMEDY_NEEDS_APPROVAL));
    assert_true(remedy_may_stand(REMEDY_APPROVED));
}

static void a_remedy_is_approved_by_another_within_his_limit(void **state)
{
    const struct remedy_policy standard = remedy_policy_standard();
    enum remedy_state waits = REMEDY_NEEDS_APPROVAL;

    (void)state;
    assert_int_equal(remedy_decide(waits, 500 * YUAN, true, REMEDY_MANAGER, false, true, &standard),
                     REMEDY_FINE);
    assert_int_equal(remedy_decide(waits, 500 * YUAN, true, REMEDY_MANAGER, true, true, &standard),
                     REMEDY_OWN_PROPOSAL);
    assert_int_equal(
        remedy_decide(waits, 5000 * YUAN, true, REMEDY_MANAGER, false, true, &standard),
        REMEDY_ABOVE_LIMIT);
    assert_int_equal(
        remedy_decide(waits, 5000 * YUAN, true, REMEDY_MANAGER, false, false, &standard),
        REMEDY_FINE);
    assert_int_equal(
        remedy_decide(REMEDY_PROPOSED, 5, true, REMEDY_MANAGER, false, true, &standard),
        REMEDY_WAITS_FOR_NOBODY);
}

static void a_refund_has_an_amount_and_an_apology_has_none(void **state)
{
    (void)state;
    assert_int_equal(remedy_check(REMEDY_REFUND, 0), REMEDY_AMOUNT_IS_MISSING);
    assert_int_equal(remedy_check(REMEDY_REFUND, -1), REMEDY_AMOUNT_IS_NEGATIVE);
    assert_int_equal(remedy_check(REMEDY_APOLOGY, 5), REMEDY_AMOUNT_IS_STRANGE);
    assert_int_equal(remedy_check(REMEDY_REPAIR, 0), REMEDY_FINE);
    assert_int_equal(remedy_check(remedy_kind_read(TEXT_OF("refund")), 1), REMEDY_FINE);
    assert_int_equal(remedy_check(remedy_kind_read(TEXT_OF("gift")), 1), REMEDY_KIND_IS_UNKNOWN);
}

static void a_solution_is_needed_when_the_fault_is_ours_or_not_known_yet(void **state)
{
    (void)state;
    assert_true(remedy_is_needed(FAULT_OF_COMPANY));
    assert_true(remedy_is_needed(FAULT_IS_UNKNOWN));
    assert_false(remedy_is_needed(FAULT_OF_CUSTOMER));
    assert_false(remedy_is_needed(FAULT_OF_THIRD_PARTY));
    assert_false(remedy_is_needed(FAULT_OF_NOBODY));
}

/* --- ratings, recusal, chases --- */

static void an_agent_cannot_rate_his_own_case(void **state)
{
    struct rating_facts facts = {.rating = 5, .is_answered = true, .is_counted = true};

    (void)state;
    assert_int_equal(rating_check(&facts), RATING_FINE);
    facts.by_agent = true;
    assert_int_equal(rating_check(&facts), RATING_OF_OWN_CASE);
    facts.rating = 6;
    assert_int_equal(rating_check(&facts), RATING_OUT_OF_RANGE);
    facts = (struct rating_facts){.rating = 1, .is_counted = true};
    assert_int_equal(rating_check(&facts), RATING_BEFORE_ANSWER);
    assert_true(rating_is_satisfied(4));
    assert_false(rating_is_satisfied(3));
    assert_false(rating_is_dissatisfied(3));
    assert_true(rating_is_dissatisfied(2));
}

static void one_invitation_per_case_and_per_person_in_30_days(void **state)
{
    (void)state;
    assert_true(rating_may_invite(false, INT32_MIN, 100));
    assert_false(rating_may_invite(true, INT32_MIN, 100));
    assert_false(rating_may_invite(false, 71, 100));
    assert_true(rating_may_invite(false, 70, 100));
}

static void who_is_complained_about_neither_handles_decides_calls_nor_sees(void **state)
{
    struct conduct_recusal recusal = {.staff = li};

    (void)state;
    assert_false(conduct_permits(&recusal, 1, &li, CONDUCT_HANDLES));
    assert_false(conduct_permits(&recusal, 1, &li, CONDUCT_DECIDES));
    assert_false(conduct_permits(&recusal, 1, &li, CONDUCT_CALLS));
    assert_true(conduct_permits(&recusal, 1, &li, CONDUCT_READS));
    assert_true(conduct_permits(&recusal, 1, &li, CONDUCT_SEES));
    recusal.hides_complainant = true;
    assert_false(conduct_permits(&recusal, 1, &li, CONDUCT_SEES));
    assert_true(conduct_permits(&recusal, 1, &wang, CONDUCT_HANDLES));
}

static void a_chase_raises_the_day_and_the_second_tells_the_manager(void **state)
{
    (void)state;
    assert_false(conduct_chase(1, PRIORITY_NORMAL).tells_manager);
    assert_true(conduct_chase(2, PRIORITY_NORMAL).tells_manager);
    assert_int_equal(conduct_queued(PRIORITY_NORMAL, 100, 100), PRIORITY_HIGH);
    assert_int_equal(conduct_queued(PRIORITY_NORMAL, 100, 101), PRIORITY_NORMAL);
    assert_int_equal(conduct_queued(PRIORITY_URGENT, 100, 100), PRIORITY_URGENT);
    assert_true(conduct_is_on_page(true, CASE_ANSWERED));
    assert_false(conduct_is_on_page(true, CASE_CLOSED));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_standard_policy_is_sound_on_both_calendars),
        cmocka_unit_test(a_policy_in_which_a_higher_priority_is_due_later_is_refused),
        cmocka_unit_test(a_policy_names_each_field_that_is_wrong),
        cmocka_unit_test(severity_is_the_maximum_of_its_facts),
        cmocka_unit_test(a_serious_complaint_is_lifted_when_it_would_be_so_no_longer),
        cmocka_unit_test(priority_is_severity_one_step_up_for_a_key_account_and_vip),
        cmocka_unit_test(a_priority_explains_itself),
        cmocka_unit_test(row_14_a_reply_after_13_days_reopens_and_after_15_makes_a_new_linked_case),
        cmocka_unit_test(a_forgotten_case_is_not_taken_up_again),
        cmocka_unit_test(
            it_joins_by_number_reply_or_the_same_order_or_product_of_the_same_customer),
        cmocka_unit_test(otherwise_it_is_its_own_case_possibly_the_same_as_others),
        cmocka_unit_test(a_merged_case_sends_on_to_the_one_it_went_to),
        cmocka_unit_test(a_number_belongs_to_whoever_alone_holds_it),
        cmocka_unit_test(it_recurs_for_customer_and_cause_or_for_product_and_batch),
        cmocka_unit_test(a_handler_grants_up_to_300_a_manager_up_to_3000),
        cmocka_unit_test(a_remedy_is_approved_by_another_within_his_limit),
        cmocka_unit_test(a_refund_has_an_amount_and_an_apology_has_none),
        cmocka_unit_test(a_solution_is_needed_when_the_fault_is_ours_or_not_known_yet),
        cmocka_unit_test(an_agent_cannot_rate_his_own_case),
        cmocka_unit_test(one_invitation_per_case_and_per_person_in_30_days),
        cmocka_unit_test(who_is_complained_about_neither_handles_decides_calls_nor_sees),
        cmocka_unit_test(a_chase_raises_the_day_and_the_second_tells_the_manager),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
