/*
 * Clocks that are due, of all cases: what the sweep of clocks (common/sweep.h) takes in sets.
 */
#ifndef KEHU_COMPLAINTS_STORE_DUE_CLOCK_H
#define KEHU_COMPLAINTS_STORE_DUE_CLOCK_H

#include "services/complaints/store/case_clock.h"

enum due_clock_statement {
    DUE_CLOCK_OUTLOOK, /* of struct sweep */
    DUE_CLOCK_LIST,
    DUE_CLOCK_REQUEUE,
};
extern const struct pg_statement due_clock_statements[];
extern const size_t due_clock_statement_count;

/* A clock with what is told of its case when it rings. */
struct due_clock {
    struct clock_row row;
    struct id handler; /* zeroes: nobody */
    enum priority priority;
    enum case_state state;
};
struct due_clocks {
    struct due_clock *list; /* in the order of their moments */
    size_t count;
};
/* At most `max` of those for which something happens by now, and that the sweep did not set aside;
 * with `only` that one clock. */
void due_clock_list(struct request *req, int64_t max, const struct id *only,
                    struct due_clocks *out);

/* Adds to the unit: the work lists show again which clock of the case is due first. After the
 * clocks were put. */
void due_clock_requeue(struct request *req, const struct id *case_id);

#endif
