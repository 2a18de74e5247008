/*
 * Small regions of a run: what the regions of the tree have, which is graded with which, and what
 * their customers bought in the larger region.
 */
#ifndef KEHU_CUSTOMERS_STORE_GRADE_SMALL_H
#define KEHU_CUSTOMERS_STORE_GRADE_SMALL_H

#include "common/flow.h"
#include "services/customers/domain/grade_record.h"
#include "services/customers/domain/grade_small.h"

extern const struct pg_statement grade_small_statements[];
extern const size_t grade_small_statement_count;

/* The tree, and what each region of it has in the run. */
struct grade_owns {
    struct grade_tree tree;
    struct grade_own *own; /* one per node */
};
void grade_small_list_own(struct request *req, const struct id *run, struct grade_owns *out);
/* Says of a region with which one it is graded, and what it is compared with. */
void grade_small_save(struct request *req, const struct id *run, const struct grade_tree *tree,
                      size_t node, const struct grade_within *within);

/* A customer of such a region, and what he bought in one region of the tree; his rows stand
 * together. */
struct grade_member {
    struct id customer;
    struct text home, with;
    int64_t numerator_micros; /* until now: in his own region */
    struct text region_code;  /* empty: he bought nothing in the tree */
    int64_t net_micros;
};
struct grade_members {
    struct grade_member *list;
    size_t count;
    struct text region; /* theirs; empty: there is no further one */
};
/* The next such region: the one the run is in, where place.counted, else the one after it. */
void grade_small_find_region(struct request *req, const struct grade_work *work,
                             struct grade_members *out);
/* The next customers there who were not moved yet, largest net first. */
void grade_small_list_members(struct request *req, const struct grade_work *work, uint32_t limit,
                              const char *currency, struct grade_members *out);
/* Moves a customer to the region that he is graded with. */
void grade_small_move(struct request *req, const struct id *run, const struct id *customer,
                      struct text home, struct text with, int64_t numerator_micros);

/* Who stands between two customers: graded in those regions, their net at most the one's and more
 * than the other's. */
struct grade_between {
    int64_t customers, net_micros;
};
struct pg_args *grade_small_ask_between(struct request *req, const struct id *run);
void grade_small_ask_region(struct pg_args *question, struct text region);
void grade_small_ask_pair(struct pg_args *question, int64_t at_most_micros,
                          int64_t more_than_micros);
/* Into `out`, one per pair. */
void grade_small_list_between(struct request *req, struct pg_args *question,
                              struct grade_between *out);

#endif
