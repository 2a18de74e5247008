/*
 * What a clock ought to do, found by walking minute by minute over a table of local minutes: no
 * span, no calendar arithmetic, only counters that go up or down. The reference of
 * test_clock_walk.c. Everything is in minutes of the table; warnings also fall between two.
 */
#ifndef KEHU_TESTS_CLOCK_WALK_H
#define KEHU_TESTS_CLOCK_WALK_H

#include "services/complaints/domain/clock.h"

#define WALK_DAYS 430
#define WALK_MINUTES (WALK_DAYS * 24 * 60)
#define WALK_PLAIN __attribute__((no_sanitize("address", "undefined")))
#define WALK_NEVER INT32_MAX
#define WALK_EVENTS 512

/* Which measures count a minute: two calendars, any hour, 08:00 to 21:00. */
enum { WALK_ON_A = 1, WALK_ON_B = 2, WALK_ON_WALL = 4, WALK_ON_HOURS = 8 };

struct walk_table {
    int64_t first_us;
    uint8_t open[WALK_MINUTES];
    int32_t day[WALK_MINUTES];
};

/* A history as it was told: what rang when. */
struct walk_event {
    enum clock_ring ring;
    int64_t at_us;
};
struct walk_events {
    struct walk_event list[WALK_EVENTS];
    int32_t count;
};

struct walk {
    const struct walk_table *table;
    struct walk_events *told;
    struct clock_term term;
    int32_t calendar; /* WALK_ON_A or WALK_ON_B */
    int32_t now, started;
    int32_t left;       /* minutes that still must count */
    int32_t not_before; /* due when none is left and this minute is reached */
    int32_t passed;     /* counted since the start */
    int32_t paused;     /* counted while it stood still, since the start */
    int32_t used, limit;
    int32_t given_from, given; /* minutes that it was given since; -1: it has its term */
    int32_t until;             /* the pause ends; WALK_NEVER: it runs */
    int32_t percent;
    int32_t extensions, asked; /* asked: until when; 0: nothing is */
    bool is_paused, is_warned, is_breached, has_ended;
};

static inline int32_t walk_mask(const struct walk *walk)
{
    return walk->term.to_min != 0 ? WALK_ON_HOURS
           : walk->term.is_wall   ? WALK_ON_WALL
                                  : walk->calendar;
}

static inline int64_t walk_moment(const struct walk_table *table, int32_t minute)
{
    return table->first_us + minute * MINUTE_US;
}

/* The end of the n-th minute from there on that counts. */
WALK_PLAIN static inline int32_t walk_ahead(const struct walk_table *table, int32_t mask,
                                            int32_t from, int32_t minutes)
{
    while (minutes > 0 && from < WALK_MINUTES)
        minutes -= (table->open[from++] & mask) != 0;
    return minutes > 0 ? WALK_NEVER : from;
}

WALK_PLAIN static inline int32_t walk_count(const struct walk_table *table, int32_t mask,
                                            int32_t from, int32_t to)
{
    int32_t minutes = 0;

    while (from < to)
        minutes += (table->open[from++] & mask) != 0;
    return minutes;
}

/* The end of the last open minute of the n-th date after the start's that has one. */
WALK_PLAIN static inline int32_t walk_days(const struct walk_table *table, int32_t mask,
                                           int32_t from, uint32_t days)
{
    int32_t counted = table->day[from];
    int32_t close = WALK_NEVER;

    for (; from < WALK_MINUTES; from++) {
        if (days == 0 && table->day[from] != counted)
            return close;
        if (!(table->open[from] & mask))
            continue;
        if (table->day[from] != counted) {
            counted = table->day[from];
            days--;
        }
        if (days == 0)
            close = from + 1;
    }
    return WALK_NEVER;
}

static inline int32_t walk_term(const struct walk *walk, int32_t from)
{
    return walk->term.working_days > 0
               ? walk_days(walk->table, walk_mask(walk), from, walk->term.working_days)
               : walk_ahead(walk->table, walk_mask(walk), from, (int32_t)walk->term.minutes);
}

/* From now on, were nothing to happen any more. */
static inline int32_t walk_due(const struct walk *walk)
{
    int32_t end = walk_ahead(walk->table, walk_mask(walk), walk->now, walk->left);

    return end > walk->not_before ? end : walk->not_before;
}

static inline void walk_tell(struct walk *walk, enum clock_ring ring, int64_t at_us)
{
    if (walk->told && walk->told->count < WALK_EVENTS)
        walk->told->list[walk->told->count++] = (struct walk_event){ring, at_us};
}

static inline void walk_set_due(struct walk *walk, int32_t due)
{
    walk->left = walk_count(walk->table, walk_mask(walk), walk->now, due);
    walk->not_before = due;
}

/* Due then because it was given that, not by its term. */
static inline void walk_give(struct walk *walk, int32_t due)
{
    walk_set_due(walk, due);
    walk->given_from = walk->now;
    walk->given = walk->left;
}

/* After a change: in the last part of the time it warns at once, and is due half an hour later
 * where it could not warn before or would be due already. */
static inline void walk_settle(struct walk *walk)
{
    bool was_warned = walk->is_warned;
    bool is_due = walk->left == 0 && walk->now >= walk->not_before;

    walk->is_warned = false;
    if (!is_due && walk->passed * 100 < (walk->passed + walk->left) * walk->percent)
        return;
    if (!was_warned || is_due) {
        int32_t grace = walk_ahead(walk->table, walk_mask(walk), walk->now, CLOCK_GRACE_MINUTES);

        if (walk_due(walk) < grace)
            walk_give(walk, grace);
    }
    walk->is_warned = true;
    walk_tell(walk, CLOCK_WARNS, walk_moment(walk->table, walk->now));
}

static inline void walk_look(struct walk *walk)
{
    if (walk->is_paused && walk->now == walk->until) {
        walk->is_paused = false;
        walk_tell(walk, CLOCK_GOES_ON, walk_moment(walk->table, walk->now));
        walk_settle(walk);
    }
    if (!walk->is_paused && !walk->is_breached && walk->left == 0 &&
        walk->now >= walk->not_before) {
        walk->is_breached = true;
        walk->asked = 0;
        walk_tell(walk, CLOCK_BREACHES, walk_moment(walk->table, walk->now));
    }
}

/* The minute in which so much of the time is over that it warns. */
static inline void walk_warn(struct walk *walk)
{
    int32_t total = walk->passed + walk->left;
    int32_t missing = total * walk->percent - walk->passed * 100; /* hundredths of a minute */

    if (walk->is_warned || missing > 100)
        return;
    walk->is_warned = true;
    walk_tell(walk, CLOCK_WARNS, walk_moment(walk->table, walk->now) + missing * (MINUTE_US / 100));
}

WALK_PLAIN static inline void walk_on(struct walk *walk, int32_t to)
{
    const uint8_t *open = walk->table->open;
    int32_t mask = walk_mask(walk);

    while (walk->now < to && !walk->is_breached) {
        bool counts = (open[walk->now] & mask) != 0;

        if (counts && walk->is_paused) {
            walk->paused++;
            walk->used++;
            walk->given++;
        } else if (counts && walk->left > 0) {
            if (!walk->is_warned)
                walk_warn(walk);
            walk->passed++;
            walk->left--;
        }
        walk->now++;
        if (walk->now == walk->until || walk->left == 0)
            walk_look(walk);
    }
    walk->now = to;
}

static inline void walk_start(struct walk *walk)
{
    walk->started = walk->now;
    walk->until = WALK_NEVER;
    walk->given_from = -1;
    walk_set_due(walk, walk_term(walk, walk->now));
}

static inline bool walk_pause(struct walk *walk, int32_t until)
{
    int32_t limit;

    if (walk->is_paused || walk->is_breached || walk->used >= walk->limit ||
        (until != 0 && until <= walk->now))
        return false;
    limit = walk_ahead(walk->table, walk_mask(walk), walk->now, walk->limit - walk->used);
    walk->is_paused = true;
    walk->until = until != 0 && until < limit ? until : limit;
    return true;
}

static inline bool walk_resume(struct walk *walk)
{
    if (!walk->is_paused)
        return false;
    walk->is_paused = false;
    walk_settle(walk);
    return true;
}

static inline bool walk_ask(struct walk *walk, int32_t until, int32_t most)
{
    if (walk->is_paused || walk->is_breached || walk->asked != 0 || walk->extensions >= most ||
        until <= walk_due(walk))
        return false;
    walk->asked = until;
    return true;
}

static inline bool walk_decide(struct walk *walk, bool is_granted)
{
    if (walk->is_breached || walk->asked == 0)
        return false;
    if (!is_granted) {
        walk->asked = 0;
        return true;
    }
    if (walk->is_paused || walk->asked <= walk_due(walk))
        return false;
    walk_set_due(walk, walk->asked);
    walk->asked = 0;
    walk->extensions++;
    walk_settle(walk);
    return true;
}

/* From now on: nothing has passed yet. */
static inline void walk_begin_again(struct walk *walk)
{
    walk->started = walk->now;
    walk->passed = walk->paused = 0;
    walk->is_warned = false;
}

/* What the whole term from the start comes to. */
static inline int32_t walk_whole(const struct walk *walk)
{
    return walk_ahead(walk->table, walk_mask(walk), walk_term(walk, walk->started), walk->paused);
}

/* What it was given, or its term, on the calendar that it has now. */
static inline int32_t walk_again(const struct walk *walk, int32_t old_due)
{
    const struct walk_table *table = walk->table;

    if (walk->given_from < 0)
        return walk_whole(walk);
    if (walk_count(table, walk_mask(walk), walk->given_from, old_due) == walk->given)
        return old_due;
    return walk_ahead(table, walk_mask(walk), walk->given_from, walk->given);
}

static inline void walk_recount(struct walk *walk, int32_t due)
{
    walk->passed =
        walk_count(walk->table, walk_mask(walk), walk->started, walk->now) - walk->paused;
    walk_set_due(walk, due);
}

static inline bool walk_supersede(struct walk *walk, enum clock_cause cause,
                                  const struct clock_term *term, int32_t calendar, int32_t percent,
                                  int32_t limit)
{
    bool was_paused = walk->is_paused;
    int32_t old_due = walk_due(walk), until = walk->until, limit_end;
    struct walk_events *told = walk->told;

    if (walk->is_breached)
        return false;
    walk->is_paused = false;
    walk->term = *term;
    walk->calendar = calendar;
    walk->percent = percent;
    walk->limit = limit;
    if (cause == CLOCK_BY_RAISED_PRIORITY) {
        walk_begin_again(walk);
        walk->given_from = -1;
        walk_set_due(walk, walk_whole(walk));
        if (walk_due(walk) > old_due)
            walk_give(walk, old_due);
    } else if (cause == CLOCK_BY_GROUP) {
        walk_begin_again(walk); /* what is left stays, on the other calendar */
        if (walk->left > 0)
            walk->not_before = 0;
        walk_give(walk, walk_due(walk));
    } else if (cause == CLOCK_BY_LOWERED_PRIORITY) {
        walk->given_from = -1;
        walk_recount(walk, walk_whole(walk));
        if (walk_due(walk) < old_due)
            walk_give(walk, old_due);
    } else {
        int32_t due;

        if (cause == CLOCK_BY_POLICY)
            walk->given_from = -1;
        due = walk_again(walk, old_due);
        walk_recount(walk, walk->extensions > 0 && due < old_due ? old_due : due);
    }
    walk->until = WALK_NEVER;
    if (!was_paused || until <= walk->now || walk->used >= walk->limit) {
        walk_settle(walk);
        return true;
    }
    walk->told = NULL; /* it stands still again before it could warn */
    walk_settle(walk);
    walk->told = told;
    walk->is_warned = false;
    walk->is_paused = true;
    limit_end = walk_ahead(walk->table, walk_mask(walk), walk->now, walk->limit - walk->used);
    walk->until = until < limit_end ? until : limit_end;
    return true;
}

#endif
