#include "services/complaints/handlers/calendar_moves.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/service.h"
#include "common/timer.h"

#define CLOCKS_AT_ONCE 200
#define LOOK_AGAIN_US (60 * SECOND_US)

/* How far it has come: the timer's data, between processes of one program. */
struct place {
    char name[64];
    uint32_t version;
    uint32_t moved;
    uint32_t is_second; /* the look after the last set: what was started meanwhile */
    uint32_t only_provisional;
    struct id after_case, after_clock;
};

struct moving {
    struct place place;
    struct case_rules rules;
    struct clock_move_rows moves;
};

static enum flow find_clocks(struct request *req);
static enum flow move_clocks(struct request *req);

static void arm(struct request *req, const struct place *place, int64_t at_us)
{
    char *key = arena_print(req->arena, CALENDAR_MOVES_KIND ":%s", place->name);

    if (key)
        timer_arm(req, key, NULL, at_us, place, sizeof(*place));
}

/* A later version begins anew: the timer's key is the calendar's name. */
void calendar_moves_arm(struct request *req, const char *name, uint32_t version,
                        bool only_provisional)
{
    struct place place = {.version = version, .only_provisional = only_provisional};

    strncpy(place.name, name, sizeof(place.name) - 1);
    arm(req, &place, req->now_us);
}

enum flow calendar_moves_ring(struct request *req)
{
    struct moving *r = request_state(req, sizeof(*r));
    const struct timer *timer = timer_of(req);

    if (timer->data_bytes == sizeof(r->place))
        memcpy(&r->place, timer->data, sizeof(r->place));
    case_rules_ask(req, &r->rules);
    return flow_wait(req, find_clocks);
}

static enum flow find_clocks(struct request *req)
{
    struct moving *r = req->state;
    const struct calendar_row_question question = {
        .calendar = calendars_in_force_code_of(r->place.name),
        .only_provisional = r->place.only_provisional,
        .after_case = r->place.after_case,
        .after_clock = r->place.after_clock,
        .limit = CLOCKS_AT_ONCE,
    };

    calendar_row_clocks(req, &question, &r->moves);
    return flow_wait(req, move_clocks);
}

bool calendar_moves_compute(struct request *req, const struct case_rules *rules,
                            const struct calendar *to, struct clock_row *row,
                            struct case_clock *next)
{
    struct clock_policy own = rules->targets; /* the clock keeps the term that it was given */
    const struct clock_change change = {
        .cause = CLOCK_BY_CALENDAR,
        .priority = row->clock.priority,
        .policy = &own,
        .policy_version = row->clock.policy_version,
        .from = to,
        .to = to,
    };
    enum priority priority = change.priority < PRIORITY_NORMAL ? PRIORITY_NORMAL : change.priority;

    own.targets[row->clock.kind][priority] = row->clock.term;
    own.warn_first_percent = row->clock.warn_first_percent;
    own.warn_percent = row->clock.warn_percent;
    own.max_extensions = row->clock.max_extensions;
    own.pause_limit_minutes = (uint32_t)(row->clock.pause_limit_us / MINUTE_US);
    return clock_supersede(&row->clock, &change, req->now_us, next) == CLOCK_FINE;
}

/* Whether the calendar says something else of the clock than it did. */
static bool move(struct request *req, const struct clock_row *from, bool *is_moved)
{
    const struct moving *r = req->state;
    const struct calendar *to = case_clocks_calendar_of(req, from->calendar);
    struct clock_rows rows = {.list = NULL};
    struct clock_row old = *from;
    struct case_clock next_clock;

    *is_moved = false;
    if (!calendar_moves_compute(req, &r->rules, to, &old, &next_clock))
        return true;
    if (!clock_is_moved(&from->clock, to)) {
        old.clock = from->clock;
        old.clock.is_provisional = next_clock.is_provisional;
        old.is_changed = next_clock.is_provisional != from->clock.is_provisional;
    } else {
        old.is_changed = true;
        *is_moved = true;
    }
    struct clock_row *ended = case_clock_add(&rows, req->arena);

    if (!ended)
        return false;
    *ended = old;
    if (*is_moved) {
        struct clock_row *next = case_clock_add(&rows, req->arena);

        if (!next)
            return false;
        next->case_id = old.case_id;
        next->id = request_new_id(req);
        next->clock = next_clock;
        next->calendar = old.calendar;
        next->calendar_version = to->version;
    }
    case_clock_put(req, &rows);
    return true;
}

static bool tell(struct request *req)
{
    /* All calendars are one subject, the same in every installation. */
    static const struct id subject = {
        {'k', 'e', 'h', 'u', '-', 'c', 0x70, 'a', 0x80, 'l', 'e', 'n', 'd', 'a', 'r', 's'}};
    const struct moving *r = req->state;
    struct flow_packed event;

    if (!flow_pack(
            req,
            codec_calendar_changed(r->place.name, r->place.version, r->place.moved, req->arena),
            &event))
        return false;
    log_add(req, event.type, &subject, event.bytes, event.count);
    return true;
}

static enum flow move_clocks(struct request *req)
{
    struct moving *r = req->state;

    for (size_t i = 0; i < r->moves.count; i++) {
        const struct clock_row *row = &r->moves.list[i].row;
        bool is_moved;

        if (!move(req, row, &is_moved))
            return flow_refuse_large(req);
        if (is_moved) {
            r->place.moved++;
            clock_move_case(req, &row->case_id);
        }
        r->place.after_case = row->case_id;
        r->place.after_clock = row->id;
    }
    if (r->moves.count == CLOCKS_AT_ONCE) {
        arm(req, &r->place, req->now_us);
        return flow_commit(req, flow_end);
    }
    if (r->place.is_second) {
        timer_settle(req, timer_of(req));
        return tell(req) ? flow_commit(req, flow_end) : flow_refuse_large(req);
    }
    r->place.is_second = true;
    r->place.after_case = r->place.after_clock = (struct id){{0}};
    arm(req, &r->place, req->now_us + LOOK_AGAIN_US);
    return flow_commit(req, flow_end);
}
