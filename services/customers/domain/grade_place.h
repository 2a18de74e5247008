/*
 * Rank and accumulated net of customers who come one by one, in the order of region and net, over
 * as many chunks as there are: what grade_rank gives for a whole region, without holding it.
 */
#ifndef KEHU_CUSTOMERS_GRADE_PLACE_H
#define KEHU_CUSTOMERS_GRADE_PLACE_H

#include "services/customers/domain/grade.h"

/* How far the region is counted; zeroes at its beginning. */
struct grade_place {
    uint32_t counted; /* customers so far */
    int64_t last_numerator_micros;
    uint32_t rank; /* of the last */
    int64_t accumulated_before_micros;
    int64_t accumulated_micros; /* with the last */
};

/* Lets so many pass who stand before the next customer and are graded elsewhere, with their net
 * together: a small region's customers stand in the order of all of the parent region. */
void grade_place_pass(struct grade_place *place, int64_t customers, int64_t net_micros);

/* Counts the next customer of the region, whose numerator is not larger than the last one's, and
 * sets his rank and accumulated_before_micros. */
void grade_place_next(struct grade_place *place, struct grade_figures *figures);

#endif
