/*
 * The writes of a merge. Each statement that moves rows writes down which, in merge_change. They
 * come early in a transaction (rank): what another unit of the same turn adds to the merged
 * customer after them meets the guard of 013_merge.sql, or a version that was raised here, and is
 * decided again.
 */
#include <string.h>

#include "common/service.h"
#include "services/customers/store/merge.h"

enum {
    LOCK,
    ADD,
    ADD_ALIAS,
    BURY,
    GROW,
    MOVE_BELOW,
    MOVE_LINKS,
    MOVE_CHAIN,
    MOVE_DECISIONS,
    MOVE_NEEDS,
    MOVE_ENTITLEMENTS,
    MOVE_DEALER_MANAGERS,
    MOVE_DEALER_MEMOS,
    MOVE_DEALER_SCORES,
    MOVE_DEALER_GIVE_UPS,
    MOVE_DEALER,
    END_OWNERS,
    ADD_OWNER,
    OVERTAKE,
    LEAVE_POOL,
    HIDE,
};

/* Parameters of what moves: 1 merge, 2 survivor, 3 merged. */
#define MOVE_PARAMS                                                                                \
    {                                                                                              \
        PG_ID, PG_ID, PG_ID                                                                        \
    }
/* clang-format off */
#define WRITE_DOWN(table, act)                                                                     \
    " insert into merge_change (merge_id, what, row_key, act, before)"                             \
    " select $1, '" table "', row_key, '" act "', before from moved"
/*
 * Rows of a table whose key is customer_id and `key` (a text of row t). What the survivor has
 * already stays with the merged one, where it is still read through the alias: nothing is lost and
 * nothing is told twice. `when` is about row t.
 */
#define MOVE(table, key, when)                                                                     \
    "with moved as (update " table " t set customer_id = $2 where t.customer_id = $3"              \
    " and not exists (select 1 from " table                                                        \
    " s where s.customer_id = $2 and " key("s") " = " key("t") ") and " when " returning " key(    \
        "t") "::text as row_key, '{}'::jsonb as before)" WRITE_DOWN(table, "moved")
#define BY_ID(t) t ".id"
#define BY_CONTACT(t) t ".contact_id"
#define BY_NOTHING(t) "''"
/* Of two dealers each keeps his own record. */
#define NO_DEALER "not exists (select 1 from dealer d where d.customer_id = $2)"
#define IMAGE(c)                                                                                   \
    "jsonb_build_object('completeness', " c ".completeness, 'missing', to_jsonb(" c ".missing),"   \
    " 'is_incomplete', " c ".is_incomplete, 'owner_state', " c ".owner_state,"                     \
    " 'parent_id', " c ".parent_id, 'has_name', " c ".name is not null,"                           \
    " 'name_known_at', " c ".name_known_at)"

const struct pg_statement merge_make_statements[] = {
    /* 1 survivor, 2 his file's version, 3 his owners' version, 4 to 6 the same of the merged one.
     * `for update` waits for those who just refer to one of them. */
    [LOCK] = {.name = "merge_lock",
              .sql = "with held as materialized (select id from customer where not is_merged"
                     " and (id, file_version, owner_version) in (($1, $2, $3), ($4, $5, $6))"
                     " order by id for update) select stale_unless((select count(*) from held) = 2"
                     " and not exists (select 1 from grade_run where state = 'running'"
                     " and phase = 1))",
              .params = {PG_ID, PG_INT8, PG_INT4, PG_ID, PG_INT8, PG_INT4},
              .write = true,
              .rank = 5},
    [ADD] = {.name = "merge_add",
             .sql = "insert into merge (id, survivor_id, merged_id, reason, made_at, made_by)"
                    " values ($1, $2, $3, $4, $5, $6)",
             .params = {PG_ID, PG_ID, PG_ID, PG_TEXT, PG_TIME, PG_TEXT},
             .write = true,
             .rank = 6},
    /* Who was merged into him goes along, and comes back with him. */
    [ADD_ALIAS] = {.name = "merge_add_alias",
                   .sql = "with moved as (update customer_alias set survivor_id = $2"
                          " where survivor_id = $3 returning customer_id::text as row_key,"
                          " '{}'::jsonb as before), written as (" WRITE_DOWN(
                              "customer_alias",
                              "moved") ") insert into customer_alias (customer_id, survivor_id,"
                                       " merge_id) values ($3, $2, $1)",
                   .params = MOVE_PARAMS,
                   .write = true,
                   .rank = 7},
    [BURY] = {.name = "merge_bury",
              .sql = "with moved as (select id::text as row_key,"
                     " jsonb_build_object('owner_state', owner_state) as before from customer"
                     " where id = $3), buried as (update customer set is_merged = true,"
                     " file_version = file_version + 1, owner_version = owner_version + 1,"
                     " owner_state = 'none' where id = $3)" WRITE_DOWN("customer", "changed"),
              .params = MOVE_PARAMS,
              .write = true,
              .rank = 8},
    /* 4 completeness, 5 missing with commas, 6 incomplete, 7 has an owner. */
    [GROW] = {.name = "merge_grow",
              .sql = "with old as (select * from customer where id = $2),"
                     " grown as (update customer c set file_version = c.file_version + 1,"
                     " owner_version = c.owner_version + 1, name = coalesce(c.name, d.name),"
                     " name_known_at = case when c.name is null then d.name_known_at"
                     " else c.name_known_at end, completeness = $4,"
                     " missing = string_to_array($5, ','), is_incomplete = $6,"
                     " parent_id = case when c.parent_id = d.id then d.parent_id"
                     " else c.parent_id end,"
                     " owner_state = case when $7 then 'owned' else c.owner_state end"
                     " from customer d where c.id = $2 and d.id = $3 returning c.*)"
                     " insert into merge_change (merge_id, what, row_key, act, before, after)"
                     " select $1, 'customer', old.id::text, 'changed', " IMAGE("old") ", " IMAGE(
                         "grown") " from old, grown",
              .params = {PG_ID, PG_ID, PG_ID, PG_INT4, PG_TEXT, PG_BOOL, PG_BOOL},
              .write = true,
              .rank = 9},
    /* Organisations below the merged one hang on the survivor. */
    [MOVE_BELOW] = {.name = "merge_move_below",
                    .sql = "with moved as (update customer set parent_id = $2,"
                           " file_version = file_version + 1 where parent_id = $3 and id <> $2"
                           " returning id::text as row_key,"
                           " '{}'::jsonb as before)" WRITE_DOWN("customer", "moved"),
                    .params = MOVE_PARAMS,
                    .write = true,
                    .rank = 10},
    /* One link is the first to ask; the survivor's stays so. */
    [MOVE_LINKS] = {.name = "merge_move_links",
                    .sql = "with moved as (update contact_link t set customer_id = $2,"
                           " is_primary = t.is_primary and not exists (select 1 from contact_link s"
                           " where s.customer_id = $2 and s.is_primary) from contact_link o"
                           " where t.customer_id = $3 and o.customer_id = $3"
                           " and o.contact_id = t.contact_id and not exists"
                           " (select 1 from contact_link s where s.customer_id = $2"
                           " and s.contact_id = t.contact_id)"
                           " returning t.contact_id::text as row_key, jsonb_build_object("
                           "'is_primary', o.is_primary) as before)" WRITE_DOWN("contact_link",
                                                                               "moved"),
                    .params = MOVE_PARAMS,
                    .write = true,
                    .rank = 11},
    [MOVE_CHAIN] = {.name = "merge_move_chain",
                    .sql = MOVE("decision_chain", BY_NOTHING, "true"),
                    .params = MOVE_PARAMS,
                    .write = true,
                    .rank = 11},
    /* The survivor's entries report to contacts of his own chain, so no circle can close. */
    [MOVE_DECISIONS] = {.name = "merge_move_decisions",
                        .sql = MOVE("decision_entry", BY_CONTACT, "true"),
                        .params = MOVE_PARAMS,
                        .write = true,
                        .rank = 11},
    [MOVE_NEEDS] = {.name = "merge_move_needs",
                    .sql = MOVE("customer_need", BY_ID, "true"),
                    .params = MOVE_PARAMS,
                    .write = true,
                    .rank = 11},
    [MOVE_ENTITLEMENTS] = {.name = "merge_move_entitlements",
                           .sql = MOVE("entitlement", BY_ID, "true"),
                           .params = MOVE_PARAMS,
                           .write = true,
                           .rank = 11},
    [MOVE_DEALER_MANAGERS] = {.name = "merge_move_dealer_managers",
                              .sql = MOVE("dealer_manager", BY_ID, NO_DEALER),
                              .params = MOVE_PARAMS,
                              .write = true,
                              .rank = 11},
    [MOVE_DEALER_MEMOS] = {.name = "merge_move_dealer_memos",
                           .sql = MOVE("dealer_memo", BY_ID, NO_DEALER),
                           .params = MOVE_PARAMS,
                           .write = true,
                           .rank = 11},
    [MOVE_DEALER_SCORES] = {.name = "merge_move_dealer_scores",
                            .sql = MOVE("dealer_score", BY_ID, NO_DEALER),
                            .params = MOVE_PARAMS,
                            .write = true,
                            .rank = 11},
    [MOVE_DEALER_GIVE_UPS] = {.name = "merge_move_dealer_give_ups",
                              .sql = MOVE("dealer_give_up", BY_ID, NO_DEALER),
                              .params = MOVE_PARAMS,
                              .write = true,
                              .rank = 11},
    [MOVE_DEALER] = {.name = "merge_move_dealer",
                     .sql = MOVE("dealer", BY_NOTHING, "true"),
                     .params = MOVE_PARAMS,
                     .write = true,
                     .rank = 12},
    /* 4 at, 5 by whom. */
    [END_OWNERS] = {.name = "merge_end_owners",
                    .sql = "with moved as (update ownership set to_at = greatest($4, from_at),"
                           " ended_by = $5, end_reason = 'merge' where customer_id = $3"
                           " and to_at is null returning id::text as row_key,"
                           " '{}'::jsonb as before)" WRITE_DOWN("ownership", "changed"),
                    .params = {PG_ID, PG_ID, PG_ID, PG_TIME, PG_TEXT},
                    .write = true,
                    .rank = 13},
    /* 4 at, 5 by whom, 6 his interval with the merged one, 7 its own id. */
    [ADD_OWNER] = {.name = "merge_add_owner",
                   .sql = "with moved as (insert into ownership (customer_id, id, staff_id, role,"
                          " from_at, made_by, reason, rule, idle_from, pool_next_at)"
                          " select $2, $7, staff_id, role, $4, $5, 'merge', rule, idle_from,"
                          " pool_next_at from ownership where customer_id = $3 and id = $6"
                          " returning id::text as row_key, '{}'::jsonb as before)" WRITE_DOWN(
                              "ownership", "added"),
                   .params = {PG_ID, PG_ID, PG_ID, PG_TIME, PG_TEXT, PG_ID, PG_ID},
                   .write = true,
                   .rank = 14},
    /* What nobody has acknowledged yet is asked of nobody any more. */
    [OVERTAKE] = {.name = "merge_overtake",
                  .sql =
                      "with moved as (update handover_item t set state = 'overtaken',"
                      " changed_at = $4 from handover_item o where t.customer_id = $3"
                      " and t.state in ('pending', 'objected') and o.customer_id = t.customer_id"
                      " and o.handover_id = t.handover_id returning t.handover_id::text as row_key,"
                      " jsonb_build_object('state', o.state, 'changed_at', o.changed_at)"
                      " as before)" WRITE_DOWN("handover_item", "changed"),
                  .params = {PG_ID, PG_ID, PG_ID, PG_TIME},
                  .write = true,
                  .rank = 14},
    /* Nobody picks a tombstone, nor one who has an owner now (5). */
    [LEAVE_POOL] = {.name = "merge_leave_pool",
                    .sql = "with moved as (update pool_entry set left_at = greatest($4, pooled_at)"
                           " where left_at is null and (customer_id = $3 or $5"
                           " and customer_id = $2) returning id::text as row_key,"
                           " '{}'::jsonb as before)" WRITE_DOWN("pool_entry", "changed"),
                    .params = {PG_ID, PG_ID, PG_ID, PG_TIME, PG_BOOL},
                    .write = true,
                    .rank = 14},
    /* By his name the survivor is found from now on. */
    [HIDE] = {.name = "merge_hide",
              .sql = "with hidden as (delete from customer_search where customer_id = $1 returning *)"
                     " insert into customer_search_former (customer_id, name_key, pinyin, initials,"
                     " phones, grams) select customer_id, name_key, pinyin, initials, phones, grams"
                     " from hidden",
              .params = {PG_ID},
              .write = true,
              .rank = 14},
};
/* clang-format on */
const size_t merge_make_statement_count = COUNT_OF(merge_make_statements);

static void lock(struct request *req, const struct merge_making *making)
{
    struct pg_args *args = flow_write(req, &merge_make_statements[LOCK]);

    pg_put_id(args, 0, &making->survivor->id);
    pg_put_int8(args, 1, making->survivor->file_version);
    pg_put_int4(args, 2, making->survivor_owned->owner_version);
    pg_put_id(args, 3, &making->merged->id);
    pg_put_int8(args, 4, making->merged->file_version);
    pg_put_int4(args, 5, making->merged_owned->owner_version);
}

/* The first three parameters of nearly all. */
static struct pg_args *write_of(struct request *req, const struct merge_making *making, int which)
{
    struct pg_args *args = flow_write(req, &merge_make_statements[which]);

    pg_put_id(args, 0, &making->id);
    pg_put_id(args, 1, &making->survivor->id);
    pg_put_id(args, 2, &making->merged->id);
    return args;
}

static void add(struct request *req, const struct merge_making *making)
{
    struct pg_args *args = write_of(req, making, ADD);

    pg_put_text_n(args, 3, making->reason.at, making->reason.bytes);
    pg_put_time(args, 4, req->now_us);
    pg_put_text(args, 5, making->by);
}

static void grow(struct request *req, const struct merge_making *making)
{
    struct pg_args *args = write_of(req, making, GROW);

    pg_put_int4(args, 3, (int32_t)making->score->completeness_micros);
    file_put_missing(args, 4, making->score);
    pg_put_bool(args, 5, making->score->missing_count > 0);
    pg_put_bool(args, 6, making->is_owned);
}

static void move_owners(struct request *req, const struct merge_making *making)
{
    const struct merge_intervals *intervals = &making->merged_owned->intervals;
    struct pg_args *end = write_of(req, making, END_OWNERS);

    pg_put_time(end, 3, req->now_us);
    pg_put_text(end, 4, making->by);
    for (size_t i = 0; i < intervals->count; i++) {
        struct pg_args *added;
        struct id id;

        if (!making->goes_on[i])
            continue;
        id = request_new_id(req);
        added = write_of(req, making, ADD_OWNER);
        pg_put_time(added, 3, req->now_us);
        pg_put_text(added, 4, making->by);
        pg_put_id(added, 5, &intervals->list[i].id);
        pg_put_id(added, 6, &id);
    }
    pg_put_time(write_of(req, making, OVERTAKE), 3, req->now_us);
    struct pg_args *pool = write_of(req, making, LEAVE_POOL);

    pg_put_time(pool, 3, req->now_us);
    pg_put_bool(pool, 4, making->is_owned);
}

void merge_make(struct request *req, const struct merge_making *making)
{
    lock(req, making);
    add(req, making);
    write_of(req, making, ADD_ALIAS);
    write_of(req, making, BURY);
    grow(req, making);
    for (int which = MOVE_BELOW; which <= MOVE_DEALER; which++)
        write_of(req, making, which);
    move_owners(req, making);
    pg_put_id(flow_write(req, &merge_make_statements[HIDE]), 0, &making->merged->id);
}
