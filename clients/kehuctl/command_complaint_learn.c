/* kehuctl complaint cause, work, action, lesson, lessons: what was learnt from a case. */
#include <stdio.h>
#include <string.h>

#include "command_complaint.h"
#include "complaint_intake.h"
#include "ctl_fields.h"
#include "ctl_words.h"

static int run_cause(struct ctl *ctl)
{
    Kehu__Complaints__V1__SetCause ask = KEHU__COMPLAINTS__V1__SET_CAUSE__INIT;
    Kehu__Complaints__V1__CaseHandling handling = KEHU__COMPLAINTS__V1__CASE_HANDLING__INIT;

    ctl_fields_fill(ctl, &handling.base);
    if (ctl_argument(ctl, 1))
        handling.cause = (char *)ctl_argument(ctl, 1);
    if (handling.cause[0] || handling.unit[0] || handling.fault)
        ask.handling = &handling;
    if (!ask.handling && !ctl_option(ctl, "--topic"))
        ctl_usage(ctl, "what was it? Give a CAUSE, --unit, --fault or --topic");
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option cause_options[] = {
    {"--unit", "UNIT", "the responsible one", false},
    {"--fault", "WHOSE", "company, customer, third_party or none", false},
    {"--topic", "TOPIC", "of suggestions, feedback and enquiries", false},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_cause = {
    .path = "complaint cause",
    .arguments = "REF [CAUSE]",
    .min_arguments = 1,
    .max_arguments = 2,
    .summary = "Set cause, responsible unit and whose fault it was",
    .help =
        "CAUSE is a code of the cause tree: `kehuctl policy show causes` lists it.\n\n"
        "  kehuctl complaint cause TS-20260930-0001 product.defect --unit 仓储 --fault company\n"
        "  kehuctl complaint cause JY-20260930-0001 --topic 包装\n",
    .options = cause_options,
    .option_count = COUNT_OF(cause_options),
    .run = run_cause,
};

static int run_work(struct ctl *ctl)
{
    Kehu__Complaints__V1__RecordWork ask = KEHU__COMPLAINTS__V1__RECORD_WORK__INIT;

    ask.charge_micros = complaint_amount(ctl, "--charge");
    ask.charge_noted = ctl_option(ctl, "--charge") != NULL;
    if (!ctl_option(ctl, "--done") && !ask.charge_noted && !ctl_option(ctl, "--taken-up") &&
        !ctl_option(ctl, "--not-because"))
        ctl_usage(ctl, "what was done? Give --done, --charge, --taken-up or --not-because");
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option work_options[] = {
    {"--done", NULL, "the service is rendered", false},
    {"--charge", "AMOUNT", "what it costs; 0: nothing, which is noted too", false},
    {"--currency", "CODE", "of it (default: the business currency)", false},
    {"--taken-up", "TEXT", "of a suggestion: what becomes of it", false},
    {"--not-because", "TEXT", "… or why not", false},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_work = {
    .path = "complaint work",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Record what was done for a service request, or becomes of a suggestion",
    .help = "  kehuctl complaint work FW-20260930-0001 --done --charge 0\n"
            "  kehuctl complaint work JY-20260930-0001 --taken-up \"明年改用可回收包装\"\n",
    .options = work_options,
    .option_count = COUNT_OF(work_options),
    .run = run_work,
};

/* --- actions --- */

static int run_action(struct ctl *ctl)
{
    Kehu__Complaints__V1__SaveAction ask = KEHU__COMPLAINTS__V1__SAVE_ACTION__INIT;
    Kehu__Complaints__V1__Action action = KEHU__COMPLAINTS__V1__ACTION__INIT;
    const char *known = ctl_option(ctl, "--action");
    int code = CTL_DONE;
    int32_t day;

    ctl_fields_fill(ctl, &action.base);
    if (known && !(action.action_id = complaint_task_id(ctl, "action", known, &code)))
        return code;
    if (!known && (!ctl_argument(ctl, 1) || !action.owner[0] || !action.due_on[0]))
        ctl_usage(ctl, "a new action needs a TEXT, --owner and --due-on");
    action.text = complaint_text(ctl, ctl_argument(ctl, 1));
    action.improvement_id = complaint_option(ctl, "--improvement");
    ctl_date(ctl, "--due-on", &day);
    ctl_date(ctl, "--verified-on", &day);
    ask.action = &action;
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option action_options[] = {
    {"--action", "ID", "a known one, by the id that complaint show prints", false},
    {"--owner", "CODE", "who does it", false},
    {"--due-on", "DATE", "by when", false},
    {"--kind", "KIND", "corrective (default) or preventive", false},
    {"--verified-by", "CODE", "who saw that it works; another than the owner", false},
    {"--verified-on", "DATE", "when (default: today)", false},
    {"--improvement", "ID", "the improvement item that it was moved to, whole id", false},
};

const struct ctl_command ctl_complaint_action = {
    .path = "complaint action",
    .arguments = "REF [TEXT]",
    .min_arguments = 1,
    .max_arguments = 2,
    .summary = "What is done so that it does not happen again, and that it works",
    .help = "Of a known one what is not said stays.\n\n"
            "  kehuctl complaint action TS-20260930-0001 \"仓库加装除湿机\" --owner wang.fang \\\n"
            "      --due-on 2026-12-15 --kind preventive\n"
            "  kehuctl complaint action TS-20260930-0001 --action a1b2c3 --verified-by zhang.wei\n",
    .options = action_options,
    .option_count = COUNT_OF(action_options),
    .run = run_action,
};

/* --- lessons --- */

static int run_lesson(struct ctl *ctl)
{
    Kehu__Complaints__V1__SaveLesson ask = KEHU__COMPLAINTS__V1__SAVE_LESSON__INIT;
    Kehu__Complaints__V1__Lesson lesson = KEHU__COMPLAINTS__V1__LESSON__INIT;

    ctl_fields_fill(ctl, &lesson.base);
    lesson.text = complaint_text(ctl, ctl_argument(ctl, 1));
    if ((lesson.text[0] != '\0') + (lesson.same_as[0] != '\0') + (lesson.none_because[0] != '\0') !=
        1)
        ctl_usage(ctl, "give a TEXT, --same-as or --none-because, one of them");
    ask.lesson = &lesson;
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option lesson_options[] = {
    {"--cause", "CODE", "of the cause tree (default: the case's)", false},
    {"--same-as", "ID", "the lesson of another case of the same cause, whole id", false},
    {"--none-because", "TEXT", "why there is nothing to be learnt", false},
};

const struct ctl_command ctl_complaint_lesson = {
    .path = "complaint lesson",
    .arguments = "REF [TEXT]",
    .min_arguments = 1,
    .max_arguments = 2,
    .summary = "Record what was learnt",
    .help = "  kehuctl complaint lesson TS-20260930-0001 \"停电超过一小时须复检库内茶叶\"\n"
            "  kehuctl complaint lesson TS-20260930-0001 --none-because \"客户误会,无可改进\"\n",
    .options = lesson_options,
    .option_count = COUNT_OF(lesson_options),
    .run = run_lesson,
};

static int run_lessons(struct ctl *ctl)
{
    static const char *const labels[] = {"case", "cause", "product", "issue", "text", "id"};
    static const bool right[COUNT_OF(labels)] = {false};
    Kehu__Complaints__V1__SearchLessons ask = KEHU__COMPLAINTS__V1__SEARCH_LESSONS__INIT;
    int code;

    ctl_fields_fill(ctl, &ask.base);
    ask.query = complaint_text(ctl, ctl_argument(ctl, 0));
    Kehu__Complaints__V1__LessonList *list =
        (Kehu__Complaints__V1__LessonList *)complaint_ask_shown(
            ctl, &ask.base, &kehu__complaints__v1__lesson_list__descriptor, &code);

    if (!list)
        return code;
    struct ctl_table *table = complaint_table(ctl, labels, right, COUNT_OF(labels));

    for (size_t i = 0; i < list->n_lessons; i++) {
        const Kehu__Complaints__V1__FoundLesson *found = list->lessons[i];
        const char *cells[] = {found->case_number, found->lesson->cause, found->product,
                               found->issue,       found->lesson->text,  found->lesson->lesson_id};

        ctl_table_row(table, cells);
    }
    if (list->n_lessons)
        ctl_table_print(table);
    else
        puts(ctl_sentence(ctl, "nothing"));
    if (list->next_page_token[0])
        printf("--page-token %s\n", list->next_page_token);
    return CTL_DONE;
}

static const struct ctl_option lessons_options[] = {
    {"--cause", "CODE", "of this cause", false},
    {"--page-size", "N", "at most so many (default 50)", false},
    {"--page-token", "TOKEN", "goes on where the page before ended", false},
};

const struct ctl_command ctl_complaint_lessons = {
    .path = "complaint lessons",
    .arguments = "[WORDS]",
    .max_arguments = 1,
    .summary = "Search what was learnt",
    .help = "  kehuctl complaint lessons 停电\n"
            "  kehuctl complaint lessons --cause product.defect\n",
    .options = lessons_options,
    .option_count = COUNT_OF(lessons_options),
    .run = run_lessons,
};
