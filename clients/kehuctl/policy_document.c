/* Policies in files and for people; see policy_document.h. */
#include "policy_document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "common/registry.h"
#include "kehu/complaints/v1/policies.pb-c.h"

#define SUFFIX "_micros"

/* The kinds of policies are the documents that a service's Policy may carry. */
static const ProtobufCMessageDescriptor *const policies[] = {
    &kehu__customers__v1__policy__descriptor, &kehu__complaints__v1__policy__descriptor};

static const ProtobufCFieldDescriptor *find_in(const ProtobufCMessageDescriptor *policy,
                                               const char *kind)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(policy, kind);

    return field && (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) ? field : NULL;
}

static const ProtobufCFieldDescriptor *find_kind(const char *kind)
{
    return find_in(&kehu__customers__v1__policy__descriptor, kind);
}

bool policy_document_is_of_complaints(const char *kind)
{
    return find_in(&kehu__complaints__v1__policy__descriptor, kind) != NULL;
}

static const char *list_kinds(struct ctl *ctl)
{
    const char *kinds = "";

    for (size_t k = 0; k < COUNT_OF(policies); k++)
        for (unsigned i = 0; i < policies[k]->n_fields; i++)
            if (policies[k]->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
                kinds = arena_print(ctl->arena, "%s%s%s", kinds, kinds[0] ? ", " : "",
                                    policies[k]->fields[i].name);
    return kinds;
}

const char *policy_document_kind(struct ctl *ctl, int argument)
{
    const char *kind = ctl_argument(ctl, argument);

    if (!find_kind(kind) && !policy_document_is_of_complaints(kind))
        ctl_usage(ctl, "there is no policy \"%s\": give one of %s", kind, list_kinds(ctl));
    return kind;
}

static json_t *load(struct ctl *ctl, const char *file)
{
    json_error_t error;
    bool is_input = strcmp(file, "-") == 0;
    json_t *json = is_input ? json_loadf(stdin, JSON_REJECT_DUPLICATES, &error)
                            : json_load_file(file, JSON_REJECT_DUPLICATES, &error);

    if (!json && error.line < 0)
        ctl_usage(ctl, "%s", error.text);
    if (!json)
        ctl_usage(ctl, "%s is not JSON, line %d, column %d: %s", file, error.line, error.column,
                  error.text);
    return json;
}

ProtobufCMessage *policy_document_load(struct ctl *ctl, const ProtobufCMessageDescriptor *type,
                                       const char *file)
{
    json_t *json = load(ctl, file);
    ProtobufCMessage *document = NULL;
    char why[400] = "out of memory";
    enum status status =
        json_to_message(json, type, ctl->arena, registry_find, &document, why, sizeof(why));

    json_decref(json);
    if (status != OK)
        ctl_usage(ctl, "%s: %s", file, why);
    return document;
}

Kehu__Customers__V1__Policy *policy_document_read(struct ctl *ctl, const char *kind,
                                                  const char *file)
{
    const ProtobufCFieldDescriptor *field = find_kind(kind);
    Kehu__Customers__V1__Policy *policy = arena_take(ctl->arena, sizeof(*policy));

    if (!policy)
        ctl_usage(ctl, "out of memory");
    ProtobufCMessage *document = policy_document_load(ctl, field->descriptor, file);

    kehu__customers__v1__policy__init(policy);
    policy->kind = (char *)kind;
    if (ctl_option(ctl, "--reason"))
        policy->reason = (char *)ctl_option(ctl, "--reason");
    policy->document_case = (Kehu__Customers__V1__Policy__DocumentCase)field->id;
    policy->grade = (Kehu__Customers__V1__GradePolicy *)document; /* all share one place */
    return policy;
}

Kehu__Customers__V1__Policy *policy_document_ask(struct ctl *ctl, const char *kind,
                                                 uint32_t version, int *code)
{
    Kehu__Customers__V1__GetPolicy ask = KEHU__CUSTOMERS__V1__GET_POLICY__INIT;

    ask.kind = (char *)kind;
    ask.version = version;
    return (Kehu__Customers__V1__Policy *)ctl_ask(ctl, &ask.base,
                                                  &kehu__customers__v1__policy__descriptor, code);
}

const ProtobufCMessage *policy_document_of(const Kehu__Customers__V1__Policy *policy)
{
    if (policy->document_case == KEHU__CUSTOMERS__V1__POLICY__DOCUMENT__NOT_SET)
        return NULL;
    return &policy->grade->base; /* all share one place */
}

static bool is_share(const char *field)
{
    size_t length = strlen(field);

    return length > strlen(SUFFIX) && strcmp(field + length - strlen(SUFFIX), SUFFIX) == 0;
}

const char *policy_document_name(struct ctl *ctl, const char *field)
{
    if (!is_share(field))
        return field;
    return arena_print(ctl->arena, "%.*s", (int)(strlen(field) - strlen(SUFFIX)), field);
}

const char *policy_document_value(struct ctl *ctl, const char *field, const char *value)
{
    if (!is_share(field) || !value[0])
        return value;
    return arena_print(ctl->arena, "%s%%", ctl_decimal(ctl, strtoll(value, NULL, 10) * 100));
}
