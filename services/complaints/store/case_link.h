/*
 * Cases that were linked to somebody, or to somebody else, and of which others are to be told.
 */
#ifndef KEHU_COMPLAINTS_STORE_CASE_LINK_H
#define KEHU_COMPLAINTS_STORE_CASE_LINK_H

#include "common/flow.h"
#include "services/complaints/domain/case_file.h"

extern const struct pg_statement case_link_statements[];
extern const size_t case_link_statement_count;

/* The rest of a statement whose cases were `linked` (id, state, customer, entry, at): the customer
 * is counted anew, and the case's file says whose it is. */
#define CASE_LINK_TELL                                                                             \
    " marked as (insert into customer_standing_mark (id, customer_id)"                             \
    " select distinct on (customer) entry, customer from linked"                                   \
    " on conflict do nothing)"                                                                     \
    " insert into case_entry (case_id, id, at, act, from_state, to_state, by,"                     \
    " detail) select id, entry, at, 'link', state, state, 'kehu',"                                 \
    " 'customer ' || customer from linked"

struct case_links {
    struct case_file *list; /* id, number, kind, state, customer, contact, days, version */
    size_t count;
    struct text marks; /* ids, one after the other */
};
/* The marked ones, each once. */
void case_link_list(struct request *req, uint32_t max, struct case_links *out);
/* Adds to the unit: the marks are done with. Stale when a case is another since, or another
 * instance was faster. */
void case_link_settle(struct request *req, const struct case_links *links);

/* Somebody alone holds that number now: cases of unknown callers with it are his. Many to one
 * statement; `contact` zeroes: the number is the customer's own. */
void case_link_number(struct request *req, struct text hash, const struct id *customer,
                      const struct id *contact);

#endif
