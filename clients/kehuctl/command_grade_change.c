/* kehuctl grade override, held and confirm: what people decide about single grades. */
#include <stdio.h>
#include <string.h>

#include "grade_follow.h"

/* Asks, and shows how the customer stands now. */
static int ask_and_show(struct ctl *ctl, const ProtobufCMessage *ask)
{
    int code;
    Kehu__Customers__V1__GradedCustomer *customer = (Kehu__Customers__V1__GradedCustomer *)ctl_ask(
        ctl, ask, &kehu__customers__v1__graded_customer__descriptor, &code);

    if (!customer)
        return code;
    if (ctl->json)
        ctl_print_json(ctl, ctl_json_message(&customer->base));
    else
        printf("%s %s: grade %s\n", customer->number, customer->ref, customer->grade);
    return CTL_DONE;
}

static int remove_override(struct ctl *ctl)
{
    Kehu__Customers__V1__RemoveGradeOverride ask = KEHU__CUSTOMERS__V1__REMOVE_GRADE_OVERRIDE__INIT;

    if (ctl_option(ctl, "--grade") || ctl_option(ctl, "--until"))
        ctl_usage(ctl, "--remove takes neither --grade nor --until");
    ask.ref = (char *)ctl_argument(ctl, 0);
    ask.reason = (char *)ctl_option(ctl, "--reason");
    return ask_and_show(ctl, &ask.base);
}

static int run_override(struct ctl *ctl)
{
    Kehu__Customers__V1__OverrideGrade ask = KEHU__CUSTOMERS__V1__OVERRIDE_GRADE__INIT;
    int32_t day;

    if (ctl_option(ctl, "--remove"))
        return remove_override(ctl);
    if (!ctl_option(ctl, "--grade") || !ctl_date(ctl, "--until", &day))
        ctl_usage(ctl, "give --grade and --until, or --remove");
    ask.ref = (char *)ctl_argument(ctl, 0);
    ask.grade = (char *)ctl_option(ctl, "--grade");
    ask.reason = (char *)ctl_option(ctl, "--reason");
    ask.until = (char *)ctl_option(ctl, "--until");
    return ask_and_show(ctl, &ask.base);
}

static const struct ctl_option override_options[] = {
    {"--grade", "GRADE", "A, B or C", false},
    {"--until", "DATE", "the last day it holds, within 12 months", false},
    {"--reason", "TEXT", "why, in a sentence", true},
    {"--remove", NULL, "back to what the last run calculated", false},
};

const struct ctl_command ctl_grade_override = {
    .path = "grade override",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Set a grade by hand until a day, or take that back",
    .help =
        "  kehuctl grade override KH000123 --grade A --until 2027-03-31 --reason \"key account\"\n"
        "  kehuctl grade override KH000123 --remove --reason \"contract ended\"\n",
    .options = override_options,
    .option_count = COUNT_OF(override_options),
    .run = run_override,
};

static int run_held(struct ctl *ctl)
{
    static const char *const headings[] = {"ref", "number", "from", "to", "since", "decide by"};
    static const bool right[] = {false, false, false, false, false, false};
    Kehu__Customers__V1__ListHeldDemotions ask = KEHU__CUSTOMERS__V1__LIST_HELD_DEMOTIONS__INIT;
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    int code;
    Kehu__Customers__V1__HeldDemotions *held = (Kehu__Customers__V1__HeldDemotions *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__held_demotions__descriptor, &code);

    if (!held)
        return code;
    if (ctl->json) {
        json_t *json = json_array();

        for (size_t i = 0; i < held->n_demotions; i++)
            json_array_append_new(json, ctl_json_message(&held->demotions[i]->base));
        ctl_print_json(ctl, json);
        return CTL_DONE;
    }
    for (size_t i = 0; i < held->n_demotions; i++) {
        const Kehu__Customers__V1__HeldDemotion *one = held->demotions[i];
        const char *cells[] = {one->ref, one->number, one->from,
                               one->to,  one->since,  one->decide_by};

        ctl_table_row(table, cells);
    }
    ctl_table_print(table);
    return CTL_DONE;
}

const struct ctl_command ctl_grade_held = {
    .path = "grade held",
    .arguments = "",
    .summary = "List the demotions that wait for the manager",
    .help = "The demotion of an A or key account waits; undecided, it applies after its day.\n\n"
            "  kehuctl grade held\n",
    .run = run_held,
};

static int run_confirm(struct ctl *ctl)
{
    Kehu__Customers__V1__ConfirmDemotion ask = KEHU__CUSTOMERS__V1__CONFIRM_DEMOTION__INIT;
    const char *reason = ctl_option(ctl, "--reason");

    ask.ref = (char *)ctl_argument(ctl, 0);
    ask.keep = ctl_option(ctl, "--keep") != NULL;
    if (ask.keep && !reason)
        ctl_usage(ctl, "--keep needs a --reason");
    if (reason)
        ask.reason = (char *)reason;
    return ask_and_show(ctl, &ask.base);
}

static const struct ctl_option confirm_options[] = {
    {"--keep", NULL, "keep the grade until the next run", false},
    {"--reason", "TEXT", "why, in a sentence; --keep needs one", false},
};

const struct ctl_command ctl_grade_confirm = {
    .path = "grade confirm",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Decide on a demotion that waits",
    .help = "  kehuctl grade confirm KH000123\n"
            "  kehuctl grade confirm KH000123 --keep --reason \"large order announced\"\n",
    .options = confirm_options,
    .option_count = COUNT_OF(confirm_options),
    .run = run_confirm,
};
