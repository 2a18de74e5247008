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
#include "services/customers/handlers/owners.h"
#include "services/customers/codec/codec_policy.h"
#include "services/customers/store/pool.h"

struct applying {
    struct codec_policy_question question;
    struct command_receipt seen;
    struct policy_rows rows;
    struct owner_people people; /* whom owner rules name */
};

static enum flow decide(struct request *req);

enum flow handle_apply_policy(struct request *req)
{
    struct applying *r = request_state(req, sizeof(*r));
    struct policy_faults faults;
    enum status status =
        codec_get_apply_policy(req->payload, req->payload_bytes, req->arena, &r->question, &faults);

    if (status != OK)
        return policy_refuse_question(req, status, &faults);
    command_find(req, &r->seen);
    policy_list(req, codec_policy_kind_name(r->question.kind), &r->rows);
    if (r->question.kind == CODEC_POLICY_OWNERS &&
        !owners_ask_people(req, &r->question.policy.owners, &r->people))
        return flow_refuse_large(req);
    return flow_wait(req, decide);
}

static bool check_words(struct request *req, size_t rule, const char *field,
                        const struct owner_words *codes)
{
    const struct applying *r = req->state;
    bool is_right = true;

    for (size_t i = 0; i < codes->count; i++) {
        const struct owner_person *person = owner_find_code(&r->people, codes->list[i]);
        const char *place =
            arena_print(req->arena, "policy.owners.rules[%zu].%s[%zu]", rule, field, i);

        enum owner_taking taking = owner_may_take(person);

        /* Who is away today is back on another day. */
        if (place && (taking == OWNER_TAKES || taking == OWNER_IS_ABSENT))
            continue;
        flow_violation(req, place ? place : field, "%s", owner_taking_text(taking));
        is_right = false;
    }
    return is_right;
}

/* Whether everybody whom owner rules name works here. */
static bool check_people(struct request *req)
{
    const struct applying *r = req->state;
    const struct owner_rules *rules = &r->question.policy.owners;
    bool is_right = true;

    for (size_t i = 0; i < rules->count; i++) {
        is_right &= check_words(req, i, "staff", &rules->list[i].staff);
        is_right &= check_words(req, i, "team", &rules->list[i].team);
    }
    return is_right;
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
    struct id subject = policy_document_subject(&codec_policy_kinds, policy->kind);
    struct flow_packed event;
    char detail[24];

    if (!row.document || !flow_pack(req, codec_policy_applied(policy, req->arena), &event))
        return false;
    snprintf(detail, sizeof(detail), "version %" PRIu32, policy->version);
    policy_add(req, &row);
    if (policy->kind == CODEC_POLICY_POOL)
        pool_restart(req);
    log_add(req, event.type, &subject, event.bytes, event.count);
    audit_add(req, "apply policy", row.kind, detail);
    return true;
}

static enum flow decide(struct request *req)
{
    struct applying *r = req->state;
    struct codec_policy *policy = &r->question.policy;
    uint32_t present = policy_latest(&r->rows);

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (r->question.expected_version != present)
        return flow_refuse(req, FAILED_PRECONDITION,
                           "version %" PRIu32 " of policy %s is in force, not %" PRIu32
                           ": compare, then apply again",
                           present, codec_policy_kind_name(policy->kind),
                           r->question.expected_version);
    if (!check_people(req))
        return flow_refuse(req, FAILED_PRECONDITION, "a rule names somebody who is not there");
    policy->version = present + 1;
    policy->valid_from_us = req->now_us;
    policy->by = req->actor[0] ? req->actor : req->key.name;
    if (!save(req, policy))
        return flow_reply(req, NULL);
    return command_commit(req, codec_policy(policy, req->arena));
}
