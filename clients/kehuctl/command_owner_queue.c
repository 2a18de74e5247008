/* kehuctl owner unassigned and rules: those without an owner, and what gives them one. */
#include <stdio.h>

#include "command_owner.h"
#include "kehu/customers/v1/owners.pb-c.h"
#include "kehu/customers/v1/policies.pb-c.h"
#include "policy_document.h"

static int run_unassigned(struct ctl *ctl)
{
    static const struct command_owner_column columns[] = {
        {"number", "number"},   {"name", "name"},   {"grade", "grade"},    {"region", "region"},
        {"manager", "manager"}, {"since", "since"}, {"alerted", "alerted"}};
    Kehu__Customers__V1__ListUnassigned ask = KEHU__CUSTOMERS__V1__LIST_UNASSIGNED__INIT;
    const struct command_owner_list list = {
        .question = &ask.base,
        .reply = &kehu__customers__v1__unassigned_list__descriptor,
        .field = "customers",
        .columns = columns,
        .column_count = COUNT_OF(columns),
    };

    ask.region = command_owner_text(ctl, "--region");
    ask.grade = command_owner_text(ctl, "--grade");
    ask.page_size = ctl_option(ctl, "--all") ? 500 : 0;
    return command_owner_list(ctl, &list);
}

static const struct ctl_option unassigned_options[] = {
    {"--region", "CODE", "those of the region and of all below it", false},
    {"--grade", "GRADE", "A, B, C or none", false},
    {"--all", NULL, "every page", false},
};

const struct ctl_command ctl_owner_unassigned = {
    .path = "owner unassigned",
    .arguments = "",
    .summary = "List the customers nobody looks after, with the manager of their region",
    .help = "  kehuctl owner unassigned --region yn --grade A\n",
    .options = unassigned_options,
    .option_count = COUNT_OF(unassigned_options),
    .run = run_unassigned,
};

static int run_rules_once(struct ctl *ctl, bool is_dry)
{
    static const struct command_owner_column columns[] = {
        {"rule", "rule"}, {"customers", "customers"}, {"without taker", "without_taker"}};
    Kehu__Customers__V1__RunOwnerRules ask = KEHU__CUSTOMERS__V1__RUN_OWNER_RULES__INIT;
    int code;

    ask.dry = is_dry;
    ProtobufCMessage *run =
        ctl_ask(ctl, &ask.base, &kehu__customers__v1__owner_rules_run__descriptor, &code);

    if (!run)
        return code;
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(run));
        return CTL_DONE;
    }
    printf("%s customers have no owner%s\n", command_owner_cell(ctl, run, "waiting"),
           is_dry ? "; the rules in force would say (without a rule: they match none)"
                  : " and are looked at now");
    if (is_dry)
        command_owner_table(ctl, run, "outcomes", columns, COUNT_OF(columns));
    return CTL_DONE;
}

static const char *joined(struct ctl *ctl, char *const *words, size_t count, const char *none)
{
    const char *all = count ? "" : none;

    for (size_t i = 0; i < count; i++)
        all = arena_print(ctl->arena, "%s%s%s", all, i ? ", " : "", words[i]);
    return all;
}

static int show_rules(struct ctl *ctl)
{
    static const char *const headings[] = {"rule", "regions", "grades", "kinds", "staff", "choice"};
    static const bool right[COUNT_OF(headings)] = {false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    int code;
    Kehu__Customers__V1__Policy *policy = policy_document_ask(ctl, "owners", 0, &code);

    if (!policy)
        return code;
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(&policy->base));
        return CTL_DONE;
    }
    for (size_t i = 0; policy->owners && i < policy->owners->n_rules; i++) {
        const Kehu__Customers__V1__OwnerRule *rule = policy->owners->rules[i];
        const char *cells[] = {
            rule->name,
            joined(ctl, rule->regions, rule->n_regions, "any"),
            joined(ctl, rule->grades, rule->n_grades, "any"),
            joined(ctl, rule->party_types, rule->n_party_types, "any"),
            joined(ctl, rule->staff, rule->n_staff, ""),
            rule->choice == KEHU__CUSTOMERS__V1__OWNER_RULE_CHOICE__OWNER_RULE_CHOICE_ROUND_ROBIN
                ? "round robin"
                : "first"};

        ctl_table_row(table, cells);
    }
    if (!policy->owners || policy->owners->n_rules == 0)
        puts("no rules: everybody new waits in `kehuctl owner unassigned`");
    else
        ctl_table_print(table);
    return CTL_DONE;
}

static int run_rules(struct ctl *ctl)
{
    bool is_dry = ctl_option(ctl, "--try") != NULL, is_run = ctl_option(ctl, "--run") != NULL;

    if (is_dry && is_run)
        ctl_usage(ctl, "give --try or --run, not both");
    return is_dry || is_run ? run_rules_once(ctl, is_dry) : show_rules(ctl);
}

static const struct ctl_option rules_options[] = {
    {"--try", NULL, "what they would say of everybody without an owner", false},
    {"--run", NULL, "look at everybody without an owner again", false},
};

const struct ctl_command ctl_owner_rules = {
    .path = "owner rules",
    .arguments = "",
    .summary = "Show the owner rules in force, try them or run them again",
    .help = "They are the policy `owners` (kehuctl policy apply owners rules.json --reason …).\n\n"
            "  kehuctl owner rules\n"
            "  kehuctl owner rules --try\n",
    .options = rules_options,
    .option_count = COUNT_OF(rules_options),
    .run = run_rules,
};
