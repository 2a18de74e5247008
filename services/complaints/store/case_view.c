#include "services/complaints/store/case_view.h"

enum {
    HISTORY,
    SUBTASKS,
    ACTIONS,
    LESSONS,
    RELATIONS,
};

#define QUESTION PG_TEXT, PG_ID, PG_TEXT, PG_TEXT
#define NAMED CASES_ID("$1", "$2", "$3", "$4")
#define PARTS_AND_ONE "501"

const struct pg_statement case_view_statements[] = {
    [HISTORY] = {.name = "case_view_history",
                 .sql = "select at, act, from_state, to_state, by, reason, detail, id"
                        " from case_entry where case_id = " NAMED
                        " and ($6::uuid is null or id < $6) order by id desc limit $5",
                 .params = {QUESTION, PG_INT8, PG_ID}},
    [SUBTASKS] = {.name = "case_view_subtasks",
                  .sql = "select id, unit, owner, text, due_at, result, done_at, done_by"
                         " from case_subtask where case_id = " NAMED
                         " order by id desc limit " PARTS_AND_ONE,
                  .params = {QUESTION}},
    [ACTIONS] = {.name = "case_view_actions",
                 .sql = "select id, kind, text, owner, due_on, verified_on, verified_by,"
                        " improvement_id from case_action where case_id = " NAMED
                        " order by id desc limit " PARTS_AND_ONE,
                 .params = {QUESTION}},
    [LESSONS] = {.name = "case_view_lessons",
                 .sql = "select id, text, cause, same_as, none_because from case_lesson"
                        " where case_id = " NAMED " order by id desc limit " PARTS_AND_ONE,
                 .params = {QUESTION}},
    /* 1: it is a duplicate of, 2: it recurs of, 3: it may be the same as, 4: who is recused. */
    [RELATIONS] = {.name = "case_view_relations",
                   .sql = "with c as (select id, duplicate_of, recurs_of from cases"
                          " where id = " NAMED "),"
                          " others as (select s.other_id as id from c join case_similar s"
                          " on s.case_id = c.id limit 20)"
                          " select 1, o.number from c join cases o on o.id = c.duplicate_of"
                          " union all select 2, o.number from c join cases o on o.id = c.recurs_of"
                          " union all select 3, o.number from others join cases o"
                          " on o.id = others.id"
                          " union all select 4, coalesce(s.code, r.staff_id::text) from c"
                          " join case_recusal r on r.case_id = c.id"
                          " left join staff_seen s on s.staff_id = r.staff_id order by 1, 2",
                   .params = {QUESTION}},
};
const size_t case_view_statement_count = COUNT_OF(case_view_statements);

static struct pg_args *ask_of(struct request *req, int statement,
                              const struct cases_question *question)
{
    struct pg_args *args = pg_args_new(req->arena, &case_view_statements[statement]);

    cases_put_question(args, 0, question);
    return args;
}

static void fill_history(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct case_history *out = owner;
    int count = pg_row_count(rows);

    out->list = arena_take_array(arena, (size_t)count, sizeof(*out->list));
    for (int i = 0; out->list && i < count; i++)
        out->list[out->count++] = (struct cases_entry){
            .at_us = pg_get_time(rows, i, 0),
            .act = pg_copy_text(rows, i, 1, arena),
            .from = (enum case_state)pg_get_int4(rows, i, 2),
            .to = (enum case_state)pg_get_int4(rows, i, 3),
            .by = pg_copy_text(rows, i, 4, arena),
            .reason = pg_keep_text(rows, i, 5, arena),
            .detail = pg_copy_text(rows, i, 6, arena),
            .id = pg_get_id(rows, i, 7),
        };
}

void case_view_list_history(struct request *req, const struct cases_question *question,
                            const struct id *before, uint32_t max, struct case_history *out)
{
    struct pg_args *args = ask_of(req, HISTORY, question);

    *out = (struct case_history){0};
    pg_put_int8(args, 4, max);
    pg_put_id_or_null(args, 5, before);
    flow_ask(req, &case_view_statements[HISTORY], args, fill_history, out);
}

/* Rows come latest first and are shown in the order they were made; the one beyond the most tells
 * that there are more. */
static int take_count(const struct pg_rows *rows, struct case_parts *out)
{
    int count = pg_row_count(rows);

    out->has_more |= count > CASE_VIEW_PARTS;
    return count > CASE_VIEW_PARTS ? CASE_VIEW_PARTS : count;
}

static void fill_subtasks(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct case_parts *out = owner;
    int count = take_count(rows, out);

    out->subtasks = arena_take_array(arena, (size_t)count, sizeof(*out->subtasks));
    for (int i = count - 1; out->subtasks && i >= 0; i--)
        out->subtasks[out->subtask_count++] = (struct case_subtask){
            .id = pg_get_id(rows, i, 0),
            .unit = pg_keep_text(rows, i, 1, arena),
            .owner = pg_keep_text(rows, i, 2, arena),
            .text = pg_keep_text(rows, i, 3, arena),
            .due_us = pg_get_time(rows, i, 4),
            .result = pg_keep_text(rows, i, 5, arena),
            .done_us = pg_get_time(rows, i, 6),
            .done_by = pg_keep_text(rows, i, 7, arena),
        };
}

static enum case_action_kind action_kind_of(struct text name)
{
    for (int kind = 1; kind < CASE_ACTION_KINDS; kind++) {
        const char *known = case_action_kinds[kind];
        size_t bytes = 0;

        while (bytes < name.bytes && known[bytes] == name.at[bytes] && known[bytes])
            bytes++;
        if (bytes == name.bytes && known[bytes] == '\0')
            return (enum case_action_kind)kind;
    }
    return CASE_ACTION_IS_NONE;
}

static void fill_actions(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct case_parts *out = owner;
    int count = take_count(rows, out);

    out->actions = arena_take_array(arena, (size_t)count, sizeof(*out->actions));
    for (int i = count - 1; out->actions && i >= 0; i--)
        out->actions[out->action_count++] = (struct case_action){
            .id = pg_get_id(rows, i, 0),
            .kind = action_kind_of(pg_get_text(rows, i, 1)),
            .text = pg_keep_text(rows, i, 2, arena),
            .owner = pg_keep_text(rows, i, 3, arena),
            .due_day = pg_get_date_or_none(rows, i, 4),
            .verified_day = pg_get_date_or_none(rows, i, 5),
            .verified_by = pg_keep_text(rows, i, 6, arena),
            .improvement = pg_get_id(rows, i, 7),
        };
}

static void fill_lessons(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct case_parts *out = owner;
    int count = take_count(rows, out);

    out->lessons = arena_take_array(arena, (size_t)count, sizeof(*out->lessons));
    for (int i = count - 1; out->lessons && i >= 0; i--)
        out->lessons[out->lesson_count++] = (struct case_lesson){
            .id = pg_get_id(rows, i, 0),
            .text = pg_keep_text(rows, i, 1, arena),
            .cause = pg_keep_text(rows, i, 2, arena),
            .same_as = pg_get_id(rows, i, 3),
            .none_because = pg_keep_text(rows, i, 4, arena),
        };
}

void case_view_list_parts(struct request *req, const struct cases_question *question,
                          struct case_parts *out)
{
    *out = (struct case_parts){0};
    flow_ask(req, &case_view_statements[SUBTASKS], ask_of(req, SUBTASKS, question), fill_subtasks,
             out);
    flow_ask(req, &case_view_statements[ACTIONS], ask_of(req, ACTIONS, question), fill_actions,
             out);
    flow_ask(req, &case_view_statements[LESSONS], ask_of(req, LESSONS, question), fill_lessons,
             out);
}

static void fill_relations(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct case_relations *out = owner;
    int count = pg_row_count(rows);

    out->similar = arena_take_array(arena, (size_t)count, sizeof(*out->similar));
    out->recused = arena_take_array(arena, (size_t)count, sizeof(*out->recused));
    for (int i = 0; out->similar && out->recused && i < count; i++) {
        struct text name = pg_keep_text(rows, i, 1, arena);

        switch (pg_get_int4(rows, i, 0)) {
        case 1:
            out->duplicate_of = name;
            break;
        case 2:
            out->recurs_of = name;
            break;
        case 3:
            out->similar[out->similar_count++] = name;
            break;
        default:
            out->recused[out->recused_count++] = name;
        }
    }
}

void case_view_list_relations(struct request *req, const struct cases_question *question,
                              struct case_relations *out)
{
    *out = (struct case_relations){0};
    flow_ask(req, &case_view_statements[RELATIONS], ask_of(req, RELATIONS, question),
             fill_relations, out);
}
