/*
 * Why a case is as grave and as urgent as it is, what keeps it from being closed, and how its
 * customer counts: in a sentence and step by step, one step a line, in Chinese and English. Why a
 * clock is due when it is due is told by clock_text.h.
 */
#ifndef KEHU_COMPLAINTS_CASE_TEXT_H
#define KEHU_COMPLAINTS_CASE_TEXT_H

#include "services/complaints/domain/condition.h"
#include "services/complaints/domain/repeat.h"
#include "services/complaints/domain/severity.h"

#define CASE_TEXT_BYTES 1024
#define CASE_TEXT_STEPS_BYTES 8192

struct case_text_weight {
    struct severity_facts facts;
    const struct severity_policy *policy;
    uint32_t policy_version; /* 0: the built-in one */
    struct severity_customer customer;
    const char *currency;
    enum severity severity; /* as the case has it */
    enum priority priority; /* likewise */
    enum priority queued;   /* in the work lists of today */
};
/* "严重程度严重:涉及金额20,000元" */
void case_text_tell_severity(const struct case_text_weight *weight, enum telling_language language,
                             char out[CASE_TEXT_BYTES]);
/* Each fact with what it comes to, and the maximum. */
void case_text_tell_severity_steps(const struct case_text_weight *weight,
                                   enum telling_language language, char out[CASE_TEXT_STEPS_BYTES]);
/* "优先级紧急:严重程度严重,A级客户提高一级" */
void case_text_tell_priority(const struct case_text_weight *weight, enum telling_language language,
                             char out[CASE_TEXT_BYTES]);
void case_text_tell_priority_steps(const struct case_text_weight *weight,
                                   enum telling_language language, char out[CASE_TEXT_STEPS_BYTES]);

enum case_text_end {
    CASE_TEXT_IS_OPEN,
    CASE_TEXT_HAS_ENDED,
    CASE_TEXT_IS_HISTORIC, /* keeps its recorded state, not assessed */
};
/* "还不能结案:缺2项", "可以结案". */
void case_text_tell_closing(const struct condition_list *open, enum case_text_end end,
                            enum telling_language language, char out[CASE_TEXT_BYTES]);
/* What is missing, one a line; nothing: empty. */
void case_text_tell_closing_steps(const struct condition_list *open, enum case_text_end end,
                                  enum telling_language language, char out[CASE_TEXT_STEPS_BYTES]);

/* Both windows with their days, the policy's numbers, and when it changes by itself. */
void case_text_tell_repeat_steps(const struct repeat_standing *standing,
                                 const struct repeat_policy *policy, uint32_t policy_version,
                                 int32_t today, enum telling_language language,
                                 char out[CASE_TEXT_STEPS_BYTES]);

#endif
