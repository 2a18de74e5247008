#include "services/complaints/domain/condition.h"

static const char *const texts[CONDITIONS][3] = {
    [CONDITION_DELIVERED] = {"delivered", "答复或结果尚未送达客户",
                             "the answer or result has not reached the complainant"},
    [CONDITION_CONFIRMED] = {"confirmed", "客户尚未确认满意(回访,或客户自己回复1、评分4分以上)",
                             "the complainant has not confirmed: a call, or his own reply 1 or "
                             "rating of 4 or 5"},
    [CONDITION_CONFIRMED_BY_OTHER] = {"confirmed_by_other",
                                      "严重投诉须由经办人以外的人电话回访确认",
                                      "a serious case takes a confirmation call by another than "
                                      "its handler"},
    [CONDITION_ATTEMPTS] = {"attempts", "联系次数不够:须在3个不同工作日、通过2种渠道尝试3次",
                            "not tried enough: 3 attempts, on 3 different working days, over 2 "
                            "channels"},
    [CONDITION_CAUSE] = {"cause", "尚未填写原因", "the cause is missing"},
    [CONDITION_UNIT] = {"unit", "尚未填写责任部门", "the responsible unit is missing"},
    [CONDITION_FAULT] = {"fault", "尚未认定责任方", "whose fault it was is missing"},
    [CONDITION_TOPIC] = {"topic", "尚未填写主题", "the topic is missing"},
    [CONDITION_SOLUTION] = {"solution", "公司责任须有解决方案",
                            "the fault is ours: a solution is required"},
    [CONDITION_REMEDY_APPROVED] = {"remedy_approved", "补偿方案尚待审批",
                                   "the remedy waits for approval"},
    [CONDITION_SUBTASKS] = {"subtasks", "协办任务尚未完成", "sub-tasks are not done"},
    [CONDITION_ACTIONS] = {"actions", "整改措施尚未验证,也未转为改进事项(须有负责人和日期)",
                           "actions are neither verified nor moved to an improvement item with "
                           "owner and date"},
    [CONDITION_ACTION_NEEDED] = {"action_needed", "严重投诉须至少有一项整改措施",
                                 "a serious case takes at least one action"},
    [CONDITION_WORK_DONE] = {"work_done", "服务工作尚未完成", "the work is not done"},
    [CONDITION_CHARGE_NOTED] = {"charge_noted", "尚未记录收费(不收费也须注明)",
                                "the charge is not noted; that there is none is noted too"},
    [CONDITION_TAKEN_UP] = {"taken_up", "须注明已采纳,或不采纳的原因",
                            "say that it is taken up, or not, because"},
    [CONDITION_LESSON] = {"lesson",
                          "尚无经验总结:本案总结、引用同一原因的总结,或注明无需总结的原因",
                          "the lesson is missing: its own, one of the same cause, or \"none, "
                          "because\""},
    [CONDITION_OWN_LESSON] = {"own_lesson", "严重投诉须有本案的经验总结",
                              "a serious case takes a lesson of its own"},
};

const char *condition_code(enum condition condition)
{
    return texts[condition][0];
}

const char *condition_sentence(enum condition condition, enum telling_language language)
{
    return texts[condition][language];
}

static void require(struct condition_list *list, bool is_fulfilled, enum condition condition)
{
    if (!is_fulfilled)
        list->open[list->count++] = condition;
}

static bool is_serious(const struct condition_facts *facts)
{
    return facts->kind == CASE_IS_COMPLAINT && facts->severity >= SEVERITY_SERIOUS;
}

static void require_confirmation(struct condition_list *list, const struct condition_facts *facts)
{
    bool is_enough = confirmation_is_enough(facts->confirmation, facts->kind, facts->severity);

    if (!facts->asks_confirmation || facts->is_anonymous)
        return;
    if (facts->closes_unconfirmed)
        require(list, facts->was_tried, CONDITION_ATTEMPTS);
    else
        require(list, is_enough,
                is_serious(facts) ? CONDITION_CONFIRMED_BY_OTHER : CONDITION_CONFIRMED);
}

static void require_cause(struct condition_list *list, const struct condition_facts *facts)
{
    if (facts->kind != CASE_IS_COMPLAINT && facts->kind != CASE_IS_SERVICE_REQUEST) {
        require(list, facts->has_topic, CONDITION_TOPIC);
        return;
    }
    require(list, facts->has_cause, CONDITION_CAUSE);
    require(list, facts->has_unit, CONDITION_UNIT);
    require(list, facts->has_fault, CONDITION_FAULT);
    require(list, !facts->is_our_fault || facts->has_solution, CONDITION_SOLUTION);
    require(list, !facts->remedy_waits, CONDITION_REMEDY_APPROVED);
}

static bool has_lesson(const struct condition_facts *facts)
{
    return facts->lesson == CONDITION_LESSON_IS_OWN ||
           facts->lesson == CONDITION_LESSON_OF_SAME_CAUSE ||
           facts->lesson == CONDITION_LESSON_NONE_BECAUSE;
}

static void require_learning(struct condition_list *list, const struct condition_facts *facts)
{
    switch (facts->kind) {
    case CASE_KIND_IS_NONE:
    case CASE_IS_COMPLAINT:
        require(list, !is_serious(facts) || facts->actions > 0, CONDITION_ACTION_NEEDED);
        if (is_serious(facts))
            require(list, facts->lesson == CONDITION_LESSON_IS_OWN, CONDITION_OWN_LESSON);
        else
            require(list, has_lesson(facts), CONDITION_LESSON);
        break;
    case CASE_IS_SERVICE_REQUEST:
        require(list, facts->is_work_done, CONDITION_WORK_DONE);
        require(list, facts->is_charge_noted, CONDITION_CHARGE_NOTED);
        break;
    case CASE_IS_SUGGESTION:
    case CASE_IS_FEEDBACK:
        require(list, facts->is_taken_up_or_not_because, CONDITION_TAKEN_UP);
        break;
    case CASE_IS_ENQUIRY:
        break;
    }
}

struct condition_list condition_check(const struct condition_facts *facts)
{
    struct condition_list list = {.count = 0};

    if (facts->is_historic)
        return list;
    require(&list, facts->is_delivered || facts->is_anonymous, CONDITION_DELIVERED);
    require_confirmation(&list, facts);
    require_cause(&list, facts);
    require(&list, facts->open_subtasks == 0, CONDITION_SUBTASKS);
    require(&list, facts->open_actions == 0, CONDITION_ACTIONS);
    require_learning(&list, facts);
    return list;
}

bool condition_may_answer(uint32_t open_subtasks)
{
    return open_subtasks == 0;
}
