/* kehuctl merge make, undo, list and show. */
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "kehu/customers/v1/merge.pb-c.h"

#define PAGE 500
#define DEFAULT_TOP 50

static const char *party(struct ctl *ctl, const char *number, const char *name)
{
    return arena_print(ctl->arena, "%s %s", number, name[0] ? name : "(no name yet)");
}

static int run_make(struct ctl *ctl)
{
    Kehu__Customers__V1__MergeCustomers ask = KEHU__CUSTOMERS__V1__MERGE_CUSTOMERS__INIT;
    int code;

    ask.merged = (char *)ctl_argument(ctl, 0);
    ask.survivor = (char *)ctl_option(ctl, "--into");
    ask.reason = (char *)ctl_option(ctl, "--reason");
    Kehu__Customers__V1__Merge *made = (Kehu__Customers__V1__Merge *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__merge__descriptor, &code);

    if (!made)
        return code;
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(&made->base));
        return CTL_DONE;
    }
    printf("%s is one with %s now; `kehuctl merge undo %s` takes them apart again\n",
           party(ctl, made->merged, made->merged_name),
           party(ctl, made->survivor, made->survivor_name), made->merged);
    return CTL_DONE;
}

static const struct ctl_option make_options[] = {
    {"--into", "REF", "who stays (the survivor)", true},
    {"--reason", "TEXT", "why they are one customer", true},
};

const struct ctl_command ctl_merge_make = {
    .path = "merge make",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Merge a customer into another; it can be undone",
    .help =
        "What was said of REF keeps its number and counts on the survivor; contacts, needs and\n"
        "the owner change hands and come back with an undo.\n\n"
        "  kehuctl merge make KH000124 --into KH000123 --reason 同一家公司\n",
    .options = make_options,
    .option_count = COUNT_OF(make_options),
    .run = run_make,
};

static int run_undo(struct ctl *ctl)
{
    Kehu__Customers__V1__UndoMerge ask = KEHU__CUSTOMERS__V1__UNDO_MERGE__INIT;
    int code;

    ask.merged = (char *)ctl_argument(ctl, 0);
    if (ctl_option(ctl, "--reason"))
        ask.reason = (char *)ctl_option(ctl, "--reason");
    Kehu__Customers__V1__Merge *undone = (Kehu__Customers__V1__Merge *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__merge__descriptor, &code);

    if (!undone)
        return code;
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(&undone->base));
        return CTL_DONE;
    }
    printf(
        "%s stands for itself again, apart from %s; `kehuctl merge show %s` tells what returned\n",
        party(ctl, undone->merged, undone->merged_name),
        party(ctl, undone->survivor, undone->survivor_name), undone->merged);
    return CTL_DONE;
}

static const struct ctl_option undo_options[] = {
    {"--reason", "TEXT", "why they are two after all", false},
};

const struct ctl_command ctl_merge_undo = {
    .path = "merge undo",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Take a merged customer apart from his survivor again",
    .help = "REF is the merged customer. What the survivor got since stays his; orders that came\n"
            "for the old number return with it.\n\n"
            "  kehuctl merge undo KH000124 --reason 是两家公司\n",
    .options = undo_options,
    .option_count = COUNT_OF(undo_options),
    .run = run_undo,
};

static int run_show(struct ctl *ctl)
{
    static const char *const headings[] = {"  what", "rows", "returned"};
    static const bool right[] = {false, true, true};
    Kehu__Customers__V1__GetMerge ask = KEHU__CUSTOMERS__V1__GET_MERGE__INIT;
    struct ctl_table *table;
    int code;

    ask.merged = (char *)ctl_argument(ctl, 0);
    Kehu__Customers__V1__Merge *merge = (Kehu__Customers__V1__Merge *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__merge__descriptor, &code);

    if (!merge)
        return code;
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(&merge->base));
        return CTL_DONE;
    }
    printf("%s into %s\n  %s by %s: %s\n", party(ctl, merge->merged, merge->merged_name),
           party(ctl, merge->survivor, merge->survivor_name), ctl_local_time(ctl, merge->made_at),
           merge->made_by, merge->reason);
    if (merge->undone_at)
        printf("  undone %s by %s%s%s\n", ctl_local_time(ctl, merge->undone_at), merge->undone_by,
               merge->undo_reason[0] ? ": " : "", merge->undo_reason);
    table = ctl_table_new(ctl, headings, right, merge->undone_at ? 3 : 2);
    for (size_t i = 0; i < merge->n_moves; i++) {
        const Kehu__Customers__V1__MergeMoves *moved = merge->moves[i];
        const char *cells[] = {arena_print(ctl->arena, "  %s", moved->what),
                               arena_print(ctl->arena, "%u", moved->rows),
                               arena_print(ctl->arena, "%u", moved->returned)};

        ctl_table_row(table, cells);
    }
    puts("\nChanged hands");
    ctl_table_print(table);
    return CTL_DONE;
}

const struct ctl_command ctl_merge_show = {
    .path = "merge show",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show the latest merge of a merged customer and what changed hands",
    .help = "  kehuctl merge show KH000124\n",
    .run = run_show,
};

static void take_page(struct ctl *ctl, const Kehu__Customers__V1__MergeList *page, json_t *array,
                      struct ctl_table *table)
{
    for (size_t i = 0; i < page->n_merges; i++) {
        const Kehu__Customers__V1__Merge *one = page->merges[i];
        const char *cells[] = {ctl_local_time(ctl, one->made_at),
                               party(ctl, one->merged, one->merged_name),
                               party(ctl, one->survivor, one->survivor_name),
                               one->made_by,
                               one->undone_at ? arena_print(ctl->arena, "undone %s",
                                                            ctl_local_time(ctl, one->undone_at))
                                              : "",
                               one->reason};

        if (array)
            json_array_append_new(array, ctl_json_message(&one->base));
        else
            ctl_table_row(table, cells);
    }
}

static int run_list(struct ctl *ctl)
{
    static const char *const headings[] = {"made", "merged", "into", "by", "state", "reason"};
    static const bool right[] = {false, false, false, false, false, false};
    Kehu__Customers__V1__ListMerges ask = KEHU__CUSTOMERS__V1__LIST_MERGES__INIT;
    long long left = ctl_integer(ctl, "--top", DEFAULT_TOP, 1, INT32_MAX);
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    json_t *array = ctl->json ? json_array() : NULL;
    int code;

    if (ctl_option(ctl, "--of"))
        ask.ref = (char *)ctl_option(ctl, "--of");
    ask.only_standing = ctl_option(ctl, "--standing") != NULL;
    do {
        ask.page_size = left < PAGE ? (uint32_t)left : PAGE;
        Kehu__Customers__V1__MergeList *page = (Kehu__Customers__V1__MergeList *)ctl_ask(
            ctl, &ask.base, &kehu__customers__v1__merge_list__descriptor, &code);

        if (!page) {
            json_decref(array);
            return code;
        }
        take_page(ctl, page, array, table);
        left -= (long long)page->n_merges;
        ask.page_token = page->next_page_token;
    } while (ask.page_token[0] && left > 0);
    if (ctl->json)
        ctl_print_json(ctl, array);
    else
        ctl_table_print(table);
    return CTL_DONE;
}

static const struct ctl_option list_options[] = {
    {"--of", "REF", "only of this customer and those who are one with him", false},
    {"--standing", NULL, "without those that were undone", false},
    {"--top", "N", "how many to show, the latest first (default 50)", false},
};

const struct ctl_command ctl_merge_list = {
    .path = "merge list",
    .arguments = "",
    .summary = "List merges, the latest first",
    .help = "  kehuctl merge list --of KH000123\n",
    .options = list_options,
    .option_count = COUNT_OF(list_options),
    .run = run_list,
};
