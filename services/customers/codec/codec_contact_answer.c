/* Contacts and consents as answers, and what the log says of them. */
#include <string.h>

#include "common/pure/birthday.h"
#include "common/pure/salutation.h"
#include "kehu/customers/v1/events.pb-c.h"
#include "kehu/customers/v1/people.pb-c.h"
#include "services/customers/codec/codec_contact.h"
#include "services/customers/codec/codec_value.h"

static Kehu__Customers__V1__ContactLink **links_of(const struct contact *contact,
                                                   struct arena *arena)
{
    size_t count = contact->link_count;
    Kehu__Customers__V1__ContactLink **list = arena_take_array(arena, count, sizeof(*list));
    Kehu__Customers__V1__ContactLink *room = arena_take_array(arena, count, sizeof(*room));

    for (size_t i = 0; list && room && i < count; i++) {
        const struct contact_link *from = &contact->links[i];

        kehu__customers__v1__contact_link__init(&room[i]);
        room[i].customer_ref = codec_value_number(from->customer_number, arena);
        room[i].role = (char *)from->role;
        room[i].title = codec_value_text(from->title, arena);
        room[i].department = codec_value_text(from->department, arena);
        room[i].is_primary = from->is_primary;
        room[i].customer_id = codec_value_id(&from->customer, arena);
        room[i].customer_name = codec_value_text(from->customer_name, arena);
        room[i].linked_at = codec_value_time(from->linked_at_us, arena);
        room[i].linked_by = codec_value_text(from->linked_by, arena);
        room[i].decision_role = codec_value_text(from->decision_role, arena);
        list[i] = &room[i];
    }
    return list;
}

static Kehu__Customers__V1__ContactChannel **channels_of(const struct contact *contact,
                                                         struct arena *arena)
{
    size_t count = contact->channel_count;
    Kehu__Customers__V1__ContactChannel **list = arena_take_array(arena, count, sizeof(*list));
    Kehu__Customers__V1__ContactChannel *room = arena_take_array(arena, count, sizeof(*room));

    for (size_t i = 0; list && room && i < count; i++) {
        const struct contact_channel *from = &contact->channels[i];

        kehu__customers__v1__contact_channel__init(&room[i]);
        room[i].channel_id = codec_value_id(&from->id, arena);
        room[i].kind = (char *)from->kind;
        room[i].value = codec_value_text(from->value, arena);
        room[i].preference = (uint32_t)from->preference;
        room[i].status = (char *)from->status;
        room[i].verified_on = codec_people_day_text(from->verified_on, arena);
        room[i].opted_out = from->is_opted_out ? KEHU__CUSTOMERS__V1__ANSWER__ANSWER_YES
                                               : KEHU__CUSTOMERS__V1__ANSWER__ANSWER_NO;
        room[i].is_masked = from->is_masked;
        room[i].added_at = codec_value_time(from->added_at_us, arena);
        room[i].added_by = codec_value_text(from->added_by, arena);
        list[i] = &room[i];
    }
    return list;
}

static Kehu__Customers__V1__Consent **consents_of(const struct consents *consents,
                                                  struct arena *arena)
{
    size_t count = consents->count;
    Kehu__Customers__V1__Consent **list = arena_take_array(arena, count, sizeof(*list));
    Kehu__Customers__V1__Consent *room = arena_take_array(arena, count, sizeof(*room));

    for (size_t i = 0; list && room && i < count; i++) {
        const struct consent *from = &consents->list[i];

        kehu__customers__v1__consent__init(&room[i]);
        room[i].purpose = (char *)from->purpose;
        room[i].channel = (char *)from->channel;
        room[i].state = (char *)from->state;
        room[i].evidence = codec_value_text(from->evidence, arena);
        room[i].given_on = codec_value_day(from->given_on, arena);
        room[i].expires_on = codec_people_day_text(from->expires_on, arena);
        room[i].source = codec_value_text(from->source, arena);
        room[i].consent_id = codec_value_id(&from->id, arena);
        room[i].recorded_at = codec_value_time(from->recorded_at_us, arena);
        room[i].recorded_by = codec_value_text(from->recorded_by, arena);
        list[i] = &room[i];
    }
    return list;
}

static Kehu__Customers__V1__SensitiveValue **sensitive_of(const struct codec_contact_view *view,
                                                          struct arena *arena)
{
    size_t count = view->sensitive_count;
    Kehu__Customers__V1__SensitiveValue **list = arena_take_array(arena, count, sizeof(*list));
    Kehu__Customers__V1__SensitiveValue *room = arena_take_array(arena, count, sizeof(*room));

    for (size_t i = 0; list && room && i < count; i++) {
        kehu__customers__v1__sensitive_value__init(&room[i]);
        room[i].field = codec_value_text(view->sensitive[i].field, arena);
        room[i].value = codec_value_text(view->sensitive[i].value, arena);
        list[i] = &room[i];
    }
    return list;
}

static char *addressed_as(const struct codec_contact_view *view, struct arena *arena)
{
    const struct text *said = view->contact->fields;
    const struct salutation_person person = {
        .stored = said[CONTACT_SALUTATION],
        .name = said[CONTACT_NAME],
        .title = said[CONTACT_TITLE],
        .gender = said[CONTACT_GENDER],
        .latin_surname = view->latin_surname,
    };
    struct text language = said[CONTACT_LANGUAGE];
    char out[SALUTATION_BYTES];

    if (language.bytes >= 2 && memcmp(language.at, "en", 2) == 0)
        salutation_make_en(&person, out);
    else
        salutation_make_zh(&person, out);
    return arena_copy_text(arena, out, strlen(out));
}

/* Today counts; empty where none is known. */
static char *next_birthday(const struct codec_contact_view *view, struct arena *arena)
{
    struct birthday birthday;
    struct birthday_occurrence next;

    if (birthday_read(view->contact->fields[CONTACT_BIRTHDAY], &birthday) ||
        !birthday_next(&birthday, view->today - 1, &next))
        return "";
    return codec_value_day(next.day, arena);
}

static void put_contact(const struct codec_contact_view *view, struct arena *arena,
                        Kehu__Customers__V1__Contact *out)
{
    const struct contact *contact = view->contact;
    char **const places[CONTACT_FIELDS] = {
        [CONTACT_NAME] = &out->name,
        [CONTACT_GENDER] = &out->gender,
        [CONTACT_SALUTATION] = &out->salutation,
        [CONTACT_TITLE] = &out->title,
        [CONTACT_DEPARTMENT] = &out->department,
        [CONTACT_BIRTHDAY] = &out->birthday,
        [CONTACT_LANGUAGE] = &out->language,
        [CONTACT_STATE] = &out->state,
        [CONTACT_SOURCE] = &out->source,
    };

    kehu__customers__v1__contact__init(out);
    out->contact_id = codec_value_id(&contact->id, arena);
    for (int i = 0; i < CONTACT_FIELDS; i++)
        *places[i] = codec_value_text(contact->fields[i], arena);
    out->addressed_as = addressed_as(view, arena);
    out->next_birthday = next_birthday(view, arena);
    out->is_key = contact->is_key;
    out->added_at = codec_value_time(contact->added_at_us, arena);
    out->added_by = codec_value_text(contact->added_by, arena);
    out->version = (uint64_t)contact->version;
    out->n_links = contact->link_count;
    out->links = links_of(contact, arena);
    out->n_channels = contact->channel_count;
    out->channels = channels_of(contact, arena);
    out->n_consents = view->consents ? view->consents->count : 0;
    out->consents = view->consents ? consents_of(view->consents, arena) : NULL;
    out->n_sensitive = view->sensitive_count;
    out->sensitive = sensitive_of(view, arena);
    out->may_decide = contact_may_decide(contact->fields[CONTACT_TITLE]);
    out->other_links = (uint32_t)contact->other_links;
}

Kehu__Customers__V1__Contact **codec_contact_messages(const struct codec_contact_view *views,
                                                      size_t count, struct arena *arena)
{
    Kehu__Customers__V1__Contact **list = arena_take_array(arena, count, sizeof(*list));
    Kehu__Customers__V1__Contact *room = arena_take_array(arena, count, sizeof(*room));

    for (size_t i = 0; list && room && i < count; i++) {
        put_contact(&views[i], arena, &room[i]);
        list[i] = &room[i];
    }
    return list;
}

const ProtobufCMessage *codec_contact(const struct codec_contact_view *view, struct arena *arena)
{
    Kehu__Customers__V1__Contact **list = codec_contact_messages(view, 1, arena);

    return arena_is_full(arena) ? NULL : &list[0]->base;
}

const ProtobufCMessage *codec_contact_list(const struct codec_contact_view *views, size_t count,
                                           const char *next_page_token, struct arena *arena)
{
    Kehu__Customers__V1__ContactList *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__contact_list__init(out);
    out->contacts = codec_contact_messages(views, count, arena);
    out->n_contacts = count;
    out->next_page_token = (char *)next_page_token;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_contact_reply(const struct id *contact, int64_t version,
                                            const struct id *part, const struct id *parts,
                                            size_t part_count, struct arena *arena)
{
    Kehu__Customers__V1__ContactReply *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__contact_reply__init(out);
    out->contact_id = codec_value_id(contact, arena);
    out->version = (uint64_t)version;
    if (part)
        out->part_id = codec_value_id(part, arena);
    out->part_ids = arena_take_array(arena, part_count, sizeof(*out->part_ids));
    for (size_t i = 0; out->part_ids && i < part_count; i++)
        out->part_ids[out->n_part_ids++] = codec_value_id(&parts[i], arena);
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_consent_list(const struct consents *consents,
                                           const char *next_page_token, struct arena *arena)
{
    Kehu__Customers__V1__ConsentList *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__consent_list__init(out);
    out->consents = consents_of(consents, arena);
    out->n_consents = consents->count;
    out->next_page_token = (char *)next_page_token;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_consent_answer(const struct consent_verdict *verdict,
                                             struct arena *arena)
{
    Kehu__Customers__V1__ConsentAnswer *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__consent_answer__init(out);
    out->allowed = verdict->allowed;
    out->reason = (char *)verdict->reason;
    if (verdict->by)
        out->consent_id = codec_value_id(&verdict->by->id, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}

/* --- events --- */

const ProtobufCMessage *codec_contact_changed(const struct id *contact, const struct id *customers,
                                              size_t customer_count, const char *const *changed,
                                              size_t count, int64_t version, struct arena *arena)
{
    Kehu__Customers__V1__ContactChanged *out = arena_take(arena, sizeof(*out));
    char **ids = arena_take_array(arena, customer_count, sizeof(*ids));

    if (!out || !ids)
        return NULL;
    kehu__customers__v1__contact_changed__init(out);
    out->contact_id = codec_value_id(contact, arena);
    for (size_t i = 0; i < customer_count; i++)
        ids[i] = codec_value_id(&customers[i], arena);
    out->customer_ids = ids;
    out->n_customer_ids = customer_count;
    out->fields = (char **)changed;
    out->n_fields = count;
    out->version = (uint64_t)version;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_consent_changed(const struct id *contact,
                                              const struct consent *consent, struct arena *arena)
{
    Kehu__Customers__V1__ConsentChanged *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__consent_changed__init(out);
    out->contact_id = codec_value_id(contact, arena);
    out->purpose = (char *)consent->purpose;
    out->channel = (char *)consent->channel;
    out->state = (char *)consent->state;
    return arena_is_full(arena) ? NULL : &out->base;
}
