/*
 * The policy about how long personal values are kept.
 */
#include "kehu/customers/v1/policies.pb-c.h"
#include "services/customers/codec/codec_policy.h"

void codec_policy_take_retention(ProtobufCMessage *document, struct codec_policy *out)
{
    Kehu__Customers__V1__RetentionPolicy *policy = (Kehu__Customers__V1__RetentionPolicy *)document;
    struct retention_policy standard = retention_policy_standard();

    if (!policy->statutory_months)
        policy->statutory_months = standard.statutory_months;
    if (!policy->quiet_months)
        policy->quiet_months = standard.quiet_months;
    out->retention = (struct retention_policy){policy->statutory_months, policy->quiet_months,
                                               policy->erase_by_itself};
}

void codec_policy_check_retention(const struct codec_policy *policy, const char *path,
                                  struct arena *arena, struct policy_faults *faults)
{
    struct retention_policy_fault found[RETENTION_POLICY_FAULTS];
    size_t count = retention_policy_check(&policy->retention, found);

    for (size_t i = 0; i < count; i++)
        policy_faults_add(faults, arena_print(arena, "%s.retention.%s", path, found[i].field),
                          found[i].why);
}
