/* kehuctl customer list and fields. */
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "ctl_line.h"
#include "ctl_words.h"
#include "kehu/customers/v1/files.pb-c.h"

#define PAGE 500
#define DEFAULT_TOP 50

static int party_of(struct ctl *ctl, const char *given)
{
    static const char *const names[] = {"customer", "channel", "supplier", "partner", "competitor"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(given, names[i]) == 0)
            return (int)i + 1;
    ctl_usage(ctl, "--type must be one of customer, channel, supplier, partner, competitor");
}

static const char *text_of(struct ctl *ctl, const char *option)
{
    const char *given = ctl_option(ctl, option);

    return given ? given : "";
}

/* What comes page by page goes to one array or one table. */
struct gathering {
    json_t *array;
    struct ctl_table *table;
    size_t count;
};

static void take_page(struct ctl *ctl, struct gathering *all,
                      const Kehu__Customers__V1__CustomerList *page, size_t most)
{
    for (size_t i = 0; i < page->n_customers && all->count < most; i++, all->count++) {
        const Kehu__Customers__V1__CustomerSummary *one = page->customers[i];
        const char *cells[] = {one->number,
                               one->name[0] ? one->name : "(no name yet)",
                               one->grade,
                               one->region,
                               arena_print(ctl->arena, "%.0f %%", one->completeness * 100),
                               one->review_due,
                               one->owner,
                               one->ref,
                               one->repeat_complainant ? "repeat complainant" : ""};

        if (ctl->json)
            json_array_append_new(all->array, ctl_json_message(&one->base));
        else
            ctl_table_row(all->table, cells);
    }
}

static void read_filters(struct ctl *ctl, Kehu__Customers__V1__ListCustomers *ask,
                         Kehu__Customers__V1__PartyType parties[CTL_LINE_WORDS])
{
    for (size_t i = 0; i < ctl->line->option_count; i++)
        if (strcmp(ctl->line->names[i], "--type") == 0)
            parties[ask->n_party_types++] =
                (Kehu__Customers__V1__PartyType)party_of(ctl, ctl->line->values[i]);
    ask->party_types = parties;
    ask->region = (char *)text_of(ctl, "--region");
    ask->grade = (char *)text_of(ctl, "--grade");
    ask->parent_ref = (char *)text_of(ctl, "--parent");
    ask->only_incomplete = ctl_option(ctl, "--incomplete") != NULL;
    ask->review_due_by = (char *)text_of(ctl, "--review-due-by");
    ask->missing_field = (char *)text_of(ctl, "--missing");
    ask->only_repeat_complainants = ctl_option(ctl, "--repeat") != NULL;
    ask->owner = (char *)text_of(ctl, "--owner");
    ask->sort = (char *)text_of(ctl, "--sort");
}

static int run_list(struct ctl *ctl)
{
    static const char *const headings[] = {"number", "name",  "grade", "region", "complete",
                                           "review", "owner", "ref",   "marks"};
    static const bool right[COUNT_OF(headings)] = {false, false, false, false, true};
    Kehu__Customers__V1__ListCustomers ask = KEHU__CUSTOMERS__V1__LIST_CUSTOMERS__INIT;
    Kehu__Customers__V1__PartyType parties[CTL_LINE_WORDS];
    long long top = ctl_integer(ctl, "--top", DEFAULT_TOP, 1, INT32_MAX);
    size_t most = ctl_option(ctl, "--all") ? SIZE_MAX : (size_t)top;
    struct gathering all = {.array = ctl->json ? json_array() : NULL};
    int code;

    if (ctl_option(ctl, "--all") && ctl_option(ctl, "--top"))
        ctl_usage(ctl, "give --top or --all, not both");
    read_filters(ctl, &ask, parties);
    if (!ctl->json)
        all.table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    ask.page_size = most < PAGE ? (uint32_t)most : PAGE;
    do {
        Kehu__Customers__V1__CustomerList *page = (Kehu__Customers__V1__CustomerList *)ctl_ask(
            ctl, &ask.base, &kehu__customers__v1__customer_list__descriptor, &code);

        if (!page) {
            json_decref(all.array);
            return code;
        }
        take_page(ctl, &all, page, most);
        ask.page_token = page->next_page_token;
    } while (ask.page_token[0] && all.count < most);
    if (ctl->json)
        ctl_print_json(ctl, all.array);
    else
        ctl_table_print(all.table);
    if (!ctl->json && ask.page_token[0])
        puts(ctl_sentence(ctl, "and more: --all shows all of them"));
    return CTL_DONE;
}

static const struct ctl_option list_options[] = {
    {"--type", "TYPE", "only these party types; may stand several times", false},
    {"--region", "CODE", "of this region and those below it", false},
    {"--grade", "GRADE", "A, B, C or none", false},
    {"--parent", "REF", "organisations below this one", false},
    {"--incomplete", NULL, "only files with something missing", false},
    {"--review-due-by", "DATE", "review due on this day or before", false},
    {"--missing", "FIELD", "only files where this is missing", false},
    {"--repeat", NULL, "only repeat complainants", false},
    {"--owner", "STAFF", "whom this person looks after, a code or id; me; none: nobody", false},
    {"--sort", "ORDER", "number (default), name, registered, -registered", false},
    {"--top", "N", "how many to show (default 50)", false},
    {"--all", NULL, "all of them", false},
};

const struct ctl_command ctl_customer_list = {
    .path = "customer list",
    .arguments = "",
    .min_arguments = 0,
    .max_arguments = 0,
    .summary = "List customers by filters",
    .help = "Who is asked for with --as sees whom he may see: a salesperson his own customers.\n\n"
            "  kehuctl customer list --grade A --sort name\n"
            "  kehuctl customer list --repeat --as li.na\n"
            "  kehuctl customer list --owner li.na --grade A\n"
            "  kehuctl customer list --incomplete --missing phone --all --json\n",
    .options = list_options,
    .option_count = COUNT_OF(list_options),
    .run = run_list,
};

static int run_fields(struct ctl *ctl)
{
    static const char *const headings[] = {"field", "for", "required", "type", "中文", "rule"};
    static const bool right[] = {false, false, false, false, false, false};
    Kehu__Customers__V1__DescribeFields ask = KEHU__CUSTOMERS__V1__DESCRIBE_FIELDS__INIT;
    int code;
    Kehu__Customers__V1__FieldDescriptions *found =
        (Kehu__Customers__V1__FieldDescriptions *)ctl_ask(
            ctl, &ask.base, &kehu__customers__v1__field_descriptions__descriptor, &code);

    if (!found)
        return code;
    json_t *array = ctl->json ? json_array() : NULL;
    struct ctl_table *table =
        ctl->json ? NULL : ctl_table_new(ctl, headings, right, COUNT_OF(headings));

    for (size_t i = 0; i < found->n_fields; i++) {
        const Kehu__Customers__V1__FieldDescription *field = found->fields[i];
        const char *cells[] = {field->field,
                               !field->for_persons         ? "organisations"
                               : !field->for_organisations ? "persons"
                                                           : "both",
                               !field->required                     ? ""
                               : !field->required_for_persons       ? "organisations"
                               : !field->required_for_organisations ? "persons"
                                                                    : "both",
                               field->type,
                               field->chinese,
                               field->rule};

        if (ctl->json)
            json_array_append_new(array, ctl_json_message(&field->base));
        else
            ctl_table_row(table, cells);
    }
    if (ctl->json)
        ctl_print_json(ctl, array);
    else
        ctl_table_print(table);
    return CTL_DONE;
}

const struct ctl_command ctl_customer_fields = {
    .path = "customer fields",
    .arguments = "",
    .min_arguments = 0,
    .max_arguments = 0,
    .summary = "The fields of a file: what they are called and what may stand in them",
    .help = "  kehuctl customer fields --json\n",
    .run = run_fields,
};
