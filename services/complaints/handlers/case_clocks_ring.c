/*
 * What clocks do by themselves: pauses end, handlers are warned, promises are broken. Each is done
 * as of its own moment and told once, in the log and in the history, by whoever comes first: the
 * sweep of what is due, or a command on the case that finds it due.
 */
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/sweep.h"
#include "services/complaints/codec/codec_clock.h"
#include "services/complaints/handlers/case_clocks.h"
#include "services/complaints/handlers/counters.h"
#include "services/complaints/store/clock_move.h"
#include "services/complaints/store/due_clock.h"

/* A clock, and what is told of its case. */
struct bell {
    struct clock_row *row;
    struct id handler;
    enum priority priority;
    enum case_state state;
};

/* One ring of one clock. */
struct rung {
    const struct bell *bell;
    struct codec_clock_rung told;
    size_t nth; /* of those found: the order where moments are equal */
};
struct rungs {
    struct rung *list;
    size_t count, room;
};

/* --- finding --- */

static struct rung *add(struct rungs *rungs, struct arena *arena)
{
    if (rungs->count == rungs->room) {
        size_t room = rungs->room ? rungs->room * 2 : 16;
        struct rung *list = arena_take_array(arena, room, sizeof(*list));

        if (!list)
            return NULL;
        if (rungs->count > 0)
            memcpy(list, rungs->list, rungs->count * sizeof(*list));
        rungs->list = list;
        rungs->room = room;
    }
    return &rungs->list[rungs->count++];
}

/* Everything that this clock has to ring by then. */
static bool ring_all(struct request *req, const struct bell *bell, int64_t until_us,
                     struct rungs *rungs)
{
    struct clock_row *row = bell->row;
    struct case_clock *clock = &row->clock;

    while (clock_next(clock) <= until_us) {
        struct rung *rung = add(rungs, req->arena);
        int64_t at_us = 0;

        if (!rung)
            return false;
        enum clock_ring ring =
            clock_ring(clock, case_clocks_calendar_of(req, row->calendar), until_us, &at_us);

        *rung = (struct rung){.bell = bell, .nth = rungs->count};
        rung->told = (struct codec_clock_rung){.case_id = row->case_id,
                                               .clock_id = row->id,
                                               .handler = bell->handler,
                                               .ring = ring,
                                               .kind = clock->kind,
                                               .at_us = at_us,
                                               .due_us = clock->due_us,
                                               .warn_percent = clock->warn_percent,
                                               .priority = bell->priority};
        row->is_changed = true;
    }
    return true;
}

static int compare(const void *a, const void *b)
{
    const struct rung *x = a, *y = b;

    if (x->told.at_us != y->told.at_us)
        return x->told.at_us < y->told.at_us ? -1 : 1;
    return x->nth < y->nth ? -1 : 1;
}

/* --- telling --- */

static void note(struct request *req, const struct rung *rung)
{
    static const char *const acts[] = {[CLOCK_RINGS_NOT] = "",
                                       [CLOCK_GOES_ON] = "clock_goes_on",
                                       [CLOCK_WARNS] = "clock_warned",
                                       [CLOCK_BREACHES] = "clock_breached"};

    cases_add_entry(req, &(struct cases_entry){.case_id = rung->told.case_id,
                                               .at_us = rung->told.at_us,
                                               .act = acts[rung->told.ring],
                                               .from = rung->bell->state,
                                               .to = rung->bell->state,
                                               .by = "",
                                               .detail = clock_kind_name(rung->told.kind)});
}

/* What a unit that is decided again tells twice is counted twice. */
static void count_told(struct request *req, const struct codec_clock_rung *told)
{
    struct complaints_counters *counters = req->service->counters;

    counters->clocks_warned += told->ring == CLOCK_WARNS;
    counters->clocks_breached += told->ring == CLOCK_BREACHES;
    histogram_add(&counters->clock_late, req->now_us - told->at_us);
}

/* In the order of their moments. */
static bool tell_all(struct request *req, struct rungs *rungs)
{
    if (rungs->count > 0)
        qsort(rungs->list, rungs->count, sizeof(rungs->list[0]), compare);
    for (size_t i = 0; i < rungs->count; i++) {
        const struct rung *rung = &rungs->list[i];
        struct flow_packed packed;

        note(req, rung);
        if (rung->told.ring == CLOCK_GOES_ON)
            continue;
        if (!flow_pack(req, codec_make_clock_rung(&rung->told, req->arena), &packed))
            return false;
        log_add(req, packed.type, &rung->told.case_id, packed.bytes, packed.count);
        count_told(req, &rung->told);
    }
    return true;
}

bool case_clocks_ring_until(struct request *req, const struct case_file *file,
                            struct clock_rows *clocks, int64_t until_us)
{
    struct bell *bells = arena_take_array(req->arena, clocks->count, sizeof(*bells));
    struct rungs rungs = {0};

    if (!bells)
        return clocks->count == 0;
    for (size_t i = 0; i < clocks->count; i++) {
        bells[i] = (struct bell){&clocks->list[i], file->handler, file->priority, file->state};
        if (!ring_all(req, &bells[i], until_us, &rungs))
            return false;
    }
    return tell_all(req, &rungs);
}

bool case_clocks_ring(struct request *req, const struct case_file *file, struct clock_rows *clocks)
{
    return case_clocks_ring_until(req, file, clocks, req->now_us);
}

/* --- the sweep --- */

struct ringing {
    struct case_rules rules;
    struct due_clocks due;
};

/* A set that was cut rings only up to its last moment: what else is due by then stands in the next,
 * and so all of a case is told in its order. */
static int64_t horizon(const struct request *req, const struct due_clocks *due)
{
    return (int64_t)due->count < sweep_share(req).most
               ? req->now_us
               : clock_next(&due->list[due->count - 1].row.clock);
}

static void put_all(struct request *req, const struct due_clocks *due)
{
    for (size_t i = 0; i < due->count; i++) {
        struct clock_rows one = {.list = &due->list[i].row, .count = 1};

        case_clock_put(req, &one);
    }
}

static enum flow ring_set(struct request *req)
{
    struct ringing *r = req->state;
    struct bell *bells = arena_take_array(req->arena, r->due.count + 1, sizeof(*bells));
    int64_t until_us;
    struct rungs rungs = {0};

    if (!bells)
        return flow_refuse_large(req);
    sweep_took(req, r->due.count, r->due.count > 0 ? &r->due.list[0].row.id : NULL);
    if (r->due.count == 0)
        return flow_commit(req, flow_end);
    until_us = horizon(req, &r->due);
    for (size_t i = 0; i < r->due.count; i++) {
        struct due_clock *due = &r->due.list[i];
        bool is_paused = due->row.clock.state == CLOCK_PAUSED;

        bells[i] = (struct bell){&due->row, due->handler, due->priority, due->state};
        if (!ring_all(req, &bells[i], until_us, &rungs))
            return flow_refuse_large(req);
        if (is_paused) /* its time goes on, and may have moved */
            clock_move_case(req, &due->row.case_id);
    }
    if (!tell_all(req, &rungs))
        return flow_refuse_large(req);
    put_all(req, &r->due);
    return flow_commit(req, flow_end);
}

enum flow case_clocks_sweep(struct request *req)
{
    struct ringing *r = request_state(req, sizeof(*r));

    const struct sweep_share share = sweep_share(req);

    case_rules_ask(req, &r->rules);
    due_clock_list(req, share.most, share.again, &r->due);
    return flow_wait(req, ring_set);
}
