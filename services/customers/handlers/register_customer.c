/*
 * kehu.customers.v1.RegisterCustomer: a new file with what is known of him.
 *
 *   decode  → the receipt, the parent, the region and the owners of the references
 *   place   → everything above the parent; a number, the review policy
 *   decide  → row, facts, references, search row, event, one commit with the answer
 */
#include <string.h>

#include "common/audit.h"
#include "common/command.h"
#include "common/log.h"
#include "common/pure/uuid.h"
#include "services/customers/domain/review.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/owners.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/handlers/reviews.h"
#include "services/customers/store/reference.h"

struct registering {
    struct codec_file_ask ask;
    struct command_receipt seen;
    struct file_change_found found;
    struct numbers numbers;
    struct policy_rows reviews;
    struct file_state state;
    struct fields_score score;
    struct scope_sight parent_sight;
    struct id id;
};

static enum flow place(struct request *req);
static enum flow decide(struct request *req);

enum flow handle_register_customer(struct request *req)
{
    struct registering *r = request_state(req, sizeof(*r));
    struct codec_file_asker asker = file_change_asker(req);
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_register_customer(req->payload, req->payload_bytes, &asker,
                                                     req->arena, &r->ask, &faults);

    if (status != OK)
        return file_change_refuse(req, status, &faults);
    command_find(req, &r->seen);
    file_change_ask(req, &r->ask, &r->found);
    return flow_wait(req, place);
}

static enum flow place(struct request *req)
{
    struct registering *r = req->state;
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!file_change_check(req, &r->ask, &r->found, NULL, &end))
        return end;
    if (r->ask.change.has_parent) {
        scope_look(req, &r->found.parent.id, &r->parent_sight);
        file_list_above(req, &r->found.parent.id, &r->found.above);
    }
    reference_take_numbers(req, 1, &r->numbers);
    reviews_ask(req, &r->reviews);
    return flow_wait(req, decide);
}

static void add(struct request *req, struct registering *r)
{
    static const struct file_row nobody;
    const struct grade_review_policy policy = reviews_policy(req, &r->reviews);
    int32_t today = file_change_asker(req).today;
    const struct file_saving saving = {
        .id = r->id,
        .number = r->numbers.list[0],
        .state = &r->state,
        .name = file_find_fact(&r->state.facts, fields_find(TEXT_OF("name"))),
        .score = &r->score,
        .reviewed_on = today,
        .review_due = review_due(today, ' ', &policy),
    };
    char id[UUID_TEXT_BYTES];

    uuid_print(&r->id, id);
    file_add(req, &saving);
    file_guard_chain(req, &r->found.above);
    file_change_put_parts(req, &r->id, &r->ask, &nobody, &r->state);
    audit_add(req, "register customer", id, "file");
}

/* A salesperson or account manager who registers somebody looks after him until it is decided
 * otherwise: else he could not see what he has just written. False: no memory. */
static bool give_to_asker(struct request *req, const struct registering *r)
{
    const struct scope *scope = scope_of(req);
    const struct owner_standing standing = {
        .customer = r->id, .number = r->numbers.list[0], .version = 1};
    const struct owner_person self = {.id = scope->staff};
    const struct owners_change change = {
        .standing = &standing,
        .to = &self,
        .state = OWNER_STATE_IS_OWNED,
        .from_us = req->now_us,
        .by = file_change_by(req),
        .reason = "registered",
        .note = TEXT_OF(""),
        .rule = TEXT_OF(""),
    };

    if (!(scope->roles & (ROLE_SALESPERSON | ROLE_ACCOUNT_MANAGER)) ||
        (r->state.party != FILE_PARTY_CUSTOMER && r->state.party != FILE_PARTY_CHANNEL))
        return true;
    return owners_change(req, &change);
}

static enum flow decide(struct request *req)
{
    struct registering *r = req->state;
    const struct file_state nobody = {.nature = FILE_NATURE_NONE};
    const char *changed[FILE_MAX_CHANGED];
    struct packed event;
    enum flow end;

    if (r->ask.change.has_parent && !scope_admits(req, &r->parent_sight, &end))
        return end;
    r->id = request_new_id(req);
    if (!file_change_check_hanging(req, &r->id, &r->found, 1, &end))
        return end;
    r->state.facts.list = arena_take_array(req->arena, FIELDS_MAX, sizeof(*r->state.facts.list));
    if (!r->state.facts.list || r->numbers.count == 0)
        return flow_reply(req, NULL);
    r->ask.change.parent = r->found.parent.id;
    file_apply(&nobody, &r->ask.change, &r->state, changed);
    r->score = file_score(&r->state);
    add(req, r);
    const struct codec_reference reference = {{req->source, strlen(req->source)}, TEXT_OF("")};

    event = codec_customer_registered(&r->id, r->numbers.list[0], &reference, false, req->arena);
    log_add(req, CODEC_CUSTOMER_REGISTERED, &r->id, event.at, event.bytes);
    if (!give_to_asker(req, r))
        return flow_reply(req, NULL);
    return command_commit(
        req, codec_customer_file_reply(&r->id, r->numbers.list[0], 1, &r->score, req->arena));
}
