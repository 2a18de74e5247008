/* See complaint_words.h. The words themselves are in docs/words.md. */
#include "complaint_words.h"

#include <stdio.h>
#include <string.h>

#include "ctl_line.h"
#include "ctl_words.h"

struct word {
    const char *name, *zh, *en;
};

static const struct word kinds[] = {
    {"complaint", "投诉", "complaint"},
    {"suggestion", "建议", "suggestion"},
    {"feedback", "意见反馈", "feedback"},
    {"enquiry", "咨询", "enquiry"},
    {"service_request", "服务请求", "service request"},
};
static const struct word states[] = {
    {"received", "待受理", "received"},
    {"acknowledged", "已受理", "acknowledged"},
    {"investigating", "调查处理中", "investigating"},
    {"proposed", "已提出方案", "proposed"},
    {"agreed", "客户已同意", "agreed"},
    {"answered", "已答复", "answered"},
    {"confirmation_due", "待回访", "confirmation due"},
    {"confirmed", "客户已确认", "confirmed"},
    {"closed", "已结案", "closed"},
    {"disputed", "客户不认可", "disputed"},
    {"closed_unconfirmed", "已结案(未联系上客户)", "closed unconfirmed"},
    {"rejected", "不予受理", "rejected"},
    {"withdrawn", "客户已撤回", "withdrawn"},
    {"duplicate", "并案处理", "duplicate"},
    {"reopened", "重新处理", "reopened"},
};
static const struct word channels[] = {
    {"hotline", "热线", "hotline"},
    {"online", "在线客服", "online service"},
    {"store_box", "门店意见箱", "box in a store"},
    {"phone", "电话", "phone"},
    {"email", "邮件", "e-mail"},
    {"visit", "来访", "visit"},
    {"wechat", "微信", "WeChat"},
    {"sms", "短信", "SMS"},
    {"regulator", "监管部门转办", "regulator"},
    {"other", "其他", "other"},
};
static const struct word priorities[] = {
    {"low", "低", "low"},
    {"normal", "普通", "normal"},
    {"high", "高", "high"},
    {"urgent", "紧急", "urgent"},
};
static const struct word severities[] = {
    {"minor", "轻微", "minor"},
    {"ordinary", "一般", "ordinary"},
    {"serious", "严重", "serious"},
    {"critical", "重大", "critical"},
};
static const struct word bands[] = {
    {"green", "正常", "in time"},
    {"yellow", "临近", "due soon"},
    {"red", "逾期", "overdue"},
    {"black", "严重逾期", "long overdue"},
};
static const struct word clocks[] = {
    {"auto_acknowledge", "自动回执", "automatic acknowledgement"},
    {"acknowledge", "受理", "acknowledgement"},
    {"first_response", "首次答复", "first response"},
    {"progress", "进展反馈", "progress report"},
    {"resolution", "处理答复", "resolution"},
    {"confirmation", "回访", "confirmation"},
    {"regulatory", "监管部门期限", "regulatory"},
    {"action", "整改措施", "action"},
};
static const struct word running[] = {
    {"running", "计时中", "running"},
    {"paused", "暂停计时", "paused"},
    {"stopped", "已停止", "stopped"},
    {"superseded", "已由新时限取代", "superseded"},
    {"met", "按时完成", "met"},
    {"breached", "超时", "breached"},
    {"ended", "随案件结束", "ended with the case"},
};
static const struct word remedies[] = {
    {"apology", "道歉", "apology"},   {"explanation", "解释说明", "explanation"},
    {"repair", "维修", "repair"},     {"replacement", "换货", "replacement"},
    {"refund", "退款", "refund"},     {"compensation", "赔偿", "compensation"},
    {"discount", "折扣", "discount"},
};
static const struct word remedy_states[] = {
    {"proposed", "无需审批", "needs no approval"},
    {"needs_approval", "待审批", "waits for approval"},
    {"approved", "已批准", "approved"},
    {"refused", "未批准", "not approved"},
};
static const struct word faults[] = {
    {"company", "公司责任", "ours"},
    {"customer", "客户责任", "the customer's"},
    {"third_party", "第三方责任", "a third party's"},
    {"none", "无责任方", "nobody's"},
};
static const struct word outcomes[] = {
    {"reached", "已接通", "reached"},
    {"no_answer", "无人接听", "no answer"},
    {"refused", "拒接", "refused"},
    {"wrong_number", "号码错误", "wrong number"},
    {"message_left", "已留言", "message left"},
    {"wanted", "待发送", "to be sent"},
    {"accepted", "渠道已接收", "accepted"},
    {"delivered", "已送达", "delivered"},
    {"spoken", "已当面或电话告知", "spoken"},
    {"unproven", "已发送(无回执)", "sent, unproven"},
    {"bounced", "退回", "bounced"},
};
static const struct word conditions[] = {
    {"delivered", "答复或结果尚未送达客户", "the answer or result has not reached the complainant"},
    {"confirmed", "客户尚未确认满意(回访,或客户自己回复1、评分4分以上)",
     "the complainant has not confirmed: a call, or his own reply 1 or rating of 4 or 5"},
    {"confirmed_by_other", "严重投诉须由经办人以外的人电话回访确认",
     "a serious case takes a confirmation call by another than its handler"},
    {"attempts", "联系次数不够:须在3个不同工作日、通过2种渠道尝试3次",
     "not tried enough: 3 attempts, on 3 different working days, over 2 channels"},
    {"cause", "尚未填写原因", "the cause is missing"},
    {"unit", "尚未填写责任部门", "the responsible unit is missing"},
    {"fault", "尚未认定责任方", "whose fault it was is missing"},
    {"topic", "尚未填写主题", "the topic is missing"},
    {"solution", "公司责任须有解决方案", "the fault is ours: a solution is required"},
    {"remedy_approved", "补偿方案尚待审批", "the remedy waits for approval"},
    {"subtasks", "协办任务尚未完成", "sub-tasks are not done"},
    {"actions", "整改措施尚未验证,也未转为改进事项(须有负责人和日期)",
     "actions are neither verified nor moved to an improvement item with owner and date"},
    {"action_needed", "严重投诉须至少有一项整改措施", "a serious case takes at least one action"},
    {"work_done", "服务工作尚未完成", "the work is not done"},
    {"charge_noted", "尚未记录收费(不收费也须注明)",
     "the charge is not noted; that there is none is noted too"},
    {"taken_up", "须注明已采纳,或不采纳的原因", "say that it is taken up, or not, because"},
    {"lesson", "尚无经验总结:本案总结、引用同一原因的总结,或注明无需总结的原因",
     "the lesson is missing: its own, one of the same cause, or \"none, because\""},
    {"own_lesson", "严重投诉须有本案的经验总结", "a serious case takes a lesson of its own"},
};
static const struct word acts[] = {
    {"open", "登记", "opened"},
    {"take", "受理", "taken"},
    {"assign", "转派", "assigned"},
    {"investigate", "调查", "investigation begun"},
    {"propose", "提出方案", "solution proposed"},
    {"approve", "审批", "remedy decided"},
    {"agree", "客户同意", "agreed"},
    {"answer", "答复", "answered"},
    {"settle", "当场解决", "settled"},
    {"ask_confirmation", "安排回访", "confirmation asked for"},
    {"confirm", "客户确认", "confirmed"},
    {"dispute", "客户不认可", "disputed"},
    {"close", "结案", "closed"},
    {"close_unconfirmed", "结案(未联系上客户)", "closed unconfirmed"},
    {"reopen", "重新处理", "reopened"},
    {"reject", "不予受理", "rejected"},
    {"withdraw", "撤回", "withdrawn"},
    {"merge", "并案", "merged"},
    {"note", "备注", "note"},
    {"message", "发送消息", "message"},
    {"delivery", "送达回执", "delivery"},
    {"call", "电话", "call"},
    {"reply", "客户回复", "reply"},
    {"recur", "再次反映,另立新案", "came again, as a case of its own"},
    {"take_in", "并入后续反映", "another report joined"},
    {"subtask", "安排协办", "sub-task asked for"},
    {"subtask_done", "协办完成", "sub-task done"},
    {"set_cause", "认定原因", "cause set"},
    {"set_severity", "认定严重程度", "severity set"},
    {"priority", "优先级变更", "priority changed"},
    {"approve_remedy", "批准补偿", "remedy approved"},
    {"refuse_remedy", "不批准补偿", "remedy not approved"},
    {"attempt_confirmation", "回访未接通", "not reached for confirmation"},
    {"rate", "评分", "rated"},
    {"record_work", "记录处理", "work recorded"},
    {"link", "关联", "linked"},
    {"pause", "暂停计时", "deadlines paused"},
    {"resume", "恢复计时", "deadlines resumed"},
    {"ask_extension", "申请延期", "more time asked for"},
    {"grant_extension", "同意延期", "more time granted"},
    {"refuse_extension", "不同意延期", "more time refused"},
    {"file_result", "已向监管部门反馈", "result filed"},
    {"chase", "催办", "chased"},
    {"supervise", "督办", "supervised"},
    {"unsupervise", "解除督办", "no longer supervised"},
    {"recuse", "回避", "recused"},
    {"action", "整改措施", "action set"},
    {"action_verified", "整改已验证", "action verified"},
    {"action_moved", "转为改进事项", "action moved"},
    {"lesson", "经验总结", "lesson"},
    {"clock_warned", "临期提醒", "deadline near"},
    {"clock_breached", "超时", "deadline passed"},
};
/* As it is typed behind `kehuctl complaint`, in Chinese with what it means. "" is what nobody types
 * about a case that is there: settling opens one, and the service itself asks for confirmation. */
static const struct word verbs[] = {
    {"take", "take(受理)", "take"},
    {"investigate", "investigate(调查)", "investigate"},
    {"propose", "propose(提出方案)", "propose"},
    {"agree", "agree(客户同意)", "agree"},
    {"answer", "answer(答复)", "answer"},
    {"settle", "", ""},
    {"ask_confirmation", "", ""},
    {"confirm", "confirm(客户确认)", "confirm"},
    {"dispute", "dispute(客户不认可)", "dispute"},
    {"close", "close(结案)", "close"},
    {"close_unconfirmed", "close(未联系上客户,结案)", "close"},
    {"reopen", "reopen(重新处理)", "reopen"},
    {"reject", "reject(不予受理)", "reject"},
    {"withdraw", "withdraw(撤回)", "withdraw"},
    {"merge", "merge(并案)", "merge"},
};
static const struct word labels[] = {
    {"number", "编号", "number"},
    {"kind", "类别", "kind"},
    {"state", "状态", "state"},
    {"priority", "优先级", "priority"},
    {"severity", "严重程度", "severity"},
    {"customer", "客户", "customer"},
    {"summary", "事由", "summary"},
    {"handler", "经办人", "handler"},
    {"team", "班组", "team"},
    {"due", "截止时间", "due"},
    {"deadline", "时限", "deadline"},
    {"status", "进度", "status"},
    {"marks", "标记", "marks"},
    {"supervised", "督办", "supervised"},
    {"chased", "催办", "chased"},
    {"version", "版本", "version"},
    {"content", "内容", "content"},
    {"channel", "渠道", "channel"},
    {"received", "受理时间", "received"},
    {"submitted", "反映时间", "submitted"},
    {"closed", "结案时间", "closed"},
    {"product", "产品", "product"},
    {"order", "订单", "order"},
    {"batch", "批次", "batch"},
    {"issue", "问题", "issue"},
    {"region", "区域", "region"},
    {"authority", "监管部门", "authority"},
    {"cause", "原因", "cause"},
    {"unit", "部门", "unit"},
    {"fault", "责任", "fault"},
    {"remedy", "补偿", "remedy"},
    {"topic", "主题", "topic"},
    {"rating", "评分", "rating"},
    {"known elsewhere as", "外部编号", "known elsewhere as"},
    {"recorded as", "原系统结果", "recorded as"},
    {"duplicate of", "并入", "duplicate of"},
    {"recurs of", "再次反映", "recurs of"},
    {"perhaps the same as", "可能与此相同", "perhaps the same as"},
    {"recused", "回避", "recused"},
    {"joined", "已并入未结案件", "it went to this open case"},
    {"next", "下一步", "may be done"},
    {"before closing", "结案前尚缺", "before it may be closed"},
    {"may be closed", "结案条件已满足", "nothing is missing: it may be closed"},
    {"Deadlines", "时限", "Deadlines"},
    {"Sub-tasks", "协办任务", "Sub-tasks"},
    {"Actions", "整改措施", "Actions"},
    {"Lessons", "经验总结", "Lessons"},
    {"Messages", "往来记录", "Messages"},
    {"History", "处理经过", "History"},
    {"Open cases", "未结案件", "Open cases"},
    {"Orders", "订单", "Orders"},
    {"started", "起点", "started"},
    {"term", "期限", "term"},
    {"owner", "负责人", "owner"},
    {"text", "内容", "text"},
    {"result", "结果", "result"},
    {"done", "完成", "done"},
    {"id", "编号", "id"},
    {"verified", "验证", "verified"},
    {"moved to", "转为改进", "moved to"},
    {"same as", "同", "same as"},
    {"none, because", "无需总结,因为", "none, because"},
    {"at", "时间", "at"},
    {"who", "何人", "who"},
    {"what", "事项", "what"},
    {"reason", "原因", "reason"},
    {"internal", "内部", "internal"},
    {"from the complainant", "客户", "from the complainant"},
    {"to the complainant", "致客户", "to the complainant"},
    {"anonymous", "匿名", "anonymous"},
    {"not known yet", "尚无客户档案", "not known yet"},
    {"not shown to you", "对您不显示(回避)", "not shown to you, who keep out of this case"},
    {"nobody yet", "暂无", "nobody yet"},
    {"historic", "历史数据", "historic"},
    {", answered in time", "，按时答复", ", answered in time"},
    {", disputed there", "，客户不认可", ", disputed there"},
    {"working day", "个工作日", "working day"},
    {"working days", "个工作日", "working days"},
    {"wall clock", "不分昼夜", "of the wall clock"},
    {"of business time", "工作时间", "of business time"},
    {"minutes paused", "分钟暂停", "minutes paused"},
    {"subtask", "协办任务", "sub-task"},
    {"action", "整改措施", "action"},
    {"grade", "等级", "grade"},
    {"case", "案件", "case"},
    {"day", "日期", "day"},
    {"net", "净额", "net"},
    {"cases in 12 months", "近12个月案件", "cases in 12 months"},
    {"answer by", "答复期限", "answer by"},
    {"waits for approval", "补偿超出权限,待他人审批", "the remedy waits for another's approval"},
    {"nobody has that number", "没有客户使用此号码", "no customer alone holds it"},
};

static const struct {
    const struct word *list;
    size_t count;
} tables[WORDS_TABLES] = {
    [WORDS_KIND] = {kinds, COUNT_OF(kinds)},
    [WORDS_STATE] = {states, COUNT_OF(states)},
    [WORDS_CHANNEL] = {channels, COUNT_OF(channels)},
    [WORDS_PRIORITY] = {priorities, COUNT_OF(priorities)},
    [WORDS_SEVERITY] = {severities, COUNT_OF(severities)},
    [WORDS_BAND] = {bands, COUNT_OF(bands)},
    [WORDS_CLOCK] = {clocks, COUNT_OF(clocks)},
    [WORDS_RUNNING] = {running, COUNT_OF(running)},
    [WORDS_REMEDY] = {remedies, COUNT_OF(remedies)},
    [WORDS_REMEDY_STATE] = {remedy_states, COUNT_OF(remedy_states)},
    [WORDS_FAULT] = {faults, COUNT_OF(faults)},
    [WORDS_OUTCOME] = {outcomes, COUNT_OF(outcomes)},
    [WORDS_CONDITION] = {conditions, COUNT_OF(conditions)},
    [WORDS_ACT] = {acts, COUNT_OF(acts)},
    [WORDS_VERB] = {verbs, COUNT_OF(verbs)},
    [WORDS_LABEL] = {labels, COUNT_OF(labels)},
};

const char *complaint_word(const struct ctl *ctl, enum complaint_words table, const char *name)
{
    for (size_t i = 0; i < tables[table].count; i++)
        if (strcmp(tables[table].list[i].name, name) == 0)
            return ctl_is_zh(ctl) ? tables[table].list[i].zh : tables[table].list[i].en;
    return name;
}

const char *complaint_enum_word(struct ctl *ctl, enum complaint_words table,
                                const ProtobufCEnumDescriptor *type, int value)
{
    const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value(type, value);
    const ProtobufCEnumValue *none = protobuf_c_enum_descriptor_get_value(type, 0);

    if (!found || !none || value == 0)
        return "";
    /* "CASE_STATE_CLOSED" beside "CASE_STATE_UNSPECIFIED": what follows the common beginning. */
    const char *name = found->name + strlen(none->name) - strlen("UNSPECIFIED");

    return complaint_word(ctl, table, ctl_lower(ctl, name));
}

/* How many attempts are made already, as condition.attempts tells it. */
static const char *tries_in_zh(const struct ctl *ctl, const char *description)
{
    unsigned of[6];

    if (sscanf(description, "tried %u of %u times, over %u of %u channels, on %u of %u", &of[0],
               &of[1], &of[2], &of[3], &of[4], &of[5]) != 6)
        return description;
    return arena_print(ctl->arena, "联系次数不够:已尝试%u/%u次、%u/%u种渠道、%u/%u个不同工作日",
                       of[0], of[1], of[2], of[3], of[4], of[5]);
}

const char *complaint_violation(const struct ctl *ctl, const char *field, const char *description)
{
    if (strcmp(field, "condition.attempts") == 0)
        return ctl_is_zh(ctl) ? tries_in_zh(ctl, description) : description;

    static const char prefix[] = "condition.";
    const char *code =
        strncmp(field, prefix, sizeof(prefix) - 1) == 0 ? field + sizeof(prefix) - 1 : NULL;
    const char *words = code ? complaint_word(ctl, WORDS_CONDITION, code) : NULL;

    return words && words != code ? words : ctl_sentence(ctl, description);
}
