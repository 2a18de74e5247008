/* Clocks when their calendar changes: what they were given counts again, and nothing moves where it
 * says the same. Whole histories are in test_clock_walk.c. */
#include "tests/unit/clock_scene.h"

static struct case_clock supersede(struct case_clock *old, enum clock_cause cause,
                                   enum priority priority, int64_t now_us)
{
    const struct clock_change change = {.cause = cause,
                                        .priority = priority,
                                        .policy = &policy,
                                        .policy_version = 4,
                                        .from = &cn,
                                        .to = cause == CLOCK_BY_GROUP ? &west : &cn};
    struct case_clock next;

    assert_int_equal(clock_supersede(old, &change, now_us, &next), CLOCK_FINE);
    return next;
}

static struct case_clock recounted(struct case_clock old, const struct calendar *to, int64_t now_us)
{
    const struct clock_change change = {.cause = CLOCK_BY_CALENDAR,
                                        .priority = old.priority,
                                        .policy = &policy,
                                        .policy_version = 4,
                                        .from = to,
                                        .to = to};
    struct case_clock next;

    assert_int_equal(clock_supersede(&old, &change, now_us, &next), CLOCK_FINE);
    return next;
}

static struct case_clock grouped(int64_t now_us)
{
    struct case_clock old = start(CLOCK_RESOLUTION, PRIORITY_NORMAL, at(9, 14, 9, 0));

    return supersede(&old, CLOCK_BY_GROUP, PRIORITY_NORMAL, now_us);
}

static void a_calendar_saved_again_unchanged_moves_no_clock_that_was_superseded_before(void **state)
{
    int64_t friday = at(9, 18, 17, 0);
    struct case_clock old, next;

    (void)state;
    next = grouped(friday);
    assert_false(clock_is_moved(&next, &west));
    assert_int_equal(recounted(next, &west, friday).due_us, next.due_us);
    /* Raised late: due when it was before. */
    old = start(CLOCK_RESOLUTION, PRIORITY_NORMAL, at(9, 14, 9, 0));
    next = supersede(&old, CLOCK_BY_RAISED_PRIORITY, PRIORITY_HIGH, friday);
    assert_int_equal(next.due_us, at(9, 20, 18, 0));
    assert_false(clock_is_moved(&next, &cn));
    assert_int_equal(recounted(next, &cn, friday).due_us, next.due_us);
    /* And through a pause: an hour of Friday, and of Sunday, which is worked. */
    assert_int_equal(clock_pause(&next, &cn, friday, 0, true), CLOCK_FINE);
    assert_int_equal(clock_resume(&next, &cn, at(9, 20, 10, 0)), CLOCK_FINE);
    assert_int_equal(next.due_us, at(9, 21, 11, 0));
    assert_false(clock_is_moved(&next, &cn));
    /* What got the grace keeps it. */
    old = start(CLOCK_RESOLUTION, PRIORITY_NORMAL, at(9, 14, 9, 0));
    policy.targets[CLOCK_RESOLUTION][PRIORITY_NORMAL].working_days = 1;
    next = supersede(&old, CLOCK_BY_POLICY, PRIORITY_NORMAL, at(9, 16, 10, 0));
    assert_int_equal(next.due_us, at(9, 16, 10, 30));
    assert_false(clock_is_moved(&next, &cn));
    assert_int_equal(set_up(NULL), 0);
}

static void a_calendar_that_changes_counts_again_what_was_left_and_not_the_whole_term(void **state)
{
    static struct calendar shut;
    int64_t friday = at(9, 18, 17, 0), sunday = at(9, 20, 10, 0);
    struct case_clock next = grouped(friday);

    (void)state;
    /* An hour of Friday and a working Sunday were left: 8½ hours from 17:00 on; in Xinjiang three
     * of them on Friday, and the rest on Sunday. */
    assert_int_equal(next.due_us, at(9, 20, 17, 30));
    shut = west;
    for (int32_t i = 0; i < shut.day_count; i++)
        if (shut.days[i].day == day_make(2026, 9, 20))
            shut.days[i].kind = CALENDAR_OFF;
    assert_true(clock_is_moved(&next, &shut));
    assert_int_equal(recounted(next, &shut, friday).due_us, at(9, 21, 17, 30));
    /* There and back again is where it was. */
    next = recounted(next, &shut, friday);
    assert_int_equal(recounted(next, &west, sunday).due_us, at(9, 20, 17, 30));
}

static void a_clock_that_stands_still_is_not_moved_by_the_calendar_that_it_has(void **state)
{
    static struct calendar shut;
    struct case_clock clock = start(CLOCK_RESOLUTION, PRIORITY_NORMAL, at(8, 3, 9, 30));

    (void)state;
    shut = cn;
    shut.weekly[1].count = 0; /* on Tuesdays */
    assert_false(clock_is_moved(&clock, &cn));
    assert_int_equal(clock_pause(&clock, &cn, at(8, 3, 10, 0), 0, true), CLOCK_FINE);
    assert_false(clock_is_moved(&clock, &cn));
    assert_true(clock_is_moved(&clock, &shut));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_calendar_saved_again_unchanged_moves_no_clock_that_was_superseded_before),
        cmocka_unit_test(a_calendar_that_changes_counts_again_what_was_left_and_not_the_whole_term),
        cmocka_unit_test(a_clock_that_stands_still_is_not_moved_by_the_calendar_that_it_has),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
