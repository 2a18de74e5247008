/* kehuctl handover now, list, show: customers change hands. */
#include <stdio.h>

#include "command_owner.h"
#include "command_handover.h"

int command_handover_show(struct ctl *ctl, const ProtobufCMessage *handover)
{
    static const struct command_owner_column receivers[] = {
        {"receiver", "staff"},  {"name", "name"}, {"customers", "customers"},
        {"pending", "pending"}, {"until", "due"}, {"as manager", "as_manager"}};

    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(handover));
        return CTL_DONE;
    }
    const char *to = command_owner_cell(ctl, handover, "to");

    printf("handover %s from %s to %s: %s customers, %s pending, %s objected to%s\n",
           command_owner_cell(ctl, handover, "id"), command_owner_cell(ctl, handover, "from"),
           to[0] ? to : "whom the rules name", command_owner_cell(ctl, handover, "customers"),
           command_owner_cell(ctl, handover, "pending"),
           command_owner_cell(ctl, handover, "objected"),
           command_owner_cell(ctl, handover, "leaves")[0] ? "; he has left" : "");
    command_owner_table(ctl, handover, "receivers", receivers, COUNT_OF(receivers));
    return CTL_DONE;
}

int command_handover_ask(struct ctl *ctl, const ProtobufCMessage *ask)
{
    int code;
    ProtobufCMessage *handover =
        ctl_ask(ctl, ask, &kehu__customers__v1__handover__descriptor, &code);

    return handover ? command_handover_show(ctl, handover) : code;
}

static int run_now(struct ctl *ctl)
{
    Kehu__Customers__V1__MakeHandover ask = KEHU__CUSTOMERS__V1__MAKE_HANDOVER__INIT;
    const char *by = ctl_option(ctl, "--by");

    if (by && (by[0] != 'r' || by[1] != 'u'))
        ctl_usage(ctl, "--by takes rule");
    ask.from = command_owner_text(ctl, "--from");
    ask.to = command_owner_text(ctl, "--to");
    ask.by_rule = by != NULL;
    ask.leaves = ctl_option(ctl, "--leaves") != NULL;
    ask.note = command_owner_text(ctl, "--note");
    ask.tell_customers = ctl_option(ctl, "--tell-customers") != NULL;
    ask.refs = command_owner_rest(ctl, 0, &ask.n_refs);
    return command_handover_ask(ctl, &ask.base);
}

static const struct ctl_option now_options[] = {
    {"--from", "STAFF", "whose customers", true},
    {"--to", "STAFF", "who takes over", false},
    {"--by", "rule", "the owner rules say who; what has no taker goes to the manager", false},
    {"--leaves", NULL, "he works here no more from this moment on", false},
    {"--tell-customers", NULL, "they are to be told", false},
    {"--note", "TEXT", "a word to it", false},
};

const struct ctl_command ctl_handover_now = {
    .path = "handover now",
    .arguments = "[REF...]",
    .max_arguments = 1000,
    .summary = "Hand over customers, all or those named, in one commit",
    .help = "  kehuctl handover now --from li.na --to wang.fang --leaves\n"
            "  kehuctl handover now --from li.na --by rule\n"
            "  kehuctl handover now --from li.na --to wang.fang KH000123 KH000124\n",
    .options = now_options,
    .option_count = COUNT_OF(now_options),
    .run = run_now,
};

static int run_list(struct ctl *ctl)
{
    static const struct command_owner_column columns[] = {
        {"id", "id"},           {"at", "at"},
        {"from", "from"},       {"to", "to"},
        {"leaves", "leaves"},   {"customers", "customers"},
        {"pending", "pending"}, {"objected", "objected"},
        {"state", "state"}};
    Kehu__Customers__V1__ListHandovers ask = KEHU__CUSTOMERS__V1__LIST_HANDOVERS__INIT;
    const struct command_owner_list list = {
        .question = &ask.base,
        .reply = &kehu__customers__v1__handover_list__descriptor,
        .field = "handovers",
        .columns = columns,
        .column_count = COUNT_OF(columns),
    };

    ask.staff = command_owner_text(ctl, "--staff");
    if (ctl_option(ctl, "--open"))
        ask.state = KEHU__CUSTOMERS__V1__HANDOVER_STATE__HANDOVER_STATE_OPEN;
    return command_owner_list(ctl, &list);
}

static const struct ctl_option list_options[] = {
    {"--staff", "CODE", "from him or to him", false},
    {"--open", NULL, "those that wait for an answer", false},
    {"--all", NULL, "every page", false},
};

const struct ctl_command ctl_handover_list = {
    .path = "handover list",
    .arguments = "",
    .summary = "List handovers, latest first",
    .help = "  kehuctl handover list --staff li.na --open\n",
    .options = list_options,
    .option_count = COUNT_OF(list_options),
    .run = run_list,
};

static int run_show(struct ctl *ctl)
{
    static const struct command_owner_column columns[] = {
        {"number", "number"},     {"name", "name"},     {"grade", "grade"},
        {"receiver", "receiver"}, {"state", "state"},   {"objection", "objection"},
        {"decision", "decision"}, {"by", "decided_by"}, {"rule", "rule"}};
    Kehu__Customers__V1__GetHandover ask = KEHU__CUSTOMERS__V1__GET_HANDOVER__INIT;
    int code;

    ask.id = (char *)ctl_argument(ctl, 0);
    ask.receiver = command_owner_text(ctl, "--receiver");
    ask.page_size = 500;
    Kehu__Customers__V1__HandoverPage *page = (Kehu__Customers__V1__HandoverPage *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__handover_page__descriptor, &code);

    if (!page)
        return code;
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(&page->base));
        return CTL_DONE;
    }
    command_handover_show(ctl, &page->handover->base);
    command_owner_table(ctl, &page->base, "items", columns, COUNT_OF(columns));
    if (page->next_page_token[0])
        ctl_say("there are more than 500: --receiver shows those of one person");
    return CTL_DONE;
}

static const struct ctl_option show_options[] = {
    {"--receiver", "STAFF", "only what he got", false},
};

const struct ctl_command ctl_handover_show = {
    .path = "handover show",
    .arguments = "ID",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show a handover with its receivers and customers",
    .help = "  kehuctl handover show 0190163d-8694-739b-aea5-966c26f8ad91\n",
    .options = show_options,
    .option_count = COUNT_OF(show_options),
    .run = run_show,
};
