#include "services/customers/store/decision.h"

#include "services/customers/domain/contact.h"
#include "services/customers/store/scope.h"

enum {
    LIST,
    FIND_VERSION,
    FIND_SIZE,
    FIND_LINKED,
    TOUCH,
    PUT,
    REMOVE,
    LIST_LACKS,
};

const struct pg_statement decision_statements[] = {
    [LIST] = {.name = "decision_list",
              .sql =
                  "select d.contact_id, d.role, d.duty, d.preference, d.\"character\","
                  " d.approach, d.reports_to, c.name, coalesce(nullif(l.title, ''), c.title),"
                  " c.is_key, d.changed_at, d.changed_by, c.state in ('active', 'left')"
                  " from decision_entry d"
                  " cross join lateral (select * from contact where id = d.contact_id offset 0) c"
                  " left join contact_link l on l.customer_id = d.customer_id"
                  " and l.contact_id = d.contact_id where d.customer_id = $1"
                  " order by 13 desc limit 200",
              .params = {PG_ID}},
    [FIND_VERSION] = {.name = "decision_find_version",
                      .sql = "select version from decision_chain where customer_id = $1",
                      .params = {PG_ID}},
    [FIND_SIZE] = {.name = "decision_find_size",
                   .sql = "select value::numeric::bigint from customer_fact"
                          " where customer_id = $1 and field = 'staff_count'",
                   .params = {PG_ID}},
    [FIND_LINKED] = {.name = "decision_find_linked",
                     .sql = "select 1 from contact_link l join contact c on c.id = l.contact_id"
                            " where l.customer_id = $1 and l.contact_id = $2"
                            " and c.state in ('active', 'left')",
                     .params = {PG_ID, PG_ID}},
    [TOUCH] = {.name = "decision_touch",
               .sql = "with saved as (insert into decision_chain as c (customer_id, version)"
                      " values ($1, 1) on conflict (customer_id) do update"
                      " set version = c.version + 1 where c.version = $2 returning version)"
                      " select stale_unless(exists (select 1 from saved where version = $2 + 1))",
               .params = {PG_ID, PG_INT8},
               .write = true,
               .rank = 22},
    [PUT] = {.name = "decision_put",
             .sql = "insert into decision_entry (customer_id, contact_id, role, duty, preference,"
                    " \"character\", approach, reports_to, changed_at, changed_by)"
                    " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                    " on conflict (customer_id, contact_id) do update set role = excluded.role,"
                    " duty = excluded.duty, preference = excluded.preference,"
                    " \"character\" = excluded.\"character\", approach = excluded.approach,"
                    " reports_to = excluded.reports_to, changed_at = excluded.changed_at,"
                    " changed_by = excluded.changed_by",
             .params = {PG_ID, PG_ID, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_ID, PG_TIME,
                        PG_TEXT},
             .write = true,
             .rank = 25},
    [REMOVE] = {.name = "decision_remove",
                .sql = "with freed as (update decision_entry set reports_to = null"
                       " where customer_id = $1 and reports_to = $2)"
                       " delete from decision_entry where customer_id = $1 and contact_id = $2",
                .params = {PG_ID, PG_ID},
                .write = true,
                .rank = 25},
    /* Driven by the few who are A or large, not by all customers. */
    [LIST_LACKS] =
        {.name = "decision_list_lacks",
         .sql = "select c.id, c.number, coalesce(c.name, ''), bool_or(n.is_a), bool_or(n.is_large),"
                " (select count(*) from decision_entry e where e.customer_id = c.id) from"
                " (select customer_id, true as is_a, false as is_large from grade_current"
                " where grade = 'A' and $1 union all select customer_id, false, true"
                " from customer_fact where field = 'staff_count' and value::numeric >= $3 and $2) n"
                " cross join lateral (select * from customer where id = n.customer_id offset 0) c"
                " where c.number > $4 and c.party_type in ('customer', 'channel')"
                " and not exists (select 1 from customer_alias a where a.customer_id = c.id)"
                " and not exists (select 1 from decision_entry d where d.customer_id = c.id"
                " and d.role = 'decider')"
                " and " SCOPE_FILTER(
                    "c.id", "$6", "$7",
                    "$8") " group by c.id, c.number, c.name order by c.number limit $5",
         .params = {PG_BOOL, PG_BOOL, PG_INT8, PG_INT8, PG_INT8, PG_BOOL, PG_BOOL, PG_IDS},
         .slow = true},
};
const size_t decision_statement_count = COUNT_OF(decision_statements);

static void fill_entries(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct decision_chain *chain = out;
    size_t count = (size_t)pg_row_count(rows);

    chain->list = arena_take_array(arena, count, sizeof(*chain->list));
    for (size_t i = 0; chain->list && i < count; i++) {
        int row = (int)i;
        const char *role = contact_word(decision_roles, pg_get_text(rows, row, 1));

        chain->list[i] = (struct decision_entry){
            .contact = pg_get_id(rows, row, 0),
            .role = role ? role : "",
            .duty = pg_keep_text(rows, row, 2, arena),
            .preference = pg_keep_text(rows, row, 3, arena),
            .character = pg_keep_text(rows, row, 4, arena),
            .approach = pg_keep_text(rows, row, 5, arena),
            .has_superior = !pg_is_null(rows, row, 6),
            .reports_to = pg_get_id(rows, row, 6),
            .name = pg_keep_text(rows, row, 7, arena),
            .title = pg_keep_text(rows, row, 8, arena),
            .is_key = pg_get_bool(rows, row, 9),
            .changed_at_us = pg_get_time(rows, row, 10),
            .changed_by = pg_keep_text(rows, row, 11, arena),
        };
        if (pg_get_bool(rows, row, 12))
            chain->count++;
        else
            chain->hidden++;
    }
}

static void ask(struct request *req, int statement, const struct id *customer, pg_fill fill,
                void *out)
{
    struct pg_args *args = pg_args_new(req->arena, &decision_statements[statement]);

    pg_put_id(args, 0, customer);
    flow_ask(req, &decision_statements[statement], args, fill, out);
}

static void fill_number(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    *(int64_t *)out = pg_row_count(rows) > 0 ? pg_get_int8(rows, 0, 0) : 0;
}

void decision_list(struct request *req, const struct id *customer, struct decision_chain *out)
{
    *out = (struct decision_chain){.count = 0};
    ask(req, LIST, customer, fill_entries, out);
    ask(req, FIND_VERSION, customer, fill_number, &out->version);
}

void decision_find_size(struct request *req, const struct id *customer, struct decision_size *out)
{
    ask(req, FIND_SIZE, customer, fill_number, &out->staff_count);
}

static void fill_exists(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    *(bool *)out = pg_row_count(rows) > 0;
}

void decision_find_linked(struct request *req, const struct id *customer, const struct id *contact,
                          bool *out)
{
    struct pg_args *args = pg_args_new(req->arena, &decision_statements[FIND_LINKED]);

    pg_put_id(args, 0, customer);
    pg_put_id(args, 1, contact);
    flow_ask(req, &decision_statements[FIND_LINKED], args, fill_exists, out);
}

void decision_touch(struct request *req, const struct id *customer, int64_t known_version)
{
    struct pg_args *args = flow_write(req, &decision_statements[TOUCH]);

    pg_put_id(args, 0, customer);
    pg_put_int8(args, 1, known_version);
}

static void put(struct pg_args *args, int i, struct text text)
{
    pg_put_text_n(args, i, text.at, text.bytes);
}

void decision_put(struct request *req, const struct id *customer,
                  const struct decision_entry *entry, const char *by)
{
    struct pg_args *args = flow_write(req, &decision_statements[PUT]);

    pg_put_id(args, 0, customer);
    pg_put_id(args, 1, &entry->contact);
    pg_put_text(args, 2, entry->role);
    put(args, 3, entry->duty);
    put(args, 4, entry->preference);
    put(args, 5, entry->character);
    put(args, 6, entry->approach);
    if (entry->has_superior)
        pg_put_id(args, 7, &entry->reports_to);
    else
        pg_put_null(args, 7);
    pg_put_time(args, 8, req->now_us);
    pg_put_text(args, 9, by);
}

void decision_remove(struct request *req, const struct id *customer, const struct id *contact)
{
    struct pg_args *args = flow_write(req, &decision_statements[REMOVE]);

    pg_put_id(args, 0, customer);
    pg_put_id(args, 1, contact);
}

static void fill_lacks(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct decision_lacks *lacks = out;
    size_t count = (size_t)pg_row_count(rows);

    lacks->list = arena_take_array(arena, count, sizeof(*lacks->list));
    for (size_t i = 0; lacks->list && i < count; i++) {
        int row = (int)i;

        lacks->list[lacks->count++] = (struct decision_lack){
            pg_get_id(rows, row, 0),   pg_get_int8(rows, row, 1), pg_keep_text(rows, row, 2, arena),
            pg_get_bool(rows, row, 3), pg_get_bool(rows, row, 4), pg_get_int8(rows, row, 5)};
    }
}

void decision_list_lacks(struct request *req, const struct decision_lack_question *question,
                         struct decision_lacks *out)
{
    struct pg_args *args = pg_args_new(req->arena, &decision_statements[LIST_LACKS]);

    *out = (struct decision_lacks){.count = 0};
    pg_put_bool(args, 0, question->wants_a);
    pg_put_bool(args, 1, question->wants_large);
    pg_put_int8(args, 2, question->large_from);
    pg_put_int8(args, 3, question->after_number);
    pg_put_int8(args, 4, (int64_t)question->page_size + 1);
    scope_put(req, args, 5);
    flow_ask(req, &decision_statements[LIST_LACKS], args, fill_lacks, out);
}
