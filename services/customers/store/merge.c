/* What is asked before a merge or its undo, and what is shown of merges. */
#include "services/customers/store/merge.h"

#include "common/pure/uuid.h"
#include "services/customers/store/alias.h"
#include "services/customers/store/scope.h"

enum {
    FIND,
    FIND_BY_NUMBER,
    FIND_BY_CUSTOMER,
    FIND_BY_REFERENCE,
    LIST_MOVES,
    LIST,
    FIND_OWNED,
    FIND_OBSTACLE,
    FIND_TOMBSTONE,
};

#define COLUMNS                                                                                    \
    "select m.id, m.survivor_id, s.number, s.name, m.merged_id, d.number, d.name, m.reason,"       \
    " m.made_at, m.made_by, m.undone_at, m.undone_by, m.undo_reason, (select c.number"             \
    " from customer_alias a join customer c on c.id = a.survivor_id"                               \
    " where a.customer_id = m.survivor_id), s.privacy <> 'open' or d.privacy <> 'open'"            \
    " from merge m join customer s on s.id = m.survivor_id join customer d on d.id = m.merged_id"
#define LATEST_OF(customer)                                                                        \
    COLUMNS " where m.id = (select id from merge where merged_id = " customer                      \
            " order by id desc limit 1)"

const struct pg_statement merge_statements[] = {
    [FIND] = {.name = "merge_find", .sql = COLUMNS " where m.id = $1", .params = {PG_ID}},
    [FIND_BY_NUMBER] = {.name = "merge_find_by_number",
                        .sql = LATEST_OF("(select id from customer where number = $1)"),
                        .params = {PG_INT8}},
    [FIND_BY_CUSTOMER] = {.name = "merge_find_by_customer",
                          .sql = LATEST_OF("$1"),
                          .params = {PG_ID}},
    [FIND_BY_REFERENCE] = {.name = "merge_find_by_reference",
                           .sql = LATEST_OF("(select customer_id from customer_ref"
                                            " where source = $1 and external_id = $2)"),
                           .params = {PG_TEXT, PG_TEXT}},
    [LIST_MOVES] = {.name = "merge_list_moves",
                    .sql = "select what, count(*), count(*) filter (where was_returned)"
                           " from merge_change where merge_id = $1 group by what order by what",
                    .params = {PG_ID}},
    [LIST] = {.name = "merge_list",
              .sql = COLUMNS " where ($1::uuid is null or m.survivor_id in " ALIAS_ALL_OF_1
                             " or m.merged_id in " ALIAS_ALL_OF_1 ")"
                             " and (not $2 or m.undone_at is null)"
                             " and ($3::uuid is null or m.id < $3)"
                             " and " SCOPE_FILTER("coalesce((select survivor_id from customer_alias"
                                                  " where customer_id = m.survivor_id),"
                                                  " m.survivor_id)",
                                                  "$5", "$6", "$7") " order by m.id desc limit $4",
              .params = {PG_ID, PG_BOOL, PG_ID, PG_INT8, PG_BOOL, PG_BOOL, PG_IDS}},
    [FIND_OWNED] = {.name = "merge_find_owned",
                    .sql = "select c.owner_version, c.owner_state, o.id, o.staff_id,"
                           " o.role = 'owner' from customer c left join ownership o"
                           " on o.customer_id = c.id and o.to_at is null where c.id = $1"
                           " order by o.role, o.id",
                    .params = {PG_ID}},
    [FIND_OBSTACLE] = {.name = "merge_find_obstacle",
                       .sql = "select exists (select 1 from grade_run where state = 'running'"
                              " and phase = 1)"},
    [FIND_TOMBSTONE] = {.name = "merge_find_tombstone",
                        .sql = "select c.nature, c.name is not null, g.override_until, g.held_until"
                               " from customer c left join grade_current g on g.customer_id = c.id"
                               " where c.id = $1",
                        .params = {PG_ID}},
};
const size_t merge_statement_count = COUNT_OF(merge_statements);

static struct merge_record get_record(const struct pg_rows *rows, int row, struct arena *arena)
{
    return (struct merge_record){
        .found = true,
        .id = pg_get_id(rows, row, 0),
        .survivor = pg_get_id(rows, row, 1),
        .survivor_number = pg_get_int8(rows, row, 2),
        .survivor_name = pg_keep_text(rows, row, 3, arena),
        .merged = pg_get_id(rows, row, 4),
        .merged_number = pg_get_int8(rows, row, 5),
        .merged_name = pg_keep_text(rows, row, 6, arena),
        .reason = pg_keep_text(rows, row, 7, arena),
        .made_at_us = pg_get_time(rows, row, 8),
        .made_by = pg_keep_text(rows, row, 9, arena),
        .undone_at_us = pg_get_time(rows, row, 10),
        .undone_by = pg_keep_text(rows, row, 11, arena),
        .undo_reason = pg_keep_text(rows, row, 12, arena),
        .survivor_merged_into = pg_get_int8(rows, row, 13),
        .is_erased = pg_get_bool(rows, row, 14),
    };
}

static void fill_one(const struct pg_rows *rows, struct arena *arena, void *out)
{
    if (pg_row_count(rows) > 0)
        *(struct merge_record *)out = get_record(rows, 0, arena);
}

static const struct pg_statement *statement_of(const struct customer_question *merged)
{
    switch (merged->kind) {
    case CUSTOMER_REF_NUMBER:
        return &merge_statements[FIND_BY_NUMBER];
    case CUSTOMER_REF_EXTERNAL:
        return &merge_statements[FIND_BY_REFERENCE];
    case CUSTOMER_REF_ID:
        break;
    }
    return &merge_statements[FIND_BY_CUSTOMER];
}

void merge_find(struct request *req, const struct id *id, const struct customer_question *merged,
                struct merge_record *out)
{
    bool by_id = !uuid_is_none(id);
    const struct pg_statement *statement = by_id ? &merge_statements[FIND] : statement_of(merged);
    struct pg_args *args = pg_args_new(req->arena, statement);

    *out = (struct merge_record){.found = false};
    if (by_id) {
        pg_put_id(args, 0, id);
    } else if (merged->kind == CUSTOMER_REF_NUMBER) {
        pg_put_int8(args, 0, merged->number);
    } else if (merged->kind == CUSTOMER_REF_ID) {
        pg_put_id(args, 0, &merged->id);
    } else {
        pg_put_text_n(args, 0, merged->reference.source.at, merged->reference.source.bytes);
        pg_put_text_n(args, 1, merged->reference.external_id.at,
                      merged->reference.external_id.bytes);
    }
    flow_ask(req, statement, args, fill_one, out);
}

static void fill_moves(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct merge_moves_list *moves = out;
    size_t count = (size_t)pg_row_count(rows);

    moves->list = arena_take_array(arena, count, sizeof(*moves->list));
    for (size_t i = 0; moves->list && i < count; i++)
        moves->list[moves->count++] =
            (struct merge_moves){pg_keep_text(rows, (int)i, 0, arena), pg_get_int8(rows, (int)i, 1),
                                 pg_get_int8(rows, (int)i, 2)};
}

void merge_list_moves(struct request *req, const struct id *merge, struct merge_moves_list *out)
{
    struct pg_args *args = pg_args_new(req->arena, &merge_statements[LIST_MOVES]);

    *out = (struct merge_moves_list){.count = 0};
    pg_put_id(args, 0, merge);
    flow_ask(req, &merge_statements[LIST_MOVES], args, fill_moves, out);
}

static void fill_list(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct merge_records *records = out;
    size_t count = (size_t)pg_row_count(rows);

    records->list = arena_take_array(arena, count, sizeof(*records->list));
    for (size_t i = 0; records->list && i < count; i++)
        records->list[records->count++] = get_record(rows, (int)i, arena);
}

void merge_list(struct request *req, const struct merge_list_question *question,
                struct merge_records *out)
{
    struct pg_args *args = pg_args_new(req->arena, &merge_statements[LIST]);

    *out = (struct merge_records){.count = 0};
    pg_put_id_or_null(args, 0, question->of);
    pg_put_bool(args, 1, question->only_standing);
    pg_put_id_or_null(args, 2, &question->before);
    pg_put_int8(args, 3, (int64_t)question->page_size + 1);
    scope_put(req, args, 4);
    flow_ask(req, &merge_statements[LIST], args, fill_list, out);
}

static void fill_owned(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct merge_owned *owned = out;
    struct merge_intervals *intervals = &owned->intervals;
    size_t count = (size_t)pg_row_count(rows);

    intervals->list = arena_take_array(arena, count, sizeof(*intervals->list));
    for (size_t i = 0; intervals->list && i < count; i++) {
        int row = (int)i;

        owned->owner_version = pg_get_int4(rows, row, 0);
        owned->owner_state = pg_copy_text(rows, row, 1, arena);
        if (!pg_is_null(rows, row, 2))
            intervals->list[intervals->count++] = (struct merge_interval){
                pg_get_id(rows, row, 2), pg_get_id(rows, row, 3), pg_get_bool(rows, row, 4)};
    }
}

void merge_find_owned(struct request *req, const struct id *customer, struct merge_owned *out)
{
    struct pg_args *args = pg_args_new(req->arena, &merge_statements[FIND_OWNED]);

    *out = (struct merge_owned){.owner_state = ""};
    pg_put_id(args, 0, customer);
    flow_ask(req, &merge_statements[FIND_OWNED], args, fill_owned, out);
}

static void fill_obstacle(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    if (pg_row_count(rows) > 0)
        ((struct merge_obstacle *)out)->run_adds_up = pg_get_bool(rows, 0, 0);
}

void merge_find_obstacle(struct request *req, struct merge_obstacle *out)
{
    *out = (struct merge_obstacle){false};
    flow_ask(req, &merge_statements[FIND_OBSTACLE], NULL, fill_obstacle, out);
}

static void fill_tombstone(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct merge_tombstone *tombstone = out;

    (void)arena;
    if (pg_row_count(rows) == 0)
        return;
    tombstone->state.nature = file_nature_read(pg_get_text(rows, 0, 0));
    tombstone->state.has_name = pg_get_bool(rows, 0, 1);
    if (!pg_is_null(rows, 0, 2))
        tombstone->override_until = pg_get_date(rows, 0, 2);
    if (!pg_is_null(rows, 0, 3))
        tombstone->held_until = pg_get_date(rows, 0, 3);
}

void merge_find_tombstone(struct request *req, const struct id *customer,
                          struct merge_tombstone *out)
{
    struct pg_args *args = pg_args_new(req->arena, &merge_statements[FIND_TOMBSTONE]);

    out->override_until = out->held_until = FILE_NO_DAY;
    pg_put_id(args, 0, customer);
    flow_ask(req, &merge_statements[FIND_TOMBSTONE], args, fill_tombstone, out);
}
