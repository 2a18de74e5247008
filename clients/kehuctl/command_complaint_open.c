/* kehuctl complaint open, settle, enquiry: how cases come in. */
#include <stdio.h>

#include "complaint_intake.h"

static int run_open(struct ctl *ctl)
{
    int code = CTL_USAGE;
    Kehu__Complaints__V1__OpenComplaint *open = complaint_intake(ctl, &code);

    return open ? complaint_act(ctl, &open->base) : code;
}

static const struct ctl_option open_options[] = {
    {"--kind", "KIND", "complaint (default), suggestion, feedback, enquiry or service_request",
     false},
    COMPLAINT_INTAKE_OPTIONS,
};

const struct ctl_command ctl_complaint_open = {
    .path = "complaint open",
    .arguments = "CONTENT",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Record a complaint, suggestion, feedback, enquiry or service request",
    .help =
        "CONTENT is what he said; \"-\" reads it from standard input. The answer is the number\n"
        "to tell him. It joins an open case only by --joins, or with the same order or product\n"
        "of the same customer; else cases it may be the same as are named.\n\n"
        "  kehuctl complaint open \"收到的茶叶有异味\" --customer KH000123 --channel hotline \\\n"
        "      --order shop:4711 --product TEA-01 --issue 质量\n"
        "  kehuctl complaint open \"…\" --anonymous --channel store_box --safety serious\n"
        "  kehuctl complaint open - --phone 13800000001 --channel phone < words.txt\n"
        "  kehuctl complaint open \"…\" --customer KH000123 --channel regulator \\\n"
        "      --authority 12315 --authority-number 1530000002026 --authority-date 2026-11-20\n",
    .options = open_options,
    .option_count = COUNT_OF(open_options),
    .run = run_open,
};

static int run_settle(struct ctl *ctl)
{
    Kehu__Complaints__V1__SettleComplaint ask = KEHU__COMPLAINTS__V1__SETTLE_COMPLAINT__INIT;
    int code = CTL_USAGE;

    ask.open = complaint_intake(ctl, &code);
    if (!ask.open)
        return code;
    ask.handling = complaint_handling(ctl);
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option settle_options[] = {
    {"--answer", "TEXT", "what he was told", true},
    {"--satisfied", NULL, "he said that he is", false},
    {"--cause", "CODE", "of the cause tree", false},
    {"--unit", "UNIT", "the responsible one", false},
    {"--fault", "WHOSE", "company, customer, third_party or none", false},
    {"--remedy", "KIND",
     "apology, explanation, repair, replacement, refund, compensation or discount", false},
    {"--amount", "AMOUNT", "of the remedy", false},
    {"--remedy-text", "TEXT", "what it is", false},
    {"--kind", "KIND", "complaint (default), suggestion, feedback or service_request", false},
    COMPLAINT_INTAKE_OPTIONS,
};

const struct ctl_command ctl_complaint_settle = {
    .path = "complaint settle",
    .arguments = "CONTENT",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Record a case that was solved on the spot: intake, answer and agreement in one",
    .help =
        "Closes it where nothing is missing; else says what is.\n\n"
        "  kehuctl complaint settle \"少找了五元\" --customer KH000123 --channel visit \\\n"
        "      --answer \"当场退还五元并道歉\" --satisfied --cause price.billing --unit 门店 \\\n"
        "      --fault company --remedy refund --amount 5\n",
    .options = settle_options,
    .option_count = COUNT_OF(settle_options),
    .run = run_settle,
};

static int run_enquiry(struct ctl *ctl)
{
    Kehu__Complaints__V1__RecordEnquiry ask = KEHU__COMPLAINTS__V1__RECORD_ENQUIRY__INIT;
    int code = CTL_USAGE;

    ask.open = complaint_intake(ctl, &code);
    if (!ask.open)
        return code;
    ask.open->kind = KEHU__COMPLAINTS__V1__CASE_KIND__CASE_KIND_ENQUIRY;
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option enquiry_options[] = {
    {"--answer", "TEXT", "what he was told", true},
    {"--topic", "TOPIC", "what it was about", true},
    COMPLAINT_INTAKE_OPTIONS,
};

const struct ctl_command ctl_complaint_enquiry = {
    .path = "complaint enquiry",
    .arguments = "QUESTION",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Record a question and its answer in one; it is closed at once",
    .help =
        "  kehuctl complaint enquiry \"门店几点关门\" --answer \"晚上九点\" --topic 营业时间 \\\n"
        "      --phone 13800000001 --channel phone\n",
    .options = enquiry_options,
    .option_count = COUNT_OF(enquiry_options),
    .run = run_enquiry,
};
