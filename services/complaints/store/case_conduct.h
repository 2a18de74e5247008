/*
 * Who is recused from a case, and the work lists the day after a chase.
 */
#ifndef KEHU_COMPLAINTS_STORE_CASE_CONDUCT_H
#define KEHU_COMPLAINTS_STORE_CASE_CONDUCT_H

#include "common/flow.h"

extern const struct pg_statement case_conduct_statements[];
extern const size_t case_conduct_statement_count;

/* Adds to the unit; once more: what is hidden from him is what was said last. */
void case_conduct_recuse(struct request *req, const struct id *case_id, const struct id *staff,
                         bool hides_complainant);
/* Adds to the unit: cases that were chased last on that day stand at their own priority again. */
void case_conduct_end_day(struct request *req, int32_t day);

#endif
