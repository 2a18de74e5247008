#include "services/complaints/store/caller_card.h"

enum {
    FIND,
    ORDERS,
};

#define FAMILY                                                                                     \
    "(array(select m.customer_id from customer_seen m where m.counts_as = $1) || $1::uuid)"

const struct pg_statement caller_card_statements[] = {
    [FIND] = {.name = "caller_card_find",
              .sql = "select s.grade, s.owner_id, exists (select from person_restricted p"
                     " where p.person_id = any(" FAMILY ")), (select count(*)::integer from cases c"
                     " where c.customer_id = any(" FAMILY ") and c.day > $2), s.number,"
                     " (select o.code from staff_seen o where o.staff_id = s.owner_id)"
                     " from customer_seen s where s.customer_id = $1",
              .params = {PG_ID, PG_DATE}},
    [ORDERS] = {.name = "caller_card_orders",
                .sql = "select order_id, day, net_micros, currency from customer_order"
                       " where customer_id = any(" FAMILY ")"
                       " order by day desc, order_id desc limit 10",
                .params = {PG_ID}},
};
const size_t caller_card_statement_count = COUNT_OF(caller_card_statements);

static void fill(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct caller_card *out = owner;
    struct text grade;

    if (pg_row_count(rows) == 0)
        return;
    grade = pg_get_text(rows, 0, 0);
    out->found = true;
    out->grade = grade.bytes > 0 ? grade.at[0] : ' ';
    out->owner = pg_get_id(rows, 0, 1);
    out->is_restricted = pg_get_bool(rows, 0, 2);
    out->cases_12_months = (uint32_t)pg_get_int4(rows, 0, 3);
    out->number = pg_copy_text(rows, 0, 4, arena);
    out->owner_code = pg_copy_text(rows, 0, 5, arena);
}

static void fill_orders(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct caller_card *out = owner;
    size_t count = (size_t)pg_row_count(rows);

    out->orders = arena_take_array(arena, count, sizeof(*out->orders));
    out->order_count = 0;
    for (int row = 0; out->orders && row < (int)count; row++)
        out->orders[out->order_count++] = (struct caller_card_order){
            pg_get_id(rows, row, 0), pg_get_date(rows, row, 1), pg_get_int8(rows, row, 2),
            pg_copy_text(rows, row, 3, arena)};
}

void caller_card_find(struct request *req, const struct id *customer, int32_t since,
                      struct caller_card *out)
{
    struct pg_args *card = pg_args_new(req->arena, &caller_card_statements[FIND]);
    struct pg_args *orders = pg_args_new(req->arena, &caller_card_statements[ORDERS]);

    *out = (struct caller_card){.grade = ' ', .number = "", .owner_code = ""};
    pg_put_id(card, 0, customer);
    pg_put_date(card, 1, since);
    pg_put_id(orders, 0, customer);
    flow_ask(req, &caller_card_statements[FIND], card, fill, out);
    flow_ask(req, &caller_card_statements[ORDERS], orders, fill_orders, out);
}
