/* kehuctl complaint close, reopen, reject, withdraw, merge: how cases end. */
#include "command_complaint.h"

static const struct ctl_option version_options[] = {COMPLAINT_VERSION_OPTION};

static int run_close(struct ctl *ctl)
{
    Kehu__Complaints__V1__CloseCase ask = KEHU__COMPLAINTS__V1__CLOSE_CASE__INIT;

    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option close_options[] = {
    {"--reason", "TEXT", "a word to it", false},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_close = {
    .path = "complaint close",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Close a case, where nothing is missing",
    .help = "Else it is refused with the list of what is missing (exit 1); `complaint explain REF\n"
            "closing` tells it in full.\n\n"
            "  kehuctl complaint close TS-20260930-0001\n",
    .options = close_options,
    .option_count = COUNT_OF(close_options),
    .run = run_close,
};

static int run_reopen(struct ctl *ctl)
{
    Kehu__Complaints__V1__ReopenCase ask = KEHU__COMPLAINTS__V1__REOPEN_CASE__INIT;

    ask.reason = complaint_text(ctl, ctl_argument(ctl, 1));
    return complaint_act(ctl, &ask.base);
}

const struct ctl_command ctl_complaint_reopen = {
    .path = "complaint reopen",
    .arguments = "REF REASON",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Open a closed case again, within 14 days",
    .help = "Later a new case is opened, which recurs.\n\n"
            "  kehuctl complaint reopen TS-20260930-0001 \"客户来电:问题又出现\"\n",
    .options = version_options,
    .option_count = COUNT_OF(version_options),
    .run = run_reopen,
};

static int run_reject(struct ctl *ctl)
{
    Kehu__Complaints__V1__RejectCase ask = KEHU__COMPLAINTS__V1__REJECT_CASE__INIT;

    ask.reason = complaint_text(ctl, ctl_argument(ctl, 1));
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option reject_options[] = {
    {"--refer-to", "TEXT", "who is responsible for it", false},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_reject = {
    .path = "complaint reject",
    .arguments = "REF REASON",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Not ours to handle: by another than its handler, with a notice",
    .help = "  kehuctl complaint reject TS-20260930-0001 \"不属于本公司产品\" --refer-to 12315\n",
    .options = reject_options,
    .option_count = COUNT_OF(reject_options),
    .run = run_reject,
};

static int run_withdraw(struct ctl *ctl)
{
    Kehu__Complaints__V1__WithdrawCase ask = KEHU__COMPLAINTS__V1__WITHDRAW_CASE__INIT;

    ask.reason = complaint_text(ctl, ctl_argument(ctl, 1));
    return complaint_act(ctl, &ask.base);
}

const struct ctl_command ctl_complaint_withdraw = {
    .path = "complaint withdraw",
    .arguments = "REF REASON",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "The complainant takes it back",
    .help = "  kehuctl complaint withdraw TS-20260930-0001 \"客户来电撤回\"\n",
    .options = version_options,
    .option_count = COUNT_OF(version_options),
    .run = run_withdraw,
};

static int run_merge(struct ctl *ctl)
{
    Kehu__Complaints__V1__MergeCases ask = KEHU__COMPLAINTS__V1__MERGE_CASES__INIT;

    ask.into = (char *)ctl_argument(ctl, 1);
    return complaint_act(ctl, &ask.base);
}

static const struct ctl_option merge_options[] = {
    {"--reason", "TEXT", "why they are the same", true},
    COMPLAINT_VERSION_OPTION,
};

const struct ctl_command ctl_complaint_merge = {
    .path = "complaint merge",
    .arguments = "REF INTO",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "REF is the same as INTO, which goes on",
    .help = "  kehuctl complaint merge TS-20260930-0002 TS-20260930-0001 --reason \"同一订单\"\n",
    .options = merge_options,
    .option_count = COUNT_OF(merge_options),
    .run = run_merge,
};
