/* The writes of handovers. */
#include "services/customers/store/handover.h"

enum {
    LET_LEAVE,
    ADD,
    ADD_RECEIVER,
    ADD_ITEM,
    SAVE_ITEM,
    GUARD_NOBODY_LEFT,
};

const struct pg_statement handover_save_statements[] = {
    /* Before owner_guard_person (rank 101): of two units of one turn, he who names a leaver fails.
     */
    [LET_LEAVE] = {.name = "handover_let_leave",
                   .sql = "with gone as (update staff s set state = 'left', left_on = $3,"
                          " version = s.version + 1 where s.id = $1 and s.version = $2"
                          " and s.state = 'active' returning 1)"
                          " select stale_unless(exists (select from gone))",
                   .params = {PG_ID, PG_INT8, PG_DATE},
                   .write = true,
                   .rank = 100},
    [ADD] = {.name = "handover_add",
             .sql = "insert into handover (id, from_id, to_id, manager_id, leaves,"
                    " tells_customers, note, made_by, at, customers)"
                    " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
             .params = {PG_ID, PG_ID, PG_ID, PG_ID, PG_BOOL, PG_BOOL, PG_TEXT, PG_TEXT, PG_TIME,
                        PG_INT8},
             .write = true,
             .rank = 102},
    [ADD_RECEIVER] = {.name = "handover_add_receiver",
                      .sql = "insert into handover_receiver (handover_id, staff_id, customers,"
                             " due_at, as_manager) select * from unnest($1, $2, $3, $4, $5)",
                      .params = {PG_IDS, PG_IDS, PG_INT8S, PG_TIMES, PG_BOOLS},
                      .write = true,
                      .merge = true,
                      .rank = 103},
    /* After owner_overtake (rank 119). */
    [ADD_ITEM] = {.name = "handover_add_item",
                  .sql = "insert into handover_item (handover_id, customer_id, receiver_id, rule,"
                         " as_manager, changed_at) select * from unnest($1, $2, $3, $4, $5, $6)",
                  .params = {PG_IDS, PG_IDS, PG_IDS, PG_TEXTS, PG_BOOLS, PG_TIMES},
                  .write = true,
                  .merge = true,
                  .rank = 120},
    [SAVE_ITEM] = {.name = "handover_save_item",
                   .sql = "with saved as (update handover_item i set state = q.next,"
                          " objection = case when q.objection = '' then i.objection"
                          " else q.objection end, decision = case when q.decision = ''"
                          " then i.decision else q.decision end,"
                          " decided_by = case when q.by = '' then i.decided_by else q.by end,"
                          " changed_at = q.at from unnest($1, $2, $3, $4, $5, $6, $7, $8)"
                          " as q(handover, customer, state, next, objection, decision, by, at)"
                          " where i.handover_id = q.handover and i.customer_id = q.customer"
                          " and i.state = q.state returning 1)"
                          " select stale_unless((select count(*) from saved) = cardinality($1))",
                   .params = {PG_IDS, PG_IDS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS,
                              PG_TIMES},
                   .write = true,
                   .merge = true,
                   .rank = 121},
    [GUARD_NOBODY_LEFT] = {.name = "handover_guard_nobody_left",
                           .sql = "select stale_unless(not exists (select from ownership"
                                  " where staff_id = any($1) and to_at is null))",
                           .params = {PG_IDS},
                           .write = true,
                           .merge = true,
                           .rank = 123},
};
const size_t handover_save_statement_count = COUNT_OF(handover_save_statements);

void handover_let_leave(struct request *req, const struct owner_person *person, int32_t left_on)
{
    struct pg_args *args = flow_write(req, &handover_save_statements[LET_LEAVE]);

    pg_put_id(args, 0, &person->id);
    pg_put_int8(args, 1, person->version);
    pg_put_date(args, 2, left_on);
}

void handover_guard_nobody_left(struct request *req, const struct id *staff)
{
    pg_put_id(flow_write(req, &handover_save_statements[GUARD_NOBODY_LEFT]), 0, staff);
}

void handover_add(struct request *req, const struct handover *handover)
{
    struct pg_args *args = flow_write(req, &handover_save_statements[ADD]);

    pg_put_id(args, 0, &handover->id);
    pg_put_id(args, 1, &handover->from);
    pg_put_id_or_null(args, 2, handover->has_to ? &handover->to : NULL);
    pg_put_id_or_null(args, 3, handover->has_manager ? &handover->manager : NULL);
    pg_put_bool(args, 4, handover->leaves);
    pg_put_bool(args, 5, handover->tells_customers);
    pg_put_text_n(args, 6, handover->note.at, handover->note.bytes);
    pg_put_text_n(args, 7, handover->by.at, handover->by.bytes);
    pg_put_time(args, 8, handover->at_us);
    pg_put_int8(args, 9, (int64_t)handover->customers);
}

void handover_add_receiver(struct request *req, const struct id *handover,
                           const struct handover_receiver *receiver)
{
    struct pg_args *args = flow_write(req, &handover_save_statements[ADD_RECEIVER]);

    pg_put_id(args, 0, handover);
    pg_put_id(args, 1, &receiver->staff);
    pg_put_int8(args, 2, (int64_t)receiver->customers);
    pg_put_time(args, 3, receiver->due_us);
    pg_put_bool(args, 4, receiver->as_manager);
}

void handover_add_item(struct request *req, const struct id *handover, const struct id *customer,
                       const struct handover_taker *taker)
{
    struct pg_args *args = flow_write(req, &handover_save_statements[ADD_ITEM]);

    pg_put_id(args, 0, handover);
    pg_put_id(args, 1, customer);
    pg_put_id(args, 2, &taker->person->id);
    pg_put_text_n(args, 3, taker->rule.at, taker->rule.bytes);
    pg_put_bool(args, 4, taker->as_manager);
    pg_put_time(args, 5, req->now_us);
}

void handover_save_item(struct request *req, const struct handover_answer *answer)
{
    struct pg_args *args = flow_write(req, &handover_save_statements[SAVE_ITEM]);

    pg_put_id(args, 0, &answer->handover);
    pg_put_id(args, 1, &answer->customer);
    pg_put_text(args, 2, handover_item_state_name(answer->from));
    pg_put_text(args, 3, handover_item_state_name(answer->to));
    pg_put_text_n(args, 4, answer->objection.at, answer->objection.bytes);
    pg_put_text_n(args, 5, answer->decision.at, answer->decision.bytes);
    pg_put_text(args, 6, answer->decided_by);
    pg_put_time(args, 7, req->now_us);
}
