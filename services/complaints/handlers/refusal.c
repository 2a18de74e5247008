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

void refusal_name_state(struct request *req, enum case_state state)
{
    flow_violation(req, "state", "is %s", case_state_label(state, TELLING_IS_EN));
}

enum flow refusal_of_state(struct request *req, enum case_state state, const char *why)
{
    bool may_reopen = state == CASE_CLOSED || state == CASE_CLOSED_UNCONFIRMED;

    refusal_name_state(req, state);
    return flow_refuse(req, FAILED_PRECONDITION, "the case is %s: %s%s",
                       case_state_label(state, TELLING_IS_EN), why,
                       may_reopen ? "; reopen it first" : "");
}
