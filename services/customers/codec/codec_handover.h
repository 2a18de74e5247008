/*
 * The messages about handovers and briefings.
 */
#ifndef KEHU_CUSTOMERS_CODEC_HANDOVER_H
#define KEHU_CUSTOMERS_CODEC_HANDOVER_H

#include "services/customers/codec/codec_ask.h"
#include "services/customers/domain/briefing.h"
#include "services/customers/domain/handover.h"

/* What any of the questions says; each uses its own part. */
struct codec_handover_question {
    struct id id;
    bool has_id;
    struct text from, to, receiver, staff; /* codes; empty: not said */
    bool by_rule, leaves, tells_customers;
    struct text note; /* or reason */
    const struct customer_question *refs;
    size_t ref_count;
    bool has_customer; /* GetBriefing */
    struct customer_question customer;
    bool only_open, only_done;
    enum handover_item_state state;
    uint32_t page_size;
    bool has_after;
    struct id after; /* of the token */
};

/* INVALID_ARGUMENT: `fault` says what is wrong. RESOURCE_EXHAUSTED: the arena is full. */
typedef enum status codec_get_handover_question(const uint8_t *payload, size_t bytes,
                                                struct arena *arena,
                                                struct codec_handover_question *out,
                                                struct codec_ask_fault *fault);
codec_get_handover_question codec_get_make_handover, codec_get_list_handovers,
    codec_get_get_handover, codec_get_acknowledge_handover, codec_get_object_handover,
    codec_get_decide_handover, codec_get_get_briefing;

/* Answers, in the arena; NULL when it is full. `receivers` may be NULL. */
const ProtobufCMessage *codec_handover(const struct handover *handover,
                                       const struct handover_receivers *receivers,
                                       struct arena *arena);
const ProtobufCMessage *codec_handover_list(const struct handovers *handovers, const char *next,
                                            struct arena *arena);
const ProtobufCMessage *codec_handover_page(const struct handover *handover,
                                            const struct handover_receivers *receivers,
                                            const struct handover_items *items, const char *next,
                                            struct arena *arena);
const ProtobufCMessage *codec_briefing_list(const struct briefings *briefings, const char *next,
                                            struct arena *arena);

/* Events. */
const ProtobufCMessage *codec_handover_made(const struct handover *handover,
                                            const struct handover_receivers *receivers,
                                            struct arena *arena);
const ProtobufCMessage *codec_staff_left(const struct handover *handover, int32_t left_on,
                                         struct arena *arena);
const ProtobufCMessage *codec_handover_acknowledged(const struct id *handover,
                                                    const struct handover_item *item, bool by_term,
                                                    struct arena *arena);
const ProtobufCMessage *codec_handover_objected(const struct handover *handover,
                                                const struct handover_item *item,
                                                struct arena *arena);
const ProtobufCMessage *codec_handover_decided(const struct id *handover, const struct id *customer,
                                               const struct id *owner, bool is_kept,
                                               struct arena *arena);

#endif
