/* kehuctl region list: the tree, and what the sources' names for regions mean. */
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "kehu/customers/v1/regions.pb-c.h"

static const Kehu__Customers__V1__Region *find(const Kehu__Customers__V1__RegionList *list,
                                               const char *code)
{
    for (size_t i = 0; i < list->n_regions; i++)
        if (strcmp(list->regions[i]->code, code) == 0)
            return list->regions[i];
    return NULL;
}

/* The regions below this one, each followed by its own, two spaces further in for each level. */
static void add_below(struct ctl *ctl, struct ctl_table *table,
                      const Kehu__Customers__V1__RegionList *list, const char *parent, int level)
{
    for (size_t i = 0; i < list->n_regions; i++) {
        const Kehu__Customers__V1__Region *region = list->regions[i];
        const char *cells[] = {arena_print(ctl->arena, "%*s%s", 2 * level, "", region->name),
                               region->code, region->is_grading ? "grading" : ""};

        if (strcmp(region->parent_code, parent) != 0)
            continue;
        ctl_table_row(table, cells);
        add_below(ctl, table, list, region->code, level + 1);
    }
}

static void print_tree(struct ctl *ctl, const Kehu__Customers__V1__RegionList *list)
{
    static const char *const headings[] = {"region", "code", ""};
    static const bool right[] = {false, false, false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));

    if (list->n_regions == 0) {
        puts("No regions yet; `kehuctl region save` adds one");
        return;
    }
    add_below(ctl, table, list, "", 0);
    ctl_table_print(table);
}

static void print_order_regions(struct ctl *ctl, const Kehu__Customers__V1__RegionList *list)
{
    static const char *const headings[] = {"source", "region of orders", "net", "means"};
    static const bool right[] = {false, false, true, false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));

    if (list->n_order_regions == 0)
        return;
    putchar('\n');
    for (size_t i = 0; i < list->n_order_regions; i++) {
        const Kehu__Customers__V1__OrderRegion *one = list->order_regions[i];
        const Kehu__Customers__V1__Region *region = find(list, one->region_code);
        const char *cells[] = {one->source, one->name[0] ? one->name : "(none given)",
                               ctl_decimal(ctl, one->net_micros),
                               region
                                   ? arena_print(ctl->arena, "%s (%s)", region->name, region->code)
                                   : "itself (unmapped)"};

        ctl_table_row(table, cells);
    }
    ctl_table_print(table);
}

static int run_list(struct ctl *ctl)
{
    Kehu__Customers__V1__ListRegions ask = KEHU__CUSTOMERS__V1__LIST_REGIONS__INIT;
    int code;
    Kehu__Customers__V1__RegionList *list = (Kehu__Customers__V1__RegionList *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__region_list__descriptor, &code);

    if (!list)
        return code;
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(&list->base));
        return CTL_DONE;
    }
    print_tree(ctl, list);
    print_order_regions(ctl, list);
    return CTL_DONE;
}

const struct ctl_command ctl_region_list = {
    .path = "region list",
    .arguments = "",
    .summary = "Show the region tree and what the sources' regions mean",
    .help = "Net is of all time, in the business currency.\n\n"
            "  kehuctl region list\n",
    .run = run_list,
};
