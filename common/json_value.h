/*
 * Reading single values of ProtoJSON, and what all reading shares: the arena, the path of what is
 * being read, the refusal. Internal to json_*.c.
 */
#ifndef KEHU_JSON_VALUE_H
#define KEHU_JSON_VALUE_H

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

#include "common/arena.h"
#include "common/base.h"
#include "common/json.h"
#include "common/status.h"

#define JSON_PATH_BYTES 256

struct json_reading {
    struct arena *arena;
    json_find find;
    enum status status; /* of the refusal */
    char path[JSON_PATH_BYTES];
    size_t path_used; /* may pass JSON_PATH_BYTES: the path is then cut */
    char *why;
    size_t why_bytes;
};

/* Writes "path: what is wrong"; always false, so that it can be returned. */
bool json_value_refuse(struct json_reading *r, const char *format, ...) PRINTF_LIKE(2, 3);
/* Zeroed memory of the arena; NULL after refusing with RESOURCE_EXHAUSTED. */
void *json_value_take(struct json_reading *r, size_t count, size_t size);

/* Goes into a field, or with a NULL name into an element; the result is given to json_value_leave.
 */
size_t json_value_enter(struct json_reading *r, const char *name, size_t index);
void json_value_leave(struct json_reading *r, size_t before);

/* "an object", "a list", …, for refusals. */
const char *json_value_type(const json_t *json);
/* The text of a string without NUL; NULL after refusing with what was wanted. */
const char *json_value_plain(struct json_reading *r, const json_t *json, const char *wanted);

/* Each reads one value; false after refusing. */
bool json_value_string(struct json_reading *r, const json_t *json, char **out);
bool json_value_bytes(struct json_reading *r, const json_t *json, ProtobufCBinaryData *out);
/* By the field's type, which is no message; `at` is the member or an element of its list. */
bool json_value_scalar(struct json_reading *r, const json_t *json,
                       const ProtobufCFieldDescriptor *field, void *at);

#endif
