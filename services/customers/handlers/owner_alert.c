/*
 * The alert of R41: an A customer nobody looks after is told once, with the manager who answers for
 * his region. The job looks every 15 s, so whatever took the owner away or gave the grade, the
 * alert comes within a minute: of up to 20,000 at once, by a grade run or the owners of a unit.
 */
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/owner_rules.h"

#define CHUNK 200
#define CHUNKS_AT_ONCE 25

struct alerting {
    struct owner_rules_scene scene;
    struct owner_region_managers managers;
    unsigned chunks;
};

static enum flow ask(struct request *req);
static enum flow gather(struct request *req);
static enum flow tell(struct request *req);
static enum flow go_on(struct request *req);

enum flow owner_alert_look(struct request *req)
{
    request_state(req, sizeof(struct alerting));
    return flow_go(req, ask);
}

static enum flow ask(struct request *req)
{
    struct alerting *r = req->state;

    policy_list(req, codec_policy_kind_name(CODEC_POLICY_OWNERS), &r->scene.rows);
    return flow_wait(req, gather);
}

static enum flow gather(struct request *req)
{
    struct alerting *r = req->state;
    enum flow end;

    if (!owners_read_policy(req, &r->scene.rows, CODEC_POLICY_OWNERS, &r->scene.policy, &end))
        return end;
    /* Where there are rules, who waits has an owner in a moment, or is unassigned. */
    owner_list_unalerted(req, r->scene.policy.owners.count == 0, owners_today(req), CHUNK,
                         &r->scene.standings);
    owner_list_region_managers(req, &r->managers);
    region_list(req, &r->scene.regions);
    return flow_wait(req, tell);
}

static enum flow tell(struct request *req)
{
    struct alerting *r = req->state;
    const struct owner_standings *found = &r->scene.standings;

    for (size_t i = 0; i < found->count; i++) {
        const struct owner_standing *standing = &found->list[i];
        const struct owner_region_manager *manager =
            owner_rules_find_manager(&r->scene.regions.tree, &r->managers, standing->region);

        owner_add_alert(req, &standing->customer);
        if (!owners_tell(req, &standing->customer,
                         codec_customer_unowned(&standing->customer, standing->grade,
                                                manager ? &manager->id : NULL, req->arena)))
            return flow_refuse_large(req);
    }
    return flow_commit(req, go_on);
}

static enum flow go_on(struct request *req)
{
    struct alerting *r = req->state;

    if (r->scene.standings.count < CHUNK || ++r->chunks == CHUNKS_AT_ONCE)
        return flow_end(req);
    return flow_go(req, ask);
}
