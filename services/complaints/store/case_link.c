#include "services/complaints/store/case_link.h"

#include <string.h>

#include "services/complaints/store/cases.h"

enum {
    LIST,
    GUARD,
    REMOVE,
    NUMBER,
};

const struct pg_statement case_link_statements[] = {
    [LIST] = {.name = "case_link_list",
              .sql = "select c.id, c.number, c.kind::int, c.state::int, c.customer_id,"
                     " c.contact_id, c.submitted_at, c.closed_at, c.is_historic, c.version,"
                     " m.marks from (select case_id, string_agg(uuid_send(id), ''::bytea) as marks"
                     " from (select id, case_id from case_link_mark order by id limit $1) k"
                     " group by case_id) m join cases c on c.id = m.case_id order by c.id",
              .params = {PG_INT8}},
    /* Held: nobody changes the case before what is told here stands in the log. */
    [GUARD] = {.name = "case_link_guard",
               .sql = "select stale_unless((select count(*) from cases c join unnest($1, $2)"
                      " as t(id, version) on c.id = t.id and c.version = t.version)"
                      " = cardinality($1))",
               .params = {PG_IDS, PG_INT8S},
               .write = true,
               .rank = 29},
    [REMOVE] = {.name = "case_link_remove",
                .sql = "with held as materialized (select id from case_link_mark"
                       " where id = any($1) order by id for update), gone as (delete from"
                       " case_link_mark m using held where m.id = held.id returning 1)"
                       " select stale_unless((select count(*) from gone) = cardinality($1))",
                .params = {PG_IDS},
                .write = true,
                .rank = 21},
    /* The number goes: he is known by more than that now. */
    [NUMBER] = {.name = "case_link_number",
                .sql = "with q as (select distinct on (hash) * from unnest($1, $2, $3, $4, $5)"
                       " with ordinality as t(hash, customer, contact, entry, at, n)"
                       " order by hash, n desc),"
                       " linked as (update cases c set customer_id = q.customer,"
                       " contact_id = coalesce(c.contact_id, nullif(q.contact,"
                       " '00000000-0000-0000-0000-000000000000'::uuid)), phone_hash = null,"
                       " version = c.version + 1 from q where c.phone_hash = q.hash"
                       " and c.customer_id is null"
                       " returning c.id, c.state, q.customer, q.entry, q.at)," CASE_LINK_TELL,
                .params = {PG_BYTESES, PG_IDS, PG_IDS, PG_IDS, PG_TIMES},
                .write = true,
                .merge = true,
                .rank = 60},
};
const size_t case_link_statement_count = COUNT_OF(case_link_statements);

static void fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct case_links *links = out;
    int count = pg_row_count(rows);
    struct text *marks = arena_take_array(arena, (size_t)count, sizeof(*marks));
    size_t bytes = 0, at = 0;
    char *all;

    links->list = arena_take_array(arena, (size_t)count, sizeof(*links->list));
    for (int i = 0; links->list && marks && i < count; i++) {
        links->list[links->count++] = (struct case_file){
            .id = pg_get_id(rows, i, 0),
            .number = pg_keep_text(rows, i, 1, arena),
            .kind = (enum case_kind)pg_get_int4(rows, i, 2),
            .state = (enum case_state)pg_get_int4(rows, i, 3),
            .customer = pg_get_id(rows, i, 4),
            .contact = pg_get_id(rows, i, 5),
            .submitted_us = pg_get_time(rows, i, 6),
            .closed_us = pg_is_null(rows, i, 7) ? 0 : pg_get_time(rows, i, 7),
            .is_historic = pg_get_bool(rows, i, 8),
            .version = pg_get_int8(rows, i, 9),
        };
        marks[i] = pg_get_text(rows, i, 10);
        bytes += marks[i].bytes;
    }
    all = arena_take(arena, bytes + 1);
    for (size_t i = 0; all && i < links->count; i++) {
        memcpy(all + at, marks[i].at, marks[i].bytes);
        at += marks[i].bytes;
    }
    links->marks = (struct text){all, all ? bytes : 0};
}

void case_link_list(struct request *req, uint32_t max, struct case_links *out)
{
    struct pg_args *args = pg_args_new(req->arena, &case_link_statements[LIST]);

    *out = (struct case_links){.count = 0};
    pg_put_int8(args, 0, max);
    flow_ask(req, &case_link_statements[LIST], args, fill, out);
}

void case_link_settle(struct request *req, const struct case_links *links)
{
    struct pg_args *guard = flow_write(req, &case_link_statements[GUARD]);
    struct pg_args *gone = flow_write(req, &case_link_statements[REMOVE]);

    for (size_t i = 0; i < links->count; i++) {
        cases_hold(req, &links->list[i].id);
        pg_put_id(guard, 0, &links->list[i].id);
        pg_put_int8(guard, 1, links->list[i].version);
    }
    for (size_t at = 0; at + sizeof(struct id) <= links->marks.bytes; at += sizeof(struct id)) {
        struct id id;

        memcpy(&id, links->marks.at + at, sizeof(id));
        pg_put_id(gone, 0, &id);
    }
}

void case_link_number(struct request *req, struct text hash, const struct id *customer,
                      const struct id *contact)
{
    struct pg_args *args;
    struct id entry = request_new_id(req);

    cases_hold_number(req, hash);
    args = flow_write(req, &case_link_statements[NUMBER]);
    pg_put_bytes(args, 0, hash.at, hash.bytes);
    pg_put_id(args, 1, customer);
    pg_put_id(args, 2, contact);
    pg_put_id(args, 3, &entry);
    pg_put_time(args, 4, req->now_us);
}
