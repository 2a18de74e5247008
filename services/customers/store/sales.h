/*
 * The figures: net sales per customer, region, day and currency, and the reports from them.
 */
#ifndef KEHU_CUSTOMERS_STORE_SALES_H
#define KEHU_CUSTOMERS_STORE_SALES_H

#include "common/flow.h"
#include "services/customers/domain/order.h"
#include "services/customers/domain/sales.h"

extern const struct pg_statement sales_statements[];
extern const size_t sales_statement_count;

/* Counts the document in (sign 1) or out (sign -1). */
void sales_count(struct request *req, const struct order *order, int sign);

struct sales_rows {
    struct sales_row *list;
    size_t count;
};

/* The rows of a report: with `top` the largest by net, else those after the key (and currency) of
 * the page token, one more than the page so that the caller sees whether there is a next. */
void sales_list(struct request *req, const struct sales_question *question, struct text after_key,
                struct text after_currency, struct sales_rows *out);

#endif
