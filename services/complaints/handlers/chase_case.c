/*
 * kehu.complaints.v1.ChaseCase (催办) and SuperviseCase (督办). A chase is counted, raises the
 * place in the work lists for the rest of the day, tells the handler, and from the second on the
 * manager; the clocks do not move. What is supervised stands on the manager's page until it is
 * closed.
 */
#include <string.h>

#include "common/pure/day.h"
#include "common/service.h"
#include "common/timer.h"
#include "services/complaints/codec/codec_clock.h"
#include "services/complaints/codec/codec_clock_ask.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/store/case_list.h"
#include "services/complaints/store/case_message.h"

struct conducting {
    struct case_change change; /* first */
    struct codec_clock_ask ask;
};

static enum flow refuse_ended(struct request *req, enum case_state state)
{
    return refusal_of_state(req, state, "nothing is to be hurried");
}

/* --- the day after --- */

#define CHASED_KIND "case_chased"

static int64_t midnight_after(const struct request *req, int32_t day)
{
    struct day_date date = day_split(day + 1);
    struct civil local = {.year = date.year, .month = (int8_t)date.month, .day = (int8_t)date.day};

    return zone_moment(&req->service->zone, &local);
}

static void arm_end_of_day(struct request *req, int32_t day)
{
    char text[DAY_TEXT_BYTES];
    char *key;

    day_print(day, text);
    key = arena_print(req->arena, CHASED_KIND ":%s", text);
    if (key)
        timer_arm(req, key, NULL, midnight_after(req, day), NULL, 0);
}

enum flow chase_case_end_day(struct request *req)
{
    const struct timer *timer = timer_of(req);
    const char *text = timer->key + sizeof(CHASED_KIND);
    int32_t day;

    if (day_parse(text, strlen(text), &day))
        case_queue_settle(req, day + 1);
    timer_settle(req, timer);
    return flow_commit(req, flow_end);
}

/* --- chase --- */

static void keep_words(struct request *req, struct conducting *r)
{
    r->change.made = request_new_id(req);
    case_message_add(req, &(struct case_message){.case_id = r->change.after.id,
                                                 .id = r->change.made,
                                                 .at_us = req->now_us,
                                                 .is_from_complainant = true,
                                                 .text = r->ask.reason,
                                                 .channel = case_channel_name(r->ask.channel),
                                                 .by = who_name(req)});
}

static enum flow chase(struct request *req)
{
    struct conducting *r = req->state;
    struct case_file *after = &r->change.after;
    struct conduct_chase chased;

    if (case_is_ended(after->state))
        return refuse_ended(req, after->state);
    after->chases++;
    after->chased_day = zone_day(&req->service->zone, req->now_us);
    chased = conduct_chase(after->chases, after->priority);
    if (r->ask.reason.bytes > 0)
        keep_words(req, r);
    arm_end_of_day(req, after->chased_day);
    if (!case_change_tell(req, &r->change,
                          codec_make_case_chased(after, chased.tells_manager, req->arena)))
        return flow_refuse_large(req);
    r->change.act_name = "chase";
    return case_change_commit(req, &r->change, TEXT_OF(""),
                              chased.tells_manager ? "tells the manager" : "");
}

enum flow handle_chase_case(struct request *req)
{
    struct conducting *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_chase(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return case_change_find(req, &r->change, r->ask.ref, 0, CONDUCT_READS, chase);
}

/* --- supervise --- */

static enum flow supervise(struct request *req)
{
    struct conducting *r = req->state;
    struct case_file *after = &r->change.after;

    if (case_is_ended(after->state))
        return refuse_ended(req, after->state);
    if (after->is_supervised != r->ask.is_on &&
        !case_change_tell(req, &r->change,
                          codec_make_case_supervised(after, r->ask.is_on, req->arena)))
        return flow_refuse_large(req);
    after->is_supervised = r->ask.is_on;
    r->change.act_name = r->ask.is_on ? "supervise" : "unsupervise";
    return case_change_commit(req, &r->change, r->ask.reason, "");
}

enum flow handle_supervise_case(struct request *req)
{
    struct conducting *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_supervise(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_DECIDES,
                            supervise);
}
