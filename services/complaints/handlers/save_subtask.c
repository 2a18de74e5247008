/*
 * kehu.complaints.v1.SaveSubtask: what a department is to do for a case, until when, and what came
 * of it (R66). Who owes it records its result, also when the case is otherwise not his to see.
 *
 *   decode  → the receipt, the case, the rules, the owner
 *   look    → the sub-task as it stands
 *   decide  → the row; one commit
 */
#include <string.h>

#include "common/service.h"
#include "services/complaints/codec/codec_case_part.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/case_parts.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"

struct saving {
    struct case_change change; /* first */
    struct codec_part ask;
    struct colleague owner;
    struct case_part_found known;
};

static enum flow look(struct request *req);
static enum flow decide(struct request *req);

enum flow handle_save_subtask(struct request *req)
{
    struct saving *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status = codec_get_subtask(req->payload, req->payload_bytes, req->now_us,
                                           req->arena, &r->ask, &faults);
    enum flow next;

    if (status)
        return refusal_of_faults(req, status, &faults);
    r->change.admits_owers = true;
    r->change.admits_forgotten = true;
    next = case_change_find(req, &r->change, r->ask.ref, 0, CONDUCT_HANDLES, look);
    if (next == FLOW_WAIT)
        case_parts_ask_colleague(req, r->ask.subtask.owner, &r->owner);
    return next;
}

static enum flow look(struct request *req)
{
    struct saving *r = req->state;

    case_part_find_subtask(req, &r->change.found.file.id, &r->ask.subtask.id, &r->known);
    return flow_wait(req, decide);
}

/* Of a case that is not his to see only what he owes himself: its result, no other owner. */
static bool check_ower(struct request *req, const struct saving *r, enum flow *end)
{
    const struct case_subtask *told = &r->ask.subtask, *known = &r->known.subtask;
    bool is_his = r->known.found && case_parts_is_his(req, known->owner, known->unit);
    bool is_result = told->owner.bytes == 0 && told->unit.bytes == 0 && told->text.bytes == 0 &&
                     told->due_us == 0;

    if (r->change.found.is_seen || (is_his && is_result))
        return true;
    *end = flow_refuse(req, PERMISSION_DENIED,
                       "the case exists and is outside of what you may see; of what you owe for it "
                       "you may record the result");
    return false;
}

static enum flow decide(struct request *req)
{
    struct saving *r = req->state;
    struct case_change *change = &r->change;
    struct case_standing *standing = &change->found.standing;
    const char *by = who_name(req);
    struct case_subtask after = case_subtask_apply(&r->known.subtask, &r->ask.subtask,
                                                   (struct text){by, strlen(by)}, req->now_us);
    bool was_open = r->known.found && r->known.subtask.done_us == 0;
    bool is_open = after.done_us == 0;
    struct case_part_fault faults[CASE_PART_FAULTS];
    enum flow end;

    after.text = case_parts_words(change, after.text);
    if (after.result.bytes > 0)
        after.result = case_parts_words(change, after.result);
    if (!check_ower(req, r, &end) ||
        !case_parts_check_known(req, "subtask.subtask_id", r->ask.is_new, &r->known, &end) ||
        !case_parts_check_state(req, change, r->ask.is_new, &end) ||
        !case_parts_check_faults(req, "subtask", faults,
                                 case_subtask_check(&after, req->now_us, faults), &end) ||
        !case_parts_check_colleague(req, change, "subtask.owner", r->ask.subtask.owner, &r->owner,
                                    &end))
        return end;
    if (r->owner.found)
        after.owner = (struct text){r->owner.code, strlen(r->owner.code)};
    change->made = after.id = r->ask.is_new ? request_new_id(req) : r->ask.subtask.id;
    standing->open_subtasks += (uint32_t)is_open - (uint32_t)was_open;
    case_part_put_subtask(req, &change->after.id, &after);
    change->act_name = is_open ? "subtask" : "subtask_done";
    return case_change_commit(req, change, TEXT_OF(""), "");
}
