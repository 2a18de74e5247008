#include "services/customers/handlers/staff_change.h"

#include <inttypes.h>

#include "common/audit.h"
#include "common/log.h"
#include "common/pure/uuid.h"

enum flow staff_change_refuse(struct request *req, enum status status,
                              const struct codec_staff_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        flow_violation(req, faults->list[i].field, "%s", faults->list[i].why);
    if (status == RESOURCE_EXHAUSTED)
        return flow_refuse_large(req);
    return flow_refuse(req, status, "the question about the staff directory is not right");
}

enum flow staff_change_refuse_unknown(struct request *req, const char *field, struct text who)
{
    flow_violation(req, field, "'%.*s' is nobody's code or id", (int)who.bytes, who.at);
    return flow_refuse(req, NOT_FOUND, "nobody of the staff directory has this code or id");
}

bool staff_change_is_expected(struct request *req, uint64_t expected, int64_t present,
                              enum flow *end)
{
    if (expected == 0 || expected == (uint64_t)present)
        return true;
    *end = flow_refuse(req, FAILED_PRECONDITION,
                       "the entry is at version %" PRId64 ", not %" PRIu64
                       ": read it again, then change it",
                       present, expected);
    return false;
}

bool staff_change_tell(struct request *req, const char *act, const struct staff *staff,
                       const char *detail)
{
    struct flow_packed event;
    char id[UUID_TEXT_BYTES];

    if (!flow_pack(req, codec_staff_changed(staff, req->arena), &event))
        return false;
    uuid_print(&staff->id, id);
    audit_add(req, act, id, detail);
    log_add(req, event.type, &staff->id, event.bytes, event.count);
    return true;
}
