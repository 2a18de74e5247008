/*
 * kehu.complaints.v1.AskExtension and DecideExtension (延期): asked before the due time, decided by
 * another person, at most so often; the complainant is told of the new time.
 */
#include <string.h>

#include "common/service.h"
#include "services/complaints/codec/codec_case.h"
#include "services/complaints/codec/codec_clock.h"
#include "services/complaints/codec/codec_clock_ask.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"

struct extending {
    struct case_change change; /* first */
    struct codec_clock_ask ask;
};

/* The clock of that kind that runs; of NONE the one that an extension is asked of. */
static struct clock_row *find_clock(struct clock_rows *clocks, enum clock_kind kind)
{
    for (size_t i = 0; i < clocks->count; i++) {
        struct clock_row *row = &clocks->list[i];
        bool runs = row->clock.state == CLOCK_RUNNING || row->clock.state == CLOCK_PAUSED;

        if (runs && (kind ? row->clock.kind == kind : row->clock.extension_us != 0))
            return row;
    }
    return NULL;
}

static enum flow refuse_none(struct request *req, enum clock_kind kind)
{
    if (!kind)
        return flow_refuse(req, FAILED_PRECONDITION, "no extension is asked for");
    flow_violation(req, "clock", "none of the kind %s runs", clock_kind_name(kind));
    return flow_refuse(req, FAILED_PRECONDITION, "no %s clock of the case runs",
                       clock_kind_name(kind));
}

static enum flow refuse_flaw(struct request *req, enum clock_flaw flaw)
{
    const char *why = clock_flaw_text(flaw, TELLING_IS_EN);

    flow_violation(req, flaw == CLOCK_EXTENSION_NOT_LATER ? "until" : "clock", "%s", why);
    return flow_refuse(req, flaw == CLOCK_DECIDES_HIMSELF ? PERMISSION_DENIED : FAILED_PRECONDITION,
                       "%s", why);
}

static struct codec_extension extension_of(const struct request *req, const struct clock_row *row)
{
    return (struct codec_extension){.case_id = row->case_id,
                                    .clock_id = row->id,
                                    .by = who_of(req)->staff,
                                    .kind = row->clock.kind,
                                    .due_us = row->clock.due_us,
                                    .until_us = row->clock.extension_us};
}

/* --- asking --- */

static enum flow ask(struct request *req)
{
    struct extending *r = req->state;
    struct clock_row *row = find_clock(&r->change.found.clocks, r->ask.clock);
    struct codec_extension told;
    enum clock_flaw flaw;

    if (!row)
        return refuse_none(req, r->ask.clock);
    flaw =
        clock_ask_extension(&row->clock, req->now_us, r->ask.until_us, &who_of(req)->staff, true);
    if (flaw)
        return refuse_flaw(req, flaw);
    row->is_changed = true;
    told = extension_of(req, row);
    if (!case_change_tell(req, &r->change, codec_make_extension_asked(&told, req->arena)))
        return flow_refuse_large(req);
    r->change.act_name = "ask_extension";
    return case_change_commit(req, &r->change, r->ask.reason, clock_kind_name(row->clock.kind));
}

enum flow handle_ask_extension(struct request *req)
{
    struct extending *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status = codec_get_ask_extension(req->payload, req->payload_bytes, req->now_us,
                                                 req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_HANDLES,
                            ask);
}

/* --- deciding --- */

/* Nobody is told who cannot be. */
static bool tell_complainant(struct request *req, struct case_change *change)
{
    static const struct id none;

    if (change->after.is_anonymous || change->after.is_historic)
        return true;
    return case_change_tell(req, change,
                            codec_case_message_wanted(&change->after, &none, "extension",
                                                      change->after.reply_to, req->arena));
}

static enum flow decide(struct request *req)
{
    struct extending *r = req->state;
    struct case_change *change = &r->change;
    struct clock_row *row = find_clock(&change->found.clocks, r->ask.clock);
    struct codec_extension told;
    enum clock_flaw flaw;

    if (!row)
        return refuse_none(req, r->ask.clock);
    flaw = clock_decide_extension(&row->clock, case_clocks_calendar_of(req, row->calendar),
                                  req->now_us, &who_of(req)->staff, r->ask.is_on);
    if (flaw)
        return refuse_flaw(req, flaw);
    row->is_changed = true;
    told = extension_of(req, row);
    told.is_granted = r->ask.is_on;
    if (!case_change_tell(req, change, codec_make_extension_decided(&told, req->arena)) ||
        (r->ask.is_on && !tell_complainant(req, change)))
        return flow_refuse_large(req);
    change->act_name = r->ask.is_on ? "grant_extension" : "refuse_extension";
    return case_change_commit(req, change, r->ask.reason, clock_kind_name(row->clock.kind));
}

enum flow handle_decide_extension(struct request *req)
{
    struct extending *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_decide_extension(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_DECIDES,
                            decide);
}
