/* kehuctl complaint pause, resume, extend, result, explain: deadlines. */
#include <stdio.h>
#include <string.h>

#include "command_complaint.h"
#include "ctl_words.h"
#include "common/pure/day.h"

static const struct ctl_option version_options[] = {COMPLAINT_VERSION_OPTION};

static int run_pause(struct ctl *ctl)
{
    Kehu__Complaints__V1__PauseClocks ask = KEHU__COMPLAINTS__V1__PAUSE_CLOCKS__INIT;
    int32_t day;

    ask.reason = complaint_text(ctl, ctl_argument(ctl, 1));
    ctl_date(ctl, "--until", &day);
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option pause_options[] = {
    {"--until", "DATE", "to the end of this day at the latest (default: the policy's limit)",
     false},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_pause = {
    .path = "complaint pause",
    .arguments = "REF REASON",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Stop the deadlines while the complainant is waited for",
    .help = "Business time counts; the authority's term is never paused.\n\n"
            "  kehuctl complaint pause TS-20260930-0001 \"等待客户寄回样品\" --until 2026-11-27\n",
    .options = pause_options,
    .option_count = COUNT_OF(pause_options),
    .run = run_pause,
};

static int run_resume(struct ctl *ctl)
{
    Kehu__Complaints__V1__ResumeClocks ask = KEHU__COMPLAINTS__V1__RESUME_CLOCKS__INIT;

    return complaint_act(ctl, &ask.base);
}

const struct ctl_command ctl_complaint_resume = {
    .path = "complaint resume",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "The deadlines run again",
    .help = "  kehuctl complaint resume TS-20260930-0001\n",
    .options = version_options,
    .option_count = COUNT_OF(version_options),
    .run = run_resume,
};

static int decide(struct ctl *ctl)
{
    Kehu__Complaints__V1__DecideExtension ask = KEHU__COMPLAINTS__V1__DECIDE_EXTENSION__INIT;

    ask.granted = ctl_option(ctl, "--grant") != NULL;
    ask.reason = complaint_text(ctl, ctl_argument(ctl, 1));
    return complaint_act(ctl, &ask.base);
}

static int run_extend(struct ctl *ctl)
{
    Kehu__Complaints__V1__AskExtension ask = KEHU__COMPLAINTS__V1__ASK_EXTENSION__INIT;
    bool grants = ctl_option(ctl, "--grant") != NULL, refuses = ctl_option(ctl, "--refuse") != NULL;

    if (grants + refuses + (ctl_option(ctl, "--until") != NULL) != 1)
        ctl_usage(ctl, "give --until TIME to ask for more time, or --grant or --refuse to decide");
    if (grants || refuses)
        return decide(ctl);
    if (!ctl_argument(ctl, 1))
        ctl_usage(ctl, "asking for more time needs a REASON");
    ask.reason = complaint_text(ctl, ctl_argument(ctl, 1));
    ask.until = complaint_time(ctl, "--until", COMPLAINT_DAY_ENDS);
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option extend_options[] = {
    {"--until", "TIME", "\"2026-11-25 12:00\"; a day alone: 18:00 of it", false},
    {"--grant", NULL, "yes, by another than who asked", false},
    {"--refuse", NULL, "no", false},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_extend = {
    .path = "complaint extend",
    .arguments = "REF [REASON]",
    .min_arguments = 1,
    .max_arguments = 2,
    .summary = "Ask for more time to answer, or decide about it (延期)",
    .help = "Asked for before the answer is due, decided by another person, at most twice.\n\n"
            "  kehuctl complaint extend TS-20260930-0001 \"检验需要三天\" --until 2026-11-30\n"
            "  kehuctl complaint extend TS-20260930-0001 --grant --as zhang.wei\n",
    .options = extend_options,
    .option_count = COUNT_OF(extend_options),
    .run = run_extend,
};

static int run_result(struct ctl *ctl)
{
    Kehu__Complaints__V1__FileResult ask = KEHU__COMPLAINTS__V1__FILE_RESULT__INIT;

    ask.note = complaint_text(ctl, ctl_argument(ctl, 1));
    return complaint_act(ctl, &ask.base);
}

const struct ctl_command ctl_complaint_result = {
    .path = "complaint result",
    .arguments = "REF [NOTE]",
    .min_arguments = 1,
    .max_arguments = 2,
    .summary = "The result is filed with the authority: its term is kept",
    .help = "  kehuctl complaint result TS-20260930-0001 \"已在12315平台反馈\"\n",
    .options = version_options,
    .option_count = COUNT_OF(version_options),
    .run = run_result,
};

static int run_explain(struct ctl *ctl)
{
    Kehu__Complaints__V1__ExplainCase ask = KEHU__COMPLAINTS__V1__EXPLAIN_CASE__INIT;
    int code;

    ask.ref = (char *)ctl_argument(ctl, 0);
    ask.about = (char *)(ctl_argument(ctl, 1) ? ctl_argument(ctl, 1) : "clock:resolution");
    ask.lang = (char *)(ctl_is_zh(ctl) ? "zh" : "en");
    Kehu__Complaints__V1__CaseExplanation *why =
        (Kehu__Complaints__V1__CaseExplanation *)complaint_ask_shown(
            ctl, &ask.base, &kehu__complaints__v1__case_explanation__descriptor, &code);

    if (!why)
        return code;
    puts(why->sentence);
    for (size_t i = 0; i < why->n_steps; i++)
        printf("  %s\n", why->steps[i]);
    return CTL_DONE;
}

const struct ctl_command ctl_complaint_explain = {
    .path = "complaint explain",
    .arguments = "REF [WHAT]",
    .min_arguments = 1,
    .max_arguments = 2,
    .summary = "Why: a deadline step by step, a priority, what is missing before closing",
    .help = "WHAT is clock:resolution (default), clock:auto_acknowledge, clock:acknowledge,\n"
            "clock:first_response, clock:progress, clock:confirmation, clock:regulatory,\n"
            "clock:action, priority, severity, closing or repeat (whether he complains often).\n\n"
            "  kehuctl complaint explain TS-20260930-0001 clock:resolution --lang zh\n"
            "  kehuctl complaint explain TS-20260930-0001 closing\n",
    .run = run_explain,
};
