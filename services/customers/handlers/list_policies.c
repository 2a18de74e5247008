/*
 * kehu.customers.v1.ListPolicies: every version of a kind, or of all kinds, the built-in one last.
 */
#include "services/customers/handlers/handlers.h"
#include "services/customers/codec/codec_policy.h"

struct listing {
    struct codec_policy_question question;
    struct policy_rows rows[CODEC_POLICY_KINDS]; /* of kind i + 1 */
};

static enum flow answer(struct request *req);

static bool is_wanted(const struct listing *r, int i)
{
    return r->question.kind == CODEC_POLICY_NONE || (int)r->question.kind == i + 1;
}

enum flow handle_list_policies(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct policy_faults faults;
    enum status status = codec_get_list_policies(req->payload, req->payload_bytes, req->arena,
                                                 &r->question, &faults);

    if (status != OK)
        return policy_refuse_question(req, status, &faults);
    for (int i = 0; i < CODEC_POLICY_KINDS; i++)
        if (is_wanted(r, i))
            policy_list(req, codec_policy_kind_name((enum codec_policy_kind)(i + 1)), &r->rows[i]);
    return flow_wait(req, answer);
}

static enum flow answer(struct request *req)
{
    struct listing *r = req->state;
    size_t count = 0;

    for (int i = 0; i < CODEC_POLICY_KINDS; i++)
        count += is_wanted(r, i) ? r->rows[i].count + 1 : 0;
    struct codec_policy *list = arena_take_array(req->arena, count, sizeof(*list));

    count = 0;
    for (int i = 0; list && i < CODEC_POLICY_KINDS; i++) {
        enum codec_policy_kind kind = (enum codec_policy_kind)(i + 1);

        for (size_t n = 0; is_wanted(r, i) && n <= r->rows[i].count; n++) {
            uint32_t version = n < r->rows[i].count ? r->rows[i].list[n].version : 1;
            enum status status =
                codec_policy_find(&r->rows[i], kind, version, req->arena, &list[count++]);

            if (status != OK)
                return policy_refuse_version(req, status, codec_policy_kind_name(kind), version);
        }
    }
    return flow_reply(req, list ? codec_policy_list(list, count, req->arena) : NULL);
}
