/*
 * The messages of the timeline.
 */
#ifndef KEHU_CUSTOMERS_CODEC_TIMELINE_H
#define KEHU_CUSTOMERS_CODEC_TIMELINE_H

#include "services/customers/codec/codec_ask.h"
#include "services/customers/domain/file.h"
#include "services/customers/domain/timeline.h"

/* INVALID_ARGUMENT fills the fault, RESOURCE_EXHAUSTED: the arena is full. */
enum status codec_get_get_timeline(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct timeline_question *out,
                                   struct codec_ask_fault *fault) MUST_USE;
/* The first `count` entries; in the arena, NULL when it is full. */
const ProtobufCMessage *codec_timeline(const struct file_row *customer,
                                       const struct timeline_entries *entries, size_t count,
                                       const char *next_page_token, struct arena *arena);

#endif
