/* The writes of ownership. */
#include "common/service.h"
#include "services/customers/store/owner.h"

enum {
    GUARD_PERSON,
    WAIT_AGAIN,
    SAVE_STATE,
    END,
    END_TEAM_OF,
    ADD,
    OVERTAKE,
    ADD_ALERT,
    REMOVE_ALERT,
    SAVE_PASS,
};

const struct pg_statement owner_save_statements[] = {
    /* After everything that lets somebody leave (rank 100, store/handover.c), so that of two units
     * of one turn the one that names him fails. The lock holds off other processes. */
    [GUARD_PERSON] = {.name = "owner_guard_person",
                      .sql = "with held as materialized (select 1 from staff where id = any($1)"
                             " and state = 'active' order by id for share)"
                             " select stale_unless((select count(*) from held)"
                             " = (select count(distinct id) from unnest($1) as q(id)))",
                      .params = {PG_IDS},
                      .write = true,
                      .merge = true,
                      .rank = 101},
    [WAIT_AGAIN] = {.name = "owner_wait_again",
                    .sql = "with held as materialized (select id from customer where id = any($1)"
                           " and owner_state = 'unassigned' order by id for no key update)"
                           " update customer c set owner_state = 'waiting',"
                           " owner_version = c.owner_version + 1 from held where c.id = held.id",
                    .params = {PG_IDS},
                    .write = true,
                    .merge = true,
                    .rank = 114},
    /* Locked in the order of ids. */
    [SAVE_STATE] = {.name = "owner_save_state",
                    .sql = "with held as materialized (select c.id, q.state from customer c"
                           " join unnest($1, $2, $3) as q(id, version, state) on c.id = q.id"
                           " and c.owner_version = q.version order by c.id for no key update of c),"
                           " saved as (update customer c set owner_state = held.state,"
                           " owner_version = c.owner_version + 1 from held where c.id = held.id"
                           " returning 1)"
                           " select stale_unless((select count(*) from saved) = cardinality($1))",
                    .params = {PG_IDS, PG_INT4S, PG_TEXTS},
                    .write = true,
                    .merge = true,
                    .rank = 115},
    [END] = {.name = "owner_end",
             .sql = "with ended as (update ownership o set to_at = greatest(q.at, o.from_at),"
                    " ended_by = q.by, end_reason = q.reason from unnest($1, $2, $3, $4, $5)"
                    " as q(customer, id, at, by, reason) where o.customer_id = q.customer"
                    " and o.id = q.id and o.to_at is null returning 1)"
                    " select stale_unless((select count(*) from ended) = cardinality($1))",
             .params = {PG_IDS, PG_IDS, PG_TIMES, PG_TEXTS, PG_TEXTS},
             .write = true,
             .merge = true,
             .rank = 116},
    [END_TEAM_OF] = {.name = "owner_end_team_of",
                     .sql = "update ownership o set to_at = greatest(q.at, o.from_at),"
                            " ended_by = q.by, end_reason = q.reason from unnest($1, $2, $3, $4,"
                            " $5) as q(customer, staff, at, by, reason)"
                            " where o.customer_id = q.customer and o.staff_id = q.staff"
                            " and o.to_at is null and o.role = 'team'",
                     .params = {PG_IDS, PG_IDS, PG_TIMES, PG_TEXTS, PG_TEXTS},
                     .write = true,
                     .merge = true,
                     .rank = 117},
    [ADD] = {.name = "owner_add",
             .sql = "insert into ownership (customer_id, id, staff_id, role, from_at, made_by,"
                    " reason, note, rule, handover_id, idle_from)"
                    " select unnest($1), unnest($2), unnest($3), unnest($4), unnest($5),"
                    " unnest($6), unnest($7), unnest($8), unnest($9), unnest($10), unnest($5)",
             .params = {PG_IDS, PG_IDS, PG_IDS, PG_TEXTS, PG_TIMES, PG_TEXTS, PG_TEXTS, PG_TEXTS,
                        PG_TEXTS, PG_IDS},
             .write = true,
             .merge = true,
             .rank = 118},
    /* Before the items of this turn's own handovers come in (store/handover.c). */
    [OVERTAKE] = {.name = "owner_overtake",
                  .sql = "update handover_item i set state = 'overtaken', changed_at = q.at"
                         " from unnest($1, $2) as q(customer, at) where i.customer_id = q.customer"
                         " and i.state in ('pending', 'objected')",
                  .params = {PG_IDS, PG_TIMES},
                  .write = true,
                  .merge = true,
                  .rank = 119},
    [ADD_ALERT] = {.name = "owner_add_alert",
                   .sql = "insert into owner_alert (customer_id, at)"
                          " select * from unnest($1, $2)",
                   .params = {PG_IDS, PG_TIMES},
                   .write = true,
                   .merge = true,
                   .rank = 124},
    [REMOVE_ALERT] = {.name = "owner_remove_alert",
                      .sql = "delete from owner_alert where customer_id = any($1)",
                      .params = {PG_IDS},
                      .write = true,
                      .merge = true,
                      .rank = 125},
    [SAVE_PASS] = {.name = "owner_save_pass",
                   .sql = "with saved as (update owner_rules_pass set version = $4, next_id = $5,"
                          " is_running = $6 where version = $1 and next_id = $2"
                          " and is_running = $3 returning 1)"
                          " select stale_unless(exists (select from saved))",
                   .params = {PG_INT4, PG_ID, PG_BOOL, PG_INT4, PG_ID, PG_BOOL},
                   .write = true,
                   .rank = 126},
};
const size_t owner_save_statement_count = COUNT_OF(owner_save_statements);

void owner_guard_person(struct request *req, const struct id *staff)
{
    pg_put_id(flow_write(req, &owner_save_statements[GUARD_PERSON]), 0, staff);
}

static void put_ending(struct pg_args *args, const struct owner_ending *ending,
                       const struct id *second)
{
    pg_put_id(args, 0, &ending->customer);
    pg_put_id(args, 1, second);
    pg_put_time(args, 2, ending->at_us);
    pg_put_text(args, 3, ending->by);
    pg_put_text(args, 4, ending->reason);
}

void owner_end(struct request *req, const struct owner_ending *ending)
{
    put_ending(flow_write(req, &owner_save_statements[END]), ending, &ending->interval);
}

void owner_end_team_of(struct request *req, const struct owner_ending *ending,
                       const struct id *staff)
{
    put_ending(flow_write(req, &owner_save_statements[END_TEAM_OF]), ending, staff);
}

void owner_add(struct request *req, const struct owner_adding *adding)
{
    struct pg_args *args = flow_write(req, &owner_save_statements[ADD]);

    pg_put_id(args, 0, &adding->customer);
    pg_put_id(args, 1, &adding->id);
    pg_put_id(args, 2, &adding->staff);
    pg_put_text(args, 3, adding->role == OWNER_ROLE_IS_OWNER ? "owner" : "team");
    pg_put_time(args, 4, adding->from_us);
    pg_put_text(args, 5, adding->by);
    pg_put_text(args, 6, adding->reason);
    pg_put_text_n(args, 7, adding->note.at, adding->note.bytes);
    pg_put_text_n(args, 8, adding->rule.at, adding->rule.bytes);
    if (adding->handover)
        pg_put_id(args, 9, adding->handover);
    else
        pg_put_null(args, 9);
}

void owner_wait_again(struct request *req, const struct id *customer)
{
    pg_put_id(flow_write(req, &owner_save_statements[WAIT_AGAIN]), 0, customer);
}

void owner_save_state(struct request *req, const struct owner_standing *standing,
                      enum owner_state state)
{
    struct pg_args *args = flow_write(req, &owner_save_statements[SAVE_STATE]);

    pg_put_id(args, 0, &standing->customer);
    pg_put_int4(args, 1, standing->version);
    pg_put_text(args, 2, owner_state_name(state));
    if (state == OWNER_STATE_IS_OWNED)
        pg_put_id(flow_write(req, &owner_save_statements[REMOVE_ALERT]), 0, &standing->customer);
}

void owner_overtake(struct request *req, const struct id *customer, int64_t at_us)
{
    struct pg_args *args = flow_write(req, &owner_save_statements[OVERTAKE]);

    pg_put_id(args, 0, customer);
    pg_put_time(args, 1, at_us);
}

void owner_add_alert(struct request *req, const struct id *customer)
{
    struct pg_args *args = flow_write(req, &owner_save_statements[ADD_ALERT]);

    pg_put_id(args, 0, customer);
    pg_put_time(args, 1, req->now_us);
}

void owner_save_pass(struct request *req, const struct owner_pass *found,
                     const struct owner_pass *next)
{
    struct pg_args *args = flow_write(req, &owner_save_statements[SAVE_PASS]);
    const struct owner_pass *both[] = {found, next};

    for (int i = 0; i < 2; i++) {
        pg_put_int4(args, 3 * i, (int32_t)both[i]->version);
        pg_put_id(args, 3 * i + 1, &both[i]->next);
        pg_put_bool(args, 3 * i + 2, both[i]->is_running);
    }
}
