/*
 * kehu.complaints.v1.CloseCase: closed when every condition of its kind is fulfilled, or
 * unconfirmed when he was tried to be reached often enough; else the answer lists what is open.
 */
#include "services/complaints/codec/codec_case_learning.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"

struct closing {
    struct case_change change; /* first */
    struct codec_case_step ask;
};

static enum flow decide(struct request *req);

enum flow handle_close_case(struct request *req)
{
    struct closing *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_close(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, CONDUCT_DECIDES,
                            decide);
}

static enum flow decide(struct request *req)
{
    struct closing *r = req->state;
    enum case_act act =
        r->change.after.state == CASE_CONFIRMATION_DUE ? CASE_CLOSES_UNCONFIRMED : CASE_CLOSES;
    enum flow end;

    if (!case_change_close(req, &r->change, act, r->ask.reason, &end))
        return end;
    return case_change_commit(req, &r->change, r->ask.reason, "");
}
