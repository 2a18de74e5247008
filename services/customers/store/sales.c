#include "services/customers/store/sales.h"

#include <string.h>

#include "services/customers/store/alias.h"
#include "services/customers/store/scope.h"

enum {
    COUNT,
    REMOVE_EMPTY,
    LIST_TOTAL,
    LIST_REGION,
    LIST_MONTH,
    LIST_LARGEST,
    LIST_LARGEST_SEEN, /* of people who do not see everybody */
    LIST_ANONYMOUS,
    LIST_CUSTOMERS,
};

/*
 * A report is the figures between two days, grouped by a key. All four take the same parameters:
 * first day, last day, top (0: none), limit, and the key and currency after which a page begins.
 */
#define FIGURES                                                                                    \
    " from sales_figure f join customer c on c.id = f.customer_id"                                 \
    " left join customer_alias a on a.customer_id = f.customer_id"                                 \
    " where f.day between $1 and $2"
/* Who is counted: of a merged customer his survivor. */
#define WHO "coalesce(a.survivor_id, f.customer_id)"
#define SUMS                                                                                       \
    " currency, sum(lines)::bigint as lines, sum(orders)::bigint as orders,"                       \
    " count(distinct who) filter (where is_named and orders <> 0)::bigint as customers,"           \
    " sum(net_micros)::bigint as net_micros"
#define PAGE                                                                                       \
    " where orders <> 0 and ($3 > 0 or (key, currency) > ($5, $6))"                                \
    " order by case when $3 > 0 then net_micros end desc, key, currency limit $4"
#define REPORT_PARAMS                                                                              \
    {                                                                                              \
        PG_DATE, PG_DATE, PG_INT8, PG_INT8, PG_TEXT, PG_TEXT                                       \
    }

/* What a customer is called in a report: by his oldest reference; without one by his number; empty
 * for no customer. */
#define CUSTOMER_KEY(id)                                                                           \
    "select coalesce((select r.source || ':' || r.external_id from customer_ref r"                 \
    " where r.customer_id = " id " order by r.added_at, r.source, r.external_id limit 1),"         \
    " (select 'KH' || lpad(number::text, greatest(6, length(number::text)), '0')"                  \
    " from customer where customer.id = " id "), '') as key offset 0"

/* The largest customers: figures first, their names only for those that are shown. All anonymous
 * customers stand together under the empty key. */
#define LARGEST(more)                                                                              \
    "select k.key, t.currency, t.lines, t.orders, t.customers, t.net_micros"                       \
    " from (select case when c.party_type <> 'anonymous' then " WHO " end as id,"                  \
    " f.currency, sum(f.lines)::bigint as lines,"                                                  \
    " sum(f.orders)::bigint as orders, count(distinct " WHO ")"                                    \
    " filter (where c.party_type <> 'anonymous' and f.orders <> 0)::bigint"                        \
    " as customers, sum(f.net_micros)::bigint as net_micros" FIGURES more                          \
    " group by 1, 2 having sum(f.orders) <> 0"                                                     \
    " order by net_micros desc, 1, 2 limit $3) t"                                                  \
    " cross join lateral (" CUSTOMER_KEY(                                                          \
        "t.id") ") k order by t.net_micros desc, k.key, t.currency"

const struct pg_statement sales_statements[] = {
    /* Sorted by the key, so that two processes lock the figures they share in the same order; last
     * but for the log, so that the hot ones are locked for a short time. */
    [COUNT] = {.name = "sales_count",
               .sql = "insert into sales_figure as f (customer_id, region_id, day, currency,"
                      " orders, lines, net_micros)"
                      " select c, r, d, y, sum(o)::bigint, sum(l)::bigint, sum(n)::bigint"
                      " from unnest($1, $2, $3, $4, $5, $6, $7) as u(c, r, d, y, o, l, n)"
                      " group by c, d, r, y order by c, d, r, y"
                      " on conflict (customer_id, day, region_id, currency) do update set"
                      " orders = f.orders + excluded.orders, lines = f.lines + excluded.lines,"
                      " net_micros = f.net_micros + excluded.net_micros",
               .params = {PG_IDS, PG_IDS, PG_DATES, PG_TEXTS, PG_INT8S, PG_INT8S, PG_INT8S},
               .write = true,
               .merge = true,
               .rank = 150},
    /* Where a document was counted out, nothing may be left: the figures are the same in every
     * order of arrival. */
    [REMOVE_EMPTY] = {.name = "sales_remove_empty",
                      .sql =
                          "delete from sales_figure f using unnest($1, $2, $3, $4) as u(c, r, d, y)"
                          " where f.customer_id = u.c and f.region_id = u.r and f.day = u.d"
                          " and f.currency = u.y and f.orders = 0 and f.lines = 0"
                          " and f.net_micros = 0",
                      .params = {PG_IDS, PG_IDS, PG_DATES, PG_TEXTS},
                      .write = true,
                      .merge = true,
                      .rank = 151},
    [LIST_TOTAL] = {.name = "sales_list_total",
                    .sql = "select * from (select 'total' as key," SUMS " from (select f.*, " WHO
                           " as who,"
                           " c.party_type <> 'anonymous' as is_named" FIGURES
                           ") f group by currency) s" PAGE,
                    .params = REPORT_PARAMS,
                    .slow = true},
    [LIST_REGION] = {.name = "sales_list_region",
                     .sql = "select * from (select key," SUMS " from (select f.*, " WHO " as who,"
                            " r.name as key, c.party_type <> 'anonymous' as is_named"
                            " from sales_figure f join customer c on c.id = f.customer_id"
                            " left join customer_alias a on a.customer_id = f.customer_id"
                            " join order_region r on r.id = f.region_id"
                            " where f.day between $1 and $2) f group by key, currency) s" PAGE,
                     .params = REPORT_PARAMS,
                     .slow = true},
    [LIST_MONTH] = {.name = "sales_list_month",
                    .sql = "select * from (select key," SUMS " from (select f.*, " WHO
                           " as who, to_char(f.day, 'YYYY-MM') as key,"
                           " c.party_type <> 'anonymous' as is_named" FIGURES
                           ") f group by key, currency) s" PAGE,
                    .params = REPORT_PARAMS,
                    .slow = true},
    [LIST_LARGEST] = {.name = "sales_list_largest",
                      .sql = LARGEST(""),
                      .params = {PG_DATE, PG_DATE, PG_INT8},
                      .slow = true},
    [LIST_LARGEST_SEEN] = {.name = "sales_list_largest_seen",
                           .sql = LARGEST(" and (c.party_type = 'anonymous' or " SCOPE_FILTER(
                               WHO, "$4", "$5", "$6") ")"),
                           .params = {PG_DATE, PG_DATE, PG_INT8, PG_BOOL, PG_BOOL, PG_IDS},
                           .slow = true},
    [LIST_ANONYMOUS] = {.name = "sales_list_anonymous",
                        .sql = "select '' as key," SUMS " from (select f.*, " WHO " as who,"
                               " false as is_named" FIGURES
                               " and c.party_type = 'anonymous') f group by currency"
                               " having sum(orders) <> 0 order by currency",
                        .params = {PG_DATE, PG_DATE},
                        .slow = true},
    /* A page of named customers in the order of their ids; one without figures has no currency and
     * only carries the reader on, as does one whom the asker may not see. */
    [LIST_CUSTOMERS] =
        {.name = "sales_list_customers",
         .sql = "select k.key, s.currency, s.lines, s.orders, 1::bigint, s.net_micros,"
                " c.id from (select id from customer where id > $4"
                " and party_type <> 'anonymous' and not is_merged order by id limit $3) c"
                " left join lateral (select f.currency, sum(f.lines)::bigint as lines,"
                " sum(f.orders)::bigint as orders,"
                " sum(f.net_micros)::bigint as net_micros from " ALIAS_FROM_C
                " cross join lateral (select * from sales_figure where"
                " customer_id = m.id and day between $1 and $2 offset 0) f"
                " group by f.currency having sum(f.orders) <> 0 offset 0) s on " SCOPE_FILTER(
                    "c.id", "$5", "$6",
                    "$7") " cross join lateral (" CUSTOMER_KEY("c.id") ") k"
                                                                       " order by c.id, s.currency",
         .params = {PG_DATE, PG_DATE, PG_INT8, PG_ID, PG_BOOL, PG_BOOL, PG_IDS},
         .slow = true},
};
const size_t sales_statement_count = COUNT_OF(sales_statements);

/* Days that stand for "from the beginning" and "to the end": years 1 and 9999. */
#define FIRST_DAY (-719162)
#define LAST_DAY 2932896

static void remove_empty(struct request *req, const struct order *order)
{
    struct pg_args *args = flow_write(req, &sales_statements[REMOVE_EMPTY]);

    pg_put_id(args, 0, &order->customer);
    pg_put_id(args, 1, &order->region);
    pg_put_date(args, 2, order->day);
    pg_put_text(args, 3, order->currency);
}

void sales_count(struct request *req, const struct order *order, int sign)
{
    struct pg_args *args = flow_write(req, &sales_statements[COUNT]);

    pg_put_id(args, 0, &order->customer);
    pg_put_id(args, 1, &order->region);
    pg_put_date(args, 2, order->day);
    pg_put_text(args, 3, order->currency);
    pg_put_int8(args, 4, sign);
    pg_put_int8(args, 5, sign * (int64_t)order->line_count);
    pg_put_int8(args, 6, sign * order->net_micros);
    if (sign < 0)
        remove_empty(req, order);
}

static void fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct sales_rows *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++) {
        struct sales_row *sales = &found->list[found->count];
        struct text currency = pg_get_text(rows, (int)i, 1);

        sales->key = pg_keep_text(rows, (int)i, 0, arena);
        memcpy(sales->currency, currency.at, currency.bytes < 3 ? currency.bytes : 3);
        sales->lines = pg_get_int8(rows, (int)i, 2);
        sales->orders = pg_get_int8(rows, (int)i, 3);
        sales->customers = pg_get_int8(rows, (int)i, 4);
        sales->net_micros = pg_get_int8(rows, (int)i, 5);
        found->count += currency.bytes > 0; /* a customer without figures is no row */
    }
}

static const struct pg_statement *statement_by(enum sales_key by)
{
    switch (by) {
    case SALES_KEY_IS_TOTAL:
        return &sales_statements[LIST_TOTAL];
    case SALES_KEY_IS_REGION:
        return &sales_statements[LIST_REGION];
    case SALES_KEY_IS_MONTH:
        return &sales_statements[LIST_MONTH];
    case SALES_KEY_IS_CUSTOMER:
        break; /* has statements of its own */
    }
    return &sales_statements[LIST_TOTAL];
}

static struct pg_args *days_args(struct request *req, const struct pg_statement *statement,
                                 const struct sales_question *question)
{
    struct pg_args *args = pg_args_new(req->arena, statement);

    pg_put_date(args, 0, question->has_from ? question->from_day : FIRST_DAY);
    pg_put_date(args, 1, question->has_to ? question->to_day : LAST_DAY);
    return args;
}

void sales_list(struct request *req, const struct sales_question *question, struct text after_key,
                struct text after_currency, struct sales_rows *out)
{
    const struct pg_statement *statement = statement_by(question->by);
    struct pg_args *args = days_args(req, statement, question);

    pg_put_int8(args, 2, question->top);
    pg_put_int8(args, 3, question->top ? question->top : question->page_size + 1);
    pg_put_text_n(args, 4, after_key.at, after_key.bytes);
    pg_put_text_n(args, 5, after_currency.at, after_currency.bytes);
    flow_ask(req, statement, args, fill, out);
}

void sales_list_largest(struct request *req, const struct sales_question *question,
                        struct sales_rows *out)
{
    bool sees_all = scope_of(req)->sees_all;
    const struct pg_statement *statement =
        &sales_statements[sees_all ? LIST_LARGEST : LIST_LARGEST_SEEN];
    struct pg_args *args = days_args(req, statement, question);

    pg_put_int8(args, 2, question->top);
    if (!sees_all)
        scope_put(req, args, 3);
    flow_ask(req, statement, args, fill, out);
}

void sales_list_anonymous(struct request *req, const struct sales_question *question,
                          struct sales_rows *out)
{
    const struct pg_statement *statement = &sales_statements[LIST_ANONYMOUS];

    flow_ask(req, statement, days_args(req, statement, question), fill, out);
}

static void fill_customers(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct sales_customers *page = out;
    size_t count = (size_t)pg_row_count(rows);

    fill(rows, arena, &page->rows);
    for (size_t i = 0; i < count; i++) {
        struct id id = pg_get_id(rows, (int)i, 6);
        page->read += i == 0 || memcmp(&id, &page->last, sizeof(id)) != 0;
        page->last = id;
    }
}

void sales_list_customers(struct request *req, const struct sales_question *question,
                          const struct id *after, struct sales_customers *out)
{
    const struct pg_statement *statement = &sales_statements[LIST_CUSTOMERS];
    struct pg_args *args = days_args(req, statement, question);

    pg_put_int8(args, 2, question->page_size);
    pg_put_id(args, 3, after);
    scope_put(req, args, 4);
    flow_ask(req, statement, args, fill_customers, out);
}
