/*
 * kehu.customers.v1.GetContact: one contact with everything about him. It shows personal data, so
 * the reading is audited, and apart that values were unmasked or sensitive ones shown.
 */
#include <string.h>

#include "common/audit.h"
#include "common/policy.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/customers/codec/codec_policy.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/people.h"

struct reading {
    struct codec_contact_ask ask;
    struct people_found found;
    struct consents consents;
    struct policy_rows rows;
    struct contact_sealeds sealed;
};

static enum flow audit(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_get_contact(struct request *req)
{
    struct reading *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_get_contact(req->payload, req->payload_bytes, people_today(req),
                                               req->arena, &r->ask, &faults);

    if (status != OK)
        return people_refuse(req, status, &faults);
    people_ask(req, &r->ask.contact, &r->found);
    contact_list_consents(req, &r->ask.contact, &r->consents);
    if (r->ask.with_sensitive) {
        policy_list(req, codec_policy_kind_name(CODEC_POLICY_PEOPLE), &r->rows);
        contact_list_sensitive(req, &r->ask.contact, &r->sealed);
    }
    return flow_wait(req, audit);
}

static enum flow audit(struct request *req)
{
    struct reading *r = req->state;
    char id[UUID_TEXT_BYTES];
    enum flow end;

    if (!people_admit(req, &r->found, &end))
        return end;
    uuid_print(&r->ask.contact, id);
    audit_add(req, "read contact", id,
              r->ask.with_sensitive ? "sensitive"
              : r->ask.unmask       ? "unmasked"
                                    : "masked");
    return flow_commit(req, answer);
}

/* Those that the policy allows still, while he still agrees. False: the arena is full, or the
 * policy cannot be read. */
static bool open_sensitive(struct request *req, struct reading *r, struct codec_contact_view *view)
{
    struct codec_contact_sensitive *list =
        arena_take_array(req->arena, r->sealed.count, sizeof(*list));
    struct codec_policy policy;

    if (!list || codec_policy_find(&r->rows, CODEC_POLICY_PEOPLE, 0, req->arena, &policy) != OK)
        return false;
    if (!consent_allows("profile", "any", r->consents.list, r->consents.count, people_today(req))
             .allowed)
        return true;
    for (size_t i = 0; i < r->sealed.count; i++) {
        const char *field = contact_word(contact_sensitive, r->sealed.list[i].field);
        struct seal_place place = {PEOPLE_SENSITIVE_COLUMN, r->ask.contact, field};

        if (!field || !people_policy_allows(&policy.people, field))
            continue;
        list[view->sensitive_count].field = r->sealed.list[i].field;
        if (seal_open(req->service->seal, &place, r->sealed.list[i].sealed, req->arena,
                      &list[view->sensitive_count].value) == SEAL_OPENED)
            view->sensitive_count++;
    }
    view->sensitive = list;
    return true;
}

static enum flow answer(struct request *req)
{
    struct reading *r = req->state;
    struct codec_contact_view *view;

    people_open_channels(req, &r->found.contacts, r->ask.unmask);
    view = people_view(req, &r->found.contacts);
    if (!view)
        return flow_reply(req, NULL);
    view->consents = &r->consents;
    if (r->ask.with_sensitive && !open_sensitive(req, r, view))
        return flow_refuse(req, INTERNAL, "policy people cannot be read");
    return flow_reply(req, codec_contact(view, req->arena));
}
