/* Reading handovers. */
#include "services/customers/store/handover.h"

#include <string.h>

#include "services/customers/store/scope.h"

enum {
    FIND,
    LIST,
    LIST_RECEIVERS,
    LIST_ITEMS,
    LIST_TEAM,
};

#define COUNT(state) "count(*) filter (where state = '" state "')"
#define COLUMNS                                                                                    \
    "select h.id, h.from_id, h.to_id, h.manager_id, f.code, f.name, t.code, t.name, h.leaves,"     \
    " h.tells_customers, h.note, h.made_by, h.at, h.customers, n.*"
#define JOINS                                                                                      \
    " join staff f on f.id = h.from_id left join staff t on t.id = h.to_id"                        \
    " cross join lateral (select " COUNT("pending") ", " COUNT("acknowledged") ", " COUNT(         \
        "accepted") ", " COUNT("objected") ", " COUNT("kept") ", " COUNT("given") ", " COUNT("overtaken") " from handover_item where handover_id = h.id) n"

const struct pg_statement handover_statements[] = {
    [FIND] = {.name = "handover_find",
              .sql = COLUMNS " from handover h" JOINS " where h.id = $1",
              .params = {PG_ID}},
    /* Open: something waits for an answer. */
    [LIST] = {.name = "handover_list",
              .sql = COLUMNS
              " from (select * from handover h where h.id < $1 and ($2 = '' or exists (select"
              " from staff s where s.code = $2 and (s.id = h.from_id or exists (select"
              " from handover_receiver r where r.handover_id = h.id and r.staff_id = s.id))))"
              " and (not $3 or exists (select from handover_item i where i.handover_id = h.id"
              " and i.state in ('pending', 'objected'))) and (not $4 or not exists (select"
              " from handover_item i where i.handover_id = h.id"
              " and i.state in ('pending', 'objected'))) and ($6 or h.from_id = any($8)"
              " or exists (select from handover_receiver r where r.handover_id = h.id"
              " and r.staff_id = any($8))) and $7 is not null order by h.id desc limit $5) h" JOINS
              " order by h.id desc",
              .params = {PG_ID, PG_TEXT, PG_BOOL, PG_BOOL, PG_INT8, PG_BOOL, PG_BOOL, PG_IDS}},
    [LIST_RECEIVERS] = {.name = "handover_list_receivers",
                        .sql = "select r.staff_id, s.code, s.name, r.customers, (select count(*)"
                               " from handover_item i where i.handover_id = r.handover_id"
                               " and i.receiver_id = r.staff_id and i.state = 'pending'),"
                               " r.due_at, r.as_manager from handover_receiver r"
                               " join staff s on s.id = r.staff_id where r.handover_id = $1"
                               " order by s.code",
                        .params = {PG_ID}},
    [LIST_ITEMS] =
        {.name = "handover_list_items",
         .sql = "select i.customer_id, i.receiver_id, c.number, case when $7 then c.name end,"
                " s.code, i.objection, i.decision, i.decided_by, i.rule, g.grade, i.state,"
                " i.as_manager from (select * from handover_item where handover_id = $1"
                " and (cardinality($2) = 0 or receiver_id = any($2))"
                " and ($3 = '' or state = $3) and (cardinality($4) = 0 or customer_id = any($4))"
                " and customer_id > $5 order by customer_id limit $6) i"
                " cross join lateral (select number, name from customer where id = i.customer_id"
                " offset 0) c join staff s on s.id = i.receiver_id"
                " left join lateral (select grade::text from grade_current"
                " where customer_id = i.customer_id offset 0) g on true order by i.customer_id",
         .params = {PG_ID, PG_IDS, PG_TEXT, PG_IDS, PG_ID, PG_INT8, PG_BOOL}},
    [LIST_TEAM] = {.name = "handover_list_team",
                   .sql =
                       "select o.customer_id, o.id, exists (select from ownership t"
                       " where t.customer_id = o.customer_id and t.staff_id = $2"
                       " and t.to_at is null), c.owner_version, c.owner_state"
                       " from (select * from ownership where staff_id = $1 and to_at is null"
                       " and role = 'team' offset 0) o cross join lateral (select * from customer"
                       " where id = o.customer_id offset 0) c order by o.customer_id",
                   .params = {PG_ID, PG_ID}},
};
const size_t handover_statement_count = COUNT_OF(handover_statements);

static struct handover get_handover(const struct pg_rows *rows, int row, struct arena *arena)
{
    struct handover handover = {
        .found = true,
        .id = pg_get_id(rows, row, 0),
        .from = pg_get_id(rows, row, 1),
        .to = pg_get_id(rows, row, 2),
        .manager = pg_get_id(rows, row, 3),
        .has_to = !pg_is_null(rows, row, 2),
        .has_manager = !pg_is_null(rows, row, 3),
        .from_code = pg_keep_text(rows, row, 4, arena),
        .from_name = pg_keep_text(rows, row, 5, arena),
        .to_code = pg_keep_text(rows, row, 6, arena),
        .to_name = pg_keep_text(rows, row, 7, arena),
        .leaves = pg_get_bool(rows, row, 8),
        .tells_customers = pg_get_bool(rows, row, 9),
        .note = pg_keep_text(rows, row, 10, arena),
        .by = pg_keep_text(rows, row, 11, arena),
        .at_us = pg_get_time(rows, row, 12),
        .customers = (uint64_t)pg_get_int8(rows, row, 13),
    };

    for (int state = 1; state < HANDOVER_ITEM_STATES; state++)
        handover.counts[state] = (uint64_t)pg_get_int8(rows, row, 13 + state);
    return handover;
}

static void fill_handover(const struct pg_rows *rows, struct arena *arena, void *out)
{
    if (pg_row_count(rows) > 0)
        *(struct handover *)out = get_handover(rows, 0, arena);
}

void handover_find(struct request *req, const struct id *id, struct handover *out)
{
    struct pg_args *args = pg_args_new(req->arena, &handover_statements[FIND]);

    *out = (struct handover){.found = false};
    pg_put_id(args, 0, id);
    flow_ask(req, &handover_statements[FIND], args, fill_handover, out);
}

static void fill_handovers(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct handovers *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++)
        found->list[found->count++] = get_handover(rows, (int)i, arena);
}

void handover_list(struct request *req, const struct handover_list_question *question,
                   struct handovers *out)
{
    struct pg_args *args = pg_args_new(req->arena, &handover_statements[LIST]);
    struct id after = question->after;

    if (!question->has_after)
        memset(after.bytes, 0xff, sizeof(after.bytes));
    *out = (struct handovers){0};
    pg_put_id(args, 0, &after);
    pg_put_text_n(args, 1, question->staff.at, question->staff.bytes);
    pg_put_bool(args, 2, question->only_open);
    pg_put_bool(args, 3, question->only_done);
    pg_put_int8(args, 4, question->limit);
    scope_put(req, args, 5);
    flow_ask(req, &handover_statements[LIST], args, fill_handovers, out);
}

static void fill_receivers(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct handover_receivers *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++) {
        int row = (int)i;

        found->list[found->count++] = (struct handover_receiver){
            .staff = pg_get_id(rows, row, 0),
            .code = pg_keep_text(rows, row, 1, arena),
            .name = pg_keep_text(rows, row, 2, arena),
            .customers = (uint64_t)pg_get_int8(rows, row, 3),
            .pending = (uint64_t)pg_get_int8(rows, row, 4),
            .due_us = pg_get_time(rows, row, 5),
            .as_manager = pg_get_bool(rows, row, 6),
        };
    }
}

void handover_list_receivers(struct request *req, const struct id *id,
                             struct handover_receivers *out)
{
    struct pg_args *args = pg_args_new(req->arena, &handover_statements[LIST_RECEIVERS]);

    *out = (struct handover_receivers){0};
    pg_put_id(args, 0, id);
    flow_ask(req, &handover_statements[LIST_RECEIVERS], args, fill_receivers, out);
}

static void fill_items(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct handover_items *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++) {
        int row = (int)i;
        struct text grade = pg_get_text(rows, row, 9);

        found->list[found->count++] = (struct handover_item){
            .customer = pg_get_id(rows, row, 0),
            .receiver = pg_get_id(rows, row, 1),
            .number = pg_get_int8(rows, row, 2),
            .name = pg_keep_text(rows, row, 3, arena),
            .receiver_code = pg_keep_text(rows, row, 4, arena),
            .objection = pg_keep_text(rows, row, 5, arena),
            .decision = pg_keep_text(rows, row, 6, arena),
            .decided_by = pg_keep_text(rows, row, 7, arena),
            .rule = pg_keep_text(rows, row, 8, arena),
            .grade = grade.bytes ? grade.at[0] : ' ',
            .state = handover_item_state_read(pg_get_text(rows, row, 10)),
            .as_manager = pg_get_bool(rows, row, 11),
        };
    }
}

void handover_list_items(struct request *req, const struct handover_item_question *question,
                         struct handover_items *out)
{
    struct pg_args *args = pg_args_new(req->arena, &handover_statements[LIST_ITEMS]);

    *out = (struct handover_items){0};
    pg_put_id(args, 0, &question->handover);
    for (size_t i = 0; i < question->receiver_count; i++)
        pg_put_id(args, 1, &question->receivers[i]);
    pg_put_text(args, 2, handover_item_state_name(question->state));
    for (size_t i = 0; i < question->customer_count; i++)
        pg_put_id(args, 3, &question->customers[i]);
    pg_put_id(args, 4, &question->after);
    pg_put_int8(args, 5, question->limit ? question->limit : INT64_MAX);
    pg_put_bool(args, 6, question->with_names);
    flow_ask(req, &handover_statements[LIST_ITEMS], args, fill_items, out);
}

static void fill_team(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct handover_team_rows *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++)
        found->list[found->count++] = (struct handover_team_row){
            .customer = pg_get_id(rows, (int)i, 0),
            .interval = pg_get_id(rows, (int)i, 1),
            .is_known = pg_get_bool(rows, (int)i, 2),
            .version = pg_get_int4(rows, (int)i, 3),
            .state = owner_state_read(pg_get_text(rows, (int)i, 4)),
        };
}

void handover_list_team(struct request *req, const struct id *staff, const struct id *other,
                        struct handover_team_rows *out)
{
    struct pg_args *args = pg_args_new(req->arena, &handover_statements[LIST_TEAM]);

    *out = (struct handover_team_rows){0};
    pg_put_id(args, 0, staff);
    pg_put_id(args, 1, other);
    flow_ask(req, &handover_statements[LIST_TEAM], args, fill_team, out);
}
