#include "services/customers/store/audit_page.h"

const struct pg_statement audit_page_statements[] = {
    {.name = "audit_page_list",
     .sql = "select at, key_name, actor, act, subject, detail, position"
            " from audit_read($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
     .params = {PG_TIME, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_TIME, PG_TIME, PG_TIME,
                PG_INT8, PG_INT8},
     .slow = true},
};
const size_t audit_page_statement_count = COUNT_OF(audit_page_statements);

static void fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct audit_entries *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++) {
        int row = (int)i;

        found->list[found->count++] = (struct audit_entry){
            .at_us = pg_get_time(rows, row, 0),
            .key = pg_keep_text(rows, row, 1, arena),
            .actor = pg_keep_text(rows, row, 2, arena),
            .act = pg_keep_text(rows, row, 3, arena),
            .subject = pg_keep_text(rows, row, 4, arena),
            .detail = pg_keep_text(rows, row, 5, arena),
            .position = pg_get_int8(rows, row, 6),
        };
    }
}

void audit_page_list(struct request *req, const struct audit_question *question, int64_t read_at_us,
                     struct audit_entries *out)
{
    struct pg_args *args = pg_args_new(req->arena, &audit_page_statements[0]);

    pg_put_time(args, 0, read_at_us);
    pg_put_text(args, 1, req->key.name);
    pg_put_text(args, 2, req->actor);
    pg_put_text_or_null(args, 3, question->actor);
    pg_put_text_or_null(args, 4, question->act);
    pg_put_text_or_null(args, 5, question->subject);
    pg_put_time_or_null(args, 6, question->from_us);
    pg_put_time_or_null(args, 7, question->to_us);
    pg_put_time_or_null(args, 8, question->has_after ? question->after_at_us : 0);
    if (question->has_after)
        pg_put_int8(args, 9, question->after_position);
    else
        pg_put_null(args, 9);
    pg_put_int8(args, 10, (int64_t)question->page_size + 1);
    flow_ask(req, &audit_page_statements[0], args, fill, out);
}
