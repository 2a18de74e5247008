/*
 * kehu.customers.v1.UndoMerge: the tombstone stands up again, and gets back what is still as the
 * merge left it.
 *
 *   decode  → the receipt, the merge, whether a grade run adds up
 *   look    → whether the survivor is within the scope
 *   admit   → both files, the survivor's facts without the merged one's, the merged one's own
 *   decide  → alias, moves, search row, timers, events to both subjects, one commit
 */
#include <string.h>

#include "common/audit.h"
#include "common/command.h"
#include "common/pure/uuid.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/file_search.h"
#include "services/customers/handlers/grades.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/merges.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/merge.h"

struct undoing {
    struct codec_merge_which which;
    struct command_receipt seen;
    struct merge_record merge;
    struct merge_obstacle obstacle;
    struct scope_sight sight;
    struct file_row survivor;
    struct merge_tombstone tombstone;
    struct fields_score score;
};

static enum flow look(struct request *req);
static enum flow admit(struct request *req);
static enum flow decide(struct request *req);

enum flow handle_undo_merge(struct request *req)
{
    struct undoing *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status =
        codec_get_undo_merge(req->payload, req->payload_bytes, req->arena, &r->which, &fault);

    if (status != OK)
        return merges_refuse_question(req, status, &fault);
    command_find(req, &r->seen);
    merge_find(req, &r->which.id, &r->which.merged, &r->merge);
    merge_find_obstacle(req, &r->obstacle);
    return flow_wait(req, look);
}

static enum flow refuse_undone(struct request *req, const struct merge_record *merge)
{
    char number[CUSTOMER_REF_NUMBER_BYTES];

    customer_ref_print_number(merge->merged_number, number);
    return flow_refuse(req, FAILED_PRECONDITION, "the merge of %s is undone already, by %.*s",
                       number, (int)merge->undone_by.bytes, merge->undone_by.at);
}

static enum flow refuse_later(struct request *req, const struct merge_record *merge)
{
    char survivor[CUSTOMER_REF_NUMBER_BYTES], into[CUSTOMER_REF_NUMBER_BYTES];

    customer_ref_print_number(merge->survivor_number, survivor);
    customer_ref_print_number(merge->survivor_merged_into, into);
    return flow_refuse(req, FAILED_PRECONDITION,
                       "%s, the survivor, is merged into %s himself: undo that merge first",
                       survivor, into);
}

static enum flow look(struct request *req)
{
    struct undoing *r = req->state;
    const struct merge_record *merge = &r->merge;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!merge->found)
        return flow_refuse(req, NOT_FOUND, "there is no such merge: ListMerges shows them");
    scope_look(req, &merge->survivor, &r->sight);
    return flow_wait(req, admit);
}

/* Nobody who may not see the survivor is told of the merge. */
static enum flow admit(struct request *req)
{
    struct undoing *r = req->state;
    const struct merge_record *merge = &r->merge;
    const struct customer_question survivor = {.kind = CUSTOMER_REF_ID, .id = merge->survivor};
    enum flow end;

    if (!scope_admits(req, &r->sight, &end))
        return end;
    if (merge->undone_at_us)
        return refuse_undone(req, merge);
    if (merge->survivor_merged_into)
        return refuse_later(req, merge);
    if (merge->is_erased)
        return flow_refuse(req, FAILED_PRECONDITION,
                           "one of the two is restricted or erased since: lift the restriction "
                           "first; of who is erased nothing is left to give back");
    if (r->obstacle.run_adds_up)
        return merges_refuse_run(req);
    r->survivor.state.facts.list =
        arena_take_array(req->arena, FIELDS_MAX, sizeof(*r->survivor.state.facts.list));
    r->tombstone.state.facts.list =
        arena_take_array(req->arena, FIELDS_MAX, sizeof(*r->tombstone.state.facts.list));
    if (!r->survivor.state.facts.list || !r->tombstone.state.facts.list)
        return flow_refuse_large(req);
    file_find(req, &survivor, &r->survivor);
    file_list_facts_without(req, &merge->survivor, &merge->merged, &merge->id,
                            &r->survivor.state.facts);
    file_list_facts(req, &merge->merged, &r->tombstone.state.facts);
    merge_find_tombstone(req, &merge->merged, &r->tombstone);
    return flow_wait(req, decide);
}

/* What waited for a day of his while he was a tombstone found nobody. */
static void arm(struct request *req, const struct undoing *r)
{
    const struct merge_tombstone *tombstone = &r->tombstone;

    if (tombstone->override_until != FILE_NO_DAY)
        grades_arm(req, GRADES_OVERRIDE_TIMER, &r->merge.merged, tombstone->override_until);
    if (tombstone->held_until != FILE_NO_DAY)
        grades_arm(req, GRADES_HOLD_TIMER, &r->merge.merged, tombstone->held_until);
}

static enum flow decide(struct request *req)
{
    struct undoing *r = req->state;
    struct merge_record *merge = &r->merge;
    char detail[CUSTOMER_REF_NUMBER_BYTES], id[UUID_TEXT_BYTES];

    r->score = file_score(&r->survivor.state);
    const struct merge_undoing undoing = {
        .merge = merge,
        .by = file_change_by(req),
        .reason = r->which.reason,
        .survivor_file_version = r->survivor.file_version,
        .score = &r->score,
    };

    merge_undo(req, &undoing);
    file_search_put(req, &merge->merged, merge->merged_name, &r->tombstone.state);
    arm(req, r);
    merge->undone_at_us = req->now_us;
    merge->undone_by = (struct text){undoing.by, strlen(undoing.by)};
    merge->undo_reason = undoing.reason;
    uuid_print(&merge->survivor, id);
    customer_ref_print_number(merge->merged_number, detail);
    audit_add(req, "undo merge", id, detail);
    if (!merges_tell(req, merge, codec_merge_undone(merge, req->arena)))
        return flow_refuse_large(req);
    return merges_commit(req, merge);
}
