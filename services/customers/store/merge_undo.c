/*
 * The writes of an undo: what merge_change says was moved goes back where nobody has changed it
 * since, and was_returned says so. People are given back after everything of the same turn that
 * lets somebody leave (rank 100): who left meanwhile gets nobody back, the rules find another.
 */
#include "common/service.h"
#include "services/customers/store/merge.h"

enum {
    LOCK,
    UNDO,
    REMOVE_ALIAS,
    RAISE,
    SHRINK,
    RETURN_BELOW,
    RETURN_LINKS,
    RETURN_CHAIN,
    RETURN_DECISIONS,
    RETURN_NEEDS,
    RETURN_ENTITLEMENTS,
    RETURN_DEALER_MANAGERS,
    RETURN_DEALER_MEMOS,
    RETURN_DEALER_SCORES,
    RETURN_DEALER_GIVE_UPS,
    RETURN_DEALER,
    REMOVE_OWNERS,
    RETURN_OWNERS,
    RETURN_HANDOVERS,
    RETURN_TO_POOL,
    SETTLE_MERGED,
    SETTLE_SURVIVOR,
    END,
    HIDE_NAMELESS,
    FORGET_FORMER,
};

/* Parameters of what returns: 1 merge, 2 survivor, 3 merged. */
#define RETURN_PARAMS                                                                              \
    {                                                                                              \
        PG_ID, PG_ID, PG_ID                                                                        \
    }
/* Rows that were moved and are the survivor's still; `key` as in merge_make.c. */
#define RETURN(table, key, more)                                                                   \
    "with back as (update " table " t set customer_id = $3" more " from merge_change m"            \
    " where m.merge_id = $1 and m.what = '" table "' and m.act = 'moved' and t.customer_id = $2"   \
    " and " key "::text = m.row_key returning m.row_key)"                                          \
    " update merge_change m set was_returned = true from back where m.merge_id = $1"               \
    " and m.what = '" table "' and m.row_key = back.row_key"

const struct pg_statement merge_undo_statements[] = {
    /* 4 the version of the survivor's file. */
    [LOCK] = {.name = "merge_undo_lock",
              .sql = "with held as materialized (select id, file_version from"
                     " customer where id in ($2, $3) order by id for update)"
                     " select stale_unless((select count(*) from held) = 2 and"
                     " exists (select 1 from held where id = $2 and file_version ="
                     " $4) and exists (select 1 from customer_alias where"
                     " customer_id = $3 and survivor_id = $2 and merge_id = $1)"
                     " and not exists (select 1 from customer_alias where"
                     " customer_id = $2) and not exists (select 1 from grade_run"
                     " where state = 'running' and phase = 1))",
              .params = {PG_ID, PG_ID, PG_ID, PG_INT8},
              .write = true,
              .rank = 5},
    [UNDO] = {.name = "merge_undo",
              .sql = "with undone as (update merge set undone_at = $2, undone_by ="
                     " $3, undo_reason = $4 where id = $1 and undone_at is null"
                     " returning 1) select stale_unless(exists (select 1 from"
                     " undone))",
              .params = {PG_ID, PG_TIME, PG_TEXT, PG_TEXT},
              .write = true,
              .rank = 6},
    [REMOVE_ALIAS] = {.name = "merge_remove_alias",
                      .sql = "with gone as (delete from customer_alias where customer_id ="
                             " $3 and merge_id = $1), back as (update customer_alias a set"
                             " survivor_id = $3 from merge_change m where m.merge_id = $1"
                             " and m.what = 'customer_alias' and m.act = 'moved' and"
                             " a.customer_id = m.row_key::uuid and a.survivor_id = $2"
                             " returning m.row_key) update merge_change m set was_returned"
                             " = true from back where m.merge_id = $1 and m.what ="
                             " 'customer_alias' and m.row_key = back.row_key",
                      .params = RETURN_PARAMS,
                      .write = true,
                      .rank = 7},
    [RAISE] = {.name = "merge_raise",
               .sql = "update customer set is_merged = false, file_version ="
                      " file_version + 1, owner_version = owner_version + 1 where"
                      " id = $1",
               .params = {PG_ID},
               .write = true,
               .rank = 8},
    /* As he was where that is as the merge left it; else the score is as calculated now: 4
     * completeness, 5 missing with commas, 6 incomplete. */
    [SHRINK] = {.name = "merge_shrink",
                .sql = "with as_left as (select m.before, to_jsonb(c.missing) ="
                       " m.after -> 'missing' and c.completeness = (m.after ->>"
                       " 'completeness')::integer as is_score, (m.before ->>"
                       " 'has_name')::boolean is false and c.name_known_at ="
                       " (m.after ->> 'name_known_at')::timestamptz and"
                       " (c.name_known_at <> 'infinity' or c.name = d.name) as"
                       " is_name, c.parent_id is not distinct from (m.after ->>"
                       " 'parent_id')::uuid as is_parent from customer c, customer"
                       " d, merge_change m where m.merge_id = $1 and m.what ="
                       " 'customer' and m.act = 'changed' and m.row_key = $2::text"
                       " and c.id = $2 and d.id = $3), back as (update customer c"
                       " set file_version = c.file_version + 1, owner_version ="
                       " c.owner_version + 1, name = case when m.is_name then null"
                       " else c.name end, name_known_at = case when m.is_name then"
                       " null else c.name_known_at end, completeness = case when"
                       " m.is_score then (m.before ->> 'completeness')::integer else"
                       " $4 end, missing = case when m.is_score then array(select"
                       " jsonb_array_elements_text(m.before -> 'missing')) else"
                       " string_to_array($5, ',') end, is_incomplete = case when"
                       " m.is_score then (m.before ->> 'is_incomplete')::boolean"
                       " else $6 end, parent_id = case when m.is_parent then"
                       " (m.before ->> 'parent_id')::uuid else c.parent_id end from"
                       " as_left m where c.id = $2 returning c.id::text as row_key)"
                       " update merge_change m set was_returned = true from back"
                       " where m.merge_id = $1 and m.what = 'customer' and m.row_key"
                       " = back.row_key",
                .params = {PG_ID, PG_ID, PG_ID, PG_INT4, PG_TEXT, PG_BOOL},
                .write = true,
                .rank = 9},
    [RETURN_BELOW] = {.name = "merge_return_below",
                      .sql = "with back as (update customer t set parent_id = $3,"
                             " file_version = t.file_version + 1 from merge_change m where"
                             " m.merge_id = $1 and m.what = 'customer' and m.act = 'moved'"
                             " and t.id = m.row_key::uuid and t.parent_id = $2 returning"
                             " m.row_key) update merge_change m set was_returned = true"
                             " from back where m.merge_id = $1 and m.what = 'customer' and"
                             " m.row_key = back.row_key",
                      .params = RETURN_PARAMS,
                      .write = true,
                      .rank = 10},
    [RETURN_LINKS] = {.name = "merge_return_links",
                      .sql = RETURN("contact_link", "t.contact_id",
                                    ", is_primary = (m.before ->> 'is_primary')::boolean"),
                      .params = RETURN_PARAMS,
                      .write = true,
                      .rank = 11},
    [RETURN_CHAIN] = {.name = "merge_return_chain",
                      .sql = RETURN("decision_chain", "''", ""),
                      .params = RETURN_PARAMS,
                      .write = true,
                      .rank = 11},
    [RETURN_DECISIONS] = {.name = "merge_return_decisions",
                          .sql = RETURN("decision_entry", "t.contact_id", ""),
                          .params = RETURN_PARAMS,
                          .write = true,
                          .rank = 11},
    [RETURN_NEEDS] = {.name = "merge_return_needs",
                      .sql = RETURN("customer_need", "t.id", ""),
                      .params = RETURN_PARAMS,
                      .write = true,
                      .rank = 11},
    [RETURN_ENTITLEMENTS] = {.name = "merge_return_entitlements",
                             .sql = RETURN("entitlement", "t.id", ""),
                             .params = RETURN_PARAMS,
                             .write = true,
                             .rank = 11},
    [RETURN_DEALER_MANAGERS] = {.name = "merge_return_dealer_managers",
                                .sql = RETURN("dealer_manager", "t.id", ""),
                                .params = RETURN_PARAMS,
                                .write = true,
                                .rank = 11},
    [RETURN_DEALER_MEMOS] = {.name = "merge_return_dealer_memos",
                             .sql = RETURN("dealer_memo", "t.id", ""),
                             .params = RETURN_PARAMS,
                             .write = true,
                             .rank = 11},
    [RETURN_DEALER_SCORES] = {.name = "merge_return_dealer_scores",
                              .sql = RETURN("dealer_score", "t.id", ""),
                              .params = RETURN_PARAMS,
                              .write = true,
                              .rank = 11},
    [RETURN_DEALER_GIVE_UPS] = {.name = "merge_return_dealer_give_ups",
                                .sql = RETURN("dealer_give_up", "t.id", ""),
                                .params = RETURN_PARAMS,
                                .write = true,
                                .rank = 11},
    [RETURN_DEALER] = {.name = "merge_return_dealer",
                       .sql = RETURN("dealer", "''", ""),
                       .params = RETURN_PARAMS,
                       .write = true,
                       .rank = 12},
    [REMOVE_OWNERS] = {.name = "merge_remove_owners",
                       .sql = "with back as (delete from ownership o using merge_change m"
                              " where m.merge_id = $1 and m.what = 'ownership' and m.act ="
                              " 'added' and o.customer_id = $2 and o.id = m.row_key::uuid"
                              " and o.to_at is null returning m.row_key) update"
                              " merge_change m set was_returned = true from back where"
                              " m.merge_id = $1 and m.what = 'ownership' and m.row_key ="
                              " back.row_key",
                       .params = RETURN_PARAMS,
                       .write = true,
                       .rank = 102},
    [RETURN_OWNERS] = {.name = "merge_return_owners",
                       .sql = "with able as materialized (select id from staff where state"
                              " = 'active' and id in (select staff_id from ownership where"
                              " customer_id = $3) order by id for share), back as (update"
                              " ownership o set to_at = null, ended_by = null, end_reason ="
                              " null from able s, merge_change m where m.merge_id = $1 and"
                              " m.what = 'ownership' and m.act = 'changed' and"
                              " o.customer_id = $3 and o.id = m.row_key::uuid and s.id ="
                              " o.staff_id returning m.row_key) update merge_change m set"
                              " was_returned = true from back where m.merge_id = $1 and"
                              " m.what = 'ownership' and m.row_key = back.row_key",
                       .params = RETURN_PARAMS,
                       .write = true,
                       .rank = 103},
    /* 4 now: whose term is over is not asked any more. */
    [RETURN_HANDOVERS] = {.name = "merge_return_handovers",
                          .sql = "with back as (update handover_item t set state = m.before"
                                 " ->> 'state', changed_at = (m.before ->>"
                                 " 'changed_at')::timestamptz from handover_receiver r,"
                                 " merge_change m where m.merge_id = $1 and m.what ="
                                 " 'handover_item' and m.act = 'changed' and t.customer_id ="
                                 " $3 and t.handover_id = m.row_key::uuid and t.state ="
                                 " 'overtaken' and r.handover_id = t.handover_id and"
                                 " r.staff_id = t.receiver_id and (r.due_at > $4 or m.before"
                                 " ->> 'state' = 'objected') returning m.row_key) update"
                                 " merge_change m set was_returned = true from back where"
                                 " m.merge_id = $1 and m.what = 'handover_item' and m.row_key"
                                 " = back.row_key",
                          .params = {PG_ID, PG_ID, PG_ID, PG_TIME},
                          .write = true,
                          .rank = 120},
    [RETURN_TO_POOL] = {.name = "merge_return_to_pool",
                        .sql = "with back as (update pool_entry t set left_at = null from"
                               " merge_change m where m.merge_id = $1 and m.what ="
                               " 'pool_entry' and m.act = 'changed' and t.id ="
                               " m.row_key::uuid and t.customer_id in ($2, $3) and"
                               " t.taken_by is null and not exists (select 1 from pool_entry"
                               " p where p.customer_id = t.customer_id and p.left_at is"
                               " null) and not exists (select 1 from ownership o where"
                               " o.customer_id = t.customer_id and o.to_at is null and"
                               " o.role = 'owner') returning m.row_key) update merge_change"
                               " m set was_returned = true from back where m.merge_id = $1"
                               " and m.what = 'pool_entry' and m.row_key = back.row_key",
                        .params = RETURN_PARAMS,
                        .write = true,
                        .rank = 120},
    [SETTLE_MERGED] = {.name = "merge_settle_merged",
                       .sql = "with back as (update customer c set owner_state = case when"
                              " m.before ->> 'owner_state' = 'owned' and not exists (select"
                              " 1 from ownership o where o.customer_id = $3 and o.to_at is"
                              " null and o.role = 'owner') then 'waiting' else m.before ->>"
                              " 'owner_state' end from merge_change m where m.merge_id = $1"
                              " and m.what = 'customer' and m.act = 'changed' and m.row_key"
                              " = $3::text and c.id = $3 returning m.row_key) update"
                              " merge_change m set was_returned = true from back where"
                              " m.merge_id = $1 and m.what = 'customer' and m.row_key ="
                              " back.row_key",
                       .params = RETURN_PARAMS,
                       .write = true,
                       .rank = 121},
    /* He got an owner by the merge and has nobody now. */
    [SETTLE_SURVIVOR] = {.name = "merge_settle_survivor",
                         .sql = "update customer c set owner_state = m.before ->>"
                                " 'owner_state' from merge_change m where m.merge_id = $1 and"
                                " m.what = 'customer' and m.act = 'changed' and m.row_key ="
                                " $2::text and c.id = $2 and c.owner_state = 'owned' and"
                                " m.before ->> 'owner_state' <> 'owned' and not exists"
                                " (select 1 from ownership o where o.customer_id = $2 and"
                                " o.to_at is null and o.role = 'owner')",
                         .params = {PG_ID, PG_ID},
                         .write = true,
                         .rank = 121},
    [END] = {.name = "merge_undo_end",
             .sql = "update merge_change set was_returned = false where merge_id"
                    " = $1 and was_returned is null",
             .params = {PG_ID},
             .write = true,
             .rank = 122},
    [HIDE_NAMELESS] = {.name = "merge_hide_nameless",
                       .sql = "delete from customer_search s using customer c where"
                              " s.customer_id = $1 and c.id = $1 and c.name is null",
                       .params = {PG_ID},
                       .write = true,
                       .rank = 122},
    [FORGET_FORMER] = {.name = "merge_forget_former",
                       .sql = "delete from customer_search_former where customer_id = $1",
                       .params = {PG_ID},
                       .write = true,
                       .rank = 122},
};
const size_t merge_undo_statement_count = COUNT_OF(merge_undo_statements);

static struct pg_args *write_of(struct request *req, const struct merge_record *merge, int which)
{
    struct pg_args *args = flow_write(req, &merge_undo_statements[which]);

    pg_put_id(args, 0, &merge->id);
    pg_put_id(args, 1, &merge->survivor);
    if (which != SETTLE_SURVIVOR)
        pg_put_id(args, 2, &merge->merged);
    return args;
}

static void end(struct request *req, const struct merge_undoing *undoing)
{
    struct pg_args *args = flow_write(req, &merge_undo_statements[UNDO]);

    pg_put_id(args, 0, &undoing->merge->id);
    pg_put_time(args, 1, req->now_us);
    pg_put_text(args, 2, undoing->by);
    pg_put_text_n(args, 3, undoing->reason.at ? undoing->reason.at : "", undoing->reason.bytes);
    pg_put_id(flow_write(req, &merge_undo_statements[END]), 0, &undoing->merge->id);
}

static void shrink(struct request *req, const struct merge_undoing *undoing)
{
    struct pg_args *args = write_of(req, undoing->merge, SHRINK);

    pg_put_int4(args, 3, (int32_t)undoing->score->completeness_micros);
    file_put_missing(args, 4, undoing->score);
    pg_put_bool(args, 5, undoing->score->missing_count > 0);
}

void merge_undo(struct request *req, const struct merge_undoing *undoing)
{
    const struct merge_record *merge = undoing->merge;

    pg_put_int8(write_of(req, merge, LOCK), 3, undoing->survivor_file_version);
    end(req, undoing);
    write_of(req, merge, REMOVE_ALIAS);
    pg_put_id(flow_write(req, &merge_undo_statements[RAISE]), 0, &merge->merged);
    shrink(req, undoing);
    for (int which = RETURN_BELOW; which <= RETURN_OWNERS; which++)
        write_of(req, merge, which);
    pg_put_time(write_of(req, merge, RETURN_HANDOVERS), 3, req->now_us);
    write_of(req, merge, RETURN_TO_POOL);
    write_of(req, merge, SETTLE_MERGED);
    write_of(req, merge, SETTLE_SURVIVOR);
    pg_put_id(flow_write(req, &merge_undo_statements[HIDE_NAMELESS]), 0, &merge->survivor);
    pg_put_id(flow_write(req, &merge_undo_statements[FORGET_FORMER]), 0, &merge->merged);
}
