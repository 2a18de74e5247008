/*
 * Where a customer belongs (BEHAVIOUR §1): the grading regions of the tree, and among them the
 * one on his file or where he buys most.
 */
#ifndef KEHU_CUSTOMERS_GRADE_HOME_H
#define KEHU_CUSTOMERS_GRADE_HOME_H

#include "common/base.h"

/* A region of the tree. */
struct grade_node {
    struct text code;
    struct text parent; /* empty: a root */
    bool is_grading;
};

/* The tree, sorted by code in the order of bytes. */
struct grade_tree {
    const struct grade_node *nodes;
    size_t count;
};

/* More levels than any tree of regions has; a tree that was made circular ends here. */
#define GRADE_HOME_LEVELS 100

/* The region of that code; NULL: none, as for the empty code. */
const struct grade_node *grade_home_node(const struct grade_tree *tree, struct text code);

/* The grading region of a region of the tree: itself or its nearest ancestor that is one; without
 * any, and for a code that is not in the tree, the code itself. */
struct text grade_home_region(const struct grade_tree *tree, struct text code);

/* What a customer bought in one grading region within the window. */
struct grade_purchase {
    struct text region;
    int64_t net_micros;
    int32_t last_day;
};

/* a + b, which stops at the ends of int64. */
int64_t grade_home_add_net(int64_t a, int64_t b);

/* Adds to the list, which has room for one more, or to the entry of the same region; returns the
 * new count. Sums stop at the ends of int64. */
size_t grade_home_add(struct grade_purchase *list, size_t count,
                      const struct grade_purchase *purchase);

/* Where his net is largest; among equals the latest day, then the lesser name. NULL: he bought
 * nothing. */
const struct grade_purchase *grade_home_largest(const struct grade_purchase *list, size_t count);
/* His purchases in that region; NULL: none. */
const struct grade_purchase *grade_home_find(const struct grade_purchase *list, size_t count,
                                             struct text region);

#endif
