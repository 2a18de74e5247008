/* kehuctl timeline: what happened to a customer, latest first. */
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "ctl_line.h"
#include "kehu/customers/v1/timeline.pb-c.h"

#define PAGE 200
#define DEFAULT_TOP 50

/* What of an entry stands, in one line. */
static const char *told(struct ctl *ctl, const Kehu__Customers__V1__TimelineEntry *entry)
{
    /* Ids are for programs; people know a contact by his name. */
    const bool is_id = strlen(entry->ref) == 36 && entry->ref[8] == '-';
    const char *const parts[] = {
        entry->what,
        is_id ? "" : entry->ref,
        entry->name,
        entry->net_micros ? ctl_decimal(ctl, entry->net_micros) : "",
        entry->currency,
        entry->text,
        entry->recorded_on[0] ? arena_print(ctl->arena, "(as %s)", entry->recorded_on) : ""};
    const char *all = "";

    for (size_t i = 0; i < COUNT_OF(parts) && all; i++)
        if (parts[i] && parts[i][0])
            all = arena_print(ctl->arena, "%s%s%s", all, all[0] ? " " : "", parts[i]);
    return all;
}

static size_t take_page(struct ctl *ctl, const Kehu__Customers__V1__Timeline *page, json_t *array,
                        struct ctl_table *table)
{
    for (size_t i = 0; i < page->n_entries; i++) {
        const Kehu__Customers__V1__TimelineEntry *one = page->entries[i];
        const char *cells[] = {ctl_local_time(ctl, one->at), one->kind, told(ctl, one), one->by};

        if (array)
            json_array_append_new(array, ctl_json_message(&one->base));
        else
            ctl_table_row(table, cells);
    }
    return page->n_entries;
}

static void read_question(struct ctl *ctl, Kehu__Customers__V1__GetTimeline *ask,
                          char *kinds[CTL_LINE_WORDS])
{
    for (size_t i = 0; i < ctl->line->option_count; i++)
        if (strcmp(ctl->line->names[i], "--kind") == 0)
            kinds[ask->n_kinds++] = (char *)ctl->line->values[i];
    ask->kinds = kinds;
    ask->ref = (char *)ctl_argument(ctl, 0);
    if (ctl_option(ctl, "--from"))
        ask->from = (char *)ctl_option(ctl, "--from");
    if (ctl_option(ctl, "--to"))
        ask->to = (char *)ctl_option(ctl, "--to");
}

static int run(struct ctl *ctl)
{
    static const char *const headings[] = {"at", "what", "", "by"};
    static const bool right[] = {false, false, false, false};
    Kehu__Customers__V1__GetTimeline ask = KEHU__CUSTOMERS__V1__GET_TIMELINE__INIT;
    size_t left = (size_t)ctl_integer(ctl, "--top", DEFAULT_TOP, 1, INT32_MAX);
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    json_t *array = ctl->json ? json_array() : NULL;
    char *kinds[CTL_LINE_WORDS];
    bool is_empty = true;
    int code;

    read_question(ctl, &ask, kinds);
    do {
        ask.page_size = left < PAGE ? (uint32_t)left : PAGE;
        Kehu__Customers__V1__Timeline *page = (Kehu__Customers__V1__Timeline *)ctl_ask(
            ctl, &ask.base, &kehu__customers__v1__timeline__descriptor, &code);

        if (!page) {
            json_decref(array);
            return code;
        }
        is_empty = is_empty && page->n_entries == 0;
        left -= take_page(ctl, page, array, table);
        ask.page_token = page->next_page_token;
    } while (ask.page_token[0] && left > 0);
    if (ctl->json)
        ctl_print_json(ctl, array);
    else
        ctl_table_print(table);
    if (!ctl->json && is_empty && ask.n_kinds)
        puts("nothing of these kinds: `kehuctl timeline --help` lists them");
    if (!ctl->json && ask.page_token[0])
        puts("and more: --top shows as many as you say");
    return CTL_DONE;
}

static const struct ctl_option options[] = {
    {"--kind", "KIND", "order, paid, grade, contact, owner, merged …; may stand several times",
     false},
    {"--from", "DATE", "the first day", false},
    {"--to", "DATE", "the last day", false},
    {"--top", "N", "how many to show, the latest first (default 50)", false},
};

const struct ctl_command ctl_timeline = {
    .path = "timeline",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show what happened to a customer, the latest first",
    .help =
        "KIND is registered, order, adjustment, return, paid, delivered, cancelled, grade, fact,\n"
        "major_change, contact, contact_unlinked, consent, owner, owner_ended, handover, need,\n"
        "entitlement, entitlement_use, merged, merge_undone … : other services add their own.\n"
        "With what happened to those who were merged into him. Times are in the stack's zone; in\n"
        "--json they are UTC.\n\n"
        "  kehuctl timeline KH000123\n"
        "  kehuctl timeline KH000123 --kind order --kind return --from 2026-01-01\n",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run,
};
