/*
 * kehu.complaints.v1.PauseClocks and ResumeClocks: while one waits for the complainant or for
 * somebody outside, the clocks of the case stand still, except the authority's. What was paused is
 * business time; leaving the pause breaches nothing unwarned (domain/clock.h, row 13).
 */
#include "common/pure/day.h"
#include "common/service.h"
#include "services/complaints/codec/codec_clock_ask.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"

struct pausing {
    struct case_change change; /* first */
    struct codec_clock_ask ask;
};

static bool runs(const struct clock_row *row)
{
    return row->clock.state == CLOCK_RUNNING || row->clock.state == CLOCK_PAUSED;
}

static void add_name(struct request *req, const char **names, enum clock_kind kind)
{
    const char *longer =
        arena_print(req->arena, "%s%s%s", *names, (*names)[0] ? " " : "", clock_kind_name(kind));

    if (longer)
        *names = longer;
}

/* None of the clocks could be done with so: why not, of each. */
static enum flow refuse(struct request *req, const struct clock_rows *clocks,
                        const enum clock_flaw *flaws, const char *none)
{
    enum clock_flaw first = CLOCK_FINE;

    for (size_t i = 0; i < clocks->count; i++) {
        if (!flaws[i])
            continue;
        if (!first)
            first = flaws[i];
        flow_violation(
            req, arena_print(req->arena, "clock.%s", clock_kind_name(clocks->list[i].clock.kind)),
            "%s", clock_flaw_text(flaws[i], TELLING_IS_EN));
    }
    return flow_refuse(req, FAILED_PRECONDITION, "%s%s%s", none, first ? ": " : "",
                       first ? clock_flaw_text(first, TELLING_IS_EN) : "");
}

/* --- pause --- */

/* When business opens on the day named. */
static int64_t opening(const struct calendar *calendar, int32_t day)
{
    struct day_date date = day_split(day);
    struct civil local = {.year = date.year, .month = (int8_t)date.month, .day = (int8_t)date.day};
    int64_t midnight_us = zone_moment(calendar->zone, &local);
    int64_t open_us;

    return calendar_next_open(calendar, midnight_us, &open_us) ? open_us : midnight_us;
}

static enum flow pause_all(struct request *req)
{
    struct pausing *r = req->state;
    struct clock_rows *clocks = &r->change.found.clocks;
    enum clock_flaw *flaws = arena_take_array(req->arena, clocks->count + 1, sizeof(*flaws));
    const char *names = "";

    if (!flaws)
        return flow_refuse_large(req);
    for (size_t i = 0; i < clocks->count; i++) {
        struct clock_row *row = &clocks->list[i];
        const struct calendar *calendar = case_clocks_calendar_of(req, row->calendar);
        int64_t until_us =
            r->ask.until_day == CODEC_CLOCK_NO_DAY ? 0 : opening(calendar, r->ask.until_day);

        if (!runs(row))
            continue;
        flaws[i] = clock_pause(&row->clock, calendar, req->now_us, until_us, true);
        if (flaws[i])
            continue;
        row->is_changed = true;
        add_name(req, &names, row->clock.kind);
    }
    if (!names[0])
        return refuse(req, clocks, flaws, "no clock of the case can be paused");
    r->change.act_name = "pause";
    return case_change_commit(req, &r->change, r->ask.reason, names);
}

enum flow handle_pause_clocks(struct request *req)
{
    struct pausing *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_pause(req->payload, req->payload_bytes,
                        zone_day(&req->service->zone, req->now_us), req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_HANDLES,
                            pause_all);
}

/* --- resume --- */

static enum flow resume_all(struct request *req)
{
    struct pausing *r = req->state;
    struct clock_rows *clocks = &r->change.found.clocks;
    const char *names = "";

    for (size_t i = 0; i < clocks->count; i++) {
        struct clock_row *row = &clocks->list[i];

        if (clock_resume(&row->clock, case_clocks_calendar_of(req, row->calendar), req->now_us))
            continue;
        row->is_changed = true;
        add_name(req, &names, row->clock.kind);
    }
    if (!names[0])
        return flow_refuse(req, FAILED_PRECONDITION, "no clock of the case is paused");
    r->change.act_name = "resume";
    return case_change_commit(req, &r->change, TEXT_OF(""), names);
}

enum flow handle_resume_clocks(struct request *req)
{
    struct pausing *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_resume(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_HANDLES,
                            resume_all);
}
