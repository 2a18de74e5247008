/* The names of kinds, channels, states and acts, for rows and for people. */
#include <string.h>

#include "services/complaints/domain/case.h"

struct words {
    const char *name, *zh, *en;
};

static const struct words nothing = {"", "", ""};

static const struct words kinds[CASE_KINDS] = {
    [CASE_KIND_IS_NONE] = {"", "", ""},
    [CASE_IS_COMPLAINT] = {"complaint", "投诉", "complaint"},
    [CASE_IS_SUGGESTION] = {"suggestion", "建议", "suggestion"},
    [CASE_IS_FEEDBACK] = {"feedback", "意见反馈", "feedback"},
    [CASE_IS_ENQUIRY] = {"enquiry", "咨询", "enquiry"},
    [CASE_IS_SERVICE_REQUEST] = {"service_request", "服务请求", "service request"},
};

static const struct words channels[CASE_CHANNELS] = {
    [CASE_CHANNEL_IS_NONE] = {"", "", ""},
    [CASE_BY_HOTLINE] = {"hotline", "热线", "hotline"},
    [CASE_BY_ONLINE] = {"online", "在线客服", "online service"},
    [CASE_BY_STORE_BOX] = {"store_box", "门店意见箱", "box in a store"},
    [CASE_BY_PHONE] = {"phone", "电话", "phone"},
    [CASE_BY_EMAIL] = {"email", "邮件", "e-mail"},
    [CASE_BY_VISIT] = {"visit", "来访", "visit"},
    [CASE_BY_WECHAT] = {"wechat", "微信", "WeChat"},
    [CASE_BY_REGULATOR] = {"regulator", "监管部门转办", "regulator"},
    [CASE_BY_OTHER] = {"other", "其他", "other"},
};

static const struct words states[CASE_STATES] = {
    [CASE_STATE_IS_NONE] = {"", "", ""},
    [CASE_RECEIVED] = {"received", "待受理", "received"},
    [CASE_ACKNOWLEDGED] = {"acknowledged", "已受理", "acknowledged"},
    [CASE_INVESTIGATING] = {"investigating", "调查处理中", "investigating"},
    [CASE_PROPOSED] = {"proposed", "已提出方案", "proposed"},
    [CASE_AGREED] = {"agreed", "客户已同意", "agreed"},
    [CASE_ANSWERED] = {"answered", "已答复", "answered"},
    [CASE_CONFIRMATION_DUE] = {"confirmation_due", "待回访", "confirmation due"},
    [CASE_CONFIRMED] = {"confirmed", "客户已确认", "confirmed"},
    [CASE_CLOSED] = {"closed", "已结案", "closed"},
    [CASE_DISPUTED] = {"disputed", "客户不认可", "disputed"},
    [CASE_CLOSED_UNCONFIRMED] = {"closed_unconfirmed", "已结案(未联系上客户)",
                                 "closed unconfirmed"},
    [CASE_REJECTED] = {"rejected", "不予受理", "rejected"},
    [CASE_WITHDRAWN] = {"withdrawn", "客户已撤回", "withdrawn"},
    [CASE_DUPLICATE] = {"duplicate_of", "并案处理", "duplicate"},
    [CASE_REOPENED] = {"reopened", "重新处理", "reopened"},
};

static const struct words acts[CASE_ACTS] = {
    [CASE_TAKES] = {"take", "受理", "take"},
    [CASE_INVESTIGATES] = {"investigate", "调查", "investigate"},
    [CASE_PROPOSES] = {"propose", "提出方案", "propose"},
    [CASE_AGREES] = {"agree", "客户同意", "agree"},
    [CASE_ANSWERS] = {"answer", "答复", "answer"},
    [CASE_SETTLES] = {"settle", "当场解决", "settle"},
    [CASE_ASKS] = {"ask_confirmation", "安排回访", "ask for confirmation"},
    [CASE_CONFIRMS] = {"confirm", "客户确认", "confirm"},
    [CASE_DISPUTES] = {"dispute", "客户不认可", "dispute"},
    [CASE_CLOSES] = {"close", "结案", "close"},
    [CASE_CLOSES_UNCONFIRMED] = {"close_unconfirmed", "结案(未联系上客户)", "close unconfirmed"},
    [CASE_REOPENS] = {"reopen", "重新处理", "reopen"},
    [CASE_REJECTS] = {"reject", "不予受理", "reject"},
    [CASE_WITHDRAWS] = {"withdraw", "撤回", "withdraw"},
    [CASE_MERGES] = {"merge", "并案", "merge"},
};

/* How a case is asked to be changed, and said to be. Settling opens a case, and whether he is
 * satisfied is asked by the service itself. */
static const struct {
    const char *verb, *done;
} doing[CASE_ACTS] = {
    [CASE_TAKES] = {"take", "taken"},
    [CASE_INVESTIGATES] = {"investigate", "investigated"},
    [CASE_PROPOSES] = {"propose", "given a proposal"},
    [CASE_AGREES] = {"agree", "agreed upon"},
    [CASE_ANSWERS] = {"answer", "answered"},
    [CASE_SETTLES] = {NULL, "settled"},
    [CASE_ASKS] = {NULL, "asked about"},
    [CASE_CONFIRMS] = {"confirm", "confirmed"},
    [CASE_DISPUTES] = {"dispute", "disputed"},
    [CASE_CLOSES] = {"close", "closed"},
    [CASE_CLOSES_UNCONFIRMED] = {"close", "closed unconfirmed"},
    [CASE_REOPENS] = {"reopen", "reopened"},
    [CASE_REJECTS] = {"reject", "rejected"},
    [CASE_WITHDRAWS] = {"withdraw", "withdrawn"},
    [CASE_MERGES] = {"merge", "merged"},
};

static const struct words *find(const struct words *list, size_t count, size_t at)
{
    return at < count ? &list[at] : &nothing;
}

static const char *label(const struct words *words, enum telling_language language)
{
    return language == TELLING_IS_ZH ? words->zh : words->en;
}

static size_t read(const struct words *list, size_t count, struct text name)
{
    for (size_t i = 1; i < count; i++)
        if (name.bytes == strlen(list[i].name) && memcmp(name.at, list[i].name, name.bytes) == 0)
            return i;
    return 0;
}

const char *case_kind_name(enum case_kind kind)
{
    return find(kinds, CASE_KINDS, kind)->name;
}

const char *case_channel_name(enum case_channel channel)
{
    return find(channels, CASE_CHANNELS, channel)->name;
}

const char *case_state_name(enum case_state state)
{
    return find(states, CASE_STATES, state)->name;
}

const char *case_act_name(enum case_act act)
{
    return find(acts, CASE_ACTS, act)->name;
}

const char *case_act_verb(enum case_act act)
{
    return (unsigned)act < CASE_ACTS ? doing[act].verb : NULL;
}

const char *case_act_done(enum case_act act)
{
    return (unsigned)act < CASE_ACTS ? doing[act].done : "";
}

enum case_kind case_kind_read(struct text name)
{
    return (enum case_kind)read(kinds, CASE_KINDS, name);
}

enum case_channel case_channel_read(struct text name)
{
    return (enum case_channel)read(channels, CASE_CHANNELS, name);
}

enum case_state case_state_read(struct text name)
{
    return (enum case_state)read(states, CASE_STATES, name);
}

const char *case_kind_label(enum case_kind kind, enum telling_language language)
{
    return label(find(kinds, CASE_KINDS, kind), language);
}

const char *case_channel_label(enum case_channel channel, enum telling_language language)
{
    return label(find(channels, CASE_CHANNELS, channel), language);
}

const char *case_state_label(enum case_state state, enum telling_language language)
{
    return label(find(states, CASE_STATES, state), language);
}

const char *case_act_label(enum case_act act, enum telling_language language)
{
    return label(find(acts, CASE_ACTS, act), language);
}
