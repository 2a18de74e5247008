/*
 * What is known of customers, for the briefing of who takes them over. All in sets.
 */
#ifndef KEHU_CUSTOMERS_STORE_BRIEFING_H
#define KEHU_CUSTOMERS_STORE_BRIEFING_H

#include "common/flow.h"
#include "services/customers/domain/briefing.h"

extern const struct pg_statement briefing_statements[];
extern const size_t briefing_statement_count;

/* The heads, in the order of the ids asked for. `out->list` is made. */
void briefing_list(struct request *req, const struct id *customers, size_t count, int32_t today,
                   struct briefings *out);
/* The notes of those heads, at most BRIEFING_MAX_NOTES of each part and customer: once the heads
 * are there. */
void briefing_list_notes(struct request *req, struct briefings *briefings);

#endif
