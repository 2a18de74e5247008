/* kehuctl dealer save, manager, memo, score, give-up and decide. */
#include <stdio.h>

#include "ctl.h"
#include "ctl_fields.h"
#include "kehu/customers/v1/dealers.pb-c.h"

static int print_reply(struct ctl *ctl, const ProtobufCMessage *ask)
{
    int code;
    Kehu__Customers__V1__DealerReply *reply = (Kehu__Customers__V1__DealerReply *)ctl_fields_ask(
        ctl, ask, &kehu__customers__v1__dealer_reply__descriptor, &code);

    if (!reply)
        return code;
    printf("saved  version %llu\n", (unsigned long long)reply->version);
    return CTL_DONE;
}

static int run_save(struct ctl *ctl)
{
    Kehu__Customers__V1__SaveDealer ask = KEHU__CUSTOMERS__V1__SAVE_DEALER__INIT;
    Kehu__Customers__V1__DealerProfile profile = KEHU__CUSTOMERS__V1__DEALER_PROFILE__INIT;

    ctl_fields_fill(ctl, &ask.base);
    ctl_fields_fill(ctl, &profile.base);
    ask.customer_ref = (char *)ctl_argument(ctl, 0);
    ask.profile = &profile;
    return print_reply(ctl, &ask.base);
}

static const struct ctl_option save_options[] = {
    {"--shareholders", "TEXT", "who owns it", false},
    {"--organisation", "TEXT", "how it is organised", false},
    {"--local-strength", "TEXT", "how strong it is where it is", false},
    {"--standing", "TEXT", "in the trade's agency business", false},
    {"--local-economy", "TEXT", "of its area", false},
    {"--staff-count", "N", "people", false},
    {"--annual-sales", "AMOUNT", "in the business currency", false},
    {"--annual-contracts", "N", "contracts a year", false},
    {"--clear", "FIELD", "empties one of these; may stand several times", false},
    {"--expected-version", "N", "refused when another version is in force", false},
};

const struct ctl_command ctl_dealer_save = {
    .path = "dealer save",
    .arguments = "CUSTOMER",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Record what is known of an agent or dealer",
    .help = "The customer must be of party type channel. What is not said stays.\n\n"
            "  kehuctl dealer save KH000200 --staff-count 45 --annual-sales 12000000\n",
    .options = save_options,
    .option_count = COUNT_OF(save_options),
    .run = run_save,
};

static int run_manager(struct ctl *ctl)
{
    Kehu__Customers__V1__SaveChannelManager ask = KEHU__CUSTOMERS__V1__SAVE_CHANNEL_MANAGER__INIT;
    Kehu__Customers__V1__ChannelManager manager = KEHU__CUSTOMERS__V1__CHANNEL_MANAGER__INIT;

    ctl_fields_fill(ctl, &manager.base);
    ask.customer_ref = (char *)ctl_argument(ctl, 0);
    manager.name = (char *)ctl_argument(ctl, 1);
    ask.manager = &manager;
    return print_reply(ctl, &ask.base);
}

static const struct ctl_option manager_options[] = {
    {"--from-on", "DATE", "the first day", true},
    {"--to-on", "DATE", "the last day", false},
    {"--memo", "TEXT", "what is to be known", false},
};

const struct ctl_command ctl_dealer_manager = {
    .path = "dealer manager",
    .arguments = "CUSTOMER NAME",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Record who looked after the area for us",
    .help = "  kehuctl dealer manager KH000200 赵敏 --from-on 2019-03-01 --to-on 2023-06-30\n",
    .options = manager_options,
    .option_count = COUNT_OF(manager_options),
    .run = run_manager,
};

static int run_memo(struct ctl *ctl)
{
    Kehu__Customers__V1__AddDealerMemo ask = KEHU__CUSTOMERS__V1__ADD_DEALER_MEMO__INIT;
    Kehu__Customers__V1__DealerMemo memo = KEHU__CUSTOMERS__V1__DEALER_MEMO__INIT;

    ctl_fields_fill(ctl, &memo.base);
    ask.customer_ref = (char *)ctl_argument(ctl, 0);
    memo.memo = (char *)ctl_argument(ctl, 1);
    ask.memo = &memo;
    return print_reply(ctl, &ask.base);
}

static const struct ctl_option memo_options[] = {
    {"--on", "DATE", "the day it is about (default today)", false},
};

const struct ctl_command ctl_dealer_memo = {
    .path = "dealer memo",
    .arguments = "CUSTOMER TEXT",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Add a memo of the cooperation",
    .help = "  kehuctl dealer memo KH000200 \"2024年窜货一次,已处理\" --on 2024-05-20\n",
    .options = memo_options,
    .option_count = COUNT_OF(memo_options),
    .run = run_memo,
};

static int run_score(struct ctl *ctl)
{
    Kehu__Customers__V1__ScoreDealer ask = KEHU__CUSTOMERS__V1__SCORE_DEALER__INIT;
    Kehu__Customers__V1__DealerScore score = KEHU__CUSTOMERS__V1__DEALER_SCORE__INIT;

    ctl_fields_fill(ctl, &score.base);
    ask.customer_ref = (char *)ctl_argument(ctl, 0);
    ask.score = &score;
    return print_reply(ctl, &ask.base);
}

static const struct ctl_option score_options[] = {
    {"--enthusiasm-attitude", "1..5", "what he says", true},
    {"--enthusiasm-action", "1..5", "what he does: payment, staff and vehicles", true},
    {"--flexibility", "1..5", "how he works the market", true},
    {"--downstream-count", "1..5", "how many customers he has", true},
    {"--coverage", "1..5", "how much of the area they cover", true},
    {"--downstream-relation", "1..5", "how he stands with them", true},
    {"--capital", "1..5", "his funds", true},
    {"--scored-on", "DATE", "default today", false},
    {"--note", "TEXT", "why", false},
};

const struct ctl_command ctl_dealer_score = {
    .path = "dealer score",
    .arguments = "CUSTOMER",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Judge a dealer; false enthusiasm is flagged",
    .help = "Each from 1 (poor) to 5 (very good); weights are in policy people.\n\n"
            "  kehuctl dealer score KH000200 --enthusiasm-attitude 5 --enthusiasm-action 1 \\\n"
            "      --flexibility 3 --downstream-count 3 --coverage 2 --downstream-relation 3 "
            "--capital 2\n",
    .options = score_options,
    .option_count = COUNT_OF(score_options),
    .run = run_score,
};

static int run_give_up(struct ctl *ctl)
{
    Kehu__Customers__V1__ProposeGiveUp ask = KEHU__CUSTOMERS__V1__PROPOSE_GIVE_UP__INIT;

    ctl_fields_fill(ctl, &ask.base);
    ask.customer_ref = (char *)ctl_argument(ctl, 0);
    if (ctl_option(ctl, "--successor"))
        ask.successor_ref = (char *)ctl_option(ctl, "--successor");
    return print_reply(ctl, &ask.base);
}

static const struct ctl_option give_up_options[] = {
    {"--reason", "REASON",
     "false_enthusiasm, no_payment, breach, no_results, closed_down, conflict or other", true},
    {"--explanation", "TEXT", "what happened", true},
    {"--successor", "REF", "who takes over", false},
};

const struct ctl_command ctl_dealer_give_up = {
    .path = "dealer give-up",
    .arguments = "CUSTOMER",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Propose to give up a dealer; another person decides",
    .help =
        "  kehuctl dealer give-up KH000200 --reason no_payment --explanation \"拖欠两个季度\"\n",
    .options = give_up_options,
    .option_count = COUNT_OF(give_up_options),
    .run = run_give_up,
};

static int run_decide(struct ctl *ctl)
{
    Kehu__Customers__V1__DecideGiveUp ask = KEHU__CUSTOMERS__V1__DECIDE_GIVE_UP__INIT;

    ctl_fields_fill(ctl, &ask.base);
    ask.customer_ref = (char *)ctl_argument(ctl, 0);
    ask.decision = (char *)ctl_argument(ctl, 1);
    return print_reply(ctl, &ask.base);
}

static const struct ctl_option decide_options[] = {
    {"--note", "TEXT", "why; needed with rejected", false},
};

const struct ctl_command ctl_dealer_decide = {
    .path = "dealer decide",
    .arguments = "CUSTOMER DECISION",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Decide whether a dealer is given up",
    .help =
        "DECISION: approved or rejected by another person than the proposer, withdrawn by him.\n\n"
        "  kehuctl --as wang.wei dealer decide KH000200 approved\n",
    .options = decide_options,
    .option_count = COUNT_OF(decide_options),
    .run = run_decide,
};
