/*
 * kehu.complaints.v1.GetQueue: the work list, and the job that takes back in the night what chases
 * had raised for a day.
 */
#include "services/complaints/codec/codec_case_list.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/queues.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/handlers/who.h"
#include "services/complaints/store/case_list.h"
#include "services/complaints/store/colleague.h"

#include "common/service.h"

struct queueing {
    struct codec_get_queue ask;
    struct colleague handler;
    struct case_summaries found;
};

static enum flow look(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_get_queue(struct request *req)
{
    struct queueing *r = request_state(req, sizeof(*r));
    const struct who *who = who_of(req);
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_get_queue(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status != OK)
        return refusal_of_faults(req, status, &faults);
    if (r->ask.question.of == CASE_QUEUE_OF_ALL && who->is_staff) {
        r->ask.question.of = CASE_QUEUE_OF_HANDLER;
        r->handler = (struct colleague){.found = true, .id = who->staff};
    }
    if (r->ask.handler.bytes == 0)
        return flow_go(req, look);
    colleague_find(req, r->ask.handler, zone_day(&req->service->zone, req->now_us), &r->handler);
    return flow_wait(req, look);
}

static enum flow look(struct request *req)
{
    struct queueing *r = req->state;

    if (r->ask.question.of == CASE_QUEUE_OF_HANDLER && !r->handler.found) {
        flow_violation(req, "handler", "is nobody's code: give that of one of the staff");
        return flow_refuse(req, NOT_FOUND, "nobody of the staff has this code");
    }
    r->ask.question.handler = r->handler.id;
    case_queue_list(req, &r->ask.question, who_sight(req), &r->found);
    return flow_wait(req, answer);
}

static enum flow answer(struct request *req)
{
    struct queueing *r = req->state;
    const char *next = "";

    if (r->found.count > r->ask.question.page_size) {
        r->found.count = r->ask.question.page_size;
        next = codec_case_queue_token(&r->found.list[r->found.count - 1], req->arena);
    }
    return flow_reply(req, codec_case_list(&r->found, next, req->now_us, req->arena));
}

/* --- in the night --- */

struct settling {
    int32_t today;
    int64_t raised;
};

static enum flow settle(struct request *req);

enum flow queue_look(struct request *req)
{
    struct settling *r = request_state(req, sizeof(*r));

    r->today = zone_day(&req->service->zone, req->now_us);
    case_queue_find_raised(req, r->today, &r->raised);
    return flow_wait(req, settle);
}

static enum flow settle(struct request *req)
{
    struct settling *r = req->state;

    if (r->raised == 0)
        return flow_end(req);
    case_queue_settle(req, r->today);
    return flow_commit(req, flow_end);
}
