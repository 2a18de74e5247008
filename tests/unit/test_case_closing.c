/* What must be fulfilled before a case is closed, by kind; and delivery and confirmation, which two
 * of the conditions rest on. */
#include "services/complaints/domain/condition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct condition_facts fulfilled(enum case_kind kind, enum severity severity)
{
    return (struct condition_facts){
        .kind = kind,
        .severity = severity,
        .asks_confirmation = kind == CASE_IS_COMPLAINT,
        .is_delivered = true,
        .confirmation = CONFIRMED_BY_OTHER_CALL,
        .has_cause = true,
        .has_unit = true,
        .has_fault = true,
        .has_topic = true,
        .is_our_fault = true,
        .has_solution = true,
        .actions = 1,
        .is_work_done = true,
        .is_charge_noted = true,
        .is_taken_up_or_not_because = true,
        .lesson = CONDITION_LESSON_IS_OWN,
    };
}

/* The list has exactly this one. */
static void assert_open(const struct condition_facts *facts, enum condition condition)
{
    struct condition_list list = condition_check(facts);

    assert_int_equal(list.count, 1);
    assert_int_equal(list.open[0], condition);
}

static void assert_free(const struct condition_facts *facts)
{
    assert_int_equal(condition_check(facts).count, 0);
}

static void an_ordinary_complaint_is_closed_when_delivered_confirmed_and_learned_from(void **state)
{
    struct condition_facts facts = fulfilled(CASE_IS_COMPLAINT, SEVERITY_ORDINARY);
    const struct condition_facts nothing = {
        .kind = CASE_IS_COMPLAINT, .severity = SEVERITY_ORDINARY, .asks_confirmation = true};
    struct condition_list list = condition_check(&nothing);

    (void)state;
    assert_free(&facts);
    assert_int_equal(list.count, 6);
    assert_int_equal(list.open[0], CONDITION_DELIVERED);
    assert_int_equal(list.open[1], CONDITION_CONFIRMED);
    assert_int_equal(list.open[2], CONDITION_CAUSE);
    assert_int_equal(list.open[3], CONDITION_UNIT);
    assert_int_equal(list.open[4], CONDITION_FAULT);
    assert_int_equal(list.open[5], CONDITION_LESSON);
    facts.actions = 0; /* only where any */
    assert_free(&facts);
    facts.confirmation = CONFIRMED_BY_HIMSELF;
    assert_free(&facts);
    facts.confirmation = CONFIRMED_BY_HANDLER_CALL;
    assert_free(&facts);
}

static void a_lesson_is_own_or_of_the_same_cause_or_none_because(void **state)
{
    struct condition_facts facts = fulfilled(CASE_IS_COMPLAINT, SEVERITY_ORDINARY);

    (void)state;
    facts.lesson = CONDITION_LESSON_OF_SAME_CAUSE;
    assert_free(&facts);
    facts.lesson = CONDITION_LESSON_NONE_BECAUSE;
    assert_free(&facts);
    facts.lesson = CONDITION_LESSON_OF_OTHER_CAUSE;
    assert_open(&facts, CONDITION_LESSON);
    facts.severity = SEVERITY_SERIOUS;
    assert_open(&facts, CONDITION_OWN_LESSON);
    facts.lesson = CONDITION_LESSON_NONE_BECAUSE;
    assert_open(&facts, CONDITION_OWN_LESSON);
}

static void a_serious_complaint_takes_a_call_by_another_an_action_and_its_own_lesson(void **state)
{
    struct condition_facts facts = fulfilled(CASE_IS_COMPLAINT, SEVERITY_CRITICAL);

    (void)state;
    assert_free(&facts);
    facts.confirmation = CONFIRMED_BY_HIMSELF;
    assert_open(&facts, CONDITION_CONFIRMED_BY_OTHER);
    facts.confirmation = CONFIRMED_BY_HANDLER_CALL;
    assert_open(&facts, CONDITION_CONFIRMED_BY_OTHER);
    facts = fulfilled(CASE_IS_COMPLAINT, SEVERITY_SERIOUS);
    facts.actions = 0;
    assert_open(&facts, CONDITION_ACTION_NEEDED);
}

static void our_fault_needs_a_solution_and_a_remedy_above_the_limit_its_approval(void **state)
{
    struct condition_facts facts = fulfilled(CASE_IS_COMPLAINT, SEVERITY_ORDINARY);

    (void)state;
    facts.has_solution = false;
    assert_open(&facts, CONDITION_SOLUTION);
    facts.is_our_fault = false;
    assert_free(&facts);
    facts.remedy_waits = true;
    assert_open(&facts, CONDITION_REMEDY_APPROVED);
}

static void a_service_request_needs_cause_work_and_charge_and_is_confirmed_by_sample(void **state)
{
    struct condition_facts facts = fulfilled(CASE_IS_SERVICE_REQUEST, SEVERITY_MINOR);

    (void)state;
    facts.confirmation = CONFIRMATION_IS_NONE;
    facts.lesson = CONDITION_LESSON_IS_NONE;
    assert_free(&facts);
    facts.asks_confirmation = true;
    assert_open(&facts, CONDITION_CONFIRMED);
    facts.asks_confirmation = false;
    facts.is_work_done = false;
    assert_open(&facts, CONDITION_WORK_DONE);
    facts.is_work_done = true;
    facts.is_charge_noted = false;
    assert_open(&facts, CONDITION_CHARGE_NOTED);
    facts.is_charge_noted = true;
    facts.has_cause = false;
    assert_open(&facts, CONDITION_CAUSE);
}

static void a_suggestion_needs_a_topic_and_whether_it_is_taken_up(void **state)
{
    struct condition_facts facts = {.kind = CASE_IS_SUGGESTION, .is_delivered = true};

    (void)state;
    facts.has_topic = true;
    assert_open(&facts, CONDITION_TAKEN_UP);
    facts.kind = CASE_IS_FEEDBACK;
    assert_open(&facts, CONDITION_TAKEN_UP);
    facts.is_taken_up_or_not_because = true;
    assert_free(&facts);
    facts.has_topic = false;
    assert_open(&facts, CONDITION_TOPIC);
}

static void an_enquiry_needs_an_answer_and_a_topic(void **state)
{
    struct condition_facts facts = {
        .kind = CASE_IS_ENQUIRY, .is_delivered = true, .has_topic = true};

    (void)state;
    assert_free(&facts);
    facts.is_delivered = false;
    assert_open(&facts, CONDITION_DELIVERED);
}

static void nothing_is_delivered_to_or_confirmed_by_the_anonymous_and_all_else_holds(void **state)
{
    struct condition_facts facts = fulfilled(CASE_IS_COMPLAINT, SEVERITY_SERIOUS);

    (void)state;
    facts.is_anonymous = true;
    facts.is_delivered = false;
    facts.confirmation = CONFIRMATION_IS_NONE;
    assert_free(&facts);
    facts.has_cause = false;
    assert_open(&facts, CONDITION_CAUSE);
}

static void a_historic_case_is_not_assessed(void **state)
{
    const struct condition_facts facts = {.kind = CASE_IS_COMPLAINT, .is_historic = true};

    (void)state;
    assert_free(&facts);
}

static void open_subtasks_keep_from_answering_and_from_closing(void **state)
{
    struct condition_facts facts = fulfilled(CASE_IS_ENQUIRY, SEVERITY_MINOR);

    (void)state;
    facts.open_subtasks = 1;
    assert_open(&facts, CONDITION_SUBTASKS);
    assert_false(condition_may_answer(1));
    assert_true(condition_may_answer(0));
}

/* Every condition of every kind, alone, keeps every door shut: ordinary and unconfirmed. */
static void row_15_closing_is_refused_through_every_door_while_a_condition_is_open(void **state)
{
    (void)state;
    for (int door = 0; door < 2; door++) {
        struct condition_facts facts = fulfilled(CASE_IS_COMPLAINT, SEVERITY_SERIOUS);

        facts.closes_unconfirmed = door == 1;
        facts.was_tried = true;
        assert_free(&facts);
        facts.is_delivered = false;
        assert_open(&facts, CONDITION_DELIVERED);
        facts.is_delivered = true;
        facts.open_actions = 1;
        assert_open(&facts, CONDITION_ACTIONS);
        facts.open_actions = 0;
        facts.lesson = CONDITION_LESSON_IS_NONE;
        assert_open(&facts, CONDITION_OWN_LESSON);
        facts.lesson = CONDITION_LESSON_IS_OWN;
        facts.confirmation = CONFIRMATION_IS_NONE;
        facts.was_tried = false;
        assert_open(&facts, door ? CONDITION_ATTEMPTS : CONDITION_CONFIRMED_BY_OTHER);
    }
    for (int i = 0; i < CONDITIONS; i++) {
        assert_true(strlen(condition_code((enum condition)i)) > 0);
        assert_true(strlen(condition_sentence((enum condition)i, TELLING_IS_ZH)) > 0);
        assert_true(strlen(condition_sentence((enum condition)i, TELLING_IS_EN)) > 0);
    }
}

/* --- delivery --- */

#define NOW (INT64_C(1790000000) * SECOND_US)

static enum delivery delivery_at(const struct delivery_facts *facts, int64_t now_us,
                                 int64_t expected_us)
{
    int64_t at_us = 0;
    enum delivery delivery = delivery_of(facts, now_us, &at_us);

    assert_int_equal(at_us, expected_us);
    return delivery;
}

static void delivered_is_by_receipt_or_spoken(void **state)
{
    struct delivery_facts facts = {.has_receipts = true};

    (void)state;
    assert_int_equal(delivery_at(&facts, NOW, 0), DELIVERY_WANTED);
    facts.accepted_us = NOW;
    assert_int_equal(delivery_at(&facts, NOW + 9 * DAY_US, 0), DELIVERY_ACCEPTED);
    facts.delivered_us = NOW + 5;
    assert_int_equal(delivery_at(&facts, NOW + 9, NOW + 5), DELIVERY_DELIVERED);
    facts.bounced_us = NOW + 6;
    assert_int_equal(delivery_at(&facts, NOW + 9, NOW + 5), DELIVERY_DELIVERED);
    facts = (struct delivery_facts){.is_spoken = true, .accepted_us = NOW};
    assert_int_equal(delivery_at(&facts, NOW, NOW), DELIVERY_SPOKEN);
}

static void without_receipts_it_is_unproven_after_24_hours_without_a_bounce(void **state)
{
    struct delivery_facts facts = {.accepted_us = NOW};

    (void)state;
    assert_int_equal(delivery_at(&facts, NOW + DAY_US - 1, 0), DELIVERY_ACCEPTED);
    assert_int_equal(delivery_next(&facts, NOW), NOW + DAY_US);
    assert_int_equal(delivery_at(&facts, NOW + DAY_US, NOW), DELIVERY_UNPROVEN);
    assert_int_equal(delivery_next(&facts, NOW + DAY_US), 0);
    facts.bounced_us = NOW + 2 * DAY_US;
    assert_int_equal(delivery_at(&facts, NOW + 3 * DAY_US, 0), DELIVERY_BOUNCED);
    assert_false(delivery_has_arrived(DELIVERY_BOUNCED));
    assert_false(delivery_has_arrived(DELIVERY_ACCEPTED));
    assert_true(delivery_has_arrived(DELIVERY_UNPROVEN));
}

static void words_are_substantive_arrived_and_not_automatic(void **state)
{
    (void)state;
    assert_true(delivery_is_words(DELIVERY_SPOKEN, true, false));
    assert_false(delivery_is_words(DELIVERY_DELIVERED, true, true));
    assert_false(delivery_is_words(DELIVERY_DELIVERED, false, false));
    assert_false(delivery_is_words(DELIVERY_ACCEPTED, true, false));
}

/* --- confirmation --- */

static void complaints_are_asked_service_requests_by_sample_and_the_anonymous_never(void **state)
{
    struct id id = {{0}};
    int asked = 0;

    (void)state;
    assert_true(confirmation_is_wanted(CASE_IS_COMPLAINT, false, &id, 20));
    assert_false(confirmation_is_wanted(CASE_IS_COMPLAINT, true, &id, 20));
    assert_false(confirmation_is_wanted(CASE_IS_SUGGESTION, false, &id, 100));
    assert_false(confirmation_is_wanted(CASE_IS_ENQUIRY, false, &id, 100));
    for (uint32_t i = 0; i < 1000; i++) {
        id.bytes[15] = (uint8_t)i;
        id.bytes[14] = (uint8_t)(i >> 8);
        asked += confirmation_is_wanted(CASE_IS_SERVICE_REQUEST, false, &id, 20);
    }
    assert_int_equal(asked, 200);
}

static void a_reply_1_is_yes_2_is_no_and_anything_else_is_read_by_a_person(void **state)
{
    (void)state;
    assert_int_equal(confirmation_read_reply(TEXT_OF(" 1\n")), CONFIRMATION_YES);
    assert_int_equal(confirmation_read_reply(TEXT_OF("１")), CONFIRMATION_YES);
    assert_int_equal(confirmation_read_reply(TEXT_OF("满意")), CONFIRMATION_YES);
    assert_int_equal(confirmation_read_reply(TEXT_OF("2")), CONFIRMATION_NO);
    assert_int_equal(confirmation_read_reply(TEXT_OF("不满意")), CONFIRMATION_NO);
    assert_int_equal(confirmation_read_reply(TEXT_OF("12")), CONFIRMATION_UNCLEAR);
    assert_int_equal(confirmation_read_reply(TEXT_OF("")), CONFIRMATION_UNCLEAR);
}

static void unconfirmed_is_three_attempts_two_channels_three_working_days(void **state)
{
    struct confirmation_attempt attempts[] = {
        {TEXT_OF("phone"), 100, true, DELIVERY_NO_ANSWER},
        {TEXT_OF("phone"), 101, true, DELIVERY_NO_ANSWER},
        {TEXT_OF("sms"), 102, true, DELIVERY_MESSAGE_LEFT},
    };
    struct confirmation_tries tries = confirmation_count(attempts, 3);

    (void)state;
    assert_true(confirmation_was_tried(&tries));
    tries = confirmation_count(attempts, 2);
    assert_false(confirmation_was_tried(&tries));
    attempts[2].on_working_day = false; /* a Saturday */
    tries = confirmation_count(attempts, 3);
    assert_int_equal(tries.days, 2);
    assert_false(confirmation_was_tried(&tries));
    attempts[2].on_working_day = true;
    attempts[2].day = 101;
    tries = confirmation_count(attempts, 3);
    assert_false(confirmation_was_tried(&tries));
    attempts[2].day = 102;
    attempts[2].channel = TEXT_OF("phone");
    tries = confirmation_count(attempts, 3);
    assert_false(confirmation_was_tried(&tries));
    attempts[2] = (struct confirmation_attempt){TEXT_OF("sms"), 102, true, DELIVERY_REACHED};
    tries = confirmation_count(attempts, 3);
    assert_int_equal(tries.attempts, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ordinary_complaint_is_closed_when_delivered_confirmed_and_learned_from),
        cmocka_unit_test(a_lesson_is_own_or_of_the_same_cause_or_none_because),
        cmocka_unit_test(a_serious_complaint_takes_a_call_by_another_an_action_and_its_own_lesson),
        cmocka_unit_test(our_fault_needs_a_solution_and_a_remedy_above_the_limit_its_approval),
        cmocka_unit_test(a_service_request_needs_cause_work_and_charge_and_is_confirmed_by_sample),
        cmocka_unit_test(a_suggestion_needs_a_topic_and_whether_it_is_taken_up),
        cmocka_unit_test(an_enquiry_needs_an_answer_and_a_topic),
        cmocka_unit_test(nothing_is_delivered_to_or_confirmed_by_the_anonymous_and_all_else_holds),
        cmocka_unit_test(a_historic_case_is_not_assessed),
        cmocka_unit_test(open_subtasks_keep_from_answering_and_from_closing),
        cmocka_unit_test(row_15_closing_is_refused_through_every_door_while_a_condition_is_open),
        cmocka_unit_test(delivered_is_by_receipt_or_spoken),
        cmocka_unit_test(without_receipts_it_is_unproven_after_24_hours_without_a_bounce),
        cmocka_unit_test(words_are_substantive_arrived_and_not_automatic),
        cmocka_unit_test(complaints_are_asked_service_requests_by_sample_and_the_anonymous_never),
        cmocka_unit_test(a_reply_1_is_yes_2_is_no_and_anything_else_is_read_by_a_person),
        cmocka_unit_test(unconfirmed_is_three_attempts_two_channels_three_working_days),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
