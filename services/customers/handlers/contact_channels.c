/*
 * kehu.customers.v1.SaveChannel and RemoveChannel: how a contact is reached, in the order he
 * prefers (R51).
 */
#include <string.h>

#include "common/command.h"
#include "common/service.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/people.h"

struct saving {
    struct codec_contact_ask ask;
    struct command_receipt seen;
    struct people_found found;
};

static const char *const changed[] = {"channels"};

static enum flow save(struct request *req);
static enum flow remove_one(struct request *req);

enum flow handle_save_channel(struct request *req)
{
    struct saving *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_save_channel(req->payload, req->payload_bytes, people_today(req),
                                                req->arena, &r->ask, &faults);

    if (status != OK)
        return people_refuse(req, status, &faults);
    command_find(req, &r->seen);
    people_ask(req, &r->ask.contact, &r->found);
    return flow_wait(req, save);
}

enum flow handle_remove_channel(struct request *req)
{
    struct saving *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_remove_channel(req->payload, req->payload_bytes,
                                                  people_today(req), req->arena, &r->ask, &faults);

    if (status != OK)
        return people_refuse(req, status, &faults);
    command_find(req, &r->seen);
    people_ask(req, &r->ask.contact, &r->found);
    return flow_wait(req, remove_one);
}

static const struct contact_channel *find(const struct contact *contact, const struct id *id)
{
    for (size_t i = 0; i < contact->channel_count; i++)
        if (memcmp(&contact->channels[i].id, id, sizeof(*id)) == 0)
            return &contact->channels[i];
    return NULL;
}

static enum flow refuse_unknown(struct request *req, const char *field)
{
    flow_violation(req, field, "is none of his channels: GetContact shows them");
    return flow_refuse(req, NOT_FOUND, "the contact has no such channel");
}

/* The others in their order, and this one at its place: 1 first, 0 the last, or where it was. */
static void order(struct request *req, const struct contact *contact, const struct id *own,
                  int32_t place)
{
    struct id ids[CONTACT_MAX_CHANNELS + 1];
    size_t count = 0, at;

    for (size_t i = 0; i < contact->channel_count && count < CONTACT_MAX_CHANNELS; i++) {
        bool is_own = memcmp(&contact->channels[i].id, own, sizeof(*own)) == 0;

        if (is_own && place == 0)
            place = (int32_t)i + 1;
        if (!is_own)
            ids[count++] = contact->channels[i].id;
    }
    at = place == 0 || (size_t)place > count + 1 ? count : (size_t)place - 1;
    memmove(&ids[at + 1], &ids[at], (count - at) * sizeof(*ids));
    ids[at] = *own;
    contact_order_channels(req, &contact->id, ids, count + 1);
}

/* He has that value already, as another channel of the kind. */
static bool is_taken(struct request *req, const struct contact *contact,
                     const struct codec_contact_channel *told, const uint8_t *hash)
{
    uint8_t other[SEAL_HASH_BYTES];

    for (size_t i = 0; i < contact->channel_count; i++) {
        const struct contact_channel *channel = &contact->channels[i];
        struct contact_value *value = arena_take(req->arena, sizeof(*value));

        if (!value || channel->kind != told->channel.kind ||
            memcmp(&channel->id, &told->channel.id, sizeof(struct id)) == 0 ||
            contact_read_channel(channel->kind, channel->value, value))
            continue;
        seal_hash(req->service->seal, value->hash_kind,
                  (struct text){value->hashed, strlen(value->hashed)}, other);
        if (memcmp(other, hash, sizeof(other)) == 0)
            return true;
    }
    return false;
}

/* What is not said of a known channel stays. */
static void complete(struct codec_contact_channel *told, const struct contact_channel *known)
{
    struct contact_channel *channel = &told->channel;

    if (!channel->kind[0])
        channel->kind = known->kind;
    if (!channel->status[0]) {
        channel->status = told->has_value ? "unverified" : known->status;
        channel->verified_on = told->has_value ? CONTACT_NO_DAY : known->verified_on;
    }
    if (!told->sets_opt_out)
        channel->is_opted_out = known->is_opted_out;
}

/* False: *end. */
static bool put(struct request *req, struct contact *contact, struct codec_contact_channel *told,
                enum flow *end)
{
    struct contact_hashed hashed;

    if (!told->has_value) {
        contact_mark_channel(req, &contact->id, &told->channel);
        return true;
    }
    if (!people_seal_channel(req, told->value, &told->channel, &hashed)) {
        *end = flow_reply(req, NULL);
        return false;
    }
    if (is_taken(req, contact, told, hashed.hash)) {
        flow_violation(req, "channel.value", "is his %s already", told->channel.kind);
        *end = flow_refuse(req, ALREADY_EXISTS, "the contact has this channel already");
        return false;
    }
    contact_put_channel(req, &contact->id, &told->channel, &hashed, file_change_by(req));
    return true;
}

static enum flow save(struct request *req)
{
    struct saving *r = req->state;
    struct codec_contact_channel *told = r->ask.channels;
    const struct contact_channel *known = NULL;
    struct contact *contact;
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    contact = people_admit_change(req, &r->found, r->ask.expected_version, &end);
    if (!contact)
        return end;
    if (!told->is_new) {
        known = find(contact, &told->channel.id);
        if (!known)
            return refuse_unknown(req, "channel.channel_id");
        complete(told, known);
        if (!told->has_value && told->channel.kind != known->kind) {
            flow_violation(req, "channel.value", "is missing: another kind needs its value");
            return flow_refuse(req, INVALID_ARGUMENT, "the question is not right");
        }
    } else if (contact->channel_count >= CONTACT_MAX_CHANNELS) {
        return flow_refuse(req, FAILED_PRECONDITION, "the contact has %d channels: remove one",
                           CONTACT_MAX_CHANNELS);
    } else {
        told->channel.id = request_new_id(req);
    }
    people_open_channels(req, &r->found.contacts, true);
    if (!put(req, contact, told, &end))
        return end;
    contact_touch(req, &contact->id, contact->version);
    order(req, contact, &told->channel.id, told->channel.preference);
    if (!people_tell(req, contact, &r->found.customers, NULL, changed, 1, contact->version + 1))
        return flow_reply(req, NULL);
    return command_commit(req, codec_contact_reply(&contact->id, contact->version + 1,
                                                   &told->channel.id, NULL, 0, req->arena));
}

static enum flow remove_one(struct request *req)
{
    struct saving *r = req->state;
    struct id rest[CONTACT_MAX_CHANNELS];
    struct contact *contact;
    size_t count = 0;
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    contact = people_admit_change(req, &r->found, r->ask.expected_version, &end);
    if (!contact)
        return end;
    if (!find(contact, &r->ask.channel_id))
        return refuse_unknown(req, "channel_id");
    for (size_t i = 0; i < contact->channel_count && count < CONTACT_MAX_CHANNELS; i++)
        if (memcmp(&contact->channels[i].id, &r->ask.channel_id, sizeof(struct id)) != 0)
            rest[count++] = contact->channels[i].id;
    contact_touch(req, &contact->id, contact->version);
    contact_remove_channel(req, &contact->id, &r->ask.channel_id);
    contact_order_channels(req, &contact->id, rest, count);
    if (!people_tell(req, contact, &r->found.customers, NULL, changed, 1, contact->version + 1))
        return flow_reply(req, NULL);
    return command_commit(req, codec_contact_reply(&contact->id, contact->version + 1,
                                                   &r->ask.channel_id, NULL, 0, req->arena));
}
