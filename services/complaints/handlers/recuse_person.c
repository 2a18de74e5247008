/*
 * kehu.complaints.v1.RecusePerson (回避) and FileResult. Who is complained about neither handles,
 * decides, calls nor, where asked, sees the complainant; if he was the handler, the case is
 * nobody's and stands in the work list of what is to be taken. A filed result stops the authority's
 * clock and no other.
 */
#include <string.h>

#include "common/service.h"
#include "services/complaints/codec/codec_clock_ask.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/store/case_conduct.h"
#include "services/complaints/store/colleague.h"

struct recusing {
    struct case_change change; /* first */
    struct codec_clock_ask ask;
    struct colleague person;
};

/* --- recusal --- */

static enum flow recuse(struct request *req)
{
    struct recusing *r = req->state;
    struct case_file *after = &r->change.after;

    if (!r->person.found) {
        flow_violation(req, "staff", "'%.*s' is nobody of the staff directory",
                       (int)r->ask.staff.bytes, r->ask.staff.at);
        return flow_refuse(req, INVALID_ARGUMENT,
                           "staff is nobody of the staff directory: name him by code or id");
    }
    case_conduct_recuse(req, &after->id, &r->person.id, r->ask.is_on);
    if (memcmp(&after->handler, &r->person.id, sizeof(after->handler)) == 0)
        after->handler = (struct id){0};
    r->change.act_name = "recuse";
    return case_change_commit(req, &r->change, r->ask.reason, r->person.code);
}

enum flow handle_recuse_person(struct request *req)
{
    struct recusing *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_recuse(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);
    enum flow next;

    if (status)
        return refusal_of_faults(req, status, &faults);
    next = case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_DECIDES,
                            recuse);
    if (next == FLOW_WAIT)
        colleague_find(req, r->ask.staff, zone_day(&req->service->zone, req->now_us), &r->person);
    return next;
}

/* --- the authority's result --- */

static bool is_awaited(const struct clock_rows *clocks)
{
    for (size_t i = 0; i < clocks->count; i++)
        if (clocks->list[i].clock.kind == CLOCK_REGULATORY &&
            clocks->list[i].clock.state == CLOCK_RUNNING)
            return true;
    return false;
}

static enum flow file_result(struct request *req)
{
    struct recusing *r = req->state;

    if (!is_awaited(&r->change.found.clocks)) {
        flow_violation(req, "ref", "%s",
                       r->change.after.authority.name.bytes > 0 ? "its result was filed before"
                                                                : "is no case of an authority");
        return flow_refuse(req, FAILED_PRECONDITION, "no authority waits for a result");
    }
    case_change_happened(req, &r->change, CLOCK_EVENT_RESULT_FILED, req->now_us);
    r->change.act_name = "file_result";
    return case_change_commit(req, &r->change, r->ask.reason, "");
}

enum flow handle_file_result(struct request *req)
{
    struct recusing *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_file_result(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_HANDLES,
                            file_result);
}
