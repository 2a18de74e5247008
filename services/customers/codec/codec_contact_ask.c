/*
 * Questions and commands about contacts, checked whole: every fault is named, not only the first.
 */
#include <string.h>

#include "common/pure/utf8.h"
#include "kehu/customers/v1/people.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_contact.h"

typedef Kehu__Customers__V1__SaveContact save_contact;

static void read_answer(Kehu__Customers__V1__Answer answer, bool *sets, bool *value)
{
    *sets = answer != KEHU__CUSTOMERS__V1__ANSWER__ANSWER_UNSPECIFIED;
    *value = answer == KEHU__CUSTOMERS__V1__ANSWER__ANSWER_YES;
}

static struct text read_field(struct codec_people_reader *r, enum contact_field field,
                              const char *value)
{
    char room[CONTACT_VALUE_BYTES];
    const char *why = contact_read(field, codec_check_text_of(value), r->today, room);

    if (why)
        codec_people_fault(r, contact_field_names[field], why);
    return (struct text){arena_copy_text(r->arena, room, strlen(room)), strlen(room)};
}

/* --- parts of a contact --- */

static void read_link(struct codec_people_reader *r, const Kehu__Customers__V1__ContactLink *from,
                      struct codec_contact_link *out)
{
    codec_people_ref(r, "customer_ref", from->customer_ref, &out->ref);
    out->link.role =
        codec_people_word(r, "role", from->role, contact_roles, CONTACT_ROLE_WORDS, "");
    out->link.title = codec_people_text(r, "title", from->title, 100, false);
    out->link.department = codec_people_text(r, "department", from->department, 100, false);
    out->link.is_primary = from->is_primary;
}

static void read_value(struct codec_people_reader *r, const char *kind, const char *value,
                       struct codec_contact_channel *out)
{
    const char *why;

    out->value = arena_take(r->arena, sizeof(*out->value));
    if (!out->value || !kind[0])
        return;
    why = contact_read_channel(kind, codec_check_text_of(value), out->value);
    if (why)
        codec_people_fault(r, "value", why);
}

static void read_status(struct codec_people_reader *r,
                        const Kehu__Customers__V1__ContactChannel *from,
                        struct codec_contact_channel *out)
{
    struct contact_channel *channel = &out->channel;

    channel->status =
        codec_people_word(r, "status", from->status, contact_statuses,
                          "unverified, verified or wrong", out->is_new ? "unverified" : "");
    channel->verified_on =
        codec_people_day(r, "verified_on", from->verified_on, CONTACT_NO_DAY, r->today);
    if (strcmp(channel->status, "verified") != 0 && from->verified_on[0])
        codec_people_fault(r, "verified_on", "stands only with status verified");
    else if (strcmp(channel->status, "verified") == 0 && !from->verified_on[0])
        channel->verified_on = r->today;
}

static void read_channel(struct codec_people_reader *r,
                         const Kehu__Customers__V1__ContactChannel *from,
                         struct codec_contact_channel *out)
{
    out->is_new = !codec_people_id(r, "channel_id", from->channel_id, false, &out->channel.id);
    out->has_value = out->is_new || from->value[0];
    out->channel.kind = codec_people_word(r, "kind", from->kind, contact_kinds, CONTACT_KIND_WORDS,
                                          out->has_value ? NULL : "");
    if (out->has_value)
        read_value(r, out->channel.kind, from->value, out);
    read_status(r, from, out);
    read_answer(from->opted_out, &out->sets_opt_out, &out->channel.is_opted_out);
    out->channel.preference =
        from->preference > CONTACT_MAX_CHANNELS ? CONTACT_MAX_CHANNELS : (int32_t)from->preference;
}

static void read_consent(struct codec_people_reader *r, const Kehu__Customers__V1__Consent *from,
                         struct consent *out)
{
    const char *why;

    out->purpose = codec_people_word(r, "purpose", from->purpose, consent_purposes,
                                     CONSENT_PURPOSE_WORDS, NULL);
    out->channel = codec_people_word(r, "channel", from->channel, consent_channels,
                                     CONSENT_CHANNEL_WORDS, NULL);
    out->state =
        codec_people_word(r, "state", from->state, consent_states, CONSENT_STATE_WORDS, NULL);
    out->evidence = codec_people_text(r, "evidence", from->evidence, CONSENT_MAX_EVIDENCE,
                                      strcmp(out->state, "granted") == 0);
    out->source = codec_people_text(r, "source", from->source, 64, false);
    out->given_on = codec_people_day(r, "given_on", from->given_on, r->today, INT32_MAX);
    out->expires_on =
        codec_people_day(r, "expires_on", from->expires_on, CONSENT_NO_DAY, INT32_MAX);
    why = consent_check_days(out, r->today);
    if (why)
        codec_people_fault(r, out->given_on > r->today ? "given_on" : "expires_on", why);
}

/* --- SaveContact --- */

static void read_change(struct codec_people_reader *r, const save_contact *ask,
                        struct codec_contact_ask *out)
{
    const char *const values[CONTACT_FIELDS] = {
        [CONTACT_NAME] = ask->name,
        [CONTACT_GENDER] = ask->gender,
        [CONTACT_SALUTATION] = ask->salutation,
        [CONTACT_TITLE] = ask->title,
        [CONTACT_DEPARTMENT] = ask->department,
        [CONTACT_BIRTHDAY] = ask->birthday,
        [CONTACT_LANGUAGE] = ask->language,
        [CONTACT_STATE] = ask->state,
        [CONTACT_SOURCE] = ask->source,
    };
    struct contact_change *change = &out->change;

    for (int i = 0; i < CONTACT_FIELDS; i++)
        if (values[i][0] || (i == CONTACT_NAME && out->is_new))
            change->fields[i] = read_field(r, (enum contact_field)i, values[i]);
    read_answer(ask->is_key, &change->sets_key, &change->is_key);
    for (size_t k = 0; k < ask->n_clear; k++) {
        int i = 0;

        while (i < CONTACT_FIELDS && strcmp(contact_field_names[i], ask->clear[k]) != 0)
            i++;
        if (i == CONTACT_FIELDS || !contact_may_clear((enum contact_field)i))
            codec_people_fault(r, arena_print(r->arena, "clear[%zu]", k),
                               "must be gender, salutation, title, department, birthday or "
                               "language");
        else if (values[i][0])
            codec_people_fault(r, contact_field_names[i], "has a value and is to be emptied");
        else
            change->clears[i] = true;
    }
}

static bool is_few(struct codec_people_reader *r, const char *list, size_t count, size_t max)
{
    if (count > max)
        codec_people_fault(r, list, arena_print(r->arena, "are too many: at most %zu", max));
    return count <= max;
}

static void read_parts(struct codec_people_reader *r, const save_contact *ask,
                       struct codec_contact_ask *out)
{
    out->links = arena_take_array(r->arena, ask->n_links, sizeof(*out->links));
    out->channels = arena_take_array(r->arena, ask->n_channels, sizeof(*out->channels));
    out->consents = arena_take_array(r->arena, ask->n_consents, sizeof(*out->consents));
    if (!is_few(r, "links", ask->n_links, CONTACT_MAX_NEW_LINKS) ||
        !is_few(r, "channels", ask->n_channels, CONTACT_MAX_CHANNELS) ||
        !is_few(r, "consents", ask->n_consents, CONTACT_MAX_CONSENTS) || arena_is_full(r->arena))
        return;
    for (size_t i = 0; i < ask->n_links; i++) {
        r->under = arena_print(r->arena, "links[%zu].", i);
        read_link(r, ask->links[i], &out->links[out->link_count++]);
    }
    for (size_t i = 0; i < ask->n_channels; i++) {
        r->under = arena_print(r->arena, "channels[%zu].", i);
        read_channel(r, ask->channels[i], &out->channels[out->channel_count++]);
        if (!out->channels[i].is_new)
            codec_people_fault(r, "channel_id", "must be empty: the channel is new");
    }
    for (size_t i = 0; i < ask->n_consents; i++) {
        r->under = arena_print(r->arena, "consents[%zu].", i);
        read_consent(r, ask->consents[i], &out->consents[out->consent_count++]);
    }
    r->under = "";
}

enum status codec_get_save_contact(const uint8_t *payload, size_t bytes, int32_t today,
                                   struct arena *arena, struct codec_contact_ask *out,
                                   struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__save_contact__descriptor, today);
    const save_contact *ask = (const void *)message;

    out->is_new = !codec_people_id(&r, "contact_id", ask->contact_id, false, &out->contact) &&
                  ask->contact_id[0] == '\0';
    out->expected_version = ask->expected_version;
    read_change(&r, ask, out);
    if (out->is_new) {
        read_parts(&r, ask, out);
        if (ask->n_links == 0)
            codec_people_fault(&r, "links",
                               "are missing: a contact belongs to at least one customer");
    } else if (ask->n_links || ask->n_channels || ask->n_consents) {
        codec_people_fault(&r,
                           ask->n_links      ? "links"
                           : ask->n_channels ? "channels"
                                             : "consents",
                           "stand with a new contact alone: LinkContact, SaveChannel and "
                           "RecordConsent change those of a known one");
    }
    return codec_people_end(&r);
}

/* --- the single parts --- */

enum status codec_get_link_contact(const uint8_t *payload, size_t bytes, int32_t today,
                                   struct arena *arena, struct codec_contact_ask *out,
                                   struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__link_contact__descriptor, today);
    const Kehu__Customers__V1__LinkContact *ask = (const void *)message;

    codec_people_id(&r, "contact_id", ask->contact_id, true, &out->contact);
    out->expected_version = ask->expected_version;
    out->changes_link = ask->change;
    out->links = arena_take(arena, sizeof(*out->links));
    if (!ask->link)
        codec_people_fault(&r, "link", "is missing: it says which customer");
    else if (out->links) {
        r.under = "link.";
        read_link(&r, ask->link, out->links);
        out->link_count = 1;
    }
    return codec_people_end(&r);
}

enum status codec_get_unlink_contact(const uint8_t *payload, size_t bytes, int32_t today,
                                     struct arena *arena, struct codec_contact_ask *out,
                                     struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__unlink_contact__descriptor, today);
    const Kehu__Customers__V1__UnlinkContact *ask = (const void *)message;

    codec_people_id(&r, "contact_id", ask->contact_id, true, &out->contact);
    out->expected_version = ask->expected_version;
    out->links = arena_take(arena, sizeof(*out->links));
    if (out->links)
        codec_people_ref(&r, "customer_ref", ask->customer_ref, &out->links->ref);
    out->link_count = 1;
    return codec_people_end(&r);
}

enum status codec_get_get_contact(const uint8_t *payload, size_t bytes, int32_t today,
                                  struct arena *arena, struct codec_contact_ask *out,
                                  struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__get_contact__descriptor, today);
    const Kehu__Customers__V1__GetContact *ask = (const void *)message;

    codec_people_id(&r, "contact_id", ask->contact_id, true, &out->contact);
    out->unmask = ask->unmask;
    out->with_sensitive = ask->with_sensitive;
    return codec_people_end(&r);
}

enum status codec_get_save_channel(const uint8_t *payload, size_t bytes, int32_t today,
                                   struct arena *arena, struct codec_contact_ask *out,
                                   struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__save_channel__descriptor, today);
    const Kehu__Customers__V1__SaveChannel *ask = (const void *)message;

    codec_people_id(&r, "contact_id", ask->contact_id, true, &out->contact);
    out->expected_version = ask->expected_version;
    out->channels = arena_take(arena, sizeof(*out->channels));
    if (!ask->channel)
        codec_people_fault(&r, "channel", "is missing");
    else if (out->channels) {
        r.under = "channel.";
        read_channel(&r, ask->channel, out->channels);
        out->channel_count = 1;
    }
    return codec_people_end(&r);
}

enum status codec_get_remove_channel(const uint8_t *payload, size_t bytes, int32_t today,
                                     struct arena *arena, struct codec_contact_ask *out,
                                     struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__remove_channel__descriptor, today);
    const Kehu__Customers__V1__RemoveChannel *ask = (const void *)message;

    codec_people_id(&r, "contact_id", ask->contact_id, true, &out->contact);
    codec_people_id(&r, "channel_id", ask->channel_id, true, &out->channel_id);
    out->expected_version = ask->expected_version;
    return codec_people_end(&r);
}

/* --- consent and sensitive values --- */

enum status codec_get_record_consent(const uint8_t *payload, size_t bytes, int32_t today,
                                     struct arena *arena, struct codec_contact_ask *out,
                                     struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__record_consent__descriptor, today);
    const Kehu__Customers__V1__RecordConsent *ask = (const void *)message;

    codec_people_id(&r, "contact_id", ask->contact_id, true, &out->contact);
    out->expected_version = ask->expected_version;
    out->consents = arena_take(arena, sizeof(*out->consents));
    if (!ask->consent)
        codec_people_fault(&r, "consent", "is missing");
    else if (out->consents) {
        r.under = "consent.";
        read_consent(&r, ask->consent, out->consents);
        out->consent_count = 1;
    }
    return codec_people_end(&r);
}

enum status codec_get_list_consents(const uint8_t *payload, size_t bytes, int32_t today,
                                    struct arena *arena, struct codec_contact_ask *out,
                                    struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__list_consents__descriptor, today);
    const Kehu__Customers__V1__ListConsents *ask = (const void *)message;

    codec_people_id(&r, "contact_id", ask->contact_id, true, &out->contact);
    out->purpose =
        codec_people_word(&r, "purpose", ask->purpose, consent_purposes, CONSENT_PURPOSE_WORDS, "");
    out->page_size = codec_people_page(&r, ask->page_size);
    out->has_after = codec_people_token(&r, ask->page_token, &out->after);
    return codec_people_end(&r);
}

enum status codec_get_check_consent(const uint8_t *payload, size_t bytes, int32_t today,
                                    struct arena *arena, struct codec_contact_ask *out,
                                    struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__check_consent__descriptor, today);
    const Kehu__Customers__V1__CheckConsent *ask = (const void *)message;

    codec_people_id(&r, "contact_id", ask->contact_id, true, &out->contact);
    out->purpose = codec_people_word(&r, "purpose", ask->purpose, consent_purposes,
                                     CONSENT_PURPOSE_WORDS, NULL);
    out->channel = codec_people_word(&r, "channel", ask->channel, consent_channels,
                                     CONSENT_CHANNEL_WORDS, NULL);
    return codec_people_end(&r);
}

enum status codec_get_save_sensitive(const uint8_t *payload, size_t bytes, int32_t today,
                                     struct arena *arena, struct codec_contact_ask *out,
                                     struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__save_sensitive__descriptor, today);
    const Kehu__Customers__V1__SaveSensitive *ask = (const void *)message;

    codec_people_id(&r, "contact_id", ask->contact_id, true, &out->contact);
    out->expected_version = ask->expected_version;
    r.under = "value.";
    if (!ask->value)
        codec_people_fault(&r, "field", "is missing");
    else {
        out->field = codec_people_word(&r, "field", ask->value->field, contact_sensitive,
                                       "family, native_place, school, major, interests, hobbies, "
                                       "marital_status, children, income_level or character",
                                       NULL);
        out->value = codec_people_text(&r, "value", ask->value->value, 500, false);
    }
    return codec_people_end(&r);
}
