#include "services/complaints/handlers/refusal.h"

enum flow refusal_of_faults(struct request *req, enum status status,
                            const struct codec_faults *faults)
{
    if (status == RESOURCE_EXHAUSTED)
        return flow_refuse_large(req);
    for (size_t i = 0; i < faults->count; i++)
        flow_violation(req, faults->list[i].field, "%s", faults->list[i].why);
    return flow_refuse(req, status, "the message is not right: %s %s",
                       faults->count > 0 ? faults->list[0].field : "it",
                       faults->count > 0 ? faults->list[0].why : "cannot be read");
}
