/*
 * Documents: their keys, contents, lines and payments.
 */
#ifndef KEHU_CUSTOMERS_STORE_ORDER_H
#define KEHU_CUSTOMERS_STORE_ORDER_H

#include "common/flow.h"
#include "services/customers/domain/order.h"

extern const struct pg_statement order_statements[];
extern const size_t order_statement_count;

/* A document as it is stored; `version` guards its saving. */
struct stored_order {
    struct text source;
    struct text number;
    int32_t version;
    struct order order;
};

struct stored_orders {
    struct stored_order *list;
    size_t count;
};

struct pg_args *order_ask(struct request *req);
void order_ask_add(struct pg_args *question, struct text source, struct text number);
void order_find(struct request *req, struct pg_args *question, struct stored_orders *out);

/* The key of a document heard of for the first time. */
void order_add_key(struct request *req, struct text source, struct text number,
                   const struct order *order);
/* What changed of a key; stale when its version is no longer `version`. */
void order_save_key(struct request *req, struct text source, struct text number, int32_t version,
                    const struct order *order);

/* The content of a document and its lines; order_remove_content goes before it in a replacement. */
void order_add_content(struct request *req, struct text source, struct text number,
                       const struct order *order, const struct order_content *content);
void order_remove_content(struct request *req, const struct order *before);

void order_add_payment(struct request *req, const struct order_event *event);

#endif
