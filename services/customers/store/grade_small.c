#include "services/customers/store/grade_small.h"

enum {
    LIST_OWN,
    SAVE,
    FIND_REGION,
    LIST_MEMBERS,
    MOVE,
    LIST_BETWEEN,
};

const struct pg_statement grade_small_statements[] = {
    [LIST_OWN] = {.name = "grade_small_list_own",
                  .sql = "select r.code, r.parent_code, r.is_grading, coalesce(g.net_micros, 0),"
                         " coalesce(g.customers, 0), exists (select from grade_result"
                         " where run_id = $1 and region = r.code)"
                         " from region r left join grade_run_region g on g.run_id = $1"
                         " and g.region = r.code order by r.code collate \"C\"",
                  .params = {PG_ID}},
    [SAVE] = {.name = "grade_small_save",
              .sql = "insert into grade_run_region (run_id, region, is_mapped, net_micros,"
                     " customers, graded_with, is_whole) select run, region, true, net, customers,"
                     " nullif(graded_with, ''), is_whole from unnest($1, $2, $3, $4, $5, $6)"
                     " as u(run, region, net, customers, graded_with, is_whole)"
                     " on conflict (run_id, region) do update set"
                     " net_micros = excluded.net_micros, customers = excluded.customers,"
                     " graded_with = excluded.graded_with, is_whole = excluded.is_whole",
              .params = {PG_IDS, PG_TEXTS, PG_INT8S, PG_INT8S, PG_TEXTS, PG_BOOLS},
              .write = true,
              .merge = true,
              .rank = 62},
    [FIND_REGION] = {.name = "grade_small_find_region",
                     .sql = "select region from grade_run_region where run_id = $1"
                            " and (graded_with is not null or is_whole)"
                            " and (region > $2 or region = $2 and $3) order by region limit 1",
                     .params = {PG_ID, PG_TEXT, PG_BOOL}},
    [LIST_MEMBERS] =
        {.name = "grade_small_list_members",
         .sql = "select m.customer_id, coalesce(g.graded_with, g.region), m.numerator_micros,"
                " r.region_code, f.net_micros"
                " from (select customer_id, numerator_micros from grade_result where run_id = $1"
                " and region = $2 and home is null and (-numerator_micros, customer_id) > ($3, $4)"
                " order by -numerator_micros, customer_id limit $5) m"
                " join grade_run_region g on g.run_id = $1 and g.region = $2"
                " left join lateral (select region_id, sum(net_micros)::bigint as net_micros"
                " from sales_figure where customer_id = m.customer_id and day >= $6 and day < $7"
                " and currency = $8 and orders <> 0 group by region_id offset 0) f on true"
                " left join lateral (select region_code from order_region"
                " where id = f.region_id offset 0) r on true"
                " order by -m.numerator_micros, m.customer_id",
         .params = {PG_ID, PG_TEXT, PG_INT8, PG_ID, PG_INT8, PG_DATE, PG_DATE, PG_TEXT}},
    [MOVE] = {.name = "grade_small_move",
              .sql = "update grade_result r set home = u.home, region = u.region,"
                     " numerator_micros = u.net from unnest($1, $2, $3, $4, $5)"
                     " as u(run, customer, home, region, net)"
                     " where r.run_id = u.run and r.customer_id = u.customer",
              .params = {PG_IDS, PG_IDS, PG_TEXTS, PG_TEXTS, PG_INT8S},
              .write = true,
              .merge = true,
              .rank = 64},
    /* Each pair is a walk along the index of the order of grading, and no two overlap. */
    [LIST_BETWEEN] = {.name = "grade_small_list_between",
                      .sql =
                          "select count(x.net), coalesce(sum(x.net), 0)::bigint from unnest($3, $4)"
                          " with ordinality as u(at_most, more_than, at) left join lateral"
                          " (select numerator_micros as net from grade_result where run_id = $1"
                          " and region = any($2) and -numerator_micros >= -u.at_most"
                          " and -numerator_micros < -u.more_than offset 0) x on true"
                          " group by u.at order by u.at",
                      .params = {PG_ID, PG_TEXTS, PG_INT8S, PG_INT8S},
                      .slow = true},
};
const size_t grade_small_statement_count = COUNT_OF(grade_small_statements);

/* --- which regions --- */

static void fill_own(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct grade_owns *owns = out;
    size_t count = (size_t)pg_row_count(rows);
    struct grade_node *nodes = arena_take_array(arena, count, sizeof(*nodes));

    owns->own = arena_take_array(arena, count, sizeof(*owns->own));
    if (!nodes || !owns->own)
        return;
    for (size_t i = 0; i < count; i++) {
        int row = (int)i;

        nodes[i] =
            (struct grade_node){pg_keep_text(rows, row, 0, arena),
                                pg_keep_text(rows, row, 1, arena), pg_get_bool(rows, row, 2)};
        owns->own[i] = (struct grade_own){pg_get_int8(rows, row, 3), pg_get_int8(rows, row, 4),
                                          pg_get_bool(rows, row, 5)};
    }
    owns->tree = (struct grade_tree){nodes, count};
}

void grade_small_list_own(struct request *req, const struct id *run, struct grade_owns *out)
{
    struct pg_args *args = pg_args_new(req->arena, &grade_small_statements[LIST_OWN]);

    *out = (struct grade_owns){.own = NULL};
    pg_put_id(args, 0, run);
    flow_ask(req, &grade_small_statements[LIST_OWN], args, fill_own, out);
}

void grade_small_save(struct request *req, const struct id *run, const struct grade_tree *tree,
                      size_t node, const struct grade_within *within)
{
    struct pg_args *args = flow_write(req, &grade_small_statements[SAVE]);
    struct text code = tree->nodes[node].code, with = tree->nodes[within->with].code;

    pg_put_id(args, 0, run);
    pg_put_text_n(args, 1, code.at, code.bytes);
    pg_put_int8(args, 2, within->net_micros);
    pg_put_int8(args, 3, within->customers);
    pg_put_text_n(args, 4, with.at, within->with == node ? 0 : with.bytes);
    pg_put_bool(args, 5, within->is_whole);
}

/* --- their customers --- */

static void fill_region(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct grade_members *members = out;

    if (pg_row_count(rows) > 0)
        members->region = pg_keep_text(rows, 0, 0, arena);
}

void grade_small_find_region(struct request *req, const struct grade_work *work,
                             struct grade_members *out)
{
    struct pg_args *args = pg_args_new(req->arena, &grade_small_statements[FIND_REGION]);

    *out = (struct grade_members){0};
    pg_put_id(args, 0, &work->run.id);
    pg_put_text_n(args, 1, work->last_region.at, work->last_region.bytes);
    pg_put_bool(args, 2, work->place.counted > 0);
    flow_ask(req, &grade_small_statements[FIND_REGION], args, fill_region, out);
}

static void fill_members(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct grade_members *members = out;
    size_t count = (size_t)pg_row_count(rows);

    members->list = arena_take_array(arena, count, sizeof(*members->list));
    for (size_t i = 0; members->list && i < count; i++) {
        struct grade_member *member = &members->list[members->count++];
        int row = (int)i;

        member->customer = pg_get_id(rows, row, 0);
        member->home = members->region;
        member->with = pg_keep_text(rows, row, 1, arena);
        member->numerator_micros = pg_get_int8(rows, row, 2);
        member->region_code = pg_keep_text(rows, row, 3, arena);
        member->net_micros = pg_get_int8(rows, row, 4);
    }
}

void grade_small_list_members(struct request *req, const struct grade_work *work, uint32_t limit,
                              const char *currency, struct grade_members *out)
{
    struct pg_args *args = pg_args_new(req->arena, &grade_small_statements[LIST_MEMBERS]);
    bool is_first = work->place.counted == 0;

    pg_put_id(args, 0, &work->run.id);
    pg_put_text_n(args, 1, out->region.at, out->region.bytes);
    pg_put_int8(args, 2, is_first ? INT64_MIN : -work->place.last_numerator_micros);
    pg_put_id(args, 3, &work->last_customer);
    pg_put_int8(args, 4, limit);
    pg_put_date(args, 5, work->run.window_from);
    pg_put_date(args, 6, work->run.as_of);
    pg_put_text(args, 7, currency);
    flow_ask(req, &grade_small_statements[LIST_MEMBERS], args, fill_members, out);
}

void grade_small_move(struct request *req, const struct id *run, const struct id *customer,
                      struct text home, struct text with, int64_t numerator_micros)
{
    struct pg_args *args = flow_write(req, &grade_small_statements[MOVE]);

    pg_put_id(args, 0, run);
    pg_put_id(args, 1, customer);
    pg_put_text_n(args, 2, home.at, home.bytes);
    pg_put_text_n(args, 3, with.at, with.bytes);
    pg_put_int8(args, 4, numerator_micros);
}

/* --- those beside them --- */

struct pg_args *grade_small_ask_between(struct request *req, const struct id *run)
{
    struct pg_args *question = pg_args_new(req->arena, &grade_small_statements[LIST_BETWEEN]);

    pg_put_id(question, 0, run);
    return question;
}

void grade_small_ask_region(struct pg_args *question, struct text region)
{
    pg_put_text_n(question, 1, region.at, region.bytes);
}

void grade_small_ask_pair(struct pg_args *question, int64_t at_most_micros,
                          int64_t more_than_micros)
{
    pg_put_int8(question, 2, at_most_micros);
    pg_put_int8(question, 3, more_than_micros);
}

static void fill_between(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct grade_between *between = out;

    (void)arena;
    for (int row = 0; row < pg_row_count(rows); row++)
        between[row] = (struct grade_between){pg_get_int8(rows, row, 0), pg_get_int8(rows, row, 1)};
}

void grade_small_list_between(struct request *req, struct pg_args *question,
                              struct grade_between *out)
{
    flow_ask(req, &grade_small_statements[LIST_BETWEEN], question, fill_between, out);
}
