/*
 * Clocks as rows. A row carries a version of its own beside the case's: what rings by itself does
 * not make a person's page of the case out of date, and nobody overwrites what rang meanwhile.
 */
#ifndef KEHU_COMPLAINTS_STORE_CASE_CLOCK_H
#define KEHU_COMPLAINTS_STORE_CASE_CLOCK_H

#include "common/flow.h"
#include "services/complaints/domain/clock.h"

extern const struct pg_statement case_clock_statements[];
extern const size_t case_clock_statement_count;

struct clock_row {
    struct id case_id, id;
    struct case_clock clock;
    struct text calendar;      /* code of the working calendar, "" the business's */
    uint32_t calendar_version; /* of its document; 0: built in */
    struct id action;          /* of kind ACTION */
    int32_t version;           /* as it was read; 0 of a new one */
    bool is_new, is_changed;   /* to be written */
};
/* Grows in the request's arena (case_clock_add); all zeroes is a case without clocks. */
struct clock_rows {
    struct clock_row *list;
    size_t count, room;
};
/* A new row at the end, zeroed and marked new; NULL: the arena is full, and so nothing of the unit
 * is committed. */
struct clock_row *case_clock_add(struct clock_rows *clocks, struct arena *arena);

/* What case_clock_fill reads, of `clock k`, in this order; other stores' statements begin with
 * "select " CASE_CLOCK_COLUMNS " from clock k where …" and order by k.id. */
#define CASE_CLOCK_COLUMNS                                                                         \
    "k.case_id, k.id, k.version, k.kind::integer, k.state::integer, k.outcome::integer,"           \
    " k.cause::integer, k.priority::integer, k.policy_version, k.calendar, k.calendar_version,"    \
    " k.minutes, k.working_days, k.is_wall, k.from_min::integer, k.to_min::integer,"               \
    " k.warn_first_percent::integer, k.warn_percent::integer, k.max_extensions::integer,"          \
    " k.pause_limit_us, k.started_at, k.due_at, k.colour_at, k.warn_at, k.warned_at,"              \
    " k.breached_at, k.stopped_at, k.paused_at, k.pause_until, k.pauses_us, k.pause_used_us,"      \
    " k.extensions::integer, k.extension_until, k.extension_by, k.is_provisional, k.action_id,"    \
    " k.given_from, k.given_us"
#define CASE_CLOCK_COLUMN_COUNT 38
/* Into a struct clock_rows; used by cases_find. */
void case_clock_fill(const struct pg_rows *rows, struct arena *arena, void *out);
/* One row whose columns begin the result. */
void case_clock_get(const struct pg_rows *rows, int row, struct arena *arena,
                    struct clock_row *out);

/* Writes the new and changed ones; many to one statement. Stale where one was written since it was
 * read. Wakes the clockwork where one is due soon. */
void case_clock_put(struct request *req, const struct clock_rows *clocks);

#endif
