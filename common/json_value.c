/*
 * Reading single values of ProtoJSON: numbers, also as text, names of enums, base64; each within
 * the range of its field.
 */
#include "common/json_value.h"

#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json_text.h"

bool json_value_refuse(struct json_reading *r, const char *format, ...)
{
    va_list list;
    int used = 0;

    r->status = INVALID_ARGUMENT;
    if (r->path_used > 0)
        used = snprintf(r->why, r->why_bytes, "%s: ", r->path);
    if (used < 0 || (size_t)used >= r->why_bytes)
        return false;
    va_start(list, format);
    vsnprintf(r->why + used, r->why_bytes - (size_t)used, format, list);
    va_end(list);
    return false;
}

void *json_value_take(struct json_reading *r, size_t count, size_t size)
{
    void *piece = arena_take_array(r->arena, count, size);

    if (!piece) {
        json_value_refuse(r, "is too large");
        r->status = RESOURCE_EXHAUSTED;
    }
    return piece;
}

/* Goes into a field or an element; the result is given to path_leave. */
size_t json_value_enter(struct json_reading *r, const char *name, size_t index)
{
    size_t before = r->path_used;
    size_t left = before < JSON_PATH_BYTES ? JSON_PATH_BYTES - before : 0;
    char *at = r->path + JSON_PATH_BYTES - left;
    int length = name ? snprintf(at, left, "%s%s", before > 0 ? "." : "", name)
                      : snprintf(at, left, "[%zu]", index);

    r->path_used += length > 0 ? (size_t)length : 0;
    return before;
}

void json_value_leave(struct json_reading *r, size_t before)
{
    r->path_used = before;
    if (before < JSON_PATH_BYTES)
        r->path[before] = '\0';
}

const char *json_value_type(const json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "a list";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
    case JSON_REAL:
        return "a number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "a boolean";
    case JSON_NULL:
        return "null";
    }
    return "something else";
}

/* The text of a string that is to be read as something else; NULL after refusing. */
const char *json_value_plain(struct json_reading *r, const json_t *json, const char *wanted)
{
    const char *text = json_string_value(json);

    if (text && strlen(text) == json_string_length(json))
        return text;
    json_value_refuse(r, "is %s, wanted %s", text ? "text with NUL" : json_value_type(json),
                      wanted);
    return NULL;
}

/* "-12": digits and at most one minus, nothing else. */
static bool is_integer_text(const char *text)
{
    text += *text == '-';
    return *text && text[strspn(text, "0123456789")] == '\0';
}

static bool read_integer(struct json_reading *r, const json_t *json, int64_t min, int64_t max,
                         int64_t *out)
{
    int64_t value;

    if (json_is_integer(json)) {
        value = json_integer_value(json);
    } else if (json_is_real(json)) {
        double real = json_real_value(json);

        if (real != floor(real))
            return json_value_refuse(r, "is not a whole number");
        if (real < -9223372036854775808.0 || real >= 9223372036854775808.0)
            return json_value_refuse(r, "is out of range");
        value = (int64_t)real;
    } else {
        const char *text = json_value_plain(r, json, "a whole number");

        if (!text)
            return false;
        if (!is_integer_text(text))
            return json_value_refuse(r, "is not a whole number");
        errno = 0;
        value = strtoll(text, NULL, 10);
        if (errno)
            return json_value_refuse(r, "is out of range");
    }
    if (value < min || value > max)
        return json_value_refuse(r, "is out of range, wanted %" PRId64 "..%" PRId64, min, max);
    *out = value;
    return true;
}

static bool read_uint64(struct json_reading *r, const json_t *json, uint64_t *out)
{
    int64_t value;

    if (json_is_real(json)) {
        double real = json_real_value(json);

        if (real != floor(real))
            return json_value_refuse(r, "is not a whole number");
        if (real < 0 || real >= 18446744073709551616.0)
            return json_value_refuse(r, "is out of range");
        *out = (uint64_t)real;
        return true;
    }
    if (json_is_string(json)) {
        const char *text = json_value_plain(r, json, "a whole number");

        if (!text)
            return false;
        if (!is_integer_text(text))
            return json_value_refuse(r, "is not a whole number");
        errno = 0;
        *out = strtoull(text, NULL, 10);
        if (errno || text[0] == '-')
            return json_value_refuse(r, "is out of range");
        return true;
    }
    if (!read_integer(r, json, 0, INT64_MAX, &value))
        return false;
    *out = (uint64_t)value;
    return true;
}

static bool read_real_text(struct json_reading *r, const json_t *json, double *out)
{
    const char *text = json_value_plain(r, json, "a number");
    char *end;

    if (!text)
        return false;
    if (strcmp(text, "NaN") == 0)
        *out = NAN;
    else if (strcmp(text, "Infinity") == 0)
        *out = INFINITY;
    else if (strcmp(text, "-Infinity") == 0)
        *out = -INFINITY;
    else if (*text == '\0' || text[strspn(text, "0123456789+-.eE")] != '\0')
        return json_value_refuse(r, "is not a number");
    else if ((*out = strtod(text, &end), *end != '\0'))
        return json_value_refuse(r, "is not a number");
    else if (!isfinite(*out))
        return json_value_refuse(r, "is out of range");
    return true;
}

static bool read_real(struct json_reading *r, const json_t *json, double max, double *out)
{
    double value = 0;

    if (json_is_number(json))
        value = json_number_value(json);
    else if (!read_real_text(r, json, &value))
        return false;
    if (isfinite(value) && fabs(value) > max)
        return json_value_refuse(r, "is out of range");
    *out = value;
    return true;
}

static bool read_bool(struct json_reading *r, const json_t *json, protobuf_c_boolean *out)
{
    if (!json_is_boolean(json))
        return json_value_refuse(r, "is %s, wanted true or false", json_value_type(json));
    *out = json_is_true(json);
    return true;
}

/* Refuses with the names there are, as many as have room. */
static bool refuse_name(struct json_reading *r, const char *text,
                        const ProtobufCEnumDescriptor *descriptor)
{
    char names[260] = "";
    size_t used = 0;
    bool has_room = true;

    for (unsigned i = 0; has_room && i < descriptor->n_values; i++) {
        const ProtobufCEnumValue *value = &descriptor->values[i];

        has_room = used + strlen(value->name) + sizeof(", , …") <= sizeof(names);
        if (!has_room || value->value != 0)
            used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", used ? ", " : "",
                                     has_room ? value->name : "…");
    }
    return json_value_refuse(r, "\"%.64s\" is no value of %s: give %s", text, descriptor->name,
                             names);
}

static bool read_enum(struct json_reading *r, const json_t *json,
                      const ProtobufCEnumDescriptor *descriptor, int *out)
{
    int64_t number;

    if (json_is_string(json)) {
        const char *text = json_value_plain(r, json, "a name");
        const ProtobufCEnumValue *value =
            text ? protobuf_c_enum_descriptor_get_value_by_name(descriptor, text) : NULL;

        if (text && !value)
            return refuse_name(r, text, descriptor);
        if (value)
            *out = value->value;
        return value != NULL;
    }
    if (!read_integer(r, json, INT32_MIN, INT32_MAX, &number))
        return false;
    *out = (int)number;
    return true;
}

bool json_value_string(struct json_reading *r, const json_t *json, char **out)
{
    const char *text = json_value_plain(r, json, "a string");
    char *copy = text ? json_value_take(r, json_string_length(json) + 1, 1) : NULL;

    if (!copy)
        return false;
    memcpy(copy, text, json_string_length(json));
    *out = copy;
    return true;
}

bool json_value_bytes(struct json_reading *r, const json_t *json, ProtobufCBinaryData *out)
{
    const char *text = json_value_plain(r, json, "base64");
    uint8_t *bytes = text ? json_value_take(r, json_string_length(json) / 4 * 3 + 3, 1) : NULL;
    size_t count;

    if (!bytes)
        return false;
    if (!json_text_read_base64(text, json_string_length(json), bytes, &count))
        return json_value_refuse(r, "is not base64");
    *out = (ProtobufCBinaryData){.len = count, .data = bytes};
    return true;
}

/* One value; `at` points to the member, or to an element of a list. */
bool json_value_scalar(struct json_reading *r, const json_t *json,
                       const ProtobufCFieldDescriptor *field, void *at)
{
    int64_t integer;
    double real;

    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        if (!read_integer(r, json, INT32_MIN, INT32_MAX, &integer))
            return false;
        *(int32_t *)at = (int32_t)integer;
        return true;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        if (!read_integer(r, json, 0, UINT32_MAX, &integer))
            return false;
        *(uint32_t *)at = (uint32_t)integer;
        return true;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return read_integer(r, json, INT64_MIN, INT64_MAX, at);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return read_uint64(r, json, at);
    case PROTOBUF_C_TYPE_FLOAT:
        if (!read_real(r, json, FLT_MAX, &real))
            return false;
        *(float *)at = (float)real;
        return true;
    case PROTOBUF_C_TYPE_DOUBLE:
        return read_real(r, json, DBL_MAX, at);
    case PROTOBUF_C_TYPE_BOOL:
        return read_bool(r, json, at);
    case PROTOBUF_C_TYPE_ENUM:
        return read_enum(r, json, field->descriptor, at);
    case PROTOBUF_C_TYPE_STRING:
        return json_value_string(r, json, at);
    case PROTOBUF_C_TYPE_BYTES:
        return json_value_bytes(r, json, at);
    case PROTOBUF_C_TYPE_MESSAGE:
        break; /* json_in.c's */
    }
    return false;
}
