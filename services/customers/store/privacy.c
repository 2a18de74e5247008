/*
 * Persons who are restricted or erased, read.
 */
#include "services/customers/store/privacy.h"

#include <string.h>

#include "common/pure/text.h"
#include "services/customers/store/case_seen.h"
#include "services/customers/store/personal.h"

enum {
    FIND_CONTACT,
    FIND_CUSTOMER,
    FIND_STANDING,
    LIST_HOLDS,
    LIST_PARTS,
    LIST_ORDERS,
    LIST_VAULT,
};

/* Kinds of rows of a person: 1 contact, 2 own file, 3 customer whose contact he is, 4 the customer,
 * a person, who the contact is himself, with his number. */
#define MEMBERS " as m(kind, id, version)"
#define SELF "l.role = 'self' and k.nature = 'person'"

const struct pg_statement privacy_statements[] = {
    [FIND_CONTACT] = {.name = "privacy_find_contact",
                      .sql = "select m.*, (select max(f.day) from contact_link l"
                             " join customer k on k.id = l.customer_id and " SELF
                             " cross join lateral customer_and_merged(k.id) as a(id)"
                             " join sales_figure f on f.customer_id = a.id where l.contact_id = $1)"
                             " from (select 1, id, version from contact where id = $1"
                             " union all select 3, customer_id, 0 from contact_link"
                             " where contact_id = $1 union all select 4, k.id, k.number"
                             " from contact_link l join customer k on k.id = l.customer_id"
                             " and " SELF " and k.privacy <> 'erased'"
                             " where l.contact_id = $1)" MEMBERS,
                      .params = {PG_ID}},
    [FIND_CUSTOMER] =
        {.name = "privacy_find_customer",
         .sql = "with own as (select id from customer_and_merged($1) as a(id))"
                " select m.*, (select max(day) from sales_figure"
                " where customer_id in (select id from own))"
                " from (select 2, id, file_version from customer where id in (select id from own)"
                " union all select distinct 1, c.id, c.version from contact c"
                " join contact_link l on l.contact_id = c.id and l.role = 'self'"
                " where l.customer_id in (select id from own)"
                " union all select 3, id, 0 from (select id from own union select o.customer_id"
                " from contact_link l join contact_link o on o.contact_id = l.contact_id"
                " where l.role = 'self' and l.customer_id in (select id from own)) as r)" MEMBERS
                " order by 1, m.id <> $1, m.id",
         .params = {PG_ID}},
    [FIND_STANDING] = {.name = "privacy_find_standing",
                       .sql = "select person_id, is_customer, state, reason, asked_by, asked_at,"
                              " erased_at, values_erased, version from person_erasure"
                              " where person_id = $1",
                       .params = {PG_ID}},
    [LIST_HOLDS] = {.name = "privacy_list_holds",
                    .sql = "select id, kind, holder, subject, until_on, placed_at, released_at"
                           " from person_hold where person_id = $1"
                           " order by released_at is not null, id desc limit 100",
                    .params = {PG_ID}},
    [LIST_PARTS] = {.name = "privacy_list_parts",
                    .sql = "select service, done_at, values_erased from erasure_part"
                           " where person_id = $1 order by service limit 100",
                    .params = {PG_ID}},
    [LIST_ORDERS] = {.name = "privacy_list_orders",
                     .sql = "select 0, 'orders', jsonb_build_object('source', source, 'number',"
                            " number, 'day', day, 'currency', currency, 'net',"
                            " (net_micros / 1000000.0)::numeric(20, 6))::text from orders"
                            " where customer_id = any($1) order by ordered_at, id limit 10000",
                     .params = {PG_IDS},
                     .slow = true},
    [LIST_VAULT] = {.name = "privacy_list_vault",
                    .sql = "select id, part, rows_sealed from person_vault where person_id = $1"
                           " order by id limit 10000",
                    .params = {PG_ID}},
};
const size_t privacy_statement_count = COUNT_OF(privacy_statements);

static void add(struct privacy_member *list, size_t *count, const struct pg_rows *rows, int row)
{
    list[(*count)++] = (struct privacy_member){pg_get_id(rows, row, 1), pg_get_int8(rows, row, 2)};
}

static void fill_person(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct privacy_person *person = out;
    size_t count = (size_t)pg_row_count(rows);

    person->contacts = arena_take_array(arena, count, sizeof(*person->contacts));
    person->customers = arena_take_array(arena, count, sizeof(*person->customers));
    person->related = arena_take_array(arena, count, sizeof(*person->related));
    if (!person->contacts || !person->customers || !person->related)
        return;
    for (int row = 0; row < (int)count; row++) {
        person->has_transaction = !pg_is_null(rows, row, 3);
        person->last_transaction = pg_get_date(rows, row, 3);
        switch (pg_get_int4(rows, row, 0)) {
        case 1:
            add(person->contacts, &person->contact_count, rows, row);
            break;
        case 2:
            add(person->customers, &person->customer_count, rows, row);
            break;
        case 4:
            person->self_number = pg_get_int8(rows, row, 2);
            break;
        default:
            person->related[person->related_count++] = pg_get_id(rows, row, 1);
            break;
        }
    }
    person->found = person->is_customer ? person->customer_count > 0 : person->contact_count > 0;
}

static void find(struct request *req, int statement, const struct id *id, bool is_customer,
                 struct privacy_person *out)
{
    struct pg_args *args = pg_args_new(req->arena, &privacy_statements[statement]);

    *out = (struct privacy_person){.is_customer = is_customer, .id = *id};
    pg_put_id(args, 0, id);
    flow_ask(req, &privacy_statements[statement], args, fill_person, out);
}

void privacy_find_contact(struct request *req, const struct id *contact, struct privacy_person *out)
{
    find(req, FIND_CONTACT, contact, false, out);
}

void privacy_find_customer(struct request *req, const struct id *customer,
                           struct privacy_person *out)
{
    find(req, FIND_CUSTOMER, customer, true, out);
}

static void ask_of(struct request *req, int statement, const struct id *person, pg_fill fill,
                   void *out)
{
    struct pg_args *args = pg_args_new(req->arena, &privacy_statements[statement]);

    pg_put_id(args, 0, person);
    flow_ask(req, &privacy_statements[statement], args, fill, out);
}

static void fill_standing(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct privacy_standing_row *row = out;
    enum privacy_state state;

    if (pg_row_count(rows) == 0 || !privacy_state_read(pg_get_text(rows, 0, 2), &state))
        return;
    *row = (struct privacy_standing_row){
        .found = true,
        .person = pg_get_id(rows, 0, 0),
        .is_customer = pg_get_bool(rows, 0, 1),
        .state = state,
        .reason = pg_keep_text(rows, 0, 3, arena),
        .asked_by = pg_keep_text(rows, 0, 4, arena),
        .asked_at_us = pg_get_time(rows, 0, 5),
        .erased_at_us = pg_get_time(rows, 0, 6),
        .values = pg_get_int8(rows, 0, 7),
        .version = pg_get_int8(rows, 0, 8),
    };
}

void privacy_find_standing(struct request *req, const struct id *person,
                           struct privacy_standing_row *out)
{
    ask_of(req, FIND_STANDING, person, fill_standing, out);
}

static void fill_holds(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct privacy_holds *holds = out;
    size_t count = (size_t)pg_row_count(rows);

    /* More have room: calculated ones, which are the statutory one and open cases, and one that is
     * being placed. */
    holds->list = arena_take_array(arena, count + 2 + CASE_SEEN_MAX_OPEN, sizeof(*holds->list));
    for (int row = 0; holds->list && row < (int)count; row++) {
        struct privacy_hold *hold = &holds->list[holds->count];

        if (!privacy_kind_read(pg_get_text(rows, row, 1), &hold->kind))
            continue;
        hold->id = pg_get_id(rows, row, 0);
        hold->holder = pg_keep_text(rows, row, 2, arena);
        hold->subject = pg_keep_text(rows, row, 3, arena);
        hold->until = pg_is_null(rows, row, 4) ? PRIVACY_NO_DAY : pg_get_date(rows, row, 4);
        hold->placed_at_us = pg_get_time(rows, row, 5);
        hold->released_at_us = pg_get_time(rows, row, 6);
        holds->count++;
    }
}

void privacy_list_holds(struct request *req, const struct id *person, struct privacy_holds *out)
{
    ask_of(req, LIST_HOLDS, person, fill_holds, out);
}

static void fill_parts(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct privacy_parts *parts = out;
    size_t count = (size_t)pg_row_count(rows);

    parts->list = arena_take_array(arena, count, sizeof(*parts->list));
    for (int row = 0; parts->list && row < (int)count; row++)
        parts->list[parts->count++] =
            (struct privacy_part){pg_keep_text(rows, row, 0, arena), pg_get_time(rows, row, 1),
                                  pg_get_int8(rows, row, 2)};
}

void privacy_list_parts(struct request *req, const struct id *person, struct privacy_parts *out)
{
    ask_of(req, LIST_PARTS, person, fill_parts, out);
}

/* --- what is known of him --- */

static void fill_rows(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct privacy_rows *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (int row = 0; found->list && row < (int)count; row++)
        found->list[found->count++] = (struct privacy_row){pg_keep_text(rows, row, 1, arena),
                                                           pg_keep_text(rows, row, 2, arena)};
}

bool privacy_has_all(const struct privacy_rows *rows)
{
    size_t count = 0;

    for (size_t i = 0; i < rows->count; i++) {
        count = i > 0 && text_compare(rows->list[i].table, rows->list[i - 1].table) == 0 ? count + 1
                                                                                         : 1;
        if (count > PERSONAL_MAX_ROWS)
            return false;
    }
    return true;
}

static void put_members(struct pg_args *args, const struct privacy_member *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        pg_put_id(args, 0, &list[i].id);
}

static void ask_members(struct request *req, const struct pg_statement *statement,
                        const struct privacy_member *list, size_t count, pg_fill fill, void *out)
{
    struct pg_args *args;

    if (count == 0)
        return;
    args = pg_args_new(req->arena, statement);
    put_members(args, list, count);
    flow_ask(req, statement, args, fill, out);
}

void privacy_read(struct request *req, const struct privacy_person *person,
                  struct privacy_rows *of_contacts, struct privacy_rows *of_customers)
{
    ask_members(req, &personal_questions[PERSONAL_READ_CONTACT], person->contacts,
                person->contact_count, fill_rows, of_contacts);
    ask_members(req, &personal_questions[PERSONAL_READ_CUSTOMER], person->customers,
                person->customer_count, fill_rows, of_customers);
}

static void fill_tally(const struct pg_rows *rows, struct arena *arena, void *out)
{
    if (pg_row_count(rows) == 1)
        *(struct privacy_tally *)out =
            (struct privacy_tally){pg_get_int8(rows, 0, 0), pg_keep_text(rows, 0, 1, arena)};
}

void privacy_count(struct request *req, const struct privacy_person *person,
                   struct privacy_tally *of_contacts, struct privacy_tally *of_customers)
{
    ask_members(req, &personal_questions[PERSONAL_COUNT_CONTACT], person->contacts,
                person->contact_count, fill_tally, of_contacts);
    ask_members(req, &personal_questions[PERSONAL_COUNT_CUSTOMER], person->customers,
                person->customer_count, fill_tally, of_customers);
}

void privacy_list_orders(struct request *req, const struct privacy_person *person,
                         struct privacy_rows *out)
{
    ask_members(req, &privacy_statements[LIST_ORDERS], person->customers, person->customer_count,
                fill_rows, out);
}

static void fill_vault(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct privacy_vault *vault = out;
    size_t count = (size_t)pg_row_count(rows);

    vault->list = arena_take_array(arena, count, sizeof(*vault->list));
    for (int row = 0; vault->list && row < (int)count; row++)
        vault->list[vault->count++] =
            (struct privacy_sealed){pg_get_id(rows, row, 0), pg_keep_text(rows, row, 1, arena),
                                    pg_keep_text(rows, row, 2, arena)};
}

void privacy_list_vault(struct request *req, const struct id *person, struct privacy_vault *out)
{
    ask_of(req, LIST_VAULT, person, fill_vault, out);
}
