/*
 * kehu.customers.v1.ComparePolicies: which fields two versions, or a version and a document not yet
 * applied, set differently.
 */
#include "services/customers/handlers/handlers.h"
#include "services/customers/codec/codec_policy.h"

struct comparing {
    struct codec_policy_question question;
    struct policy_rows rows;
};

static enum flow answer(struct request *req);

enum flow handle_compare_policies(struct request *req)
{
    struct comparing *r = request_state(req, sizeof(*r));
    struct policy_faults faults;
    enum status status = codec_get_compare_policies(req->payload, req->payload_bytes, req->arena,
                                                    &r->question, &faults);

    if (status != OK)
        return policy_refuse_question(req, status, &faults);
    policy_list(req, codec_policy_kind_name(r->question.kind), &r->rows);
    return flow_wait(req, answer);
}

static enum flow answer(struct request *req)
{
    struct comparing *r = req->state;
    const struct codec_policy_question *question = &r->question;
    struct codec_policy from, to = question->policy;
    enum status status =
        codec_policy_find(&r->rows, question->kind, question->version, req->arena, &from);

    if (status != OK)
        return policy_refuse_version(req, status, codec_policy_kind_name(question->kind),
                                     question->version);
    if (!question->has_document)
        status = codec_policy_find(&r->rows, question->kind, question->to_version, req->arena, &to);
    if (status != OK)
        return policy_refuse_version(req, status, codec_policy_kind_name(question->kind),
                                     question->to_version);
    return flow_reply(req, codec_policy_difference(&from, &to, req->arena));
}
