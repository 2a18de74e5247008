/* kehuctl decision …: who takes part in a customer's decision to buy. */
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "ctl_fields.h"
#include "kehu/customers/v1/people.pb-c.h"

/* People know each other by name; "" where somebody reports to nobody. */
static char *name_of(const Kehu__Customers__V1__DecisionChain *chain, const char *contact_id)
{
    for (size_t i = 0; i < chain->n_entries; i++)
        if (strcmp(chain->entries[i]->contact_id, contact_id) == 0)
            return chain->entries[i]->name;
    return (char *)"";
}

static int run_show(struct ctl *ctl)
{
    static const struct ctl_column columns[] = {
        {"role", "role", false},
        {"name", "name", false},
        {"title", "title", false},
        {"key", "is_key", false},
        {"duty", "duty", false},
        {"reports to", "reports_to", false},
        {"preference", "preference", false},
        {"character", "character", false},
        {"approach", "approach", false},
        {"changed", "changed_at", false},
        {"by", "changed_by", false},
    };
    Kehu__Customers__V1__GetDecisionChain ask = KEHU__CUSTOMERS__V1__GET_DECISION_CHAIN__INIT;
    int code;

    ask.customer_ref = (char *)ctl_argument(ctl, 0);
    Kehu__Customers__V1__DecisionChain *chain =
        (Kehu__Customers__V1__DecisionChain *)ctl_fields_ask(
            ctl, &ask.base, &kehu__customers__v1__decision_chain__descriptor, &code);

    if (!chain)
        return code;
    for (size_t i = 0; i < chain->n_entries; i++)
        chain->entries[i]->reports_to = name_of(chain, chain->entries[i]->reports_to);
    printf("%s  version %llu\n", chain->number, (unsigned long long)chain->version);
    ctl_fields_print_table(ctl, (void *)chain->entries, chain->n_entries, columns,
                           COUNT_OF(columns));
    if (chain->n_warnings)
        printf("nobody is known to decide, and one should be (%s)\n",
               ctl_fields_text(ctl, &chain->base, "reasons"));
    return CTL_DONE;
}

const struct ctl_command ctl_decision_show = {
    .path = "decision show",
    .arguments = "CUSTOMER",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show who decides, influences, supports and opposes",
    .help = "Deciders come first: the first line is whom to talk to.\n\n"
            "  kehuctl decision show KH000123\n",
    .run = run_show,
};

static int print_reply(struct ctl *ctl, const ProtobufCMessage *ask)
{
    int code;
    Kehu__Customers__V1__PartReply *reply = (Kehu__Customers__V1__PartReply *)ctl_fields_ask(
        ctl, ask, &kehu__customers__v1__part_reply__descriptor, &code);

    if (!reply)
        return code;
    printf("chain at version %llu\n", (unsigned long long)reply->version);
    return CTL_DONE;
}

/* "李娜" of this customer, or what ctl_fields_contact takes. */
static char *contact_of(struct ctl *ctl, const char *customer, const char *name, int *code)
{
    bool is_whole = strchr(name, '/') || strlen(name) == 36;

    return ctl_fields_contact(
        ctl, is_whole ? name : arena_print(ctl->arena, "%s/%s", customer, name), code);
}

static int run_save(struct ctl *ctl)
{
    Kehu__Customers__V1__SaveDecisionEntry ask = KEHU__CUSTOMERS__V1__SAVE_DECISION_ENTRY__INIT;
    Kehu__Customers__V1__DecisionEntry entry = KEHU__CUSTOMERS__V1__DECISION_ENTRY__INIT;
    int code;

    ctl_fields_fill(ctl, &ask.base);
    ctl_fields_fill(ctl, &entry.base);
    ask.customer_ref = (char *)ctl_argument(ctl, 0);
    entry.contact_id = contact_of(ctl, ask.customer_ref, ctl_argument(ctl, 1), &code);
    if (!entry.contact_id)
        return code;
    entry.role = (char *)ctl_argument(ctl, 2);
    if (ctl_option(ctl, "--reports-to")) {
        entry.reports_to =
            contact_of(ctl, ask.customer_ref, ctl_option(ctl, "--reports-to"), &code);
        if (!entry.reports_to)
            return code;
    }
    ask.entry = &entry;
    return print_reply(ctl, &ask.base);
}

static const struct ctl_option save_options[] = {
    {"--duty", "TEXT", "what he answers for", false},
    {"--preference", "TEXT", "what he likes", false},
    {"--character", "TEXT", "what he is like", false},
    {"--approach", "TEXT", "how we go about him", false},
    {"--reports-to", "CONTACT", "his superior, in the chain too", false},
    {"--expected-version", "N", "refused when another version is in force", false},
};

const struct ctl_command ctl_decision_save = {
    .path = "decision save",
    .arguments = "CUSTOMER CONTACT ROLE",
    .min_arguments = 3,
    .max_arguments = 3,
    .summary = "Set a contact's part in the decision",
    .help =
        "ROLE: decider, influencer, supporter or opponent. CONTACT is a name at that customer.\n"
        "The entry is set as a whole.\n\n"
        "  kehuctl decision save KH000123 李娜 decider --duty 采购 --approach 先谈交期\n"
        "  kehuctl decision save KH000123 王伟 influencer --reports-to 李娜\n",
    .options = save_options,
    .option_count = COUNT_OF(save_options),
    .run = run_save,
};

static int run_remove(struct ctl *ctl)
{
    Kehu__Customers__V1__RemoveDecisionEntry ask = KEHU__CUSTOMERS__V1__REMOVE_DECISION_ENTRY__INIT;
    int code;

    ask.customer_ref = (char *)ctl_argument(ctl, 0);
    ask.contact_id = contact_of(ctl, ask.customer_ref, ctl_argument(ctl, 1), &code);
    return ask.contact_id ? print_reply(ctl, &ask.base) : code;
}

const struct ctl_command ctl_decision_remove = {
    .path = "decision remove",
    .arguments = "CUSTOMER CONTACT",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "A contact takes no part in the decision any more",
    .help = "  kehuctl decision remove KH000123 王伟\n",
    .run = run_remove,
};

static int run_missing(struct ctl *ctl)
{
    static const struct ctl_column columns[] = {
        {"number", "number", false},
        {"name", "name", false},
        {"because", "reasons", false},
        {"in the chain", "entries", true},
    };
    Kehu__Customers__V1__ListWithoutDecider ask = KEHU__CUSTOMERS__V1__LIST_WITHOUT_DECIDER__INIT;
    int code;

    ctl_fields_fill(ctl, &ask.base);
    Kehu__Customers__V1__WithoutDeciderList *list =
        (Kehu__Customers__V1__WithoutDeciderList *)ctl_fields_ask(
            ctl, &ask.base, &kehu__customers__v1__without_decider_list__descriptor, &code);

    if (!list)
        return code;
    ctl_fields_print_table(ctl, (void *)list->customers, list->n_customers, columns,
                           COUNT_OF(columns));
    if (list->n_customers == 0)
        puts("every A and large customer has a decider");
    if (list->next_page_token[0])
        printf("more with --page-token %s\n", list->next_page_token);
    return CTL_DONE;
}

static const struct ctl_option missing_options[] = {
    {"--reason", "REASON", "grade_a or large alone", false},
    {"--page-size", "N", "at most so many, up to 200 (default 50)", false},
    {"--page-token", "TOKEN", "goes on where the page before ended", false},
};

const struct ctl_command ctl_decision_missing = {
    .path = "decision missing",
    .summary = "List A and large customers without a decider",
    .help = "  kehuctl decision missing --reason grade_a\n",
    .options = missing_options,
    .option_count = COUNT_OF(missing_options),
    .run = run_missing,
};
