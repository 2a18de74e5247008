/* Taking imports back. */
#include "services/customers/store/import_undo.h"

#include <string.h>

#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/customers/store/file.h"
#include "services/customers/store/sealed.h"

enum {
    LIST,
    LIST_RESTORED,
    FIND_CUSTOMERS,
    LIST_BEFORE,
    REMOVE_CUSTOMER,
    MARK,
    COUNT,
};

const struct pg_statement import_undo_statements[] = {
    [LIST] = {.name = "import_undo_list",
              .sql = "select line, outcome, customer_id, contact_id, version from import_row"
                     " where import = $1 and undo = '' and outcome in ('accepted', 'updated')"
                     " order by line desc limit $2",
              .params = {PG_INT8, PG_INT8}},
    [LIST_RESTORED] = {.name = "import_undo_list_restored",
                       .sql = "select (select count(*) from import_row"
                              " where coalesce(contact_id, customer_id) = q.id"
                              " and undo = 'restored' and kept_because = ''"
                              " and version > q.version) from unnest($1, $2) with ordinality"
                              " as q(id, version, place) order by q.place",
                       .params = {PG_IDS, PG_INT8S}},
    [FIND_CUSTOMERS] =
        {.name = "import_undo_find_customers",
         .sql = "select c.id, c.number, c.name, c.party_type, c.nature, c.parent_id,"
                " c.region_code, c.file_version, c.reviewed_on, c.review_due, c.is_merged,"
                " exists (select 1 from orders where customer_id = c.id)"
                " or exists (select 1 from sales_figure where customer_id = c.id),"
                " exists (select 1 from contact_link where customer_id = c.id),"
                " exists (select 1 from customer where parent_id = c.id)"
                " or exists (select 1 from customer_alias where survivor_id = c.id),"
                " exists (select 1 from ownership where customer_id = c.id"
                " and reason not in ('rule', 'import')), c.id in (select import_with_more($1))"
                " from unnest($1) as q(id) cross join lateral"
                " (select * from customer where id = q.id offset 0) c",
         .params = {PG_IDS},
         .slow = true},
    [LIST_BEFORE] = {.name = "import_undo_list_before",
                     .sql = "select line, field, value_sealed, source, collector, status,"
                            " verified_on, written, written_at, coalesce(customer_id, contact_id)"
                            " from import_former where import = $1 and line = any($2)"
                            " order by line, field",
                     .params = {PG_INT8, PG_INT8S}},
    [REMOVE_CUSTOMER] =
        {.name = "import_undo_remove_customer",
         .sql = "with told as (select unnest($1) as id, unnest($2) as version, unnest($3) as at,"
                " unnest($4) as by), gone as"
                " (update customer c set party_type = 'anonymous', name = null,"
                " name_known_at = null, parent_id = null, region_code = null,"
                " file_version = c.file_version + 1, completeness = 0, is_incomplete = true,"
                " missing = '{}', owner_state = 'none' from told t where c.id = t.id"
                " and c.file_version = t.version"
                " and not exists (select 1 from orders where customer_id = c.id)"
                " and not exists (select 1 from contact_link where customer_id = c.id)"
                " returning c.id, t.at, t.by),"
                " refs as (delete from customer_ref r using gone where r.customer_id = gone.id),"
                " facts as (delete from customer_fact f using gone where f.customer_id = gone.id),"
                " found as (delete from customer_search s using gone"
                " where s.customer_id = gone.id),"
                " waits as (delete from customer_search_waiting w using gone"
                " where w.customer_id = gone.id),"
                " alerts as (delete from owner_alert a using gone where a.customer_id = gone.id),"
                " graded as (delete from grade_current g using gone"
                " where g.customer_id = gone.id),"
                " owned as (update ownership o set to_at = greatest(o.from_at, gone.at),"
                " ended_by = gone.by, end_reason = 'import' from gone"
                " where o.customer_id = gone.id and o.to_at is null)"
                " select stale_unless((select count(*) from gone) = (select count(*) from told))",
         .params = {PG_IDS, PG_INT8S, PG_TIMES, PG_TEXTS},
         .write = true,
         .merge = true,
         .rank = 110},
    [MARK] = {.name = "import_undo_mark",
              .sql = "with told as (select unnest($1) as import, unnest($2) as line,"
                     " unnest($3) as undo, unnest($4) as why), marked as"
                     " (update import_row r set undo = t.undo, kept_because = t.why from told t"
                     " where r.import = t.import and r.line = t.line and r.undo = ''"
                     " returning 1) select stale_unless("
                     "(select count(*) from marked) = (select count(*) from told))",
              .params = {PG_INT8S, PG_INT8S, PG_TEXTS, PG_TEXTS},
              .write = true,
              .merge = true,
              .rank = 102},
    [COUNT] = {.name = "import_undo_count",
               .sql = "update import set removed = removed + $2, restored = restored + $3,"
                      " kept = kept + $4, state = case when $5 then 'undone' else 'undoing' end,"
                      " undone_by = $6, undone_at = $7, undo_reason = $8 where number = $1",
               .params = {PG_INT8, PG_INT8, PG_INT8, PG_INT8, PG_BOOL, PG_TEXT, PG_TIME, PG_TEXT},
               .write = true,
               .rank = 190},
};
const size_t import_undo_statement_count = COUNT_OF(import_undo_statements);

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
        };
    }
}

void import_undo_list(struct request *req, int64_t number, uint32_t limit, struct import_lines *out)
{
    struct pg_args *args = pg_args_new(req->arena, &import_undo_statements[LIST]);

    pg_put_int8(args, 0, number);
    pg_put_int8(args, 1, limit);
    *out = (struct import_lines){.count = 0};
    flow_ask(req, &import_undo_statements[LIST], args, fill_lines, out);
}

static void fill_restored(const struct pg_rows *rows, struct arena *arena, void *out)
{
    int64_t *counts = out;

    (void)arena;
    for (int row = 0; row < pg_row_count(rows); row++)
        counts[row] = pg_get_int8(rows, row, 0);
}

void import_undo_list_restored(struct request *req, const struct import_lines *lines, int64_t *out)
{
    struct pg_args *args = pg_args_new(req->arena, &import_undo_statements[LIST_RESTORED]);

    for (size_t i = 0; i < lines->count; i++) {
        const struct import_line *line = &lines->list[i];
        bool is_contact = !uuid_is_none(&line->contact);

        pg_put_id(args, 0, is_contact ? &line->contact : &line->customer);
        pg_put_int8(args, 1, line->version);
    }
    flow_ask(req, &import_undo_statements[LIST_RESTORED], args, fill_restored, out);
}

/* --- how they stand --- */

static void read_stood(const struct pg_rows *rows, int row, struct arena *arena,
                       struct import_stood *out)
{
    struct file_row *file = &out->row;

    file->found = true;
    file->id = out->id = pg_get_id(rows, row, 0);
    file->number = pg_get_int8(rows, row, 1);
    file->name = pg_keep_text(rows, row, 2, arena);
    file->state.party = file_party_read(pg_get_text(rows, row, 3));
    file->state.nature = file_nature_read(pg_get_text(rows, row, 4));
    file->state.has_parent = !pg_is_null(rows, row, 5);
    file->state.parent = pg_get_id(rows, row, 5);
    file->state.region = pg_keep_text(rows, row, 6, arena);
    file->state.has_name = file->name.bytes > 0;
    file->file_version = pg_get_int8(rows, row, 7);
    file->reviewed_on = pg_get_date_or_none(rows, row, 8);
    file->review_due = pg_get_date_or_none(rows, row, 9);
    file->grade = ' ';
    out->standing = (struct import_standing){
        .is_gone = pg_get_bool(rows, row, 10) || file->state.party == FILE_PARTY_NONE,
        .has_orders = pg_get_bool(rows, row, 11),
        .has_people = pg_get_bool(rows, row, 12),
        .has_below = pg_get_bool(rows, row, 13),
        .has_owner = pg_get_bool(rows, row, 14),
        .has_more = pg_get_bool(rows, row, 15),
    };
}

static void fill_customers(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct import_stoods *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++)
        read_stood(rows, (int)i, arena, &found->list[found->count++]);
}

void import_undo_find_customers(struct request *req, const struct id *customers, size_t count,
                                struct import_stoods *out)
{
    struct pg_args *args = pg_args_new(req->arena, &import_undo_statements[FIND_CUSTOMERS]);

    for (size_t i = 0; i < count; i++)
        pg_put_id(args, 0, &customers[i]);
    *out = (struct import_stoods){.count = 0};
    flow_ask(req, &import_undo_statements[FIND_CUSTOMERS], args, fill_customers, out);
}

/* --- what was there before --- */

struct before_filling {
    const struct seal *seal;
    int64_t number;
    struct import_befores *out;
};

static const char *word_of(struct text field)
{
    static const char *const words[] = {"party_type", "nature", "region"};

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strlen(words[i]) == field.bytes && memcmp(words[i], field.at, field.bytes) == 0)
            return words[i];
    return NULL;
}

static void read_before(const struct before_filling *filling, const struct pg_rows *rows, int row,
                        struct arena *arena, struct import_before *out)
{
    const char *name = pg_copy_text(rows, row, 1, arena);
    struct id of = pg_get_id(rows, row, 9);
    char part[IMPORT_PART_BYTES];

    out->line = pg_get_int8(rows, row, 0);
    out->name = name ? name : "";
    out->field = fields_find(pg_get_text(rows, row, 1));
    out->word = word_of(pg_get_text(rows, row, 1));
    out->was_there = !pg_is_null(rows, row, 2);
    out->written = pg_keep_text(rows, row, 7, arena);
    out->written_at_us = pg_get_time(rows, row, 8);
    out->fact = (struct fact){
        .field = out->field,
        .source = file_source_read(pg_get_text(rows, row, 3)),
        .collector = pg_keep_text(rows, row, 4, arena),
        .status = file_status_read(pg_get_text(rows, row, 5)),
        .verified_on = pg_get_date_or_none(rows, row, 6),
    };
    out->is_readable = true;
    if (!out->was_there || !name)
        return;
    struct seal_place place = import_former_place(filling->number, out->line, &of, name, part);

    out->is_readable = seal_open(filling->seal, &place, pg_get_text(rows, row, 2), arena,
                                 &out->fact.value) == SEAL_OPENED;
}

static void fill_befores(const struct pg_rows *rows, struct arena *arena, void *out)
{
    const struct before_filling *filling = out;
    struct import_befores *found = filling->out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++)
        read_before(filling, rows, (int)i, arena, &found->list[found->count++]);
}

void import_undo_list_before(struct request *req, int64_t number, const int64_t *lines,
                             size_t count, struct import_befores *out)
{
    struct pg_args *args = pg_args_new(req->arena, &import_undo_statements[LIST_BEFORE]);
    struct before_filling *filling = arena_take(req->arena, sizeof(*filling));

    *out = (struct import_befores){.count = 0};
    if (!filling)
        return; /* the arena is full: the request will be refused as a whole */
    *filling = (struct before_filling){req->service->seal, number, out};
    pg_put_int8(args, 0, number);
    for (size_t i = 0; i < count; i++)
        pg_put_int8(args, 1, lines[i]);
    flow_ask(req, &import_undo_statements[LIST_BEFORE], args, fill_befores, filling);
}

/* --- writes --- */

void import_undo_remove_customer(struct request *req, const struct file_row *customer,
                                 const char *by)
{
    struct pg_args *args = flow_write(req, &import_undo_statements[REMOVE_CUSTOMER]);

    pg_put_id(args, 0, &customer->id);
    pg_put_int8(args, 1, customer->file_version);
    pg_put_time(args, 2, req->now_us);
    pg_put_text(args, 3, by);
}

void import_undo_mark(struct request *req, int64_t number, int64_t line, const char *undo,
                      const char *kept_because)
{
    struct pg_args *args = flow_write(req, &import_undo_statements[MARK]);

    pg_put_int8(args, 0, number);
    pg_put_int8(args, 1, line);
    pg_put_text(args, 2, undo);
    pg_put_text(args, 3, kept_because);
}

void import_undo_count(struct request *req, int64_t number, const struct import_undone *more,
                       const char *by, struct text reason)
{
    struct pg_args *args = flow_write(req, &import_undo_statements[COUNT]);

    pg_put_int8(args, 0, number);
    pg_put_int8(args, 1, more->removed);
    pg_put_int8(args, 2, more->restored);
    pg_put_int8(args, 3, more->kept);
    pg_put_bool(args, 4, more->is_last);
    pg_put_text(args, 5, by);
    pg_put_time(args, 6, req->now_us);
    pg_put_text_n(args, 7, reason.at, reason.bytes);
}
