#include "services/customers/store/need.h"

#include "services/customers/store/contact.h"
#include "services/customers/store/scope.h"

#define SORTS 3

enum {
    FIND,
    ADD,
    SAVE,
    LIST, /* one per sort, of one customer; then of all */
};

#define COLUMNS                                                                                    \
    "n.id, n.customer_id, k.number, n.kind, n.state, n.description, n.motive, n.currency,"         \
    " n.source, n.budget_micros, n.told_on, n.wanted_on, n.ended_on, n.contact_id, n.added_at,"    \
    " n.added_by, n.version"
#define WITH_CUSTOMER                                                                              \
    " cross join lateral (select number from customer where id = n.customer_id offset 0) k"

/* 1 customer, 2 state, 3 wanted by, 4 the last before the page, 5 limit, 6 to 8 the scope. */
#define LIST_PARAMS                                                                                \
    {                                                                                              \
        PG_ID, PG_TEXT, PG_DATE, PG_ID, PG_INT8, PG_BOOL, PG_BOOL, PG_IDS                          \
    }
#define ANCHOR(column) "(select " column " from customer_need b where b.id = $4 limit 1)"
#define BY_TOLD                                                                                    \
    " and ($4 is null or (n.told_on, n.id) > (" ANCHOR("b.told_on") ", $4))"                       \
                                                                    " order by n.told_on, n.id"
#define BY_LATEST                                                                                  \
    " and ($4 is null or (n.told_on, n.id) < (" ANCHOR(                                            \
        "b.told_on") ", $4)) order by n.told_on desc, n.id desc"
#define BUDGET(row) "coalesce(" row ".budget_micros, -1)"
#define BY_BUDGET                                                                                  \
    " and ($4 is null or (" BUDGET("n") ", n.id) < (" ANCHOR(                                      \
        BUDGET("b")) ", $4)) order by " BUDGET("n") " desc, n.id desc"
#define NEED_LIST(called, filter, order)                                                           \
    {                                                                                              \
        .name = called,                                                                            \
        .sql =                                                                                     \
            "select " COLUMNS " from customer_need n" WITH_CUSTOMER                                \
            " where ($2 = '' or n.state = $2) and ($3 is null or n.wanted_on <= $3)" filter order  \
            " limit $5",                                                                           \
        .params = LIST_PARAMS, .slow = true,                                                       \
    }
#define OF_ONE " and n.customer_id = $1" /* whose scope was asked before */
#define OF_ALL " and " SCOPE_FILTER("n.customer_id", "$6", "$7", "$8")

const struct pg_statement need_statements[] = {
    [FIND] = {.name = "need_find",
              .sql = "select " COLUMNS " from customer_need n" WITH_CUSTOMER
                     " where n.customer_id = $1 and n.id = $2",
              .params = {PG_ID, PG_ID}},
    [ADD] = {.name = "need_add",
             .sql = "insert into customer_need (customer_id, id, contact_id, kind, description,"
                    " motive, budget_micros, currency, told_on, wanted_on, source, state, ended_on,"
                    " added_at, added_by)"
                    " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
             .params = {PG_ID, PG_ID, PG_ID, PG_TEXT, PG_TEXT, PG_TEXT, PG_INT8, PG_TEXT, PG_DATE,
                        PG_DATE, PG_TEXT, PG_TEXT, PG_DATE, PG_TIME, PG_TEXT},
             .write = true,
             .rank = 116},
    [SAVE] = {.name = "need_save",
              .sql = "with saved as (update customer_need set version = version + 1,"
                     " contact_id = $3, kind = $4, description = $5, motive = $6,"
                     " budget_micros = $7, currency = $8, told_on = $9, wanted_on = $10,"
                     " source = $11, state = $12,"
                     " ended_on = case when state = $12 then ended_on else $13 end"
                     " where customer_id = $1 and id = $2 and version = $14 returning 1)"
                     " select stale_unless(exists (select 1 from saved))",
              .params = {PG_ID, PG_ID, PG_ID, PG_TEXT, PG_TEXT, PG_TEXT, PG_INT8, PG_TEXT, PG_DATE,
                         PG_DATE, PG_TEXT, PG_TEXT, PG_DATE, PG_INT8},
              .write = true,
              .rank = 116},
    [LIST + NEED_BY_TOLD] = NEED_LIST("need_list_told", OF_ONE, BY_TOLD),
    [LIST + NEED_BY_LATEST] = NEED_LIST("need_list_latest", OF_ONE, BY_LATEST),
    [LIST + NEED_BY_BUDGET] = NEED_LIST("need_list_budget", OF_ONE, BY_BUDGET),
    [LIST + SORTS + NEED_BY_TOLD] = NEED_LIST("need_list_all_told", OF_ALL, BY_TOLD),
    [LIST + SORTS + NEED_BY_LATEST] = NEED_LIST("need_list_all_latest", OF_ALL, BY_LATEST),
    [LIST + SORTS + NEED_BY_BUDGET] = NEED_LIST("need_list_all_budget", OF_ALL, BY_BUDGET),
};
const size_t need_statement_count = COUNT_OF(need_statements);

static struct need get_need(const struct pg_rows *rows, int row, struct arena *arena)
{
    return (struct need){
        .id = pg_get_id(rows, row, 0),
        .customer = pg_get_id(rows, row, 1),
        .customer_number = pg_get_int8(rows, row, 2),
        .kind = contact_get_word(rows, row, 3, need_kinds),
        .state = contact_get_word(rows, row, 4, need_states),
        .description = pg_keep_text(rows, row, 5, arena),
        .motive = pg_keep_text(rows, row, 6, arena),
        .currency = pg_keep_text(rows, row, 7, arena),
        .source = pg_keep_text(rows, row, 8, arena),
        .budget_micros = pg_is_null(rows, row, 9) ? NEED_NO_BUDGET : pg_get_int8(rows, row, 9),
        .told_on = pg_get_date_or_none(rows, row, 10),
        .wanted_on = pg_get_date_or_none(rows, row, 11),
        .ended_on = pg_get_date_or_none(rows, row, 12),
        .has_contact = !pg_is_null(rows, row, 13),
        .contact = pg_get_id(rows, row, 13),
        .added_at_us = pg_get_time(rows, row, 14),
        .added_by = pg_keep_text(rows, row, 15, arena),
        .version = pg_get_int8(rows, row, 16),
    };
}

static void fill_need(const struct pg_rows *rows, struct arena *arena, void *out)
{
    if (pg_row_count(rows) > 0)
        *(struct need *)out = get_need(rows, 0, arena);
}

void need_find(struct request *req, const struct id *customer, const struct id *need,
               struct need *out)
{
    struct pg_args *args = pg_args_new(req->arena, &need_statements[FIND]);

    pg_put_id(args, 0, customer);
    pg_put_id(args, 1, need);
    flow_ask(req, &need_statements[FIND], args, fill_need, out);
}

static void put_text(struct pg_args *args, int i, struct text text)
{
    pg_put_text_n(args, i, text.at, text.bytes);
}

void need_save(struct request *req, const struct need *need, const char *by)
{
    bool is_new = need->version == 0;
    struct pg_args *args = flow_write(req, &need_statements[is_new ? ADD : SAVE]);

    pg_put_id(args, 0, &need->customer);
    pg_put_id(args, 1, &need->id);
    if (need->has_contact)
        pg_put_id(args, 2, &need->contact);
    else
        pg_put_null(args, 2);
    pg_put_text(args, 3, need->kind);
    put_text(args, 4, need->description);
    put_text(args, 5, need->motive);
    if (need->budget_micros == NEED_NO_BUDGET)
        pg_put_null(args, 6);
    else
        pg_put_int8(args, 6, need->budget_micros);
    put_text(args, 7, need->currency);
    pg_put_date(args, 8, need->told_on);
    pg_put_date_or_null(args, 9, need->wanted_on);
    put_text(args, 10, need->source);
    pg_put_text(args, 11, need->state);
    pg_put_date_or_null(args, 12, need->ended_on);
    if (!is_new) {
        pg_put_int8(args, 13, need->version);
        return;
    }
    pg_put_time(args, 13, req->now_us);
    pg_put_text(args, 14, by);
}

static void fill_needs(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct needs *needs = out;
    size_t count = (size_t)pg_row_count(rows);

    needs->list = arena_take_array(arena, count, sizeof(*needs->list));
    for (size_t i = 0; needs->list && i < count; i++)
        needs->list[needs->count++] = get_need(rows, (int)i, arena);
}

void need_list(struct request *req, const struct need_question *question, const struct id *customer,
               struct needs *out)
{
    const struct pg_statement *statement =
        &need_statements[LIST + (customer ? 0 : SORTS) + (int)question->sort];
    struct pg_args *args = pg_args_new(req->arena, statement);

    *out = (struct needs){.count = 0};
    pg_put_id_or_null(args, 0, customer);
    pg_put_text(args, 1, question->state);
    pg_put_date_or_null(args, 2, question->wanted_by);
    if (question->has_after)
        pg_put_id(args, 3, &question->after);
    else
        pg_put_null(args, 3);
    pg_put_int8(args, 4, (int64_t)question->page_size + 1);
    scope_put(req, args, 5);
    flow_ask(req, statement, args, fill_needs, out);
}
