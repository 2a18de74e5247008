/*
 * Small regions of a run, where the policy grades them with their parent: between figures and
 * grading it is said which ones, and what their customers bought in the larger region; in grading
 * they take their places in the order of all of it.
 */
#include <string.h>

#include "common/pure/text.h"
#include "common/service.h"
#include "services/customers/handlers/grade_run.h"

/* --- which regions --- */

static enum flow decide_regions(struct request *req);

enum flow grade_run_ask_regions(struct request *req)
{
    struct grade_chunk *r = req->state;

    grade_small_list_own(req, &r->work.run.id, &r->owns);
    return flow_wait(req, decide_regions);
}

static enum flow decide_regions(struct request *req)
{
    struct grade_chunk *r = req->state;
    const struct grade_tree *tree = &r->owns.tree;
    struct grade_within *within = arena_take_array(req->arena, tree->count, sizeof(*within));

    if (!within)
        return flow_reply(req, NULL);
    grade_small_place(tree, r->owns.own, r->policy.grade.general.small_region_customers, within);
    for (size_t i = 0; i < tree->count; i++)
        if (within[i].with != i || within[i].is_whole)
            grade_small_save(req, &r->work.run.id, tree, i, &within[i]);
    r->work.phase = GRADE_PHASE_MOVING;
    return grade_run_commit(req);
}

/* --- their customers --- */

static enum flow ask_members(struct request *req);
static enum flow decide_members(struct request *req);

enum flow grade_run_ask_moving(struct request *req)
{
    struct grade_chunk *r = req->state;

    grade_small_find_region(req, &r->work, &r->members);
    grade_result_list_tree(req, &r->tree);
    return flow_wait(req, ask_members);
}

/* Where the run stands in its present phase: before a region's first customer. */
static void begin_region(struct grade_work *work, struct text region)
{
    work->last_region = region;
    work->last_customer = (struct id){{0}};
    work->place = (struct grade_place){0};
}

static enum flow ask_members(struct request *req)
{
    struct grade_chunk *r = req->state;

    if (r->members.region.bytes == 0) {
        begin_region(&r->work, TEXT_OF(""));
        r->work.phase = GRADE_PHASE_GRADING;
        return grade_run_commit(req);
    }
    grade_small_list_members(req, &r->work, GRADE_RUN_GRADES, req->service->currency, &r->members);
    return flow_wait(req, decide_members);
}

/* What the customer of these rows bought in the region that he is graded with. */
static int64_t bought_within(const struct grade_chunk *r, size_t first, size_t *count)
{
    const struct grade_member *rows = &r->members.list[first];
    int64_t net = 0;

    for (*count = 0; first + *count < r->members.count; ++*count) {
        const struct grade_member *row = &rows[*count];

        if (memcmp(&row->customer, &rows->customer, sizeof(struct id)) != 0)
            break;
        if (grade_small_is_within(&r->tree, row->region_code, row->with))
            net = grade_home_add_net(net, row->net_micros);
    }
    return net;
}

static enum flow decide_members(struct request *req)
{
    struct grade_chunk *r = req->state;
    struct grade_work *work = &r->work;
    size_t rows;

    if (r->members.count == 0)
        begin_region(work, r->members.region);
    for (size_t i = 0; i < r->members.count; i += rows) {
        const struct grade_member *member = &r->members.list[i];
        int64_t net = bought_within(r, i, &rows);

        grade_small_move(req, &work->run.id, &member->customer, member->home, member->with, net);
        work->last_region = r->members.region;
        work->last_customer = member->customer;
        work->place =
            (struct grade_place){.counted = 1, .last_numerator_micros = member->numerator_micros};
    }
    return grade_run_commit(req);
}

/* --- their places --- */

static bool has_places(const struct grade_chunk *r, const struct grade_candidate *candidate)
{
    return candidate->is_whole && candidate->numerator_micros > 0 &&
           grade_policy_for(&r->policy.grade, candidate->region).method != GRADE_METHOD_IS_SHARE;
}

/* The regions below the one that these are graded with, where others are graded by themselves. */
static void ask_regions_below(const struct grade_chunk *r, struct pg_args *question,
                              struct text region)
{
    for (size_t i = 0; i < r->tree.count; i++)
        if (text_compare(r->tree.nodes[i].code, region) != 0 &&
            grade_small_is_within(&r->tree, r->tree.nodes[i].code, region))
            grade_small_ask_region(question, r->tree.nodes[i].code);
}

/* Those of one region from `first` on; returns the first that is not asked for. */
static size_t ask_places(struct request *req, size_t first)
{
    struct grade_chunk *r = req->state;
    const struct grade_candidate *list = r->candidates.list;
    struct text region = list[first].region;
    struct pg_args *question = grade_small_ask_between(req, &r->work.run.id);
    bool goes_on = r->work.place.counted > 0 && text_compare(r->work.last_region, region) == 0;
    int64_t at_most = goes_on ? r->work.place.last_numerator_micros : INT64_MAX;
    size_t i = first;

    ask_regions_below(r, question, region);
    for (; i < r->candidates.count && has_places(r, &list[i]) &&
           text_compare(list[i].region, region) == 0;
         i++) {
        grade_small_ask_pair(question, at_most, list[i].numerator_micros);
        at_most = list[i].numerator_micros;
    }
    grade_small_list_between(req, question, &r->between[first]);
    return i;
}

enum flow grade_run_ask_places(struct request *req, flow_step decide)
{
    struct grade_chunk *r = req->state;

    r->between = arena_take_array(req->arena, r->candidates.count, sizeof(*r->between));
    if (!r->between)
        return flow_reply(req, NULL);
    for (size_t i = 0; i < r->candidates.count;)
        i = has_places(r, &r->candidates.list[i]) ? ask_places(req, i) : i + 1;
    return flow_wait(req, decide);
}
