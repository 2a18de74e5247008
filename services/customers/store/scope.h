/*
 * What the door asks of the directory, and how statements filter by what somebody may see.
 */
#ifndef KEHU_CUSTOMERS_STORE_SCOPE_H
#define KEHU_CUSTOMERS_STORE_SCOPE_H

#include "common/flow.h"

extern const struct pg_statement scope_statements[];
extern const size_t scope_statement_count;

/* Among the owners: customers whom nobody looks after. */
#define SCOPE_NOBODY "00000000-0000-0000-0000-000000000000"

struct scope {
    bool is_staff;       /* a person asks; false: a key as itself, a job, a timer */
    struct id staff;     /* zeroes: none */
    const char *code;    /* "li.na"; "" */
    unsigned roles;      /* bits of enum role */
    bool sees_all;       /* every customer */
    bool sees_potential; /* marketing: customers who never bought */
    /* Whose customers he sees, as their owners or as handlers of open cases: himself, whom he
     * stands in for today, his team, his units; zeroes among them: those without an owner
     * (managers). */
    const struct id *owners;
    size_t owner_count;
};
/* Of this request; never NULL behind the door. */
const struct scope *scope_of(const struct request *req);
/* What lists filter by: puts three parameters from `first` on (counted from 0, as pg_put does):
 * sees_all (PG_BOOL), sees_potential (PG_BOOL), owners (PG_IDS). */
void scope_put(const struct request *req, struct pg_args *args, int first);

/*
 * True of a customer within the scope; the four are SQL: the customer's id, qualified
 * (of a survivor, where
 * merged ones may come), and the three parameters that scope_put puts. Who sees everything costs
 * one look at a parameter.
 */
#define SCOPE_FILTER(customer, all, potential, owners)                                             \
    "(" all " or exists (select 1 from ownership scope_o where scope_o.customer_id = " customer    \
    " and scope_o.to_at is null and scope_o.staff_id = any(" owners "))"                           \
    " or exists (select 1 from customer_case_handler scope_k"                                      \
    " where scope_k.customer_id = " customer " and scope_k.staff_id = any(" owners "))"            \
    " or (" potential " and not exists (select 1 from orders scope_p"                              \
    " where scope_p.customer_id = " customer "))"                                                  \
    " or ('" SCOPE_NOBODY "' = any(" owners ") and not exists (select 1 from ownership scope_n"    \
    " where scope_n.customer_id = " customer " and scope_n.to_at is null)))"

/*
 * The same as a set to begin from, with the column customer_id, perhaps more than once each: for
 * lists of people who do not see everybody, when the list would otherwise walk through all to find
 * few. Not for who sees everything.
 */
#define SCOPE_CUSTOMERS(potential, owners)                                                         \
    "(select customer_id from ownership where to_at is null and staff_id = any(" owners ")"        \
    " union all select customer_id from customer_case_handler where staff_id = any(" owners ")"    \
    " union all select scope_p.id from customer scope_p where " potential                          \
    " and not exists (select 1 from orders where customer_id = scope_p.id)"                        \
    " union all select scope_n.id from customer scope_n where '" SCOPE_NOBODY "' = any(" owners    \
    ")"                                                                                            \
    " and not exists (select 1 from ownership where customer_id = scope_n.id and to_at is null))"
/* Seldom so many owners that walking through everybody is better. */
#define SCOPE_FEW_OWNERS 20
/* Whether a list gathers by SCOPE_CUSTOMERS at once: a person with few owners, not managers and
 * marketing. */
bool scope_is_narrow(const struct scope *scope);

/* A person as the door sees him. */
struct scope_person {
    bool found, has_left;
    struct id id;
    char *code;
    unsigned roles;          /* bits of enum role */
    const struct id *owners; /* himself, whom he stands in for, his team, his units */
    size_t owner_count;
};
/* By code or id, in one question; `today` in business time. */
void scope_find_person(struct request *req, const char *who, int32_t today,
                       struct scope_person *out);

/* One customer before the eyes of somebody; see handlers/scope.h. */
struct scope_seen {
    bool is_within, has_owner;
    const char *owner_name;
    int64_t owned_since_us;
};
/* One per customer, in their order, as this request sees it; `out` has `count` places. Merged
 * customers count as their survivor. */
void scope_list_seen(struct request *req, const struct id *customers, size_t count,
                     struct scope_seen *out);

#endif
