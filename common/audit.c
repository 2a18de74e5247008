#include "common/audit.h"

const struct pg_statement audit_statements[] = {
    {.name = "audit_add",
     .sql = "insert into audit (at, key_name, actor, act, subject, detail)"
            " select * from unnest($1, $2, $3, $4, $5, $6)",
     .params = {PG_TIMES, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS},
     .write = true,
     .merge = true,
     .rank = 15},
};
const size_t audit_statement_count = COUNT_OF(audit_statements);

void audit_add(struct request *req, const char *act, const char *subject, const char *detail)
{
    struct pg_args *args = flow_write(req, &audit_statements[0]);

    pg_put_time(args, 0, req->now_us);
    pg_put_text(args, 1, req->key.name);
    pg_put_text(args, 2, req->actor);
    pg_put_text(args, 3, act);
    pg_put_text(args, 4, subject);
    pg_put_text(args, 5, detail);
}
