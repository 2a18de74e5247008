/*
 * The policy about how many rows may be exported in a day.
 */
#include "kehu/customers/v1/policies.pb-c.h"
#include "services/customers/codec/codec_policy.h"

void codec_policy_take_exports(ProtobufCMessage *document, struct codec_policy *out)
{
    Kehu__Customers__V1__ExportPolicy *policy = (Kehu__Customers__V1__ExportPolicy *)document;
    struct export_policy standard = export_policy_standard();

    if (!policy->daily_rows)
        policy->daily_rows = standard.daily_rows;
    if (!policy->manager_daily_rows)
        policy->manager_daily_rows = standard.manager_daily_rows;
    if (!policy->key_daily_rows)
        policy->key_daily_rows = standard.key_daily_rows;
    out->exports = (struct export_policy){policy->daily_rows, policy->manager_daily_rows,
                                          policy->key_daily_rows};
}

void codec_policy_check_exports(const struct codec_policy *policy, const char *path,
                                struct arena *arena, struct policy_faults *faults)
{
    struct export_policy_fault found[EXPORT_POLICY_FAULTS];
    size_t count = export_policy_check(&policy->exports, found);

    for (size_t i = 0; i < count; i++)
        policy_faults_add(faults, arena_print(arena, "%s.exports.%s", path, found[i].field),
                          found[i].why);
}
