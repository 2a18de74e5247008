#include "services/complaints/store/standing.h"

#include "common/pure/uuid.h"

enum {
    MARK,
    MARK_ALL,
    LIST_MARKS,
    LIST_DUE,
    LIST,
    LIST_CASES,
    REMOVE_MARKS,
    ADD,
    SAVE,
};

/* The asked ones that are nobody's part, and all that are part of them. */
#define FAMILY                                                                                     \
    "with recursive family as (select a.id as head, a.id as member, 0 as depth"                    \
    " from unnest($1) as a(id) where not exists (select from customer_seen s"                      \
    " where s.customer_id = a.id and s.survivor_id is not null)"                                   \
    " union all select f.head, s.customer_id, f.depth + 1 from family f"                           \
    " join customer_seen s on s.survivor_id = f.member where f.depth < 20)"
/* case_is_ended */
#define ENDED "(9, 11, 12, 13, 14)"

const struct pg_statement standing_statements[] = {
    [MARK] = {.name = "standing_mark",
              .sql = "insert into customer_standing_mark (id, customer_id)"
                     " select id, customer from unnest($1, $2) as t(id, customer)",
              .params = {PG_IDS, PG_IDS},
              .write = true,
              .merge = true,
              .rank = 150},
    [MARK_ALL] = {.name = "standing_mark_all",
                  .sql = "insert into customer_standing_mark (id, customer_id)"
                         " select gen_random_uuid(), customer_id from customer_standing",
                  .write = true,
                  .rank = 151},
    [LIST_MARKS] = {.name = "standing_list_marks",
                    .sql = "select id, customer_id from customer_standing_mark order by id"
                           " limit $1",
                    .params = {PG_INT8}},
    [LIST_DUE] = {.name = "standing_list_due",
                  .sql = "select customer_id from customer_standing where next_on <= $1"
                         " order by next_on limit $2",
                  .params = {PG_DATE, PG_INT8}},
    [LIST] = {.name = "standing_list",
              .sql = FAMILY
              ", sums as (select f.head, count(*) filter (where k.day < $2"
              " and k.state in " ENDED ") as older, max(k.submitted_at) as last_at"
              " from family f join cases k on k.customer_id = f.member group by f.head)"
              " select a.id, s.survivor_id, coalesce(t.version, 0), coalesce(t.told, ''),"
              " coalesce(sums.older, 0), sums.last_at from unnest($1) as a(id)"
              " left join customer_seen s on s.customer_id = a.id"
              " left join customer_standing t on t.customer_id = a.id"
              " left join sums on sums.head = a.id order by a.id",
              .params = {PG_IDS, PG_DATE}},
    [LIST_CASES] = {.name = "standing_list_cases",
                    .sql = FAMILY
                    " select f.head, k.handler_id, k.kind::int, k.state::int, k.fault::int,"
                    " k.severity::int, k.day from family f join cases k"
                    " on k.customer_id = f.member where k.day >= $2 or k.state not in " ENDED
                    " order by f.head, k.handler_id",
                    .params = {PG_IDS, PG_DATE}},
    [REMOVE_MARKS] = {.name = "standing_remove_marks",
                      .sql = "with held as materialized (select id from customer_standing_mark"
                             " where id = any($1) order by id for update), gone as (delete from"
                             " customer_standing_mark m using held where m.id = held.id"
                             " returning 1)"
                             " select stale_unless((select count(*) from gone) = cardinality($1))",
                      .params = {PG_IDS},
                      .write = true,
                      .rank = 152},
    /* A row that another instance added meanwhile violates the key, which makes the unit stale. */
    [ADD] = {.name = "standing_add",
             .sql = "insert into customer_standing (customer_id, next_on, told)"
                    " select customer, next_on, told from unnest($1, $2, $3)"
                    " as t(customer, next_on, told) order by customer",
             .params = {PG_IDS, PG_DATES, PG_BYTESES},
             .write = true,
             .merge = true,
             .rank = 153},
    [SAVE] = {.name = "standing_save",
              .sql = "with q as (select * from unnest($1, $2, $3, $4)"
                     " as t(customer, version, next_on, told)),"
                     " held as (select s.customer_id from customer_standing s join q"
                     " on s.customer_id = q.customer order by 1 for update of s),"
                     " saved as (update customer_standing s set version = s.version + 1,"
                     " next_on = q.next_on, told = q.told from q join held"
                     " on held.customer_id = q.customer where s.customer_id = q.customer"
                     " and s.version = q.version returning 1)"
                     " select stale_unless((select count(*) from saved) ="
                     " (select count(*) from q))",
              .params = {PG_IDS, PG_INT8S, PG_DATES, PG_BYTESES},
              .write = true,
              .merge = true,
              .rank = 154},
};
const size_t standing_statement_count = COUNT_OF(standing_statements);

void standing_mark(struct request *req, const struct id *customer)
{
    if (uuid_is_none(customer))
        return;
    struct pg_args *args = flow_write(req, &standing_statements[MARK]);
    struct id id = request_new_id(req);

    pg_put_id(args, 0, &id);
    pg_put_id(args, 1, customer);
}

void standing_mark_all(struct request *req)
{
    flow_write(req, &standing_statements[MARK_ALL]);
}

static void fill_marks(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct standing_marks *marks = out;
    int count = pg_row_count(rows);

    marks->list = arena_take_array(arena, (size_t)count, sizeof(*marks->list));
    for (int i = 0; marks->list && i < count; i++)
        marks->list[marks->count++] =
            (struct standing_mark_row){pg_get_id(rows, i, 0), pg_get_id(rows, i, 1)};
}

void standing_list_marks(struct request *req, uint32_t max, struct standing_marks *out)
{
    struct pg_args *args = pg_args_new(req->arena, &standing_statements[LIST_MARKS]);

    *out = (struct standing_marks){.count = 0};
    pg_put_int8(args, 0, max);
    flow_ask(req, &standing_statements[LIST_MARKS], args, fill_marks, out);
}

static void fill_due(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct standing_rows *due = out;
    int count = pg_row_count(rows);

    due->list = arena_take_array(arena, (size_t)count, sizeof(*due->list));
    for (int i = 0; due->list && i < count; i++)
        due->list[due->count++] = (struct standing_row){.customer = pg_get_id(rows, i, 0)};
}

void standing_list_due(struct request *req, int32_t today, uint32_t max, struct standing_rows *out)
{
    struct pg_args *args = pg_args_new(req->arena, &standing_statements[LIST_DUE]);

    *out = (struct standing_rows){.count = 0};
    pg_put_date(args, 0, today);
    pg_put_int8(args, 1, max);
    flow_ask(req, &standing_statements[LIST_DUE], args, fill_due, out);
}

static void fill_rows(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct standing_rows *all = out;
    int count = pg_row_count(rows);

    all->list = arena_take_array(arena, (size_t)count, sizeof(*all->list));
    for (int i = 0; all->list && i < count; i++)
        all->list[all->count++] = (struct standing_row){
            .customer = pg_get_id(rows, i, 0),
            .is_merged = !pg_is_null(rows, i, 1),
            .survivor = pg_get_id(rows, i, 1),
            .version = pg_get_int8(rows, i, 2),
            .told = pg_keep_text(rows, i, 3, arena),
            .older = (uint32_t)pg_get_int8(rows, i, 4),
            .last_us = pg_is_null(rows, i, 5) ? 0 : pg_get_time(rows, i, 5),
        };
}

static struct pg_args *args_of(struct request *req, int statement, const struct id *customers,
                               size_t count, int32_t windows_from)
{
    struct pg_args *args = pg_args_new(req->arena, &standing_statements[statement]);

    for (size_t i = 0; i < count; i++)
        pg_put_id(args, 0, &customers[i]);
    pg_put_date(args, 1, windows_from);
    return args;
}

void standing_list(struct request *req, const struct id *customers, size_t count,
                   int32_t windows_from, struct standing_rows *out)
{
    *out = (struct standing_rows){.count = 0};
    flow_ask(req, &standing_statements[LIST], args_of(req, LIST, customers, count, windows_from),
             fill_rows, out);
}

static void fill_cases(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct standing_cases *cases = out;
    int count = pg_row_count(rows);

    cases->list = arena_take_array(arena, (size_t)count, sizeof(*cases->list));
    for (int i = 0; cases->list && i < count; i++)
        cases->list[cases->count++] = (struct standing_case){
            .customer = pg_get_id(rows, i, 0),
            .handler = pg_get_id(rows, i, 1),
            .facts = {.kind = (enum case_kind)pg_get_int4(rows, i, 2),
                      .state = (enum case_state)pg_get_int4(rows, i, 3),
                      .fault = (enum remedy_fault)pg_get_int4(rows, i, 4),
                      .severity = (enum severity)pg_get_int4(rows, i, 5),
                      .day = pg_get_date(rows, i, 6)},
        };
}

void standing_list_cases(struct request *req, const struct id *customers, size_t count,
                         int32_t windows_from, struct standing_cases *out)
{
    *out = (struct standing_cases){.count = 0};
    flow_ask(req, &standing_statements[LIST_CASES],
             args_of(req, LIST_CASES, customers, count, windows_from), fill_cases, out);
}

void standing_remove_marks(struct request *req, const struct standing_marks *marks)
{
    struct pg_args *args = flow_write(req, &standing_statements[REMOVE_MARKS]);

    for (size_t i = 0; i < marks->count; i++)
        pg_put_id(args, 0, &marks->list[i].id);
}

static void put_day(struct pg_args *args, int i, int32_t day)
{
    if (day == REPEAT_NEVER)
        pg_put_null(args, i);
    else
        pg_put_date(args, i, day);
}

void standing_save(struct request *req, const struct standing_row *row, int32_t next_day,
                   const void *told, size_t told_bytes)
{
    bool is_new = row->version == 0;
    struct pg_args *args = flow_write(req, &standing_statements[is_new ? ADD : SAVE]);
    int i = 0;

    pg_put_id(args, i++, &row->customer);
    if (!is_new)
        pg_put_int8(args, i++, row->version);
    put_day(args, i++, next_day);
    pg_put_bytes(args, i, told, told_bytes);
}
