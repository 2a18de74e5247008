#include "services/complaints/store/case_conduct.h"

enum {
    RECUSE,
};

const struct pg_statement case_conduct_statements[] = {
    [RECUSE] = {.name = "case_conduct_recuse",
                .sql = "insert into case_recusal (case_id, staff_id, hides_complainant, at)"
                       " values ($1, $2, $3, $4) on conflict (case_id, staff_id) do update set"
                       " hides_complainant = excluded.hides_complainant, at = excluded.at",
                .params = {PG_ID, PG_ID, PG_BOOL, PG_TIME},
                .write = true,
                .rank = 60},
};
const size_t case_conduct_statement_count = COUNT_OF(case_conduct_statements);

void case_conduct_recuse(struct request *req, const struct id *case_id, const struct id *staff,
                         bool hides_complainant)
{
    struct pg_args *args = flow_write(req, &case_conduct_statements[RECUSE]);

    pg_put_id(args, 0, case_id);
    pg_put_id(args, 1, staff);
    pg_put_bool(args, 2, hides_complainant);
    pg_put_time(args, 3, req->now_us);
}
