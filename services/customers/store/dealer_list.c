/* Lists of dealers and of those to be given up; see dealer.h. */
#include "services/customers/store/dealer.h"
#include "services/customers/store/scope.h"

enum {
    LIST_SCORED,
    LIST_UNSCORED,
    LIST_GIVE_UPS,
    FIND_STABILITY,
};

const struct pg_statement dealer_list_statements[] = {
    [LIST_SCORED] =
        {.name = "dealer_list_scored",
         .sql = "select c.id, c.number, coalesce(c.name, ''), coalesce(d.state = 'given_up',"
                " false), s.is_false_enthusiasm, s.total_micros, s.scored_on from dealer_score s"
                " cross join lateral (select * from customer where id = s.customer_id offset 0) c"
                " left join dealer d on d.customer_id = s.customer_id where s.is_latest"
                " and c.party_type = 'channel' and (not $1 or s.is_false_enthusiasm)"
                " and ($2 = '' or coalesce(d.state, 'active') = $2) and ($3 is null or"
                " (-s.total_micros, s.customer_id) > ((select -b.total_micros from dealer_score b"
                " where b.customer_id = $3 and b.is_latest), $3))"
                " and " SCOPE_FILTER("c.id", "$5", "$6",
                                     "$7") " order by -s.total_micros, s.customer_id limit $4",
         .params = {PG_BOOL, PG_TEXT, PG_ID, PG_INT8, PG_BOOL, PG_BOOL, PG_IDS},
         .slow = true},
    [LIST_UNSCORED] =
        {.name = "dealer_list_unscored",
         .sql = "select c.id, c.number, coalesce(c.name, ''), coalesce(d.state = 'given_up',"
                " false), false, 0::bigint, null::date from customer c"
                " left join dealer d on d.customer_id = c.id"
                " where c.party_type = 'channel' and not $1"
                " and not exists (select 1 from dealer_score s where s.customer_id = c.id)"
                " and not exists (select 1 from customer_alias a where a.customer_id = c.id)"
                " and ($2 = '' or coalesce(d.state, 'active') = $2)"
                " and ($3 is null or c.number > (select b.number from customer b where b.id = $3))"
                " and " SCOPE_FILTER("c.id", "$5", "$6", "$7") " order by c.number limit $4",
         .params = {PG_BOOL, PG_TEXT, PG_ID, PG_INT8, PG_BOOL, PG_BOOL, PG_IDS},
         .slow = true},
    [LIST_GIVE_UPS] =
        {.name = "dealer_list_give_ups",
         .sql = "select g.id, g.customer_id, c.number, coalesce(c.name, ''), coalesce(s.number, 0),"
                " g.reason, g.explanation, g.state, g.proposed_by, coalesce(g.decided_by, ''),"
                " g.note, g.proposed_at, g.decided_at from dealer_give_up g"
                " cross join lateral (select * from customer where id = g.customer_id offset 0) c"
                " left join customer s on s.id = g.successor_id where ($1 = '' or g.state = $1)"
                " and ($2 is null or (g.proposed_at, g.id) > ((select b.proposed_at"
                " from dealer_give_up b where b.id = $2 limit 1), $2))"
                " and " SCOPE_FILTER("g.customer_id", "$4", "$5",
                                     "$6") " order by g.proposed_at, g.id limit $3",
         .params = {PG_TEXT, PG_ID, PG_INT8, PG_BOOL, PG_BOOL, PG_IDS},
         .slow = true},
    [FIND_STABILITY] = {.name = "dealer_find_stability",
                        .sql = "select count(*), count(*) filter (where d.given_up_on <= $3)"
                               " from customer c left join dealer d on d.customer_id = c.id"
                               " where c.party_type = 'channel' and c.registered_at < $1"
                               " and (d.given_up_on is null or d.given_up_on >= $2) and not exists"
                               " (select 1 from customer_alias a where a.customer_id = c.id)",
                        .params = {PG_TIME, PG_DATE, PG_DATE},
                        .slow = true},
};
const size_t dealer_list_statement_count = COUNT_OF(dealer_list_statements);

static void fill_summaries(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct dealer_summaries *all = out;
    size_t count = (size_t)pg_row_count(rows);

    all->list = arena_take_array(arena, count, sizeof(*all->list));
    for (size_t i = 0; all->list && i < count; i++) {
        int row = (int)i;

        all->list[all->count++] = (struct dealer_summary){
            .id = pg_get_id(rows, row, 0),
            .number = pg_get_int8(rows, row, 1),
            .name = pg_keep_text(rows, row, 2, arena),
            .is_given_up = pg_get_bool(rows, row, 3),
            .is_false_enthusiasm = pg_get_bool(rows, row, 4),
            .total_micros = pg_get_int8(rows, row, 5),
            .scored_on = pg_get_date_or_none(rows, row, 6),
        };
    }
}

static void put_after(struct pg_args *args, int i, const struct dealer_question *question)
{
    if (question->has_after)
        pg_put_id(args, i, &question->after);
    else
        pg_put_null(args, i);
}

void dealer_list(struct request *req, const struct dealer_question *question,
                 struct dealer_summaries *out)
{
    const struct pg_statement *statement =
        &dealer_list_statements[question->without_score ? LIST_UNSCORED : LIST_SCORED];
    struct pg_args *args = pg_args_new(req->arena, statement);

    *out = (struct dealer_summaries){.count = 0};
    pg_put_bool(args, 0, question->only_false_enthusiasm);
    pg_put_text_n(args, 1, question->state.at, question->state.bytes);
    put_after(args, 2, question);
    pg_put_int8(args, 3, (int64_t)question->page_size + 1);
    scope_put(req, args, 4);
    flow_ask(req, statement, args, fill_summaries, out);
}

static void fill_give_ups(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct dealer_give_ups *all = out;
    size_t count = (size_t)pg_row_count(rows);

    all->list = arena_take_array(arena, count, sizeof(*all->list));
    for (size_t i = 0; all->list && i < count; i++) {
        int row = (int)i;

        all->list[all->count++] = (struct dealer_give_up){
            .id = pg_get_id(rows, row, 0),
            .customer = pg_get_id(rows, row, 1),
            .customer_number = pg_get_int8(rows, row, 2),
            .customer_name = pg_keep_text(rows, row, 3, arena),
            .successor_number = pg_get_int8(rows, row, 4),
            .reason = pg_keep_text(rows, row, 5, arena),
            .explanation = pg_keep_text(rows, row, 6, arena),
            .state = pg_keep_text(rows, row, 7, arena),
            .proposed_by = pg_keep_text(rows, row, 8, arena),
            .decided_by = pg_keep_text(rows, row, 9, arena),
            .note = pg_keep_text(rows, row, 10, arena),
            .proposed_at_us = pg_get_time(rows, row, 11),
            .decided_at_us = pg_get_time(rows, row, 12),
        };
    }
}

void dealer_list_give_ups(struct request *req, const struct dealer_question *question,
                          struct dealer_give_ups *out)
{
    struct pg_args *args = pg_args_new(req->arena, &dealer_list_statements[LIST_GIVE_UPS]);

    *out = (struct dealer_give_ups){.count = 0};
    pg_put_text_n(args, 0, question->state.at, question->state.bytes);
    put_after(args, 1, question);
    pg_put_int8(args, 2, (int64_t)question->page_size + 1);
    scope_put(req, args, 3);
    flow_ask(req, &dealer_list_statements[LIST_GIVE_UPS], args, fill_give_ups, out);
}

static void fill_stability(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    if (pg_row_count(rows) > 0)
        *(struct dealer_stability *)out =
            (struct dealer_stability){pg_get_int8(rows, 0, 0), pg_get_int8(rows, 0, 1)};
}

void dealer_find_stability(struct request *req, int64_t from_us, int32_t from, int32_t to,
                           struct dealer_stability *out)
{
    struct pg_args *args = pg_args_new(req->arena, &dealer_list_statements[FIND_STABILITY]);

    pg_put_time(args, 0, from_us);
    pg_put_date(args, 1, from);
    pg_put_date(args, 2, to);
    flow_ask(req, &dealer_list_statements[FIND_STABILITY], args, fill_stability, out);
}
