/*
 * A policy about repeat complainants that comes into force: all customers with cases are counted
 * again (standings.h).
 */
#include "services/complaints/handlers/policy_repeat.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/timer.h"
#include "services/complaints/store/standing.h"

void policy_repeat_arm(struct request *req, uint32_t version, int64_t from_us)
{
    char key[40];

    snprintf(key, sizeof(key), POLICY_REPEAT_KIND ":%" PRIu32, version);
    timer_arm(req, key, NULL, from_us, NULL, 0);
}

enum flow policy_repeat_ring(struct request *req)
{
    standing_mark_all(req);
    timer_settle(req, timer_of(req));
    return flow_commit(req, flow_end);
}
