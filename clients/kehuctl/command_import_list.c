/* kehuctl import list, show and undo: imports that were made. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "import_undo.h"
#include "kehu/customers/v1/imports.pb-c.h"

static const char *const states[] = {"", "open", "finished", "being undone", "undone"};
static const char *const kinds[] = {"", "customers", "contacts"};

static const char *count_of(struct ctl *ctl, uint64_t count)
{
    return arena_print(ctl->arena, "%" PRIu64, count);
}

/* --- list --- */

static int run_list(struct ctl *ctl)
{
    static const char *const headings[] = {"import", "kind", "source",  "state",     "started",
                                           "by",     "new",  "changed", "unchanged", "rejected"};
    static const bool right[] = {false, false, false, false, false, false, true, true, true, true};
    Kehu__Customers__V1__ListImports ask = KEHU__CUSTOMERS__V1__LIST_IMPORTS__INIT;
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    int code;

    ask.page_size = (uint32_t)ctl_integer(ctl, "--limit", 50, 1, 500);
    if (ctl_option(ctl, "--after"))
        ask.page_token = (char *)ctl_option(ctl, "--after");
    Kehu__Customers__V1__ImportList *list = (Kehu__Customers__V1__ImportList *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__import_list__descriptor, &code);

    if (!list)
        return code;
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(&list->base));
        return CTL_DONE;
    }
    for (size_t i = 0; i < list->n_imports; i++) {
        const Kehu__Customers__V1__Import *one = list->imports[i];
        const char *cells[] = {one->import_number,
                               kinds[one->settings->kind],
                               one->settings->source,
                               states[one->state],
                               ctl_local_time(ctl, one->started_at),
                               one->by,
                               count_of(ctl, one->accepted),
                               count_of(ctl, one->updated),
                               count_of(ctl, one->unchanged),
                               count_of(ctl, one->rejected)};

        ctl_table_row(table, cells);
    }
    ctl_table_print(table);
    if (list->next_page_token[0])
        printf("more: --after %s\n", list->next_page_token);
    return CTL_DONE;
}

static const struct ctl_option list_options[] = {
    {"--limit", "N", "at most so many, 1..500; default 50", false},
    {"--after", "TOKEN", "the page behind another one", false},
};

const struct ctl_command ctl_import_list = {
    .path = "import list",
    .arguments = "",
    .summary = "Imports of customers and contacts, latest first",
    .help = "  kehuctl import list --limit 10\n",
    .options = list_options,
    .option_count = COUNT_OF(list_options),
    .run = run_list,
};

/* --- show --- */

static void print_import(struct ctl *ctl, const Kehu__Customers__V1__Import *one)
{
    printf("%s  %s from %s, %s\n", one->import_number, kinds[one->settings->kind],
           one->settings->source, states[one->state]);
    printf("  file       %s\n  started    %s by %s\n", one->file_name,
           ctl_local_time(ctl, one->started_at), one->by);
    if (one->finished_at)
        printf("  finished   %s: %" PRIu64 " lines, %" PRIu64 " broken\n",
               ctl_local_time(ctl, one->finished_at), one->lines, one->broken_lines);
    printf("  new        %" PRIu64 "\n  changed    %" PRIu64 "\n  unchanged  %" PRIu64
           "\n  rejected   %" PRIu64 "\n",
           one->accepted, one->updated, one->unchanged, one->rejected);
    if (one->undone_by[0])
        printf("  undone     %s by %s: %" PRIu64 " removed, %" PRIu64 " as before, %" PRIu64
               " kept\n",
               ctl_local_time(ctl, one->undone_at), one->undone_by, one->removed, one->restored,
               one->kept);
    else
        printf("  can be undone until %s\n", one->undo_until);
}

/* Rows that an undo left, with the reason; JSON: as an array beside. */
static int print_kept(struct ctl *ctl, const char *number, json_t *json)
{
    Kehu__Customers__V1__ListImportRows ask = KEHU__CUSTOMERS__V1__LIST_IMPORT_ROWS__INIT;
    int code = CTL_DONE;

    ask.import_number = (char *)number;
    ask.only_kept = true;
    ask.page_size = 500;
    for (;;) {
        Kehu__Customers__V1__ImportRowList *rows = (Kehu__Customers__V1__ImportRowList *)ctl_ask(
            ctl, &ask.base, &kehu__customers__v1__import_row_list__descriptor, &code);

        if (!rows)
            return code;
        for (size_t i = 0; i < rows->n_rows; i++) {
            if (json)
                json_array_append_new(json, ctl_json_message(&rows->rows[i]->base));
            else
                printf("  kept: line %" PRIu64 ", %s: %s\n", rows->rows[i]->line,
                       rows->rows[i]->number, rows->rows[i]->kept_because);
        }
        if (!rows->next_page_token[0])
            return CTL_DONE;
        ask.page_token = rows->next_page_token;
    }
}

static int run_show(struct ctl *ctl)
{
    Kehu__Customers__V1__GetImport ask = KEHU__CUSTOMERS__V1__GET_IMPORT__INIT;
    int code;

    ask.import_number = (char *)ctl_argument(ctl, 0);
    Kehu__Customers__V1__Import *one = (Kehu__Customers__V1__Import *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__import__descriptor, &code);

    if (!one)
        return code;
    if (!ctl->json) {
        print_import(ctl, one);
        return one->kept > 0 ? print_kept(ctl, one->import_number, NULL) : CTL_DONE;
    }
    json_t *json = ctl_json_message(&one->base), *kept = json_array();

    if (one->kept > 0)
        code = print_kept(ctl, one->import_number, kept);
    json_object_set_new(json, "kept_rows", kept);
    ctl_print_json(ctl, json);
    return code;
}

const struct ctl_command ctl_import_show = {
    .path = "import show",
    .arguments = "IMPORT",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "What became of an import, and what its undo left",
    .help = "  kehuctl import show IM000012\n",
    .run = run_show,
};

/* --- undo --- */

static int run_undo(struct ctl *ctl)
{
    const char *number = ctl_argument(ctl, 0);
    Kehu__Customers__V1__ImportUndone *undone = NULL;
    int code = import_undo_all(ctl, number, ctl_option(ctl, "--reason"), &undone);

    if (code != CTL_DONE)
        return code;
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(&undone->base));
        return CTL_DONE;
    }
    printf("%s is undone: %" PRIu64 " removed, %" PRIu64 " as before, %" PRIu64 " kept\n",
           undone->import_number, undone->removed, undone->restored, undone->kept);
    return undone->kept > 0 ? print_kept(ctl, number, NULL) : CTL_DONE;
}

static const struct ctl_option undo_options[] = {
    {"--reason", "TEXT", "why; it is audited", true},
};

const struct ctl_command ctl_import_undo = {
    .path = "import undo",
    .arguments = "IMPORT",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Take an import back",
    .help =
        "Who was made by the import goes, values it changed become what they were. Who has got\n"
        "orders, contacts or an owner since, and what somebody changed since, stays and is\n"
        "listed. An undo that was interrupted goes on with the same command.\n\n"
        "  kehuctl import undo IM000012 --reason \"wrong file\"",
    .options = undo_options,
    .option_count = COUNT_OF(undo_options),
    .run = run_undo,
};
