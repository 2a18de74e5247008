#include "services/customers/domain/fields.h"

#include <string.h>

#define NONE FIELDS_NEED_NONE
#define OPTIONAL FIELDS_NEED_OPTIONAL
#define EXPECTED FIELDS_NEED_EXPECTED
#define REQUIRED FIELDS_NEED_REQUIRED
#define BASIC FIELDS_GROUP_BASIC
#define BUSINESS FIELDS_GROUP_BUSINESS
#define MILLION INT64_C(1000000)

static const char *const genders[] = {"male", "female", NULL};
static const char *const yes_or_no[] = {"yes", "no", NULL};

/* Named in the order in which people fill a file, which is also the order of what is missing. */
const struct field fields[] = {
    {"name", BASIC, FIELDS_TYPE_NAME, REQUIRED, REQUIRED, true, NULL, NULL, 1, 200, "name", "名称"},
    {"address", BASIC, FIELDS_TYPE_TEXT, REQUIRED, REQUIRED, true, NULL, NULL, 1, 300, "address",
     "地址"},
    {"phone", BASIC, FIELDS_TYPE_PHONE, REQUIRED, REQUIRED, true, NULL, NULL, 0, 0, "phone",
     "电话"},
    {"email", BASIC, FIELDS_TYPE_EMAIL, REQUIRED, EXPECTED, true, NULL, NULL, 0, 0, "e-mail",
     "电子邮箱"},
    {"legal_representative", BASIC, FIELDS_TYPE_NAME, REQUIRED, NONE, true, NULL, NULL, 1, 100,
     "legal representative", "法定代表人"},
    {"credit_code", BASIC, FIELDS_TYPE_CREDIT_CODE, OPTIONAL, NONE, false, NULL, NULL, 0, 0,
     "credit code", "统一社会信用代码"},
    {"org_structure", BASIC, FIELDS_TYPE_TEXT, EXPECTED, NONE, false, NULL, NULL, 1, 2000,
     "organisation structure", "组织架构"},
    {"staff_count", BASIC, FIELDS_TYPE_INTEGER, EXPECTED, NONE, false, NULL, NULL, 0, 10000000,
     "staff", "员工人数"},
    {"shareholders", BASIC, FIELDS_TYPE_TEXT, EXPECTED, NONE, true, NULL, NULL, 1, 2000,
     "shareholders", "股东背景"},
    {"turnover", BASIC, FIELDS_TYPE_DECIMAL, EXPECTED, NONE, false, NULL, NULL, 0,
     INT64_C(1000000000000) * MILLION, "turnover of a year in the business currency", "年营业额"},
    {"industry", BASIC, FIELDS_TYPE_TEXT, EXPECTED, NONE, false, NULL, NULL, 1, 100, "industry",
     "行业"},
    {"industry_rank", BASIC, FIELDS_TYPE_INTEGER, EXPECTED, NONE, false, NULL, NULL, 1, 1000000,
     "rank in its industry", "行业排名"},
    {"qualifications", BASIC, FIELDS_TYPE_TEXT, EXPECTED, NONE, false, NULL, NULL, 1, 2000,
     "qualifications", "资质"},
    {"gender", BASIC, FIELDS_TYPE_CHOICE, NONE, REQUIRED, true, NULL, genders, 0, 0, "gender",
     "性别"},
    {"birth_date", BASIC, FIELDS_TYPE_DATE, NONE, REQUIRED, true, NULL, NULL, 0, 0, "date of birth",
     "出生日期"},
    {"age", BASIC, FIELDS_TYPE_INTEGER, NONE, OPTIONAL, true, "birth_date", NULL, 0, 130, "age",
     "年龄"},
    {"occupation", BASIC, FIELDS_TYPE_TEXT, NONE, REQUIRED, true, NULL, NULL, 1, 100, "occupation",
     "职业"},
    {"likes", BASIC, FIELDS_TYPE_TEXT, NONE, EXPECTED, true, NULL, NULL, 1, 1000, "likes", "喜好"},
    {"dislikes", BASIC, FIELDS_TYPE_TEXT, NONE, EXPECTED, true, NULL, NULL, 1, 1000, "dislikes",
     "忌讳"},
    {"potential_need", BASIC, FIELDS_TYPE_TEXT, NONE, EXPECTED, true, NULL, NULL, 1, 1000,
     "potential need", "潜在需求"},
    {"has_decision_power", BASIC, FIELDS_TYPE_CHOICE, NONE, EXPECTED, true, NULL, yes_or_no, 0, 0,
     "decides on purchases", "有无购买决定权"},
    {"business_scope", BUSINESS, FIELDS_TYPE_TEXT, EXPECTED, NONE, false, NULL, NULL, 1, 2000,
     "business scope", "业务范围"},
    {"business_scale", BUSINESS, FIELDS_TYPE_TEXT, EXPECTED, NONE, false, NULL, NULL, 1, 500,
     "business scale", "业务规模"},
    {"market_share", BUSINESS, FIELDS_TYPE_DECIMAL, EXPECTED, NONE, false, NULL, NULL, 0,
     100 * MILLION, "market share in per cent", "市场份额(%)"},
    {"competitors", BUSINESS, FIELDS_TYPE_TEXT, EXPECTED, NONE, false, NULL, NULL, 1, 1000,
     "main competitors", "主要竞争对手"},
};
const size_t fields_count = COUNT_OF(fields);

_Static_assert(COUNT_OF(fields) <= FIELDS_MAX, "lists of fields have room for all");

const struct field *fields_find(struct text name)
{
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (strlen(fields[i].name) == name.bytes &&
            memcmp(fields[i].name, name.at, name.bytes) == 0)
            return &fields[i];
    return NULL;
}

enum fields_need fields_need_of(const struct field *field, bool is_person)
{
    return is_person ? field->of_persons : field->of_organisations;
}

const char *fields_type_name(enum fields_type type)
{
    switch (type) {
    case FIELDS_TYPE_TEXT:
        return "text";
    case FIELDS_TYPE_NAME:
        return "name";
    case FIELDS_TYPE_PHONE:
        return "phone";
    case FIELDS_TYPE_EMAIL:
        return "email";
    case FIELDS_TYPE_CREDIT_CODE:
        return "credit_code";
    case FIELDS_TYPE_INTEGER:
        return "integer";
    case FIELDS_TYPE_DECIMAL:
        return "decimal";
    case FIELDS_TYPE_DATE:
        return "date";
    case FIELDS_TYPE_CHOICE:
        return "choice";
    }
    return "";
}

const char *fields_group_name(enum fields_group group)
{
    switch (group) {
    case FIELDS_GROUP_BASIC:
        return "basic";
    case FIELDS_GROUP_BUSINESS:
        return "business";
    }
    return "";
}

/* Halves filled: 2 known, 1 disputed, 0 not. What stands for the field fills it too. */
static int halves_of(const struct field *field, const struct fields_known *known, size_t count)
{
    int best = 0;

    for (size_t i = 0; i < count; i++) {
        const char *stands_for = known[i].field->stands_for;
        int halves = known[i].is_disputed ? 1 : 2;

        if ((known[i].field == field || (stands_for && strcmp(stands_for, field->name) == 0)) &&
            halves > best)
            best = halves;
    }
    return best;
}

struct fields_score fields_score(bool is_person, const struct fields_known *known, size_t count)
{
    struct fields_score score = {.missing_count = 0};
    int64_t expected = 0, halves = 0;

    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        enum fields_need need = fields_need_of(&fields[i], is_person);

        if (need < FIELDS_NEED_EXPECTED)
            continue;
        int filled = halves_of(&fields[i], known, count);

        expected += 2;
        halves += filled;
        if (need == FIELDS_NEED_REQUIRED && filled < 2)
            score.missing[score.missing_count++] = fields[i].name;
    }
    score.completeness_micros = halves * MILLION / expected;
    return score;
}
