/* kehuctl customer show: one customer's file as a card. */
#include "ctl.h"

#include <stdio.h>
#include <string.h>

#include "kehu/customers/v1/customers.pb-c.h"
#include "kehu/customers/v1/files.pb-c.h"

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

static const char *joined(struct ctl *ctl, char *const *words, size_t count)
{
    const char *all = "";

    for (size_t i = 0; i < count && all; i++)
        all = arena_print(ctl->arena, "%s%s%s", all, i ? ", " : "", words[i]);
    return all;
}

static const char *short_name(const ProtobufCEnumDescriptor *descriptor, int value, struct ctl *ctl)
{
    const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value(descriptor, value);
    const ProtobufCEnumValue *none = protobuf_c_enum_descriptor_get_value(descriptor, 0);

    if (!found || !none || value == 0)
        return "";
    /* "PARTY_TYPE_SUPPLIER" beside "PARTY_TYPE_UNSPECIFIED": what follows the common beginning. */
    char *name =
        arena_print(ctl->arena, "%s", found->name + strlen(none->name) - strlen("UNSPECIFIED"));

    for (char *c = name; c && *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return name;
}

static void print_facts(struct ctl *ctl, const Kehu__Customers__V1__CustomerFile *file)
{
    static const char *const headings[] = {"  field",  "value",  "status",
                                           "verified", "source", "collector"};
    static const bool right[] = {false, false, false, false, false, false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));

    for (size_t i = 0; i < file->n_facts; i++) {
        const Kehu__Customers__V1__Fact *fact = file->facts[i];
        const char *cells[] = {
            arena_print(ctl->arena, "  %s", fact->field),
            fact->value,
            short_name(&kehu__customers__v1__fact_status__descriptor, (int)fact->status, ctl),
            fact->verified_on,
            short_name(&kehu__customers__v1__fact_source__descriptor, (int)fact->source, ctl),
            fact->collector};

        ctl_table_row(table, cells);
    }
    if (file->n_facts == 0)
        return;
    puts("\nFacts");
    ctl_table_print(table);
}

/* How his cases stand; nothing of who never had one. */
static void print_cases(struct ctl *ctl, const Kehu__Customers__V1__CustomerCases *cases)
{
    if (!cases)
        return;
    print_line("cases", arena_print(ctl->arena, "%u in all, %u open%s", cases->total, cases->open,
                                    cases->serious_open ? ", a serious one among them" : ""));
    print_line("complaints",
               arena_print(ctl->arena, "%u in 90 days, %u in 12 months, %u of these our fault%s",
                           cases->complaints_90_days, cases->complaints_12_months,
                           cases->our_fault_12_months,
                           cases->repeat_complainant ? "; complains repeatedly" : ""));
}

static void print_file(struct ctl *ctl, const Kehu__Customers__V1__CustomerFile *file)
{
    const Kehu__Customers__V1__PurchaseInformation *bought = file->purchases;

    print_line("kind", arena_print(ctl->arena, "%s, %s",
                                   short_name(&kehu__customers__v1__party_type__descriptor,
                                              (int)file->party_type, ctl),
                                   short_name(&kehu__customers__v1__party_nature__descriptor,
                                              (int)file->nature, ctl)));
    print_line("privacy", file->privacy[0]
                              ? arena_print(ctl->arena, "%s: nothing personal is shown or added",
                                            file->privacy)
                              : "");
    print_line("grade", file->grade);
    print_line("owner", file->owner);
    if (file->region[0])
        print_line("region", arena_print(ctl->arena, "%s%s", file->region,
                                         file->region_is_set ? "" : " (by its purchases)"));
    print_line("belongs to", file->parent_number);
    print_line("complete", arena_print(ctl->arena, "%.0f %%", file->completeness * 100));
    print_line("missing", joined(ctl, file->missing, file->n_missing));
    print_line("review due", file->review_due);
    print_line("version", arena_print(ctl->arena, "%llu", (unsigned long long)file->file_version));
    if (bought && bought->orders_12_months)
        print_line("12 months", arena_print(ctl->arena, "%u orders, net %s",
                                            bought->orders_12_months, bought->net_12_months));
    if (bought && bought->expected_next_on[0])
        print_line("next order", arena_print(ctl->arena, "about %s, every %.1f days in the mean",
                                             bought->expected_next_on, bought->mean_interval_days));
    print_cases(ctl, file->cases);
    print_facts(ctl, file);
    for (size_t i = 0; i < file->n_major_changes; i++)
        printf("%s  %s  %s  %s\n", i ? "" : "\nMajor changes\n",
               file->major_changes[i]->happened_on, file->major_changes[i]->kind,
               file->major_changes[i]->description);
}

static void print_card(struct ctl *ctl, const Kehu__Customers__V1__Customer *customer,
                       const Kehu__Customers__V1__CustomerFile *file)
{
    const char *nameless =
        file->privacy[0] ? arena_print(ctl->arena, "(%s)", file->privacy) : "(no name yet)";

    printf("%s  %s%s\n", customer->number, customer->name[0] ? customer->name : nameless,
           customer->incomplete && !file->privacy[0] ? "  [incomplete]" : "");
    if (customer->merged_from[0])
        print_line("asked for",
                   arena_print(ctl->arena, "%s, merged into this one", customer->merged_from));
    print_line("known as", joined(ctl, customer->refs, customer->n_refs));
    print_line("file since", ctl_local_time(ctl, customer->registered_at));
    print_line("first order", ctl_local_time(ctl, customer->first_order_at));
    print_line("last order", ctl_local_time(ctl, customer->last_order_at));
    print_file(ctl, file);
    print_sales(ctl, customer);
    print_orders(ctl, customer);
}

/* One document: the customer as it always was, and beside it what only the file says. */
static void print_json(struct ctl *ctl, const Kehu__Customers__V1__Customer *customer,
                       const Kehu__Customers__V1__CustomerFile *file)
{
    json_t *all = ctl_json_message(&customer->base);
    json_t *more = ctl_json_message(&file->base);

    json_object_update_missing(all, more);
    json_decref(more);
    ctl_print_json(ctl, all);
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
    Kehu__Customers__V1__GetCustomerFile ask_file = KEHU__CUSTOMERS__V1__GET_CUSTOMER_FILE__INIT;

    ask_file.ref = customer->id;
    ask_file.unmask = ctl_option(ctl, "--unmask") != NULL;
    Kehu__Customers__V1__CustomerFile *file = (Kehu__Customers__V1__CustomerFile *)ctl_ask(
        ctl, &ask_file.base, &kehu__customers__v1__customer_file__descriptor, &code);

    if (!file)
        return code;
    if (ctl->json)
        print_json(ctl, customer, file);
    else
        print_card(ctl, customer, file);
    return CTL_DONE;
}

static const struct ctl_option options[] = {
    {"--orders", "N", "how many of the latest documents to show (default 10, at most 100)", false},
    {"--unmask", NULL, "telephones and e-mail addresses whole; it stands in the audit", false},
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
