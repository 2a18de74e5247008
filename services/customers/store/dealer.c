/* One dealer, read and saved. */
#include "services/customers/store/dealer.h"

enum {
    FIND,
    LIST_MANAGERS,
    LIST_MEMOS,
    LIST_SCORES,
    FIND_GIVE_UP,
    SAVE,
    PUT_MANAGER,
    ADD_MEMO,
    ADD_SCORE,
    ADD_GIVE_UP,
    DECIDE_GIVE_UP,
};

const struct pg_statement dealer_statements[] = {
    [FIND] = {.name = "dealer_find",
              .sql = "select shareholders, organisation, local_strength, standing, local_economy,"
                     " staff_count::bigint, annual_sales_micros, annual_contracts::bigint,"
                     " state = 'given_up', given_up_on, version from dealer where customer_id = $1",
              .params = {PG_ID}},
    [LIST_MANAGERS] = {.name = "dealer_list_managers",
                       .sql = "select id, name, memo, recorded_by, from_on, to_on"
                              " from dealer_manager where customer_id = $1"
                              " order by from_on desc, id desc limit 50",
                       .params = {PG_ID}},
    [LIST_MEMOS] = {.name = "dealer_list_memos",
                    .sql = "select id, on_day, memo, recorded_by from dealer_memo"
                           " where customer_id = $1 order by on_day desc, id desc limit 50",
                    .params = {PG_ID}},
    [LIST_SCORES] = {.name = "dealer_list_scores",
                     .sql = "select id, scored_on, points[1], points[2], points[3], points[4],"
                            " points[5], points[6], points[7], note, recorded_by, total_micros,"
                            " is_false_enthusiasm, policy_version, recorded_at from dealer_score"
                            " where customer_id = $1 order by scored_on desc, id desc limit 20",
                     .params = {PG_ID}},
    [FIND_GIVE_UP] = {.name = "dealer_find_give_up",
                      .sql = "select g.id, g.customer_id, c.number, coalesce(c.name, ''),"
                             " coalesce(s.number, 0), g.successor_id, g.reason, g.explanation,"
                             " g.state, g.proposed_by, coalesce(g.decided_by, ''), g.note,"
                             " g.proposed_at, g.decided_at from dealer_give_up g"
                             " join customer c on c.id = g.customer_id"
                             " left join customer s on s.id = g.successor_id"
                             " where g.customer_id = $1"
                             " order by (g.state = 'proposed') desc, g.proposed_at desc, g.id desc"
                             " limit 1",
                      .params = {PG_ID}},
    [SAVE] = {.name = "dealer_save",
              .sql = "with saved as (insert into dealer as d (customer_id, shareholders,"
                     " organisation, local_strength, standing, local_economy, staff_count,"
                     " annual_sales_micros, annual_contracts, state, given_up_on)"
                     " values ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
                     " on conflict (customer_id) do update set version = d.version + 1,"
                     " shareholders = $3, organisation = $4, local_strength = $5, standing = $6,"
                     " local_economy = $7, staff_count = $8, annual_sales_micros = $9,"
                     " annual_contracts = $10, state = $11, given_up_on = $12"
                     " where d.version = $2 returning version)"
                     " select stale_unless(exists (select 1 from saved where version = $2 + 1))",
              .params = {PG_ID, PG_INT8, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_INT4,
                         PG_INT8, PG_INT4, PG_TEXT, PG_DATE},
              .write = true,
              .rank = 116},
    [PUT_MANAGER] = {.name = "dealer_put_manager",
                     .sql = "insert into dealer_manager (customer_id, id, name, from_on, to_on,"
                            " memo, recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7,"
                            " $8) on conflict (customer_id, id) do update set name = excluded.name,"
                            " from_on = excluded.from_on, to_on = excluded.to_on,"
                            " memo = excluded.memo",
                     .params = {PG_ID, PG_ID, PG_TEXT, PG_DATE, PG_DATE, PG_TEXT, PG_TIME, PG_TEXT},
                     .write = true,
                     .rank = 117},
    [ADD_MEMO] = {.name = "dealer_add_memo",
                  .sql = "insert into dealer_memo (customer_id, id, on_day, memo, recorded_at,"
                         " recorded_by) values ($1, $2, $3, $4, $5, $6)",
                  .params = {PG_ID, PG_ID, PG_DATE, PG_TEXT, PG_TIME, PG_TEXT},
                  .write = true,
                  .rank = 117},
    /* One told late about an earlier day is history only. */
    [ADD_SCORE] = {.name = "dealer_add_score",
                   .sql = "with older as (update dealer_score set is_latest = false"
                          " where customer_id = $1 and is_latest and scored_on <= $3 returning 1)"
                          " insert into dealer_score (customer_id, id, scored_on, points,"
                          " total_micros, is_false_enthusiasm, policy_version, note, recorded_at,"
                          " recorded_by, is_latest) select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
                          " exists (select 1 from older) or not exists (select 1 from dealer_score"
                          " where customer_id = $1 and is_latest)",
                   .params = {PG_ID, PG_ID, PG_DATE, PG_INT4S, PG_INT8, PG_BOOL, PG_INT4, PG_TEXT,
                              PG_TIME, PG_TEXT},
                   .write = true,
                   .rank = 117},
    [ADD_GIVE_UP] = {.name = "dealer_add_give_up",
                     .sql = "insert into dealer_give_up (customer_id, id, reason, explanation,"
                            " successor_id, state, proposed_at, proposed_by)"
                            " values ($1, $2, $3, $4, $5, 'proposed', $6, $7)",
                     .params = {PG_ID, PG_ID, PG_TEXT, PG_TEXT, PG_ID, PG_TIME, PG_TEXT},
                     .write = true,
                     .rank = 117},
    [DECIDE_GIVE_UP] = {.name = "dealer_decide_give_up",
                        .sql = "with saved as (update dealer_give_up set state = $3, note = $4,"
                               " decided_at = $5, decided_by = $6 where customer_id = $1"
                               " and id = $2 and state = 'proposed' returning 1)"
                               " select stale_unless(exists (select 1 from saved))",
                        .params = {PG_ID, PG_ID, PG_TEXT, PG_TEXT, PG_TIME, PG_TEXT},
                        .write = true,
                        .rank = 117},
};
const size_t dealer_statement_count = COUNT_OF(dealer_statements);

static void ask(struct request *req, int statement, const struct id *customer, pg_fill fill,
                void *out)
{
    struct pg_args *args = pg_args_new(req->arena, &dealer_statements[statement]);

    pg_put_id(args, 0, customer);
    flow_ask(req, &dealer_statements[statement], args, fill, out);
}

static void fill_dealer(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct dealer *dealer = out;

    if (pg_row_count(rows) == 0)
        return;
    for (int i = 0; i < DEALER_TEXTS; i++)
        dealer->profile.texts[i] = pg_keep_text(rows, 0, i, arena);
    for (int i = 0; i < DEALER_NUMBERS; i++)
        if (!pg_is_null(rows, 0, DEALER_TEXTS + i))
            dealer->profile.numbers[i] = pg_get_int8(rows, 0, DEALER_TEXTS + i);
    dealer->is_given_up = pg_get_bool(rows, 0, 8);
    dealer->given_up_on = pg_get_date_or_none(rows, 0, 9);
    dealer->version = pg_get_int8(rows, 0, 10);
}

void dealer_find(struct request *req, const struct id *customer, struct dealer *out)
{
    *out = (struct dealer){.given_up_on = DEALER_NO_DAY};
    for (int i = 0; i < DEALER_TEXTS; i++)
        out->profile.texts[i] = TEXT_OF("");
    for (int i = 0; i < DEALER_NUMBERS; i++)
        out->profile.numbers[i] = DEALER_NO_NUMBER;
    ask(req, FIND, customer, fill_dealer, out);
}

static void fill_managers(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct dealer_parts *parts = out;
    size_t count = (size_t)pg_row_count(rows);

    parts->managers = arena_take_array(arena, count, sizeof(*parts->managers));
    for (size_t i = 0; parts->managers && i < count; i++) {
        int row = (int)i;

        parts->managers[parts->manager_count++] = (struct dealer_manager){
            .id = pg_get_id(rows, row, 0),
            .name = pg_keep_text(rows, row, 1, arena),
            .memo = pg_keep_text(rows, row, 2, arena),
            .recorded_by = pg_keep_text(rows, row, 3, arena),
            .from_on = pg_get_date(rows, row, 4),
            .to_on = pg_get_date_or_none(rows, row, 5),
        };
    }
}

static void fill_memos(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct dealer_parts *parts = out;
    size_t count = (size_t)pg_row_count(rows);

    parts->memos = arena_take_array(arena, count, sizeof(*parts->memos));
    for (size_t i = 0; parts->memos && i < count; i++) {
        int row = (int)i;

        parts->memos[parts->memo_count++] = (struct dealer_memo){
            pg_get_id(rows, row, 0), pg_get_date(rows, row, 1), pg_keep_text(rows, row, 2, arena),
            pg_keep_text(rows, row, 3, arena)};
    }
}

static void fill_scores(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct dealer_parts *parts = out;
    size_t count = (size_t)pg_row_count(rows);

    parts->scores = arena_take_array(arena, count, sizeof(*parts->scores));
    for (size_t i = 0; parts->scores && i < count; i++) {
        struct dealer_score *score = &parts->scores[parts->score_count++];
        int row = (int)i;

        score->id = pg_get_id(rows, row, 0);
        score->scored_on = pg_get_date(rows, row, 1);
        for (int k = 0; k < DEALER_CRITERIA; k++)
            score->points[k] = (uint32_t)pg_get_int4(rows, row, 2 + k);
        score->note = pg_keep_text(rows, row, 9, arena);
        score->recorded_by = pg_keep_text(rows, row, 10, arena);
        score->total_micros = pg_get_int8(rows, row, 11);
        score->is_false_enthusiasm = pg_get_bool(rows, row, 12);
        score->policy_version = (uint32_t)pg_get_int4(rows, row, 13);
        score->recorded_at_us = pg_get_time(rows, row, 14);
    }
}

void dealer_list_parts(struct request *req, const struct id *customer, struct dealer_parts *out)
{
    *out = (struct dealer_parts){.manager_count = 0};
    ask(req, LIST_MANAGERS, customer, fill_managers, out);
    ask(req, LIST_MEMOS, customer, fill_memos, out);
    ask(req, LIST_SCORES, customer, fill_scores, out);
}

static void fill_give_up(const struct pg_rows *rows, struct arena *arena, void *out)
{
    if (pg_row_count(rows) > 0)
        *(struct dealer_give_up *)out = (struct dealer_give_up){
            .id = pg_get_id(rows, 0, 0),
            .customer = pg_get_id(rows, 0, 1),
            .customer_number = pg_get_int8(rows, 0, 2),
            .customer_name = pg_keep_text(rows, 0, 3, arena),
            .successor_number = pg_get_int8(rows, 0, 4),
            .has_successor = !pg_is_null(rows, 0, 5),
            .successor = pg_get_id(rows, 0, 5),
            .reason = pg_keep_text(rows, 0, 6, arena),
            .explanation = pg_keep_text(rows, 0, 7, arena),
            .state = pg_keep_text(rows, 0, 8, arena),
            .proposed_by = pg_keep_text(rows, 0, 9, arena),
            .decided_by = pg_keep_text(rows, 0, 10, arena),
            .note = pg_keep_text(rows, 0, 11, arena),
            .proposed_at_us = pg_get_time(rows, 0, 12),
            .decided_at_us = pg_get_time(rows, 0, 13),
        };
}

void dealer_find_give_up(struct request *req, const struct id *customer, struct dealer_give_up *out)
{
    *out = (struct dealer_give_up){.customer_number = 0};
    ask(req, FIND_GIVE_UP, customer, fill_give_up, out);
}

/* --- writes --- */

static void put_text(struct pg_args *args, int i, struct text text)
{
    pg_put_text_n(args, i, text.at ? text.at : "", text.bytes);
}

static void put_number(struct pg_args *args, int i, const struct dealer *dealer,
                       enum dealer_number number)
{
    int64_t value = dealer->profile.numbers[number];

    if (value == DEALER_NO_NUMBER)
        pg_put_null(args, i);
    else if (number == DEALER_ANNUAL_SALES)
        pg_put_int8(args, i, value);
    else
        pg_put_int4(args, i, (int32_t)value);
}

void dealer_save(struct request *req, const struct id *customer, const struct dealer *dealer)
{
    struct pg_args *args = flow_write(req, &dealer_statements[SAVE]);

    pg_put_id(args, 0, customer);
    pg_put_int8(args, 1, dealer->version);
    for (int i = 0; i < DEALER_TEXTS; i++)
        put_text(args, 2 + i, dealer->profile.texts[i]);
    for (int i = 0; i < DEALER_NUMBERS; i++)
        put_number(args, 2 + DEALER_TEXTS + i, dealer, (enum dealer_number)i);
    pg_put_text(args, 10, dealer->is_given_up ? "given_up" : "active");
    pg_put_date_or_null(args, 11, dealer->given_up_on);
}

void dealer_put_manager(struct request *req, const struct id *customer,
                        const struct dealer_manager *manager, const char *by)
{
    struct pg_args *args = flow_write(req, &dealer_statements[PUT_MANAGER]);

    pg_put_id(args, 0, customer);
    pg_put_id(args, 1, &manager->id);
    put_text(args, 2, manager->name);
    pg_put_date(args, 3, manager->from_on);
    pg_put_date_or_null(args, 4, manager->to_on);
    put_text(args, 5, manager->memo);
    pg_put_time(args, 6, req->now_us);
    pg_put_text(args, 7, by);
}

void dealer_add_memo(struct request *req, const struct id *customer, const struct dealer_memo *memo,
                     const char *by)
{
    struct pg_args *args = flow_write(req, &dealer_statements[ADD_MEMO]);

    pg_put_id(args, 0, customer);
    pg_put_id(args, 1, &memo->id);
    pg_put_date(args, 2, memo->on_day);
    put_text(args, 3, memo->memo);
    pg_put_time(args, 4, req->now_us);
    pg_put_text(args, 5, by);
}

void dealer_add_score(struct request *req, const struct id *customer,
                      const struct dealer_score *score, const char *by)
{
    struct pg_args *args = flow_write(req, &dealer_statements[ADD_SCORE]);

    pg_put_id(args, 0, customer);
    pg_put_id(args, 1, &score->id);
    pg_put_date(args, 2, score->scored_on);
    for (int i = 0; i < DEALER_CRITERIA; i++)
        pg_put_int4(args, 3, (int32_t)score->points[i]);
    pg_put_int8(args, 4, score->total_micros);
    pg_put_bool(args, 5, score->is_false_enthusiasm);
    pg_put_int4(args, 6, (int32_t)score->policy_version);
    put_text(args, 7, score->note);
    pg_put_time(args, 8, req->now_us);
    pg_put_text(args, 9, by);
}

void dealer_add_give_up(struct request *req, const struct dealer_give_up *give_up)
{
    struct pg_args *args = flow_write(req, &dealer_statements[ADD_GIVE_UP]);

    pg_put_id(args, 0, &give_up->customer);
    pg_put_id(args, 1, &give_up->id);
    put_text(args, 2, give_up->reason);
    put_text(args, 3, give_up->explanation);
    if (give_up->has_successor)
        pg_put_id(args, 4, &give_up->successor);
    else
        pg_put_null(args, 4);
    pg_put_time(args, 5, req->now_us);
    put_text(args, 6, give_up->proposed_by);
}

void dealer_decide_give_up(struct request *req, const struct dealer_give_up *give_up,
                           const char *decision, struct text note, const char *by)
{
    struct pg_args *args = flow_write(req, &dealer_statements[DECIDE_GIVE_UP]);

    pg_put_id(args, 0, &give_up->customer);
    pg_put_id(args, 1, &give_up->id);
    pg_put_text(args, 2, decision);
    put_text(args, 3, note);
    pg_put_time(args, 4, req->now_us);
    pg_put_text(args, 5, by);
}
