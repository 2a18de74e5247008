/*
 * The columns of imports and all their names. A field of the dictionary is known by its name, its
 * English and its Chinese one without a row here; rows add what else people write above it.
 */
#include <string.h>

#include "common/pure/utf8.h"
#include "services/customers/domain/import.h"

#define NAME_BYTES 256 /* longer ones are no column's */

static const struct import_column customer_columns[] = {
    {"external_id", IMPORT_TARGET_EXTERNAL_ID, NULL, true,
     "id|externalid|customerid|客户编号|客户编码|客户代码|外部编号|编号|编码"},
    {"party_type", IMPORT_TARGET_PARTY, NULL, false, "type|类型|客户类型|往来类型"},
    {"nature", IMPORT_TARGET_NATURE, NULL, false, "性质|客户性质|单位或个人"},
    {"region", IMPORT_TARGET_REGION, NULL, false, "region code|区域|地区|片区|销售区域"},
};

static const struct import_column contact_columns[] = {
    {"customer", IMPORT_TARGET_CUSTOMER, NULL, true,
     "customer_ref|customer number|客户|客户编号|客户编码|客户号|所属客户"},
    {"name", IMPORT_TARGET_NAME, NULL, true, "contact|contact name|姓名|联系人|联系人姓名"},
    {"external_id", IMPORT_TARGET_EXTERNAL_ID, NULL, false,
     "id|contact id|联系人编号|联系人编码|外部编号|编号"},
    {"gender", IMPORT_TARGET_GENDER, NULL, false, "sex|性别"},
    {"salutation", IMPORT_TARGET_SALUTATION, NULL, false, "称呼|称谓"},
    {"title", IMPORT_TARGET_TITLE, NULL, false, "job title|position|职务|职位|岗位"},
    {"department", IMPORT_TARGET_DEPARTMENT, NULL, false, "部门"},
    {"role", IMPORT_TARGET_ROLE, NULL, false, "角色|联系人角色"},
    {"birthday", IMPORT_TARGET_BIRTHDAY, NULL, false, "birth date|date of birth|生日|出生日期"},
    {"is_key", IMPORT_TARGET_KEY, NULL, false, "key|key contact|关键联系人|重要联系人|是否关键"},
    {"mobile", IMPORT_TARGET_MOBILE, NULL, false, "cell|mobile phone|手机|手机号|手机号码"},
    {"phone", IMPORT_TARGET_PHONE, NULL, false,
     "telephone|tel|电话|电话号码|联系电话|办公电话|座机"},
    {"email", IMPORT_TARGET_EMAIL, NULL, false, "e-mail|mail|电子邮箱|邮箱|电子邮件"},
    {"wechat", IMPORT_TARGET_WECHAT, NULL, false, "weixin|微信|微信号"},
};

static const struct {
    const char *field, *names;
} fact_names[] = {
    {"name", "customer name|company|company name|客户名称|公司名称|单位名称|企业名称|姓名"},
    {"address", "地址|联系地址|注册地址|通讯地址"},
    {"phone", "telephone|tel|mobile|电话号码|联系电话|手机|手机号|手机号码"},
    {"email", "mail|邮箱|电子邮件"},
    {"legal_representative", "法人|法人代表"},
    {"credit_code", "tax number|信用代码|社会信用代码|税号|纳税人识别号"},
    {"staff_count", "employees|staff count|人数|职工人数"},
    {"turnover", "annual turnover|营业额|年销售额"},
    {"industry", "所属行业"},
    {"birth_date", "birthday|date of birth|生日"},
};

/* Half width small letters without what people put in for looks. */
static bool make_key(struct text name, char out[NAME_BYTES])
{
    struct utf8_writer writer;
    size_t at = 0;

    utf8_open(&writer, out, NAME_BYTES);
    while (at < name.bytes) {
        int32_t character = utf8_next(name, &at);

        if (character < 0)
            return false;
        character = utf8_lower(utf8_half_width(character));
        if (character != ' ' && character != '_' && character != '-' && character != '*' &&
            character != '\t' && character != 0xfeff && character != 0xa0)
            utf8_put(&writer, character);
    }
    return !writer.overflowed && writer.bytes > 0;
}

static bool is_same(const char *key, struct text name)
{
    char other[NAME_BYTES];

    return make_key(name, other) && strcmp(key, other) == 0;
}

/* The length of the first of the names. */
static size_t first_name(const char *names)
{
    size_t bytes = 0;

    while (names[bytes] && names[bytes] != '|')
        bytes++;
    return bytes;
}

static bool is_among(const char *key, const char *names)
{
    while (*names) {
        size_t bytes = first_name(names);

        if (is_same(key, (struct text){names, bytes}))
            return true;
        names += bytes + (names[bytes] == '|');
    }
    return false;
}

static const char *names_of_fact(const struct field *field)
{
    for (size_t i = 0; i < COUNT_OF(fact_names); i++)
        if (strcmp(fact_names[i].field, field->name) == 0)
            return fact_names[i].names;
    return "";
}

static struct import_column column_of_fact(const struct field *field)
{
    return (struct import_column){.field = field->name,
                                  .target = IMPORT_TARGET_FACT,
                                  .fact = field,
                                  .is_required = strcmp(field->name, "name") == 0,
                                  .names = names_of_fact(field)};
}

bool import_columns_at(enum import_kind kind, size_t place, struct import_column *out)
{
    const struct import_column *own =
        kind == IMPORT_KIND_CONTACTS ? contact_columns : customer_columns;
    size_t count =
        kind == IMPORT_KIND_CONTACTS ? COUNT_OF(contact_columns) : COUNT_OF(customer_columns);

    if (place < count) {
        *out = own[place];
        return true;
    }
    if (kind == IMPORT_KIND_CONTACTS || place - count >= fields_count)
        return false;
    *out = column_of_fact(&fields[place - count]);
    return true;
}

static bool is_called(const char *key, const struct import_column *column)
{
    const struct field *fact = column->fact;

    if (is_same(key, (struct text){column->field, strlen(column->field)}) ||
        is_among(key, column->names))
        return true;
    return fact && (is_same(key, (struct text){fact->english, strlen(fact->english)}) ||
                    is_same(key, (struct text){fact->chinese, strlen(fact->chinese)}));
}

bool import_columns_find(enum import_kind kind, struct text name, struct import_column *out)
{
    struct import_column column;
    char key[NAME_BYTES];

    if (!make_key(name, key))
        return false;
    for (size_t i = 0; import_columns_at(kind, i, &column); i++)
        if (is_called(key, &column)) {
            *out = column;
            return true;
        }
    return false;
}
