/*
 * The second phase of a run: each customer's grade from his figures, region by region, largest net
 * first. A dry run only writes down what would be.
 */
#include <string.h>

#include "common/pure/text.h"
#include "common/service.h"
#include "services/customers/handlers/grade_run.h"
#include "services/customers/handlers/grades.h"
#include "services/customers/handlers/reviews.h"

static enum flow ask_places(struct request *req);
static enum flow decide(struct request *req);

enum flow grade_run_ask_grading(struct request *req)
{
    struct grade_chunk *r = req->state;

    grade_result_list_next(req, &r->work, GRADE_RUN_GRADES, &r->candidates);
    reviews_ask(req, &r->reviews);
    if (!r->policy.grade.general.small_regions_with_parent)
        return flow_wait(req, decide);
    grade_result_list_tree(req, &r->tree);
    return flow_wait(req, ask_places);
}

static enum flow ask_places(struct request *req)
{
    return grade_run_ask_places(req, decide);
}

/* What the run says of one customer. */
struct grading {
    struct grade_between before; /* graded elsewhere, and of more net than he */
    const struct grade_candidate *candidate;
    struct grade_policy policy; /* of his region */
    struct grade_figures figures;
    struct grade_verdict verdict;
    struct grade_change change;
    uint32_t flags; /* of the verdict and of how he stands */
};

static void grade_one(struct grade_chunk *r, struct grading *grading)
{
    const struct grade_candidate *candidate = grading->candidate;
    const struct grade_current *now = &candidate->now;
    const struct grade_standing standing = {
        .grade = now->grade,
        .runs_below = now->runs_below,
        .last_as_of = now->as_of,
        .is_overridden = now->is_overridden,
        .held_to = now->held_to,
    };

    grading->policy = grade_policy_for(&r->policy.grade, candidate->region);
    grading->figures = (struct grade_figures){
        .numerator_micros = candidate->numerator_micros,
        .denominator_micros = candidate->denominator_micros,
        .is_long_term = candidate->is_long_term,
        .is_unknown_region = candidate->region.bytes == 0,
    };
    grade_place_pass(&r->work.place, grading->before.customers, grading->before.net_micros);
    grade_place_next(&r->work.place, &grading->figures);
    grading->verdict = grade_of(&grading->figures, &grading->policy);
    grading->change = grade_move(&standing, &grading->verdict, &grading->figures, &grading->policy,
                                 r->work.run.as_of, !r->work.holds_demotions);
    grading->flags = grading->verdict.flags;
    if (candidate->home.bytes > 0 && text_compare(candidate->home, candidate->region) != 0)
        grading->flags |= GRADE_FLAG_GRADED_WITH_PARENT;
    if (now->is_overridden)
        grading->flags |= GRADE_FLAG_OVERRIDDEN;
    if (grading->change.held_to != GRADE_NONE)
        grading->flags |= GRADE_FLAG_DEMOTION_HELD;
}

static void count(struct grade_work *work, const struct grading *grading)
{
    enum grade grade = grading->change.grade;

    work->a += grade == GRADE_A;
    work->b += grade == GRADE_B;
    work->c += grade == GRADE_C;
    work->changed += grade != grading->candidate->now.grade;
    work->held += grading->change.held_to != GRADE_NONE;
}

/* The wait for the manager: it begins, goes on for the same term, or is over. */
static void hold(struct request *req, const struct grading *grading, struct grade_current *next)
{
    int32_t today = zone_day(&req->service->zone, req->now_us);

    next->held_to = grading->change.held_to;
    if (grading->change.step == GRADE_STEP_HELD) {
        next->held_since = today;
        next->held_until = grades_working_days_after(req, today, grading->policy.confirmation_days);
        grades_arm(req, GRADES_HOLD_TIMER, &next->customer, next->held_until);
    } else if (next->held_to == GRADE_NONE && grading->candidate->now.held_to != GRADE_NONE) {
        grades_disarm(req, GRADES_HOLD_TIMER, &next->customer);
    }
}

/* False: no memory. */
static bool save(struct request *req, const struct grading *grading)
{
    struct grade_chunk *r = req->state;
    const struct grade_candidate *candidate = grading->candidate;
    const struct grade_run *run = &r->work.run;
    const struct grade_entry entry = {.reason = "run", .as_of = run->as_of, .by = r->work.asked_by};
    struct grade_current next = candidate->now;

    next.customer = candidate->customer;
    next.grade = grading->change.grade;
    next.computed = grading->verdict.grade;
    next.run = run->id;
    next.policy_version = run->policy_version;
    next.as_of = run->as_of;
    next.region = candidate->region;
    next.numerator_micros = candidate->numerator_micros;
    next.denominator_micros = candidate->denominator_micros;
    next.first_purchase = candidate->first_purchase;
    next.is_long_term = candidate->is_long_term;
    next.flags = grading->flags;
    next.rank = grading->figures.rank;
    next.accumulated_before_micros = grading->figures.accumulated_before_micros;
    next.runs_below = grading->change.runs_below;
    hold(req, grading, &next);
    if (next.grade != candidate->now.grade)
        next.since = run->as_of;
    grade_save(req, &next);
    return next.grade == candidate->now.grade ||
           grades_change(req, &next, candidate->now.grade, &entry, &r->review);
}

static enum flow decide(struct request *req)
{
    struct grade_chunk *r = req->state;
    struct grade_work *work = &r->work;

    r->review = reviews_policy(req, &r->reviews);
    if (r->candidates.count == 0)
        work->phase = GRADE_PHASE_REPORT;
    for (size_t i = 0; i < r->candidates.count; i++) {
        struct grading grading = {.candidate = &r->candidates.list[i]};

        if (r->between)
            grading.before = r->between[i];

        if (text_compare(work->last_region, grading.candidate->region) != 0)
            work->place = (struct grade_place){0};
        work->last_region = grading.candidate->region;
        work->last_customer = grading.candidate->customer;
        grade_one(r, &grading);
        count(work, &grading);
        grade_result_save(req, &work->run.id, &grading.candidate->customer,
                          grading.candidate->now.grade, grading.change.grade, grading.flags);
        if (!work->run.is_dry && !save(req, &grading))
            return flow_reply(req, NULL);
        work->run.done++;
    }
    return grade_run_commit(req);
}
