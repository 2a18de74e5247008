/* kehuctl staff list and show. */
#include "command_staff.h"

#include <stdio.h>

#define PAGE 500

const char *command_staff_joined(struct ctl *ctl, char *const *words, size_t count)
{
    const char *all = "";

    for (size_t i = 0; i < count && all; i++)
        all = arena_print(ctl->arena, "%s%s%s", all, i ? ", " : "", words[i]);
    return all;
}

static const char *away(struct ctl *ctl, const Kehu__Customers__V1__Staff *one)
{
    if (!one->absent_from[0])
        return "";
    return arena_print(ctl->arena, "%s to %s", one->absent_from, one->absent_to);
}

static void take_page(struct ctl *ctl, const Kehu__Customers__V1__StaffList *page,
                      struct ctl_table *table, json_t *array)
{
    for (size_t i = 0; i < page->n_staff; i++) {
        const Kehu__Customers__V1__Staff *one = page->staff[i];
        const char *cells[] = {
            one->code,      one->name,    command_staff_joined(ctl, one->roles, one->n_roles),
            one->unit,      one->manager, one->deputy,
            away(ctl, one), one->state};

        if (ctl->json)
            json_array_append_new(array, ctl_json_message(&one->base));
        else
            ctl_table_row(table, cells);
    }
}

static const char *or_empty(const struct ctl *ctl, const char *option)
{
    const char *value = ctl_option(ctl, option);

    return value ? value : "";
}

static int run_list(struct ctl *ctl)
{
    static const char *const headings[] = {"code",    "name",   "roles", "unit",
                                           "manager", "deputy", "away",  "state"};
    static const bool right[COUNT_OF(headings)] = {false};
    Kehu__Customers__V1__ListStaff ask = KEHU__CUSTOMERS__V1__LIST_STAFF__INIT;
    struct ctl_table *table =
        ctl->json ? NULL : ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    json_t *array = ctl->json ? json_array() : NULL;
    int code;

    ask.unit = (char *)or_empty(ctl, "--unit");
    ask.role = (char *)or_empty(ctl, "--role");
    ask.manager = (char *)or_empty(ctl, "--manager");
    ask.state = (char *)or_empty(ctl, "--state");
    ask.page_size = PAGE;
    do {
        Kehu__Customers__V1__StaffList *page = (Kehu__Customers__V1__StaffList *)ctl_ask(
            ctl, &ask.base, &kehu__customers__v1__staff_list__descriptor, &code);

        if (!page) {
            json_decref(array);
            return code;
        }
        take_page(ctl, page, table, array);
        ask.page_token = page->next_page_token;
    } while (ask.page_token[0]);
    if (ctl->json)
        ctl_print_json(ctl, array);
    else
        ctl_table_print(table);
    return CTL_DONE;
}

static const struct ctl_option list_options[] = {
    {"--unit", "CODE", "those of the unit and of all below it", false},
    {"--role", "ROLE", "those with the role", false},
    {"--manager", "CODE", "those whose manager he is", false},
    {"--state", "STATE", "active (default), left or all", false},
};

const struct ctl_command ctl_staff_list = {
    .path = "staff list",
    .arguments = "",
    .summary = "Show the staff directory",
    .help = "  kehuctl staff list --unit south --role salesperson\n",
    .options = list_options,
    .option_count = COUNT_OF(list_options),
    .run = run_list,
};

static void print_line(const char *label, const char *value)
{
    if (value && value[0])
        printf("  %-10s %s\n", label, value);
}

void command_staff_print(struct ctl *ctl, const Kehu__Customers__V1__Staff *one)
{
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(&one->base));
        return;
    }
    printf("%s  %s%s\n", one->code, one->name, one->state[0] == 'l' ? "  [left]" : "");
    print_line("roles", command_staff_joined(ctl, one->roles, one->n_roles));
    print_line("level", one->level);
    print_line("unit", one->unit);
    print_line("regions", command_staff_joined(ctl, one->regions, one->n_regions));
    print_line("manager", one->manager);
    print_line("deputy", one->deputy);
    print_line("away", away(ctl, one));
    if (one->capacity)
        print_line("capacity", arena_print(ctl->arena, "%u customers", one->capacity));
    print_line("joined", one->joined_on);
    print_line("left", one->left_on);
    print_line("version", arena_print(ctl->arena, "%llu", (unsigned long long)one->version));
}

static int run_show(struct ctl *ctl)
{
    Kehu__Customers__V1__GetStaff ask = KEHU__CUSTOMERS__V1__GET_STAFF__INIT;

    ask.staff = (char *)ctl_argument(ctl, 0);
    return command_staff_ask(ctl, &ask.base);
}

const struct ctl_command ctl_staff_show = {
    .path = "staff show",
    .arguments = "CODE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show somebody's entry in the staff directory",
    .help = "CODE may be the id too.\n\n  kehuctl staff show li.na\n",
    .run = run_show,
};
