/*
 * The file of a customer as it is shown, and how people refer to one: by number, id or a source's
 * own reference.
 */
#ifndef KEHU_CUSTOMERS_CUSTOMER_H
#define KEHU_CUSTOMERS_CUSTOMER_H

#include "common/base.h"
#include "common/pure/customer_ref.h"
#include "services/customers/domain/order.h"

#define CUSTOMER_MAX_RECENT_ORDERS 100

/* How a source names a customer. */
struct customer_reference {
    struct text source;
    struct text external_id;
};

/* Figures of one currency, without cancelled documents. */
struct customer_sales {
    char currency[4];
    int64_t orders;
    int64_t lines;
    int64_t net_micros;
};

struct customer_order {
    struct id id;
    struct text source;
    struct text number;
    enum order_kind kind;
    int64_t ordered_at_us;
    int32_t day;
    struct text region;
    char currency[4];
    int64_t net_micros;
    uint32_t line_count;
    bool is_cancelled;
    int64_t paid_micros;
    int64_t delivered_at_us; /* 0: not delivered */
};

struct customer_file {
    struct id id;
    int64_t number;
    struct text name;
    bool is_incomplete;
    const struct customer_reference *references; /* oldest first */
    size_t reference_count;
    int64_t registered_at_us;
    const struct customer_sales *sales; /* one per currency */
    size_t sales_count;
    int64_t first_order_at_us; /* 0: no order */
    int64_t last_order_at_us;
    const struct customer_order *recent_orders; /* latest first */
    size_t recent_order_count;
    uint64_t version;
    int64_t merged_from; /* number asked for, when that is merged into this one; else 0 */
};

/* Who is asked for; only the fields of its kind are set. Text is borrowed. */
struct customer_question {
    enum customer_ref_kind kind;
    int64_t number;
    struct id id;
    struct customer_reference reference;
    uint32_t recent_orders; /* 0..CUSTOMER_MAX_RECENT_ORDERS */
};

/* Reads a REF into kind and value and leaves recent_orders alone; false: customer_ref_parse. */
bool customer_question_parse(struct text ref, struct customer_question *out);

#endif
