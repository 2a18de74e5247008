#include "services/customers/store/customer.h"

#include <string.h>

#include "services/customers/store/alias.h"

enum {
    FIND_BY_NUMBER,
    FIND_BY_ID,
    FIND_BY_REFERENCE,
    LIST_REFERENCES,
    LIST_SALES,
    LIST_ORDERS,
};

/* The first and last order of a customer with those merged into him: two walks to one row for each
 * of them. */
#define FILE_OF(condition)                                                                         \
    "select c.id, c.number, c.name, c.is_incomplete, c.registered_at,"                             \
    " coalesce((select version from subject_version where subject = c.id), 0),"                    \
    " (select min(o.at) from " ALIAS_FROM_C " cross join lateral (select min(ordered_at) as at"    \
    " from orders where customer_id = m.id offset 0) o),"                                          \
    " (select max(o.at) from " ALIAS_FROM_C " cross join lateral (select max(ordered_at) as at"    \
    " from orders where customer_id = m.id offset 0) o), " ALIAS_MERGED_FROM                       \
    " from " ALIAS_CUSTOMER(condition)

const struct pg_statement customer_statements[] = {
    [FIND_BY_NUMBER] = {.name = "customer_find_by_number",
                        .sql = FILE_OF("n.number = $1"),
                        .params = {PG_INT8}},
    [FIND_BY_ID] = {.name = "customer_find_by_id", .sql = FILE_OF("n.id = $1"), .params = {PG_ID}},
    [FIND_BY_REFERENCE] = {.name = "customer_find_by_reference",
                           .sql = FILE_OF("n.id = (select customer_id from customer_ref"
                                          " where source = $1 and external_id = $2)"),
                           .params = {PG_TEXT, PG_TEXT}},
    [LIST_REFERENCES] = {.name = "customer_list_references",
                         .sql = "select source, external_id from customer_ref"
                                " where customer_id in " ALIAS_ALL_OF_1
                                " order by added_at, source, external_id limit 1000",
                         .params = {PG_ID}},
    [LIST_SALES] = {.name = "customer_list_sales",
                    .sql = "select currency, sum(orders)::bigint, sum(lines)::bigint,"
                           " sum(net_micros)::bigint from sales_figure"
                           " where customer_id in " ALIAS_ALL_OF_1
                           " group by currency having sum(orders) <> 0 order by currency",
                    .params = {PG_ID}},
    [LIST_ORDERS] = {.name = "customer_list_orders",
                     .sql = "select o.id, o.source, o.number, k.kind, o.ordered_at, o.day, r.name,"
                            " o.currency, o.net_micros, o.lines, k.cancelled_at, k.delivered_at,"
                            " coalesce((select sum(p.amount_micros) from order_payment p"
                            " where p.source = o.source and p.number = o.number"
                            " and p.currency = o.currency), 0)::bigint"
                            " from " ALIAS_FROM_1 " cross join lateral (select * from orders"
                            " where customer_id = m.id order by ordered_at desc, id desc limit $2)"
                            " o join order_key k on k.source = o.source and k.number = o.number"
                            " join order_region r on r.id = o.region_id"
                            " order by o.ordered_at desc, o.id desc limit $2",
                     .params = {PG_ID, PG_INT8}},
};
const size_t customer_statement_count = COUNT_OF(customer_statements);

static void copy_currency(const struct pg_rows *rows, int row, int i, char out[4])
{
    struct text currency = pg_get_text(rows, row, i);

    memcpy(out, currency.at, currency.bytes < 3 ? currency.bytes : 3);
}

static void fill_file(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct found_customer *found = out;
    struct customer_file *file = &found->file;

    if (pg_row_count(rows) == 0)
        return;
    found->found = true;
    file->id = pg_get_id(rows, 0, 0);
    file->number = pg_get_int8(rows, 0, 1);
    file->name = pg_keep_text(rows, 0, 2, arena);
    file->is_incomplete = pg_get_bool(rows, 0, 3);
    file->registered_at_us = pg_get_time(rows, 0, 4);
    file->version = (uint64_t)pg_get_int8(rows, 0, 5);
    file->first_order_at_us = pg_get_time(rows, 0, 6);
    file->last_order_at_us = pg_get_time(rows, 0, 7);
    file->merged_from = pg_get_int8(rows, 0, 8);
}

void customer_find(struct request *req, const struct customer_question *question,
                   struct found_customer *out)
{
    const struct pg_statement *statement = &customer_statements[FIND_BY_NUMBER];
    struct pg_args *args;

    if (question->kind == CUSTOMER_REF_ID)
        statement = &customer_statements[FIND_BY_ID];
    else if (question->kind == CUSTOMER_REF_EXTERNAL)
        statement = &customer_statements[FIND_BY_REFERENCE];
    args = pg_args_new(req->arena, statement);
    switch (question->kind) {
    case CUSTOMER_REF_NUMBER:
        pg_put_int8(args, 0, question->number);
        break;
    case CUSTOMER_REF_ID:
        pg_put_id(args, 0, &question->id);
        break;
    case CUSTOMER_REF_EXTERNAL:
        pg_put_text_n(args, 0, question->reference.source.at, question->reference.source.bytes);
        pg_put_text_n(args, 1, question->reference.external_id.at,
                      question->reference.external_id.bytes);
        break;
    }
    flow_ask(req, statement, args, fill_file, out);
}

static void fill_references(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct customer_file *file = out;
    size_t count = (size_t)pg_row_count(rows);
    struct customer_reference *list = arena_take_array(arena, count, sizeof(*list));

    for (size_t i = 0; list && i < count; i++)
        list[i] = (struct customer_reference){pg_keep_text(rows, (int)i, 0, arena),
                                              pg_keep_text(rows, (int)i, 1, arena)};
    file->references = list;
    file->reference_count = list ? count : 0;
}

void customer_list_references(struct request *req, const struct id *customer,
                              struct customer_file *out)
{
    struct pg_args *args = pg_args_new(req->arena, &customer_statements[LIST_REFERENCES]);

    pg_put_id(args, 0, customer);
    flow_ask(req, &customer_statements[LIST_REFERENCES], args, fill_references, out);
}

static void fill_sales(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct customer_file *file = out;
    size_t count = (size_t)pg_row_count(rows);
    struct customer_sales *list = arena_take_array(arena, count, sizeof(*list));

    for (size_t i = 0; list && i < count; i++) {
        copy_currency(rows, (int)i, 0, list[i].currency);
        list[i].orders = pg_get_int8(rows, (int)i, 1);
        list[i].lines = pg_get_int8(rows, (int)i, 2);
        list[i].net_micros = pg_get_int8(rows, (int)i, 3);
    }
    file->sales = list;
    file->sales_count = list ? count : 0;
}

void customer_list_sales(struct request *req, const struct id *customer, struct customer_file *out)
{
    struct pg_args *args = pg_args_new(req->arena, &customer_statements[LIST_SALES]);

    pg_put_id(args, 0, customer);
    flow_ask(req, &customer_statements[LIST_SALES], args, fill_sales, out);
}

static void fill_orders(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct customer_file *file = out;
    size_t count = (size_t)pg_row_count(rows);
    struct customer_order *list = arena_take_array(arena, count, sizeof(*list));

    for (size_t i = 0; list && i < count; i++) {
        struct customer_order *order = &list[i];
        int row = (int)i;

        order->id = pg_get_id(rows, row, 0);
        order->source = pg_keep_text(rows, row, 1, arena);
        order->number = pg_keep_text(rows, row, 2, arena);
        order->kind = (enum order_kind)pg_get_int4(rows, row, 3);
        order->ordered_at_us = pg_get_time(rows, row, 4);
        order->day = pg_get_date(rows, row, 5);
        order->region = pg_keep_text(rows, row, 6, arena);
        copy_currency(rows, row, 7, order->currency);
        order->net_micros = pg_get_int8(rows, row, 8);
        order->line_count = (uint32_t)pg_get_int4(rows, row, 9);
        order->is_cancelled = !pg_is_null(rows, row, 10);
        order->delivered_at_us = pg_get_time(rows, row, 11);
        order->paid_micros = pg_get_int8(rows, row, 12);
    }
    file->recent_orders = list;
    file->recent_order_count = list ? count : 0;
}

void customer_list_orders(struct request *req, const struct id *customer, uint32_t limit,
                          struct customer_file *out)
{
    struct pg_args *args = pg_args_new(req->arena, &customer_statements[LIST_ORDERS]);

    pg_put_id(args, 0, customer);
    pg_put_int8(args, 1, limit);
    flow_ask(req, &customer_statements[LIST_ORDERS], args, fill_orders, out);
}
