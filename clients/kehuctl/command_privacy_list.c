/* kehuctl privacy list, due and columns. */
#include <string.h>

#include "ctl.h"
#include "kehu/customers/v1/privacy.pb-c.h"

#define PAGE 200

static char *option(const struct ctl *ctl, const char *name)
{
    const char *value = ctl_option(ctl, name);

    return (char *)(value ? value : "");
}

/* "2026-11-21" of a time; "" of none. */
static const char *day(struct ctl *ctl, const Google__Protobuf__Timestamp *time)
{
    char text[40];

    if (!time)
        return "";
    ctl_json_time(time->seconds, time->nanos, text);
    return arena_print(ctl->arena, "%.10s", text);
}

static int run_list(struct ctl *ctl)
{
    static const char *const headings[] = {"person", "state", "asked", "erased", "values"};
    static const bool right[COUNT_OF(headings)] = {[4] = true};
    Kehu__Customers__V1__ListErasures ask = KEHU__CUSTOMERS__V1__LIST_ERASURES__INIT;
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    json_t *array = json_array();
    int code;

    ask.state = option(ctl, "--state");
    ask.page_size = PAGE;
    do {
        Kehu__Customers__V1__ErasureList *page = (Kehu__Customers__V1__ErasureList *)ctl_ask(
            ctl, &ask.base, &kehu__customers__v1__erasure_list__descriptor, &code);

        if (!page) {
            json_decref(array);
            return code;
        }
        for (size_t i = 0; i < page->n_persons; i++) {
            const Kehu__Customers__V1__PersonStanding *one = page->persons[i];
            const char *cells[] = {one->person_id, one->state, day(ctl, one->asked_at),
                                   day(ctl, one->erased_at),
                                   arena_print(ctl->arena, "%u", one->values)};

            json_array_append_new(array, ctl_json_message(&one->base));
            ctl_table_row(table, cells);
        }
        ask.page_token = page->next_page_token;
    } while (ask.page_token[0]);
    if (ctl->json) {
        ctl_print_json(ctl, array);
        return CTL_DONE;
    }
    json_decref(array);
    ctl_table_print(table);
    return CTL_DONE;
}

static const struct ctl_option list_options[] = {
    {"--state", "STATE", "restricted, erasing or erased; without: all", false},
};

const struct ctl_command ctl_privacy_list = {
    .path = "privacy list",
    .arguments = "",
    .summary = "Show who is restricted or erased, latest first, without names",
    .help = "  kehuctl privacy list --state erasing\n",
    .options = list_options,
    .option_count = COUNT_OF(list_options),
    .run = run_list,
};

static int run_due(struct ctl *ctl)
{
    static const char *const headings[] = {"person", "kind", "last sign", "due since"};
    static const bool right[COUNT_OF(headings)] = {false};
    Kehu__Customers__V1__ListRetentionDue ask = KEHU__CUSTOMERS__V1__LIST_RETENTION_DUE__INIT;
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    json_t *array = json_array();
    int code;

    ask.page_size = PAGE;
    do {
        Kehu__Customers__V1__RetentionDueList *page =
            (Kehu__Customers__V1__RetentionDueList *)ctl_ask(
                ctl, &ask.base, &kehu__customers__v1__retention_due_list__descriptor, &code);

        if (!page) {
            json_decref(array);
            return code;
        }
        for (size_t i = 0; i < page->n_persons; i++) {
            const Kehu__Customers__V1__RetentionDue *one = page->persons[i];
            const char *cells[] = {one->person_id, one->kind, one->last_event_on, one->due_on};

            json_array_append_new(array, ctl_json_message(&one->base));
            ctl_table_row(table, cells);
        }
        ask.page_token = page->next_page_token;
    } while (ask.page_token[0]);
    if (ctl->json) {
        ctl_print_json(ctl, array);
        return CTL_DONE;
    }
    json_decref(array);
    ctl_table_print(table);
    return CTL_DONE;
}

const struct ctl_command ctl_privacy_due = {
    .path = "privacy due",
    .arguments = "",
    .summary = "Show who gave no sign for the term of policy retention",
    .help = "  kehuctl privacy due\n",
    .run = run_due,
};

static int run_columns(struct ctl *ctl)
{
    static const char *const headings[] = {"table", "column", "whose", "erasure", "note"};
    static const bool right[COUNT_OF(headings)] = {false};
    Kehu__Customers__V1__DescribePersonalColumns ask =
        KEHU__CUSTOMERS__V1__DESCRIBE_PERSONAL_COLUMNS__INIT;
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    Kehu__Customers__V1__PersonalColumns *answer;
    int code;

    answer = (Kehu__Customers__V1__PersonalColumns *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__personal_columns__descriptor, &code);
    if (!answer)
        return code;
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(&answer->base));
        return CTL_DONE;
    }
    for (size_t i = 0; i < answer->n_columns; i++) {
        const Kehu__Customers__V1__PersonalColumn *one = answer->columns[i];
        const char *cells[] = {one->table, one->column, one->of, one->erasure, one->note};

        ctl_table_row(table, cells);
    }
    ctl_table_print(table);
    return CTL_DONE;
}

const struct ctl_command ctl_privacy_columns = {
    .path = "privacy columns",
    .arguments = "",
    .summary = "Show which columns hold personal values and what erasure does to them",
    .help = "  kehuctl privacy columns\n",
    .run = run_columns,
};
