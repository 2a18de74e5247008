#include "services/customers/domain/service_plan.h"

#include <string.h>

#include "common/pure/text.h"

static const struct {
    const char *code, *english, *chinese;
} words[] = {
    {"dedicated_manager", "a dedicated account manager", "专人负责"},
    {"dedicated_team", "a dedicated team", "专属团队"},
    {"executive_contact", "contact with the executives every 6 months", "每半年高层拜访"},
    {"deep_contact", "deep contact: visits, meetings, long calls", "深度沟通"},
    {"development_plan", "learning its development plan", "了解客户发展规划"},
    {"timely_solution", "timely solutions", "及时解决问题"},
    {"regular_check_in", "regular check-ins", "定期回访"},
    {"product_information", "basic product information", "提供基本产品信息"},
    {"upgrade", "looking for ways to grow it", "促进升级"},
    {"first_contact", "a first contact", "首次联系"},
    {"care", "thoughtful care", "贴心关怀"},
    {"custom_product", "customised products", "定制化产品"},
    {"tech_support", "technical support", "技术支持"},
    {"exclusive_after_sales", "exclusive after-sales service", "专属售后服务"},
    {"priority_complaints", "complaints one priority up", "投诉优先处理"},
};

#define LIST(name, ...) static const struct text name[] = {__VA_ARGS__}
LIST(measures_a, TEXT_OF("dedicated_manager"), TEXT_OF("dedicated_team"),
     TEXT_OF("executive_contact"), TEXT_OF("deep_contact"));
LIST(privileges_a, TEXT_OF("care"), TEXT_OF("custom_product"), TEXT_OF("tech_support"),
     TEXT_OF("exclusive_after_sales"), TEXT_OF("priority_complaints"));
LIST(measures_b, TEXT_OF("dedicated_manager"), TEXT_OF("development_plan"),
     TEXT_OF("timely_solution"));
LIST(privileges_b, TEXT_OF("care"), TEXT_OF("tech_support"));
LIST(measures_c, TEXT_OF("regular_check_in"), TEXT_OF("product_information"), TEXT_OF("upgrade"));
LIST(measures_none, TEXT_OF("first_contact"), TEXT_OF("product_information"));

static const struct service_plan standard[SERVICE_PLANS] = {
    {TEXT_OF("A"), measures_a, COUNT_OF(measures_a), privileges_a, COUNT_OF(privileges_a), 1, true},
    {TEXT_OF("B"), measures_b, COUNT_OF(measures_b), privileges_b, COUNT_OF(privileges_b), 2,
     false},
    {TEXT_OF("C"), measures_c, COUNT_OF(measures_c), NULL, 0, 3, false},
    {TEXT_OF("none"), measures_none, COUNT_OF(measures_none), NULL, 0, 0, false},
};

const struct service_plan *service_plan_standard(size_t i)
{
    return &standard[i];
}

const struct service_plan *service_plan_for(const struct service_plans *plans, char grade)
{
    struct text name = grade == ' ' ? TEXT_OF("none") : (struct text){&grade, 1};

    for (size_t i = 0; i < plans->count; i++)
        if (text_compare(plans->list[i].grade, name) == 0)
            return &plans->list[i];
    for (size_t i = 0; i < SERVICE_PLANS; i++)
        if (text_compare(standard[i].grade, name) == 0)
            return &standard[i];
    return &standard[SERVICE_PLANS - 1];
}

struct service_plan_words service_plan_words(struct text code)
{
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strlen(words[i].code) == code.bytes && memcmp(words[i].code, code.at, code.bytes) == 0)
            return (struct service_plan_words){words[i].english, words[i].chinese};
    return (struct service_plan_words){NULL, NULL};
}

bool service_plan_is_grade(struct text grade)
{
    for (size_t i = 0; i < SERVICE_PLANS; i++)
        if (text_compare(standard[i].grade, grade) == 0)
            return true;
    return false;
}

bool service_plan_is_code(struct text code)
{
    if (code.bytes == 0 || code.bytes > 40)
        return false;
    for (size_t i = 0; i < code.bytes; i++) {
        char c = code.at[i];

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'))
            return false;
    }
    return true;
}
