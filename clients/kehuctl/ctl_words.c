/* See ctl_words.h. Which word is used for what stands in docs/words.md. */
#include "ctl_words.h"

#include <stdlib.h>
#include <string.h>

#include "ctl_line.h"

struct pair {
    const char *en, *zh;
};

static const struct pair headings[] = {
    {"12 months", "近12个月"},
    {"act", "操作"},
    {"action", "操作"},
    {"addressed as", "称呼"},
    {"added", "登记日期"},
    {"all time", "历年"},
    {"allowance", "额度"},
    {"annual sales", "年销售额"},
    {"as of", "截至"},
    {"asked", "提出时间"},
    {"at", "时间"},
    {"attitude", "态度"},
    {"away", "不在"},
    {"because", "原因"},
    {"because of", "原因"},
    {"birthday", "生日"},
    {"budget", "预算"},
    {"by", "操作人"},
    {"calendar", "日历"},
    {"case", "案件"},
    {"cases", "案件数"},
    {"cause", "原因"},
    {"changed", "变动"},
    {"channel", "渠道"},
    {"choice", "方式"},
    {"closed", "已结案"},
    {"code", "代码"},
    {"collector", "采集人"},
    {"column", "列"},
    {"complete", "完整度"},
    {"contracts", "合同"},
    {"counter", "计数"},
    {"coverage", "覆盖"},
    {"currency", "币种"},
    {"customer", "客户"},
    {"customers", "客户数"},
    {"day", "日期"},
    {"deadline", "时限"},
    {"decide by", "决定期限"},
    {"decided by", "决定人"},
    {"decision", "决定"},
    {"department", "部门"},
    {"deputy", "代理人"},
    {"detail", "详情"},
    {"done", "完成"},
    {"due", "截止时间"},
    {"due since", "到期日"},
    {"duty", "职责"},
    {"effect", "成效"},
    {"ended by", "结束人"},
    {"erased", "删除时间"},
    {"erasure", "删除"},
    {"event id", "事件编号"},
    {"evidence", "依据"},
    {"explanation", "说明"},
    {"field", "字段"},
    {"flags", "标记"},
    {"for", "适用"},
    {"from", "从"},
    {"gender", "性别"},
    {"given", "授予"},
    {"grade", "等级"},
    {"grades", "等级"},
    {"h to answer", "答复用时(小时)"},
    {"h to close", "结案用时(小时)"},
    {"handler", "经办人"},
    {"holidays known of", "已有节假日通知的年份"},
    {"id", "编号"},
    {"import", "导入"},
    {"in the chain", "决策链角色"},
    {"in time", "按时"},
    {"into", "并入"},
    {"is due", "现截止时间"},
    {"issue", "问题"},
    {"kept until", "保留至"},
    {"key", "键"},
    {"key contact", "关键联系人"},
    {"kind", "类别"},
    {"kinds", "类别"},
    {"language", "语言"},
    {"last order", "最近订单"},
    {"last sign", "最近动态"},
    {"lines", "行数"},
    {"local economy", "当地经济"},
    {"local strength", "当地实力"},
    {"made", "建立"},
    {"manager", "主管"},
    {"marks", "标记"},
    {"matched", "匹配"},
    {"may decide", "可决定"},
    {"meaning", "含义"},
    {"means", "含义"},
    {"merged", "合并时间"},
    {"method", "方法"},
    {"missing", "缺少"},
    {"month", "月份"},
    {"name", "名称"},
    {"need", "需求"},
    {"net", "净额"},
    {"new", "新"},
    {"next birthday", "下次生日"},
    {"next order", "预计下单"},
    {"note", "备注"},
    {"number", "编号"},
    {"of", "区域总额"},
    {"on", "日期"},
    {"open", "未结案"},
    {"opted out", "退订"},
    {"orders", "订单数"},
    {"organisation", "单位"},
    {"ours", "公司责任"},
    {"owner", "负责人"},
    {"owners", "负责人"},
    {"part", "部分"},
    {"person", "个人"},
    {"place", "顺序"},
    {"policy", "政策"},
    {"preference", "偏好"},
    {"primary", "主要"},
    {"priority", "优先级"},
    {"product", "产品"},
    {"proposed", "提议"},
    {"purpose", "用途"},
    {"rating", "评分"},
    {"reached by", "联系方式"},
    {"reason", "原因"},
    {"recorded", "记录时间"},
    {"recurred", "再次发生"},
    {"ref", "外部编号"},
    {"region", "区域"},
    {"region of orders", "订单区域"},
    {"regions", "区域"},
    {"rejected", "拒收"},
    {"relation", "关系"},
    {"reopened", "重新处理"},
    {"reports to", "上级"},
    {"request", "请求编号"},
    {"required", "必填"},
    {"returned", "交还时间"},
    {"review", "资料复核"},
    {"rights", "权限"},
    {"role", "角色"},
    {"roles", "角色"},
    {"rows", "行数"},
    {"rule", "规则"},
    {"run", "批次"},
    {"scored", "评定时间"},
    {"serious", "严重"},
    {"service", "服务"},
    {"shape", "格式"},
    {"share", "占比"},
    {"shareholders", "股东背景"},
    {"since", "自"},
    {"source", "来源"},
    {"staff", "员工"},
    {"standing", "状况"},
    {"stands in", "代理人"},
    {"started", "起点"},
    {"state", "状态"},
    {"status", "状态"},
    {"subject", "对象"},
    {"successor", "接任者"},
    {"sum", "合计"},
    {"table", "表"},
    {"teams", "团队"},
    {"text", "内容"},
    {"title", "职务"},
    {"to", "至"},
    {"told", "告知"},
    {"total", "合计"},
    {"type", "类型"},
    {"unchanged", "未变"},
    {"unconfirmed", "未联系上"},
    {"unit", "部门"},
    {"until", "至"},
    {"used", "已用"},
    {"valid from", "生效日"},
    {"value", "值"},
    {"values", "值数"},
    {"verified", "核实"},
    {"version", "版本"},
    {"wanted", "需要"},
    {"was due", "原截止时间"},
    {"what", "事项"},
    {"who", "何人"},
    {"whose", "属于"},
    {"why", "原因"},
    {"would be due", "将截止于"},
};

static const struct pair statuses[] = {
    {"ABORTED", "数据已被他人更改,请重新查看后再试"},
    {"ALREADY_EXISTS", "已经存在"},
    {"DEADLINE_EXCEEDED", "未及时得到答复"},
    {"FAILED_PRECONDITION", "现在不能这样做"},
    {"INTERNAL", "系统内部错误"},
    {"INVALID_ARGUMENT", "填写有误"},
    {"NOT_FOUND", "没有找到"},
    {"OUT_OF_RANGE", "数值超出范围"},
    {"PERMISSION_DENIED", "没有权限"},
    {"RESOURCE_EXHAUSTED", "系统繁忙,请稍后再试"},
    {"UNAUTHENTICATED", "密钥未获准"},
    {"UNAVAILABLE", "服务暂时不可用,请稍后再试"},
    {"UNIMPLEMENTED", "服务不认识此请求"},
};

/* Whole sentences only: what carries a number, name or state is told as the service says it. The
 * services' own are kept true by tests/integration/test_kehuctl_words.py. */
static const struct pair sentences[] = {
    {"no case has this number, id or reference", "没有此编号或外部编号的案件"},
    {"no customer has this number, id or reference", "没有此编号或外部编号的客户"},
    {"the case exists and is outside of what you may see", "案件存在,但不在您的可见范围内"},
    {"the complainant of this case is outside of what you may see", "此案的客户不在您的可见范围内"},
    {"nobody of the staff has this code", "员工名册中没有此代码"},
    {"the complainant is anonymous: nothing can be sent to him", "客户匿名,无法向其发送"},
    {"the case cannot be closed: each field names what is missing", "还不能结案,尚缺以下各项"},
    {"no extension is asked for", "没有待决定的延期申请"},
    {"this key may not call this method", "此密钥无权调用此方法"},
    {"leads to no case", "没有对应的案件"},
    {"leads to no customer", "没有对应的客户"},
    {"nothing", "暂无"},
    {"and more: --all shows all of them", "还有更多:--all 显示全部"},
    {"and more: --top N shows more of them", "还有更多,可加大显示条数"},
    {"too long to be kept whole; in BASE64:", "内容过长,未完整保留,BASE64 编码:"},
    {"(formerly", "(原名"},
    {"it cannot be read as its type; in BASE64:", "无法按其类型解读,BASE64 编码:"},
};

static const char *find(const struct pair *list, size_t count, const char *english)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].en, english) == 0)
            return list[i].zh;
    return NULL;
}

bool ctl_is_zh(const struct ctl *ctl)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *lang = ctl_option(ctl, "--lang");

    if (lang && strcmp(lang, "zh") != 0 && strcmp(lang, "en") != 0)
        ctl_usage(ctl, "--lang must be zh or en, not \"%s\"", lang);
    for (size_t i = 0; i < COUNT_OF(variables) && !lang; i++) {
        lang = getenv(variables[i]);
        lang = lang && lang[0] ? lang : NULL;
    }
    return lang && strncmp(lang, "zh", 2) == 0;
}

const char *ctl_heading(struct ctl *ctl, const char *heading)
{
    size_t spaces = strspn(heading, " ");
    const char *zh = ctl_is_zh(ctl) ? find(headings, COUNT_OF(headings), heading + spaces) : NULL;

    return zh ? arena_print(ctl->arena, "%.*s%s", (int)spaces, heading, zh) : heading;
}

const char *ctl_sentence(const struct ctl *ctl, const char *sentence)
{
    const char *zh = ctl_is_zh(ctl) ? find(sentences, COUNT_OF(sentences), sentence) : NULL;

    return zh ? zh : sentence;
}

const char *ctl_status(struct ctl *ctl, const char *status)
{
    const char *zh = ctl_is_zh(ctl) ? find(statuses, COUNT_OF(statuses), status) : NULL;

    return zh ? arena_print(ctl->arena, "%s (%s)", zh, status) : status;
}
