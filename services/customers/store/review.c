#include "services/customers/store/review.h"

/* So few that a chunk takes well under 200 ms (architecture.md): 30 to 60 ms when all change. */
#define CHUNK 1000

enum {
    FIND_PASS,
    BEGIN_PASS,
    SET_NEXT,
};

const struct pg_statement review_statements[] = {
    [FIND_PASS] = {.name = "review_find_pass",
                   .sql = "select version, last_customer, is_done from review_pass"},
    [BEGIN_PASS] = {.name = "review_begin_pass",
                    .sql = "with begun as (update review_pass set version = $2, is_done = false,"
                           " last_customer = '00000000-0000-0000-0000-000000000000'"
                           " where version = $1 returning 1)"
                           " select stale_unless(exists (select from begun))",
                    .params = {PG_INT4, PG_INT4},
                    .write = true,
                    .rank = 116},
    [SET_NEXT] =
        {.name = "review_set_next",
         .sql = "with next as materialized (select c.id, c.party_type, c.review_due,"
                " (coalesce(c.reviewed_on, c.registered_at::date) + make_interval(months =>"
                " case g.grade when 'A' then $3 when 'B' then $4 else $5 end))::date as due"
                " from customer c left join grade_current g on g.customer_id = c.id"
                " where c.id > $2 order by c.id limit $6),"
                " changed as (update customer c set review_due = n.due from next n"
                " where c.id = n.id and n.party_type <> 'anonymous'"
                " and c.review_due is not distinct from n.review_due"
                " and n.review_due is distinct from n.due),"
                " moved as (update review_pass set is_done = not exists (select from next),"
                " last_customer = coalesce((select id from next order by id desc limit 1), $2)"
                " where version = $1 and last_customer = $2 and not is_done returning 1)"
                " select stale_unless(exists (select from moved))",
         .params = {PG_INT4, PG_ID, PG_INT4, PG_INT4, PG_INT4, PG_INT8},
         .write = true,
         .rank = 116},
};
const size_t review_statement_count = COUNT_OF(review_statements);

static void fill_pass(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct review_pass *pass = out;

    (void)arena;
    if (pg_row_count(rows) == 0)
        return;
    pass->version = (uint32_t)pg_get_int4(rows, 0, 0);
    pass->last_customer = pg_get_id(rows, 0, 1);
    pass->is_done = pg_get_bool(rows, 0, 2);
}

void review_find_pass(struct request *req, struct review_pass *out)
{
    *out = (struct review_pass){0};
    flow_ask(req, &review_statements[FIND_PASS], NULL, fill_pass, out);
}

void review_begin_pass(struct request *req, const struct review_pass *pass, uint32_t version)
{
    struct pg_args *args = flow_write(req, &review_statements[BEGIN_PASS]);

    pg_put_int4(args, 0, (int32_t)pass->version);
    pg_put_int4(args, 1, (int32_t)version);
}

void review_set_next(struct request *req, const struct review_pass *pass,
                     const struct grade_review_policy *policy)
{
    struct pg_args *args = flow_write(req, &review_statements[SET_NEXT]);

    pg_put_int4(args, 0, (int32_t)pass->version);
    pg_put_id(args, 1, &pass->last_customer);
    pg_put_int4(args, 2, (int32_t)policy->a_months);
    pg_put_int4(args, 3, (int32_t)policy->b_months);
    pg_put_int4(args, 4, (int32_t)policy->c_months);
    pg_put_int8(args, 5, CHUNK);
}
