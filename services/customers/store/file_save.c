/* The writes of a customer's file. */
#include <string.h>

#include "common/service.h"
#include "services/customers/store/alias.h"
#include "services/customers/store/file.h"
#include "services/customers/store/sealed.h"

enum {
    ADD,
    PUT_FACT,
    REMOVE_FACT,
    ADD_MAJOR_CHANGE,
    SAVE,
    GUARD_CHAIN,
    SET_REVIEW,
};

#define REVIEW_DUE                                                                                 \
    "(coalesce(c.reviewed_on, c.registered_at::date) + make_interval(months => u.months))::date"

const struct pg_statement file_save_statements[] = {
    /* Lists are told as texts with commas, since an array of arrays has rows of one length. */
    [ADD] = {.name = "file_add",
             .sql = "insert into customer (id, number, party_type, nature, parent_id, region_code,"
                    " name, name_known_at, completeness, missing, is_incomplete, registered_at,"
                    " is_historic, reviewed_on, review_due)"
                    " select unnest($1), unnest($2), unnest($3), unnest($4), unnest($5),"
                    " unnest($6), unnest($7), 'infinity', unnest($8),"
                    " string_to_array(unnest($9), ','), unnest($10), unnest($11), unnest($14),"
                    " unnest($12), unnest($13)",
             .params = {PG_IDS, PG_INT8S, PG_TEXTS, PG_TEXTS, PG_IDS, PG_TEXTS, PG_TEXTS, PG_INT4S,
                        PG_TEXTS, PG_BOOLS, PG_TIMES, PG_DATES, PG_DATES, PG_BOOLS},
             .write = true,
             .merge = true,
             .rank = 20},
    /* One unit may tell a field once only, and units of one customer guard each other. */
    [PUT_FACT] = {.name = "file_put_fact",
                  .sql = "insert into customer_fact (customer_id, field, value, source, collector,"
                         " status, verified_on, changed_at, value_sealed, value_hash, last_four)"
                         " select unnest($1), unnest($2), unnest($3), unnest($4), unnest($5),"
                         " unnest($6), unnest($7), unnest($8), unnest($9), unnest($10),"
                         " unnest($11) order by 1, 2"
                         " on conflict (customer_id, field) do update set value = excluded.value,"
                         " source = excluded.source, collector = excluded.collector,"
                         " status = excluded.status, verified_on = excluded.verified_on,"
                         " changed_at = excluded.changed_at, value_sealed = excluded.value_sealed,"
                         " value_hash = excluded.value_hash, last_four = excluded.last_four",
                  .params = {PG_IDS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_DATES,
                             PG_TIMES, PG_BYTESES, PG_BYTESES, PG_TEXTS},
                  .write = true,
                  .merge = true,
                  .rank = 112},
    [REMOVE_FACT] = {.name = "file_remove_fact",
                     .sql = "delete from customer_fact where customer_id in " ALIAS_ALL_OF_1
                            " and field = $2",
                     .params = {PG_ID, PG_TEXT},
                     .write = true,
                     .rank = 113},
    [ADD_MAJOR_CHANGE] = {.name = "file_add_major_change",
                          .sql = "insert into customer_major_change (customer_id, id, kind,"
                                 " description, happened_on, told_at, told_by)"
                                 " select unnest($1), unnest($2), unnest($3), unnest($4),"
                                 " unnest($5), unnest($6), unnest($7)",
                          .params = {PG_IDS, PG_IDS, PG_TEXTS, PG_TEXTS, PG_DATES, PG_TIMES,
                                     PG_TEXTS},
                          .write = true,
                          .merge = true,
                          .rank = 114},
    /* A name that an order told since the file was read is not missing. */
    [SAVE] =
        {.name = "file_save",
         .sql =
             "with saved as (update customer c set file_version = c.file_version + 1,"
             " owner_state = case when $3 in ('customer', 'channel')"
             " then case c.owner_state when 'none' then 'waiting' else c.owner_state end"
             " when c.owner_state in ('waiting', 'unassigned') then 'none'"
             " else c.owner_state end, party_type = $3, nature = $4, parent_id = $5, region_code = $6,"
             " name = coalesce($7, c.name),"
             " name_known_at = case when $7 is null then c.name_known_at"
             " else 'infinity' end, completeness = $8,"
             " missing = case when coalesce($7, c.name) is null"
             " then string_to_array($9, ',')"
             " else array_remove(string_to_array($9, ','), 'name') end,"
             " is_incomplete = $10, reviewed_on = $11, review_due = $12"
             " where c.id = $1 and c.file_version = $2 returning 1)"
             " select stale_unless(exists (select 1 from saved))",
         .params = {PG_ID, PG_INT8, PG_TEXT, PG_TEXT, PG_ID, PG_TEXT, PG_TEXT, PG_INT4, PG_TEXT,
                    PG_BOOL, PG_DATE, PG_DATE},
         .write = true,
         .rank = 110},
    /* After the saves of its own turn, so that two units of one turn see each other too. */
    [GUARD_CHAIN] = {.name = "file_guard_chain",
                     .sql = "with held as (select id from customer where id = $1"
                            " and file_version = $2 for share)"
                            " select stale_unless(exists (select 1 from held))",
                     .params = {PG_ID, PG_INT8},
                     .write = true,
                     .rank = 111},
    [SET_REVIEW] = {.name = "file_set_review",
                    .sql = "update customer c set review_due = " REVIEW_DUE
                           " from unnest($1, $2) as u(id, months) where c.id = u.id"
                           " and c.review_due is distinct from " REVIEW_DUE,
                    .params = {PG_IDS, PG_INT4S},
                    .write = true,
                    .merge = true,
                    .rank = 115},
};
const size_t file_save_statement_count = COUNT_OF(file_save_statements);

void file_put_missing(struct pg_args *args, int i, const struct fields_score *score)
{
    char missing[FIELDS_MAX * FIELDS_MAX_NAME];
    size_t bytes = 0;

    for (size_t k = 0; k < score->missing_count; k++) {
        size_t count = strlen(score->missing[k]);

        if (k > 0)
            missing[bytes++] = ',';
        memcpy(missing + bytes, score->missing[k], count);
        bytes += count;
    }
    pg_put_text_n(args, i, missing, bytes);
}

static void put_parent(struct pg_args *args, int i, const struct file_state *state)
{
    if (state->has_parent)
        pg_put_id(args, i, &state->parent);
    else
        pg_put_null(args, i);
}

void file_add(struct request *req, const struct file_saving *saving)
{
    struct pg_args *args = flow_write(req, &file_save_statements[ADD]);
    const struct file_state *state = saving->state;

    pg_put_id(args, 0, &saving->id);
    pg_put_int8(args, 1, saving->number);
    pg_put_text(args, 2, file_party_name(state->party));
    pg_put_text(args, 3, file_nature_name(state->nature));
    put_parent(args, 4, state);
    pg_put_text_or_null(args, 5, state->region);
    pg_put_text_n(args, 6, saving->name->value.at, saving->name->value.bytes);
    pg_put_int4(args, 7, (int32_t)saving->score->completeness_micros);
    file_put_missing(args, 8, saving->score);
    pg_put_bool(args, 9, saving->score->missing_count > 0);
    pg_put_time(args, 10, req->now_us);
    pg_put_date(args, 11, saving->reviewed_on);
    pg_put_date(args, 12, saving->review_due);
    pg_put_bool(args, 13, saving->is_historic);
}

void file_save(struct request *req, const struct file_saving *saving)
{
    struct pg_args *args = flow_write(req, &file_save_statements[SAVE]);
    const struct file_state *state = saving->state;

    pg_put_id(args, 0, &saving->id);
    pg_put_int8(args, 1, saving->file_version);
    pg_put_text(args, 2, file_party_name(state->party));
    pg_put_text(args, 3, file_nature_name(state->nature));
    put_parent(args, 4, state);
    pg_put_text_or_null(args, 5, state->region);
    pg_put_text_or_null(args, 6, saving->name ? saving->name->value : TEXT_OF(""));
    pg_put_int4(args, 7, (int32_t)saving->score->completeness_micros);
    file_put_missing(args, 8, saving->score);
    pg_put_bool(args, 9, saving->score->missing_count > 0);
    pg_put_date_or_null(args, 10, saving->reviewed_on);
    pg_put_date_or_null(args, 11, saving->review_due);
}

/* Sealed where the field is one to be sealed; then the plain column is empty. */
static void put_value(struct request *req, struct pg_args *args, const struct id *customer,
                      const struct fact *fact)
{
    struct seal_place place = {FILE_SEALED_COLUMN, *customer, fact->field->name};
    bool is_phone = fact->field->type == FIELDS_TYPE_PHONE;
    uint8_t hash[SEAL_HASH_BYTES];
    char last_four[5];

    if (!is_phone && fact->field->type != FIELDS_TYPE_EMAIL) {
        pg_put_text_n(args, 2, fact->value.at, fact->value.bytes);
        for (int i = 8; i < 11; i++)
            pg_put_null(args, i);
        return;
    }
    pg_put_text(args, 2, "");
    sealed_put(req, args, 8, &place, fact->value);
    sealed_hash(req->service->seal, is_phone ? SEALED_PHONE : SEALED_EMAIL, fact->value, hash);
    pg_put_bytes(args, 9, hash, sizeof(hash));
    sealed_last_four(fact->value, last_four);
    if (is_phone)
        pg_put_text(args, 10, last_four);
    else
        pg_put_null(args, 10);
}

void file_put_fact(struct request *req, const struct id *customer, const struct fact *fact)
{
    bool is_removed = fact->value.bytes == 0;
    struct pg_args *args =
        flow_write(req, &file_save_statements[is_removed ? REMOVE_FACT : PUT_FACT]);

    pg_put_id(args, 0, customer);
    pg_put_text(args, 1, fact->field->name);
    if (is_removed)
        return;
    put_value(req, args, customer, fact);
    pg_put_text(args, 3, file_source_name(fact->source));
    pg_put_text_n(args, 4, fact->collector.at, fact->collector.bytes);
    pg_put_text(args, 5, file_status_name(fact->status));
    pg_put_date_or_null(args, 6, fact->verified_on);
    pg_put_time(args, 7, req->now_us);
}

void file_add_major_change(struct request *req, const struct id *customer,
                           const struct major_change *change, const char *by)
{
    struct pg_args *args = flow_write(req, &file_save_statements[ADD_MAJOR_CHANGE]);
    struct id id = request_new_id(req);

    pg_put_id(args, 0, customer);
    pg_put_id(args, 1, &id);
    pg_put_text_n(args, 2, change->kind.at, change->kind.bytes);
    pg_put_text_n(args, 3, change->description.at, change->description.bytes);
    pg_put_date(args, 4, change->happened_on);
    pg_put_time(args, 5, req->now_us);
    pg_put_text(args, 6, by);
}

void file_guard_chain(struct request *req, const struct file_chain *chain)
{
    for (size_t i = 0; i < chain->count; i++) {
        struct pg_args *args = flow_write(req, &file_save_statements[GUARD_CHAIN]);

        pg_put_id(args, 0, &chain->list[i].id);
        pg_put_int8(args, 1, chain->list[i].file_version);
    }
}

void file_set_review_months(struct request *req, const struct id *customer, uint32_t months)
{
    struct pg_args *args = flow_write(req, &file_save_statements[SET_REVIEW]);

    pg_put_id(args, 0, customer);
    pg_put_int4(args, 1, (int32_t)months);
}
