#include "services/customers/store/card.h"

#include <string.h>

#include "services/customers/store/case_seen.h"
#include "services/customers/store/owner_shown.h"

enum {
    FIND,
    LIST_FIGURES,
};

const struct pg_statement card_statements[] = {
    [FIND] =
        {.name = "card_find",
         .sql =
             "select q.place, c.id, c.number, c.name, c.party_type, c.nature,"
             " c.region_code, c.completeness, cardinality(c.missing), c.review_due,"
             " coalesce(v.version, 0), (select log_epoch from installation),"
             " (select version from region_tree), nullif(i.number, c.number), " OWNER_SHOWN(
                 "c.id") ", " CASE_SEEN_COLUMNS " from unnest($1, $2, $3, $4) with ordinality"
                         " as q(number, id, source, external_id, place)"
                         " cross join lateral (select case when q.number > 0"
                         " then (select id from customer where number = q.number)"
                         " when q.source <> '' then (select customer_id from customer_ref"
                         " where source = q.source and external_id = q.external_id)"
                         " else q.id end as id offset 0) r"
                         " cross join lateral (select coalesce(a.survivor_id, n.id) as id, n.number"
                         " from customer n left join customer_alias a on a.customer_id = n.id"
                         " where n.id = r.id offset 0) i"
                         " cross join lateral (select * from customer where id = i.id offset 0) c"
                         " left join lateral (select version from subject_version"
                         " where subject = i.id offset 0) v on true"
                         " left join customer_cases k on k.customer_id = i.id",
         .params = {PG_INT8S, PG_IDS, PG_TEXTS, PG_TEXTS}},
    /* One row per customer and currency. First day to region are as in file.c. */
    [LIST_FIGURES] =
        {.name = "card_list_figures",
         .sql =
             "select u.id, coalesce((select version from subject_version"
             " where subject = u.id), 0), (select grade::text from grade_current g"
             " where g.customer_id = u.id), w.region, p.first_day, p.last_day, p.days,"
             " p.orders, s.currency, s.orders, s.net, s.orders_12, s.net_12"
             " from unnest($1) as u(id)"
             " cross join lateral (select array(select * from customer_and_merged(u.id)) as ids"
             " offset 0) m cross join lateral (select min(o.day) as first_day,"
             " max(o.day) as last_day, count(distinct o.day) as days,"
             " count(*) filter (where o.day between $2 and $3) as orders from orders o"
             " cross join lateral (select cancelled_at from order_key"
             " where source = o.source and number = o.number offset 0) k"
             " where o.customer_id = any(m.ids) and o.net_micros > 0 and k.cancelled_at is null"
             " offset 0) p left join lateral (select coalesce(r.region_code, r.name) as region"
             " from (select region_id, sum(net_micros) as net, max(day) as latest"
             " from sales_figure where customer_id = any(m.ids) and day between $2 and $3"
             " and currency = $4 group by region_id) f"
             " cross join lateral (select region_code, name from order_region"
             " where id = f.region_id offset 0) r group by 1"
             " order by sum(f.net) desc, max(f.latest) desc, 1 limit 1) w on true"
             " left join lateral (select currency, sum(orders)::bigint as orders,"
             " sum(net_micros)::bigint as net,"
             " coalesce(sum(orders) filter (where day between $2 and $3), 0)::bigint"
             " as orders_12, coalesce(sum(net_micros) filter (where day between $2 and $3), 0)"
             "::bigint as net_12 from sales_figure where customer_id = any(m.ids) group by currency"
             " having sum(orders) <> 0) s on true order by u.id, s.currency",
         .params = {PG_IDS, PG_DATE, PG_DATE, PG_TEXT}},
};
const size_t card_statement_count = COUNT_OF(card_statements);

static char get_grade(const struct pg_rows *rows, int row, int i)
{
    struct text grade = pg_get_text(rows, row, i);

    return grade.bytes ? grade.at[0] : ' ';
}

static void fill_found(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct cards *cards = out;

    for (int row = 0; row < pg_row_count(rows); row++) {
        struct card *card = &cards->list[pg_get_int8(rows, row, 0) - 1];

        card->found = true;
        card->id = pg_get_id(rows, row, 1);
        card->number = pg_get_int8(rows, row, 2);
        card->name = pg_keep_text(rows, row, 3, arena);
        card->party = file_party_read(pg_get_text(rows, row, 4));
        card->nature = file_nature_read(pg_get_text(rows, row, 5));
        card->region = pg_keep_text(rows, row, 6, arena);
        card->completeness_micros = pg_get_int4(rows, row, 7);
        card->missing = (uint32_t)pg_get_int4(rows, row, 8);
        card->review_due = pg_get_date_or_none(rows, row, 9);
        card->version = (uint64_t)pg_get_int8(rows, row, 10);
        cards->epoch = pg_get_int4(rows, row, 11);
        cards->region_version = pg_get_int8(rows, row, 12);
        card->merged_from = pg_get_int8(rows, row, 13);
        card->owner = pg_keep_text(rows, row, 14, arena);
        card->cases = case_seen_get(rows, row, 15);
    }
}

void card_find(struct request *req, const struct customer_question *questions, struct cards *cards)
{
    struct pg_args *args = pg_args_new(req->arena, &card_statements[FIND]);

    for (size_t i = 0; i < cards->count; i++) {
        const struct customer_question *question = &questions[i];

        pg_put_int8(args, 0, question->kind == CUSTOMER_REF_NUMBER ? question->number : 0);
        pg_put_id(args, 1, &question->id);
        pg_put_text_n(args, 2, question->reference.source.at, question->reference.source.bytes);
        pg_put_text_n(args, 3, question->reference.external_id.at,
                      question->reference.external_id.bytes);
    }
    flow_ask(req, &card_statements[FIND], args, fill_found, cards);
}

static struct card_figures get_figures(const struct pg_rows *rows, int row, int32_t as_of,
                                       struct arena *arena)
{
    const struct purchases purchases = {.first_day = pg_get_date_or_none(rows, row, 4),
                                        .last_day = pg_get_date_or_none(rows, row, 5),
                                        .order_days = pg_get_int8(rows, row, 6)};

    return (struct card_figures){.customer = pg_get_id(rows, row, 0),
                                 .version = (uint64_t)pg_get_int8(rows, row, 1),
                                 .as_of = as_of,
                                 .grade = get_grade(rows, row, 2),
                                 .region = pg_keep_text(rows, row, 3, arena),
                                 .first_day = purchases.first_day,
                                 .last_day = purchases.last_day,
                                 .expected_next = file_expected_next(&purchases),
                                 .orders_12_months = (uint32_t)pg_get_int8(rows, row, 7)};
}

static void get_sales(const struct pg_rows *rows, int row, struct card_sales *out)
{
    struct text currency = pg_get_text(rows, row, 8);

    memcpy(out->currency, currency.at, currency.bytes < 3 ? currency.bytes : 3);
    out->orders = pg_get_int8(rows, row, 9);
    out->net_micros = pg_get_int8(rows, row, 10);
    out->orders_12_months = pg_get_int8(rows, row, 11);
    out->net_12_months_micros = pg_get_int8(rows, row, 12);
}

static void fill_figures(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct card_figures_list *found = out;
    size_t count = (size_t)pg_row_count(rows);
    struct card_sales *sales = arena_take_array(arena, count, sizeof(*sales));
    struct card_figures *last = NULL;

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && sales && i < count; i++) {
        struct id customer = pg_get_id(rows, (int)i, 0);

        if (!last || memcmp(&last->customer, &customer, sizeof(customer)) != 0) {
            last = &found->list[found->count++];
            *last = get_figures(rows, (int)i, found->as_of, arena);
            last->sales = &sales[i];
        }
        if (!pg_is_null(rows, (int)i, 8))
            get_sales(rows, (int)i, &sales[i]);
        last->sales_count += !pg_is_null(rows, (int)i, 8);
    }
}

void card_list_figures(struct request *req, const struct id *customers, size_t count, int32_t today,
                       const char currency[4], struct card_figures_list *out)
{
    struct pg_args *args = pg_args_new(req->arena, &card_statements[LIST_FIGURES]);

    out->as_of = today;
    for (size_t i = 0; i < count; i++)
        pg_put_id(args, 0, &customers[i]);
    pg_put_date(args, 1, file_window_from(today));
    pg_put_date(args, 2, today);
    pg_put_text(args, 3, currency);
    flow_ask(req, &card_statements[LIST_FIGURES], args, fill_figures, out);
}
