/*
 * The region tree (大区 › 省 › 片区, BEHAVIOUR §1): which changes leave it a tree. Grades are given
 * among the customers of a grading region and those below it, so on the way from any region to the
 * top there is at most one.
 */
#ifndef KEHU_CUSTOMERS_REGION_H
#define KEHU_CUSTOMERS_REGION_H

#include "common/base.h"

#define REGION_MAX_CODE 40 /* characters of a code */
#define REGION_MAX_NAME 60 /* characters of a name */
#define REGION_MAX_DEPTH 6 /* levels */
#define REGION_CODE_FORM "1 to 40 of a-z, 0-9, dot and hyphen, such as yn-kunming"

struct region {
    struct text code;
    struct text name;
    struct text parent; /* code; empty: the top */
    bool is_grading;
};

/* Sorted by code in the order of bytes. */
struct region_tree {
    const struct region *list;
    size_t count;
};

/* A region as a source writes it. */
struct order_region {
    bool found;
    struct text source, name;
    struct text region_code; /* empty: unmapped */
    int64_t net_micros;      /* of all time, in one currency; only in lists */
};
struct order_regions {
    struct order_region *list;
    size_t count;
};

bool region_is_code(struct text text);

/* The region of that code; NULL: none. */
const struct region *region_find(const struct region_tree *tree, struct text code);

enum region_refusal {
    REGION_FINE,
    REGION_NO_PARENT,     /* the parent is not in the tree */
    REGION_CIRCLE,        /* the parent is the region itself or below it */
    REGION_TOO_DEEP,      /* more than REGION_MAX_DEPTH levels */
    REGION_GRADING_ABOVE, /* it grades, or one below it does, and so does one above */
    REGION_GRADING_BELOW, /* it grades, and so does one below it */
};

/* Whether the tree may have this region, as a new one or in place of the one with its code. `other`
 * is set by GRADING_ABOVE and GRADING_BELOW to the one in the way, by ABOVE the upper. */
enum region_refusal region_check(const struct region_tree *tree, const struct region *region,
                                 const struct region **other);

/* Whether there is one below it. */
bool region_has_children(const struct region_tree *tree, struct text code);

#endif
