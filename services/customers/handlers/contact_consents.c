/*
 * kehu.customers.v1.RecordConsent, ListConsents and CheckConsent: what a contact agreed to, and
 * whether he may be addressed. What is recorded is never changed.
 */
#include <string.h>

#include "common/audit.h"
#include "common/command.h"
#include "common/pure/uuid.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/people.h"

struct consenting {
    struct codec_contact_ask ask;
    struct command_receipt seen;
    struct people_found found;
    struct consents consents;
    bool has_next;
};

static enum flow record(struct request *req);
static enum flow audit(struct request *req);
static enum flow answer_list(struct request *req);
static enum flow answer_check(struct request *req);

enum flow handle_record_consent(struct request *req)
{
    struct consenting *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_record_consent(req->payload, req->payload_bytes,
                                                  people_today(req), req->arena, &r->ask, &faults);

    if (status != OK)
        return people_refuse(req, status, &faults);
    command_find(req, &r->seen);
    people_ask(req, &r->ask.contact, &r->found);
    return flow_wait(req, record);
}

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static enum flow record(struct request *req)
{
    struct consenting *r = req->state;
    struct consent *consent = r->ask.consents;
    struct contact *contact;
    char id[UUID_TEXT_BYTES];
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    contact = people_admit_change(req, &r->found, r->ask.expected_version, &end);
    if (!contact)
        return end;
    consent->id = request_new_id(req);
    contact_touch(req, &contact->id, contact->version);
    contact_add_consent(req, &contact->id, consent, file_change_by(req));
    if (is(consent->purpose, "profile") &&
        (is(consent->state, "refused") || is(consent->state, "withdrawn")))
        contact_remove_sensitive(req, &contact->id, "");
    uuid_print(&contact->id, id);
    audit_add(
        req, "record consent", id,
        arena_print(req->arena, "%s %s %s", consent->purpose, consent->channel, consent->state));
    if (!file_change_tell(req, &contact->id,
                          codec_consent_changed(&contact->id, consent, req->arena)))
        return flow_reply(req, NULL);
    return command_commit(req, codec_contact_reply(&contact->id, contact->version + 1, &consent->id,
                                                   NULL, 0, req->arena));
}

enum flow handle_list_consents(struct request *req)
{
    struct consenting *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_list_consents(req->payload, req->payload_bytes,
                                                 people_today(req), req->arena, &r->ask, &faults);

    if (status != OK)
        return people_refuse(req, status, &faults);
    people_ask(req, &r->ask.contact, &r->found);
    contact_list_consent_history(req, &r->ask.contact, r->ask.purpose,
                                 r->ask.has_after ? &r->ask.after : NULL, r->ask.page_size,
                                 &r->consents);
    return flow_wait(req, audit);
}

static enum flow audit(struct request *req)
{
    struct consenting *r = req->state;
    char id[UUID_TEXT_BYTES];
    enum flow end;

    if (!people_admit(req, &r->found, &end))
        return end;
    r->has_next = r->consents.count > r->ask.page_size;
    if (r->has_next)
        r->consents.count = r->ask.page_size;
    uuid_print(&r->ask.contact, id);
    audit_add(req, "read contact", id, "consents");
    return flow_commit(req, answer_list);
}

static enum flow answer_list(struct request *req)
{
    struct consenting *r = req->state;
    char next[UUID_TEXT_BYTES] = "";

    if (r->has_next)
        uuid_print(&r->consents.list[r->consents.count - 1].id, next);
    return flow_reply(req, codec_consent_list(&r->consents, next, req->arena));
}

enum flow handle_check_consent(struct request *req)
{
    struct consenting *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_check_consent(req->payload, req->payload_bytes,
                                                 people_today(req), req->arena, &r->ask, &faults);

    if (status != OK)
        return people_refuse(req, status, &faults);
    people_ask(req, &r->ask.contact, &r->found);
    contact_list_consents(req, &r->ask.contact, &r->consents);
    return flow_wait(req, answer_check);
}

/* Which kinds of channels serve a channel of consents. */
static bool serves(const char *kind, const char *channel)
{
    if (is(channel, "sms"))
        return is(kind, "mobile");
    if (is(channel, "phone"))
        return is(kind, "mobile") || is(kind, "phone");
    if (is(channel, "wechat"))
        return is(kind, "wechat") || is(kind, "wecom");
    return is(kind, channel) || (is(channel, "post") && is(kind, "address"));
}

/* He has such channels and wants none of them used. */
static bool is_opted_out(const struct contact *contact, const char *channel)
{
    bool any = false;

    for (size_t i = 0; i < contact->channel_count; i++) {
        if (!serves(contact->channels[i].kind, channel))
            continue;
        if (!contact->channels[i].is_opted_out)
            return false;
        any = true;
    }
    return any;
}

static enum flow answer_check(struct request *req)
{
    struct consenting *r = req->state;
    struct consent_verdict verdict;
    struct contact *contact;
    struct text state;
    enum flow end;

    contact = people_admit(req, &r->found, &end);
    if (!contact)
        return end;
    state = contact->fields[CONTACT_STATE];
    verdict = consent_allows(r->ask.purpose, r->ask.channel, r->consents.list, r->consents.count,
                             people_today(req));
    if (!(state.bytes == 6 && memcmp(state.at, "active", 6) == 0))
        verdict = (struct consent_verdict){
            false, arena_copy_text(req->arena, state.at, state.bytes), NULL};
    else if (is_opted_out(contact, r->ask.channel))
        verdict = (struct consent_verdict){false, "opted_out", NULL};
    return flow_reply(req, codec_consent_answer(&verdict, req->arena));
}
