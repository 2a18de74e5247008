/* kehuctl pool list, pick, release: the public pool. */
#include <stdio.h>

#include "command_owner.h"
#include "kehu/customers/v1/pool.pb-c.h"

static int run_list(struct ctl *ctl)
{
    static const struct command_owner_column columns[] = {{"number", "number"},
                                                          {"name", "name"},
                                                          {"region", "region"},
                                                          {"since", "since"},
                                                          {"was with", "previous_owner"},
                                                          {"who may not before", "locked_until"},
                                                          {"why", "reason"}};
    Kehu__Customers__V1__ListPool ask = KEHU__CUSTOMERS__V1__LIST_POOL__INIT;
    const struct command_owner_list list = {
        .question = &ask.base,
        .reply = &kehu__customers__v1__pool_list__descriptor,
        .field = "customers",
        .columns = columns,
        .column_count = COUNT_OF(columns),
    };

    ask.region = command_owner_text(ctl, "--region");
    return command_owner_list(ctl, &list);
}

static const struct ctl_option list_options[] = {
    {"--region", "CODE", "those of the region and of all below it", false},
    {"--all", NULL, "every page", false},
};

const struct ctl_command ctl_pool_list = {
    .path = "pool list",
    .arguments = "",
    .summary = "List the customers of the public pool, longest first",
    .help = "The pool is off unless the policy `pool` switches it on.\n\n  kehuctl pool list\n",
    .options = list_options,
    .option_count = COUNT_OF(list_options),
    .run = run_list,
};

static int ask_and_show(struct ctl *ctl, const ProtobufCMessage *ask)
{
    int code;
    Kehu__Customers__V1__PoolChange *change = (Kehu__Customers__V1__PoolChange *)ctl_ask(
        ctl, ask, &kehu__customers__v1__pool_change__descriptor, &code);

    if (!change)
        return code;
    if (ctl->json)
        ctl_print_json(ctl, ctl_json_message(&change->base));
    else if (change->owner[0])
        printf("%s: %s is the owner; %u picks left today\n", change->number, change->owner,
               change->picks_left);
    else
        printf("%s is in the public pool\n", change->number);
    return CTL_DONE;
}

static int run_pick(struct ctl *ctl)
{
    Kehu__Customers__V1__PickFromPool ask = KEHU__CUSTOMERS__V1__PICK_FROM_POOL__INIT;

    ask.ref = (char *)ctl_argument(ctl, 0);
    ask.staff = command_owner_text(ctl, "--for");
    return ask_and_show(ctl, &ask.base);
}

static const struct ctl_option pick_options[] = {
    {"--for", "STAFF", "who takes him, where no person asks", false},
};

const struct ctl_command ctl_pool_pick = {
    .path = "pool pick",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Take a customer out of the public pool",
    .help = "  kehuctl --as wang.fang pool pick KH000123\n",
    .options = pick_options,
    .option_count = COUNT_OF(pick_options),
    .run = run_pick,
};

static int run_release(struct ctl *ctl)
{
    Kehu__Customers__V1__ReleaseToPool ask = KEHU__CUSTOMERS__V1__RELEASE_TO_POOL__INIT;

    ask.ref = (char *)ctl_argument(ctl, 0);
    ask.reason = command_owner_text(ctl, "--reason");
    return ask_and_show(ctl, &ask.base);
}

static const struct ctl_option release_options[] = {
    {"--reason", "TEXT", "why, in a sentence", true},
};

const struct ctl_command ctl_pool_release = {
    .path = "pool release",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Give a customer without a purchase up to the public pool",
    .help = "  kehuctl --as li.na pool release KH000123 --reason \"no answer since spring\"\n",
    .options = release_options,
    .option_count = COUNT_OF(release_options),
    .run = run_release,
};
