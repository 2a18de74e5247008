#include "services/complaints/store/case_erase.h"

#include <string.h>

#include "services/complaints/store/case_personal.h"
#include "services/complaints/store/cases.h"

enum {
    FIND_PERSON,
    LIST_CASES,
    LIST_NAMES,
    LIST_NUMBERS,
    HOLD_CASES,
    FORGET_NUMBERS,
    SETTLE,
    SHOW,
};

/* case_is_ended */
#define ENDED "(9, 11, 12, 13, 14)"
#define HIS(e) "person_restricted r where r.of_id = " e
#define HIS_NUMBERS(e)                                                                             \
    "select h.hash from person_restricted r cross join lateral"                                    \
    " (select hash from phone_holder where customer_id = r.person_id"                              \
    " union all select hash from phone_holder where contact_id = r.person_id) h"                   \
    " where r.of_id = " e

const struct pg_statement case_erase_statements[] = {
    [FIND_PERSON] = {.name = "case_erase_find_person",
                     .sql = "select e.person_id, e.values_erased, e.version, e.named, e.looked_day,"
                            " e.looked_hash from person_erased e"
                            " where e.done_at is null and not exists (select 1 from cases c"
                            " join person_restricted r on c.customer_id = r.person_id"
                            " where r.of_id = e.person_id and c.state not in " ENDED ")"
                            " and not exists (select 1 from cases c join person_restricted r"
                            " on c.contact_id = r.person_id where r.of_id = e.person_id"
                            " and c.state not in " ENDED ") order by e.asked_at, e.person_id"
                            " limit 1"},
    [LIST_CASES] = {.name = "case_erase_list",
                    .sql =
                        "select c.id, c.version from cases c where c.id in (select k.id"
                        " from cases k join person_restricted r on k.customer_id = r.person_id"
                        " where r.of_id = $1 union select k.id from cases k"
                        " join person_restricted r on k.contact_id = r.person_id"
                        " where r.of_id = $1) and c.forgotten_at is null order by c.id limit 501",
                    .params = {PG_ID}},
    /* In the order of a hash: the place of a step is no name. */
    [LIST_NAMES] = {.name = "case_erase_list_names",
                    .sql = "select n.source, n.name, k.key from (select '' as source,"
                           " r.person_id::text as name from " HIS(
                               "$1") " union all select '', s.number from customer_seen s"
                                     " join person_restricted r on r.person_id = s.customer_id"
                                     " where r.of_id = $1 and s.number is not null"
                                     " union all select f.source, f.external_id"
                                     " from customer_reference f join person_restricted r"
                                     " on r.person_id = f.customer_id where r.of_id = $1) n"
                                     " cross join lateral (select"
                                     " md5(n.source || chr(31) || n.name)::uuid as key) k"
                                     " where k.key > $2 order by k.key limit $3",
                    .params = {PG_ID, PG_ID, PG_INT8}},
    [LIST_NUMBERS] = {.name = "case_erase_list_numbers",
                      .sql = HIS_NUMBERS("$1") " order by 1 limit 1000",
                      .params = {PG_ID}},
    [HOLD_CASES] = {.name = "case_erase_hold",
                    .sql =
                        "with held as (update cases c set version = c.version + 1,"
                        " forgotten_at = $3 from unnest($1, $2) as t(id, version) where c.id = t.id"
                        " and c.version = t.version and c.state in " ENDED " returning 1)"
                        " select stale_unless((select count(*) from held) = cardinality($1))",
                    .params = {PG_IDS, PG_INT8S, PG_TIME},
                    .write = true,
                    .rank = 89},
    /* Before what holds his numbers goes. */
    [FORGET_NUMBERS] = {.name = "case_erase_numbers",
                        .sql = "with his as (" HIS_NUMBERS(
                            "$1") "),"
                                  " callers as (update cases set phone_hash = null"
                                  " where phone_hash in (select hash from his))"
                                  " delete from phone_holder where hash in (select hash from his)",
                        .params = {PG_ID},
                        .write = true,
                        .rank = 91},
    [SETTLE] = {.name = "case_erase_settle",
                .sql = "with saved as (update person_erased set version = version + 1,"
                       " values_erased = values_erased + $3, done_at = case when $4 then $5 end,"
                       " named = $6, looked_day = $7, looked_hash = $8"
                       " where person_id = $1 and version = $2 and done_at is null"
                       " returning 1) select stale_unless(exists (select 1 from saved))",
                .params = {PG_ID, PG_INT8, PG_INT8, PG_BOOL, PG_TIME, PG_ID, PG_DATE, PG_BYTES},
                .write = true,
                .rank = 92},
    /* Nothing is left to be hidden; what he says from now on is another matter. */
    [SHOW] = {.name = "case_erase_show",
              .sql = "delete from person_restricted where of_id = $1",
              .params = {PG_ID},
              .write = true,
              .rank = 93},
};
const size_t case_erase_statement_count = COUNT_OF(case_erase_statements);

static void fill_person(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct case_erase_person *person = out;
    struct text hash;

    (void)arena;
    if (pg_row_count(rows) == 0)
        return;
    *person = (struct case_erase_person){
        .found = true,
        .id = pg_get_id(rows, 0, 0),
        .values = pg_get_int8(rows, 0, 1),
        .version = pg_get_int8(rows, 0, 2),
        .place = {.named = pg_get_id(rows, 0, 3), .day = pg_get_date(rows, 0, 4)},
    };
    hash = pg_get_text(rows, 0, 5);
    if (hash.bytes == sizeof(person->place.hash))
        memcpy(person->place.hash, hash.at, hash.bytes);
}

void case_erase_find_person(struct request *req, struct case_erase_person *out)
{
    *out = (struct case_erase_person){.found = false};
    flow_ask(req, &case_erase_statements[FIND_PERSON], NULL, fill_person, out);
}

static void ask_of(struct request *req, int statement, const struct id *person, pg_fill fill,
                   void *out)
{
    struct pg_args *args = pg_args_new(req->arena, &case_erase_statements[statement]);

    pg_put_id(args, 0, person);
    flow_ask(req, &case_erase_statements[statement], args, fill, out);
}

static void fill_cases(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct case_erase_cases *cases = out;
    size_t count = (size_t)pg_row_count(rows);

    cases->ids = arena_take_array(arena, count, sizeof(*cases->ids));
    cases->versions = arena_take_array(arena, count, sizeof(*cases->versions));
    for (int i = 0; cases->ids && cases->versions && i < (int)count; i++) {
        cases->ids[cases->count] = pg_get_id(rows, i, 0);
        cases->versions[cases->count++] = pg_get_int8(rows, i, 1);
    }
}

void case_erase_list(struct request *req, const struct id *person, struct case_erase_cases *out)
{
    *out = (struct case_erase_cases){.count = 0};
    ask_of(req, LIST_CASES, person, fill_cases, out);
}

static void put_ids(struct pg_args *args, const struct case_erase_cases *cases)
{
    for (size_t i = 0; i < cases->count; i++)
        pg_put_id(args, 0, &cases->ids[i]);
}

static void fill_count(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    if (pg_row_count(rows) > 0)
        *(int64_t *)out = pg_get_int8(rows, 0, 0);
}

void case_erase_count(struct request *req, const struct case_erase_cases *cases, int64_t *out)
{
    const struct pg_statement *statement = &case_personal_questions[CASE_PERSONAL_COUNT_CASE];
    struct pg_args *args;

    *out = 0;
    if (cases->count == 0)
        return;
    args = pg_args_new(req->arena, statement);
    put_ids(args, cases);
    flow_ask(req, statement, args, fill_count, out);
}

static void fill_names(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct case_erase_names *names = out;
    int count = pg_row_count(rows);

    names->list = arena_take_array(arena, (size_t)count, sizeof(*names->list));
    for (int i = 0; names->list && i < count; i++)
        names->list[names->count++] =
            (struct case_erase_name){pg_keep_text(rows, i, 0, arena),
                                     pg_keep_text(rows, i, 1, arena), pg_get_id(rows, i, 2)};
}

void case_erase_list_names(struct request *req, const struct case_erase_person *person,
                           struct case_erase_names *out)
{
    struct pg_args *args = pg_args_new(req->arena, &case_erase_statements[LIST_NAMES]);

    *out = (struct case_erase_names){.count = 0};
    pg_put_id(args, 0, &person->id);
    pg_put_id(args, 1, &person->place.named);
    pg_put_int8(args, 2, CASE_ERASE_NAMES);
    flow_ask(req, &case_erase_statements[LIST_NAMES], args, fill_names, out);
}

static void fill_numbers(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct case_erase_numbers *numbers = out;
    int count = pg_row_count(rows);

    numbers->hashes = arena_take_array(arena, (size_t)count, sizeof(*numbers->hashes));
    for (int i = 0; numbers->hashes && i < count; i++)
        numbers->hashes[numbers->count++] = pg_keep_text(rows, i, 0, arena);
}

void case_erase_list_numbers(struct request *req, const struct id *person,
                             struct case_erase_numbers *out)
{
    *out = (struct case_erase_numbers){.count = 0};
    ask_of(req, LIST_NUMBERS, person, fill_numbers, out);
}

void case_erase_cases(struct request *req, const struct case_erase_cases *cases)
{
    struct pg_args *args;

    if (cases->count == 0)
        return;
    args = flow_write(req, &case_erase_statements[HOLD_CASES]);
    put_ids(args, cases);
    for (size_t i = 0; i < cases->count; i++)
        pg_put_int8(args, 1, cases->versions[i]);
    pg_put_time(args, 2, req->now_us);
    for (size_t i = 0; i < cases->count; i++)
        cases_hold(req, &cases->ids[i]);
    for (size_t i = 0; i < case_personal_erase_case_count; i++)
        put_ids(flow_write(req, &case_personal_erase_case[i]), cases);
}

void case_erase_numbers(struct request *req, const struct id *person,
                        const struct case_erase_numbers *numbers)
{
    for (size_t i = 0; i < numbers->count; i++)
        cases_hold_number(req, numbers->hashes[i]);
    pg_put_id(flow_write(req, &case_erase_statements[FORGET_NUMBERS]), 0, person);
}

void case_erase_settle(struct request *req, const struct case_erase_person *person, int64_t values,
                       bool is_done, const struct case_erase_place *next)
{
    struct pg_args *args = flow_write(req, &case_erase_statements[SETTLE]);

    pg_put_id(args, 0, &person->id);
    pg_put_int8(args, 1, person->version);
    pg_put_int8(args, 2, values);
    pg_put_bool(args, 3, is_done);
    pg_put_time(args, 4, req->now_us);
    pg_put_id(args, 5, &next->named);
    pg_put_date(args, 6, next->day);
    pg_put_bytes(args, 7, next->hash, sizeof(next->hash));
    if (is_done)
        pg_put_id(flow_write(req, &case_erase_statements[SHOW]), 0, &person->id);
}
