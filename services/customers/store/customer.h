/*
 * The customer file, read.
 */
#ifndef KEHU_CUSTOMERS_STORE_CUSTOMER_H
#define KEHU_CUSTOMERS_STORE_CUSTOMER_H

#include "common/flow.h"
#include "services/customers/domain/customer.h"

extern const struct pg_statement customer_statements[];
extern const size_t customer_statement_count;

struct found_customer {
    bool found;
    struct customer_file file; /* without references, sales and orders */
};

/* By number, id or reference, as the question says; of a merged one the survivor, with
 * `merged_from` set. Figures are of all who are one now. */
void customer_find(struct request *req, const struct customer_question *question,
                   struct found_customer *out);
/* The parts of the file of a known customer. */
void customer_list_references(struct request *req, const struct id *customer,
                              struct customer_file *out);
void customer_list_sales(struct request *req, const struct id *customer, struct customer_file *out);
void customer_list_orders(struct request *req, const struct id *customer, uint32_t limit,
                          struct customer_file *out);

#endif
