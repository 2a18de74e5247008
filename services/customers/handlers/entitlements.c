/*
 * kehu.customers.v1.SaveEntitlement, UseEntitlement and ListEntitlements: what a customer gets
 * beyond the usual, and how much of it he had (R48).
 */
#include <inttypes.h>

#include "common/audit.h"
#include "common/command.h"
#include "common/pure/uuid.h"
#include "services/customers/codec/codec_decision.h"
#include "services/customers/codec/codec_need.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/people.h"
#include "services/customers/store/need.h"

struct entitling {
    struct codec_entitlement_ask ask;
    struct command_receipt seen;
    struct file_row customer;
    struct scope_sight sight;
    struct entitlement known;
    bool is_using;
    struct entitlements found;
    struct entitlement_uses uses;
    bool has_next;
};

static enum flow look(struct request *req);
static enum flow save(struct request *req);
static enum flow use(struct request *req);

static enum flow begin(struct request *req, enum status status,
                       const struct codec_file_faults *faults)
{
    struct entitling *r = req->state;

    if (status != OK)
        return people_refuse(req, status, faults);
    command_find(req, &r->seen);
    file_find(req, &r->ask.ref, &r->customer);
    return flow_wait(req, look);
}

enum flow handle_save_entitlement(struct request *req)
{
    struct entitling *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};

    return begin(req,
                 codec_get_save_entitlement(req->payload, req->payload_bytes, people_today(req),
                                            req->arena, &r->ask, &faults),
                 &faults);
}

enum flow handle_use_entitlement(struct request *req)
{
    struct entitling *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};

    r->is_using = true;
    return begin(req,
                 codec_get_use_entitlement(req->payload, req->payload_bytes, people_today(req),
                                           req->arena, &r->ask, &faults),
                 &faults);
}

static enum flow look(struct request *req)
{
    struct entitling *r = req->state;
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!people_has_customer(req, "customer_ref", &r->customer, &end))
        return end;
    scope_look(req, &r->customer.id, &r->sight);
    if (!r->ask.is_new)
        entitlement_find(req, &r->customer.id, &r->ask.entitlement.id, &r->known);
    return flow_wait(req, r->is_using ? use : save);
}

static bool is_known(struct request *req, const struct entitling *r, const char *field,
                     enum flow *end)
{
    if (r->known.version > 0)
        return true;
    flow_violation(req, field, "is none of this customer's entitlements");
    *end = flow_refuse(req, NOT_FOUND, "the customer has no such entitlement");
    return false;
}

static enum flow save(struct request *req)
{
    struct entitling *r = req->state;
    struct entitlement *entitlement = &r->ask.entitlement;
    char id[UUID_TEXT_BYTES];
    enum flow end;

    if (!people_admit_customer(req, &r->sight, "customer_ref", &r->ask.ref, &r->customer, &end) ||
        (!r->ask.is_new && !is_known(req, r, "entitlement.entitlement_id", &end)))
        return end;
    if (r->ask.expected_version && r->ask.expected_version != (uint64_t)r->known.version) {
        flow_violation(req, "expected_version", "is not %" PRId64, r->known.version);
        return flow_refuse(req, FAILED_PRECONDITION, "the entitlement is at version %" PRId64,
                           r->known.version);
    }
    if (entitlement->allowance > 0 && entitlement->allowance < r->known.used) {
        flow_violation(req, "entitlement.allowance", "is less than the %" PRId64 " used already",
                       r->known.used);
        return flow_refuse(req, FAILED_PRECONDITION, "more was used already");
    }
    entitlement->version = r->known.version;
    if (r->ask.is_new)
        entitlement->id = request_new_id(req);
    entitlement_save(req, &r->customer.id, entitlement, file_change_by(req));
    uuid_print(&r->customer.id, id);
    audit_add(req, "save entitlement", id, entitlement->kind);
    return command_commit(req,
                          codec_part_reply(&entitlement->id, entitlement->version + 1, req->arena));
}

static enum flow use(struct request *req)
{
    struct entitling *r = req->state;
    struct entitlement_use *told = &r->ask.use;
    char id[UUID_TEXT_BYTES];
    const char *why;
    enum flow end;

    if (!people_admit_customer(req, &r->sight, "customer_ref", &r->ask.ref, &r->customer, &end) ||
        !is_known(req, r, "entitlement_id", &end))
        return end;
    why = entitlement_check_use(&r->known, told->used_on, told->quantity);
    if (why) {
        flow_violation(req, "entitlement_id", "%s", why);
        return flow_refuse(req, FAILED_PRECONDITION, "the entitlement %s", why);
    }
    told->id = request_new_id(req);
    entitlement_add_use(req, &r->customer.id, &r->known, told, file_change_by(req));
    uuid_print(&r->customer.id, id);
    audit_add(req, "use entitlement", id, r->known.kind);
    if (!file_change_tell(req, &r->customer.id,
                          codec_entitlement_used(&r->customer.id, &r->known, told, req->arena)))
        return flow_reply(req, NULL);
    return command_commit(req, codec_part_reply(&told->id, r->known.version + 1, req->arena));
}

/* --- the list --- */

static enum flow look_list(struct request *req);
static enum flow list_uses(struct request *req);
static enum flow audit(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_list_entitlements(struct request *req)
{
    struct entitling *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_list_entitlements(
        req->payload, req->payload_bytes, people_today(req), req->arena, &r->ask, &faults);

    if (status != OK)
        return people_refuse(req, status, &faults);
    file_find(req, &r->ask.ref, &r->customer);
    return flow_wait(req, look_list);
}

static enum flow look_list(struct request *req)
{
    struct entitling *r = req->state;
    enum flow end;

    if (!people_has_customer(req, "customer_ref", &r->customer, &end))
        return end;
    scope_look(req, &r->customer.id, &r->sight);
    entitlement_list(req, &r->customer.id, r->ask.state, r->ask.has_after ? &r->ask.after : NULL,
                     r->ask.page_size, &r->found);
    return flow_wait(req, list_uses);
}

static enum flow list_uses(struct request *req)
{
    struct entitling *r = req->state;
    enum flow end;

    if (!scope_admits(req, &r->sight, &end))
        return end;
    r->has_next = r->found.count > r->ask.page_size;
    if (r->has_next)
        r->found.count = r->ask.page_size;
    entitlement_list_uses(req, &r->customer.id, &r->found, &r->uses);
    return flow_wait(req, audit);
}

static enum flow audit(struct request *req)
{
    struct entitling *r = req->state;
    char id[UUID_TEXT_BYTES];

    uuid_print(&r->customer.id, id);
    audit_add(req, "list entitlements", id, "");
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    struct entitling *r = req->state;
    struct codec_entitlement_view *views =
        arena_take_array(req->arena, r->found.count, sizeof(*views));
    char next[UUID_TEXT_BYTES] = "";
    size_t at = 0;

    for (size_t i = 0; views && i < r->found.count; i++) {
        views[i].entitlement = &r->found.list[i];
        views[i].uses = r->uses.list ? &r->uses.list[at] : NULL;
        for (; at < r->uses.count && r->uses.places[at] == (int64_t)i + 1; at++)
            views[i].use_count++;
    }
    if (r->has_next)
        uuid_print(&r->found.list[r->found.count - 1].id, next);
    return flow_reply(req, views ? codec_entitlement_list(views, r->found.count, next, req->arena)
                                 : NULL);
}
