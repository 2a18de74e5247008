/* kehuctl region save, remove, map and unmap. */
#include <stdio.h>

#include "ctl.h"
#include "kehu/customers/v1/regions.pb-c.h"

static int change_region(struct ctl *ctl, const ProtobufCMessage *ask, const char *done)
{
    int code;
    Kehu__Customers__V1__Region *region = (Kehu__Customers__V1__Region *)ctl_ask(
        ctl, ask, &kehu__customers__v1__region__descriptor, &code);

    if (!region)
        return code;
    if (ctl->json)
        ctl_print_json(ctl, ctl_json_message(&region->base));
    else
        printf("%s (%s) is %s\n", region->name, region->code, done);
    return CTL_DONE;
}

static int run_save(struct ctl *ctl)
{
    Kehu__Customers__V1__SaveRegion ask = KEHU__CUSTOMERS__V1__SAVE_REGION__INIT;
    Kehu__Customers__V1__Region region = KEHU__CUSTOMERS__V1__REGION__INIT;

    region.code = (char *)ctl_argument(ctl, 0);
    region.name = (char *)ctl_option(ctl, "--name");
    if (ctl_option(ctl, "--parent"))
        region.parent_code = (char *)ctl_option(ctl, "--parent");
    region.is_grading = ctl_option(ctl, "--grading") != NULL;
    ask.region = &region;
    return change_region(ctl, &ask.base, "saved");
}

static const struct ctl_option save_options[] = {
    {"--name", "NAME", "what people call it", true},
    {"--parent", "CODE", "the region it belongs to (default: it stands at the top)", false},
    {"--grading", NULL, "grades are given among the customers of it and those below", false},
};

const struct ctl_command ctl_region_save = {
    .path = "region save",
    .arguments = "CODE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Add a region, or say anew what it is",
    .help = "Give name, parent and --grading each time: what is left out is taken away.\n\n"
            "  kehuctl region save southwest --name 西南大区\n"
            "  kehuctl region save yn --name 云南 --parent southwest --grading\n",
    .options = save_options,
    .option_count = COUNT_OF(save_options),
    .run = run_save,
};

static int run_remove(struct ctl *ctl)
{
    Kehu__Customers__V1__RemoveRegion ask = KEHU__CUSTOMERS__V1__REMOVE_REGION__INIT;

    ask.code = (char *)ctl_argument(ctl, 0);
    return change_region(ctl, &ask.base, "removed");
}

const struct ctl_command ctl_region_remove = {
    .path = "region remove",
    .arguments = "CODE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Remove a region to which nothing refers",
    .help = "  kehuctl region remove yn-dali\n",
    .run = run_remove,
};

static int map(struct ctl *ctl, const char *code)
{
    Kehu__Customers__V1__MapRegion ask = KEHU__CUSTOMERS__V1__MAP_REGION__INIT;
    int exit_code;

    ask.source = (char *)ctl_argument(ctl, 0);
    ask.name = (char *)ctl_argument(ctl, 1);
    ask.region_code = (char *)code;
    Kehu__Customers__V1__OrderRegion *mapped = (Kehu__Customers__V1__OrderRegion *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__order_region__descriptor, &exit_code);

    if (!mapped)
        return exit_code;
    if (ctl->json) {
        json_t *json = ctl_json_message(&mapped->base);

        json_object_del(json, "net"); /* told by `region list` only */
        ctl_print_json(ctl, json);
    } else if (code[0]) {
        printf("%s of %s means %s\n", mapped->name, mapped->source, mapped->region_code);
    } else {
        printf("%s of %s stands for itself\n", mapped->name, mapped->source);
    }
    return CTL_DONE;
}

static int run_map(struct ctl *ctl)
{
    return map(ctl, ctl_argument(ctl, 2));
}

const struct ctl_command ctl_region_map = {
    .path = "region map",
    .arguments = "SOURCE NAME CODE",
    .min_arguments = 3,
    .max_arguments = 3,
    .summary = "Say which region a source's name for one means",
    .help =
        "NAME is as the source writes it; \"\" for orders that name none. Grades follow with the\n"
        "next run.\n\n"
        "  kehuctl region map erp 云南省 yn\n",
    .run = run_map,
};

static int run_unmap(struct ctl *ctl)
{
    return map(ctl, "");
}

const struct ctl_command ctl_region_unmap = {
    .path = "region unmap",
    .arguments = "SOURCE NAME",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Let a source's region stand for itself again",
    .help = "  kehuctl region unmap erp 云南省\n",
    .run = run_unmap,
};
