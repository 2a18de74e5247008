/*
 * kehu.customers.v1.MergeCustomers: the merged one becomes a tombstone, and what must change hands
 * does, each row written down for the undo.
 *
 *   decode  → the receipt, both files, whether a grade run adds up
 *   look    → facts and people of both, everything above the survivor, how deep the merged one is
 *   decide  → alias, moves, events to both subjects, one commit
 */
#include <string.h>

#include "common/audit.h"
#include "common/command.h"
#include "common/pure/uuid.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/merges.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/merge.h"
#include "services/customers/store/search.h"

struct merging {
    struct codec_merge_ask ask;
    struct command_receipt seen;
    struct file_row survivor, merged;
    struct merge_obstacle obstacle;
    struct scope_sight sights[2];
    struct merge_owned survivor_owned, merged_owned;
    struct file_chain above; /* of the survivor, with him */
    size_t height;           /* of the merged one's organisations, himself too */
    struct file_state joined;
    struct fields_score score;
};

static enum flow look(struct request *req);
static enum flow decide(struct request *req);

enum flow handle_merge_customers(struct request *req)
{
    struct merging *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status =
        codec_get_merge_customers(req->payload, req->payload_bytes, req->arena, &r->ask, &fault);

    if (status != OK)
        return merges_refuse_question(req, status, &fault);
    command_find(req, &r->seen);
    file_find(req, &r->ask.survivor, &r->survivor);
    file_find(req, &r->ask.merged, &r->merged);
    merge_find_obstacle(req, &r->obstacle);
    return flow_wait(req, look);
}

static enum flow refuse_missing(struct request *req, const struct merging *r)
{
    flow_violation(req, r->survivor.found ? "merged" : "survivor", "leads to no customer");
    return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
}

/* Named by a number that leads to another now. */
static void tell_merged(struct request *req, const char *field, const struct file_row *row)
{
    char asked[CUSTOMER_REF_NUMBER_BYTES], now[CUSTOMER_REF_NUMBER_BYTES];

    customer_ref_print_number(row->merged_from, asked);
    customer_ref_print_number(row->number, now);
    flow_violation(req, field, "%s is merged into %s already: name %s, or undo that merge first",
                   asked, now, now);
}

static enum flow refuse(struct request *req, const struct merging *r, enum merge_refusal refusal)
{
    switch (refusal) {
    case MERGE_FINE:
        break;
    case MERGE_ITSELF:
        flow_violation(req, "merged", "is the survivor himself: name two different customers");
        break;
    case MERGE_SURVIVOR_IS_MERGED:
        tell_merged(req, "survivor", &r->survivor);
        break;
    case MERGE_MERGED_IS_MERGED:
        tell_merged(req, "merged", &r->merged);
        break;
    case MERGE_ANONYMOUS:
        flow_violation(req, r->merged.state.party == FILE_PARTY_NONE ? "merged" : "survivor",
                       "stands for a region's sales without a customer: name a customer");
        break;
    case MERGE_ERASED:
        flow_violation(req, r->merged.is_erased ? "merged" : "survivor",
                       "is erased: an erased customer is merged with nobody");
        break;
    case MERGE_NATURES:
        flow_violation(req, "merged",
                       "is of nature %s, the survivor of nature %s: two customers "
                       "of one nature can be merged",
                       file_nature_name(r->merged.state.nature),
                       file_nature_name(r->survivor.state.nature));
        break;
    }
    return flow_refuse(req, FAILED_PRECONDITION, "these two cannot be merged");
}

static enum flow look(struct request *req)
{
    struct merging *r = req->state;
    struct file_row *rows[] = {&r->survivor, &r->merged};

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!r->survivor.found || !r->merged.found)
        return refuse_missing(req, r);
    if (r->obstacle.run_adds_up)
        return merges_refuse_run(req);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct facts *facts = &rows[i]->state.facts;

        facts->list = arena_take_array(req->arena, FIELDS_MAX, sizeof(*facts->list));
        if (!facts->list)
            return flow_refuse_large(req);
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        file_list_facts(req, &rows[i]->id, &rows[i]->state.facts);
        scope_look(req, &rows[i]->id, &r->sights[i]);
    }
    merge_find_owned(req, &r->survivor.id, &r->survivor_owned);
    merge_find_owned(req, &r->merged.id, &r->merged_owned);
    file_list_above(req, &r->survivor.id, &r->above);
    file_find_height(req, &r->merged.id, &r->height);
    return flow_wait(req, decide);
}

/* The organisations below the merged one will hang on the survivor. Right below him is fine: the
 * survivor takes his place. */
static bool hangs(struct request *req, const struct merging *r, enum flow *end)
{
    for (size_t i = 2; i < r->above.count; i++) {
        if (memcmp(&r->above.list[i].id, &r->merged.id, sizeof(struct id)) != 0)
            continue;
        flow_violation(req, "merged",
                       "stands above the survivor with organisations between them, "
                       "which would stand in a circle: move those first");
        *end = flow_refuse(req, FAILED_PRECONDITION, "these two cannot be merged");
        return false;
    }
    if (r->height <= 1 || r->above.count + r->height - 1 <= FILE_MAX_DEPTH)
        return true;
    flow_violation(req, "merged", "has organisations below it that would make more than %d levels",
                   FILE_MAX_DEPTH);
    *end = flow_refuse(req, FAILED_PRECONDITION, "these two cannot be merged");
    return false;
}

/* The survivor's file as it is with the facts of both. */
static bool join(struct request *req, struct merging *r)
{
    r->joined = r->survivor.state;
    r->joined.has_name = r->survivor.state.has_name || r->merged.state.has_name;
    r->joined.facts = (struct facts){
        .list = arena_take_array(req->arena, FIELDS_MAX, sizeof(*r->joined.facts.list))};
    if (!r->joined.facts.list)
        return false;
    merge_join_facts(&r->survivor.state.facts, &r->merged.state.facts, &r->joined.facts);
    r->score = file_score(&r->joined);
    return true;
}

/* False: no memory. */
static bool make(struct request *req, struct merging *r, struct merge_record *record)
{
    const struct merge_intervals *people = &r->merged_owned.intervals;
    bool *goes_on = arena_take_array(req->arena, people->count + 1, sizeof(*goes_on));
    bool is_looked_after = strcmp(r->survivor_owned.owner_state, "none") != 0;
    char detail[CUSTOMER_REF_NUMBER_BYTES], id[UUID_TEXT_BYTES];
    struct merge_making making = {
        .id = request_new_id(req),
        .survivor = &r->survivor,
        .merged = &r->merged,
        .survivor_owned = &r->survivor_owned,
        .merged_owned = &r->merged_owned,
        .goes_on = goes_on,
        .reason = r->ask.reason,
        .by = file_change_by(req),
        .score = &r->score,
    };

    if (!goes_on || !people->list || !r->survivor_owned.intervals.list)
        return false;
    memset(goes_on, 0, people->count + 1);
    if (is_looked_after)
        making.is_owned = merge_owners(&r->survivor_owned.intervals, people, goes_on);
    merge_make(req, &making);
    if (!r->survivor.state.has_name && r->merged.state.has_name)
        search_offer_name(req, &r->survivor.id, r->merged.name);
    *record = (struct merge_record){
        .id = making.id,
        .survivor = r->survivor.id,
        .survivor_number = r->survivor.number,
        .survivor_name = r->survivor.state.has_name ? r->survivor.name : r->merged.name,
        .merged = r->merged.id,
        .merged_number = r->merged.number,
        .merged_name = r->merged.name,
        .reason = making.reason,
        .made_at_us = req->now_us,
        .made_by = (struct text){making.by, strlen(making.by)},
    };
    uuid_print(&r->survivor.id, id);
    customer_ref_print_number(r->merged.number, detail);
    audit_add(req, "merge customers", id, detail);
    return merges_tell(req, record, codec_customers_merged(record, req->arena));
}

/* Those between which nobody may have put the merged one meanwhile; the two themselves are locked.
 */
static void guard_above(struct request *req, const struct merging *r)
{
    for (size_t i = 1; i < r->above.count; i++) {
        const struct file_chain one = {&r->above.list[i], 1};

        if (memcmp(&one.list->id, &r->merged.id, sizeof(struct id)) != 0)
            file_guard_chain(req, &one);
    }
}

static enum flow decide(struct request *req)
{
    struct merging *r = req->state;
    enum merge_refusal refusal = merge_check(&r->survivor, &r->merged);
    struct merge_record record;
    enum flow end;

    for (size_t i = 0; i < COUNT_OF(r->sights); i++)
        if (!scope_admits(req, &r->sights[i], &end))
            return end;
    if (refusal != MERGE_FINE)
        return refuse(req, r, refusal);
    if (!hangs(req, r, &end))
        return end;
    if (!join(req, r) || !make(req, r, &record))
        return flow_refuse_large(req);
    guard_above(req, r);
    return merges_commit(req, &record);
}
