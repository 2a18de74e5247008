/*
 * Pairs of customers that may be one: found along the customers' numbers, a stretch at a time.
 */
#ifndef KEHU_CUSTOMERS_STORE_DUPLICATE_H
#define KEHU_CUSTOMERS_STORE_DUPLICATE_H

#include "common/flow.h"
#include "services/customers/domain/duplicate.h"

extern const struct pg_statement duplicate_statements[];
extern const size_t duplicate_statement_count;

#define DUPLICATE_STRETCH 500 /* customers looked at by one question */

struct duplicate_question {
    const struct id *of; /* pairs with this one only, on one page; NULL: all */
    struct duplicate_place after;
    unsigned reasons;
    uint32_t limit; /* pairs */
};

/* Pairs in the order of their numbers, each once, without those that were dismissed or that the
 * asker may not see. */
struct duplicate_pairs {
    struct duplicate_pair *list;
    size_t count;
    bool is_cut;  /* more stand behind the last one: ask again after it */
    bool is_end;  /* that was the last stretch */
    int64_t last; /* the largest number looked at */
};
void duplicate_list(struct request *req, const struct duplicate_question *question,
                    struct duplicate_pairs *out);

/* They are two. Again is nothing new. */
void duplicate_dismiss(struct request *req, const struct id *a, const struct id *b, const char *by,
                       struct text reason);

#endif
