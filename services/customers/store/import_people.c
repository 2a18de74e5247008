/* Whom rows of an import of contacts are about. */
#include "services/customers/store/import_people.h"

enum {
    FIND_CUSTOMERS,
    FIND_BY_ID,
    FIND_BY_NAME,
    ADD_REF,
    FIND_HUNG,
    REMOVE,
};

const struct pg_statement import_people_statements[] = {
    [FIND_CUSTOMERS] =
        {.name = "import_people_find_customers",
         .sql = "select q.place, c.id, c.number, c.party_type <> 'anonymous', c.privacy <> 'open'"
                " from unnest($1, $2, $3, $4, $5) as q(place, number, id, source, name)"
                " cross join lateral (select id from customer where number = q.number union all"
                " select q.id where q.id is not null union all select customer_id from customer_ref"
                " where source = q.source and external_id = q.name limit 1) f left join lateral"
                " (select survivor_id from customer_alias where customer_id = f.id offset 0) a"
                " on true cross join lateral (select * from customer"
                " where id = coalesce(a.survivor_id, f.id) offset 0) c",
         .params = {PG_INT8S, PG_INT8S, PG_IDS, PG_TEXTS, PG_TEXTS}},
    [FIND_BY_ID] = {.name = "import_people_find_by_id",
                    .sql = "select q.place, r.contact_id from unnest($1, $2, $3)"
                           " as q(place, source, name) cross join lateral (select contact_id"
                           " from contact_ref where source = q.source and external_id = q.name"
                           " offset 0) r",
                    .params = {PG_INT8S, PG_TEXTS, PG_TEXTS}},
    [FIND_BY_NAME] = {.name = "import_people_find_by_name",
                      .sql = "select q.place, k.id from unnest($1, $2, $3) as q(place, id, name)"
                             " cross join lateral (select contact_id from contact_link"
                             " where customer_id = q.id limit 1000) l cross join lateral"
                             " (select id from contact where id = l.contact_id and name = q.name"
                             " and state in ('active', 'left') offset 0) k order by 1, 2",
                      .params = {PG_INT8S, PG_IDS, PG_TEXTS}},
    [ADD_REF] = {.name = "import_people_add_ref",
                 .sql = "insert into contact_ref (source, external_id, contact_id, added_at)"
                        " select * from unnest($1, $2, $3, $4) order by 1, 2",
                 .params = {PG_TEXTS, PG_TEXTS, PG_IDS, PG_TIMES},
                 .write = true,
                 .merge = true,
                 .rank = 24},
    [FIND_HUNG] = {.name = "import_people_find_hung",
                   .sql = "select import_people_with_more($1)",
                   .params = {PG_IDS},
                   .slow = true},
    [REMOVE] = {.name = "import_people_remove",
                .sql =
                    "with told as (select unnest($1) as id, unnest($2) as version), gone as"
                    " (update contact c set name = '', gender = '', salutation = '',"
                    " title = '', department = '', birthday = '', state = 'erased',"
                    " is_key = false, version = c.version + 1 from told t where c.id = t.id"
                    " and c.version = t.version returning c.id),"
                    " keys as (delete from contact_key k using gone where k.contact_id = gone.id),"
                    " ways as (delete from contact_channel w using gone"
                    " where w.contact_id = gone.id),"
                    " links as (delete from contact_link l using gone"
                    " where l.contact_id = gone.id),"
                    " refs as (delete from contact_ref r using gone where r.contact_id = gone.id)"
                    " select stale_unless((select count(*) from gone)"
                    " = (select count(*) from told))",
                .params = {PG_IDS, PG_INT8S},
                .write = true,
                .merge = true,
                .rank = 26},
};
const size_t import_people_statement_count = COUNT_OF(import_people_statements);

struct pg_args *import_people_ask_customers(struct request *req)
{
    return pg_args_new(req->arena, &import_people_statements[FIND_CUSTOMERS]);
}

void import_people_add_customer(struct pg_args *question, int64_t place,
                                const struct customer_question *named)
{
    pg_put_int8(question, 0, place);
    if (named->kind == CUSTOMER_REF_NUMBER)
        pg_put_int8(question, 1, named->number);
    else
        pg_put_null(question, 1);
    if (named->kind == CUSTOMER_REF_ID)
        pg_put_id(question, 2, &named->id);
    else
        pg_put_null(question, 2);
    if (named->kind == CUSTOMER_REF_EXTERNAL) {
        const struct customer_reference *ref = &named->reference;

        pg_put_text_n(question, 3, ref->source.at, ref->source.bytes);
        pg_put_text_n(question, 4, ref->external_id.at, ref->external_id.bytes);
    } else {
        pg_put_null(question, 3);
        pg_put_null(question, 4);
    }
}

static void fill_customers(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct import_nameds *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++) {
        int row = (int)i;

        found->list[found->count++] = (struct import_named){
            .place = pg_get_int8(rows, row, 0),
            .customer = pg_get_id(rows, row, 1),
            .number = pg_get_int8(rows, row, 2),
            .has_file = pg_get_bool(rows, row, 3),
            .is_erased = pg_get_bool(rows, row, 4),
        };
    }
}

void import_people_find_customers(struct request *req, struct pg_args *question,
                                  struct import_nameds *out)
{
    *out = (struct import_nameds){.count = 0};
    flow_ask(req, &import_people_statements[FIND_CUSTOMERS], question, fill_customers, out);
}

struct import_person_question import_people_ask(struct request *req)
{
    return (struct import_person_question){
        .by_id = pg_args_new(req->arena, &import_people_statements[FIND_BY_ID]),
        .by_name = pg_args_new(req->arena, &import_people_statements[FIND_BY_NAME]),
    };
}

void import_people_add_id(struct import_person_question *question, int64_t place,
                          struct text source, struct text external_id)
{
    pg_put_int8(question->by_id, 0, place);
    pg_put_text_n(question->by_id, 1, source.at, source.bytes);
    pg_put_text_n(question->by_id, 2, external_id.at, external_id.bytes);
}

void import_people_add_name(struct import_person_question *question, int64_t place,
                            const struct id *customer, struct text name)
{
    pg_put_int8(question->by_name, 0, place);
    pg_put_id(question->by_name, 1, customer);
    pg_put_text_n(question->by_name, 2, name.at, name.bytes);
}

static void fill_candidates(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct import_candidates *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++)
        found->list[found->count++] = (struct import_candidate){
            .place = pg_get_int8(rows, (int)i, 0), .contact = pg_get_id(rows, (int)i, 1)};
}

void import_people_find(struct request *req, const struct import_person_question *question,
                        struct import_candidates *by_id, struct import_candidates *by_name)
{
    *by_id = *by_name = (struct import_candidates){.count = 0};
    flow_ask(req, &import_people_statements[FIND_BY_ID], question->by_id, fill_candidates, by_id);
    flow_ask(req, &import_people_statements[FIND_BY_NAME], question->by_name, fill_candidates,
             by_name);
}

void import_people_add_ref(struct request *req, struct text source, struct text external_id,
                           const struct id *contact)
{
    struct pg_args *args = flow_write(req, &import_people_statements[ADD_REF]);

    pg_put_text_n(args, 0, source.at, source.bytes);
    pg_put_text_n(args, 1, external_id.at, external_id.bytes);
    pg_put_id(args, 2, contact);
    pg_put_time(args, 3, req->now_us);
}

static void fill_hung(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct import_hung *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++)
        found->list[found->count++] = pg_get_id(rows, (int)i, 0);
}

void import_people_find_hung(struct request *req, const struct id *contacts, size_t count,
                             struct import_hung *out)
{
    struct pg_args *args = pg_args_new(req->arena, &import_people_statements[FIND_HUNG]);

    for (size_t i = 0; i < count; i++)
        pg_put_id(args, 0, &contacts[i]);
    *out = (struct import_hung){.count = 0};
    flow_ask(req, &import_people_statements[FIND_HUNG], args, fill_hung, out);
}

void import_people_remove(struct request *req, const struct id *contact, int64_t version)
{
    struct pg_args *args = flow_write(req, &import_people_statements[REMOVE]);

    pg_put_id(args, 0, contact);
    pg_put_int8(args, 1, version);
}
