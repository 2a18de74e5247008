/*
 * The walk over all files after another review policy came into force: chunk by chunk in the order
 * of id, by whoever comes first.
 */
#ifndef KEHU_CUSTOMERS_STORE_REVIEW_H
#define KEHU_CUSTOMERS_STORE_REVIEW_H

#include "common/flow.h"
#include "services/customers/domain/grade_policy.h"

extern const struct pg_statement review_statements[];
extern const size_t review_statement_count;

/* Where the walk is; there is always one. */
struct review_pass {
    uint32_t version; /* of the policy whose months it sets */
    struct id last_customer;
    bool is_done;
};
void review_find_pass(struct request *req, struct review_pass *out);
/* Begins a walk for another version; stale when `pass` is no longer how it stands. */
void review_begin_pass(struct request *req, const struct review_pass *pass, uint32_t version);
/* Sets when the next files are due: reviewed_on, or the day of registration, and the months of
 * their grade. Whoever is changed at the same moment keeps what that change says. Stale when
 * another process did this chunk. */
void review_set_next(struct request *req, const struct review_pass *pass,
                     const struct grade_review_policy *policy);

#endif
