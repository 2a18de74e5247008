/*
 * Candidates are found by indexes: equal credit codes, equal keyed hashes of telephones and e-mail
 * addresses, equal names of companies without their form. What a telephone is worth is seen when
 * its sealed value is opened, and what two names have in common decides domain/duplicate.c.
 *
 * Parameters: 1 and 2 numbers of the last pair, 3 customers of a stretch, 4 rows, 5 to 8 reasons
 * (credit code, telephone, e-mail, name), 9 one customer or null, 10 to 12 scope.
 */
#include "services/customers/store/duplicate.h"

#include <string.h>

#include "common/pure/china.h"
#include "common/service.h"
#include "services/customers/store/alias.h"
#include "services/customers/store/scope.h"
#include "services/customers/store/sealed.h"

enum {
    LIST,
    LIST_OF,
    DISMISS,
};

#define ROWS_PER_PAIR 4
#define MORE_ROWS 200

/* clang-format off */
#define NO_PROOF                                                                                   \
    "null::text as a_column, null::uuid as a_row, null::text as a_part, null::bytea as a_value,"   \
    " null::text as b_column, null::uuid as b_row, null::text as b_part, null::bytea as b_value"
#define OTHER_SURVIVOR ALIAS_SURVIVOR("o.customer_id")
/* At most 20 others per customer and value; who has more is a matter of its own. */
#define BY_CREDIT_CODE                                                                             \
    "(select " OTHER_SURVIVOR " as id, 1 as reason, " NO_PROOF " from " ALIAS_FROM_C               \
    " join customer_fact f on f.customer_id = m.id and f.field = 'credit_code'"                    \
    " cross join lateral (select customer_id from customer_fact where field = 'credit_code'"       \
    " and value = f.value and customer_id <> f.customer_id order by customer_id limit 20) o"       \
    " where $5)"
#define BY_REACH                                                                                   \
    "(select " OTHER_SURVIVOR ", case when x.is_email then 4 else 2 end, x.seal_column,"           \
    " x.seal_row, x.seal_part, x.value_sealed, o.seal_column, o.seal_row, o.seal_part,"            \
    " o.value_sealed from " ALIAS_FROM_C " join customer_reach x on x.customer_id = m.id"          \
    " cross join lateral (select * from customer_reach where value_hash = x.value_hash"            \
    " and is_email = x.is_email limit 40) o where case when x.is_email then $7 else $6 end"        \
    " and (select count(distinct " HOLDER ") from (select customer_id from customer_reach"         \
    " where value_hash = x.value_hash limit 40) h) <= 3)"
#define HOLDER ALIAS_SURVIVOR("h.customer_id")
#define BY_NAME                                                                                     \
    "(select o.customer_id, 8, " NO_PROOF " from customer_search n cross join lateral"              \
    " (select customer_id from customer_search where duplicate_name(name_key)"                      \
    " = duplicate_name(n.name_key) and customer_id <> n.customer_id order by customer_id limit 20)" \
    " o where $8 and n.customer_id = c.id and c.nature = 'organisation'"                            \
    " and length(duplicate_name(n.name_key)) >= 2)"
#define PARTY(c)                                                                                   \
    c ".id, " c ".number, " c ".name, " c ".nature = 'person', (select f.source || ':'"            \
      " || f.external_id from customer_ref f where f.customer_id = " c ".id"                       \
      " order by f.added_at, f.source, f.external_id limit 1)"
#define COLUMNS                                                                                    \
    "(id, number, name, is_person, ref, b_id, b_number, b_name, b_is_person, b_ref, reason,"       \
    " a_column, a_row, a_part, a_value, b_column, b_row, b_part, b_value)"
#define SEEN(c) SCOPE_FILTER(c ".id", "$10", "$11", "$12")
/* The pairs of each row c of `chunk`; `which` picks among those with o. */
#define PAIRS(which)                                                                                      \
    "(select " PARTY("c") ", " PARTY(                                                                     \
        "o") ", k.reason, k.a_column, k.a_row, k.a_part, k.a_value,"                                      \
             " k.b_column, k.b_row, k.b_part, k.b_value from chunk c cross join lateral (" BY_CREDIT_CODE \
             " union all " BY_REACH " union all " BY_NAME                                                 \
             ") k cross join lateral (select * from customer"                                             \
             " where id = k.id offset 0) o where " which " and o.party_type <> 'anonymous'"               \
             " and o.privacy = 'open' and o.parent_id is distinct from c.id"                              \
             " and c.parent_id is distinct from o.id and not exists (select 1 from duplicate_dismissed d" \
             " where d.a_id = least(c.id, o.id) and d.b_id = greatest(c.id, o.id))"                       \
             " and " SEEN("o") " order by c.number, o.number, k.reason limit $4) p " COLUMNS
#define WHO "party_type <> 'anonymous' and not is_merged and privacy = 'open'"
#define PARAMS                                                                                     \
    {                                                                                              \
        PG_INT8, PG_INT8, PG_INT8, PG_INT8, PG_BOOL, PG_BOOL, PG_BOOL, PG_BOOL, PG_ID, PG_BOOL,    \
            PG_BOOL, PG_IDS                                                                        \
    }

const struct pg_statement duplicate_statements[] = {
    [LIST] = {.name = "duplicate_list",
              .sql = "with chunk as materialized (select * from customer c where " WHO
                     " and number >= $1 and $9::uuid is null order by number limit $3)"
                     " select b.last, b.seen, p.* from (select max(number) as last,"
                     " count(*) as seen from chunk) b left join " PAIRS(
                         "o.number > greatest(c.number, case when c.number = $1 then $2 else 0"
                         " end) and " SEEN("c")) " on true order by p.number, p.b_number",
              .params = PARAMS,
              .slow = true},
    [LIST_OF] = {.name = "duplicate_list_of",
                 .sql = "with chunk as materialized (select * from customer where " WHO
                        " and id = $9 and $1 + $2 + $3 >= 0)"
                        " select b.last, b.seen, p.* from (select max(number) as last,"
                        " 0::bigint as seen from chunk) b left join " PAIRS(
                            "o.id <> c.id") " on true order by p.number, p.b_number",
                 .params = PARAMS,
                 .slow = true},
    [DISMISS] = {.name = "duplicate_dismiss",
                 .sql = "insert into duplicate_dismissed (a_id, b_id, at, said_by, reason)"
                        " values (least($1, $2), greatest($1, $2), $3, $4, $5)"
                        " on conflict do nothing",
                 .params = {PG_ID, PG_ID, PG_TIME, PG_TEXT, PG_TEXT},
                 .write = true,
                 .rank = 60},
};
/* clang-format on */
const size_t duplicate_statement_count = COUNT_OF(duplicate_statements);

struct filling {
    const struct seal *seal;
    size_t max_rows, limit;
    struct duplicate_pairs *pairs;
};

static struct duplicate_party get_party(const struct pg_rows *rows, int row, int i,
                                        struct arena *arena)
{
    return (struct duplicate_party){
        .id = pg_get_id(rows, row, i),
        .number = pg_get_int8(rows, row, i + 1),
        .name = pg_keep_text(rows, row, i + 2, arena),
        .is_person = pg_get_bool(rows, row, i + 3),
        .ref = pg_keep_text(rows, row, i + 4, arena),
    };
}

/* A number that many people have by its nature: a switchboard, 400, 95…; or that does not open. */
static bool is_shared(const struct filling *filling, const struct pg_rows *rows, int row, int i,
                      struct arena *arena)
{
    const struct seal_place place = {pg_copy_text(rows, row, i, arena), pg_get_id(rows, row, i + 1),
                                     pg_copy_text(rows, row, i + 2, arena)};
    struct china_phone phone;
    struct text value;

    if (!filling->seal || !place.column)
        return true;
    value = sealed_get(filling->seal, &place, rows, row, i + 3, arena);
    return value.bytes == 0 || china_read_phone(value, &phone) != CHINA_FINE ||
           china_is_shared_phone(&phone);
}

/* 0: what this row says is none. */
static unsigned reason_of(const struct filling *filling, const struct pg_rows *rows, int row,
                          struct arena *arena)
{
    unsigned reason = (unsigned)pg_get_int4(rows, row, 12);

    if (reason == DUPLICATE_PHONE &&
        (is_shared(filling, rows, row, 13, arena) || is_shared(filling, rows, row, 17, arena)))
        return 0;
    return reason;
}

static bool is_same_pair(const struct duplicate_pair *pair, const struct pg_rows *rows, int row)
{
    return pair->a.number == pg_get_int8(rows, row, 3) &&
           pair->b.number == pg_get_int8(rows, row, 8);
}

/* Rows of one pair stand together. */
static void fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    const struct filling *filling = out;
    struct duplicate_pairs *pairs = filling->pairs;
    size_t count = (size_t)pg_row_count(rows);
    struct duplicate_pair *last = NULL;

    pairs->list = arena_take_array(arena, count, sizeof(*pairs->list));
    if (count > 0) {
        pairs->last = pg_get_int8(rows, 0, 0);
        pairs->is_end = pg_get_int8(rows, 0, 1) < DUPLICATE_STRETCH;
    }
    for (int row = 0; pairs->list && row < (int)count; row++) {
        if (pg_is_null(rows, row, 2))
            continue;
        if (!last || !is_same_pair(last, rows, row)) {
            if (pairs->count == filling->limit) {
                pairs->is_cut = true;
                return;
            }
            last = &pairs->list[pairs->count++];
            *last = (struct duplicate_pair){.a = get_party(rows, row, 2, arena),
                                            .b = get_party(rows, row, 7, arena)};
        }
        last->reasons |= reason_of(filling, rows, row, arena);
    }
    /* The rows ended before the stretch did, perhaps in the middle of a pair: that one comes again.
     */
    if (count == filling->max_rows) {
        pairs->is_cut = true;
        pairs->count -= pairs->count > 1;
    }
}

void duplicate_list(struct request *req, const struct duplicate_question *question,
                    struct duplicate_pairs *out)
{
    const struct pg_statement *statement = &duplicate_statements[question->of ? LIST_OF : LIST];
    struct pg_args *args = pg_args_new(req->arena, statement);
    struct filling *filling = arena_take(req->arena, sizeof(*filling));

    *out = (struct duplicate_pairs){.count = 0};
    if (!filling)
        return; /* the arena is full: the request will be refused as a whole */
    *filling =
        (struct filling){req->service->seal, (size_t)question->limit * ROWS_PER_PAIR + MORE_ROWS,
                         question->limit, out};
    pg_put_int8(args, 0, question->after.a);
    pg_put_int8(args, 1, question->after.b);
    pg_put_int8(args, 2, DUPLICATE_STRETCH);
    pg_put_int8(args, 3, (int64_t)filling->max_rows);
    for (int i = 0; i < DUPLICATE_REASONS; i++)
        pg_put_bool(args, 4 + i, (question->reasons & (1U << i)) != 0);
    if (question->of)
        pg_put_id(args, 8, question->of);
    else
        pg_put_null(args, 8);
    scope_put(req, args, 9);
    flow_ask(req, statement, args, fill, filling);
}

void duplicate_dismiss(struct request *req, const struct id *a, const struct id *b, const char *by,
                       struct text reason)
{
    struct pg_args *args = flow_write(req, &duplicate_statements[DISMISS]);

    pg_put_id(args, 0, a);
    pg_put_id(args, 1, b);
    pg_put_time(args, 2, req->now_us);
    pg_put_text(args, 3, by);
    pg_put_text_n(args, 4, reason.at ? reason.at : "", reason.bytes);
}
