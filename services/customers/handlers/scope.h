/*
 * Who asks, and what he may see and do (R169 to R173). The door of the service (scope_door) loads
 * the actor from the staff directory before the first step of every message, refuses acts his roles
 * do not have, and leaves the scope here. Keys that act as themselves are bounded by their own
 * rights; their scope is everything, and they are not asked about.
 */
#ifndef KEHU_CUSTOMERS_SCOPE_H
#define KEHU_CUSTOMERS_SCOPE_H

#include "common/flow.h"
#include "services/customers/domain/rights.h"
#include "services/customers/store/scope.h"

/* The service_definition.door of customers. */
enum flow scope_door(struct request *req);

/* May he do this too? Keys as themselves may what their rights let them call; nothing but ACT_AUDIT
 * is only a person's. */
bool scope_may(const struct request *req, enum rights_act act);

/* Whether one customer is within the scope, and who owns him if not. Zeroed by whoever asks. */
struct scope_sight {
    bool is_asked, is_within, has_owner;
    const char *owner_name; /* for the refusal */
    int32_t owned_since;
    const struct scope_seen *seen; /* the answer on its way */
};
/* Queues the question (none for those who see everything). Merged customers count as their
 * survivor. */
void scope_look(struct request *req, const struct id *customer, struct scope_sight *out);
/* Of many at once: `out` has `count` places. */
void scope_look_list(struct request *req, const struct id *customers, size_t count,
                     struct scope_sight *out);
/* Makes the answer of a look readable, in the step after it; scope_admits does it by itself. */
void scope_settle(const struct request *req, struct scope_sight *sight);
/* False: *end refuses with PERMISSION_DENIED: "…exists; owner 李娜 since 2026-03-01" and nothing
 * more. */
bool scope_admits(struct request *req, struct scope_sight *sight, enum flow *end);

#endif
