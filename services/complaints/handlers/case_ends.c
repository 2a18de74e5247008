/*
 * kehu.complaints.v1.StartInvestigation, RejectCase, WithdrawCase, ReopenCase: moves with a reason
 * and nothing beside it. Cases end early from early states only; rejection is decided by another
 * than the handler, and the complainant is told of it.
 *
 *   decode  → the receipt, the case, the rules
 *   decide  → the move; one commit
 */
#include "services/complaints/codec/codec_case.h"
#include "services/complaints/codec/codec_case_handling.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/store/case_message.h"

struct ending {
    struct case_change change; /* first */
    struct codec_handling ask;
};

static enum flow investigate(struct request *req);
static enum flow reject(struct request *req);
static enum flow withdraw(struct request *req);
static enum flow reopen(struct request *req);

typedef enum status (*decode)(const uint8_t *payload, size_t bytes, struct arena *arena,
                              struct codec_handling *out, struct codec_faults *faults);

static enum flow begin(struct request *req, decode get, enum conduct_part part, flow_step decide)
{
    struct ending *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status = get(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version, part, decide);
}

enum flow handle_start_investigation(struct request *req)
{
    return begin(req, codec_get_investigate, CONDUCT_HANDLES, investigate);
}

enum flow handle_reject_case(struct request *req)
{
    enum flow next = begin(req, codec_get_reject, CONDUCT_DECIDES, reject);
    struct ending *r = req->state;

    if (next == FLOW_WAIT)
        case_change_ask_worked(req, &r->change);
    return next;
}

enum flow handle_withdraw_case(struct request *req)
{
    return begin(req, codec_get_withdraw, CONDUCT_HANDLES, withdraw);
}

enum flow handle_reopen_case(struct request *req)
{
    return begin(req, codec_get_reopen, CONDUCT_HANDLES, reopen);
}

static enum flow investigate(struct request *req)
{
    struct ending *r = req->state;
    enum flow end;

    if (!case_change_move(req, &r->change, CASE_INVESTIGATES, r->ask.reason, &end))
        return end;
    return case_change_commit(req, &r->change, r->ask.reason, "");
}

/* The notice: he gets the reason as a message; nobody can be told who is anonymous, and history is
 * silent. False: no memory. */
static bool tell_rejected(struct request *req, struct ending *r)
{
    const struct case_file *file = &r->change.found.file;
    struct case_message notice = {
        .case_id = file->id,
        .at_us = req->now_us,
        .text = r->ask.reason,
        .channel = "",
        .by = who_name(req),
        .has_delivery = true,
        .delivery = DELIVERY_WANTED,
    };

    if (file->is_anonymous || file->is_historic)
        return true;
    notice.id = r->change.made = request_new_id(req);
    if (r->ask.refer_to.bytes > 0) {
        char *text = arena_print(req->arena, "%.*s\n→ %.*s", (int)r->ask.reason.bytes,
                                 r->ask.reason.at, (int)r->ask.refer_to.bytes, r->ask.refer_to.at);

        if (!text)
            return false;
        notice.text =
            (struct text){text, r->ask.reason.bytes + r->ask.refer_to.bytes + sizeof("\n→ ") - 1};
    }
    case_message_add(req, &notice);
    return case_change_tell(
        req, &r->change,
        codec_case_message_wanted(file, &notice.id, "rejection", TEXT_OF(""), req->arena));
}

static enum flow reject(struct request *req)
{
    struct ending *r = req->state;
    enum flow end;

    if (!case_change_move(req, &r->change, CASE_REJECTS, r->ask.reason, &end))
        return end;
    if (!tell_rejected(req, r))
        return flow_refuse_large(req);
    return case_change_commit(req, &r->change, r->ask.reason, "");
}

static enum flow withdraw(struct request *req)
{
    struct ending *r = req->state;
    enum flow end;

    if (!case_change_move(req, &r->change, CASE_WITHDRAWS, r->ask.reason, &end))
        return end;
    return case_change_commit(req, &r->change, r->ask.reason, "");
}

static enum flow reopen(struct request *req)
{
    struct ending *r = req->state;
    enum flow end;

    if (!case_change_reopen(req, &r->change, r->ask.reason, &end))
        return end;
    return case_change_commit(req, &r->change, r->ask.reason, "");
}
