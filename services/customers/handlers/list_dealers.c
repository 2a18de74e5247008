/*
 * kehu.customers.v1.ListDealers, ListGiveUps and ReportDealerStability.
 */
#include <stdio.h>

#include "common/audit.h"
#include "common/pure/day.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/customers/codec/codec_dealer.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/people.h"
#include "services/customers/store/dealer.h"

struct listing {
    struct dealer_question ask;
    struct dealer_summaries dealers;
    struct dealer_give_ups give_ups;
    bool has_next;
    struct dealer_stability stability;
};

static enum flow audit_dealers(struct request *req);
static enum flow answer_dealers(struct request *req);
static enum flow audit_give_ups(struct request *req);
static enum flow answer_give_ups(struct request *req);
static enum flow answer_stability(struct request *req);

/* One more than a page was asked for. */
static void cut(struct listing *r, size_t *count)
{
    r->has_next = *count > r->ask.page_size;
    if (r->has_next)
        *count = r->ask.page_size;
}

static enum flow audit(struct request *req, size_t count, const char *act, flow_step next)
{
    char detail[40];

    if (count == 0)
        return flow_go(req, next);
    snprintf(detail, sizeof(detail), "%zu names", count);
    audit_add(req, act, "", detail);
    return flow_commit(req, next);
}

enum flow handle_list_dealers(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status =
        codec_get_list_dealers(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status != OK)
        return people_refuse(req, status, &faults);
    dealer_list(req, &r->ask, &r->dealers);
    return flow_wait(req, audit_dealers);
}

static enum flow audit_dealers(struct request *req)
{
    struct listing *r = req->state;

    cut(r, &r->dealers.count);
    return audit(req, r->dealers.count, "list dealers", answer_dealers);
}

static enum flow answer_dealers(struct request *req)
{
    struct listing *r = req->state;
    char next[UUID_TEXT_BYTES] = "";

    if (r->has_next)
        uuid_print(&r->dealers.list[r->dealers.count - 1].id, next);
    return flow_reply(req, codec_dealer_list(r->dealers.list, r->dealers.count, next, req->arena));
}

enum flow handle_list_give_ups(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status =
        codec_get_list_give_ups(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status != OK)
        return people_refuse(req, status, &faults);
    dealer_list_give_ups(req, &r->ask, &r->give_ups);
    return flow_wait(req, audit_give_ups);
}

static enum flow audit_give_ups(struct request *req)
{
    struct listing *r = req->state;

    cut(r, &r->give_ups.count);
    return audit(req, r->give_ups.count, "list dealers", answer_give_ups);
}

static enum flow answer_give_ups(struct request *req)
{
    struct listing *r = req->state;
    char next[UUID_TEXT_BYTES] = "";

    if (r->has_next)
        uuid_print(&r->give_ups.list[r->give_ups.count - 1].id, next);
    return flow_reply(req,
                      codec_give_up_list(r->give_ups.list, r->give_ups.count, next, req->arena));
}

enum flow handle_report_dealer_stability(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    int32_t from, to;
    enum status status = codec_get_report_dealer_stability(
        req->payload, req->payload_bytes, people_today(req), req->arena, &from, &to, &faults);

    if (status != OK)
        return people_refuse(req, status, &faults);
    const struct day_date date = day_split(from);
    const struct civil midnight = {
        .year = date.year, .month = (int8_t)date.month, .day = (int8_t)date.day};

    dealer_find_stability(req, zone_moment(&req->service->zone, &midnight), from, to,
                          &r->stability);
    return flow_wait(req, answer_stability);
}

static enum flow answer_stability(struct request *req)
{
    struct listing *r = req->state;

    return flow_reply(
        req, codec_dealer_stability(r->stability.at_begin, r->stability.given_up, req->arena));
}
