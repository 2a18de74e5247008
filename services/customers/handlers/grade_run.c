#include "services/customers/handlers/grade_run.h"

#include <stdio.h>
#include <string.h>

#include "common/service.h"
#include "services/customers/handlers/counters.h"
#include "services/customers/handlers/handlers.h"

#define OLD_RESULTS 5000 /* deleted at a time */
#define MAX_TRIES 10     /* at one chunk, by all processes; the job begins one every 2 s */

static enum flow choose(struct request *req);
static enum flow decide_report(struct request *req);
static enum flow go_on(struct request *req);

/* --- chunk after chunk --- */

static enum flow find_work(struct request *req)
{
    struct grade_chunk *r = request_state(req, sizeof(*r));

    grade_run_find_running(req, &r->work);
    return flow_wait(req, choose);
}

static void failure_noted(void *owner)
{
    struct service *service = owner;
    struct customers_counters *counters = service->counters;

    counters->grade_run_at_work = 0; /* the job tries again, unless that was the last try */
}

/* Nobody is to blame for a database that is not there: such tries are not counted. */
static enum flow note_failure(struct request *req)
{
    const struct customers_counters *counters = req->service->counters;

    if (!pg_is_ready(req->service->pg))
        return flow_end(req);
    grade_run_note_failure(req, &counters->grade_run, counters->grade_run_step,
                           counters->grade_run_trouble, MAX_TRIES);
    return flow_commit(req, flow_end);
}

static void chunk_failed(void *owner, enum status status, const char *why)
{
    struct service *service = owner;
    struct customers_counters *counters = service->counters;

    counters->grade_failures++;
    snprintf(counters->grade_run_trouble, sizeof(counters->grade_run_trouble), "%s: %s",
             status_name(status), why);
}

/* A chunk has ended; the next is a request of its own, so that others have their turn. */
static void chunk_ended(void *owner)
{
    struct service *service = owner;
    struct customers_counters *counters = service->counters;
    const struct flow_own note = {.type = "grade_run_failure",
                                  .step = note_failure,
                                  .ended = failure_noted,
                                  .owner = service};
    bool goes_on = counters->grade_run_goes_on;

    counters->grade_run_goes_on = 0;
    if (counters->grade_run_trouble[0] && !service->is_stopping &&
        flows_start_own(service->flows, &note))
        return;
    counters->grade_run_at_work = 0;
    if (goes_on && !service->is_stopping)
        grade_run_begin(service);
}

void grade_run_begin(struct service *service)
{
    struct customers_counters *counters = service->counters;
    const struct flow_own own = {.type = "grade_run",
                                 .step = find_work,
                                 .failed = chunk_failed,
                                 .ended = chunk_ended,
                                 .owner = service};

    if (counters->grade_run_at_work)
        return;
    counters->grade_run_at_work = 1;
    counters->grade_run = (struct id){{0}};
    counters->grade_run_trouble[0] = '\0';
    if (!flows_start_own(service->flows, &own))
        counters->grade_run_at_work = 0; /* the job tries again */
}

static enum flow go_on(struct request *req)
{
    struct grade_chunk *r = req->state;
    struct customers_counters *counters = req->service->counters;

    counters->grade_chunks++;
    counters->grade_run_goes_on = r->work.run.state == GRADE_RUN_STATE_IS_RUNNING;
    return flow_end(req);
}

enum flow grade_run_commit(struct request *req)
{
    struct grade_chunk *r = req->state;

    grade_run_save(req, &r->work);
    return flow_commit(req, go_on);
}

/* A policy that this program cannot read: the run ends without having graded anybody wrongly. */
static enum flow fail(struct request *req, const char *why)
{
    struct grade_chunk *r = req->state;

    r->work.run.failure = why;
    r->work.run.state = GRADE_RUN_STATE_IS_FAILED;
    r->work.run.finished_at_us = req->now_us;
    return grade_run_commit(req);
}

static enum flow choose(struct request *req)
{
    struct grade_chunk *r = req->state;
    struct customers_counters *counters = req->service->counters;

    if (!r->work.found)
        return flow_end(req);
    counters->grade_run = r->work.run.id;
    counters->grade_run_step = r->work.step;
    enum status status =
        codec_policy_read(CODEC_POLICY_GRADE, r->work.policy, req->arena, &r->policy);

    if (status != OK)
        return fail(req, "this program cannot read the policy of the run");
    switch (r->work.phase) {
    case GRADE_PHASE_FIGURES:
        return grade_run_ask_figures(req);
    case GRADE_PHASE_REGIONS:
        return grade_run_ask_regions(req);
    case GRADE_PHASE_MOVING:
        return grade_run_ask_moving(req);
    case GRADE_PHASE_GRADING:
        return grade_run_ask_grading(req);
    case GRADE_PHASE_REPORT:
        grade_report_list(req, &r->work, &r->report);
        return flow_wait(req, decide_report);
    }
    return fail(req, "this program does not know what the run does next");
}

/* --- its end and its beginning --- */

static enum flow decide_report(struct request *req)
{
    struct grade_chunk *r = req->state;
    struct grade_run *run = &r->work.run;

    r->report.a = r->work.a;
    r->report.b = r->work.b;
    r->report.c = r->work.c;
    r->report.changed = r->work.changed;
    r->report.held_demotions = r->work.held;
    run->report = codec_grade_report_json(&r->report, req->arena);
    if (!run->report)
        return flow_reply(req, NULL);
    run->state = GRADE_RUN_STATE_IS_FINISHED;
    run->finished_at_us = req->now_us;
    run->done = run->total > run->done ? run->total : run->done;
    return grade_run_commit(req);
}

bool grade_run_fill(struct request *req, const struct grade_run_order *order,
                    struct grade_work *out)
{
    const struct grade_policy *general = &order->policy->grade.general;

    *out = (struct grade_work){
        .found = true,
        .run = {.id = request_new_id(req),
                .as_of = order->as_of,
                .window_from = grade_window_from(order->as_of, general),
                .state = GRADE_RUN_STATE_IS_RUNNING,
                .policy_version = order->policy->version,
                .method = general->method,
                .long_term_days = general->long_term_days,
                .is_dry = order->is_dry,
                .total = (uint64_t)order->total,
                .started_at_us = req->now_us},
        .policy = codec_policy_json(order->policy, req->arena),
        .holds_demotions = order->holds_demotions,
        .asked_by = order->asked_by,
        .phase = GRADE_PHASE_FIGURES,
    };
    return out->policy != NULL;
}

/* Results that nobody needs any more, a few at a time. */
enum flow grade_run_sweep(struct request *req)
{
    grade_run_remove_old_results(req, OLD_RESULTS);
    return flow_commit(req, flow_end);
}
