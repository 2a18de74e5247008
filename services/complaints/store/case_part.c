#include "services/complaints/store/case_part.h"

#include <string.h>

enum {
    FIND_SUBTASK,
    FIND_ACTION,
    FIND_LESSON,
    FIND_REFERRED,
    PUT_SUBTASK,
    PUT_ACTION,
    PUT_LESSON,
    MOVE_LESSONS,
    FIND_IMPROVEMENT,
    PUT_IMPROVEMENT,
    FIND_RATING_FACTS,
    ADD_RATING,
    ADD_ATTEMPT,
};

/* One row always: the part, if it is there, and how many there are. */
#define FIND_PART(called, columns, table)                                                          \
    {                                                                                              \
        .name = called,                                                                            \
        .sql = "select p.id, (select count(*)::int from " table " where case_id = $1), " columns   \
               " from (select 1) one left join " table " p on p.case_id = $1 and p.id = $2",       \
        .params = {PG_ID, PG_ID},                                                                  \
    }

/* What a person did with a case that makes it his own: everything but what complainants say. */
#define FOREIGN_ACTS "('open', 'reply', 'rate', 'chase', 'note')"

const struct pg_statement case_part_statements[] = {
    [FIND_SUBTASK] = FIND_PART("case_part_find_subtask",
                               "p.unit, p.owner, p.text, p.result, p.done_by, p.due_at, p.done_at",
                               "case_subtask"),
    [FIND_ACTION] = FIND_PART("case_part_find_action",
                              "p.kind, p.text, p.owner, p.verified_by, p.due_on, p.verified_on,"
                              " p.improvement_id",
                              "case_action"),
    [FIND_LESSON] = FIND_PART("case_part_find_lesson", "p.text, p.cause, p.same_as, p.none_because",
                              "case_lesson"),
    [FIND_REFERRED] = {.name = "case_part_find_referred",
                       .sql = "select l.case_id, c.cause, l.text <> '' from case_lesson l"
                              " join cases c on c.id = l.case_id where l.id = $1",
                       .params = {PG_ID}},
    [PUT_SUBTASK] = {.name = "case_part_put_subtask",
                     .sql = "insert into case_subtask (case_id, id, unit, owner, text, result,"
                            " done_by, due_at, done_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
                            " on conflict (case_id, id) do update set unit = excluded.unit,"
                            " owner = excluded.owner, text = excluded.text,"
                            " result = excluded.result, done_by = excluded.done_by,"
                            " due_at = excluded.due_at, done_at = excluded.done_at",
                     .params = {PG_ID, PG_ID, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_TIME,
                                PG_TIME},
                     .write = true,
                     .rank = 60},
    [PUT_ACTION] = {.name = "case_part_put_action",
                    .sql = "insert into case_action (case_id, id, kind, text, owner, verified_by,"
                           " due_on, verified_on, improvement_id)"
                           " values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
                           " on conflict (case_id, id) do update set kind = excluded.kind,"
                           " text = excluded.text, owner = excluded.owner,"
                           " verified_by = excluded.verified_by, due_on = excluded.due_on,"
                           " verified_on = excluded.verified_on,"
                           " improvement_id = excluded.improvement_id",
                    .params = {PG_ID, PG_ID, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_DATE, PG_DATE,
                               PG_ID},
                    .write = true,
                    .rank = 61},
    [PUT_LESSON] = {.name = "case_part_put_lesson",
                    .sql = "insert into case_lesson (case_id, id, text, cause, same_as,"
                           " none_because) values ($1, $2, $3, $4, $5, $6)"
                           " on conflict (case_id, id) do update set text = excluded.text,"
                           " cause = excluded.cause, same_as = excluded.same_as,"
                           " none_because = excluded.none_because",
                    .params = {PG_ID, PG_ID, PG_TEXT, PG_TEXT, PG_ID, PG_TEXT},
                    .write = true,
                    .rank = 62},
    [MOVE_LESSONS] = {.name = "case_part_move_lessons",
                      .sql = "update case_lesson set cause = $3 where case_id = $1"
                             " and cause in ('', $2)",
                      .params = {PG_ID, PG_TEXT, PG_TEXT},
                      .write = true,
                      .rank = 62},
    [FIND_IMPROVEMENT] = {.name = "case_part_find_improvement",
                          .sql = "select id, text, owner, cause, effect, due_on, done_on"
                                 " from improvement where id = $1",
                          .params = {PG_ID}},
    [PUT_IMPROVEMENT] = {.name = "case_part_put_improvement",
                         .sql = "insert into improvement as i (id, text, owner, cause, effect,"
                                " due_on, done_on) values ($1, $2, $3, $4, $5,"
                                " coalesce($6, '9999-12-31'), $7) on conflict (id) do update set"
                                " text = coalesce(nullif($2, ''), i.text),"
                                " owner = coalesce(nullif($3, ''), i.owner),"
                                " cause = coalesce(nullif($4, ''), i.cause),"
                                " effect = coalesce(nullif($5, ''), i.effect),"
                                " due_on = coalesce($6, i.due_on),"
                                " done_on = coalesce($7, i.done_on)",
                         .params = {PG_ID, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_DATE, PG_DATE},
                         .write = true,
                         .rank = 25},
    [FIND_RATING_FACTS] =
        {.name = "case_part_find_rating_facts",
         .sql = "select exists (select 1 from case_entry e where e.case_id = $1 and $2 <> ''"
                " and e.by = $2 and e.act not in " FOREIGN_ACTS "),"
                " exists (select 1 from case_message m where m.case_id = $1 and m.id = $3),"
                " (select max(c.invited_on) from cases c where c.customer_id = $4"
                " and ($5 is null or c.contact_id is null or c.contact_id = $5)),"
                " (select count(*)::int from case_rating r where r.case_id = $1)",
         .params = {PG_ID, PG_TEXT, PG_ID, PG_ID, PG_ID}},
    [ADD_RATING] = {.name = "case_part_add_rating",
                    .sql = "insert into case_rating (case_id, id, at, rating, text, by)"
                           " values ($1, $2, $3, $4, $5, $6)",
                    .params = {PG_ID, PG_ID, PG_TIME, PG_INT4, PG_TEXT, PG_TEXT},
                    .write = true,
                    .rank = 63},
    [ADD_ATTEMPT] = {.name = "case_part_add_attempt",
                     .sql = "insert into case_attempt (case_id, id, at, day, channel, outcome, by)"
                            " values ($1, $2, $3, $4, $5, $6, $7)",
                     .params = {PG_ID, PG_ID, PG_TIME, PG_DATE, PG_TEXT, PG_TEXT, PG_TEXT},
                     .write = true,
                     .rank = 64},
};
const size_t case_part_statement_count = COUNT_OF(case_part_statements);

/* --- reading --- */

static int32_t get_day(const struct pg_rows *rows, int i)
{
    return pg_get_date_or_none(rows, 0, i);
}

static enum case_action_kind kind_of(struct text name)
{
    for (int i = 1; case_action_kinds[i]; i++)
        if (name.bytes == strlen(case_action_kinds[i]) &&
            memcmp(name.at, case_action_kinds[i], name.bytes) == 0)
            return (enum case_action_kind)i;
    return CASE_ACTION_IS_NONE;
}

/* What all finds begin with. */
static bool fill_count(const struct pg_rows *rows, struct case_part_found *out)
{
    if (pg_row_count(rows) == 0)
        return false;
    out->found = !pg_is_null(rows, 0, 0);
    out->count = (size_t)pg_get_int4(rows, 0, 1);
    return out->found;
}

static void fill_subtask(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct case_part_found *out = owner;

    if (!fill_count(rows, out))
        return;
    out->subtask = (struct case_subtask){
        .id = pg_get_id(rows, 0, 0),
        .unit = pg_keep_text(rows, 0, 2, arena),
        .owner = pg_keep_text(rows, 0, 3, arena),
        .text = pg_keep_text(rows, 0, 4, arena),
        .result = pg_keep_text(rows, 0, 5, arena),
        .done_by = pg_keep_text(rows, 0, 6, arena),
        .due_us = pg_get_time(rows, 0, 7),
        .done_us = pg_get_time(rows, 0, 8),
    };
}

static void fill_action(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct case_part_found *out = owner;

    if (!fill_count(rows, out))
        return;
    out->action = (struct case_action){
        .id = pg_get_id(rows, 0, 0),
        .kind = kind_of(pg_get_text(rows, 0, 2)),
        .text = pg_keep_text(rows, 0, 3, arena),
        .owner = pg_keep_text(rows, 0, 4, arena),
        .verified_by = pg_keep_text(rows, 0, 5, arena),
        .due_day = get_day(rows, 6),
        .verified_day = get_day(rows, 7),
        .improvement = pg_get_id(rows, 0, 8),
    };
}

static void fill_lesson(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct case_part_found *out = owner;

    if (!fill_count(rows, out))
        return;
    out->lesson = (struct case_lesson){
        .id = pg_get_id(rows, 0, 0),
        .text = pg_keep_text(rows, 0, 2, arena),
        .cause = pg_keep_text(rows, 0, 3, arena),
        .same_as = pg_get_id(rows, 0, 4),
        .none_because = pg_keep_text(rows, 0, 5, arena),
    };
}

static void find_part(struct request *req, int statement, const struct id *case_id,
                      const struct id *id, pg_fill fill, struct case_part_found *out)
{
    struct pg_args *args = pg_args_new(req->arena, &case_part_statements[statement]);

    *out = (struct case_part_found){
        .action = {.due_day = CASE_PART_NO_DAY, .verified_day = CASE_PART_NO_DAY}};
    pg_put_id(args, 0, case_id);
    pg_put_id(args, 1, id);
    flow_ask(req, &case_part_statements[statement], args, fill, out);
}

void case_part_find_subtask(struct request *req, const struct id *case_id, const struct id *id,
                            struct case_part_found *out)
{
    find_part(req, FIND_SUBTASK, case_id, id, fill_subtask, out);
}

void case_part_find_action(struct request *req, const struct id *case_id, const struct id *id,
                           struct case_part_found *out)
{
    find_part(req, FIND_ACTION, case_id, id, fill_action, out);
}

void case_part_find_lesson(struct request *req, const struct id *case_id, const struct id *id,
                           struct case_part_found *out)
{
    find_part(req, FIND_LESSON, case_id, id, fill_lesson, out);
}

static void fill_referred(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct case_part_referred *out = owner;

    if (pg_row_count(rows) == 0)
        return;
    out->found = true;
    out->known.case_id = pg_get_id(rows, 0, 0);
    out->known.cause = pg_keep_text(rows, 0, 1, arena);
    out->known.is_own = pg_get_bool(rows, 0, 2);
}

void case_part_find_referred(struct request *req, const struct id *lesson,
                             struct case_part_referred *out)
{
    struct pg_args *args = pg_args_new(req->arena, &case_part_statements[FIND_REFERRED]);

    *out = (struct case_part_referred){.found = false};
    pg_put_id(args, 0, lesson);
    flow_ask(req, &case_part_statements[FIND_REFERRED], args, fill_referred, out);
}

static void fill_improvement(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct case_part_improvement *out = owner;

    if (pg_row_count(rows) == 0)
        return;
    out->found = true;
    out->improvement = (struct improvement){
        .id = pg_get_id(rows, 0, 0),
        .text = pg_keep_text(rows, 0, 1, arena),
        .owner = pg_keep_text(rows, 0, 2, arena),
        .cause = pg_keep_text(rows, 0, 3, arena),
        .effect = pg_keep_text(rows, 0, 4, arena),
        .due_day = get_day(rows, 5),
        .done_day = get_day(rows, 6),
    };
}

void case_part_find_improvement(struct request *req, const struct id *id,
                                struct case_part_improvement *out)
{
    struct pg_args *args = pg_args_new(req->arena, &case_part_statements[FIND_IMPROVEMENT]);

    *out = (struct case_part_improvement){
        .improvement = {.due_day = CASE_PART_NO_DAY, .done_day = CASE_PART_NO_DAY}};
    pg_put_id(args, 0, id);
    flow_ask(req, &case_part_statements[FIND_IMPROVEMENT], args, fill_improvement, out);
}

static void fill_rating_facts(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct case_part_rating_facts *out = owner;

    (void)arena;
    if (pg_row_count(rows) == 0)
        return;
    out->had_part = pg_get_bool(rows, 0, 0);
    out->is_invited = pg_get_bool(rows, 0, 1);
    out->invited_day = get_day(rows, 2);
    out->ratings = (size_t)pg_get_int4(rows, 0, 3);
}

/* --- writing --- */

static void put_text(struct pg_args *args, int i, struct text text)
{
    pg_put_text_n(args, i, text.at ? text.at : "", text.bytes);
}

void case_part_find_rating_facts(struct request *req, const struct id *case_id, const char *by,
                                 const struct id *invitation, const struct id *customer,
                                 const struct id *contact, struct case_part_rating_facts *out)
{
    struct pg_args *args = pg_args_new(req->arena, &case_part_statements[FIND_RATING_FACTS]);

    *out = (struct case_part_rating_facts){.invited_day = CASE_PART_NO_DAY};
    pg_put_id(args, 0, case_id);
    pg_put_text(args, 1, by);
    pg_put_id_or_null(args, 2, invitation);
    pg_put_id_or_null(args, 3, customer);
    pg_put_id_or_null(args, 4, contact);
    flow_ask(req, &case_part_statements[FIND_RATING_FACTS], args, fill_rating_facts, out);
}

void case_part_put_subtask(struct request *req, const struct id *case_id,
                           const struct case_subtask *subtask)
{
    struct pg_args *args = flow_write(req, &case_part_statements[PUT_SUBTASK]);

    pg_put_id(args, 0, case_id);
    pg_put_id(args, 1, &subtask->id);
    put_text(args, 2, subtask->unit);
    put_text(args, 3, subtask->owner);
    put_text(args, 4, subtask->text);
    put_text(args, 5, subtask->result);
    put_text(args, 6, subtask->done_by);
    pg_put_time_or_null(args, 7, subtask->due_us);
    pg_put_time_or_null(args, 8, subtask->done_us);
}

void case_part_put_action(struct request *req, const struct id *case_id,
                          const struct case_action *action)
{
    struct pg_args *args = flow_write(req, &case_part_statements[PUT_ACTION]);

    pg_put_id(args, 0, case_id);
    pg_put_id(args, 1, &action->id);
    pg_put_text(args, 2, case_action_kinds[action->kind]);
    put_text(args, 3, action->text);
    put_text(args, 4, action->owner);
    put_text(args, 5, action->verified_by);
    pg_put_date_or_null(args, 6, action->due_day);
    pg_put_date_or_null(args, 7, action->verified_day);
    pg_put_id_or_null(args, 8, &action->improvement);
}

void case_part_put_lesson(struct request *req, const struct id *case_id,
                          const struct case_lesson *lesson)
{
    struct pg_args *args = flow_write(req, &case_part_statements[PUT_LESSON]);

    pg_put_id(args, 0, case_id);
    pg_put_id(args, 1, &lesson->id);
    put_text(args, 2, lesson->text);
    put_text(args, 3, lesson->cause);
    pg_put_id_or_null(args, 4, &lesson->same_as);
    put_text(args, 5, lesson->none_because);
}

void case_part_move_lessons(struct request *req, const struct id *case_id, struct text former,
                            struct text cause)
{
    struct pg_args *args = flow_write(req, &case_part_statements[MOVE_LESSONS]);

    pg_put_id(args, 0, case_id);
    put_text(args, 1, former);
    put_text(args, 2, cause);
}

void case_part_put_improvement(struct request *req, const struct improvement *told)
{
    struct pg_args *args = flow_write(req, &case_part_statements[PUT_IMPROVEMENT]);

    pg_put_id(args, 0, &told->id);
    put_text(args, 1, told->text);
    put_text(args, 2, told->owner);
    put_text(args, 3, told->cause);
    put_text(args, 4, told->effect);
    pg_put_date_or_null(args, 5, told->due_day);
    pg_put_date_or_null(args, 6, told->done_day);
}

void case_part_add_rating(struct request *req, const struct id *case_id, const struct id *id,
                          uint32_t rating, struct text text, const char *by)
{
    struct pg_args *args = flow_write(req, &case_part_statements[ADD_RATING]);

    pg_put_id(args, 0, case_id);
    pg_put_id(args, 1, id);
    pg_put_time(args, 2, req->now_us);
    pg_put_int4(args, 3, (int32_t)rating);
    put_text(args, 4, text);
    pg_put_text(args, 5, by);
}

void case_part_add_attempt(struct request *req, const struct case_part_attempt *attempt)
{
    struct pg_args *args = flow_write(req, &case_part_statements[ADD_ATTEMPT]);

    pg_put_id(args, 0, &attempt->case_id);
    pg_put_id(args, 1, &attempt->id);
    pg_put_time(args, 2, attempt->at_us);
    pg_put_date(args, 3, attempt->day);
    pg_put_text(args, 4, attempt->channel);
    pg_put_text(args, 5, attempt->outcome);
    pg_put_text(args, 6, attempt->by);
}
