/*
 * Service plans (R42, R48): what is done for customers of a grade, how often they are contacted and
 * what they may have beyond. What a customer has follows from his grade and is stored nowhere.
 */
#ifndef KEHU_CUSTOMERS_SERVICE_PLAN_H
#define KEHU_CUSTOMERS_SERVICE_PLAN_H

#include "common/base.h"

#define SERVICE_PLAN_MAX_ITEMS 20
#define SERVICE_PLAN_MAX_CADENCE 12
#define SERVICE_PLANS 4 /* A, B, C, none */

struct service_plan {
    struct text grade; /* "A", "B", "C", "none" */
    const struct text *measures;
    size_t measure_count;
    const struct text *privileges;
    size_t privilege_count;
    uint32_t cadence_months; /* 0: none */
    bool deep_only;
};
struct service_plans {
    const struct service_plan *list;
    size_t count; /* 0..SERVICE_PLANS, each grade once */
};

/* The plan of a grade, ' ' for none: of the policy, else the built-in one. */
const struct service_plan *service_plan_for(const struct service_plans *plans, char grade);
/* The built-in plans, in the order A, B, C, none. */
const struct service_plan *service_plan_standard(size_t i);

/* How a code of ours is called; the code itself where it is not ours. */
struct service_plan_words {
    const char *english, *chinese; /* NULL: not ours */
};
struct service_plan_words service_plan_words(struct text code);

bool service_plan_is_grade(struct text grade);
/* 1 to 40 of a-z, 0-9, dot, underscore and hyphen. */
bool service_plan_is_code(struct text code);

#endif
