/* kehuctl customer register and update: what is known of a customer, from the command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "ctl_line.h"
#include "kehu/customers/v1/files.pb-c.h"

/* The value of an enum by its short name: "supplier" of PARTY_TYPE_SUPPLIER. */
static int enum_value(struct ctl *ctl, const char *option,
                      const ProtobufCEnumDescriptor *descriptor, const char *prefix)
{
    const char *given = ctl_option(ctl, option);
    const char *all = "";
    char name[100];

    if (!given)
        return 0;
    snprintf(name, sizeof(name), "%s%.60s", prefix, given);
    for (char *c = name; *c; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    for (unsigned i = 0; i < descriptor->n_values; i++) {
        const char *word = descriptor->values[i].name + strlen(prefix);

        if (descriptor->values[i].value && strcmp(descriptor->values[i].name, name) == 0)
            return descriptor->values[i].value;
        if (descriptor->values[i].value)
            all = arena_print(ctl->arena, "%s%s%s", all, all[0] ? ", " : "", word);
    }
    ctl_usage(ctl, "%s must be one of %s, not \"%s\"", option, ctl_lower(ctl, all), given);
}

/* The values of an option that may stand several times; `name` is the table's own string or equal.
 */
static size_t values_of(struct ctl *ctl, const char *name, const char **values)
{
    size_t count = 0;

    for (size_t i = 0; i < ctl->line->option_count; i++)
        if (strcmp(ctl->line->names[i], name) == 0)
            values[count++] = ctl->line->values[i];
    return count;
}

struct facts {
    Kehu__Customers__V1__Fact room[CTL_LINE_WORDS + 1];
    Kehu__Customers__V1__Fact *list[CTL_LINE_WORDS + 1];
    size_t count;
    int source, status;
};

static void add_fact(struct facts *facts, const char *field, const char *value)
{
    Kehu__Customers__V1__Fact *fact = &facts->room[facts->count];

    kehu__customers__v1__fact__init(fact);
    fact->field = (char *)field;
    fact->value = (char *)value;
    fact->source = (Kehu__Customers__V1__FactSource)facts->source;
    fact->status = (Kehu__Customers__V1__FactStatus)facts->status;
    facts->list[facts->count++] = fact;
}

/* --fact FIELD=VALUE …, and the options that stand for a field of their own name. */
static void read_facts(struct ctl *ctl, struct facts *facts)
{
    static const char *const own[] = {"--name", "--phone", "--email", "--address"};
    const char *given[CTL_LINE_WORDS];
    size_t count = values_of(ctl, "--fact", given);

    facts->count = 0;
    facts->source =
        enum_value(ctl, "--source", &kehu__customers__v1__fact_source__descriptor, "FACT_SOURCE_");
    facts->status =
        enum_value(ctl, "--status", &kehu__customers__v1__fact_status__descriptor, "FACT_STATUS_");
    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (ctl_option(ctl, own[i]))
            add_fact(facts, own[i] + 2, ctl_option(ctl, own[i]));
    for (size_t i = 0; i < count; i++) {
        const char *equals = strchr(given[i], '=');

        if (!equals || equals == given[i])
            ctl_usage(ctl, "--fact needs FIELD=VALUE, such as staff_count=120; `kehuctl customer "
                           "fields` lists the fields");
        add_fact(facts, arena_copy_text(ctl->arena, given[i], (size_t)(equals - given[i])),
                 equals + 1);
    }
}

static int print_reply(struct ctl *ctl, const ProtobufCMessage *ask)
{
    int code;
    Kehu__Customers__V1__CustomerFileReply *reply =
        (Kehu__Customers__V1__CustomerFileReply *)ctl_ask(
            ctl, ask, &kehu__customers__v1__customer_file_reply__descriptor, &code);

    if (!reply)
        return code;
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(&reply->base));
        return CTL_DONE;
    }
    printf("%s  version %llu\n", reply->number, (unsigned long long)reply->file_version);
    for (size_t i = 0; i < reply->n_missing; i++)
        printf("%s%s%s", i ? ", " : "missing: ", reply->missing[i],
               i + 1 == reply->n_missing ? "\n" : "");
    return CTL_DONE;
}

static int run_register(struct ctl *ctl)
{
    Kehu__Customers__V1__RegisterCustomer ask = KEHU__CUSTOMERS__V1__REGISTER_CUSTOMER__INIT;
    const char *refs[CTL_LINE_WORDS];
    struct facts facts;

    read_facts(ctl, &facts);
    ask.party_type = (Kehu__Customers__V1__PartyType)enum_value(
        ctl, "--type", &kehu__customers__v1__party_type__descriptor, "PARTY_TYPE_");
    ask.nature = (Kehu__Customers__V1__PartyNature)enum_value(
        ctl, "--nature", &kehu__customers__v1__party_nature__descriptor, "PARTY_NATURE_");
    if (ctl_option(ctl, "--parent"))
        ask.parent_ref = (char *)ctl_option(ctl, "--parent");
    if (ctl_option(ctl, "--region"))
        ask.region = (char *)ctl_option(ctl, "--region");
    ask.facts = facts.list;
    ask.n_facts = facts.count;
    ask.n_refs = values_of(ctl, "--ref", refs);
    ask.refs = (char **)refs;
    return print_reply(ctl, &ask.base);
}

static int run_update(struct ctl *ctl)
{
    Kehu__Customers__V1__UpdateCustomer ask = KEHU__CUSTOMERS__V1__UPDATE_CUSTOMER__INIT;
    Kehu__Customers__V1__MajorChange major = KEHU__CUSTOMERS__V1__MAJOR_CHANGE__INIT;
    Kehu__Customers__V1__MajorChange *majors[] = {&major};
    const char *refs[CTL_LINE_WORDS];
    struct facts facts;

    read_facts(ctl, &facts);
    ask.ref = (char *)ctl_argument(ctl, 0);
    ask.expected_version = (uint64_t)ctl_integer(ctl, "--expect", 0, 1, INT64_MAX);
    ask.party_type = (Kehu__Customers__V1__PartyType)enum_value(
        ctl, "--type", &kehu__customers__v1__party_type__descriptor, "PARTY_TYPE_");
    ask.nature = (Kehu__Customers__V1__PartyNature)enum_value(
        ctl, "--nature", &kehu__customers__v1__party_nature__descriptor, "PARTY_NATURE_");
    if (ctl_option(ctl, "--parent")) {
        ask.parent_case = KEHU__CUSTOMERS__V1__UPDATE_CUSTOMER__PARENT_PARENT_REF;
        ask.parent_ref = (char *)ctl_option(ctl, "--parent");
    }
    if (ctl_option(ctl, "--region")) {
        ask.region_choice_case = KEHU__CUSTOMERS__V1__UPDATE_CUSTOMER__REGION_CHOICE_REGION;
        ask.region = (char *)ctl_option(ctl, "--region");
    }
    if (!ctl_option(ctl, "--major") &&
        (ctl_option(ctl, "--description") || ctl_option(ctl, "--on")))
        ctl_usage(ctl, "--description and --on stand with --major KIND");
    if (ctl_option(ctl, "--major")) {
        major.kind = (char *)ctl_option(ctl, "--major");
        if (ctl_option(ctl, "--description"))
            major.description = (char *)ctl_option(ctl, "--description");
        if (ctl_option(ctl, "--on"))
            major.happened_on = (char *)ctl_option(ctl, "--on");
        ask.major_changes = majors;
        ask.n_major_changes = 1;
    }
    ask.facts = facts.list;
    ask.n_facts = facts.count;
    ask.n_add_refs = values_of(ctl, "--ref", refs);
    ask.add_refs = (char **)refs;
    ask.reviewed = ctl_option(ctl, "--reviewed") != NULL;
    return print_reply(ctl, &ask.base);
}

#define FACT_OPTIONS                                                                               \
    {"--phone", "NUMBER", "its telephone number", false},                                          \
        {"--email", "ADDRESS", "its e-mail address", false},                                       \
        {"--address", "TEXT", "its address", false},                                               \
        {"--fact", "FIELD=VALUE", "what is known of it; may stand several times", false},          \
        {"--source", "SOURCE", "where the facts come from: visit, phone, web, …", false},          \
        {"--status", "STATUS", "unverified (default), verified or disputed", false},               \
        {"--ref", "SOURCE:ID", "under which another system knows it; may stand several times",     \
         false},                                                                                   \
        {"--type", "TYPE", "customer, channel, supplier, partner or competitor", false},           \
    {                                                                                              \
        "--nature", "NATURE", "organisation or person", false                                      \
    }

static const struct ctl_option register_options[] = {
    {"--name", "NAME", "its name", true},
    FACT_OPTIONS,
    {"--parent", "REF", "the organisation it belongs to", false},
    {"--region", "CODE", "its region (default: by its purchases)", false},
};

const struct ctl_command ctl_customer_register = {
    .path = "customer register",
    .arguments = "",
    .min_arguments = 0,
    .max_arguments = 0,
    .summary = "Open the file of a customer, channel, supplier, partner or competitor",
    .help = "  kehuctl customer register --name 昆明翠湖商贸有限公司 --phone 0871-65180001 \\\n"
            "      --fact legal_representative=李娜 --fact staff_count=120 --ref erp:K-77\n"
            "  kehuctl customer register --name 王伟 --nature person --fact gender=male\n",
    .options = register_options,
    .option_count = COUNT_OF(register_options),
    .run = run_register,
};

static const struct ctl_option update_options[] = {
    {"--expect", "N", "only if the file is at this version (customer show tells it)", false},
    {"--name", "NAME", "its name", false},
    FACT_OPTIONS,
    {"--parent", "REF", "the organisation it belongs to; empty: none any more", false},
    {"--region", "CODE", "its region; empty: by its purchases again", false},
    {"--major", "KIND", "a major change: expansion, executive_change, relocation, …", false},
    {"--description", "TEXT", "what happened", false},
    {"--on", "DATE", "when it happened (default: today)", false},
    {"--reviewed", NULL, "the whole file was looked through today", false},
};

const struct ctl_command ctl_customer_update = {
    .path = "customer update",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Change a customer's file",
    .help = "What is not said stays. An empty value (--fact email=) removes a fact.\n\n"
            "  kehuctl customer update KH000123 --expect 3 --fact staff_count=150\n"
            "  kehuctl customer update erp:K-77 --major relocation --on 2026-09-01 \\\n"
            "      --description \"迁至昆明高新区\"\n",
    .options = update_options,
    .option_count = COUNT_OF(update_options),
    .run = run_update,
};
