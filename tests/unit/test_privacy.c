/* Restriction and erasure: every move, holds and their days, statutory terms, the policy. */
#include "services/customers/domain/privacy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/pure/day.h"
#include "services/customers/domain/retention.h"

#define STATES 4
#define ASKS 4
#define R(refusal) (-(int)(refusal))

/* Where each state goes, by what is asked and whether a hold stands; a refusal is negative. */
static const int moves[STATES][ASKS][2] = {
    [PRIVACY_OPEN] =
        {
            [PRIVACY_ASK_RESTRICT] = {PRIVACY_RESTRICTED, PRIVACY_RESTRICTED},
            [PRIVACY_ASK_LIFT] = {R(PRIVACY_NOT_RESTRICTED), R(PRIVACY_NOT_RESTRICTED)},
            [PRIVACY_ASK_ERASE] = {PRIVACY_ERASED, PRIVACY_ERASING},
            [PRIVACY_ASK_LOOK] = {PRIVACY_OPEN, PRIVACY_OPEN},
        },
    [PRIVACY_RESTRICTED] =
        {
            [PRIVACY_ASK_RESTRICT] = {PRIVACY_RESTRICTED, PRIVACY_RESTRICTED},
            [PRIVACY_ASK_LIFT] = {PRIVACY_OPEN, PRIVACY_OPEN},
            [PRIVACY_ASK_ERASE] = {PRIVACY_ERASED, PRIVACY_ERASING},
            [PRIVACY_ASK_LOOK] = {PRIVACY_RESTRICTED, PRIVACY_RESTRICTED},
        },
    [PRIVACY_ERASING] =
        {
            [PRIVACY_ASK_RESTRICT] = {PRIVACY_ERASING, PRIVACY_ERASING},
            [PRIVACY_ASK_LIFT] = {PRIVACY_OPEN, PRIVACY_OPEN},
            [PRIVACY_ASK_ERASE] = {PRIVACY_ERASED, PRIVACY_ERASING},
            [PRIVACY_ASK_LOOK] = {PRIVACY_ERASED, PRIVACY_ERASING},
        },
    [PRIVACY_ERASED] =
        {
            [PRIVACY_ASK_RESTRICT] = {R(PRIVACY_IS_ERASED), R(PRIVACY_IS_ERASED)},
            [PRIVACY_ASK_LIFT] = {R(PRIVACY_IS_ERASED), R(PRIVACY_IS_ERASED)},
            [PRIVACY_ASK_ERASE] = {PRIVACY_ERASED, PRIVACY_ERASED},
            [PRIVACY_ASK_LOOK] = {PRIVACY_ERASED, PRIVACY_ERASED},
        },
};

static void every_state_moves_as_the_table_says(void **state)
{
    (void)state;
    for (int from = 0; from < STATES; from++)
        for (int ask = 0; ask < ASKS; ask++)
            for (int is_held = 0; is_held < 2; is_held++) {
                enum privacy_state to = (enum privacy_state)99;
                int expected = moves[from][ask][is_held];
                enum privacy_refusal refusal = privacy_move(
                    (enum privacy_state)from, (enum privacy_ask)ask, is_held == 1, &to);

                if (expected < 0) {
                    assert_int_equal(refusal, -expected);
                    assert_int_equal(to, 99); /* untouched */
                } else {
                    assert_int_equal(refusal, PRIVACY_FINE);
                    assert_int_equal(to, expected);
                }
            }
}

static void states_and_kinds_read_as_they_are_named(void **state)
{
    enum privacy_state found;
    enum privacy_kind kind;

    (void)state;
    for (int i = 0; i < STATES; i++) {
        const char *name = privacy_state_name((enum privacy_state)i);

        assert_true(privacy_state_read((struct text){name, strlen(name)}, &found));
        assert_int_equal(found, i);
    }
    for (int i = 0; i < PRIVACY_HOLD_KINDS; i++) {
        const char *name = privacy_kind_name((enum privacy_kind)i);

        assert_true(privacy_kind_read((struct text){name, strlen(name)}, &kind));
        assert_int_equal(kind, i);
    }
    assert_false(privacy_state_read(TEXT_OF("activ"), &found));
    assert_false(privacy_state_read(TEXT_OF("actives"), &found));
    assert_false(privacy_kind_read(TEXT_OF(""), &kind));
}

static int32_t day(int year, int month, int of_month)
{
    return day_make(year, month, of_month);
}

static void a_transaction_is_kept_to_the_last_day_of_its_term_included(void **state)
{
    static const struct {
        int from[3], months, last[3];
    } cases[] = {
        {{2026, 9, 30}, 36, {2029, 9, 30}},
        {{2026, 1, 31}, 1, {2026, 2, 28}}, /* clamped to the month's end */
        {{2028, 1, 31}, 1, {2028, 2, 29}},
        {{2024, 2, 29}, 12, {2025, 2, 28}},
        {{2024, 2, 29}, 48, {2028, 2, 29}},
        {{2026, 12, 31}, 2, {2027, 2, 28}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int32_t from = day(cases[i].from[0], cases[i].from[1], cases[i].from[2]);
        int32_t last = day(cases[i].last[0], cases[i].last[1], cases[i].last[2]), until = 0;
        uint32_t months = (uint32_t)cases[i].months;

        assert_true(privacy_retains(true, from, months, from, &until));
        assert_int_equal(until, last);
        assert_true(privacy_retains(true, from, months, last, &until));
        until = 7;
        assert_false(privacy_retains(true, from, months, last + 1, &until));
        assert_int_equal(until, 7); /* untouched */
    }
}

static void without_a_transaction_nothing_is_kept(void **state)
{
    int32_t until;

    (void)state;
    assert_false(privacy_retains(false, day(2026, 1, 1), 36, day(2026, 1, 1), &until));
}

static void holds_that_stand_come_first_the_released_and_past_ones_after(void **state)
{
    const int32_t today = day(2026, 9, 30);
    struct privacy_hold holds[] = {
        {.subject = TEXT_OF("past"), .until = today - 1},
        {.subject = TEXT_OF("last day"), .until = today},
        {.subject = TEXT_OF("released"), .until = PRIVACY_NO_DAY, .released_at_us = 1},
        {.subject = TEXT_OF("no day"), .until = PRIVACY_NO_DAY},
    };

    (void)state;
    assert_int_equal(privacy_standing(holds, COUNT_OF(holds), today), 2);
    assert_string_equal(holds[0].subject.at, "last day");
    assert_string_equal(holds[1].subject.at, "no day");
    assert_int_equal(privacy_standing(holds, COUNT_OF(holds), today + 1), 1);
    assert_string_equal(holds[0].subject.at, "no day");
    assert_int_equal(privacy_standing(holds, 0, today), 0);
}

static void he_is_free_the_day_after_the_last_hold_and_never_while_one_has_no_day(void **state)
{
    struct privacy_hold holds[] = {{.until = 100}, {.until = 300}, {.until = 200}};

    (void)state;
    assert_int_equal(privacy_free_on(holds, 3), 301);
    assert_int_equal(privacy_free_on(holds, 1), 101);
    holds[1].until = PRIVACY_NO_DAY;
    assert_int_equal(privacy_free_on(holds, 3), PRIVACY_NO_DAY);
    assert_int_equal(privacy_free_on(holds, 0), PRIVACY_NO_DAY);
}

static void the_policy_names_each_term_that_is_out_of_its_range(void **state)
{
    struct retention_policy_fault faults[RETENTION_POLICY_FAULTS];
    struct retention_policy policy = retention_policy_standard();

    (void)state;
    assert_int_equal(policy.statutory_months, 36);
    assert_false(policy.erases_by_itself); /* nobody is erased unasked */
    assert_int_equal(retention_policy_check(&policy, faults), 0);
    policy = (struct retention_policy){.statutory_months = 240, .quiet_months = 6};
    assert_int_equal(retention_policy_check(&policy, faults), 0);
    policy = (struct retention_policy){.statutory_months = 0, .quiet_months = 5};
    assert_int_equal(retention_policy_check(&policy, faults), 2);
    assert_string_equal(faults[0].field, "statutory_months");
    assert_string_equal(faults[1].field, "quiet_months");
    policy = (struct retention_policy){.statutory_months = 241, .quiet_months = 241};
    assert_int_equal(retention_policy_check(&policy, faults), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_moves_as_the_table_says),
        cmocka_unit_test(states_and_kinds_read_as_they_are_named),
        cmocka_unit_test(a_transaction_is_kept_to_the_last_day_of_its_term_included),
        cmocka_unit_test(without_a_transaction_nothing_is_kept),
        cmocka_unit_test(holds_that_stand_come_first_the_released_and_past_ones_after),
        cmocka_unit_test(he_is_free_the_day_after_the_last_hold_and_never_while_one_has_no_day),
        cmocka_unit_test(the_policy_names_each_term_that_is_out_of_its_range),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
