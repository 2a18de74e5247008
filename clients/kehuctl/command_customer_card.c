/* kehuctl customer card: what other services and screens see of customers. */
#include "ctl.h"

#include <stdio.h>

#include "kehu/customers/v1/cards.pb-c.h"

#define AT_ONCE 100

static void print_cards(struct ctl *ctl, const Kehu__Customers__V1__Cards *cards)
{
    static const char *const headings[] = {"number",   "name",       "grade",      "region",
                                           "missing",  "last order", "next order", "12 months",
                                           "all time", "currency"};
    static const bool right[] = {false, false, false, false, true, false, false, true, true, false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));

    for (size_t i = 0; i < cards->n_cards; i++) {
        const Kehu__Customers__V1__Card *card = cards->cards[i];

        for (size_t k = 0; k < (card->n_sales ? card->n_sales : 1); k++) {
            const Kehu__Customers__V1__CardSales *sales = k < card->n_sales ? card->sales[k] : NULL;
            const char *cells[] = {card->outside ? card->ref : card->number,
                                   card->outside ? "(not yours)" : card->name,
                                   card->grade,
                                   card->region,
                                   arena_print(ctl->arena, "%u", card->missing),
                                   card->last_order_on,
                                   card->expected_next_on,
                                   sales ? ctl_decimal(ctl, sales->net_12_months_micros) : "",
                                   sales ? ctl_decimal(ctl, sales->net_micros) : "",
                                   sales ? sales->currency : ""};

            ctl_table_row(table, cells);
        }
    }
    if (cards->n_cards > 0)
        ctl_table_print(table);
}

static int run(struct ctl *ctl)
{
    Kehu__Customers__V1__GetCards ask = KEHU__CUSTOMERS__V1__GET_CARDS__INIT;
    char *refs[AT_ONCE];
    const char *ref;
    int code;

    while (ask.n_refs < AT_ONCE && (ref = ctl_argument(ctl, (int)ask.n_refs)))
        refs[ask.n_refs++] = (char *)ref;
    ask.refs = refs;
    ask.without_names = ctl_option(ctl, "--without-names") != NULL;
    Kehu__Customers__V1__Cards *cards = (Kehu__Customers__V1__Cards *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__cards__descriptor, &code);

    if (!cards)
        return code;
    if (ctl->json)
        ctl_print_json(ctl, ctl_json_message(&cards->base));
    else
        print_cards(ctl, cards);
    for (size_t i = 0; i < cards->n_unknown; i++)
        ctl_say("no customer is %s", cards->unknown[i]);
    return cards->n_unknown ? CTL_REFUSED : CTL_DONE;
}

static const struct ctl_option options[] = {
    {"--without-names", NULL, "figures only, which leaves no trace in the audit", false},
};

const struct ctl_command ctl_customer_card = {
    .path = "customer card",
    .arguments = "REF...",
    .min_arguments = 1,
    .max_arguments = AT_ONCE,
    .summary = "Show customers as other services see them",
    .help = "Grade, region, what is missing, sales of the last 12 months and of all time.\n\n"
            "  kehuctl customer card KH000123 uci:13085\n",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run,
};
