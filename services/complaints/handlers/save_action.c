/*
 * kehu.complaints.v1.SaveAction: what is done so that it does not happen again (R71): with owner
 * and date, timed by a clock of its own, verified by another than its owner, or moved to an
 * improvement item.
 *
 *   decode  → the receipt, the case, the rules, owner and verifier, the improvement item
 *   look    → the action as it stands
 *   decide  → the row, its clock; one commit
 */
#include <string.h>

#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/complaints/codec/codec_case_part.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/case_parts.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"

struct saving {
    struct case_change change; /* first */
    struct codec_part ask;
    struct colleague owner, verifier;
    struct case_part_improvement improvement;
    struct case_part_found known;
};

static enum flow look(struct request *req);
static enum flow decide(struct request *req);

enum flow handle_save_action(struct request *req)
{
    struct saving *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_action(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);
    enum flow next;

    if (status)
        return refusal_of_faults(req, status, &faults);
    r->change.admits_forgotten = true;
    next = case_change_find(req, &r->change, r->ask.ref, 0, CONDUCT_HANDLES, look);
    if (next != FLOW_WAIT)
        return next;
    case_parts_ask_colleague(req, r->ask.action.owner, &r->owner);
    case_parts_ask_colleague(req, r->ask.action.verified_by, &r->verifier);
    if (!uuid_is_none(&r->ask.action.improvement))
        case_part_find_improvement(req, &r->ask.action.improvement, &r->improvement);
    return next;
}

static enum flow look(struct request *req)
{
    struct saving *r = req->state;

    case_part_find_action(req, &r->change.found.file.id, &r->ask.action.id, &r->known);
    return flow_wait(req, decide);
}

static bool check_improvement(struct request *req, const struct saving *r, enum flow *end)
{
    if (uuid_is_none(&r->ask.action.improvement))
        return true;
    if (!r->improvement.found)
        flow_violation(req, "action.improvement_id",
                       "is no improvement item: SaveImprovement makes one");
    else if (!improvement_may_take(&r->improvement.improvement))
        flow_violation(req, "action.improvement_id",
                       "has no owner or no date: give it both with SaveImprovement first");
    else
        return true;
    *end = flow_refuse(req, FAILED_PRECONDITION,
                       "an action is moved to an improvement item with owner and date");
    return false;
}

static bool check(struct request *req, const struct saving *r, const struct case_action *after,
                  enum flow *end)
{
    const struct case_change *change = &r->change;
    struct case_part_fault faults[CASE_PART_FAULTS];
    int32_t today = zone_day(&req->service->zone, req->now_us);

    return case_parts_check_known(req, "action.action_id", r->ask.is_new, &r->known, end) &&
           case_parts_check_state(req, change, r->ask.is_new, end) &&
           case_parts_check_faults(
               req, "action", faults,
               case_action_check(after, change->after.kind, r->ask.is_new, today, faults), end) &&
           case_parts_check_colleague(req, change, "action.owner", r->ask.action.owner, &r->owner,
                                      end) &&
           case_parts_check_colleague(req, change, "action.verified_by", r->ask.action.verified_by,
                                      &r->verifier, end) &&
           check_improvement(req, r, end);
}

/* The clock follows the action: its date, its verification, its move to an improvement item. */
static void time_action(struct request *req, struct saving *r, const struct case_action *after)
{
    struct case_change *change = &r->change;
    struct clock_rows *clocks = &change->found.clocks;
    const struct case_action *known = &r->known.action;
    bool was_open = r->known.found && case_action_is_open(known);

    if (case_action_is_open(after)) {
        if (!was_open || known->due_day != after->due_day)
            case_clocks_set_action(req, &change->after, &change->rules, &after->id, after->due_day,
                                   clocks);
    } else if (was_open) {
        case_clocks_end_action(req, &after->id, after->verified_day != CASE_PART_NO_DAY, clocks);
    }
}

static struct text code_of(const struct colleague *person, struct text otherwise)
{
    return person->found ? (struct text){person->code, strlen(person->code)} : otherwise;
}

static enum flow decide(struct request *req)
{
    struct saving *r = req->state;
    struct case_change *change = &r->change;
    struct case_standing *standing = &change->found.standing;
    const char *by = who_name(req);
    bool was_open = r->known.found && case_action_is_open(&r->known.action);
    struct case_action told = r->ask.action, after;
    enum flow end;

    told.owner = code_of(&r->owner, told.owner);
    told.verified_by = code_of(&r->verifier, told.verified_by);
    after = case_action_apply(&r->known.action, &told, (struct text){by, strlen(by)},
                              zone_day(&req->service->zone, req->now_us));
    after.text = case_parts_words(change, after.text);
    if (!check(req, r, &after, &end))
        return end;
    change->made = after.id = r->ask.is_new ? request_new_id(req) : r->ask.action.id;
    time_action(req, r, &after);
    standing->actions += r->ask.is_new;
    standing->open_actions += (uint32_t)case_action_is_open(&after) - (uint32_t)was_open;
    case_part_put_action(req, &change->after.id, &after);
    change->act_name = after.verified_day != CASE_PART_NO_DAY ? "action_verified"
                       : case_action_is_open(&after)          ? "action"
                                                              : "action_moved";
    return case_change_commit(req, change, TEXT_OF(""), case_action_kinds[after.kind]);
}
