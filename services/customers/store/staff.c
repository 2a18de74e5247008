#include "services/customers/store/staff.h"

#include <string.h>

#include "common/pure/uuid.h"
#include "services/customers/domain/rights.h"

enum {
    FIND,
    FIND_CONTEXT,
    LIST,
    ADD,
    SAVE,
    HOLD_LINES,
    GUARD,
    SAVE_ABSENCE,
};

#define COLUMNS                                                                                    \
    "s.id, s.code, s.name, array_to_string(s.roles, ','), s.level, s.unit_code,"                   \
    " array_to_string(s.regions, ','), m.code, d.code, s.manager_id, s.deputy_id, s.absent_from,"  \
    " s.absent_to, s.capacity, s.state = 'left', s.joined_on, s.left_on, s.version from staff s"   \
    " left join staff m on m.id = s.manager_id left join staff d on d.id = s.deputy_id"
#define PLACE "nullif($5, ''), $6, $7, $8, nullif($9, 0), $10"

const struct pg_statement staff_statements[] = {
    [FIND] = {.name = "staff_find",
              .sql = "select " COLUMNS " where s.code = $1 or s.id = $2 limit 1",
              .params = {PG_TEXT, PG_ID}},
    /* Upwards from the manager: does it come back to him? */
    [FIND_CONTEXT] =
        {.name = "staff_find_context",
         .sql = "with recursive above(id) as (select id from staff where $3 in (code, id::text)"
                " union select s.manager_id from above a join staff s on s.id = a.id"
                " where s.manager_id is not null)"
                " select exists (select 1 from unit where code = $2), m.id, m.state = 'left',"
                " d.id, d.state = 'left', exists (select 1 from above join staff s"
                " on s.id = above.id and s.code = $1), (select code from unnest($5)"
                " with ordinality as u(code, place) where not exists"
                " (select 1 from region r where r.code = u.code) order by place limit 1),"
                " m.code, d.code"
                " from (select 1) as one left join staff m"
                " on $3 in (m.code, m.id::text) left join staff d on $4 in (d.code, d.id::text)",
         .params = {PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXTS}},
    [LIST] = {.name = "staff_list",
              .sql = "select " COLUMNS " where s.code collate \"C\" > $1"
                     " and ($2 = 'all' or s.state = $2) and ($3 = '' or $3 = any(s.roles))"
                     " and ($4 = '' or m.code = $4 or m.id = $5)"
                     " and ($6 = '' or s.unit_code in (with recursive below(code) as"
                     " (select code from unit where code = $6 union select u.code from below b"
                     " join unit u on u.parent_code = b.code) select code from below))"
                     " order by s.code collate \"C\" limit $7",
              .params = {PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_ID, PG_TEXT, PG_INT8}},
    [ADD] = {.name = "staff_add",
             .sql = "insert into staff (id, code, name, roles, level, unit_code, regions,"
                    " manager_id, deputy_id, capacity, joined_on)"
                    " select $1, $2, $3, $11, $4, " PLACE,
             .params = {PG_ID, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXTS, PG_ID, PG_ID, PG_INT4,
                        PG_DATE, PG_TEXTS},
             .write = true,
             .rank = 17},
    [SAVE] = {.name = "staff_save",
              .sql = "with saved as (update staff set (name, level, unit_code, regions,"
                     " manager_id, deputy_id, capacity, joined_on, roles, version)"
                     " = (select $3, $4, " PLACE ", $11, version + 1)"
                     " where id = $1 and code = $2 and version = $12 returning 1)"
                     " select stale_unless(exists (select 1 from saved))",
              .params = {PG_ID, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXTS, PG_ID, PG_ID, PG_INT4,
                         PG_DATE, PG_TEXTS, PG_INT8},
              .write = true,
              .rank = 17},
    /* Entries are changed one after the other, so that the guard sees what others made of theirs.
     */
    [HOLD_LINES] = {.name = "staff_hold_lines",
                    .sql = "select pg_advisory_xact_lock(hashtextextended('kehu staff lines', 0))",
                    .write = true,
                    .rank = 16},
    /* What two changes at once would make of each other. */
    [GUARD] = {.name = "staff_guard_circle",
               .sql = "with recursive above(id) as (select manager_id from staff where id = $1"
                      " union select s.manager_id from above a join staff s on s.id = a.id)"
                      " select stale_unless(not exists (select 1 from above where id = $1))",
               .params = {PG_ID},
               .write = true,
               .rank = 18},
    [SAVE_ABSENCE] = {.name = "staff_save_absence",
                      .sql = "with saved as (update staff set absent_from = $2, absent_to = $3,"
                             " deputy_id = $4, version = version + 1"
                             " where id = $1 and version = $5 and state = 'active' returning 1)"
                             " select stale_unless(exists (select 1 from saved))",
                      .params = {PG_ID, PG_DATE, PG_DATE, PG_ID, PG_INT8},
                      .write = true,
                      .rank = 17},
};
const size_t staff_statement_count = COUNT_OF(staff_statements);

/* --- reading --- */

static size_t count_parts(struct text names)
{
    size_t count = names.bytes > 0;

    for (size_t i = 0; i < names.bytes; i++)
        count += names.at[i] == ',';
    return count;
}

/* Calls `take` for each part between commas. */
static void split(struct text names, void (*take)(void *owner, struct text part), void *owner)
{
    for (size_t at = 0; at < names.bytes;) {
        const char *comma = memchr(names.at + at, ',', names.bytes - at);
        size_t bytes = comma ? (size_t)(comma - names.at) - at : names.bytes - at;

        take(owner, (struct text){names.at + at, bytes});
        at += bytes + 1;
    }
}

static void take_region(void *owner, struct text part)
{
    struct staff *staff = owner;

    staff->regions[staff->region_count++] = part;
}

static void get_staff(const struct pg_rows *rows, int row, struct arena *arena, struct staff *out)
{
    struct text regions = pg_keep_text(rows, row, 6, arena);

    *out = (struct staff){
        .id = pg_get_id(rows, row, 0),
        .code = pg_keep_text(rows, row, 1, arena),
        .name = pg_keep_text(rows, row, 2, arena),
        .level = pg_keep_text(rows, row, 4, arena),
        .unit = pg_keep_text(rows, row, 5, arena),
        .regions = arena_take_array(arena, count_parts(regions), sizeof(*out->regions)),
        .manager = pg_keep_text(rows, row, 7, arena),
        .deputy = pg_keep_text(rows, row, 8, arena),
        .manager_id = pg_get_id(rows, row, 9),
        .deputy_id = pg_get_id(rows, row, 10),
        .absent_from = pg_get_date_or_none(rows, row, 11),
        .absent_to = pg_get_date_or_none(rows, row, 12),
        .capacity = pg_get_int4(rows, row, 13),
        .has_left = pg_get_bool(rows, row, 14),
        .joined_on = pg_get_date(rows, row, 15),
        .left_on = pg_get_date_or_none(rows, row, 16),
        .version = pg_get_int8(rows, row, 17),
    };
    out->roles = role_read(pg_get_text(rows, row, 3));
    if (out->regions)
        split(regions, take_region, out);
}

static void fill_found(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct staff_found *found = out;

    if (pg_row_count(rows) == 0)
        return;
    found->found = true;
    get_staff(rows, 0, arena, &found->staff);
}

static void put_id_of(struct pg_args *args, int i, struct text who)
{
    struct id id;

    if (uuid_parse(who.at, who.bytes, &id))
        pg_put_id(args, i, &id);
    else
        pg_put_null(args, i);
}

void staff_find(struct request *req, struct text who, struct staff_found *out)
{
    struct pg_args *args = pg_args_new(req->arena, &staff_statements[FIND]);

    *out = (struct staff_found){.found = false};
    pg_put_text_n(args, 0, who.at, who.bytes);
    put_id_of(args, 1, who);
    flow_ask(req, &staff_statements[FIND], args, fill_found, out);
}

static void fill_context(const struct pg_rows *rows, struct arena *arena, void *out)
{
    if (pg_row_count(rows) == 0)
        return;
    *(struct staff_context *)out = (struct staff_context){
        .has_unit = pg_get_bool(rows, 0, 0),
        .has_manager = !pg_is_null(rows, 0, 1),
        .manager_id = pg_get_id(rows, 0, 1),
        .manager_has_left = pg_get_bool(rows, 0, 2),
        .has_deputy = !pg_is_null(rows, 0, 3),
        .deputy_id = pg_get_id(rows, 0, 3),
        .deputy_has_left = pg_get_bool(rows, 0, 4),
        .is_circle = pg_get_bool(rows, 0, 5),
        .unknown_region = pg_keep_text(rows, 0, 6, arena),
        .manager = pg_keep_text(rows, 0, 7, arena),
        .deputy = pg_keep_text(rows, 0, 8, arena),
    };
}

void staff_find_context(struct request *req, const struct staff *staff, struct staff_context *out)
{
    struct pg_args *args = pg_args_new(req->arena, &staff_statements[FIND_CONTEXT]);

    pg_put_text_n(args, 0, staff->code.at, staff->code.bytes);
    pg_put_text_n(args, 1, staff->unit.at, staff->unit.bytes);
    pg_put_text_n(args, 2, staff->manager.at, staff->manager.bytes);
    pg_put_text_n(args, 3, staff->deputy.at, staff->deputy.bytes);
    for (size_t i = 0; i < staff->region_count; i++)
        pg_put_text_n(args, 4, staff->regions[i].at, staff->regions[i].bytes);
    flow_ask(req, &staff_statements[FIND_CONTEXT], args, fill_context, out);
}

static void fill_list(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct staff_entries *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++)
        get_staff(rows, (int)i, arena, &found->list[found->count++]);
}

void staff_list(struct request *req, const struct staff_question *question,
                struct staff_entries *out)
{
    struct pg_args *args = pg_args_new(req->arena, &staff_statements[LIST]);

    pg_put_text_n(args, 0, question->after.at, question->after.bytes);
    pg_put_text_n(args, 1, question->state.at, question->state.bytes);
    pg_put_text_n(args, 2, question->role.at, question->role.bytes);
    pg_put_text_n(args, 3, question->manager.at, question->manager.bytes);
    put_id_of(args, 4, question->manager);
    pg_put_text_n(args, 5, question->unit.at, question->unit.bytes);
    pg_put_int8(args, 6, question->limit);
    flow_ask(req, &staff_statements[LIST], args, fill_list, out);
}

/* --- writing --- */

static void put_entry(struct pg_args *args, const struct staff *staff)
{
    pg_put_id(args, 0, &staff->id);
    pg_put_text_n(args, 1, staff->code.at, staff->code.bytes);
    pg_put_text_n(args, 2, staff->name.at, staff->name.bytes);
    pg_put_text_n(args, 3, staff->level.at, staff->level.bytes);
    pg_put_text_n(args, 4, staff->unit.at, staff->unit.bytes);
    for (size_t i = 0; i < staff->region_count; i++)
        pg_put_text_n(args, 5, staff->regions[i].at, staff->regions[i].bytes);
    pg_put_id_or_null(args, 6, &staff->manager_id);
    pg_put_id_or_null(args, 7, &staff->deputy_id);
    pg_put_int4(args, 8, staff->capacity);
    pg_put_date(args, 9, staff->joined_on);
    for (unsigned i = 0; i < ROLES; i++)
        if (staff->roles & 1U << i)
            pg_put_text(args, 10, role_name((enum role)(1U << i)));
}

void staff_add(struct request *req, const struct staff *staff)
{
    put_entry(flow_write(req, &staff_statements[ADD]), staff);
}

void staff_save(struct request *req, const struct staff *staff)
{
    struct pg_args *args = flow_write(req, &staff_statements[SAVE]);

    flow_write(req, &staff_statements[HOLD_LINES]);
    put_entry(args, staff);
    pg_put_int8(args, 11, staff->version);
    pg_put_id(flow_write(req, &staff_statements[GUARD]), 0, &staff->id);
}

void staff_save_absence(struct request *req, const struct staff *staff)
{
    struct pg_args *args = flow_write(req, &staff_statements[SAVE_ABSENCE]);

    pg_put_id(args, 0, &staff->id);
    pg_put_date_or_null(args, 1, staff->absent_from);
    pg_put_date_or_null(args, 2, staff->absent_to);
    pg_put_id_or_null(args, 3, &staff->deputy_id);
    pg_put_int8(args, 4, staff->version);
}
