/*
 * The stream of what happened to a customer, gathered from the tables that say it. What no table
 * says (somebody unlinked, events of other services) is a row of timeline_entry.
 */
#ifndef KEHU_CUSTOMERS_STORE_TIMELINE_H
#define KEHU_CUSTOMERS_STORE_TIMELINE_H

#include "common/flow.h"
#include "services/customers/domain/timeline.h"

extern const struct pg_statement timeline_statements[];
extern const size_t timeline_statement_count;

struct timeline_window {
    const struct id *customer;                /* with all who are merged into him */
    const struct timeline_question *question; /* its kinds */
    int64_t from_us;                          /* included */
    struct timeline_place before;             /* an empty key: nothing of that moment any more */
    uint32_t limit;
};
/* Latest first. */
void timeline_list(struct request *req, const struct timeline_window *window,
                   struct timeline_entries *out);

/* What happened now, as this request's asker did it; kind, what, ref and text are never personal
 * values. Adds to the unit. */
struct timeline_fact {
    const char *kind, *what, *ref, *text;
};
void timeline_add(struct request *req, const struct id *customer, const struct timeline_fact *fact);

#endif
