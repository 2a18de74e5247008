/* kehuctl staff save and absence. */
#include <string.h>

#include "command_staff.h"

#define MAX_WORDS 64

int command_staff_ask(struct ctl *ctl, const ProtobufCMessage *ask)
{
    int code;
    Kehu__Customers__V1__Staff *one = (Kehu__Customers__V1__Staff *)ctl_ask(
        ctl, ask, &kehu__customers__v1__staff__descriptor, &code);

    if (!one)
        return code;
    command_staff_print(ctl, one);
    return CTL_DONE;
}

/* The words between the commas of an option; without it none. */
static char **split(struct ctl *ctl, const char *option, size_t *count)
{
    const char *value = ctl_option(ctl, option);
    char **words = arena_take_array(ctl->arena, MAX_WORDS, sizeof(*words));

    *count = 0;
    while (words && value && value[0] && *count < MAX_WORDS) {
        size_t bytes = strcspn(value, ",");

        words[(*count)++] = arena_copy_text(ctl->arena, value, bytes);
        value += bytes + (value[bytes] == ',');
    }
    return words;
}

static char *text(const struct ctl *ctl, const char *option)
{
    const char *value = ctl_option(ctl, option);

    return (char *)(value ? value : "");
}

static int run_save(struct ctl *ctl)
{
    Kehu__Customers__V1__SaveStaff ask = KEHU__CUSTOMERS__V1__SAVE_STAFF__INIT;

    ask.code = (char *)ctl_argument(ctl, 0);
    ask.name = text(ctl, "--name");
    ask.roles = split(ctl, "--roles", &ask.n_roles);
    ask.level = text(ctl, "--level");
    ask.unit = text(ctl, "--unit");
    ask.regions = split(ctl, "--regions", &ask.n_regions);
    ask.manager = text(ctl, "--manager");
    ask.deputy = text(ctl, "--deputy");
    ask.capacity = (uint32_t)ctl_integer(ctl, "--capacity", 0, 0, 1000000);
    ask.joined_on = text(ctl, "--joined");
    ask.expected_version = (uint64_t)ctl_integer(ctl, "--version-is", 0, 0, INT64_MAX);
    return command_staff_ask(ctl, &ask.base);
}

static const struct ctl_option save_options[] = {
    {"--name", "NAME", "as people call him", true},
    {"--roles", "ROLE,..", "what he may do; see docs/security.md", false},
    {"--level", "LEVEL", "staff (default), office_head, middle, top or owner", false},
    {"--unit", "CODE", "where he works", false},
    {"--regions", "CODE,..", "regions he answers for", false},
    {"--manager", "CODE", "whose team he is in", false},
    {"--deputy", "CODE", "who stands in for him", false},
    {"--capacity", "N", "customers given to him by turns at most (default: no limit)", false},
    {"--joined", "DAY", "first day (default: today; of a known one unchanged)", false},
    {"--version-is", "N", "refuse unless the entry is at this version", false},
};

const struct ctl_command ctl_staff_save = {
    .path = "staff save",
    .arguments = "CODE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Add somebody to the staff directory, or say anew what he is",
    .help = "Say all each time: what is left out is taken away, but for absence and state.\n\n"
            "  kehuctl staff save li.na --name 李娜 --roles salesperson --unit south\n"
            "  kehuctl staff save zhang.wei --name 张伟 --roles manager,directory --unit hq\n",
    .options = save_options,
    .option_count = COUNT_OF(save_options),
    .run = run_save,
};

static int run_absence(struct ctl *ctl)
{
    Kehu__Customers__V1__SetAbsence ask = KEHU__CUSTOMERS__V1__SET_ABSENCE__INIT;

    ask.staff = (char *)ctl_argument(ctl, 0);
    ask.from = text(ctl, "--from");
    ask.to = text(ctl, "--to");
    ask.deputy = text(ctl, "--deputy");
    if (!ctl_option(ctl, "--back") && (!ask.from[0] || !ask.to[0]))
        ctl_usage(ctl, "staff absence needs --from DAY and --to DAY, or --back");
    if (ctl_option(ctl, "--back") && (ask.from[0] || ask.to[0]))
        ctl_usage(ctl, "--back goes without --from and --to");
    return command_staff_ask(ctl, &ask.base);
}

static const struct ctl_option absence_options[] = {
    {"--from", "DAY", "first day away", false},
    {"--to", "DAY", "last day away", false},
    {"--deputy", "CODE", "who stands in for him (default: the one of his entry)", false},
    {"--back", NULL, "he is back", false},
};

const struct ctl_command ctl_staff_absence = {
    .path = "staff absence",
    .arguments = "CODE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Say that somebody is away, and who stands in for him",
    .help = "His deputy sees his customers from the first to the last day.\n\n"
            "  kehuctl staff absence li.na --from 2026-10-01 --to 2026-10-08 --deputy zhang.wei\n"
            "  kehuctl staff absence li.na --back\n",
    .options = absence_options,
    .option_count = COUNT_OF(absence_options),
    .run = run_absence,
};
