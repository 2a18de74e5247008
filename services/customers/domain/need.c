#include "services/customers/domain/need.h"

#include <string.h>

const char *const need_kinds[] = {"explicit", "latent", NULL};
const char *const need_states[] = {"open", "met", "lost", "dropped", NULL};
const char *const entitlement_kinds[] = {"care", "custom_product", "tech_support",
                                         "exclusive_after_sales", NULL};
const char *const entitlement_states[] = {"active", "ended", NULL};

const char *entitlement_check_use(const struct entitlement *entitlement, int32_t day,
                                  int64_t quantity)
{
    if (strcmp(entitlement->state, "active") != 0)
        return "has ended";
    if (day < entitlement->from_on)
        return "has not begun on that day";
    if (entitlement->to_on != NEED_NO_DAY && day > entitlement->to_on)
        return "was over by that day";
    if (entitlement->allowance > 0 && entitlement->used + quantity > entitlement->allowance)
        return "has not so many uses left";
    return NULL;
}
