#include "services/complaints/store/case_intake.h"

#include <string.h>

#include "common/service.h"
#include "services/complaints/domain/case_number.h"
#include "services/complaints/domain/opening.h"
#include "services/complaints/store/case_link.h"

enum {
    PERSONS,
    TAKEN,
    CASES,
    NUMBERS,
    SIMILAR,
    LINK,
    LIST_LATE,
};

#define ENDED "(9, 11, 12, 13, 14)" /* case_is_ended */

const struct pg_statement case_intake_statements[] = {
    /* Whose cases they are read as, and by whose grade they are weighed, is the survivor's. */
    [PERSONS] = {.name = "case_intake_persons",
                 .sql = "select q.n::integer - 1, f.id, coalesce(t.customer_id, f.id), t.grade,"
                        " h.contact_id"
                        " from unnest($1, $2, $3, $4, $5) with ordinality"
                        " as q(number, id, source, external_id, hash, n)"
                        " left join phone_holder h on h.hash = q.hash"
                        " cross join lateral (select coalesce((select c.customer_id"
                        " from customer_seen c where c.number = q.number),"
                        " (select c.customer_id from customer_seen c where c.customer_id = q.id),"
                        " (select r.customer_id from customer_reference r where r.source = q.source"
                        " and r.external_id = q.external_id), h.customer_id) as id offset 0) f"
                        " left join customer_seen s on s.customer_id = f.id"
                        " left join customer_seen t"
                        " on t.customer_id = coalesce(s.counts_as, s.customer_id)"
                        " where f.id is not null or h.contact_id is not null",
                 .params = {PG_TEXTS, PG_IDS, PG_TEXTS, PG_TEXTS, PG_BYTESES}},
    [TAKEN] = {.name = "case_intake_taken",
               .sql = "select q.n::integer - 1, c.number from unnest($1, $2) with ordinality"
                      " as q(source, external_id, n) cross join lateral (select number from cases"
                      " where external_source <> '' and external_source = q.source"
                      " and external_id = q.external_id offset 0) c",
               .params = {PG_TEXTS, PG_TEXTS}},
    [CASES] =
        {.name = "case_intake_cases",
         .sql =
             "select q.n::integer - 1, c.id, coalesce(k.counts_as, c.customer_id),"
             " c.kind::integer, c.state::integer, c.order_number, c.product, c.batch,"
             " c.issue, c.cause, c.day, c.closed_at, c.number, f.is_named, c.duplicate_of,"
             " c.forgotten_at is not null"
             " from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) with ordinality"
             " as q(number, id, source, external_id, customer, doc, product, batch, since, n)"
             " cross join lateral (select id, bool_or(is_named) as is_named from ("
             "(select x.id, true as is_named from cases x where x.id = " CASES_ID(
                 "q.number", "q.id", "q.source",
                 "q.external_id") ")"
                                  " union all (select x.id, false from cases x where x.customer_id = any("
                                  "array(select s.customer_id from customer_seen s where s.counts_as = q.customer)"
                                  " || q.customer) and (x.state not in " ENDED
                                  " or x.day >= q.since"
                                  " or x.closed_at >= q.since) order by x.received_at desc limit 100)"
                                  " union all (select x.id, false from cases x where x.order_number <> ''"
                                  " and x.order_number = q.doc and (x.state not in " ENDED
                                  " or x.closed_at >= q.since) order by x.received_at desc limit 20)"
                                  " union all (select x.id, false from cases x where q.batch <> ''"
                                  " and x.product = q.product and x.batch = q.batch and x.day >= q.since"
                                  " order by x.day desc limit 100)) as x group by id offset 0) f"
                                  " join cases c on c.id = f.id"
                                  " left join customer_seen k on k.customer_id = c.customer_id"
                                  " order by q.n, c.received_at desc, c.id desc",
         .params = {PG_TEXTS, PG_IDS, PG_TEXTS, PG_TEXTS, PG_IDS, PG_TEXTS, PG_TEXTS, PG_TEXTS,
                    PG_DATES}},
    /* One after the other, whoever draws: the lock keeps two sets from waiting in a circle. That
     * the draw reached the disk is not waited for: the case that carries the number is committed
     * later in the same log, and so never without it. */
    [NUMBERS] = {.name = "case_intake_numbers",
                 .sql = "with locked as materialized (select"
                        " set_config('synchronous_commit', 'off', true),"
                        " pg_advisory_xact_lock(hashtext(current_schema() || '.case_day')))"
                        " insert into case_day as d (prefix, day, last)"
                        " select q.prefix, q.day, q.count from locked,"
                        " unnest($1, $2, $3) as q(prefix, day, count) order by 1, 2"
                        " on conflict (prefix, day) do update set last = d.last + excluded.last"
                        " returning prefix, day, last",
                 .params = {PG_TEXTS, PG_DATES, PG_INT4S}},
    [SIMILAR] = {.name = "case_intake_similar",
                 .sql = "insert into case_similar (case_id, other_id)"
                        " select * from unnest($1, $2) order by 1, 2 on conflict do nothing",
                 .params = {PG_IDS, PG_IDS},
                 .write = true,
                 .merge = true,
                 .rank = 51},
    /* After the references themselves (store/projection.c); what a page had read is stale. */
    [LINK] = {.name = "case_intake_link",
              .sql = "with q as (select distinct on (source, external_id) * from"
                     " unnest($1, $2, $3, $4, $5) with ordinality"
                     " as t(source, external_id, customer, entry, at, n)"
                     " order by source, external_id, n desc),"
                     " linked as (update cases c set customer_id = q.customer,"
                     " version = c.version + 1 from q where c.customer_id is null"
                     " and c.customer_source <> '' and c.customer_source = q.source"
                     " and c.customer_external_id = q.external_id"
                     " returning c.id, c.state, q.customer, q.entry, q.at)," CASE_LINK_TELL,
              .params = {PG_TEXTS, PG_TEXTS, PG_IDS, PG_IDS, PG_TIMES},
              .write = true,
              .merge = true,
              .rank = 60},
    [LIST_LATE] =
        {.name = "case_intake_list_late",
         .sql =
             "select distinct on (c.customer_source, c.customer_external_id)"
             " c.customer_source, c.customer_external_id, r.customer_id"
             " from cases c cross join lateral (select customer_id"
             " from customer_reference where source = c.customer_source"
             " and external_id = c.customer_external_id union all"
             " select customer_id from customer_seen where c.customer_source = '" OPENING_OWN_SOURCE
             "' and number = c.customer_external_id offset 0) r"
             " where c.customer_id is null and c.customer_source <> ''"
             " and c.received_at >= $1 limit 500",
         .params = {PG_TIME}},
};
const size_t case_intake_statement_count = COUNT_OF(case_intake_statements);

static struct pg_args *question_of(struct request *req, int statement)
{
    return pg_args_new(req->arena, &case_intake_statements[statement]);
}

static void put(struct pg_args *args, int i, struct text text)
{
    pg_put_text_n(args, i, text.at ? text.at : "", text.bytes);
}

/* --- who complains --- */

struct pg_args *case_intake_ask_persons(struct request *req)
{
    return question_of(req, PERSONS);
}

static void put_or_null(struct pg_args *args, int i, bool is_there, struct text text)
{
    if (is_there)
        put(args, i, text);
    else
        pg_put_null(args, i);
}

void case_intake_add_person(struct pg_args *question, const struct customer_ref *ref,
                            struct text phone_hash)
{
    char number[CUSTOMER_REF_NUMBER_BYTES];

    if (ref->kind == CUSTOMER_REF_NUMBER)
        pg_put_text_n(question, 0, number, customer_ref_print_number(ref->number, number));
    else
        pg_put_null(question, 0);
    if (ref->kind == CUSTOMER_REF_ID)
        pg_put_id(question, 1, &ref->id);
    else
        pg_put_null(question, 1);
    put_or_null(question, 2, ref->kind == CUSTOMER_REF_EXTERNAL, ref->source);
    put_or_null(question, 3, ref->kind == CUSTOMER_REF_EXTERNAL, ref->external_id);
    if (phone_hash.bytes > 0)
        pg_put_bytes(question, 4, phone_hash.at, phone_hash.bytes);
    else
        pg_put_null(question, 4);
}

static void fill_persons(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct case_intake_persons *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    found->count = 0;
    for (int row = 0; found->list && row < (int)count; row++) {
        struct text grade = pg_get_text(rows, row, 3);

        found->list[found->count++] = (struct case_intake_person){
            .place = (size_t)pg_get_int4(rows, row, 0),
            .customer = pg_get_id(rows, row, 1),
            .counts_as = pg_get_id(rows, row, 2),
            .contact = pg_get_id(rows, row, 4),
            .grade = grade.bytes > 0 ? grade.at[0] : ' ',
        };
    }
}

void case_intake_find_persons(struct request *req, struct pg_args *question,
                              struct case_intake_persons *out)
{
    flow_ask(req, &case_intake_statements[PERSONS], question, fill_persons, out);
}

/* --- references of cases elsewhere --- */

struct pg_args *case_intake_ask_taken(struct request *req)
{
    return question_of(req, TAKEN);
}

void case_intake_add_taken(struct pg_args *question, struct text source, struct text external_id)
{
    put(question, 0, source);
    put(question, 1, external_id);
}

static void fill_taken(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct case_intake_takens *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    found->count = 0;
    for (int row = 0; found->list && row < (int)count; row++)
        found->list[found->count++] = (struct case_intake_taken){(size_t)pg_get_int4(rows, row, 0),
                                                                 pg_keep_text(rows, row, 1, arena)};
}

void case_intake_find_taken(struct request *req, struct pg_args *question,
                            struct case_intake_takens *out)
{
    flow_ask(req, &case_intake_statements[TAKEN], question, fill_taken, out);
}

/* --- what it may belong to, and repeat --- */

struct pg_args *case_intake_ask_cases(struct request *req)
{
    return question_of(req, CASES);
}

void case_intake_add_case(struct pg_args *question, const struct case_intake_ask *ask)
{
    static const struct id nobody;

    if (ask->named)
        cases_put_question(question, 0, ask->named);
    for (int i = 0; !ask->named && i < 4; i++)
        pg_put_null(question, i);
    pg_put_id(question, 4, ask->counts_as ? ask->counts_as : &nobody);
    put(question, 5, ask->order_number);
    put(question, 6, ask->product);
    put(question, 7, ask->batch);
    pg_put_date(question, 8, ask->since);
}

/* Who asks, for the days on which cases were closed. */
struct looking {
    struct case_intake_cases *out;
    const struct zone *zone;
};

static void fill_case(const struct pg_rows *rows, int row, const struct looking *looking,
                      struct arena *arena, struct case_intake_case *out)
{
    int64_t closed_us = pg_is_null(rows, row, 11) ? 0 : pg_get_time(rows, row, 11);

    *out = (struct case_intake_case){
        .place = (size_t)pg_get_int4(rows, row, 0),
        .joins = {.id = pg_get_id(rows, row, 1),
                  .customer = pg_get_id(rows, row, 2),
                  .kind = (enum case_kind)pg_get_int4(rows, row, 3),
                  .state = (enum case_state)pg_get_int4(rows, row, 4),
                  .order = pg_keep_text(rows, row, 5, arena),
                  .product = pg_keep_text(rows, row, 6, arena),
                  .closed_day = zone_day(looking->zone, closed_us),
                  .is_named = pg_get_bool(rows, row, 13),
                  .duplicate_of = pg_get_id(rows, row, 14),
                  .is_forgotten = pg_get_bool(rows, row, 15)},
        .number = pg_keep_text(rows, row, 12, arena),
    };
    out->repeats = (struct recurrence_case){
        .id = out->joins.id,
        .customer = out->joins.customer,
        .kind = out->joins.kind,
        .state = out->joins.state,
        .cause = pg_keep_text(rows, row, 9, arena),
        .issue = pg_keep_text(rows, row, 8, arena),
        .product = out->joins.product,
        .batch = pg_keep_text(rows, row, 7, arena),
        .day = pg_get_date(rows, row, 10),
    };
}

static void fill_cases(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    const struct looking *looking = owner;
    struct case_intake_cases *found = looking->out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    found->count = 0;
    for (int row = 0; found->list && row < (int)count; row++)
        fill_case(rows, row, looking, arena, &found->list[found->count++]);
}

void case_intake_find_cases(struct request *req, struct pg_args *question,
                            struct case_intake_cases *out)
{
    struct looking *looking = arena_take(req->arena, sizeof(*looking));

    if (looking)
        *looking = (struct looking){out, &req->service->zone};
    flow_ask(req, &case_intake_statements[CASES], looking ? question : NULL, fill_cases, looking);
}

/* --- numbers --- */

struct pg_args *case_intake_ask_numbers(struct request *req)
{
    return question_of(req, NUMBERS);
}

void case_intake_add_number(struct pg_args *question, enum case_kind kind, int32_t day,
                            uint32_t count)
{
    pg_put_text(question, 0, case_number_prefix(kind));
    pg_put_date(question, 1, day);
    pg_put_int4(question, 2, (int32_t)count);
}

static enum case_kind kind_of(struct text prefix)
{
    for (int kind = 1; kind < CASE_KINDS; kind++)
        if (prefix.bytes == 2 &&
            memcmp(prefix.at, case_number_prefix((enum case_kind)kind), 2) == 0)
            return (enum case_kind)kind;
    return CASE_KIND_IS_NONE;
}

static void fill_numbers(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct case_intake_numbers *drawn = out;
    size_t count = (size_t)pg_row_count(rows);

    drawn->list = arena_take_array(arena, count, sizeof(*drawn->list));
    drawn->count = 0;
    for (int row = 0; drawn->list && row < (int)count; row++)
        drawn->list[drawn->count++] = (struct case_intake_number){
            kind_of(pg_get_text(rows, row, 0)), pg_get_date(rows, row, 1),
            (uint32_t)pg_get_int4(rows, row, 2)};
}

void case_intake_draw(struct request *req, struct pg_args *question,
                      struct case_intake_numbers *out)
{
    flow_ask(req, &case_intake_statements[NUMBERS], question, fill_numbers, out);
}

/* --- writes --- */

void case_intake_put_similar(struct request *req, const struct id *case_id, const struct id *other)
{
    struct pg_args *args = flow_write(req, &case_intake_statements[SIMILAR]);

    pg_put_id(args, 0, case_id);
    pg_put_id(args, 1, other);
}

void case_intake_link(struct request *req, struct text source, struct text external_id,
                      const struct id *customer)
{
    struct pg_args *args;
    struct id entry = request_new_id(req);

    cases_hold_reference(req, source, external_id);
    args = flow_write(req, &case_intake_statements[LINK]);
    put(args, 0, source);
    put(args, 1, external_id);
    pg_put_id(args, 2, customer);
    pg_put_id(args, 3, &entry);
    pg_put_time(args, 4, req->now_us);
}

/* --- what was opened while its reference was being learned --- */

static void fill_late(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct case_intake_lates *late = out;
    size_t count = (size_t)pg_row_count(rows);

    late->list = arena_take_array(arena, count, sizeof(*late->list));
    late->count = 0;
    for (int row = 0; late->list && row < (int)count; row++)
        late->list[late->count++] =
            (struct case_intake_late){pg_keep_text(rows, row, 0, arena),
                                      pg_keep_text(rows, row, 1, arena), pg_get_id(rows, row, 2)};
}

void case_intake_list_late(struct request *req, int64_t since_us, struct case_intake_lates *out)
{
    struct pg_args *args = question_of(req, LIST_LATE);

    pg_put_time(args, 0, since_us);
    flow_ask(req, &case_intake_statements[LIST_LATE], args, fill_late, out);
}
