/*
 * Who is recused from a case.
 */
#ifndef KEHU_COMPLAINTS_STORE_CASE_CONDUCT_H
#define KEHU_COMPLAINTS_STORE_CASE_CONDUCT_H

#include "common/flow.h"

extern const struct pg_statement case_conduct_statements[];
extern const size_t case_conduct_statement_count;

/* Adds to the unit; once more: what is hidden from him is what was said last. */
void case_conduct_recuse(struct request *req, const struct id *case_id, const struct id *staff,
                         bool hides_complainant);

#endif
