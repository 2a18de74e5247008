/*
 * kehu.customers.v1.SaveSensitive: family, school and the like (R11). Off unless policy `people`
 * names the field, and only while the contact agrees to it.
 */
#include "common/command.h"
#include "common/policy.h"
#include "common/service.h"
#include "services/customers/codec/codec_policy.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/people.h"

struct saving {
    struct codec_contact_ask ask;
    struct command_receipt seen;
    struct people_found found;
    struct consents consents;
    struct policy_rows rows;
};

static enum flow decide(struct request *req);

enum flow handle_save_sensitive(struct request *req)
{
    struct saving *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_save_sensitive(req->payload, req->payload_bytes,
                                                  people_today(req), req->arena, &r->ask, &faults);

    if (status != OK)
        return people_refuse(req, status, &faults);
    command_find(req, &r->seen);
    people_ask(req, &r->ask.contact, &r->found);
    contact_list_consents(req, &r->ask.contact, &r->consents);
    policy_list(req, codec_policy_kind_name(CODEC_POLICY_PEOPLE), &r->rows);
    return flow_wait(req, decide);
}

/* False: *end. Removing is always allowed. */
static bool may_keep(struct request *req, const struct saving *r, enum flow *end)
{
    struct consent_verdict verdict =
        consent_allows("profile", "any", r->consents.list, r->consents.count, people_today(req));
    struct codec_policy policy;

    if (r->ask.value.bytes == 0)
        return true;
    if (codec_policy_find(&r->rows, CODEC_POLICY_PEOPLE, 0, req->arena, &policy) != OK) {
        *end = flow_refuse(req, INTERNAL, "policy people cannot be read");
        return false;
    }
    if (!people_policy_allows(&policy.people, r->ask.field)) {
        flow_violation(req, "value.field", "is not kept here: policy people names no %s",
                       r->ask.field);
        *end =
            flow_refuse(req, FAILED_PRECONDITION, "policy people does not allow %s", r->ask.field);
        return false;
    }
    if (!verdict.allowed) {
        *end = flow_refuse(req, FAILED_PRECONDITION,
                           "the contact has not agreed: record his consent to purpose profile, "
                           "channel any, first (%s)",
                           verdict.reason);
        return false;
    }
    return true;
}

static enum flow decide(struct request *req)
{
    static const char *const changed[] = {"sensitive"};
    struct saving *r = req->state;
    struct contact *contact;
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    contact = people_admit_change(req, &r->found, r->ask.expected_version, &end);
    if (!contact || !may_keep(req, r, &end))
        return end;
    contact_touch(req, &contact->id, contact->version);
    if (r->ask.value.bytes > 0) {
        struct seal_place place = {PEOPLE_SENSITIVE_COLUMN, contact->id, r->ask.field};
        struct text sealed = seal_close(req->service->seal, &place, r->ask.value, req->arena);

        if (!sealed.at)
            return flow_reply(req, NULL);
        contact_put_sensitive(req, &contact->id, r->ask.field, sealed, file_change_by(req));
    } else {
        contact_remove_sensitive(req, &contact->id, r->ask.field);
    }
    if (!people_tell(req, contact, &r->found.customers, NULL, changed, 1, contact->version + 1))
        return flow_reply(req, NULL);
    return command_commit(
        req, codec_contact_reply(&contact->id, contact->version + 1, NULL, NULL, 0, req->arena));
}
