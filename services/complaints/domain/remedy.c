#include "services/complaints/domain/remedy.h"

#include <string.h>

static const char *const kinds[REMEDY_KINDS][3] = {
    [REMEDY_IS_NONE] = {"", "", ""},
    [REMEDY_APOLOGY] = {"apology", "道歉", "apology"},
    [REMEDY_EXPLANATION] = {"explanation", "解释说明", "explanation"},
    [REMEDY_REPAIR] = {"repair", "维修", "repair"},
    [REMEDY_REPLACEMENT] = {"replacement", "换货", "replacement"},
    [REMEDY_REFUND] = {"refund", "退款", "refund"},
    [REMEDY_COMPENSATION] = {"compensation", "赔偿", "compensation"},
    [REMEDY_DISCOUNT] = {"discount", "折扣", "discount"},
};
static const char *const faults_of[] = {"", "company", "customer", "third_party", "none"};
static const char *const states[] = {"", "proposed", "needs_approval", "approved", "refused"};

static size_t read(const char *const *list, size_t count, size_t step, struct text name)
{
    for (size_t i = 1; i < count; i++)
        if (name.bytes == strlen(list[i * step]) &&
            memcmp(name.at, list[i * step], name.bytes) == 0)
            return i;
    return 0;
}

const char *remedy_kind_name(enum remedy_kind kind)
{
    return (size_t)kind < REMEDY_KINDS ? kinds[kind][0] : "";
}

const char *remedy_kind_label(enum remedy_kind kind, enum telling_language language)
{
    return (size_t)kind < REMEDY_KINDS ? kinds[kind][language] : "";
}

enum remedy_kind remedy_kind_read(struct text name)
{
    return (enum remedy_kind)read(kinds[0], REMEDY_KINDS, 3, name);
}

const char *remedy_fault_name(enum remedy_fault fault)
{
    return (size_t)fault < COUNT_OF(faults_of) ? faults_of[fault] : "";
}

bool remedy_is_needed(enum remedy_fault fault)
{
    return fault == FAULT_OF_COMPANY || fault == FAULT_IS_UNKNOWN;
}

bool remedy_is_solution(enum remedy_kind kind)
{
    return kind != REMEDY_IS_NONE;
}

struct remedy_policy remedy_policy_standard(void)
{
    return (struct remedy_policy){INT64_C(300) * 1000000, INT64_C(3000) * 1000000};
}

size_t remedy_policy_check(const struct remedy_policy *policy,
                           struct remedy_policy_fault faults[REMEDY_POLICY_FAULTS])
{
    size_t count = 0;

    if (policy->handler_limit_micros < 0)
        faults[count++] =
            (struct remedy_policy_fault){"handler_limit_micros", "must not be negative"};
    if (policy->manager_limit_micros < policy->handler_limit_micros)
        faults[count++] = (struct remedy_policy_fault){
            "manager_limit_micros", "must not be less than handler_limit_micros"};
    return count;
}

enum remedy_rank remedy_needs(int64_t amount_micros, bool is_comparable,
                              const struct remedy_policy *policy)
{
    if (amount_micros <= 0)
        return REMEDY_HANDLER;
    if (!is_comparable || amount_micros > policy->manager_limit_micros)
        return REMEDY_HEAD;
    return amount_micros > policy->handler_limit_micros ? REMEDY_MANAGER : REMEDY_HANDLER;
}

const char *remedy_state_name(enum remedy_state state)
{
    return (size_t)state < COUNT_OF(states) ? states[state] : "";
}

enum remedy_state remedy_state_read(struct text name)
{
    return (enum remedy_state)read(states, COUNT_OF(states), 1, name);
}

enum remedy_state remedy_propose(int64_t amount_micros, bool is_comparable, enum remedy_rank by,
                                 const struct remedy_policy *policy)
{
    return remedy_needs(amount_micros, is_comparable, policy) > by ? REMEDY_NEEDS_APPROVAL
                                                                   : REMEDY_PROPOSED;
}

bool remedy_may_stand(enum remedy_state state)
{
    return state == REMEDY_PROPOSED || state == REMEDY_APPROVED;
}

enum remedy_flaw remedy_check(enum remedy_kind kind, int64_t amount_micros)
{
    if (kind <= REMEDY_IS_NONE || kind >= REMEDY_KINDS)
        return REMEDY_KIND_IS_UNKNOWN;
    if (amount_micros < 0)
        return REMEDY_AMOUNT_IS_NEGATIVE;
    if (amount_micros == 0 &&
        (kind == REMEDY_REFUND || kind == REMEDY_COMPENSATION || kind == REMEDY_DISCOUNT))
        return REMEDY_AMOUNT_IS_MISSING;
    if (amount_micros > 0 && (kind == REMEDY_APOLOGY || kind == REMEDY_EXPLANATION))
        return REMEDY_AMOUNT_IS_STRANGE;
    return REMEDY_FINE;
}

enum remedy_flaw remedy_decide(enum remedy_state state, int64_t amount_micros, bool is_comparable,
                               enum remedy_rank by, bool is_proposer, bool is_approved,
                               const struct remedy_policy *policy)
{
    if (state != REMEDY_NEEDS_APPROVAL)
        return REMEDY_WAITS_FOR_NOBODY;
    if (is_proposer)
        return REMEDY_OWN_PROPOSAL;
    if (is_approved && remedy_needs(amount_micros, is_comparable, policy) > by)
        return REMEDY_ABOVE_LIMIT;
    return REMEDY_FINE;
}

const char *remedy_flaw_text(enum remedy_flaw flaw, enum telling_language language)
{
    static const char *const texts[][2] = {
        [REMEDY_FINE] = {"", ""},
        [REMEDY_KIND_IS_UNKNOWN] = {"补偿方式须为道歉、解释说明、维修、换货、退款、赔偿或折扣",
                                    "must be apology, explanation, repair, replacement, refund, "
                                    "compensation or discount"},
        [REMEDY_AMOUNT_IS_NEGATIVE] = {"金额不能为负", "must not be negative"},
        [REMEDY_AMOUNT_IS_MISSING] = {"退款、赔偿、折扣须填写金额",
                                      "a refund, compensation or discount needs an amount"},
        [REMEDY_AMOUNT_IS_STRANGE] = {"道歉、解释说明不应有金额",
                                      "an apology or explanation has no amount"},
        [REMEDY_WAITS_FOR_NOBODY] = {"没有待审批的方案", "nothing waits for approval"},
        [REMEDY_OWN_PROPOSAL] = {"须由提出人以外的人审批",
                                 "another person than who proposed it must decide"},
        [REMEDY_ABOVE_LIMIT] = {"金额超过您的审批权限,请上级审批",
                                "the amount is above your limit; a higher rank must approve it"},
    };

    return texts[flaw][language == TELLING_IS_EN];
}
