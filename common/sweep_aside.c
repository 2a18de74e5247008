/*
 * Rows that a sweep could not settle: each waits by itself in the table sweep_aside, so that those
 * beside it are settled and none is lost.
 */
#include "common/sweep_internal.h"

enum {
    FIND,
    PUT,
    REMOVE,
};

const struct pg_statement sweep_aside_statements[] = {
    [FIND] = {.name = "sweep_aside_find",
              .sql = "select count(*) over (), id, (extract(epoch from try_at - clock_timestamp())"
                     " * 1000000)::bigint from sweep_aside where sweep = $1 order by try_at, id"
                     " limit 1",
              .params = {PG_TEXT}},
    [PUT] = {.name = "sweep_aside_put",
             .sql = "insert into sweep_aside as a (sweep, id, why, try_at)"
                    " values ($1, $2, $3, clock_timestamp() + interval '1 s')"
                    " on conflict (sweep, id) do update set tries = a.tries + 1,"
                    " why = excluded.why, try_at = clock_timestamp() + least(interval '10 min',"
                    " interval '1 s' * power(2, least(a.tries, 10)))",
             .params = {PG_TEXT, PG_ID, PG_TEXT},
             .write = true,
             .rank = 190},
    [REMOVE] = {.name = "sweep_aside_remove",
                .sql = "delete from sweep_aside where sweep = $1 and id = $2",
                .params = {PG_TEXT, PG_ID},
                .write = true,
                .rank = 190},
};
const size_t sweep_aside_statement_count = COUNT_OF(sweep_aside_statements);

static void fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct sweep_aside *aside = out;

    (void)arena;
    if (pg_row_count(rows) == 0)
        return;
    aside->count = pg_get_int8(rows, 0, 0);
    aside->first = pg_get_id(rows, 0, 1);
    aside->wait_us = pg_get_int8(rows, 0, 2);
}

void sweep_aside_find(struct request *req, const char *sweep, struct sweep_aside *out)
{
    struct pg_args *args = pg_args_new(req->arena, &sweep_aside_statements[FIND]);

    *out = (struct sweep_aside){0};
    pg_put_text(args, 0, sweep);
    flow_ask(req, &sweep_aside_statements[FIND], args, fill, out);
}

void sweep_aside_put(struct request *req, const char *sweep, const struct id *row, const char *why)
{
    struct pg_args *args = flow_write(req, &sweep_aside_statements[PUT]);

    pg_put_text(args, 0, sweep);
    pg_put_id(args, 1, row);
    pg_put_text(args, 2, why);
}

void sweep_aside_remove(struct request *req, const char *sweep, const struct id *row)
{
    struct pg_args *args = flow_write(req, &sweep_aside_statements[REMOVE]);

    pg_put_text(args, 0, sweep);
    pg_put_id(args, 1, row);
}
