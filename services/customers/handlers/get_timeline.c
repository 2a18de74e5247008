/*
 * kehu.customers.v1.GetTimeline: what happened to a customer and those merged into him, latest
 * first. It shows names and texts, so the reading is audited.
 */
#include "common/audit.h"
#include "common/pure/day.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/customers/codec/codec_timeline.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/merges.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/file.h"
#include "services/customers/store/timeline.h"

/* Years 1 and 9999. */
#define FIRST_DAY (-719162)
#define LAST_DAY 2932896

struct reading {
    struct timeline_question question;
    struct file_row row;
    struct scope_sight sight;
    struct timeline_entries found;
    size_t count;
};

static enum flow ask(struct request *req);
static enum flow audit(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_get_timeline(struct request *req)
{
    struct reading *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status =
        codec_get_get_timeline(req->payload, req->payload_bytes, req->arena, &r->question, &fault);

    if (status != OK)
        return merges_refuse_question(req, status, &fault);
    file_find(req, &r->question.ref, &r->row);
    return flow_wait(req, ask);
}

/* When a day begins in business time. */
static int64_t beginning_us(const struct request *req, int32_t day)
{
    struct day_date date = day_split(day);
    const struct civil midnight = {
        .year = date.year, .month = (int8_t)date.month, .day = (int8_t)date.day};

    return zone_moment(&req->service->zone, &midnight);
}

static enum flow ask(struct request *req)
{
    struct reading *r = req->state;
    const struct timeline_question *question = &r->question;

    if (!r->row.found)
        return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    if (r->row.state.party == FILE_PARTY_NONE)
        return flow_refuse(req, FAILED_PRECONDITION,
                           "this stands for a region's sales without a customer; nothing happens "
                           "to it");
    const struct timeline_window window = {
        .customer = &r->row.id,
        .question = question,
        .from_us = beginning_us(req, question->has_from ? question->from_day : FIRST_DAY),
        .before =
            question->has_place
                ? question->place
                : (struct timeline_place){beginning_us(req, question->has_to ? question->to_day + 1
                                                                             : LAST_DAY),
                                          {"", 0}},
        .limit = question->page_size + 1,
    };

    scope_look(req, &r->row.id, &r->sight);
    timeline_list(req, &window, &r->found);
    return flow_wait(req, audit);
}

static enum flow audit(struct request *req)
{
    struct reading *r = req->state;
    char id[UUID_TEXT_BYTES];
    enum flow end;

    if (!scope_admits(req, &r->sight, &end))
        return end;
    r->count = r->found.count < r->question.page_size ? r->found.count : r->question.page_size;
    uuid_print(&r->row.id, id);
    audit_add(req, "read customer", id, "timeline");
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    struct reading *r = req->state;
    char next[TIMELINE_TOKEN_BYTES] = "";

    if (r->found.count > r->count)
        timeline_print_place(&r->found.list[r->count - 1], next);
    return flow_reply(req, codec_timeline(&r->row, &r->found, r->count, next, req->arena));
}
