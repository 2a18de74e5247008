#include "services/customers/handlers/merges.h"

#include "common/command.h"
#include "common/log.h"

enum flow merges_refuse_question(struct request *req, enum status status,
                                 const struct codec_ask_fault *fault)
{
    if (status == RESOURCE_EXHAUSTED)
        return flow_refuse_large(req);
    flow_violation(req, fault->field, "%s", fault->why);
    return flow_refuse(req, status, "this cannot be done as asked");
}

enum flow merges_refuse_run(struct request *req)
{
    return flow_refuse(req, FAILED_PRECONDITION,
                       "a grade run is adding up figures and would count them twice or not at all: "
                       "try again when it has (ListGradeRuns tells)");
}

bool merges_tell(struct request *req, const struct merge_record *record,
                 const ProtobufCMessage *event)
{
    struct flow_packed packed;

    if (!flow_pack(req, event, &packed))
        return false;
    log_add(req, packed.type, &record->survivor, packed.bytes, packed.count);
    log_add(req, packed.type, &record->merged, packed.bytes, packed.count);
    return true;
}

enum flow merges_commit(struct request *req, const struct merge_record *record)
{
    struct merge_record kept = *record;

    kept.survivor_name = kept.merged_name = kept.reason = kept.undo_reason = TEXT_OF("");
    return command_commit_private(req, codec_merge(record, NULL, req->arena),
                                  codec_merge(&kept, NULL, req->arena));
}
