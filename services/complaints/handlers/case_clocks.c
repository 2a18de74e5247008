#include "services/complaints/handlers/case_clocks.h"

#include <string.h>

#include "common/pure/day.h"
#include "common/service.h"
#include "services/complaints/handlers/calendars_in_force.h"

static bool runs(const struct clock_row *row)
{
    return row->clock.state == CLOCK_RUNNING || row->clock.state == CLOCK_PAUSED;
}

const struct calendar *case_clocks_calendar(const struct request *req, const struct case_file *file,
                                            struct text *code)
{
    struct text kept = calendars_in_force_code(req->service, file->team, file->region);
    const char *copy = arena_copy_text(req->arena, kept.at, kept.bytes);

    *code = copy ? (struct text){copy, kept.bytes} : TEXT_OF("");
    return calendars_in_force_find(req->service, kept);
}

const struct calendar *case_clocks_calendar_of(const struct request *req, struct text code)
{
    return calendars_in_force_find(req->service, code);
}

bool case_clocks_first(const struct clock_rows *clocks, int64_t *due_us, enum clock_kind *kind)
{
    const struct clock_row *first = NULL;

    for (size_t i = 0; i < clocks->count; i++) {
        const struct clock_row *row = &clocks->list[i];

        /* The automatic receipt is the system's to send; work lists go by what people owe. */
        if (row->clock.state == CLOCK_RUNNING && row->clock.kind != CLOCK_AUTO_ACKNOWLEDGE &&
            (!first || row->clock.due_us < first->clock.due_us))
            first = row;
    }
    if (!first)
        return false;
    *due_us = first->clock.due_us;
    *kind = first->clock.kind;
    return true;
}

/* --- what happens --- */

/* What is being started, for all kinds of an event. */
struct starting {
    struct request *req;
    const struct case_file *file;
    const struct case_rules *rules;
    struct clock_rows *clocks;
    const struct calendar *calendar;
    struct text code;
};

static int64_t midnight(const struct calendar *calendar, int32_t day)
{
    struct day_date date = day_split(day);
    struct civil local = {.year = date.year, .month = (int8_t)date.month, .day = (int8_t)date.day};

    return zone_moment(calendar->zone, &local);
}

static void add_row(const struct starting *s, const struct case_clock *clock,
                    const struct id *action)
{
    struct clock_row *row = case_clock_add(s->clocks, s->req->arena);

    if (!row)
        return; /* the arena is full, and the commit refuses all of it */
    row->case_id = s->file->id;
    row->id = request_new_id(s->req);
    row->clock = *clock;
    row->calendar = s->code;
    row->calendar_version = s->calendar->version;
    if (action)
        row->action = *action;
}

/* The authority's term: until its deadline, or so long from its date. */
static bool start_regulatory(const struct starting *s, int64_t at_us, struct case_clock *out)
{
    const struct case_authority *authority = &s->file->authority;
    int64_t start_us =
        authority->date == CASE_NO_DAY ? at_us : midnight(s->calendar, authority->date);
    int64_t day_us =
        authority->deadline == CASE_NO_DAY ? start_us : midnight(s->calendar, authority->deadline);

    if (authority->deadline != CASE_NO_DAY)
        return clock_start_until(CLOCK_REGULATORY, s->file->priority, &s->rules->targets,
                                 s->rules->targets_version, s->calendar,
                                 start_us < day_us ? start_us : day_us, authority->deadline, out);
    return clock_start(CLOCK_REGULATORY, s->file->priority, &s->rules->targets,
                       s->rules->targets_version, s->calendar, CLOCK_BY_START, start_us, out);
}

static enum clock_cause cause_of(enum clock_event event)
{
    return event == CLOCK_EVENT_DISPUTED   ? CLOCK_BY_DISPUTE
           : event == CLOCK_EVENT_REOPENED ? CLOCK_BY_REOPENING
                                           : CLOCK_BY_START;
}

/* Another of the kind begins: one that still ran gives way, unjudged unless it was broken. */
static void supersede_running(const struct starting *s, enum clock_kind kind, int64_t at_us)
{
    for (size_t i = 0; i < s->clocks->count; i++) {
        struct clock_row *row = &s->clocks->list[i];

        if (row->clock.kind != kind || !runs(row))
            continue;
        clock_drop(&row->clock, at_us);
        row->clock.state = CLOCK_SUPERSEDED;
        row->is_changed = true;
    }
}

/* Words to him while the case stands still, as they are where one waits for him: the next report
 * of progress waits as long as the rest does. */
static void stand_still(const struct starting *s, struct case_clock *clock)
{
    for (size_t i = 0; i < s->clocks->count; i++) {
        const struct case_clock *other = &s->clocks->list[i].clock;
        int64_t at_us = clock->started_us > other->paused_us ? clock->started_us : other->paused_us;

        if (other->state == CLOCK_PAUSED &&
            clock_pause(clock, s->calendar, at_us, other->pause_until_us, true) == CLOCK_FINE)
            return;
    }
}

static void start(const struct starting *s, enum clock_kind kind, enum clock_event event,
                  int64_t at_us)
{
    struct case_clock clock;
    bool is_started =
        kind == CLOCK_REGULATORY
            ? start_regulatory(s, at_us, &clock)
            : clock_start(kind, s->file->priority, &s->rules->targets, s->rules->targets_version,
                          s->calendar, cause_of(event), at_us, &clock);

    if (!is_started)
        return;
    supersede_running(s, kind, at_us);
    if (event == CLOCK_EVENT_WORDS)
        stand_still(s, &clock);
    add_row(s, &clock, NULL);
}

static struct starting starting_of(struct request *req, const struct case_file *file,
                                   const struct case_rules *rules, struct clock_rows *clocks)
{
    struct starting s = {.req = req, .file = file, .rules = rules, .clocks = clocks};

    s.calendar = case_clocks_calendar(req, file, &s.code);
    return s;
}

static void end_those(struct request *req, struct clock_rows *clocks, uint32_t stops,
                      uint32_t drops, int64_t at_us)
{
    for (size_t i = 0; i < clocks->count; i++) {
        struct clock_row *row = &clocks->list[i];
        uint32_t bit = CLOCK_BIT(row->clock.kind);

        if (!runs(row) || !((stops | drops) & bit))
            continue;
        if (stops & bit)
            clock_stop(&row->clock, case_clocks_calendar_of(req, row->calendar), at_us);
        else
            clock_drop(&row->clock, at_us);
        row->is_changed = true;
    }
}

void case_clocks_happen(struct request *req, const struct case_file *file,
                        const struct case_rules *rules, enum clock_event event, int64_t at_us,
                        struct clock_rows *clocks)
{
    const struct starting s = starting_of(req, file, rules, clocks);
    const struct clock_plan_facts facts = {
        .is_historic = file->is_historic,
        .is_anonymous = file->is_anonymous,
        .has_authority = file->authority.name.bytes > 0,
        .asks_confirmation = confirmation_is_wanted(file->kind, file->is_anonymous, &file->id,
                                                    rules->targets.confirmation_sample_percent),
        .is_answered = case_is_answered(file->state),
    };
    uint32_t starts = clock_plan_starts(&facts, event);
    uint32_t stops = clock_plan_stops(event) & ~CLOCK_BIT(CLOCK_ACTION);

    end_those(req, clocks, stops, clock_plan_drops(event), at_us);
    for (int kind = CLOCK_AUTO_ACKNOWLEDGE; kind < CLOCK_ACTION; kind++)
        if (starts & CLOCK_BIT(kind))
            start(&s, (enum clock_kind)kind, event, at_us);
}

/* --- actions --- */

static struct clock_row *find_action(struct clock_rows *clocks, const struct id *action)
{
    for (size_t i = 0; i < clocks->count; i++) {
        struct clock_row *row = &clocks->list[i];

        if (row->clock.kind == CLOCK_ACTION && runs(row) &&
            memcmp(&row->action, action, sizeof(*action)) == 0)
            return row;
    }
    return NULL;
}

void case_clocks_set_action(struct request *req, const struct case_file *file,
                            const struct case_rules *rules, const struct id *action, int32_t day,
                            struct clock_rows *clocks)
{
    const struct starting s = starting_of(req, file, rules, clocks);
    struct clock_row *old = find_action(clocks, action);
    struct case_clock clock;

    if (file->is_historic ||
        !clock_start_until(CLOCK_ACTION, file->priority, &rules->targets, rules->targets_version,
                           s.calendar, req->now_us, day, &clock))
        return;
    if (old && old->clock.due_us == clock.due_us)
        return;
    if (old) {
        clock_drop(&old->clock, req->now_us);
        old->clock.state = CLOCK_SUPERSEDED;
        old->is_changed = true;
    }
    add_row(&s, &clock, action);
}

void case_clocks_end_action(struct request *req, const struct id *action, bool is_verified,
                            struct clock_rows *clocks)
{
    struct clock_row *row = find_action(clocks, action);

    if (!row)
        return;
    if (is_verified)
        clock_stop(&row->clock, case_clocks_calendar_of(req, row->calendar), req->now_us);
    else
        clock_drop(&row->clock, req->now_us);
    row->is_changed = true;
}

/* --- supersession --- */

/* Whether that cause concerns a clock at all. */
static bool concerns(const struct clock_row *row, enum clock_cause cause,
                     const struct clock_change *change, struct text code)
{
    const struct case_clock *clock = &row->clock;
    bool is_of_calendar = !clock->term.is_wall && clock->term.to_min == 0;
    bool is_same_calendar =
        row->calendar.bytes == code.bytes && memcmp(row->calendar.at, code.at, code.bytes) == 0;

    if (clock->kind == CLOCK_ACTION)
        return false;
    switch (cause) {
    case CLOCK_BY_RAISED_PRIORITY:
    case CLOCK_BY_LOWERED_PRIORITY:
        return !clock_term_equals(&clock->term,
                                  clock_policy_term(change->policy, clock->kind, change->priority));
    case CLOCK_BY_POLICY:
        return clock->policy_version != change->policy_version;
    case CLOCK_BY_GROUP:
        return is_of_calendar && !is_same_calendar;
    case CLOCK_BY_CALENDAR:
        return is_of_calendar;
    case CLOCK_BY_START:
    case CLOCK_BY_DISPUTE:
    case CLOCK_BY_REOPENING:
    case CLOCK_BY_EXTENSION:
        break;
    }
    return false;
}

void case_clocks_change(struct request *req, const struct case_file *file,
                        const struct case_rules *rules, enum clock_cause cause,
                        struct clock_rows *clocks)
{
    const struct starting s = starting_of(req, file, rules, clocks);
    struct clock_change change = {.cause = cause,
                                  .priority = file->priority,
                                  .policy = &rules->targets,
                                  .policy_version = rules->targets_version,
                                  .to = s.calendar};
    size_t count = clocks->count; /* those that come to stand now are not looked at again */

    for (size_t i = 0; i < count; i++) {
        struct clock_row *row = &clocks->list[i];
        struct case_clock next;

        if (!runs(row) || !concerns(row, cause, &change, s.code))
            continue;
        change.from = case_clocks_calendar_of(req, row->calendar);
        if (clock_supersede(&row->clock, &change, req->now_us, &next) != CLOCK_FINE)
            continue; /* broken, or with a date of its own */
        row->is_changed = true;
        add_row(&s, &next, NULL);
    }
}
