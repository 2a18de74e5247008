/* Reading one customer's file. */
#include "services/customers/store/file.h"

#include "common/service.h"
#include "services/customers/store/alias.h"
#include "services/customers/store/owner_shown.h"
#include "services/customers/store/sealed.h"

enum {
    FIND_BY_NUMBER,
    FIND_BY_ID,
    FIND_BY_REFERENCE,
    LIST_FACTS,
    LIST_FACTS_WITHOUT,
    LIST_MAJOR_CHANGES,
    FIND_PURCHASES,
    LIST_ABOVE,
    FIND_HEIGHT,
    FIND_REGION,
    LIST_REF_OWNERS,
};

#define FILE_OF(condition)                                                                         \
    "select c.id, c.number, c.name, c.party_type, c.nature, c.parent_id,"                          \
    " (select p.number from customer p where p.id = c.parent_id), c.region_code, c.file_version,"  \
    " c.registered_at, coalesce((select version from subject_version where subject = c.id), 0),"   \
    " c.reviewed_on, c.review_due,"                                                                \
    " (select grade::text from grade_current g where g.customer_id = c.id), " ALIAS_MERGED_FROM    \
    ", c.privacy <> 'open', " OWNER_SHOWN("c.id") ", c.privacy from " ALIAS_CUSTOMER(condition)

#define FACTS(condition)                                                                           \
    "select distinct on (field) field, value, source, collector, status, verified_on, changed_at," \
    " customer_id, value_sealed from customer_fact where customer_id in " ALIAS_ALL_OF_1           \
    " and " condition " order by field, customer_id <> $1, changed_at desc, customer_id"

const struct pg_statement file_statements[] = {
    [FIND_BY_NUMBER] = {.name = "file_find_by_number",
                        .sql = FILE_OF("n.number = $1"),
                        .params = {PG_INT8}},
    [FIND_BY_ID] = {.name = "file_find_by_id", .sql = FILE_OF("n.id = $1"), .params = {PG_ID}},
    [FIND_BY_REFERENCE] = {.name = "file_find_by_reference",
                           .sql = FILE_OF("n.id = (select customer_id from customer_ref"
                                          " where source = $1 and external_id = $2)"),
                           .params = {PG_TEXT, PG_TEXT}},
    [LIST_FACTS] = {.name = "file_list_facts", .sql = FACTS("true"), .params = {PG_ID}},
    [LIST_FACTS_WITHOUT] = {.name = "file_list_facts_without",
                            .sql = FACTS("customer_id <> $2 and customer_id not in"
                                         " (select row_key::uuid from merge_change"
                                         " where merge_id = $3 and what = 'customer_alias')"),
                            .params = {PG_ID, PG_ID, PG_ID}},
    [LIST_MAJOR_CHANGES] = {.name = "file_list_major_changes",
                            .sql = "select kind, description, happened_on"
                                   " from customer_major_change"
                                   " where customer_id in " ALIAS_ALL_OF_1
                                   " order by happened_on desc, id desc limit 20",
                            .params = {PG_ID}},
    [FIND_PURCHASES] =
        {.name = "file_find_purchases",
         .sql = "select min(o.day), max(o.day), count(distinct o.day),"
                " count(*) filter (where o.day between $2 and $3),"
                " coalesce((select sum(net_micros) from sales_figure"
                " where customer_id in " ALIAS_ALL_OF_1
                " and day between $2 and $3 and currency = $4), 0)::bigint,"
                " (select coalesce(r.region_code, r.name) from (select region_id, sum(net_micros)"
                " as net, max(day) as latest from sales_figure where customer_id in " ALIAS_ALL_OF_1
                " and day between $2 and $3 and currency = $4 group by region_id) f"
                " cross join lateral (select region_code, name from order_region"
                " where id = f.region_id offset 0) r group by 1"
                " order by sum(f.net) desc, max(f.latest) desc, 1 limit 1)"
                " from " ALIAS_FROM_1 " cross join lateral (select * from orders"
                " where customer_id = m.id and net_micros > 0 offset 0) o"
                " cross join lateral (select cancelled_at from order_key"
                " where source = o.source and number = o.number offset 0) k"
                " where k.cancelled_at is null",
         .params = {PG_ID, PG_DATE, PG_DATE, PG_TEXT}},
    [LIST_ABOVE] = {.name = "file_list_above",
                    .sql = "with recursive up as (select id, file_version, parent_id, 1 as level"
                           " from customer where id = $1 union all"
                           " select c.id, c.file_version, c.parent_id, up.level + 1 from up"
                           " cross join lateral (select id, file_version, parent_id from customer"
                           " where id = up.parent_id offset 0) c where up.level <= $2)"
                           " select id, file_version from up order by level",
                    .params = {PG_ID, PG_INT4}},
    [FIND_HEIGHT] = {.name = "file_find_height",
                     .sql = "with recursive down as (select $1 as id, 1 as level union all"
                            " select c.id, down.level + 1 from down cross join lateral"
                            " (select id from customer where parent_id = down.id offset 0) c"
                            " where down.level <= $2) select max(level) from down",
                     .params = {PG_ID, PG_INT4}},
    [FIND_REGION] = {.name = "file_find_region",
                     .sql = "select 1 from region where code = $1",
                     .params = {PG_TEXT}},
    [LIST_REF_OWNERS] = {.name = "file_list_ref_owners",
                         .sql = "select r.* from unnest($1, $2) as q(source, name) cross join"
                                " lateral (select r.source, r.external_id, c.id, c.number"
                                " from customer_ref r left join customer_alias a"
                                " on a.customer_id = r.customer_id join customer c"
                                " on c.id = coalesce(a.survivor_id, r.customer_id)"
                                " where r.source = q.source and r.external_id = q.name offset 0) r",
                         .params = {PG_TEXTS, PG_TEXTS}},
};
const size_t file_statement_count = COUNT_OF(file_statements);

static void fill_row(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct file_row *file = out;
    struct text grade;

    if (pg_row_count(rows) == 0)
        return;
    grade = pg_get_text(rows, 0, 13);
    file->found = true;
    file->id = pg_get_id(rows, 0, 0);
    file->number = pg_get_int8(rows, 0, 1);
    file->name = pg_keep_text(rows, 0, 2, arena);
    file->state.party = file_party_read(pg_get_text(rows, 0, 3));
    file->state.nature = file_nature_read(pg_get_text(rows, 0, 4));
    file->state.has_parent = !pg_is_null(rows, 0, 5);
    file->state.parent = pg_get_id(rows, 0, 5);
    file->parent_number = pg_get_int8(rows, 0, 6);
    file->state.region = pg_keep_text(rows, 0, 7, arena);
    file->state.has_name = file->name.bytes > 0;
    file->file_version = pg_get_int8(rows, 0, 8);
    file->registered_at_us = pg_get_time(rows, 0, 9);
    file->version = (uint64_t)pg_get_int8(rows, 0, 10);
    file->reviewed_on = pg_get_date_or_none(rows, 0, 11);
    file->review_due = pg_get_date_or_none(rows, 0, 12);
    file->grade = grade.bytes ? grade.at[0] : ' ';
    file->merged_from = pg_get_int8(rows, 0, 14);
    file->is_erased = pg_get_bool(rows, 0, 15);
    file->owner = pg_keep_text(rows, 0, 16, arena);
    file->privacy = pg_keep_text(rows, 0, 17, arena);
}

void file_find(struct request *req, const struct customer_question *question, struct file_row *out)
{
    const struct pg_statement *statement = &file_statements[FIND_BY_NUMBER];
    struct pg_args *args;

    if (question->kind == CUSTOMER_REF_ID)
        statement = &file_statements[FIND_BY_ID];
    else if (question->kind == CUSTOMER_REF_EXTERNAL)
        statement = &file_statements[FIND_BY_REFERENCE];
    args = pg_args_new(req->arena, statement);
    switch (question->kind) {
    case CUSTOMER_REF_NUMBER:
        pg_put_int8(args, 0, question->number);
        break;
    case CUSTOMER_REF_ID:
        pg_put_id(args, 0, &question->id);
        break;
    case CUSTOMER_REF_EXTERNAL:
        pg_put_text_n(args, 0, question->reference.source.at, question->reference.source.bytes);
        pg_put_text_n(args, 1, question->reference.external_id.at,
                      question->reference.external_id.bytes);
        break;
    }
    flow_ask(req, statement, args, fill_row, out);
}

static void ask_about(struct request *req, int statement, const struct id *customer, pg_fill fill,
                      void *out)
{
    struct pg_args *args = pg_args_new(req->arena, &file_statements[statement]);

    pg_put_id(args, 0, customer);
    if (statement == LIST_ABOVE || statement == FIND_HEIGHT)
        pg_put_int4(args, 1, FILE_MAX_DEPTH);
    flow_ask(req, &file_statements[statement], args, fill, out);
}

struct fact_filling {
    const struct seal *seal;
    struct facts *facts;
};

struct text file_get_value(const struct seal *seal, const struct id *customer,
                           const struct field *field, const struct pg_rows *rows, int row,
                           int plain, int sealed, struct arena *arena)
{
    struct seal_place place = {FILE_SEALED_COLUMN, *customer, field->name};

    if (pg_is_null(rows, row, sealed))
        return pg_keep_text(rows, row, plain, arena);
    return sealed_get(seal, &place, rows, row, sealed, arena);
}

/* In the order of the dictionary. */
static void fill_facts(const struct pg_rows *rows, struct arena *arena, void *out)
{
    const struct fact_filling *filling = out;
    struct facts *facts = filling->facts;

    for (size_t i = 0; i < fields_count; i++) {
        for (int row = 0; row < pg_row_count(rows); row++) {
            if (fields_find(pg_get_text(rows, row, 0)) != &fields[i])
                continue;
            struct id customer = pg_get_id(rows, row, 7);

            facts->list[facts->count++] = (struct fact){
                .field = &fields[i],
                .value =
                    file_get_value(filling->seal, &customer, &fields[i], rows, row, 1, 8, arena),
                .source = file_source_read(pg_get_text(rows, row, 2)),
                .collector = pg_keep_text(rows, row, 3, arena),
                .status = file_status_read(pg_get_text(rows, row, 4)),
                .verified_on = pg_get_date_or_none(rows, row, 5),
                .changed_at_us = pg_get_time(rows, row, 6),
            };
        }
    }
}

void file_list_facts(struct request *req, const struct id *customer, struct facts *out)
{
    struct fact_filling *filling = arena_take(req->arena, sizeof(*filling));

    out->count = 0;
    if (!filling)
        return; /* the arena is full: the request will be refused as a whole */
    *filling = (struct fact_filling){req->service->seal, out};
    ask_about(req, LIST_FACTS, customer, fill_facts, filling);
}

void file_list_facts_without(struct request *req, const struct id *customer,
                             const struct id *merged, const struct id *merge, struct facts *out)
{
    const struct pg_statement *statement = &file_statements[LIST_FACTS_WITHOUT];
    struct pg_args *args = pg_args_new(req->arena, statement);
    struct fact_filling *filling = arena_take(req->arena, sizeof(*filling));

    out->count = 0;
    if (!filling)
        return; /* the arena is full: the request will be refused as a whole */
    *filling = (struct fact_filling){req->service->seal, out};
    pg_put_id(args, 0, customer);
    pg_put_id(args, 1, merged);
    pg_put_id(args, 2, merge);
    flow_ask(req, statement, args, fill_facts, filling);
}

static void fill_major_changes(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct major_changes *changes = out;
    size_t count = (size_t)pg_row_count(rows);

    changes->list = arena_take_array(arena, count, sizeof(*changes->list));
    for (size_t i = 0; changes->list && i < count; i++)
        changes->list[changes->count++] = (struct major_change){
            pg_keep_text(rows, (int)i, 0, arena), pg_keep_text(rows, (int)i, 1, arena),
            pg_get_date(rows, (int)i, 2)};
}

void file_list_major_changes(struct request *req, const struct id *customer,
                             struct major_changes *out)
{
    ask_about(req, LIST_MAJOR_CHANGES, customer, fill_major_changes, out);
}

static void fill_purchases(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct file_purchases *purchases = out;

    if (pg_row_count(rows) == 0)
        return;
    purchases->figures = (struct purchases){
        .first_day = pg_get_date_or_none(rows, 0, 0),
        .last_day = pg_get_date_or_none(rows, 0, 1),
        .order_days = pg_get_int8(rows, 0, 2),
        .orders_12_months = pg_get_int8(rows, 0, 3),
        .net_12_months_micros = pg_get_int8(rows, 0, 4),
    };
    purchases->region = pg_keep_text(rows, 0, 5, arena);
}

void file_find_purchases(struct request *req, const struct id *customer, int32_t today,
                         const char currency[4], struct file_purchases *out)
{
    struct pg_args *args = pg_args_new(req->arena, &file_statements[FIND_PURCHASES]);

    out->figures = (struct purchases){.first_day = FILE_NO_DAY, .last_day = FILE_NO_DAY};
    pg_put_id(args, 0, customer);
    pg_put_date(args, 1, file_window_from(today));
    pg_put_date(args, 2, today);
    pg_put_text(args, 3, currency);
    flow_ask(req, &file_statements[FIND_PURCHASES], args, fill_purchases, out);
}

static void fill_chain(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct file_chain *chain = out;
    size_t count = (size_t)pg_row_count(rows);

    chain->list = arena_take_array(arena, count, sizeof(*chain->list));
    for (size_t i = 0; chain->list && i < count; i++)
        chain->list[chain->count++] =
            (struct file_link){pg_get_id(rows, (int)i, 0), pg_get_int8(rows, (int)i, 1)};
}

void file_list_above(struct request *req, const struct id *customer, struct file_chain *out)
{
    ask_about(req, LIST_ABOVE, customer, fill_chain, out);
}

static void fill_height(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    *(size_t *)out = pg_row_count(rows) > 0 ? (size_t)pg_get_int4(rows, 0, 0) : 1;
}

void file_find_height(struct request *req, const struct id *customer, size_t *out)
{
    ask_about(req, FIND_HEIGHT, customer, fill_height, out);
}

static void fill_exists(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    *(bool *)out = pg_row_count(rows) > 0;
}

void file_find_region(struct request *req, struct text code, bool *exists)
{
    struct pg_args *args = pg_args_new(req->arena, &file_statements[FIND_REGION]);

    pg_put_text_n(args, 0, code.at, code.bytes);
    flow_ask(req, &file_statements[FIND_REGION], args, fill_exists, exists);
}

static void fill_owners(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct file_ref_owners *owners = out;
    size_t count = (size_t)pg_row_count(rows);

    owners->list = arena_take_array(arena, count, sizeof(*owners->list));
    for (size_t i = 0; owners->list && i < count; i++) {
        int row = (int)i;
        owners->list[owners->count++] = (struct file_ref_owner){
            {pg_keep_text(rows, row, 0, arena), pg_keep_text(rows, row, 1, arena)},
            pg_get_id(rows, row, 2),
            pg_get_int8(rows, row, 3)};
    }
}

void file_list_ref_owners(struct request *req, const struct customer_reference *refs, size_t count,
                          struct file_ref_owners *out)
{
    struct pg_args *args = pg_args_new(req->arena, &file_statements[LIST_REF_OWNERS]);

    for (size_t i = 0; i < count; i++) {
        pg_put_text_n(args, 0, refs[i].source.at, refs[i].source.bytes);
        pg_put_text_n(args, 1, refs[i].external_id.at, refs[i].external_id.bytes);
    }
    flow_ask(req, &file_statements[LIST_REF_OWNERS], args, fill_owners, out);
}
