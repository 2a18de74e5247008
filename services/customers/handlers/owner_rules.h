/*
 * The owner rules at work: what they say of a set of customers (job and dry runs).
 */
#ifndef KEHU_CUSTOMERS_OWNER_RULES_HANDLER_H
#define KEHU_CUSTOMERS_OWNER_RULES_HANDLER_H

#include "services/customers/handlers/owners.h"
#include "services/customers/store/region.h"

/* What choosing takes. */
struct owner_rules_scene {
    struct policy_rows rows;
    struct codec_policy policy; /* its rules, resolved */
    struct owner_people people;
    struct regions regions;
    struct owner_standings standings;
};

#endif
