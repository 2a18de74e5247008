/*
 * The file of a case: what acts leave on it, which facts the rules are asked with, and how what is
 * kept of a message becomes how it stands.
 */
#include "services/complaints/domain/case_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/arena.h"
#include "services/complaints/store/cases.h"

#define NOW_US (INT64_C(1790000000) * SECOND_US)

static struct case_file file;
static struct case_standing standing;
static struct clock_policy targets;

static struct case_view view_of(void)
{
    return (struct case_view){.file = &file,
                              .standing = &standing,
                              .targets = &targets,
                              .now_us = NOW_US,
                              .today = 20717,
                              .closed_day = 20717};
}

static int begin(void **state)
{
    (void)state;
    memset(&file, 0, sizeof(file));
    memset(&standing, 0, sizeof(standing));
    targets = clock_policy_standard();
    file.kind = CASE_IS_COMPLAINT;
    file.state = CASE_INVESTIGATING;
    return 0;
}

static void who_takes_it_first_acknowledges_it(void **state)
{
    (void)state;
    case_file_stamp(&file, CASE_TAKES, NOW_US);
    assert_int_equal(file.acknowledged_us, NOW_US);
    case_file_stamp(&file, CASE_TAKES, NOW_US + 1);
    assert_int_equal(file.acknowledged_us, NOW_US);
}

static void the_last_answer_counts(void **state)
{
    (void)state;
    case_file_stamp(&file, CASE_ANSWERS, NOW_US);
    case_file_stamp(&file, CASE_ANSWERS, NOW_US + 1);
    assert_int_equal(file.answered_us, NOW_US + 1);
}

static void settled_it_is_acknowledged_and_answered(void **state)
{
    (void)state;
    case_file_stamp(&file, CASE_SETTLES, NOW_US);
    assert_int_equal(file.acknowledged_us, NOW_US);
    assert_int_equal(file.answered_us, NOW_US);
}

static void ended_it_is_closed_and_reopened_it_is_not(void **state)
{
    (void)state;
    file.state = CASE_CLOSED;
    case_file_stamp(&file, CASE_CLOSES, NOW_US);
    assert_int_equal(file.closed_us, NOW_US);
    file.state = CASE_REOPENED;
    case_file_stamp(&file, CASE_REOPENS, NOW_US + 1);
    assert_int_equal(file.closed_us, 0);
    assert_int_equal(file.reopened, 1);
}

static void while_nobody_knows_whose_fault_it_was_a_solution_is_needed(void **state)
{
    struct case_view view = view_of();

    (void)state;
    assert_true(case_file_facts(&view, false, false).needs_solution);
    file.fault = FAULT_OF_CUSTOMER;
    assert_false(case_file_facts(&view, false, false).needs_solution);
    file.fault = FAULT_OF_COMPANY;
    assert_true(case_file_facts(&view, false, false).needs_solution);
}

static void it_may_be_reopened_within_the_days_of_the_policy(void **state)
{
    struct case_view view = view_of();

    (void)state;
    file.state = CASE_CLOSED;
    view.closed_day = view.today - 14;
    assert_true(case_file_facts(&view, true, false).may_reopen);
    view.closed_day--;
    assert_false(case_file_facts(&view, true, false).may_reopen);
    file.state = CASE_REJECTED;
    view.closed_day = view.today;
    assert_false(case_file_facts(&view, true, false).may_reopen);
}

static void an_answer_is_delivered_by_what_is_kept_of_its_message(void **state)
{
    struct case_view view = view_of();
    const struct {
        enum delivery delivery;
        const char *channel;
        int64_t ago_us;
        bool has_arrived;
    } rows[] = {
        {DELIVERY_WANTED, "email", 0, false},
        {DELIVERY_ACCEPTED, "email", DAY_US - 1, false},
        {DELIVERY_ACCEPTED, "email", DAY_US, true},
        {DELIVERY_ACCEPTED, "sms", 30 * DAY_US, false}, /* its receipt is waited for */
        {DELIVERY_UNPROVEN, "sms", 30 * DAY_US, true},  /* its channel had none then */
        {DELIVERY_DELIVERED, "sms", 0, true},
        {DELIVERY_SPOKEN, "", 0, true},
        {DELIVERY_BOUNCED, "email", 0, false},
    };

    (void)state;
    assert_false(case_file_conditions(&view, false).is_delivered);
    standing.has_answer = true;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        standing.answer =
            delivery_recorded(rows[i].delivery, NOW_US - rows[i].ago_us,
                              (struct text){rows[i].channel, strlen(rows[i].channel)});
        assert_int_equal(case_file_conditions(&view, false).is_delivered, rows[i].has_arrived);
    }
}

static void a_refused_remedy_is_no_solution_and_one_that_waits_is_open(void **state)
{
    struct case_view view = view_of();

    (void)state;
    assert_false(case_file_conditions(&view, false).has_solution);
    file.remedy = REMEDY_APOLOGY;
    assert_true(case_file_conditions(&view, false).has_solution);
    file.remedy_state = REMEDY_NEEDS_APPROVAL;
    assert_true(case_file_conditions(&view, false).remedy_waits);
    file.remedy_state = REMEDY_REFUSED;
    assert_false(case_file_conditions(&view, false).has_solution);
    assert_false(case_file_conditions(&view, false).remedy_waits);
}

static void names_of_deliveries_are_read_as_they_are_written(void **state)
{
    (void)state;
    for (int i = DELIVERY_WANTED; i <= DELIVERY_BOUNCED; i++) {
        const char *name = delivery_name((enum delivery)i);

        assert_int_equal(delivery_read((struct text){name, strlen(name)}), i);
    }
    assert_int_equal(delivery_read(TEXT_OF("")), DELIVERY_WANTED);
    assert_int_equal(delivery_read(TEXT_OF("lost")), DELIVERY_WANTED);
}

static void a_ref_is_a_number_an_id_or_a_reference(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct cases_question question;

    (void)state;
    assert_true(cases_ref_parse(TEXT_OF(" ts202609300001 "), arena, &question));
    assert_int_equal(question.kind, CASES_REF_NUMBER);
    assert_int_equal(question.number.bytes, 16);
    assert_memory_equal(question.number.at, "TS-20260930-0001", 16);
    assert_true(cases_ref_parse(TEXT_OF("0190163D-8694-739b-aea5-966c26f8ad91"), arena, &question));
    assert_int_equal(question.kind, CASES_REF_ID);
    assert_true(cases_ref_parse(TEXT_OF("cfpb:7:1"), arena, &question));
    assert_int_equal(question.kind, CASES_REF_EXTERNAL);
    assert_int_equal(question.source.bytes, 4);
    assert_memory_equal(question.external_id.at, "7:1", 3);
    assert_false(cases_ref_parse(TEXT_OF(""), arena, &question));
    assert_false(cases_ref_parse(TEXT_OF("cfpb:"), arena, &question));
    assert_false(cases_ref_parse(TEXT_OF(":7"), arena, &question));
    assert_false(cases_ref_parse(TEXT_OF("TS-20269930-0001"), arena, &question));
    arena_free(arena);
}

#define RULE(test) cmocka_unit_test_setup(test, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(who_takes_it_first_acknowledges_it),
        RULE(the_last_answer_counts),
        RULE(settled_it_is_acknowledged_and_answered),
        RULE(ended_it_is_closed_and_reopened_it_is_not),
        RULE(while_nobody_knows_whose_fault_it_was_a_solution_is_needed),
        RULE(it_may_be_reopened_within_the_days_of_the_policy),
        RULE(an_answer_is_delivered_by_what_is_kept_of_its_message),
        RULE(a_refused_remedy_is_no_solution_and_one_that_waits_is_open),
        RULE(names_of_deliveries_are_read_as_they_are_written),
        RULE(a_ref_is_a_number_an_id_or_a_reference),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
