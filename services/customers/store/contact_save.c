/* The writes of a contact, his links and channels. */
#include <string.h>

#include "common/pinyin.h"
#include "common/pure/salutation.h"
#include "common/pure/utf8.h"
#include "common/seal.h"
#include "services/customers/store/contact.h"
#include "services/customers/store/search.h"

#define MAX_KEYS 24
#define MAX_KEY_BYTES 300

enum {
    ADD,
    SAVE,
    TOUCH,
    REMOVE_KEYS,
    ADD_KEYS,
    ADD_LINK,
    CHANGE_LINK,
    REMOVE_LINK,
    REMOVE_DECISION,
    KEEP_PRIMARY,
    PUT_CHANNEL,
    MARK_CHANNEL,
    REMOVE_CHANNEL,
    ORDER_CHANNELS,
};

const struct pg_statement contact_save_statements[] = {
    [ADD] = {.name = "contact_add",
             .sql = "insert into contact (id, name, gender, salutation, title, department,"
                    " birthday, language, state, source, is_key, added_at, added_by)"
                    " select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
             .params = {PG_IDS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS,
                        PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_BOOLS, PG_TIMES, PG_TEXTS},
             .write = true,
             .merge = true,
             .rank = 21},
    [SAVE] = {.name = "contact_save",
              .sql = "with saved as (update contact set version = version + 1, name = $3,"
                     " gender = $4, salutation = $5, title = $6, department = $7, birthday = $8,"
                     " language = $9, state = $10, source = $11, is_key = $12"
                     " where id = $1 and version = $2 and state <> 'erased' returning 1)"
                     " select stale_unless(exists (select 1 from saved))",
              .params = {PG_ID, PG_INT8, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT,
                         PG_TEXT, PG_TEXT, PG_TEXT, PG_BOOL},
              .write = true,
              .rank = 21},
    [TOUCH] = {.name = "contact_touch",
               .sql = "with saved as (update contact set version = version + 1"
                      " where id = $1 and version = $2 and state <> 'erased' returning 1)"
                      " select stale_unless(exists (select 1 from saved))",
               .params = {PG_ID, PG_INT8},
               .write = true,
               .rank = 21},
    [REMOVE_KEYS] = {.name = "contact_remove_keys",
                     .sql = "delete from contact_key where contact_id = $1",
                     .params = {PG_ID},
                     .write = true,
                     .rank = 22},
    [ADD_KEYS] = {.name = "contact_add_keys",
                  .sql = "insert into contact_key (contact_id, key) select distinct on (u.k, u.id)"
                         " u.id, u.k from unnest($1, $2) as u(id, k) order by u.k, u.id",
                  .params = {PG_IDS, PG_TEXTS},
                  .write = true,
                  .merge = true,
                  .rank = 23},
    [ADD_LINK] = {.name = "contact_add_link",
                  .sql = "insert into contact_link (customer_id, contact_id, role, title,"
                         " department, is_primary, linked_at, linked_by)"
                         " select * from unnest($1, $2, $3, $4, $5, $6, $7, $8) order by 1, 2",
                  .params = {PG_IDS, PG_IDS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_BOOLS, PG_TIMES,
                             PG_TEXTS},
                  .write = true,
                  .merge = true,
                  .rank = 23},
    [CHANGE_LINK] = {.name = "contact_change_link",
                     .sql = "update contact_link set role = $3, title = $4, department = $5,"
                            " is_primary = $6 where customer_id = $1 and contact_id = $2",
                     .params = {PG_ID, PG_ID, PG_TEXT, PG_TEXT, PG_TEXT, PG_BOOL},
                     .write = true,
                     .rank = 23},
    [REMOVE_LINK] = {.name = "contact_remove_link",
                     .sql = "delete from contact_link where customer_id = $1 and contact_id = $2",
                     .params = {PG_ID, PG_ID},
                     .write = true,
                     .rank = 24},
    /* Who reported to him reports to nobody; whoever read the chain before has read another. */
    [REMOVE_DECISION] = {.name = "contact_remove_decision",
                         .sql = "with gone as (delete from decision_entry where customer_id = $1"
                                " and contact_id = $2 returning 1), freed as (update decision_entry"
                                " set reports_to = null where customer_id = $1 and reports_to = $2)"
                                " update decision_chain set version = version + 1"
                                " where customer_id = $1 and exists (select 1 from gone)",
                         .params = {PG_ID, PG_ID},
                         .write = true,
                         .rank = 25},
    /* Before the one that becomes it; of two at once one is stale (contact_link_primary). */
    [KEEP_PRIMARY] = {.name = "contact_keep_primary",
                      .sql = "update contact_link set is_primary = false where customer_id = $1"
                             " and contact_id <> $2 and is_primary",
                      .params = {PG_ID, PG_ID},
                      .write = true,
                      .rank = 22},
    [PUT_CHANNEL] = {.name = "contact_put_channel",
                     .sql = "insert into contact_channel (contact_id, id, kind, value_sealed,"
                            " value_hash, last_four, preference, status, verified_on, is_opted_out,"
                            " added_at, added_by) select * from"
                            " unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
                            " on conflict (contact_id, id) do update set kind = excluded.kind,"
                            " value_sealed = excluded.value_sealed,"
                            " value_hash = excluded.value_hash, last_four = excluded.last_four,"
                            " status = excluded.status, verified_on = excluded.verified_on,"
                            " is_opted_out = excluded.is_opted_out",
                     .params = {PG_IDS, PG_IDS, PG_TEXTS, PG_BYTESES, PG_BYTESES, PG_TEXTS,
                                PG_INT4S, PG_TEXTS, PG_DATES, PG_BOOLS, PG_TIMES, PG_TEXTS},
                     .write = true,
                     .merge = true,
                     .rank = 25},
    [MARK_CHANNEL] = {.name = "contact_mark_channel",
                      .sql = "update contact_channel set status = $3, verified_on = $4,"
                             " is_opted_out = $5 where contact_id = $1 and id = $2",
                      .params = {PG_ID, PG_ID, PG_TEXT, PG_DATE, PG_BOOL},
                      .write = true,
                      .rank = 25},
    [REMOVE_CHANNEL] = {.name = "contact_remove_channel",
                        .sql = "delete from contact_channel where contact_id = $1 and id = $2",
                        .params = {PG_ID, PG_ID},
                        .write = true,
                        .rank = 25},
    [ORDER_CHANNELS] = {.name = "contact_order_channels",
                        .sql = "update contact_channel c set preference = u.place::int"
                               " from unnest($2) with ordinality as u(id, place)"
                               " where c.contact_id = $1 and c.id = u.id",
                        .params = {PG_ID, PG_IDS},
                        .write = true,
                        .rank = 26},
};
const size_t contact_save_statement_count = COUNT_OF(contact_save_statements);

static void put(struct pg_args *args, int i, struct text text)
{
    pg_put_text_n(args, i, text.at ? text.at : "", text.bytes);
}

void contact_add(struct request *req, const struct contact *contact, const char *by)
{
    struct pg_args *args = flow_write(req, &contact_save_statements[ADD]);

    pg_put_id(args, 0, &contact->id);
    for (int i = 0; i < CONTACT_FIELDS; i++)
        put(args, 1 + i, contact->fields[i]);
    pg_put_bool(args, 10, contact->is_key);
    pg_put_time(args, 11, req->now_us);
    pg_put_text(args, 12, by);
}

void contact_save(struct request *req, const struct contact *contact, int64_t known_version)
{
    struct pg_args *args = flow_write(req, &contact_save_statements[SAVE]);

    pg_put_id(args, 0, &contact->id);
    pg_put_int8(args, 1, known_version);
    for (int i = 0; i < CONTACT_FIELDS; i++)
        put(args, 2 + i, contact->fields[i]);
    pg_put_bool(args, 11, contact->is_key);
}

void contact_touch(struct request *req, const struct id *contact, int64_t known_version)
{
    struct pg_args *args = flow_write(req, &contact_save_statements[TOUCH]);

    pg_put_id(args, 0, contact);
    pg_put_int8(args, 1, known_version);
}

/* --- by what he is found --- */

static void put_key(struct pg_args *args, const struct id *contact, const char *key, size_t bytes)
{
    if (bytes == 0 || bytes > MAX_KEY_BYTES)
        return;
    pg_put_id(args, 0, contact);
    pg_put_text_n(args, 1, key, bytes);
}

/* The name from each of its characters on, of Latin words from each word on. */
static void put_name_keys(struct pg_args *args, const struct id *contact, struct text name)
{
    char room[MAX_KEY_BYTES + 8];
    struct utf8_writer writer;
    size_t begins[MAX_KEYS], count = 0, at = 0;
    bool is_begin = true;

    utf8_open(&writer, room, sizeof(room));
    while (at < name.bytes) {
        int32_t character = utf8_next(name, &at);

        if (character < 0)
            break;
        character = utf8_lower(utf8_half_width(character));
        if (character == ' ') {
            is_begin = true;
            continue;
        }
        if ((is_begin || utf8_is_han(character)) && count < MAX_KEYS)
            begins[count++] = writer.bytes;
        is_begin = false;
        utf8_put(&writer, character);
    }
    for (size_t i = 0; i < count; i++)
        put_key(args, contact, room + begins[i], writer.bytes - begins[i]);
}

void contact_put_keys(struct request *req, const struct id *contact, struct text name, bool is_new)
{
    struct pinyin_keys *read = arena_take(req->arena, sizeof(*read));
    struct pg_args *args;

    if (!is_new)
        pg_put_id(flow_write(req, &contact_save_statements[REMOVE_KEYS]), 0, contact);
    args = flow_write(req, &contact_save_statements[ADD_KEYS]);
    put_name_keys(args, contact, name);
    if (!read)
        return; /* the arena is full: nothing is committed */
    pinyin_make_keys(search_pinyin(), name, true, read);
    for (size_t i = 0; i < read->count; i++) {
        put_key(args, contact, read->ways[i].full, strlen(read->ways[i].full));
        put_key(args, contact, read->ways[i].initials, strlen(read->ways[i].initials));
    }
}

struct text contact_latin_surname(struct text name, struct arena *arena)
{
    struct text surname = salutation_surname(name);
    struct pinyin_keys *read = surname.bytes > 0 ? arena_take(arena, sizeof(*read)) : NULL;
    char *latin;

    if (!read)
        return TEXT_OF("");
    pinyin_make_keys(search_pinyin(), surname, true, read);
    if (read->count == 0 || !read->ways[0].full[0])
        return TEXT_OF("");
    latin = read->ways[0].full;
    if (latin[0] >= 'a' && latin[0] <= 'z')
        latin[0] = (char)(latin[0] - 'a' + 'A');
    return (struct text){latin, strlen(latin)};
}

/* --- links --- */

void contact_add_link(struct request *req, const struct id *contact,
                      const struct contact_link *link, const char *by)
{
    struct pg_args *args = flow_write(req, &contact_save_statements[ADD_LINK]);

    pg_put_id(args, 0, &link->customer);
    pg_put_id(args, 1, contact);
    pg_put_text(args, 2, link->role);
    put(args, 3, link->title);
    put(args, 4, link->department);
    pg_put_bool(args, 5, link->is_primary);
    pg_put_time(args, 6, req->now_us);
    pg_put_text(args, 7, by);
}

void contact_change_link(struct request *req, const struct id *contact,
                         const struct contact_link *link)
{
    struct pg_args *args = flow_write(req, &contact_save_statements[CHANGE_LINK]);

    pg_put_id(args, 0, &link->customer);
    pg_put_id(args, 1, contact);
    pg_put_text(args, 2, link->role);
    put(args, 3, link->title);
    put(args, 4, link->department);
    pg_put_bool(args, 5, link->is_primary);
}

static void write_pair(struct request *req, int statement, const struct id *first,
                       const struct id *second)
{
    struct pg_args *args = flow_write(req, &contact_save_statements[statement]);

    pg_put_id(args, 0, first);
    pg_put_id(args, 1, second);
}

void contact_remove_link(struct request *req, const struct id *contact, const struct id *customer)
{
    write_pair(req, REMOVE_LINK, customer, contact);
    write_pair(req, REMOVE_DECISION, customer, contact);
}

void contact_keep_primary(struct request *req, const struct id *contact, const struct id *customer)
{
    write_pair(req, KEEP_PRIMARY, customer, contact);
}

/* --- channels --- */

void contact_put_channel(struct request *req, const struct id *contact,
                         const struct contact_channel *channel, const struct contact_hashed *hashed,
                         const char *by)
{
    struct pg_args *args = flow_write(req, &contact_save_statements[PUT_CHANNEL]);

    pg_put_id(args, 0, contact);
    pg_put_id(args, 1, &channel->id);
    pg_put_text(args, 2, channel->kind);
    pg_put_bytes(args, 3, channel->sealed.at, channel->sealed.bytes);
    pg_put_bytes(args, 4, hashed->hash, SEAL_HASH_BYTES);
    pg_put_text(args, 5, hashed->last_four);
    pg_put_int4(args, 6, channel->preference);
    pg_put_text(args, 7, channel->status);
    pg_put_date_or_null(args, 8, channel->verified_on);
    pg_put_bool(args, 9, channel->is_opted_out);
    pg_put_time(args, 10, req->now_us);
    pg_put_text(args, 11, by);
}

void contact_mark_channel(struct request *req, const struct id *contact,
                          const struct contact_channel *channel)
{
    struct pg_args *args = flow_write(req, &contact_save_statements[MARK_CHANNEL]);

    pg_put_id(args, 0, contact);
    pg_put_id(args, 1, &channel->id);
    pg_put_text(args, 2, channel->status);
    pg_put_date_or_null(args, 3, channel->verified_on);
    pg_put_bool(args, 4, channel->is_opted_out);
}

void contact_remove_channel(struct request *req, const struct id *contact, const struct id *channel)
{
    write_pair(req, REMOVE_CHANNEL, contact, channel);
}

void contact_order_channels(struct request *req, const struct id *contact,
                            const struct id *channels, size_t count)
{
    struct pg_args *args = flow_write(req, &contact_save_statements[ORDER_CHANNELS]);

    pg_put_id(args, 0, contact);
    for (size_t i = 0; i < count; i++)
        pg_put_id(args, 1, &channels[i]);
}
