/* kehuctl policy list and show: versions, and what one of them says. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "common/json.h"
#include "common/registry.h"
#include "policy_document.h"

static const char *valid_from(struct ctl *ctl, const Kehu__Customers__V1__Policy *policy)
{
    return policy->valid_from ? ctl_local_time(ctl, policy->valid_from) : "built in";
}

static int run_list(struct ctl *ctl)
{
    static const char *const headings[] = {"kind", "version", "valid from", "by", "reason"};
    static const bool right[] = {false, true, false, false, false};
    Kehu__Customers__V1__ListPolicies ask = KEHU__CUSTOMERS__V1__LIST_POLICIES__INIT;
    int code;

    if (ctl_argument(ctl, 0))
        ask.kind = (char *)policy_document_kind(ctl, 0);
    Kehu__Customers__V1__PolicyList *list = (Kehu__Customers__V1__PolicyList *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__policy_list__descriptor, &code);

    if (!list)
        return code;
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(&list->base));
        return CTL_DONE;
    }
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));

    for (size_t i = 0; i < list->n_policies; i++) {
        const Kehu__Customers__V1__Policy *policy = list->policies[i];
        const char *cells[] = {policy->kind, arena_print(ctl->arena, "%u", policy->version),
                               valid_from(ctl, policy), policy->by, policy->reason};

        ctl_table_row(table, cells);
    }
    ctl_table_print(table);
    return CTL_DONE;
}

const struct ctl_command ctl_policy_list = {
    .path = "policy list",
    .arguments = "[KIND]",
    .max_arguments = 1,
    .summary = "List the versions of the policies",
    .help =
        "KIND is grade, review, owners, service_plan, pool … The latest version of a kind is in\n"
        "force; version 1 is built in.\n\n"
        "  kehuctl policy list\n"
        "  kehuctl policy list grade --json\n",
    .run = run_list,
};

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

static void print_policy(struct ctl *ctl, const Kehu__Customers__V1__Policy *policy)
{
    static const char *const headings[] = {"  field", "value"};
    static const bool right[] = {false, false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, 2);

    printf("policy %s, version %u, %s%s%s\n", policy->kind, policy->version,
           valid_from(ctl, policy), policy->by[0] ? ", by " : "", policy->by);
    if (policy->by[0])
        printf("  %s\n", policy->reason);
    add_fields(ctl, table, "", policy_document_of(policy));
    ctl_table_print(table);
}

/* What `policy apply` reads: canonical protobuf JSON of the document alone. */
static void print_document(const ProtobufCMessage *document)
{
    json_t *json = json_from_message(document, true, registry_find);

    json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(json);
}

static int run_show(struct ctl *ctl)
{
    const char *kind = policy_document_kind(ctl, 0);
    uint32_t version = (uint32_t)ctl_integer(ctl, "--policy-version", 0, 1, UINT32_MAX);
    int code;
    Kehu__Customers__V1__Policy *policy = policy_document_ask(ctl, kind, version, &code);

    if (!policy)
        return code;
    if (!policy_document_of(policy)) {
        ctl_say("the answer holds a document that this program does not know");
        return CTL_UNFINISHED;
    }
    if (ctl_option(ctl, "--document"))
        print_document(policy_document_of(policy));
    else if (ctl->json)
        ctl_print_json(ctl, ctl_json_message(&policy->base));
    else
        print_policy(ctl, policy);
    return CTL_DONE;
}

static const struct ctl_option show_options[] = {
    {"--policy-version", "N", "that version (default: the one in force)", false},
    {"--document", NULL, "the document alone, in protobuf JSON, as `policy apply` reads it", false},
};

const struct ctl_command ctl_policy_show = {
    .path = "policy show",
    .arguments = "KIND",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show one version of a policy",
    .help = "KIND is grade, review, owners, service_plan, pool …\n\n"
            "  kehuctl policy show grade\n"
            "  kehuctl policy show grade --document > grade.json\n",
    .options = show_options,
    .option_count = COUNT_OF(show_options),
    .run = run_show,
};
