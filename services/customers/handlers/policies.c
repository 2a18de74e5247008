#include "services/customers/handlers/policies.h"

#include <inttypes.h>

enum flow policies_refuse_question(struct request *req, enum status status,
                                   const struct codec_policy_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        flow_violation(req, faults->list[i].field, "%s", faults->list[i].why);
    return flow_refuse(req, status, "the policy or the question about it is not right");
}

enum flow policies_refuse_version(struct request *req, enum status status,
                                  enum codec_policy_kind kind, uint32_t version)
{
    const char *name = codec_policy_kind_name(kind);

    switch (status) {
    case NOT_FOUND:
        return flow_refuse(req, status, "there is no version %" PRIu32 " of policy %s", version,
                           name);
    case RESOURCE_EXHAUSTED:
        return flow_refuse(req, status, "the documents of policy %s need too much memory", name);
    default:
        return flow_refuse(req, status, "a stored document of policy %s cannot be read", name);
    }
}
