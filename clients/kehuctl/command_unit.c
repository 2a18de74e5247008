/* kehuctl unit list and save. */
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "kehu/customers/v1/staff.pb-c.h"

#define PAGE 500

/* All units, gathered. */
struct units {
    Kehu__Customers__V1__Unit **list;
    size_t count;
};

static bool add_page(struct ctl *ctl, const Kehu__Customers__V1__UnitList *page,
                     struct units *units)
{
    size_t count = units->count + page->n_units;
    Kehu__Customers__V1__Unit **list = arena_take_array(ctl->arena, count, sizeof(*list));

    if (!list)
        return false;
    if (units->count)
        memcpy(list, units->list, units->count * sizeof(*list));
    if (page->n_units)
        memcpy(list + units->count, page->units, page->n_units * sizeof(*list));
    *units = (struct units){list, count};
    return true;
}

/* The units below this one, each followed by its own, two spaces further in for each level. */
static void add_below(struct ctl *ctl, struct ctl_table *table, const struct units *units,
                      const char *parent, int level)
{
    for (size_t i = 0; i < units->count; i++) {
        const Kehu__Customers__V1__Unit *unit = units->list[i];
        const char *cells[] = {arena_print(ctl->arena, "%*s%s", 2 * level, "", unit->name),
                               unit->code};

        if (strcmp(unit->parent, parent) != 0)
            continue;
        ctl_table_row(table, cells);
        add_below(ctl, table, units, unit->code, level + 1);
    }
}

static void print_units(struct ctl *ctl, const struct units *units)
{
    static const char *const headings[] = {"unit", "code"};
    static const bool right[] = {false, false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));

    if (units->count == 0) {
        puts("No units yet; `kehuctl unit save` adds one");
        return;
    }
    add_below(ctl, table, units, "", 0);
    ctl_table_print(table);
}

static void print_json(struct ctl *ctl, const struct units *units)
{
    json_t *array = json_array();

    for (size_t i = 0; i < units->count; i++)
        json_array_append_new(array, ctl_json_message(&units->list[i]->base));
    ctl_print_json(ctl, array);
}

static int run_list(struct ctl *ctl)
{
    Kehu__Customers__V1__ListUnits ask = KEHU__CUSTOMERS__V1__LIST_UNITS__INIT;
    struct units units = {NULL, 0};
    int code;

    ask.page_size = PAGE;
    do {
        Kehu__Customers__V1__UnitList *page = (Kehu__Customers__V1__UnitList *)ctl_ask(
            ctl, &ask.base, &kehu__customers__v1__unit_list__descriptor, &code);

        if (!page)
            return code;
        if (!add_page(ctl, page, &units))
            return CTL_UNFINISHED;
        ask.page_token = page->next_page_token;
    } while (ask.page_token[0]);
    if (ctl->json)
        print_json(ctl, &units);
    else
        print_units(ctl, &units);
    return CTL_DONE;
}

const struct ctl_command ctl_unit_list = {
    .path = "unit list",
    .arguments = "",
    .summary = "Show the units of the company",
    .help = "  kehuctl unit list\n",
    .run = run_list,
};

static int run_save(struct ctl *ctl)
{
    Kehu__Customers__V1__SaveUnit ask = KEHU__CUSTOMERS__V1__SAVE_UNIT__INIT;
    Kehu__Customers__V1__Unit unit = KEHU__CUSTOMERS__V1__UNIT__INIT, *saved;
    int code;

    unit.code = (char *)ctl_argument(ctl, 0);
    unit.name = (char *)ctl_option(ctl, "--name");
    if (ctl_option(ctl, "--parent"))
        unit.parent = (char *)ctl_option(ctl, "--parent");
    ask.unit = &unit;
    saved = (Kehu__Customers__V1__Unit *)ctl_ask(ctl, &ask.base,
                                                 &kehu__customers__v1__unit__descriptor, &code);
    if (!saved)
        return code;
    if (ctl->json)
        ctl_print_json(ctl, ctl_json_message(&saved->base));
    else
        printf("%s (%s) is saved\n", saved->name, saved->code);
    return CTL_DONE;
}

static const struct ctl_option save_options[] = {
    {"--name", "NAME", "what people call it", true},
    {"--parent", "CODE", "the unit it belongs to (default: it stands at the top)", false},
};

const struct ctl_command ctl_unit_save = {
    .path = "unit save",
    .arguments = "CODE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Add a unit of the company, or say anew what it is",
    .help = "A manager sees the customers of everybody in his unit and in those below it.\n\n"
            "  kehuctl unit save hq --name 总部\n"
            "  kehuctl unit save south --name 南区销售部 --parent hq\n",
    .options = save_options,
    .option_count = COUNT_OF(save_options),
    .run = run_save,
};
