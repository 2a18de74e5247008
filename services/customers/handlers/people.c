#include "services/customers/handlers/people.h"

#include <inttypes.h>
#include <string.h>

#include "common/audit.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/customers/handlers/file_change.h"

int32_t people_today(const struct request *req)
{
    return zone_day(&req->service->zone, req->now_us);
}

enum flow people_refuse(struct request *req, enum status status,
                        const struct codec_file_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        flow_violation(req, faults->list[i].field, "%s", faults->list[i].why);
    if (status == RESOURCE_EXHAUSTED)
        return flow_refuse(req, status, "the request needs too much memory");
    return flow_refuse(req, status, "the question is not right");
}

/* --- contacts --- */

void people_ask(struct request *req, const struct id *contact, struct people_found *out)
{
    contact_load(req, contact, 1, &out->contacts);
    contact_list_customers(req, contact, &out->customers);
}

static bool has_state(const struct contact *contact, const char *state)
{
    struct text own = contact->fields[CONTACT_STATE];

    return own.bytes == strlen(state) && memcmp(own.at, state, own.bytes) == 0;
}

struct contact *people_admit(struct request *req, struct people_found *found, enum flow *end)
{
    struct contact *contact = found->contacts.list;

    contact_settle(&found->contacts);
    if (found->contacts.count == 0) {
        flow_violation(req, "contact_id", "is no contact's: ListContacts shows their ids");
        *end = flow_refuse(req, NOT_FOUND, "there is no such contact");
        return NULL;
    }
    if (!scope_of(req)->sees_all && contact->link_count == 0) {
        *end = flow_refuse(req, PERMISSION_DENIED,
                           "the contact exists, and none of his customers is within the scope");
        return NULL;
    }
    if (has_state(contact, "restricted") && !scope_may(req, ACT_PRIVACY)) {
        *end = flow_refuse(req, PERMISSION_DENIED,
                           "the contact is restricted: only the privacy officer sees him");
        return NULL;
    }
    return contact;
}

struct contact *people_admit_change(struct request *req, struct people_found *found,
                                    uint64_t expected_version, enum flow *end)
{
    struct contact *contact = people_admit(req, found, end);

    if (!contact)
        return NULL;
    if (has_state(contact, "erased") || has_state(contact, "restricted")) {
        *end = flow_refuse(req, FAILED_PRECONDITION, "the contact is %.*s and stays as he is",
                           (int)contact->fields[CONTACT_STATE].bytes,
                           contact->fields[CONTACT_STATE].at);
        return NULL;
    }
    if (expected_version && expected_version != (uint64_t)contact->version) {
        flow_violation(req, "expected_version", "is not %" PRId64, contact->version);
        *end = flow_refuse(req, FAILED_PRECONDITION,
                           "the contact is at version %" PRId64 ", not %" PRIu64
                           ": read him again, then change him",
                           contact->version, expected_version);
        return NULL;
    }
    return contact;
}

bool people_has_customer(struct request *req, const char *field, const struct file_row *row,
                         enum flow *end)
{
    if (row->found && row->state.party != FILE_PARTY_NONE)
        return true;
    flow_violation(req, field, "leads to no customer");
    *end = flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    return false;
}

bool people_admit_customer(struct request *req, struct scope_sight *sight, const char *field,
                           const struct customer_question *ref, const struct file_row *row,
                           enum flow *end)
{
    char number[CUSTOMER_REF_NUMBER_BYTES];

    if (!scope_admits(req, sight, end))
        return false;
    if (row->merged_from && ref->kind != CUSTOMER_REF_EXTERNAL) {
        customer_ref_print_number(row->number, number);
        flow_violation(req, field, "was merged into %s: say that one", number);
        *end = flow_refuse(req, FAILED_PRECONDITION, "the customer was merged into %s", number);
        return false;
    }
    if (row->is_erased) {
        flow_violation(req, field, "leads to a customer who was erased or is restricted");
        *end = flow_refuse(req, FAILED_PRECONDITION, "the customer was erased or is restricted");
        return false;
    }
    return true;
}

/* --- sealed values --- */

static struct seal_place place_of(const struct id *channel)
{
    return (struct seal_place){.column = PEOPLE_CHANNEL_COLUMN, .row = *channel};
}

bool people_seal_channel(struct request *req, const struct contact_value *value,
                         struct contact_channel *channel, struct contact_hashed *hashed)
{
    struct seal_place place = place_of(&channel->id);
    uint8_t *hash = arena_take(req->arena, SEAL_HASH_BYTES);

    channel->sealed = seal_close(req->service->seal, &place,
                                 (struct text){value->value, strlen(value->value)}, req->arena);
    if (!hash || !channel->sealed.at)
        return false;
    seal_hash(req->service->seal, value->hash_kind,
              (struct text){value->hashed, strlen(value->hashed)}, hash);
    *hashed = (struct contact_hashed){hash, value->last_four};
    return true;
}

static void open_channel(struct request *req, struct contact_channel *channel, bool unmask)
{
    struct seal_place place = place_of(&channel->id);
    char masked[CONTACT_VALUE_BYTES];

    channel->value = TEXT_OF("");
    channel->is_masked = !unmask;
    if (seal_open(req->service->seal, &place, channel->sealed, req->arena, &channel->value) !=
            SEAL_OPENED ||
        unmask)
        return;
    contact_mask(channel->kind, channel->value.at, masked);
    channel->value =
        (struct text){arena_copy_text(req->arena, masked, strlen(masked)), strlen(masked)};
}

void people_open_channels(struct request *req, struct contacts *contacts, bool unmask)
{
    for (size_t i = 0; i < contacts->channel_count; i++)
        open_channel(req, &contacts->channels[i], unmask);
}

/* --- answers and the log --- */

struct codec_contact_view *people_view(struct request *req, const struct contacts *contacts)
{
    struct codec_contact_view *views =
        arena_take_array(req->arena, contacts->count, sizeof(*views));

    for (size_t i = 0; views && i < contacts->count; i++) {
        const struct contact *contact = &contacts->list[i];
        struct text language = contact->fields[CONTACT_LANGUAGE];

        views[i] = (struct codec_contact_view){.contact = contact, .today = people_today(req)};
        if (language.bytes == 2 && memcmp(language.at, "en", 2) == 0)
            views[i].latin_surname =
                contact_latin_surname(contact->fields[CONTACT_NAME], req->arena);
    }
    return views;
}

bool people_tell(struct request *req, const struct contact *contact,
                 const struct contact_ids *customers, const struct id *more,
                 const char *const *changed, size_t count, int64_t version)
{
    size_t all = customers ? customers->count : 0;
    struct id *ids = arena_take_array(req->arena, all + 1, sizeof(*ids));
    char id[UUID_TEXT_BYTES];

    if (!ids)
        return false;
    if (all > 0)
        memcpy(ids, customers->list, all * sizeof(*ids));
    if (more)
        ids[all++] = *more;
    uuid_print(&contact->id, id);
    audit_add(req, "save contact", id, changed[0]);
    return file_change_tell(
        req, &contact->id,
        codec_contact_changed(&contact->id, ids, all, changed, count, version, req->arena));
}
