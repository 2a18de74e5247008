/* kehuctl handover ack, object, decide and briefing: what receivers and managers do. */
#include <stdio.h>

#include "command_handover.h"
#include "command_owner.h"

static const struct ctl_option ack_options[] = {
    {"--receiver", "STAFF", "whose answer it is; default: who asks", false},
};

static int run_ack(struct ctl *ctl)
{
    Kehu__Customers__V1__AcknowledgeHandover ask = KEHU__CUSTOMERS__V1__ACKNOWLEDGE_HANDOVER__INIT;

    ask.id = (char *)ctl_argument(ctl, 0);
    ask.refs = command_owner_rest(ctl, 1, &ask.n_refs);
    ask.receiver = command_owner_text(ctl, "--receiver");
    return command_handover_ask(ctl, &ask.base);
}

const struct ctl_command ctl_handover_ack = {
    .path = "handover ack",
    .arguments = "ID [REF...]",
    .min_arguments = 1,
    .max_arguments = 1001,
    .summary = "Acknowledge a handover, all of it or the customers named",
    .help = "  kehuctl --as wang.fang handover ack 0190163d-8694-739b-aea5-966c26f8ad91\n",
    .options = ack_options,
    .option_count = COUNT_OF(ack_options),
    .run = run_ack,
};

static int run_object(struct ctl *ctl)
{
    Kehu__Customers__V1__ObjectHandover ask = KEHU__CUSTOMERS__V1__OBJECT_HANDOVER__INIT;

    ask.id = (char *)ctl_argument(ctl, 0);
    ask.refs = command_owner_rest(ctl, 1, &ask.n_refs);
    ask.reason = command_owner_text(ctl, "--reason");
    ask.receiver = command_owner_text(ctl, "--receiver");
    return command_handover_ask(ctl, &ask.base);
}

static const struct ctl_option object_options[] = {
    {"--reason", "TEXT", "why, in a sentence", true},
    {"--receiver", "STAFF", "whose objection it is; default: who asks", false},
};

const struct ctl_command ctl_handover_object = {
    .path = "handover object",
    .arguments = "ID REF...",
    .min_arguments = 2,
    .max_arguments = 1001,
    .summary = "Object to customers one got; the manager decides",
    .help = "He stays their owner until then.\n\n"
            "  kehuctl --as wang.fang handover object ID KH000123 --reason \"too far away\"\n",
    .options = object_options,
    .option_count = COUNT_OF(object_options),
    .run = run_object,
};

static int run_decide(struct ctl *ctl)
{
    Kehu__Customers__V1__DecideHandover ask = KEHU__CUSTOMERS__V1__DECIDE_HANDOVER__INIT;

    if ((ctl_option(ctl, "--to") != NULL) == (ctl_option(ctl, "--keep") != NULL))
        ctl_usage(ctl, "give --to STAFF, or --keep where it stays with the receiver");
    ask.id = (char *)ctl_argument(ctl, 0);
    ask.refs = command_owner_rest(ctl, 1, &ask.n_refs);
    ask.to = command_owner_text(ctl, "--to");
    ask.reason = command_owner_text(ctl, "--reason");
    return command_handover_ask(ctl, &ask.base);
}

static const struct ctl_option decide_options[] = {
    {"--to", "STAFF", "who gets them", false},
    {"--keep", NULL, "they stay with the receiver", false},
    {"--reason", "TEXT", "why, in a sentence", true},
};

const struct ctl_command ctl_handover_decide = {
    .path = "handover decide",
    .arguments = "ID [REF...]",
    .min_arguments = 1,
    .max_arguments = 1001,
    .summary = "Decide on objections: they stay, or somebody else gets them",
    .help = "  kehuctl --as boss handover decide ID KH000123 --to zhao.lei --reason nearer\n",
    .options = decide_options,
    .option_count = COUNT_OF(decide_options),
    .run = run_decide,
};

static void print_notes(const char *heading, Kehu__Customers__V1__BriefingNote *const *notes,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("  %-12s %-10s %s%s%s\n", i ? "" : heading, notes[i]->day, notes[i]->text,
               notes[i]->chinese[0] ? "  " : "", notes[i]->chinese);
}

static void print_briefing(const Kehu__Customers__V1__Briefing *one)
{
    printf("%s  %s  grade %s  %s\n", one->number, one->name, one->grade[0] ? one->grade : "none",
           one->region);
    if (one->last_order_on[0])
        printf("  %-12s %s, next expected %s, net of 12 months %s\n", "orders", one->last_order_on,
               one->expected_next_on[0] ? one->expected_next_on : "unknown", one->net_12_months);
    print_notes("last heard", one->last_contacts, one->n_last_contacts);
    print_notes("promises", one->promises, one->n_promises);
    print_notes("preferences", one->preferences, one->n_preferences);
    print_notes("risks", one->risks, one->n_risks);
}

static int run_briefing(struct ctl *ctl)
{
    Kehu__Customers__V1__GetBriefing ask = KEHU__CUSTOMERS__V1__GET_BRIEFING__INIT;
    json_t *array = ctl->json ? json_array() : NULL;
    const char *customer = ctl_option(ctl, "--customer"), *id = ctl_argument(ctl, 0);
    int code;

    if ((customer != NULL) == (id != NULL))
        ctl_usage(ctl, "give the id of a handover, or --customer");
    ask.ref = (char *)(customer ? customer : "");
    ask.handover_id = (char *)(id ? id : "");
    ask.receiver = command_owner_text(ctl, "--receiver");
    do {
        Kehu__Customers__V1__BriefingList *page = (Kehu__Customers__V1__BriefingList *)ctl_ask(
            ctl, &ask.base, &kehu__customers__v1__briefing_list__descriptor, &code);

        if (!page) {
            json_decref(array);
            return code;
        }
        for (size_t i = 0; i < page->n_briefings; i++)
            if (ctl->json)
                json_array_append_new(array, ctl_json_message(&page->briefings[i]->base));
            else
                print_briefing(page->briefings[i]);
        ask.page_token = page->next_page_token;
    } while (ask.page_token[0]);
    if (ctl->json)
        ctl_print_json(ctl, array);
    return CTL_DONE;
}

static const struct ctl_option briefing_options[] = {
    {"--customer", "REF", "of one customer, whatever handover", false},
    {"--receiver", "STAFF", "what he got; default: who asks", false},
};

const struct ctl_command ctl_handover_briefing = {
    .path = "handover briefing",
    .arguments = "[ID]",
    .max_arguments = 1,
    .summary = "Read what one should know of customers one takes over",
    .help = "  kehuctl --as wang.fang handover briefing 0190163d-8694-739b-aea5-966c26f8ad91\n"
            "  kehuctl handover briefing --customer KH000123\n",
    .options = briefing_options,
    .option_count = COUNT_OF(briefing_options),
    .run = run_briefing,
};
