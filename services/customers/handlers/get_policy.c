/*
 * kehu.customers.v1.GetPolicy: one version, or the one in force.
 */
#include "services/customers/handlers/handlers.h"
#include "services/customers/codec/codec_policy.h"

struct getting {
    struct codec_policy_question question;
    struct policy_rows rows;
};

static enum flow answer(struct request *req);

enum flow handle_get_policy(struct request *req)
{
    struct getting *r = request_state(req, sizeof(*r));
    struct policy_faults faults;
    enum status status =
        codec_get_get_policy(req->payload, req->payload_bytes, req->arena, &r->question, &faults);

    if (status != OK)
        return policy_refuse_question(req, status, &faults);
    policy_list(req, codec_policy_kind_name(r->question.kind), &r->rows);
    return flow_wait(req, answer);
}

static enum flow answer(struct request *req)
{
    struct getting *r = req->state;
    struct codec_policy policy;
    enum status status =
        codec_policy_find(&r->rows, r->question.kind, r->question.version, req->arena, &policy);

    if (status != OK)
        return policy_refuse_version(req, status, codec_policy_kind_name(r->question.kind),
                                     r->question.version);
    return flow_reply(req, codec_policy(&policy, req->arena));
}
