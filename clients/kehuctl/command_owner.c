/* kehuctl owner show, history, set, end, team, plan: who looks after one customer. */
#include "command_owner.h"

#include <stdio.h>

#include "kehu/customers/v1/owners.pb-c.h"

static const struct command_owner_column columns[] = {
    {"staff", "staff"},
    {"name", "name"},
    {"role", "role"},
    {"from", "from"},
    {"to", "to"},
    {"by", "by"},
    {"why", "reason"},
    {"rule", "rule"},
    {"note", "note"},
    {"ended by", "ended_by"},
    {"stands in", "deputy"},
};

static int ask_and_show(struct ctl *ctl, const ProtobufCMessage *ask)
{
    int code;
    ProtobufCMessage *owners = ctl_ask(ctl, ask, &kehu__customers__v1__owners__descriptor, &code);

    if (!owners)
        return code;
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(owners));
        return CTL_DONE;
    }
    printf("%s: %s\n", command_owner_cell(ctl, owners, "number"),
           command_owner_cell(ctl, owners, "state"));
    command_owner_table(ctl, owners, "owners", columns, COUNT_OF(columns));
    return CTL_DONE;
}

static int run_show(struct ctl *ctl)
{
    Kehu__Customers__V1__GetOwners ask = KEHU__CUSTOMERS__V1__GET_OWNERS__INIT;

    ask.ref = (char *)ctl_argument(ctl, 0);
    return ask_and_show(ctl, &ask.base);
}

const struct ctl_command ctl_owner_show = {
    .path = "owner show",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show who looks after a customer now",
    .help = "  kehuctl owner show KH000123\n",
    .run = run_show,
};

static int run_history(struct ctl *ctl)
{
    Kehu__Customers__V1__GetOwners ask = KEHU__CUSTOMERS__V1__GET_OWNERS__INIT;

    ask.ref = (char *)ctl_argument(ctl, 0);
    ask.history = true;
    return ask_and_show(ctl, &ask.base);
}

const struct ctl_command ctl_owner_history = {
    .path = "owner history",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show everybody who ever looked after a customer",
    .help = "  kehuctl owner history KH000123\n",
    .run = run_history,
};

static int run_set(struct ctl *ctl)
{
    Kehu__Customers__V1__AssignOwner ask = KEHU__CUSTOMERS__V1__ASSIGN_OWNER__INIT;

    ask.ref = (char *)ctl_argument(ctl, 0);
    ask.staff = (char *)ctl_argument(ctl, 1);
    ask.note = command_owner_text(ctl, "--note");
    return ask_and_show(ctl, &ask.base);
}

static const struct ctl_option set_options[] = {
    {"--note", "TEXT", "a word to it", false},
};

const struct ctl_command ctl_owner_set = {
    .path = "owner set",
    .arguments = "REF STAFF",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Make a staff member the owner of a customer from now on",
    .help = "  kehuctl owner set KH000123 li.na\n",
    .options = set_options,
    .option_count = COUNT_OF(set_options),
    .run = run_set,
};

static int run_end(struct ctl *ctl)
{
    Kehu__Customers__V1__EndOwnership ask = KEHU__CUSTOMERS__V1__END_OWNERSHIP__INIT;

    ask.ref = (char *)ctl_argument(ctl, 0);
    ask.reason = command_owner_text(ctl, "--reason");
    return ask_and_show(ctl, &ask.base);
}

static const struct ctl_option end_options[] = {
    {"--reason", "TEXT", "why, in a sentence", true},
};

const struct ctl_command ctl_owner_end = {
    .path = "owner end",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Let nobody look after a customer any more",
    .help = "  kehuctl owner end KH000123 --reason \"assigned by mistake\"\n",
    .options = end_options,
    .option_count = COUNT_OF(end_options),
    .run = run_end,
};

static int run_team(struct ctl *ctl)
{
    Kehu__Customers__V1__SetTeam ask = KEHU__CUSTOMERS__V1__SET_TEAM__INIT;

    ask.ref = (char *)ctl_argument(ctl, 0);
    ask.staff = command_owner_rest(ctl, 1, &ask.n_staff);
    ask.note = command_owner_text(ctl, "--note");
    return ask_and_show(ctl, &ask.base);
}

const struct ctl_command ctl_owner_team = {
    .path = "owner team",
    .arguments = "REF [STAFF...]",
    .min_arguments = 1,
    .max_arguments = 21,
    .summary = "Set the whole team of a customer; without anybody: none",
    .help = "  kehuctl owner team KH000123 wang.fang zhao.lei\n",
    .options = set_options,
    .option_count = COUNT_OF(set_options),
    .run = run_team,
};

static int run_plan(struct ctl *ctl)
{
    static const struct command_owner_column items[] = {
        {"code", "code"}, {"english", "english"}, {"chinese", "chinese"}};
    Kehu__Customers__V1__GetServicePlan ask = KEHU__CUSTOMERS__V1__GET_SERVICE_PLAN__INIT;
    int code;

    ask.ref = (char *)ctl_argument(ctl, 0);
    ProtobufCMessage *plan =
        ctl_ask(ctl, &ask.base, &kehu__customers__v1__customer_service_plan__descriptor, &code);

    if (!plan)
        return code;
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(plan));
        return CTL_DONE;
    }
    printf("%s: plan %s, contact every %s months%s\n", command_owner_cell(ctl, plan, "number"),
           command_owner_cell(ctl, plan, "plan"), command_owner_cell(ctl, plan, "cadence_months"),
           command_owner_cell(ctl, plan, "deep_only")[0] ? ", deep contacts only" : "");
    command_owner_table(ctl, plan, "measures", items, COUNT_OF(items));
    printf("privileges\n");
    command_owner_table(ctl, plan, "privileges", items, COUNT_OF(items));
    return CTL_DONE;
}

const struct ctl_command ctl_owner_plan = {
    .path = "owner plan",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show the service plan of a customer, by his grade",
    .help = "  kehuctl owner plan KH000123\n",
    .run = run_plan,
};
