/*
 * kehu.customers.v1.RunOwnerRules: everybody unassigned is looked at once more by the rules in
 * force; dry, it only says what would be.
 */
#include "common/audit.h"
#include "common/command.h"
#include "common/pure/text.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/owner_rules.h"

#define MAX_LOOKED_AT 10000

struct running {
    struct codec_owner_question question;
    struct command_receipt seen;
    struct owner_pass pass;
    struct owner_rules_scene scene;
    struct owner_standings unassigned;
};

static enum flow decide(struct request *req);
static enum flow say(struct request *req);

enum flow handle_run_owner_rules(struct request *req)
{
    struct running *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status = codec_get_run_owner_rules(req->payload, req->payload_bytes, req->arena,
                                                   &r->question, &fault);

    if (status != OK)
        return owners_refuse_question(req, status, &fault);
    command_find(req, &r->seen);
    policy_list(req, codec_policy_kind_name(CODEC_POLICY_OWNERS), &r->scene.rows);
    owner_find_pass(req, true, &r->pass);
    return flow_wait(req, decide);
}

static enum flow begin_pass(struct request *req)
{
    struct running *r = req->state;
    const struct owner_pass next = {.version = r->scene.policy.version, .is_running = true};

    owner_save_pass(req, &r->pass, &next);
    audit_add(req, "run owner rules", "", "");
    return command_commit(req,
                          codec_owner_rules_run((uint64_t)r->pass.waiting, NULL, 0, req->arena));
}

static enum flow decide(struct request *req)
{
    struct running *r = req->state;
    struct id first = {{0}};
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!owners_read_policy(req, &r->scene.rows, CODEC_POLICY_OWNERS, &r->scene.policy, &end))
        return end;
    if (!r->question.is_dry)
        return begin_pass(req);
    owner_list_waiting(req, owners_today(req), MAX_LOOKED_AT, &r->scene.standings);
    owner_list_unassigned_after(req, &first, owners_today(req), MAX_LOOKED_AT, &r->unassigned);
    if (!owners_ask_people(req, &r->scene.policy.owners, &r->scene.people))
        return flow_refuse_large(req);
    region_list(req, &r->scene.regions);
    return flow_wait(req, say);
}

/* The place of a rule's outcome; the last is that of no rule. */
static size_t place_of(const struct owner_rules *rules, const struct owner_rule *rule)
{
    return rule ? (size_t)(rule - rules->list) : rules->count;
}

static void count(struct running *r, const struct owner_standings *standings, size_t *looked_at,
                  struct codec_rule_outcome *outcomes)
{
    const struct owner_rules *rules = &r->scene.policy.owners;

    for (size_t i = 0; i < standings->count && *looked_at < MAX_LOOKED_AT; i++) {
        const struct owner_standing *standing = &standings->list[i];

        if (!owner_is_wanted(standing))
            continue;
        struct owner_choosing chosen = owner_rules_choose(rules, &r->scene.regions.tree, standing);
        struct codec_rule_outcome *outcome =
            &outcomes[place_of(rules, chosen.by ? chosen.by : chosen.rule)];

        (*looked_at)++;
        outcome->customers++;
        if (chosen.taker)
            chosen.taker->customers++;
        else if (chosen.rule)
            outcome->without_taker++;
    }
}

static enum flow say(struct request *req)
{
    struct running *r = req->state;
    struct owner_rules *rules = &r->scene.policy.owners;
    size_t looked_at = 0;
    struct codec_rule_outcome *outcomes =
        arena_take_array(req->arena, rules->count + 1, sizeof(*outcomes));

    if (!outcomes || !owners_resolve(req, rules, &r->scene.people))
        return flow_refuse_large(req);
    for (size_t i = 0; i < rules->count; i++)
        outcomes[i].rule = rules->list[i].name;
    count(r, &r->scene.standings, &looked_at, outcomes);
    count(r, &r->unassigned, &looked_at, outcomes);
    return flow_reply(req, codec_owner_rules_run((uint64_t)r->pass.waiting, outcomes,
                                                 rules->count + 1, req->arena));
}
