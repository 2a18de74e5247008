/*
 * Cards on the wire and in the cache, where a card is packed with its figures and nothing else.
 */
#ifndef KEHU_CUSTOMERS_CODEC_CARD_H
#define KEHU_CUSTOMERS_CODEC_CARD_H

#include "services/customers/codec/codec.h"
#include "services/customers/domain/card.h"

struct codec_card_ask {
    struct customer_question *questions;
    struct text *refs; /* as they were given */
    size_t count;      /* 1..CARD_MAX_REFS */
    bool without_names;
};

/* INVALID_ARGUMENT: `field` and `why` say the first thing that is wrong. */
enum status codec_get_get_cards(const uint8_t *payload, size_t bytes, struct arena *arena,
                                struct codec_card_ask *out, char *field, size_t field_bytes,
                                char *why, size_t why_bytes) MUST_USE;

/* Those with figures; the refs of the others are unknown. NULL: the arena is full. */
const ProtobufCMessage *codec_cards(const struct cards *cards, bool without_names,
                                    struct arena *arena);

/* For the cache; codec_get_figures reads it again. INVALID_ARGUMENT: it is something else. */
const ProtobufCMessage *codec_figures(const struct card_figures *figures, struct arena *arena);
enum status codec_get_figures(const uint8_t *bytes, size_t count, struct arena *arena,
                              struct card_figures *out) MUST_USE;

#endif
