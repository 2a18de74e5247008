#include "services/complaints/store/case_report.h"

#include "services/complaints/store/case_figure.h"

enum {
    LIST,
    LIST_CLOCKS,
    RATE_COMPLAINTS,
    RATE_CUSTOMERS,
};

/* 1 by, 2 from, 3 to, 4 kinds, 5 names of channels, 6 names of states. */
#define PERIOD_PARAMS PG_INT4, PG_DATE, PG_DATE, PG_INT4S, PG_TEXTS, PG_TEXTS
#define KEY CASE_FIGURE_KEY_JOINED("c", "$1", "$5", "$6")
/* By months the key is null, and the day not: MONTH_OR makes the months of what they are summed up
 * by, since a month made for each case costs more than all else. */
#define DAY "case when $1 = 3 then c.day end"
#define MONTH_OR(key) "coalesce(" key ", " CASE_FIGURE_MONTH("day") ")"
#define PERIOD " c.kind = any($4) and ($2 is null or c.day >= $2) and ($3 is null or c.day <= $3)"

/*
 * Cases that repeat an earlier one: what CASE_FIGURE_OF_CUSTOMER and CASE_FIGURE_OF_BATCH say of
 * one case, of all at once along their indexes. Only who complained before within the days, of
 * whatever, is looked at more closely. Days rise with the moment of submission, so the latest
 * before is the nearest.
 */
/* clang-format off */
#define EARLIER(whose)                                                                             \
    ", day - lag(day) over (partition by " whose " order by day, submitted_at, id) as apart"       \
    " from cases where kind = 1 and state not in (12, 13, 14)"                                     \
    " and ($2 is null or day >= $2 - $7) and ($3 is null or day <= $3) and "
#define COMPLAINED_BEFORE                                                                          \
    "(select id, kind, customer_id, day, cause, issue, submitted_at" EARLIER("customer_id")        \
    "customer_id is not null)"
#define OF_CUSTOMER                                                                                \
    "select id, true as of_customer, false as of_batch from " COMPLAINED_BEFORE                    \
    " e where apart <= $7 and " CASE_FIGURE_OF_CUSTOMER("e", "$7")
#define OF_BATCH                                                                                   \
    "select id, false, true from (select id" EARLIER("product, batch")                             \
    "batch <> '' and product <> '') e where apart <= $7"
/* Grouped, the planner knows that each is there once: it makes a table of them and not of all
 * cases, which it then only walks through. */
#define REPEATS                                                                                    \
    "(select id, bool_or(of_customer) as of_customer, bool_or(of_batch) as of_batch from ("        \
    OF_CUSTOMER " union all " OF_BATCH ") r group by id)"

/* The bits of cases.figures: those of state, then one by one. */
#define STATE "figures & 15"
#define IS_COUNTED STATE " not in (12, 13, 14)"
#define HAS(bit) "figures & " bit " > 0"
#define IS_HISTORIC HAS("128")
#define IS_RATED HAS("2048")
#define COUNT(what) SUM("cases", what) "::bigint"
#define SUM(of, what) "coalesce(sum(" of ") filter (where " IS_COUNTED " and " what "), 0)"
/* Number of the moments and microseconds until then. Intervals add up exactly. */
#define TIME(what, until)                                                                          \
    COUNT("not " IS_HISTORIC " and " what)                                                         \
    ", coalesce(extract(epoch from sum(" until ") filter (where " IS_COUNTED                       \
    " and not " IS_HISTORIC " and " what ")) * 1000000, 0)::bigint"

#define SUMS                                                                                       \
    COUNT("true") " as complaints, "                                                               \
    COUNT(STATE " not in (9, 11)") ", " COUNT(STATE " in (9, 11)") ", "                            \
    COUNT(HAS("16")) ", " COUNT(HAS("32")) ", " COUNT(STATE " = 11") ", " COUNT(HAS("64")) ", "    \
    COUNT("(of_customer or of_batch or recurs)") ", "                                              \
    COUNT("of_customer") ", " COUNT("of_batch") ", "                                               \
    "coalesce(sum(cases) filter (where not " IS_COUNTED "), 0)::bigint, " COUNT(IS_HISTORIC) ", "  \
    TIME(HAS("256"), "until_acknowledged") ", " TIME(HAS("512"), "until_answered") ", "            \
    TIME(HAS("1024") " and " STATE " in (9, 11)", "until_closed") ", "                             \
    COUNT("figures & 6144 > 0") ", " COUNT(IS_RATED) ", " SUM("ratings", IS_RATED) "::bigint"
#define UNTIL(at) "sum(greatest(c." at " - c.received_at, interval '0'))"
#define GROUPS                                                                                     \
    "(select " KEY " as key, " DAY " as day, c.figures, r.of_customer, r.of_batch,"                \
    " c.recurs_of is not null as recurs, count(*) as cases, "                                      \
    UNTIL("acknowledged_at") " as until_acknowledged, " UNTIL("answered_at") " as until_answered, " \
    UNTIL("closed_at") " as until_closed, sum(c.rating) as ratings from cases c"                   \
    " left join " REPEATS " r on r.id = c.id" CASE_FIGURE_JOINS("c", "$1") " where" PERIOD         \
    " group by 1, 2, 3, 4, 5, 6) g"

const struct pg_statement case_report_statements[] = {
    [LIST] = {.name = "case_report_list",
              .sql = "select * from (select " MONTH_OR("key") " as key, " SUMS " from " GROUPS
                     " group by 1) r"
                     " where ($8 > 0 or $10 is null or key > $10)"
                     " order by case when $8 > 0 then complaints end desc, key limit $9",
              .params = {PERIOD_PARAMS, PG_INT4, PG_INT8, PG_INT8, PG_TEXT},
              .slow = true,
              .varies = true},
    /* By columns of which the planner knows how many cases they leave: nearly all. Months are made
     * of the days last, and only then is looked which are asked for. */
    [LIST_CLOCKS] = {.name = "case_report_list_clocks",
                     .sql = "select * from (select " MONTH_OR("key") " as key, kind,"
                            " coalesce(sum(clocks) filter (where outcome = 1), 0)::bigint,"
                            " coalesce(sum(clocks) filter (where outcome = 2), 0)::bigint"
                            " from (select c.key, c.day, k.kind, k.outcome, count(*) as clocks"
                            " from (select c.id, " KEY " as key, " DAY " as day from cases c"
                            CASE_FIGURE_JOINS("c", "$1") " where" PERIOD
                            " and not c.is_historic and " CASE_FIGURE_COUNTED("c")
                            ") c join clock k on k.case_id = c.id where k.outcome in (1, 2)"
                            " and ($1 = 3 or c.key = any($7)) group by 1, 2, 3, 4) judged"
                            " group by 1, 2 offset 0) j where key = any($7) order by 1, 2",
                     .params = {PERIOD_PARAMS, PG_TEXTS},
                     .slow = true,
                     .varies = true},
    [RATE_COMPLAINTS] = {.name = "case_report_rate_complaints",
                         .sql = "select count(*) from cases c where c.kind = 1 and "
                                CASE_FIGURE_COUNTED("c") " and ($1 is null or c.day >= $1)"
                                " and ($2 is null or c.day <= $2)",
                         .params = {PG_DATE, PG_DATE},
                         .slow = true,
                         .varies = true},
    /* Whose last order lies in the months needs no look at his orders. */
    [RATE_CUSTOMERS] = {.name = "case_report_rate_customers",
                        .sql = "select count(distinct coalesce(s.counts_as, s.customer_id))"
                               " from customer_seen s where s.last_order_on >= $1"
                               " and (s.last_order_on < $2 or exists (select from customer_order o"
                               " where o.customer_id = s.customer_id and o.day >= $1"
                               " and o.day < $2))",
                        .params = {PG_DATE, PG_DATE},
                        .slow = true,
                        .varies = true},
};
/* clang-format on */
const size_t case_report_statement_count = COUNT_OF(case_report_statements);

static struct pg_args *args_of(struct request *req, int statement,
                               const struct report_question *question)
{
    struct pg_args *args = pg_args_new(req->arena, &case_report_statements[statement]);

    pg_put_int4(args, 0, (int32_t)question->by);
    pg_put_date_or_null(args, 1, question->from);
    pg_put_date_or_null(args, 2, question->to);
    for (size_t i = 0; i < question->kind_count; i++)
        pg_put_int4(args, 3, (int32_t)question->kinds[i]);
    for (int i = 1; i < CASE_CHANNELS; i++)
        pg_put_text(args, 4, case_channel_name((enum case_channel)i));
    for (int i = 1; i < CASE_STATES; i++)
        pg_put_text(args, 5, case_state_name((enum case_state)i));
    return args;
}

static struct figures_time get_time(const struct pg_rows *rows, int row, int i)
{
    return (struct figures_time){pg_get_int8(rows, row, i), pg_get_int8(rows, row, i + 1)};
}

static void fill_rows(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct report_rows *report = out;
    int count = pg_row_count(rows);

    report->list = arena_take_array(arena, (size_t)count, sizeof(*report->list));
    for (int i = 0; report->list && i < count; i++)
        report->list[report->count++] = (struct report_row){
            .key = pg_keep_text(rows, i, 0, arena),
            .complaints = pg_get_int8(rows, i, 1),
            .open = pg_get_int8(rows, i, 2),
            .closed = pg_get_int8(rows, i, 3),
            .serious = pg_get_int8(rows, i, 4),
            .reopened = pg_get_int8(rows, i, 5),
            .unconfirmed = pg_get_int8(rows, i, 6),
            .our_fault = pg_get_int8(rows, i, 7),
            .recurred = pg_get_int8(rows, i, 8),
            .recurred_of_customer = pg_get_int8(rows, i, 9),
            .recurred_of_batch = pg_get_int8(rows, i, 10),
            .not_counted = pg_get_int8(rows, i, 11),
            .historic = pg_get_int8(rows, i, 12),
            .acknowledged = get_time(rows, i, 13),
            .answered = get_time(rows, i, 15),
            .ended = get_time(rows, i, 17),
            .ratings = {pg_get_int8(rows, i, 19), pg_get_int8(rows, i, 20),
                        pg_get_int8(rows, i, 21)},
        };
}

void case_report_list(struct request *req, const struct report_question *question,
                      struct report_rows *out)
{
    struct pg_args *args = args_of(req, LIST, question);

    pg_put_int4(args, 6, (int32_t)question->recurrence_days);
    pg_put_int8(args, 7, question->top);
    pg_put_int8(args, 8, question->top > 0 ? question->top : (int64_t)question->page_size + 1);
    if (question->has_after)
        pg_put_text_n(args, 9, question->after.at, question->after.bytes);
    else
        pg_put_null(args, 9);
    *out = (struct report_rows){.count = 0};
    flow_ask(req, &case_report_statements[LIST], args, fill_rows, out);
}

static void fill_clocks(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct report_clocks *clocks = out;
    int count = pg_row_count(rows);

    clocks->list = arena_take_array(arena, (size_t)count, sizeof(*clocks->list));
    for (int i = 0; clocks->list && i < count; i++)
        clocks->list[clocks->count++] =
            (struct report_clock){.key = pg_keep_text(rows, i, 0, arena),
                                  .kind = (enum clock_kind)pg_get_int4(rows, i, 1),
                                  .met = pg_get_int8(rows, i, 2),
                                  .breached = pg_get_int8(rows, i, 3)};
}

void case_report_list_clocks(struct request *req, const struct report_question *question,
                             const struct report_rows *rows, struct report_clocks *out)
{
    struct pg_args *args = args_of(req, LIST_CLOCKS, question);

    for (size_t i = 0; i < rows->count; i++)
        pg_put_text_n(args, 6, rows->list[i].key.at, rows->list[i].key.bytes);
    *out = (struct report_clocks){.count = 0};
    flow_ask(req, &case_report_statements[LIST_CLOCKS], args, fill_clocks, out);
}

static void fill_count(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    *(int64_t *)out = pg_get_int8(rows, 0, 0);
}

void case_report_rate(struct request *req, const struct report_question *question,
                      int32_t active_from, int32_t active_before, struct report_rate *out)
{
    const struct pg_statement *complaints = &case_report_statements[RATE_COMPLAINTS];
    const struct pg_statement *customers = &case_report_statements[RATE_CUSTOMERS];
    struct pg_args *args = pg_args_new(req->arena, complaints);

    *out = (struct report_rate){0};
    pg_put_date_or_null(args, 0, question->from);
    pg_put_date_or_null(args, 1, question->to);
    flow_ask(req, complaints, args, fill_count, &out->complaints);
    args = pg_args_new(req->arena, customers);
    pg_put_date(args, 0, active_from);
    pg_put_date(args, 1, active_before);
    flow_ask(req, customers, args, fill_count, &out->active_customers);
}
