/* kehuctl complaint propose, remedy, approve, agree, answer, confirm, attempt, dispute, rate. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_complaint.h"
#include "complaint_intake.h"
#include "ctl_fields.h"

static const struct ctl_option version_options[] = {COMPLAINT_VERSION_OPTION};

static int run_propose(struct ctl *ctl)
{
    Kehu__Complaints__V1__ProposeSolution ask = KEHU__COMPLAINTS__V1__PROPOSE_SOLUTION__INIT;

    ask.text = complaint_text(ctl, ctl_argument(ctl, 1));
    ask.remedy = complaint_remedy(ctl, NULL);
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option propose_options[] = {
    {"--remedy", "KIND",
     "apology, explanation, repair, replacement, refund, compensation or discount", false},
    {"--amount", "AMOUNT", "of the remedy", false},
    {"--currency", "CODE", "of the amount (default: the business currency)", false},
    {"--remedy-text", "TEXT", "what the remedy is", false},
    {"--alternatives", "TEXT", "what else could be done; may stand several times", false},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_propose = {
    .path = "complaint propose",
    .arguments = "REF TEXT",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Propose a solution",
    .help =
        "An amount above your limit waits for another's approval.\n\n"
        "  kehuctl complaint propose TS-20260930-0001 \"退还货款并换新批次\" --remedy refund \\\n"
        "      --amount 480 --alternatives \"下次订单九折\"\n",
    .options = propose_options,
    .option_count = COUNT_OF(propose_options),
    .run = run_propose,
};

static int run_remedy(struct ctl *ctl)
{
    Kehu__Complaints__V1__SetCause ask = KEHU__COMPLAINTS__V1__SET_CAUSE__INIT;
    Kehu__Complaints__V1__CaseHandling handling = KEHU__COMPLAINTS__V1__CASE_HANDLING__INIT;

    handling.remedy = complaint_remedy(ctl, ctl_argument(ctl, 1));
    ask.handling = &handling;
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option remedy_options[] = {
    {"--amount", "AMOUNT", "how much", false},
    {"--currency", "CODE", "of the amount (default: the business currency)", false},
    {"--remedy-text", "TEXT", "what it is", false},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_remedy = {
    .path = "complaint remedy",
    .arguments = "REF KIND",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Set what is offered to put the case right",
    .help = "KIND is apology, explanation, repair, replacement, refund, compensation or discount.\n"
            "An amount above your limit waits for another's approval.\n\n"
            "  kehuctl complaint remedy TS-20260930-0001 compensation --amount 200\n",
    .options = remedy_options,
    .option_count = COUNT_OF(remedy_options),
    .run = run_remedy,
};

static int run_approve(struct ctl *ctl)
{
    Kehu__Complaints__V1__ApproveRemedy ask = KEHU__COMPLAINTS__V1__APPROVE_REMEDY__INIT;

    ask.approved = ctl_option(ctl, "--refuse") == NULL;
    if (!ask.approved && !ctl_option(ctl, "--reason"))
        ctl_usage(ctl, "--refuse needs a --reason");
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option approve_options[] = {
    {"--refuse", NULL, "no: another remedy must be proposed", false},
    {"--reason", "TEXT", "why; needed with --refuse", false},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_approve = {
    .path = "complaint approve",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Approve a remedy within your limit, or refuse it",
    .help = "Decided by another than who proposed it.\n\n"
            "  kehuctl complaint approve TS-20260930-0001 --as zhang.wei\n"
            "  kehuctl complaint approve TS-20260930-0001 --refuse --reason \"先换货\"\n",
    .options = approve_options,
    .option_count = COUNT_OF(approve_options),
    .run = run_approve,
};

static int run_agree(struct ctl *ctl)
{
    Kehu__Complaints__V1__AgreeSolution ask = KEHU__COMPLAINTS__V1__AGREE_SOLUTION__INIT;

    ask.note = complaint_text(ctl, ctl_argument(ctl, 1));
    return complaint_act(ctl, &ask.base);
}

const struct ctl_command ctl_complaint_agree = {
    .path = "complaint agree",
    .arguments = "REF [NOTE]",
    .min_arguments = 1,
    .max_arguments = 2,
    .summary = "The complainant agrees to the solution",
    .help = "  kehuctl complaint agree TS-20260930-0001 \"电话中同意退款\"\n",
    .options = version_options,
    .option_count = COUNT_OF(version_options),
    .run = run_agree,
};

static int run_answer(struct ctl *ctl)
{
    Kehu__Complaints__V1__AnswerCase ask = KEHU__COMPLAINTS__V1__ANSWER_CASE__INIT;

    ask.text = complaint_text(ctl, ctl_argument(ctl, 1));
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option answer_options[] = {
    {"--channel", "WAY", "email, sms or wechat (default: as he wants to be answered)", false},
    {"--spoken", NULL, "he was told in a call or face to face", false},
    {"--reason", "TEXT", "why it goes out without his agreement", false},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_answer = {
    .path = "complaint answer",
    .arguments = "REF TEXT",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Answer the complainant",
    .help = "TEXT \"-\" is read from standard input.\n\n"
            "  kehuctl complaint answer TS-20260930-0001 \"已退款480元,新批次明日送达\" --spoken\n",
    .options = answer_options,
    .option_count = COUNT_OF(answer_options),
    .run = run_answer,
};

static int run_confirm(struct ctl *ctl)
{
    Kehu__Complaints__V1__ConfirmCase ask = KEHU__COMPLAINTS__V1__CONFIRM_CASE__INIT;

    ask.satisfied = true;
    ask.note = complaint_text(ctl, ctl_argument(ctl, 1));
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option confirm_options[] = {
    {"--by-customer", NULL, "he said so himself, without being called", false},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_confirm = {
    .path = "complaint confirm",
    .arguments = "REF [NOTE]",
    .min_arguments = 1,
    .max_arguments = 2,
    .summary = "The complainant was called and is satisfied",
    .help = "Of a serious case another than the handler calls. Who is not satisfied: dispute.\n\n"
            "  kehuctl complaint confirm TS-20260930-0001 \"客户满意\" --as wang.fang\n",
    .options = confirm_options,
    .option_count = COUNT_OF(confirm_options),
    .run = run_confirm,
};

static int run_attempt(struct ctl *ctl)
{
    Kehu__Complaints__V1__RecordConfirmationAttempt ask =
        KEHU__COMPLAINTS__V1__RECORD_CONFIRMATION_ATTEMPT__INIT;

    ask.outcome = (char *)ctl_argument(ctl, 1);
    ask.at = complaint_time(ctl, "--at", 0);
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option attempt_options[] = {
    {"--channel", "WAY", "phone, sms, email or wechat", true},
    {"--at", "TIME", "when, \"2026-11-22 10:30\" (default: now)", false},
};

const struct ctl_command ctl_complaint_attempt = {
    .path = "complaint attempt",
    .arguments = "REF OUTCOME",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Record that he was not reached for the confirmation",
    .help = "OUTCOME is no_answer, refused, wrong_number or message_left. After 3 attempts over 2\n"
            "channels on 3 working days the case may be closed unconfirmed.\n\n"
            "  kehuctl complaint attempt TS-20260930-0001 no_answer --channel phone\n",
    .options = attempt_options,
    .option_count = COUNT_OF(attempt_options),
    .run = run_attempt,
};

static int run_dispute(struct ctl *ctl)
{
    Kehu__Complaints__V1__DisputeCase ask = KEHU__COMPLAINTS__V1__DISPUTE_CASE__INIT;

    ask.reason = complaint_text(ctl, ctl_argument(ctl, 1));
    return complaint_act(ctl, &ask.base);
}

const struct ctl_command ctl_complaint_dispute = {
    .path = "complaint dispute",
    .arguments = "REF REASON",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "The complainant is not satisfied: it is looked into again",
    .help = "  kehuctl complaint dispute TS-20260930-0001 \"新批次仍有异味\"\n",
    .options = version_options,
    .option_count = COUNT_OF(version_options),
    .run = run_dispute,
};

static int run_rate(struct ctl *ctl)
{
    Kehu__Complaints__V1__RateCase ask = KEHU__COMPLAINTS__V1__RATE_CASE__INIT;
    const char *stars = ctl_argument(ctl, 1);

    if (strlen(stars) != 1 || stars[0] < '1' || stars[0] > '5')
        ctl_usage(ctl, "the rating must be a number from 1 to 5, not \"%s\"", stars);
    ask.rating = (uint32_t)(stars[0] - '0');
    ask.text = complaint_text(ctl, ctl_argument(ctl, 2));
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option rate_options[] = {
    {"--invitation", "CODE", "of the invitation he answered", false},
};

const struct ctl_command ctl_complaint_rate = {
    .path = "complaint rate",
    .arguments = "REF 1..5 [TEXT]",
    .min_arguments = 2,
    .max_arguments = 3,
    .summary = "Record the complainant's rating",
    .help = "Not by an agent about a case of his own; 4 and 5 confirm it.\n\n"
            "  kehuctl complaint rate TS-20260930-0001 5 \"处理及时\"\n",
    .options = rate_options,
    .option_count = COUNT_OF(rate_options),
    .run = run_rate,
};
