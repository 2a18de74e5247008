/* Entitlements and how they were used; see need.h. */
#include "services/customers/store/need.h"

#include "services/customers/store/contact.h"

enum {
    FIND,
    ADD,
    SAVE,
    ADD_USE,
    COUNT_USE,
    LIST,
    LIST_USES,
};

#define COLUMNS                                                                                    \
    "id, kind, state, description, from_on, to_on, coalesce(allowance, 0)::bigint, used::bigint,"  \
    " added_at, added_by, version"

const struct pg_statement entitlement_statements[] = {
    [FIND] = {.name = "entitlement_find",
              .sql = "select " COLUMNS " from entitlement where customer_id = $1 and id = $2",
              .params = {PG_ID, PG_ID}},
    [ADD] = {.name = "entitlement_add",
             .sql = "insert into entitlement (customer_id, id, kind, state, description, from_on,"
                    " to_on, allowance, added_at, added_by)"
                    " values ($1, $2, $3, $4, $5, $6, $7, nullif($8, 0), $9, $10)",
             .params = {PG_ID, PG_ID, PG_TEXT, PG_TEXT, PG_TEXT, PG_DATE, PG_DATE, PG_INT4, PG_TIME,
                        PG_TEXT},
             .write = true,
             .rank = 116},
    [SAVE] = {.name = "entitlement_save",
              .sql = "with saved as (update entitlement set version = version + 1, kind = $3,"
                     " state = $4, description = $5, from_on = $6, to_on = $7,"
                     " allowance = nullif($8, 0) where customer_id = $1 and id = $2"
                     " and version = $9 returning 1)"
                     " select stale_unless(exists (select 1 from saved))",
              .params = {PG_ID, PG_ID, PG_TEXT, PG_TEXT, PG_TEXT, PG_DATE, PG_DATE, PG_INT4,
                         PG_INT8},
              .write = true,
              .rank = 116},
    [ADD_USE] = {.name = "entitlement_add_use",
                 .sql = "insert into entitlement_use (customer_id, entitlement_id, id, used_on,"
                        " quantity, note, recorded_at, recorded_by)"
                        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
                 .params = {PG_ID, PG_ID, PG_ID, PG_DATE, PG_INT4, PG_TEXT, PG_TIME, PG_TEXT},
                 .write = true,
                 .rank = 117},
    [COUNT_USE] = {.name = "entitlement_count_use",
                   .sql = "with saved as (update entitlement set version = version + 1,"
                          " used = used + $4 where customer_id = $1 and id = $2"
                          " and version = $3 returning 1)"
                          " select stale_unless(exists (select 1 from saved))",
                   .params = {PG_ID, PG_ID, PG_INT8, PG_INT4},
                   .write = true,
                   .rank = 116},
    [LIST] = {.name = "entitlement_list",
              .sql = "select " COLUMNS " from entitlement where customer_id = $1"
                     " and ($2 = '' or state = $2) and ($3 is null or (from_on, id) <"
                     " ((select b.from_on from entitlement b where b.customer_id = $1"
                     " and b.id = $3), $3)) order by from_on desc, id desc limit $4",
              .params = {PG_ID, PG_TEXT, PG_ID, PG_INT8}},
    [LIST_USES] = {.name = "entitlement_list_uses",
                   .sql = "select u.place, e.id, e.used_on, e.quantity, e.note, e.recorded_at,"
                          " e.recorded_by from unnest($2) with ordinality as u(id, place)"
                          " cross join lateral (select * from entitlement_use"
                          " where customer_id = $1 and entitlement_id = u.id"
                          " order by used_on desc, id desc limit 20) e"
                          " order by u.place, e.used_on desc, e.id desc",
                   .params = {PG_ID, PG_IDS}},
};
const size_t entitlement_statement_count = COUNT_OF(entitlement_statements);

static struct entitlement get_entitlement(const struct pg_rows *rows, int row, struct arena *arena)
{
    return (struct entitlement){
        .id = pg_get_id(rows, row, 0),
        .kind = contact_get_word(rows, row, 1, entitlement_kinds),
        .state = contact_get_word(rows, row, 2, entitlement_states),
        .description = pg_keep_text(rows, row, 3, arena),
        .from_on = pg_get_date(rows, row, 4),
        .to_on = pg_get_date_or_none(rows, row, 5),
        .allowance = pg_get_int8(rows, row, 6),
        .used = pg_get_int8(rows, row, 7),
        .added_at_us = pg_get_time(rows, row, 8),
        .added_by = pg_keep_text(rows, row, 9, arena),
        .version = pg_get_int8(rows, row, 10),
    };
}

static void fill_one(const struct pg_rows *rows, struct arena *arena, void *out)
{
    if (pg_row_count(rows) > 0)
        *(struct entitlement *)out = get_entitlement(rows, 0, arena);
}

void entitlement_find(struct request *req, const struct id *customer, const struct id *entitlement,
                      struct entitlement *out)
{
    struct pg_args *args = pg_args_new(req->arena, &entitlement_statements[FIND]);

    pg_put_id(args, 0, customer);
    pg_put_id(args, 1, entitlement);
    flow_ask(req, &entitlement_statements[FIND], args, fill_one, out);
}

void entitlement_save(struct request *req, const struct id *customer,
                      const struct entitlement *entitlement, const char *by)
{
    bool is_new = entitlement->version == 0;
    struct pg_args *args = flow_write(req, &entitlement_statements[is_new ? ADD : SAVE]);

    pg_put_id(args, 0, customer);
    pg_put_id(args, 1, &entitlement->id);
    pg_put_text(args, 2, entitlement->kind);
    pg_put_text(args, 3, entitlement->state);
    pg_put_text_n(args, 4, entitlement->description.at, entitlement->description.bytes);
    pg_put_date(args, 5, entitlement->from_on);
    pg_put_date_or_null(args, 6, entitlement->to_on);
    pg_put_int4(args, 7, (int32_t)entitlement->allowance);
    if (!is_new) {
        pg_put_int8(args, 8, entitlement->version);
        return;
    }
    pg_put_time(args, 8, req->now_us);
    pg_put_text(args, 9, by);
}

void entitlement_add_use(struct request *req, const struct id *customer,
                         const struct entitlement *entitlement, const struct entitlement_use *use,
                         const char *by)
{
    struct pg_args *args = flow_write(req, &entitlement_statements[COUNT_USE]);

    pg_put_id(args, 0, customer);
    pg_put_id(args, 1, &entitlement->id);
    pg_put_int8(args, 2, entitlement->version);
    pg_put_int4(args, 3, (int32_t)use->quantity);
    args = flow_write(req, &entitlement_statements[ADD_USE]);
    pg_put_id(args, 0, customer);
    pg_put_id(args, 1, &entitlement->id);
    pg_put_id(args, 2, &use->id);
    pg_put_date(args, 3, use->used_on);
    pg_put_int4(args, 4, (int32_t)use->quantity);
    pg_put_text_n(args, 5, use->note.at, use->note.bytes);
    pg_put_time(args, 6, req->now_us);
    pg_put_text(args, 7, by);
}

static void fill_list(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct entitlements *all = out;
    size_t count = (size_t)pg_row_count(rows);

    all->list = arena_take_array(arena, count, sizeof(*all->list));
    for (size_t i = 0; all->list && i < count; i++)
        all->list[all->count++] = get_entitlement(rows, (int)i, arena);
}

void entitlement_list(struct request *req, const struct id *customer, const char *state,
                      const struct id *after, uint32_t page_size, struct entitlements *out)
{
    struct pg_args *args = pg_args_new(req->arena, &entitlement_statements[LIST]);

    *out = (struct entitlements){.count = 0};
    pg_put_id(args, 0, customer);
    pg_put_text(args, 1, state);
    pg_put_id_or_null(args, 2, after);
    pg_put_int8(args, 3, (int64_t)page_size + 1);
    flow_ask(req, &entitlement_statements[LIST], args, fill_list, out);
}

static void fill_uses(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct entitlement_uses *uses = out;
    size_t count = (size_t)pg_row_count(rows);

    uses->list = arena_take_array(arena, count, sizeof(*uses->list));
    uses->places = arena_take_array(arena, count, sizeof(*uses->places));
    for (size_t i = 0; uses->list && uses->places && i < count; i++) {
        int row = (int)i;

        uses->places[i] = pg_get_int8(rows, row, 0);
        uses->list[uses->count++] =
            (struct entitlement_use){pg_get_id(rows, row, 1),   pg_get_date(rows, row, 2),
                                     pg_get_int4(rows, row, 3), pg_keep_text(rows, row, 4, arena),
                                     pg_get_time(rows, row, 5), pg_keep_text(rows, row, 6, arena)};
    }
}

void entitlement_list_uses(struct request *req, const struct id *customer,
                           const struct entitlements *of, struct entitlement_uses *out)
{
    struct pg_args *args = pg_args_new(req->arena, &entitlement_statements[LIST_USES]);

    *out = (struct entitlement_uses){.count = 0};
    pg_put_id(args, 0, customer);
    for (size_t i = 0; i < of->count; i++)
        pg_put_id(args, 1, &of->list[i].id);
    flow_ask(req, &entitlement_statements[LIST_USES], args, fill_uses, out);
}
