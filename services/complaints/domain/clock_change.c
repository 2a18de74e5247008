/* What people do to a clock: pauses, extensions, and changes by which another takes its place. */
#include <assert.h>
#include <string.h>

#include "services/complaints/domain/clock.h"

static bool is_ended(const struct case_clock *clock)
{
    return clock->state != CLOCK_RUNNING && clock->state != CLOCK_PAUSED;
}

static bool is_broken(const struct case_clock *clock, int64_t now_us)
{
    return clock->breached_us != 0 || (clock->state == CLOCK_RUNNING && clock->due_us <= now_us);
}

/* --- pauses --- */

static enum clock_flaw find_pause_flaw(const struct case_clock *clock, int64_t now_us,
                                       int64_t until_us, bool has_reason)
{
    if (is_ended(clock))
        return CLOCK_HAS_ENDED;
    if (clock->kind == CLOCK_REGULATORY)
        return CLOCK_NEVER_PAUSES;
    if (clock->state == CLOCK_PAUSED)
        return CLOCK_IS_PAUSED;
    if (is_broken(clock, now_us))
        return CLOCK_IS_BREACHED;
    if (!has_reason)
        return CLOCK_NEEDS_REASON;
    if (until_us != 0 && until_us <= now_us)
        return CLOCK_PAUSE_UNTIL_PAST;
    return clock->pause_used_us >= clock->pause_limit_us ? CLOCK_PAUSE_IS_USED_UP : CLOCK_FINE;
}

/* Lets it stand still; the limit must not be used up. */
static bool stand_still(struct case_clock *clock, const struct calendar *calendar, int64_t now_us,
                        int64_t until_us)
{
    struct clock_measure measure = clock_measure_of(clock, calendar);
    int64_t limit_us;

    if (!clock_term_add(&measure, now_us, clock->pause_limit_us - clock->pause_used_us, &limit_us))
        return false;
    clock->state = CLOCK_PAUSED;
    clock->paused_us = now_us;
    clock->pause_until_us = until_us != 0 && until_us < limit_us ? until_us : limit_us;
    return true;
}

enum clock_flaw clock_pause(struct case_clock *clock, const struct calendar *calendar,
                            int64_t now_us, int64_t until_us, bool has_reason)
{
    enum clock_flaw flaw = find_pause_flaw(clock, now_us, until_us, has_reason);

    if (flaw)
        return flaw;
    return stand_still(clock, calendar, now_us, until_us) ? CLOCK_FINE : CLOCK_NEVER_DUE;
}

enum clock_flaw clock_resume(struct case_clock *clock, const struct calendar *calendar,
                             int64_t now_us)
{
    if (is_ended(clock))
        return CLOCK_HAS_ENDED;
    if (clock->state != CLOCK_PAUSED)
        return CLOCK_IS_NOT_PAUSED;
    clock_end_pause(clock, calendar, now_us);
    clock_settle(clock, calendar, now_us);
    return CLOCK_FINE;
}

/* --- extensions --- */

/* What stands against moving the due time at all. */
static enum clock_flaw find_moving_flaw(const struct case_clock *clock, int64_t now_us)
{
    return is_ended(clock)                ? CLOCK_HAS_ENDED
           : clock->state == CLOCK_PAUSED ? CLOCK_IS_PAUSED
           : is_broken(clock, now_us)     ? CLOCK_IS_BREACHED
                                          : CLOCK_FINE;
}

enum clock_flaw clock_ask_extension(struct case_clock *clock, int64_t now_us, int64_t until_us,
                                    const struct id *by, bool has_reason)
{
    enum clock_flaw flaw = find_moving_flaw(clock, now_us);

    if (flaw)
        return flaw;
    if (clock->kind == CLOCK_REGULATORY || clock->kind == CLOCK_AUTO_ACKNOWLEDGE)
        return CLOCK_NEVER_EXTENDS;
    if (!has_reason)
        return CLOCK_NEEDS_REASON;
    if (clock->extension_us != 0)
        return CLOCK_EXTENSION_IS_ASKED;
    if (clock->extensions >= clock->max_extensions)
        return CLOCK_EXTENDED_TOO_OFTEN;
    if (until_us <= clock->due_us)
        return CLOCK_EXTENSION_NOT_LATER;
    clock->extension_us = until_us;
    clock->extension_by = *by;
    return CLOCK_FINE;
}

static enum clock_flaw find_decision_flaw(const struct case_clock *clock, int64_t now_us,
                                          const struct id *by)
{
    if (is_ended(clock))
        return CLOCK_HAS_ENDED;
    if (is_broken(clock, now_us))
        return CLOCK_IS_BREACHED;
    if (clock->extension_us == 0)
        return CLOCK_EXTENSION_NOT_ASKED;
    if (memcmp(by, &clock->extension_by, sizeof(*by)) == 0)
        return CLOCK_DECIDES_HIMSELF;
    return CLOCK_FINE;
}

enum clock_flaw clock_decide_extension(struct case_clock *clock, const struct calendar *calendar,
                                       int64_t now_us, const struct id *by, bool is_granted)
{
    enum clock_flaw flaw = find_decision_flaw(clock, now_us, by);

    if (flaw)
        return flaw;
    if (!is_granted) {
        clock->extension_us = 0;
        return CLOCK_FINE;
    }
    if (clock->state == CLOCK_PAUSED)
        return CLOCK_IS_PAUSED;
    if (clock->extension_us <= clock->due_us)
        return CLOCK_EXTENSION_NOT_LATER;
    clock->due_us = clock->extension_us;
    clock->extension_us = 0;
    clock->extensions++;
    clock->cause = CLOCK_BY_EXTENSION;
    clock_settle(clock, calendar, now_us);
    return CLOCK_FINE;
}

/* --- supersession --- */

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* The whole term from the old start, with what it stood still since. */
static bool count_term(const struct case_clock *clock, const struct clock_measure *measure,
                       int64_t *due_us)
{
    int64_t term_us;

    return clock_term_due(measure, clock->started_us, &term_us) &&
           clock_term_add(measure, term_us, clock->pauses_us, due_us);
}

/* What it was given, on a calendar of the same measure: as long again. Where that is so as it is,
 * it stays, also when it is due while nothing is open. */
static bool count_given(const struct case_clock *clock, const struct clock_measure *measure,
                        int64_t *due_us)
{
    if (clock_term_between(measure, clock->given_from_us, clock->due_us) == clock->given_us)
        *due_us = clock->due_us;
    else if (!clock_term_add(measure, clock->given_from_us, clock->given_us, due_us))
        return false;
    return true;
}

/* As its own history gives it; what was granted as a date is never taken back. */
static bool count_again(const struct case_clock *clock, const struct clock_measure *measure,
                        int64_t *due_us)
{
    int64_t counted_us;

    if (!(clock->given_from_us != 0 ? count_given(clock, measure, &counted_us)
                                    : count_term(clock, measure, &counted_us)))
        return false;
    *due_us = clock->extensions > 0 ? later(counted_us, clock->due_us) : counted_us;
    return true;
}

bool clock_is_moved(const struct case_clock *clock, const struct calendar *calendar)
{
    struct clock_measure measure = clock_measure_of(clock, calendar);
    int64_t due_us;

    return !count_again(clock, &measure, &due_us) || due_us != clock->due_us;
}

static void start_now(struct case_clock *clock, int64_t now_us)
{
    clock->started_us = now_us;
    clock->pauses_us = 0;
    clock->warned_us = 0;
}

/* The whole term by what holds now. */
static bool enter_term(struct case_clock *clock, const struct clock_measure *measure)
{
    clock->given_from_us = clock->given_us = 0;
    return count_term(clock, measure, &clock->due_us);
}

/* Where the new one starts and when it is due, by the point that the cause states. */
static bool recompute(struct case_clock *clock, const struct clock_change *change, int64_t now_us)
{
    struct clock_measure measure = clock_measure_of(clock, change->to);
    struct clock_measure before = clock_measure_of(clock, change->from);
    int64_t old_due_us = clock->due_us;
    int64_t due_us = old_due_us, left_us;

    switch (change->cause) {
    case CLOCK_BY_RAISED_PRIORITY:
        start_now(clock, now_us);
        if (!enter_term(clock, &measure))
            return false;
        if (old_due_us < clock->due_us)
            clock_give(clock, &measure, now_us, old_due_us);
        return true;
    case CLOCK_BY_LOWERED_PRIORITY:
        if (!enter_term(clock, &measure))
            return false;
        if (old_due_us > clock->due_us)
            clock_give(clock, &measure, now_us, old_due_us);
        return true;
    case CLOCK_BY_POLICY:
        if (!enter_term(clock, &measure))
            return false;
        if (clock->extensions > 0)
            clock->due_us = later(clock->due_us, old_due_us);
        return true;
    case CLOCK_BY_CALENDAR:
        return count_again(clock, &measure, &clock->due_us);
    case CLOCK_BY_GROUP:
        left_us = clock_term_between(&before, now_us, old_due_us);
        start_now(clock, now_us);
        if (left_us > 0 && !clock_term_add(&measure, now_us, left_us, &due_us))
            return false;
        clock_give(clock, &measure, now_us, due_us);
        return true;
    case CLOCK_BY_START:
    case CLOCK_BY_DISPUTE:
    case CLOCK_BY_REOPENING:
    case CLOCK_BY_EXTENSION:
        break;
    }
    assert(!"nothing that supersedes a clock");
    return false;
}

static enum clock_flaw find_supersession_flaw(const struct case_clock *clock, int64_t now_us)
{
    if (is_ended(clock))
        return CLOCK_HAS_ENDED;
    if (is_broken(clock, now_us))
        return CLOCK_IS_BREACHED;
    if (clock->term.minutes == 0 && clock->term.working_days == 0)
        return CLOCK_HAS_OWN_DATE;
    return CLOCK_FINE;
}

static void enter_policy(struct case_clock *clock, const struct clock_change *change)
{
    clock->cause = change->cause;
    clock->priority = change->priority;
    clock->term = *clock_policy_term(change->policy, clock->kind, change->priority);
    clock->policy_version = change->policy_version;
    clock->warn_first_percent = change->policy->warn_first_percent;
    clock->warn_percent = change->policy->warn_percent;
    clock->max_extensions = change->policy->max_extensions;
    clock->pause_limit_us = change->policy->pause_limit_minutes * MINUTE_US;
}

enum clock_flaw clock_supersede(struct case_clock *old, const struct clock_change *change,
                                int64_t now_us, struct case_clock *out)
{
    enum clock_flaw flaw = find_supersession_flaw(old, now_us);
    struct case_clock next = *old;
    bool is_paused = old->state == CLOCK_PAUSED;
    int64_t until_us = old->pause_until_us;

    if (flaw)
        return flaw;
    if (is_paused)
        clock_end_pause(&next, change->from, now_us);
    enter_policy(&next, change);
    if (!recompute(&next, change, now_us))
        return CLOCK_NEVER_DUE;
    clock_settle(&next, change->to, now_us);
    if (is_paused && until_us > now_us && next.pause_used_us < next.pause_limit_us &&
        !stand_still(&next, change->to, now_us, until_us))
        return CLOCK_NEVER_DUE;
    old->state = CLOCK_SUPERSEDED;
    old->stopped_us = now_us;
    old->paused_us = old->pause_until_us = old->extension_us = 0;
    *out = next;
    return CLOCK_FINE;
}

/* --- refusals --- */

const char *clock_flaw_text(enum clock_flaw flaw, enum telling_language language)
{
    static const char *const texts[][2] = {
        [CLOCK_FINE] = {"", ""},
        [CLOCK_HAS_ENDED] = {"该时限已结束", "this deadline has ended"},
        [CLOCK_IS_BREACHED] = {"该时限已超时,不能再更改",
                               "this deadline is past, nothing moves it any more"},
        [CLOCK_IS_PAUSED] = {"计时已暂停,请先恢复", "it is paused; resume it first"},
        [CLOCK_IS_NOT_PAUSED] = {"计时未暂停", "it is not paused"},
        [CLOCK_NEVER_PAUSES] = {"监管部门期限不能暂停", "the authority's term is never paused"},
        [CLOCK_NEEDS_REASON] = {"需要填写原因", "a reason is needed"},
        [CLOCK_PAUSE_IS_USED_UP] = {"可暂停的时间已用完", "no more time may be paused"},
        [CLOCK_PAUSE_UNTIL_PAST] = {"恢复时间必须晚于现在", "until must be after now"},
        [CLOCK_NEVER_EXTENDS] = {"该时限不能延期", "this deadline is never extended"},
        [CLOCK_EXTENDED_TOO_OFTEN] = {"延期次数已达上限", "it was extended as often as allowed"},
        [CLOCK_EXTENSION_NOT_LATER] = {"延期后的时间必须晚于现在的截止时间",
                                       "until must be after the present due time"},
        [CLOCK_EXTENSION_IS_ASKED] = {"已有一项延期申请待审批",
                                      "an extension is asked for already and not decided"},
        [CLOCK_EXTENSION_NOT_ASKED] = {"没有待审批的延期申请", "no extension is asked for"},
        [CLOCK_DECIDES_HIMSELF] = {"延期须由申请人以外的人审批",
                                   "another person than who asked must decide"},
        [CLOCK_HAS_OWN_DATE] = {"该时限有自己的日期", "it has a date of its own"},
        [CLOCK_NEVER_DUE] = {"按此日历十年内不会到期",
                             "on this calendar it is not due within ten years"},
    };

    return texts[flaw][language == TELLING_IS_EN];
}
