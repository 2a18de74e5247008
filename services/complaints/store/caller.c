#include "services/complaints/store/caller.h"

enum {
    FIND,
};

const struct pg_statement caller_statements[] = {
    [FIND] = {.name = "caller_find",
              .sql = "select coalesce(s.counts_as, h.customer_id), h.contact_id from phone_holder h"
                     " left join customer_seen s on s.customer_id = h.customer_id"
                     " where h.hash = $1",
              .params = {PG_BYTES}},
};
const size_t caller_statement_count = COUNT_OF(caller_statements);

static void fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    if (pg_row_count(rows) > 0)
        *(struct caller *)out = (struct caller){
            .found = true, .customer = pg_get_id(rows, 0, 0), .contact = pg_get_id(rows, 0, 1)};
}

void caller_find(struct request *req, const uint8_t hash[SEAL_HASH_BYTES], struct caller *out)
{
    struct pg_args *args = pg_args_new(req->arena, &caller_statements[FIND]);

    *out = (struct caller){.found = false};
    pg_put_bytes(args, 0, hash, SEAL_HASH_BYTES);
    flow_ask(req, &caller_statements[FIND], args, fill, out);
}
