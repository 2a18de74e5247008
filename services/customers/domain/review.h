/*
 * When a file is to be looked through again (R14): so many months after it was last verified as a
 * whole, or registered, by grade.
 */
#ifndef KEHU_CUSTOMERS_REVIEW_H
#define KEHU_CUSTOMERS_REVIEW_H

#include "services/customers/domain/grade_policy.h"

/* 'A', 'B', 'C'; anything else, such as no grade, counts as C. */
uint32_t review_months(char grade, const struct grade_review_policy *policy);
/* The day it is due; the same day of the month, or that month's last. */
int32_t review_due(int32_t reviewed_on, char grade, const struct grade_review_policy *policy);

#endif
