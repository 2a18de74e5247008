#include "services/complaints/store/case_part_list.h"

#include "common/service.h"

enum {
    LIST_IMPROVEMENTS,
    LIST_TASKS,
    SEARCH_LESSONS,
};

/* What has no due moment comes last. */
#define NEVER "'9999-12-31 00:00+00'::timestamptz"
/* An action is due when its day is over. */
#define OWED                                                                                       \
    "select s.id, false as is_action, s.case_id, s.text, s.owner, s.unit,"                         \
    " coalesce(s.due_at, " NEVER ") as due from case_subtask s where s.done_at is null"            \
    " union all select a.id, true, a.case_id, a.text, a.owner, '',"                                \
    " (a.due_on + 1)::timestamp at time zone $6 from case_action a"                                \
    " where a.verified_on is null and a.improvement_id is null"

const struct pg_statement case_part_list_statements[] = {
    [LIST_IMPROVEMENTS] =
        {.name = "case_part_list_improvements",
         .sql = "select id, text, owner, cause, effect, due_on, done_on from improvement"
                " where (not $1 or done_on is null) and (not $2 or (done_on is null"
                " and due_on < $3)) and ($4 = '' or owner = $4)"
                " and ($6 is null or (due_on, id) > ($5, $6)) order by due_on, id limit $7",
         .params = {PG_BOOL, PG_BOOL, PG_DATE, PG_TEXT, PG_DATE, PG_ID, PG_INT8},
         .slow = true},
    [LIST_TASKS] =
        {.name = "case_part_list_tasks",
         .sql = "select t.id, t.is_action, c.number, case when t.owner = $7 or " SIGHT_PERSON(
             "c", "$10", "$11",
             "$12") " then t.text else '' end, t.owner, t.unit,"
                    " t.due from (" OWED ") t join cases c on c.id = t.case_id"
                    " where (t.is_action or c.state not in (9, 11, 12, 13, 14))"
                    " and ($1 = '' or t.owner = $1) and ($2 = '' or t.unit = $2)"
                    " and ($3 is null or t.due < $3) and ($5 is null or (t.due, t.id) > ($4, $5))"
                    " and (($7 <> '' and t.owner = $7) or ($8 <> '' and t.unit = $8) or " SIGHT_FILTER(
                        "c", "$9", "$12", "$13") ") order by t.due, t.id limit $14",
         .params = {PG_TEXT, PG_TEXT, PG_TIME, PG_TIME, PG_ID, PG_TEXT, PG_TEXT, PG_TEXT,
                    SIGHT_PARAMS, PG_INT8},
         .slow = true},
    /* The grams of the index find, in order; the words decide, one by one until the page is full.
     */
    [SEARCH_LESSONS] =
        {.name = "case_part_search_lessons",
         .sql = "select l.id, l.text, l.cause, c.number, c.product, c.issue from"
                " (select l.id, l.case_id, l.text, l.cause from case_lesson l where l.text <> ''"
                " and ($1 = '' or lesson_grams(l.text) @> lesson_query($1))"
                " and ($2 = '' or l.cause = $2) and ($3 is null or l.id < $3)"
                " order by l.id desc offset 0) l join cases c on c.id = l.case_id"
                " where not exists (select 1 from unnest(lesson_words($1)) w"
                " where strpos(lesson_key(l.text), w) = 0)"
                " and " SIGHT_PERSON("c", "$6", "$7", "$8") " order by l.id desc limit $4",
         .params = {PG_TEXT, PG_TEXT, PG_ID, PG_INT8, SIGHT_PARAMS},
         .slow = true,
         .varies = true},
};
const size_t case_part_list_statement_count = COUNT_OF(case_part_list_statements);

static void put_text(struct pg_args *args, int i, struct text text)
{
    pg_put_text_n(args, i, text.at ? text.at : "", text.bytes);
}

static void fill_improvements(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct improvements *out = owner;
    int count = pg_row_count(rows);

    out->list = arena_take_array(arena, (size_t)count, sizeof(*out->list));
    for (int i = 0; out->list && i < count; i++)
        out->list[out->count++] = (struct improvement){
            .id = pg_get_id(rows, i, 0),
            .text = pg_keep_text(rows, i, 1, arena),
            .owner = pg_keep_text(rows, i, 2, arena),
            .cause = pg_keep_text(rows, i, 3, arena),
            .effect = pg_keep_text(rows, i, 4, arena),
            .due_day = pg_get_date_or_none(rows, i, 5),
            .done_day = pg_get_date_or_none(rows, i, 6),
        };
}

/* Where the page begins, in the parameters `i` and the next. */
static void put_after(struct pg_args *args, int i, const struct case_part_page *page, bool is_day)
{
    if (!page->has_after) {
        pg_put_null(args, i);
        pg_put_null(args, i + 1);
        return;
    }
    if (is_day)
        pg_put_date(args, i, (int32_t)(page->place / DAY_US));
    else
        pg_put_time(args, i, page->place);
    pg_put_id(args, i + 1, &page->after);
}

void case_part_list_improvements(struct request *req, const struct improvement_question *question,
                                 int32_t today, struct improvements *out)
{
    const struct pg_statement *statement = &case_part_list_statements[LIST_IMPROVEMENTS];
    struct pg_args *args = pg_args_new(req->arena, statement);

    *out = (struct improvements){.count = 0};
    pg_put_bool(args, 0, question->only_open);
    pg_put_bool(args, 1, question->only_overdue);
    pg_put_date(args, 2, today);
    put_text(args, 3, question->owner);
    put_after(args, 4, &question->page, true);
    pg_put_int8(args, 6, (int64_t)question->page.size + 1);
    flow_ask(req, statement, args, fill_improvements, out);
}

#define NEVER_US (INT64_C(253402214400) * SECOND_US) /* NEVER of the statement */

static void fill_tasks(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct case_tasks *out = owner;
    int count = pg_row_count(rows);

    out->list = arena_take_array(arena, (size_t)count, sizeof(*out->list));
    for (int i = 0; out->list && i < count; i++)
        out->list[out->count++] = (struct case_task){
            .id = pg_get_id(rows, i, 0),
            .is_action = pg_get_bool(rows, i, 1),
            .case_number = pg_keep_text(rows, i, 2, arena),
            .text = pg_keep_text(rows, i, 3, arena),
            .owner = pg_keep_text(rows, i, 4, arena),
            .unit = pg_keep_text(rows, i, 5, arena),
            .due_us = pg_get_time(rows, i, 6) == NEVER_US ? 0 : pg_get_time(rows, i, 6),
        };
}

void case_part_list_tasks(struct request *req, const struct case_task_question *question,
                          const struct sight *sight, const char *owner, const char *unit,
                          struct case_tasks *out)
{
    const struct pg_statement *statement = &case_part_list_statements[LIST_TASKS];
    struct pg_args *args = pg_args_new(req->arena, statement);
    struct case_part_page page = question->page;

    *out = (struct case_tasks){.count = 0};
    if (page.place == 0)
        page.place = NEVER_US;
    put_text(args, 0, question->owner);
    put_text(args, 1, question->unit);
    if (question->only_overdue)
        pg_put_time(args, 2, req->now_us);
    else
        pg_put_null(args, 2);
    put_after(args, 3, &page, false);
    pg_put_text(args, 5, req->service->zone.name);
    pg_put_text(args, 6, owner);
    pg_put_text(args, 7, unit);
    sight_put(sight, args, 8);
    pg_put_int8(args, 13, (int64_t)page.size + 1);
    flow_ask(req, statement, args, fill_tasks, out);
}

static void fill_lessons(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct found_lessons *out = owner;
    int count = pg_row_count(rows);

    out->list = arena_take_array(arena, (size_t)count, sizeof(*out->list));
    for (int i = 0; out->list && i < count; i++)
        out->list[out->count++] = (struct found_lesson){
            .lesson = {.id = pg_get_id(rows, i, 0),
                       .text = pg_keep_text(rows, i, 1, arena),
                       .cause = pg_keep_text(rows, i, 2, arena)},
            .case_number = pg_keep_text(rows, i, 3, arena),
            .product = pg_keep_text(rows, i, 4, arena),
            .issue = pg_keep_text(rows, i, 5, arena),
        };
}

void case_part_search_lessons(struct request *req, const struct case_lesson_question *question,
                              const struct sight *sight, struct found_lessons *out)
{
    const struct pg_statement *statement = &case_part_list_statements[SEARCH_LESSONS];
    struct pg_args *args = pg_args_new(req->arena, statement);

    *out = (struct found_lessons){.count = 0};
    put_text(args, 0, question->query);
    put_text(args, 1, question->cause);
    if (question->page.has_after)
        pg_put_id(args, 2, &question->page.after);
    else
        pg_put_null(args, 2);
    pg_put_int8(args, 3, (int64_t)question->page.size + 1);
    sight_put(sight, args, 4);
    flow_ask(req, statement, args, fill_lessons, out);
}
