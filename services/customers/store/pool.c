#include "services/customers/store/pool.h"

#include "common/service.h"

enum {
    LIST_DUE,
    SAVE_WATCH,
    RESTART,
    FIND_BOUGHT,
    FIND,
    LIST,
    FIND_PICKS,
    ADD,
    HOLD_PICKER,
    TAKE,
    GUARD_PICKS,
};

/* Bought once: an order with a positive net amount, under any of his numbers. */
#define HAS_BOUGHT(customer)                                                                       \
    "exists (select from customer_and_merged(" customer ") as m(id)"                               \
    " cross join lateral (select from orders where customer_id = m.id and net_micros > 0"          \
    " limit 1) o)"
#define REGION                                                                                     \
    "coalesce(c.region_code, (select region from grade_current where customer_id = c.id), '')"
#define ENTRY                                                                                      \
    "select p.customer_id, p.id, p.from_id, c.number, c.name, " REGION ", s.code, p.reason,"       \
    " p.pooled_at from pool_entry p"                                                               \
    " cross join lateral (select * from customer where id = p.customer_id offset 0) c"             \
    " left join staff s on s.id = p.from_id where p.left_at is null"

const struct pg_statement pool_statements[] = {
    /* Signs of a contact until there are contacts: who became the owner, facts that were told,
     * major changes, needs. */
    [LIST_DUE] =
        {.name = "pool_list_due",
         .sql =
             "select o.customer_id, c.owner_version, o.id, o.staff_id, greatest(o.idle_from,"
             " o.from_at, (select max(changed_at) from customer_fact where customer_id ="
             " o.customer_id), (select max(told_at) from customer_major_change"
             " where customer_id = o.customer_id), (select max(added_at) from customer_need"
             " where customer_id = o.customer_id)), o.warned_at, " HAS_BOUGHT(
                 "o.customer_id") " from (select * from ownership where to_at is null and role = 'owner'"
                                  " and pool_next_at <= $1 order by pool_next_at, customer_id limit $2) o"
                                  " join customer c on c.id = o.customer_id",
         .params = {PG_TIME, PG_INT8}},
    [SAVE_WATCH] = {.name = "pool_save_watch",
                    .sql = "update ownership o set pool_next_at = coalesce(q.next, 'infinity'),"
                           " warned_at = coalesce(q.warned, o.warned_at)"
                           " from unnest($1, $2, $3, $4) as q(customer, id, next, warned)"
                           " where o.customer_id = q.customer and o.id = q.id"
                           " and o.to_at is null",
                    .params = {PG_IDS, PG_IDS, PG_TIMES, PG_TIMES},
                    .write = true,
                    .merge = true,
                    .rank = 127},
    [RESTART] = {.name = "pool_restart",
                 .sql = "update ownership set pool_next_at = '-infinity' where to_at is null"
                        " and role = 'owner' and pool_next_at > '-infinity'"
                        " and pool_next_at < 'infinity'",
                 .write = true,
                 .rank = 128},
    [FIND_BOUGHT] = {.name = "pool_find_bought",
                     .sql = "select " HAS_BOUGHT("$1"),
                     .params = {PG_ID}},
    [FIND] = {.name = "pool_find", .sql = ENTRY " and p.customer_id = $1", .params = {PG_ID}},
    [LIST] = {.name = "pool_list",
              .sql = "with recursive s as (select $4::text as code union select r.code from s"
                     " join region r on r.parent_code = s.code) " ENTRY
                     " and (p.pooled_at, p.customer_id) > ($1, $2)"
                     " and ($4 = '' or " REGION " in (select code from s))"
                     " order by p.pooled_at, p.customer_id limit $3",
              .params = {PG_TIME, PG_ID, PG_INT8, PG_TEXT}},
    [FIND_PICKS] = {.name = "pool_find_picks",
                    .sql = "select count(*) from pool_entry where taken_by = $1 and taken_on = $2",
                    .params = {PG_ID, PG_DATE}},
    [ADD] = {.name = "pool_add",
             .sql = "insert into pool_entry (customer_id, id, from_id, pooled_at, reason, note)"
                    " select * from unnest($1, $2, $3, $4, $5, $6)",
             .params = {PG_IDS, PG_IDS, PG_IDS, PG_TIMES, PG_TEXTS, PG_TEXTS},
             .write = true,
             .merge = true,
             .rank = 129},
    /* Holds off his other picks, before owner_guard_person shares his row (rank 101): two who share
     * it could not both have it. Counted is later, when their picks are seen. */
    [HOLD_PICKER] = {.name = "pool_hold_picker",
                     .sql = "with held as materialized (select id from staff where id = any($1)"
                            " order by id for no key update) select stale_unless((select count(*)"
                            " from held) = (select count(distinct id) from unnest($1) as q(id)))",
                     .params = {PG_IDS},
                     .write = true,
                     .merge = true,
                     .rank = 99},
    [TAKE] = {.name = "pool_take",
              .sql = "with taken as (update pool_entry set left_at = $3, taken_by = $4,"
                     " taken_on = $5 where customer_id = $1 and id = $2 and left_at is null"
                     " returning 1) select stale_unless(exists (select from taken))",
              .params = {PG_ID, PG_ID, PG_TIME, PG_ID, PG_DATE},
              .write = true,
              .rank = 130},
    [GUARD_PICKS] = {.name = "pool_guard_picks",
                     .sql = "select stale_unless((select count(*) from pool_entry"
                            " where taken_by = $1 and taken_on = $2) <= $3)",
                     .params = {PG_ID, PG_DATE, PG_INT8},
                     .write = true,
                     .rank = 131},
};
const size_t pool_statement_count = COUNT_OF(pool_statements);

static void fill_due(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct pool_dues *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++) {
        int row = (int)i;

        found->list[found->count++] = (struct pool_due){
            .standing = {.customer = pg_get_id(rows, row, 0),
                         .version = pg_get_int4(rows, row, 1),
                         .state = OWNER_STATE_IS_OWNED,
                         .has_owner = true,
                         .interval = pg_get_id(rows, row, 2),
                         .owner = pg_get_id(rows, row, 3)},
            .watch = {.heard_us = pg_get_time(rows, row, 4),
                      .warned_us = pg_get_time(rows, row, 5),
                      .has_bought = pg_get_bool(rows, row, 6)},
        };
    }
}

void pool_list_due(struct request *req, uint32_t limit, struct pool_dues *out)
{
    struct pg_args *args = pg_args_new(req->arena, &pool_statements[LIST_DUE]);

    *out = (struct pool_dues){0};
    pg_put_time(args, 0, req->now_us);
    pg_put_int8(args, 1, limit);
    flow_ask(req, &pool_statements[LIST_DUE], args, fill_due, out);
}

void pool_save_watch(struct request *req, const struct pool_due *due, int64_t next_us,
                     bool is_warned)
{
    struct pg_args *args = flow_write(req, &pool_statements[SAVE_WATCH]);

    pg_put_id(args, 0, &due->standing.customer);
    pg_put_id(args, 1, &due->standing.interval);
    pg_put_time_or_null(args, 2, next_us);
    if (is_warned)
        pg_put_time(args, 3, req->now_us);
    else
        pg_put_null(args, 3);
}

void pool_restart(struct request *req)
{
    flow_write(req, &pool_statements[RESTART]);
}

static void fill_bool(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    *(bool *)out = pg_get_bool(rows, 0, 0);
}

void pool_find_bought(struct request *req, const struct id *customer, bool *out)
{
    struct pg_args *args = pg_args_new(req->arena, &pool_statements[FIND_BOUGHT]);

    pg_put_id(args, 0, customer);
    flow_ask(req, &pool_statements[FIND_BOUGHT], args, fill_bool, out);
}

static void fill_entries(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct pool_entries *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++) {
        int row = (int)i;

        found->list[found->count++] = (struct pool_entry){
            .found = true,
            .customer = pg_get_id(rows, row, 0),
            .id = pg_get_id(rows, row, 1),
            .from = pg_get_id(rows, row, 2),
            .has_from = !pg_is_null(rows, row, 2),
            .number = pg_get_int8(rows, row, 3),
            .name = pg_keep_text(rows, row, 4, arena),
            .region = pg_keep_text(rows, row, 5, arena),
            .from_code = pg_keep_text(rows, row, 6, arena),
            .reason = pg_keep_text(rows, row, 7, arena),
            .pooled_at_us = pg_get_time(rows, row, 8),
        };
    }
}

static void fill_entry(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct pool_entries found = {NULL, 0};

    fill_entries(rows, arena, &found);
    if (found.count > 0)
        *(struct pool_entry *)out = found.list[0];
}

void pool_find(struct request *req, const struct id *customer, struct pool_entry *out)
{
    struct pg_args *args = pg_args_new(req->arena, &pool_statements[FIND]);

    *out = (struct pool_entry){.found = false};
    pg_put_id(args, 0, customer);
    flow_ask(req, &pool_statements[FIND], args, fill_entry, out);
}

void pool_list(struct request *req, const struct pool_question *question, struct pool_entries *out)
{
    struct pg_args *args = pg_args_new(req->arena, &pool_statements[LIST]);

    *out = (struct pool_entries){0};
    pg_put_time(args, 0, question->after_us);
    pg_put_id(args, 1, &question->after);
    pg_put_int8(args, 2, question->limit);
    pg_put_text_n(args, 3, question->region.at, question->region.bytes);
    flow_ask(req, &pool_statements[LIST], args, fill_entries, out);
}

static void fill_count(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    *(uint32_t *)out = (uint32_t)pg_get_int8(rows, 0, 0);
}

void pool_find_picks(struct request *req, const struct id *staff, int32_t day, uint32_t *out)
{
    struct pg_args *args = pg_args_new(req->arena, &pool_statements[FIND_PICKS]);

    pg_put_id(args, 0, staff);
    pg_put_date(args, 1, day);
    flow_ask(req, &pool_statements[FIND_PICKS], args, fill_count, out);
}

void pool_add(struct request *req, const struct id *customer, const struct id *from,
              const char *reason, struct text note)
{
    struct pg_args *args = flow_write(req, &pool_statements[ADD]);
    struct id id = request_new_id(req);

    pg_put_id(args, 0, customer);
    pg_put_id(args, 1, &id);
    pg_put_id(args, 2, from);
    pg_put_time(args, 3, req->now_us);
    pg_put_text(args, 4, reason);
    pg_put_text_n(args, 5, note.at, note.bytes);
}

void pool_take(struct request *req, const struct pool_entry *entry, const struct id *staff,
               int32_t day, uint32_t max)
{
    struct pg_args *hold = flow_write(req, &pool_statements[HOLD_PICKER]);
    struct pg_args *args = flow_write(req, &pool_statements[TAKE]);
    struct pg_args *guard = flow_write(req, &pool_statements[GUARD_PICKS]);

    pg_put_id(hold, 0, staff);
    pg_put_id(args, 0, &entry->customer);
    pg_put_id(args, 1, &entry->id);
    pg_put_time(args, 2, req->now_us);
    pg_put_id(args, 3, staff);
    pg_put_date(args, 4, day);
    pg_put_id(guard, 0, staff);
    pg_put_date(guard, 1, day);
    pg_put_int8(guard, 2, max);
}
