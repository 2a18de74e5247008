/*
 * Persons who are restricted or erased, written.
 */
#include <string.h>

#include "services/customers/store/personal.h"
#include "services/customers/store/privacy.h"

enum {
    MARK_CONTACTS,
    MARK_CUSTOMERS,
    PUT_VAULT,
    REMOVE_VAULT,
    ADD_STANDING,
    SAVE_STANDING,
    ADD_PART,
    PUT_HOLD,
    RELEASE_HOLD,
    GUARD_HOLDS,
    STRIKE_REASON,
    STRIKE_SUBJECTS,
};

/* Every one of $1 was at the version of $2. */
#define ALL_MARKED " select stale_unless((select count(*) from marked) = cardinality($1))"

const struct pg_statement privacy_save_statements[] = {
    [MARK_CONTACTS] = {.name = "privacy_mark_contacts",
                       .sql =
                           "with marked as (update contact c set state = $3,"
                           " version = c.version + 1, is_key = c.is_key and $3 = 'active'"
                           " from unnest($1, $2) as t(id, version)"
                           " where c.id = t.id and c.version = t.version returning 1)" ALL_MARKED,
                       .params = {PG_IDS, PG_INT8S, PG_TEXT},
                       .write = true,
                       .rank = 80},
    /* No order tells a name any more: it is known at 'infinity'. */
    [MARK_CUSTOMERS] =
        {.name = "privacy_mark_customers",
         .sql =
             "with marked as (update customer c set privacy = $3,"
             " file_version = c.file_version + 1, is_incomplete = c.is_incomplete or $3 <> 'open',"
             " name_known_at = case when $3 <> 'open' or exists (select 1 from customer_fact f"
             " where f.customer_id = c.id and f.field = 'name') then 'infinity' else $4 end"
             " from unnest($1, $2) as t(id, version)"
             " where c.id = t.id and c.file_version = t.version returning 1)" ALL_MARKED,
         .params = {PG_IDS, PG_INT8S, PG_TEXT, PG_TIME},
         .write = true,
         .rank = 81},
    [PUT_VAULT] = {.name = "privacy_put_vault",
                   .sql = "insert into person_vault (person_id, id, part, rows_sealed)"
                          " values ($1, $2, $3, $4)",
                   .params = {PG_ID, PG_ID, PG_TEXT, PG_BYTES},
                   .write = true,
                   .rank = 83},
    [REMOVE_VAULT] = {.name = "privacy_remove_vault",
                      .sql = "delete from person_vault where person_id = $1",
                      .params = {PG_ID},
                      .write = true,
                      .rank = 84},
    [ADD_STANDING] = {.name = "privacy_add_standing",
                      .sql = "insert into person_erasure (person_id, is_customer, state,"
                             " wants_erasure, reason, asked_at, asked_by, erased_at, values_erased)"
                             " values ($1, $2, $3, $3 = 'erasing', $4, $5, $6, $7, $8)",
                      .params = {PG_ID, PG_BOOL, PG_TEXT, PG_TEXT, PG_TIME, PG_TEXT, PG_TIME,
                                 PG_INT8},
                      .write = true,
                      .rank = 82},
    [SAVE_STANDING] = {.name = "privacy_save_standing",
                       .sql = "with saved as (update person_erasure set state = $2,"
                              " wants_erasure = $2 = 'erasing', reason = $3, asked_at = $4,"
                              " asked_by = $5, erased_at = $6, values_erased = $7,"
                              " version = version + 1 where person_id = $1 and version = $8"
                              " returning 1) select stale_unless(exists (select 1 from saved))",
                       .params = {PG_ID, PG_TEXT, PG_TEXT, PG_TIME, PG_TEXT, PG_TIME, PG_INT8,
                                  PG_INT8},
                       .write = true,
                       .rank = 82},
    [ADD_PART] = {.name = "privacy_add_part",
                  .sql = "insert into erasure_part (person_id, service, done_at, values_erased)"
                         " values ($1, $2, $3, $4) on conflict (person_id, service) do update"
                         " set done_at = excluded.done_at,"
                         " values_erased = erasure_part.values_erased + excluded.values_erased",
                  .params = {PG_ID, PG_TEXT, PG_TIME, PG_INT8},
                  .write = true,
                  .rank = 85},
    [PUT_HOLD] = {.name = "privacy_put_hold",
                  .sql = "insert into person_hold (person_id, id, kind, holder, subject, until_on,"
                         " placed_at) values ($1, $2, $3, $4, $5, $6, $7)"
                         " on conflict (person_id, kind, holder, subject) where released_at is null"
                         " do update set until_on = excluded.until_on",
                  .params = {PG_ID, PG_ID, PG_TEXT, PG_TEXT, PG_TEXT, PG_DATE, PG_TIME},
                  .write = true,
                  .rank = 85},
    /* Behind the hold that this unit placed or released. */
    [GUARD_HOLDS] = {.name = "privacy_guard_holds",
                     .sql = "select stale_unless((select count(*) from person_hold"
                            " where person_id = $1 and released_at is null"
                            " and (until_on is null or until_on >= $2)) = $3)",
                     .params = {PG_ID, PG_DATE, PG_INT8},
                     .write = true,
                     .rank = 87},
    [STRIKE_REASON] = {.name = "privacy_strike_reason",
                       .sql = "update person_erasure set reason = strike(reason, $2)"
                              " where person_id = $1",
                       .params = {PG_ID, PG_TEXTS},
                       .write = true,
                       .rank = 95},
    [STRIKE_SUBJECTS] = {.name = "privacy_strike_subjects",
                         .sql = "update person_hold set subject = strike(subject, $2)"
                                " where person_id = $1 and strike(subject, $2) <> subject",
                         .params = {PG_ID, PG_TEXTS},
                         .write = true,
                         .rank = 95},
    [RELEASE_HOLD] = {.name = "privacy_release_hold",
                      .sql = "with released as (update person_hold set released_at = $3"
                             " where person_id = $1 and id = $2 and released_at is null"
                             " returning 1) select stale_unless(exists (select 1 from released))",
                      .params = {PG_ID, PG_ID, PG_TIME},
                      .write = true,
                      .rank = 85},
};
const size_t privacy_save_statement_count = COUNT_OF(privacy_save_statements);

static struct pg_args *unit(struct request *req, int statement)
{
    return flow_write(req, &privacy_save_statements[statement]);
}

static void put_members(struct pg_args *args, const struct privacy_member *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        pg_put_id(args, 0, &list[i].id);
        pg_put_int8(args, 1, list[i].version);
    }
}

/* Contacts and files have words of their own for the same states. */
static void mark(struct request *req, const struct privacy_person *person, enum privacy_state state)
{
    static const char *const of_contacts[] = {"active", "restricted", "restricted", "erased"};
    static const char *const of_customers[] = {"open", "restricted", "restricted", "erased"};
    struct pg_args *args;

    if (person->contact_count > 0) {
        args = unit(req, MARK_CONTACTS);
        put_members(args, person->contacts, person->contact_count);
        pg_put_text(args, 2, of_contacts[state]);
    }
    if (person->customer_count > 0) {
        args = unit(req, MARK_CUSTOMERS);
        put_members(args, person->customers, person->customer_count);
        pg_put_text(args, 2, of_customers[state]);
        pg_put_time(args, 3, req->now_us);
    }
}

static void erase(struct request *req, const struct pg_statement *list, size_t statements,
                  const struct privacy_member *members, size_t count)
{
    for (size_t i = 0; count > 0 && i < statements; i++) {
        struct pg_args *args = flow_write(req, &list[i]);

        for (size_t k = 0; k < count; k++)
            pg_put_id(args, 0, &members[k].id);
    }
}

static void guard(struct request *req, const struct pg_statement *statement,
                  const struct privacy_member *members, size_t count, struct text known)
{
    struct pg_args *args = count > 0 ? flow_write(req, statement) : NULL;

    for (size_t i = 0; i < count; i++)
        pg_put_id(args, 0, &members[i].id);
    if (args)
        pg_put_text_n(args, 1, known.at, known.bytes);
}

void privacy_take_out(struct request *req, const struct privacy_person *person,
                      enum privacy_state state, struct text mark_of_contacts,
                      struct text mark_of_customers)
{
    mark(req, person, state);
    guard(req, &personal_guard[0], person->contacts, person->contact_count, mark_of_contacts);
    guard(req, &personal_guard[1], person->customers, person->customer_count, mark_of_customers);
    erase(req, personal_erase_contact, personal_erase_contact_count, person->contacts,
          person->contact_count);
    erase(req, personal_erase_customer, personal_erase_customer_count, person->customers,
          person->customer_count);
}

void privacy_show(struct request *req, const struct privacy_person *person)
{
    mark(req, person, PRIVACY_OPEN);
}

static void put_words(struct pg_args *args, const struct text *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        pg_put_text_n(args, 1, words[i].at, words[i].bytes);
}

void privacy_strike(struct request *req, const struct privacy_person *person,
                    const struct text *words, size_t count)
{
    for (size_t i = 0; count > 0 && i < personal_part_count; i++) {
        struct pg_args *args;

        if (!personal_parts[i].strike)
            continue;
        args = flow_write(req, personal_parts[i].strike);
        for (size_t k = 0; k < person->related_count; k++)
            pg_put_id(args, 0, &person->related[k]);
        put_words(args, words, count);
    }
    for (int own = STRIKE_REASON; count > 0 && own <= STRIKE_SUBJECTS; own++) {
        struct pg_args *args = unit(req, own);

        pg_put_id(args, 0, &person->id);
        put_words(args, words, count);
    }
}

void privacy_guard_holds(struct request *req, const struct id *person, int32_t today, size_t count)
{
    struct pg_args *args = unit(req, GUARD_HOLDS);

    pg_put_id(args, 0, person);
    pg_put_date(args, 1, today);
    pg_put_int8(args, 2, (int64_t)count);
}

void privacy_put_vault(struct request *req, const struct id *person, const struct id *id,
                       const char *table, struct text sealed)
{
    struct pg_args *args = unit(req, PUT_VAULT);

    pg_put_id(args, 0, person);
    pg_put_id(args, 1, id);
    pg_put_text(args, 2, table);
    pg_put_bytes(args, 3, sealed.at, sealed.bytes);
}

void privacy_remove_vault(struct request *req, const struct id *person)
{
    pg_put_id(unit(req, REMOVE_VAULT), 0, person);
}

void privacy_put_back(struct request *req, struct text table, struct text json)
{
    for (size_t i = 0; i < personal_part_count; i++)
        if (personal_parts[i].put && strlen(personal_parts[i].table) == table.bytes &&
            memcmp(personal_parts[i].table, table.at, table.bytes) == 0)
            pg_put_text_n(flow_write(req, personal_parts[i].put), 0, json.at, json.bytes);
}

void privacy_save_standing(struct request *req, const struct privacy_standing_row *row,
                           int64_t known_version)
{
    bool is_new = known_version == 0;
    struct pg_args *args = unit(req, is_new ? ADD_STANDING : SAVE_STANDING);
    int i = 0;

    pg_put_id(args, i++, &row->person);
    if (is_new)
        pg_put_bool(args, i++, row->is_customer);
    pg_put_text(args, i++, privacy_state_name(row->state));
    pg_put_text_n(args, i++, row->reason.at, row->reason.bytes);
    pg_put_time(args, i++, row->asked_at_us);
    pg_put_text_n(args, i++, row->asked_by.at, row->asked_by.bytes);
    pg_put_time_or_null(args, i++, row->erased_at_us);
    pg_put_int8(args, i++, row->values);
    if (!is_new)
        pg_put_int8(args, i, known_version);
}

void privacy_add_part(struct request *req, const struct id *person, const char *service,
                      int64_t values)
{
    struct pg_args *args = unit(req, ADD_PART);

    pg_put_id(args, 0, person);
    pg_put_text(args, 1, service);
    pg_put_time(args, 2, req->now_us);
    pg_put_int8(args, 3, values);
}

void privacy_put_hold(struct request *req, const struct id *person, const struct privacy_hold *hold)
{
    struct pg_args *args = unit(req, PUT_HOLD);

    pg_put_id(args, 0, person);
    pg_put_id(args, 1, &hold->id);
    pg_put_text(args, 2, privacy_kind_name(hold->kind));
    pg_put_text_n(args, 3, hold->holder.at, hold->holder.bytes);
    pg_put_text_n(args, 4, hold->subject.at, hold->subject.bytes);
    if (hold->until == PRIVACY_NO_DAY)
        pg_put_null(args, 5);
    else
        pg_put_date(args, 5, hold->until);
    pg_put_time(args, 6, hold->placed_at_us);
}

void privacy_release_hold(struct request *req, const struct id *person,
                          const struct privacy_hold *hold)
{
    struct pg_args *args = unit(req, RELEASE_HOLD);

    pg_put_id(args, 0, person);
    pg_put_id(args, 1, &hold->id);
    pg_put_time(args, 2, req->now_us);
}
