#include "services/complaints/handlers/policy_targets.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "common/timer.h"
#include "services/complaints/codec/codec_case_policy.h"
#include "services/complaints/handlers/case_clocks.h"
#include "services/complaints/handlers/counters.h"

#define CLOCKS_AT_ONCE 200
#define LOOK_AGAIN_US (60 * SECOND_US)
#define NOT_YET_US SECOND_US /* this process's clock is behind */

/* How far it has come: the timer's data, between processes of one program. */
struct place {
    uint32_t version;
    uint32_t moved;
    uint32_t is_second; /* the look after the last set */
    struct id after_case, after_clock;
};

struct moving {
    struct place place;
    struct case_rules rules;
    struct clock_move_rows moves;
};

static enum flow find_clocks(struct request *req);
static enum flow move_clocks(struct request *req);

static void key_of(uint32_t version, char out[40])
{
    snprintf(out, 40, POLICY_TARGETS_KIND ":%" PRIu32, version);
}

static void arm(struct request *req, const struct place *place, int64_t at_us)
{
    char key[40];

    key_of(place->version, key);
    timer_arm(req, key, NULL, at_us, place, sizeof(*place));
}

void policy_targets_arm(struct request *req, uint32_t version, int64_t from_us)
{
    const struct place place = {.version = version};

    arm(req, &place, from_us);
}

enum flow policy_targets_ring(struct request *req)
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

    if (r->rules.targets_version < r->place.version) {
        arm(req, &r->place, req->now_us + NOT_YET_US);
        return flow_commit(req, flow_end);
    }
    if (r->rules.targets_version > r->place.version) { /* the later one moves them all */
        timer_settle(req, timer_of(req));
        return flow_commit(req, flow_end);
    }
    clock_move_list(req, &r->rules.targets, &r->place.after_case, &r->place.after_clock,
                    CLOCKS_AT_ONCE, &r->moves);
    return flow_wait(req, move_clocks);
}

bool policy_targets_move(struct request *req, const struct clock_policy *policy, uint32_t version,
                         struct clock_row *row, struct case_clock *next)
{
    const struct calendar *calendar = case_clocks_calendar_of(req, row->calendar);
    const struct clock_change change = {
        .cause = CLOCK_BY_POLICY,
        .priority = row->clock.priority,
        .policy = policy,
        .policy_version = version,
        .from = calendar,
        .to = calendar,
    };

    return clock_supersede(&row->clock, &change, req->now_us, next) == CLOCK_FINE;
}

/* The old row ends, a new one takes its place. False: it stays, or no memory. */
static bool move(struct request *req, const struct clock_row *from)
{
    const struct moving *r = req->state;
    struct clock_rows rows = {.list = NULL};
    struct case_clock next_clock;
    struct clock_row old = *from;

    if (!policy_targets_move(req, &r->rules.targets, r->rules.targets_version, &old, &next_clock))
        return false;
    struct clock_row *ended = case_clock_add(&rows, req->arena);
    struct clock_row *next = case_clock_add(&rows, req->arena);

    if (!ended || !next)
        return false;
    *ended = old;
    ended->is_changed = true;
    next->case_id = old.case_id;
    next->id = request_new_id(req);
    next->clock = next_clock;
    next->calendar = old.calendar;
    next->calendar_version = case_clocks_calendar_of(req, old.calendar)->version;
    case_clock_put(req, &rows);
    return true;
}

/* All that the policy concerns is moved; false: no memory. */
static bool tell(struct request *req)
{
    const struct moving *r = req->state;
    struct id subject = policy_document_subject(&case_policy_kinds, CASE_POLICY_TARGETS);
    struct flow_packed event;

    if (!flow_pack(req, codec_case_policy_moved(r->place.version, r->place.moved, req->arena),
                   &event))
        return false;
    log_add(req, event.type, &subject, event.bytes, event.count);
    return true;
}

static enum flow move_clocks(struct request *req)
{
    struct moving *r = req->state;
    struct complaints_counters *counters = req->service->counters;

    for (size_t i = 0; i < r->moves.count; i++) {
        const struct clock_row *row = &r->moves.list[i].row;

        if (move(req, row)) {
            r->place.moved++;
            counters->clocks_moved++;
            clock_move_case(req, &row->case_id);
        }
        r->place.after_case = row->case_id;
        r->place.after_clock = row->id;
    }
    if (arena_is_full(req->arena))
        return flow_refuse_large(req);
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
