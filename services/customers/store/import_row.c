/* The rows of imports, and what is known of those whom they are about. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/customers/store/file.h"
#include "services/customers/store/import.h"
#include "services/customers/store/sealed.h"

enum {
    LIST_WRITTEN,
    DROP_REJECTED,
    ADD_LINE,
    LIST_LINES,
    ADD_FORMER,
    FIND_CUSTOMERS,
    LIST_FACTS,
    FIND_REGIONS,
    SAVE_CUSTOMER,
};

const struct pg_statement import_row_statements[] = {
    [LIST_WRITTEN] = {.name = "import_list_written",
                      .sql = "select r.line, r.outcome, r.customer_id, r.contact_id, r.version,"
                             " coalesce((select number from customer where id = r.customer_id), 0),"
                             " r.undo, r.kept_because from import_row r"
                             " where r.import = $1 and r.line = any($2) order by r.line",
                      .params = {PG_INT8, PG_INT8S}},
    [DROP_REJECTED] = {.name = "import_drop_rejected",
                       .sql = "delete from import_row r using unnest($1, $2) as u(import, line)"
                              " where r.import = u.import and r.line = u.line"
                              " and r.outcome = 'rejected'",
                       .params = {PG_INT8S, PG_INT8S},
                       .write = true,
                       .merge = true,
                       .rank = 101},
    [ADD_LINE] = {.name = "import_add_line",
                  .sql = "insert into import_row (import, line, outcome, customer_id, contact_id,"
                         " version) select * from unnest($1, $2, $3, $4, $5, $6) order by 1, 2",
                  .params = {PG_INT8S, PG_INT8S, PG_TEXTS, PG_IDS, PG_IDS, PG_INT8S},
                  .write = true,
                  .merge = true,
                  .rank = 102},
    [LIST_LINES] = {.name = "import_list_lines",
                    .sql = "select r.line, r.outcome, r.customer_id, r.contact_id, r.version,"
                           " coalesce((select number from customer where id = r.customer_id), 0),"
                           " r.undo, r.kept_because from import_row r where r.import = $1"
                           " and (cardinality($2) = 0 or r.outcome = any($2))"
                           " and (not $3 or r.undo = 'kept') and r.line > $4"
                           " order by r.line limit $5",
                    .params = {PG_INT8, PG_TEXTS, PG_BOOL, PG_INT8, PG_INT8}},
    [ADD_FORMER] = {.name = "import_add_former",
                    .sql = "insert into import_former (import, line, customer_id, contact_id,"
                           " field, value_sealed, source, collector, status, verified_on,"
                           " written, written_at) select unnest($1), unnest($2), unnest($3),"
                           " unnest($4), unnest($5), unnest($6), unnest($7), unnest($8),"
                           " unnest($9), unnest($10), unnest($11), unnest($12)",
                    .params = {PG_INT8S, PG_INT8S, PG_IDS, PG_IDS, PG_TEXTS, PG_BYTESES, PG_TEXTS,
                               PG_TEXTS, PG_TEXTS, PG_DATES, PG_TEXTS, PG_TIMES},
                    .write = true,
                    .merge = true,
                    .rank = 103},
    [FIND_CUSTOMERS] =
        {.name = "import_find_customers",
         .sql = "select q.name, c.id, c.number, c.name, c.party_type, c.nature, c.parent_id,"
                " c.region_code, c.file_version, c.reviewed_on, c.review_due,"
                " c.privacy <> 'open' from unnest($1, $2) as q(source, name) cross join lateral"
                " (select customer_id from customer_ref where source = q.source"
                " and external_id = q.name offset 0) r left join lateral"
                " (select survivor_id from customer_alias where customer_id = r.customer_id"
                " offset 0) a on true cross join lateral (select * from customer"
                " where id = coalesce(a.survivor_id, r.customer_id) offset 0) c",
         .params = {PG_TEXTS, PG_TEXTS}},
    /* Of merged ones what the survivor says comes first. */
    [LIST_FACTS] = {.name = "import_list_facts",
                    .sql = "select q.id, f.field, f.value, f.source, f.collector, f.status,"
                           " f.verified_on, f.changed_at, f.customer_id, f.value_sealed"
                           " from unnest($1) as q(id)"
                           " cross join lateral (select distinct on (k.field) k.*"
                           " from customer_and_merged(q.id) as m(id) join customer_fact k"
                           " on k.customer_id = m.id order by k.field, k.customer_id <> q.id"
                           " offset 0) f order by q.id",
                    .params = {PG_IDS}},
    [FIND_REGIONS] = {.name = "import_find_regions",
                      .sql = "select t.told, min(r.code), count(*) > 1 from (select distinct told"
                             " from unnest($1) as u(told)) t join region r on r.code = t.told"
                             " or (r.name = t.told and not exists (select 1 from region"
                             " where code = t.told)) group by t.told",
                      .params = {PG_TEXTS}},
    /* As file_save, for many. */
    [SAVE_CUSTOMER] =
        {.name = "import_save_customer",
         .sql = "with told as (select unnest($1) as id, unnest($2) as version,"
                " unnest($3) as party_type, unnest($4) as nature, unnest($5) as region_code,"
                " unnest($6) as name, unnest($7) as completeness, unnest($8) as missing,"
                " unnest($9) as is_incomplete), locked as (select c.id from customer c"
                " join told t on t.id = c.id and t.version = c.file_version"
                " order by c.id for update of c), saved as (update customer c set"
                " file_version = c.file_version + 1, party_type = t.party_type,"
                " nature = t.nature, region_code = t.region_code,"
                " name = coalesce(t.name, c.name), name_known_at = case when t.name is null"
                " then c.name_known_at else 'infinity' end, completeness = t.completeness,"
                " missing = case when coalesce(t.name, c.name) is null"
                " then string_to_array(t.missing, ',')"
                " else array_remove(string_to_array(t.missing, ','), 'name') end,"
                " is_incomplete = t.is_incomplete from told t, locked l"
                " where l.id = t.id and c.id = t.id returning 1)"
                " select stale_unless((select count(*) from saved) = (select count(*) from told))",
         .params = {PG_IDS, PG_INT8S, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_INT4S, PG_TEXTS,
                    PG_BOOLS},
         .write = true,
         .merge = true,
         .rank = 110},
};
const size_t import_row_statement_count = COUNT_OF(import_row_statements);

/* --- what became of lines --- */

static void fill_lines(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct import_lines *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++) {
        int row = (int)i;

        found->list[found->count++] = (struct import_line){
            .line = pg_get_int8(rows, row, 0),
            .outcome = import_outcome_read(pg_get_text(rows, row, 1)),
            .customer = pg_get_id(rows, row, 2),
            .contact = pg_get_id(rows, row, 3),
            .version = pg_get_int8(rows, row, 4),
            .customer_number = pg_get_int8(rows, row, 5),
            .undo = pg_keep_text(rows, row, 6, arena),
            .kept_because = pg_keep_text(rows, row, 7, arena),
        };
    }
}

void import_list_written(struct request *req, int64_t number, const int64_t *lines, size_t count,
                         struct import_lines *out)
{
    struct pg_args *args = pg_args_new(req->arena, &import_row_statements[LIST_WRITTEN]);

    pg_put_int8(args, 0, number);
    for (size_t i = 0; i < count; i++)
        pg_put_int8(args, 1, lines[i]);
    *out = (struct import_lines){.count = 0};
    flow_ask(req, &import_row_statements[LIST_WRITTEN], args, fill_lines, out);
}

void import_list_lines(struct request *req, int64_t number, unsigned outcomes, bool only_kept,
                       int64_t after, uint32_t limit, struct import_lines *out)
{
    struct pg_args *args = pg_args_new(req->arena, &import_row_statements[LIST_LINES]);

    pg_put_int8(args, 0, number);
    for (int i = IMPORT_OUTCOME_ACCEPTED; i <= IMPORT_OUTCOME_REJECTED; i++)
        if (outcomes & 1U << i)
            pg_put_text(args, 1, import_outcome_name((enum import_outcome)i));
    pg_put_bool(args, 2, only_kept);
    pg_put_int8(args, 3, after);
    pg_put_int8(args, 4, limit);
    *out = (struct import_lines){.count = 0};
    flow_ask(req, &import_row_statements[LIST_LINES], args, fill_lines, out);
}

void import_drop_rejected(struct request *req, int64_t number, int64_t line)
{
    struct pg_args *args = flow_write(req, &import_row_statements[DROP_REJECTED]);

    pg_put_int8(args, 0, number);
    pg_put_int8(args, 1, line);
}

void import_add_line(struct request *req, int64_t number, const struct import_line *line)
{
    struct pg_args *args = flow_write(req, &import_row_statements[ADD_LINE]);

    pg_put_int8(args, 0, number);
    pg_put_int8(args, 1, line->line);
    pg_put_text(args, 2, import_outcome_name(line->outcome));
    pg_put_id_or_null(args, 3, &line->customer);
    pg_put_id_or_null(args, 4, &line->contact);
    pg_put_int8(args, 5, line->version);
}

struct seal_place import_former_place(int64_t number, int64_t line, const struct id *of,
                                      const char *field, char part[IMPORT_PART_BYTES])
{
    snprintf(part, IMPORT_PART_BYTES, "%" PRId64 ":%" PRId64 ":%s", number, line, field);
    return (struct seal_place){"import_former.value", *of, part};
}

static void put_before(struct request *req, struct pg_args *args, int64_t number,
                       const struct import_former *former)
{
    const struct fact *before = former->before;
    bool is_contact = !uuid_is_none(&former->contact);
    char part[IMPORT_PART_BYTES];
    struct seal_place place =
        import_former_place(number, former->line, is_contact ? &former->contact : &former->customer,
                            former->field, part);

    sealed_put(req, args, 5, &place, before->value);
    pg_put_text(args, 6, file_source_name(before->source));
    pg_put_text_n(args, 7, before->collector.at, before->collector.bytes);
    pg_put_text(args, 8, file_status_name(before->status));
    pg_put_date_or_null(args, 9, before->verified_on);
}

void import_add_former(struct request *req, int64_t number, const struct import_former *former)
{
    struct pg_args *args = flow_write(req, &import_row_statements[ADD_FORMER]);

    pg_put_int8(args, 0, number);
    pg_put_int8(args, 1, former->line);
    pg_put_id_or_null(args, 2, &former->customer);
    pg_put_id_or_null(args, 3, &former->contact);
    pg_put_text(args, 4, former->field);
    if (former->before) {
        put_before(req, args, number, former);
    } else {
        pg_put_null(args, 5);
        for (int i = 6; i <= 8; i++)
            pg_put_text(args, i, "");
        pg_put_null(args, 9);
    }
    pg_put_text_n(args, 10, former->written.at, former->written.bytes);
    pg_put_time(args, 11, req->now_us);
}

/* --- who is known --- */

struct pg_args *import_ask_customers(struct request *req)
{
    return pg_args_new(req->arena, &import_row_statements[FIND_CUSTOMERS]);
}

void import_ask_add_customer(struct pg_args *question, struct text source, struct text external_id)
{
    pg_put_text_n(question, 0, source.at, source.bytes);
    pg_put_text_n(question, 1, external_id.at, external_id.bytes);
}

static struct file_row read_row(const struct pg_rows *rows, int row, struct arena *arena)
{
    struct file_row file = {
        .found = true,
        .id = pg_get_id(rows, row, 1),
        .number = pg_get_int8(rows, row, 2),
        .name = pg_keep_text(rows, row, 3, arena),
        .file_version = pg_get_int8(rows, row, 8),
        .reviewed_on = pg_get_date_or_none(rows, row, 9),
        .review_due = pg_get_date_or_none(rows, row, 10),
        .is_erased = pg_get_bool(rows, row, 11),
        .grade = ' ',
    };

    file.state.party = file_party_read(pg_get_text(rows, row, 4));
    file.state.nature = file_nature_read(pg_get_text(rows, row, 5));
    file.state.has_parent = !pg_is_null(rows, row, 6);
    file.state.parent = pg_get_id(rows, row, 6);
    file.state.region = pg_keep_text(rows, row, 7, arena);
    file.state.has_name = file.name.bytes > 0;
    return file;
}

static void fill_customers(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct import_customers *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++)
        found->list[found->count++] = (struct import_customer){pg_keep_text(rows, (int)i, 0, arena),
                                                               read_row(rows, (int)i, arena)};
}

void import_find_customers(struct request *req, struct pg_args *question,
                           struct import_customers *out)
{
    *out = (struct import_customers){.count = 0};
    flow_ask(req, &import_row_statements[FIND_CUSTOMERS], question, fill_customers, out);
}

struct fact_filling {
    const struct seal *seal;
    struct import_facts *facts;
};

static void fill_facts(const struct pg_rows *rows, struct arena *arena, void *out)
{
    const struct fact_filling *filling = out;
    struct import_facts *found = filling->facts;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    found->customers = arena_take_array(arena, count, sizeof(*found->customers));
    for (size_t i = 0; found->list && found->customers && i < count; i++) {
        int row = (int)i;
        const struct field *field = fields_find(pg_get_text(rows, row, 1));
        struct id of = pg_get_id(rows, row, 8);

        if (!field)
            continue;
        found->customers[found->count] = pg_get_id(rows, row, 0);
        found->list[found->count++] = (struct fact){
            .field = field,
            .value = file_get_value(filling->seal, &of, field, rows, row, 2, 9, arena),
            .source = file_source_read(pg_get_text(rows, row, 3)),
            .collector = pg_keep_text(rows, row, 4, arena),
            .status = file_status_read(pg_get_text(rows, row, 5)),
            .verified_on = pg_get_date_or_none(rows, row, 6),
            .changed_at_us = pg_get_time(rows, row, 7),
        };
    }
}

void import_list_facts(struct request *req, const struct id *customers, size_t count,
                       struct import_facts *out)
{
    struct pg_args *args = pg_args_new(req->arena, &import_row_statements[LIST_FACTS]);
    struct fact_filling *filling = arena_take(req->arena, sizeof(*filling));

    *out = (struct import_facts){.count = 0};
    if (!filling)
        return; /* the arena is full: the request will be refused as a whole */
    *filling = (struct fact_filling){req->service->seal, out};
    for (size_t i = 0; i < count; i++)
        pg_put_id(args, 0, &customers[i]);
    flow_ask(req, &import_row_statements[LIST_FACTS], args, fill_facts, filling);
}

static void fill_regions(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct import_regions *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++)
        found->list[found->count++] = (struct import_region){
            .told = pg_keep_text(rows, (int)i, 0, arena),
            .code = pg_keep_text(rows, (int)i, 1, arena),
            .is_ambiguous = pg_get_bool(rows, (int)i, 2),
        };
}

void import_find_regions(struct request *req, const struct text *told, size_t count,
                         struct import_regions *out)
{
    struct pg_args *args = pg_args_new(req->arena, &import_row_statements[FIND_REGIONS]);

    for (size_t i = 0; i < count; i++)
        pg_put_text_n(args, 0, told[i].at, told[i].bytes);
    *out = (struct import_regions){.count = 0};
    flow_ask(req, &import_row_statements[FIND_REGIONS], args, fill_regions, out);
}

/* --- a known file --- */

static void put_missing(struct pg_args *args, int i, const struct fields_score *score)
{
    char missing[FIELDS_MAX * FIELDS_MAX_NAME];
    size_t bytes = 0;

    for (size_t k = 0; k < score->missing_count; k++) {
        size_t count = strlen(score->missing[k]);

        if (k > 0)
            missing[bytes++] = ',';
        memcpy(missing + bytes, score->missing[k], count);
        bytes += count;
    }
    pg_put_text_n(args, i, missing, bytes);
}

void import_save_customer(struct request *req, const struct file_row *before,
                          const struct file_state *after, const struct fact *name,
                          const struct fields_score *score)
{
    struct pg_args *args = flow_write(req, &import_row_statements[SAVE_CUSTOMER]);

    pg_put_id(args, 0, &before->id);
    pg_put_int8(args, 1, before->file_version);
    pg_put_text(args, 2, file_party_name(after->party));
    pg_put_text(args, 3, file_nature_name(after->nature));
    pg_put_text_or_null(args, 4, after->region);
    pg_put_text_or_null(args, 5, name ? name->value : TEXT_OF(""));
    pg_put_int4(args, 6, (int32_t)score->completeness_micros);
    put_missing(args, 7, score);
    pg_put_bool(args, 8, score->missing_count > 0);
}
