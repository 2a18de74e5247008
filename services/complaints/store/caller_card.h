/* Finding what is told of a customer who calls. */
#ifndef KEHU_COMPLAINTS_STORE_CALLER_CARD_H
#define KEHU_COMPLAINTS_STORE_CALLER_CARD_H

#include "common/flow.h"
#include "services/complaints/domain/caller_card.h"

extern const struct pg_statement caller_card_statements[];
extern const size_t caller_card_statement_count;

/* `since`: the local day a year ago. */
void caller_card_find(struct request *req, const struct id *customer, int32_t since,
                      struct caller_card *out);

#endif
