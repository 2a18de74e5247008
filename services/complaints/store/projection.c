#include "services/complaints/store/projection.h"

enum {
    CUSTOMER,
    REFERENCE,
    GRADE,
    OWNER,
    SURVIVOR,
    RESTRICTION,
    ORDER,
    STAFF,
    STAFF_LEFT,
    REMOVE,
};

#define NOBODY "'00000000-0000-0000-0000-000000000000'::uuid"

/* Rows of a unit come in the order of the log: the last of a key counts. */
const struct pg_statement projection_statements[] = {
    [CUSTOMER] = {.name = "projection_customer",
                  .sql = "insert into customer_seen (customer_id, number)"
                         " select distinct on (id) id, number from unnest($1, $2)"
                         " with ordinality as t(id, number, n) order by id, n desc"
                         " on conflict (customer_id) do update set number = excluded.number",
                  .params = {PG_IDS, PG_TEXTS},
                  .write = true,
                  .merge = true,
                  .rank = 10},
    [REFERENCE] = {.name = "projection_reference",
                   .sql = "insert into customer_reference (source, external_id, customer_id)"
                          " select distinct on (source, external_id) source, external_id, id"
                          " from unnest($1, $2, $3) with ordinality"
                          " as t(source, external_id, id, n)"
                          " order by source, external_id, n desc on conflict (source, external_id)"
                          " do update set customer_id = excluded.customer_id",
                   .params = {PG_TEXTS, PG_TEXTS, PG_IDS},
                   .write = true,
                   .merge = true,
                   .rank = 11},
    [GRADE] = {.name = "projection_grade",
               .sql = "insert into customer_seen (customer_id, grade)"
                      " select distinct on (id) id, nullif(grade, '') from unnest($1, $2)"
                      " with ordinality as t(id, grade, n) order by id, n desc"
                      " on conflict (customer_id) do update set grade = excluded.grade",
               .params = {PG_IDS, PG_TEXTS},
               .write = true,
               .merge = true,
               .rank = 12},
    [OWNER] = {.name = "projection_owner",
               .sql = "insert into customer_seen (customer_id, owner_id)"
                      " select distinct on (id) id, nullif(owner, " NOBODY ") from unnest($1, $2)"
                      " with ordinality as t(id, owner, n) order by id, n desc"
                      " on conflict (customer_id) do update set owner_id = excluded.owner_id",
               .params = {PG_IDS, PG_IDS},
               .write = true,
               .merge = true,
               .rank = 13},
    [SURVIVOR] = {.name = "projection_survivor",
                  .sql = "insert into customer_seen (customer_id, survivor_id)"
                         " select distinct on (id) id, nullif(survivor, " NOBODY ")"
                         " from unnest($1, $2) with ordinality as t(id, survivor, n)"
                         " order by id, n desc on conflict (customer_id)"
                         " do update set survivor_id = excluded.survivor_id",
                  .params = {PG_IDS, PG_IDS},
                  .write = true,
                  .merge = true,
                  .rank = 14},
    [RESTRICTION] = {.name = "projection_restriction",
                     .sql = "with q as (select distinct on (id) id, is_restricted"
                            " from unnest($1, $2) with ordinality as t(id, is_restricted, n)"
                            " order by id, n desc) update customer_seen c"
                            " set is_restricted = q.is_restricted from q"
                            " where c.customer_id = q.id",
                     .params = {PG_IDS, PG_BOOLS},
                     .write = true,
                     .merge = true,
                     .rank = 15},
    /* The day of the last order comes from the rows as they are after this statement: what it
     * deletes and writes is not yet seen by its own queries. */
    [ORDER] = {.name = "projection_order",
               .sql = "with q as (select distinct on (customer, doc) * from"
                      " unnest($1, $2, $3, $4, $5, $6) with ordinality"
                      " as t(customer, doc, day, net, currency, is_gone, n)"
                      " order by customer, doc, n desc),"
                      " gone as (delete from customer_order o using q where q.is_gone"
                      " and o.customer_id = q.customer and o.order_id = q.doc),"
                      " kept as (insert into customer_order (customer_id, order_id, day,"
                      " net_micros, currency) select customer, doc, day, net, currency from q"
                      " where not is_gone on conflict (customer_id, order_id) do update set"
                      " day = excluded.day, net_micros = excluded.net_micros,"
                      " currency = excluded.currency),"
                      " last as (select t.customer, greatest((select max(day) from q"
                      " where q.customer = t.customer and not q.is_gone), (select o.day"
                      " from customer_order o where o.customer_id = t.customer and not exists"
                      " (select from q where q.customer = o.customer_id and q.doc = o.order_id)"
                      " order by o.day desc limit 1)) as day"
                      " from (select distinct customer from q) t)"
                      " insert into customer_seen (customer_id, last_order_on)"
                      " select customer, day from last order by customer"
                      " on conflict (customer_id) do update"
                      " set last_order_on = excluded.last_order_on",
               .params = {PG_IDS, PG_IDS, PG_DATES, PG_INT8S, PG_TEXTS, PG_BOOLS},
               .write = true,
               .merge = true,
               .rank = 16},
    [STAFF] = {.name = "projection_staff",
               .sql = "insert into staff_seen (staff_id, code, roles, unit, manager_id, deputy_id,"
                      " absent_from, absent_to, is_active) select distinct on (id) id,"
                      " nullif(code, ''), string_to_array(roles, ','), unit,"
                      " nullif(manager, " NOBODY "), nullif(deputy, " NOBODY "),"
                      " case when is_absent then since end, case when is_absent then until end,"
                      " is_active from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                      " with ordinality as t(id, code, roles, unit, manager, deputy, is_absent,"
                      " since, until, is_active, n) order by id, n desc"
                      " on conflict (staff_id) do update set code = excluded.code,"
                      " roles = excluded.roles, unit = excluded.unit,"
                      " manager_id = excluded.manager_id, deputy_id = excluded.deputy_id,"
                      " absent_from = excluded.absent_from, absent_to = excluded.absent_to,"
                      " is_active = excluded.is_active",
               .params = {PG_IDS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_IDS, PG_IDS, PG_BOOLS, PG_DATES,
                          PG_DATES, PG_BOOLS},
               .write = true,
               .merge = true,
               .rank = 17},
    [STAFF_LEFT] = {.name = "projection_staff_left",
                    .sql = "update staff_seen set is_active = false where staff_id = any($1)",
                    .params = {PG_IDS},
                    .write = true,
                    .merge = true,
                    .rank = 18},
    [REMOVE] = {.name = "projection_remove",
                .sql = "with orders as (delete from customer_order where customer_id = any($1)),"
                       " names as (delete from customer_reference where customer_id = any($1))"
                       " delete from customer_seen where customer_id = any($1)",
                .params = {PG_IDS},
                .write = true,
                .merge = true,
                .rank = 19},
};
const size_t projection_statement_count = COUNT_OF(projection_statements);

static const struct id nobody;

static struct pg_args *write_of(struct request *req, int statement)
{
    return flow_write(req, &projection_statements[statement]);
}

void projection_see_customer(struct request *req, const struct id *customer, const char *number)
{
    struct pg_args *args = write_of(req, CUSTOMER);

    pg_put_id(args, 0, customer);
    pg_put_text(args, 1, number);
}

void projection_add_reference(struct request *req, const char *source, const char *external_id,
                              const struct id *customer)
{
    struct pg_args *args = write_of(req, REFERENCE);

    pg_put_text(args, 0, source);
    pg_put_text(args, 1, external_id);
    pg_put_id(args, 2, customer);
}

void projection_see_grade(struct request *req, const struct id *customer, const char *grade)
{
    struct pg_args *args = write_of(req, GRADE);

    pg_put_id(args, 0, customer);
    pg_put_text(args, 1, grade);
}

void projection_see_owner(struct request *req, const struct id *customer, const struct id *owner)
{
    struct pg_args *args = write_of(req, OWNER);

    pg_put_id(args, 0, customer);
    pg_put_id(args, 1, owner ? owner : &nobody);
}

void projection_see_survivor(struct request *req, const struct id *merged,
                             const struct id *survivor)
{
    struct pg_args *args = write_of(req, SURVIVOR);

    pg_put_id(args, 0, merged);
    pg_put_id(args, 1, survivor ? survivor : &nobody);
}

void projection_see_restriction(struct request *req, const struct id *person, bool is_restricted)
{
    struct pg_args *args = write_of(req, RESTRICTION);

    pg_put_id(args, 0, person);
    pg_put_bool(args, 1, is_restricted);
}

void projection_remove_customer(struct request *req, const struct id *customer)
{
    pg_put_id(write_of(req, REMOVE), 0, customer);
}

void projection_see_order(struct request *req, const struct projection_order *order)
{
    struct pg_args *args = write_of(req, ORDER);

    pg_put_id(args, 0, &order->customer);
    pg_put_id(args, 1, &order->order);
    pg_put_date(args, 2, order->day);
    pg_put_int8(args, 3, order->net_micros);
    pg_put_text(args, 4, order->currency);
    pg_put_bool(args, 5, order->is_gone);
}

void projection_see_staff(struct request *req, const struct projection_staff *staff)
{
    struct pg_args *args = write_of(req, STAFF);

    pg_put_id(args, 0, &staff->staff);
    pg_put_text(args, 1, staff->code);
    pg_put_text(args, 2, staff->roles);
    pg_put_text(args, 3, staff->unit);
    pg_put_id(args, 4, &staff->manager);
    pg_put_id(args, 5, &staff->deputy);
    pg_put_bool(args, 6, staff->is_absent);
    pg_put_date(args, 7, staff->absent_from);
    pg_put_date(args, 8, staff->absent_to);
    pg_put_bool(args, 9, staff->is_active);
}

void projection_staff_left(struct request *req, const struct id *staff)
{
    pg_put_id(write_of(req, STAFF_LEFT), 0, staff);
}
