/* kehuctl policy list and show: versions, and what one of them says. */
#include <stdio.h>
#include <string.h>

#include "policy_complaints.h"

static const char *valid_from(struct ctl *ctl, const Kehu__Customers__V1__Policy *policy)
{
    return policy->valid_from ? ctl_local_time(ctl, policy->valid_from) : "built in";
}

static int list_customers(struct ctl *ctl, const char *kind, struct ctl_table *table, json_t *array)
{
    Kehu__Customers__V1__ListPolicies ask = KEHU__CUSTOMERS__V1__LIST_POLICIES__INIT;
    int code;

    ask.kind = (char *)kind;
    Kehu__Customers__V1__PolicyList *list = (Kehu__Customers__V1__PolicyList *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__policy_list__descriptor, &code);

    for (size_t i = 0; list && i < list->n_policies; i++) {
        const Kehu__Customers__V1__Policy *policy = list->policies[i];
        const char *cells[] = {policy->kind, arena_print(ctl->arena, "%u", policy->version),
                               valid_from(ctl, policy), policy->by, policy->reason};

        if (array)
            json_array_append_new(array, ctl_json_message(&policy->base));
        else
            ctl_table_row(table, cells);
    }
    return code;
}

static int run_list(struct ctl *ctl)
{
    static const char *const headings[] = {"kind", "version", "valid from", "by", "reason"};
    static const bool right[] = {false, true, false, false, false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    const char *kind = ctl_argument(ctl, 0) ? policy_document_kind(ctl, 0) : "";
    bool of_complaints = policy_document_is_of_complaints(kind);
    json_t *array = ctl->json ? json_array() : NULL;
    int code = of_complaints ? CTL_DONE : list_customers(ctl, kind, table, array);

    if (code == CTL_DONE &&
        (of_complaints || (!kind[0] && ctl->places[CTL_COMPLAINTS].is_recorded)))
        code = policy_complaints_list(ctl, kind, table, array);
    if (code != CTL_DONE) {
        json_decref(array);
        return code;
    }
    if (ctl->json)
        ctl_print_json(ctl, json_pack("{s:o}", "policies", array));
    else
        ctl_table_print(table);
    return CTL_DONE;
}

const struct ctl_command ctl_policy_list = {
    .path = "policy list",
    .arguments = "[KIND]",
    .max_arguments = 1,
    .summary = "List the versions of the policies",
    .help =
        "KIND is grade, review, owners, service_plan, pool … of customers, or targets, causes,\n"
        "severity, remedies or repeat of complaints. The latest version of a kind is in force;\n"
        "version 1 is built in.\n\n"
        "  kehuctl policy list\n"
        "  kehuctl policy list grade --json\n",
    .run = run_list,
};

static void print_policy(struct ctl *ctl, const Kehu__Customers__V1__Policy *policy)
{
    printf("policy %s, version %u, %s%s%s\n", policy->kind, policy->version,
           valid_from(ctl, policy), policy->by[0] ? ", by " : "", policy->by);
    if (policy->by[0])
        printf("  %s\n", policy->reason);
    policy_document_print(ctl, policy_document_of(policy));
}

static int run_show(struct ctl *ctl)
{
    const char *kind = policy_document_kind(ctl, 0);
    uint32_t version = (uint32_t)ctl_integer(ctl, "--policy-version", 0, 1, UINT32_MAX);
    int code;

    if (policy_document_is_of_complaints(kind))
        return policy_complaints_show(ctl, kind, version);
    Kehu__Customers__V1__Policy *policy = policy_document_ask(ctl, kind, version, &code);

    if (!policy)
        return code;
    if (!policy_document_of(policy)) {
        ctl_say("the answer holds a document that this program does not know");
        return CTL_UNFINISHED;
    }
    if (ctl_option(ctl, "--document"))
        policy_document_print_json(policy_document_of(policy));
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
    .help = "KIND is grade, review, owners, service_plan, pool …; targets (how long each deadline\n"
            "has), causes, severity, remedies or repeat.\n\n"
            "  kehuctl policy show grade\n"
            "  kehuctl policy show targets\n"
            "  kehuctl policy show grade --document > grade.json\n",
    .options = show_options,
    .option_count = COUNT_OF(show_options),
    .run = run_show,
};
