/* kehuctl report complaints: figures of cases by a key, read page by page. */
#include "command_complaint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/pure/day.h"
#include "ctl_fields.h"
#include "ctl_line.h"
#include "ctl_words.h"

#define PAGE 500

struct rows {
    Kehu__Complaints__V1__ComplaintRow **at;
    size_t count, room;
    double rate;
    int64_t active_customers;
};

static bool add_rows(struct ctl *ctl, struct rows *rows,
                     const Kehu__Complaints__V1__ComplaintReport *page)
{
    size_t count = rows->count + page->n_rows;

    if (count > rows->room) {
        size_t room = count * 2;
        Kehu__Complaints__V1__ComplaintRow **larger =
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
    rows->rate = page->complaint_rate;
    rows->active_customers = page->active_customers;
    return true;
}

static int read_rows(struct ctl *ctl, Kehu__Complaints__V1__ReportComplaints *ask,
                     struct rows *rows)
{
    int code;

    do {
        Kehu__Complaints__V1__ComplaintReport *page =
            (Kehu__Complaints__V1__ComplaintReport *)complaint_ask(
                ctl, &ask->base, &kehu__complaints__v1__complaint_report__descriptor, &code);

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
    return strcmp((*(Kehu__Complaints__V1__ComplaintRow *const *)a)->key,
                  (*(Kehu__Complaints__V1__ComplaintRow *const *)b)->key);
}

static int by_complaints(const void *a, const void *b)
{
    int64_t left = (*(Kehu__Complaints__V1__ComplaintRow *const *)a)->complaints;
    int64_t right = (*(Kehu__Complaints__V1__ComplaintRow *const *)b)->complaints;

    return left != right ? (left > right ? -1 : 1) : by_key(a, b);
}

static void print_json(struct ctl *ctl, const struct rows *rows)
{
    json_t *list = json_array();

    for (size_t i = 0; i < rows->count; i++)
        json_array_append_new(list, ctl_json_message(&rows->at[i]->base));
    ctl_print_json(ctl, list);
}

static const char *count_text(struct ctl *ctl, int64_t count)
{
    return count ? arena_print(ctl->arena, "%lld", (long long)count) : "";
}

/* "31.5 of 12": the mean, and of how many cases. */
static const char *hours_text(struct ctl *ctl, double hours, int64_t cases)
{
    return cases ? arena_print(ctl->arena, ctl_is_zh(ctl) ? "%.1f(%lld件)" : "%.1f of %lld", hours,
                               (long long)cases)
                 : "";
}

/* "91.3 % of 23": how many deadlines were kept. */
static const char *kept_text(struct ctl *ctl, const Kehu__Complaints__V1__ComplaintRow *row)
{
    int64_t all = row->clocks_met + row->clocks_breached;

    if (all == 0)
        return "";
    return arena_print(ctl->arena, ctl_is_zh(ctl) ? "%.1f%%(共%lld)" : "%.1f %% of %lld",
                       100.0 * (double)row->clocks_met / (double)all, (long long)all);
}

/* "4.2 (5 of 9)": with how many were asked. */
static const char *rating_text(struct ctl *ctl, const Kehu__Complaints__V1__ComplaintRow *row)
{
    const char *of = ctl_is_zh(ctl) ? "/" : " of ";

    if (row->ratings == 0)
        return row->ratings_asked
                   ? arena_print(ctl->arena, "(0%s%lld)", of, (long long)row->ratings_asked)
                   : "";
    return arena_print(
        ctl->arena, "%.1f (%lld%s%lld)", row->rating, (long long)row->ratings, of,
        (long long)(row->ratings_asked > row->ratings ? row->ratings_asked : row->ratings));
}

/* "confirmation due" where the row is of a state; keys that a company chose stay as they are. */
static const char *key_text(struct ctl *ctl, const Kehu__Complaints__V1__ComplaintRow *row)
{
    const char *by = ctl_option(ctl, "--by");

    if (!row->key[0])
        return ctl_is_zh(ctl) ? "(无)" : "(none)";
    if (strcmp(by, "state") == 0)
        return complaint_word(ctl, WORDS_STATE, row->key);
    if (strcmp(by, "channel") == 0)
        return complaint_word(ctl, WORDS_CHANNEL, row->key);
    return row->key;
}

static void print_rate(struct ctl *ctl, const struct rows *rows)
{
    if (rows->active_customers == 0)
        return;
    if (ctl_is_zh(ctl))
        printf("投诉率:此前12个月有订单的客户%lld位,平均每位%.4f件\n",
               (long long)rows->active_customers, rows->rate);
    else
        printf(
            "complaint rate: %.4f complaints per customer with an order in the 12 months before, "
            "of whom there are %lld\n",
            rows->rate, (long long)rows->active_customers);
}

static void print_table(struct ctl *ctl, const struct rows *rows)
{
    const char *headings[] = {ctl_option(ctl, "--by"),
                              "cases",
                              "open",
                              "closed",
                              "serious",
                              "ours",
                              "reopened",
                              "unconfirmed",
                              "recurred",
                              "in time",
                              "h to answer",
                              "h to close",
                              "rating"};
    static const bool right[COUNT_OF(headings)] = {false, true, true, true, true, true, true,
                                                   true,  true, true, true, true, true};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    int64_t sum = 0;

    for (size_t i = 0; i < rows->count; i++) {
        const Kehu__Complaints__V1__ComplaintRow *row = rows->at[i];
        const char *cells[] = {key_text(ctl, row),
                               arena_print(ctl->arena, "%lld", (long long)row->complaints),
                               count_text(ctl, row->open),
                               count_text(ctl, row->closed),
                               count_text(ctl, row->serious),
                               count_text(ctl, row->our_fault),
                               count_text(ctl, row->reopened),
                               count_text(ctl, row->unconfirmed),
                               count_text(ctl, row->recurred),
                               kept_text(ctl, row),
                               hours_text(ctl, row->hours_to_answer, row->answered),
                               hours_text(ctl, row->hours_to_close, row->ended),
                               rating_text(ctl, row)};

        ctl_table_row(table, cells);
        sum += row->complaints;
    }
    if (rows->count > 1) {
        const char *cells[COUNT_OF(headings)] = {ctl_heading(ctl, "sum"),
                                                 arena_print(ctl->arena, "%lld", (long long)sum)};

        ctl_table_row(table, cells);
    }
    ctl_table_print(table);
    print_rate(ctl, rows);
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
    static Kehu__Complaints__V1__CaseKind kinds[CTL_LINE_WORDS];
    Kehu__Complaints__V1__ReportComplaints ask = KEHU__COMPLAINTS__V1__REPORT_COMPLAINTS__INIT;
    struct rows rows = {0};

    ctl_fields_fill(ctl, &ask.base);
    ask.from = (char *)date_text(ctl, "--from");
    ask.to = (char *)date_text(ctl, "--to");
    ask.top = (uint32_t)ctl_integer(ctl, "--top", 0, 1, 1000000);
    ask.page_size = ask.top ? 0 : PAGE;
    if (ask.from[0] && ask.to[0] && strcmp(ask.from, ask.to) > 0)
        ctl_usage(ctl, "--from %s is after --to %s", ask.from, ask.to);
    ask.kinds = kinds;
    ask.n_kinds =
        complaint_enums(ctl, "--kind", &kehu__complaints__v1__case_kind__descriptor, (int *)kinds);
    int code = read_rows(ctl, &ask, &rows);

    if (code != CTL_DONE)
        return code;
    if (rows.count)
        qsort(rows.at, rows.count, sizeof(*rows.at),
              ask.by == KEHU__COMPLAINTS__V1__COMPLAINT_KEY__COMPLAINT_KEY_MONTH ? by_key
                                                                                 : by_complaints);
    if (ctl->json)
        print_json(ctl, &rows);
    else
        print_table(ctl, &rows);
    return CTL_DONE;
}

static const struct ctl_option options[] = {
    {"--by", "KEY",
     "product, issue, month, channel, state, region, cause, owner, handler, grade or total", true},
    {"--from", "DATE", "submitted on this day or later", false},
    {"--to", "DATE", "the last day, included", false},
    {"--kind", "KIND",
     "complaint (default), suggestion, feedback, enquiry or service_request; may stand several "
     "times",
     false},
    {"--top", "N", "only the N rows with the most cases", false},
};

const struct ctl_command ctl_report_complaints = {
    .path = "report complaints",
    .arguments = "",
    .summary = "Cases, deadlines kept and ratings by product, issue, month, cause …",
    .help =
        "Without a period it covers everything. Means stand with the number of cases they are of;\n"
        "\"h\" are hours by the wall clock. Cases without the key stand under (none), in --json\n"
        "under the empty key; there states and channels have the names that options take.\n"
        "Rejected, withdrawn and duplicate cases do not count. The cases behind a figure:\n"
        "`complaint list --by KEY --row VALUE --figure NAME`, the names being those of --json.\n\n"
        "  kehuctl report complaints --by product --from 2026-01-01 --to 2026-12-31\n"
        "  kehuctl report complaints --by issue --top 10 --json\n",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run,
};
