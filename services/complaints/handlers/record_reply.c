/*
 * kehu.complaints.v1.RecordReply: what the complainant says of his case. It joins the open one,
 * reopens the closed one within the days of the policy, and is a case of its own later, which
 * recurs (row 14). Of a duplicate it is said to the case that it was merged into.
 *
 *   decode  → the receipt, the case, what it repeats, the rules
 *   judge   → again with the case it went to; or a number for a new one
 *   decide  → the message, the move, or the new case; one commit
 */
#include "common/audit.h"
#include "common/pure/uuid.h"
#include "services/complaints/codec/codec_case.h"
#include "services/complaints/handlers/case_heard.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"

#define FOLLOWED_MAX 5 /* duplicates of duplicates */

struct replying {
    struct case_change change; /* first */
    struct codec_words ask;
    uint32_t followed;
    struct openings_one one;
    struct openings_set set;
};

static enum flow judge(struct request *req);
static enum flow open_new(struct request *req);

static enum flow find(struct request *req, const char *ref)
{
    struct replying *r = req->state;
    enum flow next;

    r->change =
        (struct case_change){.weighs = true, .is_beyond_sight = true, .admits_forgotten = true};
    next = case_change_find(req, &r->change, ref, 0, CONDUCT_CALLS, judge);
    if (next == FLOW_WAIT)
        case_change_ask_worked(req, &r->change);
    return next;
}

enum flow handle_record_reply(struct request *req)
{
    struct replying *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status = codec_get_record_reply(req->payload, req->payload_bytes, req->now_us,
                                                req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return find(req, r->ask.ref);
}

static enum flow follow(struct request *req)
{
    struct replying *r = req->state;
    char *ref = arena_take(req->arena, UUID_TEXT_BYTES);

    if (!ref)
        return flow_refuse_large(req);
    if (r->followed++ == FOLLOWED_MAX)
        return flow_refuse(req, FAILED_PRECONDITION,
                           "the case was merged on and on: name the one that is worked on");
    case_clock_put(req, &r->change.found.clocks); /* what rang */
    uuid_print(&r->change.found.file.duplicate_of, ref);
    return find(req, ref);
}

static enum flow judge(struct request *req)
{
    struct replying *r = req->state;
    enum joining joining = case_heard_judge(req, &r->change, r->ask.at_us);
    enum flow end;

    if (r->ask.at_us < r->change.found.file.submitted_us) {
        flow_violation(req, "at", "is before the case was submitted");
        return flow_refuse(req, INVALID_ARGUMENT, "a reply to a case comes after it");
    }
    if (joining == JOINING_FOLLOWS)
        return follow(req);
    if (joining != JOINING_RECURS) {
        if (!case_heard_reply(req, &r->change, &r->ask, joining, &end))
            return end;
        return case_change_commit(req, &r->change, TEXT_OF(""), r->ask.channel);
    }
    if (!case_heard_open(req, &r->change, &r->ask, &r->one))
        return flow_refuse_large(req);
    r->set = (struct openings_set){
        .list = &r->one, .count = 1, .by = who_name(req), .rules = r->change.rules};
    openings_draw(req, &r->set);
    return flow_wait(req, open_new);
}

static enum flow open_new(struct request *req)
{
    struct replying *r = req->state;
    const struct codec_case_reply reply = {.file = &r->one.file, .version = 1};
    char id[UUID_TEXT_BYTES];

    if (!openings_make(req, &r->set))
        return flow_refuse_large(req);
    if (!case_heard_leave(req, &r->change, r->one.file.number) ||
        !case_change_save(req, &r->change) || !openings_put(req, &r->set, 0, false))
        return flow_refuse_large(req);
    uuid_print(&r->one.file.id, id);
    audit_add(req, "open case", id, "recurs");
    return command_commit(req, codec_case_reply(&reply, req->arena));
}
