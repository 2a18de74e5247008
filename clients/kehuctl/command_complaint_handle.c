/* kehuctl complaint take, assign, investigate, subtask, supervise, recuse, link, severity. */
#include <stdio.h>
#include <string.h>

#include "command_complaint.h"
#include "ctl_fields.h"

static int run_take(struct ctl *ctl)
{
    Kehu__Complaints__V1__TakeCase ask = KEHU__COMPLAINTS__V1__TAKE_CASE__INIT;

    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option take_options[] = {
    {"--handler", "CODE", "for this person (default: who asks)", false},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_take = {
    .path = "complaint take",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Take a case: it is acknowledged, and yours",
    .help = COMPLAINT_REF_HELP "\n  kehuctl complaint take TS-20260930-0001 --as li.na\n",
    .options = take_options,
    .option_count = COUNT_OF(take_options),
    .run = run_take,
};

static int run_assign(struct ctl *ctl)
{
    Kehu__Complaints__V1__AssignCase ask = KEHU__COMPLAINTS__V1__ASSIGN_CASE__INIT;

    if (!ctl_option(ctl, "--handler") && !ctl_option(ctl, "--team"))
        ctl_usage(ctl, "to whom? Give --handler, --team or both");
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option assign_options[] = {
    {"--handler", "CODE", "to this person", false},
    {"--team", "TEAM", "to this team", false},
    {"--reason", "TEXT", "why", false},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_assign = {
    .path = "complaint assign",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Give a case to a person or a team",
    .help = "  kehuctl complaint assign TS-20260930-0001 --handler wang.fang --reason 休假\n"
            "  kehuctl complaint assign TS-20260930-0001 --team 售后\n",
    .options = assign_options,
    .option_count = COUNT_OF(assign_options),
    .run = run_assign,
};

static int run_investigate(struct ctl *ctl)
{
    Kehu__Complaints__V1__StartInvestigation ask = KEHU__COMPLAINTS__V1__START_INVESTIGATION__INIT;

    ask.note = complaint_text(ctl, ctl_argument(ctl, 1));
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option version_options[] = {COMPLAINT_VERSION_OPTION};

const struct ctl_command ctl_complaint_investigate = {
    .path = "complaint investigate",
    .arguments = "REF [NOTE]",
    .min_arguments = 1,
    .max_arguments = 2,
    .summary = "Begin to look into it",
    .help = "NOTE is internal; \"-\" reads it from standard input.\n\n"
            "  kehuctl complaint investigate TS-20260930-0001 \"调取批次记录\"\n",
    .options = version_options,
    .option_count = COUNT_OF(version_options),
    .run = run_investigate,
};

/* --- sub-tasks --- */

static int run_subtask(struct ctl *ctl)
{
    Kehu__Complaints__V1__SaveSubtask ask = KEHU__COMPLAINTS__V1__SAVE_SUBTASK__INIT;
    Kehu__Complaints__V1__Subtask subtask = KEHU__COMPLAINTS__V1__SUBTASK__INIT;
    const char *known = ctl_option(ctl, "--subtask");
    int code = CTL_DONE;

    ctl_fields_fill(ctl, &subtask.base);
    if (known && !(subtask.subtask_id = complaint_task_id(ctl, "subtask", known, &code)))
        return code;
    if (!known && !ctl_argument(ctl, 1))
        ctl_usage(ctl, "what is to be done? Give a TEXT, or --subtask ID of a known one");
    subtask.text = complaint_text(ctl, ctl_argument(ctl, 1));
    subtask.due_at = complaint_time(ctl, "--due", COMPLAINT_DAY_ENDS);
    ask.subtask = &subtask;
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option subtask_options[] = {
    {"--subtask", "ID", "a known one, by the id that complaint show prints", false},
    {"--unit", "UNIT", "the department that is to do it", false},
    {"--owner", "CODE", "the person", false},
    {"--due", "TIME", "by when, \"2026-11-25 12:00\"; a day alone: 18:00 of it", false},
    {"--result", "TEXT", "what came of it: it is done", false},
};

const struct ctl_command ctl_complaint_subtask = {
    .path = "complaint subtask",
    .arguments = "REF [TEXT]",
    .min_arguments = 1,
    .max_arguments = 2,
    .summary = "Ask a department for something, or record its result",
    .help =
        "A case is not answered while sub-tasks are open.\n\n"
        "  kehuctl complaint subtask TS-20260930-0001 \"检验留样\" --unit 质检 --owner wang.fang \\\n"
        "      --due 2026-11-25\n"
        "  kehuctl complaint subtask TS-20260930-0001 --subtask a1b2c3 --result \"水分超标\"\n",
    .options = subtask_options,
    .option_count = COUNT_OF(subtask_options),
    .run = run_subtask,
};

/* --- supervise, recuse --- */

static int run_supervise(struct ctl *ctl)
{
    Kehu__Complaints__V1__SuperviseCase ask = KEHU__COMPLAINTS__V1__SUPERVISE_CASE__INIT;

    ask.on = ctl_option(ctl, "--off") == NULL;
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option supervise_options[] = {
    {"--reason", "TEXT", "why", true},
    {"--off", NULL, "no longer", false},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_supervise = {
    .path = "complaint supervise",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Put a case on the manager's page until it is closed (督办)",
    .help = "  kehuctl complaint supervise TS-20260930-0001 --reason \"客户第三次来电\"\n",
    .options = supervise_options,
    .option_count = COUNT_OF(supervise_options),
    .run = run_supervise,
};

static int run_recuse(struct ctl *ctl)
{
    Kehu__Complaints__V1__RecusePerson ask = KEHU__COMPLAINTS__V1__RECUSE_PERSON__INIT;

    ask.staff = (char *)ctl_argument(ctl, 1);
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option recuse_options[] = {
    {"--reason", "TEXT", "why", true},
    {"--hide-complainant", NULL, "he does not see who complains either", false},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_recuse = {
    .path = "complaint recuse",
    .arguments = "REF STAFF",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Keep the person complained about out of the case (回避)",
    .help = "He neither handles nor decides nor calls.\n\n"
            "  kehuctl complaint recuse TS-20260930-0001 zhao.lei --reason \"被投诉人\" \\\n"
            "      --hide-complainant\n",
    .options = recuse_options,
    .option_count = COUNT_OF(recuse_options),
    .run = run_recuse,
};

/* --- link, severity --- */

static int run_link(struct ctl *ctl)
{
    Kehu__Complaints__V1__LinkCase ask = KEHU__COMPLAINTS__V1__LINK_CASE__INIT;
    Kehu__Complaints__V1__Links links = KEHU__COMPLAINTS__V1__LINKS__INIT;
    int code = CTL_DONE;

    ctl_fields_fill(ctl, &links.base);
    links.order_number = complaint_option(ctl, "--order");
    if (links.order_number[0] || links.product[0] || links.batch[0])
        ask.links = &links;
    ask.customer_ref = complaint_option(ctl, "--customer");
    if (ctl_option(ctl, "--contact")) {
        ask.contact_id = ctl_fields_contact(ctl, ctl_option(ctl, "--contact"), &code);
        if (!ask.contact_id)
            return code;
    }
    if (!ask.links && !ask.customer_ref[0] && !ask.contact_id[0])
        ctl_usage(ctl, "with what? Give --customer, --contact, --order, --product or --batch");
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option link_options[] = {
    {"--customer", "REF", "whose case it is: number, id or SOURCE:EXTERNAL_ID", false},
    {"--contact", "CONTACT", "the person: CUSTOMER/NAME or the id", false},
    {"--order", "NUMBER", "SOURCE:NUMBER of the order, or the number alone", false},
    {"--product", "KEY", "the product", false},
    {"--batch", "BATCH", "its batch", false},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_link = {
    .path = "complaint link",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Say whose a case is, and about which order or product",
    .help = "  kehuctl complaint link TS-20260930-0001 --customer KH000123 --order shop:4711 \\\n"
            "      --product TEA-01 --batch 2026-08\n",
    .options = link_options,
    .option_count = COUNT_OF(link_options),
    .run = run_link,
};

static int run_severity(struct ctl *ctl)
{
    Kehu__Complaints__V1__SetSeverity ask = KEHU__COMPLAINTS__V1__SET_SEVERITY__INIT;
    Kehu__Complaints__V1__SeverityFacts facts = KEHU__COMPLAINTS__V1__SEVERITY_FACTS__INIT;

    ctl_fields_fill(ctl, &facts.base);
    facts.amount_micros = complaint_amount(ctl, "--amount");
    ask.severity = &facts;
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option severity_options[] = {
    {"--safety", "SEVERITY", "minor, ordinary, serious or critical: danger", false},
    {"--legal-or-media", "SEVERITY", "likewise: courts, authorities, press", false},
    {"--amount", "AMOUNT", "how much is at stake", false},
    {"--currency", "CODE", "of it (default: the business currency)", false},
    {"--reason", "TEXT", "why", true},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_severity = {
    .path = "complaint severity",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Set the facts that decide how serious a case is",
    .help =
        "The gravest of them counts, with the recurrences that the service knows; priority and\n"
        "deadlines follow. What is not said here is taken as nothing. A serious complaint is made\n"
        "less by a manager who is not its handler.\n\n"
        "  kehuctl complaint severity TS-20260930-0001 --safety serious --reason \"有人不适\"\n",
    .options = severity_options,
    .option_count = COUNT_OF(severity_options),
    .run = run_severity,
};
