/*
 * A Publish as items: each CloudEvent is decoded on its own, straight from the bytes of the batch,
 * so that what is wrong with one (even its protobuf) rejects that one only.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "common/validate.h"
#include "io/cloudevents/v1/cloudevents.pb-c.h"
#include "services/customers/codec/codec.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_event.h"
#include "services/customers/codec/codec_wire.h"
#include "services/customers/domain/customer.h"

#define MAX_EVENTS 2000
#define MAX_EVENT_ID 128
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
    if (text.bytes <= max_characters || codec_check_count(text) <= max_characters)
        return text;
    return codec_check_cut(text, max_bytes);
}

/* What an event that cannot be decoded says of itself, as far as it is text. */
static struct text salvage(const struct codec_wire_field *event, uint32_t number,
                           size_t max_characters, size_t max_bytes)
{
    struct codec_wire_field field = codec_wire_find(event->at, event->bytes, number);
    const char *at = (const char *)field.at;

    if (field.bytes == 0 || !validate_text(at, field.bytes))
        return TEXT_OF("");
    return cut_unless_short((struct text){at, field.bytes}, max_characters, max_bytes);
}

static void salvage_item(struct intake_item *item, const struct codec_wire_field *event)
{
    item->id = salvage(event, EVENT_ID, MAX_EVENT_ID, CUT_ID_BYTES);
    item->source = salvage(event, EVENT_SOURCE, CUSTOMER_MAX_SOURCE, CUT_SOURCE_BYTES);
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
    return codec_check_text_of(value->ce_string);
}

static bool read_time(struct codec_reader *reader, const Io__Cloudevents__V1__CloudEvent *event)
{
    const Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue *value =
        find_attribute(event, "time");

    if (!value)
        return true;
    if (value->attr_case !=
        IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_TIMESTAMP)
        return codec_check_reject(reader, "time", "is of another type: send it as ce_timestamp");
    reader->has_time = true;
    return codec_check_time(reader, "time", value->ce_timestamp, &reader->time_us);
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

static bool check_source(struct codec_reader *reader, const char *source)
{
    if (!codec_check_length(reader, "source", source, 1, CUSTOMER_MAX_SOURCE))
        return false;
    if (strchr(source, ':'))
        return codec_check_reject(reader, "source",
                                  "holds a colon: give the publishing system's plain name, since "
                                  "customers are referred to as source:external_id");
    return true;
}

static bool check_data(struct codec_reader *reader, const Io__Cloudevents__V1__CloudEvent *event)
{
    const char *slash;

    switch (event->data_case) {
    case IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_BINARY_DATA:
        return true;
    case IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_PROTO_DATA:
        slash = strrchr(event->proto_data->type_url, '/');
        if (slash && strcmp(slash + 1, event->type) == 0)
            return true;
        return codec_check_reject(reader, "proto_data.type_url",
                                  "names another message than type: type.googleapis.com/%s is "
                                  "expected",
                                  event->type);
    case IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_TEXT_DATA:
        return codec_check_reject(reader, "text_data",
                                  "is not taken: send the message as proto_data or binary_data");
    default:
        return codec_check_reject(reader, "data",
                                  "is missing: send the message as proto_data or binary_data");
    }
}

static bool read_event(struct codec_reader *reader, const Io__Cloudevents__V1__CloudEvent *event)
{
    struct intake_item *item = reader->item;
    const struct codec_event_type *type = codec_event_find(event->type);

    if (!codec_check_length(reader, "id", event->id, 1, MAX_EVENT_ID) ||
        !check_source(reader, event->source))
        return false;
    if (strcmp(event->spec_version, "1.0") != 0)
        return codec_check_reject(reader, "spec_version", "must be \"1.0\"");
    if (!type)
        return codec_check_reject(reader, "type",
                                  "\"%.*s\" is not known here: known are " CODEC_EVENT_TYPES,
                                  (int)item->type.bytes, item->type.at);
    item->event.source = item->source;
    item->event.id = item->id;
    return read_time(reader, event) && check_data(reader, event) &&
           codec_event_read(reader, type, item->raw, item->raw_bytes);
}

static void read_item(struct codec_reader *reader, const struct codec_wire_field *bytes)
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
        codec_check_reject(reader, arena_copy_text(reader->arena, field, strlen(field)), "%s", why);
        return;
    }

    const Io__Cloudevents__V1__CloudEvent *event = (const void *)message;
    ProtobufCBinaryData data = data_of(event);

    item->id = cut_unless_short(codec_check_text_of(event->id), MAX_EVENT_ID, CUT_ID_BYTES);
    item->source =
        cut_unless_short(codec_check_text_of(event->source), CUSTOMER_MAX_SOURCE, CUT_SOURCE_BYTES);
    item->type = codec_check_cut(codec_check_text_of(event->type), CUT_TYPE_BYTES);
    item->raw = data.data;
    item->raw_bytes = data.len;
    hash_item(item, subject_of(event));
    read_event(reader, event);
}

/* False when the bytes are no Publish. */
static bool count_events(const uint8_t *payload, size_t bytes, size_t *count)
{
    struct codec_wire wire = {.at = payload, .end = payload + bytes};
    struct codec_wire_field field;

    *count = 0;
    while (codec_wire_next(&wire, &field)) {
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
    if (*count > 0 && *count <= MAX_EVENTS)
        return OK;
    snprintf(field, field_bytes, "events");
    snprintf(why, why_bytes, "has %zu events: a Publish holds 1 to 2,000", *count);
    return INVALID_ARGUMENT;
}

enum status codec_get_publish(const uint8_t *payload, size_t bytes,
                              const struct intake_limits *limits, struct arena *arena,
                              struct intake *out, char *field, size_t field_bytes, char *why,
                              size_t why_bytes)
{
    struct codec_wire wire = {.at = payload, .end = payload + bytes};
    struct codec_wire_field event;
    size_t count;
    size_t i = 0;
    enum status status = check_batch(payload, bytes, &count, field, field_bytes, why, why_bytes);

    if (status)
        return status;

    struct intake_item *items = arena_take_array(arena, count, sizeof(*items));

    while (items && !arena_is_full(arena) && codec_wire_next(&wire, &event)) {
        if (event.number != PUBLISH_EVENTS)
            continue;

        struct codec_reader reader = {.arena = arena, .limits = limits, .item = &items[i++]};

        read_item(&reader, &event);
    }
    if (arena_is_full(arena)) {
        snprintf(field, field_bytes, "events");
        snprintf(why, why_bytes, "take more memory than a request may have: send fewer at once");
        return RESOURCE_EXHAUSTED;
    }
    *out = (struct intake){items, count};
    return OK;
}
