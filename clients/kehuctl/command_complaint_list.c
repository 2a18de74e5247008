/* kehuctl complaint list, queue and complaint caller: which cases there are. */
#include <stdio.h>
#include <string.h>

#include "command_complaint.h"
#include "ctl_fields.h"
#include "ctl_line.h"

#define PAGE 500

/* --- list --- */

/* Open ones: everything that is not ended. */
static size_t open_states(Kehu__Complaints__V1__CaseState *states)
{
    static const Kehu__Complaints__V1__CaseState open[] = {
        KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_RECEIVED,
        KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_ACKNOWLEDGED,
        KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_INVESTIGATING,
        KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_PROPOSED,
        KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_AGREED,
        KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_ANSWERED,
        KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_CONFIRMATION_DUE,
        KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_CONFIRMED,
        KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_DISPUTED,
        KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_REOPENED,
    };

    memcpy(states, open, sizeof(open));
    return COUNT_OF(open);
}

/* --figure open --by product --row TEA-01: the cases that a report counted there. */
static Kehu__Complaints__V1__CaseFigure *figure(struct ctl *ctl,
                                                Kehu__Complaints__V1__ListCases *ask)
{
    Kehu__Complaints__V1__CaseFigure *behind = arena_take(ctl->arena, sizeof(*behind));

    if (!ctl_option(ctl, "--by") && !ctl_option(ctl, "--figure") && !ctl_option(ctl, "--row"))
        return NULL;
    if (!ctl_option(ctl, "--by") || !ctl_option(ctl, "--row"))
        ctl_usage(ctl, "the cases behind a figure need --by and --row, as the report has them");
    kehu__complaints__v1__case_figure__init(behind);
    ctl_fields_fill(ctl, &behind->base);
    behind->key = complaint_option(ctl, "--row");
    behind->kinds = ask->kinds;
    behind->n_kinds = ask->n_kinds;
    ask->n_kinds = 0;
    ask->from = ask->to = (char *)""; /* days of submission then, as in the report */
    return behind;
}

static void read_filters(struct ctl *ctl, Kehu__Complaints__V1__ListCases *ask)
{
    static Kehu__Complaints__V1__CaseState states[CTL_LINE_WORDS];
    static Kehu__Complaints__V1__CaseKind kinds[CTL_LINE_WORDS];
    static Kehu__Complaints__V1__Channel channels[CTL_LINE_WORDS];
    int32_t day;

    ctl_fields_fill(ctl, &ask->base);
    ask->states = states;
    ask->n_states = complaint_enums(ctl, "--state", &kehu__complaints__v1__case_state__descriptor,
                                    (int *)states);
    ask->kinds = kinds;
    ask->n_kinds =
        complaint_enums(ctl, "--kind", &kehu__complaints__v1__case_kind__descriptor, (int *)kinds);
    ask->channels = channels;
    ask->n_channels = complaint_enums(ctl, "--channel", &kehu__complaints__v1__channel__descriptor,
                                      (int *)channels);
    if (ctl_option(ctl, "--open") && ask->n_states)
        ctl_usage(ctl, "give --open or --state, not both");
    if (ctl_option(ctl, "--open"))
        ask->n_states = open_states(states);
    ask->customer_ref = complaint_option(ctl, "--customer");
    ask->only_breached = ctl_option(ctl, "--breached") != NULL;
    ask->only_supervised = ctl_option(ctl, "--supervised") != NULL;
    ask->order_number = complaint_option(ctl, "--order");
    ctl_date(ctl, "--from", &day);
    ctl_date(ctl, "--to", &day);
    ask->behind = figure(ctl, ask);
}

static int run_list(struct ctl *ctl)
{
    Kehu__Complaints__V1__ListCases ask = KEHU__COMPLAINTS__V1__LIST_CASES__INIT;
    struct complaint_rows *rows = complaint_rows_new(ctl);
    size_t most = complaint_most(ctl);
    int code;

    read_filters(ctl, &ask);
    do {
        size_t left = most - complaint_rows_count(rows);

        ask.page_size = left < PAGE ? (uint32_t)left : PAGE;
        Kehu__Complaints__V1__CaseList *page = (Kehu__Complaints__V1__CaseList *)complaint_ask(
            ctl, &ask.base, &kehu__complaints__v1__case_list__descriptor, &code);

        if (!page)
            return code;
        complaint_rows_add(rows, page->cases, page->n_cases);
        ask.page_token = page->next_page_token;
    } while (ask.page_token[0] && complaint_rows_count(rows) < most);
    complaint_rows_print(rows, ask.page_token[0] != '\0');
    return CTL_DONE;
}

static const struct ctl_option list_options[] = {
    {"--open", NULL, "those that are not ended", false},
    {"--state", "STATE", "in this state; may stand several times", false},
    {"--kind", "KIND",
     "complaint, suggestion, feedback, enquiry or service_request; may stand several times", false},
    {"--customer", "REF", "of this customer", false},
    {"--handler", "CODE", "of this person", false},
    {"--team", "TEAM", "of this team", false},
    {"--product", "KEY", "about this product", false},
    {"--batch", "BATCH", "of this batch", false},
    {"--order", "NUMBER", "about this order", false},
    {"--issue", "KEY", "about this issue", false},
    {"--channel", "CHANNEL", "that came this way; may stand several times", false},
    {"--cause", "CODE", "with this cause or one below it", false},
    {"--region", "NAME", "of this region", false},
    {"--text", "TEXT", "in the number or the summary", false},
    {"--min-priority", "PRIORITY", "low, normal, high or urgent, and above", false},
    {"--from", "DATE", "received on this day or later", false},
    {"--to", "DATE", "received on this day or before", false},
    {"--breached", NULL, "with a deadline that has passed", false},
    {"--supervised", NULL, "under supervision", false},
    {"--by", "KEY", "with --row: the cases that `report complaints --by KEY` counts there", false},
    {"--row", "VALUE", "the key of that row; \"\": those without one", false},
    {"--figure", "NAME", "of that row: complaints (default), open, closed, serious, reopened, …",
     false},
    {"--clock", "KIND", "of the figures clocks_met and clocks_breached: of this deadline", false},
    {"--sort", "ORDER", "-received (default), received, due or -priority", false},
    {"--top", "N", "so many at most (default 50)", false},
    {"--all", NULL, "all of them", false},
};

const struct ctl_command ctl_complaint_list = {
    .path = "complaint list",
    .arguments = "",
    .summary = "List cases, latest first",
    .help =
        "Times are in the stack's zone; \"due\" is the deadline that comes first.\n\n"
        "  kehuctl complaint list --open --handler li.na --sort due\n"
        "  kehuctl complaint list --customer KH000123 --kind complaint --lang zh\n"
        "  kehuctl complaint list --by product --row TEA-01 --figure reopened --from 2026-01-01\n"
        "  kehuctl complaint list --breached --min-priority high --json\n",
    .options = list_options,
    .option_count = COUNT_OF(list_options),
    .run = run_list,
};

/* --- queue --- */

static int run_queue(struct ctl *ctl)
{
    Kehu__Complaints__V1__GetQueue ask = KEHU__COMPLAINTS__V1__GET_QUEUE__INIT;
    struct complaint_rows *rows = complaint_rows_new(ctl);
    size_t most = complaint_most(ctl);
    int code;

    ctl_fields_fill(ctl, &ask.base);
    if (ask.unassigned && ask.handler[0])
        ctl_usage(ctl, "give --unassigned or --handler, not both");
    do {
        size_t left = most - complaint_rows_count(rows);

        ask.page_size = left < PAGE ? (uint32_t)left : PAGE;
        Kehu__Complaints__V1__CaseList *page = (Kehu__Complaints__V1__CaseList *)complaint_ask(
            ctl, &ask.base, &kehu__complaints__v1__case_list__descriptor, &code);

        if (!page)
            return code;
        complaint_rows_add(rows, page->cases, page->n_cases);
        ask.page_token = page->next_page_token;
    } while (ask.page_token[0] && complaint_rows_count(rows) < most);
    complaint_rows_print(rows, ask.page_token[0] != '\0');
    return CTL_DONE;
}

static const struct ctl_option queue_options[] = {
    {"--handler", "CODE", "of this person (default: who asks; of a key as itself everybody)",
     false},
    {"--team", "TEAM", "of this team", false},
    {"--unassigned", NULL, "what nobody has taken, of --team where it is given", false},
    {"--top", "N", "so many at most (default 50)", false},
    {"--all", NULL, "all of them", false},
};

const struct ctl_command ctl_queue = {
    .path = "queue",
    .arguments = "",
    .summary = "The work list of cases: by priority, then what is due first",
    .help = "What was chased today stands one priority higher for the day.\n\n"
            "  kehuctl queue --handler li.na\n"
            "  kehuctl queue --as li.na --lang zh\n"
            "  kehuctl queue --unassigned --top 20\n",
    .options = queue_options,
    .option_count = COUNT_OF(queue_options),
    .run = run_queue,
};

/* --- who is calling --- */

static void print_orders(struct ctl *ctl, const Kehu__Complaints__V1__Caller *caller)
{
    static const char *const labels[] = {"day", "net", "id"};
    static const bool right[] = {false, true, false};
    struct ctl_table *table = complaint_table(ctl, labels, right, COUNT_OF(labels));

    for (size_t i = 0; i < caller->n_orders; i++) {
        const Kehu__Complaints__V1__CallerOrder *order = caller->orders[i];
        const char *cells[] = {
            order->day,
            arena_print(ctl->arena, "%s %s", ctl_decimal(ctl, order->net_micros), order->currency),
            ctl_fields_handle(order->order_id)};

        ctl_table_row(table, cells);
    }
    if (caller->n_orders == 0)
        return;
    printf("\n%s\n", complaint_word(ctl, WORDS_LABEL, "Orders"));
    ctl_table_print(table);
}

static void print_caller(struct ctl *ctl, const Kehu__Complaints__V1__Caller *caller)
{
    char *ids[] = {caller->customer_id};
    struct complaint_rows *rows = complaint_rows_new(ctl);
    const char *name = complaint_name(complaint_names_of(ctl, ids, 1), caller->customer_id);

    if (!name[0])
        name = caller->customer_number[0] ? caller->customer_number
                                          : ctl_fields_handle(caller->customer_id);
    printf("%s\n", name);
    if (caller->grade[0])
        printf("  %s: %s\n", complaint_word(ctl, WORDS_LABEL, "grade"), caller->grade);
    if (caller->owner[0])
        printf("  %s: %s\n", complaint_word(ctl, WORDS_LABEL, "owner"), caller->owner);
    printf("  %s: %u\n", complaint_word(ctl, WORDS_LABEL, "cases in 12 months"),
           caller->cases_12_months);
    if (caller->n_open_cases) {
        printf("\n%s\n", complaint_word(ctl, WORDS_LABEL, "Open cases"));
        complaint_rows_add(rows, caller->open_cases, caller->n_open_cases);
        complaint_rows_print(rows, false);
    }
    print_orders(ctl, caller);
}

static int run_caller(struct ctl *ctl)
{
    Kehu__Complaints__V1__FindCaller ask = KEHU__COMPLAINTS__V1__FIND_CALLER__INIT;
    const char *who = ctl_argument(ctl, 0);
    int code;

    if (complaint_is_phone(who))
        ask.phone = (char *)who;
    else
        ask.customer_ref = (char *)who;
    Kehu__Complaints__V1__Caller *caller = (Kehu__Complaints__V1__Caller *)complaint_ask_shown(
        ctl, &ask.base, &kehu__complaints__v1__caller__descriptor, &code);

    if (!caller)
        return code;
    if (caller->found)
        print_caller(ctl, caller);
    else
        puts(complaint_word(ctl, WORDS_LABEL, "nobody has that number"));
    return CTL_DONE;
}

const struct ctl_command ctl_complaint_caller = {
    .path = "complaint caller",
    .arguments = "PHONE|CUSTOMER",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Who is calling: customer, open cases, last orders",
    .help = "PHONE finds the customer that alone has this number.\n\n"
            "  kehuctl complaint caller 13800000001\n"
            "  kehuctl complaint caller KH000123 --lang zh\n",
    .run = run_caller,
};
