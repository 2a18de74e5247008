#include "services/customers/store/order.h"

#include <string.h>

enum {
    FIND,
    ADD_KEY,
    SAVE_KEY,
    REMOVE_CONTENT,
    REMOVE_LINES,
    ADD,
    ADD_LINES,
    ADD_PAYMENT,
};

/* What two processes may both insert goes in the order of its key: they wait for each other in one
 * direction. */
const struct pg_statement order_statements[] = {
    [FIND] = {.name = "order_find",
              .sql = "select f.* from unnest($1, $2) as q(source, number) cross join lateral"
                     " (select k.source, k.number, k.order_id, k.version, k.has_content,"
                     " k.cancelled_at, k.paid_at, k.delivered_at, o.customer_id, k.kind,"
                     " o.revision, o.content_at, o.content_event, o.ordered_at, o.day, o.region_id,"
                     " o.currency, o.lines, o.net_micros, o.is_historic,"
                     " coalesce(a.survivor_id, o.customer_id)"
                     " from order_key k left join lateral"
                     " (select * from orders where id = k.order_id offset 0) o on true"
                     " left join customer_alias a on a.customer_id = o.customer_id"
                     " where k.source = q.source and k.number = q.number offset 0) f",
              .params = {PG_TEXTS, PG_TEXTS}},
    [ADD_KEY] =
        {.name = "order_add_key",
         .sql = "insert into order_key (source, number, order_id, version, kind,"
                " has_content, cancelled_at, paid_at, delivered_at)"
                " select unnest($1), unnest($2), unnest($3), 1, unnest($4), unnest($5), unnest($6),"
                " unnest($7), unnest($8) order by 1, 2",
         .params = {PG_TEXTS, PG_TEXTS, PG_IDS, PG_INT4S, PG_BOOLS, PG_TIMES, PG_TIMES, PG_TIMES},
         .write = true,
         .merge = true,
         .rank = 30},
    [SAVE_KEY] = {.name = "order_save_key",
                  .sql =
                      "with u as (select * from unnest($1, $2, $3, $4, $5, $6, $7, $8)"
                      " as u(source, number, version, kind, has_content, cancelled_at, paid_at,"
                      " delivered_at)),"
                      /* The update joins what was locked and nothing else: joining the values a
                       * second time compares each with each. */
                      " locked as (select u.* from u join order_key k"
                      " on k.source = u.source and k.number = u.number"
                      " and k.version = u.version order by 1, 2 for update of k),"
                      " saved as (update order_key k set version = k.version + 1,"
                      " kind = l.kind, has_content = l.has_content, cancelled_at = l.cancelled_at,"
                      " paid_at = l.paid_at, delivered_at = l.delivered_at from locked l"
                      " where k.source = l.source and k.number = l.number"
                      " and k.version = l.version returning 1)"
                      " select stale_unless((select count(*) from saved) = cardinality($1))",
                  .params = {PG_TEXTS, PG_TEXTS, PG_INT4S, PG_INT4S, PG_BOOLS, PG_TIMES, PG_TIMES,
                             PG_TIMES},
                  .write = true,
                  .merge = true,
                  .rank = 31},
    [REMOVE_CONTENT] = {.name = "order_remove_content",
                        .sql = "delete from orders where id = any($1)",
                        .params = {PG_IDS},
                        .write = true,
                        .merge = true,
                        .rank = 32},
    [REMOVE_LINES] = {.name = "order_remove_lines",
                      .sql = "delete from order_line where order_id = any($1) and day = any($2)",
                      .params = {PG_IDS, PG_DATES},
                      .write = true,
                      .merge = true,
                      .rank = 33},
    [ADD] = {.name = "order_add",
             .sql =
                 "insert into orders (customer_id, id, source, number, order_number, revision,"
                 " content_at, content_event, ordered_at, day, region_id, currency, lines,"
                 " net_micros, is_historic)"
                 " select unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6),"
                 " unnest($7), unnest($8), unnest($9), unnest($10), unnest($11), unnest($12),"
                 " unnest($13), unnest($14), unnest($15)",
             .params = {PG_IDS, PG_IDS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_INT8S, PG_TIMES, PG_TEXTS,
                        PG_TIMES, PG_DATES, PG_IDS, PG_TEXTS, PG_INT4S, PG_INT8S, PG_BOOLS},
             .write = true,
             .merge = true,
             .rank = 40},
    [ADD_LINES] =
        {.name = "order_add_lines",
         .sql = "insert into order_line (order_id, customer_id, day, line, product,"
                " description, batch, quantity_micros, unit_price_micros, amount_micros)"
                " select unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6),"
                " unnest($7), unnest($8), unnest($9), unnest($10)",
         .params = {PG_IDS, PG_IDS, PG_DATES, PG_INT4S, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_INT8S,
                    PG_INT8S, PG_INT8S},
         .write = true,
         .merge = true,
         .rank = 41},
    /* A payment told again when its receipt has expired changes nothing. */
    [ADD_PAYMENT] = {.name = "order_add_payment",
                     .sql =
                         "insert into order_payment (source, number, event_id, paid_at, currency,"
                         " amount_micros) select unnest($1), unnest($2), unnest($3), unnest($4),"
                         " unnest($5), unnest($6) on conflict do nothing",
                     .params = {PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TIMES, PG_TEXTS, PG_INT8S},
                     .write = true,
                     .merge = true,
                     .rank = 42},
};
const size_t order_statement_count = COUNT_OF(order_statements);

struct pg_args *order_ask(struct request *req)
{
    return pg_args_new(req->arena, &order_statements[FIND]);
}

void order_ask_add(struct pg_args *question, struct text source, struct text number)
{
    pg_put_text_n(question, 0, source.at, source.bytes);
    pg_put_text_n(question, 1, number.at, number.bytes);
}

static void fill_order(const struct pg_rows *rows, int row, struct arena *arena,
                       struct stored_order *stored)
{
    struct order *order = &stored->order;

    stored->source = pg_keep_text(rows, row, 0, arena);
    stored->number = pg_keep_text(rows, row, 1, arena);
    order->id = pg_get_id(rows, row, 2);
    stored->version = pg_get_int4(rows, row, 3);
    order->has_content = pg_get_bool(rows, row, 4);
    order->is_cancelled = !pg_is_null(rows, row, 5);
    order->cancelled_at_us = pg_get_time(rows, row, 5);
    order->paid_at_us = pg_get_time(rows, row, 6);
    order->delivered_at_us = pg_get_time(rows, row, 7);
    order->kind = (enum order_kind)pg_get_int4(rows, row, 9);
    if (!order->has_content)
        return;
    order->customer = pg_get_id(rows, row, 8);
    order->revision = (uint32_t)pg_get_int8(rows, row, 10);
    order->content_at_us = pg_get_time(rows, row, 11);
    order->content_event = pg_keep_text(rows, row, 12, arena);
    order->ordered_at_us = pg_get_time(rows, row, 13);
    order->day = pg_get_date(rows, row, 14);
    order->region = pg_get_id(rows, row, 15);
    struct text currency = pg_get_text(rows, row, 16);
    memcpy(order->currency, currency.at, currency.bytes < 3 ? currency.bytes : 3);
    order->line_count = (uint32_t)pg_get_int4(rows, row, 17);
    order->net_micros = pg_get_int8(rows, row, 18);
    order->is_historic = pg_get_bool(rows, row, 19);
    order->counts_as = pg_get_id(rows, row, 20);
}

static void fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct stored_orders *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++)
        fill_order(rows, (int)i, arena, &found->list[found->count++]);
}

void order_find(struct request *req, struct pg_args *question, struct stored_orders *out)
{
    flow_ask(req, &order_statements[FIND], question, fill, out);
}

static void put_facts(struct pg_args *args, int i, const struct order *order)
{
    pg_put_int4(args, i, (int32_t)order->kind);
    pg_put_bool(args, i + 1, order->has_content);
    pg_put_time_or_null(args, i + 2, order->is_cancelled ? order->cancelled_at_us : 0);
    pg_put_time_or_null(args, i + 3, order->paid_at_us);
    pg_put_time_or_null(args, i + 4, order->delivered_at_us);
}

void order_add_key(struct request *req, struct text source, struct text number,
                   const struct order *order)
{
    struct pg_args *args = flow_write(req, &order_statements[ADD_KEY]);

    pg_put_text_n(args, 0, source.at, source.bytes);
    pg_put_text_n(args, 1, number.at, number.bytes);
    pg_put_id(args, 2, &order->id);
    put_facts(args, 3, order);
}

void order_save_key(struct request *req, struct text source, struct text number, int32_t version,
                    const struct order *order)
{
    struct pg_args *args = flow_write(req, &order_statements[SAVE_KEY]);

    pg_put_text_n(args, 0, source.at, source.bytes);
    pg_put_text_n(args, 1, number.at, number.bytes);
    pg_put_int4(args, 2, version);
    put_facts(args, 3, order);
}

void order_remove_content(struct request *req, const struct order *before)
{
    struct pg_args *lines = flow_write(req, &order_statements[REMOVE_LINES]);

    pg_put_id(flow_write(req, &order_statements[REMOVE_CONTENT]), 0, &before->id);
    pg_put_id(lines, 0, &before->id);
    pg_put_date(lines, 1, before->day);
}

static void add_lines(struct request *req, const struct order *order,
                      const struct order_content *content)
{
    struct pg_args *args = flow_write(req, &order_statements[ADD_LINES]);

    for (uint32_t i = 0; i < content->line_count; i++) {
        const struct order_line *line = &content->lines[i];
        pg_put_id(args, 0, &order->id);
        pg_put_id(args, 1, &order->customer);
        pg_put_date(args, 2, order->day);
        pg_put_int4(args, 3, (int32_t)i + 1);
        pg_put_text_n(args, 4, line->product.at, line->product.bytes);
        pg_put_text_n(args, 5, line->description.at, line->description.bytes);
        pg_put_text_n(args, 6, line->batch.at, line->batch.bytes);
        pg_put_int8(args, 7, line->quantity_micros);
        pg_put_int8(args, 8, line->unit_price_micros);
        pg_put_int8(args, 9, line->amount_micros);
    }
}

void order_add_content(struct request *req, struct text source, struct text number,
                       const struct order *order, const struct order_content *content)
{
    struct pg_args *args = flow_write(req, &order_statements[ADD]);

    pg_put_id(args, 0, &order->customer);
    pg_put_id(args, 1, &order->id);
    pg_put_text_n(args, 2, source.at, source.bytes);
    pg_put_text_n(args, 3, number.at, number.bytes);
    pg_put_text_n(args, 4, content->order_number.at, content->order_number.bytes);
    pg_put_int8(args, 5, order->revision);
    pg_put_time(args, 6, order->content_at_us);
    pg_put_text_n(args, 7, order->content_event.at, order->content_event.bytes);
    pg_put_time(args, 8, order->ordered_at_us);
    pg_put_date(args, 9, order->day);
    pg_put_id(args, 10, &order->region);
    pg_put_text(args, 11, order->currency);
    pg_put_int4(args, 12, (int32_t)order->line_count);
    pg_put_int8(args, 13, order->net_micros);
    pg_put_bool(args, 14, order->is_historic);
    add_lines(req, order, content);
}

void order_add_payment(struct request *req, const struct order_event *event)
{
    struct pg_args *args = flow_write(req, &order_statements[ADD_PAYMENT]);

    pg_put_text_n(args, 0, event->source.at, event->source.bytes);
    pg_put_text_n(args, 1, event->number.at, event->number.bytes);
    pg_put_text_n(args, 2, event->id.at, event->id.bytes);
    pg_put_time(args, 3, event->at_us);
    pg_put_text(args, 4, event->currency);
    pg_put_int8(args, 5, event->amount_micros);
}
