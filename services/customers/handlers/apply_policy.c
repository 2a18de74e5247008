/*
 * kehu.customers.v1.ApplyPolicy: a new version in force from now on, in place of the one that the
 * asker has seen. Two at once: the store's guard sends the second back here, where it finds that
 * another version is in force.
 */
#include <inttypes.h>
#include <stdio.h>

#include "common/audit.h"
#include "common/command.h"
#include "common/log.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/policies.h"

struct applying {
    struct codec_policy_question question;
    struct command_receipt seen;
    struct policy_rows rows;
};

static enum flow decide(struct request *req);

enum flow handle_apply_policy(struct request *req)
{
    struct applying *r = request_state(req, sizeof(*r));
    struct codec_policy_faults faults;
    enum status status =
        codec_get_apply_policy(req->payload, req->payload_bytes, req->arena, &r->question, &faults);

    if (status != OK)
        return policies_refuse_question(req, status, &faults);
    command_find(req, &r->seen);
    policy_list(req, codec_policy_kind_name(r->question.kind), &r->rows);
    return flow_wait(req, decide);
}

/* False: no memory, and nothing was added to the unit. */
static bool save(struct request *req, const struct codec_policy *policy)
{
    const struct policy_row row = {
        .kind = codec_policy_kind_name(policy->kind),
        .version = policy->version,
        .valid_from_us = policy->valid_from_us,
        .by = policy->by,
        .reason = policy->reason,
        .document = codec_policy_json(policy, req->arena),
    };
    struct id subject = codec_policy_subject(policy->kind);
    struct flow_packed event;
    char detail[24];

    if (!row.document || !flow_pack(req, codec_policy_applied(policy, req->arena), &event))
        return false;
    snprintf(detail, sizeof(detail), "version %" PRIu32, policy->version);
    policy_add(req, &row);
    log_add(req, event.type, &subject, event.bytes, event.count);
    audit_add(req, "apply policy", row.kind, detail);
    return true;
}

static enum flow decide(struct request *req)
{
    struct applying *r = req->state;
    struct codec_policy *policy = &r->question.policy;
    uint32_t present = codec_policy_present(&r->rows);

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (r->question.expected_version != present)
        return flow_refuse(req, FAILED_PRECONDITION,
                           "version %" PRIu32 " of policy %s is in force, not %" PRIu32
                           ": compare, then apply again",
                           present, codec_policy_kind_name(policy->kind),
                           r->question.expected_version);
    policy->version = present + 1;
    policy->valid_from_us = req->now_us;
    policy->by = req->actor[0] ? req->actor : req->key.name;
    if (!save(req, policy))
        return flow_reply(req, NULL);
    return command_commit(req, codec_policy(policy, req->arena));
}
