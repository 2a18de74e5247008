/*
 * The snake_case JSON of --json, from descriptors: every field is printed also when 0, false or
 * empty. Canonical protobuf JSON, which only `call` speaks, is common/json.h.
 */
#include "ctl.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "common/pure/decimal.h"
#include "common/registry.h"
#include "google/protobuf/duration.pb-c.h"
#include "google/protobuf/timestamp.pb-c.h"
#include "io/cloudevents/v1/cloudevents.pb-c.h"

#define EXACT_IN_JSON (INT64_C(1) << 53) /* doubles, and so JavaScript, count no further */

void ctl_json_time(int64_t seconds, int32_t nanos, char out[40])
{
    time_t moment = (time_t)seconds;
    struct tm utc;

    if (!gmtime_r(&moment, &utc) || nanos < 0 || nanos > 999999999) {
        snprintf(out, 40, "%s", "");
        return;
    }
    size_t length = strftime(out, 40, "%Y-%m-%dT%H:%M:%S", &utc);

    if (nanos % 1000000 == 0 && nanos)
        length += (size_t)snprintf(out + length, 40 - length, ".%03d", nanos / 1000000);
    else if (nanos)
        length += (size_t)snprintf(out + length, 40 - length, ".%06d", nanos / 1000);
    snprintf(out + length, 40 - length, "Z");
}

static json_t *signed_number(int64_t value)
{
    char text[24];

    if (value <= EXACT_IN_JSON && value >= -EXACT_IN_JSON)
        return json_integer(value);
    snprintf(text, sizeof(text), "%lld", (long long)value);
    return json_string(text);
}

static json_t *unsigned_number(uint64_t value)
{
    char text[24];

    if (value <= (uint64_t)EXACT_IN_JSON)
        return json_integer((json_int_t)value);
    snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
    return json_string(text);
}

/* DOCUMENT_KIND_RETURN of DocumentKind is "return". */
static json_t *enum_name(const ProtobufCEnumDescriptor *descriptor, int value)
{
    const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value(descriptor, value);
    char prefix[100], text[100];
    size_t length = 0;

    if (!found)
        return json_integer(value);
    for (const char *c = descriptor->short_name; *c && length < sizeof(prefix) - 3; c++) {
        if (isupper((unsigned char)*c) && c != descriptor->short_name)
            prefix[length++] = '_';
        prefix[length++] = (char)toupper((unsigned char)*c);
    }
    prefix[length++] = '_';
    const char *name = found->name;

    if (strncmp(name, prefix, length) == 0)
        name += length;
    snprintf(text, sizeof(text), "%s", name);
    for (char *c = text; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return json_string(text);
}

static json_t *bytes_text(const ProtobufCBinaryData *bytes)
{
    size_t room = sodium_base64_encoded_len(bytes->len, sodium_base64_VARIANT_ORIGINAL);
    char *text = malloc(room);

    if (!text)
        return NULL;
    sodium_bin2base64(text, room, bytes->data, bytes->len, sodium_base64_VARIANT_ORIGINAL);
    json_t *json = json_string(text);

    free(text);
    return json;
}

static json_t *duration_text(const Google__Protobuf__Duration *duration)
{
    char text[DECIMAL_TEXT_BYTES];

    decimal_print(duration->seconds * SECOND_US + duration->nanos / 1000, text);
    return json_string(text);
}

static json_t *message_value(const ProtobufCMessageDescriptor *descriptor,
                             const ProtobufCMessage *message)
{
    char text[40] = "";

    if (descriptor == &google__protobuf__timestamp__descriptor) {
        const Google__Protobuf__Timestamp *time = (const Google__Protobuf__Timestamp *)message;

        if (time)
            ctl_json_time(time->seconds, time->nanos, text);
        return json_string(text);
    }
    if (!message)
        return json_null();
    if (descriptor == &google__protobuf__duration__descriptor)
        return duration_text((const Google__Protobuf__Duration *)message);
    if (descriptor == &io__cloudevents__v1__cloud_event__descriptor)
        return ctl_json_event(message);
    return ctl_json_message(message);
}

/* The value at `at`, as the field's type says. */
static json_t *one_value(const ProtobufCFieldDescriptor *field, const void *at, bool is_micros)
{
    char text[DECIMAL_TEXT_BYTES];

    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return json_integer(*(const int32_t *)at);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        if (!is_micros)
            return signed_number(*(const int64_t *)at);
        decimal_print(*(const int64_t *)at, text);
        return json_string(text);
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return json_integer(*(const uint32_t *)at);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return unsigned_number(*(const uint64_t *)at);
    case PROTOBUF_C_TYPE_FLOAT:
        return json_real(*(const float *)at);
    case PROTOBUF_C_TYPE_DOUBLE:
        return json_real(*(const double *)at);
    case PROTOBUF_C_TYPE_BOOL:
        return json_boolean(*(const protobuf_c_boolean *)at);
    case PROTOBUF_C_TYPE_ENUM:
        return enum_name(field->descriptor, *(const int *)at);
    case PROTOBUF_C_TYPE_STRING:
        return json_string(*(char *const *)at ? *(char *const *)at : "");
    case PROTOBUF_C_TYPE_BYTES:
        return bytes_text(at);
    case PROTOBUF_C_TYPE_MESSAGE:
        return message_value(field->descriptor, *(ProtobufCMessage *const *)at);
    }
    return NULL;
}

static size_t size_of(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return 8;
    default:
        return 4;
    }
}

static json_t *field_value(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                           bool is_micros)
{
    const uint8_t *base = (const uint8_t *)message, *at = base + field->offset;

    if (field->label != PROTOBUF_C_LABEL_REPEATED)
        return one_value(field, at, is_micros);
    size_t count = *(const size_t *)(base + field->quantifier_offset);
    const uint8_t *values = *(uint8_t *const *)at;
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, one_value(field, values + i * size_of(field->type), is_micros));
    return list;
}

/* A oneof stands where presence matters; a member that is not set holds no value of its own. */
static bool is_unset(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) &&
           *(const uint32_t *)((const uint8_t *)message + field->quantifier_offset) != field->id;
}

json_t *ctl_json_message(const ProtobufCMessage *message)
{
    static const char suffix[] = "_micros";
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    json_t *json = json_object();

    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        size_t length = strlen(field->name);
        bool is_micros = field->type == PROTOBUF_C_TYPE_INT64 && length > sizeof(suffix) - 1 &&
                         strcmp(field->name + length - (sizeof(suffix) - 1), suffix) == 0;
        char name[100];

        snprintf(name, sizeof(name), "%.*s",
                 (int)(is_micros ? length - (sizeof(suffix) - 1) : length), field->name);
        json_object_set_new(json, name,
                            is_unset(message, field) ? json_null()
                                                     : field_value(message, field, is_micros));
    }
    return json;
}
