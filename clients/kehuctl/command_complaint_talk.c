/* kehuctl complaint note, message, call, reply, delivery, chase: what was said, and to whom. */
#include <stdio.h>
#include <string.h>

#include "command_complaint.h"
#include "complaint_intake.h"
#include "ctl_fields.h"

static const char *const outcomes[] = {"reached", "no_answer", "refused", "wrong_number",
                                       "message_left"};

/* One of the words, or the command ends with a sentence. */
static char *one_of(struct ctl *ctl, const char *what, const char *given, const char *const *words,
                    size_t count)
{
    const char *all = "";

    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], given) == 0)
            return (char *)words[i];
        all = arena_print(ctl->arena, "%s%s%s", all, i ? ", " : "", words[i]);
    }
    ctl_usage(ctl, "%s must be one of %s, not \"%s\"", what, all, given);
}

static int run_note(struct ctl *ctl)
{
    Kehu__Complaints__V1__AddNote ask = KEHU__COMPLAINTS__V1__ADD_NOTE__INIT;

    ask.text = complaint_text(ctl, ctl_argument(ctl, 1));
    ask.attachments = complaint_attachments(ctl, &ask.n_attachments);
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option note_options[] = {
    {"--attach", "URL", "a document, by reference; may stand several times", false},
};

const struct ctl_command ctl_complaint_note = {
    .path = "complaint note",
    .arguments = "REF TEXT",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Write an internal note, which the complainant never sees",
    .help = "TEXT \"-\" is read from standard input.\n\n"
            "  kehuctl complaint note TS-20260930-0001 \"仓库当天停电两小时\"\n",
    .options = note_options,
    .option_count = COUNT_OF(note_options),
    .run = run_note,
};

static int run_message(struct ctl *ctl)
{
    Kehu__Complaints__V1__SendCaseMessage ask = KEHU__COMPLAINTS__V1__SEND_CASE_MESSAGE__INIT;

    ask.text = complaint_text(ctl, ctl_argument(ctl, 1));
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option message_options[] = {
    {"--channel", "WAY", "email, sms or wechat (default: as he wants to be answered)", false},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_message = {
    .path = "complaint message",
    .arguments = "REF TEXT",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Write to the complainant",
    .help =
        "It counts as word to him once it is delivered. TEXT \"-\" is read from standard input.\n\n"
        "  kehuctl complaint message TS-20260930-0001 \"正在核查,明天17点前再答复您\" --channel sms\n",
    .options = message_options,
    .option_count = COUNT_OF(message_options),
    .run = run_message,
};

static int run_call(struct ctl *ctl)
{
    Kehu__Complaints__V1__LogCall ask = KEHU__COMPLAINTS__V1__LOG_CALL__INIT;

    ask.outcome = one_of(ctl, "the outcome", ctl_argument(ctl, 1), outcomes, COUNT_OF(outcomes));
    ask.text = complaint_text(ctl, ctl_argument(ctl, 2));
    ask.at = complaint_time(ctl, "--at", 0);
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option call_options[] = {
    {"--substantive", NULL, "he learnt something about his case: it counts as word to him", false},
    {"--at", "TIME", "when, \"2026-11-22 10:30\" (default: now)", false},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_call = {
    .path = "complaint call",
    .arguments = "REF OUTCOME [TEXT]",
    .min_arguments = 2,
    .max_arguments = 3,
    .summary = "Record a telephone call with the complainant",
    .help = "OUTCOME is reached, no_answer, refused, wrong_number or message_left.\n\n"
            "  kehuctl complaint call TS-20260930-0001 reached \"说明了检验进展\" --substantive\n"
            "  kehuctl complaint call TS-20260930-0001 no_answer\n",
    .options = call_options,
    .option_count = COUNT_OF(call_options),
    .run = run_call,
};

static int run_reply(struct ctl *ctl)
{
    Kehu__Complaints__V1__RecordReply ask = KEHU__COMPLAINTS__V1__RECORD_REPLY__INIT;

    ask.text = complaint_text(ctl, ctl_argument(ctl, 1));
    ask.at = complaint_time(ctl, "--at", 0);
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option reply_options[] = {
    {"--channel", "CHANNEL", "hotline, online, phone, email, visit, wechat or other", false},
    {"--at", "TIME", "when, \"2026-11-22 10:30\" (default: now)", false},
};

const struct ctl_command ctl_complaint_reply = {
    .path = "complaint reply",
    .arguments = "REF TEXT",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Record what the complainant said",
    .help =
        "To a closed case it reopens it within 14 days; later it becomes a new case that recurs.\n\n"
        "  kehuctl complaint reply TS-20260930-0001 \"还是有异味\" --channel phone\n",
    .options = reply_options,
    .option_count = COUNT_OF(reply_options),
    .run = run_reply,
};

static int run_delivery(struct ctl *ctl)
{
    static const char *const words[] = {"accepted", "delivered", "bounced"};
    Kehu__Complaints__V1__RecordDelivery ask = KEHU__COMPLAINTS__V1__RECORD_DELIVERY__INIT;
    Kehu__Complaints__V1__GetCase question = KEHU__COMPLAINTS__V1__GET_CASE__INIT;
    int code;

    ask.outcome = one_of(ctl, "the outcome", ctl_argument(ctl, 2), words, COUNT_OF(words));
    question.ref = (char *)ctl_argument(ctl, 0);
    Kehu__Complaints__V1__Case *found = (Kehu__Complaints__V1__Case *)complaint_ask(
        ctl, &question.base, &kehu__complaints__v1__case__descriptor, &code);

    if (!found)
        return code;
    ask.message_id =
        ctl_fields_whole_id((ProtobufCMessage *const *)found->messages, found->n_messages,
                            "message_id", ctl_argument(ctl, 1), &code);
    if (!ask.message_id)
        return code;
    ask.at = complaint_time(ctl, "--at", 0);
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option at_options[] = {
    {"--at", "TIME", "when, \"2026-11-22 10:30\" (default: now)", false},
};

const struct ctl_command ctl_complaint_delivery = {
    .path = "complaint delivery",
    .arguments = "REF MESSAGE OUTCOME",
    .min_arguments = 3,
    .max_arguments = 3,
    .summary = "Record what became of a message",
    .help =
        "MESSAGE is the id that complaint show prints; OUTCOME accepted, delivered or bounced.\n"
        "Systems that send messages publish DeliveryReported instead.\n\n"
        "  kehuctl complaint delivery TS-20260930-0001 a1b2c3 delivered\n",
    .options = at_options,
    .option_count = COUNT_OF(at_options),
    .run = run_delivery,
};

static int run_chase(struct ctl *ctl)
{
    Kehu__Complaints__V1__ChaseCase ask = KEHU__COMPLAINTS__V1__CHASE_CASE__INIT;

    ask.text = complaint_text(ctl, ctl_argument(ctl, 1));
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option chase_options[] = {
    {"--channel", "CHANNEL", "hotline, online, phone, email, visit, wechat or other", false},
};

const struct ctl_command ctl_complaint_chase = {
    .path = "complaint chase",
    .arguments = "REF [TEXT]",
    .min_arguments = 1,
    .max_arguments = 2,
    .summary = "The complainant asks where it stands (催办)",
    .help = "It stands one priority higher in the work list for the day; from the second time on\n"
            "the manager is told.\n\n"
            "  kehuctl complaint chase TS-20260930-0001 \"问何时答复\" --channel phone\n",
    .options = chase_options,
    .option_count = COUNT_OF(chase_options),
    .run = run_chase,
};
