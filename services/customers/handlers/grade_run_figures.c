/*
 * The first phase of a run: what each customer bought in which region, and the totals of the
 * regions. Everybody counts in the totals, also who is anonymous or a supplier; only customers and
 * channels are graded.
 */
#include <string.h>

#include "common/pure/day.h"
#include "common/service.h"
#include "services/customers/handlers/grade_run.h"
#include "services/customers/store/grade.h"

static enum flow decide(struct request *req);

enum flow grade_run_ask_figures(struct request *req)
{
    struct grade_chunk *r = req->state;

    grade_result_list_tree(req, &r->tree);
    grade_result_list_bought(req, &r->work.last_customer, GRADE_RUN_FIGURES,
                             r->work.run.window_from, r->work.run.as_of, &r->bought);
    return flow_wait(req, decide);
}

/* The rows of one customer, added up by grading region. */
struct purse {
    const struct grade_bought *rows;
    size_t row_count;
    struct grade_purchase *purchases; /* with room for all rows */
    size_t count;
};

static void count_purchases(struct request *req, struct purse *purse)
{
    struct grade_chunk *r = req->state;
    const struct id *run = &r->work.run.id;

    purse->count = 0;
    for (size_t i = 0; i < purse->row_count; i++) {
        const struct grade_bought *row = &purse->rows[i];
        bool is_mapped = row->region_code.bytes > 0;
        struct text region =
            is_mapped ? grade_home_region(&r->tree, row->region_code) : row->region_name;
        const struct grade_purchase purchase = {region, row->net_micros, row->last_day};

        if (!row->has_bought)
            continue;
        if (strcmp(row->currency, req->service->currency) != 0) {
            grade_result_count_aside(req, run, row->currency, row->net_micros);
            continue;
        }
        purse->count = grade_home_add(purse->purchases, purse->count, &purchase);
        grade_result_count_region(req, run, region, is_mapped, row->net_micros, 0);
    }
}

/* Of all who are one with him now: each has rows of his own. */
static int32_t first_purchase(const struct purse *purse)
{
    int32_t first = purse->rows[0].first_purchase;

    for (size_t i = 1; i < purse->row_count; i++)
        if (purse->rows[i].first_purchase != DAY_NONE &&
            (first == DAY_NONE || purse->rows[i].first_purchase < first))
            first = purse->rows[i].first_purchase;
    return first;
}

/* The region on the file wins; without one it is where he buys most (BEHAVIOUR §1). */
static void add_figures(struct request *req, const struct purse *purse)
{
    struct grade_chunk *r = req->state;
    const struct grade_run *run = &r->work.run;
    const struct grade_bought *customer = purse->rows;
    const struct grade_purchase *home = grade_home_largest(purse->purchases, purse->count);
    struct text region = home ? home->region : TEXT_OF("");
    int32_t first = first_purchase(purse);

    if (customer->file_region.bytes > 0) {
        region = grade_home_region(&r->tree, customer->file_region);
        home = grade_home_find(purse->purchases, purse->count, region);
    }
    grade_result_add(req, &run->id, &customer->customer, region, home ? home->net_micros : 0, first,
                     grade_is_long_term(first, run->as_of, &r->policy.grade.general));
    if (home)
        grade_result_count_region(req, &run->id, region, false, 0, 1);
}

static size_t rows_of_one(const struct grade_boughts *bought, size_t first)
{
    size_t count = 1;

    while (first + count < bought->count &&
           memcmp(&bought->list[first + count].customer, &bought->list[first].customer,
                  sizeof(struct id)) == 0)
        count++;
    return count;
}

static enum flow decide(struct request *req)
{
    struct grade_chunk *r = req->state;
    struct purse purse = {
        .purchases = arena_take_array(req->arena, r->bought.count, sizeof(*purse.purchases))};

    if (r->bought.count == 0) {
        r->work.phase = r->policy.grade.general.small_regions_with_parent ? GRADE_PHASE_REGIONS
                                                                          : GRADE_PHASE_GRADING;
        r->work.last_customer = (struct id){{0}};
        return grade_run_commit(req);
    }
    for (size_t i = 0; purse.purchases && i < r->bought.count; i += purse.row_count) {
        purse.rows = &r->bought.list[i];
        purse.row_count = rows_of_one(&r->bought, i);
        count_purchases(req, &purse);
        if (purse.rows->is_graded)
            add_figures(req, &purse);
        else if (!r->work.run.is_dry)
            grade_remove(req, &purse.rows->customer);
        r->work.run.done++;
        r->work.last_customer = purse.rows->customer;
    }
    return grade_run_commit(req);
}
