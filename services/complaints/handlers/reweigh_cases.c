/*
 * Priorities follow the customer: when his grade changes, when he is merged into another or becomes
 * known at all, his open cases are weighed again (R69, N16; row 12). The consumer marks them in the
 * unit of what it heard; the sweep weighs a set of marked cases in one unit: the priority, the
 * clocks it supersedes, the work lists, the history, CasePriorityChanged.
 */
#include <string.h>

#include "common/log.h"
#include "common/service.h"
#include "common/sweep.h"
#include "services/complaints/codec/codec_case.h"
#include "services/complaints/handlers/case_clocks.h"
#include "services/complaints/store/case_weigh.h"

struct weighing {
    struct case_rules rules;
    struct case_weighed_list cases;
};

static void queue(struct request *req, const struct case_weighed *one)
{
    const struct case_file *file = &one->file;
    enum priority queued = conduct_queued(file->priority, file->chased_day,
                                          zone_day(&req->service->zone, req->now_us));
    int64_t due_us = CLOCK_NEVER;
    enum clock_kind kind = CLOCK_KIND_IS_NONE;

    if (!case_clocks_first(&one->clocks, &due_us, &kind))
        due_us = CLOCK_NEVER;
    cases_put_queue(req, file, queued, due_us, kind);
}

static void note(struct request *req, const struct case_file *file, enum priority before)
{
    cases_add_entry(req, &(struct cases_entry){
                             .case_id = file->id,
                             .at_us = req->now_us,
                             .act = "priority",
                             .from = file->state,
                             .to = file->state,
                             .by = "kehu",
                             .detail = arena_print(req->arena, "%s to %s, as the customer is now",
                                                   severity_priority_name(before),
                                                   severity_priority_name(file->priority)),
                         });
}

/* False: no memory. */
static bool weigh(struct request *req, const struct case_rules *rules, struct case_weighed *one)
{
    struct case_file *file = &one->file;
    enum priority before = file->priority;
    enum priority now = severity_priority(file->severity, &one->customer);
    struct flow_packed event;

    if (now == before || case_is_ended(file->state))
        return true;
    if (!case_clocks_ring(req, file, &one->clocks))
        return false;
    file->priority = now;
    case_clocks_change(req, file, rules,
                       now > before ? CLOCK_BY_RAISED_PRIORITY : CLOCK_BY_LOWERED_PRIORITY,
                       &one->clocks);
    case_weigh_save(req, file);
    case_clock_put(req, &one->clocks);
    queue(req, one);
    note(req, file, before);
    if (!flow_pack(req, codec_case_priority_changed(file, before, "customer", req->arena), &event))
        return false;
    log_add(req, event.type, &file->id, event.bytes, event.count);
    return true;
}

static enum flow weigh_all(struct request *req)
{
    struct weighing *r = req->state;

    for (size_t i = 0; i < r->cases.count; i++) {
        struct case_weighed *one = &r->cases.list[i];
        bool is_repeat =
            i > 0 && memcmp(&one[-1].file.id, &one->file.id, sizeof(one->file.id)) == 0;

        case_weigh_unmark(req, one->mark);
        if (!is_repeat && !weigh(req, &r->rules, one))
            return flow_refuse_large(req);
    }
    return flow_commit(req, flow_end);
}

static enum flow find_clocks(struct request *req)
{
    struct weighing *r = req->state;

    sweep_took(req, r->cases.count, r->cases.count > 0 ? &r->cases.list[0].file.id : NULL);
    if (r->cases.count == 0)
        return flow_commit(req, flow_end);
    case_weigh_clocks(req, &r->cases);
    return flow_wait(req, weigh_all);
}

enum flow reweigh_cases_sweep(struct request *req)
{
    struct weighing *r = request_state(req, sizeof(*r));

    const struct sweep_share share = sweep_share(req);

    case_rules_ask(req, &r->rules);
    case_weigh_list(req, share.most, share.again, &r->cases);
    return flow_wait(req, find_clocks);
}
