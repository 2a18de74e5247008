/*
 * Lists of contacts: a driver, which names the candidates, an order and the filters.
 *
 * All take the same parameters: 1 customer, 2 beginning of a key, 3 hash, 4 last four, 5 only key
 * contacts, 6 state, 7 role, 8 the last one before the page, 9 limit, 10 to 12 the scope.
 */
#include "services/customers/store/contact.h"
#include "services/customers/store/scope.h"

#include "common/seal.h"

#define SORTS 3
/* Of all contacts: begun from the few whom the asker may see, or from the key ones. */
enum {
    ALL_IN_SCOPE = CONTACT_BY_LAST_FOUR + 1,
    ALL_KEY,
    DRIVERS,
};
#define LIST_PEOPLE (DRIVERS * SORTS)

#define PARAMS                                                                                     \
    {                                                                                              \
        PG_ID, PG_TEXT, PG_BYTES, PG_TEXT, PG_BOOL, PG_TEXT, PG_TEXT, PG_ID, PG_INT8, PG_BOOL,     \
            PG_BOOL, PG_IDS                                                                        \
    }

#define FROM_ALL "contact c"
#define WITH(ids)                                                                                  \
    "(" ids ") d cross join lateral (select * from contact where id = d.contact_id offset 0) c"
#define FROM_SCOPE                                                                                 \
    WITH("select distinct l.contact_id from " SCOPE_CUSTOMERS(                                     \
        "$11", "$12") " s cross join lateral (select contact_id from contact_link"                 \
                      " where customer_id = s.customer_id offset 0) l")
#define FROM_KEY WITH("select id as contact_id from contact where is_key")
#define FROM_CUSTOMER WITH("select contact_id from contact_link where customer_id = $1")
/* Keys are compared byte by byte; no character is greater than the last one of Unicode. */
#define FROM_NAME                                                                                  \
    WITH("select distinct contact_id from contact_key"                                             \
         " where key >= $2 and key < $2 || chr(1114111)")
#define FROM_VALUE WITH("select distinct contact_id from contact_channel where value_hash = $3")
#define FROM_LAST_FOUR                                                                             \
    WITH("select distinct contact_id from contact_channel where last_four = $4 and $4 <> ''")

#define FILTERS                                                                                    \
    " where (not $5 or c.is_key) and case when $6 = '' then c.state in ('active', 'left')"         \
    " else c.state = $6 end and ($7 = '' or exists (select 1 from contact_link r"                  \
    " where r.contact_id = c.id and r.role = $7 and ($1 is null or r.customer_id = $1)))"          \
    " and ($10 or exists (select 1 from contact_link s where s.contact_id = c.id"                  \
    " and " SCOPE_FILTER("s.customer_id", "$10", "$11", "$12") "))"

#define AFTER(columns, sign) " and ($8 is null or (" columns ", c.id) " sign
#define BY_NAMES                                                                                   \
    AFTER("c.name", ">")                                                                           \
    " ((select b.name from contact b where b.id = $8), $8))"                                       \
    " order by c.name, c.id limit $9"
#define BY_ADDED                                                                                   \
    AFTER("c.added_at", ">")                                                                       \
    " ((select b.added_at from contact b where b.id = $8), $8))"                                   \
    " order by c.added_at, c.id limit $9"
#define BY_LATEST                                                                                  \
    AFTER("c.added_at", "<")                                                                       \
    " ((select b.added_at from contact b where b.id = $8), $8))"                                   \
    " order by c.added_at desc, c.id desc limit $9"

#define LIST(called, from, order)                                                                  \
    {                                                                                              \
        .name = called, .sql = "select c.id from " from FILTERS order, .params = PARAMS,           \
        .slow = true,                                                                              \
    }
#define LISTS(filter, called, from)                                                                \
    [(filter)*SORTS + CONTACT_BY_NAMES] = LIST("contact_list_" called "_by_name", from, BY_NAMES), \
                      [(filter)*SORTS + CONTACT_BY_ADDED] =                                        \
                          LIST("contact_list_" called "_by_added", from, BY_ADDED),                \
                      [(filter)*SORTS + CONTACT_BY_LATEST] =                                       \
                          LIST("contact_list_" called "_by_latest", from, BY_LATEST)

/* clang-format off */
const struct pg_statement contact_list_statements[] = {
    LISTS(CONTACT_ALL, "all", FROM_ALL),
    LISTS(ALL_IN_SCOPE, "scope", FROM_SCOPE),
    LISTS(ALL_KEY, "key", FROM_KEY),
    LISTS(CONTACT_BY_CUSTOMER, "customer", FROM_CUSTOMER),
    LISTS(CONTACT_BY_NAME, "name", FROM_NAME),
    LISTS(CONTACT_BY_VALUE, "value", FROM_VALUE),
    LISTS(CONTACT_BY_LAST_FOUR, "last_four", FROM_LAST_FOUR),
    [LIST_PEOPLE] = {.name = "contact_list_people",
                     .sql = "select c.id from contact_link l cross join lateral"
                            " (select * from contact where id = l.contact_id offset 0) c"
                            " where l.customer_id = $1 and c.state in ('active', 'left')"
                            " order by l.is_primary desc, c.state, c.is_key desc, c.name, c.id"
                            " limit $2",
                     .params = {PG_ID, PG_INT8}},
};
/* clang-format on */
const size_t contact_list_statement_count = COUNT_OF(contact_list_statements);

static void fill_ids(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct contact_ids *ids = out;
    size_t count = (size_t)pg_row_count(rows);

    ids->list = arena_take_array(arena, count, sizeof(*ids->list));
    for (size_t i = 0; ids->list && i < count; i++)
        ids->list[ids->count++] = pg_get_id(rows, (int)i, 0);
}

static int driver_of(struct request *req, const struct contact_question *ask)
{
    if (ask->filter != CONTACT_ALL)
        return (int)ask->filter;
    if (scope_is_narrow(scope_of(req)))
        return ALL_IN_SCOPE;
    return ask->only_key ? ALL_KEY : CONTACT_ALL;
}

void contact_list(struct request *req, const struct contact_question *ask,
                  const struct id *customer, const uint8_t *hash, struct contact_ids *out)
{
    const struct pg_statement *statement =
        &contact_list_statements[driver_of(req, ask) * SORTS + (int)ask->sort];
    struct pg_args *args = pg_args_new(req->arena, statement);

    *out = (struct contact_ids){.count = 0};
    pg_put_id_or_null(args, 0, customer);
    pg_put_text_n(args, 1, ask->key.at, ask->key.bytes);
    pg_put_bytes(args, 2, hash, hash ? SEAL_HASH_BYTES : 0);
    pg_put_text_n(args, 3, ask->last_four.at, ask->last_four.bytes);
    pg_put_bool(args, 4, ask->only_key);
    pg_put_text_n(args, 5, ask->state.at, ask->state.bytes);
    pg_put_text_n(args, 6, ask->role.at, ask->role.bytes);
    pg_put_id_or_null(args, 7, ask->has_after ? &ask->after : NULL);
    pg_put_int8(args, 8, (int64_t)ask->page_size + 1);
    scope_put(req, args, 9);
    flow_ask(req, statement, args, fill_ids, out);
}

void contact_list_people(struct request *req, const struct id *customer, uint32_t limit,
                         struct contact_ids *out)
{
    struct pg_args *args = pg_args_new(req->arena, &contact_list_statements[LIST_PEOPLE]);

    *out = (struct contact_ids){.count = 0};
    pg_put_id(args, 0, customer);
    pg_put_int8(args, 1, limit);
    flow_ask(req, &contact_list_statements[LIST_PEOPLE], args, fill_ids, out);
}
