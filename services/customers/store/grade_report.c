#include "services/customers/store/grade_report.h"

#include <string.h>

#include "services/customers/store/scope.h"

#define LARGEST 20
#define MOST_BELOW_MEDIAN 100

enum {
    LARGEST_C,
    A_BELOW_MEDIAN,
    REGIONS_WITHOUT_A,
    UNMAPPED_REGIONS,
    ASIDE,
    LIST_MOVES,
};

/* Of rows `r` of grade_result: as people know the customer, and his figures. */
#define NAMED                                                                                      \
    "(select f.source || ':' || f.external_id from customer_ref f"                                 \
    " where f.customer_id = r.customer_id order by f.added_at, f.source, f.external_id limit 1),"  \
    " (select number from customer where id = r.customer_id)"
#define GRADED                                                                                     \
    "select " NAMED ", r.grade, r.region, r.numerator_micros,"                                     \
    " coalesce((select net_micros from grade_run_region where run_id = $1"                         \
    " and region = r.region), 0), r.is_long_term, r.flags from"

const struct pg_statement grade_report_statements[] = {
    [LARGEST_C] = {.name = "grade_report_largest_c",
                   .sql = GRADED " (select * from grade_result where run_id = $1 and grade = 'C'"
                                 " order by numerator_micros desc, customer_id limit $2) r"
                                 " order by r.numerator_micros desc, r.customer_id",
                   .params = {PG_ID, PG_INT8},
                   .slow = true},
    /* The median of an even number is the middle between two: all is doubled to stay exact. */
    [A_BELOW_MEDIAN] =
        {.name = "grade_report_a_below_median",
         .sql = "with middle as (select numerator_micros from grade_result where run_id = $1"
                " order by numerator_micros offset $2 limit $3) " GRADED
                " (select * from grade_result where run_id = $1 and grade = 'A'"
                " and 2 * numerator_micros::numeric <"
                " (select sum(numerator_micros) * 2 / count(*) from middle)"
                " order by numerator_micros desc, customer_id limit $4) r"
                " order by r.numerator_micros desc, r.customer_id",
         .params = {PG_ID, PG_INT8, PG_INT8, PG_INT8},
         .slow = true},
    [REGIONS_WITHOUT_A] =
        {.name = "grade_report_regions_without_a",
         .sql = "select region from grade_run_region where run_id = $1 and customers > 0"
                " and graded_with is null"
                " and region not in (select region from grade_result where run_id = $1"
                " and grade = 'A') order by region",
         .params = {PG_ID},
         .slow = true},
    [UNMAPPED_REGIONS] = {.name = "grade_report_unmapped_regions",
                          .sql = "select region from grade_run_region where run_id = $1"
                                 " and not is_mapped and region <> '' order by region",
                          .params = {PG_ID}},
    [ASIDE] = {.name = "grade_report_aside",
               .sql = "select currency, net_micros from grade_run_aside where run_id = $1"
                      " order by currency",
               .params = {PG_ID}},
    [LIST_MOVES] = {.name = "grade_report_list_moves",
                    .sql = "select " NAMED ", r.before, r.grade, r.numerator_micros, r.customer_id"
                           " from (select * from grade_result where run_id = $1"
                           " and grade is distinct from before and grade is not null"
                           " and (-numerator_micros, customer_id) > ($2, $3)"
                           " and " SCOPE_FILTER(
                               "grade_result.customer_id", "$5", "$6",
                               "$7") " order by -numerator_micros, customer_id limit $4) r"
                                     " order by -r.numerator_micros, r.customer_id",
                    .params = {PG_ID, PG_INT8, PG_ID, PG_INT8, PG_BOOL, PG_BOOL, PG_IDS},
                    .slow = true},
};
const size_t grade_report_statement_count = COUNT_OF(grade_report_statements);

static enum grade grade_at(const struct pg_rows *rows, int row, int i)
{
    struct text letter = pg_get_text(rows, row, i);

    return letter.bytes == 1 ? grade_from_letter(letter.at[0]) : GRADE_NONE;
}

static void fill_customers(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct grade_customers *customers = out;
    size_t count = (size_t)pg_row_count(rows);

    customers->list = arena_take_array(arena, count, sizeof(*customers->list));
    for (size_t i = 0; customers->list && i < count; i++) {
        struct grade_customer *customer = &customers->list[customers->count++];
        int row = (int)i;

        customer->ref = pg_keep_text(rows, row, 0, arena);
        customer->number = pg_get_int8(rows, row, 1);
        customer->grade = grade_at(rows, row, 2);
        customer->region = pg_keep_text(rows, row, 3, arena);
        customer->numerator_micros = pg_get_int8(rows, row, 4);
        customer->denominator_micros = pg_get_int8(rows, row, 5);
        customer->is_long_term = pg_get_bool(rows, row, 6);
        customer->flags = (uint32_t)pg_get_int4(rows, row, 7);
    }
}

static struct text *take_texts(const struct pg_rows *rows, struct arena *arena, size_t *count)
{
    struct text *list = arena_take_array(arena, (size_t)pg_row_count(rows), sizeof(*list));

    *count = list ? (size_t)pg_row_count(rows) : 0;
    for (size_t i = 0; i < *count; i++)
        list[i] = pg_keep_text(rows, (int)i, 0, arena);
    return list;
}

static void fill_without_a(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct grade_report *report = out;

    report->regions_without_a = take_texts(rows, arena, &report->regions_without_a_count);
}

static void fill_unmapped(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct grade_report *report = out;

    report->unmapped_regions = take_texts(rows, arena, &report->unmapped_region_count);
}

static void fill_aside(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct grade_report *report = out;
    size_t count = (size_t)pg_row_count(rows);
    struct grade_aside *list = arena_take_array(arena, count, sizeof(*list));

    for (size_t i = 0; list && i < count; i++) {
        struct text currency = pg_get_text(rows, (int)i, 0);

        memcpy(list[i].currency, currency.at, currency.bytes < 3 ? currency.bytes : 3);
        list[i].net_micros = pg_get_int8(rows, (int)i, 1);
    }
    report->aside = list;
    report->aside_count = list ? count : 0;
}

/* The arguments of a statement whose first is the run. */
static struct pg_args *args_of(struct request *req, int statement, const struct id *run)
{
    struct pg_args *args = pg_args_new(req->arena, &grade_report_statements[statement]);

    pg_put_id(args, 0, run);
    return args;
}

void grade_report_list(struct request *req, const struct grade_work *work, struct grade_report *out)
{
    const struct id *run = &work->run.id;
    uint64_t graded = work->a + work->b + work->c;
    struct pg_args *largest = args_of(req, LARGEST_C, run);
    struct pg_args *below = args_of(req, A_BELOW_MEDIAN, run);

    *out = (struct grade_report){0};
    pg_put_int8(largest, 1, LARGEST);
    pg_put_int8(below, 1, graded ? (int64_t)(graded - 1) / 2 : 0);
    pg_put_int8(below, 2, graded % 2 ? 1 : 2);
    pg_put_int8(below, 3, MOST_BELOW_MEDIAN);
    flow_ask(req, &grade_report_statements[LARGEST_C], largest, fill_customers, &out->largest_c);
    flow_ask(req, &grade_report_statements[A_BELOW_MEDIAN], below, fill_customers,
             &out->a_below_median);
    flow_ask(req, &grade_report_statements[REGIONS_WITHOUT_A], args_of(req, REGIONS_WITHOUT_A, run),
             fill_without_a, out);
    flow_ask(req, &grade_report_statements[UNMAPPED_REGIONS], args_of(req, UNMAPPED_REGIONS, run),
             fill_unmapped, out);
    flow_ask(req, &grade_report_statements[ASIDE], args_of(req, ASIDE, run), fill_aside, out);
}

static void fill_moves(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct grade_movers *moves = out;
    size_t count = (size_t)pg_row_count(rows);

    moves->list = arena_take_array(arena, count, sizeof(*moves->list));
    moves->customers = arena_take_array(arena, count, sizeof(*moves->customers));
    if (!moves->list || !moves->customers)
        return;
    for (size_t i = 0; i < count; i++) {
        struct grade_mover *move = &moves->list[i];
        int row = (int)i;

        move->ref = pg_keep_text(rows, row, 0, arena);
        move->number = pg_get_int8(rows, row, 1);
        move->from = grade_at(rows, row, 2);
        move->to = grade_at(rows, row, 3);
        move->net_micros = pg_get_int8(rows, row, 4);
        moves->customers[i] = pg_get_id(rows, row, 5);
    }
    moves->count = count;
}

void grade_report_list_moves(struct request *req, const struct id *run,
                             const struct grade_list_place *after, uint32_t limit,
                             struct grade_movers *out)
{
    struct pg_args *args = args_of(req, LIST_MOVES, run);

    *out = (struct grade_movers){0};
    pg_put_int8(args, 1, after->minus_net_micros);
    pg_put_id(args, 2, &after->customer);
    pg_put_int8(args, 3, limit);
    scope_put(req, args, 4);
    flow_ask(req, &grade_report_statements[LIST_MOVES], args, fill_moves, out);
}
