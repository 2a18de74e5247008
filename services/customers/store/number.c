#include "services/customers/store/number.h"

#include <string.h>

enum {
    LIST_HOLDERS,
    REMOVE_MARKS,
    PUT_TOLD,
    REMOVE_TOLD,
};

#define NOBODY "'00000000-0000-0000-0000-000000000000'::uuid"

const struct pg_statement number_statements[] = {
    /* Marks and holders in one question, so that no mark is done with whose number was not looked
     * at. Some rows of a number are enough to know that several have it. */
    [LIST_HOLDERS] =
        {.name = "number_list_holders",
         .sql = "select q.hash, case when h.customers = 1 then h.customer end,"
                " case when h.contacts = 1 then h.contact end, t.held_by, t.contact_id,"
                " q.marks from (select hash, string_agg(uuid_send(id), ''::bytea) as marks"
                " from (select id, hash from number_mark order by id limit $1) m group by hash) q"
                " cross join lateral (select count(distinct customer) as customers,"
                " (array_agg(customer))[1] as customer, count(distinct contact) as contacts,"
                " (array_agg(contact) filter (where contact is not null))[1] as contact from"
                " (select coalesce(a.survivor_id, r.customer_id) as customer, r.contact_id"
                " as contact from (select customer_id, null::uuid as contact_id from customer_fact"
                " where value_hash = q.hash and field <> 'email'"
                " union all select l.customer_id, c.contact_id from contact_channel c"
                " join contact_link l on l.contact_id = c.contact_id"
                " where c.value_hash = q.hash and c.kind in ('mobile', 'phone')"
                " and c.status <> 'wrong') r"
                " left join customer_alias a on a.customer_id = r.customer_id limit 20) s) h"
                " left join number_told t on t.hash = q.hash order by q.hash",
         .params = {PG_INT8}},
    [REMOVE_MARKS] = {.name = "number_remove_marks",
                      .sql = "with gone as (delete from number_mark where id = any($1)"
                             " returning 1)"
                             " select stale_unless((select count(*) from gone) = cardinality($1))",
                      .params = {PG_IDS},
                      .write = true,
                      .rank = 150},
    [PUT_TOLD] = {.name = "number_put_told",
                  .sql = "insert into number_told (hash, held_by, contact_id)"
                         " select hash, nullif(customer, " NOBODY "), nullif(contact, " NOBODY ")"
                         " from unnest($1, $2, $3) as t(hash, customer, contact) order by hash"
                         " on conflict (hash) do update set held_by = excluded.held_by,"
                         " contact_id = excluded.contact_id",
                  .params = {PG_BYTESES, PG_IDS, PG_IDS},
                  .write = true,
                  .merge = true,
                  .rank = 151},
    [REMOVE_TOLD] = {.name = "number_remove_told",
                     .sql = "delete from number_told where hash = any($1)",
                     .params = {PG_BYTESES},
                     .write = true,
                     .merge = true,
                     .rank = 152},
};
const size_t number_statement_count = COUNT_OF(number_statements);

bool number_is_held(const struct number_holder *holder)
{
    static const struct number_holder nobody;

    return memcmp(holder, &nobody, sizeof(nobody)) != 0;
}

static void fill_holders(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct number_list *list = out;
    int count = pg_row_count(rows);

    list->list = arena_take_array(arena, (size_t)count, sizeof(*list->list));
    for (int i = 0; list->list && i < count; i++) {
        struct text marks = pg_keep_text(rows, i, 5, arena);

        list->list[list->count++] = (struct number_marked){
            .hash = pg_keep_text(rows, i, 0, arena),
            .marks = (const struct id *)marks.at,
            .mark_count = marks.bytes / sizeof(struct id),
            .now = {pg_get_id(rows, i, 1), pg_get_id(rows, i, 2)},
            .told = {pg_get_id(rows, i, 3), pg_get_id(rows, i, 4)},
        };
    }
}

void number_list_marked(struct request *req, uint32_t max, struct number_list *out)
{
    struct pg_args *args = pg_args_new(req->arena, &number_statements[LIST_HOLDERS]);

    *out = (struct number_list){.count = 0};
    pg_put_int8(args, 0, max);
    flow_ask(req, &number_statements[LIST_HOLDERS], args, fill_holders, out);
}

void number_remove_marks(struct request *req, const struct number_list *list)
{
    struct pg_args *args = flow_write(req, &number_statements[REMOVE_MARKS]);

    for (size_t i = 0; i < list->count; i++)
        for (size_t k = 0; k < list->list[i].mark_count; k++)
            pg_put_id(args, 0, &list->list[i].marks[k]);
}

void number_put_told(struct request *req, struct text hash, const struct number_holder *holder)
{
    bool is_held = number_is_held(holder);
    struct pg_args *args = flow_write(req, &number_statements[is_held ? PUT_TOLD : REMOVE_TOLD]);

    pg_put_bytes(args, 0, hash.at, hash.bytes);
    if (!is_held)
        return;
    pg_put_id(args, 1, &holder->customer);
    pg_put_id(args, 2, &holder->contact);
}
