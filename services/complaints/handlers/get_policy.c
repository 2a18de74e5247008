/*
 * kehu.complaints.v1.GetPolicy: one version, or the one in force.
 */
#include "services/complaints/codec/codec_case_policy.h"
#include "services/complaints/handlers/handlers.h"

struct getting {
    struct case_policy_question question;
    struct policy_rows rows;
};

static enum flow answer(struct request *req);

enum flow handle_get_policy(struct request *req)
{
    struct getting *r = request_state(req, sizeof(*r));
    struct policy_faults faults;
    enum status status = codec_get_case_get_policy(req->payload, req->payload_bytes, req->arena,
                                                   &r->question, &faults);

    if (status != OK)
        return policy_refuse_question(req, status, &faults);
    policy_list(req, case_policy_kinds.names[r->question.kind], &r->rows);
    return flow_wait(req, answer);
}

static enum flow answer(struct request *req)
{
    struct getting *r = req->state;
    enum case_policy_kind kind = r->question.kind;
    uint32_t version = r->question.version ? r->question.version
                                           : codec_case_policy_in_force(&r->rows, req->now_us);
    struct case_policy policy;
    enum status status = codec_case_policy_find(&r->rows, kind, version, req->arena, &policy);

    if (status != OK)
        return policy_refuse_version(req, status, case_policy_kinds.names[kind], version);
    return flow_reply(req, codec_case_policy(&policy, req->arena));
}
