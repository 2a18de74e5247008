/*
 * Protobuf to canonical JSON and back, from descriptors, for every message. The mapping is
 * protobuf's (ProtoJSON): lowerCamelCase names (snake_case is read too), int64 and uint64 as
 * strings (numbers are read too), bytes in base64, enums by name (numbers are read too),
 * Timestamp and Duration in their text forms, Any with "@type", NaN and Infinity as strings. Fields
 * with their default value are not printed unless asked for. Unknown fields, wrong types, numbers
 * out of range, text that is not UTF-8, and nesting over 32 are refused with the path of the field.
 */
#ifndef KEHU_JSON_H
#define KEHU_JSON_H

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

#include "common/arena.h"
#include "common/base.h"
#include "common/status.h"

/* Finds a message by full name ("kehu.customers.v1.OrderPlaced"); NULL when there is none. Used for
 * Any and for data of events. */
typedef const ProtobufCMessageDescriptor *(*json_find)(const char *full_name);

/* A new reference, or NULL when memory is out. `all` prints default values too. An Any of unknown
 * type is printed as
 * {"@type": …, "value": base64}. */
json_t *json_from_message(const ProtobufCMessage *message, bool all, json_find find);

/* Builds a message in the arena. INVALID_ARGUMENT: `why` is "path: what is wrong", at most
 * why_bytes. */
enum status json_to_message(const json_t *json, const ProtobufCMessageDescriptor *descriptor,
                            struct arena *arena, json_find find, ProtobufCMessage **out, char *why,
                            size_t why_bytes) MUST_USE;

#endif
