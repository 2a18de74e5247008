/*
 * What the complaints service told of customers: written by the consumer of its log, read by files,
 * cards, lists, scopes, timelines and the holds of erasure.
 */
#ifndef KEHU_CUSTOMERS_STORE_CASE_SEEN_H
#define KEHU_CUSTOMERS_STORE_CASE_SEEN_H

#include "common/flow.h"
#include "services/customers/domain/customer_cases.h"
#include "services/customers/domain/privacy_record.h"

extern const struct pg_statement case_seen_statements[];
extern const size_t case_seen_statement_count;

/* Columns of customer_cases as k, in the order in which case_seen_fill reads them from `first` on;
 * where the row is missing all are null. */
#define CASE_SEEN_COLUMNS                                                                          \
    "k.open, k.complaints_90_days, k.complaints_12_months, k.our_fault_12_months, k.total,"        \
    " k.is_repeat, k.is_serious_open, k.last_at"
#define CASE_SEEN_COLUMN_COUNT 8
struct customer_cases case_seen_get(const struct pg_rows *rows, int row, int first);

/* How the customer's cases stand. */
void case_seen_find(struct request *req, const struct id *customer, struct customer_cases *out);

/* What stood before an event about him, and whose he is. */
struct case_seen_before {
    struct customer_cases cases;
    struct id owner; /* zeroes: nobody */
};
void case_seen_find_before(struct request *req, const struct id *customer,
                           struct case_seen_before *out);

/* --- writes; many to one statement --- */

/* A case whose customer or contact is known; of another one what was known goes. */
void case_seen_put(struct request *req, const struct case_told *seen);
void case_seen_move(struct request *req, const struct case_move_told *move);
/* For the timeline; `version` of the case in its log. */
void case_seen_add_step(struct request *req, const struct case_move_told *move, int64_t version);
void case_seen_put_standing(struct request *req, const struct cases_told *told);
/* Since `at_us` he is known for it, or no more. */
void case_seen_put_flag(struct request *req, const struct cases_told *told, int64_t at_us);

/* The numbers of cases that are open of these customers and contacts; at most so many. */
#define CASE_SEEN_MAX_OPEN 50
struct case_seen_open {
    struct case_seen_open_row {
        struct text number;
        int64_t opened_us;
    } * list;
    size_t count;
};
void case_seen_list_open(struct request *req, const struct privacy_person *person,
                         struct case_seen_open *out);
/* Persons who wait for their erasure and whom nothing holds any more, though nothing says when to
 * look: the last of their cases has ended. At most so many. */
void case_seen_list_freed(struct request *req, uint32_t limit, struct privacy_dues *out);

#endif
