/*
 * kehu.bus.v1.GetClock and AdvanceClock. The clock goes from one due moment to the next and waits
 * at each until nothing is at work, so that a year passed in seconds leaves behind what a year
 * would.
 *
 * The first sending fixes the moment to arrive at in a receipt; a repeat goes on towards it, so a
 * year may take several sendings and a lost answer moves nothing twice. AdvanceClock counts as a
 * poll: the requests at work are then all the others.
 */
#include <string.h>

#include "common/audit.h"
#include "common/consume.h"
#include "common/command.h"
#include "common/installation.h"
#include "common/service_internal.h"
#include "common/sweep.h"
#include "common/timer.h"
#include "common/validate.h"
#include "kehu/bus/v1/service.pb-c.h"

#define FIRST_PAUSE_US 1000
#define LONGEST_PAUSE_US (20 * 1000)
/* To answer before the asker gives up. */
#define RESERVE_US (SECOND_US / 2)
/* Each stop takes memory of the request; past this it answers and is sent again. */
#define MOST_BYTES (16 * 1024 * 1024)
#define LONGEST_BY_S (INT64_C(36600) * 86400)
#define LAST_TIME_S INT64_C(253402300799) /* the end of the year 9999 */

struct advancing {
    struct command_receipt seen;
    struct installation installation;
    struct timer_outlook outlook;
    struct sweep_outlook *sweeps; /* one of each of the definition */
    bool has_by;
    int64_t by_us, to_us; /* as asked */
    int64_t target_us;
    int64_t pause_us;
    int64_t offset_us; /* being committed */
    uint32_t stops;
    const char *waits_for;
};

static enum flow ask(struct request *req);
static enum flow decide(struct request *req);
static enum flow look(struct request *req);
static enum flow judge(struct request *req);

static void set_time(Google__Protobuf__Timestamp *time, int64_t at_us)
{
    google__protobuf__timestamp__init(time);
    time->seconds = at_us / SECOND_US;
    time->nanos = (int32_t)(at_us % SECOND_US * 1000);
}

static int64_t time_us(const Google__Protobuf__Timestamp *time)
{
    return time->seconds * SECOND_US + time->nanos / 1000;
}

/* --- what is asked --- */

static bool take_by(struct request *req, struct advancing *r, const Google__Protobuf__Duration *by)
{
    if (by->seconds < 0 || by->seconds > LONGEST_BY_S || by->nanos < 0 || by->nanos > 999999999) {
        flow_violation(req, "by", "must be between 0 and 36600 days: clocks do not go back");
        return false;
    }
    r->has_by = true;
    r->by_us = by->seconds * SECOND_US + by->nanos / 1000;
    return true;
}

static bool take_to(struct request *req, struct advancing *r, const Google__Protobuf__Timestamp *to)
{
    if (to->seconds < 0 || to->seconds > LAST_TIME_S || to->nanos < 0 || to->nanos > 999999999) {
        flow_violation(req, "to", "must be a time between 1970 and 9999");
        return false;
    }
    r->to_us = time_us(to);
    return true;
}

enum flow advance_begin(struct request *req)
{
    struct advancing *r = request_state(req, sizeof(*r));
    uint64_t hash = flow_subject_hash("clock", TEXT_OF(""), TEXT_OF(""));
    ProtobufCMessage *message = NULL;
    char field[100], why[200];

    if (validate_unpack(&kehu__bus__v1__advance_clock__descriptor, arena_allocator(req->arena),
                        req->payload, req->payload_bytes, &message, field, sizeof(field), why,
                        sizeof(why)) != OK) {
        flow_violation(req, field, "%s", why);
        return flow_refuse(req, INVALID_ARGUMENT, "the payload is no kehu.bus.v1.AdvanceClock");
    }
    const Kehu__Bus__V1__AdvanceClock *question = (const Kehu__Bus__V1__AdvanceClock *)message;

    if (!question->by == !question->to) {
        flow_violation(req, "by", "one of by and to must be there, and only one");
        return flow_refuse(req, INVALID_ARGUMENT, "how far the clock is to go is not said");
    }
    if (question->by ? !take_by(req, r, question->by) : !take_to(req, r, question->to))
        return flow_refuse(req, INVALID_ARGUMENT, "the clock cannot be moved so");
    return flow_hold(req, &hash, 1, ask); /* two that wait for quiet would wait for each other */
}

static enum flow ask(struct request *req)
{
    struct advancing *r = req->state;

    command_find(req, &r->seen);
    installation_find(req, &r->installation);
    return flow_wait(req, decide);
}

static enum flow go_on(struct request *req, struct advancing *r)
{
    Kehu__Bus__V1__ClockAdvanced *begun = kehu__bus__v1__clock_advanced__unpack(
        arena_allocator(req->arena), r->seen.reply_bytes, r->seen.reply);

    if (!begun || !begun->target)
        return flow_refuse(req, INTERNAL, "the receipt of this request cannot be read");
    r->target_us = time_us(begun->target);
    return flow_go(req, look);
}

static enum flow decide(struct request *req)
{
    struct advancing *r = req->state;
    Kehu__Bus__V1__ClockAdvanced begun = KEHU__BUS__V1__CLOCK_ADVANCED__INIT;
    Google__Protobuf__Timestamp target;
    struct flow_packed packed;

    r->pause_us = FIRST_PAUSE_US;
    if (command_is_repeat(&r->seen))
        return r->seen.is_same ? go_on(req, r) : command_reply_again(req, &r->seen);
    if (strcmp(r->installation.kind, "demo") != 0 && strcmp(r->installation.kind, "test") != 0)
        return flow_refuse(req, FAILED_PRECONDITION,
                           "the clock of a live installation cannot be moved");
    r->target_us = r->has_by ? req->now_us + r->by_us : r->to_us;
    if (r->target_us < req->now_us) {
        flow_violation(req, "to", "has passed already: clocks do not go back");
        return flow_refuse(req, FAILED_PRECONDITION, "the clock cannot be moved so");
    }
    if (r->target_us / SECOND_US > LAST_TIME_S) {
        flow_violation(req, "by", "leads beyond the year 9999");
        return flow_refuse(req, INVALID_ARGUMENT, "the clock cannot be moved so");
    }
    set_time(&target, r->target_us);
    begun.target = &target;
    if (!flow_pack(req, &begun.base, &packed))
        return flow_reply(req, NULL);
    command_add(req, &packed);
    audit_add(req, "advance clock", "", "");
    return flow_commit(req, look);
}

/* --- the way --- */

static enum flow answer(struct request *req)
{
    const struct advancing *r = req->state;
    Kehu__Bus__V1__ClockAdvanced reply = KEHU__BUS__V1__CLOCK_ADVANCED__INIT;
    Google__Protobuf__Timestamp target, now;

    set_time(&target, r->target_us);
    set_time(&now, req->now_us);
    reply.target = &target;
    reply.now = &now;
    reply.stops = r->stops;
    reply.arrived = r->waits_for == NULL;
    reply.waits_for = (char *)(r->waits_for ? r->waits_for : "");
    return flow_reply(req, &reply.base);
}

/* Something is at work: looks again in a moment, unless the time of this sending is up. */
static enum flow pause_for(struct request *req, struct advancing *r, const char *waits_for)
{
    int64_t now_us = flow_clock_us(req);

    r->waits_for = waits_for;
    if (now_us + r->pause_us > req->deadline_us - RESERVE_US ||
        arena_used_bytes(req->arena) > MOST_BYTES)
        return flow_go(req, answer);
    int64_t until_us = now_us + r->pause_us;

    if (r->pause_us < LONGEST_PAUSE_US)
        r->pause_us *= 2;
    return flow_sleep(req, until_us, look);
}

/* Timers and sweeps stand in one row: what is due, and what is next. */
static bool ask_outlook(struct request *req, struct timer_outlook *timers,
                        struct sweep_outlook **sweeps)
{
    const struct service_definition *definition = req->service->definition;

    if (!*sweeps)
        *sweeps = arena_take_array(req->arena, definition->sweep_count + 1, sizeof(**sweeps));
    if (!*sweeps)
        return false;
    timer_find_outlook(req, req->now_us, definition->timer_kinds, definition->timer_kind_count,
                       timers);
    sweep_find_outlooks(req, *sweeps);
    return true;
}

static void join_outlooks(const struct request *req, const struct sweep_outlook *sweeps,
                          struct timer_outlook *out)
{
    const struct service_definition *definition = req->service->definition;

    for (size_t i = 0; i < definition->sweep_count; i++) {
        if (sweeps[i].is_due && !out->is_due) {
            out->is_due = true;
            out->due_key = definition->sweeps[i].name;
        }
        if (sweeps[i].has_next && (!out->has_next || sweeps[i].next_at_us < out->next_at_us)) {
            out->has_next = true;
            out->next_at_us = sweeps[i].next_at_us;
        }
    }
}

static bool others_work(const struct request *req)
{
    return flows_counters(req->service->flows)->in_flight > 0;
}

static enum flow look(struct request *req)
{
    struct advancing *r = req->state;

    if (others_work(req))
        return pause_for(req, r, "requests at work");
    if (consumers_are_busy(req->service->consumers))
        return pause_for(req, r, "what another service's log says");
    if (!ask_outlook(req, &r->outlook, &r->sweeps))
        return flow_refuse_large(req);
    installation_find(req, &r->installation);
    return flow_wait(req, judge);
}

static enum flow moved(struct request *req)
{
    struct advancing *r = req->state;

    r->installation.clock_offset_us = r->offset_us;
    installation_set_clock(req->service, &r->installation);
    r->pause_us = FIRST_PAUSE_US;
    return flow_go(req, look);
}

static enum flow judge(struct request *req)
{
    struct advancing *r = req->state;
    int64_t next_us = r->target_us;

    r->waits_for = NULL;
    join_outlooks(req, r->sweeps, &r->outlook);
    installation_set_clock(req->service, &r->installation); /* another process may have moved it */
    if (others_work(req))
        return pause_for(req, r, "requests at work");
    if (r->outlook.is_due)
        return pause_for(req, r, r->outlook.due_key);
    if (req->now_us >= r->target_us)
        return flow_go(req, answer);
    if (r->outlook.has_next && r->outlook.next_at_us <= r->target_us) {
        next_us = r->outlook.next_at_us;
        r->stops++;
    }
    r->offset_us = next_us - loop_real_us(req->service->loop);
    if (r->offset_us <= r->installation.clock_offset_us)
        return pause_for(req, r, "the clock itself"); /* it is due by now */
    if (flow_clock_us(req) > req->deadline_us - RESERVE_US ||
        arena_used_bytes(req->arena) > MOST_BYTES)
        return pause_for(req, r, "more time");
    installation_save_clock(req, &r->installation, r->offset_us);
    return flow_commit(req, moved);
}

/* --- the question --- */

struct reading {
    struct installation installation;
    struct timer_outlook outlook;
    struct sweep_outlook *sweeps;
};

static enum flow tell(struct request *req)
{
    struct reading *r = req->state;
    Kehu__Bus__V1__Clock clock = KEHU__BUS__V1__CLOCK__INIT;
    Google__Protobuf__Timestamp now, next;
    Google__Protobuf__Duration ahead = GOOGLE__PROTOBUF__DURATION__INIT;

    join_outlooks(req, r->sweeps, &r->outlook);
    set_time(&now, req->now_us);
    set_time(&next, r->outlook.is_due ? req->now_us : r->outlook.next_at_us);
    ahead.seconds = r->installation.clock_offset_us / SECOND_US;
    ahead.nanos = (int32_t)(r->installation.clock_offset_us % SECOND_US * 1000);
    clock.now = &now;
    clock.installation = (char *)r->installation.kind;
    clock.ahead = &ahead;
    if (r->outlook.is_due || r->outlook.has_next)
        clock.next_timer = &next;
    return flow_reply(req, &clock.base);
}

enum flow advance_get_clock(struct request *req)
{
    struct reading *r = request_state(req, sizeof(*r));

    if (!ask_outlook(req, &r->outlook, &r->sweeps))
        return flow_refuse_large(req);
    installation_find(req, &r->installation);
    return flow_wait(req, tell);
}
