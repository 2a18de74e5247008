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

/* The rows of a report by total, region or month: with `top` the largest by net, else those after
 * the key (and currency) of the page token, one more than the page so that the caller sees whether
 * there is a next. */
void sales_list(struct request *req, const struct sales_question *question, struct text after_key,
                struct text after_currency, struct sales_rows *out);

/* By customer: the `top` largest; or the anonymous ones together; or a page of named ones after an
 * id. */
void sales_list_largest(struct request *req, const struct sales_question *question,
                        struct sales_rows *out);
void sales_list_anonymous(struct request *req, const struct sales_question *question,
                          struct sales_rows *out);

struct sales_customers {
    struct sales_rows rows; /* of those with figures */
    size_t read;            /* customers looked at; fewer than the page: these were the last */
    struct id last;         /* after whom the next page begins */
};
void sales_list_customers(struct request *req, const struct sales_question *question,
                          const struct id *after, struct sales_customers *out);

#endif
