/*
 * A Publish as items: each CloudEvent is decoded on its own, straight from the bytes of the batch,
 * so that what is wrong with one (even its protobuf) rejects that one only.
 */
#include "common/intake.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "common/pure/utf8.h"
#include "common/validate.h"
#include "common/wire.h"
#include "io/cloudevents/v1/cloudevents.pb-c.h"

#define CUT_SOURCE_BYTES 64
#define CUT_ID_BYTES 128
#define CUT_TYPE_BYTES 128

/* Field numbers that are read off the wire. */
enum {
    PUBLISH_EVENTS = 1,
    EVENT_ID = 1,
    EVENT_SOURCE = 2,
    EVENT_TYPE = 4,
};

static struct text text_of(const char *terminated)
{
    return (struct text){terminated, strlen(terminated)};
}

/* Over type, subject and data, each ended by a zero byte. */
static void hash_item(struct intake_item *item, struct text subject)
{
    static const uint8_t end[1];
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const uint8_t *)item->type.at, item->type.bytes);
    crypto_hash_sha256_update(&state, end, 1);
    crypto_hash_sha256_update(&state, (const uint8_t *)subject.at, subject.bytes);
    crypto_hash_sha256_update(&state, end, 1);
    crypto_hash_sha256_update(&state, item->raw, item->raw_bytes);
    crypto_hash_sha256_update(&state, end, 1);
    crypto_hash_sha256_final(&state, item->hash);
}

static struct text cut_unless_short(struct text text, size_t max_characters, size_t max_bytes)
{
    if (text.bytes <= max_characters || utf8_count(text) <= max_characters)
        return text;
    return intake_cut(text, max_bytes);
}

/* What an event that cannot be decoded says of itself, as far as it is text. */
static struct text salvage(const struct wire_field *event, uint32_t number, size_t max_characters,
                           size_t max_bytes)
{
    struct wire_field field = wire_find(event->at, event->bytes, number);
    const char *at = (const char *)field.at;

    if (field.bytes == 0 || !validate_text(at, field.bytes))
        return TEXT_OF("");
    return cut_unless_short((struct text){at, field.bytes}, max_characters, max_bytes);
}

static void salvage_item(struct intake_item *item, const struct wire_field *event)
{
    item->id = salvage(event, EVENT_ID, INTAKE_MAX_EVENT_ID, CUT_ID_BYTES);
    item->source = salvage(event, EVENT_SOURCE, INTAKE_MAX_SOURCE, CUT_SOURCE_BYTES);
    item->type = salvage(event, EVENT_TYPE, CUT_TYPE_BYTES, CUT_TYPE_BYTES);
    item->raw = event->at;
    item->raw_bytes = event->bytes;
    hash_item(item, TEXT_OF(""));
}

/* The attribute's last value, as a protobuf map has it; NULL when it is not there. */
static const Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue *
find_attribute(const Io__Cloudevents__V1__CloudEvent *event, const char *name)
{
    for (size_t i = event->n_attributes; i > 0; i--)
        if (strcmp(event->attributes[i - 1]->key, name) == 0)
            return event->attributes[i - 1]->value;
    return NULL;
}

static struct text subject_of(const Io__Cloudevents__V1__CloudEvent *event)
{
    const Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue *value =
        find_attribute(event, "subject");

    if (!value || value->attr_case !=
                      IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_STRING)
        return TEXT_OF("");
    return text_of(value->ce_string);
}

static bool read_time(struct intake_reader *reader, const Io__Cloudevents__V1__CloudEvent *event)
{
    const Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue *value =
        find_attribute(event, "time");

    if (!value)
        return true;
    if (value->attr_case !=
        IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_TIMESTAMP)
        return intake_reject(reader, "time", "is of another type: send it as ce_timestamp");
    reader->item->has_time = true;
    if (!intake_check_time(reader, "time", value->ce_timestamp, &reader->item->time_us))
        return false;
    reader->item->at_us = reader->item->time_us;
    return true;
}

/* Where the packed data stand; empty without. */
static ProtobufCBinaryData data_of(const Io__Cloudevents__V1__CloudEvent *event)
{
    if (event->data_case == IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_BINARY_DATA)
        return event->binary_data;
    if (event->data_case == IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_PROTO_DATA)
        return event->proto_data->value;
    if (event->data_case == IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_TEXT_DATA)
        return (ProtobufCBinaryData){strlen(event->text_data), (uint8_t *)event->text_data};
    return (ProtobufCBinaryData){0, NULL};
}

static bool check_source(struct intake_reader *reader, const char *source)
{
    if (!intake_check_length(reader, "source", source, 1, INTAKE_MAX_SOURCE))
        return false;
    if (strchr(source, ':'))
        return intake_reject(reader, "source",
                             "holds a colon: give the publishing system's plain name, since "
                             "references are written source:external_id");
    return true;
}

static bool check_data(struct intake_reader *reader, const Io__Cloudevents__V1__CloudEvent *event)
{
    const char *slash;

    switch (event->data_case) {
    case IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_BINARY_DATA:
        return true;
    case IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_PROTO_DATA:
        slash = strrchr(event->proto_data->type_url, '/');
        if (slash && strcmp(slash + 1, event->type) == 0)
            return true;
        return intake_reject(reader, "proto_data.type_url",
                             "names another message than type: type.googleapis.com/%s is "
                             "expected",
                             event->type);
    case IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_TEXT_DATA:
        return intake_reject(reader, "text_data",
                             "is not taken: send the message as proto_data or binary_data");
    default:
        return intake_reject(reader, "data",
                             "is missing: send the message as proto_data or binary_data");
    }
}

static const struct intake_type *find_type(const struct intake_types *types, const char *name)
{
    for (size_t i = 0; i < types->count; i++)
        if (strcmp(types->list[i].type, name) == 0)
            return &types->list[i];
    return NULL;
}

/* The data as the type's message, into the item's event. */
static bool read_data(struct intake_reader *reader, const struct intake_type *type)
{
    struct intake_item *item = reader->item;
    ProtobufCMessage *message;
    char field[200] = "";
    char why[200] = "";

    if (type->check && !type->check(reader, item->raw, item->raw_bytes))
        return false;

    enum status status = (type->has_lines ? validate_unpack_lines : validate_unpack)(
        type->descriptor, arena_allocator(reader->arena), item->raw, item->raw_bytes, &message,
        field, sizeof(field), why, sizeof(why));

    if (status == INVALID_ARGUMENT)
        return intake_reject(
            reader, arena_print(reader->arena, "data%s%s", field[0] ? "." : "", field), "%s", why);
    return status == OK && type->read(reader, message);
}

static bool read_event(struct intake_reader *reader, const struct intake_types *types,
                       const Io__Cloudevents__V1__CloudEvent *event)
{
    struct intake_item *item = reader->item;
    const struct intake_type *type = find_type(types, event->type);

    if (!intake_check_length(reader, "id", event->id, 1, INTAKE_MAX_EVENT_ID) ||
        !check_source(reader, event->source))
        return false;
    if (strcmp(event->spec_version, "1.0") != 0)
        return intake_reject(reader, "spec_version", "must be \"1.0\"");
    if (!type)
        return intake_reject(reader, "type", "\"%.*s\" is not known here: known are %s",
                             (int)item->type.bytes, item->type.at, types->names);
    item->event = arena_take(reader->arena, types->event_bytes);
    return item->event && read_time(reader, event) && check_data(reader, event) &&
           read_data(reader, type);
}

static void read_item(struct intake_reader *reader, const struct intake_types *types,
                      const struct wire_field *bytes)
{
    struct intake_item *item = reader->item;
    ProtobufCMessage *message;
    char field[200] = "";
    char why[200] = "";
    enum status status = validate_unpack(&io__cloudevents__v1__cloud_event__descriptor,
                                         arena_allocator(reader->arena), bytes->at, bytes->bytes,
                                         &message, field, sizeof(field), why, sizeof(why));

    if (status != OK) {
        salvage_item(item, bytes);
        intake_reject(reader, arena_copy_text(reader->arena, field, strlen(field)), "%s", why);
        return;
    }

    const Io__Cloudevents__V1__CloudEvent *event = (const void *)message;
    ProtobufCBinaryData data = data_of(event);

    item->id = cut_unless_short(text_of(event->id), INTAKE_MAX_EVENT_ID, CUT_ID_BYTES);
    item->source = cut_unless_short(text_of(event->source), INTAKE_MAX_SOURCE, CUT_SOURCE_BYTES);
    item->type = intake_cut(text_of(event->type), CUT_TYPE_BYTES);
    item->raw = data.data;
    item->raw_bytes = data.len;
    hash_item(item, subject_of(event));
    read_event(reader, types, event);
}

/* False when the bytes are no Publish. */
static bool count_events(const uint8_t *payload, size_t bytes, size_t *count)
{
    struct wire wire = {.at = payload, .end = payload + bytes};
    struct wire_field field;

    *count = 0;
    while (wire_next(&wire, &field)) {
        if (field.number == PUBLISH_EVENTS && !field.has_bytes)
            return false;
        *count += field.number == PUBLISH_EVENTS;
    }
    return !wire.is_broken;
}

static enum status check_batch(const uint8_t *payload, size_t bytes, size_t *count, char *field,
                               size_t field_bytes, char *why, size_t why_bytes)
{
    if (!count_events(payload, bytes, count)) {
        snprintf(field, field_bytes, "payload");
        snprintf(why, why_bytes, "is no kehu.bus.v1.Publish: it cannot be read as protobuf");
        return INVALID_ARGUMENT;
    }
    if (*count > 0 && *count <= INTAKE_MAX_EVENTS)
        return OK;
    snprintf(field, field_bytes, "events");
    snprintf(why, why_bytes, "has %zu events: a Publish holds 1 to 2,000", *count);
    return INVALID_ARGUMENT;
}

enum status intake_read(const uint8_t *payload, size_t bytes, const struct intake_types *types,
                        const struct intake_limits *limits, struct arena *arena, struct intake *out,
                        char *field, size_t field_bytes, char *why, size_t why_bytes)
{
    struct wire wire = {.at = payload, .end = payload + bytes};
    struct wire_field event;
    size_t count;
    size_t i = 0;
    enum status status = check_batch(payload, bytes, &count, field, field_bytes, why, why_bytes);

    if (status)
        return status;

    struct intake_item *items = arena_take_array(arena, count, sizeof(*items));

    while (items && !arena_is_full(arena) && wire_next(&wire, &event)) {
        if (event.number != PUBLISH_EVENTS)
            continue;

        struct intake_reader reader = {.arena = arena, .limits = limits, .item = &items[i++]};

        read_item(&reader, types, &event);
    }
    if (arena_is_full(arena)) {
        snprintf(field, field_bytes, "events");
        snprintf(why, why_bytes, "take more memory than a request may have: send fewer at once");
        return RESOURCE_EXHAUSTED;
    }
    *out = (struct intake){items, count};
    return OK;
}
