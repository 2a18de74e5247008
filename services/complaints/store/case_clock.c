#include "services/complaints/store/case_clock.h"

#include "common/sweep.h"

enum {
    ADD,
    SAVE,
};

/* What changes in the life of a clock: the first parameters of both statements. */
#define LIVING                                                                                     \
    "state, outcome, cause, due_at, colour_at, warn_at, warned_at, breached_at, stopped_at,"       \
    " paused_at, pause_until, pauses_us, pause_used_us, extensions, extension_until,"              \
    " extension_by, is_provisional, next_at, given_from, given_us"
#define LIVING_TYPES                                                                               \
    PG_INT4S, PG_INT4S, PG_INT4S, PG_TIMES, PG_TIMES, PG_TIMES, PG_TIMES, PG_TIMES, PG_TIMES,      \
        PG_TIMES, PG_TIMES, PG_INT8S, PG_INT8S, PG_INT4S, PG_TIMES, PG_IDS, PG_BOOLS, PG_TIMES,    \
        PG_TIMES, PG_INT8S
/* What is told once. */
#define FIXED                                                                                      \
    "kind, priority, policy_version, calendar, calendar_version, minutes, working_days, is_wall,"  \
    " from_min, to_min, warn_first_percent, warn_percent, max_extensions, pause_limit_us,"         \
    " started_at, action_id"

const struct pg_statement case_clock_statements[] = {
    [ADD] = {.name = "case_clock_add",
             .sql = "insert into clock (case_id, id, " LIVING ", " FIXED ")"
                    " select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
                    " $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28,"
                    " $29, $30, $31, $32, $33, $34, $35, $36, $37, $38)",
             .params = {PG_IDS, PG_IDS, LIVING_TYPES, PG_INT4S, PG_INT4S, PG_INT4S, PG_TEXTS,
                        PG_INT4S, PG_INT4S, PG_INT4S, PG_BOOLS, PG_INT4S, PG_INT4S, PG_INT4S,
                        PG_INT4S, PG_INT4S, PG_INT8S, PG_TIMES, PG_IDS},
             .write = true,
             .merge = true,
             .rank = 113},
    /* Locked in one order, so that two sets never wait for each other in a circle. */
    [SAVE] = {.name = "case_clock_save",
              .sql = "with q as (select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
                     " $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)"
                     " as t(case_id, id, " LIVING ", version)),"
                     " held as materialized (select k.case_id, k.id from clock k join q"
                     " on q.case_id = k.case_id and q.id = k.id and q.version = k.version"
                     " order by k.case_id, k.id for update of k),"
                     " saved as (update clock k set (" LIVING ", version) ="
                     " (q.state, q.outcome, q.cause, q.due_at, q.colour_at, q.warn_at,"
                     " q.warned_at, q.breached_at, q.stopped_at, q.paused_at, q.pause_until,"
                     " q.pauses_us, q.pause_used_us, q.extensions, q.extension_until,"
                     " q.extension_by, q.is_provisional, q.next_at, q.given_from,"
                     " q.given_us, q.version + 1)"
                     " from q join held h on h.case_id = q.case_id and h.id = q.id"
                     " where k.case_id = q.case_id and k.id = q.id returning 1)"
                     " select stale_unless((select count(*) from saved) = cardinality($1))",
              .params = {PG_IDS, PG_IDS, LIVING_TYPES, PG_INT4S},
              .write = true,
              .merge = true,
              .rank = 112},
};
const size_t case_clock_statement_count = COUNT_OF(case_clock_statements);

struct clock_row *case_clock_add(struct clock_rows *clocks, struct arena *arena)
{
    if (clocks->count == clocks->room) {
        size_t room = clocks->room ? clocks->room * 2 : 8;
        struct clock_row *list = arena_take_array(arena, room, sizeof(*list));

        if (!list)
            return NULL;
        for (size_t i = 0; i < clocks->count; i++)
            list[i] = clocks->list[i];
        clocks->list = list;
        clocks->room = room;
    }
    struct clock_row *row = &clocks->list[clocks->count++];

    *row = (struct clock_row){.is_new = true};
    return row;
}

/* --- reading --- */

void case_clock_get(const struct pg_rows *rows, int row, struct arena *arena, struct clock_row *out)
{
    struct case_clock *clock = &out->clock;

    *out = (struct clock_row){.case_id = pg_get_id(rows, row, 0),
                              .id = pg_get_id(rows, row, 1),
                              .version = pg_get_int4(rows, row, 2),
                              .calendar = pg_keep_text(rows, row, 9, arena),
                              .calendar_version = (uint32_t)pg_get_int4(rows, row, 10),
                              .action = pg_get_id(rows, row, 35)};
    clock->kind = (enum clock_kind)pg_get_int4(rows, row, 3);
    clock->state = (enum clock_state)pg_get_int4(rows, row, 4);
    clock->outcome = (enum clock_outcome)pg_get_int4(rows, row, 5);
    clock->cause = (enum clock_cause)pg_get_int4(rows, row, 6);
    clock->priority = (enum priority)pg_get_int4(rows, row, 7);
    clock->policy_version = (uint32_t)pg_get_int4(rows, row, 8);
    clock->term.minutes = (uint32_t)pg_get_int4(rows, row, 11);
    clock->term.working_days = (uint32_t)pg_get_int4(rows, row, 12);
    clock->term.is_wall = pg_get_bool(rows, row, 13);
    clock->term.from_min = (int16_t)pg_get_int4(rows, row, 14);
    clock->term.to_min = (int16_t)pg_get_int4(rows, row, 15);
    clock->warn_first_percent = (uint32_t)pg_get_int4(rows, row, 16);
    clock->warn_percent = (uint32_t)pg_get_int4(rows, row, 17);
    clock->max_extensions = (uint32_t)pg_get_int4(rows, row, 18);
    clock->pause_limit_us = pg_get_int8(rows, row, 19);
    clock->started_us = pg_get_time(rows, row, 20);
    clock->due_us = pg_get_time(rows, row, 21);
    clock->colour_us = pg_get_time(rows, row, 22);
    clock->warn_us = pg_get_time(rows, row, 23);
    clock->warned_us = pg_get_time(rows, row, 24);
    clock->breached_us = pg_get_time(rows, row, 25);
    clock->stopped_us = pg_get_time(rows, row, 26);
    clock->paused_us = pg_get_time(rows, row, 27);
    clock->pause_until_us = pg_get_time(rows, row, 28);
    clock->pauses_us = pg_get_int8(rows, row, 29);
    clock->pause_used_us = pg_get_int8(rows, row, 30);
    clock->extensions = (uint32_t)pg_get_int4(rows, row, 31);
    clock->extension_us = pg_get_time(rows, row, 32);
    clock->extension_by = pg_get_id(rows, row, 33);
    clock->is_provisional = pg_get_bool(rows, row, 34);
    clock->given_from_us = pg_get_time(rows, row, 36);
    clock->given_us = pg_get_int8(rows, row, 37);
}

void case_clock_fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct clock_rows *clocks = out;
    size_t count = (size_t)pg_row_count(rows);
    size_t room = count + 4; /* what a command may add */

    *clocks = (struct clock_rows){.list = arena_take_array(arena, room, sizeof(*clocks->list))};
    if (!clocks->list)
        return;
    for (size_t i = 0; i < count; i++)
        case_clock_get(rows, (int)i, arena, &clocks->list[i]);
    clocks->count = count;
    clocks->room = room;
}

/* --- writing --- */

/* 0: it has not happened. */
static void put_moment(struct pg_args *args, int i, int64_t at_us)
{
    pg_put_time_or_null(args, i, at_us == CLOCK_NEVER ? 0 : at_us);
}

/* Parameters 0 to 21. */
static void put_living(struct pg_args *args, const struct clock_row *row)
{
    const struct case_clock *clock = &row->clock;

    pg_put_id(args, 0, &row->case_id);
    pg_put_id(args, 1, &row->id);
    pg_put_int4(args, 2, clock->state);
    pg_put_int4(args, 3, clock->outcome);
    pg_put_int4(args, 4, clock->cause);
    pg_put_time(args, 5, clock->due_us);
    pg_put_time(args, 6, clock->colour_us);
    pg_put_time(args, 7, clock->warn_us);
    put_moment(args, 8, clock->warned_us);
    put_moment(args, 9, clock->breached_us);
    put_moment(args, 10, clock->stopped_us);
    put_moment(args, 11, clock->paused_us);
    put_moment(args, 12, clock->pause_until_us);
    pg_put_int8(args, 13, clock->pauses_us);
    pg_put_int8(args, 14, clock->pause_used_us);
    pg_put_int4(args, 15, (int32_t)clock->extensions);
    put_moment(args, 16, clock->extension_us);
    pg_put_id_or_null(args, 17, clock->extension_us != 0 ? &clock->extension_by : NULL);
    pg_put_bool(args, 18, clock->is_provisional);
    put_moment(args, 19, clock_next(clock));
    put_moment(args, 20, clock->given_from_us);
    pg_put_int8(args, 21, clock->given_us);
}

static void save(struct request *req, const struct clock_row *row)
{
    struct pg_args *args = flow_write(req, &case_clock_statements[SAVE]);

    put_living(args, row);
    pg_put_int4(args, 22, row->version);
}

static void add(struct request *req, const struct clock_row *row)
{
    struct pg_args *args = flow_write(req, &case_clock_statements[ADD]);
    const struct case_clock *clock = &row->clock;

    put_living(args, row);
    pg_put_int4(args, 22, clock->kind);
    pg_put_int4(args, 23, clock->priority);
    pg_put_int4(args, 24, (int32_t)clock->policy_version);
    pg_put_text_n(args, 25, row->calendar.bytes ? row->calendar.at : "", row->calendar.bytes);
    pg_put_int4(args, 26, (int32_t)row->calendar_version);
    pg_put_int4(args, 27, (int32_t)clock->term.minutes);
    pg_put_int4(args, 28, (int32_t)clock->term.working_days);
    pg_put_bool(args, 29, clock->term.is_wall);
    pg_put_int4(args, 30, clock->term.from_min);
    pg_put_int4(args, 31, clock->term.to_min);
    pg_put_int4(args, 32, (int32_t)clock->warn_first_percent);
    pg_put_int4(args, 33, (int32_t)clock->warn_percent);
    pg_put_int4(args, 34, (int32_t)clock->max_extensions);
    pg_put_int8(args, 35, clock->pause_limit_us);
    pg_put_time(args, 36, clock->started_us);
    pg_put_id_or_null(args, 37, &row->action);
}

void case_clock_put(struct request *req, const struct clock_rows *clocks)
{
    for (size_t i = 0; i < clocks->count; i++) {
        const struct clock_row *row = &clocks->list[i];

        if (row->is_new)
            add(req, row);
        else if (row->is_changed)
            save(req, row);
        else
            continue;
        sweep_wake(req, clock_next(&row->clock));
    }
}
