/*
 * Exports. Counting and listing share their filters: 1 party types, 2 region, 3 grade, 4 parent,
 * 5 only incomplete, 6 to 8 the scope, 9 limit; of pages 10 and 11 the row before, 12 the last
 * customer.
 */
#include "services/customers/store/export.h"

#include "common/service.h"
#include "services/customers/store/scope.h"

enum {
    FIND_USED,
    COUNT_CUSTOMERS,
    COUNT_CONTACTS,
    TAKE_NUMBER,
    ADD,
    USE,
    FIND,
    LIST_CUSTOMERS,
    LIST_CONTACTS,
};

/* Who is restricted or erased leaves by no export. */
#define FILTERS                                                                                    \
    " left join lateral (select grade::text, region from grade_current where customer_id = c.id"   \
    " offset 0) g on true where c.party_type <> 'anonymous' and not c.is_merged"                   \
    " and c.privacy = 'open' and (cardinality($1) = 0 or c.party_type = any($1))"                  \
    " and ($2 = '' or coalesce(c.region_code, g.region) in (with recursive s as"                   \
    " (select $2::text as code union select r.code from s join region r"                           \
    " on r.parent_code = s.code) select code from s))"                                             \
    " and ($3 = '' or coalesce(g.grade, 'none') = $3)"                                             \
    " and ($4 is null or c.id in (with recursive d as (select id, 1 as level from customer"        \
    " where parent_id = $4 union all select k.id, d.level + 1 from d join customer k"              \
    " on k.parent_id = d.id where d.level < 10) select id from d))"                                \
    " and (not $5 or c.is_incomplete) and " SCOPE_FILTER("c.id", "$6", "$7", "$8")
#define PEOPLE                                                                                     \
    " cross join lateral (select contact_id, role from contact_link where customer_id = c.id"      \
    " offset 0) l cross join lateral (select id from contact where id = l.contact_id"              \
    " and state in ('active', 'left') offset 0) k"
#define COUNT_PARAMS PG_TEXTS, PG_TEXT, PG_TEXT, PG_ID, PG_BOOL, PG_BOOL, PG_BOOL, PG_IDS, PG_INT8
#define ROW                                                                                        \
    "c.id, c.number, c.name, c.party_type, c.nature, coalesce(c.region_code, ''),"                 \
    " coalesce(g.grade, ''), c.registered_at, (select external_id from customer_ref"               \
    " where customer_id = c.id order by added_at, source, external_id limit 1),"                   \
    " case when c.region_code is null then g.region end"

const struct pg_statement export_statements[] = {
    [FIND_USED] = {.name = "export_find_used",
                   .sql = "select rows from export_day where asked_by = $1 and day = $2",
                   .params = {PG_TEXT, PG_DATE}},
    [COUNT_CUSTOMERS] = {.name = "export_count_customers",
                         .sql = "select count(*), coalesce(max(t.number), 0) from"
                                " (select c.number from customer c" FILTERS " limit $9) t",
                         .params = {COUNT_PARAMS},
                         .slow = true},
    [COUNT_CONTACTS] = {.name = "export_count_contacts",
                        .sql = "select count(*), coalesce(max(t.number), 0) from"
                               " (select c.number from customer c" PEOPLE FILTERS " limit $9) t",
                        .params = {COUNT_PARAMS},
                        .slow = true},
    [TAKE_NUMBER] = {.name = "export_take_number", .sql = "select nextval('export_number')"},
    [ADD] = {.name = "export_add",
             .sql = "insert into export (number, kind, asked_by, asked_at, party_types, region,"
                    " grade, parent_id, only_incomplete, is_unmasked, reason, rows, last_number)"
                    " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
             .params = {PG_INT8, PG_TEXT, PG_TEXT, PG_TIME, PG_TEXTS, PG_TEXT, PG_TEXT, PG_ID,
                        PG_BOOL, PG_BOOL, PG_TEXT, PG_INT8, PG_INT8},
             .write = true,
             .rank = 30},
    [USE] = {.name = "export_use",
             .sql = "with used as (insert into export_day as e (asked_by, day, rows)"
                    " values ($1, $2, $3) on conflict (asked_by, day) do update"
                    " set rows = e.rows + excluded.rows where e.rows = $4 returning 1)"
                    " select stale_unless(exists (select 1 from used))",
             .params = {PG_TEXT, PG_DATE, PG_INT8, PG_INT8},
             .write = true,
             .rank = 31},
    [FIND] = {.name = "export_find",
              .sql = "select number, kind, asked_by, asked_at, array_to_string(party_types, ','),"
                     " region, grade, parent_id, only_incomplete, is_unmasked, reason, rows,"
                     " last_number from export where number = $1",
              .params = {PG_INT8}},
    [LIST_CUSTOMERS] = {.name = "export_list_customers",
                        .sql = "select " ROW ", '', null from customer c" FILTERS
                               " and c.number > $10 and c.number <= $12 and $11 is not null"
                               " order by c.number limit $9",
                        .params = {COUNT_PARAMS, PG_INT8, PG_ID, PG_INT8},
                        .slow = true},
    [LIST_CONTACTS] = {.name = "export_list_contacts",
                       .sql = "select " ROW ", l.role, k.id from customer c" PEOPLE FILTERS
                              " and c.number >= $10 and (c.number, k.id) > ($10, $11)"
                              " and c.number <= $12 order by c.number, k.id limit $9",
                       .params = {COUNT_PARAMS, PG_INT8, PG_ID, PG_INT8},
                       .slow = true},
};
const size_t export_statement_count = COUNT_OF(export_statements);

static void fill_number(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    *(int64_t *)out = pg_row_count(rows) > 0 ? pg_get_int8(rows, 0, 0) : 0;
}

void export_find_used(struct request *req, const char *by, int32_t day, int64_t *rows)
{
    struct pg_args *args = pg_args_new(req->arena, &export_statements[FIND_USED]);

    pg_put_text(args, 0, by);
    pg_put_date(args, 1, day);
    flow_ask(req, &export_statements[FIND_USED], args, fill_number, rows);
}

void export_take_number(struct request *req, int64_t *out)
{
    flow_ask(req, &export_statements[TAKE_NUMBER], NULL, fill_number, out);
}

static struct pg_args *ask_filtered(struct request *req, int statement,
                                    const struct export_filter *filter, int64_t limit)
{
    struct pg_args *args = pg_args_new(req->arena, &export_statements[statement]);

    for (size_t i = 0; i < filter->party_count; i++)
        pg_put_text(args, 0, file_party_name(filter->parties[i]));
    pg_put_text_n(args, 1, filter->region.at, filter->region.bytes);
    pg_put_text_n(args, 2, filter->grade.at, filter->grade.bytes);
    if (filter->has_parent)
        pg_put_id(args, 3, &filter->parent);
    else
        pg_put_null(args, 3);
    pg_put_bool(args, 4, filter->only_incomplete);
    scope_put(req, args, 5);
    pg_put_int8(args, 8, limit);
    return args;
}

static void fill_counted(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    if (pg_row_count(rows) > 0)
        *(struct export_counted *)out =
            (struct export_counted){pg_get_int8(rows, 0, 0), pg_get_int8(rows, 0, 1)};
}

void export_count(struct request *req, const struct export_filter *filter, int64_t limit,
                  struct export_counted *out)
{
    int statement = filter->kind == EXPORT_KIND_CONTACTS ? COUNT_CONTACTS : COUNT_CUSTOMERS;

    *out = (struct export_counted){0, 0};
    flow_ask(req, &export_statements[statement], ask_filtered(req, statement, filter, limit),
             fill_counted, out);
}

void export_add(struct request *req, const struct export_record *record, const char *by)
{
    struct pg_args *args = flow_write(req, &export_statements[ADD]);
    const struct export_filter *filter = &record->filter;

    pg_put_int8(args, 0, record->number);
    pg_put_text(args, 1, export_kind_name(filter->kind));
    pg_put_text(args, 2, by);
    pg_put_time(args, 3, req->now_us);
    for (size_t i = 0; i < filter->party_count; i++)
        pg_put_text(args, 4, file_party_name(filter->parties[i]));
    pg_put_text_n(args, 5, filter->region.at, filter->region.bytes);
    pg_put_text_n(args, 6, filter->grade.at, filter->grade.bytes);
    if (filter->has_parent)
        pg_put_id(args, 7, &filter->parent);
    else
        pg_put_null(args, 7);
    pg_put_bool(args, 8, filter->only_incomplete);
    pg_put_bool(args, 9, record->is_unmasked);
    pg_put_text_n(args, 10, record->reason.at, record->reason.bytes);
    pg_put_int8(args, 11, record->rows);
    pg_put_int8(args, 12, record->last_number);
}

void export_use(struct request *req, const char *by, int32_t day, int64_t rows, int64_t seen)
{
    struct pg_args *args = flow_write(req, &export_statements[USE]);

    pg_put_text(args, 0, by);
    pg_put_date(args, 1, day);
    pg_put_int8(args, 2, rows);
    pg_put_int8(args, 3, seen);
}

/* Words with commas between them. */
static void read_parties(struct text words, struct export_filter *filter)
{
    size_t begin = 0;

    for (size_t i = 0; i <= words.bytes; i++) {
        if (i < words.bytes && words.at[i] != ',')
            continue;
        enum file_party party = file_party_read((struct text){words.at + begin, i - begin});

        if (party && filter->party_count < COUNT_OF(filter->parties))
            filter->parties[filter->party_count++] = party;
        begin = i + 1;
    }
}

static void fill_record(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct export_record *record = out;

    if (pg_row_count(rows) == 0)
        return;
    record->found = true;
    record->number = pg_get_int8(rows, 0, 0);
    record->filter.kind = export_kind_read(pg_get_text(rows, 0, 1));
    record->by = pg_keep_text(rows, 0, 2, arena);
    record->asked_at_us = pg_get_time(rows, 0, 3);
    read_parties(pg_get_text(rows, 0, 4), &record->filter);
    record->filter.region = pg_keep_text(rows, 0, 5, arena);
    record->filter.grade = pg_keep_text(rows, 0, 6, arena);
    record->filter.has_parent = !pg_is_null(rows, 0, 7);
    record->filter.parent = pg_get_id(rows, 0, 7);
    record->filter.only_incomplete = pg_get_bool(rows, 0, 8);
    record->is_unmasked = pg_get_bool(rows, 0, 9);
    record->reason = pg_keep_text(rows, 0, 10, arena);
    record->rows = pg_get_int8(rows, 0, 11);
    record->last_number = pg_get_int8(rows, 0, 12);
}

void export_find(struct request *req, int64_t number, struct export_record *out)
{
    struct pg_args *args = pg_args_new(req->arena, &export_statements[FIND]);

    pg_put_int8(args, 0, number);
    *out = (struct export_record){.found = false};
    flow_ask(req, &export_statements[FIND], args, fill_record, out);
}

/* --- pages --- */

struct row_filling {
    const struct zone *zone;
    struct export_rows *out;
};

static void fill_rows(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    const struct row_filling *filling = owner;
    struct export_rows *found = filling->out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++) {
        int row = (int)i;

        found->list[found->count++] = (struct export_row){
            .customer = pg_get_id(rows, row, 0),
            .number = pg_get_int8(rows, row, 1),
            .name = pg_keep_text(rows, row, 2, arena),
            .party = file_party_read(pg_get_text(rows, row, 3)),
            .nature = file_nature_read(pg_get_text(rows, row, 4)),
            .region = pg_keep_text(rows, row, 5, arena),
            .grade = pg_keep_text(rows, row, 6, arena),
            .registered_on = zone_day(filling->zone, pg_get_time(rows, row, 7)),
            .ref = pg_keep_text(rows, row, 8, arena),
            .counted_region = pg_keep_text(rows, row, 9, arena),
            .role = pg_keep_text(rows, row, 10, arena),
            .contact = pg_get_id(rows, row, 11),
        };
    }
}

void export_list(struct request *req, const struct export_record *record,
                 const struct export_place *after, uint32_t limit, struct export_rows *out)
{
    int statement = record->filter.kind == EXPORT_KIND_CONTACTS ? LIST_CONTACTS : LIST_CUSTOMERS;
    struct row_filling *filling = arena_take(req->arena, sizeof(*filling));
    struct pg_args *args = ask_filtered(req, statement, &record->filter, limit);

    *out = (struct export_rows){.count = 0};
    if (!filling)
        return; /* the arena is full: the request will be refused as a whole */
    *filling = (struct row_filling){&req->service->zone, out};
    pg_put_int8(args, 9, after->number);
    pg_put_id(args, 10, &after->contact);
    pg_put_int8(args, 11, record->last_number);
    flow_ask(req, &export_statements[statement], args, fill_rows, filling);
}
