/*
 * Contacts on the wire: questions checked whole, answers, events (people.proto). Values are
 * normalised by domain/contact.h.
 */
#ifndef KEHU_CUSTOMERS_CODEC_CONTACT_H
#define KEHU_CUSTOMERS_CODEC_CONTACT_H

#include "services/customers/codec/codec_people.h"
#include "services/customers/domain/consent.h"
#include "services/customers/domain/contact.h"

/* A link as it is asked for: the customer by whatever he was called. */
struct codec_contact_link {
    struct customer_question ref;
    struct contact_link link; /* without the customer's id */
};

/* A channel as it is asked for. */
struct codec_contact_channel {
    bool is_new;
    bool has_value;                 /* of a known one: empty stays */
    struct contact_value *value;    /* when has_value */
    struct contact_channel channel; /* kind "", status "": as it is */
    bool sets_opt_out;
};

/* One command about one contact; which parts are set depends on the message. */
struct codec_contact_ask {
    bool is_new;
    struct id contact;
    uint64_t expected_version; /* 0: whatever it is */
    struct contact_change change;
    struct codec_contact_link *links;
    size_t link_count;
    struct codec_contact_channel *channels;
    size_t channel_count;
    struct id channel_id; /* RemoveChannel */
    struct consent *consents;
    size_t consent_count;
    bool changes_link;
    const char *field; /* SaveSensitive */
    struct text value;
    const char *purpose, *channel; /* CheckConsent; ListConsents: "" all */
    bool unmask, with_sensitive;
    uint32_t page_size;
    bool has_after;
    struct id after;
};

#define CODEC_CONTACT_ASK(name)                                                                    \
    enum status name(const uint8_t *payload, size_t bytes, int32_t today, struct arena *arena,     \
                     struct codec_contact_ask *out, struct codec_file_faults *faults) MUST_USE
CODEC_CONTACT_ASK(codec_get_save_contact);
CODEC_CONTACT_ASK(codec_get_link_contact);
CODEC_CONTACT_ASK(codec_get_unlink_contact);
CODEC_CONTACT_ASK(codec_get_get_contact);
CODEC_CONTACT_ASK(codec_get_save_channel);
CODEC_CONTACT_ASK(codec_get_remove_channel);
CODEC_CONTACT_ASK(codec_get_record_consent);
CODEC_CONTACT_ASK(codec_get_list_consents);
CODEC_CONTACT_ASK(codec_get_check_consent);
CODEC_CONTACT_ASK(codec_get_save_sensitive);
#undef CODEC_CONTACT_ASK

enum status codec_get_list_contacts(const uint8_t *payload, size_t bytes, int32_t today,
                                    struct arena *arena, struct contact_question *out,
                                    struct codec_file_faults *faults) MUST_USE;
/* GetPeople. */
enum status codec_get_get_people(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct customer_question *ref, bool *unmask,
                                 struct codec_file_faults *faults) MUST_USE;

/* A sensitive value, opened. */
struct codec_contact_sensitive {
    struct text field, value;
};

/* Answers, in the arena; NULL when it is full. */
struct codec_contact_view {
    const struct contact *contact;
    int32_t today;
    struct text latin_surname;       /* of a Chinese name */
    const struct consents *consents; /* the latest of each purpose and channel; may be NULL */
    const struct codec_contact_sensitive *sensitive;
    size_t sensitive_count;
};
const ProtobufCMessage *codec_contact(const struct codec_contact_view *view, struct arena *arena);
const ProtobufCMessage *codec_contact_list(const struct codec_contact_view *views, size_t count,
                                           const char *next_page_token, struct arena *arena);
const ProtobufCMessage *codec_contact_reply(const struct id *contact, int64_t version,
                                            const struct id *part, const struct id *parts,
                                            size_t part_count, struct arena *arena);
const ProtobufCMessage *codec_consent_list(const struct consents *consents,
                                           const char *next_page_token, struct arena *arena);
const ProtobufCMessage *codec_consent_answer(const struct consent_verdict *verdict,
                                             struct arena *arena);

/* Events; NULL when the arena is full. */
const ProtobufCMessage *codec_contact_changed(const struct id *contact, const struct id *customers,
                                              size_t customer_count, const char *const *changed,
                                              size_t count, int64_t version, struct arena *arena);
const ProtobufCMessage *codec_consent_changed(const struct id *contact,
                                              const struct consent *consent, struct arena *arena);

/* --- for other codecs of people --- */
struct Kehu__Customers__V1__Contact;
struct Kehu__Customers__V1__Contact **codec_contact_messages(const struct codec_contact_view *views,
                                                             size_t count, struct arena *arena);

#endif
