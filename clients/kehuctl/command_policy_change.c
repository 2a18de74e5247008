/* kehuctl policy diff, try and apply: what a change says, whom it would move, and the change. */
#include <stdio.h>
#include <string.h>

#include "grade_follow.h"
#include "policy_complaints.h"

#define MOVES 1000 /* shown; the largest by net */

static void print_difference(struct ctl *ctl,
                             const Kehu__Customers__V1__PolicyDifference *difference)
{
    static const char *const headings[] = {"field", "from", "to"};
    static const bool right[] = {false, false, false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));

    if (difference->n_fields == 0) {
        puts("they say the same");
        return;
    }
    for (size_t i = 0; i < difference->n_fields; i++) {
        const Kehu__Customers__V1__PolicyFieldDifference *field = difference->fields[i];
        const char *cells[] = {policy_document_name(ctl, field->field),
                               policy_document_value(ctl, field->field, field->from),
                               policy_document_value(ctl, field->field, field->to)};

        ctl_table_row(table, cells);
    }
    ctl_table_print(table);
}

static int run_diff(struct ctl *ctl)
{
    Kehu__Customers__V1__ComparePolicies ask = KEHU__CUSTOMERS__V1__COMPARE_POLICIES__INIT;
    int code;

    ask.kind = (char *)policy_document_kind(ctl, 0);
    if (policy_document_is_of_complaints(ask.kind))
        ctl_usage(
            ctl,
            "%s is a policy of complaints: `kehuctl policy apply %s FILE --dry-run` says what "
            "would move, changing nothing",
            ask.kind, ask.kind);
    ask.from_version = (uint32_t)ctl_integer(ctl, "--from", 0, 1, UINT32_MAX);
    ask.to_version = (uint32_t)ctl_integer(ctl, "--to", 0, 1, UINT32_MAX);
    if (ctl_argument(ctl, 1) && ask.to_version)
        ctl_usage(ctl, "give FILE or --to, not both");
    if (!ctl_argument(ctl, 1) && !ask.from_version && !ask.to_version)
        ctl_usage(ctl, "nothing to compare: give FILE, --from or --to");
    if (ctl_argument(ctl, 1))
        ask.to = policy_document_read(ctl, ask.kind, ctl_argument(ctl, 1));
    Kehu__Customers__V1__PolicyDifference *difference =
        (Kehu__Customers__V1__PolicyDifference *)ctl_ask(
            ctl, &ask.base, &kehu__customers__v1__policy_difference__descriptor, &code);

    if (!difference)
        return code;
    if (ctl->json)
        ctl_print_json(ctl, ctl_json_message(&difference->base));
    else
        print_difference(ctl, difference);
    return CTL_DONE;
}

static const struct ctl_option diff_options[] = {
    {"--from", "N", "this version (default: the one in force)", false},
    {"--to", "N", "with this version (default: the one in force)", false},
};

const struct ctl_command ctl_policy_diff = {
    .path = "policy diff",
    .arguments = "KIND [FILE]",
    .min_arguments = 1,
    .max_arguments = 2,
    .summary = "Compare versions of a policy, or a file with one",
    .help =
        "FILE holds the document in protobuf JSON; \"-\" is standard input. Fields left out have\n"
        "their standard value.\n\n"
        "  kehuctl policy diff grade grade.json\n"
        "  kehuctl policy diff grade --from 1\n",
    .options = diff_options,
    .option_count = COUNT_OF(diff_options),
    .run = run_diff,
};

static void print_trial(struct ctl *ctl, const Kehu__Customers__V1__GradeRun *run,
                        const struct grade_follow_list *moves)
{
    static const char *const headings[] = {"number", "ref", "from", "to", "net"};
    static const bool right[] = {false, false, false, false, true};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    const Kehu__Customers__V1__GradeReport *report = run->report;

    printf("%llu customers, %llu would move\n",
           (unsigned long long)(report->a + report->b + report->c),
           (unsigned long long)report->changed);
    for (size_t i = 0; i < moves->count; i++) {
        const Kehu__Customers__V1__GradeMove *move = moves->at[i];
        const char *cells[] = {move->number, move->ref, move->from[0] ? move->from : "-", move->to,
                               ctl_decimal(ctl, move->net_micros)};

        ctl_table_row(table, cells);
    }
    if (moves->count)
        ctl_table_print(table);
    if (moves->count < report->changed)
        printf("and %llu more with less net\n", (unsigned long long)report->changed - moves->count);
}

/* {"run": …, "moves": […]} */
static json_t *trial_json(const Kehu__Customers__V1__GradeRun *run,
                          const struct grade_follow_list *moves)
{
    json_t *list = json_array();

    for (size_t i = 0; i < moves->count; i++)
        json_array_append_new(list, ctl_json_message(moves->at[i]));
    return json_pack("{s:o, s:o}", "run", ctl_json_message(&run->base), "moves", list);
}

static bool read_moves(struct ctl *ctl, const char *run_id, struct grade_follow_list *moves,
                       int *code)
{
    Kehu__Customers__V1__ListGradeMoves ask = KEHU__CUSTOMERS__V1__LIST_GRADE_MOVES__INIT;

    ask.run_id = (char *)run_id;
    ask.page_size = MOVES;
    Kehu__Customers__V1__GradeMoves *page = (Kehu__Customers__V1__GradeMoves *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__grade_moves__descriptor, code);

    return page && grade_follow_add(ctl, moves, (void *const *)page->moves, page->n_moves);
}

static int run_try(struct ctl *ctl)
{
    Kehu__Customers__V1__RunGrades ask = KEHU__CUSTOMERS__V1__RUN_GRADES__INIT;
    struct grade_follow_list moves = {0};
    int32_t day;
    int code = CTL_UNFINISHED;

    ask.policy = policy_document_read(ctl, "grade", ctl_argument(ctl, 0))->grade;
    ask.dry_run = true;
    ctl_date(ctl, "--as-of", &day);
    ask.as_of = (char *)ctl_option(ctl, "--as-of");
    Kehu__Customers__V1__GradeRun *run = grade_follow_run(ctl, &ask, &code);

    if (!run || !run->report || !read_moves(ctl, run->run_id, &moves, &code))
        return code;
    if (ctl->json)
        ctl_print_json(ctl, trial_json(run, &moves));
    else
        print_trial(ctl, run, &moves);
    return CTL_DONE;
}

static const struct ctl_option try_options[] = {
    {"--as-of", "DATE", "as if it had been in force for a run of that day", true},
};

const struct ctl_command ctl_policy_try = {
    .path = "policy try",
    .arguments = "FILE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show who would move by a grade policy, changing nothing",
    .help = "FILE holds the document in protobuf JSON; \"-\" is standard input.\n\n"
            "  kehuctl policy try grade.json --as-of 2026-10-01\n",
    .options = try_options,
    .option_count = COUNT_OF(try_options),
    .run = run_try,
};

static int run_apply(struct ctl *ctl)
{
    Kehu__Customers__V1__ApplyPolicy ask = KEHU__CUSTOMERS__V1__APPLY_POLICY__INIT;
    const char *kind = policy_document_kind(ctl, 0);
    int code;

    if (policy_document_is_of_complaints(kind))
        return policy_complaints_apply(ctl, kind, ctl_argument(ctl, 1));
    if (ctl_option(ctl, "--dry-run") || ctl_option(ctl, "--from"))
        ctl_usage(ctl,
                  "--dry-run and --from are for policies of complaints; `kehuctl policy diff %s "
                  "FILE` compares",
                  kind);
    ask.policy = policy_document_read(ctl, kind, ctl_argument(ctl, 1));
    ask.expected_version = (uint32_t)ctl_integer(ctl, "--expect", 0, 1, UINT32_MAX);
    if (!ask.expected_version) {
        Kehu__Customers__V1__Policy *present = policy_document_ask(ctl, kind, 0, &code);

        if (!present)
            return code;
        ask.expected_version = present->version;
    }
    Kehu__Customers__V1__Policy *policy = (Kehu__Customers__V1__Policy *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__policy__descriptor, &code);

    if (!policy)
        return code;
    if (ctl->json)
        ctl_print_json(ctl, ctl_json_message(&policy->base));
    else
        printf("policy %s: version %u is in force\n", policy->kind, policy->version);
    return CTL_DONE;
}

static const struct ctl_option apply_options[] = {
    {"--reason", "TEXT", "why it changes, in a sentence", true},
    {"--expect", "N", "only if version N is in force (default: whatever is in force now)", false},
    {"--dry-run", NULL, "of complaints: change nothing, say how many deadlines would move", false},
    {"--from", "TIME", "of complaints: in force from then on, \"2027-01-01\" (default: now)",
     false},
};

const struct ctl_command ctl_policy_apply = {
    .path = "policy apply",
    .arguments = "KIND FILE",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Put a new version of a policy in force",
    .help =
        "FILE holds the document in protobuf JSON, as `policy show KIND --document` prints it;\n"
        "\"-\" is standard input. `policy diff` and `policy try` show first what it does.\n\n"
        "  kehuctl policy apply targets targets.json --reason \"faster\" --dry-run\n"
        "  kehuctl policy apply grade grade.json --reason \"20 % was too much\" --expect 1\n",
    .options = apply_options,
    .option_count = COUNT_OF(apply_options),
    .run = run_apply,
};
