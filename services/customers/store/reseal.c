/* The SQL of sealing again. Columns differ in names only, so their statements are made by macros.
 */
#include "services/customers/store/reseal.h"

#include <stdio.h>
#include <string.h>

#include "common/logfmt.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/customers/store/sealed.h"

/*
 * X(table, stem, row, part, behind, order, is, plain, has_plain, chunk): the sealed column is
 * `stem`_sealed of `table`, its place "<table>.<stem>", `row` and `part` (SQL text; '' where the id
 * is the whole key). The walk goes by `order`, on from what is `behind` the row $1 and part $2
 * where it stands, and finds again the row that `is` u_id and u_part: both by an index. `plain` is
 * what was there before there were seals: the walk seals it, with hash and last four digits, and
 * blanks it. At most `chunk` at once: together they are some MiB at most.
 */
#define COLUMNS(X)                                                                                 \
    X(customer_fact, value, "customer_id", "field", "(customer_id, field) > ($1, $2)",             \
      "customer_id, field", "customer_id = u_id and field = u_part",                               \
      "case when field in ('phone', 'email') then value else '' end", true, 500)                   \
    X(contact_channel, value, "id", "''", BEHIND_ID, "id", IS_ID, "''", false, 500)                \
    X(contact_sensitive, value, "contact_id", "field", "(contact_id, field) > ($1, $2)",           \
      "contact_id, field", "contact_id = u_id and field = u_part", "''", false, 500)               \
    X(import_former, value, "coalesce(contact_id, customer_id)",                                   \
      "import || ':' || line || ':' || field", "(import, line, field) > (" FORMER("$2") ")",       \
      "import, line, field", "(import, line, field) = (" FORMER("u_part") ")", "''", false, 500)   \
    X(person_vault, rows, "id", "''", BEHIND_ID, "id", IS_ID, "''", false, 40)
#define BEHIND_ID "id > $1"
#define IS_ID "id = u_id"
/* "12:5:phone" as the key of its row; of '' one before all. */
#define FORMER(part)                                                                               \
    "coalesce(nullif(split_part(" part ", ':', 1), '')::bigint, 0),"                               \
    " coalesce(nullif(split_part(" part ", ':', 2), '')::bigint, 0), split_part(" part ", ':', 3)"

#define KEY_OF(stem)                                                                               \
    "('x' || encode(substring(" #stem "_sealed from 2 for 4), 'hex'))::bit(32)::integer"
/* What the first sealing sets beside it; a later one has no hash to tell. */
#define SET_true                                                                                   \
    ", value = case when u_hash is null then value else '' end,"                                   \
    " value_hash = coalesce(u_hash, value_hash), last_four = coalesce(u_last_four, last_four)"
#define SET_false ""
#define SAME_true " and (u_hash is null or value = u_plain)"
#define SAME_false ""

#define NAME(table, stem, ...) #table "." #stem,
#define CHUNK(table, stem, row, part, behind, order, is, plain, has_plain, chunk) chunk,
const char *const reseal_columns[] = {COLUMNS(NAME)};
const size_t reseal_column_count = COUNT_OF(reseal_columns);
static const int32_t chunks[] = {COLUMNS(CHUNK)};
_Static_assert(COUNT_OF(reseal_columns) <= RESEAL_MAX_COLUMNS, "room for each");

enum {
    LIST_WALKS,
    FIND_RING,
    ADD_RING,
    BEGIN_WALK,
    SAVE_WALK,
    OF_COLUMNS, /* then, of each column: */
};
enum {
    COUNT_KEYS,
    LIST_ROWS,
    SAVE_ROWS,
    PER_COLUMN,
};

/* clang-format off */
/* What was changed since it was read is not touched, and that is no fault: it was sealed then. */
#define STATEMENTS(table, stem, row, part, behind, order, is, plain, has_plain, chunk)             \
    {.name = "reseal_count_" #table,                                                               \
     .sql = "select coalesce(" KEY_OF(stem) ", 0), count(*) from " #table                          \
            " where " #stem "_sealed is not null or " plain " <> '' group by 1 order by 1",        \
     .slow = true},                                                                                \
    {.name = "reseal_list_" #table,                                                                \
     .sql = "select " row ", " part ", " #stem "_sealed, " plain " from " #table                   \
            " where " behind " and (" #stem "_sealed is not null or " plain " <> '')"              \
            " order by " order " limit $3",                                                        \
     .params = {PG_ID, PG_TEXT, PG_INT4},                                                          \
     .slow = true},                                                                                \
    {.name = "reseal_save_" #table,                                                                \
     .sql = "update " #table " set " #stem "_sealed = u_sealed" SET_##has_plain                    \
            " from unnest($1, $2, $3, $4, $5, $6, $7)"                                             \
            " as u(u_id, u_part, u_old, u_plain, u_sealed, u_hash, u_last_four)"                   \
            " where " is " and " #stem "_sealed is not distinct from u_old" SAME_##has_plain,      \
     .params = {PG_IDS, PG_TEXTS, PG_BYTESES, PG_TEXTS, PG_BYTESES, PG_BYTESES, PG_TEXTS},         \
     .write = true,                                                                                \
     .merge = true,                                                                                \
     .rank = 114},
/* clang-format on */

const struct pg_statement reseal_statements[] = {
    [LIST_WALKS] = {.name = "reseal_list_walks",
                    .sql = "select name, key_id, begins_at <= clock_timestamp(), is_done,"
                           " after_row, after_part, version, unreadable, waiting from seal_walk"},
    [FIND_RING] = {.name = "reseal_find_ring", .sql = "select fingerprint from seal_ring"},
    /* A plain insert: whoever came second decides again. */
    [ADD_RING] = {.name = "reseal_add_ring",
                  .sql = "insert into seal_ring (fingerprint) values ($1)",
                  .params = {PG_BYTES},
                  .write = true,
                  .rank = 10},
    [BEGIN_WALK] = {.name = "reseal_begin_walk",
                    .sql = "with saved as (insert into seal_walk as w (name, key_id, begins_at,"
                           " after_row, after_part, version, is_done, waiting) select $1, $2,"
                           " clock_timestamp() + make_interval(secs => $5),"
                           " '00000000-0000-0000-0000-000000000000', '', 1, false, $4"
                           " on conflict (name) do update set key_id = excluded.key_id,"
                           " begins_at = excluded.begins_at, after_row = excluded.after_row,"
                           " after_part = '', version = w.version + 1, is_done = false,"
                           " unreadable = 0, waiting = excluded.waiting where w.version = $3"
                           " returning 1) select stale_unless((select count(*) from saved) = 1)",
                    .params = {PG_TEXT, PG_INT4, PG_INT8, PG_TEXT, PG_INT4},
                    .write = true,
                    .rank = 115},
    [SAVE_WALK] = {.name = "reseal_save_walk",
                   .sql = "with saved as (update seal_walk set after_row = $3, after_part = $4,"
                          " version = version + 1, is_done = $5, unreadable = $6, waiting = $7"
                          " where name = $1 and version = $2 returning 1)"
                          " select stale_unless((select count(*) from saved) = 1)",
                   .params = {PG_TEXT, PG_INT8, PG_ID, PG_TEXT, PG_BOOL, PG_INT8, PG_TEXT},
                   .write = true,
                   .rank = 115},
    /* clang-format off */
    COLUMNS(STATEMENTS)
    /* clang-format on */
};
const size_t reseal_statement_count = COUNT_OF(reseal_statements);

static const struct pg_statement *statement_of(size_t column, size_t which)
{
    return &reseal_statements[OF_COLUMNS + column * PER_COLUMN + which];
}

/* --- how far it is --- */

static void fill_walks(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct reseal_walk *walks = out;

    for (size_t i = 0; i < reseal_column_count; i++) {
        for (int row = 0; row < pg_row_count(rows); row++) {
            struct text name = pg_get_text(rows, row, 0), part = pg_get_text(rows, row, 5);
            struct reseal_walk *walk = &walks[i];

            if (name.bytes != strlen(reseal_columns[i]) ||
                memcmp(name.at, reseal_columns[i], name.bytes) != 0)
                continue;
            walk->key_id = (uint32_t)pg_get_int4(rows, row, 1);
            walk->has_begun = pg_get_bool(rows, row, 2);
            walk->is_done = pg_get_bool(rows, row, 3);
            walk->after = pg_get_id(rows, row, 4);
            snprintf(walk->after_part, sizeof(walk->after_part), "%.*s", (int)part.bytes, part.at);
            walk->version = pg_get_int8(rows, row, 6);
            walk->unreadable = pg_get_int8(rows, row, 7);
            walk->waiting = pg_keep_text(rows, row, 8, arena);
        }
    }
}

void reseal_list_walks(struct request *req, struct reseal_walk walks[RESEAL_MAX_COLUMNS])
{
    memset(walks, 0, RESEAL_MAX_COLUMNS * sizeof(*walks));
    flow_ask(req, &reseal_statements[LIST_WALKS], NULL, fill_walks, walks);
}

static void fill_ring(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct reseal_ring *ring = out;
    struct text found = pg_row_count(rows) ? pg_get_text(rows, 0, 0) : (struct text){0};

    (void)arena;
    ring->is_known = found.bytes == sizeof(ring->fingerprint);
    if (ring->is_known)
        memcpy(ring->fingerprint, found.at, found.bytes);
}

void reseal_find_ring(struct request *req, struct reseal_ring *out)
{
    flow_ask(req, &reseal_statements[FIND_RING], NULL, fill_ring, out);
}

void reseal_add_ring(struct request *req, const uint8_t fingerprint[SEAL_HASH_BYTES])
{
    pg_put_bytes(flow_write(req, &reseal_statements[ADD_RING]), 0, fingerprint, SEAL_HASH_BYTES);
}

void reseal_begin_walk(struct request *req, size_t column, const struct reseal_walk *walk,
                       uint32_t key_id, const char *waiting)
{
    struct pg_args *args = flow_write(req, &reseal_statements[BEGIN_WALK]);

    pg_put_text(args, 0, reseal_columns[column]);
    pg_put_int4(args, 1, (int32_t)key_id);
    pg_put_int8(args, 2, walk->version);
    pg_put_text(args, 3, waiting);
    pg_put_int4(args, 4, RESEAL_PAUSE_S);
}

void reseal_save_walk(struct request *req, size_t column, const struct reseal_walk *walk)
{
    struct pg_args *args = flow_write(req, &reseal_statements[SAVE_WALK]);

    pg_put_text(args, 0, reseal_columns[column]);
    pg_put_int8(args, 1, walk->version);
    pg_put_id(args, 2, &walk->after);
    pg_put_text(args, 3, walk->after_part);
    pg_put_bool(args, 4, walk->is_done);
    pg_put_int8(args, 5, walk->unreadable);
    pg_put_text_n(args, 6, walk->waiting.at, walk->waiting.bytes);
}

/* --- values --- */

static void fill_counts(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct reseal_counts *counts = out;
    size_t count = (size_t)pg_row_count(rows);

    counts->count = 0;
    counts->list = arena_take_array(arena, count, sizeof(*counts->list));
    for (size_t i = 0; counts->list && i < count; i++)
        counts->list[counts->count++] = (struct reseal_count){
            (uint32_t)pg_get_int4(rows, (int)i, 0), pg_get_int8(rows, (int)i, 1)};
}

void reseal_count_keys(struct request *req, size_t column, struct reseal_counts *out)
{
    flow_ask(req, statement_of(column, COUNT_KEYS), NULL, fill_counts, out);
}

static void fill_rows(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct reseal_rows *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->count = 0;
    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++)
        found->list[found->count++] = (struct reseal_row){
            pg_get_id(rows, (int)i, 0), pg_keep_text(rows, (int)i, 1, arena),
            pg_keep_text(rows, (int)i, 2, arena), pg_keep_text(rows, (int)i, 3, arena)};
}

void reseal_list_rows(struct request *req, size_t column, const struct reseal_walk *walk,
                      struct reseal_rows *out)
{
    const struct pg_statement *statement = statement_of(column, LIST_ROWS);
    struct pg_args *args = pg_args_new(req->arena, statement);

    pg_put_id(args, 0, &walk->after);
    pg_put_text(args, 1, walk->after_part);
    pg_put_int4(args, 2, chunks[column]);
    flow_ask(req, statement, args, fill_rows, out);
}

static void put_first(struct request *req, struct pg_args *args, const struct reseal_row *row)
{
    bool is_phone = row->part.bytes == 5 && memcmp(row->part.at, "phone", 5) == 0;
    uint8_t hash[SEAL_HASH_BYTES];
    char last_four[5];

    sealed_hash(req->service->seal, is_phone ? SEALED_PHONE : SEALED_EMAIL, row->plain, hash);
    pg_put_null(args, 2);
    pg_put_bytes(args, 5, hash, sizeof(hash));
    sealed_last_four(row->plain, last_four);
    if (is_phone)
        pg_put_text(args, 6, last_four);
    else
        pg_put_null(args, 6);
}

static void tell_unreadable(const char *column, const struct seal_place *place,
                            enum seal_opened opened)
{
    char id[UUID_TEXT_BYTES];

    uuid_print(&place->row, id);
    logfmt_error("seal", "column", column, "row", id, "part", place->part, "why", seal_why(opened),
                 NULL);
}

bool reseal_row(struct request *req, size_t column, const struct reseal_row *row)
{
    const struct seal *seal = req->service->seal;
    char part[RESEAL_PART_BYTES];
    struct seal_place place = {reseal_columns[column], row->row, part};
    struct text plain = row->plain;
    enum seal_opened opened = SEAL_OPENED;

    if (row->sealed.bytes && seal_key_id(row->sealed) == seal_current(seal))
        return true;
    snprintf(part, sizeof(part), "%.*s", (int)row->part.bytes, row->part.at);
    if (row->sealed.bytes)
        opened = seal_open(seal, &place, row->sealed, req->arena, &plain);
    if (opened == SEAL_ARENA_FULL)
        return true; /* the request ends as a whole and comes again */
    if (opened != SEAL_OPENED) {
        tell_unreadable(reseal_columns[column], &place, opened);
        return false;
    }

    struct pg_args *args = flow_write(req, statement_of(column, SAVE_ROWS));

    pg_put_id(args, 0, &row->row);
    pg_put_text(args, 1, part);
    pg_put_text_n(args, 3, row->plain.at, row->plain.bytes);
    sealed_put(req, args, 4, &place, plain);
    if (!row->sealed.bytes) {
        put_first(req, args, row);
        return true;
    }
    pg_put_bytes(args, 2, row->sealed.at, row->sealed.bytes);
    pg_put_null(args, 5);
    pg_put_null(args, 6);
    return true;
}
