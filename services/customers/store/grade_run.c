#include "services/customers/store/grade_run.h"

enum {
    FIND_RUNNING,
    FIND,
    LIST,
    FIND_SIZE,
    ADD,
    SAVE,
    NOTE_FAILURE,
    FIND_TIMER,
    REMOVE_OLD_RESULTS,
};

#define COLUMNS                                                                                    \
    "select id, as_of, window_from, policy_version, policy, method, long_term_days, is_dry,"       \
    " holds_demotions, state, asked_by, started_at, finished_at, total, done, step, phase,"        \
    " last_customer, last_region, last_numerator_micros, place, place_rank, accumulated_micros,"   \
    " accumulated_before_micros, grades_a, grades_b, grades_c, changed, held, report, failure"     \
    " from grade_run"

const struct pg_statement grade_run_statements[] = {
    [FIND_RUNNING] = {.name = "grade_run_find_running", .sql = COLUMNS " where state = 'running'"},
    [FIND] = {.name = "grade_run_find", .sql = COLUMNS " where id = $1", .params = {PG_ID}},
    [LIST] = {.name = "grade_run_list",
              .sql = COLUMNS " order by started_at desc, id limit $1",
              .params = {PG_INT8}},
    [FIND_SIZE] = {.name = "grade_run_find_size",
                   .sql = "select count(*), count(*) filter (where party_type in"
                          " ('customer', 'channel')) from customer where not is_merged",
                   .slow = true},
    [ADD] = {.name = "grade_run_add",
             .sql = "insert into grade_run (id, as_of, window_from, policy_version, policy, method,"
                    " long_term_days, is_dry, holds_demotions, asked_by, started_at, total, state)"
                    " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'running')",
             .params = {PG_ID, PG_DATE, PG_DATE, PG_INT4, PG_TEXT, PG_INT4, PG_INT4, PG_BOOL,
                        PG_BOOL, PG_TEXT, PG_TIME, PG_INT8},
             .write = true,
             .rank = 60},
    [SAVE] = {.name = "grade_run_save",
              .sql =
                  "with saved as (update grade_run set step = step + 1, phase = $3, done = $4,"
                  " last_customer = $5, last_region = $6, last_numerator_micros = $7, place = $8,"
                  " place_rank = $9, accumulated_micros = $10, accumulated_before_micros = $11,"
                  " grades_a = $12, grades_b = $13, grades_c = $14, changed = $15, held = $16,"
                  " state = $17, finished_at = $18, report = $19, tries = 0, failure = $20"
                  " where id = $1 and step = $2 and state = 'running' returning 1)"
                  " select stale_unless(exists(select from saved))",
              .params = {PG_ID,   PG_INT8, PG_INT4, PG_INT8, PG_ID,   PG_TEXT, PG_INT8,
                         PG_INT8, PG_INT8, PG_INT8, PG_INT8, PG_INT8, PG_INT8, PG_INT8,
                         PG_INT8, PG_INT8, PG_TEXT, PG_TIME, PG_TEXT, PG_TEXT},
              .write = true,
              .rank = 60},
    [NOTE_FAILURE] = {.name = "grade_run_note_failure",
                      .sql = "update grade_run set tries = tries + 1, failure = $3,"
                             " state = case when tries + 1 < $4 then state else 'failed' end,"
                             " finished_at = case when tries + 1 < $4 then null else $5 end"
                             " where id = $1 and step = $2 and state = 'running'",
                      .params = {PG_ID, PG_INT8, PG_TEXT, PG_INT4, PG_TIME},
                      .write = true,
                      .rank = 60},
    [FIND_TIMER] = {.name = "grade_run_find_timer",
                    .sql = "select from timer where key = $1",
                    .params = {PG_TEXT}},
    [REMOVE_OLD_RESULTS] =
        {.name = "grade_run_remove_old_results",
         .sql = "delete from grade_result where (run_id, customer_id) in (select r.run_id,"
                " r.customer_id from grade_run g cross join lateral (select run_id, customer_id"
                " from grade_result where run_id = g.id limit $2) r"
                " where g.state <> 'running' and case when g.is_dry then g.finished_at < $1"
                " else g.started_at < (select max(started_at) from grade_run"
                " where state = 'finished' and not is_dry) end limit $2)",
         .params = {PG_TIME, PG_INT8},
         .write = true,
         .rank = 70},
};
const size_t grade_run_statement_count = COUNT_OF(grade_run_statements);

static const char *const state_names[] = {
    [GRADE_RUN_STATE_IS_RUNNING] = "running",
    [GRADE_RUN_STATE_IS_FINISHED] = "finished",
    [GRADE_RUN_STATE_IS_FAILED] = "failed",
};

static enum grade_run_state state_of(struct text name)
{
    /* The check of the column knows no others, and their first letters tell two of them. */
    if (name.bytes > 0 && name.at[0] == 'r')
        return GRADE_RUN_STATE_IS_RUNNING;
    return name.bytes > 1 && name.at[1] == 'i' ? GRADE_RUN_STATE_IS_FINISHED
                                               : GRADE_RUN_STATE_IS_FAILED;
}

static void fill_run(const struct pg_rows *rows, int row, struct arena *arena,
                     struct grade_work *work)
{
    struct grade_run *run = &work->run;

    work->found = true;
    run->id = pg_get_id(rows, row, 0);
    run->as_of = pg_get_date(rows, row, 1);
    run->window_from = pg_get_date(rows, row, 2);
    run->policy_version = (uint32_t)pg_get_int4(rows, row, 3);
    work->policy = pg_copy_text(rows, row, 4, arena);
    run->method = (enum grade_method)pg_get_int4(rows, row, 5);
    run->long_term_days = (uint32_t)pg_get_int4(rows, row, 6);
    run->is_dry = pg_get_bool(rows, row, 7);
    work->holds_demotions = pg_get_bool(rows, row, 8);
    run->state = state_of(pg_get_text(rows, row, 9));
    work->asked_by = pg_copy_text(rows, row, 10, arena);
    run->started_at_us = pg_get_time(rows, row, 11);
    run->finished_at_us = pg_get_time(rows, row, 12);
    run->total = (uint64_t)pg_get_int8(rows, row, 13);
    run->done = (uint64_t)pg_get_int8(rows, row, 14);
    run->report = pg_copy_text(rows, row, 29, arena);
    run->failure = pg_copy_text(rows, row, 30, arena);
}

static void fill_place(const struct pg_rows *rows, int row, struct arena *arena,
                       struct grade_work *work)
{
    work->step = pg_get_int8(rows, row, 15);
    work->phase = (enum grade_phase)pg_get_int4(rows, row, 16);
    work->last_customer = pg_get_id(rows, row, 17);
    work->last_region = pg_keep_text(rows, row, 18, arena);
    work->place.last_numerator_micros = pg_get_int8(rows, row, 19);
    work->place.counted = (uint32_t)pg_get_int8(rows, row, 20);
    work->place.rank = (uint32_t)pg_get_int8(rows, row, 21);
    work->place.accumulated_micros = pg_get_int8(rows, row, 22);
    work->place.accumulated_before_micros = pg_get_int8(rows, row, 23);
    work->a = (uint64_t)pg_get_int8(rows, row, 24);
    work->b = (uint64_t)pg_get_int8(rows, row, 25);
    work->c = (uint64_t)pg_get_int8(rows, row, 26);
    work->changed = (uint64_t)pg_get_int8(rows, row, 27);
    work->held = (uint64_t)pg_get_int8(rows, row, 28);
}

static void fill_one(const struct pg_rows *rows, struct arena *arena, void *out)
{
    if (pg_row_count(rows) == 0)
        return;
    fill_run(rows, 0, arena, out);
    fill_place(rows, 0, arena, out);
}

void grade_run_find_running(struct request *req, struct grade_work *out)
{
    *out = (struct grade_work){0};
    flow_ask(req, &grade_run_statements[FIND_RUNNING], NULL, fill_one, out);
}

void grade_run_find(struct request *req, const struct id *id, struct grade_work *out)
{
    struct pg_args *args = pg_args_new(req->arena, &grade_run_statements[FIND]);

    *out = (struct grade_work){0};
    pg_put_id(args, 0, id);
    flow_ask(req, &grade_run_statements[FIND], args, fill_one, out);
}

static void fill_list(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct grade_works *works = out;
    size_t count = (size_t)pg_row_count(rows);

    works->list = arena_take_array(arena, count, sizeof(*works->list));
    for (size_t i = 0; works->list && i < count; i++)
        fill_run(rows, (int)i, arena, &works->list[works->count++]);
}

void grade_run_list(struct request *req, uint32_t limit, struct grade_works *out)
{
    struct pg_args *args = pg_args_new(req->arena, &grade_run_statements[LIST]);

    *out = (struct grade_works){0};
    pg_put_int8(args, 0, limit);
    flow_ask(req, &grade_run_statements[LIST], args, fill_list, out);
}

static void fill_size(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    *(struct grade_run_size *)out =
        (struct grade_run_size){pg_get_int8(rows, 0, 0), pg_get_int8(rows, 0, 1)};
}

void grade_run_find_size(struct request *req, struct grade_run_size *out)
{
    flow_ask(req, &grade_run_statements[FIND_SIZE], NULL, fill_size, out);
}

void grade_run_add(struct request *req, const struct grade_work *work)
{
    struct pg_args *args = flow_write(req, &grade_run_statements[ADD]);
    const struct grade_run *run = &work->run;

    pg_put_id(args, 0, &run->id);
    pg_put_date(args, 1, run->as_of);
    pg_put_date(args, 2, run->window_from);
    pg_put_int4(args, 3, (int32_t)run->policy_version);
    pg_put_text(args, 4, work->policy);
    pg_put_int4(args, 5, (int32_t)run->method);
    pg_put_int4(args, 6, (int32_t)run->long_term_days);
    pg_put_bool(args, 7, run->is_dry);
    pg_put_bool(args, 8, work->holds_demotions);
    pg_put_text(args, 9, work->asked_by);
    pg_put_time(args, 10, run->started_at_us);
    pg_put_int8(args, 11, (int64_t)run->total);
}

void grade_run_save(struct request *req, const struct grade_work *work)
{
    struct pg_args *args = flow_write(req, &grade_run_statements[SAVE]);
    const struct grade_run *run = &work->run;
    const int64_t counts[] = {(int64_t)work->a, (int64_t)work->b, (int64_t)work->c,
                              (int64_t)work->changed, (int64_t)work->held};

    pg_put_id(args, 0, &run->id);
    pg_put_int8(args, 1, work->step);
    pg_put_int4(args, 2, (int32_t)work->phase);
    pg_put_int8(args, 3, (int64_t)run->done);
    pg_put_id(args, 4, &work->last_customer);
    pg_put_text_n(args, 5, work->last_region.at, work->last_region.bytes);
    pg_put_int8(args, 6, work->place.last_numerator_micros);
    pg_put_int8(args, 7, work->place.counted);
    pg_put_int8(args, 8, work->place.rank);
    pg_put_int8(args, 9, work->place.accumulated_micros);
    pg_put_int8(args, 10, work->place.accumulated_before_micros);
    for (int i = 0; i < 5; i++)
        pg_put_int8(args, 11 + i, counts[i]);
    pg_put_text(args, 16, state_names[run->state]);
    pg_put_time_or_null(args, 17, run->finished_at_us);
    pg_put_text(args, 18, run->report ? run->report : "");
    pg_put_text(args, 19,
                run->failure && run->state == GRADE_RUN_STATE_IS_FAILED ? run->failure : "");
}

void grade_run_note_failure(struct request *req, const struct id *id, int64_t step, const char *why,
                            int32_t tries)
{
    struct pg_args *args = flow_write(req, &grade_run_statements[NOTE_FAILURE]);

    pg_put_id(args, 0, id);
    pg_put_int8(args, 1, step);
    pg_put_text(args, 2, why);
    pg_put_int4(args, 3, tries);
    pg_put_time(args, 4, req->now_us);
}

static void fill_found(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    *(bool *)out = pg_row_count(rows) > 0;
}

void grade_run_find_timer(struct request *req, const char *key, bool *out)
{
    struct pg_args *args = pg_args_new(req->arena, &grade_run_statements[FIND_TIMER]);

    *out = false;
    pg_put_text(args, 0, key);
    flow_ask(req, &grade_run_statements[FIND_TIMER], args, fill_found, out);
}

void grade_run_remove_old_results(struct request *req, uint32_t limit)
{
    struct pg_args *args = flow_write(req, &grade_run_statements[REMOVE_OLD_RESULTS]);

    pg_put_time(args, 0, req->now_us - DAY_US);
    pg_put_int8(args, 1, limit);
}
