/*
 * Decision chains on the wire, and the page of a customer's people.
 */
#ifndef KEHU_CUSTOMERS_CODEC_DECISION_H
#define KEHU_CUSTOMERS_CODEC_DECISION_H

#include "services/customers/codec/codec_contact.h"
#include "services/customers/domain/decision.h"

struct codec_decision_ask {
    struct customer_question ref;
    uint64_t expected_version;
    struct decision_entry entry; /* RemoveDecisionEntry: the contact alone */
};
#define CODEC_DECISION_ASK(name)                                                                   \
    enum status name(const uint8_t *payload, size_t bytes, struct arena *arena,                    \
                     struct codec_decision_ask *out, struct codec_file_faults *faults) MUST_USE
CODEC_DECISION_ASK(codec_get_save_decision_entry);
CODEC_DECISION_ASK(codec_get_remove_decision_entry);
CODEC_DECISION_ASK(codec_get_get_decision_chain);
#undef CODEC_DECISION_ASK

struct codec_lack_ask {
    bool wants_a, wants_large;
    uint32_t page_size;
    int64_t after_number;
};
enum status codec_get_list_without_decider(const uint8_t *payload, size_t bytes,
                                           struct arena *arena, struct codec_lack_ask *out,
                                           struct codec_file_faults *faults) MUST_USE;

/* Answers and the event, in the arena; NULL when it is full. */
struct codec_decision_view {
    const struct id *customer;
    int64_t number;
    const struct decision_chain *chain;
    struct decision_need need;
};
const ProtobufCMessage *codec_decision_chain(const struct codec_decision_view *view,
                                             struct arena *arena);
const ProtobufCMessage *codec_people(const struct codec_decision_view *view, struct text name,
                                     const struct codec_contact_view *contacts, size_t count,
                                     bool has_more, struct arena *arena);

struct codec_lack {
    struct id id;
    int64_t number;
    struct text name;
    struct decision_need need;
    int64_t entries;
};
const ProtobufCMessage *codec_without_decider_list(const struct codec_lack *lacks, size_t count,
                                                   const char *next_page_token,
                                                   struct arena *arena);
const ProtobufCMessage *codec_part_reply(const struct id *id, int64_t version, struct arena *arena);
/* `role` "": not in the chain any more. */
const ProtobufCMessage *codec_decision_changed(const struct id *customer, const struct id *contact,
                                               const char *role, bool has_decider,
                                               struct arena *arena);

#endif
