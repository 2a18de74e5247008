/* What a contact agreed to, and the sensitive values that rest on it. */
#include "services/customers/store/contact.h"

enum {
    LIST_LATEST,
    LIST_HISTORY,
    ADD_CONSENT,
    LIST_SENSITIVE,
    PUT_SENSITIVE,
    REMOVE_SENSITIVE,
};

#define COLUMNS                                                                                    \
    "id, purpose, channel, state, evidence, given_on, expires_on, source, recorded_at, recorded_by"

const struct pg_statement contact_consent_statements[] = {
    [LIST_LATEST] = {.name = "contact_list_consents",
                     .sql = "select " COLUMNS " from (select distinct on (purpose, channel) * from"
                            " contact_consent where contact_id = $1"
                            " order by purpose, channel, recorded_at desc, id desc) c"
                            " order by recorded_at, id",
                     .params = {PG_ID}},
    [LIST_HISTORY] = {.name = "contact_list_consent_history",
                      .sql = "select " COLUMNS " from contact_consent where contact_id = $1"
                             " and ($2 = '' or purpose = $2) and ($3 is null or (recorded_at, id)"
                             " < ((select recorded_at from contact_consent where contact_id = $1"
                             " and id = $3), $3)) order by recorded_at desc, id desc limit $4",
                      .params = {PG_ID, PG_TEXT, PG_ID, PG_INT8}},
    [ADD_CONSENT] = {.name = "contact_add_consent",
                     .sql = "insert into contact_consent (contact_id, id, purpose, channel, state,"
                            " evidence, given_on, expires_on, source, recorded_at, recorded_by)"
                            " select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                     .params = {PG_IDS, PG_IDS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_DATES,
                                PG_DATES, PG_TEXTS, PG_TIMES, PG_TEXTS},
                     .write = true,
                     .merge = true,
                     .rank = 26},
    [LIST_SENSITIVE] = {.name = "contact_list_sensitive",
                        .sql = "select field, value_sealed from contact_sensitive"
                               " where contact_id = $1 order by field",
                        .params = {PG_ID}},
    [PUT_SENSITIVE] = {.name = "contact_put_sensitive",
                       .sql = "insert into contact_sensitive (contact_id, field, value_sealed,"
                              " recorded_at, recorded_by) values ($1, $2, $3, $4, $5)"
                              " on conflict (contact_id, field) do update set"
                              " value_sealed = excluded.value_sealed,"
                              " recorded_at = excluded.recorded_at,"
                              " recorded_by = excluded.recorded_by",
                       .params = {PG_ID, PG_TEXT, PG_BYTES, PG_TIME, PG_TEXT},
                       .write = true,
                       .rank = 26},
    [REMOVE_SENSITIVE] = {.name = "contact_remove_sensitive",
                          .sql = "delete from contact_sensitive where contact_id = $1"
                                 " and ($2 = '' or field = $2)",
                          .params = {PG_ID, PG_TEXT},
                          .write = true,
                          .rank = 26},
};
const size_t contact_consent_statement_count = COUNT_OF(contact_consent_statements);

static void fill_consents(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct consents *consents = out;
    size_t count = (size_t)pg_row_count(rows);

    consents->list = arena_take_array(arena, count, sizeof(*consents->list));
    for (size_t i = 0; consents->list && i < count; i++) {
        int row = (int)i;

        consents->list[consents->count++] = (struct consent){
            .id = pg_get_id(rows, row, 0),
            .purpose = contact_get_word(rows, row, 1, consent_purposes),
            .channel = contact_get_word(rows, row, 2, consent_channels),
            .state = contact_get_word(rows, row, 3, consent_states),
            .evidence = pg_keep_text(rows, row, 4, arena),
            .given_on = pg_get_date(rows, row, 5),
            .expires_on = pg_get_date_or_none(rows, row, 6),
            .source = pg_keep_text(rows, row, 7, arena),
            .recorded_at_us = pg_get_time(rows, row, 8),
            .recorded_by = pg_keep_text(rows, row, 9, arena),
        };
    }
}

void contact_list_consents(struct request *req, const struct id *contact, struct consents *out)
{
    struct pg_args *args = pg_args_new(req->arena, &contact_consent_statements[LIST_LATEST]);

    *out = (struct consents){.count = 0};
    pg_put_id(args, 0, contact);
    flow_ask(req, &contact_consent_statements[LIST_LATEST], args, fill_consents, out);
}

void contact_list_consent_history(struct request *req, const struct id *contact,
                                  const char *purpose, const struct id *after, uint32_t page_size,
                                  struct consents *out)
{
    struct pg_args *args = pg_args_new(req->arena, &contact_consent_statements[LIST_HISTORY]);

    *out = (struct consents){.count = 0};
    pg_put_id(args, 0, contact);
    pg_put_text(args, 1, purpose);
    pg_put_id_or_null(args, 2, after);
    pg_put_int8(args, 3, (int64_t)page_size + 1);
    flow_ask(req, &contact_consent_statements[LIST_HISTORY], args, fill_consents, out);
}

void contact_add_consent(struct request *req, const struct id *contact,
                         const struct consent *consent, const char *by)
{
    struct pg_args *args = flow_write(req, &contact_consent_statements[ADD_CONSENT]);

    pg_put_id(args, 0, contact);
    pg_put_id(args, 1, &consent->id);
    pg_put_text(args, 2, consent->purpose);
    pg_put_text(args, 3, consent->channel);
    pg_put_text(args, 4, consent->state);
    pg_put_text_n(args, 5, consent->evidence.at, consent->evidence.bytes);
    pg_put_date(args, 6, consent->given_on);
    pg_put_date_or_null(args, 7, consent->expires_on);
    pg_put_text_n(args, 8, consent->source.at, consent->source.bytes);
    pg_put_time(args, 9, req->now_us);
    pg_put_text(args, 10, by);
}

static void fill_sensitive(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct contact_sealeds *sealed = out;
    size_t count = (size_t)pg_row_count(rows);

    sealed->list = arena_take_array(arena, count, sizeof(*sealed->list));
    for (size_t i = 0; sealed->list && i < count; i++)
        sealed->list[sealed->count++] = (struct contact_sealed){
            pg_keep_text(rows, (int)i, 0, arena), pg_keep_text(rows, (int)i, 1, arena)};
}

void contact_list_sensitive(struct request *req, const struct id *contact,
                            struct contact_sealeds *out)
{
    struct pg_args *args = pg_args_new(req->arena, &contact_consent_statements[LIST_SENSITIVE]);

    *out = (struct contact_sealeds){.count = 0};
    pg_put_id(args, 0, contact);
    flow_ask(req, &contact_consent_statements[LIST_SENSITIVE], args, fill_sensitive, out);
}

void contact_put_sensitive(struct request *req, const struct id *contact, const char *field,
                           struct text sealed, const char *by)
{
    struct pg_args *args = flow_write(req, &contact_consent_statements[PUT_SENSITIVE]);

    pg_put_id(args, 0, contact);
    pg_put_text(args, 1, field);
    pg_put_bytes(args, 2, sealed.at, sealed.bytes);
    pg_put_time(args, 3, req->now_us);
    pg_put_text(args, 4, by);
}

void contact_remove_sensitive(struct request *req, const struct id *contact, const char *field)
{
    struct pg_args *args = flow_write(req, &contact_consent_statements[REMOVE_SENSITIVE]);

    pg_put_id(args, 0, contact);
    pg_put_text(args, 1, field);
}
