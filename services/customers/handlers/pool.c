/*
 * kehu.customers.v1.ListPool, PickFromPool and ReleaseToPool: who stands in the public pool, and
 * how customers get out of it and into it by hand.
 */
#include "services/customers/domain/pool.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/audit.h"
#include "common/command.h"
#include "common/pure/day.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/customers/codec/codec_pool.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/owners.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/customer.h"
#include "services/customers/store/pool.h"

struct pooling {
    struct codec_pool_question question;
    struct command_receipt seen;
    struct policy_rows rows;
    struct codec_policy policy;
    struct found_customer customer;
    struct scope_sight sight;
    struct owner_people people; /* who takes him */
    struct owner_standings standings;
    struct pool_entry entry;
    struct pool_entries found; /* ListPool */
    bool has_bought;
    uint32_t picks;
    char next[80];
};

static enum flow audit_list(struct request *req);
static enum flow answer_list(struct request *req);
static enum flow look_pick(struct request *req);
static enum flow pick(struct request *req);
static enum flow look_release(struct request *req);
static enum flow release(struct request *req);

/* The policy in force; false: *end refuses, also where the pool is off. */
static bool read_policy(struct request *req, enum flow *end)
{
    struct pooling *r = req->state;

    if (!owners_read_policy(req, &r->rows, CODEC_POLICY_POOL, &r->policy, end))
        return false;
    if (r->policy.pool.enabled)
        return true;
    *end = flow_refuse(req, FAILED_PRECONDITION,
                       "the public pool is off: the policy pool can switch it on");
    return false;
}

static uint32_t picks_left(const struct pooling *r, uint32_t picks)
{
    return picks < r->policy.pool.picks_a_day ? r->policy.pool.picks_a_day - picks : 0;
}

/* --- ListPool --- */

enum flow handle_list_pool(struct request *req)
{
    struct pooling *r = request_state(req, sizeof(*r));
    const struct scope *scope = scope_of(req);
    struct codec_ask_fault fault;
    enum status status =
        codec_get_list_pool(req->payload, req->payload_bytes, req->arena, &r->question, &fault);

    if (status != OK)
        return owners_refuse_question(req, status, &fault);
    const struct pool_question question = {
        .region = r->question.region,
        .after_us = r->question.after_us,
        .after = r->question.after,
        .limit = r->question.page_size + 1,
    };

    policy_list(req, codec_policy_kind_name(CODEC_POLICY_POOL), &r->rows);
    pool_list(req, &question, &r->found);
    pool_find_picks(req, &scope->staff, owners_today(req), &r->picks);
    return flow_wait(req, audit_list);
}

static enum flow audit_list(struct request *req)
{
    struct pooling *r = req->state;
    char id[UUID_TEXT_BYTES], detail[40];
    enum flow end;

    if (!owners_read_policy(req, &r->rows, CODEC_POLICY_POOL, &r->policy, &end))
        return end;
    if (r->found.count > r->question.page_size) {
        const struct pool_entry *last = &r->found.list[r->question.page_size - 1];

        r->found.count = r->question.page_size;
        uuid_print(&last->customer, id);
        snprintf(r->next, sizeof(r->next), "%" PRId64 ".%s", last->pooled_at_us, id);
    }
    if (r->found.count == 0)
        return flow_go(req, answer_list);
    snprintf(detail, sizeof(detail), "%zu names", r->found.count);
    audit_add(req, "list pool", "", detail);
    return flow_commit(req, answer_list);
}

static enum flow answer_list(struct request *req)
{
    struct pooling *r = req->state;
    struct codec_pool_row *rows = arena_take_array(req->arena, r->found.count, sizeof(*rows));

    if (!rows)
        return flow_refuse_large(req);
    for (size_t i = 0; i < r->found.count; i++) {
        const struct pool_entry *entry = &r->found.list[i];

        rows[i] = (struct codec_pool_row){
            .customer = entry->customer,
            .number = entry->number,
            .name = entry->name,
            .region = entry->region,
            .previous_owner = entry->from_code,
            .reason = entry->reason,
            .since_us = entry->pooled_at_us,
            .locked_until_us =
                entry->has_from ? pool_locked_until(&r->policy.pool, entry->pooled_at_us) : 0,
        };
    }
    return flow_reply(req, codec_pool_list(rows, r->found.count, r->next,
                                           scope_of(req)->is_staff ? picks_left(r, r->picks) : 0,
                                           req->arena));
}

/* --- PickFromPool --- */

enum flow handle_pick_from_pool(struct request *req)
{
    struct pooling *r = request_state(req, sizeof(*r));
    const struct scope *scope = scope_of(req);
    struct codec_ask_fault fault;
    enum status status = codec_get_pick_from_pool(req->payload, req->payload_bytes, req->arena,
                                                  &r->question, &fault);
    struct owner_names names = {.codes = &r->question.staff, .code_count = 1};

    if (status == OK && scope->is_staff && r->question.staff.bytes > 0)
        status = codec_ask_refuse(&fault, "staff", "must be empty: who asks takes him");
    if (status == OK && !scope->is_staff && r->question.staff.bytes == 0)
        status = codec_ask_refuse(&fault, "staff", "is missing: a key as itself says for whom");
    if (status != OK)
        return owners_refuse_question(req, status, &fault);
    if (scope->is_staff)
        r->question.staff = codec_ask_text(scope->code);
    command_find(req, &r->seen);
    policy_list(req, codec_policy_kind_name(CODEC_POLICY_POOL), &r->rows);
    customer_find(req, &r->question.customer, &r->customer);
    owner_list_people(req, &names, owners_today(req), &r->people);
    return flow_wait(req, look_pick);
}

static enum flow look_pick(struct request *req)
{
    struct pooling *r = req->state;
    const struct id *customer = &r->customer.file.id;
    const struct owner_person *person = owner_find_code(&r->people, r->question.staff);
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!read_policy(req, &end) || !owners_check_taker(req, "staff", person, &end))
        return end;
    if (!r->customer.found)
        return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    pool_find(req, customer, &r->entry);
    pool_find_picks(req, &person->id, owners_today(req), &r->picks);
    owner_list_standings(req, customer, 1, owners_today(req), &r->standings);
    return flow_wait(req, pick);
}

static enum flow refuse_pick(struct request *req, enum pool_picking picking)
{
    const struct pooling *r = req->state;
    char day[DAY_TEXT_BYTES];

    if (picking == POOL_IS_USED_UP)
        return flow_refuse(req, RESOURCE_EXHAUSTED,
                           "the %" PRIu32 " picks of today are used up: tomorrow again",
                           r->policy.pool.picks_a_day);
    day_print(
        zone_day(&req->service->zone, pool_locked_until(&r->policy.pool, r->entry.pooled_at_us)),
        day);
    return flow_refuse(req, FAILED_PRECONDITION,
                       "who lost him to the pool cannot take him back before %s", day);
}

static enum flow pick(struct request *req)
{
    struct pooling *r = req->state;
    const struct owner_person *person = owner_find_code(&r->people, r->question.staff);
    char id[UUID_TEXT_BYTES];

    if (!r->entry.found || r->standings.count == 0)
        return flow_refuse(req, FAILED_PRECONDITION, "the customer is not in the public pool");
    bool was_owner =
        r->entry.has_from && memcmp(&r->entry.from, &person->id, sizeof(struct id)) == 0;
    enum pool_picking picking =
        pool_may_pick(&r->policy.pool, was_owner, r->entry.pooled_at_us, r->picks, req->now_us);

    if (picking != POOL_PICKS)
        return refuse_pick(req, picking);
    const struct owners_change change = {
        .standing = &r->standings.list[0],
        .to = person,
        .state = OWNER_STATE_IS_OWNED,
        .from_us = req->now_us,
        .by = file_change_by(req),
        .reason = "pool",
        .note = {"", 0},
        .rule = {"", 0},
    };

    pool_take(req, &r->entry, &person->id, owners_today(req), r->policy.pool.picks_a_day);
    if (!owners_change(req, &change))
        return flow_refuse_large(req);
    uuid_print(&r->entry.customer, id);
    audit_add(req, "pick from pool", id, "");
    return command_commit(req,
                          codec_pool_change(&r->entry.customer, r->customer.file.number,
                                            person->code, picks_left(r, r->picks + 1), req->arena));
}

/* --- ReleaseToPool --- */

enum flow handle_release_to_pool(struct request *req)
{
    struct pooling *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status = codec_get_release_to_pool(req->payload, req->payload_bytes, req->arena,
                                                   &r->question, &fault);

    if (status != OK)
        return owners_refuse_question(req, status, &fault);
    command_find(req, &r->seen);
    policy_list(req, codec_policy_kind_name(CODEC_POLICY_POOL), &r->rows);
    customer_find(req, &r->question.customer, &r->customer);
    return flow_wait(req, look_release);
}

static enum flow look_release(struct request *req)
{
    struct pooling *r = req->state;
    const struct id *customer = &r->customer.file.id;
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!read_policy(req, &end))
        return end;
    if (!r->customer.found)
        return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    scope_look(req, customer, &r->sight);
    pool_find_bought(req, customer, &r->has_bought);
    owner_list_standings(req, customer, 1, owners_today(req), &r->standings);
    return flow_wait(req, release);
}

static enum flow release(struct request *req)
{
    struct pooling *r = req->state;
    enum flow end;

    if (!scope_admits(req, &r->sight, &end))
        return end;
    if (r->standings.count == 0 || !r->standings.list[0].has_owner)
        return flow_refuse(req, FAILED_PRECONDITION,
                           "nobody is the owner of this customer: there is nobody to give him up");
    if (r->has_bought)
        return flow_refuse(req, FAILED_PRECONDITION,
                           "this customer has bought: only those without a purchase are for the "
                           "public pool; hand him over instead");
    const struct owner_standing *standing = &r->standings.list[0];
    const struct owners_change change = {.standing = standing,
                                         .state = OWNER_STATE_IS_POOL,
                                         .by = file_change_by(req),
                                         .reason = "pool",
                                         .note = {"", 0},
                                         .rule = {"", 0}};
    char id[UUID_TEXT_BYTES];

    pool_add(req, &standing->customer, &standing->owner, "released", r->question.reason);
    if (!owners_change(req, &change))
        return flow_refuse_large(req);
    uuid_print(&standing->customer, id);
    audit_add(req, "release to pool", id, "");
    return command_commit(req, codec_pool_change(&standing->customer, standing->number,
                                                 (struct text){"", 0}, 0, req->arena));
}
