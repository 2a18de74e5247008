#include "services/customers/store/owner.h"

#include <string.h>

#include "common/service.h"
#include "services/customers/domain/file.h"
#include "services/customers/store/alias.h"
#include "services/customers/store/scope.h"

enum {
    LIST_PEOPLE,
    LIST_REGION_MANAGERS,
    LIST_REFS,
    LIST_STANDINGS,
    LIST_WAITING,
    LIST_UNASSIGNED_AFTER,
    LIST_OWNED,
    LIST_UNALERTED,
    LIST_INTERVALS_AT,
    LIST_INTERVALS,
    LIST_QUEUE,
    FIND_PASS,
};

/* The region in which this customer's net of the 12 months is largest; as in file_list.c. */
#define PURCHASE_REGION(customer)                                                                  \
    "(select coalesce(o.region_code, o.name) as region from (select region_id,"                    \
    " sum(net_micros) as net, max(day) as latest from sales_figure where customer_id = " customer  \
    " and day between $1 and $2 and currency = $3 group by region_id) f"                           \
    " cross join lateral (select region_code, name from order_region"                              \
    " where id = f.region_id offset 0) o group by 1"                                               \
    " order by sum(f.net) desc, max(f.latest) desc, 1 limit 1)"

/* How the customers of `c` stand; every look-up in a box of its own. Parameters 1 to 3: the window
 * of purchases and the business currency. */
#define STANDINGS(from)                                                                                     \
    "select c.id, c.number, c.party_type, c.nature, coalesce(c.region_code, g.region, w.region),"           \
    " g.grade, c.owner_state, c.owner_version, o.id, o.staff_id, o.from_at, e.ended_at from " from          \
    " left join lateral (select grade::text, region from grade_current where customer_id = c.id"            \
    " offset 0) g on true left join lateral " PURCHASE_REGION(                                              \
        "c.id") " w on c.region_code is null"                                                               \
                " and g.region is null left join lateral (select id, staff_id, from_at from ownership"      \
                " where customer_id = c.id and to_at is null and role = 'owner' offset 0) o on true"        \
                " left join lateral (select max(to_at) as ended_at from ownership where customer_id = c.id" \
                " and role = 'owner' offset 0) e on true order by c.id"
#define WINDOW PG_DATE, PG_DATE, PG_TEXT

#define INTERVALS                                                                                  \
    "select o.id, s.code, s.name, o.role = 'owner', o.from_at, o.to_at, o.made_by, o.reason,"      \
    " o.note, o.ended_by, o.end_reason, o.rule, case when o.to_at is null then d.code end"         \
    " from ownership o join staff s on s.id = o.staff_id left join staff d on d.id = s.deputy_id"  \
    " and d.state = 'active' and $2 between s.absent_from and s.absent_to"

const struct pg_statement owner_statements[] = {
    [LIST_PEOPLE] =
        {.name = "owner_list_people",
         .sql =
             "with recursive named as materialized (select id from staff where code = any($1)"
             " or id = any($2)), line(id) as (select id from named union select s.manager_id"
             " from line l join staff s on s.id = l.id where s.manager_id is not null)"
             " select s.id, s.code, s.name, s.state = 'left',"
             " coalesce($3 between s.absent_from and s.absent_to, false),"
             " exists (select from staff d where d.id = s.deputy_id and d.state = 'active'"
             " and not coalesce($3 between d.absent_from and d.absent_to, false)),"
             " s.manager_id, s.roles && array['salesperson', 'account_manager', 'manager'], s.capacity, s.version,"
             " case when $4 and s.id in (select id from named) then (select count(*)"
             " from ownership o where o.staff_id = s.id and o.to_at is null"
             " and o.role = 'owner') else 0 end from line join staff s on s.id = line.id",
         .params = {PG_TEXTS, PG_IDS, PG_DATE, PG_BOOL}},
    [LIST_REGION_MANAGERS] = {.name = "owner_list_region_managers",
                              .sql = "select s.id, s.code, s.name, r.code from staff s"
                                     " cross join lateral unnest(s.regions) as r(code)"
                                     " where s.state = 'active' and 'manager' = any(s.roles)"
                                     " order by r.code, s.code"},
    [LIST_REFS] = {.name = "owner_list_refs",
                   .sql = "select q.place, c.id from unnest($1, $2, $3, $4) with ordinality"
                          " as q(number, id, source, external_id, place)"
                          " cross join lateral (select case when q.number > 0"
                          " then (select id from customer where number = q.number)"
                          " when q.source <> '' then (select customer_id from customer_ref"
                          " where source = q.source and external_id = q.external_id)"
                          " else q.id end as id offset 0) i cross join lateral (select id"
                          " from customer where id = " ALIAS_SURVIVOR("i.id") " offset 0) c",
                   .params = {PG_INT8S, PG_IDS, PG_TEXTS, PG_TEXTS}},
    [LIST_STANDINGS] = {.name = "owner_list_standings",
                        .sql = STANDINGS("unnest($4) as q(id) cross join lateral (select * from"
                                         " customer where id = q.id and not is_merged offset 0) c"),
                        .params = {WINDOW, PG_IDS}},
    [LIST_WAITING] = {.name = "owner_list_waiting",
                      .sql = STANDINGS("(select * from customer where owner_state = 'waiting'"
                                       " and not is_merged order by id limit $4) c"),
                      .params = {WINDOW, PG_INT8}},
    [LIST_UNASSIGNED_AFTER] = {.name = "owner_list_unassigned_after",
                               .sql = STANDINGS(
                                   "(select * from customer where owner_state = 'unassigned'"
                                   " and not is_merged and id > $4 order by id limit $5) c"),
                               .params = {WINDOW, PG_ID, PG_INT8}},
    [LIST_OWNED] = {.name = "owner_list_owned",
                    .sql = STANDINGS("(select customer_id from ownership where staff_id = $4"
                                     " and to_at is null and role = 'owner' offset 0) q"
                                     " cross join lateral (select * from customer"
                                     " where id = q.customer_id offset 0) c"),
                    .params = {WINDOW, PG_ID},
                    .slow = true},
    [LIST_UNALERTED] = {.name = "owner_list_unalerted",
                        .sql = STANDINGS(
                            "(select c.* from grade_current g cross join lateral (select *"
                            " from customer where id = g.customer_id and not is_merged"
                            " and party_type in ('customer', 'channel')"
                            " and (owner_state in ('unassigned', 'pool')"
                            " or ($5 and owner_state = 'waiting')) offset 0) c where g.grade = 'A'"
                            " and not exists (select from owner_alert a where a.customer_id = c.id)"
                            " limit $4) c"),
                        .params = {WINDOW, PG_INT8, PG_BOOL},
                        .slow = true},
    [LIST_INTERVALS_AT] = {.name = "owner_list_intervals_at",
                           .sql = INTERVALS " where o.customer_id = $1 and o.from_at <= $3"
                                            " and (o.to_at is null or o.to_at > $3)"
                                            " order by o.role <> 'owner', o.from_at, s.code",
                           .params = {PG_ID, PG_DATE, PG_TIME}},
    [LIST_INTERVALS] = {.name = "owner_list_intervals",
                        .sql = INTERVALS " where o.customer_id = $1"
                                         " order by o.from_at desc, o.id desc limit 500",
                        .params = {PG_ID, PG_DATE}},
    [LIST_QUEUE] =
        {.name = "owner_list_queue",
         .sql =
             "with recursive s as (select $4::text as code union select r.code from s"
             " join region r on r.parent_code = s.code)"
             " select p.id, p.number, p.name, p.grade, coalesce(p.region, w.region),"
             " coalesce((select max(to_at) from ownership where customer_id = p.id"
             " and role = 'owner'), p.registered_at),"
             " exists (select from owner_alert where customer_id = p.id)"
             " from (select c.id, c.number, c.name, c.registered_at,"
             " coalesce(g.grade, 'none') as grade, coalesce(c.region_code, g.region) as region"
             " from customer c left join lateral (select grade::text, region from grade_current"
             " where customer_id = c.id offset 0) g on true"
             " where c.owner_state in ('waiting', 'unassigned') and not c.is_merged"
             " and c.party_type in ('customer', 'channel')"
             " and ($5 = '' or coalesce(g.grade, 'none') = $5)"
             " and (coalesce(g.grade, 'none') collate \"C\", c.number) > ($6 collate \"C\", $7)"
             " and ($4 = '' or coalesce(c.region_code, g.region, " PURCHASE_REGION("c.id") ") in (select code from s)) and " SCOPE_FILTER(
                 "c.id", "$9", "$10",
                 "$11") " order by coalesce(g.grade, 'none') collate \"C\", c.number limit $8) p"
                        " left join lateral " PURCHASE_REGION(
                            "p.id") " w on p.region is null"
                                    " order by p.grade collate \"C\", p.number",
         .params = {WINDOW, PG_TEXT, PG_TEXT, PG_TEXT, PG_INT8, PG_INT8, PG_BOOL, PG_BOOL, PG_IDS},
         .slow = true},
    [FIND_PASS] = {.name = "owner_find_pass",
                   .sql = "select version, next_id, is_running, exists (select from customer"
                          " where owner_state = 'waiting' and not is_merged),"
                          " case when $1 then (select count(*) from (select from customer"
                          " where owner_state in ('waiting', 'unassigned') and not is_merged"
                          " and party_type in ('customer', 'channel') limit 1000001) u) else 0 end"
                          " from owner_rules_pass",
                   .params = {PG_BOOL}},
};
const size_t owner_statement_count = COUNT_OF(owner_statements);

/* --- people --- */

static void fill_people(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct owner_people *people = out;
    size_t count = (size_t)pg_row_count(rows);

    people->list = arena_take_array(arena, count, sizeof(*people->list));
    for (size_t i = 0; people->list && i < count; i++) {
        int row = (int)i;

        people->list[people->count++] = (struct owner_person){
            .id = pg_get_id(rows, row, 0),
            .code = pg_keep_text(rows, row, 1, arena),
            .name = pg_keep_text(rows, row, 2, arena),
            .has_left = pg_get_bool(rows, row, 3),
            .is_absent = pg_get_bool(rows, row, 4),
            .has_deputy = pg_get_bool(rows, row, 5),
            .has_manager = !pg_is_null(rows, row, 6),
            .manager = pg_get_id(rows, row, 6),
            .may_own = pg_get_bool(rows, row, 7),
            .capacity = pg_is_null(rows, row, 8) ? INT64_MAX : pg_get_int4(rows, row, 8),
            .version = pg_get_int8(rows, row, 9),
            .customers = pg_get_int8(rows, row, 10),
        };
    }
}

void owner_list_people(struct request *req, const struct owner_names *names, int32_t today,
                       struct owner_people *out)
{
    struct pg_args *args = pg_args_new(req->arena, &owner_statements[LIST_PEOPLE]);

    *out = (struct owner_people){0};
    for (size_t i = 0; i < names->code_count; i++)
        pg_put_text_n(args, 0, names->codes[i].at, names->codes[i].bytes);
    for (size_t i = 0; i < names->id_count; i++)
        pg_put_id(args, 1, &names->ids[i]);
    pg_put_date(args, 2, today);
    pg_put_bool(args, 3, names->counts_customers);
    flow_ask(req, &owner_statements[LIST_PEOPLE], args, fill_people, out);
}

static void fill_region_managers(const struct pg_rows *rows, struct arena *arena, void *out)
{
    size_t count = (size_t)pg_row_count(rows);
    struct owner_region_manager *list = arena_take_array(arena, count, sizeof(*list));

    for (size_t i = 0; list && i < count; i++)
        list[i] = (struct owner_region_manager){
            .id = pg_get_id(rows, (int)i, 0),
            .code = pg_keep_text(rows, (int)i, 1, arena),
            .name = pg_keep_text(rows, (int)i, 2, arena),
            .region = pg_keep_text(rows, (int)i, 3, arena),
        };
    *(struct owner_region_managers *)out = (struct owner_region_managers){list, list ? count : 0};
}

void owner_list_region_managers(struct request *req, struct owner_region_managers *out)
{
    *out = (struct owner_region_managers){0};
    flow_ask(req, &owner_statements[LIST_REGION_MANAGERS], NULL, fill_region_managers, out);
}

/* --- customers --- */

static void fill_refs(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct id *ids = out;

    (void)arena;
    for (int row = 0; row < pg_row_count(rows); row++)
        ids[pg_get_int8(rows, row, 0) - 1] = pg_get_id(rows, row, 1);
}

void owner_list_refs(struct request *req, const struct customer_question *questions, size_t count,
                     struct id *out)
{
    struct pg_args *args = pg_args_new(req->arena, &owner_statements[LIST_REFS]);

    for (size_t i = 0; i < count; i++) {
        const struct customer_question *question = &questions[i];

        out[i] = (struct id){{0}};
        pg_put_int8(args, 0, question->kind == CUSTOMER_REF_NUMBER ? question->number : 0);
        pg_put_id(args, 1, &question->id);
        pg_put_text_n(args, 2, question->reference.source.at, question->reference.source.bytes);
        pg_put_text_n(args, 3, question->reference.external_id.at,
                      question->reference.external_id.bytes);
    }
    flow_ask(req, &owner_statements[LIST_REFS], args, fill_refs, out);
}

static void fill_standings(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct owner_standings *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++) {
        int row = (int)i;
        struct text grade = pg_get_text(rows, row, 5);

        found->list[found->count++] = (struct owner_standing){
            .customer = pg_get_id(rows, row, 0),
            .number = pg_get_int8(rows, row, 1),
            .party = pg_keep_text(rows, row, 2, arena),
            .nature = pg_keep_text(rows, row, 3, arena),
            .region = pg_keep_text(rows, row, 4, arena),
            .grade = grade.bytes ? grade.at[0] : ' ',
            .state = owner_state_read(pg_get_text(rows, row, 6)),
            .version = pg_get_int4(rows, row, 7),
            .has_owner = !pg_is_null(rows, row, 8),
            .interval = pg_get_id(rows, row, 8),
            .owner = pg_get_id(rows, row, 9),
            .owned_from_us = pg_get_time(rows, row, 10),
            .last_end_us = pg_get_time(rows, row, 11),
        };
    }
}

/* The arguments of STANDINGS; more begin at 3. */
static struct pg_args *standings_args(struct request *req, size_t which, int32_t today)
{
    struct pg_args *args = pg_args_new(req->arena, &owner_statements[which]);

    pg_put_date(args, 0, file_window_from(today));
    pg_put_date(args, 1, today);
    pg_put_text(args, 2, req->service->currency);
    return args;
}

static void ask_standings(struct request *req, size_t which, struct pg_args *args,
                          struct owner_standings *out)
{
    *out = (struct owner_standings){0};
    flow_ask(req, &owner_statements[which], args, fill_standings, out);
}

void owner_list_standings(struct request *req, const struct id *customers, size_t count,
                          int32_t today, struct owner_standings *out)
{
    struct pg_args *args = standings_args(req, LIST_STANDINGS, today);

    for (size_t i = 0; i < count; i++)
        pg_put_id(args, 3, &customers[i]);
    ask_standings(req, LIST_STANDINGS, args, out);
}

void owner_list_waiting(struct request *req, int32_t today, uint32_t limit,
                        struct owner_standings *out)
{
    struct pg_args *args = standings_args(req, LIST_WAITING, today);

    pg_put_int8(args, 3, limit);
    ask_standings(req, LIST_WAITING, args, out);
}

void owner_list_unassigned_after(struct request *req, const struct id *after, int32_t today,
                                 uint32_t limit, struct owner_standings *out)
{
    struct pg_args *args = standings_args(req, LIST_UNASSIGNED_AFTER, today);

    pg_put_id(args, 3, after);
    pg_put_int8(args, 4, limit);
    ask_standings(req, LIST_UNASSIGNED_AFTER, args, out);
}

void owner_list_owned(struct request *req, const struct id *staff, int32_t today,
                      struct owner_standings *out)
{
    struct pg_args *args = standings_args(req, LIST_OWNED, today);

    pg_put_id(args, 3, staff);
    ask_standings(req, LIST_OWNED, args, out);
}

void owner_list_unalerted(struct request *req, bool with_waiting, int32_t today, uint32_t limit,
                          struct owner_standings *out)
{
    struct pg_args *args = standings_args(req, LIST_UNALERTED, today);

    pg_put_int8(args, 3, limit);
    pg_put_bool(args, 4, with_waiting);
    ask_standings(req, LIST_UNALERTED, args, out);
}

static void fill_intervals(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct owner_intervals *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++) {
        int row = (int)i;

        found->list[found->count++] = (struct owner_interval){
            .id = pg_get_id(rows, row, 0),
            .staff = pg_keep_text(rows, row, 1, arena),
            .name = pg_keep_text(rows, row, 2, arena),
            .role = pg_get_bool(rows, row, 3) ? OWNER_ROLE_IS_OWNER : OWNER_ROLE_IS_TEAM,
            .from_us = pg_get_time(rows, row, 4),
            .to_us = pg_get_time(rows, row, 5),
            .by = pg_keep_text(rows, row, 6, arena),
            .reason = pg_keep_text(rows, row, 7, arena),
            .note = pg_keep_text(rows, row, 8, arena),
            .ended_by = pg_keep_text(rows, row, 9, arena),
            .end_reason = pg_keep_text(rows, row, 10, arena),
            .rule = pg_keep_text(rows, row, 11, arena),
            .deputy = pg_keep_text(rows, row, 12, arena),
        };
    }
}

void owner_list_intervals(struct request *req, const struct id *customer, int64_t at_us,
                          int32_t today, struct owner_intervals *out)
{
    const struct pg_statement *statement =
        &owner_statements[at_us ? LIST_INTERVALS_AT : LIST_INTERVALS];
    struct pg_args *args = pg_args_new(req->arena, statement);

    *out = (struct owner_intervals){0};
    pg_put_id(args, 0, customer);
    pg_put_date(args, 1, today);
    if (at_us)
        pg_put_time(args, 2, at_us);
    flow_ask(req, statement, args, fill_intervals, out);
}

/* --- the queue --- */

static void fill_queue(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct owner_queue *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++) {
        int row = (int)i;

        found->list[found->count++] = (struct owner_queued){
            .customer = pg_get_id(rows, row, 0),
            .number = pg_get_int8(rows, row, 1),
            .name = pg_keep_text(rows, row, 2, arena),
            .grade = pg_keep_text(rows, row, 3, arena),
            .region = pg_keep_text(rows, row, 4, arena),
            .since_us = pg_get_time(rows, row, 5),
            .is_alerted = pg_get_bool(rows, row, 6),
        };
    }
}

void owner_list_queue(struct request *req, const struct owner_queue_question *question,
                      int32_t today, struct owner_queue *out)
{
    struct pg_args *args = standings_args(req, LIST_QUEUE, today);

    *out = (struct owner_queue){0};
    pg_put_text_n(args, 3, question->region.at, question->region.bytes);
    pg_put_text_n(args, 4, question->grade.at, question->grade.bytes);
    pg_put_text_n(args, 5, question->after_grade.at, question->after_grade.bytes);
    pg_put_int8(args, 6, question->after_number);
    pg_put_int8(args, 7, question->limit);
    scope_put(req, args, 8);
    flow_ask(req, &owner_statements[LIST_QUEUE], args, fill_queue, out);
}

static void fill_pass(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    *(struct owner_pass *)out = (struct owner_pass){
        .version = (uint32_t)pg_get_int4(rows, 0, 0),
        .next = pg_get_id(rows, 0, 1),
        .is_running = pg_get_bool(rows, 0, 2),
        .has_waiting = pg_get_bool(rows, 0, 3),
        .waiting = pg_get_int8(rows, 0, 4),
    };
}

void owner_find_pass(struct request *req, bool counts, struct owner_pass *out)
{
    struct pg_args *args = pg_args_new(req->arena, &owner_statements[FIND_PASS]);

    pg_put_bool(args, 0, counts);
    flow_ask(req, &owner_statements[FIND_PASS], args, fill_pass, out);
}
