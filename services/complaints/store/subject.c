#include "services/complaints/store/subject.h"

#include <string.h>

#include "common/pure/text.h"
#include "services/complaints/store/case_personal.h"

enum {
    LIST_CASES,
    READ_OTHERS,
};

const struct pg_statement subject_statements[] = {
    [LIST_CASES] = {.name = "subject_list_cases",
                    .sql = "select c.id, c.number from cases c where c.id in ("
                           "select k.id from cases k where k.customer_id = any($1)"
                           " union select k.id from cases k where k.contact_id = any($1)"
                           " union select k.id from phone_holder h join cases k"
                           " on k.phone_hash = h.hash"
                           " where h.customer_id = any($1) or h.contact_id = any($1))"
                           " and c.id > $2 order by c.id limit $3",
                    .params = {PG_IDS, PG_ID, PG_INT8},
                    .slow = true},
    /* What stands in no personal column: deadlines without their reckoning, and attempts. */
    [READ_OTHERS] = {.name = "subject_read_others",
                     .sql = "(select 1 as place, 'case_attempt' as part, to_jsonb(a)::text"
                            " from case_attempt a where a.case_id = any($1) limit 10001)"
                            " union all (select 2, 'clock', jsonb_build_object('case_id', case_id,"
                            " 'id', id, 'kind', kind, 'state', state, 'outcome', outcome,"
                            " 'started_at', started_at, 'due_at', due_at, 'warned_at', warned_at,"
                            " 'breached_at', breached_at, 'stopped_at', stopped_at,"
                            " 'extensions', extensions)::text from clock"
                            " where case_id = any($1) limit 10001) order by place",
                     .params = {PG_IDS},
                     .slow = true},
};
const size_t subject_statement_count = COUNT_OF(subject_statements);

static void fill_cases(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct subject_cases *cases = out;
    int count = pg_row_count(rows);

    cases->list = arena_take_array(arena, (size_t)count, sizeof(*cases->list));
    for (int row = 0; cases->list && row < count; row++)
        cases->list[cases->count++] =
            (struct subject_case){pg_get_id(rows, row, 0), pg_keep_text(rows, row, 1, arena)};
}

void subject_list_cases(struct request *req, const struct subject_ids *ids, const struct id *after,
                        uint32_t limit, struct subject_cases *out)
{
    struct pg_args *args = pg_args_new(req->arena, &subject_statements[LIST_CASES]);

    *out = (struct subject_cases){.count = 0};
    for (size_t i = 0; i < ids->count; i++)
        pg_put_id(args, 0, &ids->list[i]);
    pg_put_id(args, 1, after);
    pg_put_int8(args, 2, limit);
    flow_ask(req, &subject_statements[LIST_CASES], args, fill_cases, out);
}

static void fill_rows(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct subject_rows *read = out;
    int count = pg_row_count(rows);
    size_t of_table = 0;

    read->list = arena_take_array(arena, (size_t)count, sizeof(*read->list));
    for (int row = 0; read->list && row < count; row++) {
        struct subject_row *next = &read->list[read->count];

        *next = (struct subject_row){pg_keep_text(rows, row, 1, arena),
                                     pg_keep_text(rows, row, 2, arena)};
        of_table = row > 0 && text_compare(next[-1].table, next->table) == 0 ? of_table + 1 : 1;
        read->is_cut |= of_table > SUBJECT_MAX_ROWS;
        read->count++;
    }
}

static void ask(struct request *req, const struct pg_statement *statement,
                const struct subject_cases *cases, size_t count, struct subject_rows *out)
{
    struct pg_args *args = pg_args_new(req->arena, statement);

    *out = (struct subject_rows){.count = 0};
    for (size_t i = 0; i < count; i++)
        pg_put_id(args, 0, &cases->list[i].id);
    flow_ask(req, statement, args, fill_rows, out);
}

void subject_read(struct request *req, const struct subject_cases *cases, size_t count,
                  struct subject_rows *personal, struct subject_rows *others)
{
    ask(req, &case_personal_questions[CASE_PERSONAL_READ_CASE], cases, count, personal);
    ask(req, &subject_statements[READ_OTHERS], cases, count, others);
}
