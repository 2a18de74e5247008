#include "services/complaints/store/clock_move.h"

#include "services/complaints/store/due_clock.h"

enum {
    COUNT,
    LIST,
    TOUCH,
};

/* A policy as rows: of a kind and priority how long. Low has the time of normal (2). */
#define POLICY                                                                                     \
    "unnest($1, $2, $3, $4, $5, $6, $7)"                                                           \
    " as p(kind, priority, minutes, working_days, is_wall, from_min, to_min)"
#define POLICY_TYPES PG_INT4S, PG_INT4S, PG_INT4S, PG_INT4S, PG_BOOLS, PG_INT4S, PG_INT4S
#define POLICY_PARAMS 7
/* Running or paused; not broken by the moment $8. Of a date of its own: no term. */
#define MOVES                                                                                      \
    " k.state in (1, 2) and k.breached_at is null and (k.state = 2 or k.due_at > $8)"              \
    " and (k.minutes > 0 or k.working_days > 0) and p.kind = k.kind"                               \
    " and p.priority = greatest(k.priority, 2) and (k.minutes, k.working_days, k.is_wall,"         \
    " k.from_min, k.to_min) is distinct from (p.minutes, p.working_days, p.is_wall, p.from_min,"   \
    " p.to_min)"

const struct pg_statement clock_move_statements[] = {
    [COUNT] = {.name = "clock_move_count",
               .sql = "select count(*) from clock k, " POLICY " where" MOVES,
               .params = {POLICY_TYPES, PG_TIME},
               .slow = true},
    [LIST] = {.name = "clock_move_list",
              .sql = "select " CASE_CLOCK_COLUMNS ", c.number from clock k"
                     " join cases c on c.id = k.case_id, " POLICY " where" MOVES
                     " and (k.case_id, k.id) > ($9, $10) order by k.case_id, k.id limit $11",
              .params = {POLICY_TYPES, PG_TIME, PG_ID, PG_ID, PG_INT8},
              .slow = true},
    [TOUCH] = {.name = "clock_move_touch",
               .sql = "update cases set version = version + 1 where id = any($1)",
               .params = {PG_IDS},
               .write = true,
               .merge = true,
               .rank = 41},
};
const size_t clock_move_statement_count = COUNT_OF(clock_move_statements);

static struct pg_args *args_for(struct request *req, const struct pg_statement *statement,
                                const struct clock_policy *policy)
{
    struct pg_args *args = pg_args_new(req->arena, statement);

    for (int kind = CLOCK_AUTO_ACKNOWLEDGE; kind < CLOCK_ACTION; kind++)
        for (int priority = PRIORITY_NORMAL; priority <= PRIORITY_URGENT; priority++) {
            const struct clock_term *term = &policy->targets[kind][priority];

            pg_put_int4(args, 0, kind);
            pg_put_int4(args, 1, priority);
            pg_put_int4(args, 2, (int32_t)term->minutes);
            pg_put_int4(args, 3, (int32_t)term->working_days);
            pg_put_bool(args, 4, term->is_wall);
            pg_put_int4(args, 5, term->from_min);
            pg_put_int4(args, 6, term->to_min);
        }
    pg_put_time(args, POLICY_PARAMS, req->now_us);
    return args;
}

static void fill_count(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    *(int64_t *)out = pg_row_count(rows) > 0 ? pg_get_int8(rows, 0, 0) : 0;
}

void clock_move_count(struct request *req, const struct clock_policy *policy, int64_t *out)
{
    const struct pg_statement *statement = &clock_move_statements[COUNT];

    flow_ask(req, statement, args_for(req, statement, policy), fill_count, out);
}

static void fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct clock_move_rows *moves = out;
    size_t count = (size_t)pg_row_count(rows);

    moves->list = arena_take_array(arena, count, sizeof(*moves->list));
    if (!moves->list)
        return;
    for (size_t i = 0; i < count; i++) {
        case_clock_get(rows, (int)i, arena, &moves->list[i].row);
        moves->list[i].number = pg_copy_text(rows, (int)i, CASE_CLOCK_COLUMN_COUNT, arena);
    }
    moves->count = arena_is_full(arena) ? 0 : count;
}

void clock_move_list(struct request *req, const struct clock_policy *policy,
                     const struct id *after_case, const struct id *after_clock, int64_t limit,
                     struct clock_move_rows *out)
{
    const struct pg_statement *statement = &clock_move_statements[LIST];
    struct pg_args *args = args_for(req, statement, policy);

    *out = (struct clock_move_rows){0};
    pg_put_id(args, POLICY_PARAMS + 1, after_case);
    pg_put_id(args, POLICY_PARAMS + 2, after_clock);
    pg_put_int8(args, POLICY_PARAMS + 3, limit);
    flow_ask(req, statement, args, fill, out);
}

void clock_move_case(struct request *req, const struct id *case_id)
{
    pg_put_id(flow_write(req, &clock_move_statements[TOUCH]), 0, case_id);
    due_clock_requeue(req, case_id);
}
