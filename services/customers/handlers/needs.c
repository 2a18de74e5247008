/*
 * kehu.customers.v1.SaveNeed and ListNeeds: what customers need, with a budget where they told one
 * (R47).
 */
#include <inttypes.h>
#include <stdio.h>

#include "common/audit.h"
#include "common/command.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/customers/codec/codec_decision.h"
#include "services/customers/codec/codec_need.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/people.h"
#include "services/customers/store/decision.h"
#include "services/customers/store/need.h"

struct saving {
    struct codec_need_ask ask;
    struct command_receipt seen;
    struct file_row customer;
    struct scope_sight sight;
    struct need known;
    bool is_linked;
};

static enum flow look(struct request *req);
static enum flow decide(struct request *req);

enum flow handle_save_need(struct request *req)
{
    struct saving *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_save_need(req->payload, req->payload_bytes, people_today(req),
                                             req->service->currency, req->arena, &r->ask, &faults);

    if (status != OK)
        return people_refuse(req, status, &faults);
    command_find(req, &r->seen);
    file_find(req, &r->ask.ref, &r->customer);
    return flow_wait(req, look);
}

static enum flow look(struct request *req)
{
    struct saving *r = req->state;
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!people_has_customer(req, "customer_ref", &r->customer, &end))
        return end;
    scope_look(req, &r->customer.id, &r->sight);
    if (!r->ask.is_new)
        need_find(req, &r->customer.id, &r->ask.need.id, &r->known);
    if (r->ask.need.has_contact)
        decision_find_linked(req, &r->customer.id, &r->ask.need.contact, &r->is_linked);
    return flow_wait(req, decide);
}

static bool check(struct request *req, const struct saving *r, enum flow *end)
{
    if (!r->ask.is_new && r->known.version == 0) {
        flow_violation(req, "need.need_id", "is none of this customer's needs");
        *end = flow_refuse(req, NOT_FOUND, "the customer has no such need");
        return false;
    }
    if (r->ask.expected_version && r->ask.expected_version != (uint64_t)r->known.version) {
        flow_violation(req, "expected_version", "is not %" PRId64, r->known.version);
        *end = flow_refuse(req, FAILED_PRECONDITION, "the need is at version %" PRId64,
                           r->known.version);
        return false;
    }
    if (r->ask.need.has_contact && !r->is_linked) {
        flow_violation(req, "need.contact_id", "is no contact of this customer");
        *end = flow_refuse(req, FAILED_PRECONDITION, "the contact is not linked to the customer");
        return false;
    }
    return true;
}

static enum flow decide(struct request *req)
{
    struct saving *r = req->state;
    struct need *need = &r->ask.need;
    char id[UUID_TEXT_BYTES];
    enum flow end;

    if (!people_admit_customer(req, &r->sight, "customer_ref", &r->ask.ref, &r->customer, &end) ||
        !check(req, r, &end))
        return end;
    need->customer = r->customer.id;
    need->version = r->known.version;
    if (r->ask.is_new)
        need->id = request_new_id(req);
    need_save(req, need, file_change_by(req));
    uuid_print(&r->customer.id, id);
    audit_add(req, "save need", id, need->state);
    if (!file_change_tell(req, &r->customer.id,
                          codec_need_changed(&r->customer.id, need, req->arena)))
        return flow_reply(req, NULL);
    return command_commit(req, codec_part_reply(&need->id, need->version + 1, req->arena));
}

/* --- the list --- */

struct listing {
    struct need_question ask;
    struct file_row customer;
    struct scope_sight sight;
    struct needs found;
    bool has_next;
};

static enum flow look_list(struct request *req);
static enum flow list(struct request *req);
static enum flow audit(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_list_needs(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status =
        codec_get_list_needs(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status != OK)
        return people_refuse(req, status, &faults);
    if (r->ask.has_customer) {
        file_find(req, &r->ask.ref, &r->customer);
        return flow_wait(req, look_list);
    }
    need_list(req, &r->ask, NULL, &r->found);
    return flow_wait(req, audit);
}

static enum flow look_list(struct request *req)
{
    struct listing *r = req->state;
    enum flow end;

    if (!people_has_customer(req, "customer_ref", &r->customer, &end))
        return end;
    scope_look(req, &r->customer.id, &r->sight);
    return flow_wait(req, list);
}

static enum flow list(struct request *req)
{
    struct listing *r = req->state;
    enum flow end;

    if (!scope_admits(req, &r->sight, &end))
        return end;
    need_list(req, &r->ask, &r->customer.id, &r->found);
    return flow_wait(req, audit);
}

static enum flow audit(struct request *req)
{
    struct listing *r = req->state;
    char detail[40];

    r->has_next = r->found.count > r->ask.page_size;
    if (r->has_next)
        r->found.count = r->ask.page_size;
    if (r->found.count == 0)
        return flow_go(req, answer);
    snprintf(detail, sizeof(detail), "%zu needs", r->found.count);
    audit_add(req, "list needs", "", detail);
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    struct listing *r = req->state;
    char next[UUID_TEXT_BYTES] = "";

    if (r->has_next)
        uuid_print(&r->found.list[r->found.count - 1].id, next);
    return flow_reply(req, codec_need_list(r->found.list, r->found.count, next, req->arena));
}
