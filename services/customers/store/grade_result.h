/*
 * What a run finds: the figures of customers and regions, and each customer's verdict.
 */
#ifndef KEHU_CUSTOMERS_STORE_GRADE_RESULT_H
#define KEHU_CUSTOMERS_STORE_GRADE_RESULT_H

#include "common/flow.h"
#include "services/customers/domain/grade_home.h"
#include "services/customers/domain/grade_record.h"

extern const struct pg_statement grade_result_statements[];
extern const size_t grade_result_statement_count;

/* --- figures --- */

/* What somebody bought in one order region and currency; rows of one customer stand together. */
struct grade_bought {
    struct id customer;
    bool is_graded;          /* a customer or channel */
    struct text file_region; /* code on the file; empty: none */
    int32_t first_purchase;  /* INT32_MIN: none before the as-of date */
    bool has_bought;         /* else the rest is empty */
    struct text region_code; /* of the tree; empty: the order region is not mapped */
    struct text region_name; /* as the source wrote it; may be empty */
    char currency[4];
    int64_t net_micros;
    int32_t last_day;
};

struct grade_boughts {
    struct grade_bought *list;
    size_t count;
};

/* The next `limit` customers of any kind after that one, in the order of id, with what they bought
 * from the first day, included, to the as-of date, excluded. */
void grade_result_list_bought(struct request *req, const struct id *after, uint32_t limit,
                              int32_t from, int32_t as_of, struct grade_boughts *out);
/* The tree of regions, sorted by code. */
void grade_result_list_tree(struct request *req, struct grade_tree *out);

/* Adds a customer's figures to the unit. */
void grade_result_add(struct request *req, const struct id *run, const struct id *customer,
                      struct text region, int64_t numerator_micros, int32_t first_purchase,
                      bool is_long_term);
/* Adds to a region's total, and to the customers who belong there. */
void grade_result_count_region(struct request *req, const struct id *run, struct text region,
                               bool is_mapped, int64_t net_micros, int64_t customers);
void grade_result_count_aside(struct request *req, const struct id *run, const char *currency,
                              int64_t net_micros);

/* --- grading --- */

/* A customer to be graded, and how he stands now. */
struct grade_candidate {
    struct id customer;
    struct text region;
    int64_t numerator_micros, denominator_micros;
    int32_t first_purchase;
    bool is_long_term;
    struct text home; /* where he belongs, of who is compared with a whole region; else empty */
    bool is_whole;    /* his region is one that small ones are graded with */
    struct grade_current now;
};

struct grade_candidates {
    struct grade_candidate *list;
    size_t count;
};

/* The next customers of a run after the last one graded, by region and net. */
void grade_result_list_next(struct request *req, const struct grade_work *work, uint32_t limit,
                            struct grade_candidates *out);
/* Adds the verdict on a customer to the unit. */
void grade_result_save(struct request *req, const struct id *run, const struct id *customer,
                       enum grade before, enum grade after, uint32_t flags);

#endif
