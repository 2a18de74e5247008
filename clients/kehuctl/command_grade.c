/* kehuctl grade list and explain: the grades in force, and why one is as it is. */
#include <stdio.h>
#include <string.h>

#include "grade_follow.h"

#define PAGE 1000

/* At most `most` customers, page after page; 0: all. */
static int read_list(struct ctl *ctl, Kehu__Customers__V1__ListGrades *ask, size_t most,
                     struct grade_follow_list *list)
{
    int code;

    do {
        size_t wanted = most ? most - list->count : PAGE;

        ask->page_size = (uint32_t)(wanted < PAGE ? wanted : PAGE);
        Kehu__Customers__V1__GradeList *page = (Kehu__Customers__V1__GradeList *)ctl_ask(
            ctl, &ask->base, &kehu__customers__v1__grade_list__descriptor, &code);

        if (!page)
            return code;
        if (!grade_follow_add(ctl, list, (void *const *)page->customers, page->n_customers))
            return CTL_UNFINISHED;
        ask->page_token = page->next_page_token;
    } while (ask->page_token[0] && (!most || list->count < most));
    return CTL_DONE;
}

static const char *flags_text(struct ctl *ctl, const Kehu__Customers__V1__GradedCustomer *customer)
{
    const char *text = "";

    for (size_t i = 0; i < customer->n_flags; i++)
        text = arena_print(ctl->arena, "%s%s%s", text, i ? " " : "", customer->flags[i]);
    return text;
}

static void print_list(struct ctl *ctl, const struct grade_follow_list *list)
{
    static const char *const headings[] = {"grade", "ref", "number", "region",
                                           "net",   "of",  "share",  "flags"};
    static const bool right[] = {false, false, false, false, true, true, true, false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));

    for (size_t i = 0; i < list->count; i++) {
        const Kehu__Customers__V1__GradedCustomer *customer = list->at[i];
        const char *cells[] = {customer->grade,
                               customer->ref,
                               customer->number,
                               customer->region[0] ? customer->region : "(unknown)",
                               ctl_decimal(ctl, customer->numerator_micros),
                               ctl_decimal(ctl, customer->denominator_micros),
                               customer->share,
                               flags_text(ctl, customer)};

        ctl_table_row(table, cells);
    }
    ctl_table_print(table);
}

static int run_list(struct ctl *ctl)
{
    Kehu__Customers__V1__ListGrades ask = KEHU__CUSTOMERS__V1__LIST_GRADES__INIT;
    const char *grade = ctl_option(ctl, "--grade"), *region = ctl_option(ctl, "--region");
    bool wants_all = ctl_option(ctl, "--all") != NULL;
    struct grade_follow_list list = {0};

    if (grade && (strlen(grade) != 1 || !strchr("ABC", grade[0])))
        ctl_usage(ctl, "--grade must be A, B or C, not \"%s\"", grade);
    if (wants_all && ctl_option(ctl, "--top"))
        ctl_usage(ctl, "give --all or --top, not both");
    if (grade)
        ask.grade = (char *)grade;
    if (region)
        ask.region = (char *)region;
    int code = read_list(ctl, &ask,
                         wants_all ? 0 : (size_t)ctl_integer(ctl, "--top", 100, 1, 1000000), &list);

    if (code != CTL_DONE)
        return code;
    if (!ctl->json) {
        print_list(ctl, &list);
        return CTL_DONE;
    }
    json_t *json = json_array();

    for (size_t i = 0; i < list.count; i++)
        json_array_append_new(json, ctl_json_message(list.at[i]));
    ctl_print_json(ctl, json);
    return CTL_DONE;
}

static const struct ctl_option list_options[] = {
    {"--grade", "GRADE", "A, B or C (default: all of them)", false},
    {"--region", "REGION", "code of the tree, or the name a source wrote", false},
    {"--top", "N", "the N largest by net of each grade's order (default 100)", false},
    {"--all", NULL, "everybody, page after page", false},
};

const struct ctl_command ctl_grade_list = {
    .path = "grade list",
    .arguments = "",
    .summary = "List the grades in force, largest net first",
    .help = "  kehuctl grade list --grade A\n"
            "  kehuctl grade list --grade B --all --json\n",
    .options = list_options,
    .option_count = COUNT_OF(list_options),
    .run = run_list,
};

static void print_history(struct ctl *ctl, const Kehu__Customers__V1__GradeExplanation *what)
{
    static const char *const headings[] = {"as of", "grade", "share", "reason", "policy"};
    static const bool right[] = {false, false, true, false, true};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));

    for (size_t i = 0; i < what->n_history; i++) {
        const Kehu__Customers__V1__GradeHistory *entry = what->history[i];
        const char *cells[] = {entry->as_of, entry->grade, entry->share, entry->reason,
                               arena_print(ctl->arena, "%u", entry->policy_version)};

        ctl_table_row(table, cells);
    }
    ctl_table_print(table);
}

static void print_explanation(struct ctl *ctl, const Kehu__Customers__V1__GradeExplanation *what)
{
    const Kehu__Customers__V1__GradedCustomer *now = what->now;
    const Kehu__Customers__V1__GradePolicy *policy = what->policy;

    puts(what->sentence);
    printf("\n%s%s%s, grade %s, region %s\n", now->number, strcmp(now->number, now->ref) ? " " : "",
           strcmp(now->number, now->ref) ? now->ref : "", now->grade,
           now->region[0] ? now->region : "(unknown)");
    printf("net           %s\n", ctl_decimal(ctl, now->numerator_micros));
    printf("of region     %s\n", ctl_decimal(ctl, now->denominator_micros));
    printf("share         %s\n", now->share[0] ? now->share : "none");
    printf("window        from %s to before %s\n", what->window_from, what->as_of);
    printf("first order   %s%s\n", what->first_purchase_on[0] ? what->first_purchase_on : "none",
           now->long_term ? ", long-term" : "");
    if (policy)
        printf("thresholds    A %s, B %s\n", ctl_decimal(ctl, policy->a_share_micros),
               ctl_decimal(ctl, policy->b_share_micros));
    printf("policy        version %u\nrun           %s\n", what->policy_version, what->run_id);
    if (now->n_flags)
        printf("flags         %s\n", flags_text(ctl, now));
    putchar('\n');
    print_history(ctl, what);
}

static int run_explain(struct ctl *ctl)
{
    Kehu__Customers__V1__ExplainGrade ask = KEHU__CUSTOMERS__V1__EXPLAIN_GRADE__INIT;
    const char *language = ctl_option(ctl, "--lang");
    int code;

    if (language && strcmp(language, "zh") != 0 && strcmp(language, "en") != 0)
        ctl_usage(ctl, "--lang must be zh or en, not \"%s\"", language);
    ask.ref = (char *)ctl_argument(ctl, 0);
    if (language)
        ask.language = (char *)language;
    Kehu__Customers__V1__GradeExplanation *what = (Kehu__Customers__V1__GradeExplanation *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__grade_explanation__descriptor, &code);

    if (!what)
        return code;
    if (ctl->json)
        ctl_print_json(ctl, ctl_json_message(&what->base));
    else
        print_explanation(ctl, what);
    return CTL_DONE;
}

static const struct ctl_option explain_options[] = {
    {"--lang", "LANG", "the sentence in zh (default) or en", false},
};

const struct ctl_command ctl_grade_explain = {
    .path = "grade explain",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Tell why a customer has its grade",
    .help = "REF is a number (KH000123), an id or source:external_id.\n\n"
            "  kehuctl grade explain KH000123 --lang en\n",
    .options = explain_options,
    .option_count = COUNT_OF(explain_options),
    .run = run_explain,
};
