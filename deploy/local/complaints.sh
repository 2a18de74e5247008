#!/bin/bash
# The people of the simulated company and its complaints, lived through with kehuctl as they would: two salespeople who look
# after the customers, who are graded; two handlers and their manager; cases of every kind, some closed with a lesson, one
# disputed, one of the best customer that waits for an approval, one of an authority, some past their deadline. Days must
# pass for that, so the clock of the demonstration is moved. Run once, by run.sh.
set -euo pipefail
shopt -s inherit_errexit
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib/settings.sh"
settings_read
source "$here/lib/process.sh"
export KEHU_VAR=$var

ctl() { "$bin/kehuctl" "$@" >/dev/null; }
as() { KEHU_ACTOR=$1 ctl complaint "${@:2}"; }

# opened VERB WORDS…: the number of the new case. That it was received is told by a system of the company's, which says when
# it has been delivered.
opened() {
    local number receipt
    number=$("$bin/kehuctl" complaint "$@" --json | value number)
    receipt=$("$bin/kehuctl" complaint show "$number" --json |
        sed -n 's/.*"message_id":"\([^"]*\)"[^}]*"by":"kehu"[^}]*"delivery":"wanted".*/\1/p')
    if [[ $receipt ]]; then ctl complaint delivery "$number" "$receipt" delivered; fi
    echo "$number"
}

# pass DAYS: over a weekend too; only a long holiday leaves deadlines where they are.
pass() { ctl clock advance --by "${1}d"; }

staff() {
    ctl unit save sales --name 销售部
    ctl staff save zhou.kai --name 周凯 --roles manager,directory --unit sales
    ctl staff save he.yu --name 何宇 --roles salesperson --unit sales --manager zhou.kai
    ctl staff save sun.li --name 孙丽 --roles salesperson --unit sales --manager zhou.kai --deputy he.yu
    ctl unit save care --name 客服部
    ctl staff save chen.jing --name 陈静 --roles manager,directory --unit care
    ctl staff save liu.fang --name 刘芳 --roles complaint_handler --unit care --manager chen.jing
    ctl staff save zhao.lei --name 赵磊 --roles complaint_handler --unit care --manager chen.jing --deputy liu.fang
}

# The complaints service knows people from the customers service's log.
staff_is_known() { KEHU_ACTOR=zhao.lei ctl complaint list 2>/dev/null; }

# The south has one who knows it, the rest go in turn; who is A, B and C, by what was bought until today.
owners_and_grades() {
    cat >"$run/owners.json" <<RULES
{"rules": [{"name": "south", "regions": ["云南", "广东", "广西", "海南"], "staff": ["he.yu"]},
           {"name": "everybody", "staff": ["he.yu", "sun.li"], "choice": "OWNER_RULE_CHOICE_ROUND_ROBIN"}]}
RULES
    ctl policy apply owners "$run/owners.json" --reason "按区域分配,其余轮流"
    rm "$run/owners.json"
    ctl grade run --as-of "$(date +%F)" 2>/dev/null
}

enquiries() {
    ctl complaint enquiry "请问发票什么时候寄出" --answer "随货寄出,电子发票已发送到登记邮箱" --topic 发票 \
        --customer sim:C00003 --channel hotline
    ctl complaint enquiry "周末可以送货吗" --answer "周六可以,请提前一天预约" --topic 配送 --anonymous --channel phone
    ctl complaint enquiry "保修期从哪天算起" --answer "从签收之日起一年" --topic 保修 --customer sim:C00011 --channel wechat
    local ref
    ref=$(opened settle "收银少找了五元" --customer sim:C00005 --channel visit --product TEA-01 --issue 价格 \
        --answer "当场退还五元并道歉" --satisfied --cause price.billing --unit 门店 --fault company \
        --remedy refund --amount 5)
    as liu.fang lesson "$ref" --none-because "个别疏忽,已提醒当班人员"
    as liu.fang close "$ref"
}

# Solved in a morning: investigated, refunded within the handler's limit, confirmed by a call, with a lesson.
solved() {
    local ref
    ref=$(opened open "收到的茶叶有异味,外包装受潮" --customer sim:C00002 --channel hotline --product TEA-01 \
        --batch 2026-10 --issue 质量 --reply-to phone)
    as liu.fang take "$ref"
    as liu.fang investigate "$ref" "向仓库调取出库记录"
    as liu.fang call "$ref" reached "已说明正在核查仓储记录" --substantive
    as liu.fang propose "$ref" "退还货款并补发新批次" --remedy refund --amount 260 --remedy-text "原路退回"
    as liu.fang agree "$ref" "电话中同意"
    as liu.fang answer "$ref" "货款260元已退,新批次明日送达" --spoken
    as liu.fang cause "$ref" product.defect --unit 仓储部 --fault company
    as liu.fang lesson "$ref" "停电超过一小时须复检库内茶叶"
    as liu.fang confirm "$ref" "客户满意"
    as liu.fang close "$ref"
}

# Not satisfied with the first answer; the second takes an amount that the manager approves.
disputed() {
    local ref
    ref=$(opened open "设备安装后三天两次停机,影响生产" --customer sim:C00001 --channel phone --product PUMP-02 --issue 质量 \
        --in-dispute 12000 --reply-to phone)
    as zhao.lei take "$ref"
    as zhao.lei investigate "$ref"
    as zhao.lei call "$ref" reached "已安排工程师上门" --substantive
    as zhao.lei propose "$ref" "上门维修" --remedy repair
    as zhao.lei agree "$ref"
    as zhao.lei answer "$ref" "工程师已更换密封件,运行正常" --spoken
    pass 2
    as liu.fang dispute "$ref" "当天下午再次停机,要求换机"
    as zhao.lei investigate "$ref"
    as zhao.lei propose "$ref" "更换新机并赔偿停产损失" --remedy compensation --amount 1800
    as chen.jing approve "$ref"
    as zhao.lei agree "$ref" "同意换机和赔偿"
    as zhao.lei answer "$ref" "新机已安装,赔偿1800元已支付" --spoken
}

# Waits for the manager: above the handler's limit, nobody has approved. The customer is the best there is.
unapproved() {
    local best ref
    best=$("$bin/kehuctl" grade list --top 1 --json | value number)
    ref=$(opened open "运输途中货物破损三箱" --customer "${best:-sim:C00007}" --channel online --product GLS-01 --issue 物流 --reply-to email)
    as liu.fang take "$ref"
    as liu.fang investigate "$ref"
    as liu.fang subtask "$ref" "向承运人索取签收记录" --unit 物流部 --owner zhao.lei --due "$(date -d '7 days' +%F)"
    as liu.fang propose "$ref" "赔偿破损货物" --remedy compensation --amount 960
}

# Nobody takes them in time: past their deadlines when the clock has moved.
neglected() {
    opened open "客服电话一直打不通" --customer sim:C00009 --channel store_box --issue 服务 >/dev/null
    opened open "承诺的返利没有到账" --customer sim:C00004 --channel email --issue 价格 --reply-to email >/dev/null
    opened open "宣传页上的功效与实物不符" --anonymous --channel store_box --product TEA-02 --issue 宣传 >/dev/null
}

others() {
    local ref
    ref=$(opened open "配送员态度恶劣,并威胁投诉人" --customer sim:C00006 --channel regulator --issue 服务 --authority 12315 \
        --authority-number 1530000202600417 --authority-date "$(date +%F)" --legal-or-media serious --reply-to phone)
    as zhao.lei take "$ref"
    as zhao.lei investigate "$ref"
    KEHU_ACTOR=chen.jing ctl complaint supervise "$ref" --reason "监管部门转办,每日汇报"
    ref=$(opened open "建议包装改用可回收材料" --kind suggestion --customer sim:C00002 --channel wechat --product TEA-01 --issue 包装)
    as liu.fang take "$ref"
    as liu.fang work "$ref" --taken-up "明年起改用可回收包装"
    opened open "新的对账页面很好用" --kind feedback --customer sim:C00010 --channel online >/dev/null
    ref=$(opened open "请安排年度保养" --kind service_request --customer sim:C00001 --channel phone --product PUMP-02)
    as zhao.lei take "$ref"
    ref=$(opened open "货晚到两天" --customer sim:C00012 --channel hotline --issue 物流 --order sim:SO-2026-000001)
    as liu.fang take "$ref"
    as liu.fang pause "$ref" "等客户寄回签收单" --until "$(date -d '10 days' +%F)"
}

# New ones on the last morning.
fresh() {
    local ref
    opened open "账单重复扣款一次" --customer sim:C00008 --channel online --issue 价格 --reply-to email >/dev/null
    opened open "发来的型号不对" --customer sim:C00001 --channel hotline --product PUMP-01 --issue 物流 >/dev/null
    ref=$(opened open "老人被热水烫伤,要求马上处理" --customer sim:C00013 --channel hotline --product KTL-01 --issue 安全 \
        --safety critical --reply-to phone)
    as zhao.lei take "$ref"
}

staff
owners_and_grades
wait_until 30 staff_is_known || fail "the complaints service does not hear of the staff; see $log/complaints.log"
enquiries
solved
neglected
others
unapproved
disputed
pass 1
fresh
