/*
 * Cards: rows by references, and the figures of those that the cache does not have.
 */
#ifndef KEHU_CUSTOMERS_STORE_CARD_H
#define KEHU_CUSTOMERS_STORE_CARD_H

#include "common/flow.h"
#include "services/customers/domain/card.h"

extern const struct pg_statement card_statements[];
extern const size_t card_statement_count;

/* What is asked for; `cards->list` has one element per question, with its ref. Those found are
 * filled, without figures. */
void card_find(struct request *req, const struct customer_question *questions, struct cards *cards);

struct card_figures_list {
    struct card_figures *list;
    size_t count;
    int32_t as_of; /* set by card_list_figures */
};
/* In one statement, so that figures and version are of the same moment. */
void card_list_figures(struct request *req, const struct id *customers, size_t count, int32_t today,
                       const char currency[4], struct card_figures_list *out);

#endif
