/*
 * Who asks, and what he may see and do (R169 to R173). The door of the service (scope_door) loads the actor from the
 * staff directory before the first step of every message, refuses acts his roles do not have, and leaves the scope here.
 * Keys that act as themselves are bounded by their own rights; their scope is everything.
 */
#ifndef KEHU_CUSTOMERS_SCOPE_H
#define KEHU_CUSTOMERS_SCOPE_H

#include "common/flow.h"
#include "services/customers/domain/rights.h"

struct scope {
    bool is_staff;           /* a person asks; false: a key as itself, a job, a timer */
    struct id staff;         /* zeroes: none */
    const char *code;        /* "li.na"; "" */
    unsigned roles;          /* bits of enum rights_role */
    bool sees_all;           /* every customer */
    bool sees_potential;     /* marketing: customers who never bought */
    const struct id *owners; /* whose customers he sees: himself, whom he stands in for today, his team, his units */
    size_t owner_count;
};

/* Of this request; never NULL behind the door. */
const struct scope *scope_of(const struct request *req);

/* Whether one customer is within the scope, and who owns him if not. Zeroed by whoever asks. */
struct scope_sight {
    bool is_asked, is_within, has_owner;
    const char *owner_name;  /* for the refusal */
    int32_t owned_since;
};
/* Queues the question (none for those who see everything). Merged customers count as their survivor. */
void scope_look(struct request *req, const struct id *customer, struct scope_sight *out);
/* False: *end refuses with PERMISSION_DENIED: "…exists; owner 李娜 since 2026-03-01" and nothing more. */
bool scope_admits(struct request *req, const struct scope_sight *sight, enum flow *end);

/* What lists filter by: puts three parameters from `first` on: sees_all (PG_BOOL), sees_potential (PG_BOOL), owners (PG_IDS).
 * SQL: SCOPE_FILTER("c.id", "$7", "$8", "$9") in store/scope.h. */
void scope_put(const struct request *req, struct pg_args *args, int first);

#endif
