/* The records of imports. */
#include "services/customers/store/import.h"

#include <string.h>

#define FORGET_CHUNK_TEXT "5000"

enum {
    FIND,
    FIND_OPEN,
    LIST,
    TAKE_NUMBER,
    ADD,
    COUNT,
    FINISH,
    FIND_OLD,
    FORGET_FORMER,
    FORGET,
};

#define COLUMNS                                                                                    \
    "select number, kind, source, known, fact_source, file_name, file_hash, state, started_by,"    \
    " started_at, finished_at, undone_at, accepted, updated, unchanged, rejected, lines,"          \
    " broken_lines, removed, restored, kept, undone_by, is_forgotten from import"

const struct pg_statement import_statements[] = {
    [FIND] = {.name = "import_find", .sql = COLUMNS " where number = $1", .params = {PG_INT8}},
    [FIND_OPEN] = {.name = "import_find_open",
                   .sql = COLUMNS " where state = 'open' and kind = $1 and source = $2"
                                  " and known = $3 and fact_source = $4 and file_hash = $5"
                                  " and started_by = $6",
                   .params = {PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT}},
    [LIST] = {.name = "import_list",
              .sql = COLUMNS " where ($1 = '' or kind = $1) and ($2 = 0 or number < $2)"
                             " order by number desc limit $3",
              .params = {PG_TEXT, PG_INT8, PG_INT8}},
    [TAKE_NUMBER] = {.name = "import_take_number", .sql = "select nextval('import_number')"},
    [ADD] = {.name = "import_add",
             .sql = "insert into import (number, kind, source, known, fact_source, file_name,"
                    " file_hash, started_by, started_at)"
                    " select unnest($1), unnest($2), unnest($3), unnest($4), unnest($5),"
                    " unnest($6), unnest($7), unnest($8), unnest($9)",
             .params = {PG_INT8S, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS,
                        PG_TEXTS, PG_TIMES},
             .write = true,
             .merge = true,
             .rank = 19},
    /* A hot row: late, so that batches of one import wait for each other only while committing. */
    [COUNT] = {.name = "import_count",
               .sql = "with counted as (update import set accepted = accepted + $2,"
                      " updated = updated + $3, unchanged = unchanged + $4,"
                      " rejected = rejected + $5 where number = $1 and state = 'open' returning 1)"
                      " select stale_unless(exists (select 1 from counted))",
               .params = {PG_INT8, PG_INT8, PG_INT8, PG_INT8, PG_INT8},
               .write = true,
               .rank = 190},
    [FINISH] = {.name = "import_finish",
                .sql = "with done as (update import set state = 'finished', finished_at = $2,"
                       " lines = $3, broken_lines = $4 where number = $1 and state = 'open'"
                       " returning 1) select stale_unless(exists (select 1 from done))",
                .params = {PG_INT8, PG_TIME, PG_INT8, PG_INT8},
                .write = true,
                .rank = 190},
    [FIND_OLD] = {.name = "import_find_old",
                  .sql = "select number from import where not is_forgotten and started_at < $1"
                         " order by started_at limit 1",
                  .params = {PG_TIME}},
    [FORGET_FORMER] = {.name = "import_forget_former",
                       .sql = "delete from import_former where import = $1 and (line, field) in"
                              " (select line, field from import_former where import = $1"
                              " limit " FORGET_CHUNK_TEXT ")",
                       .params = {PG_INT8},
                       .write = true,
                       .rank = 191},
    [FORGET] = {.name = "import_forget",
                .sql = "update import set is_forgotten = not exists"
                       " (select 1 from import_former where import = $1) where number = $1",
                .params = {PG_INT8},
                .write = true,
                .rank = 192},
};
const size_t import_statement_count = COUNT_OF(import_statements);

static struct import_record read_record(const struct pg_rows *rows, int row, struct arena *arena)
{
    return (struct import_record){
        .found = true,
        .number = pg_get_int8(rows, row, 0),
        .settings = {.kind = import_kind_read(pg_get_text(rows, row, 1)),
                     .source = pg_keep_text(rows, row, 2, arena),
                     .known = import_known_read(pg_get_text(rows, row, 3)),
                     .fact_source = file_source_read(pg_get_text(rows, row, 4))},
        .file_name = pg_keep_text(rows, row, 5, arena),
        .file_hash = pg_keep_text(rows, row, 6, arena),
        .state = import_state_read(pg_get_text(rows, row, 7)),
        .by = pg_keep_text(rows, row, 8, arena),
        .started_at_us = pg_get_time(rows, row, 9),
        .finished_at_us = pg_get_time(rows, row, 10),
        .undone_at_us = pg_get_time(rows, row, 11),
        .accepted = pg_get_int8(rows, row, 12),
        .updated = pg_get_int8(rows, row, 13),
        .unchanged = pg_get_int8(rows, row, 14),
        .rejected = pg_get_int8(rows, row, 15),
        .lines = pg_get_int8(rows, row, 16),
        .broken_lines = pg_get_int8(rows, row, 17),
        .removed = pg_get_int8(rows, row, 18),
        .restored = pg_get_int8(rows, row, 19),
        .kept = pg_get_int8(rows, row, 20),
        .undone_by = pg_keep_text(rows, row, 21, arena),
        .is_forgotten = pg_get_bool(rows, row, 22),
    };
}

static void fill_record(const struct pg_rows *rows, struct arena *arena, void *out)
{
    if (pg_row_count(rows) > 0)
        *(struct import_record *)out = read_record(rows, 0, arena);
}

void import_find(struct request *req, int64_t number, struct import_record *out)
{
    struct pg_args *args = pg_args_new(req->arena, &import_statements[FIND]);

    pg_put_int8(args, 0, number);
    *out = (struct import_record){.found = false};
    flow_ask(req, &import_statements[FIND], args, fill_record, out);
}

void import_find_open(struct request *req, const struct import_settings *settings,
                      struct text file_hash, const char *by, struct import_record *out)
{
    struct pg_args *args = pg_args_new(req->arena, &import_statements[FIND_OPEN]);

    pg_put_text(args, 0, import_kind_name(settings->kind));
    pg_put_text_n(args, 1, settings->source.at, settings->source.bytes);
    pg_put_text(args, 2, import_known_name(settings->known));
    pg_put_text(args, 3, file_source_name(settings->fact_source));
    pg_put_text_n(args, 4, file_hash.at, file_hash.bytes);
    pg_put_text(args, 5, by);
    *out = (struct import_record){.found = false};
    flow_ask(req, &import_statements[FIND_OPEN], args, fill_record, out);
}

static void fill_records(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct import_records *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++)
        found->list[found->count++] = read_record(rows, (int)i, arena);
}

void import_list(struct request *req, enum import_kind kind, int64_t before, uint32_t limit,
                 struct import_records *out)
{
    struct pg_args *args = pg_args_new(req->arena, &import_statements[LIST]);

    pg_put_text(args, 0, import_kind_name(kind));
    pg_put_int8(args, 1, before);
    pg_put_int8(args, 2, limit);
    *out = (struct import_records){.count = 0};
    flow_ask(req, &import_statements[LIST], args, fill_records, out);
}

static void fill_number(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    *(int64_t *)out = pg_row_count(rows) > 0 ? pg_get_int8(rows, 0, 0) : 0;
}

void import_take_number(struct request *req, int64_t *out)
{
    flow_ask(req, &import_statements[TAKE_NUMBER], NULL, fill_number, out);
}

void import_add(struct request *req, const struct import_record *record, const char *by)
{
    struct pg_args *args = flow_write(req, &import_statements[ADD]);
    const struct import_settings *settings = &record->settings;

    pg_put_int8(args, 0, record->number);
    pg_put_text(args, 1, import_kind_name(settings->kind));
    pg_put_text_n(args, 2, settings->source.at, settings->source.bytes);
    pg_put_text(args, 3, import_known_name(settings->known));
    pg_put_text(args, 4, file_source_name(settings->fact_source));
    pg_put_text_n(args, 5, record->file_name.at, record->file_name.bytes);
    pg_put_text_n(args, 6, record->file_hash.at, record->file_hash.bytes);
    pg_put_text(args, 7, by);
    pg_put_time(args, 8, req->now_us);
}

void import_count(struct request *req, int64_t number, const struct import_figures *more)
{
    struct pg_args *args = flow_write(req, &import_statements[COUNT]);

    pg_put_int8(args, 0, number);
    pg_put_int8(args, 1, more->accepted);
    pg_put_int8(args, 2, more->updated);
    pg_put_int8(args, 3, more->unchanged);
    pg_put_int8(args, 4, more->rejected);
}

void import_finish(struct request *req, int64_t number, int64_t lines, int64_t broken_lines)
{
    struct pg_args *args = flow_write(req, &import_statements[FINISH]);

    pg_put_int8(args, 0, number);
    pg_put_time(args, 1, req->now_us);
    pg_put_int8(args, 2, lines);
    pg_put_int8(args, 3, broken_lines);
}

/* --- the job --- */

static enum flow forget_chunk(struct request *req)
{
    int64_t *number = req->state;

    if (*number == 0)
        return flow_end(req);
    pg_put_int8(flow_write(req, &import_statements[FORGET_FORMER]), 0, *number);
    pg_put_int8(flow_write(req, &import_statements[FORGET]), 0, *number);
    return flow_commit(req, flow_end);
}

enum flow import_forget(struct request *req)
{
    int64_t *number = request_state(req, sizeof(*number));
    struct pg_args *args = pg_args_new(req->arena, &import_statements[FIND_OLD]);

    pg_put_time(args, 0, req->now_us - IMPORT_UNDO_DAYS * DAY_US);
    flow_ask(req, &import_statements[FIND_OLD], args, fill_number, number);
    return flow_wait(req, forget_chunk);
}
