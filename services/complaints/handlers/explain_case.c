/*
 * kehu.complaints.v1.ExplainCase: why a clock is due when it is due, why the case is as grave and
 * as urgent as it is, what keeps it from being closed, and how its customer counts as a repeat
 * complainant. A sentence and its steps, in Chinese or English.
 */
#include "common/pure/day.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/complaints/codec/codec_case_asked.h"
#include "services/complaints/domain/case_text.h"
#include "services/complaints/domain/clock_text.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/store/case_list.h"
#include "services/complaints/store/standing.h"

struct explaining {
    struct case_change change; /* nothing changes */
    struct codec_explain ask;
    struct case_list_family family;
    struct standing_cases cases;
    char sentence[CASE_TEXT_BYTES];
    char steps[CLOCK_TEXT_STEPS_BYTES + CASE_TEXT_STEPS_BYTES];
};
_Static_assert(CASE_TEXT_BYTES >= CLOCK_TEXT_BYTES && CASE_TEXT_BYTES >= SEVERITY_TEXT_BYTES &&
                   CASE_TEXT_BYTES >= REPEAT_TEXT_BYTES,
               "every sentence has room");

static enum flow look(struct request *req);
static enum flow count(struct request *req);
static enum flow explain_repeat(struct request *req);

enum flow handle_explain_case(struct request *req)
{
    struct explaining *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_explain_case(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    if (!case_change_name(req, &r->change, r->ask.ref)) {
        flow_violation(req, "ref", "must be " CASES_REF_FORMS);
        return flow_refuse(req, INVALID_ARGUMENT, "ref must be " CASES_REF_FORMS);
    }
    r->change.keeps_row = true; /* nothing rings */
    r->change.weighs = true;
    case_change_ask(req, &r->change, who_sight(req));
    return flow_wait(req, look);
}

static enum flow reply(struct request *req)
{
    const struct explaining *r = req->state;

    return flow_reply(req, codec_case_explanation(r->sentence, r->steps, req->arena));
}

/* --- clocks --- */

static bool is_running(const struct case_clock *clock)
{
    return clock->state == CLOCK_RUNNING || clock->state == CLOCK_PAUSED;
}

/* The one that runs, the first that is due; else the latest. NULL: there was none of the kind. */
static const struct clock_row *choose_clock(const struct clock_rows *rows, enum clock_kind kind)
{
    const struct clock_row *best = NULL;

    for (size_t i = 0; i < rows->count; i++) {
        const struct clock_row *row = &rows->list[i];

        if (row->clock.kind != kind)
            continue;
        if (!best || !is_running(&best->clock) ||
            (is_running(&row->clock) && row->clock.due_us < best->clock.due_us))
            best = row;
    }
    return best;
}

/* The clocks of the kind that this one came after, each in its sentence. */
static size_t tell_earlier(struct request *req, struct explaining *r, const struct clock_row *row)
{
    const struct clock_rows *rows = &r->change.found.clocks;
    struct telling telling =
        telling_begin(r->steps, sizeof(r->steps) - CLOCK_TEXT_STEPS_BYTES, r->ask.language);

    for (size_t i = 0; i < rows->count && &rows->list[i] != row; i++) {
        const struct clock_row *other = &rows->list[i];
        char sentence[CLOCK_TEXT_BYTES];

        if (other->clock.kind != row->clock.kind)
            continue;
        clock_text_tell(&other->clock, case_clocks_calendar_of(req, other->calendar),
                        r->ask.language, sentence);
        telling_say(&telling, "此前:", "before: ");
        telling_say(&telling, sentence, sentence);
        telling_say(&telling, "\n", "\n");
    }
    return telling.bytes;
}

static enum flow explain_clock(struct request *req)
{
    struct explaining *r = req->state;
    const struct clock_row *row = choose_clock(&r->change.found.clocks, r->ask.clock);

    if (!row) {
        flow_violation(req, "about", "the case has no such clock");
        return flow_refuse(req, NOT_FOUND, "the case has no clock %s",
                           clock_kind_name(r->ask.clock));
    }
    const struct calendar *calendar = case_clocks_calendar_of(req, row->calendar);
    size_t at = tell_earlier(req, r, row);

    clock_text_tell(&row->clock, calendar, r->ask.language, r->sentence);
    clock_text_tell_steps(&row->clock, calendar, r->ask.language, r->steps + at);
    return reply(req);
}

/* --- severity and priority --- */

static struct case_text_weight weigh(const struct request *req, const struct explaining *r)
{
    const struct case_file *file = &r->change.found.file;
    int32_t today = zone_day(&req->service->zone, req->now_us);

    return (struct case_text_weight){
        .facts = case_change_facts(req, &r->change),
        .policy = &r->change.rules.severity,
        .policy_version = r->change.rules.severity_version,
        .customer = r->change.found.customer,
        .currency = req->service->currency,
        .severity = file->severity,
        .priority = file->priority,
        .queued = conduct_queued(file->priority, file->chased_day, today),
    };
}

static enum flow explain_weight(struct request *req)
{
    struct explaining *r = req->state;
    const struct case_text_weight weight = weigh(req, r);

    if (r->ask.about == CODEC_EXPLAIN_SEVERITY) {
        case_text_tell_severity(&weight, r->ask.language, r->sentence);
        case_text_tell_severity_steps(&weight, r->ask.language, r->steps);
    } else {
        case_text_tell_priority(&weight, r->ask.language, r->sentence);
        case_text_tell_priority_steps(&weight, r->ask.language, r->steps);
    }
    return reply(req);
}

/* --- closing --- */

static enum flow explain_closing(struct request *req)
{
    struct explaining *r = req->state;
    const struct case_file *file = &r->change.found.file;
    struct case_view view = case_change_view(req, &r->change);
    struct condition_facts facts = case_file_conditions(&view, false);
    struct condition_list open = condition_check(&facts);
    enum case_text_end end = file->is_historic            ? CASE_TEXT_IS_HISTORIC
                             : case_is_ended(file->state) ? CASE_TEXT_HAS_ENDED
                                                          : CASE_TEXT_IS_OPEN;

    case_text_tell_closing(&open, end, r->ask.language, r->sentence);
    case_text_tell_closing_steps(&open, end, r->ask.language, r->steps);
    return reply(req);
}

/* --- repeat complainant --- */

static enum flow begin_repeat(struct request *req)
{
    struct explaining *r = req->state;
    const struct customer_ref him = {.kind = CUSTOMER_REF_ID, .id = r->change.found.file.customer};

    if (!r->change.found.is_person_seen)
        return flow_refuse(req, PERMISSION_DENIED,
                           "the complainant of this case is outside of what you may see");
    if (uuid_is_none(&him.id))
        return flow_refuse(req, FAILED_PRECONDITION, "no customer is known of this case");
    case_list_find_customers(req, &him, &r->family);
    return flow_wait(req, count);
}

static enum flow count(struct request *req)
{
    struct explaining *r = req->state;
    int32_t today = zone_day(&req->service->zone, req->now_us);

    if (r->family.count == 0) { /* of whom the log has not told yet */
        r->family.list = &r->change.found.file.customer;
        r->family.count = 1;
    }
    standing_list_cases(req, r->family.list, r->family.count,
                        day_add_months(today, -REPEAT_MONTHS - 1), &r->cases);
    return flow_wait(req, explain_repeat);
}

static enum flow explain_repeat(struct request *req)
{
    struct explaining *r = req->state;
    const struct repeat_policy *policy = &r->change.rules.repeat;
    int32_t today = zone_day(&req->service->zone, req->now_us);
    struct repeat_case *facts = arena_take_array(req->arena, r->cases.count, sizeof(*facts));
    struct repeat_standing standing;

    if (!facts)
        return flow_refuse_large(req);
    for (size_t i = 0; i < r->cases.count; i++)
        facts[i] = r->cases.list[i].facts;
    standing = repeat_count(facts, r->cases.count, today, policy);
    repeat_tell(&standing, r->ask.language, r->sentence);
    case_text_tell_repeat_steps(&standing, policy, r->change.rules.repeat_version, today,
                                r->ask.language, r->steps);
    return reply(req);
}

static enum flow look(struct request *req)
{
    struct explaining *r = req->state;

    if (!r->change.found.found)
        return flow_refuse(req, NOT_FOUND, "no case has this number, id or reference");
    if (!r->change.found.is_seen)
        return flow_refuse(req, PERMISSION_DENIED,
                           "the case exists and is outside of what you may see");
    if (!case_change_begin(req, &r->change))
        return flow_refuse_large(req);
    switch (r->ask.about) {
    case CODEC_EXPLAIN_CLOCK:
        return explain_clock(req);
    case CODEC_EXPLAIN_PRIORITY:
    case CODEC_EXPLAIN_SEVERITY:
        return explain_weight(req);
    case CODEC_EXPLAIN_CLOSING:
        return explain_closing(req);
    case CODEC_EXPLAIN_REPEAT:
        return begin_repeat(req);
    }
    return flow_refuse_large(req);
}
