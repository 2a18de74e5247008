#include "services/complaints/domain/cause.h"

#include <string.h>

#include "common/pure/utf8.h"

#define MAX_NAME 60
#define MAX_UNIT 100

#define CAUSE(code_, parent_, zh_, en_)                                                            \
    {                                                                                              \
        .code = {code_, sizeof(code_) - 1}, .parent = {parent_, sizeof(parent_) - 1},              \
        .zh = {zh_, sizeof(zh_) - 1}, .en = {en_, sizeof(en_) - 1}, .unit = {                      \
            "",                                                                                    \
            0                                                                                      \
        }                                                                                          \
    }

static const struct cause standard[] = {
    CAUSE("product", "", "产品质量", "product quality"),
    CAUSE("product.defect", "product", "产品缺陷", "defect"),
    CAUSE("product.safety", "product", "安全隐患", "safety"),
    CAUSE("product.mismatch", "product", "与描述不符", "not as described"),
    CAUSE("delivery", "", "物流配送", "delivery"),
    CAUSE("delivery.late", "delivery", "配送延误", "late"),
    CAUSE("delivery.damage", "delivery", "运输损坏", "damaged on the way"),
    CAUSE("delivery.wrong", "delivery", "错发漏发", "wrong or missing goods"),
    CAUSE("service", "", "服务", "service"),
    CAUSE("service.attitude", "service", "服务态度", "attitude"),
    CAUSE("service.slow", "service", "响应不及时", "slow response"),
    CAUSE("service.repair", "service", "维修安装", "repair and installation"),
    CAUSE("price", "", "价格与账务", "price and billing"),
    CAUSE("price.billing", "price", "账单差错", "billing error"),
    CAUSE("price.refund", "price", "退款延误", "late refund"),
    CAUSE("promise", "", "承诺与宣传", "promises and advertising"),
    CAUSE("promise.sales", "promise", "销售承诺未兑现", "promise of sales not kept"),
    CAUSE("promise.advertising", "promise", "宣传不实", "misleading advertising"),
    CAUSE("usage", "", "使用与说明", "use and instructions"),
    CAUSE("usage.wrong", "usage", "使用不当", "wrong use"),
    CAUSE("usage.instructions", "usage", "说明不清", "unclear instructions"),
    CAUSE("information", "", "信息与系统", "information and systems"),
    CAUSE("information.privacy", "information", "个人信息", "personal data"),
    CAUSE("information.system", "information", "系统故障", "system failure"),
    CAUSE("other", "", "其他", "other"),
};

struct cause_tree cause_standard(void)
{
    return (struct cause_tree){standard, COUNT_OF(standard)};
}

static bool is_same(struct text a, struct text b)
{
    return a.bytes == b.bytes && (a.bytes == 0 || memcmp(a.at, b.at, a.bytes) == 0);
}

const struct cause *cause_find(const struct cause_tree *tree, struct text code)
{
    for (size_t i = 0; code.bytes > 0 && i < tree->count; i++)
        if (is_same(tree->list[i].code, code))
            return &tree->list[i];
    return NULL;
}

bool cause_is_within(const struct cause_tree *tree, struct text code, struct text above)
{
    const struct cause *cause = cause_find(tree, code);

    for (int level = 0; cause && level < CAUSE_DEPTH; level++) {
        if (is_same(cause->code, above))
            return true;
        cause = cause_find(tree, cause->parent);
    }
    return false;
}

struct text cause_label(const struct cause *cause, enum telling_language language)
{
    struct text first = language == TELLING_IS_ZH ? cause->zh : cause->en;

    return first.bytes > 0 ? first : language == TELLING_IS_ZH ? cause->en : cause->zh;
}

enum cause_flaw cause_check(const struct cause_tree *tree, struct text code, struct text present)
{
    const struct cause *cause = cause_find(tree, code);

    if (!cause)
        return CAUSE_IS_UNKNOWN;
    return cause->is_retired && !is_same(code, present) ? CAUSE_WAS_RETIRED : CAUSE_FINE;
}

const char *cause_flaw_text(enum cause_flaw flaw, enum telling_language language)
{
    static const char *const texts[][2] = {
        [CAUSE_FINE] = {"", ""},
        [CAUSE_IS_UNKNOWN] = {"原因代码不存在,请从原因分类(策略causes)中选择",
                              "is no code of the cause tree (policy causes)"},
        [CAUSE_WAS_RETIRED] = {"原因代码已停用,请选择其他代码",
                               "is retired: choose another code of the cause tree"},
    };

    return texts[flaw][language == TELLING_IS_EN];
}

/* --- whether a tree is sound --- */

struct check {
    struct cause_fault *faults;
    size_t count;
};

static void add(struct check *check, size_t place, const char *field, const char *why)
{
    if (check->count < CAUSE_FAULTS)
        check->faults[check->count++] =
            (struct cause_fault){.place = place, .field = field, .why = why};
}

static bool is_code(struct text code)
{
    static const char signs[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

    for (size_t i = 0; i < code.bytes; i++)
        if (!memchr(signs, code.at[i], sizeof(signs) - 1))
            return false;
    return code.bytes > 0 && code.bytes <= CAUSE_CODE_BYTES;
}

static void check_texts(struct check *check, const struct cause *cause, size_t place)
{
    if (!is_code(cause->code))
        add(check, place, "code", "must be 1 to 40 of a-z, 0-9, - _ and .");
    if (cause->zh.bytes == 0 && cause->en.bytes == 0)
        add(check, place, "zh", "is missing: give a name in zh or en");
    if (utf8_count(cause->zh) > MAX_NAME)
        add(check, place, "zh", "is longer than 60 characters");
    if (utf8_count(cause->en) > MAX_NAME)
        add(check, place, "en", "is longer than 60 characters");
    if (utf8_count(cause->unit) > MAX_UNIT)
        add(check, place, "unit", "is longer than 100 characters");
}

/* Up to the first level within CAUSE_DEPTH; a circle never gets there. */
static void check_way(struct check *check, const struct cause_tree *tree, size_t place)
{
    const struct cause *cause = &tree->list[place];

    for (int level = 1; cause->parent.bytes > 0; level++) {
        const struct cause *parent = cause_find(tree, cause->parent);

        if (!parent) { /* told of that one */
            if (cause == &tree->list[place])
                add(check, place, "parent", "is no code of this tree");
            return;
        }
        if (parent->is_retired && !tree->list[place].is_retired) {
            add(check, place, "parent", "is retired: retire this one too, or put it elsewhere");
            return;
        }
        if (level == CAUSE_DEPTH) {
            add(check, place, "parent", "leads in a circle, or more than 6 levels down");
            return;
        }
        cause = parent;
    }
}

size_t cause_tree_check(const struct cause_tree *tree, struct cause_fault faults[CAUSE_FAULTS])
{
    struct check check = {faults, 0};

    if (tree->count > CAUSES_MAX) {
        add(&check, SIZE_MAX, "causes", "are more than 500");
        return check.count;
    }
    for (size_t i = 0; i < tree->count; i++) {
        check_texts(&check, &tree->list[i], i);
        if (cause_find(tree, tree->list[i].code) < &tree->list[i] && tree->list[i].code.bytes > 0)
            add(&check, i, "code", "stands twice");
        check_way(&check, tree, i);
    }
    return check.count;
}

size_t cause_tree_compare(const struct cause_tree *present, const struct cause_tree *next,
                          struct cause_fault faults[CAUSE_FAULTS])
{
    size_t count = 0;

    for (size_t i = 0; i < present->count && count < CAUSE_FAULTS; i++)
        if (!cause_find(next, present->list[i].code))
            faults[count++] = (struct cause_fault){
                .place = SIZE_MAX,
                .field = "causes",
                .why = "is missing: a code that was given stays; retire it instead",
                .code = present->list[i].code,
            };
    return count;
}
