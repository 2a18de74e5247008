/*
 * kehu.complaints.v1.OpenComplaint: a case is recorded, day and night, or what is said joins the
 * open case that it belongs to.
 *
 *   decode  → wait for who complains, and about what
 *   ask     → the receipt, the customer, the reference elsewhere, the rules
 *   look    → what it may belong to, and repeat
 *   place   → a number; or the case that it joins
 *   decide  → row, clocks, queue, history, events; one commit with the answer
 */
#include "common/audit.h"
#include "common/command.h"
#include "common/pure/uuid.h"
#include "services/complaints/codec/codec_case.h"
#include "services/complaints/codec/codec_opening.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/openings_join.h"
#include "services/complaints/handlers/refusal.h"

struct opening_case {
    struct opening opening;
    struct command_receipt seen;
    struct openings_one one;
    struct openings_set set;
    struct case_heard heard; /* what is said to the case that it joins */
};

static enum flow ask(struct request *req);
static enum flow look(struct request *req);
static enum flow place(struct request *req);
static enum flow decide(struct request *req);
static enum flow join(struct request *req);

enum flow handle_open_complaint(struct request *req)
{
    struct opening_case *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    uint64_t hashes[OPENINGS_HASHES];
    enum status status = codec_get_open_complaint(req->payload, req->payload_bytes, req->now_us,
                                                  req->arena, &r->opening, &faults);
    size_t count;

    if (status)
        return refusal_of_faults(req, status, &faults);
    r->one.opening = &r->opening;
    r->set = (struct openings_set){.list = &r->one, .count = 1, .by = who_name(req)};
    count = openings_hash(&r->opening, hashes);
    return count > 0 ? flow_hold(req, hashes, count, ask) : flow_go(req, ask);
}

static enum flow ask(struct request *req)
{
    struct opening_case *r = req->state;

    command_find(req, &r->seen);
    openings_ask(req, &r->set);
    return flow_wait(req, look);
}

static enum flow look(struct request *req)
{
    struct opening_case *r = req->state;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    openings_look(req, &r->set);
    return flow_wait(req, place);
}

static enum flow place(struct request *req)
{
    struct opening_case *r = req->state;

    openings_sort(req, &r->set);
    if (r->one.field) {
        flow_violation(req, r->one.field, "%s", r->one.why);
        return flow_refuse(req, FAILED_PRECONDITION, "%s %s", r->one.field, r->one.why);
    }
    if (openings_is_joined(&r->one)) {
        if (!openings_hear(req, &r->one, &r->heard))
            return flow_refuse_large(req);
        case_heard_ask(req, &r->heard, 1);
        return flow_wait(req, join);
    }
    openings_draw(req, &r->set);
    return flow_wait(req, decide);
}

static void audit(struct request *req, const char *act, const struct case_file *file)
{
    char id[UUID_TEXT_BYTES];

    uuid_print(&file->id, id);
    audit_add(req, act, id, "");
}

static enum flow decide(struct request *req)
{
    struct opening_case *r = req->state;
    const struct codec_case_reply reply = {
        .file = &r->one.file,
        .version = 1,
        .possible = r->one.possible,
        .possible_count = r->one.possible_count,
        .is_new = true,
    };

    if (!openings_make(req, &r->set) || !openings_put(req, &r->set, 0, false))
        return flow_refuse_large(req);
    audit(req, "open case", &r->one.file);
    return command_commit(req, codec_case_reply(&reply, req->arena));
}

static enum flow join(struct request *req)
{
    struct opening_case *r = req->state;
    struct codec_case_reply reply = {.is_joined = true};
    enum flow end;

    if (openings_has_lost(req, &r->heard))
        return flow_again(req);
    if (!case_heard_put(req, &r->heard, 1, &end))
        return end;
    reply.file = &r->heard.change->after;
    reply.version = r->heard.change->found.file.version + !r->heard.change->keeps_row;
    return command_commit(req, codec_case_reply(&reply, req->arena));
}
