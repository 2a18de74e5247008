/*
 * Small regions (a policy's small_regions_with_parent): who is few is graded within the parent
 * region of the tree, and where that is small too within the parent's parent.
 */
#ifndef KEHU_CUSTOMERS_GRADE_SMALL_H
#define KEHU_CUSTOMERS_GRADE_SMALL_H

#include "services/customers/domain/grade_home.h"

/* What a region of the tree has of its own in a run, before this. */
struct grade_own {
    int64_t net_micros;
    int64_t customers; /* that belong there and bought in the window */
    bool has_members;  /* somebody is to be graded there */
};

/* Within which region a region is graded, and what that one then is compared with. */
struct grade_within {
    size_t with; /* index of the node; its own: it stays where it is */
    bool is_whole;
    int64_t net_micros; /* its own, or where is_whole of it and everything below it */
    int64_t customers;
};

/*
 * For each node of the tree one `own`, and one of `within` is filled. A region with members and
 * fewer than `few` customers goes to the nearest region that has, all below it counted, at least so
 * many, itself first, else to the root. Whatever another region goes to is compared as a whole: its
 * own customers too. Regions with enough customers stay, also below such a one.
 */
void grade_small_place(const struct grade_tree *tree, const struct grade_own *own, int64_t few,
                       struct grade_within *within);

/* Whether the region of the first code is that of the second or below it. */
bool grade_small_is_within(const struct grade_tree *tree, struct text code, struct text upper);

#endif
