#include "services/complaints/store/colleague.h"

#include "common/pure/role.h"
#include "common/pure/uuid.h"

enum {
    FIND,
    LIST,
};

#define COLUMNS                                                                                    \
    "s.staff_id, s.manager_id, s.deputy_id, coalesce(s.code, s.staff_id::text), s.unit,"           \
    " array_to_string(s.roles, ','), s.is_active,"                                                 \
    " coalesce($2 between s.absent_from and s.absent_to, false)"

const struct pg_statement colleague_statements[] = {
    [FIND] = {.name = "colleague_find",
              .sql = "select " COLUMNS ", 1::bigint from staff_seen s"
                     " where s.code = $1 or s.staff_id = $3 limit 1",
              .params = {PG_TEXT, PG_DATE, PG_ID}},
    [LIST] = {.name = "colleague_list",
              .sql = "select " COLUMNS ", q.place from unnest($1) with ordinality as q(id, place)"
                     " join staff_seen s on s.staff_id = q.id",
              .params = {PG_IDS, PG_DATE}},
};
const size_t colleague_statement_count = COUNT_OF(colleague_statements);

static void fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct colleague *list = out;

    for (int row = 0; row < pg_row_count(rows); row++)
        list[pg_get_int8(rows, row, 8) - 1] = (struct colleague){
            .found = true,
            .is_active = pg_get_bool(rows, row, 6),
            .is_away = pg_get_bool(rows, row, 7),
            .id = pg_get_id(rows, row, 0),
            .manager = pg_get_id(rows, row, 1),
            .deputy = pg_get_id(rows, row, 2),
            .code = pg_copy_text(rows, row, 3, arena),
            .unit = pg_copy_text(rows, row, 4, arena),
            .roles = role_read(pg_get_text(rows, row, 5)),
        };
}

void colleague_find(struct request *req, struct text ref, int32_t today, struct colleague *out)
{
    struct pg_args *args = pg_args_new(req->arena, &colleague_statements[FIND]);
    struct id id;

    *out = (struct colleague){.code = "", .unit = ""};
    pg_put_text_n(args, 0, ref.at, ref.bytes);
    pg_put_date(args, 1, today);
    if (uuid_parse(ref.at, ref.bytes, &id))
        pg_put_id(args, 2, &id);
    else
        pg_put_null(args, 2);
    flow_ask(req, &colleague_statements[FIND], args, fill, out);
}

void colleague_list(struct request *req, const struct id *ids, size_t count, int32_t today,
                    struct colleague *out)
{
    struct pg_args *args;

    for (size_t i = 0; i < count; i++)
        out[i] = (struct colleague){.code = "", .unit = ""};
    if (count == 0)
        return;
    args = pg_args_new(req->arena, &colleague_statements[LIST]);
    for (size_t i = 0; i < count; i++)
        pg_put_id(args, 0, &ids[i]);
    pg_put_date(args, 1, today);
    flow_ask(req, &colleague_statements[LIST], args, fill, out);
}
