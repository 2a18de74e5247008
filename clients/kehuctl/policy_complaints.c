/* See policy_complaints.h. */
#include "policy_complaints.h"

#include <stdio.h>
#include <string.h>

#include "command_complaint.h"
#include "ctl_fields.h"
#include "kehu/complaints/v1/policies.pb-c.h"

#define COLUMNS_MAX 12

static const char *valid_from(struct ctl *ctl, const Google__Protobuf__Timestamp *at)
{
    return at ? ctl_local_time(ctl, at) : "built in";
}

static Kehu__Complaints__V1__PolicyList *versions_of(struct ctl *ctl, const char *kind, int *code)
{
    Kehu__Complaints__V1__ListPolicies ask = KEHU__COMPLAINTS__V1__LIST_POLICIES__INIT;

    ask.kind = (char *)kind;
    return (Kehu__Complaints__V1__PolicyList *)ctl_ask(
        ctl, &ask.base, &kehu__complaints__v1__policy_list__descriptor, code);
}

int policy_complaints_list(struct ctl *ctl, const char *kind, struct ctl_table *table,
                           json_t *array)
{
    int code;
    Kehu__Complaints__V1__PolicyList *list = versions_of(ctl, kind, &code);

    for (size_t i = 0; list && i < list->n_policies; i++) {
        const Kehu__Complaints__V1__Policy *policy = list->policies[i];
        const char *cells[] = {policy->kind, arena_print(ctl->arena, "%u", policy->version),
                               valid_from(ctl, policy->valid_from), policy->by, policy->reason};

        if (array)
            json_array_append_new(array, ctl_json_message(&policy->base));
        else
            ctl_table_row(table, cells);
    }
    return code;
}

/* --- show --- */

static bool is_rows(const ProtobufCFieldDescriptor *field)
{
    return field->label == PROTOBUF_C_LABEL_REPEATED && field->type == PROTOBUF_C_TYPE_MESSAGE;
}

/* Targets and causes: one row each. */
static void print_rows(struct ctl *ctl, const ProtobufCMessage *document,
                       const ProtobufCFieldDescriptor *field)
{
    const char *base = (const char *)document;
    const ProtobufCMessageDescriptor *type = field->descriptor;
    struct ctl_column columns[COLUMNS_MAX];
    size_t count = 0;

    for (unsigned i = 0; i < type->n_fields && count < COLUMNS_MAX; i++) {
        const char *name = type->fields[i].name;

        columns[count++] =
            (struct ctl_column){name, name, type->fields[i].type == PROTOBUF_C_TYPE_UINT32};
    }
    printf("\n%s\n", field->name);
    ctl_fields_print_table(ctl, *(ProtobufCMessage * *const *)(base + field->offset),
                           *(const size_t *)(base + field->quantifier_offset), columns, count);
}

static void print_policy(struct ctl *ctl, const Kehu__Complaints__V1__Policy *policy,
                         const ProtobufCMessage *document)
{
    const ProtobufCMessageDescriptor *type = document->descriptor;

    printf("policy %s, version %u, %s%s%s\n", policy->kind, policy->version,
           valid_from(ctl, policy->valid_from), policy->by[0] ? ", by " : "", policy->by);
    if (policy->by[0])
        printf("  %s\n", policy->reason);
    for (unsigned i = 0; i < type->n_fields; i++)
        if (!is_rows(&type->fields[i]))
            printf("  %-30s %s\n", policy_document_name(ctl, type->fields[i].name),
                   ctl_fields_text(ctl, document, type->fields[i].name));
    for (unsigned i = 0; i < type->n_fields; i++)
        if (is_rows(&type->fields[i]))
            print_rows(ctl, document, &type->fields[i]);
}

int policy_complaints_show(struct ctl *ctl, const char *kind, uint32_t version)
{
    Kehu__Complaints__V1__GetPolicy ask = KEHU__COMPLAINTS__V1__GET_POLICY__INIT;
    int code;

    ask.kind = (char *)kind;
    ask.version = version;
    Kehu__Complaints__V1__Policy *policy = (Kehu__Complaints__V1__Policy *)ctl_ask(
        ctl, &ask.base, &kehu__complaints__v1__policy__descriptor, &code);

    if (!policy)
        return code;
    if (policy->document_case == KEHU__COMPLAINTS__V1__POLICY__DOCUMENT__NOT_SET) {
        ctl_say("the answer holds a document that this program does not know");
        return CTL_UNFINISHED;
    }
    const ProtobufCMessage *document = &policy->targets->base; /* all share one place */

    if (ctl_option(ctl, "--document"))
        policy_document_print_json(document);
    else if (ctl->json)
        ctl_print_json(ctl, ctl_json_message(&policy->base));
    else
        print_policy(ctl, policy, document);
    return CTL_DONE;
}

/* --- apply --- */

static void print_examples(struct ctl *ctl, const Kehu__Complaints__V1__PolicyApplied *applied)
{
    static const char *const headings[] = {"case", "deadline", "priority", "due", "would be due"};
    static const bool right[COUNT_OF(headings)] = {false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));

    for (size_t i = 0; i < applied->n_examples; i++) {
        const Kehu__Complaints__V1__ClockMove *move = applied->examples[i];
        const char *cells[] = {
            move->case_number, complaint_word(ctl, WORDS_CLOCK, move->clock),
            complaint_enum_word(ctl, WORDS_PRIORITY, &kehu__complaints__v1__priority__descriptor,
                                (int)move->priority),
            ctl_local_time(ctl, move->due_at), ctl_local_time(ctl, move->next_due_at)};

        ctl_table_row(table, cells);
    }
    if (applied->n_examples)
        ctl_table_print(table);
}

static int tell_applied(struct ctl *ctl, const Kehu__Complaints__V1__PolicyApplied *applied)
{
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(&applied->base));
        return CTL_DONE;
    }
    if (applied->dry_run)
        printf("policy %s: nothing is changed; %u deadlines would move\n", applied->kind,
               applied->clocks_moved);
    else if (applied->valid_from)
        printf("policy %s: version %u is taken, valid from %s; %u deadlines move\n", applied->kind,
               applied->version, ctl_local_time(ctl, applied->valid_from), applied->clocks_moved);
    else
        printf("policy %s: version %u is in force; %u deadlines move\n", applied->kind,
               applied->version, applied->clocks_moved);
    print_examples(ctl, applied);
    return CTL_DONE;
}

int policy_complaints_apply(struct ctl *ctl, const char *kind, const char *file)
{
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name(
        &kehu__complaints__v1__policy__descriptor, kind);
    Kehu__Complaints__V1__ApplyPolicy ask = KEHU__COMPLAINTS__V1__APPLY_POLICY__INIT;
    Kehu__Complaints__V1__Policy policy = KEHU__COMPLAINTS__V1__POLICY__INIT;
    ProtobufCMessage *document = policy_document_load(ctl, field->descriptor, file);
    int code;

    policy.kind = (char *)kind;
    policy.reason = complaint_option(ctl, "--reason");
    policy.valid_from = complaint_time(ctl, "--from", 0);
    policy.document_case = (Kehu__Complaints__V1__Policy__DocumentCase)field->id;
    policy.targets = (Kehu__Complaints__V1__TargetPolicy *)document; /* all share one place */
    ask.policy = &policy;
    ask.dry_run = ctl_option(ctl, "--dry-run") != NULL;
    ask.expected_version = (uint32_t)ctl_integer(ctl, "--expect", 0, 1, UINT32_MAX);
    if (!ask.expected_version) { /* the latest, in force or to come */
        Kehu__Complaints__V1__PolicyList *list = versions_of(ctl, kind, &code);

        if (!list)
            return code;
        ask.expected_version = list->n_policies ? list->policies[0]->version : 1;
    }
    Kehu__Complaints__V1__PolicyApplied *applied = (Kehu__Complaints__V1__PolicyApplied *)ctl_ask(
        ctl, &ask.base, &kehu__complaints__v1__policy_applied__descriptor, &code);

    return applied ? tell_applied(ctl, applied) : code;
}
