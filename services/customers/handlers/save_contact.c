/*
 * kehu.customers.v1.SaveContact: a new contact with his links, channels and consents, or what is
 * said of a known one.
 *
 *   decode → the receipt; the contact, or the customers a new one is linked to
 *   look   → whether those customers are within the scope
 *   decide → rows, keys by which he is found, events, one commit
 */
#include <string.h>

#include "common/audit.h"
#include "common/command.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/people.h"

struct saving {
    struct codec_contact_ask ask;
    struct command_receipt seen;
    struct people_found found;
    struct file_row customers[CONTACT_MAX_NEW_LINKS];
    struct scope_sight sights[CONTACT_MAX_NEW_LINKS];
    const char *changed[CONTACT_FIELDS + 1];
};

static enum flow look(struct request *req);
static enum flow add(struct request *req);

enum flow handle_save_contact(struct request *req)
{
    struct saving *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_save_contact(req->payload, req->payload_bytes, people_today(req),
                                                req->arena, &r->ask, &faults);

    if (status != OK)
        return people_refuse(req, status, &faults);
    command_find(req, &r->seen);
    if (!r->ask.is_new)
        people_ask(req, &r->ask.contact, &r->found);
    for (size_t i = 0; i < r->ask.link_count; i++)
        file_find(req, &r->ask.links[i].ref, &r->customers[i]);
    return flow_wait(req, look);
}

/* --- a known one --- */

static enum flow change(struct request *req)
{
    struct saving *r = req->state;
    enum flow end;
    struct contact *contact = people_admit_change(req, &r->found, r->ask.expected_version, &end);
    struct contact after;
    size_t count;

    if (!contact)
        return end;
    count = contact_apply(contact, &r->ask.change, &after, r->changed);
    if (count > 0) {
        contact_save(req, &after, contact->version);
        if (strcmp(r->changed[0], contact_field_names[CONTACT_NAME]) == 0)
            contact_put_keys(req, &contact->id, after.fields[CONTACT_NAME], false);
        if (!people_tell(req, contact, &r->found.customers, NULL, r->changed, count,
                         contact->version + 1))
            return flow_reply(req, NULL);
    }
    return command_commit(req,
                          codec_contact_reply(&contact->id, contact->version + (count > 0 ? 1 : 0),
                                              NULL, NULL, 0, req->arena));
}

/* --- a new one --- */

static const char *path(struct request *req, const char *list, size_t i, const char *field)
{
    return arena_print(req->arena, "%s[%zu].%s", list, i, field);
}

/* Every customer is there, once. */
static bool check_customers(struct request *req, struct saving *r, enum flow *end)
{
    for (size_t i = 0; i < r->ask.link_count; i++) {
        if (!people_has_customer(req, path(req, "links", i, "customer_ref"), &r->customers[i], end))
            return false;
        r->ask.links[i].link.customer = r->customers[i].id;
        for (size_t k = 0; k < i; k++)
            if (uuid_is_same(&r->customers[k].id, &r->customers[i].id)) {
                flow_violation(req, path(req, "links", i, "customer_ref"),
                               "is the same customer as links[%zu]", k);
                *end = flow_refuse(req, ALREADY_EXISTS, "a contact is linked to a customer once");
                return false;
            }
    }
    return true;
}

static enum flow look(struct request *req)
{
    struct saving *r = req->state;
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!r->ask.is_new)
        return change(req);
    if (!check_customers(req, r, &end))
        return end;
    for (size_t i = 0; i < r->ask.link_count; i++)
        scope_look(req, &r->customers[i].id, &r->sights[i]);
    return flow_wait(req, add);
}

/* The channels as they were told, the first one preferred. False: *end. */
static bool put_channels(struct request *req, struct saving *r, const struct id *contact,
                         struct id *parts, enum flow *end)
{
    struct contact_hashed *hashed =
        arena_take_array(req->arena, r->ask.channel_count, sizeof(*hashed));

    for (size_t i = 0; hashed && i < r->ask.channel_count; i++) {
        struct codec_contact_channel *told = &r->ask.channels[i];

        told->channel.id = parts[i] = request_new_id(req);
        told->channel.preference = (int32_t)i + 1;
        if (!people_seal_channel(req, told->value, &told->channel, &hashed[i]))
            break;
        for (size_t k = 0; k < i; k++)
            if (told->channel.kind == r->ask.channels[k].channel.kind &&
                memcmp(hashed[k].hash, hashed[i].hash, SEAL_HASH_BYTES) == 0) {
                flow_violation(req, path(req, "channels", i, "value"),
                               "is the same as channels[%zu]", k);
                *end = flow_refuse(req, ALREADY_EXISTS, "a contact has a channel once");
                return false;
            }
        contact_put_channel(req, contact, &told->channel, &hashed[i], file_change_by(req));
    }
    return true;
}

static void put_rest(struct request *req, struct saving *r, const struct contact *contact)
{
    const char *by = file_change_by(req);

    contact_put_keys(req, &contact->id, contact->fields[CONTACT_NAME], true);
    for (size_t i = 0; i < r->ask.link_count; i++) {
        contact_add_link(req, &contact->id, &r->ask.links[i].link, by);
        if (r->ask.links[i].link.is_primary)
            contact_keep_primary(req, &contact->id, &r->ask.links[i].link.customer);
    }
    for (size_t i = 0; i < r->ask.consent_count; i++) {
        r->ask.consents[i].id = request_new_id(req);
        contact_add_consent(req, &contact->id, &r->ask.consents[i], by);
        file_change_tell(req, &contact->id,
                         codec_consent_changed(&contact->id, &r->ask.consents[i], req->arena));
    }
}

static enum flow add(struct request *req)
{
    static const char *const changed[] = {"new"};
    struct saving *r = req->state;
    struct contact contact = {.id = request_new_id(req), .is_key = r->ask.change.is_key};
    struct id *parts = arena_take_array(req->arena, r->ask.channel_count, sizeof(*parts));
    struct contact_ids customers = {
        .list = arena_take_array(req->arena, r->ask.link_count, sizeof(struct id))};
    enum flow end;

    for (size_t i = 0; i < r->ask.link_count; i++)
        if (!people_admit_customer(req, &r->sights[i], path(req, "links", i, "customer_ref"),
                                   &r->ask.links[i].ref, &r->customers[i], &end))
            return end;
    if (!parts || !customers.list)
        return flow_reply(req, NULL);
    memcpy(contact.fields, r->ask.change.fields, sizeof(contact.fields));
    if (contact.fields[CONTACT_STATE].bytes == 0)
        contact.fields[CONTACT_STATE] = TEXT_OF("active");
    if (!put_channels(req, r, &contact.id, parts, &end))
        return end;
    contact_add(req, &contact, file_change_by(req));
    put_rest(req, r, &contact);
    for (size_t i = 0; i < r->ask.link_count; i++)
        customers.list[customers.count++] = r->ask.links[i].link.customer;
    if (!people_tell(req, &contact, &customers, NULL, changed, 1, 1))
        return flow_reply(req, NULL);
    return command_commit(
        req, codec_contact_reply(&contact.id, 1, NULL, parts, r->ask.channel_count, req->arena));
}
