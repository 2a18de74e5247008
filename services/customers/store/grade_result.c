#include "services/customers/store/grade_result.h"

#include <string.h>

enum {
    LIST_BOUGHT,
    LIST_TREE,
    ADD,
    COUNT_REGION,
    COUNT_ASIDE,
    LIST_NEXT,
    SAVE,
};

/* A limit that the planner sees: of a parameter it believes that a tenth of all is wanted, and then
 * sorts everybody rather than walk along the index. */
#define CHUNK " limit 5000) w"

const struct pg_statement grade_result_statements[] = {
    /* Rows of those who are merged stand with their survivor's. Each look-up in a box of its own:
     * whatever the planner believes of the sizes, it is one walk along a key per customer. The
     * first purchase is an order; returns and adjustments begin no relationship. */
    [LIST_BOUGHT] =
        {.name = "grade_result_list_bought",
         .sql =
             "with chunk as materialized (select * from (select id, party_type, region_code"
             " from customer where id > $1 and not is_merged order by id" CHUNK " limit $2), who as"
             " (select id as counts_as, id, party_type, region_code from chunk union all"
             " select k.id, a.customer_id, k.party_type, k.region_code from customer_alias a"
             " join chunk k on k.id = a.survivor_id)"
             " select c.counts_as, c.party_type in ('customer', 'channel'), c.region_code,"
             " p.day, f.region_id is not null, r.region_code, r.name, f.currency, f.net_micros,"
             " f.last_day from who c"
             " left join lateral (select o.day from orders o where o.customer_id = c.id"
             " and o.net_micros > 0 and o.day < $4 and exists (select from order_key k"
             " where k.source = o.source and k.number = o.number and k.order_id = o.id"
             " and k.kind = 1 and k.cancelled_at is null)"
             " order by o.ordered_at limit 1) p on true"
             " left join lateral (select region_id, currency, sum(net_micros)::bigint"
             " as net_micros, max(day) as last_day from sales_figure where customer_id = c.id"
             " and day >= $3 and day < $4 and orders <> 0 group by region_id, currency offset 0)"
             " f on true"
             " left join lateral (select region_code, name from order_region"
             " where id = f.region_id offset 0) r on true order by c.counts_as",
         .params = {PG_ID, PG_INT8, PG_DATE, PG_DATE}},
    [LIST_TREE] = {.name = "grade_result_list_tree",
                   .sql = "select code, parent_code, is_grading from region"
                          " order by code collate \"C\""},
    [ADD] = {.name = "grade_result_add",
             .sql = "insert into grade_result (run_id, customer_id, region, numerator_micros,"
                    " first_purchase, is_long_term) select * from unnest($1, $2, $3, $4, $5, $6)",
             .params = {PG_IDS, PG_IDS, PG_TEXTS, PG_INT8S, PG_DATES, PG_BOOLS},
             .write = true,
             .merge = true,
             .rank = 61},
    [COUNT_REGION] = {.name = "grade_result_count_region",
                      .sql = "insert into grade_run_region as g (run_id, region, is_mapped,"
                             " net_micros, customers)"
                             " select run, region, bool_or(mapped), sum(net)::bigint,"
                             " sum(customers)::bigint from unnest($1, $2, $3, $4, $5)"
                             " as u(run, region, mapped, net, customers)"
                             " group by run, region order by run, region"
                             " on conflict (run_id, region) do update set"
                             " is_mapped = g.is_mapped or excluded.is_mapped,"
                             " net_micros = g.net_micros + excluded.net_micros,"
                             " customers = g.customers + excluded.customers",
                      .params = {PG_IDS, PG_TEXTS, PG_BOOLS, PG_INT8S, PG_INT8S},
                      .write = true,
                      .merge = true,
                      .rank = 62},
    [COUNT_ASIDE] = {.name = "grade_result_count_aside",
                     .sql = "insert into grade_run_aside as g (run_id, currency, net_micros)"
                            " select run, currency, sum(net)::bigint from unnest($1, $2, $3)"
                            " as u(run, currency, net) group by run, currency order by run,"
                            " currency on conflict (run_id, currency) do update set"
                            " net_micros = g.net_micros + excluded.net_micros",
                     .params = {PG_IDS, PG_TEXTS, PG_INT8S},
                     .write = true,
                     .merge = true,
                     .rank = 63},
    [LIST_NEXT] =
        {.name = "grade_result_list_next",
         .sql = "select r.customer_id, r.region, r.numerator_micros, coalesce(g.net_micros, 0),"
                " r.first_purchase, r.is_long_term, c.version, c.grade, c.as_of, c.since,"
                " c.runs_below, c.override_reason, c.override_until, c.held_to, c.held_since,"
                " c.held_until, r.home, coalesce(g.is_whole, false)"
                " from (select * from (select * from grade_result where run_id = $1"
                " and (region, -numerator_micros, customer_id) > ($2, $3, $4)"
                " order by region, -numerator_micros, customer_id" CHUNK " limit $5) r"
                " left join lateral (select net_micros, is_whole from grade_run_region"
                " where run_id = $1 and region = r.region offset 0) g on true"
                " left join lateral (select * from grade_current"
                " where customer_id = r.customer_id offset 0) c on true"
                " order by r.region, -r.numerator_micros, r.customer_id",
         .params = {PG_ID, PG_TEXT, PG_INT8, PG_ID, PG_INT8}},
    [SAVE] = {.name = "grade_result_save",
              .sql = "update grade_result r set before = nullif(u.before, ''), grade = u.grade,"
                     " flags = u.flags from unnest($1, $2, $3, $4, $5)"
                     " as u(run, customer, before, grade, flags)"
                     " where r.run_id = u.run and r.customer_id = u.customer",
              .params = {PG_IDS, PG_IDS, PG_TEXTS, PG_TEXTS, PG_INT4S},
              .write = true,
              .merge = true,
              .rank = 64},
};
const size_t grade_result_statement_count = COUNT_OF(grade_result_statements);

/* --- figures --- */

static void fill_bought(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct grade_boughts *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++) {
        struct grade_bought *bought = &found->list[found->count++];
        int row = (int)i;

        bought->customer = pg_get_id(rows, row, 0);
        bought->is_graded = pg_get_bool(rows, row, 1);
        bought->file_region = pg_keep_text(rows, row, 2, arena);
        bought->first_purchase = pg_get_date_or_none(rows, row, 3);
        bought->has_bought = pg_get_bool(rows, row, 4);
        bought->region_code = pg_keep_text(rows, row, 5, arena);
        bought->region_name = pg_keep_text(rows, row, 6, arena);
        struct text currency = pg_get_text(rows, row, 7);
        if (currency.bytes)
            memcpy(bought->currency, currency.at, currency.bytes < 3 ? currency.bytes : 3);
        bought->net_micros = pg_get_int8(rows, row, 8);
        bought->last_day = pg_get_date(rows, row, 9);
    }
}

void grade_result_list_bought(struct request *req, const struct id *after, uint32_t limit,
                              int32_t from, int32_t as_of, struct grade_boughts *out)
{
    struct pg_args *args = pg_args_new(req->arena, &grade_result_statements[LIST_BOUGHT]);

    *out = (struct grade_boughts){0};
    pg_put_id(args, 0, after);
    pg_put_int8(args, 1, limit);
    pg_put_date(args, 2, from);
    pg_put_date(args, 3, as_of);
    flow_ask(req, &grade_result_statements[LIST_BOUGHT], args, fill_bought, out);
}

static void fill_tree(const struct pg_rows *rows, struct arena *arena, void *out)
{
    size_t count = (size_t)pg_row_count(rows);
    struct grade_node *nodes = arena_take_array(arena, count, sizeof(*nodes));

    for (size_t i = 0; nodes && i < count; i++)
        nodes[i] =
            (struct grade_node){pg_keep_text(rows, (int)i, 0, arena),
                                pg_keep_text(rows, (int)i, 1, arena), pg_get_bool(rows, (int)i, 2)};
    *(struct grade_tree *)out = (struct grade_tree){nodes, nodes ? count : 0};
}

void grade_result_list_tree(struct request *req, struct grade_tree *out)
{
    *out = (struct grade_tree){0};
    flow_ask(req, &grade_result_statements[LIST_TREE], NULL, fill_tree, out);
}

void grade_result_add(struct request *req, const struct id *run, const struct id *customer,
                      struct text region, int64_t numerator_micros, int32_t first_purchase,
                      bool is_long_term)
{
    struct pg_args *args = flow_write(req, &grade_result_statements[ADD]);

    pg_put_id(args, 0, run);
    pg_put_id(args, 1, customer);
    pg_put_text_n(args, 2, region.at, region.bytes);
    pg_put_int8(args, 3, numerator_micros);
    pg_put_date_or_null(args, 4, first_purchase);
    pg_put_bool(args, 5, is_long_term);
}

void grade_result_count_region(struct request *req, const struct id *run, struct text region,
                               bool is_mapped, int64_t net_micros, int64_t customers)
{
    struct pg_args *args = flow_write(req, &grade_result_statements[COUNT_REGION]);

    pg_put_id(args, 0, run);
    pg_put_text_n(args, 1, region.at, region.bytes);
    pg_put_bool(args, 2, is_mapped);
    pg_put_int8(args, 3, net_micros);
    pg_put_int8(args, 4, customers);
}

void grade_result_count_aside(struct request *req, const struct id *run, const char *currency,
                              int64_t net_micros)
{
    struct pg_args *args = flow_write(req, &grade_result_statements[COUNT_ASIDE]);

    pg_put_id(args, 0, run);
    pg_put_text(args, 1, currency);
    pg_put_int8(args, 2, net_micros);
}

/* --- grading --- */

static enum grade grade_at(const struct pg_rows *rows, int row, int i)
{
    struct text letter = pg_get_text(rows, row, i);

    return letter.bytes == 1 ? grade_from_letter(letter.at[0]) : GRADE_NONE;
}

static void fill_now(const struct pg_rows *rows, int row, struct arena *arena,
                     struct grade_candidate *candidate)
{
    struct grade_current *now = &candidate->now;

    now->found = !pg_is_null(rows, row, 6);
    now->customer = candidate->customer;
    now->version = pg_get_int8(rows, row, 6);
    now->grade = grade_at(rows, row, 7);
    now->as_of = pg_get_date(rows, row, 8);
    now->since = pg_get_date(rows, row, 9);
    now->runs_below = (uint32_t)pg_get_int4(rows, row, 10);
    now->override_reason = pg_keep_text(rows, row, 11, arena);
    now->is_overridden = !pg_is_null(rows, row, 12);
    now->override_until = pg_get_date_or_none(rows, row, 12);
    now->held_to = grade_at(rows, row, 13);
    now->held_since = pg_get_date_or_none(rows, row, 14);
    now->held_until = pg_get_date_or_none(rows, row, 15);
}

static void fill_next(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct grade_candidates *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++) {
        struct grade_candidate *candidate = &found->list[found->count++];
        int row = (int)i;

        candidate->customer = pg_get_id(rows, row, 0);
        candidate->region = pg_keep_text(rows, row, 1, arena);
        candidate->numerator_micros = pg_get_int8(rows, row, 2);
        candidate->denominator_micros = pg_get_int8(rows, row, 3);
        candidate->first_purchase = pg_get_date_or_none(rows, row, 4);
        candidate->is_long_term = pg_get_bool(rows, row, 5);
        candidate->home = pg_keep_text(rows, row, 16, arena);
        candidate->is_whole = pg_get_bool(rows, row, 17);
        fill_now(rows, row, arena, candidate);
    }
}

void grade_result_list_next(struct request *req, const struct grade_work *work, uint32_t limit,
                            struct grade_candidates *out)
{
    struct pg_args *args = pg_args_new(req->arena, &grade_result_statements[LIST_NEXT]);
    bool is_first = work->place.counted == 0;

    *out = (struct grade_candidates){0};
    pg_put_id(args, 0, &work->run.id);
    pg_put_text_n(args, 1, work->last_region.at, work->last_region.bytes);
    pg_put_int8(args, 2, is_first ? INT64_MIN : -work->place.last_numerator_micros);
    pg_put_id(args, 3, &work->last_customer);
    pg_put_int8(args, 4, limit);
    flow_ask(req, &grade_result_statements[LIST_NEXT], args, fill_next, out);
}

void grade_result_save(struct request *req, const struct id *run, const struct id *customer,
                       enum grade before, enum grade after, uint32_t flags)
{
    struct pg_args *args = flow_write(req, &grade_result_statements[SAVE]);
    const char letters[] = {grade_letter(before), grade_letter(after)};

    pg_put_id(args, 0, run);
    pg_put_id(args, 1, customer);
    pg_put_text_n(args, 2, &letters[0], before != GRADE_NONE);
    pg_put_text_n(args, 3, &letters[1], 1);
    pg_put_int4(args, 4, (int32_t)flags);
}
