/* Clocks: what they have by priority, what starts and stops them, pauses, extensions, changes, and
 * the words that explain them. Whole histories are in test_clock_walk.c. */
#include <string.h>

#include "services/complaints/domain/clock_plan.h"
#include "services/complaints/domain/clock_text.h"
#include "tests/unit/clock_scene.h"

static const struct id li = {{1}}, wang = {{2}};

static int64_t due(enum clock_kind kind, enum priority priority, int64_t start_us)
{
    return start(kind, priority, start_us).due_us;
}

/* --- the table --- */

static void normal_has_2_hours_1_day_2_days_5_days(void **state)
{
    int64_t wednesday = at(9, 23, 16, 30);

    (void)state;
    for (int i = PRIORITY_LOW; i <= PRIORITY_NORMAL; i++) {
        enum priority priority = (enum priority)i;

        assert_int_equal(due(CLOCK_AUTO_ACKNOWLEDGE, priority, wednesday), at(9, 23, 16, 45));
        assert_int_equal(due(CLOCK_ACKNOWLEDGE, priority, wednesday), at(9, 24, 9, 30));
        assert_int_equal(due(CLOCK_FIRST_RESPONSE, priority, wednesday), at(9, 24, 18, 0));
        assert_int_equal(due(CLOCK_PROGRESS, priority, at(9, 21, 9, 0)), at(9, 23, 18, 0));
        assert_int_equal(due(CLOCK_RESOLUTION, priority, at(9, 14, 9, 0)), at(9, 20, 18, 0));
        assert_int_equal(due(CLOCK_CONFIRMATION, priority, at(9, 14, 9, 0)), at(9, 16, 18, 0));
    }
}

static void a_priority_customer_is_answered_within_four_hours(void **state)
{
    (void)state;
    assert_int_equal(due(CLOCK_FIRST_RESPONSE, PRIORITY_HIGH, at(9, 23, 9, 0)), at(9, 23, 14, 30));
    assert_int_equal(due(CLOCK_ACKNOWLEDGE, PRIORITY_HIGH, at(9, 23, 11, 30)), at(9, 23, 14, 0));
    assert_int_equal(due(CLOCK_RESOLUTION, PRIORITY_HIGH, at(9, 21, 9, 0)), at(9, 24, 18, 0));
}

static void urgent_counts_by_the_wall_clock_also_on_a_sunday_night(void **state)
{
    int64_t sunday = at(9, 13, 3, 0);

    (void)state;
    assert_int_equal(due(CLOCK_ACKNOWLEDGE, PRIORITY_URGENT, sunday), at(9, 13, 3, 30));
    assert_int_equal(due(CLOCK_FIRST_RESPONSE, PRIORITY_URGENT, sunday), at(9, 13, 5, 0));
    assert_int_equal(due(CLOCK_PROGRESS, PRIORITY_URGENT, sunday), at(9, 13, 12, 0));
    assert_int_equal(due(CLOCK_PROGRESS, PRIORITY_URGENT, at(9, 13, 19, 0)), at(9, 14, 10, 0));
    assert_int_equal(due(CLOCK_RESOLUTION, PRIORITY_URGENT, sunday), at(9, 14, 18, 0));
}

static void a_holiday_is_not_counted_and_a_working_saturday_is(void **state)
{
    (void)state;
    /* 8, 9, 10 (Saturday), 12, 13 October. */
    assert_int_equal(due(CLOCK_RESOLUTION, PRIORITY_NORMAL, at(9, 30, 17, 0)), at(10, 13, 18, 0));
    assert_int_equal(due(CLOCK_ACKNOWLEDGE, PRIORITY_NORMAL, at(9, 30, 17, 0)), at(10, 8, 10, 0));
}

static void a_regulatory_clock_has_the_authoritys_term_and_is_never_paused_or_extended(void **state)
{
    struct case_clock clock = start(CLOCK_REGULATORY, PRIORITY_NORMAL, at(9, 14, 0, 0));

    (void)state;
    assert_int_equal(clock.due_us, at(9, 28, 18, 0)); /* 20 September is a working Sunday, 25 off */
    assert_int_equal(clock_pause(&clock, &cn, at(9, 15, 9, 0), 0, true), CLOCK_NEVER_PAUSES);
    assert_int_equal(clock_ask_extension(&clock, at(9, 15, 9, 0), at(10, 20, 9, 0), &li, true),
                     CLOCK_NEVER_EXTENDS);
    assert_true(clock_start_until(CLOCK_REGULATORY, PRIORITY_NORMAL, &policy, 3, &cn,
                                  at(9, 14, 0, 0), day_make(2026, 10, 4), &clock));
    assert_int_equal(clock.due_us, at(9, 30, 18, 0)); /* the last working day before */
    assert_false(clock_start_until(CLOCK_REGULATORY, PRIORITY_NORMAL, &policy, 3, &cn,
                                   at(10, 14, 0, 0), day_make(2026, 10, 4), &clock));
}

static void an_action_is_due_at_close_of_business_of_its_own_date(void **state)
{
    struct case_clock clock, next;
    struct clock_change change = {.cause = CLOCK_BY_POLICY, .policy = &policy, .from = &cn};

    (void)state;
    change.to = change.from;
    assert_true(clock_start_until(CLOCK_ACTION, PRIORITY_NORMAL, &policy, 3, &cn, at(9, 1, 9, 0),
                                  day_make(2026, 9, 18), &clock));
    assert_int_equal(clock.due_us, at(9, 18, 18, 0));
    assert_int_equal(clock_supersede(&clock, &change, at(9, 2, 9, 0), &next), CLOCK_HAS_OWN_DATE);
}

/* --- warnings and breach --- */

static void it_colours_at_half_warns_at_80_per_cent_and_breaches_at_the_moment(void **state)
{
    struct case_clock clock = start(CLOCK_ACKNOWLEDGE, PRIORITY_NORMAL, at(9, 23, 9, 0));
    int64_t at_us;

    (void)state;
    assert_int_equal(clock_band(&clock, at(9, 23, 9, 59)), CLOCK_IS_GREEN);
    assert_int_equal(clock_band(&clock, at(9, 23, 10, 0)), CLOCK_IS_YELLOW);
    assert_int_equal(clock_next(&clock), at(9, 23, 10, 36));
    assert_int_equal(clock_ring(&clock, &cn, at(9, 23, 10, 35), &at_us), CLOCK_RINGS_NOT);
    /* Nobody looked until the next day: both are told, of their own moments, once. */
    assert_int_equal(clock_ring(&clock, &cn, at(9, 24, 9, 0), &at_us), CLOCK_WARNS);
    assert_int_equal(at_us, at(9, 23, 10, 36));
    assert_int_equal(clock_ring(&clock, &cn, at(9, 24, 9, 0), &at_us), CLOCK_BREACHES);
    assert_int_equal(at_us, at(9, 23, 11, 0));
    assert_int_equal(clock_ring(&clock, &cn, at(9, 24, 9, 0), &at_us), CLOCK_RINGS_NOT);
    assert_int_equal(clock_next(&clock), CLOCK_NEVER);
    assert_int_equal(clock_band(&clock, at(9, 24, 10, 0)), CLOCK_IS_RED);
    assert_int_equal(clock_band(&clock, at(9, 24, 11, 0)), CLOCK_IS_BLACK);
}

static void what_came_in_time_is_met_also_when_it_is_entered_after_the_breach(void **state)
{
    struct case_clock clock = start(CLOCK_FIRST_RESPONSE, PRIORITY_NORMAL, at(9, 23, 9, 0));
    struct case_clock late = clock;
    int64_t at_us;

    (void)state;
    clock_stop(&late, &cn, at(9, 24, 18, 1));
    assert_int_equal(late.outcome, CLOCK_BREACHED);
    while (clock_ring(&clock, &cn, at(9, 24, 18, 5), &at_us) != CLOCK_RINGS_NOT)
        ;
    assert_int_equal(clock.outcome, CLOCK_BREACHED);
    clock_stop(&clock, &cn, at(9, 24, 18, 0));
    assert_int_equal(clock.outcome, CLOCK_MET);
    clock_stop(&clock, &cn, at(9, 25, 18, 0));
    assert_int_equal(clock.stopped_us, at(9, 24, 18, 0));
}

/* --- rows --- */

static void row_11_an_answer_stops_its_clock_and_no_other_and_nothing_escalates_after(void **state)
{
    struct clock_plan_facts facts = {.has_authority = true, .asks_confirmation = true};
    uint32_t starts = clock_plan_starts(&facts, CLOCK_EVENT_RECEIVED);
    struct case_clock clock = start(CLOCK_RESOLUTION, PRIORITY_NORMAL, at(9, 14, 9, 0));
    int64_t at_us;

    (void)state;
    assert_int_equal(starts, CLOCK_BIT(CLOCK_AUTO_ACKNOWLEDGE) | CLOCK_BIT(CLOCK_ACKNOWLEDGE) |
                                 CLOCK_BIT(CLOCK_FIRST_RESPONSE) | CLOCK_BIT(CLOCK_RESOLUTION) |
                                 CLOCK_BIT(CLOCK_REGULATORY));
    assert_int_equal(clock_plan_stops(CLOCK_EVENT_AUTO_ACKNOWLEDGED),
                     CLOCK_BIT(CLOCK_AUTO_ACKNOWLEDGE));
    assert_int_equal(clock_plan_stops(CLOCK_EVENT_TAKEN), CLOCK_BIT(CLOCK_ACKNOWLEDGE));
    assert_int_equal(clock_plan_stops(CLOCK_EVENT_WORDS),
                     CLOCK_BIT(CLOCK_FIRST_RESPONSE) | CLOCK_BIT(CLOCK_PROGRESS));
    assert_int_equal(clock_plan_starts(&facts, CLOCK_EVENT_WORDS), CLOCK_BIT(CLOCK_PROGRESS));
    assert_int_equal(clock_plan_stops(CLOCK_EVENT_ANSWERED),
                     CLOCK_BIT(CLOCK_RESOLUTION) | CLOCK_BIT(CLOCK_PROGRESS));
    assert_int_equal(clock_plan_starts(&facts, CLOCK_EVENT_ANSWERED),
                     CLOCK_BIT(CLOCK_CONFIRMATION));
    assert_int_equal(clock_plan_stops(CLOCK_EVENT_REACHED), CLOCK_BIT(CLOCK_CONFIRMATION));
    assert_int_equal(clock_plan_stops(CLOCK_EVENT_RESULT_FILED), CLOCK_BIT(CLOCK_REGULATORY));
    assert_int_equal(clock_plan_starts(&facts, CLOCK_EVENT_DISPUTED), CLOCK_BIT(CLOCK_RESOLUTION));
    assert_false(clock_plan_drops(CLOCK_EVENT_ENDED) & CLOCK_BIT(CLOCK_REGULATORY));
    clock_stop(&clock, &cn, at(9, 15, 9, 0));
    assert_int_equal(clock.outcome, CLOCK_MET);
    assert_int_equal(clock_next(&clock), CLOCK_NEVER);
    assert_int_equal(clock_ring(&clock, &cn, at(12, 1, 9, 0), &at_us), CLOCK_RINGS_NOT);
}

static void the_anonymous_and_history_have_no_clocks_that_nobody_could_stop(void **state)
{
    struct clock_plan_facts facts = {.is_anonymous = true, .asks_confirmation = false};

    (void)state;
    assert_int_equal(clock_plan_starts(&facts, CLOCK_EVENT_RECEIVED),
                     CLOCK_BIT(CLOCK_ACKNOWLEDGE) | CLOCK_BIT(CLOCK_RESOLUTION));
    assert_int_equal(clock_plan_starts(&facts, CLOCK_EVENT_ANSWERED), 0);
    facts = (struct clock_plan_facts){.is_historic = true, .has_authority = true};
    assert_int_equal(clock_plan_starts(&facts, CLOCK_EVENT_RECEIVED), 0);
    assert_int_equal(clock_plan_starts(&facts, CLOCK_EVENT_REOPENED), 0);
}

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
    assert_int_equal(old->state, CLOCK_SUPERSEDED);
    assert_int_equal(old->outcome, CLOCK_OUTCOME_IS_OPEN);
    assert_int_equal(clock_next(old), CLOCK_NEVER);
    assert_int_equal(next.policy_version, 4);
    assert_int_equal(next.cause, cause);
    return next;
}

static void row_12_another_priority_group_or_policy_supersedes_from_the_stated_point(void **state)
{
    int64_t monday = at(9, 14, 9, 0), tuesday = at(9, 15, 10, 0);
    struct case_clock old = start(CLOCK_RESOLUTION, PRIORITY_NORMAL, monday), next;

    (void)state;
    /* Raised: three working days from the change. */
    next = supersede(&old, CLOCK_BY_RAISED_PRIORITY, PRIORITY_HIGH, tuesday);
    assert_int_equal(next.started_us, tuesday);
    assert_int_equal(next.due_us, at(9, 18, 18, 0));
    /* Lowered again: five from the old start; here that of the raise. */
    next = supersede(&next, CLOCK_BY_LOWERED_PRIORITY, PRIORITY_NORMAL, tuesday);
    assert_int_equal(next.started_us, tuesday);
    assert_int_equal(next.due_us, at(9, 21, 18, 0)); /* 20 September is a working Sunday */
    /* Group: what was left goes on by the hours of Xinjiang, from 10:00. */
    old = start(CLOCK_ACKNOWLEDGE, PRIORITY_NORMAL, monday);
    next = supersede(&old, CLOCK_BY_GROUP, PRIORITY_NORMAL, at(9, 14, 9, 30));
    assert_int_equal(next.started_us, at(9, 14, 9, 30));
    assert_int_equal(next.due_us, at(9, 14, 11, 30));
    /* Policy: the whole term again, from the old start. */
    old = start(CLOCK_RESOLUTION, PRIORITY_NORMAL, monday);
    policy.targets[CLOCK_RESOLUTION][PRIORITY_NORMAL].working_days = 4;
    next = supersede(&old, CLOCK_BY_POLICY, PRIORITY_NORMAL, tuesday);
    assert_int_equal(next.started_us, monday);
    assert_int_equal(next.due_us, at(9, 18, 18, 0));
    assert_int_equal(set_up(NULL), 0);
}

static void a_raise_late_in_the_term_is_never_due_later_and_never_breaches_unwarned(void **state)
{
    struct case_clock old = start(CLOCK_RESOLUTION, PRIORITY_NORMAL, at(9, 14, 9, 0)), next;
    int64_t at_us;

    (void)state;
    next = supersede(&old, CLOCK_BY_RAISED_PRIORITY, PRIORITY_HIGH, at(9, 20, 17, 50));
    assert_int_equal(next.due_us, at(9, 20, 18, 0));
    assert_int_equal(clock_ring(&next, &cn, at(9, 21, 9, 0), &at_us), CLOCK_WARNS);
    assert_int_equal(clock_ring(&next, &cn, at(9, 21, 9, 0), &at_us), CLOCK_BREACHES);
    /* A policy that makes it late at once warns, and leaves half an hour. */
    old = start(CLOCK_RESOLUTION, PRIORITY_NORMAL, at(9, 14, 9, 0));
    policy.targets[CLOCK_RESOLUTION][PRIORITY_NORMAL].working_days = 1;
    next = supersede(&old, CLOCK_BY_POLICY, PRIORITY_NORMAL, at(9, 16, 10, 0));
    assert_int_equal(next.due_us, at(9, 16, 10, 30));
    assert_int_equal(clock_next(&next), at(9, 16, 10, 0));
    assert_int_equal(clock_ring(&next, &cn, at(9, 16, 10, 0), &at_us), CLOCK_WARNS);
    assert_int_equal(set_up(NULL), 0);
}

static void what_is_broken_stays_broken(void **state)
{
    struct case_clock clock = start(CLOCK_ACKNOWLEDGE, PRIORITY_NORMAL, at(9, 23, 9, 0)), next;
    const struct clock_change change = {
        .cause = CLOCK_BY_RAISED_PRIORITY, .policy = &policy, .from = &cn, .to = &cn};
    int64_t late = at(9, 23, 11, 0);

    (void)state;
    assert_int_equal(clock_pause(&clock, &cn, late, 0, true), CLOCK_IS_BREACHED);
    assert_int_equal(clock_ask_extension(&clock, late, at(9, 30, 9, 0), &li, true),
                     CLOCK_IS_BREACHED);
    assert_int_equal(clock_supersede(&clock, &change, late, &next), CLOCK_IS_BREACHED);
}

static void
row_13_paused_ten_times_over_weekends_it_is_business_time_and_never_breaches_unwarned(void **state)
{
    struct case_clock clock = start(CLOCK_RESOLUTION, PRIORITY_NORMAL, at(8, 3, 9, 0));
    int64_t at_us;

    (void)state;
    /* From Friday's close to Monday's opening, ten times: nothing of it is business time. */
    for (int i = 0; i < 10; i++) {
        assert_int_equal(clock_pause(&clock, &cn, at(8, 7, 18, 0), 0, true), CLOCK_FINE);
        assert_int_equal(clock_resume(&clock, &cn, at(8, 10, 9, 0)), CLOCK_FINE);
    }
    assert_int_equal(clock.pauses_us, 0);
    assert_int_equal(clock.due_us, at(8, 10, 18, 0));
    /* An hour before and an hour after the weekend are two. */
    clock = start(CLOCK_RESOLUTION, PRIORITY_NORMAL, at(8, 3, 9, 0));
    assert_int_equal(clock_pause(&clock, &cn, at(8, 7, 17, 0), 0, true), CLOCK_FINE);
    assert_int_equal(clock_ring(&clock, &cn, at(8, 10, 9, 59), &at_us), CLOCK_RINGS_NOT);
    assert_int_equal(clock_resume(&clock, &cn, at(8, 10, 10, 0)), CLOCK_FINE);
    assert_int_equal(clock.pauses_us, 120 * MINUTE_US);
    assert_int_equal(clock.due_us, at(8, 11, 11, 0));
    /* Extended into a Sunday and paused over it: left on Monday it warns and has half an hour. */
    clock = start(CLOCK_RESOLUTION, PRIORITY_NORMAL, at(8, 3, 9, 0));
    assert_int_equal(clock_ask_extension(&clock, at(8, 4, 9, 0), at(8, 16, 12, 0), &li, true),
                     CLOCK_FINE);
    assert_int_equal(clock_decide_extension(&clock, &cn, at(8, 4, 9, 0), &wang, true), CLOCK_FINE);
    assert_int_equal(clock_pause(&clock, &cn, at(8, 14, 18, 0), 0, true), CLOCK_FINE);
    assert_int_equal(clock_resume(&clock, &cn, at(8, 17, 9, 0)), CLOCK_FINE);
    assert_int_equal(clock.due_us, at(8, 17, 9, 30));
    assert_int_equal(clock_ring(&clock, &cn, at(8, 17, 9, 0), &at_us), CLOCK_WARNS);
    assert_int_equal(clock_ring(&clock, &cn, at(8, 17, 9, 0), &at_us), CLOCK_RINGS_NOT);
}

/* --- pauses and extensions --- */

static void a_pause_needs_a_reason_and_ends_by_itself_at_its_day_or_its_limit(void **state)
{
    struct case_clock clock = start(CLOCK_RESOLUTION, PRIORITY_NORMAL, at(8, 3, 9, 0));
    int64_t at_us;

    (void)state;
    assert_int_equal(clock_pause(&clock, &cn, at(8, 3, 10, 0), 0, false), CLOCK_NEEDS_REASON);
    assert_int_equal(clock_pause(&clock, &cn, at(8, 3, 10, 0), at(8, 3, 9, 0), true),
                     CLOCK_PAUSE_UNTIL_PAST);
    assert_int_equal(clock_pause(&clock, &cn, at(8, 3, 9, 0), at(8, 5, 9, 0), true), CLOCK_FINE);
    assert_int_equal(clock_pause(&clock, &cn, at(8, 3, 10, 0), 0, true), CLOCK_IS_PAUSED);
    assert_int_equal(clock_ring(&clock, &cn, at(8, 5, 9, 0), &at_us), CLOCK_GOES_ON);
    assert_int_equal(clock.due_us, at(8, 12, 18, 0));
    /* Three of five days are left of the limit. */
    assert_int_equal(clock_pause(&clock, &cn, at(8, 5, 9, 0), 0, true), CLOCK_FINE);
    assert_int_equal(clock_next(&clock), at(8, 7, 18, 0));
    assert_int_equal(clock_ring(&clock, &cn, at(8, 20, 9, 0), &at_us), CLOCK_GOES_ON);
    assert_int_equal(at_us, at(8, 7, 18, 0));
    assert_int_equal(clock.due_us, at(8, 17, 18, 0));
    assert_int_equal(clock_pause(&clock, &cn, at(8, 10, 9, 0), 0, true), CLOCK_PAUSE_IS_USED_UP);
    assert_int_equal(clock_resume(&clock, &cn, at(8, 10, 9, 0)), CLOCK_IS_NOT_PAUSED);
}

static void an_extension_is_asked_before_due_decided_by_another_and_at_most_twice(void **state)
{
    struct case_clock clock = start(CLOCK_RESOLUTION, PRIORITY_NORMAL, at(8, 3, 9, 0));
    int64_t now = at(8, 4, 9, 0);

    (void)state;
    assert_int_equal(clock_decide_extension(&clock, &cn, now, &wang, true),
                     CLOCK_EXTENSION_NOT_ASKED);
    assert_int_equal(clock_ask_extension(&clock, now, at(8, 10, 18, 0), &li, true),
                     CLOCK_EXTENSION_NOT_LATER);
    assert_int_equal(clock_ask_extension(&clock, now, at(8, 12, 18, 0), &li, false),
                     CLOCK_NEEDS_REASON);
    for (int day = 12; day <= 13; day++) {
        assert_int_equal(clock_ask_extension(&clock, now, at(8, day, 18, 0), &li, true),
                         CLOCK_FINE);
        assert_int_equal(clock_ask_extension(&clock, now, at(8, 20, 18, 0), &li, true),
                         CLOCK_EXTENSION_IS_ASKED);
        assert_int_equal(clock_decide_extension(&clock, &cn, now, &li, true),
                         CLOCK_DECIDES_HIMSELF);
        assert_int_equal(clock_decide_extension(&clock, &cn, now, &wang, true), CLOCK_FINE);
        assert_int_equal(clock.due_us, at(8, day, 18, 0));
    }
    assert_int_equal(clock_ask_extension(&clock, now, at(8, 20, 18, 0), &li, true),
                     CLOCK_EXTENDED_TOO_OFTEN);
}

static void a_refused_extension_moves_nothing(void **state)
{
    struct case_clock clock = start(CLOCK_RESOLUTION, PRIORITY_NORMAL, at(8, 3, 9, 0));

    (void)state;
    assert_int_equal(clock_ask_extension(&clock, at(8, 4, 9, 0), at(8, 12, 18, 0), &li, true),
                     CLOCK_FINE);
    assert_int_equal(clock_decide_extension(&clock, &cn, at(8, 4, 9, 0), &wang, false), CLOCK_FINE);
    assert_int_equal(clock.due_us, at(8, 10, 18, 0));
    assert_int_equal(clock.extensions, 0);
}

/* --- words --- */

static void a_deadline_is_explained_in_a_sentence_and_step_by_step(void **state)
{
    struct case_clock clock = start(CLOCK_RESOLUTION, PRIORITY_URGENT, at(9, 30, 17, 30));
    char sentence[CLOCK_TEXT_BYTES], steps[CLOCK_TEXT_STEPS_BYTES];

    (void)state;
    clock_text_tell(&clock, &cn, TELLING_IS_ZH, sentence);
    assert_string_equal(sentence, "处理答复应于2026年10月8日(周四)18:00前完成:紧急优先级1个工作日,"
                                  "自2026年9月30日(周三)17:30起算(政策v3)");
    clock_text_tell(&clock, &cn, TELLING_IS_EN, sentence);
    assert_string_equal(sentence,
                        "resolution: due Thu 2026-10-08 18:00: urgent priority, 1 working "
                        "day from Wed 2026-09-30 17:30 (policy v3)");
    clock_text_tell_steps(&clock, &cn, TELLING_IS_ZH, steps);
    assert_non_null(strstr(steps, "2026年10月1日(周四)至2026年10月7日(周三)不计(非工作日)\n"
                                  "2026年10月8日(周四):第1个工作日\n"));
    clock = start(CLOCK_ACKNOWLEDGE, PRIORITY_NORMAL, at(9, 30, 17, 0));
    clock_text_tell_steps(&clock, &cn, TELLING_IS_EN, steps);
    assert_non_null(strstr(steps, "Wed 2026-09-30 17:00 to 18:00: 1 h, left 1 h\n"));
    assert_non_null(strstr(steps, "due: Thu 2026-10-08 10:00"));
}

static void a_due_time_that_a_holiday_notice_may_move_is_provisional(void **state)
{
    struct case_clock clock;

    (void)state;
    assert_true(clock_start(CLOCK_RESOLUTION, PRIORITY_NORMAL, &policy, 3, &cn, CLOCK_BY_START,
                            at(12, 30, 9, 0), &clock));
    assert_true(clock.is_provisional);
    assert_false(start(CLOCK_RESOLUTION, PRIORITY_NORMAL, at(9, 14, 9, 0)).is_provisional);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_has_2_hours_1_day_2_days_5_days),
        cmocka_unit_test(a_priority_customer_is_answered_within_four_hours),
        cmocka_unit_test(urgent_counts_by_the_wall_clock_also_on_a_sunday_night),
        cmocka_unit_test(a_holiday_is_not_counted_and_a_working_saturday_is),
        cmocka_unit_test(
            a_regulatory_clock_has_the_authoritys_term_and_is_never_paused_or_extended),
        cmocka_unit_test(an_action_is_due_at_close_of_business_of_its_own_date),
        cmocka_unit_test(it_colours_at_half_warns_at_80_per_cent_and_breaches_at_the_moment),
        cmocka_unit_test(what_came_in_time_is_met_also_when_it_is_entered_after_the_breach),
        cmocka_unit_test(row_11_an_answer_stops_its_clock_and_no_other_and_nothing_escalates_after),
        cmocka_unit_test(the_anonymous_and_history_have_no_clocks_that_nobody_could_stop),
        cmocka_unit_test(row_12_another_priority_group_or_policy_supersedes_from_the_stated_point),
        cmocka_unit_test(a_raise_late_in_the_term_is_never_due_later_and_never_breaches_unwarned),
        cmocka_unit_test(what_is_broken_stays_broken),
        cmocka_unit_test(
            row_13_paused_ten_times_over_weekends_it_is_business_time_and_never_breaches_unwarned),
        cmocka_unit_test(a_pause_needs_a_reason_and_ends_by_itself_at_its_day_or_its_limit),
        cmocka_unit_test(an_extension_is_asked_before_due_decided_by_another_and_at_most_twice),
        cmocka_unit_test(a_refused_extension_moves_nothing),
        cmocka_unit_test(a_deadline_is_explained_in_a_sentence_and_step_by_step),
        cmocka_unit_test(a_due_time_that_a_holiday_notice_may_move_is_provisional),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
