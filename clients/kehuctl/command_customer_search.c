/* kehuctl customer search: one box for names, pinyin, initials, telephones, numbers and references.
 */
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "ctl_words.h"
#include "kehu/customers/v1/files.pb-c.h"

#define PAGE 100
#define DEFAULT_TOP 20
#define OUTSIDE_KINDS 100

/* Customers outside of one's scope say nothing but whose they are: those who say the same are one
 * row, below one's own. */
struct outside {
    const char *text[OUTSIDE_KINDS];
    size_t count[OUTSIDE_KINDS], kinds;
};

static void take_outside(struct ctl *ctl, const Kehu__Customers__V1__CustomerSummary *one,
                         struct outside *outside)
{
    const char *text =
        arena_print(ctl->arena, "(not yours; owner %s%s%s)", one->owner[0] ? one->owner : "none",
                    one->owned_since[0] ? " since " : "", one->owned_since);
    size_t i = 0;

    while (i < outside->kinds && strcmp(outside->text[i], text) != 0)
        i++;
    if (i == OUTSIDE_KINDS) { /* nobody reads so many: the last row stands for the rest */
        outside->text[--i] = "(not yours)";
    } else if (i == outside->kinds) {
        outside->text[outside->kinds++] = text;
        outside->count[i] = 0;
    }
    outside->count[i]++;
}

static void print_outside(struct ctl *ctl, struct ctl_table *table, const struct outside *outside)
{
    for (size_t i = 0; i < outside->kinds; i++) {
        const char *cells[] = {
            "",
            outside->count[i] == 1
                ? outside->text[i]
                : arena_print(ctl->arena, "%s, %zu of them", outside->text[i], outside->count[i]),
            "",
            "",
            "",
            ""};

        ctl_table_row(table, cells);
    }
}

static const char *shown_name(struct ctl *ctl, const Kehu__Customers__V1__CustomerSummary *one)
{
    const char *name = one->name[0] ? one->name : "(no name yet)";

    if (!one->merged_from[0])
        return name;
    return arena_print(ctl->arena, "%s %s %s%s%s)", name, ctl_sentence(ctl, "(formerly"),
                       one->former_name, one->former_name[0] ? ", " : "", one->merged_from);
}

static void take_page(struct ctl *ctl, const Kehu__Customers__V1__CustomerList *page,
                      struct ctl_table *table, struct outside *outside, json_t *array)
{
    for (size_t i = 0; i < page->n_customers; i++) {
        const Kehu__Customers__V1__CustomerSummary *one = page->customers[i];
        const char *cells[] = {one->number, shown_name(ctl, one), one->grade, one->region,
                               one->ref,    one->matched};

        if (ctl->json)
            json_array_append_new(array, ctl_json_message(&one->base));
        else if (one->outside)
            take_outside(ctl, one, outside);
        else
            ctl_table_row(table, cells);
    }
}

/* What was typed may come as several words. */
static const char *query_of(struct ctl *ctl)
{
    const char *query = ctl_argument(ctl, 0);

    for (int i = 1; query && ctl_argument(ctl, i); i++)
        query = arena_print(ctl->arena, "%s %s", query, ctl_argument(ctl, i));
    return query;
}

static int run(struct ctl *ctl)
{
    static const char *const headings[] = {"number", "name", "grade", "region", "ref", "matched"};
    static const bool right[] = {false, false, false, false, false, false};
    Kehu__Customers__V1__SearchCustomers ask = KEHU__CUSTOMERS__V1__SEARCH_CUSTOMERS__INIT;
    long long left = ctl_integer(ctl, "--top", DEFAULT_TOP, 1, 100000);
    struct ctl_table *table =
        ctl->json ? NULL : ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    json_t *array = ctl->json ? json_array() : NULL;
    struct outside outside = {.kinds = 0};
    int code;

    ask.query = (char *)query_of(ctl);
    do {
        ask.page_size = left < PAGE ? (uint32_t)left : PAGE;
        Kehu__Customers__V1__CustomerList *page = (Kehu__Customers__V1__CustomerList *)ctl_ask(
            ctl, &ask.base, &kehu__customers__v1__customer_list__descriptor, &code);

        if (!page) {
            json_decref(array);
            return code;
        }
        take_page(ctl, page, table, &outside, array);
        left -= (long long)page->n_customers;
        ask.page_token = page->next_page_token;
    } while (ask.page_token[0] && left > 0);
    if (ctl->json) {
        ctl_print_json(ctl, array);
    } else {
        print_outside(ctl, table, &outside);
        ctl_table_print(table);
    }
    if (!ctl->json && ask.page_token[0])
        puts("and more: --top N shows more of them");
    return CTL_DONE;
}

static const struct ctl_option options[] = {
    {"--top", "N", "how many to show, best first (default 20)", false},
};

const struct ctl_command ctl_customer_search = {
    .path = "customer search",
    .arguments = "QUERY",
    .min_arguments = 1,
    .max_arguments = 20,
    .summary = "Find customers by whatever is known of them",
    .help =
        "QUERY is a part of a name, its pinyin or initials, the last four digits of a telephone\n"
        "or a whole one, a whole e-mail address, a number, an id or SOURCE:EXTERNAL_ID. Of several\n"
        "words all must match. Those you may not see stand last, with their owner alone.\n"
        "Whoever was merged leads to him he counts as now, shown with what he was formerly.\n\n"
        "  kehuctl customer search 翠湖\n"
        "  kehuctl customer search chsm\n"
        "  kehuctl customer search 翠湖 0001 --json\n",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run,
};
