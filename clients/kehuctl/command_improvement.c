/* kehuctl improvement save, list, show and complaint tasks: what is owed, and by whom. */
#include <stdio.h>
#include <string.h>

#include "command_complaint.h"
#include "ctl_fields.h"
#include "ctl_words.h"

static const struct ctl_column lines[] = {
    {"text", "text", false},    {"owner", "owner", false}, {"due", "due_on", false},
    {"done", "done_on", false}, {"cause", "cause", false}, {"effect", "effect", false},
};

static int print_improvement(struct ctl *ctl, const ProtobufCMessage *ask)
{
    int code;
    Kehu__Complaints__V1__Improvement *item =
        (Kehu__Complaints__V1__Improvement *)complaint_ask_shown(
            ctl, ask, &kehu__complaints__v1__improvement__descriptor, &code);

    if (!item)
        return code;
    printf("%s\n", item->improvement_id);
    ctl_fields_print_card(ctl, &item->base, lines, COUNT_OF(lines));
    return CTL_DONE;
}

/* The one that is known, for what is given on top of it. */
static Kehu__Complaints__V1__Improvement *known(struct ctl *ctl, const char *id, int *code)
{
    Kehu__Complaints__V1__GetImprovement ask = KEHU__COMPLAINTS__V1__GET_IMPROVEMENT__INIT;

    ask.improvement_id = (char *)id;
    return (Kehu__Complaints__V1__Improvement *)complaint_ask(
        ctl, &ask.base, &kehu__complaints__v1__improvement__descriptor, code);
}

static int run_save(struct ctl *ctl)
{
    Kehu__Complaints__V1__SaveImprovement ask = KEHU__COMPLAINTS__V1__SAVE_IMPROVEMENT__INIT;
    Kehu__Complaints__V1__Improvement item = KEHU__COMPLAINTS__V1__IMPROVEMENT__INIT;
    const char *id = ctl_option(ctl, "--improvement");
    int code = CTL_DONE;
    int32_t day;

    ask.improvement = id ? known(ctl, id, &code) : &item;
    if (!ask.improvement)
        return code;
    if (!id && !ctl_argument(ctl, 0))
        ctl_usage(ctl, "what is to be better? Give a TEXT");
    ctl_date(ctl, "--due-on", &day);
    ctl_date(ctl, "--done-on", &day);
    ctl_fields_fill(ctl, &ask.improvement->base);
    if (ctl_argument(ctl, 0))
        ask.improvement->text = complaint_text(ctl, ctl_argument(ctl, 0));
    return print_improvement(ctl, &ask.base);
}

static const struct ctl_option save_options[] = {
    {"--improvement", "ID", "a known one", false},
    {"--owner", "CODE", "who sees to it", false},
    {"--due-on", "DATE", "by when", false},
    {"--done-on", "DATE", "it is done since", false},
    {"--cause", "CODE", "of the cause tree", false},
    {"--effect", "TEXT", "what it changed, measured", false},
};

const struct ctl_command ctl_improvement_save = {
    .path = "improvement save",
    .arguments = "[TEXT]",
    .max_arguments = 1,
    .summary = "Record what is to be better beyond one case, or how far it is",
    .help =
        "The id that is printed is what `complaint action --improvement` takes.\n\n"
        "  kehuctl improvement save \"全部仓库加装除湿机\" --owner wang.fang --due-on 2027-03-31\n"
        "  kehuctl improvement save --improvement ID --done-on 2027-03-12 --effect \"潮湿投诉减半\"\n",
    .options = save_options,
    .option_count = COUNT_OF(save_options),
    .run = run_save,
};

static int run_show(struct ctl *ctl)
{
    Kehu__Complaints__V1__GetImprovement ask = KEHU__COMPLAINTS__V1__GET_IMPROVEMENT__INIT;

    ask.improvement_id = (char *)ctl_argument(ctl, 0);
    return print_improvement(ctl, &ask.base);
}

const struct ctl_command ctl_improvement_show = {
    .path = "improvement show",
    .arguments = "ID",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show an improvement item",
    .help = "  kehuctl improvement show 0190163d-8694-739b-aea5-966c26f8ad91\n",
    .run = run_show,
};

static int run_list(struct ctl *ctl)
{
    static const struct ctl_column columns[] = {
        {"due", "due_on", false},  {"owner", "owner", false}, {"done", "done_on", false},
        {"cause", "cause", false}, {"text", "text", false},
    };
    Kehu__Complaints__V1__ListImprovements ask = KEHU__COMPLAINTS__V1__LIST_IMPROVEMENTS__INIT;
    int code;

    ctl_fields_fill(ctl, &ask.base);
    ask.only_open = ctl_option(ctl, "--open") != NULL;
    ask.only_overdue = ctl_option(ctl, "--overdue") != NULL;
    Kehu__Complaints__V1__ImprovementList *list =
        (Kehu__Complaints__V1__ImprovementList *)complaint_ask_shown(
            ctl, &ask.base, &kehu__complaints__v1__improvement_list__descriptor, &code);

    if (!list)
        return code;
    ctl_fields_print_table(ctl, (void *)list->improvements, list->n_improvements, columns,
                           COUNT_OF(columns));
    if (list->n_improvements == 0)
        puts(ctl_sentence(ctl, "nothing"));
    if (list->next_page_token[0])
        printf("--page-token %s\n", list->next_page_token);
    return CTL_DONE;
}

static const struct ctl_option list_options[] = {
    {"--open", NULL, "those that are not done", false},
    {"--overdue", NULL, "those whose day has passed", false},
    {"--owner", "CODE", "of this person", false},
    {"--page-size", "N", "at most so many (default 50)", false},
    {"--page-token", "TOKEN", "goes on where the page before ended", false},
};

const struct ctl_command ctl_improvement_list = {
    .path = "improvement list",
    .arguments = "",
    .summary = "List improvement items",
    .help = "  kehuctl improvement list --open --owner wang.fang\n"
            "  kehuctl improvement list --overdue --json\n",
    .options = list_options,
    .option_count = COUNT_OF(list_options),
    .run = run_list,
};

static void print_tasks(struct ctl *ctl, const Kehu__Complaints__V1__TaskList *list)
{
    static const char *const labels[] = {"due", "case", "kind", "id", "owner", "unit", "text"};
    static const bool right[COUNT_OF(labels)] = {false};
    struct ctl_table *table = complaint_table(ctl, labels, right, COUNT_OF(labels));

    for (size_t i = 0; i < list->n_tasks; i++) {
        const Kehu__Complaints__V1__CaseTask *task = list->tasks[i];
        const char *cells[] = {ctl_local_time(ctl, task->due_at),
                               task->case_number,
                               complaint_word(ctl, WORDS_LABEL, task->kind),
                               ctl_fields_handle(task->id),
                               task->owner,
                               task->unit,
                               task->text};

        ctl_table_row(table, cells);
    }
    if (list->n_tasks)
        ctl_table_print(table);
    else
        puts(ctl_sentence(ctl, "nothing"));
    if (list->next_page_token[0])
        printf("--page-token %s\n", list->next_page_token);
}

static int run_tasks(struct ctl *ctl)
{
    Kehu__Complaints__V1__ListTasks ask = KEHU__COMPLAINTS__V1__LIST_TASKS__INIT;
    int code;

    ctl_fields_fill(ctl, &ask.base);
    ask.only_overdue = ctl_option(ctl, "--overdue") != NULL;
    if (!ask.owner[0] && !ask.unit[0] && ctl->actor)
        ask.owner = (char *)ctl->actor;
    Kehu__Complaints__V1__TaskList *list = (Kehu__Complaints__V1__TaskList *)complaint_ask_shown(
        ctl, &ask.base, &kehu__complaints__v1__task_list__descriptor, &code);

    if (list)
        print_tasks(ctl, list);
    return code;
}

static const struct ctl_option tasks_options[] = {
    {"--owner", "CODE", "of this person (default: who is named by --as)", false},
    {"--unit", "UNIT", "of this department", false},
    {"--overdue", NULL, "those whose time has passed", false},
    {"--page-size", "N", "at most so many (default 50)", false},
    {"--page-token", "TOKEN", "goes on where the page before ended", false},
};

const struct ctl_command ctl_complaint_tasks = {
    .path = "complaint tasks",
    .arguments = "",
    .summary = "Sub-tasks and actions that are owed",
    .help = "  kehuctl complaint tasks --as wang.fang\n"
            "  kehuctl complaint tasks --unit 质检 --overdue\n",
    .options = tasks_options,
    .option_count = COUNT_OF(tasks_options),
    .run = run_tasks,
};
