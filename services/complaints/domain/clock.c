#include "services/complaints/domain/clock.h"

#include "common/pure/calendar_notice.h"
#include "common/pure/day.h"

static const char *const states[] = {"", "running", "paused", "stopped", "superseded"};
static const char *const outcomes[] = {"", "met", "breached"};
static const char *const causes[CLOCK_CAUSES] = {
    "",      "start",  "dispute",  "reopening", "raised_priority", "lowered_priority",
    "group", "policy", "calendar", "extension",
};
static const char *const bands[][3] = {
    [CLOCK_IS_GREEN] = {"green", "正常", "in time"},
    [CLOCK_IS_YELLOW] = {"yellow", "临近", "due soon"},
    [CLOCK_IS_RED] = {"red", "逾期", "overdue"},
    [CLOCK_IS_BLACK] = {"black", "严重逾期", "long overdue"},
};

const char *clock_state_name(enum clock_state state)
{
    return (size_t)state < COUNT_OF(states) ? states[state] : "";
}

const char *clock_outcome_name(enum clock_outcome outcome)
{
    return (size_t)outcome < COUNT_OF(outcomes) ? outcomes[outcome] : "";
}

const char *clock_cause_name(enum clock_cause cause)
{
    return (size_t)cause < CLOCK_CAUSES ? causes[cause] : "";
}

const char *clock_band_name(enum clock_band band)
{
    return (size_t)band < COUNT_OF(bands) ? bands[band][0] : "";
}

const char *clock_band_label(enum clock_band band, enum telling_language language)
{
    return (size_t)band < COUNT_OF(bands) ? bands[band][language] : "";
}

struct clock_measure clock_measure_of(const struct case_clock *clock,
                                      const struct calendar *calendar)
{
    return (struct clock_measure){clock->term, calendar};
}

/* When so many per cent of the time have passed for the clock, seen from `now_us`; now when they
 * have already. */
static int64_t share_at(const struct case_clock *clock, const struct clock_measure *measure,
                        uint32_t percent, int64_t now_us)
{
    int64_t total_us =
        clock_term_between(measure, clock->started_us, clock->due_us) - clock->pauses_us;
    int64_t passed_us = clock_term_between(measure, clock->started_us, now_us) - clock->pauses_us;
    int64_t left_us = total_us * percent / 100 - passed_us;
    int64_t at_us = now_us;

    if (left_us <= 0 || !clock_term_add(measure, now_us, left_us, &at_us))
        return now_us;
    return at_us;
}

static void set_warnings(struct case_clock *clock, const struct calendar *calendar, int64_t now_us)
{
    struct clock_measure measure = clock_measure_of(clock, calendar);
    bool is_of_calendar = !clock->term.is_wall && clock->term.to_min == 0;

    clock->colour_us = share_at(clock, &measure, clock->warn_first_percent, now_us);
    clock->warn_us = share_at(clock, &measure, clock->warn_percent, now_us);
    clock->is_provisional =
        is_of_calendar && calendar_notice_is_due_open(calendar, clock->started_us, clock->due_us);
}

void clock_give(struct case_clock *clock, const struct clock_measure *measure, int64_t from_us,
                int64_t due_us)
{
    clock->due_us = due_us;
    clock->given_from_us = from_us;
    clock->given_us = clock_term_between(measure, from_us, due_us);
}

void clock_settle(struct case_clock *clock, const struct calendar *calendar, int64_t now_us)
{
    struct clock_measure measure = clock_measure_of(clock, calendar);
    bool was_warned = clock->warned_us != 0;
    int64_t grace_us;

    set_warnings(clock, calendar, now_us);
    clock->warned_us = 0;
    if (clock->due_us <= now_us)
        clock->warn_us = now_us;
    if (clock->warn_us > now_us || clock->kind == CLOCK_REGULATORY)
        return;
    if (was_warned && clock->due_us > now_us)
        return;
    if (clock_term_add(&measure, now_us, CLOCK_GRACE_MINUTES * MINUTE_US, &grace_us) &&
        clock->due_us < grace_us)
        clock_give(clock, &measure, now_us, grace_us);
}

static struct case_clock make(enum clock_kind kind, enum priority priority,
                              const struct clock_policy *policy, uint32_t policy_version,
                              enum clock_cause cause, int64_t start_us)
{
    return (struct case_clock){
        .kind = kind,
        .state = CLOCK_RUNNING,
        .cause = cause,
        .priority = priority,
        .policy_version = policy_version,
        .warn_first_percent = policy->warn_first_percent,
        .warn_percent = policy->warn_percent,
        .max_extensions = policy->max_extensions,
        .pause_limit_us = policy->pause_limit_minutes * MINUTE_US,
        .started_us = start_us,
    };
}

bool clock_start(enum clock_kind kind, enum priority priority, const struct clock_policy *policy,
                 uint32_t policy_version, const struct calendar *calendar, enum clock_cause cause,
                 int64_t start_us, struct case_clock *out)
{
    struct case_clock clock = make(kind, priority, policy, policy_version, cause, start_us);
    struct clock_measure measure;

    clock.term = *clock_policy_term(policy, kind, priority);
    measure = clock_measure_of(&clock, calendar);
    if (!clock_term_due(&measure, start_us, &clock.due_us))
        return false;
    set_warnings(&clock, calendar, start_us);
    *out = clock;
    return true;
}

static int64_t end_of_day(const struct calendar *calendar, int32_t day)
{
    struct day_date date = day_split(day + 1);
    struct civil midnight = {
        .year = date.year, .month = (int8_t)date.month, .day = (int8_t)date.day};

    return zone_moment(calendar->zone, &midnight);
}

bool clock_start_until(enum clock_kind kind, enum priority priority,
                       const struct clock_policy *policy, uint32_t policy_version,
                       const struct calendar *calendar, int64_t start_us, int32_t day,
                       struct case_clock *out)
{
    struct case_clock clock =
        make(kind, priority, policy, policy_version, CLOCK_BY_START, start_us);
    int32_t working_day;

    if (day < DAY_MIN || day >= DAY_MAX)
        return false;
    if (!calendar_working_day_before(calendar, day, &working_day) ||
        !calendar_close_of(calendar, working_day, &clock.due_us) || clock.due_us <= start_us)
        clock.due_us = end_of_day(calendar, day);
    if (clock.due_us <= start_us)
        return false;
    set_warnings(&clock, calendar, start_us);
    *out = clock;
    return true;
}

void clock_end_pause(struct case_clock *clock, const struct calendar *calendar, int64_t at_us)
{
    struct clock_measure measure = clock_measure_of(clock, calendar);
    int64_t paused_us = clock_term_between(&measure, clock->paused_us, at_us);
    int64_t due_us;

    if (paused_us > 0 && clock_term_add(&measure, clock->due_us, paused_us, &due_us))
        clock->due_us = due_us;
    clock->pauses_us += paused_us;
    if (clock->given_from_us != 0)
        clock->given_us += paused_us;
    clock->pause_used_us += paused_us;
    clock->paused_us = clock->pause_until_us = 0;
    clock->state = CLOCK_RUNNING;
}

static bool has_ended(const struct case_clock *clock)
{
    return clock->state != CLOCK_RUNNING && clock->state != CLOCK_PAUSED;
}

void clock_stop(struct case_clock *clock, const struct calendar *calendar, int64_t at_us)
{
    bool was_still = clock->state == CLOCK_PAUSED; /* and whole when it was paused */

    if (has_ended(clock))
        return;
    if (was_still)
        clock_end_pause(clock, calendar, at_us);
    clock->state = CLOCK_STOPPED;
    clock->stopped_us = at_us;
    clock->extension_us = 0;
    clock->outcome = was_still || at_us <= clock->due_us ? CLOCK_MET : CLOCK_BREACHED;
}

void clock_drop(struct case_clock *clock, int64_t at_us)
{
    if (has_ended(clock))
        return;
    clock->state = CLOCK_STOPPED;
    clock->stopped_us = at_us;
    clock->paused_us = clock->pause_until_us = 0;
    clock->extension_us = 0;
}

int64_t clock_next(const struct case_clock *clock)
{
    if (clock->state == CLOCK_PAUSED)
        return clock->pause_until_us;
    if (clock->state != CLOCK_RUNNING || clock->breached_us != 0)
        return CLOCK_NEVER;
    return clock->warned_us == 0 && clock->warn_us < clock->due_us ? clock->warn_us : clock->due_us;
}

enum clock_ring clock_ring(struct case_clock *clock, const struct calendar *calendar,
                           int64_t now_us, int64_t *at_us)
{
    int64_t next_us = clock_next(clock);

    if (next_us > now_us)
        return CLOCK_RINGS_NOT;
    *at_us = next_us;
    if (clock->state == CLOCK_PAUSED) {
        clock_end_pause(clock, calendar, next_us);
        clock_settle(clock, calendar, next_us);
        return CLOCK_GOES_ON;
    }
    if (clock->warned_us == 0 && clock->warn_us < clock->due_us) {
        clock->warned_us = next_us;
        return CLOCK_WARNS;
    }
    clock->breached_us = next_us;
    clock->outcome = CLOCK_BREACHED;
    clock->extension_us = 0;
    return CLOCK_BREACHES;
}

enum clock_band clock_band(const struct case_clock *clock, int64_t now_us)
{
    int64_t had_us = clock->due_us - clock->started_us;

    if (clock->state == CLOCK_PAUSED)
        now_us = clock->paused_us;
    if (has_ended(clock) && now_us > clock->stopped_us)
        now_us = clock->stopped_us;
    if (now_us <= clock->due_us)
        return now_us < clock->colour_us ? CLOCK_IS_GREEN : CLOCK_IS_YELLOW;
    if (had_us < DAY_US)
        had_us = DAY_US;
    return now_us - clock->due_us < had_us ? CLOCK_IS_RED : CLOCK_IS_BLACK;
}
