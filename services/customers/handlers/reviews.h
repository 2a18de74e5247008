/*
 * The review policy in force, for the handlers that set when a file is due.
 */
#ifndef KEHU_CUSTOMERS_REVIEWS_H
#define KEHU_CUSTOMERS_REVIEWS_H

#include "common/policy.h"
#include "services/customers/domain/grade_policy.h"

/* Asks for it; the rows are for reviews_policy in a later step. */
void reviews_ask(struct request *req, struct policy_rows *out);
/* The policy in force. The built-in one where this program cannot read the document of a later
 * one: nobody's order or file is refused for that, and the walk waits for a program that can. */
struct grade_review_policy reviews_policy(struct request *req, const struct policy_rows *rows);

#endif
