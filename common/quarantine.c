#include "common/quarantine.h"

#include <string.h>

#include <sodium.h>

enum {
    FIND_KEY,
    ADD_KEY,
    ADD,
    EXPIRE_KEYS,
    EXPIRE,
    LIST,
    REMOVE,
};

/* Bytes that are kept in plain. */
#define MOST_NAME 128
#define MOST_WHY 512 /* a whole sentence of intake_reject */

_Static_assert(sizeof(((struct quarantine_key *)0)->key) == crypto_secretbox_KEYBYTES,
               "a key of secretbox");

const struct pg_statement quarantine_statements[] = {
    [FIND_KEY] = {.name = "quarantine_find_key",
                  .sql = "select key from quarantine_key where day = $1",
                  .params = {PG_DATE}},
    /* A plain insert: when another process made the day's key first, decide again with its key. */
    [ADD_KEY] = {.name = "quarantine_add_key",
                 .sql = "insert into quarantine_key (day, key) values ($1, $2)",
                 .params = {PG_DATE, PG_BYTES},
                 .write = true,
                 .rank = 11},
    [ADD] = {.name = "quarantine_add",
             .sql = "insert into quarantine (at, day, key_name, request, source, event_id, type,"
                    " field, why, hash, nonce, content)"
                    " select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
                    " on conflict (day, hash) do nothing",
             .params = {PG_TIMES, PG_DATES, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS,
                        PG_TEXTS, PG_TEXTS, PG_BYTESES, PG_BYTESES, PG_BYTESES},
             .write = true,
             .merge = true,
             .rank = 12},
    [EXPIRE_KEYS] = {.name = "quarantine_expire_keys",
                     .sql = "delete from quarantine_key where day < $1",
                     .params = {PG_DATE},
                     .write = true,
                     .rank = 250},
    [EXPIRE] = {.name = "quarantine_expire",
                .sql = "delete from quarantine where ctid in"
                       " (select ctid from quarantine where at < $1 limit 5000)",
                .params = {PG_TIME},
                .write = true,
                .rank = 251},
    [LIST] = {.name = "quarantine_list",
              .sql = "select q.day, q.hash, q.source, q.nonce, q.content, k.key from quarantine q"
                     " join quarantine_key k on k.day = q.day where (q.day, q.hash) > ($1, $2)"
                     " order by q.day, q.hash limit $3",
              .params = {PG_DATE, PG_BYTES, PG_INT4},
              .slow = true},
    [REMOVE] = {.name = "quarantine_remove",
                .sql = "delete from quarantine q using unnest($1, $2) as u(day, hash)"
                       " where q.day = u.day and q.hash = u.hash",
                .params = {PG_DATES, PG_BYTESES},
                .write = true,
                .rank = 252},
};
const size_t quarantine_statement_count = COUNT_OF(quarantine_statements);

static int32_t today(const struct request *req)
{
    return (int32_t)(req->now_us / DAY_US); /* UTC: the day of a key, not of business */
}

static void fill_key(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct quarantine_key *key = out;

    (void)arena;
    if (pg_row_count(rows) == 0)
        return;
    struct text found = pg_get_text(rows, 0, 0);

    if (found.bytes != sizeof(key->key))
        return;
    memcpy(key->key, found.at, sizeof(key->key));
    key->is_known = true;
}

void quarantine_find_key(struct request *req, struct quarantine_key *out)
{
    struct pg_args *args = pg_args_new(req->arena, &quarantine_statements[FIND_KEY]);

    out->day = today(req);
    pg_put_date(args, 0, out->day);
    flow_ask(req, &quarantine_statements[FIND_KEY], args, fill_key, out);
}

static void make_key(struct request *req, struct quarantine_key *key)
{
    struct pg_args *args = flow_write(req, &quarantine_statements[ADD_KEY]);

    crypto_secretbox_keygen(key->key);
    key->is_known = true;
    pg_put_date(args, 0, key->day);
    pg_put_bytes(args, 1, key->key, sizeof(key->key));
}

/* Names of an item that is wrong may be wrong themselves: what PostgreSQL would refuse becomes '?'.
 */
static void put_plain(struct request *req, struct pg_args *args, int i, struct text text,
                      size_t most)
{
    size_t bytes = text.bytes < most ? text.bytes : most;
    char *plain = arena_copy_text(req->arena, text.at, bytes);

    for (size_t k = 0; plain && k < bytes; k++)
        if ((unsigned char)plain[k] < 0x20 || (unsigned char)plain[k] > 0x7e)
            plain[k] = '?';
    pg_put_text(args, i, plain ? plain : "");
}

static void hash_text(crypto_hash_sha256_state *state, const char *at, size_t bytes)
{
    crypto_hash_sha256_update(state, (const uint8_t *)at, bytes);
    crypto_hash_sha256_update(state, (const uint8_t *)"", 1);
}

/* A refused item has no receipt: whoever repeats it is refused again, but kept once. */
static void hash_item(const struct request *req, const struct quarantined *item,
                      uint8_t hash[crypto_hash_sha256_BYTES])
{
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    hash_text(&state, req->key.name, strlen(req->key.name));
    hash_text(&state, item->source.at, item->source.bytes);
    hash_text(&state, item->event_id.at, item->event_id.bytes);
    hash_text(&state, item->type.at, item->type.bytes);
    hash_text(&state, item->why, strlen(item->why));
    hash_text(&state, (const char *)item->content, item->content_bytes);
    crypto_hash_sha256_final(&state, hash);
}

/* Copies what is kept of the content: where it is too long, as much of its beginning as of its end,
 * since a long text stands before who said it. */
static void copy_kept(const struct quarantined *item, uint8_t *to, size_t bytes)
{
    size_t end = item->content_bytes > bytes ? bytes / 2 : 0;

    if (bytes > 0)
        memcpy(to, item->content, bytes - end);
    if (end > 0)
        memcpy(to + bytes - end, item->content + item->content_bytes - end, end);
}

void quarantine_add(struct request *req, struct quarantine_key *key, const struct quarantined *item)
{
    uint8_t nonce[crypto_secretbox_NONCEBYTES], hash[crypto_hash_sha256_BYTES];
    size_t bytes =
        item->content_bytes < QUARANTINE_MAX_BYTES ? item->content_bytes : QUARANTINE_MAX_BYTES;

    if (!key->is_known)
        make_key(req, key);
    uint8_t *sealed = arena_take(req->arena, bytes + crypto_secretbox_MACBYTES);
    struct pg_args *args = flow_write(req, &quarantine_statements[ADD]);

    if (!sealed)
        return; /* the arena is full: the request will be refused as a whole */
    copy_kept(item, sealed + crypto_secretbox_MACBYTES, bytes);
    randombytes_buf(nonce, sizeof(nonce));
    crypto_secretbox_easy(sealed, sealed + crypto_secretbox_MACBYTES, bytes, nonce, key->key);
    pg_put_time(args, 0, req->now_us);
    pg_put_date(args, 1, key->day);
    pg_put_text(args, 2, req->key.name);
    pg_put_text(args, 3, req->id);
    put_plain(req, args, 4, item->source, MOST_NAME);
    put_plain(req, args, 5, item->event_id, MOST_NAME);
    put_plain(req, args, 6, item->type, MOST_NAME);
    put_plain(req, args, 7, (struct text){item->field, strlen(item->field)}, MOST_NAME);
    put_plain(req, args, 8, (struct text){item->why, strlen(item->why)}, MOST_WHY);
    hash_item(req, item, hash);
    pg_put_bytes(args, 9, hash, sizeof(hash));
    pg_put_bytes(args, 10, nonce, sizeof(nonce));
    pg_put_bytes(args, 11, sealed, bytes + crypto_secretbox_MACBYTES);
}

bool quarantine_open(struct text nonce, struct text sealed, struct text key, uint8_t *plain,
                     size_t *plain_bytes)
{
    if (nonce.bytes != crypto_secretbox_NONCEBYTES || key.bytes != crypto_secretbox_KEYBYTES ||
        sealed.bytes < crypto_secretbox_MACBYTES ||
        sealed.bytes > QUARANTINE_MAX_BYTES + crypto_secretbox_MACBYTES ||
        crypto_secretbox_open_easy(plain, (const uint8_t *)sealed.at, sealed.bytes,
                                   (const uint8_t *)nonce.at, (const uint8_t *)key.at) != 0)
        return false;
    *plain_bytes = sealed.bytes - crypto_secretbox_MACBYTES;
    return true;
}

/* --- looking for words --- */

static bool is_of(const struct quarantine_word *word, struct text source)
{
    return word->source.bytes == 0 || (word->source.bytes == source.bytes &&
                                       memcmp(word->source.at, source.at, source.bytes) == 0);
}

static bool says(const struct quarantine_hunt *hunt, struct text source, size_t bytes)
{
    for (size_t i = 0; i < hunt->word_count; i++) {
        const struct quarantine_word *word = &hunt->words[i];

        if (word->text.bytes > 0 && is_of(word, source) &&
            memmem(hunt->plain, bytes, word->text.at, word->text.bytes))
            return true;
    }
    return false;
}

/* Opens one row into hunt->plain and looks at it there: nothing of it stays in the arena. */
static bool row_says(const struct quarantine_hunt *hunt, const struct pg_rows *rows, int row)
{
    size_t bytes;

    return quarantine_open(pg_get_text(rows, row, 3), pg_get_text(rows, row, 4),
                           pg_get_text(rows, row, 5), hunt->plain, &bytes) &&
           says(hunt, pg_get_text(rows, row, 2), bytes);
}

static void fill_hunt(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct quarantine_hunt *hunt = out;
    int count = pg_row_count(rows);

    hunt->goes_on = count == QUARANTINE_PAGE;
    for (int row = 0; row < count; row++) {
        struct quarantine_hit *hit;
        struct text hash = pg_get_text(rows, row, 1);

        hunt->day = pg_get_date(rows, row, 0);
        if (hash.bytes == sizeof(hunt->hash))
            memcpy(hunt->hash, hash.at, sizeof(hunt->hash));
        if (!row_says(hunt, rows, row) || !(hit = arena_take(arena, sizeof(*hit))))
            continue;
        hit->day = hunt->day;
        memcpy(hit->hash, hunt->hash, sizeof(hit->hash));
        hit->next = hunt->hits;
        hunt->hits = hit;
    }
    sodium_memzero(hunt->plain, QUARANTINE_MAX_BYTES);
}

void quarantine_hunt(struct request *req, struct quarantine_hunt *hunt)
{
    struct pg_args *args = pg_args_new(req->arena, &quarantine_statements[LIST]);

    if (!hunt->plain)
        hunt->plain = arena_take(req->arena, QUARANTINE_MAX_BYTES);
    hunt->goes_on = false;
    pg_put_date(args, 0, hunt->day);
    pg_put_bytes(args, 1, hunt->hash, sizeof(hunt->hash));
    pg_put_int4(args, 2, QUARANTINE_PAGE);
    flow_ask(req, &quarantine_statements[LIST], hunt->plain ? args : NULL, fill_hunt, hunt);
}

void quarantine_remove(struct request *req, const struct quarantine_hunt *hunt)
{
    struct pg_args *args = hunt->hits ? flow_write(req, &quarantine_statements[REMOVE]) : NULL;

    for (const struct quarantine_hit *hit = hunt->hits; hit; hit = hit->next) {
        pg_put_date(args, 0, hit->day);
        pg_put_bytes(args, 1, hit->hash, sizeof(hit->hash));
    }
}

enum flow quarantine_expire(struct request *req)
{
    pg_put_date(flow_write(req, &quarantine_statements[EXPIRE_KEYS]), 0,
                today(req) - QUARANTINE_DAYS);
    pg_put_time(flow_write(req, &quarantine_statements[EXPIRE]), 0,
                req->now_us - QUARANTINE_DAYS * DAY_US);
    return flow_commit(req, flow_end);
}
