/*
 * JSON to a message, by its descriptor. Everything is built in the caller's arena; nothing is kept
 * of the JSON. The path of what is being read is held as text, so that any refusal can name it.
 */
#include "common/json.h"

#include <string.h>

#include "common/descriptor.h"
#include "common/json_text.h"
#include "common/json_value.h"
#include "google/protobuf/any.pb-c.h"
#include "google/protobuf/duration.pb-c.h"
#include "google/protobuf/timestamp.pb-c.h"

#define DEPTH_LIMIT 32
#define NAME_BYTES 128

static ProtobufCMessage *read_message(struct json_reading *r, const json_t *json,
                                      const ProtobufCMessageDescriptor *descriptor, int depth);

/* One value; `at` points to the member, or to an element of a list. */
static bool read_value(struct json_reading *r, const json_t *json,
                       const ProtobufCFieldDescriptor *field, void *at, int depth)
{
    if (field->type != PROTOBUF_C_TYPE_MESSAGE)
        return json_value_scalar(r, json, field, at);
    *(ProtobufCMessage **)at = read_message(r, json, field->descriptor, depth + 1);
    return *(ProtobufCMessage **)at != NULL;
}

static ProtobufCMessage *make_message(struct json_reading *r,
                                      const ProtobufCMessageDescriptor *descriptor)
{
    ProtobufCMessage *message = json_value_take(r, 1, descriptor->sizeof_message);

    if (message)
        descriptor->message_init(message);
    return message;
}

static bool read_list(struct json_reading *r, const json_t *json,
                      const ProtobufCFieldDescriptor *field, char *base, int depth)
{
    size_t count = json_array_size(json), size = descriptor_value_bytes(field->type);
    char *elements;

    if (!json_is_array(json))
        return json_value_refuse(r, "is %s, wanted a list", json_value_type(json));
    if (count == 0)
        return true;
    elements = json_value_take(r, count, size);
    if (!elements)
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t before = json_value_enter(r, NULL, i);

        if (!read_value(r, json_array_get(json, i), field, elements + i * size, depth))
            return false;
        json_value_leave(r, before);
    }
    *(size_t *)(base + field->quantifier_offset) = count;
    *(char **)(base + field->offset) = elements;
    return true;
}

/* A key of a map stands as text, whatever its type. */
static bool read_key(struct json_reading *r, const char *key, const ProtobufCFieldDescriptor *field,
                     void *at)
{
    if (field->type == PROTOBUF_C_TYPE_BOOL) {
        *(protobuf_c_boolean *)at = strcmp(key, "true") == 0;
        return *(protobuf_c_boolean *)at || strcmp(key, "false") == 0 ||
               json_value_refuse(r, "the key is neither true nor false");
    }

    json_t *json = json_string(key);
    bool good =
        json ? read_value(r, json, field, at, 0) : json_value_refuse(r, "the key is not UTF-8");

    json_decref(json);
    return good;
}

static bool read_map(struct json_reading *r, const json_t *json,
                     const ProtobufCFieldDescriptor *field, char *base, int depth)
{
    const ProtobufCMessageDescriptor *entry = field->descriptor;
    size_t count = json_object_size(json), made = 0;
    ProtobufCMessage **entries;
    const char *key;
    json_t *value;

    if (!json_is_object(json))
        return json_value_refuse(r, "is %s, wanted an object", json_value_type(json));
    if (count == 0)
        return true;
    entries = json_value_take(r, count, sizeof(*entries));
    if (!entries)
        return false;
    json_object_foreach((json_t *)json, key, value)
    {
        size_t before = json_value_enter(r, key, 0);
        char *at = (char *)(entries[made++] = make_message(r, entry));

        if (!at || !read_key(r, key, &entry->fields[0], at + entry->fields[0].offset) ||
            !read_value(r, value, &entry->fields[1], at + entry->fields[1].offset, depth + 1))
            return false;
        json_value_leave(r, before);
    }
    *(size_t *)(base + field->quantifier_offset) = count;
    *(ProtobufCMessage ***)(base + field->offset) = entries;
    return true;
}

static bool read_field(struct json_reading *r, const json_t *json,
                       const ProtobufCFieldDescriptor *field, ProtobufCMessage *message, int depth)
{
    char *base = (char *)message;

    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return descriptor_is_map(field) ? read_map(r, json, field, base, depth)
                                        : read_list(r, json, field, base, depth);
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
        uint32_t *which = (uint32_t *)(base + field->quantifier_offset);

        if (*which)
            return json_value_refuse(
                r, "stands beside %s, and only one of the two may",
                protobuf_c_message_descriptor_get_field(message->descriptor, *which)->name);
        *which = field->id;
    }
    return read_value(r, json, field, base + field->offset, depth);
}

/* By its JSON name or its name in the contract; NULL when there is none. */
static const ProtobufCFieldDescriptor *find_field(const ProtobufCMessageDescriptor *descriptor,
                                                  const char *key)
{
    char name[NAME_BYTES];

    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        json_text_print_name(descriptor->fields[i].name, name, sizeof(name));
        if (strcmp(name, key) == 0 || strcmp(descriptor->fields[i].name, key) == 0)
            return &descriptor->fields[i];
    }
    return NULL;
}

/* The members of an object; `skip` is passed over (the @type of an Any). */
static ProtobufCMessage *read_fields(struct json_reading *r, const json_t *json,
                                     const ProtobufCMessageDescriptor *descriptor, const char *skip,
                                     int depth)
{
    ProtobufCMessage *message = make_message(r, descriptor);
    bool *seen = message ? json_value_take(r, descriptor->n_fields, sizeof(*seen)) : NULL;
    const char *key;
    json_t *value;

    if (!seen)
        return NULL;
    json_object_foreach((json_t *)json, key, value)
    {
        const ProtobufCFieldDescriptor *field = find_field(descriptor, key);
        size_t before;

        if (skip && strcmp(key, skip) == 0)
            continue;
        before = json_value_enter(r, field ? field->name : key, 0);
        if (!field)
            return json_value_refuse(r, "%s has no such field", descriptor->name), NULL;
        if (seen[field - descriptor->fields])
            return json_value_refuse(r, "stands twice, under both its names"), NULL;
        seen[field - descriptor->fields] = true;
        if (!json_is_null(value) && !read_field(r, value, field, message, depth))
            return NULL;
        json_value_leave(r, before);
    }
    return message;
}

static ProtobufCMessage *read_time(struct json_reading *r, const json_t *json)
{
    Google__Protobuf__Timestamp *time =
        (Google__Protobuf__Timestamp *)make_message(r, &google__protobuf__timestamp__descriptor);
    const char *text = time ? json_value_plain(r, json, "a time") : NULL;

    if (!text)
        return NULL;
    if (!json_text_read_time(text, &time->seconds, &time->nanos))
        return json_value_refuse(r, "is no time like 2026-09-30T08:00:00Z"), NULL;
    return &time->base;
}

static ProtobufCMessage *read_duration(struct json_reading *r, const json_t *json)
{
    Google__Protobuf__Duration *duration =
        (Google__Protobuf__Duration *)make_message(r, &google__protobuf__duration__descriptor);
    const char *text = duration ? json_value_plain(r, json, "a duration") : NULL;

    if (!text)
        return NULL;
    if (!json_text_read_duration(text, &duration->seconds, &duration->nanos))
        return json_value_refuse(r, "is no duration like 1.5s"), NULL;
    return &duration->base;
}

/* Types whose JSON is not an object of their fields stand in an Any under "value". */
static bool is_apart(const ProtobufCMessageDescriptor *descriptor)
{
    return descriptor == &google__protobuf__timestamp__descriptor ||
           descriptor == &google__protobuf__duration__descriptor ||
           descriptor == &google__protobuf__any__descriptor;
}

/* Reads what the Any holds and packs it. */
static bool read_any_value(struct json_reading *r, const json_t *json,
                           const ProtobufCMessageDescriptor *descriptor, ProtobufCBinaryData *out,
                           int depth)
{
    const json_t *value = json_object_get(json, "value");
    ProtobufCMessage *inner;

    if (descriptor && !is_apart(descriptor)) {
        inner = depth < DEPTH_LIMIT ? read_fields(r, json, descriptor, "@type", depth + 1) : NULL;
        if (depth >= DEPTH_LIMIT)
            json_value_refuse(r, "is nested more than %d deep", DEPTH_LIMIT);
    } else {
        if (!value || json_object_size(json) != 2)
            return json_value_refuse(r, descriptor
                                            ? "wants just \"@type\" and \"value\""
                                            : "is of unknown type, wants \"value\" in base64");
        if (!descriptor)
            return json_value_bytes(r, value, out);
        inner = read_message(r, value, descriptor, depth + 1);
    }
    if (!inner)
        return false;
    out->len = protobuf_c_message_get_packed_size(inner);
    out->data = json_value_take(r, out->len + 1, 1);
    if (!out->data)
        return false;
    protobuf_c_message_pack(inner, out->data);
    return true;
}

static ProtobufCMessage *read_any(struct json_reading *r, const json_t *json, int depth)
{
    Google__Protobuf__Any *any =
        (Google__Protobuf__Any *)make_message(r, &google__protobuf__any__descriptor);
    const json_t *type = json_object_get(json, "@type");
    const char *slash;

    if (!any)
        return NULL;
    if (!json_is_object(json))
        return json_value_refuse(r, "is %s, wanted an object", json_value_type(json)), NULL;
    if (json_object_size(json) == 0)
        return &any->base;
    if (!type)
        return json_value_refuse(r, "has no \"@type\""), NULL;
    if (!json_value_string(r, type, &any->type_url))
        return NULL;
    slash = strrchr(any->type_url, '/');
    if (!slash)
        return json_value_refuse(r,
                                 "\"@type\" wants type.googleapis.com/ and a message's full name"),
               NULL;
    if (!read_any_value(r, json, r->find ? r->find(slash + 1) : NULL, &any->value, depth))
        return NULL;
    return &any->base;
}

static ProtobufCMessage *read_message(struct json_reading *r, const json_t *json,
                                      const ProtobufCMessageDescriptor *descriptor, int depth)
{
    if (depth > DEPTH_LIMIT)
        return json_value_refuse(r, "is nested more than %d deep", DEPTH_LIMIT), NULL;
    if (descriptor == &google__protobuf__timestamp__descriptor)
        return read_time(r, json);
    if (descriptor == &google__protobuf__duration__descriptor)
        return read_duration(r, json);
    if (descriptor == &google__protobuf__any__descriptor)
        return read_any(r, json, depth);
    if (!json_is_object(json))
        return json_value_refuse(r, "is %s, wanted an object", json_value_type(json)), NULL;
    return read_fields(r, json, descriptor, NULL, depth);
}

enum status json_to_message(const json_t *json, const ProtobufCMessageDescriptor *descriptor,
                            struct arena *arena, json_find find, ProtobufCMessage **out, char *why,
                            size_t why_bytes)
{
    struct json_reading reading = {
        .arena = arena, .find = find, .why = why, .why_bytes = why_bytes};
    ProtobufCMessage *message = read_message(&reading, json, descriptor, 0);

    if (!message)
        return reading.status;
    *out = message;
    return OK;
}
