#include "services/complaints/store/due_clock.h"

#include "common/sweep.h"
#include "services/complaints/store/cases.h"

#define IS_FREE SWEEP_IS_FREE("clocks", "k.id")

const struct pg_statement due_clock_statements[] = {
    /* By the first of the index, whatever a plan for any moment thinks of how many are due. */
    [DUE_CLOCK_OUTLOOK] = {.name = "due_clock_outlook",
                           .sql = "select coalesce((select next_at from clock k where next_at is"
                                  " not null and " IS_FREE " order by next_at limit 1) <= $1,"
                                  " false), (select next_at from clock where next_at > $1"
                                  " order by next_at limit 1)",
                           .params = {PG_TIME}},
    /* One walk of the index, whatever a plan without the parameters thinks. */
    [DUE_CLOCK_LIST] = {.name = "due_clock_list",
                        .sql = "select " CASE_CLOCK_COLUMNS ", c.handler_id, c.priority::integer,"
                               " c.state::integer from (select * from clock k where next_at <= $1"
                               " and case when $3 is null then " IS_FREE " else k.id = $3 end"
                               " order by next_at limit $2) k join cases c on c.id = k.case_id"
                               " order by k.next_at, k.case_id, k.id",
                        .params = {PG_TIME, PG_INT8, PG_ID}},
    /* The names are those of clock_kind_name. Nobody owes the automatic receipt, the first kind:
     * work lists go by the others. */
    [DUE_CLOCK_REQUEUE] =
        {.name = "due_clock_requeue",
         .sql = "with f as (select t.id, k.due_at, k.kind from (select distinct id"
                " from unnest($1) as u(id)) t left join lateral"
                " (select due_at, kind from clock where case_id = t.id and state = 1"
                " and kind > 1 order by due_at, id limit 1) k on true)"
                " update case_queue q set due_at = coalesce(f.due_at, 'infinity'),"
                " due_kind = coalesce((array['auto_acknowledge', 'acknowledge',"
                " 'first_response', 'progress', 'resolution', 'confirmation', 'regulatory',"
                " 'action'])[f.kind], '') from f where q.case_id = f.id",
         .params = {PG_IDS},
         .write = true,
         .merge = true,
         .rank = 117},
};
const size_t due_clock_statement_count = COUNT_OF(due_clock_statements);

static void fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct due_clocks *due = out;
    size_t count = (size_t)pg_row_count(rows);

    due->list = arena_take_array(arena, count, sizeof(*due->list));
    if (!due->list)
        return;
    for (size_t i = 0; i < count; i++) {
        struct due_clock *clock = &due->list[i];
        int row = (int)i;

        case_clock_get(rows, row, arena, &clock->row);
        clock->handler = pg_get_id(rows, row, CASE_CLOCK_COLUMN_COUNT);
        clock->priority = (enum priority)pg_get_int4(rows, row, CASE_CLOCK_COLUMN_COUNT + 1);
        clock->state = (enum case_state)pg_get_int4(rows, row, CASE_CLOCK_COLUMN_COUNT + 2);
    }
    due->count = count;
}

void due_clock_list(struct request *req, int64_t max, const struct id *only, struct due_clocks *out)
{
    const struct pg_statement *statement = &due_clock_statements[DUE_CLOCK_LIST];
    struct pg_args *args = pg_args_new(req->arena, statement);

    *out = (struct due_clocks){0};
    pg_put_time(args, 0, req->now_us);
    pg_put_int8(args, 1, max);
    pg_put_id_or_null(args, 2, only);
    flow_ask(req, statement, args, fill, out);
}

void due_clock_requeue(struct request *req, const struct id *case_id)
{
    cases_hold(req, case_id);
    pg_put_id(flow_write(req, &due_clock_statements[DUE_CLOCK_REQUEUE]), 0, case_id);
}
