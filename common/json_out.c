/*
 * A message as canonical JSON, from its descriptor. proto3 only: presence is that of oneofs and
 * messages; other fields are printed when they are not their default.
 */
#include "common/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/descriptor.h"
#include "common/json_text.h"
#include "common/validate.h"
#include "google/protobuf/any.pb-c.h"
#include "google/protobuf/duration.pb-c.h"
#include "google/protobuf/timestamp.pb-c.h"

#define DEPTH_LIMIT 32
#define NAME_BYTES 128

struct printing {
    bool all;
    json_find find;
};

static json_t *print_message(const struct printing *p, const ProtobufCMessage *message, int depth);

static json_t *print_int64(int64_t value)
{
    char text[24];

    snprintf(text, sizeof(text), "%" PRId64, value);
    return json_string(text);
}

static json_t *print_uint64(uint64_t value)
{
    char text[24];

    snprintf(text, sizeof(text), "%" PRIu64, value);
    return json_string(text);
}

static json_t *print_real(double value)
{
    if (isnan(value))
        return json_string("NaN");
    if (isinf(value))
        return json_string(value > 0 ? "Infinity" : "-Infinity");
    return json_real(value);
}

static json_t *print_enum(const ProtobufCEnumDescriptor *descriptor, int value)
{
    const ProtobufCEnumValue *known = protobuf_c_enum_descriptor_get_value(descriptor, value);

    return known ? json_string(known->name) : json_integer(value);
}

static json_t *print_bytes(const uint8_t *bytes, size_t count)
{
    char *text = json_text_print_base64(bytes, count);
    json_t *json = text ? json_string(text) : NULL;

    free(text);
    return json;
}

/* A message that is not there, where JSON must show one: a map entry without its value. */
static json_t *print_empty(const struct printing *p, const ProtobufCMessageDescriptor *descriptor,
                           int depth)
{
    ProtobufCMessage *message = calloc(1, descriptor->sizeof_message);

    if (!message)
        return NULL;
    descriptor->message_init(message);

    json_t *json = print_message(p, message, depth);

    free(message);
    return json;
}

/* One value; `at` points to the member, or to an element of a list. */
static json_t *print_value(const struct printing *p, const ProtobufCFieldDescriptor *field,
                           const void *at, int depth)
{
    const ProtobufCMessage *message;
    const ProtobufCBinaryData *bytes;
    const char *text;

    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return json_integer(*(const int32_t *)at);
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return json_integer(*(const uint32_t *)at);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return print_int64(*(const int64_t *)at);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return print_uint64(*(const uint64_t *)at);
    case PROTOBUF_C_TYPE_FLOAT:
        return print_real(*(const float *)at);
    case PROTOBUF_C_TYPE_DOUBLE:
        return print_real(*(const double *)at);
    case PROTOBUF_C_TYPE_BOOL:
        return json_boolean(*(const protobuf_c_boolean *)at);
    case PROTOBUF_C_TYPE_ENUM:
        return print_enum(field->descriptor, *(const int *)at);
    case PROTOBUF_C_TYPE_STRING:
        text = *(const char *const *)at;
        return json_string(text ? text : "");
    case PROTOBUF_C_TYPE_BYTES:
        bytes = at;
        return print_bytes(bytes->data, bytes->len);
    case PROTOBUF_C_TYPE_MESSAGE:
        message = *(const ProtobufCMessage *const *)at;
        return message ? print_message(p, message, depth + 1)
                       : print_empty(p, field->descriptor, depth + 1);
    }
    return NULL;
}

static json_t *print_list(const struct printing *p, const ProtobufCFieldDescriptor *field,
                          const char *elements, size_t count, int depth)
{
    json_t *list = json_array();
    size_t size = descriptor_value_bytes(field->type);

    for (size_t i = 0; list && i < count; i++) {
        if (json_array_append_new(list, print_value(p, field, elements + i * size, depth)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* A key of a map as JSON wants it: text, whatever its type. */
static json_t *print_key(const ProtobufCFieldDescriptor *field, const void *at)
{
    const struct printing plain = {0};
    char text[32];
    json_t *key;

    if (field->type == PROTOBUF_C_TYPE_BOOL)
        return json_string(*(const protobuf_c_boolean *)at ? "true" : "false");
    key = print_value(&plain, field, at, 0);
    if (!json_is_integer(key))
        return key;
    snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, json_integer_value(key));
    json_decref(key);
    return json_string(text);
}

static json_t *print_map(const struct printing *p, const ProtobufCFieldDescriptor *field,
                         ProtobufCMessage *const *entries, size_t count, int depth)
{
    const ProtobufCMessageDescriptor *entry = field->descriptor;
    json_t *map = json_object();

    for (size_t i = 0; map && i < count; i++) {
        const char *at = (const char *)entries[i];
        json_t *key = print_key(&entry->fields[0], at + entry->fields[0].offset);
        json_t *value = print_value(p, &entry->fields[1], at + entry->fields[1].offset, depth + 1);

        if (!key || !value || json_object_set(map, json_string_value(key), value) != 0) {
            json_decref(map);
            map = NULL;
        }
        json_decref(key);
        json_decref(value);
    }
    return map;
}

static bool is_default(const ProtobufCFieldDescriptor *field, const void *at)
{
    static const char zeros[8];

    if (field->type == PROTOBUF_C_TYPE_STRING)
        return !*(const char *const *)at || **(const char *const *)at == '\0';
    if (field->type == PROTOBUF_C_TYPE_BYTES)
        return ((const ProtobufCBinaryData *)at)->len == 0;
    /* By its bits, so that minus zero is a value. */
    return memcmp(at, zeros, descriptor_value_bytes(field->type)) == 0;
}

static bool is_printed(const struct printing *p, const ProtobufCMessage *message,
                       const ProtobufCFieldDescriptor *field)
{
    const char *base = (const char *)message;
    const void *at = base + field->offset;

    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return p->all || *(const size_t *)(base + field->quantifier_offset) > 0;
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
        return *(const uint32_t *)(base + field->quantifier_offset) == field->id;
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        return *(const ProtobufCMessage *const *)at != NULL;
    return p->all || !is_default(field, at);
}

static json_t *print_field(const struct printing *p, const ProtobufCMessage *message,
                           const ProtobufCFieldDescriptor *field, int depth)
{
    const char *base = (const char *)message;
    const void *at = base + field->offset;

    if (field->label != PROTOBUF_C_LABEL_REPEATED)
        return print_value(p, field, at, depth);

    size_t count = *(const size_t *)(base + field->quantifier_offset);

    if (descriptor_is_map(field))
        return print_map(p, field, *(ProtobufCMessage *const *const *)at, count, depth);
    return print_list(p, field, *(const char *const *)at, count, depth);
}

/* Sets a member; takes the value over. False when memory is out, or the value is NULL for that. */
static bool set(json_t *object, const char *name, json_t *value)
{
    return json_object_set_new(object, name, value) == 0;
}

static json_t *print_fields(const struct printing *p, const ProtobufCMessage *message, int depth)
{
    json_t *object = json_object();
    char name[NAME_BYTES];

    for (unsigned i = 0; object && i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];

        if (!is_printed(p, message, field))
            continue;
        json_text_print_name(field->name, name, sizeof(name));
        if (!set(object, name, print_field(p, message, field, depth))) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

/* Times outside what the text form can say are shown as they are. */
static json_t *print_raw(int64_t seconds, int32_t nanos)
{
    return json_pack("{s:o, s:i}", "seconds", print_int64(seconds), "nanos", (int)nanos);
}

static json_t *print_time(const ProtobufCMessage *message)
{
    const Google__Protobuf__Timestamp *time = (const Google__Protobuf__Timestamp *)message;
    char text[JSON_TEXT_BYTES];

    if (!json_text_print_time(time->seconds, time->nanos, text))
        return print_raw(time->seconds, time->nanos);
    return json_string(text);
}

static json_t *print_duration(const ProtobufCMessage *message)
{
    const Google__Protobuf__Duration *duration = (const Google__Protobuf__Duration *)message;
    char text[JSON_TEXT_BYTES];

    if (!json_text_print_duration(duration->seconds, duration->nanos, text))
        return print_raw(duration->seconds, duration->nanos);
    return json_string(text);
}

/* What the Any holds; NULL when its type is unknown or its bytes are no such message. */
static ProtobufCMessage *unpack_any(const struct printing *p, const Google__Protobuf__Any *any,
                                    int depth)
{
    const char *slash = strrchr(any->type_url, '/');
    const ProtobufCMessageDescriptor *descriptor =
        slash && p->find && depth < DEPTH_LIMIT ? p->find(slash + 1) : NULL;
    ProtobufCMessage *inner = NULL;
    char field[8], why[8];

    if (descriptor && validate_unpack(descriptor, NULL, any->value.data, any->value.len, &inner,
                                      field, sizeof(field), why, sizeof(why)) != OK)
        return NULL;
    return inner;
}

static json_t *print_any(const struct printing *p, const ProtobufCMessage *message, int depth)
{
    const Google__Protobuf__Any *any = (const Google__Protobuf__Any *)message;

    if (any->type_url[0] == '\0' && any->value.len == 0)
        return json_object();

    ProtobufCMessage *inner = unpack_any(p, any, depth);
    json_t *value =
        inner ? print_message(p, inner, depth + 1) : print_bytes(any->value.data, any->value.len);
    /* What has a text form of its own, or is itself an Any, cannot share the object with @type. */
    bool apart = !json_is_object(value) ||
                 (inner && inner->descriptor == &google__protobuf__any__descriptor);
    json_t *object = json_object();
    bool good =
        value && object && set(object, "@type", json_string(any->type_url)) &&
        (apart ? json_object_set(object, "value", value) : json_object_update(object, value)) == 0;

    json_decref(value);
    if (inner)
        protobuf_c_message_free_unpacked(inner, NULL);
    if (good)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *print_message(const struct printing *p, const ProtobufCMessage *message, int depth)
{
    if (message->descriptor == &google__protobuf__timestamp__descriptor)
        return print_time(message);
    if (message->descriptor == &google__protobuf__duration__descriptor)
        return print_duration(message);
    if (message->descriptor == &google__protobuf__any__descriptor)
        return print_any(p, message, depth);
    return print_fields(p, message, depth);
}

json_t *json_from_message(const ProtobufCMessage *message, bool all, json_find find)
{
    const struct printing printing = {.all = all, .find = find};

    return print_message(&printing, message, 0);
}
