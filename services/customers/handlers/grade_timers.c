/*
 * What happens to grades by itself: an override ends, nobody decided on a demotion in time, and on
 * the 1st of each month at 02:00 everybody is graded (BEHAVIOUR §1).
 */
#include "common/pure/day.h"
#include "common/service.h"
#include "common/timer.h"
#include "services/customers/handlers/grade_change.h"
#include "services/customers/handlers/grade_run.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/reviews.h"

#define MONTHLY_KEY "grade_run:monthly"
#define MONTHLY_HOUR 2
#define STARTED "started"
#define LOOK_AGAIN_US (100 * 1000) /* while a run is at work */

/* --- the timers of a customer --- */

struct ringing {
    struct grade_current current;
    struct policy_rows reviews;
};

static enum flow find_customer(struct request *req, flow_step decide)
{
    struct ringing *r = request_state(req, sizeof(*r));

    grade_find(req, &timer_of(req)->subject, &r->current);
    reviews_ask(req, &r->reviews);
    return flow_wait(req, decide);
}

/* Settles the timer, with the change where there is still something to change. */
static enum flow settle(struct request *req, const struct grade_current *next, const char *reason)
{
    struct ringing *r = req->state;
    const struct grade_entry entry = {
        .reason = reason, .as_of = zone_day(&req->service->zone, req->now_us), .by = "kehu"};

    const struct grade_review_policy review = reviews_policy(req, &r->reviews);

    timer_settle(req, timer_of(req));
    if (next) {
        grade_save(req, next);
        if (!grades_change(req, next, r->current.grade, &entry, &review))
            return flow_reply(req, NULL);
    }
    return flow_commit(req, flow_end);
}

static enum flow decide_override(struct request *req)
{
    struct ringing *r = req->state;
    int32_t today = zone_day(&req->service->zone, req->now_us);

    if (!r->current.found || !r->current.is_overridden || r->current.override_until >= today)
        return settle(req, NULL, "");
    struct grade_current next = grade_change_released(&r->current, today);

    return settle(req, &next, "override_expired");
}

enum flow grade_override_ring(struct request *req)
{
    return find_customer(req, decide_override);
}

static enum flow decide_hold(struct request *req)
{
    struct ringing *r = req->state;
    int32_t today = zone_day(&req->service->zone, req->now_us);

    if (!r->current.found || r->current.held_to == GRADE_NONE || r->current.held_until >= today)
        return settle(req, NULL, "");
    struct grade_current next = grade_change_decided(&r->current, GRADE_DECISION_EXPIRED, today);

    return settle(req, &next, "not_confirmed_in_time");
}

enum flow grade_hold_ring(struct request *req)
{
    return find_customer(req, decide_hold);
}

/* --- the monthly run --- */

static void arm_month(struct request *req, int32_t first_of_month)
{
    struct day_date date = day_split(first_of_month);
    const struct civil two_o_clock = {.year = date.year,
                                      .month = (int8_t)date.month,
                                      .day = (int8_t)date.day,
                                      .hour = MONTHLY_HOUR};

    timer_arm(req, MONTHLY_KEY, NULL, zone_moment(&req->service->zone, &two_o_clock), NULL, 0);
}

struct monthly {
    struct policy_rows rows;
    struct grade_work running;
    struct grade_run_size size;
};

static enum flow decide_monthly(struct request *req);
static enum flow look_again(struct request *req);
static enum flow begin(struct request *req);

enum flow grade_run_ring(struct request *req)
{
    struct monthly *r = request_state(req, sizeof(*r));

    policy_list(req, codec_policy_kind_name(CODEC_POLICY_GRADE), &r->rows);
    grade_run_find_running(req, &r->running);
    grade_run_find_size(req, &r->size);
    return flow_wait(req, decide_monthly);
}

/*
 * The timer stays due until its run has ended: whoever moves a virtual clock waits for it, and no
 * month is left out when several are late. Its data say whether the run was begun.
 */
static enum flow decide_monthly(struct request *req)
{
    struct monthly *r = req->state;
    const struct timer *timer = timer_of(req);
    int32_t as_of = zone_day(&req->service->zone, timer->due_at_us);
    struct codec_policy policy;
    struct grade_work work;

    if (r->running.found)
        return flow_sleep(req, flow_clock_us(req) + LOOK_AGAIN_US, look_again);
    if (timer->data_bytes > 0) {
        arm_month(req, day_add_months(day_month_first(as_of), 1));
        return flow_commit(req, flow_end);
    }
    enum status status = codec_policy_find(&r->rows, CODEC_POLICY_GRADE, 0, req->arena, &policy);

    if (status != OK)
        return flow_refuse(req, status, "the grade policy in force cannot be read");
    const struct grade_run_order order = {.as_of = as_of,
                                          .policy = &policy,
                                          .holds_demotions = true,
                                          .asked_by = "kehu",
                                          .total = r->size.customers + r->size.graded};

    if (!grade_run_fill(req, &order, &work))
        return flow_reply(req, NULL);
    grade_run_add(req, &work);
    timer_arm(req, timer->key, NULL, timer->due_at_us, STARTED, sizeof(STARTED) - 1);
    return flow_commit(req, begin);
}

static enum flow begin(struct request *req)
{
    grade_run_begin(req->service);
    return flow_end(req);
}

static enum flow look_again(struct request *req)
{
    const struct timer *timer = timer_of(req);

    grade_run_begin(req->service);
    timer_arm(req, timer->key, NULL, timer->due_at_us, timer->data, timer->data_bytes);
    return flow_commit(req, flow_end);
}

/* --- the job --- */

struct looking {
    bool is_armed;
};

static enum flow arm_first(struct request *req);

/* Runs that stand still after a crash or were begun elsewhere; and the first arming of all. */
enum flow grade_run_look(struct request *req)
{
    struct looking *r = request_state(req, sizeof(*r));

    grade_run_begin(req->service);
    grade_run_find_timer(req, MONTHLY_KEY, &r->is_armed);
    return flow_wait(req, arm_first);
}

static enum flow arm_first(struct request *req)
{
    struct looking *r = req->state;
    int32_t today = zone_day(&req->service->zone, req->now_us);

    if (r->is_armed)
        return flow_end(req);
    arm_month(req, day_add_months(day_month_first(today), 1));
    return flow_commit(req, flow_end);
}
