/*
 * kehu.complaints.v1.ListPolicies: every version of a kind, or of all kinds, the built-in one last.
 */
#include "services/complaints/codec/codec_case_policy.h"
#include "services/complaints/handlers/handlers.h"

struct listing {
    struct case_policy_question question;
    struct policy_rows rows[CASE_POLICY_KINDS + 1]; /* by kind */
};

static enum flow answer(struct request *req);

static bool is_wanted(const struct listing *r, int kind)
{
    return r->question.kind == CASE_POLICY_NONE || (int)r->question.kind == kind;
}

enum flow handle_list_policies(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct policy_faults faults;
    enum status status = codec_get_case_list_policies(req->payload, req->payload_bytes, req->arena,
                                                      &r->question, &faults);

    if (status != OK)
        return policy_refuse_question(req, status, &faults);
    for (int kind = 1; kind <= CASE_POLICY_KINDS; kind++)
        if (is_wanted(r, kind))
            policy_list(req, case_policy_kinds.names[kind], &r->rows[kind]);
    return flow_wait(req, answer);
}

/* All versions of a kind to the end of the list. */
static enum status add_versions(struct request *req, int kind, struct case_policy *list,
                                size_t *count, uint32_t *version)
{
    const struct listing *r = req->state;
    enum status status = OK;

    for (size_t i = 0; !status && i <= r->rows[kind].count; i++) {
        *version = i < r->rows[kind].count ? r->rows[kind].list[i].version : 1;
        status = codec_case_policy_find(&r->rows[kind], (enum case_policy_kind)kind, *version,
                                        req->arena, &list[*count]);
        *count += !status;
    }
    return status;
}

static enum flow answer(struct request *req)
{
    const struct listing *r = req->state;
    size_t count = 0;

    for (int kind = 1; kind <= CASE_POLICY_KINDS; kind++)
        count += is_wanted(r, kind) ? r->rows[kind].count + 1 : 0;
    struct case_policy *list = arena_take_array(req->arena, count, sizeof(*list));

    count = 0;
    for (int kind = 1; list && kind <= CASE_POLICY_KINDS; kind++) {
        uint32_t version = 0;
        enum status status =
            is_wanted(r, kind) ? add_versions(req, kind, list, &count, &version) : OK;

        if (status)
            return policy_refuse_version(req, status, case_policy_kinds.names[kind], version);
    }
    return flow_reply(req, list ? codec_case_policy_list(list, count, req->arena) : NULL);
}
