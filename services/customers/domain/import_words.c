/*
 * Words that tables of Chinese companies use where the service has words of its own.
 */
#include <string.h>

#include "services/customers/domain/import.h"

struct word {
    const char *written, *meant;
};

static const struct word parties[] = {
    {"客户", "customer"},     {"渠道", "channel"},   {"渠道商", "channel"},
    {"代理商", "channel"},    {"经销商", "channel"}, {"供应商", "supplier"},
    {"合作伙伴", "partner"},  {"伙伴", "partner"},   {"竞争对手", "competitor"},
    {"竞争者", "competitor"}, {NULL, NULL},
};
static const struct word natures[] = {
    {"单位", "organisation"},
    {"企业", "organisation"},
    {"公司", "organisation"},
    {"组织", "organisation"},
    {"个人", "person"},
    {"自然人", "person"},
    {NULL, NULL},
};
static const struct word genders[] = {
    {"男", "male"}, {"女", "female"}, {"先生", "male"}, {"女士", "female"},
    {"M", "male"},  {"F", "female"},  {NULL, NULL},
};
static const struct word answers[] = {
    {"是", "yes"}, {"有", "yes"}, {"Y", "yes"}, {"1", "yes"},    {"true", "yes"}, {"否", "no"},
    {"无", "no"},  {"N", "no"},   {"0", "no"},  {"false", "no"}, {NULL, NULL},
};
static const struct word roles[] = {
    {"法定代表人", "legal_representative"},
    {"法人", "legal_representative"},
    {"老板", "owner"},
    {"负责人", "manager"},
    {"经理", "manager"},
    {"采购", "purchasing"},
    {"财务", "finance"},
    {"技术", "technical"},
    {"运营", "operations"},
    {"销售", "sales"},
    {"物流", "logistics"},
    {"售后", "service"},
    {"助理", "assistant"},
    {"本人", "self"},
    {"其他", "other"},
    {NULL, NULL},
};

static const struct word *words_of(const struct import_column *column)
{
    switch (column->target) {
    case IMPORT_TARGET_PARTY:
        return parties;
    case IMPORT_TARGET_NATURE:
        return natures;
    case IMPORT_TARGET_GENDER:
        return genders;
    case IMPORT_TARGET_KEY:
        return answers;
    case IMPORT_TARGET_ROLE:
        return roles;
    case IMPORT_TARGET_FACT:
        if (strcmp(column->fact->name, "gender") == 0)
            return genders;
        if (strcmp(column->fact->name, "has_decision_power") == 0)
            return answers;
        return NULL;
    default:
        return NULL;
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct text import_words_read(const struct import_column *column, struct text cell)
{
    const struct word *word = words_of(column);

    while (cell.bytes > 0 && is_blank(cell.at[0]))
        cell = (struct text){cell.at + 1, cell.bytes - 1};
    while (cell.bytes > 0 && is_blank(cell.at[cell.bytes - 1]))
        cell.bytes--;
    for (; word && word->written; word++)
        if (strlen(word->written) == cell.bytes && memcmp(word->written, cell.at, cell.bytes) == 0)
            return (struct text){word->meant, strlen(word->meant)};
    return cell;
}
