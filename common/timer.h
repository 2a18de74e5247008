/*
 * Timers: what is to happen later, as rows with a business key (DESIGN's promise: nothing is forgotten, nothing is
 * done twice). Armed and disarmed in the unit of the change that causes it; when due, the service runs the
 * handler of its kind as a request of its own, which settles the timer in its own unit.
 */
#ifndef KEHU_TIMER_H
#define KEHU_TIMER_H

#include "common/flow.h"

struct timers;

extern const struct pg_statement timer_statements[];
extern const size_t timer_statement_count;

/* A timer that is due, for its handler (request_timer of the request). */
struct timer {
    const char *key;
    struct id subject;
    int64_t due_at_us;
    const uint8_t *data;
    size_t data_bytes;
};

/* What a service does with the timers of a kind. */
struct timer_kind {
    const char *kind;  /* "grade_run" */
    flow_step step;    /* ends with timer_settle in its unit, or re-arms by timer_arm */
};

/* Adds to the unit: the timer of this key (kind:rest) rings at due_at_us; an earlier arming is replaced. */
void timer_arm(struct request *req, const char *key, const struct id *subject, int64_t due_at_us,
               const void *data, size_t data_bytes);
void timer_disarm(struct request *req, const char *key);
/* Adds to the unit of a ringing timer: it is done. Guarded: stale when another re-armed it meanwhile. */
void timer_settle(struct request *req, const struct timer *timer);
/* Of a request that a timer began; NULL for others. */
const struct timer *timer_of(const struct request *req);

#endif
