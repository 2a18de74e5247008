/*
 * The units of the company.
 */
#include "services/customers/store/staff_unit.h"

enum {
    LIST,
    FIND,
    ADD,
    SAVE,
    HOLD,
    GUARD,
};

const struct pg_statement staff_unit_statements[] = {
    [LIST] = {.name = "staff_unit_list",
              .sql = "select code, name, parent_code, version from unit"
                     " where code collate \"C\" > $1 order by code collate \"C\" limit $2",
              .params = {PG_TEXT, PG_INT8}},
    /* Above: the parent and its parents; below: itself and what hangs below it, with levels. */
    [FIND] = {.name = "staff_unit_find",
              .sql = "with recursive above(code, level) as (select code, 1 from unit"
                     " where code = $2 union all select u.parent_code, a.level + 1 from above a"
                     " join unit u on u.code = a.code where u.parent_code is not null"
                     " and a.level < 100),"
                     " below(code, level) as (select code, 1 from unit where code = $1"
                     " union all select u.code, b.level + 1 from below b"
                     " join unit u on u.parent_code = b.code where b.level < 100)"
                     " select u.code, u.name, u.parent_code, u.version,"
                     " (select count(*) from above), (select coalesce(max(level), 1)::bigint"
                     " from below), exists (select 1 from above where code = $1)"
                     " from (select 1) as one left join unit u on u.code = $1",
              .params = {PG_TEXT, PG_TEXT}},
    [ADD] = {.name = "staff_unit_add",
             .sql = "insert into unit (code, name, parent_code) values ($1, $2, nullif($3, ''))",
             .params = {PG_TEXT, PG_TEXT, PG_TEXT},
             .write = true,
             .rank = 16},
    [SAVE] = {.name = "staff_unit_save",
              .sql = "with saved as (update unit set name = $2, parent_code = nullif($3, ''),"
                     " version = version + 1 where code = $1 and version = $4 returning 1)"
                     " select stale_unless(exists (select 1 from saved))",
              .params = {PG_TEXT, PG_TEXT, PG_TEXT, PG_INT8},
              .write = true,
              .rank = 16},
    /* As staff_hold_lines. */
    [HOLD] = {.name = "staff_unit_hold",
              .sql = "select pg_advisory_xact_lock(hashtextextended('kehu staff units', 0))",
              .write = true,
              .rank = 15},
    [GUARD] = {.name = "staff_unit_guard_circle",
               .sql = "with recursive above(code) as (select parent_code from unit where code = $1"
                      " union select u.parent_code from above a join unit u on u.code = a.code)"
                      " select stale_unless(not exists (select 1 from above where code = $1))",
               .params = {PG_TEXT},
               .write = true,
               .rank = 17},
};
const size_t staff_unit_statement_count = COUNT_OF(staff_unit_statements);

static struct staff_unit get_unit(const struct pg_rows *rows, int row, struct arena *arena)
{
    return (struct staff_unit){
        .code = pg_keep_text(rows, row, 0, arena),
        .name = pg_keep_text(rows, row, 1, arena),
        .parent = pg_keep_text(rows, row, 2, arena),
        .version = pg_get_int8(rows, row, 3),
    };
}

static void fill_list(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct staff_units *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++)
        found->list[found->count++] = get_unit(rows, (int)i, arena);
}

void staff_unit_list(struct request *req, struct text after, uint32_t limit,
                     struct staff_units *out)
{
    struct pg_args *args = pg_args_new(req->arena, &staff_unit_statements[LIST]);

    pg_put_text_n(args, 0, after.at, after.bytes);
    pg_put_int8(args, 1, limit);
    flow_ask(req, &staff_unit_statements[LIST], args, fill_list, out);
}

static void fill_context(const struct pg_rows *rows, struct arena *arena, void *out)
{
    if (pg_row_count(rows) == 0)
        return;
    *(struct staff_unit_context *)out = (struct staff_unit_context){
        .found = !pg_is_null(rows, 0, 0),
        .unit = get_unit(rows, 0, arena),
        .levels_above = pg_get_int8(rows, 0, 4),
        .height = pg_get_int8(rows, 0, 5),
        .is_circle = pg_get_bool(rows, 0, 6),
    };
}

void staff_unit_find(struct request *req, const struct staff_unit *unit,
                     struct staff_unit_context *out)
{
    struct pg_args *args = pg_args_new(req->arena, &staff_unit_statements[FIND]);

    pg_put_text_n(args, 0, unit->code.at, unit->code.bytes);
    pg_put_text_n(args, 1, unit->parent.at, unit->parent.bytes);
    flow_ask(req, &staff_unit_statements[FIND], args, fill_context, out);
}

void staff_unit_save(struct request *req, const struct staff_unit *unit)
{
    bool is_new = unit->version == 0;
    struct pg_args *args = flow_write(req, &staff_unit_statements[is_new ? ADD : SAVE]);

    pg_put_text_n(args, 0, unit->code.at, unit->code.bytes);
    pg_put_text_n(args, 1, unit->name.at, unit->name.bytes);
    pg_put_text_n(args, 2, unit->parent.at, unit->parent.bytes);
    if (is_new)
        return;
    flow_write(req, &staff_unit_statements[HOLD]);
    pg_put_int8(args, 3, unit->version);
    pg_put_text_n(flow_write(req, &staff_unit_statements[GUARD]), 0, unit->code.at,
                  unit->code.bytes);
}
