#include "services/customers/store/case_seen.h"

#include <inttypes.h>

enum {
    FIND,
    FIND_BEFORE,
    LIST_OPEN,
    LIST_FREED,
    PUT,
    MOVE,
    ADD_STEP,
    PUT_STANDING,
    CLEAR_HANDLERS,
    PUT_HANDLERS,
    FLAG,
    UNFLAG,
};

#define NOBODY "'00000000-0000-0000-0000-000000000000'::uuid"

const struct pg_statement case_seen_statements[] = {
    [FIND] = {.name = "case_seen_find",
              .sql = "select " CASE_SEEN_COLUMNS " from customer_cases k where k.customer_id = $1",
              .params = {PG_ID}},
    [FIND_BEFORE] = {.name = "case_seen_find_before",
                     .sql = "select " CASE_SEEN_COLUMNS ", o.staff_id from (values ($1)) q(id)"
                            " left join customer_cases k on k.customer_id = q.id"
                            " left join ownership o on o.customer_id = q.id and o.to_at is null"
                            " and o.role = 'owner'",
                     .params = {PG_ID}},
    [LIST_OPEN] = {.name = "case_seen_list_open",
                   .sql = "select number, opened_at from (select * from case_seen"
                          " where customer_id = any($1) and ended_at is null union"
                          " select * from case_seen where contact_id = any($2)"
                          " and ended_at is null) c order by opened_at, number limit 50",
                   .params = {PG_IDS, PG_IDS}},
    [LIST_FREED] = {.name = "case_seen_list_freed",
                    .sql = "select e.person_id, e.is_customer from person_erasure e"
                           " where e.state = 'erasing' and not exists (select 1 from timer"
                           " where key = 'person_erasure:' || e.person_id)"
                           " and not exists (select 1 from person_hold h"
                           " where h.person_id = e.person_id and h.released_at is null"
                           " and h.until_on is null)"
                           " and not exists (select 1 from case_seen s where s.ended_at is null"
                           " and s.contact_id = e.person_id)"
                           " and not exists (select 1 from customer_and_merged(e.person_id) m(id)"
                           " join case_seen s on s.customer_id = m.id where s.ended_at is null)"
                           " and not exists (select 1 from customer_and_merged(e.person_id) m(id)"
                           " join contact_link l on l.customer_id = m.id and l.role = 'self'"
                           " join case_seen s on s.contact_id = l.contact_id"
                           " where s.ended_at is null) limit $1",
                    .params = {PG_INT8}},
    /* Within a unit an opened case may be linked, but not the other way round. */
    [PUT] = {.name = "case_seen_put",
             .sql = "with q as (select distinct on (id) * from"
                    " unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) with ordinality as t(id, number,"
                    " kind, state, customer, contact, opened, ended, historic, n)"
                    " order by id, n desc)"
                    " insert into case_seen (case_id, number, kind, state, customer_id, contact_id,"
                    " opened_at, ended_at, is_historic) select id, number, kind, state,"
                    " nullif(customer, " NOBODY "), nullif(contact, " NOBODY "), opened, ended,"
                    " historic from q on conflict (case_id) do update set state = excluded.state,"
                    " customer_id = excluded.customer_id, contact_id = excluded.contact_id,"
                    " ended_at = excluded.ended_at",
             .params = {PG_IDS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_IDS, PG_IDS, PG_TIMES, PG_TIMES,
                        PG_BOOLS},
             .write = true,
             .merge = true,
             .rank = 20},
    [MOVE] = {.name = "case_seen_move",
              .sql = "with q as (select distinct on (id) * from unnest($1, $2, $3, $4)"
                     " with ordinality as t(id, state, at, is_ended, n) order by id, n desc)"
                     " update case_seen s set state = q.state,"
                     " ended_at = case when q.is_ended then q.at end from q where s.case_id = q.id",
              .params = {PG_IDS, PG_TEXTS, PG_TIMES, PG_BOOLS},
              .write = true,
              .merge = true,
              .rank = 21},
    [ADD_STEP] = {.name = "case_seen_add_step",
                  .sql = "insert into case_step (case_id, version, at, state, is_historic)"
                         " select * from unnest($1, $2, $3, $4, $5) on conflict do nothing",
                  .params = {PG_IDS, PG_INT8S, PG_TIMES, PG_TEXTS, PG_BOOLS},
                  .write = true,
                  .merge = true,
                  .rank = 22},
    [PUT_STANDING] = {.name = "case_seen_put_standing",
                      .sql =
                          "insert into customer_cases (customer_id, open, complaints_90_days,"
                          " complaints_12_months, our_fault_12_months, total, is_repeat,"
                          " is_serious_open, last_at) select * from"
                          " unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (customer_id)"
                          " do update set open = excluded.open,"
                          " complaints_90_days = excluded.complaints_90_days,"
                          " complaints_12_months = excluded.complaints_12_months,"
                          " our_fault_12_months = excluded.our_fault_12_months,"
                          " total = excluded.total, is_repeat = excluded.is_repeat,"
                          " is_serious_open = excluded.is_serious_open, last_at = excluded.last_at",
                      .params = {PG_IDS, PG_INT4S, PG_INT4S, PG_INT4S, PG_INT4S, PG_INT4S, PG_BOOLS,
                                 PG_BOOLS, PG_TIMES},
                      .write = true,
                      .merge = true,
                      .rank = 23},
    [CLEAR_HANDLERS] = {.name = "case_seen_clear_handlers",
                        .sql = "delete from customer_case_handler where customer_id = any($1)",
                        .params = {PG_IDS},
                        .write = true,
                        .merge = true,
                        .rank = 24},
    [PUT_HANDLERS] = {.name = "case_seen_put_handlers",
                      .sql = "insert into customer_case_handler (customer_id, staff_id)"
                             " select * from unnest($1, $2) on conflict do nothing",
                      .params = {PG_IDS, PG_IDS},
                      .write = true,
                      .merge = true,
                      .rank = 25},
    [FLAG] = {.name = "case_seen_flag",
              .sql = "insert into customer_flag (customer_id, flag, from_at, detail)"
                     " select id, '" CUSTOMER_FLAG_REPEAT "', at, detail from unnest($1, $2, $3)"
                     " as t(id, at, detail) on conflict do nothing",
              .params = {PG_IDS, PG_TIMES, PG_TEXTS},
              .write = true,
              .merge = true,
              .rank = 26},
    [UNFLAG] = {.name = "case_seen_unflag",
                .sql = "update customer_flag f set to_at = t.at from unnest($1, $2) as t(id, at)"
                       " where f.customer_id = t.id and f.flag = '" CUSTOMER_FLAG_REPEAT "'"
                       " and f.to_at is null",
                .params = {PG_IDS, PG_TIMES},
                .write = true,
                .merge = true,
                .rank = 27},
};
const size_t case_seen_statement_count = COUNT_OF(case_seen_statements);

struct customer_cases case_seen_get(const struct pg_rows *rows, int row, int first)
{
    if (pg_is_null(rows, row, first))
        return (struct customer_cases){.found = false};
    return (struct customer_cases){
        .found = true,
        .open = (uint32_t)pg_get_int4(rows, row, first),
        .complaints_90_days = (uint32_t)pg_get_int4(rows, row, first + 1),
        .complaints_12_months = (uint32_t)pg_get_int4(rows, row, first + 2),
        .our_fault_12_months = (uint32_t)pg_get_int4(rows, row, first + 3),
        .total = (uint32_t)pg_get_int4(rows, row, first + 4),
        .is_repeat = pg_get_bool(rows, row, first + 5),
        .has_serious_open = pg_get_bool(rows, row, first + 6),
        .last_us = pg_is_null(rows, row, first + 7) ? 0 : pg_get_time(rows, row, first + 7),
    };
}

static void fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    if (pg_row_count(rows) > 0)
        *(struct customer_cases *)out = case_seen_get(rows, 0, 0);
}

static void ask_of(struct request *req, int statement, const struct id *customer, pg_fill take,
                   void *out)
{
    struct pg_args *args = pg_args_new(req->arena, &case_seen_statements[statement]);

    pg_put_id(args, 0, customer);
    flow_ask(req, &case_seen_statements[statement], args, take, out);
}

void case_seen_find(struct request *req, const struct id *customer, struct customer_cases *out)
{
    *out = (struct customer_cases){.found = false};
    ask_of(req, FIND, customer, fill, out);
}

static void fill_before(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct case_seen_before *before = out;

    (void)arena;
    if (pg_row_count(rows) == 0)
        return;
    before->cases = case_seen_get(rows, 0, 0);
    before->owner = pg_get_id(rows, 0, CASE_SEEN_COLUMN_COUNT);
}

void case_seen_find_before(struct request *req, const struct id *customer,
                           struct case_seen_before *out)
{
    *out = (struct case_seen_before){.cases = {.found = false}};
    ask_of(req, FIND_BEFORE, customer, fill_before, out);
}

/* --- writes --- */

static struct pg_args *write_of(struct request *req, int statement)
{
    return flow_write(req, &case_seen_statements[statement]);
}

void case_seen_put(struct request *req, const struct case_told *seen)
{
    struct pg_args *args = write_of(req, PUT);

    pg_put_id(args, 0, &seen->id);
    pg_put_text(args, 1, seen->number);
    pg_put_text(args, 2, seen->kind);
    pg_put_text(args, 3, seen->state);
    pg_put_id(args, 4, &seen->customer);
    pg_put_id(args, 5, &seen->contact);
    pg_put_time(args, 6, seen->opened_us);
    pg_put_time_or_null(args, 7, seen->ended_us);
    pg_put_bool(args, 8, seen->is_historic);
}

void case_seen_move(struct request *req, const struct case_move_told *move)
{
    struct pg_args *args = write_of(req, MOVE);

    pg_put_id(args, 0, &move->id);
    pg_put_text(args, 1, move->state);
    pg_put_time(args, 2, move->at_us);
    pg_put_bool(args, 3, move->is_ended);
}

void case_seen_add_step(struct request *req, const struct case_move_told *move, int64_t version)
{
    struct pg_args *args = write_of(req, ADD_STEP);

    pg_put_id(args, 0, &move->id);
    pg_put_int8(args, 1, version);
    pg_put_time(args, 2, move->at_us);
    pg_put_text(args, 3, move->state);
    pg_put_bool(args, 4, move->is_historic);
}

void case_seen_put_standing(struct request *req, const struct cases_told *told)
{
    const struct customer_cases *cases = &told->cases;
    struct pg_args *args = write_of(req, PUT_STANDING);

    pg_put_id(args, 0, &told->customer);
    pg_put_int4(args, 1, (int32_t)cases->open);
    pg_put_int4(args, 2, (int32_t)cases->complaints_90_days);
    pg_put_int4(args, 3, (int32_t)cases->complaints_12_months);
    pg_put_int4(args, 4, (int32_t)cases->our_fault_12_months);
    pg_put_int4(args, 5, (int32_t)cases->total);
    pg_put_bool(args, 6, cases->is_repeat);
    pg_put_bool(args, 7, cases->has_serious_open);
    pg_put_time_or_null(args, 8, cases->last_us);
    pg_put_id(write_of(req, CLEAR_HANDLERS), 0, &told->customer);
    for (size_t i = 0; i < told->handler_count; i++) {
        args = write_of(req, PUT_HANDLERS);
        pg_put_id(args, 0, &told->customer);
        pg_put_id(args, 1, &told->handlers[i]);
    }
}

void case_seen_put_flag(struct request *req, const struct cases_told *told, int64_t at_us)
{
    const struct customer_cases *cases = &told->cases;
    struct pg_args *args = write_of(req, cases->is_repeat ? FLAG : UNFLAG);
    const char *detail;

    pg_put_id(args, 0, &told->customer);
    pg_put_time(args, 1, at_us);
    if (!cases->is_repeat)
        return;
    detail = arena_print(
        req->arena, "%" PRIu32 " in 90 days, %" PRIu32 " in 12 months, our fault %" PRIu32,
        cases->complaints_90_days, cases->complaints_12_months, cases->our_fault_12_months);
    pg_put_text(args, 2, detail ? detail : "");
}

/* --- open ones --- */

static void fill_open(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct case_seen_open *open = out;
    int count = pg_row_count(rows);

    open->list = arena_take_array(arena, (size_t)count, sizeof(*open->list));
    for (int i = 0; open->list && i < count; i++)
        open->list[open->count++] =
            (struct case_seen_open_row){pg_keep_text(rows, i, 0, arena), pg_get_time(rows, i, 1)};
}

void case_seen_list_open(struct request *req, const struct privacy_person *person,
                         struct case_seen_open *out)
{
    struct pg_args *args = pg_args_new(req->arena, &case_seen_statements[LIST_OPEN]);

    *out = (struct case_seen_open){.count = 0};
    for (size_t i = 0; i < person->customer_count; i++)
        pg_put_id(args, 0, &person->customers[i].id);
    for (size_t i = 0; i < person->contact_count; i++)
        pg_put_id(args, 1, &person->contacts[i].id);
    flow_ask(req, &case_seen_statements[LIST_OPEN], args, fill_open, out);
}

static void fill_freed(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct privacy_dues *freed = out;
    int count = pg_row_count(rows);

    freed->list = arena_take_array(arena, (size_t)count, sizeof(*freed->list));
    for (int i = 0; freed->list && i < count; i++)
        freed->list[freed->count++] = (struct privacy_due){.person = pg_get_id(rows, i, 0),
                                                           .is_customer = pg_get_bool(rows, i, 1)};
}

void case_seen_list_freed(struct request *req, uint32_t limit, struct privacy_dues *out)
{
    struct pg_args *args = pg_args_new(req->arena, &case_seen_statements[LIST_FREED]);

    *out = (struct privacy_dues){.count = 0};
    pg_put_int8(args, 0, limit);
    flow_ask(req, &case_seen_statements[LIST_FREED], args, fill_freed, out);
}
