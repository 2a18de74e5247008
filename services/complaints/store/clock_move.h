/*
 * Open clocks whose time is another by a policy: how many, and one after the other.
 */
#ifndef KEHU_COMPLAINTS_STORE_CLOCK_MOVE_H
#define KEHU_COMPLAINTS_STORE_CLOCK_MOVE_H

#include "services/complaints/store/case_clock.h"

extern const struct pg_statement clock_move_statements[];
extern const size_t clock_move_statement_count;

/* Those that run or stand still, are not past their due time and have no date of their own. */
void clock_move_count(struct request *req, const struct clock_policy *policy, int64_t *out);

struct clock_move_row {
    struct clock_row row;
    const char *number; /* of the case */
};
struct clock_move_rows {
    struct clock_move_row *list;
    size_t count;
};
/* At most so many, in the order of case and clock, after that one (zeroes: from the first). */
void clock_move_list(struct request *req, const struct clock_policy *policy,
                     const struct id *after_case, const struct id *after_clock, int64_t limit,
                     struct clock_move_rows *out);

/* Adds to the unit: the case is another version, so that nothing decided before is written after;
 * and the work lists show what is due first now. */
void clock_move_case(struct request *req, const struct id *case_id);

#endif
