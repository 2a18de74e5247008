/*
 * Lists of persons: who is restricted or erased, and whose term is over.
 */
#include "services/customers/store/privacy.h"

#include <string.h>

enum {
    LIST_STANDINGS,
    LIST_DUE,
    FIND_DUE,
    FIND_LOOK,
    SAVE_LOOK,
};

/*
 * Who was there before $1 and of whom nothing is said or bought on or after it: additions,
 * consents, links, purchases and needs of his customers. Asked as "there is none", in the order of
 * ids, so that a page of a million ends when it is full; what the last sign was is asked of the
 * page only.
 */
#define BEFORE "$1::timestamp at time zone 'UTC'"
#define NO_SUCH(what) " and not exists (select 1 from " what ")"
#define QUIET_CONTACTS                                                                             \
    "select c.id, false as is_customer from contact c where c.state in ('active', 'left')"         \
    " and c.added_at < " BEFORE NO_SUCH(                                                           \
        "contact_consent s where s.contact_id = c.id and s.given_on >= $1")                        \
        NO_SUCH("contact_link l where l.contact_id = c.id and l.linked_at >= " BEFORE) NO_SUCH(    \
            "contact_link l join customer k on k.id = l.customer_id where l.contact_id = c.id"     \
            " and l.role = 'self' and k.nature = 'person'")                                        \
            NO_SUCH("contact_link l join sales_figure f on f.customer_id = l.customer_id"          \
                    " where l.contact_id = c.id and f.day >= $1")                                  \
                NO_SUCH("contact_link l join customer_need n on n.customer_id = l.customer_id"     \
                        " where l.contact_id = c.id and n.told_on >= $1")
#define QUIET_CUSTOMERS                                                                            \
    "select c.id, true from customer c where c.nature = 'person' and c.privacy = 'open'"           \
    " and not c.is_merged and c.party_type <> 'anonymous' and c.registered_at < " BEFORE           \
    " and coalesce(c.reviewed_on < $1, true)" NO_SUCH(                                             \
        "sales_figure f where f.customer_id = c.id and f.day >= $1")                               \
        NO_SUCH("customer_alias a join sales_figure f on f.customer_id = a.customer_id"            \
                " where a.survivor_id = c.id and f.day >= $1")                                     \
            NO_SUCH("customer_need n where n.customer_id = c.id and n.told_on >= $1")
#define PAGE " and ($2 is null or c.id > $2) order by c.id limit $3"
#define SIGN                                                                                       \
    "case when d.is_customer then (select greatest(c.registered_at::date, c.reviewed_on,"          \
    " (select max(f.day) from customer_and_merged(c.id) as a(id) join sales_figure f"              \
    " on f.customer_id = a.id), (select max(n.told_on) from customer_need n"                       \
    " where n.customer_id = c.id)) from customer c where c.id = d.id)"                             \
    " else (select greatest(c.added_at::date, (select max(s.given_on) from contact_consent s"      \
    " where s.contact_id = c.id), (select max(l.linked_at)::date from contact_link l"              \
    " where l.contact_id = c.id), (select max(f.day) from contact_link l join sales_figure f"      \
    " on f.customer_id = l.customer_id where l.contact_id = c.id), (select max(n.told_on)"         \
    " from contact_link l join customer_need n on n.customer_id = l.customer_id"                   \
    " where l.contact_id = c.id)) from contact c where c.id = d.id) end"

const struct pg_statement privacy_list_statements[] = {
    [LIST_STANDINGS] =
        {.name = "privacy_list_standings",
         .sql = "select person_id, is_customer, state, reason, asked_by, asked_at, erased_at,"
                " values_erased, version from person_erasure where ($1 = '' or state = $1)"
                " and state in ('restricted', 'erasing', 'erased')"
                " and ($2::timestamptz is null or (asked_at, person_id) < ($2, $3))"
                " order by asked_at desc, person_id desc limit $4",
         .params = {PG_TEXT, PG_TIME, PG_ID, PG_INT8}},
    [LIST_DUE] = {.name = "privacy_list_due",
                  .sql = "with due as materialized (select id, is_customer from"
                         " ((" QUIET_CONTACTS PAGE ") union all (" QUIET_CUSTOMERS PAGE
                         ")) as u order by id limit $3)"
                         " select d.id, d.is_customer, " SIGN " from due d order by d.id",
                  .params = {PG_DATE, PG_ID, PG_INT8},
                  .slow = true},
    [FIND_DUE] = {.name = "privacy_find_due",
                  .sql = "select d.id, d.is_customer, " SIGN " from (" QUIET_CONTACTS
                         " and c.id = $2 union all " QUIET_CUSTOMERS " and c.id = $2) d",
                  .params = {PG_DATE, PG_ID}},
    [FIND_LOOK] = {.name = "privacy_find_look", .sql = "select next_at from privacy_look"},
    [SAVE_LOOK] = {.name = "privacy_save_look",
                   .sql = "update privacy_look set next_at = $1",
                   .params = {PG_TIME},
                   .write = true,
                   .rank = 85},
};
const size_t privacy_list_statement_count = COUNT_OF(privacy_list_statements);

static void fill_standings(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct privacy_standings *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (int row = 0; found->list && row < (int)count; row++) {
        struct privacy_standing_row *standing = &found->list[found->count];

        if (!privacy_state_read(pg_get_text(rows, row, 2), &standing->state))
            continue;
        standing->found = true;
        standing->person = pg_get_id(rows, row, 0);
        standing->is_customer = pg_get_bool(rows, row, 1);
        standing->reason = pg_keep_text(rows, row, 3, arena);
        standing->asked_by = pg_keep_text(rows, row, 4, arena);
        standing->asked_at_us = pg_get_time(rows, row, 5);
        standing->erased_at_us = pg_get_time(rows, row, 6);
        standing->values = pg_get_int8(rows, row, 7);
        standing->version = pg_get_int8(rows, row, 8);
        found->count++;
    }
}

void privacy_list_standings(struct request *req, const char *state,
                            const struct privacy_place *after, uint32_t limit,
                            struct privacy_standings *out)
{
    struct pg_args *args = pg_args_new(req->arena, &privacy_list_statements[LIST_STANDINGS]);

    pg_put_text(args, 0, state);
    if (after->has_last)
        pg_put_time(args, 1, after->at);
    else
        pg_put_null(args, 1);
    pg_put_id(args, 2, &after->id);
    pg_put_int8(args, 3, limit);
    flow_ask(req, &privacy_list_statements[LIST_STANDINGS], args, fill_standings, out);
}

static void fill_due(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct privacy_dues *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (int row = 0; found->list && row < (int)count; row++)
        found->list[found->count++] = (struct privacy_due){
            pg_get_id(rows, row, 0), pg_get_bool(rows, row, 1), pg_get_date(rows, row, 2)};
}

void privacy_list_due(struct request *req, int32_t before, const struct privacy_place *after,
                      uint32_t limit, struct privacy_dues *out)
{
    struct pg_args *args = pg_args_new(req->arena, &privacy_list_statements[LIST_DUE]);

    pg_put_date(args, 0, before);
    if (after->has_last)
        pg_put_id(args, 1, &after->id);
    else
        pg_put_null(args, 1);
    pg_put_int8(args, 2, limit);
    flow_ask(req, &privacy_list_statements[LIST_DUE], args, fill_due, out);
}

void privacy_find_due(struct request *req, const struct id *person, int32_t before,
                      struct privacy_dues *out)
{
    struct pg_args *args = pg_args_new(req->arena, &privacy_list_statements[FIND_DUE]);

    pg_put_date(args, 0, before);
    pg_put_id(args, 1, person);
    flow_ask(req, &privacy_list_statements[FIND_DUE], args, fill_due, out);
}

static void fill_look(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    if (pg_row_count(rows) == 1)
        *(int64_t *)out = pg_get_time(rows, 0, 0);
}

void privacy_find_look(struct request *req, int64_t *out)
{
    flow_ask(req, &privacy_list_statements[FIND_LOOK],
             pg_args_new(req->arena, &privacy_list_statements[FIND_LOOK]), fill_look, out);
}

void privacy_save_look(struct request *req, int64_t next_us)
{
    pg_put_time(flow_write(req, &privacy_list_statements[SAVE_LOOK]), 0, next_us);
}
