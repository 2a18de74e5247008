#include "services/complaints/store/calendar_row.h"

enum {
    LIST,
    FIND,
    LOOK,
    ADD,
    CLOCKS,
};

#define COLUMNS "name, version, made_at, made_by, document"

const struct pg_statement calendar_row_statements[] = {
    [LIST] = {.name = "calendar_row_list",
              .sql = "select distinct on (name) " COLUMNS " from calendar"
                     " order by name, version desc"},
    [FIND] = {.name = "calendar_row_find",
              .sql = "select " COLUMNS " from calendar where name = $1"
                     " and ($2 = 0 or version = $2) order by version desc limit 1",
              .params = {PG_TEXT, PG_INT4}},
    [LOOK] = {.name = "calendar_row_look",
              .sql = "select c.name, c.version, c.made_at, c.made_by, c.document, n.present"
                     " from (select count(*) as present from calendar) n left join lateral"
                     " (select distinct on (name) " COLUMNS " from calendar"
                     " order by name, version desc) c on n.present <> $1",
              .params = {PG_INT8}},
    [ADD] = {.name = "calendar_row_add",
             .sql = "insert into calendar (" COLUMNS ") values ($1, $2, $3, $4, $5)",
             .params = {PG_TEXT, PG_INT4, PG_TIME, PG_TEXT, PG_TEXT},
             .write = true,
             .rank = 20},
    [CLOCKS] = {.name = "calendar_row_clocks",
                .sql = "select " CASE_CLOCK_COLUMNS ", c.number from clock k"
                       " join cases c on c.id = k.case_id where k.calendar = $1"
                       " and k.state in (1, 2) and k.breached_at is null"
                       " and (k.case_id, k.id) > ($3, $4) and not k.is_wall and k.to_min = 0"
                       " and (k.minutes > 0 or k.working_days > 0)"
                       " and (k.is_provisional or not $2) and (k.state = 2 or k.due_at > $6)"
                       " order by k.case_id, k.id limit $5",
                .params = {PG_TEXT, PG_BOOL, PG_ID, PG_ID, PG_INT8, PG_TIME},
                .slow = true},
};
const size_t calendar_row_statement_count = COUNT_OF(calendar_row_statements);

static void fill(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct calendar_rows *out = owner;
    size_t count = (size_t)pg_row_count(rows);

    out->list = arena_take_array(arena, count, sizeof(*out->list));
    for (size_t i = 0; out->list && i < count; i++) {
        int row = (int)i;

        if (pg_is_null(rows, row, 0))
            continue;
        out->list[out->count++] =
            (struct calendar_row){.name = pg_copy_text(rows, row, 0, arena),
                                  .version = (uint32_t)pg_get_int4(rows, row, 1),
                                  .at_us = pg_get_time(rows, row, 2),
                                  .by = pg_copy_text(rows, row, 3, arena),
                                  .document = pg_copy_text(rows, row, 4, arena)};
    }
}

void calendar_row_list(struct request *req, struct calendar_rows *out)
{
    *out = (struct calendar_rows){0};
    flow_ask(req, &calendar_row_statements[LIST], NULL, fill, out);
}

void calendar_row_find(struct request *req, const char *name, uint32_t version,
                       struct calendar_rows *out)
{
    struct pg_args *args = pg_args_new(req->arena, &calendar_row_statements[FIND]);

    *out = (struct calendar_rows){0};
    pg_put_text(args, 0, name);
    pg_put_int4(args, 1, (int32_t)version);
    flow_ask(req, &calendar_row_statements[FIND], args, fill, out);
}

static void fill_look(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct calendar_look *look = owner;

    if (pg_row_count(rows) == 0)
        return;
    fill(rows, arena, &look->rows);
    look->present = pg_get_int8(rows, 0, 5);
    look->arrived(look, arena);
}

void calendar_row_look(struct request *req, struct calendar_look *look)
{
    struct pg_args *args = pg_args_new(req->arena, &calendar_row_statements[LOOK]);

    look->rows = (struct calendar_rows){0};
    pg_put_int8(args, 0, look->known);
    flow_ask(req, &calendar_row_statements[LOOK], args, fill_look, look);
}

void calendar_row_add(struct request *req, const struct calendar_row *row)
{
    struct pg_args *args = flow_write(req, &calendar_row_statements[ADD]);

    pg_put_text(args, 0, row->name);
    pg_put_int4(args, 1, (int32_t)row->version);
    pg_put_time(args, 2, row->at_us);
    pg_put_text(args, 3, row->by);
    pg_put_text(args, 4, row->document);
}

static void fill_clocks(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct clock_move_rows *out = owner;
    size_t count = (size_t)pg_row_count(rows);

    out->list = arena_take_array(arena, count, sizeof(*out->list));
    if (!out->list)
        return;
    for (size_t i = 0; i < count; i++) {
        case_clock_get(rows, (int)i, arena, &out->list[i].row);
        out->list[i].number = pg_copy_text(rows, (int)i, CASE_CLOCK_COLUMN_COUNT, arena);
    }
    out->count = arena_is_full(arena) ? 0 : count;
}

void calendar_row_clocks(struct request *req, const struct calendar_row_question *question,
                         struct clock_move_rows *out)
{
    struct pg_args *args = pg_args_new(req->arena, &calendar_row_statements[CLOCKS]);

    *out = (struct clock_move_rows){0};
    pg_put_text_n(args, 0, question->calendar.bytes ? question->calendar.at : "",
                  question->calendar.bytes);
    pg_put_bool(args, 1, question->only_provisional);
    pg_put_id(args, 2, &question->after_case);
    pg_put_id(args, 3, &question->after_clock);
    pg_put_int8(args, 4, question->limit);
    pg_put_time(args, 5, req->now_us);
    flow_ask(req, &calendar_row_statements[CLOCKS], args, fill_clocks, out);
}
