#include "common/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/service.h"

enum {
    ADD,
    WAKE,
    HORIZON,
    LIST,
};

const struct pg_statement log_statements[] = {
    /* The versions first: sorted, so that two processes lock in the same order; the row lock is
     * held when the positions are drawn, so they rise with the version. */
    [ADD] =
        {.name = "log_add",
         .sql =
             "with event as (select unnest($1) as id, unnest($2) as type, unnest($3) as subject,"
             " unnest($4) as at, unnest($5) as correlation_id, unnest($6) as causation_id,"
             " unnest($7) as traceparent, unnest($8) as data,"
             " generate_series(1, cardinality($1)) as n),"
             " numbered as materialized (select *, row_number() over (partition by subject"
             " order by n desc) as from_last from event),"
             " bumped as (insert into subject_version as s (subject, version)"
             " select subject, max(from_last) from numbered group by subject order by subject"
             " on conflict (subject) do update set version = s.version + excluded.version"
             " returning subject, version)"
             " insert into log (epoch, id, type, subject, version, at, correlation_id,"
             " causation_id, traceparent, data)"
             " select (select log_epoch from installation), e.id, e.type, e.subject,"
             " b.version - e.from_last + 1, e.at, e.correlation_id, e.causation_id, e.traceparent,"
             " e.data from numbered e join bumped b on b.subject = e.subject order by e.n",
         .params = {PG_IDS, PG_TEXTS, PG_IDS, PG_TIMES, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_BYTESES},
         .write = true,
         .merge = true,
         .rank = 200},
    [WAKE] = {.name = "log_wake",
              .sql = "select pg_notify(current_schema() || '_log', '')",
              .write = true,
              .merge = true,
              .rank = 201},
    [HORIZON] = {.name = "log_horizon",
                 .sql = "select epoch, below, first from log_window($1, $2)",
                 .params = {PG_INT4, PG_INT8}},
    [LIST] = {.name = "log_list",
              .sql =
                  "select position, id, type, subject, version, at, correlation_id, causation_id,"
                  " traceparent, wanted, case when wanted then data end from"
                  " (select *, cardinality($6) = 0 or type = any($6) as wanted from log"
                  " where epoch = $1 and xid >= $2 and xid < $3 and position > $4"
                  " order by position limit $5) l order by position",
              .params = {PG_INT4, PG_INT8, PG_INT8, PG_INT8, PG_INT8, PG_TEXTS}},
};
const size_t log_statement_count = COUNT_OF(log_statements);

void log_add(struct request *req, const char *type, const struct id *subject, const void *data,
             size_t data_bytes)
{
    struct pg_args *args = flow_write(req, &log_statements[ADD]);
    struct id id = request_new_id(req);

    pg_put_id(args, 0, &id);
    pg_put_text(args, 1, type);
    pg_put_id(args, 2, subject);
    pg_put_time(args, 3, req->now_us);
    pg_put_text(args, 4, req->correlation_id[0] ? req->correlation_id : req->id);
    pg_put_text(args, 5, req->id);
    pg_put_text(args, 6, req->traceparent);
    pg_put_bytes(args, 7, data, data_bytes);
    flow_write(req, &log_statements[WAKE]);
}

bool log_cursor_parse(const char *text, struct log_cursor *out)
{
    struct log_cursor cursor;
    int end = 0;

    if (strlen(text) > 79 ||
        sscanf(text, "%9" SCNd32 ".%19" SCNd64 ".%19" SCNd64 ".%18" SCNd64 "%n", &cursor.epoch,
               &cursor.from_xid, &cursor.to_xid, &cursor.position, &end) != 4 ||
        text[end] != '\0' || cursor.epoch < 1 || cursor.from_xid < 0 ||
        cursor.to_xid < cursor.from_xid || cursor.position < 0)
        return false;
    *out = cursor;
    return true;
}

void log_cursor_print(const struct log_cursor *cursor, char out[80])
{
    snprintf(out, 80, "%" PRId32 ".%" PRId64 ".%" PRId64 ".%" PRId64, cursor->epoch,
             cursor->from_xid, cursor->to_xid, cursor->position);
}

static void fill_horizon(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct log_horizon *horizon = out;

    (void)arena;
    if (pg_row_count(rows) == 0)
        return;
    horizon->epoch = pg_get_int4(rows, 0, 0);
    horizon->below_xid = pg_get_int8(rows, 0, 1);
    horizon->first = pg_get_int8(rows, 0, 2);
}

void log_find_horizon(struct request *req, const struct log_cursor *cursor, struct log_horizon *out)
{
    struct pg_args *args = pg_args_new(req->arena, &log_statements[HORIZON]);

    pg_put_int4(args, 0, cursor->epoch);
    pg_put_int8(args, 1, cursor->to_xid);
    flow_ask(req, &log_statements[HORIZON], args, fill_horizon, out);
}

static void fill_entries(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct log_entries *entries = out;
    size_t count = (size_t)pg_row_count(rows);

    entries->list = arena_take_array(arena, count, sizeof(*entries->list));
    if (!entries->list)
        return;
    for (size_t i = 0; i < count; i++) {
        struct log_entry *entry = &entries->list[i];
        int row = (int)i;

        entry->position = pg_get_int8(rows, row, 0);
        entry->id = pg_get_id(rows, row, 1);
        entry->type = pg_copy_text(rows, row, 2, arena);
        entry->subject = pg_get_id(rows, row, 3);
        entry->version = pg_get_int8(rows, row, 4);
        entry->at_us = pg_get_time(rows, row, 5);
        entry->correlation_id = pg_copy_text(rows, row, 6, arena);
        entry->causation_id = pg_copy_text(rows, row, 7, arena);
        entry->traceparent = pg_copy_text(rows, row, 8, arena);
        entry->is_wanted = pg_get_bool(rows, row, 9);
        entry->data.bytes = pg_get_text(rows, row, 10).bytes;
        entry->data.at = pg_copy_text(rows, row, 10, arena);
    }
    entries->count = arena_is_full(arena) ? 0 : count;
}

void log_list_entries(struct request *req, const struct log_cursor *cursor, uint32_t max,
                      char *const *types, size_t type_count, struct log_entries *out)
{
    struct pg_args *args = pg_args_new(req->arena, &log_statements[LIST]);

    pg_put_int4(args, 0, cursor->epoch);
    pg_put_int8(args, 1, cursor->from_xid);
    pg_put_int8(args, 2, cursor->to_xid);
    pg_put_int8(args, 3, cursor->position);
    pg_put_int8(args, 4, max);
    for (size_t i = 0; i < type_count; i++)
        pg_put_text(args, 5, types[i]);
    flow_ask(req, &log_statements[LIST], args, fill_entries, out);
}
