#include "services/customers/domain/export.h"

#include <string.h>

#include "services/customers/domain/fields.h"
#include "services/customers/domain/rights.h"

#define MOST 10000000

static const char *const kind_names[] = {"", "customers", "contacts"};

static const struct export_column customer_columns[] = {
    {"number", "customer number", "客户号"},
    {"external_id", "id", "客户编号"},
    {"party_type", "type", "类型"},
    {"nature", "nature", "性质"},
    {"region", "region", "区域"},
    {"counted_region", "region by orders", "按订单区域"},
    {"grade", "grade", "等级"},
    {"registered_on", "registered on", "建档日期"},
};
static const struct export_column contact_columns[] = {
    {"customer", "customer", "客户"},
    {"customer_name", "customer name", "客户名称"},
    {"name", "name", "姓名"},
    {"gender", "gender", "性别"},
    {"salutation", "salutation", "称呼"},
    {"title", "title", "职务"},
    {"department", "department", "部门"},
    {"role", "role", "角色"},
    {"birthday", "birthday", "生日"},
    {"is_key", "key contact", "关键联系人"},
    {"mobile", "mobile", "手机"},
    {"phone", "phone", "电话"},
    {"email", "e-mail", "电子邮箱"},
    {"wechat", "wechat", "微信"},
};

const char *export_kind_name(enum export_kind kind)
{
    return kind_names[kind];
}

enum export_kind export_kind_read(struct text name)
{
    for (int i = 1; i < (int)COUNT_OF(kind_names); i++)
        if (strlen(kind_names[i]) == name.bytes && memcmp(kind_names[i], name.at, name.bytes) == 0)
            return (enum export_kind)i;
    return EXPORT_KIND_NONE;
}

struct export_policy export_policy_standard(void)
{
    return (struct export_policy){500, 5000, 100000};
}

size_t export_policy_check(const struct export_policy *policy,
                           struct export_policy_fault out[EXPORT_POLICY_FAULTS])
{
    size_t count = 0;

    if (policy->daily_rows < 1 || policy->daily_rows > MOST)
        out[count++] = (struct export_policy_fault){"daily_rows", "must be 1 to 10000000"};
    if (policy->manager_daily_rows < policy->daily_rows || policy->manager_daily_rows > MOST)
        out[count++] = (struct export_policy_fault){
            "manager_daily_rows", "must be at least daily_rows and at most 10000000"};
    if (policy->key_daily_rows < 1 || policy->key_daily_rows > MOST)
        out[count++] = (struct export_policy_fault){"key_daily_rows", "must be 1 to 10000000"};
    return count;
}

int64_t export_left(const struct export_policy *policy, bool is_staff, unsigned roles, int64_t used)
{
    int64_t limit = policy->key_daily_rows;

    if (is_staff)
        limit = roles & ROLE_MANAGER ? policy->manager_daily_rows : policy->daily_rows;
    return limit > used ? limit - used : 0;
}

size_t export_columns(enum export_kind kind, struct export_column out[EXPORT_MAX_COLUMNS])
{
    size_t count = 0;

    if (kind == EXPORT_KIND_CONTACTS) {
        memcpy(out, contact_columns, sizeof(contact_columns));
        return COUNT_OF(contact_columns);
    }
    for (; count < COUNT_OF(customer_columns); count++)
        out[count] = customer_columns[count];
    for (size_t i = 0; i < fields_count && count < EXPORT_MAX_COLUMNS; i++)
        out[count++] = (struct export_column){fields[i].name, fields[i].english, fields[i].chinese};
    return count;
}
