/* kehuctl need … and entitlement …: what customers need, and what they get beyond the usual. */
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "ctl_fields.h"
#include "kehu/customers/v1/people.pb-c.h"

static int print_reply(struct ctl *ctl, const ProtobufCMessage *ask)
{
    int code;
    Kehu__Customers__V1__PartReply *reply = (Kehu__Customers__V1__PartReply *)ctl_fields_ask(
        ctl, ask, &kehu__customers__v1__part_reply__descriptor, &code);

    if (!reply)
        return code;
    printf("id %s  version %llu\n", ctl_fields_handle(reply->id),
           (unsigned long long)reply->version);
    return CTL_DONE;
}

static char *need_of(struct ctl *ctl, const char *customer, const char *handle, int *code)
{
    Kehu__Customers__V1__ListNeeds ask = KEHU__CUSTOMERS__V1__LIST_NEEDS__INIT;

    ask.customer_ref = (char *)customer;
    ask.page_size = 200;
    ask.sort = "-told";
    Kehu__Customers__V1__NeedList *list = (Kehu__Customers__V1__NeedList *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__need_list__descriptor, code);

    return list ? ctl_fields_whole_id((void *)list->needs, list->n_needs, "need_id", handle, code)
                : NULL;
}

static int run_need_save(struct ctl *ctl)
{
    Kehu__Customers__V1__SaveNeed ask = KEHU__CUSTOMERS__V1__SAVE_NEED__INIT;
    Kehu__Customers__V1__Need need = KEHU__CUSTOMERS__V1__NEED__INIT;
    int code;

    ctl_fields_fill(ctl, &ask.base);
    ctl_fields_fill(ctl, &need.base);
    ask.customer_ref = (char *)ctl_argument(ctl, 0);
    if (ctl_option(ctl, "--need")) {
        need.need_id = need_of(ctl, ask.customer_ref, ctl_option(ctl, "--need"), &code);
        if (!need.need_id)
            return code;
    }
    if (ctl_option(ctl, "--contact")) {
        need.contact_id = ctl_fields_contact(ctl, ctl_option(ctl, "--contact"), &code);
        if (!need.contact_id)
            return code;
    }
    ask.need = &need;
    return print_reply(ctl, &ask.base);
}

static const struct ctl_option need_save_options[] = {
    {"--need", "ID", "a known one, by the id that need list shows; set as a whole", false},
    {"--kind", "KIND", "explicit or latent", true},
    {"--description", "TEXT", "what is needed", true},
    {"--motive", "TEXT", "why", false},
    {"--budget", "AMOUNT", "in --currency", false},
    {"--told-on", "DATE", "default today", false},
    {"--wanted-on", "DATE", "when it is needed", false},
    {"--source", "SOURCE", "visit, survey, phone, web …", false},
    {"--state", "STATE", "open (default), met, lost or dropped", false},
    {"--contact", "CONTACT", "who told it: CUSTOMER/NAME", false},
    {"--expected-version", "N", "refused when another version is in force", false},
};

const struct ctl_command ctl_need_save = {
    .path = "need save",
    .arguments = "CUSTOMER",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Record what a customer needs",
    .help =
        "  kehuctl need save KH000123 --kind explicit --description \"叉车两台\" --budget 120000 \\\n"
        "      --wanted-on 2027-03-31\n",
    .options = need_save_options,
    .option_count = COUNT_OF(need_save_options),
    .run = run_need_save,
};

static int run_need_list(struct ctl *ctl)
{
    static const struct ctl_column columns[] = {
        {"id", "need_id", false},       {"customer", "customer_number", false},
        {"kind", "kind", false},        {"state", "state", false},
        {"told", "told_on", false},     {"wanted", "wanted_on", false},
        {"budget", "budget", true},     {"currency", "currency", false},
        {"need", "description", false}, {"by", "added_by", false},
    };
    Kehu__Customers__V1__ListNeeds ask = KEHU__CUSTOMERS__V1__LIST_NEEDS__INIT;
    int code;

    ctl_fields_fill(ctl, &ask.base);
    if (ctl_argument(ctl, 0))
        ask.customer_ref = (char *)ctl_argument(ctl, 0);
    Kehu__Customers__V1__NeedList *list = (Kehu__Customers__V1__NeedList *)ctl_fields_ask(
        ctl, &ask.base, &kehu__customers__v1__need_list__descriptor, &code);

    if (!list)
        return code;
    ctl_fields_print_table(ctl, (void *)list->needs, list->n_needs, columns, COUNT_OF(columns));
    if (list->n_needs == 0)
        puts("no needs");
    if (list->next_page_token[0])
        printf("more with --page-token %s\n", list->next_page_token);
    return CTL_DONE;
}

static const struct ctl_option need_list_options[] = {
    {"--state", "STATE", "open, met, lost or dropped (default: all)", false},
    {"--wanted-by", "DATE", "wanted on or before this day", false},
    {"--sort", "ORDER", "told (default), -told or -budget", false},
    {"--page-size", "N", "at most so many, up to 200 (default 50)", false},
    {"--page-token", "TOKEN", "goes on where the page before ended", false},
};

const struct ctl_command ctl_need_list = {
    .path = "need list",
    .arguments = "[CUSTOMER]",
    .max_arguments = 1,
    .summary = "List needs, of one customer or of all",
    .help = "  kehuctl need list --state open --sort -budget\n",
    .options = need_list_options,
    .option_count = COUNT_OF(need_list_options),
    .run = run_need_list,
};

/* --- entitlements --- */

static Kehu__Customers__V1__EntitlementList *entitlements_of(struct ctl *ctl, const char *customer,
                                                             int *code)
{
    Kehu__Customers__V1__ListEntitlements ask = KEHU__CUSTOMERS__V1__LIST_ENTITLEMENTS__INIT;

    ask.customer_ref = (char *)customer;
    ask.page_size = 200;
    return (Kehu__Customers__V1__EntitlementList *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__entitlement_list__descriptor, code);
}

static char *entitlement_of(struct ctl *ctl, const char *customer, const char *handle, int *code)
{
    Kehu__Customers__V1__EntitlementList *list = entitlements_of(ctl, customer, code);

    return list ? ctl_fields_whole_id((void *)list->entitlements, list->n_entitlements,
                                      "entitlement_id", handle, code)
                : NULL;
}

static int run_entitlement_save(struct ctl *ctl)
{
    Kehu__Customers__V1__SaveEntitlement ask = KEHU__CUSTOMERS__V1__SAVE_ENTITLEMENT__INIT;
    Kehu__Customers__V1__Entitlement entitlement = KEHU__CUSTOMERS__V1__ENTITLEMENT__INIT;
    int code;

    ctl_fields_fill(ctl, &ask.base);
    ctl_fields_fill(ctl, &entitlement.base);
    ask.customer_ref = (char *)ctl_argument(ctl, 0);
    entitlement.kind = (char *)ctl_argument(ctl, 1);
    if (ctl_option(ctl, "--entitlement")) {
        entitlement.entitlement_id =
            entitlement_of(ctl, ask.customer_ref, ctl_option(ctl, "--entitlement"), &code);
        if (!entitlement.entitlement_id)
            return code;
    }
    ask.entitlement = &entitlement;
    return print_reply(ctl, &ask.base);
}

static const struct ctl_option entitlement_save_options[] = {
    {"--entitlement", "ID", "a known one, by the id that entitlement list shows", false},
    {"--description", "TEXT", "what it is", false},
    {"--from-on", "DATE", "default today", false},
    {"--to-on", "DATE", "the last day; without it until further notice", false},
    {"--allowance", "N", "uses in all; without it no limit", false},
    {"--state", "STATE", "active (default) or ended", false},
    {"--expected-version", "N", "refused when another version is in force", false},
};

const struct ctl_command ctl_entitlement_save = {
    .path = "entitlement save",
    .arguments = "CUSTOMER KIND",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Give a customer something beyond the usual, or change it",
    .help = "KIND: care, custom_product, tech_support or exclusive_after_sales.\n\n"
            "  kehuctl entitlement save KH000123 tech_support --allowance 4 --to-on 2027-12-31\n",
    .options = entitlement_save_options,
    .option_count = COUNT_OF(entitlement_save_options),
    .run = run_entitlement_save,
};

static int run_entitlement_use(struct ctl *ctl)
{
    Kehu__Customers__V1__UseEntitlement ask = KEHU__CUSTOMERS__V1__USE_ENTITLEMENT__INIT;
    Kehu__Customers__V1__EntitlementUse use = KEHU__CUSTOMERS__V1__ENTITLEMENT_USE__INIT;
    int code;

    ctl_fields_fill(ctl, &use.base);
    ask.customer_ref = (char *)ctl_argument(ctl, 0);
    ask.entitlement_id = entitlement_of(ctl, ask.customer_ref, ctl_argument(ctl, 1), &code);
    ask.use = &use;
    return ask.entitlement_id ? print_reply(ctl, &ask.base) : code;
}

static const struct ctl_option entitlement_use_options[] = {
    {"--used-on", "DATE", "default today", false},
    {"--quantity", "N", "default 1", false},
    {"--note", "TEXT", "what was done", false},
};

const struct ctl_command ctl_entitlement_use = {
    .path = "entitlement use",
    .arguments = "CUSTOMER ID",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Record that an entitlement was used",
    .help = "ID as entitlement list shows it.\n\n"
            "  kehuctl entitlement use KH000123 3fa9c1 --note \"上门调试\"\n",
    .options = entitlement_use_options,
    .option_count = COUNT_OF(entitlement_use_options),
    .run = run_entitlement_use,
};

static int run_entitlement_list(struct ctl *ctl)
{
    static const struct ctl_column columns[] = {
        {"id", "entitlement_id", false},  {"kind", "kind", false},        {"state", "state", false},
        {"from", "from_on", false},       {"to", "to_on", false},         {"used", "used", true},
        {"allowance", "allowance", true}, {"what", "description", false}, {"by", "added_by", false},
    };
    Kehu__Customers__V1__ListEntitlements ask = KEHU__CUSTOMERS__V1__LIST_ENTITLEMENTS__INIT;
    int code;

    ctl_fields_fill(ctl, &ask.base);
    ask.customer_ref = (char *)ctl_argument(ctl, 0);
    Kehu__Customers__V1__EntitlementList *list =
        (Kehu__Customers__V1__EntitlementList *)ctl_fields_ask(
            ctl, &ask.base, &kehu__customers__v1__entitlement_list__descriptor, &code);

    if (!list)
        return code;
    ctl_fields_print_table(ctl, (void *)list->entitlements, list->n_entitlements, columns,
                           COUNT_OF(columns));
    if (list->n_entitlements == 0)
        puts("no entitlements");
    if (list->next_page_token[0])
        printf("more with --page-token %s\n", list->next_page_token);
    return CTL_DONE;
}

static const struct ctl_option entitlement_list_options[] = {
    {"--state", "STATE", "active or ended (default: all)", false},
    {"--page-size", "N", "at most so many, up to 200 (default 50)", false},
    {"--page-token", "TOKEN", "goes on where the page before ended", false},
};

const struct ctl_command ctl_entitlement_list = {
    .path = "entitlement list",
    .arguments = "CUSTOMER",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "List a customer's entitlements and their use",
    .help =
        "An allowance of 0 is no limit.\n\n  kehuctl entitlement list KH000123 --state active\n",
    .options = entitlement_list_options,
    .option_count = COUNT_OF(entitlement_list_options),
    .run = run_entitlement_list,
};
