/*
 * kehu.customers.v1.SaveDealer, SaveChannelManager, AddDealerMemo, ScoreDealer and GetDealer: what
 * is known of an agent or dealer (R10) and how he is judged (R37, R38).
 *
 *   begin  → the receipt, the customer
 *   look   → whether he is a dealer within the scope; his row, his give-up, the policy
 *   admit  → the message's own step
 */
#include "services/customers/handlers/dealers.h"

#include <inttypes.h>

#include "common/audit.h"
#include "common/pure/uuid.h"
#include "services/customers/codec/codec_policy.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"

static enum flow look(struct request *req);
static enum flow admit(struct request *req);

struct dealing *dealers_state(struct request *req, flow_step decide, bool is_query)
{
    struct dealing *r = request_state(req, sizeof(*r));

    r->decide = decide;
    r->is_query = is_query;
    return r;
}

enum flow dealers_begin(struct request *req, enum status status,
                        const struct codec_file_faults *faults)
{
    struct dealing *r = req->state;

    if (status != OK)
        return people_refuse(req, status, faults);
    if (!r->is_query)
        command_find(req, &r->seen);
    file_find(req, &r->ask.ref, &r->customer);
    if (r->ask.has_successor)
        file_find(req, &r->ask.successor, &r->successor);
    return flow_wait(req, look);
}

static enum flow look(struct request *req)
{
    struct dealing *r = req->state;
    enum flow end;

    if (!r->is_query && command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!people_has_customer(req, "customer_ref", &r->customer, &end))
        return end;
    if (r->ask.has_successor && !people_has_customer(req, "successor_ref", &r->successor, &end))
        return end;
    scope_look(req, &r->customer.id, &r->sight);
    if (r->ask.has_successor)
        scope_look(req, &r->successor.id, &r->successor_sight);
    dealer_find(req, &r->customer.id, &r->dealer);
    dealer_find_give_up(req, &r->customer.id, &r->give_up);
    policy_list(req, codec_policy_kind_name(CODEC_POLICY_PEOPLE), &r->rows);
    if (r->is_query)
        dealer_list_parts(req, &r->customer.id, &r->parts);
    return flow_wait(req, admit);
}

static enum flow admit(struct request *req)
{
    struct dealing *r = req->state;
    enum flow end;

    if (r->is_query ? !scope_admits(req, &r->sight, &end)
                    : !people_admit_customer(req, &r->sight, "customer_ref", &r->ask.ref,
                                             &r->customer, &end))
        return end;
    if (r->ask.has_successor && !people_admit_customer(req, &r->successor_sight, "successor_ref",
                                                       &r->ask.successor, &r->successor, &end))
        return end;
    if (r->customer.state.party != FILE_PARTY_CHANNEL) {
        flow_violation(req, "customer_ref",
                       "is of party type %s: only those of party type channel are dealers",
                       file_party_name(r->customer.state.party));
        return flow_refuse(req, FAILED_PRECONDITION, "the customer is no agent or dealer");
    }
    return r->decide(req);
}

static void audit(struct request *req, const char *act, const char *detail)
{
    const struct dealing *r = req->state;
    char id[UUID_TEXT_BYTES];

    uuid_print(&r->customer.id, id);
    audit_add(req, act, id, detail);
}

/* --- what is known of him --- */

static enum flow save(struct request *req)
{
    struct dealing *r = req->state;
    struct dealer after = r->dealer;

    if (r->ask.expected_version && r->ask.expected_version != (uint64_t)r->dealer.version) {
        flow_violation(req, "expected_version", "is not %" PRId64, r->dealer.version);
        return flow_refuse(req, FAILED_PRECONDITION, "the dealer is at version %" PRId64,
                           r->dealer.version);
    }
    after.profile = dealer_apply(&r->dealer.profile, &r->ask.change);
    dealer_save(req, &r->customer.id, &after);
    audit(req, "save dealer", "profile");
    return command_commit(
        req, codec_dealer_reply(&r->customer.id, r->dealer.version + 1, NULL, req->arena));
}

enum flow handle_save_dealer(struct request *req)
{
    struct dealing *r = dealers_state(req, save, false);
    struct codec_file_faults faults = {.count = 0};

    return dealers_begin(req,
                         codec_get_save_dealer(req->payload, req->payload_bytes, people_today(req),
                                               req->arena, &r->ask, &faults),
                         &faults);
}

static enum flow save_manager(struct request *req)
{
    struct dealing *r = req->state;

    if (r->ask.is_new)
        r->ask.manager.id = request_new_id(req);
    dealer_put_manager(req, &r->customer.id, &r->ask.manager, file_change_by(req));
    audit(req, "save dealer", "channel manager");
    return command_commit(req, codec_dealer_reply(&r->customer.id, r->dealer.version,
                                                  &r->ask.manager.id, req->arena));
}

enum flow handle_save_channel_manager(struct request *req)
{
    struct dealing *r = dealers_state(req, save_manager, false);
    struct codec_file_faults faults = {.count = 0};

    return dealers_begin(req,
                         codec_get_save_channel_manager(req->payload, req->payload_bytes,
                                                        people_today(req), req->arena, &r->ask,
                                                        &faults),
                         &faults);
}

static enum flow add_memo(struct request *req)
{
    struct dealing *r = req->state;

    r->ask.memo.id = request_new_id(req);
    dealer_add_memo(req, &r->customer.id, &r->ask.memo, file_change_by(req));
    audit(req, "save dealer", "memo");
    return command_commit(
        req, codec_dealer_reply(&r->customer.id, r->dealer.version, &r->ask.memo.id, req->arena));
}

enum flow handle_add_dealer_memo(struct request *req)
{
    struct dealing *r = dealers_state(req, add_memo, false);
    struct codec_file_faults faults = {.count = 0};

    return dealers_begin(req,
                         codec_get_add_dealer_memo(req->payload, req->payload_bytes,
                                                   people_today(req), req->arena, &r->ask, &faults),
                         &faults);
}

/* --- how he is judged --- */

static enum flow score(struct request *req)
{
    struct dealing *r = req->state;
    struct dealer_score *told = &r->ask.score;
    struct codec_policy policy;

    if (codec_policy_find(&r->rows, CODEC_POLICY_PEOPLE, 0, req->arena, &policy) != OK)
        return flow_refuse(req, INTERNAL, "policy people cannot be read");
    told->id = request_new_id(req);
    told->total_micros = dealer_total(told->points, &policy.people.dealer);
    told->is_false_enthusiasm = dealer_is_false_enthusiasm(told->points, &policy.people.dealer);
    told->policy_version = policy.version;
    dealer_add_score(req, &r->customer.id, told, file_change_by(req));
    audit(req, "score dealer", told->is_false_enthusiasm ? "false enthusiasm" : "");
    if (!file_change_tell(req, &r->customer.id,
                          codec_dealer_scored(&r->customer.id, told, req->arena)))
        return flow_reply(req, NULL);
    return command_commit(
        req, codec_dealer_reply(&r->customer.id, r->dealer.version, &told->id, req->arena));
}

enum flow handle_score_dealer(struct request *req)
{
    struct dealing *r = dealers_state(req, score, false);
    struct codec_file_faults faults = {.count = 0};

    return dealers_begin(req,
                         codec_get_score_dealer(req->payload, req->payload_bytes, people_today(req),
                                                req->arena, &r->ask, &faults),
                         &faults);
}

/* --- reading --- */

static enum flow answer(struct request *req)
{
    struct dealing *r = req->state;
    const struct codec_dealer_view view = {
        .customer = &r->customer.id,
        .number = r->customer.number,
        .name = r->customer.name,
        .dealer = &r->dealer,
        .managers = r->parts.managers,
        .manager_count = r->parts.manager_count,
        .memos = r->parts.memos,
        .memo_count = r->parts.memo_count,
        .scores = r->parts.scores,
        .score_count = r->parts.score_count,
        .give_up = r->give_up.customer_number ? &r->give_up : NULL,
    };

    return flow_reply(req, codec_dealer(&view, req->arena));
}

static enum flow audit_read(struct request *req)
{
    audit(req, "read dealer", "");
    return flow_commit(req, answer);
}

enum flow handle_get_dealer(struct request *req)
{
    struct dealing *r = dealers_state(req, audit_read, true);
    struct codec_file_faults faults = {.count = 0};

    return dealers_begin(req,
                         codec_get_get_dealer(req->payload, req->payload_bytes, people_today(req),
                                              req->arena, &r->ask, &faults),
                         &faults);
}
