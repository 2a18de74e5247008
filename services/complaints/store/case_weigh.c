#include "services/complaints/store/case_weigh.h"

#include <string.h>

#include "common/sweep.h"

#define IS_FREE SWEEP_IS_FREE("priorities", "case_id")

const struct pg_statement case_weigh_statements[] = {
    [CASE_WEIGH_OUTLOOK] = {.name = "case_weigh_outlook",
                            .sql =
                                "select exists (select from case_weigh_mark where"
                                " $1::timestamptz is not null and " IS_FREE "), null::timestamptz",
                            .params = {PG_TIME}},
    /* After what the same unit says of the customer: who is merged into whom. */
    [CASE_WEIGH_MARK] =
        {.name = "case_weigh_mark",
         .sql = "insert into case_weigh_mark (case_id) select c.id from"
                " (select unnest($1) as id union select s.customer_id from customer_seen s"
                " where s.counts_as = any($1)) u join cases c on c.customer_id = u.id"
                " join case_queue q on q.case_id = c.id order by c.id",
         .params = {PG_IDS},
         .write = true,
         .merge = true,
         .rank = 130},
    [CASE_WEIGH_LIST] =
        {.name = "case_weigh_list",
         .sql =
             "select m.id, c.id, c.version, c.kind::integer, c.state::integer,"
             " c.severity::integer, c.priority::integer, c.handler_id, c.team, c.region,"
             " c.chased_on, v.grade from (select id, case_id from case_weigh_mark where"
             " case when $2 is null then " IS_FREE " else case_id = $2 end order by id limit $1) m"
             " join cases c on c.id = m.case_id"
             " left join customer_seen k on k.customer_id = c.customer_id"
             " left join customer_seen v on v.customer_id = coalesce(k.counts_as,"
             " k.customer_id) order by c.id, m.id",
         .params = {PG_INT8, PG_ID}},
    [CASE_WEIGH_CLOCKS] = {.name = "case_weigh_clocks",
                           .sql = "select " CASE_CLOCK_COLUMNS " from clock k"
                                  " where k.case_id = any($1) and k.state in (1, 2)"
                                  " order by k.case_id, k.id",
                           .params = {PG_IDS}},
    [CASE_WEIGH_SAVE] =
        {.name = "case_weigh_save",
         .sql = "with q as (select * from unnest($1, $2, $3) as t(id, version, priority)),"
                " saved as (update cases c set priority = q.priority, version = q.version + 1"
                " from q where c.id = q.id and c.version = q.version returning 1)"
                " select stale_unless((select count(*) from saved) = cardinality($1))",
         .params = {PG_IDS, PG_INT8S, PG_INT4S},
         .write = true,
         .merge = true,
         .rank = 42},
    [CASE_WEIGH_UNMARK] = {.name = "case_weigh_unmark",
                           .sql = "with held as materialized (select id from case_weigh_mark"
                                  " where id = any($1) order by id for update) delete from"
                                  " case_weigh_mark m using held where m.id = held.id",
                           .params = {PG_INT8S},
                           .write = true,
                           .merge = true,
                           .rank = 131},
};
const size_t case_weigh_statement_count = COUNT_OF(case_weigh_statements);

void case_weigh_mark(struct request *req, const struct id *customer)
{
    pg_put_id(flow_write(req, &case_weigh_statements[CASE_WEIGH_MARK]), 0, customer);
    sweep_wake(req, req->now_us);
}

static void fill_case(const struct pg_rows *rows, int row, struct arena *arena,
                      struct case_weighed *out)
{
    struct case_file *file = &out->file;
    struct text grade = pg_keep_text(rows, row, 11, arena);

    out->mark = pg_get_int8(rows, row, 0);
    file->id = pg_get_id(rows, row, 1);
    file->version = pg_get_int8(rows, row, 2);
    file->kind = (enum case_kind)pg_get_int4(rows, row, 3);
    file->state = (enum case_state)pg_get_int4(rows, row, 4);
    file->severity = (enum severity)pg_get_int4(rows, row, 5);
    file->priority = (enum priority)pg_get_int4(rows, row, 6);
    file->handler = pg_get_id(rows, row, 7);
    file->team = pg_keep_text(rows, row, 8, arena);
    file->region = pg_keep_text(rows, row, 9, arena);
    file->chased_day = pg_get_date_or_none(rows, row, 10);
    out->customer.grade = grade.bytes > 0 ? grade.at[0] : ' ';
}

static void fill(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct case_weighed_list *out = owner;
    size_t count = (size_t)pg_row_count(rows);

    out->list = arena_take_array(arena, count, sizeof(*out->list));
    if (!out->list)
        return;
    for (size_t i = 0; i < count; i++)
        fill_case(rows, (int)i, arena, &out->list[i]);
    out->count = count;
}

void case_weigh_list(struct request *req, int64_t max, const struct id *only,
                     struct case_weighed_list *out)
{
    const struct pg_statement *statement = &case_weigh_statements[CASE_WEIGH_LIST];
    struct pg_args *args = pg_args_new(req->arena, statement);

    *out = (struct case_weighed_list){0};
    pg_put_int8(args, 0, max);
    pg_put_id_or_null(args, 1, only);
    flow_ask(req, statement, args, fill, out);
}

/* Cases and clocks come in the order of the cases. */
static void fill_clocks(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct case_weighed_list *cases = owner;
    size_t at = 0;

    for (int row = 0; row < pg_row_count(rows); row++) {
        struct clock_row clock, *added;

        case_clock_get(rows, row, arena, &clock);
        while (at < cases->count &&
               memcmp(&cases->list[at].file.id, &clock.case_id, sizeof(clock.case_id)) < 0)
            at++;
        if (at == cases->count)
            return;
        added = case_clock_add(&cases->list[at].clocks, arena);
        if (added)
            *added = clock;
    }
}

void case_weigh_clocks(struct request *req, struct case_weighed_list *cases)
{
    const struct pg_statement *statement = &case_weigh_statements[CASE_WEIGH_CLOCKS];
    struct pg_args *args = pg_args_new(req->arena, statement);

    for (size_t i = 0; i < cases->count; i++)
        pg_put_id(args, 0, &cases->list[i].file.id);
    flow_ask(req, statement, args, fill_clocks, cases);
}

void case_weigh_save(struct request *req, const struct case_file *file)
{
    struct pg_args *args;

    cases_hold(req, &file->id);
    args = flow_write(req, &case_weigh_statements[CASE_WEIGH_SAVE]);
    pg_put_id(args, 0, &file->id);
    pg_put_int8(args, 1, file->version);
    pg_put_int4(args, 2, (int32_t)file->priority);
}

void case_weigh_unmark(struct request *req, int64_t mark)
{
    pg_put_int8(flow_write(req, &case_weigh_statements[CASE_WEIGH_UNMARK]), 0, mark);
}
