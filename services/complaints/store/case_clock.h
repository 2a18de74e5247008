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

/* Of the case that the statement's parameter names; used by cases_find. */
void case_clock_fill(const struct pg_rows *rows, struct arena *arena, void *out);
/* Writes the new and changed ones; many to one statement. */
void case_clock_put(struct request *req, const struct clock_rows *clocks);

#endif
