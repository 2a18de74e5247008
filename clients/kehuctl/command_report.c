/* kehuctl report sales: net sales by a key, read page by page. */
#include "ctl.h"
#include "ctl_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/pure/day.h"
#include "kehu/customers/v1/customers.pb-c.h"

#define PAGE 5000

struct rows {
    Kehu__Customers__V1__SalesRow **at;
    size_t count, room;
};

static const char *const keys[] = {"total", "region", "month", "customer"};

static Kehu__Customers__V1__SalesKey sales_key(const struct ctl *ctl)
{
    const char *by = ctl_option(ctl, "--by");
    static const Kehu__Customers__V1__SalesKey values[] = {
        KEHU__CUSTOMERS__V1__SALES_KEY__SALES_KEY_TOTAL,
        KEHU__CUSTOMERS__V1__SALES_KEY__SALES_KEY_REGION,
        KEHU__CUSTOMERS__V1__SALES_KEY__SALES_KEY_MONTH,
        KEHU__CUSTOMERS__V1__SALES_KEY__SALES_KEY_CUSTOMER};

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (strcmp(by, keys[i]) == 0)
            return values[i];
    ctl_usage(ctl, "--by must be total, region, month or customer, not \"%s\"", by);
}

static bool add_rows(struct ctl *ctl, struct rows *rows,
                     const Kehu__Customers__V1__SalesReport *page)
{
    size_t count = rows->count + page->n_rows;

    if (count > rows->room) {
        size_t room = count * 2;
        Kehu__Customers__V1__SalesRow **larger =
            arena_take_array(ctl->arena, room, sizeof(*larger));

        if (!larger)
            return false;
        if (rows->count)
            memcpy(larger, rows->at, rows->count * sizeof(*larger));
        rows->at = larger;
        rows->room = room;
    }
    if (page->n_rows)
        memcpy(rows->at + rows->count, page->rows, page->n_rows * sizeof(*rows->at));
    rows->count = count;
    return true;
}

static int read_rows(struct ctl *ctl, Kehu__Customers__V1__ReportSales *ask, struct rows *rows)
{
    int code;

    do {
        Kehu__Customers__V1__SalesReport *page = (Kehu__Customers__V1__SalesReport *)ctl_ask(
            ctl, &ask->base, &kehu__customers__v1__sales_report__descriptor, &code);

        if (!page)
            return code;
        if (!add_rows(ctl, rows, page)) {
            ctl_say("the report is larger than this program's memory");
            return CTL_UNFINISHED;
        }
        ask->page_token = page->next_page_token;
    } while (ask->page_token[0]);
    return CTL_DONE;
}

static int by_key(const void *a, const void *b)
{
    const Kehu__Customers__V1__SalesRow *left = *(Kehu__Customers__V1__SalesRow *const *)a;
    const Kehu__Customers__V1__SalesRow *right = *(Kehu__Customers__V1__SalesRow *const *)b;
    int order = strcmp(left->key, right->key);

    return order ? order : strcmp(left->currency, right->currency);
}

static int by_net(const void *a, const void *b)
{
    const Kehu__Customers__V1__SalesRow *left = *(Kehu__Customers__V1__SalesRow *const *)a;
    const Kehu__Customers__V1__SalesRow *right = *(Kehu__Customers__V1__SalesRow *const *)b;

    if (left->net_micros != right->net_micros)
        return left->net_micros > right->net_micros ? -1 : 1;
    return by_key(a, b);
}

static void print_json(struct ctl *ctl, const struct rows *rows)
{
    json_t *list = json_array();

    for (size_t i = 0; i < rows->count; i++) {
        const Kehu__Customers__V1__SalesRow *row = rows->at[i];

        json_array_append_new(
            list, json_pack("{s:s, s:I, s:I, s:I, s:s, s:s}", "key", row->key, "lines",
                            (json_int_t)row->lines, "orders", (json_int_t)row->orders, "customers",
                            (json_int_t)row->customers, "net", ctl_decimal(ctl, row->net_micros),
                            "currency", row->currency));
    }
    ctl_print_json(ctl, list);
}

/* The sum of the net column, when all rows are in one currency and it fits. */
static const char *sum_of(struct ctl *ctl, const struct rows *rows)
{
    int64_t sum = 0;

    for (size_t i = 0; i < rows->count; i++)
        if (strcmp(rows->at[i]->currency, rows->at[0]->currency) != 0 ||
            __builtin_add_overflow(sum, rows->at[i]->net_micros, &sum))
            return NULL;
    return ctl_decimal(ctl, sum);
}

static void print_table(struct ctl *ctl, const struct rows *rows)
{
    const char *headings[] = {
        ctl_option(ctl, "--by"), "lines", "orders", "customers", "net", "currency"};
    static const bool right[] = {false, true, true, true, true, false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    const char *sum = sum_of(ctl, rows);

    for (size_t i = 0; i < rows->count; i++) {
        const Kehu__Customers__V1__SalesRow *row = rows->at[i];
        const char *cells[] = {row->key[0] ? row->key : "(none)",
                               arena_print(ctl->arena, "%lld", (long long)row->lines),
                               arena_print(ctl->arena, "%lld", (long long)row->orders),
                               arena_print(ctl->arena, "%lld", (long long)row->customers),
                               ctl_decimal(ctl, row->net_micros),
                               row->currency};

        ctl_table_row(table, cells);
    }
    if (sum && rows->count > 1) {
        const char *cells[] = {ctl_heading(ctl, "sum"), "", "", "", sum, rows->at[0]->currency};

        ctl_table_row(table, cells);
    }
    ctl_table_print(table);
}

static const char *date_text(struct ctl *ctl, const char *option)
{
    char text[DAY_TEXT_BYTES];
    int32_t day;

    if (!ctl_date(ctl, option, &day))
        return "";
    day_print(day, text);
    return arena_print(ctl->arena, "%s", text);
}

static int run(struct ctl *ctl)
{
    Kehu__Customers__V1__ReportSales ask = KEHU__CUSTOMERS__V1__REPORT_SALES__INIT;
    struct rows rows = {0};

    ask.by = sales_key(ctl);
    ask.from = (char *)date_text(ctl, "--from");
    ask.to = (char *)date_text(ctl, "--to");
    ask.top = (uint32_t)ctl_integer(ctl, "--top", 0, 1, 1000000);
    ask.page_size = ask.top ? 0 : PAGE;
    if (ask.from[0] && ask.to[0] && strcmp(ask.from, ask.to) > 0)
        ctl_usage(ctl, "--from %s is after --to %s", ask.from, ask.to);
    int code = read_rows(ctl, &ask, &rows);

    if (code != CTL_DONE)
        return code;
    if (rows.count)
        qsort(rows.at, rows.count, sizeof(*rows.at),
              ask.by == KEHU__CUSTOMERS__V1__SALES_KEY__SALES_KEY_MONTH ? by_key : by_net);
    if (ctl->json)
        print_json(ctl, &rows);
    else
        print_table(ctl, &rows);
    return CTL_DONE;
}

static const struct ctl_option options[] = {
    {"--by", "KEY", "total, region, month or customer", true},
    {"--from", "DATE", "first day, in business time", false},
    {"--to", "DATE", "last day, included", false},
    {"--top", "N", "only the N rows with the largest net", false},
};

const struct ctl_command ctl_report_sales = {
    .path = "report sales",
    .arguments = "",
    .summary = "Net sales by region, month or customer",
    .help =
        "Exact to the sixth decimal; one row per key and currency, currencies are never added.\n"
        "Orders count every document, returns and adjustments too. Orders without a customer\n"
        "stand under (none), in --json under the empty key.\n\n"
        "  kehuctl report sales --by month --from 2010-01-01 --to 2010-12-31\n"
        "  kehuctl report sales --by customer --top 10 --json\n",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run,
};
