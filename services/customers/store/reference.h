/*
 * Who a source means: customers by its references, regions by its names for them.
 */
#ifndef KEHU_CUSTOMERS_STORE_REFERENCE_H
#define KEHU_CUSTOMERS_STORE_REFERENCE_H

#include "common/flow.h"

extern const struct pg_statement reference_statements[];
extern const size_t reference_statement_count;

/* A name of a source, of a customer (external id) or of a region, and whose id it is. */
struct reference {
    struct text source;
    struct text name;
    struct id id;
    struct id counts_as; /* the survivor of a merged customer; else the same */
};

struct references {
    struct reference *list;
    size_t count;
};

/* A question about many; add each pair, then ask. Found ones are listed in no order. */
struct pg_args *reference_ask_customers(struct request *req);
struct pg_args *reference_ask_regions(struct request *req);
void reference_ask_add(struct pg_args *question, struct text source, struct text name);
void reference_find_customers(struct request *req, struct pg_args *question,
                              struct references *out);
void reference_find_regions(struct request *req, struct pg_args *question, struct references *out);

/* Draws customer numbers; numbers drawn for nothing leave gaps, which is allowed. */
struct numbers {
    const int64_t *list;
    size_t count;
};
void reference_take_numbers(struct request *req, size_t count, struct numbers *out);

/* A customer file with what its first reference tells, as reviewed today. */
void reference_add_customer(struct request *req, const struct id *id, int64_t number,
                            bool is_anonymous, bool is_historic, int32_t review_due);
void reference_add(struct request *req, struct text source, struct text external_id,
                   const struct id *customer);
/* A region; `id` is also that of its anonymous customer, to be added with it. */
void reference_add_region(struct request *req, struct text source, struct text name,
                          const struct id *id);
/* The name told at that business time is kept when none was told later; among equals the greater
 * name. */
void reference_offer_name(struct request *req, const struct id *customer, struct text name,
                          int64_t told_at_us);

#endif
