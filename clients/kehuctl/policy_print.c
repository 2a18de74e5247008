/* Documents of policies for people and for files; see policy_document.h. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "common/registry.h"
#include "policy_document.h"

/* GRADE_METHOD_RANK is "rank", the unspecified one of a region "as in general". */
static const char *method_name(struct ctl *ctl, const ProtobufCEnumDescriptor *type, int number)
{
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(type, number);
    const char *last = value ? strrchr(value->name, '_') : NULL;
    char *name = last ? arena_copy_text(ctl->arena, last + 1, strlen(last + 1)) : NULL;

    if (number == 0 || !name)
        return "as in general";
    for (char *c = name; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return name;
}

/* The few types that policies are made of, as the service writes them in differences. */
static const char *value_text(struct ctl *ctl, const ProtobufCFieldDescriptor *field,
                              const void *at)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT64:
        return arena_print(ctl->arena, "%lld", (long long)*(const int64_t *)at);
    case PROTOBUF_C_TYPE_UINT32:
        return arena_print(ctl->arena, "%u", *(const uint32_t *)at);
    case PROTOBUF_C_TYPE_BOOL:
        return *(const protobuf_c_boolean *)at ? "yes" : "no";
    case PROTOBUF_C_TYPE_ENUM:
        return method_name(ctl, field->descriptor, *(const int *)at);
    case PROTOBUF_C_TYPE_STRING:
        return *(char *const *)at;
    default:
        return "";
    }
}

/* A list of texts, with commas. */
static const char *words_text(struct ctl *ctl, const ProtobufCMessage *message,
                              const ProtobufCFieldDescriptor *field)
{
    const char *base = (const char *)message;
    char *const *list = *(char *const *const *)(base + field->offset);
    size_t count = *(const size_t *)(base + field->quantifier_offset);
    const char *text = "";

    for (size_t i = 0; i < count; i++)
        text = arena_print(ctl->arena, "%s%s%s", text, i > 0 ? ", " : "", list[i]);
    return text;
}

static void add_fields(struct ctl *ctl, struct ctl_table *table, const char *prefix,
                       const ProtobufCMessage *message);

static void add_list(struct ctl *ctl, struct ctl_table *table, const ProtobufCMessage *message,
                     const ProtobufCFieldDescriptor *field)
{
    const char *base = (const char *)message;
    ProtobufCMessage **list = *(ProtobufCMessage * *const *)(base + field->offset);
    size_t count = *(const size_t *)(base + field->quantifier_offset);

    for (size_t i = 0; i < count; i++)
        add_fields(ctl, table, arena_print(ctl->arena, "%s[%zu].", field->name, i), list[i]);
}

static void add_fields(struct ctl *ctl, struct ctl_table *table, const char *prefix,
                       const ProtobufCMessage *message)
{
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];

        bool is_list = field->label == PROTOBUF_C_LABEL_REPEATED;

        if (is_list && field->type == PROTOBUF_C_TYPE_MESSAGE) {
            add_list(ctl, table, message, field);
            continue;
        }
        const char *value = is_list ? words_text(ctl, message, field)
                                    : value_text(ctl, field, (const char *)message + field->offset);
        const char *cells[] = {
            arena_print(ctl->arena, "  %s%s", prefix, policy_document_name(ctl, field->name)),
            policy_document_value(ctl, field->name, value)};

        ctl_table_row(table, cells);
    }
}

void policy_document_print(struct ctl *ctl, const ProtobufCMessage *document)
{
    static const char *const headings[] = {"  field", "value"};
    static const bool right[] = {false, false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, 2);

    add_fields(ctl, table, "", document);
    ctl_table_print(table);
}

/* What `policy apply` reads: canonical protobuf JSON of the document alone. */
void policy_document_print_json(const ProtobufCMessage *document)
{
    json_t *json = json_from_message(document, true, registry_find);

    json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(json);
}
