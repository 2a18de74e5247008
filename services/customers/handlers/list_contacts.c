/*
 * kehu.customers.v1.ListContacts: contacts by name, telephone, e-mail or customer, page by page.
 * Each page is audited without what was asked for.
 */
#include <stdio.h>
#include <string.h>

#include "common/audit.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/people.h"

struct listing {
    struct contact_question ask;
    struct file_row customer;
    struct scope_sight sight;
    uint8_t hash[SEAL_HASH_BYTES];
    struct contact_ids ids;
    bool has_next;
    struct contacts contacts;
};

static enum flow look(struct request *req);
static enum flow list(struct request *req);
static enum flow load(struct request *req);
static enum flow audit(struct request *req);
static enum flow answer(struct request *req);

static void ask_ids(struct request *req)
{
    struct listing *r = req->state;
    const struct contact_value *value = r->ask.value;

    if (value)
        seal_hash(req->service->seal, value->hash_kind,
                  (struct text){value->hashed, strlen(value->hashed)}, r->hash);
    contact_list(req, &r->ask, r->customer.found ? &r->customer.id : NULL, value ? r->hash : NULL,
                 &r->ids);
}

enum flow handle_list_contacts(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_list_contacts(req->payload, req->payload_bytes,
                                                 people_today(req), req->arena, &r->ask, &faults);

    if (status != OK)
        return people_refuse(req, status, &faults);
    if (r->ask.state.bytes == 10 && !scope_may(req, ACT_PRIVACY))
        return flow_refuse(req, PERMISSION_DENIED,
                           "only the privacy officer sees contacts who are restricted");
    if (r->ask.filter == CONTACT_BY_CUSTOMER) {
        file_find(req, &r->ask.ref, &r->customer);
        return flow_wait(req, look);
    }
    ask_ids(req);
    return flow_wait(req, load);
}

static enum flow look(struct request *req)
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
    ask_ids(req);
    return flow_wait(req, load);
}

static enum flow load(struct request *req)
{
    struct listing *r = req->state;

    r->has_next = r->ids.count > r->ask.page_size;
    if (r->has_next)
        r->ids.count = r->ask.page_size;
    if (r->ids.count == 0)
        return flow_go(req, answer);
    contact_load(req, r->ids.list, r->ids.count, &r->contacts);
    return flow_wait(req, audit);
}

static enum flow audit(struct request *req)
{
    struct listing *r = req->state;
    char detail[60];

    contact_settle(&r->contacts);
    people_open_channels(req, &r->contacts, r->ask.unmask);
    snprintf(detail, sizeof(detail), "%zu contacts%s", r->contacts.count,
             r->ask.unmask ? ", unmasked" : "");
    audit_add(req, "list contacts", "", detail);
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    struct listing *r = req->state;
    struct codec_contact_view *views = people_view(req, &r->contacts);
    char next[UUID_TEXT_BYTES] = "";

    if (r->has_next)
        uuid_print(&r->ids.list[r->ids.count - 1], next);
    return flow_reply(req, views ? codec_contact_list(views, r->contacts.count, next, req->arena)
                                 : NULL);
}
