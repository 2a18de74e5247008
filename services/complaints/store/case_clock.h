/*
 * Clocks as rows.
 */
#ifndef KEHU_COMPLAINTS_STORE_CASE_CLOCK_H
#define KEHU_COMPLAINTS_STORE_CASE_CLOCK_H

#include "common/flow.h"
#include "services/complaints/domain/clock.h"

extern const struct pg_statement case_clock_statements[];
extern const size_t case_clock_statement_count;

#define CLOCK_ROWS_MAX 200 /* of a case */

struct clock_row {
    struct id case_id, id;
    struct case_clock clock;
    struct text calendar;    /* code of the working calendar, "" the business's */
    struct id action;        /* of kind ACTION */
    struct id extended_by;   /* likewise of clock.extension_by, kept apart for reading */
    bool is_new, is_changed; /* to be written */
};
struct clock_rows {
    struct clock_row *list; /* room for CLOCK_ROWS_MAX */
    size_t count;
};

/* What case_clock_fill reads, of `clock k`, in this order; other stores' statements begin with
 * "select " CASE_CLOCK_COLUMNS " from clock k where …" and order by k.id. */
#define CASE_CLOCK_COLUMNS                                                                         \
    "k.case_id, k.id, k.kind, k.state, k.outcome, k.cause, k.priority, k.policy_version,"          \
    " k.calendar, k.minutes, k.working_days, k.is_wall, k.from_min, k.to_min,"                     \
    " k.warn_first_percent, k.warn_percent, k.max_extensions, k.pause_limit_us, k.started_at,"     \
    " k.due_at, k.colour_at, k.warn_at, k.warned_at, k.breached_at, k.stopped_at, k.paused_at,"    \
    " k.pause_until, k.pauses_us, k.pause_used_us, k.extensions, k.extension_until,"               \
    " k.extension_by, k.is_provisional, k.action_id"
/* Into a struct clock_rows; used by cases_find. */
void case_clock_fill(const struct pg_rows *rows, struct arena *arena, void *out);
/* Writes the new and changed ones; many to one statement. */
void case_clock_put(struct request *req, const struct clock_rows *clocks);

#endif
