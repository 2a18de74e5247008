/*
 * kehu.customers.v1.ListErasures, ListRetentionDue, DescribePersonalColumns: who is restricted or
 * erased, who is due, and which columns it is about. Without names: ids, states and days.
 */
#include "common/pure/day.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/people.h"
#include "services/customers/handlers/privacy.h"

struct listing {
    struct codec_privacy_list_ask ask;
    struct privacy_standings standings;
    struct privacy_dues due;
    struct policy_rows policies;
    uint32_t quiet_months;
};

static enum flow begin(struct request *req, flow_step next)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_privacy_list(req->type, req->payload, req->payload_bytes,
                                                req->arena, &r->ask, &faults);

    if (status != OK)
        return privacy_refuse(req, status, &faults);
    return flow_go(req, next);
}

static enum flow answer_erasures(struct request *req)
{
    const struct listing *r = req->state;

    return flow_reply(req, codec_erasure_list(&r->standings, r->ask.page_size, req->arena));
}

static enum flow ask_erasures(struct request *req)
{
    struct listing *r = req->state;

    privacy_list_standings(req, r->ask.state, &r->ask.after, r->ask.page_size + 1, &r->standings);
    return flow_wait(req, answer_erasures);
}

enum flow handle_list_erasures(struct request *req)
{
    return begin(req, ask_erasures);
}

static enum flow answer_due(struct request *req)
{
    const struct listing *r = req->state;

    return flow_reply(
        req, codec_retention_due_list(&r->due, r->quiet_months, r->ask.page_size, req->arena));
}

static enum flow ask_due(struct request *req)
{
    struct listing *r = req->state;
    struct codec_policy policy;
    enum status status =
        codec_policy_find(&r->policies, CODEC_POLICY_RETENTION, 0, req->arena, &policy);

    if (status != OK)
        return flow_refuse(req, status, "the policy of retention cannot be read");
    r->quiet_months = policy.retention.quiet_months;
    privacy_list_due(req, day_add_months(people_today(req), -(int)r->quiet_months), &r->ask.after,
                     r->ask.page_size + 1, &r->due);
    return flow_wait(req, answer_due);
}

static enum flow ask_policy(struct request *req)
{
    struct listing *r = req->state;

    policy_list(req, codec_policy_kind_name(CODEC_POLICY_RETENTION), &r->policies);
    return flow_wait(req, ask_due);
}

enum flow handle_list_retention_due(struct request *req)
{
    return begin(req, ask_policy);
}

enum flow handle_describe_personal_columns(struct request *req)
{
    return flow_reply(req, codec_personal_columns(req->arena));
}
