/*
 * Clocks (R68, N16; BEHAVIOUR §2): what was promised to be done by when. A clock is a row, and so a
 * plain value here; several of a case run side by side and none touches another. Its due time is
 * computed ahead, whenever something of its cause changes; between two changes nothing has to be
 * looked at but the moment of clock_next.
 *
 * A pause adds the time that passed for the clock (clock_term.h) to its due time: of a clock of
 * the calendar it is business time, nights and weekends add nothing. Where a change would leave the
 * clock due without a warning before, it warns at once and is due CLOCK_GRACE_MINUTES of its own
 * measure later: neither leaving a pause nor a change of priority, group or policy can breach it
 * unwarned (rows 12 and 13).
 *
 * What is broken stays broken: a clock past its due time is neither paused, extended nor
 * superseded. All moments are microseconds since 1970.
 */
#ifndef KEHU_COMPLAINTS_CLOCK_H
#define KEHU_COMPLAINTS_CLOCK_H

#include "services/complaints/domain/clock_policy.h"

#define CLOCK_GRACE_MINUTES 30

enum clock_state {
    CLOCK_STATE_IS_NONE = 0,
    CLOCK_RUNNING = 1,
    CLOCK_PAUSED = 2,
    CLOCK_STOPPED = 3,
    CLOCK_SUPERSEDED = 4,
};
const char *clock_state_name(enum clock_state state); /* "running" */

enum clock_outcome {
    CLOCK_OUTCOME_IS_OPEN = 0, /* it runs; or it ended with its case, or was superseded, unbroken */
    CLOCK_MET = 1,
    CLOCK_BREACHED = 2,
};
const char *clock_outcome_name(enum clock_outcome outcome); /* "met"; of OPEN "" */

/* Why a clock is as it is: nothing else ever computes one again. */
enum clock_cause {
    CLOCK_BY_START = 1,            /* received, first words, answered, action set */
    CLOCK_BY_DISPUTE = 2,          /* from the dispute */
    CLOCK_BY_REOPENING = 3,        /* from the reopening */
    CLOCK_BY_RAISED_PRIORITY = 4,  /* from the change on; never later than before */
    CLOCK_BY_LOWERED_PRIORITY = 5, /* from the old start; never earlier than before */
    CLOCK_BY_GROUP = 6,            /* from the change on, what was left, on the group's calendar */
    CLOCK_BY_POLICY = 7,           /* from the old start */
    CLOCK_BY_CALENDAR = 8,  /* what it was given, again: a notice was published, hours changed */
    CLOCK_BY_EXTENSION = 9, /* the same row; its due time was moved */
};
#define CLOCK_CAUSES 10
const char *clock_cause_name(enum clock_cause cause); /* "raised_priority" */

struct case_clock {
    enum clock_kind kind;
    enum clock_state state;
    enum clock_outcome outcome;
    enum clock_cause cause;
    struct clock_term term; /* zeroes: a date of its own (ACTION, an authority's deadline) */
    enum priority priority;
    uint32_t policy_version;
    uint32_t warn_first_percent, warn_percent; /* of that policy */
    uint32_t max_extensions;                   /* likewise */
    int64_t pause_limit_us;                    /* likewise */
    int64_t started_us, due_us;
    int64_t colour_us;   /* from here on it is shown as near */
    int64_t warn_us;     /* the handler is told; while warned_us is 0 */
    int64_t warned_us;   /* 0: not, or again to be, since the due time moved */
    int64_t breached_us; /* 0: not; when it was noticed is the event's business */
    int64_t stopped_us;
    /* Due not by its term but by the time that it was given since that moment: what was left to
     * another group, a promise that was kept, the grace. In its own measure, with the pauses since;
     * 0, 0: by its term. So a calendar counts again what it was given, and never the whole term. */
    int64_t given_from_us, given_us;
    int64_t paused_us;      /* since when it stands still; 0: it runs */
    int64_t pause_until_us; /* it goes on by itself: the day named, or the limit */
    int64_t pauses_us;      /* sum of the pauses since its start */
    int64_t pause_used_us;  /* of the limit; superseded clocks hand it on */
    uint32_t extensions;    /* granted; superseded clocks hand it on */
    int64_t extension_us;   /* the due time that is asked for; 0: none is */
    struct id extension_by; /* who asked */
    bool is_provisional;    /* a holiday notice may still move it */
};

/* --- beginning and end --- */

/* Starts a clock of that kind and priority from `start_us`. False: it would never be due on this
 * calendar; `out` is untouched. */
bool clock_start(enum clock_kind kind, enum priority priority, const struct clock_policy *policy,
                 uint32_t policy_version, const struct calendar *calendar, enum clock_cause cause,
                 int64_t start_us, struct case_clock *out) MUST_USE;
/* One that is due at the close of business of a day, or of the last working day before: an action,
 * an authority's deadline. Where that is not after the start, at the end of the day. False: nor is
 * that. */
bool clock_start_until(enum clock_kind kind, enum priority priority,
                       const struct clock_policy *policy, uint32_t policy_version,
                       const struct calendar *calendar, int64_t start_us, int32_t day,
                       struct case_clock *out) MUST_USE;
/* What it waits for came at that moment, which may lie before now (a call logged later): met when
 * not after the due time. Ring first what was due by then. Nothing happens to one that has ended. A
 * paused one goes on and stops. */
void clock_stop(struct case_clock *clock, const struct calendar *calendar, int64_t at_us);
/* The case ended without it: neither met nor, unless it was before, breached. */
void clock_drop(struct case_clock *clock, int64_t at_us);

/* --- what happens by itself --- */

#define CLOCK_NEVER INT64_MAX
/* The next moment at which something happens; CLOCK_NEVER: nothing will. What a timer is armed
 * for. */
int64_t clock_next(const struct case_clock *clock);

enum clock_ring {
    CLOCK_RINGS_NOT,
    CLOCK_GOES_ON, /* the pause was over */
    CLOCK_WARNS,
    CLOCK_BREACHES,
};
/* The earliest that is due by `now_us`, done as of its own moment, which it returns; call again
 * until NOT. A service that was down tells all of them, late, once and in their order. */
enum clock_ring clock_ring(struct case_clock *clock, const struct calendar *calendar,
                           int64_t now_us, int64_t *at_us) MUST_USE;

/* --- pauses, extensions, supersession --- */

enum clock_flaw {
    CLOCK_FINE,
    CLOCK_HAS_ENDED,
    CLOCK_IS_BREACHED, /* nothing undoes it */
    CLOCK_IS_PAUSED,
    CLOCK_IS_NOT_PAUSED,
    CLOCK_NEVER_PAUSES, /* the authority's term */
    CLOCK_NEEDS_REASON,
    CLOCK_PAUSE_IS_USED_UP, /* the limit */
    CLOCK_PAUSE_UNTIL_PAST, /* "until" is not after now */
    CLOCK_NEVER_EXTENDS,    /* the authority's term, and the automatic acknowledgement */
    CLOCK_EXTENDED_TOO_OFTEN,
    CLOCK_EXTENSION_NOT_LATER, /* than it is due anyway */
    CLOCK_EXTENSION_IS_ASKED,  /* one at a time */
    CLOCK_EXTENSION_NOT_ASKED,
    CLOCK_DECIDES_HIMSELF, /* who asked does not decide */
    CLOCK_HAS_OWN_DATE,    /* no priority, group or policy changes it */
    CLOCK_NEVER_DUE,       /* not within ten years on this calendar */
};
/* What is wrong, for people. */
const char *clock_flaw_text(enum clock_flaw flaw, enum telling_language language);

/* Lets it stand still from `now_us` until `until_us` (0: until somebody says so), at most for what
 * is left of the limit. */
enum clock_flaw clock_pause(struct case_clock *clock, const struct calendar *calendar,
                            int64_t now_us, int64_t until_us, bool has_reason) MUST_USE;
enum clock_flaw clock_resume(struct case_clock *clock, const struct calendar *calendar,
                             int64_t now_us) MUST_USE;

/* 延期: asked before the due time, decided by another person before it too, at most so often. */
enum clock_flaw clock_ask_extension(struct case_clock *clock, int64_t now_us, int64_t until_us,
                                    const struct id *by, bool has_reason) MUST_USE;
/* Granted: due then, and the complainant is to be told. Refused: as if never asked. */
enum clock_flaw clock_decide_extension(struct case_clock *clock, const struct calendar *calendar,
                                       int64_t now_us, const struct id *by,
                                       bool is_granted) MUST_USE;

/* What takes the place of a clock: under another priority, policy, calendar. */
struct clock_change {
    enum clock_cause cause; /* RAISED_PRIORITY … CALENDAR */
    enum priority priority;
    const struct clock_policy *policy;
    uint32_t policy_version;
    const struct calendar *from, *to; /* the same unless group or calendar change */
};
/* Ends the old one as superseded and starts the new one at the point its cause states. A paused
 * one's successor stands still too. Clocks with a date of their own are only superseded by their
 * date. */
enum clock_flaw clock_supersede(struct case_clock *old, const struct clock_change *change,
                                int64_t now_us, struct case_clock *out) MUST_USE;

/* Whether this calendar says another due time of it, or none: never the calendar that it was
 * counted on, whatever happened to it. Of a paused one it is that before the pause: what it stands
 * still meanwhile is no change. */
bool clock_is_moved(const struct case_clock *clock, const struct calendar *calendar);

/* --- how it stands --- */

enum clock_band {
    CLOCK_IS_GREEN,  /* 正常 */
    CLOCK_IS_YELLOW, /* 临近: half of the time is over */
    CLOCK_IS_RED,    /* 逾期 */
    CLOCK_IS_BLACK,  /* 严重逾期: late by as much again as it had, at least by a day */
};
const char *clock_band_name(enum clock_band band); /* "yellow" */
const char *clock_band_label(enum clock_band band, enum telling_language language);
enum clock_band clock_band(const struct case_clock *clock, int64_t now_us);

/* --- for clock_change.c --- */

struct clock_measure clock_measure_of(const struct case_clock *clock,
                                      const struct calendar *calendar);
/* Ends a pause at that moment: what it lasted is added to the due time. Not yet warned again. */
void clock_end_pause(struct case_clock *clock, const struct calendar *calendar, int64_t at_us);
/* Due then, as long after `from_us` as it is from there in this measure. */
void clock_give(struct case_clock *clock, const struct clock_measure *measure, int64_t from_us,
                int64_t due_us);
/* After a change of the due time: when it warns now, and the grace where it could not warn. */
void clock_settle(struct case_clock *clock, const struct calendar *calendar, int64_t now_us);

#endif
