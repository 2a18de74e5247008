#include "services/complaints/store/projection.h"

enum {
    CUSTOMER,
    REFERENCE,
    GRADE,
    OWNER,
    SURVIVOR,
    TOP,
    RESTRICT,
    LIFT,
    ERASE,
    NUMBER,
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
    /* Behind the survivors: of everybody in a chain that now ends elsewhere. */
    [TOP] = {.name = "projection_top",
             .sql = "with recursive below(id) as (select distinct id from unnest($1) as t(id)"
                    " union select s.customer_id from below b join customer_seen s"
                    " on s.survivor_id = b.id),"
                    " up(id, at) as (select id, id from below union select u.id, s.survivor_id"
                    " from up u join customer_seen s on s.customer_id = u.at"
                    " where s.survivor_id is not null)"
                    " update customer_seen c set counts_as = nullif(u.at, c.customer_id) from up u"
                    " where c.customer_id = u.id and not exists (select 1 from customer_seen s"
                    " where s.customer_id = u.at and s.survivor_id is not null)",
             .params = {PG_IDS},
             .write = true,
             .merge = true,
             .rank = 15},
    [RESTRICT] = {.name = "projection_restrict",
                  .sql = "insert into person_restricted (person_id, of_id)"
                         " select distinct on (id) id, of_id from unnest($1, $2)"
                         " as t(id, of_id) order by id on conflict (person_id) do nothing",
                  .params = {PG_IDS, PG_IDS},
                  .write = true,
                  .merge = true,
                  .rank = 93},
    [LIFT] = {.name = "projection_lift",
              .sql = "delete from person_restricted r where of_id = any($1) and not exists"
                     " (select 1 from person_erased e where e.person_id = r.of_id"
                     " and e.done_at is null)",
              .params = {PG_IDS},
              .write = true,
              .merge = true,
              .rank = 93},
    [ERASE] = {.name = "projection_erase",
               .sql = "insert into person_erased (person_id, asked_at)"
                      " select * from unnest($1, $2) on conflict do nothing",
               .params = {PG_IDS, PG_TIMES},
               .write = true,
               .merge = true,
               .rank = 92},
    [NUMBER] = {.name = "projection_number",
                .sql = "with q as (select distinct on (hash) hash, nullif(customer, " NOBODY ")"
                       " as customer, nullif(contact, " NOBODY ") as contact"
                       " from unnest($1, $2, $3) with ordinality as t(hash, customer, contact, n)"
                       " order by hash, n desc),"
                       " gone as (delete from phone_holder h using q where h.hash = q.hash"
                       " and q.customer is null and q.contact is null)"
                       " insert into phone_holder (hash, customer_id, contact_id) select * from q"
                       " where q.customer is not null or q.contact is not null"
                       " on conflict (hash) do update set customer_id = excluded.customer_id,"
                       " contact_id = excluded.contact_id",
                .params = {PG_BYTESES, PG_IDS, PG_IDS},
                .write = true,
                .merge = true,
                .rank = 91},
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
    pg_put_id(write_of(req, TOP), 0, merged);
}

void projection_restrict(struct request *req, const struct id *person, const struct id *of)
{
    struct pg_args *args = write_of(req, RESTRICT);

    pg_put_id(args, 0, person);
    pg_put_id(args, 1, of);
}

void projection_lift(struct request *req, const struct id *person)
{
    pg_put_id(write_of(req, LIFT), 0, person);
}

void projection_erase(struct request *req, const struct id *person, int64_t at_us)
{
    struct pg_args *args = write_of(req, ERASE);

    pg_put_id(args, 0, person);
    pg_put_time(args, 1, at_us);
}

void projection_see_number(struct request *req, const void *hash, size_t bytes,
                           const struct id *customer, const struct id *contact)
{
    struct pg_args *args = write_of(req, NUMBER);

    pg_put_bytes(args, 0, hash, bytes);
    pg_put_id(args, 1, customer);
    pg_put_id(args, 2, contact);
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
