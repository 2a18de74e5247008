/*
 * The work lists: open cases by the priority of today, then by what is due first. Each of them has
 * an index of its own, along which a page is read.
 */
#include "services/complaints/store/case_list.h"

#include "services/complaints/store/cases.h"

enum {
    FIND_RAISED = CASE_QUEUE_UNASSIGNED_OF_TEAM + 1,
    SETTLE,
};

/* 1 handler, 2 team; after: 3 priority, 4 due, 5 case; 6 limit, then the sight. */
#define PARAMS                                                                                     \
    {                                                                                              \
        PG_ID, PG_TEXT, PG_INT4, PG_TIME, PG_ID, PG_INT8, SIGHT_PARAMS                             \
    }
#define PAGE                                                                                       \
    " and (-q.priority, q.due_at, q.case_id) > (coalesce($3, -99),"                                \
    " coalesce($4, 'infinity'), coalesce($5, '00000000-0000-0000-0000-000000000000'))"
#define LIST(called, which)                                                                        \
    {                                                                                              \
        .name = called,                                                                            \
        .sql = "select " CASE_LIST_COLUMNS(                                                        \
            "q.priority", "nullif(q.due_at, 'infinity')", "$8", "$9",                              \
            "$10") " from case_queue q cross join lateral (select * from cases"                    \
                   " where id = q.case_id offset 0) c" CASE_LIST_JOINS " where " which PAGE        \
                   " and " SIGHT_FILTER(                                                           \
                       "c", "$7", "$10",                                                           \
                       "$11") " order by (-q.priority), q.due_at, q.case_id limit $6",             \
        .params = PARAMS,                                                                          \
    }

const struct pg_statement case_queue_statements[] = {
    [CASE_QUEUE_OF_ALL] = LIST("case_queue_of_all", "true"),
    [CASE_QUEUE_OF_HANDLER] = LIST("case_queue_of_handler", "q.handler_id = $1"),
    [CASE_QUEUE_OF_TEAM] = LIST("case_queue_of_team", "q.team = $2 and q.team <> ''"),
    [CASE_QUEUE_UNASSIGNED] = LIST("case_queue_unassigned", "q.handler_id is null"),
    [CASE_QUEUE_UNASSIGNED_OF_TEAM] = LIST("case_queue_unassigned_of_team",
                                           "q.team = $2 and q.team <> '' and q.handler_id is null"),
    [FIND_RAISED] = {.name = "case_queue_find_raised",
                     .sql = "select count(*) from case_queue where raised_on < $1",
                     .params = {PG_DATE}},
    [SETTLE] = {.name = "case_queue_settle",
                .sql = "update case_queue q set priority = c.priority, raised_on = null"
                       " from cases c where c.id = q.case_id and q.raised_on < $1",
                .params = {PG_DATE},
                .write = true,
                .rank = 116},
};
const size_t case_queue_statement_count = COUNT_OF(case_queue_statements);

void case_queue_list(struct request *req, const struct case_queue_question *question,
                     const struct sight *sight, struct case_summaries *out)
{
    const struct pg_statement *statement = &case_queue_statements[question->of];
    struct pg_args *args = pg_args_new(req->arena, statement);

    pg_put_id(args, 0, &question->handler);
    pg_put_text_n(args, 1, question->team.at ? question->team.at : "", question->team.bytes);
    if (question->has_after) {
        pg_put_int4(args, 2, -(int32_t)question->after_priority);
        pg_put_id(args, 4, &question->after);
    } else {
        pg_put_null(args, 2);
        pg_put_null(args, 4);
    }
    if (question->has_after && question->after_due_us != CLOCK_NEVER)
        pg_put_time(args, 3, question->after_due_us);
    else
        pg_put_null(args, 3);
    pg_put_int8(args, 5, (int64_t)question->page_size + 1);
    sight_put(sight, args, 6);
    *out = (struct case_summaries){.count = 0};
    flow_ask(req, statement, args, case_list_fill, out);
}

static void fill_count(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    *(int64_t *)out = pg_get_int8(rows, 0, 0);
}

void case_queue_find_raised(struct request *req, int32_t today, int64_t *count)
{
    struct pg_args *args = pg_args_new(req->arena, &case_queue_statements[FIND_RAISED]);

    *count = 0;
    pg_put_date(args, 0, today);
    flow_ask(req, &case_queue_statements[FIND_RAISED], args, fill_count, count);
}

void case_queue_settle(struct request *req, int32_t today)
{
    cases_hold_raised(req, today);
    pg_put_date(flow_write(req, &case_queue_statements[SETTLE]), 0, today);
}
