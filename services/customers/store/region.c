#include "services/customers/store/region.h"

enum {
    LIST,
    FIND_USERS,
    FIND_ORDER_REGION,
    LIST_ORDER_REGIONS,
    GUARD,
    SAVE,
    REMOVE,
    MAP,
};

const struct pg_statement region_statements[] = {
    /* Regions in the order of bytes, as the domain looks them up. */
    [LIST] = {.name = "region_list",
              .sql =
                  "select v.version, r.code, r.name, r.parent_code, r.is_grading"
                  " from region_tree v left join region r on true order by r.code collate \"C\""},
    [FIND_USERS] = {.name = "region_find_users",
                    .sql = "select (select count(*) from (select 1 from customer"
                           " where region_code = $1 limit $2) c),"
                           " (select count(*) from (select 1 from order_region"
                           " where region_code = $1 limit $2) o)",
                    .params = {PG_TEXT, PG_INT8}},
    [FIND_ORDER_REGION] = {.name = "region_find_order_region",
                           .sql = "select source, name, region_code, 0::bigint from order_region"
                                  " where source = $1 and name = $2",
                           .params = {PG_TEXT, PG_TEXT}},
    [LIST_ORDER_REGIONS] = {.name = "region_list_order_regions",
                            .sql = "select r.source, r.name, r.region_code,"
                                   " coalesce(f.net, 0)::bigint from order_region r left join"
                                   " (select region_id, sum(net_micros) as net from sales_figure"
                                   " where currency = $1 group by region_id) f"
                                   " on f.region_id = r.id order by r.source, r.name",
                            .params = {PG_TEXT},
                            .slow = true},
    /* Before the rows it guards. */
    [GUARD] = {.name = "region_guard",
               .sql = "with saved as (update region_tree set version = version + 1"
                      " where version = $1 returning 1)"
                      " select stale_unless(exists (select 1 from saved))",
               .params = {PG_INT8},
               .write = true,
               .rank = 16},
    [SAVE] = {.name = "region_save",
              .sql = "insert into region (code, name, parent_code, is_grading)"
                     " values ($1, $2, nullif($3, ''), $4) on conflict (code) do update set"
                     " name = excluded.name, parent_code = excluded.parent_code,"
                     " is_grading = excluded.is_grading",
              .params = {PG_TEXT, PG_TEXT, PG_TEXT, PG_BOOL},
              .write = true,
              .rank = 17},
    [REMOVE] = {.name = "region_remove",
                .sql = "delete from region where code = $1",
                .params = {PG_TEXT},
                .write = true,
                .rank = 18},
    [MAP] = {.name = "region_map",
             .sql = "update order_region set region_code = nullif($3, '')"
                    " where source = $1 and name = $2",
             .params = {PG_TEXT, PG_TEXT, PG_TEXT},
             .write = true,
             .rank = 23},
};
const size_t region_statement_count = COUNT_OF(region_statements);

static void fill_list(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct regions *found = out;
    size_t count = (size_t)pg_row_count(rows);
    struct region *list = arena_take_array(arena, count, sizeof(*list));

    *found = (struct regions){.tree.list = list};
    for (size_t i = 0; list && i < count; i++) {
        int row = (int)i;

        found->version = pg_get_int8(rows, row, 0);
        if (pg_is_null(rows, row, 1))
            continue; /* a tree without regions */
        list[found->tree.count++] =
            (struct region){pg_keep_text(rows, row, 1, arena), pg_keep_text(rows, row, 2, arena),
                            pg_keep_text(rows, row, 3, arena), pg_get_bool(rows, row, 4)};
    }
}

void region_list(struct request *req, struct regions *out)
{
    flow_ask(req, &region_statements[LIST], NULL, fill_list, out);
}

static void fill_users(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct region_users *users = out;

    (void)arena;
    if (pg_row_count(rows) == 1)
        *users = (struct region_users){pg_get_int8(rows, 0, 0), pg_get_int8(rows, 0, 1)};
}

void region_find_users(struct request *req, struct text code, struct region_users *out)
{
    struct pg_args *args = pg_args_new(req->arena, &region_statements[FIND_USERS]);

    pg_put_text_n(args, 0, code.at, code.bytes);
    pg_put_int8(args, 1, REGION_MAX_COUNTED);
    flow_ask(req, &region_statements[FIND_USERS], args, fill_users, out);
}

static struct order_region get_order_region(const struct pg_rows *rows, int row,
                                            struct arena *arena)
{
    return (struct order_region){.found = true,
                                 .source = pg_keep_text(rows, row, 0, arena),
                                 .name = pg_keep_text(rows, row, 1, arena),
                                 .region_code = pg_keep_text(rows, row, 2, arena),
                                 .net_micros = pg_get_int8(rows, row, 3)};
}

static void fill_order_region(const struct pg_rows *rows, struct arena *arena, void *out)
{
    if (pg_row_count(rows) == 1)
        *(struct order_region *)out = get_order_region(rows, 0, arena);
}

void region_find_order_region(struct request *req, struct text source, struct text name,
                              struct order_region *out)
{
    struct pg_args *args = pg_args_new(req->arena, &region_statements[FIND_ORDER_REGION]);

    pg_put_text_n(args, 0, source.at, source.bytes);
    pg_put_text_n(args, 1, name.at, name.bytes);
    flow_ask(req, &region_statements[FIND_ORDER_REGION], args, fill_order_region, out);
}

static void fill_order_regions(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct order_regions *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++)
        found->list[found->count++] = get_order_region(rows, (int)i, arena);
}

void region_list_order_regions(struct request *req, const char currency[4],
                               struct order_regions *out)
{
    struct pg_args *args = pg_args_new(req->arena, &region_statements[LIST_ORDER_REGIONS]);

    pg_put_text(args, 0, currency);
    flow_ask(req, &region_statements[LIST_ORDER_REGIONS], args, fill_order_regions, out);
}

void region_guard(struct request *req, int64_t version)
{
    pg_put_int8(flow_write(req, &region_statements[GUARD]), 0, version);
}

void region_save(struct request *req, const struct region *region)
{
    struct pg_args *args = flow_write(req, &region_statements[SAVE]);

    pg_put_text_n(args, 0, region->code.at, region->code.bytes);
    pg_put_text_n(args, 1, region->name.at, region->name.bytes);
    pg_put_text_n(args, 2, region->parent.at, region->parent.bytes);
    pg_put_bool(args, 3, region->is_grading);
}

void region_remove(struct request *req, struct text code)
{
    pg_put_text_n(flow_write(req, &region_statements[REMOVE]), 0, code.at, code.bytes);
}

void region_map(struct request *req, struct text source, struct text name, struct text code)
{
    struct pg_args *args = flow_write(req, &region_statements[MAP]);

    pg_put_text_n(args, 0, source.at, source.bytes);
    pg_put_text_n(args, 1, name.at, name.bytes);
    pg_put_text_n(args, 2, code.at, code.bytes);
}
