/*
 * Timers: what is to happen later, as rows with a business key (nothing is forgotten, nothing is
 * done twice). Armed and disarmed in the unit of the change that causes it; when due, the service
 * runs the step of its kind as a request of its own (timers.h), which settles the timer in its
 * unit.
 *
 * Lateness: a timer that became due while nobody could ring it rings as soon as somebody can, once,
 * with the due_at_us it was armed for; what being late means is the step's business.
 */
#ifndef KEHU_TIMER_H
#define KEHU_TIMER_H

#include "common/flow.h"

extern const struct pg_statement timer_statements[];
extern const size_t timer_statement_count;

/* A timer that rings, for its handler (timer_of the request). Lives as long as the request. */
struct timer {
    const char *key;
    struct id subject; /* zeroes: none */
    int64_t due_at_us;
    const uint8_t *data;
    size_t data_bytes;
    const char *lease; /* of this ringing; the guard of timer_settle */
};

/* What a service does with the timers of a kind. The step may run again, from the beginning and
 * with fresh state, until its unit is committed, and after a crash in another process: only what
 * stands in the unit with timer_settle (or timer_arm of the same key) happens once. A ringing that
 * ends without either, or is refused, is tried again when its lease has run out (60 s). */
struct timer_kind {
    const char *kind; /* "grade_run" */
    flow_step step;   /* ends with timer_settle in its unit, or re-arms by timer_arm */
};

/* Adds to the unit: the timer of this key (kind:rest) rings at due_at_us of the business clock; an
 * earlier arming is replaced, also one that is ringing now, whose unit becomes stale. Several
 * armings of a key in one unit: the last holds. `subject` may be NULL. In a unit of a ringing timer
 * with the same key it is guarded like timer_settle and takes its place. */
void timer_arm(struct request *req, const char *key, const struct id *subject, int64_t due_at_us,
               const void *data, size_t data_bytes);
/* Adds to the unit: it will not ring. Before armings of the same unit; nothing when it is not
 * there. */
void timer_disarm(struct request *req, const char *key);
/* Adds to the unit of a ringing timer: it is done. Guarded: stale when another re-armed, disarmed
 * or settled it meanwhile; then the request ends without effect. */
void timer_settle(struct request *req, const struct timer *timer);
/* Of a request that a timer began; NULL for others. */
const struct timer *timer_of(const struct request *req);

/* --- for timers.c --- */

/* Adds to the unit: at most `max` due timers of these kinds are ours under this name for 60 s of
 * real time. */
void timer_lease(struct request *req, const char *lease, const struct timer_kind *kinds,
                 size_t kind_count, int64_t max);

struct timer_row {
    struct timer timer;
    const char *kind;
};

struct timer_rows {
    struct timer_row *list;
    size_t count;
};
/* The timers under this lease, in the order of their times. */
void timer_list_leased(struct request *req, const char *lease, struct timer_rows *out);
/* Whether the timer is still ours; `out` stays false when it is not. */
void timer_find_leased(struct request *req, const struct timer *timer, bool *out);

/* How the timers of these kinds stand at that moment. */
struct timer_outlook {
    bool is_due;         /* one rings or should */
    const char *due_key; /* which; "" when none */
    bool has_next;       /* one is armed for later */
    int64_t next_at_us;  /* the first of them */
};
void timer_find_outlook(struct request *req, int64_t at_us, const struct timer_kind *kinds,
                        size_t kind_count, struct timer_outlook *out);

#endif
