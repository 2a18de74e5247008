/* kehuctl dealer show, list, stability and give-ups: agents and dealers. */
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "ctl_fields.h"
#include "kehu/customers/v1/dealers.pb-c.h"

static const struct ctl_column profile_lines[] = {
    {"shareholders", "shareholders", false},     {"organisation", "organisation", false},
    {"local strength", "local_strength", false}, {"standing", "standing", false},
    {"local economy", "local_economy", false},   {"staff", "staff_count", false},
    {"annual sales", "annual_sales", false},     {"contracts", "annual_contracts", false},
};
static const struct ctl_column manager_columns[] = {
    {"  name", "name", false}, {"from", "from_on", false},   {"to", "to_on", false},
    {"memo", "memo", false},   {"by", "recorded_by", false}, {"id", "manager_id", false},
};
static const struct ctl_column memo_columns[] = {
    {"  on", "on", false},
    {"memo", "memo", false},
    {"by", "recorded_by", false},
};
static const struct ctl_column score_columns[] = {
    {"  on", "scored_on", false},
    {"total", "total_micros", true},
    {"attitude", "enthusiasm_attitude", true},
    {"action", "enthusiasm_action", true},
    {"flexible", "flexibility", true},
    {"downstream", "downstream_count", true},
    {"coverage", "coverage", true},
    {"relation", "downstream_relation", true},
    {"capital", "capital", true},
    {"false enthusiasm", "false_enthusiasm", false},
    {"by", "recorded_by", false},
};
static const struct ctl_column give_up_columns[] = {
    {"customer", "customer_number", false},
    {"name", "customer_name", false},
    {"state", "state", false},
    {"reason", "reason", false},
    {"explanation", "explanation", false},
    {"successor", "successor_number", false},
    {"proposed", "proposed_at", false},
    {"by", "proposed_by", false},
    {"decided by", "decided_by", false},
    {"note", "note", false},
};

static void print_part(struct ctl *ctl, const char *title, void *rows, size_t count,
                       const struct ctl_column *columns, size_t column_count)
{
    if (count > 0)
        puts(title);
    ctl_fields_print_table(ctl, rows, count, columns, column_count);
}

static int run_show(struct ctl *ctl)
{
    Kehu__Customers__V1__GetDealer ask = KEHU__CUSTOMERS__V1__GET_DEALER__INIT;
    int code;

    ask.customer_ref = (char *)ctl_argument(ctl, 0);
    Kehu__Customers__V1__Dealer *dealer = (Kehu__Customers__V1__Dealer *)ctl_fields_ask(
        ctl, &ask.base, &kehu__customers__v1__dealer__descriptor, &code);

    if (!dealer)
        return code;
    printf("%s  %s  [%s%s%s]\n", dealer->number, dealer->name, dealer->state,
           dealer->given_up_on[0] ? " on " : "", dealer->given_up_on);
    ctl_fields_print_card(ctl, &dealer->profile->base, profile_lines, COUNT_OF(profile_lines));
    print_part(ctl, "\nScores, latest first", dealer->scores, dealer->n_scores, score_columns,
               COUNT_OF(score_columns));
    print_part(ctl, "\nChannel managers before", dealer->managers, dealer->n_managers,
               manager_columns, COUNT_OF(manager_columns));
    print_part(ctl, "\nMemos", dealer->memos, dealer->n_memos, memo_columns,
               COUNT_OF(memo_columns));
    if (dealer->give_up) {
        puts("\nGiving up");
        ctl_fields_print_card(ctl, &dealer->give_up->base, give_up_columns,
                              COUNT_OF(give_up_columns));
    }
    return CTL_DONE;
}

const struct ctl_command ctl_dealer_show = {
    .path = "dealer show",
    .arguments = "CUSTOMER",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show an agent or dealer: profile, scores, memos",
    .help = "  kehuctl dealer show KH000200\n",
    .run = run_show,
};

static int run_list(struct ctl *ctl)
{
    static const struct ctl_column columns[] = {
        {"number", "number", false},    {"name", "name", false},
        {"state", "state", false},      {"total", "total_micros", true},
        {"scored", "scored_on", false}, {"false enthusiasm", "false_enthusiasm", false},
    };
    Kehu__Customers__V1__ListDealers ask = KEHU__CUSTOMERS__V1__LIST_DEALERS__INIT;
    int code;

    ctl_fields_fill(ctl, &ask.base);
    Kehu__Customers__V1__DealerList *list = (Kehu__Customers__V1__DealerList *)ctl_fields_ask(
        ctl, &ask.base, &kehu__customers__v1__dealer_list__descriptor, &code);

    if (!list)
        return code;
    ctl_fields_print_table(ctl, (void *)list->dealers, list->n_dealers, columns, COUNT_OF(columns));
    if (list->n_dealers == 0)
        puts("no dealers");
    if (list->next_page_token[0])
        printf("more with --page-token %s\n", list->next_page_token);
    return CTL_DONE;
}

static const struct ctl_option list_options[] = {
    {"--only-false-enthusiasm", NULL, "much attitude and little action alone", false},
    {"--without-score", NULL, "those never judged", false},
    {"--state", "STATE", "active or given_up (default: all)", false},
    {"--page-size", "N", "at most so many, up to 200 (default 50)", false},
    {"--page-token", "TOKEN", "goes on where the page before ended", false},
};

const struct ctl_command ctl_dealer_list = {
    .path = "dealer list",
    .summary = "List dealers by their latest score, best first",
    .help = "  kehuctl dealer list --only-false-enthusiasm\n",
    .options = list_options,
    .option_count = COUNT_OF(list_options),
    .run = run_list,
};

static int run_give_ups(struct ctl *ctl)
{
    Kehu__Customers__V1__ListGiveUps ask = KEHU__CUSTOMERS__V1__LIST_GIVE_UPS__INIT;
    int code;

    ctl_fields_fill(ctl, &ask.base);
    Kehu__Customers__V1__GiveUpList *list = (Kehu__Customers__V1__GiveUpList *)ctl_fields_ask(
        ctl, &ask.base, &kehu__customers__v1__give_up_list__descriptor, &code);

    if (!list)
        return code;
    ctl_fields_print_table(ctl, (void *)list->give_ups, list->n_give_ups, give_up_columns,
                           COUNT_OF(give_up_columns));
    if (list->n_give_ups == 0)
        puts("none");
    if (list->next_page_token[0])
        printf("more with --page-token %s\n", list->next_page_token);
    return CTL_DONE;
}

static const struct ctl_option give_ups_options[] = {
    {"--state", "STATE", "proposed, approved, rejected or withdrawn (default: all)", false},
    {"--page-size", "N", "at most so many, up to 200 (default 50)", false},
    {"--page-token", "TOKEN", "goes on where the page before ended", false},
};

const struct ctl_command ctl_dealer_give_ups = {
    .path = "dealer give-ups",
    .summary = "List proposals to give up dealers",
    .help = "  kehuctl dealer give-ups --state proposed\n",
    .options = give_ups_options,
    .option_count = COUNT_OF(give_ups_options),
    .run = run_give_ups,
};

static int run_stability(struct ctl *ctl)
{
    Kehu__Customers__V1__ReportDealerStability ask =
        KEHU__CUSTOMERS__V1__REPORT_DEALER_STABILITY__INIT;
    int code;

    ctl_fields_fill(ctl, &ask.base);
    Kehu__Customers__V1__DealerStability *report =
        (Kehu__Customers__V1__DealerStability *)ctl_fields_ask(
            ctl, &ask.base, &kehu__customers__v1__dealer_stability__descriptor, &code);

    if (!report)
        return code;
    printf("%u dealers at the begin, %u given up since, %.1f %% kept\n", report->at_begin,
           report->given_up, (double)report->kept_micros / 1e4);
    return CTL_DONE;
}

static const struct ctl_option stability_options[] = {
    {"--from", "DATE", "dealers registered before this day", true},
    {"--to", "DATE", "given up until this day (default today)", false},
};

const struct ctl_command ctl_dealer_stability = {
    .path = "dealer stability",
    .summary = "How many dealers were kept",
    .help = "  kehuctl dealer stability --from 2026-01-01\n",
    .options = stability_options,
    .option_count = COUNT_OF(stability_options),
    .run = run_stability,
};
