/*
 * The job of the public pool: owners who were not heard of for long are warned, and at last their
 * customers without a purchase fall into the pool. Each ownership is looked at when it is due, not
 * every time; while the pool is off nothing is.
 */
#include "common/service.h"
#include "services/customers/codec/codec_pool.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/owners.h"
#include "services/customers/store/pool.h"

#define CHUNK 1000

struct looking {
    struct policy_rows rows;
    struct codec_policy policy;
    struct pool_dues dues;
};

static enum flow gather(struct request *req);
static enum flow decide(struct request *req);

enum flow pool_look(struct request *req)
{
    struct looking *r = request_state(req, sizeof(*r));

    policy_list(req, codec_policy_kind_name(CODEC_POLICY_POOL), &r->rows);
    return flow_wait(req, gather);
}

static enum flow gather(struct request *req)
{
    struct looking *r = req->state;
    enum flow end;

    if (!owners_read_policy(req, &r->rows, CODEC_POLICY_POOL, &r->policy, &end))
        return end;
    if (!r->policy.pool.enabled)
        return flow_end(req);
    pool_list_due(req, CHUNK, &r->dues);
    return flow_wait(req, decide);
}

/* False: no memory. */
static bool fall(struct request *req, const struct pool_due *due)
{
    const struct owners_change change = {.standing = &due->standing,
                                         .state = OWNER_STATE_IS_POOL,
                                         .by = OWNERS_SELF,
                                         .reason = "pool",
                                         .note = {"", 0},
                                         .rule = {"", 0}};

    pool_add(req, &due->standing.customer, &due->standing.owner, "idle", (struct text){"", 0});
    return owners_change(req, &change);
}

static bool decide_one(struct request *req, const struct pool_policy *policy,
                       const struct pool_due *due)
{
    struct pool_decision decision = pool_decide(policy, &due->watch, req->now_us);
    int32_t falls_on;

    switch (decision.verdict) {
    case POOL_NOTHING:
        pool_save_watch(req, due, decision.next_us, false);
        return true;
    case POOL_NEVER:
        pool_save_watch(req, due, 0, false);
        return true;
    case POOL_WARNS:
        falls_on = zone_day(&req->service->zone, decision.falls_at_us);
        pool_save_watch(req, due, decision.next_us, true);
        return owners_tell(
            req, &due->standing.customer,
            codec_pool_warned(&due->standing.customer, &due->standing.owner, falls_on, req->arena));
    case POOL_FALLS:
        return fall(req, due);
    }
    return true;
}

static enum flow decide(struct request *req)
{
    struct looking *r = req->state;

    for (size_t i = 0; i < r->dues.count; i++)
        if (!decide_one(req, &r->policy.pool, &r->dues.list[i]))
            return flow_refuse_large(req);
    return flow_commit(req, flow_end);
}
