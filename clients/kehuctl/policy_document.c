/* Policies in files and for people; see policy_document.h. */
#include "policy_document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "common/registry.h"

#define SUFFIX "_micros"

const char *policy_document_kind(struct ctl *ctl, int argument)
{
    const char *kind = ctl_argument(ctl, argument);

    if (strcmp(kind, "grade") != 0 && strcmp(kind, "review") != 0)
        ctl_usage(ctl, "there is no policy \"%s\": give grade or review", kind);
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

Kehu__Customers__V1__Policy *policy_document_read(struct ctl *ctl, const char *kind,
                                                  const char *file)
{
    bool is_grade = strcmp(kind, "grade") == 0;
    const ProtobufCMessageDescriptor *type = is_grade
                                                 ? &kehu__customers__v1__grade_policy__descriptor
                                                 : &kehu__customers__v1__review_policy__descriptor;
    Kehu__Customers__V1__Policy *policy = arena_take(ctl->arena, sizeof(*policy));
    json_t *json = load(ctl, file);
    ProtobufCMessage *document = NULL;
    char why[400] = "out of memory";
    enum status status =
        json_to_message(json, type, ctl->arena, registry_find, &document, why, sizeof(why));

    json_decref(json);
    if (status != OK || !policy)
        ctl_usage(ctl, "%s: %s", file, why);
    kehu__customers__v1__policy__init(policy);
    policy->kind = (char *)kind;
    if (ctl_option(ctl, "--reason"))
        policy->reason = (char *)ctl_option(ctl, "--reason");
    if (is_grade) {
        policy->document_case = KEHU__CUSTOMERS__V1__POLICY__DOCUMENT_GRADE;
        policy->grade = (Kehu__Customers__V1__GradePolicy *)document;
    } else {
        policy->document_case = KEHU__CUSTOMERS__V1__POLICY__DOCUMENT_REVIEW;
        policy->review = (Kehu__Customers__V1__ReviewPolicy *)document;
    }
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
    switch (policy->document_case) {
    case KEHU__CUSTOMERS__V1__POLICY__DOCUMENT_GRADE:
        return &policy->grade->base;
    case KEHU__CUSTOMERS__V1__POLICY__DOCUMENT_REVIEW:
        return &policy->review->base;
    default:
        return NULL;
    }
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
