#include "services/complaints/store/case_leaver.h"

#define HANDLES(staff)                                                                             \
    "case when " staff ".is_active and " staff ".roles && '{complaint_handler,manager}'::text[]"   \
    " then " staff ".staff_id end"

const struct pg_statement case_leaver_statements[] = {
    {.name = "case_leaver_list",
     .sql = "select q.case_id, " HANDLES("d") ", " HANDLES(
         "m") " from staff_seen s"
              " join case_queue q on q.handler_id = s.staff_id"
              " left join staff_seen d on d.staff_id = s.deputy_id"
              " left join staff_seen m on m.staff_id = s.manager_id"
              " where not s.is_active order by q.case_id limit $1",
     .params = {PG_INT8}},
};
const size_t case_leaver_statement_count = COUNT_OF(case_leaver_statements);

static void fill(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct case_leavers *out = owner;
    int count = pg_row_count(rows);

    out->list = arena_take_array(arena, (size_t)count, sizeof(*out->list));
    for (int i = 0; out->list && i < count; i++)
        out->list[out->count++] = (struct case_leaver){pg_get_id(rows, i, 0), pg_get_id(rows, i, 1),
                                                       pg_get_id(rows, i, 2)};
}

void case_leaver_list(struct request *req, uint32_t max, struct case_leavers *out)
{
    struct pg_args *args = pg_args_new(req->arena, &case_leaver_statements[0]);

    *out = (struct case_leavers){0};
    pg_put_int8(args, 0, max);
    flow_ask(req, &case_leaver_statements[0], args, fill, out);
}
