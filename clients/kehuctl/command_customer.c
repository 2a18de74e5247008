/* kehuctl customer show: one customer's file as a card. */
#include "ctl.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "kehu/customers/v1/customers.pb-c.h"

/* Local time of the stack's zone (TZ is set to it); "" when absent. */
static const char *local_time(struct ctl *ctl, const Google__Protobuf__Timestamp *at)
{
    time_t moment = at ? (time_t)at->seconds : 0;
    struct tm local;
    char text[32];

    if (!at || !localtime_r(&moment, &local))
        return "";
    strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &local);
    return arena_print(ctl->arena, "%s", text);
}

static const char *kind_name(Kehu__Customers__V1__DocumentKind kind)
{
    switch (kind) {
    case KEHU__CUSTOMERS__V1__DOCUMENT_KIND__DOCUMENT_KIND_ADJUSTMENT:
        return "adjustment";
    case KEHU__CUSTOMERS__V1__DOCUMENT_KIND__DOCUMENT_KIND_RETURN:
        return "return";
    default:
        return "order";
    }
}

static void print_line(const char *label, const char *value)
{
    if (value && value[0])
        printf("  %-12s %s\n", label, value);
}

static void print_sales(struct ctl *ctl, const Kehu__Customers__V1__Customer *customer)
{
    static const char *const headings[] = {"  currency", "orders", "lines", "net"};
    static const bool right[] = {false, true, true, true};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));

    for (size_t i = 0; i < customer->n_sales; i++) {
        const Kehu__Customers__V1__CustomerSales *sales = customer->sales[i];
        const char *cells[] = {arena_print(ctl->arena, "  %s", sales->currency),
                               arena_print(ctl->arena, "%lld", (long long)sales->orders),
                               arena_print(ctl->arena, "%lld", (long long)sales->lines),
                               ctl_decimal(ctl, sales->net_micros)};

        ctl_table_row(table, cells);
    }
    if (customer->n_sales == 0) {
        puts("\nNo orders yet");
        return;
    }
    puts("\nSales");
    ctl_table_print(table);
}

static void print_orders(struct ctl *ctl, const Kehu__Customers__V1__Customer *customer)
{
    static const char *const headings[] = {"  day", "number", "kind",     "region",
                                           "lines", "net",    "currency", "state"};
    static const bool right[] = {false, false, false, false, true, true, false, false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));

    for (size_t i = 0; i < customer->n_recent_orders; i++) {
        const Kehu__Customers__V1__CustomerOrder *order = customer->recent_orders[i];
        const char *state = order->cancelled      ? "cancelled"
                            : order->delivered_at ? "delivered"
                            : order->paid_micros  ? "paid"
                                                  : "";
        const char *cells[] = {arena_print(ctl->arena, "  %s", order->day),
                               arena_print(ctl->arena, "%s:%s", order->source, order->number),
                               kind_name(order->kind),
                               order->region,
                               arena_print(ctl->arena, "%u", order->lines),
                               ctl_decimal(ctl, order->net_micros),
                               order->currency,
                               state};

        ctl_table_row(table, cells);
    }
    if (customer->n_recent_orders == 0)
        return;
    puts("\nLatest documents");
    ctl_table_print(table);
}

static void print_card(struct ctl *ctl, const Kehu__Customers__V1__Customer *customer)
{
    const char *refs = "";

    for (size_t i = 0; i < customer->n_refs; i++)
        refs =
            arena_print(ctl->arena, "%s%s%s", refs ? refs : "", i ? ", " : "", customer->refs[i]);
    printf("%s  %s%s\n", customer->number, customer->name[0] ? customer->name : "(no name yet)",
           customer->incomplete ? "  [incomplete]" : "");
    print_line("known as", refs);
    print_line("file since", local_time(ctl, customer->registered_at));
    print_line("first order", local_time(ctl, customer->first_order_at));
    print_line("last order", local_time(ctl, customer->last_order_at));
    print_sales(ctl, customer);
    print_orders(ctl, customer);
}

static int run(struct ctl *ctl)
{
    Kehu__Customers__V1__GetCustomer ask = KEHU__CUSTOMERS__V1__GET_CUSTOMER__INIT;
    int code;

    ask.ref = (char *)ctl_argument(ctl, 0);
    ask.recent_orders = (uint32_t)ctl_integer(ctl, "--orders", 10, 0, 100);
    Kehu__Customers__V1__Customer *customer = (Kehu__Customers__V1__Customer *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__customer__descriptor, &code);

    if (!customer)
        return code;
    if (ctl->json)
        ctl_print_json(ctl, ctl_json_message(&customer->base));
    else
        print_card(ctl, customer);
    return CTL_DONE;
}

static const struct ctl_option options[] = {
    {"--orders", "N", "how many of the latest documents to show (default 10, at most 100)", false},
};

const struct ctl_command ctl_customer_show = {
    .path = "customer show",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show one customer's file",
    .help = "REF is the number, the id, or SOURCE:EXTERNAL_ID as the publishing system knows it.\n"
            "Times are in the stack's zone; in --json they are UTC.\n\n"
            "  kehuctl customer show KH000123\n"
            "  kehuctl customer show uci:13085 --orders 20\n",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run,
};
