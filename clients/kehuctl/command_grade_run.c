/* kehuctl grade run and runs: the grades of all customers as of a date, and what the run found. */
#include <stdio.h>
#include <string.h>

#include "grade_follow.h"

static Kehu__Customers__V1__GradeMethod method_of(struct ctl *ctl)
{
    static const char *const names[] = {"share", "cumulative", "rank"};
    const char *name = ctl_option(ctl, "--method");

    for (size_t i = 0; name && i < COUNT_OF(names); i++)
        if (strcmp(name, names[i]) == 0)
            return (Kehu__Customers__V1__GradeMethod)(i + 1);
    if (name)
        ctl_usage(ctl, "--method must be share, cumulative or rank, not \"%s\"", name);
    return KEHU__CUSTOMERS__V1__GRADE_METHOD__GRADE_METHOD_UNSPECIFIED;
}

static const char *method_name(Kehu__Customers__V1__GradeMethod method)
{
    static const char *const names[] = {"share", "share", "cumulative", "rank"};

    return (unsigned)method < COUNT_OF(names) ? names[method] : "share";
}

static void print_names(const char *title, char *const *names, size_t count)
{
    if (count == 0)
        return;
    printf("%s (%zu): ", title, count);
    for (size_t i = 0; i < count; i++)
        printf("%s%s", i ? ", " : "", names[i][0] ? names[i] : "(unknown)");
    putchar('\n');
}

static void print_customers(struct ctl *ctl, const char *title,
                            Kehu__Customers__V1__GradedCustomer *const *list, size_t count)
{
    static const char *const headings[] = {"ref", "number", "region", "net", "share"};
    static const bool right[] = {false, false, false, true, true};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));

    if (count == 0)
        return;
    printf("%s:\n", title);
    for (size_t i = 0; i < count; i++) {
        const char *cells[] = {list[i]->ref, list[i]->number, list[i]->region,
                               ctl_decimal(ctl, list[i]->numerator_micros), list[i]->share};

        ctl_table_row(table, cells);
    }
    ctl_table_print(table);
}

static void print_report(struct ctl *ctl, const Kehu__Customers__V1__GradeRun *run)
{
    const Kehu__Customers__V1__GradeReport *report = run->report;

    printf("grades as of %s, window from %s, by %s, policy version %u%s\n", run->as_of,
           run->window_from, method_name(run->method), run->policy_version,
           run->dry_run ? " (dry run: nothing was changed)" : "");
    if (!report)
        return;
    printf("A %llu, B %llu, C %llu; %llu %s", (unsigned long long)report->a,
           (unsigned long long)report->b, (unsigned long long)report->c,
           (unsigned long long)report->changed, run->dry_run ? "would change" : "changed");
    if (report->held_demotions)
        printf(", %llu demotions wait for the manager", (unsigned long long)report->held_demotions);
    putchar('\n');
    print_names("warning: regions without an A", report->regions_without_a,
                report->n_regions_without_a);
    print_names("regions that are not mapped", report->unmapped_regions,
                report->n_unmapped_regions);
    for (size_t i = 0; i < report->n_aside; i++)
        printf("kept aside, without a rate: %s %s\n",
               ctl_decimal(ctl, report->aside[i]->net_micros), report->aside[i]->currency);
    print_customers(ctl, "largest graded C, candidates for key account", report->largest_c,
                    report->n_largest_c);
    print_customers(ctl, "A below the median of all", report->a_below_median,
                    report->n_a_below_median);
    printf("run %s\n", run->run_id);
}

static json_t *run_json(const Kehu__Customers__V1__GradeRun *run)
{
    json_t *json = ctl_json_message(&run->base);

    if (run->report)
        json_object_set_new(
            json, "customers",
            json_integer((json_int_t)(run->report->a + run->report->b + run->report->c)));
    return json;
}

static int run_run(struct ctl *ctl)
{
    Kehu__Customers__V1__RunGrades ask = KEHU__CUSTOMERS__V1__RUN_GRADES__INIT;
    int32_t day;
    int code;

    ctl_date(ctl, "--as-of", &day);
    ask.as_of = (char *)ctl_option(ctl, "--as-of");
    ask.long_term_days = (uint32_t)ctl_integer(ctl, "--long-term-days", 0, 1, 3660);
    ask.method = method_of(ctl);
    ask.dry_run = ctl_option(ctl, "--dry-run") != NULL;
    ask.hold_demotions = ctl_option(ctl, "--hold-demotions") != NULL;
    Kehu__Customers__V1__GradeRun *run = grade_follow_run(ctl, &ask, &code);

    if (!run)
        return code;
    if (ctl->json)
        ctl_print_json(ctl, run_json(run));
    else
        print_report(ctl, run);
    return CTL_DONE;
}

static const struct ctl_option run_options[] = {
    {"--as-of", "DATE", "the window ends before this day", true},
    {"--long-term-days", "N", "first purchase at least N days before (default: the policy's)",
     false},
    {"--method", "NAME", "share, cumulative or rank (default: the policy's)", false},
    {"--dry-run", NULL, "report what would be, change nothing", false},
    {"--hold-demotions", NULL, "as the monthly run: demotions wait as the policy says", false},
};

const struct ctl_command ctl_grade_run = {
    .path = "grade run",
    .arguments = "",
    .summary = "Grade all customers as of a date",
    .help = "Waits for the end and prints the report. Interrupting it does not stop the run.\n\n"
            "  kehuctl grade run --as-of 2026-10-01\n"
            "  kehuctl grade run --as-of 2026-10-01 --method rank --dry-run --json\n",
    .options = run_options,
    .option_count = COUNT_OF(run_options),
    .run = run_run,
};

static const char *state_name(Kehu__Customers__V1__GradeRunState state)
{
    static const char *const names[] = {"?", "running", "finished", "failed"};

    return (unsigned)state < COUNT_OF(names) ? names[state] : "?";
}

static void print_runs(struct ctl *ctl, const Kehu__Customers__V1__GradeRunList *list)
{
    static const char *const headings[] = {"run", "as of", "state", "policy", "method",
                                           "A",   "B",     "C",     "changed"};
    static const bool right[] = {false, false, false, true, false, true, true, true, true};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));

    for (size_t i = 0; i < list->n_runs; i++) {
        const Kehu__Customers__V1__GradeRun *run = list->runs[i];
        const Kehu__Customers__V1__GradeReport none = KEHU__CUSTOMERS__V1__GRADE_REPORT__INIT;
        const Kehu__Customers__V1__GradeReport *report = run->report ? run->report : &none;
        const uint64_t counts[] = {report->a, report->b, report->c, report->changed};
        const char *cells[] = {
            run->run_id,
            run->as_of,
            arena_print(ctl->arena, "%s%s", state_name(run->state), run->dry_run ? ", dry" : ""),
            arena_print(ctl->arena, "%u", run->policy_version),
            method_name(run->method),
            "",
            "",
            "",
            ""};

        for (size_t n = 0; n < COUNT_OF(counts); n++)
            cells[5 + n] = arena_print(ctl->arena, "%llu", (unsigned long long)counts[n]);
        ctl_table_row(table, cells);
    }
    ctl_table_print(table);
    for (size_t i = 0; i < list->n_runs; i++)
        if (list->runs[i]->failure[0])
            printf("run %s: %s\n", list->runs[i]->run_id, list->runs[i]->failure);
}

static int run_runs(struct ctl *ctl)
{
    Kehu__Customers__V1__ListGradeRuns ask = KEHU__CUSTOMERS__V1__LIST_GRADE_RUNS__INIT;
    int code;

    ask.page_size = (uint32_t)ctl_integer(ctl, "--top", 20, 1, 100);
    Kehu__Customers__V1__GradeRunList *list = (Kehu__Customers__V1__GradeRunList *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__grade_run_list__descriptor, &code);

    if (!list)
        return code;
    if (ctl->json) {
        json_t *json = json_array();

        for (size_t i = 0; i < list->n_runs; i++)
            json_array_append_new(json, run_json(list->runs[i]));
        ctl_print_json(ctl, json);
    } else {
        print_runs(ctl, list);
    }
    return CTL_DONE;
}

static const struct ctl_option runs_options[] = {
    {"--top", "N", "the N latest (default 20)", false},
};

const struct ctl_command ctl_grade_runs = {
    .path = "grade runs",
    .arguments = "",
    .summary = "List the latest grade runs",
    .help = "  kehuctl grade runs --top 5\n",
    .options = runs_options,
    .option_count = COUNT_OF(runs_options),
    .run = run_runs,
};
