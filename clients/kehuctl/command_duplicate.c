/* kehuctl duplicate list and dismiss. */
#include <stdio.h>

#include "ctl.h"
#include "kehu/customers/v1/merge.pb-c.h"

#define PAGE 500
#define DEFAULT_TOP 50

static const char *joined(struct ctl *ctl, char *const *words, size_t count)
{
    const char *all = "";

    for (size_t i = 0; i < count; i++)
        all = arena_print(ctl->arena, "%s%s%s", all, i ? ", " : "", words[i]);
    return all;
}

static size_t take_page(struct ctl *ctl, const Kehu__Customers__V1__DuplicateList *page,
                        json_t *array, struct ctl_table *table)
{
    for (size_t i = 0; i < page->n_pairs; i++) {
        const Kehu__Customers__V1__Duplicate *pair = page->pairs[i];
        const char *cells[] = {pair->a->number, pair->a->name, pair->b->number, pair->b->name,
                               joined(ctl, pair->reasons, pair->n_reasons)};

        if (array)
            json_array_append_new(array, ctl_json_message(&pair->base));
        else
            ctl_table_row(table, cells);
    }
    return page->n_pairs;
}

static int run_list(struct ctl *ctl)
{
    static const char *const headings[] = {"number", "name", "number", "name", "because of"};
    static const bool right[] = {false, false, false, false, false};
    Kehu__Customers__V1__ListDuplicates ask = KEHU__CUSTOMERS__V1__LIST_DUPLICATES__INIT;
    long long top = ctl_integer(ctl, "--top", DEFAULT_TOP, 1, INT32_MAX);
    size_t left = ctl_option(ctl, "--all") ? SIZE_MAX : (size_t)top;
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    json_t *array = ctl->json ? json_array() : NULL;
    int code;

    if (ctl_option(ctl, "--of"))
        ask.ref = (char *)ctl_option(ctl, "--of");
    if (ctl_option(ctl, "--because"))
        ask.reason = (char *)ctl_option(ctl, "--because");
    do {
        ask.page_size = left < PAGE ? (uint32_t)left : PAGE;
        Kehu__Customers__V1__DuplicateList *page = (Kehu__Customers__V1__DuplicateList *)ctl_ask(
            ctl, &ask.base, &kehu__customers__v1__duplicate_list__descriptor, &code);

        if (!page) {
            json_decref(array);
            return code;
        }
        left -= take_page(ctl, page, array, table);
        ask.page_token = page->next_page_token;
    } while (ask.page_token[0] && left > 0);
    if (ctl->json)
        ctl_print_json(ctl, array);
    else
        ctl_table_print(table);
    if (!ctl->json && ask.page_token[0])
        puts("and perhaps more: --all looks at everybody");
    return CTL_DONE;
}

static const struct ctl_option list_options[] = {
    {"--of", "REF", "only pairs with this customer", false},
    {"--because", "REASON", "credit_code, phone, email or name (default: any)", false},
    {"--top", "N", "how many pairs to show (default 50)", false},
    {"--all", NULL, "all of them", false},
};

const struct ctl_command ctl_duplicate_list = {
    .path = "duplicate list",
    .arguments = "",
    .summary = "List pairs of customers that may be one",
    .help =
        "By the same credit code, telephone, e-mail address or company name. Nothing is merged by\n"
        "itself: `kehuctl merge make` does, `kehuctl duplicate dismiss` says that they are two.\n\n"
        "  kehuctl duplicate list --because credit_code\n"
        "  kehuctl duplicate list --of KH000123\n",
    .options = list_options,
    .option_count = COUNT_OF(list_options),
    .run = run_list,
};

static int run_dismiss(struct ctl *ctl)
{
    Kehu__Customers__V1__DismissDuplicate ask = KEHU__CUSTOMERS__V1__DISMISS_DUPLICATE__INIT;
    int code;

    ask.a = (char *)ctl_argument(ctl, 0);
    ask.b = (char *)ctl_argument(ctl, 1);
    if (ctl_option(ctl, "--reason"))
        ask.reason = (char *)ctl_option(ctl, "--reason");
    Kehu__Customers__V1__DuplicateDismissed *said =
        (Kehu__Customers__V1__DuplicateDismissed *)ctl_ask(
            ctl, &ask.base, &kehu__customers__v1__duplicate_dismissed__descriptor, &code);

    if (!said)
        return code;
    if (ctl->json)
        ctl_print_json(ctl, ctl_json_message(&said->base));
    else
        printf("%s and %s are two customers and will not be suggested again\n", said->a, said->b);
    return CTL_DONE;
}

static const struct ctl_option dismiss_options[] = {
    {"--reason", "TEXT", "how you know", false},
};

const struct ctl_command ctl_duplicate_dismiss = {
    .path = "duplicate dismiss",
    .arguments = "REF REF",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Say that two customers are two",
    .help = "  kehuctl duplicate dismiss KH000123 KH000124 --reason 母子公司\n",
    .options = dismiss_options,
    .option_count = COUNT_OF(dismiss_options),
    .run = run_dismiss,
};
