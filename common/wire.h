/*
 * Protobuf's wire format, as far as it must be seen before anything is decoded: where the events of
 * a batch begin and end (so that a broken one spoils no other), what a broken event says of itself,
 * how many lines are coming.
 */
#ifndef KEHU_WIRE_H
#define KEHU_WIRE_H

#include "common/base.h"

struct wire {
    const uint8_t *at, *end;
    bool is_broken; /* the bytes are no protobuf; nothing more is read */
};

struct wire_field {
    uint32_t number;
    bool has_bytes; /* text, bytes or a message; other fields are only passed over */
    const uint8_t *at;
    size_t bytes;
};

/* Reads the next field. False at the end or when the bytes are broken. */
bool wire_next(struct wire *wire, struct wire_field *out);

/* How often a field of bytes stands in the message; what comes after a break is not counted. */
size_t wire_count(const uint8_t *at, size_t bytes, uint32_t number);

/* The last field of that number that holds bytes, as protobuf has it; empty when there is none. */
struct wire_field wire_find(const uint8_t *at, size_t bytes, uint32_t number);

#endif
