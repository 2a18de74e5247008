#include "services/customers/store/grade.h"

#include "common/pure/day.h"
#include "services/customers/store/scope.h"

enum {
    FIND,
    SAVE,
    REMOVE,
    LIST,
    LIST_REGION,
    LIST_SEEN, /* of people who see few: from their customers */
    LIST_WIDE, /* of people who see many, but not everybody: past those they may not see */
    LIST_HELD,
    ADD_HISTORY,
    LIST_HISTORY,
};

/* As people know the customer of a row `g`; nobody when his kind is not graded (any more), or he is
 * merged. */
#define NAMED                                                                                      \
    " cross join lateral (select number from customer where id = g.customer_id"                    \
    " and party_type in ('customer', 'channel') and not is_merged offset 0) c"
#define REF                                                                                        \
    "(select f.source || ':' || f.external_id from customer_ref f"                                 \
    " where f.customer_id = g.customer_id order by f.added_at, f.source, f.external_id limit 1)"
#define LISTED_FROM(from)                                                                          \
    "select " REF ", c.number, g.grade, g.region, g.numerator_micros, g.denominator_micros,"       \
    " g.is_long_term, g.flags, g.run_id, g.as_of, g.customer_id from " from NAMED
#define LISTED LISTED_FROM("grade_current g")
#define SEEN                                                                                       \
    "(select distinct customer_id as id from " SCOPE_CUSTOMERS(                                    \
        "$8",                                                                                      \
        "$9") " s) d"                                                                              \
              " cross join lateral (select * from grade_current where customer_id = d.id offset 0) g"
#define OF_GRADE_AND_REGION " where ($1 = '' or g.grade = $1) and ($6 = '' or g.region = $6) and"
#define PAGE                                                                                       \
    " (g.grade, -g.numerator_micros, g.customer_id) > ($2::char(1), $3, $4)"                       \
    " order by g.grade, -g.numerator_micros, g.customer_id limit $5"

const struct pg_statement grade_statements[] = {
    [FIND] = {.name = "grade_find",
              .sql = "select version, grade, computed, run_id, as_of, region, numerator_micros,"
                     " denominator_micros, first_purchase, is_long_term, flags, place_rank,"
                     " accumulated_before_micros, since, runs_below, override_reason,"
                     " override_until, held_to, held_since, held_until,"
                     " (select policy_version from grade_run where id = g.run_id)"
                     " from grade_current g" NAMED " where g.customer_id = $1",
              .params = {PG_ID}},
    /* Sorted, so that two processes lock in the same order. Who is new begins with version 1. */
    [SAVE] = {.name = "grade_save",
              .sql =
                  "with saved as (insert into grade_current as g (customer_id, version, grade,"
                  " computed, run_id, as_of, region, numerator_micros, denominator_micros,"
                  " first_purchase, is_long_term, flags, place_rank, accumulated_before_micros,"
                  " since, runs_below, override_reason, override_until, held_to, held_since,"
                  " held_until) select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
                  " $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) as u(customer_id)"
                  " order by u.customer_id"
                  " on conflict (customer_id) do update set version = excluded.version,"
                  " grade = excluded.grade, computed = excluded.computed,"
                  " run_id = excluded.run_id, as_of = excluded.as_of, region = excluded.region,"
                  " numerator_micros = excluded.numerator_micros,"
                  " denominator_micros = excluded.denominator_micros,"
                  " first_purchase = excluded.first_purchase,"
                  " is_long_term = excluded.is_long_term, flags = excluded.flags,"
                  " place_rank = excluded.place_rank,"
                  " accumulated_before_micros = excluded.accumulated_before_micros,"
                  " since = excluded.since, runs_below = excluded.runs_below,"
                  " override_reason = excluded.override_reason,"
                  " override_until = excluded.override_until, held_to = excluded.held_to,"
                  " held_since = excluded.held_since, held_until = excluded.held_until"
                  " where g.version = excluded.version - 1 returning 1)"
                  " select stale_unless((select count(*) from saved) = cardinality($1))",
              .params = {PG_IDS,   PG_INT8S, PG_TEXTS, PG_TEXTS, PG_IDS,   PG_DATES, PG_TEXTS,
                         PG_INT8S, PG_INT8S, PG_DATES, PG_BOOLS, PG_INT4S, PG_INT8S, PG_INT8S,
                         PG_DATES, PG_INT4S, PG_TEXTS, PG_DATES, PG_TEXTS, PG_DATES, PG_DATES},
              .write = true,
              .merge = true,
              .rank = 110},
    [REMOVE] = {.name = "grade_remove",
                .sql = "delete from grade_current where customer_id in (select customer_id"
                       " from grade_current where customer_id = any($1) order by customer_id"
                       " for update)",
                .params = {PG_IDS},
                .write = true,
                .merge = true,
                .rank = 111},
    [LIST] = {.name = "grade_list",
              .sql = LISTED " where ($1 = '' or g.grade = $1::char(1)) and" PAGE,
              .params = {PG_TEXT, PG_TEXT, PG_INT8, PG_ID, PG_INT8}},
    [LIST_REGION] = {.name = "grade_list_region",
                     .sql = LISTED
                     " where ($1 = '' or g.grade = $1::char(1)) and g.region = $6 and" PAGE,
                     .params = {PG_TEXT, PG_TEXT, PG_INT8, PG_ID, PG_INT8, PG_TEXT}},
    [LIST_SEEN] = {.name = "grade_list_seen",
                   .sql = LISTED_FROM(SEEN) OF_GRADE_AND_REGION PAGE,
                   .params = {PG_TEXT, PG_TEXT, PG_INT8, PG_ID, PG_INT8, PG_TEXT, PG_BOOL, PG_BOOL,
                              PG_IDS}},
    [LIST_WIDE] = {.name = "grade_list_wide",
                   .sql = LISTED OF_GRADE_AND_REGION
                   " " SCOPE_FILTER("g.customer_id", "$7", "$8", "$9") " and" PAGE,
                   .params = {PG_TEXT, PG_TEXT, PG_INT8, PG_ID, PG_INT8, PG_TEXT, PG_BOOL, PG_BOOL,
                              PG_IDS},
                   .slow = true},
    [LIST_HELD] = {.name = "grade_list_held",
                   .sql =
                       "select " REF ", c.number, g.grade, g.held_to, g.held_since,"
                       " g.held_until from grade_current g" NAMED " where g.held_to is not null"
                       " and " SCOPE_FILTER("g.customer_id", "$2", "$3",
                                            "$4") " order by g.held_until, g.customer_id limit $1",
                   .params = {PG_INT8, PG_BOOL, PG_BOOL, PG_IDS}},
    [ADD_HISTORY] = {.name = "grade_add_history",
                     .sql = "insert into grade_history (customer_id, id, grade, as_of, run_id,"
                            " reason, note, policy_version, numerator_micros, denominator_micros,"
                            " flags, said_by, at) select * from unnest($1, $2, $3, $4, $5, $6, $7,"
                            " $8, $9, $10, $11, $12, $13)",
                     .params = {PG_IDS, PG_IDS, PG_TEXTS, PG_DATES, PG_IDS, PG_TEXTS, PG_TEXTS,
                                PG_INT4S, PG_INT8S, PG_INT8S, PG_INT4S, PG_TEXTS, PG_TIMES},
                     .write = true,
                     .merge = true,
                     .rank = 65},
    [LIST_HISTORY] = {.name = "grade_list_history",
                      .sql = "select as_of, grade, run_id, reason, at, policy_version,"
                             " numerator_micros, denominator_micros from grade_history"
                             " where customer_id = $1 order by id desc limit $2",
                      .params = {PG_ID, PG_INT8}},
};
const size_t grade_statement_count = COUNT_OF(grade_statements);

static enum grade grade_at(const struct pg_rows *rows, int row, int i)
{
    struct text letter = pg_get_text(rows, row, i);

    return letter.bytes == 1 ? grade_from_letter(letter.at[0]) : GRADE_NONE;
}

static void put_grade(struct pg_args *args, int i, enum grade grade)
{
    char letter = grade_letter(grade);

    if (grade == GRADE_NONE)
        pg_put_null(args, i);
    else
        pg_put_text_n(args, i, &letter, 1);
}

/* --- how a customer stands --- */

static void fill_figures(const struct pg_rows *rows, struct arena *arena,
                         struct grade_current *current)
{
    current->run = pg_get_id(rows, 0, 3);
    current->as_of = pg_get_date(rows, 0, 4);
    current->region = pg_keep_text(rows, 0, 5, arena);
    current->numerator_micros = pg_get_int8(rows, 0, 6);
    current->denominator_micros = pg_get_int8(rows, 0, 7);
    current->first_purchase = pg_get_date_or_none(rows, 0, 8);
    current->is_long_term = pg_get_bool(rows, 0, 9);
    current->flags = (uint32_t)pg_get_int4(rows, 0, 10);
    current->rank = (uint32_t)pg_get_int8(rows, 0, 11);
    current->accumulated_before_micros = pg_get_int8(rows, 0, 12);
}

static void fill_current(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct grade_current *current = out;

    if (pg_row_count(rows) == 0)
        return;
    current->found = true;
    current->version = pg_get_int8(rows, 0, 0);
    current->grade = grade_at(rows, 0, 1);
    current->computed = grade_at(rows, 0, 2);
    fill_figures(rows, arena, current);
    current->since = pg_get_date(rows, 0, 13);
    current->runs_below = (uint32_t)pg_get_int4(rows, 0, 14);
    current->override_reason = pg_keep_text(rows, 0, 15, arena);
    current->is_overridden = !pg_is_null(rows, 0, 16);
    current->override_until = pg_get_date_or_none(rows, 0, 16);
    current->held_to = grade_at(rows, 0, 17);
    current->held_since = pg_get_date_or_none(rows, 0, 18);
    current->held_until = pg_get_date_or_none(rows, 0, 19);
    current->policy_version = (uint32_t)pg_get_int4(rows, 0, 20);
}

void grade_find(struct request *req, const struct id *customer, struct grade_current *out)
{
    struct pg_args *args = pg_args_new(req->arena, &grade_statements[FIND]);

    *out = (struct grade_current){.customer = *customer};
    pg_put_id(args, 0, customer);
    flow_ask(req, &grade_statements[FIND], args, fill_current, out);
}

void grade_save(struct request *req, const struct grade_current *current)
{
    struct pg_args *args = flow_write(req, &grade_statements[SAVE]);

    pg_put_id(args, 0, &current->customer);
    pg_put_int8(args, 1, current->version + 1);
    put_grade(args, 2, current->grade);
    put_grade(args, 3, current->computed);
    pg_put_id(args, 4, &current->run);
    pg_put_date(args, 5, current->as_of);
    pg_put_text_n(args, 6, current->region.at, current->region.bytes);
    pg_put_int8(args, 7, current->numerator_micros);
    pg_put_int8(args, 8, current->denominator_micros);
    pg_put_date_or_null(args, 9, current->first_purchase);
    pg_put_bool(args, 10, current->is_long_term);
    pg_put_int4(args, 11, (int32_t)current->flags);
    pg_put_int8(args, 12, current->rank);
    pg_put_int8(args, 13, current->accumulated_before_micros);
    pg_put_date(args, 14, current->since);
    pg_put_int4(args, 15, (int32_t)current->runs_below);
    if (current->is_overridden)
        pg_put_text_n(args, 16, current->override_reason.at, current->override_reason.bytes);
    else
        pg_put_null(args, 16);
    pg_put_date_or_null(args, 17, current->is_overridden ? current->override_until : DAY_NONE);
    put_grade(args, 18, current->held_to);
    pg_put_date_or_null(args, 19, current->held_to ? current->held_since : DAY_NONE);
    pg_put_date_or_null(args, 20, current->held_to ? current->held_until : DAY_NONE);
}

void grade_remove(struct request *req, const struct id *customer)
{
    pg_put_id(flow_write(req, &grade_statements[REMOVE]), 0, customer);
}

/* --- lists --- */

static void fill_list(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct grade_listed *listed = out;
    size_t count = (size_t)pg_row_count(rows);
    struct grade_customer *list = arena_take_array(arena, count, sizeof(*list));

    listed->ids = arena_take_array(arena, count, sizeof(*listed->ids));
    for (size_t i = 0; list && listed->ids && i < count; i++) {
        struct grade_customer *customer = &list[i];
        int row = (int)i;

        customer->ref = pg_keep_text(rows, row, 0, arena);
        customer->number = pg_get_int8(rows, row, 1);
        customer->grade = grade_at(rows, row, 2);
        customer->region = pg_keep_text(rows, row, 3, arena);
        customer->numerator_micros = pg_get_int8(rows, row, 4);
        customer->denominator_micros = pg_get_int8(rows, row, 5);
        customer->is_long_term = pg_get_bool(rows, row, 6);
        customer->flags = (uint32_t)pg_get_int4(rows, row, 7);
        customer->has_run = true;
        customer->run = pg_get_id(rows, row, 8);
        customer->as_of = pg_get_date(rows, row, 9);
        listed->ids[i] = pg_get_id(rows, row, 10);
    }
    listed->customers = (struct grade_customers){list, listed->ids ? count : 0};
}

void grade_list(struct request *req, const struct grade_list_question *question,
                struct grade_listed *out)
{
    bool by_region = question->region.bytes > 0;
    const struct scope *scope = scope_of(req);
    bool sees_all = scope->sees_all;
    const struct pg_statement *statement =
        &grade_statements[sees_all                 ? (by_region ? LIST_REGION : LIST)
                          : scope_is_narrow(scope) ? LIST_SEEN
                                                   : LIST_WIDE];
    struct pg_args *args = pg_args_new(req->arena, statement);
    const char grade = grade_letter(question->grade);
    const char after = grade_letter(question->after.grade);

    *out = (struct grade_listed){0};
    pg_put_text_n(args, 0, &grade, question->grade != GRADE_NONE);
    pg_put_text_n(args, 1, &after, question->after.grade != GRADE_NONE);
    pg_put_int8(args, 2, question->after.minus_net_micros);
    pg_put_id(args, 3, &question->after.customer);
    pg_put_int8(args, 4, question->limit);
    if (!sees_all)
        scope_put(req, args, 6);
    if (by_region || !sees_all)
        pg_put_text_n(args, 5, question->region.at, question->region.bytes);
    flow_ask(req, statement, args, fill_list, out);
}

static void fill_held(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct grade_helds *held = out;
    size_t count = (size_t)pg_row_count(rows);

    held->list = arena_take_array(arena, count, sizeof(*held->list));
    for (size_t i = 0; held->list && i < count; i++) {
        int row = (int)i;

        held->list[held->count++] = (struct grade_held){
            .ref = pg_keep_text(rows, row, 0, arena),
            .number = pg_get_int8(rows, row, 1),
            .from = grade_at(rows, row, 2),
            .to = grade_at(rows, row, 3),
            .since = pg_get_date(rows, row, 4),
            .decide_by = pg_get_date(rows, row, 5),
        };
    }
}

void grade_list_held(struct request *req, uint32_t limit, struct grade_helds *out)
{
    struct pg_args *args = pg_args_new(req->arena, &grade_statements[LIST_HELD]);

    *out = (struct grade_helds){0};
    pg_put_int8(args, 0, limit);
    scope_put(req, args, 1);
    flow_ask(req, &grade_statements[LIST_HELD], args, fill_held, out);
}

/* --- history --- */

void grade_add_history(struct request *req, const struct grade_current *current,
                       const struct grade_entry *entry)
{
    struct pg_args *args = flow_write(req, &grade_statements[ADD_HISTORY]);
    struct id id = request_new_id(req);

    pg_put_id(args, 0, &current->customer);
    pg_put_id(args, 1, &id);
    put_grade(args, 2, current->grade);
    pg_put_date(args, 3, entry->as_of);
    pg_put_id(args, 4, &current->run);
    pg_put_text(args, 5, entry->reason);
    pg_put_text_n(args, 6, entry->note.at ? entry->note.at : "", entry->note.bytes);
    pg_put_int4(args, 7, (int32_t)current->policy_version);
    pg_put_int8(args, 8, current->numerator_micros);
    pg_put_int8(args, 9, current->denominator_micros);
    pg_put_int4(args, 10, (int32_t)current->flags);
    pg_put_text(args, 11, entry->by);
    pg_put_time(args, 12, req->now_us);
}

static void fill_history(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct grade_histories *history = out;
    size_t count = (size_t)pg_row_count(rows);

    history->list = arena_take_array(arena, count, sizeof(*history->list));
    for (size_t i = 0; history->list && i < count; i++) {
        struct grade_history *entry = &history->list[history->count++];
        int row = (int)i;

        entry->as_of = pg_get_date(rows, row, 0);
        entry->grade = grade_at(rows, row, 1);
        entry->has_run = !pg_is_null(rows, row, 2);
        entry->run = pg_get_id(rows, row, 2);
        entry->reason = pg_copy_text(rows, row, 3, arena);
        entry->at_us = pg_get_time(rows, row, 4);
        entry->policy_version = (uint32_t)pg_get_int4(rows, row, 5);
        entry->numerator_micros = pg_get_int8(rows, row, 6);
        entry->denominator_micros = pg_get_int8(rows, row, 7);
    }
}

void grade_list_history(struct request *req, const struct id *customer, struct grade_histories *out)
{
    struct pg_args *args = pg_args_new(req->arena, &grade_statements[LIST_HISTORY]);

    *out = (struct grade_histories){0};
    pg_put_id(args, 0, customer);
    pg_put_int8(args, 1, GRADE_MAX_HISTORY);
    flow_ask(req, &grade_statements[LIST_HISTORY], args, fill_history, out);
}
