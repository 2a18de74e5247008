/*
 * Fetch and Fetched on the wire: events are taken as they come, their data stay packed.
 */
#include <stdlib.h>
#include <string.h>

#include "common/consume_internal.h"
#include "common/pure/uuid.h"
#include "common/validate.h"
#include "io/cloudevents/v1/cloudevents.pb-c.h"
#include "kehu/bus/v1/service.pb-c.h"

bool consume_pack_fetch(struct request *req, const char *after, uint32_t max, int wait_ms,
                        struct flow_packed *out)
{
    Kehu__Bus__V1__Fetch fetch = KEHU__BUS__V1__FETCH__INIT;
    Google__Protobuf__Duration wait = GOOGLE__PROTOBUF__DURATION__INIT;

    wait.seconds = wait_ms / 1000;
    wait.nanos = wait_ms % 1000 * 1000000;
    fetch.consumer = (char *)req->service->definition->name;
    fetch.after = (char *)after;
    fetch.max = max;
    fetch.wait = &wait;
    return flow_pack(req, &fetch.base, out);
}

void *consume_open(struct arena *arena, const ProtobufCMessageDescriptor *descriptor,
                   const uint8_t *data, size_t bytes)
{
    ProtobufCMessage *message = NULL;
    char field[100], why[200];

    if (validate_unpack(descriptor, arena_allocator(arena), data, bytes, &message, field,
                        sizeof(field), why, sizeof(why)) != OK)
        return NULL;
    return message;
}

static const Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue *
attribute(const Io__Cloudevents__V1__CloudEvent *event, const char *name)
{
    for (size_t i = 0; i < event->n_attributes; i++)
        if (strcmp(event->attributes[i]->key, name) == 0)
            return event->attributes[i]->value;
    return NULL;
}

static const char *text_attribute(const Io__Cloudevents__V1__CloudEvent *event, const char *name)
{
    const Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue *value = attribute(event, name);

    return value &&
                   value->attr_case ==
                       IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_STRING
               ? value->ce_string
               : "";
}

/* CloudEvents' integers have 32 bits; a version beyond them comes as text. */
static int64_t version_of(const Io__Cloudevents__V1__CloudEvent *event)
{
    const Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue *value =
        attribute(event, "entityversion");

    if (value && value->attr_case ==
                     IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_INTEGER)
        return value->ce_integer;
    return strtoll(text_attribute(event, "entityversion"), NULL, 10);
}

static int64_t time_of(const Io__Cloudevents__V1__CloudEvent *event)
{
    const Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue *value =
        attribute(event, "time");

    if (!value ||
        value->attr_case !=
            IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_TIMESTAMP)
        return 0;
    return value->ce_timestamp->seconds * SECOND_US + value->ce_timestamp->nanos / 1000;
}

/* False: no event of a log of ours, whose subject and version we would have to know. */
static bool take_event(const Io__Cloudevents__V1__CloudEvent *event, struct consumed *out)
{
    const char *subject = text_attribute(event, "subject");

    *out = (struct consumed){.id = event->id,
                             .type = event->type,
                             .version = version_of(event),
                             .at_us = time_of(event),
                             .correlation_id = text_attribute(event, "correlationid"),
                             .traceparent = text_attribute(event, "traceparent")};
    if (event->data_case != IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_PROTO_DATA ||
        !uuid_parse(subject, strlen(subject), &out->subject) || out->version < 1 || !event->id[0] ||
        strlen(event->id) > 64)
        return false;
    out->data = event->proto_data->value.data;
    out->data_bytes = event->proto_data->value.len;
    return true;
}

const char *consume_unpack(struct request *req, const struct call_ask *ask,
                           struct consumed_set *out)
{
    ProtobufCMessage *message = NULL;
    char field[100], why[200];

    if (strcmp(ask->payload_type, kehu__bus__v1__fetched__descriptor.name) != 0 ||
        validate_unpack(&kehu__bus__v1__fetched__descriptor, arena_allocator(req->arena),
                        ask->answer, ask->answer_bytes, &message, field, sizeof(field), why,
                        sizeof(why)) != OK)
        return "its answer is no kehu.bus.v1.Fetched";
    const Kehu__Bus__V1__Fetched *fetched = (const Kehu__Bus__V1__Fetched *)message;

    if (strlen(fetched->next) >= CONSUME_POSITION_BYTES || !fetched->next[0])
        return "its answer names no position";
    *out = (struct consumed_set){
        .list = arena_take_array(req->arena, fetched->n_events, sizeof(*out->list)),
        .next = fetched->next,
        .has_more = fetched->more};
    if (!out->list)
        return "its answer is too large";
    for (size_t i = 0; i < fetched->n_events; i++)
        if (!take_event(fetched->events[i], &out->list[i]))
            return "it sent an event without an id, a subject or a version";
    out->count = fetched->n_events;
    return NULL;
}
