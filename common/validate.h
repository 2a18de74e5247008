/*
 * What protobuf-c lets through and we do not: after decoding, every string of a message (nested
 * ones too) must be UTF-8 without NUL and control characters (tab and line breaks only where the
 * caller allows them), and every enum value must be known. protobuf-c accepts all of these
 * silently.
 */
#ifndef KEHU_VALIDATE_H
#define KEHU_VALIDATE_H

#include <protobuf-c/protobuf-c.h>

#include "common/base.h"
#include "common/status.h"

/*
 * Decodes `bytes` as the message and checks it so. INVALID_ARGUMENT: `field` is the path of the
 * field
 * ("lines[3].product"; empty when the bytes are no such message), `why` says what is wrong.
 * RESOURCE_EXHAUSTED when the allocator's arena is full. An embedded NUL is found although
 * protobuf-c hands out terminated strings.
 */
enum status validate_unpack(const ProtobufCMessageDescriptor *descriptor,
                            ProtobufCAllocator *allocator, const uint8_t *bytes, size_t count,
                            ProtobufCMessage **out, char *field, size_t field_bytes, char *why,
                            size_t why_bytes) MUST_USE;

/* Likewise of a message with texts that people write in lines: tabs and line breaks may stand in
 * all of its strings. Which of them are of one line is the caller's business (validate_text). */
enum status validate_unpack_lines(const ProtobufCMessageDescriptor *descriptor,
                                  ProtobufCAllocator *allocator, const uint8_t *bytes, size_t count,
                                  ProtobufCMessage **out, char *field, size_t field_bytes,
                                  char *why, size_t why_bytes) MUST_USE;

/* The text rule alone: true when `bytes` are UTF-8 without control characters. */
bool validate_text(const char *at, size_t bytes);

#endif
