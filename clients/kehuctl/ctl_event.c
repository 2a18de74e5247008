/* A CloudEvent as one flat JSON object: {position?, id, source, type, subject, time, entityversion,
 * …, data}. */
#include "ctl.h"

#include <stdlib.h>
#include <string.h>

#include "common/registry.h"
#include "io/cloudevents/v1/cloudevents.pb-c.h"

/* Printed in this place also when absent. */
static const char *const always[] = {"subject", "time", "entityversion", "correlationid",
                                     "causationid"};

static json_t *
attribute_value(const Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue *value)
{
    char text[40];

    switch (value ? value->attr_case : 0) {
    case IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_BOOLEAN:
        return json_boolean(value->ce_boolean);
    case IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_INTEGER:
        return json_integer(value->ce_integer);
    case IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_STRING:
        return json_string(value->ce_string);
    case IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_URI:
        return json_string(value->ce_uri);
    case IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_URI_REF:
        return json_string(value->ce_uri_ref);
    case IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_TIMESTAMP:
        ctl_json_time(value->ce_timestamp->seconds, value->ce_timestamp->nanos, text);
        return json_string(text);
    default:
        return json_string("");
    }
}

/* Versions beyond 32 bits travel as text, CloudEvents having no larger integer; here they are
 * numbers. */
static json_t *number_of(json_t *value)
{
    if (!json_is_string(value))
        return value;
    json_t *number = json_integer(strtoll(json_string_value(value), NULL, 10));

    json_decref(value);
    return number;
}

static json_t *event_data(const Io__Cloudevents__V1__CloudEvent *event)
{
    const ProtobufCMessageDescriptor *descriptor = registry_find(event->type);
    const ProtobufCBinaryData *bytes = NULL;

    if (event->data_case == IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_PROTO_DATA)
        bytes = &event->proto_data->value;
    else if (event->data_case == IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_BINARY_DATA)
        bytes = &event->binary_data;
    ProtobufCMessage *data =
        descriptor && bytes ? protobuf_c_message_unpack(descriptor, NULL, bytes->len, bytes->data)
                            : NULL;

    if (!data)
        return json_null();
    json_t *json = ctl_json_message(data);

    protobuf_c_message_free_unpacked(data, NULL);
    return json;
}

json_t *ctl_json_event(const ProtobufCMessage *cloud_event)
{
    const Io__Cloudevents__V1__CloudEvent *event =
        (const Io__Cloudevents__V1__CloudEvent *)cloud_event;
    json_t *json = json_object(), *attributes = json_object();
    const char *name;
    json_t *value;
    void *next;

    for (size_t i = 0; i < event->n_attributes; i++)
        json_object_set_new(attributes, event->attributes[i]->key,
                            attribute_value(event->attributes[i]->value));
    value = json_object_get(attributes, "position");
    if (value)
        json_object_set(json, "position", value);
    json_object_set_new(json, "id", json_string(event->id));
    json_object_set_new(json, "source", json_string(event->source));
    json_object_set_new(json, "type", json_string(event->type));
    for (size_t i = 0; i < COUNT_OF(always); i++) {
        bool is_number = strcmp(always[i], "entityversion") == 0;

        value = json_object_get(attributes, always[i]);
        value = value ? json_incref(value) : is_number ? json_integer(0) : json_string("");
        json_object_set_new(json, always[i], is_number ? number_of(value) : value);
    }
    json_object_foreach_safe(attributes, next, name, value)
    {
        if (!json_object_get(json, name))
            json_object_set(json, name, value);
    }
    json_object_set_new(json, "data", event_data(event));
    json_decref(attributes);
    return json;
}
