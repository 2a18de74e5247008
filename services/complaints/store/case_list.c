/*
 * Lists of cases. What is quickly found comes from a walk along the index of the order, which gives
 * up after WALK_ROWS, or from the cases of one customer. A page that a walk did not fill is asked
 * again as a slow question that is planned for its filters: by the rarest of them, whichever that
 * is. Words are looked for by reading all rows once: a walk along an index would read them in its
 * order, one by one.
 *
 * All take the same parameters, in the order of put_filters.
 */
#include "services/complaints/store/case_list.h"

#include "services/complaints/store/case_figure.h"

#define WALK_ROWS "2000"

enum driver {
    DRIVER_WALK,
    DRIVER_CUSTOMER,
    DRIVER_REST,
    DRIVER_OPEN, /* the rest, of open ones only */
    DRIVER_TEXT, /* the rest, by words */
};
#define DRIVERS 5
#define FIND_CUSTOMERS (DRIVERS * CASE_LIST_SORTS)

#define FIGURE_PARAMS                                                                              \
    PG_INT4, PG_TEXT, PG_DATE, PG_DATE, PG_INT4S, PG_INT4, PG_INT4, PG_INT4, PG_TEXTS, PG_TEXTS
#define PARAMS                                                                                     \
    {                                                                                              \
        PG_INT4S, PG_INT4S, PG_INT4S, PG_BOOL, PG_IDS, PG_TEXT, PG_TEXT, PG_ID, PG_TEXT, PG_TEXT,  \
            PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_INT4, PG_TIME, PG_TIME,       \
            PG_BOOL, PG_BOOL, SIGHT_PARAMS, FIGURE_PARAMS, PG_TIME, PG_INT4, PG_ID, PG_INT8        \
    }

#define PERSON SIGHT_PERSON("c", "$23", "$24", "$25")
#define FILTERS                                                                                    \
    " where (cardinality($1) = 0 or c.state = any($1))"                                            \
    " and (cardinality($2) = 0 or c.kind = any($2))"                                               \
    " and (cardinality($3) = 0 or c.channel = any($3))"                                            \
    " and (not $4 or ((c.customer_id = any($5) or ($6 <> '' and c.customer_id is null"             \
    " and c.customer_source = $6 and c.customer_external_id = $7)) and " PERSON "))"               \
    " and ($8 is null or c.handler_id = $8) and ($9 = '' or c.team = $9)"                          \
    " and ($10 = '' or c.product = $10) and ($11 = '' or c.issue = $11)"                           \
    " and ($12 = '' or c.cause = $12) and ($13 = '' or c.region = $13)"                            \
    " and ($14 = '' or c.batch = $14) and ($15 = '' or c.order_number = $15)"                      \
    " and ($16 = '' or position(upper($16) in c.number) > 0"                                       \
    " or (position(lower($16) in lower(c.summary)) > 0 and " PERSON "))"                           \
    " and c.priority >= $17 and ($18 is null or c.received_at >= $18)"                             \
    " and ($19 is null or c.received_at < $19)"                                                    \
    " and (not $20 or exists (select from clock b where b.case_id = c.id"                          \
    " and b.breached_at is not null)) and (not $21 or c.is_supervised)"                            \
    " and " SIGHT_FILTER("c", "$22", "$25", "$26")
#define BEHIND                                                                                     \
    " and ($32 = 0 or (" CASE_FIGURE_KEY(                                                          \
        "c", "$27", "$35",                                                                         \
        "$36") " = $28"                                                                            \
               " and ($29 is null or c.day >= $29) and ($30 is null or c.day <= $30)"              \
               " and c.kind = any($31) and " CASE_FIGURE_FILTER("c", "$32", "$33", "$34") "))"
#define LIMIT " limit $40"

#define BY_LATEST(c) c ".received_at desc, " c ".id desc"
#define AFTER_LATEST(c)                                                                            \
    "(" c ".received_at, " c ".id) < (coalesce($37, 'infinity'),"                                  \
    " coalesce($39, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))"
#define BY_EARLIEST(c) c ".received_at, " c ".id"
#define AFTER_EARLIEST(c)                                                                          \
    "(" c ".received_at, " c ".id) > (coalesce($37, '-infinity'),"                                 \
    " coalesce($39, '00000000-0000-0000-0000-000000000000'))"
#define BY_DUE(c) c ".queue_due, " c ".id"
/* A page may end among those without a clock: its place is then no moment, and $39 tells. */
#define AFTER_DUE_OF(due, id)                                                                      \
    "(" due ", " id ") > (coalesce($37, case when $39 is null then '-infinity'::timestamptz"       \
    " else 'infinity' end), coalesce($39, '00000000-0000-0000-0000-000000000000'))"
#define AFTER_DUE(c) AFTER_DUE_OF(c ".queue_due", c ".id")
#define BY_PRIORITY(c) c ".priority desc, " c ".received_at desc, " c ".id desc"
#define AFTER_PRIORITY(c)                                                                          \
    "(" c ".priority, " c ".received_at, " c ".id) < (coalesce($38, 99),"                          \
    " coalesce((select b.received_at from cases b where b.id = $39), 'infinity'),"                 \
    " coalesce($39, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))"

#define OPEN_CASES                                                                                 \
    "(select o.*, q.due_at as queue_due from case_queue q join cases o on o.id = q.case_id)"
/* The work lists know the state too, and a priority that is never below the case's. */
#define OPEN_CASES_IN_STATE                                                                        \
    "(select o.*, q.due_at as queue_due from case_queue q join cases o on o.id = q.case_id"        \
    " where q.state = any($1) and q.priority >= $17) c"
#define WALK(by, after)                                                                            \
    "(select * from cases k where " after("k") " order by " by("k") " limit " WALK_ROWS ") c"
#define WALK_DUE                                                                                   \
    "(select o.*, q.due_at as queue_due from (select * from case_queue q where " AFTER_DUE_OF(     \
        "q.due_at",                                                                                \
        "q.case_id") " order by q.due_at, q.case_id limit " WALK_ROWS                              \
                     ") q cross join lateral (select * from cases where id = q.case_id"            \
                     " offset 0) o) c"
/* Chinese has no small letters to be made of a million lines. The filters look at what is found
 * again, and at what of it the asker may see. */
#define WITH_TEXT(cases)                                                                           \
    "(select k.* from " cases " k where position(upper($16) in k.number) > 0"                      \
    " or case when lower($16) = upper($16) then position($16 in k.summary)"                        \
    " else position(lower($16) in lower(k.summary)) end > 0 offset 0) c"
#define OF_CUSTOMER(cases)                                                                         \
    "(select k.* from " cases " k where k.customer_id = any($5)"                                   \
    " union all select k.* from " cases " k where $6 <> '' and k.customer_id is null"              \
    " and k.customer_source <> '' and k.customer_source = $6"                                      \
    " and k.customer_external_id = $7) c"

/* The page by its ids and order; then what its lines show. */
#define LIST(called, from, is_slow, by, after, sorted, place)                                      \
    {                                                                                              \
        .name = called,                                                                            \
        .sql = "select " CASE_LIST_COLUMNS("0", place, "$23", "$24",                               \
                                           "$25") " from (select c.id,"                            \
                                                  " " sorted " from " from FILTERS BEHIND          \
                                                  " and " after("c") " order by " by("c") LIMIT    \
            ") p join cases c on c.id = p.id" CASE_LIST_JOINS " order by " by("p"),                \
        .params = PARAMS, .slow = is_slow, .varies = is_slow,                                      \
    }
#define AT(driver, sort) [(driver)*CASE_LIST_SORTS + (sort)]

/* clang-format off */
#define LISTS(driver, called, from_latest, from_earliest, from_due, from_priority, is_slow)        \
    AT(driver, CASE_LIST_LATEST) = LIST("case_list_" called "_latest", from_latest, is_slow,       \
                                        BY_LATEST, AFTER_LATEST, "c.received_at", "c.received_at"), \
    AT(driver, CASE_LIST_EARLIEST) = LIST("case_list_" called "_earliest", from_earliest, is_slow, \
                                          BY_EARLIEST, AFTER_EARLIEST, "c.received_at",            \
                                          "c.received_at"),                                        \
    AT(driver, CASE_LIST_BY_DUE) = LIST("case_list_" called "_by_due", from_due, is_slow, BY_DUE,  \
                                        AFTER_DUE, "c.queue_due",\
                                        "nullif(p.queue_due, 'infinity')"),                  \
    AT(driver, CASE_LIST_BY_PRIORITY) = LIST("case_list_" called "_by_priority", from_priority,    \
                                             is_slow, BY_PRIORITY, AFTER_PRIORITY,                 \
                                             "c.priority, c.received_at", "c.received_at")

const struct pg_statement case_list_statements[] = {
    LISTS(DRIVER_WALK, "walk", WALK(BY_LATEST, AFTER_LATEST), WALK(BY_EARLIEST, AFTER_EARLIEST),
          WALK_DUE, WALK(BY_PRIORITY, AFTER_PRIORITY), false),
    LISTS(DRIVER_CUSTOMER, "of_customer", OF_CUSTOMER("cases"), OF_CUSTOMER("cases"),
          OF_CUSTOMER(OPEN_CASES), OF_CUSTOMER("cases"), false),
    LISTS(DRIVER_REST, "rest", "cases c", "cases c", OPEN_CASES " c", "cases c", true),
    LISTS(DRIVER_OPEN, "open", OPEN_CASES_IN_STATE, OPEN_CASES_IN_STATE, OPEN_CASES_IN_STATE,
          OPEN_CASES_IN_STATE, true),
    LISTS(DRIVER_TEXT, "with_text", WITH_TEXT("cases"), WITH_TEXT("cases"), WITH_TEXT(OPEN_CASES),
          WITH_TEXT("cases"), true),
    [FIND_CUSTOMERS] = {
        .name = "case_list_find_customers",
        .sql = "with him as (select coalesce(counts_as, customer_id) as id from customer_seen"
               " where customer_id = coalesce($2, (select customer_id from customer_seen"
               " where number = $1), (select customer_id from customer_reference"
               " where source = $3 and external_id = $4)))"
               " select id from him union select s.customer_id from him join customer_seen s"
               " on s.counts_as = him.id",
        .params = {PG_TEXT, PG_ID, PG_TEXT, PG_TEXT}},
};
/* clang-format on */
const size_t case_list_statement_count = COUNT_OF(case_list_statements);

/* --- rows --- */

static void get_clock(const struct pg_rows *rows, int row, struct case_summary *out)
{
    out->has_clock = !pg_is_null(rows, row, 22);
    if (!out->has_clock)
        return;
    out->clock = (struct case_clock){
        .kind = (enum clock_kind)pg_get_int4(rows, row, 22),
        .state = (enum clock_state)pg_get_int4(rows, row, 23),
        .started_us = pg_get_time(rows, row, 24),
        .due_us = pg_get_time(rows, row, 25),
        .colour_us = pg_get_time(rows, row, 26),
        .paused_us = pg_get_time(rows, row, 27),
    };
}

static void get_subject(const struct pg_rows *rows, int row, struct arena *arena,
                        struct case_summary *out)
{
    out->is_person_seen = pg_get_bool(rows, row, 8);
    if (out->is_person_seen) {
        out->summary = pg_keep_text(rows, row, 9, arena);
        out->customer = pg_get_id(rows, row, 10);
    }
    out->handler = pg_keep_text(rows, row, 11, arena);
    out->team = pg_keep_text(rows, row, 12, arena);
    out->product = pg_keep_text(rows, row, 13, arena);
    out->issue = pg_keep_text(rows, row, 14, arena);
    out->region = pg_keep_text(rows, row, 15, arena);
    out->cause = pg_keep_text(rows, row, 16, arena);
}

void case_list_fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct case_summaries *found = out;
    int count = pg_row_count(rows);

    found->list = arena_take_array(arena, (size_t)count, sizeof(*found->list));
    for (int i = 0; found->list && i < count; i++) {
        struct case_summary *one = &found->list[found->count++];

        *one = (struct case_summary){
            .id = pg_get_id(rows, i, 0),
            .number = pg_keep_text(rows, i, 1, arena),
            .kind = (enum case_kind)pg_get_int4(rows, i, 2),
            .state = (enum case_state)pg_get_int4(rows, i, 3),
            .channel = (enum case_channel)pg_get_int4(rows, i, 4),
            .severity = (enum severity)pg_get_int4(rows, i, 5),
            .priority = (enum priority)pg_get_int4(rows, i, 6),
            .queued = (enum priority)pg_get_int4(rows, i, 7),
            .summary = TEXT_OF(""),
            .submitted_us = pg_get_time(rows, i, 17),
            .received_us = pg_get_time(rows, i, 18),
            .is_supervised = pg_get_bool(rows, i, 19),
            .is_historic = pg_get_bool(rows, i, 20),
            .chases = (uint32_t)pg_get_int4(rows, i, 21),
            .place = pg_is_null(rows, i, 28) ? CLOCK_NEVER : pg_get_time(rows, i, 28),
        };
        get_subject(rows, i, arena, one);
        get_clock(rows, i, one);
    }
}

/* --- filters --- */

static void put_text(struct pg_args *args, int i, struct text text)
{
    pg_put_text_n(args, i, text.at ? text.at : "", text.bytes);
}

static void put_what(struct pg_args *args, const struct case_list_question *q)
{
    for (size_t i = 0; i < q->state_count; i++)
        pg_put_int4(args, 0, (int32_t)q->states[i]);
    for (size_t i = 0; i < q->kind_count; i++)
        pg_put_int4(args, 1, (int32_t)q->kinds[i]);
    for (size_t i = 0; i < q->channel_count; i++)
        pg_put_int4(args, 2, (int32_t)q->channels[i]);
    pg_put_bool(args, 3, q->has_customer);
    for (size_t i = 0; i < q->customer_count; i++)
        pg_put_id(args, 4, &q->customers[i]);
    put_text(args, 5, q->customer_source);
    put_text(args, 6, q->customer_external_id);
    pg_put_id_or_null(args, 7, &q->handler);
    put_text(args, 8, q->team);
    put_text(args, 9, q->product);
    put_text(args, 10, q->issue);
    put_text(args, 11, q->cause);
    put_text(args, 12, q->region);
    put_text(args, 13, q->batch);
    put_text(args, 14, q->order_number);
    put_text(args, 15, q->text);
    pg_put_int4(args, 16, (int32_t)q->min_priority);
    pg_put_time_or_null(args, 17, q->from_us);
    pg_put_time_or_null(args, 18, q->before_us);
    pg_put_bool(args, 19, q->only_breached);
    pg_put_bool(args, 20, q->only_supervised);
}

static void put_figure(struct pg_args *args, const struct case_list_figure *figure)
{
    pg_put_int4(args, 26, (int32_t)figure->by);
    put_text(args, 27, figure->key);
    pg_put_date_or_null(args, 28, figure->from);
    pg_put_date_or_null(args, 29, figure->to);
    for (size_t i = 0; i < figure->kind_count; i++)
        pg_put_int4(args, 30, (int32_t)figure->kinds[i]);
    pg_put_int4(args, 31, (int32_t)figure->figure);
    pg_put_int4(args, 32, (int32_t)figure->clock);
    pg_put_int4(args, 33, (int32_t)figure->recurrence_days);
    for (int i = 1; i < CASE_CHANNELS; i++)
        pg_put_text(args, 34, case_channel_name((enum case_channel)i));
    for (int i = 1; i < CASE_STATES; i++)
        pg_put_text(args, 35, case_state_name((enum case_state)i));
}

static void put_after(struct pg_args *args, const struct case_list_question *q)
{
    bool by_priority = q->sort == CASE_LIST_BY_PRIORITY;

    if (q->has_after && !by_priority && q->after_place != CLOCK_NEVER)
        pg_put_time(args, 36, q->after_place);
    else
        pg_put_null(args, 36);
    if (q->has_after && by_priority)
        pg_put_int4(args, 37, (int32_t)q->after_place);
    else
        pg_put_null(args, 37);
    if (q->has_after)
        pg_put_id(args, 38, &q->after);
    else
        pg_put_null(args, 38);
    pg_put_int8(args, 39, (int64_t)q->page_size + 1);
}

static void ask(struct request *req, enum driver driver, const struct case_list_question *question,
                const struct sight *sight, struct case_summaries *out)
{
    const struct pg_statement *statement =
        &case_list_statements[(size_t)driver * CASE_LIST_SORTS + question->sort];
    struct pg_args *args = pg_args_new(req->arena, statement);

    put_what(args, question);
    sight_put(sight, args, 21);
    put_figure(args, &question->behind);
    put_after(args, question);
    *out = (struct case_summaries){.count = 0};
    flow_ask(req, statement, args, case_list_fill, out);
}

void case_list(struct request *req, const struct case_list_question *question,
               const struct sight *sight, struct case_summaries *out)
{
    ask(req, question->has_customer ? DRIVER_CUSTOMER : DRIVER_WALK, question, sight, out);
}

bool case_list_is_done(const struct case_list_question *question,
                       const struct case_summaries *found)
{
    return question->has_customer || found->count > question->page_size;
}

static bool is_of_open(const struct case_list_question *question)
{
    for (size_t i = 0; i < question->state_count; i++)
        if (case_is_ended(question->states[i]))
            return false;
    return question->state_count > 0;
}

void case_list_rest(struct request *req, const struct case_list_question *question,
                    const struct sight *sight, struct case_summaries *out)
{
    enum driver driver = DRIVER_REST;

    if (is_of_open(question))
        driver = DRIVER_OPEN;
    else if (question->text.bytes > 0)
        driver = DRIVER_TEXT;
    ask(req, driver, question, sight, out);
}

/* --- of whom --- */

static void fill_customers(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct case_list_family *family = out;
    int count = pg_row_count(rows);

    family->list = arena_take_array(arena, (size_t)count, sizeof(*family->list));
    for (int i = 0; family->list && i < count; i++)
        family->list[family->count++] = pg_get_id(rows, i, 0);
}

void case_list_find_customers(struct request *req, const struct customer_ref *ref,
                              struct case_list_family *out)
{
    struct pg_args *args = pg_args_new(req->arena, &case_list_statements[FIND_CUSTOMERS]);
    char number[CUSTOMER_REF_NUMBER_BYTES] = "";

    if (ref->kind == CUSTOMER_REF_NUMBER)
        customer_ref_print_number(ref->number, number);
    *out = (struct case_list_family){.count = 0};
    pg_put_text(args, 0, number);
    pg_put_id_or_null(args, 1, &ref->id);
    put_text(args, 2, ref->source);
    put_text(args, 3, ref->external_id);
    flow_ask(req, &case_list_statements[FIND_CUSTOMERS], args, fill_customers, out);
}
