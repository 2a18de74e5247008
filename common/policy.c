#include "common/policy.h"

enum {
    LIST,
    LOOK,
    LOOK_AT,
    ADD,
};

const struct pg_statement policy_statements[] = {
    [LIST] = {.name = "policy_list",
              .sql = "select kind, version, valid_from, made_by, reason, document from policy"
                     " where kind = $1 order by version desc",
              .params = {PG_TEXT}},
    [LOOK] = {.name = "policy_look",
              .sql = "select kind, version, valid_from, made_by, reason,"
                     " case when kind = $2 then '' else document end from policy"
                     " where (select count(*) from policy) <> $1 order by kind, version desc",
              .params = {PG_INT8, PG_TEXT}},
    [LOOK_AT] = {.name = "policy_look_at",
                 .sql = "select kind, version, valid_from, made_by, reason, document from policy"
                        " where kind = $1 and valid_from <= $2 order by version desc limit 1",
                 .params = {PG_TEXT, PG_TIME}},
    /* The key alone would let two versions be made from one; without rows the latest is 1. */
    [ADD] = {.name = "policy_add",
             .sql = "insert into policy (kind, version, valid_from, made_by, reason, document)"
                    " select $1, $2, $3, $4, $5, $6 from stale_unless("
                    "coalesce((select max(version) from policy where kind = $1), 1) = $2 - 1)",
             .params = {PG_TEXT, PG_INT4, PG_TIME, PG_TEXT, PG_TEXT, PG_TEXT},
             .write = true,
             .rank = 20},
};
const size_t policy_statement_count = COUNT_OF(policy_statements);

static void fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct policy_rows *policies = out;
    size_t count = (size_t)pg_row_count(rows);

    policies->list = arena_take_array(arena, count, sizeof(*policies->list));
    if (!policies->list)
        return;
    for (size_t i = 0; i < count; i++) {
        struct policy_row *policy = &policies->list[i];
        int row = (int)i;

        policy->kind = pg_copy_text(rows, row, 0, arena);
        policy->version = (uint32_t)pg_get_int4(rows, row, 1);
        policy->valid_from_us = pg_get_time(rows, row, 2);
        policy->by = pg_copy_text(rows, row, 3, arena);
        policy->reason = pg_copy_text(rows, row, 4, arena);
        policy->document = pg_copy_text(rows, row, 5, arena);
    }
    policies->count = arena_is_full(arena) ? 0 : count;
}

void policy_list(struct request *req, const char *kind, struct policy_rows *out)
{
    struct pg_args *args = pg_args_new(req->arena, &policy_statements[LIST]);

    *out = (struct policy_rows){0};
    pg_put_text(args, 0, kind);
    flow_ask(req, &policy_statements[LIST], args, fill, out);
}

static void fill_look(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct policy_look *look = out;

    fill(rows, arena, &look->rows);
    look->arrived(look, arena);
}

void policy_look(struct request *req, struct policy_look *look)
{
    struct pg_args *args = pg_args_new(req->arena, &policy_statements[LOOK]);

    pg_put_int8(args, 0, look->known);
    pg_put_text(args, 1, look->without);
    flow_ask(req, &policy_statements[LOOK], args, fill_look, look);
}

void policy_look_at(struct request *req, const char *kind, int64_t at_us, struct policy_look *look)
{
    struct pg_args *args = pg_args_new(req->arena, &policy_statements[LOOK_AT]);

    pg_put_text(args, 0, kind);
    pg_put_time(args, 1, at_us);
    flow_ask(req, &policy_statements[LOOK_AT], args, fill_look, look);
}

void policy_add(struct request *req, const struct policy_row *row)
{
    struct pg_args *args = flow_write(req, &policy_statements[ADD]);

    pg_put_text(args, 0, row->kind);
    pg_put_int4(args, 1, (int32_t)row->version);
    pg_put_time(args, 2, row->valid_from_us);
    pg_put_text(args, 3, row->by);
    pg_put_text(args, 4, row->reason);
    pg_put_text(args, 5, row->document);
}
