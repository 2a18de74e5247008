/*
 * The job of the owner rules (R41): customers without an owner get one in sets, each chunk one
 * unit. First those that wait, such as the customers of an import; then, when the rules have
 * changed or somebody asked for it, everybody unassigned once more. Without any rule nothing moves:
 * who waits is in the queue as he is.
 *
 *   look    → the policy in force, how far the pass is, whether somebody waits
 *   gather  → the next chunk, the people named by rules, the region tree
 *   assign  → intervals, states, events and the pass, one commit; then the next chunk
 */
#include "services/customers/handlers/owner_rules.h"

#include <string.h>

#include "common/service.h"
#include "services/customers/handlers/counters.h"
#include "services/customers/handlers/handlers.h"

#define CHUNK 1000

struct assigning {
    struct owner_pass pass;
    struct owner_rules_scene scene;
    bool is_waiting; /* the chunk is of those that wait; else of the pass */
};

static enum flow look(struct request *req);
static enum flow gather(struct request *req);
static enum flow assign(struct request *req);
static enum flow go_on(struct request *req);

static struct customers_counters *counters(const struct service *service)
{
    return service->counters;
}

static void begin(struct service *service);

static void chunk_ended(void *owner)
{
    struct service *service = owner;
    bool goes_on = counters(service)->owner_rules_go_on;

    counters(service)->owner_rules_at_work = 0;
    counters(service)->owner_rules_go_on = 0;
    if (goes_on && !service->is_stopping)
        begin(service);
}

/* One chunk at a time in a process; two processes' chunks meet in the guards. */
static void begin(struct service *service)
{
    const struct flow_own own = {
        .type = "owner_rules", .step = look, .ended = chunk_ended, .owner = service};

    if (counters(service)->owner_rules_at_work)
        return;
    counters(service)->owner_rules_at_work = 1;
    if (!flows_start_own(service->flows, &own))
        counters(service)->owner_rules_at_work = 0; /* the job tries again */
}

enum flow owner_rules_look(struct request *req)
{
    begin(req->service);
    return flow_end(req);
}

static enum flow look(struct request *req)
{
    struct assigning *r = request_state(req, sizeof(*r));

    policy_list(req, codec_policy_kind_name(CODEC_POLICY_OWNERS), &r->scene.rows);
    owner_find_pass(req, false, &r->pass);
    return flow_wait(req, gather);
}

/* Without rules nobody gets an owner; the pass is through at once. */
static enum flow pass_over(struct request *req)
{
    struct assigning *r = req->state;
    const struct owner_pass through = {.version = r->scene.policy.version};

    if (r->pass.version == through.version && !r->pass.is_running)
        return flow_end(req);
    owner_save_pass(req, &r->pass, &through);
    return flow_commit(req, flow_end);
}

static enum flow gather(struct request *req)
{
    struct assigning *r = req->state;
    struct owner_rules_scene *scene = &r->scene;
    enum flow end;

    if (!owners_read_policy(req, &scene->rows, CODEC_POLICY_OWNERS, &scene->policy, &end))
        return end;
    if (scene->policy.owners.count == 0)
        return pass_over(req);
    r->is_waiting = r->pass.has_waiting;
    if (!r->is_waiting && !r->pass.is_running && r->pass.version == scene->policy.version)
        return flow_end(req);
    if (r->is_waiting) {
        owner_list_waiting(req, owners_today(req), CHUNK, &scene->standings);
    } else {
        struct id after = r->pass.next;

        if (r->pass.version != scene->policy.version)
            after = (struct id){{0}};
        owner_list_unassigned_after(req, &after, owners_today(req), CHUNK, &scene->standings);
    }
    if (!owners_ask_people(req, &scene->policy.owners, &scene->people))
        return flow_refuse_large(req);
    region_list(req, &scene->regions);
    return flow_wait(req, assign);
}

static void add_team(struct request *req, const struct owner_rules_scene *scene,
                     const struct owner_standing *standing, const struct owner_choosing *chosen)
{
    for (size_t i = 0; i < chosen->by->team.count; i++) {
        const struct owner_person *person =
            owner_find_code(&scene->people, chosen->by->team.list[i]);

        /* A team that a person set before stays as it is: the guard of the key would say so. */
        if (person && person != chosen->taker && !person->has_left &&
            standing->state == OWNER_STATE_IS_WAITING && standing->last_end_us == 0)
            owners_add_team(req, &standing->customer, person, OWNERS_SELF, "rule",
                            (struct text){"", 0}, chosen->by->name);
    }
}

/* False: no memory. */
static bool assign_one(struct request *req, const struct owner_rules_scene *scene,
                       const struct owner_standing *standing)
{
    struct owner_choosing chosen = {.taker = NULL};
    struct owners_change change = {
        .standing = standing,
        .state = OWNER_STATE_IS_NOBODYS,
        .from_us = req->now_us,
        .by = OWNERS_SELF,
        .reason = "rule",
    };

    if (owner_is_wanted(standing)) {
        chosen = owner_rules_choose(&scene->policy.owners, &scene->regions.tree, standing);
        change.to = chosen.taker;
        change.state = chosen.taker ? OWNER_STATE_IS_OWNED : OWNER_STATE_IS_UNASSIGNED;
    }
    if (change.state == standing->state)
        return true;
    if (chosen.taker) {
        change.rule = chosen.by->name;
        chosen.taker->customers++;
        add_team(req, scene, standing, &chosen);
    }
    return owners_change(req, &change);
}

/* How the pass stands after this chunk. */
static struct owner_pass next_pass(const struct assigning *r)
{
    const struct owner_standings *chunk = &r->scene.standings;
    bool is_full = chunk->count == CHUNK;
    struct owner_pass next = {.version = r->scene.policy.version, .is_running = is_full};

    if (is_full)
        next.next = chunk->list[chunk->count - 1].customer;
    return next;
}

static enum flow assign(struct request *req)
{
    struct assigning *r = req->state;
    const struct owner_standings *chunk = &r->scene.standings;

    if (!owners_resolve(req, &r->scene.policy.owners, &r->scene.people))
        return flow_refuse_large(req);
    for (size_t i = 0; i < chunk->count; i++)
        if (!assign_one(req, &r->scene, &chunk->list[i]))
            return flow_refuse_large(req);
    if (!r->is_waiting) {
        struct owner_pass next = next_pass(r);

        owner_save_pass(req, &r->pass, &next);
    }
    return flow_commit(req, go_on);
}

static enum flow go_on(struct request *req)
{
    struct assigning *r = req->state;

    counters(req->service)->owner_rules_go_on = r->is_waiting || r->scene.standings.count == CHUNK;
    return flow_end(req);
}
