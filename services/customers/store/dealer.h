/*
 * Agents and dealers: profile, managers, memos, scores, and how one is given up.
 */
#ifndef KEHU_CUSTOMERS_STORE_DEALER_H
#define KEHU_CUSTOMERS_STORE_DEALER_H

#include "common/flow.h"
#include "services/customers/domain/dealer_file.h"

extern const struct pg_statement dealer_statements[];
extern const size_t dealer_statement_count;
extern const struct pg_statement dealer_list_statements[];
extern const size_t dealer_list_statement_count;

void dealer_find(struct request *req, const struct id *customer, struct dealer *out);
struct dealer_parts {
    struct dealer_manager *managers;
    size_t manager_count;
    struct dealer_memo *memos;
    size_t memo_count;
    struct dealer_score *scores;
    size_t score_count;
};
void dealer_list_parts(struct request *req, const struct id *customer, struct dealer_parts *out);
/* The one that waits, else the latest; all zeroes: none. */
void dealer_find_give_up(struct request *req, const struct id *customer,
                         struct dealer_give_up *out);

/* The next version; stale when it is at another. */
void dealer_save(struct request *req, const struct id *customer, const struct dealer *dealer);
void dealer_put_manager(struct request *req, const struct id *customer,
                        const struct dealer_manager *manager, const char *by);
void dealer_add_memo(struct request *req, const struct id *customer, const struct dealer_memo *memo,
                     const char *by);
/* The latest of its day and of those recorded counts in lists. */
void dealer_add_score(struct request *req, const struct id *customer,
                      const struct dealer_score *score, const char *by);
/* Stale when one waits already. */
void dealer_add_give_up(struct request *req, const struct dealer_give_up *give_up);
/* Stale when it does not wait any more. */
void dealer_decide_give_up(struct request *req, const struct dealer_give_up *give_up,
                           const char *decision, struct text note, const char *by);

struct dealer_summaries {
    struct dealer_summary *list;
    size_t count;
};
/* Best first; those without a score by number. A page and one more, within the scope. */
void dealer_list(struct request *req, const struct dealer_question *question,
                 struct dealer_summaries *out);
struct dealer_give_ups {
    struct dealer_give_up *list;
    size_t count;
};
/* Oldest first; a page and one more, within the scope. */
void dealer_list_give_ups(struct request *req, const struct dealer_question *question,
                          struct dealer_give_ups *out);

struct dealer_stability {
    int64_t at_begin, given_up;
};
/* Registered before the day `from` began (a moment), and given up from that day to `to`. */
void dealer_find_stability(struct request *req, int64_t from_us, int32_t from, int32_t to,
                           struct dealer_stability *out);

#endif
