#include "services/customers/store/reference.h"

#include "common/service.h"

enum {
    FIND_CUSTOMERS,
    FIND_REGIONS,
    TAKE_NUMBERS,
    ADD_CUSTOMER,
    ADD_REFERENCE,
    ADD_REGION,
    OFFER_NAME,
};

const struct pg_statement reference_statements[] = {
    [FIND_CUSTOMERS] = {.name = "reference_find_customers",
                        .sql =
                            "select r.* from unnest($1, $2) as q(source, name) cross join"
                            " lateral (select c.source, c.external_id, c.customer_id, a.survivor_id"
                            " from customer_ref c left join customer_alias a"
                            " on a.customer_id = c.customer_id"
                            " where c.source = q.source and c.external_id = q.name offset 0) r",
                        .params = {PG_TEXTS, PG_TEXTS}},
    [FIND_REGIONS] = {.name = "reference_find_regions",
                      .sql = "select r.* from unnest($1, $2) as q(source, name) cross join lateral"
                             " (select source, name, id, null::uuid from order_region"
                             " where source = q.source and name = q.name offset 0) r",
                      .params = {PG_TEXTS, PG_TEXTS}},
    [TAKE_NUMBERS] = {.name = "reference_take_numbers",
                      .sql = "select nextval('customer_number') from generate_series(1, $1)",
                      .params = {PG_INT4}},
    [ADD_CUSTOMER] = {.name = "reference_add_customer",
                      .sql = "insert into customer (id, number, party_type, is_incomplete,"
                             " registered_at, is_historic, reviewed_on, review_due)"
                             " select unnest($1), unnest($2), unnest($3), true, unnest($4),"
                             " unnest($5), unnest($6), unnest($7)",
                      .params = {PG_IDS, PG_INT8S, PG_TEXTS, PG_TIMES, PG_BOOLS, PG_DATES,
                                 PG_DATES},
                      .write = true,
                      .merge = true,
                      .rank = 20},
    [ADD_REFERENCE] = {.name = "reference_add",
                       .sql =
                           "insert into customer_ref (source, external_id, customer_id, added_at)"
                           " select * from unnest($1, $2, $3, $4) order by 1, 2",
                       .params = {PG_TEXTS, PG_TEXTS, PG_IDS, PG_TIMES},
                       .write = true,
                       .merge = true,
                       .rank = 21},
    [ADD_REGION] = {.name = "reference_add_region",
                    .sql = "insert into order_region (source, name, id)"
                           " select * from unnest($1, $2, $3) order by 1, 2",
                    .params = {PG_TEXTS, PG_TEXTS, PG_IDS},
                    .write = true,
                    .merge = true,
                    .rank = 22},
    /* Several tell a name for one customer in one turn: the latest is taken before the update. A
     * name set on the file by a person is known at 'infinity' and so stays. The first name is a
     * share of what is expected of the file (domain/fields.c). */
    [OFFER_NAME] = {.name = "reference_offer_name",
                    .sql = "with told as (select distinct on (id) id, name, at"
                           " from unnest($1, $2, $3) as u(id, name, at)"
                           " order by id, at desc, name desc),"
                           " locked as (select c.id from customer c join told t on t.id = c.id"
                           " where c.name_known_at is null"
                           " or (c.name_known_at, c.name) < (t.at, t.name)"
                           " order by c.id for update of c)"
                           " update customer c set name = t.name, name_known_at = t.at,"
                           " missing = array_remove(c.missing, 'name'),"
                           " completeness = case when c.name is not null then c.completeness"
                           " when c.nature = 'person' then least(c.completeness + 90909, 1000000)"
                           " else least(c.completeness + 62500, 1000000) end"
                           " from told t, locked l where c.id = t.id and l.id = c.id",
                    .params = {PG_IDS, PG_TEXTS, PG_TIMES},
                    .write = true,
                    .merge = true,
                    .rank = 100},
};
const size_t reference_statement_count = COUNT_OF(reference_statements);

struct pg_args *reference_ask_customers(struct request *req)
{
    return pg_args_new(req->arena, &reference_statements[FIND_CUSTOMERS]);
}

struct pg_args *reference_ask_regions(struct request *req)
{
    return pg_args_new(req->arena, &reference_statements[FIND_REGIONS]);
}

void reference_ask_add(struct pg_args *question, struct text source, struct text name)
{
    pg_put_text_n(question, 0, source.at, source.bytes);
    pg_put_text_n(question, 1, name.at, name.bytes);
}

static void fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct references *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++) {
        int row = (int)i;
        found->list[i] = (struct reference){
            pg_keep_text(rows, row, 0, arena), pg_keep_text(rows, row, 1, arena),
            pg_get_id(rows, row, 2), pg_get_id(rows, row, pg_is_null(rows, row, 3) ? 2 : 3)};
        found->count++;
    }
}

void reference_find_customers(struct request *req, struct pg_args *question, struct references *out)
{
    flow_ask(req, &reference_statements[FIND_CUSTOMERS], question, fill, out);
}

void reference_find_regions(struct request *req, struct pg_args *question, struct references *out)
{
    flow_ask(req, &reference_statements[FIND_REGIONS], question, fill, out);
}

static void fill_numbers(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct numbers *numbers = out;
    size_t count = (size_t)pg_row_count(rows);
    int64_t *list = arena_take_array(arena, count, sizeof(*list));

    for (size_t i = 0; list && i < count; i++)
        list[i] = pg_get_int8(rows, (int)i, 0);
    *numbers = (struct numbers){list, list ? count : 0};
}

void reference_take_numbers(struct request *req, size_t count, struct numbers *out)
{
    struct pg_args *args = pg_args_new(req->arena, &reference_statements[TAKE_NUMBERS]);

    pg_put_int4(args, 0, (int32_t)count);
    flow_ask(req, &reference_statements[TAKE_NUMBERS], args, fill_numbers, out);
}

void reference_add_customer(struct request *req, const struct id *id, int64_t number,
                            bool is_anonymous, bool is_historic, int32_t review_due)
{
    int32_t today = zone_day(&req->service->zone, req->now_us);
    struct pg_args *args = flow_write(req, &reference_statements[ADD_CUSTOMER]);

    pg_put_id(args, 0, id);
    pg_put_int8(args, 1, number);
    pg_put_text(args, 2, is_anonymous ? "anonymous" : "customer");
    pg_put_time(args, 3, req->now_us);
    pg_put_bool(args, 4, is_historic);
    pg_put_date(args, 5, today);
    pg_put_date(args, 6, review_due);
}

void reference_add(struct request *req, struct text source, struct text external_id,
                   const struct id *customer)
{
    struct pg_args *args = flow_write(req, &reference_statements[ADD_REFERENCE]);

    pg_put_text_n(args, 0, source.at, source.bytes);
    pg_put_text_n(args, 1, external_id.at, external_id.bytes);
    pg_put_id(args, 2, customer);
    pg_put_time(args, 3, req->now_us);
}

void reference_add_region(struct request *req, struct text source, struct text name,
                          const struct id *id)
{
    struct pg_args *args = flow_write(req, &reference_statements[ADD_REGION]);

    pg_put_text_n(args, 0, source.at, source.bytes);
    pg_put_text_n(args, 1, name.at, name.bytes);
    pg_put_id(args, 2, id);
}

void reference_offer_name(struct request *req, const struct id *customer, struct text name,
                          int64_t told_at_us)
{
    struct pg_args *args = flow_write(req, &reference_statements[OFFER_NAME]);

    pg_put_id(args, 0, customer);
    pg_put_text_n(args, 1, name.at, name.bytes);
    pg_put_time(args, 2, told_at_us);
}
