/*
 * The region tree and what refers to it.
 */
#ifndef KEHU_CUSTOMERS_STORE_REGION_H
#define KEHU_CUSTOMERS_STORE_REGION_H

#include "common/flow.h"
#include "services/customers/domain/region.h"

extern const struct pg_statement region_statements[];
extern const size_t region_statement_count;

/* The tree as it is. */
struct regions {
    int64_t version; /* for region_guard */
    struct region_tree tree;
};
void region_list(struct request *req, struct regions *out);

/* Who refers to a region of the tree, at most so many of each are counted. */
#define REGION_MAX_COUNTED 1000
struct region_users {
    int64_t customers, order_regions;
};
void region_find_users(struct request *req, struct text code, struct region_users *out);

void region_find_order_region(struct request *req, struct text source, struct text name,
                              struct order_region *out);
/* By source and name. */
void region_list_order_regions(struct request *req, const char currency[4],
                               struct order_regions *out);

/* Counts the tree up; stale when it is another one than was read. In every unit that changes what
 * follows, so that no two changes make together what each alone may not. */
void region_guard(struct request *req, int64_t version);
void region_save(struct request *req, const struct region *region);
void region_remove(struct request *req, struct text code);
/* An empty code: unmapped. */
void region_map(struct request *req, struct text source, struct text name, struct text code);

#endif
