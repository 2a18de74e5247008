/*
 * The two doors of the quarantine; see quarantine_read.h. Both write the audit before they answer.
 *
 *   list   decode → the page → audit, commit, answer
 *   one    the id → the row and its day's key → open → audit, commit, answer
 */
#include "common/quarantine_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "common/actor.h"
#include "common/audit.h"
#include "common/json.h"
#include "common/pure/day.h"
#include "common/quarantine.h"
#include "common/registry.h"
#include "common/service.h"
#include "common/validate.h"
#include "common/wire.h"
#include "kehu/bus/v1/service.pb-c.h"

enum { LIST, FIND };

#define DEFAULT_PAGE 100
#define MOST_PAGE 500
#define MOST_TEXT 200
#define HASH_BYTES crypto_hash_sha256_BYTES
/* Of an id: enough to tell the items of a day apart. */
#define SHORT_HASH_BYTES 8
#define DAY_DIGITS 8
#define ID_CHARS (DAY_DIGITS + 1 + 2 * SHORT_HASH_BYTES)
#define CLOUD_EVENT_TYPE 4 /* field number of CloudEvent.type */

#define FACTS                                                                                      \
    "q.at, q.day, q.hash, q.key_name, q.request, q.source, q.event_id, q.type, q.field, q.why"

const struct pg_statement quarantine_read_statements[] = {
    [LIST] = {.name = "quarantine_read_list",
              .sql = "select " FACTS " from quarantine q"
                     " join quarantine_key k on k.day = q.day"
                     " where q.at >= $1 and (q.at, q.hash) < ($2, $3)"
                     " and ($4::text is null or q.key_name = $4)"
                     " and ($5::text is null or q.source = $5)"
                     " and ($6::text is null or q.type = $6)"
                     " and ($7::text is null or starts_with(q.field, $7))"
                     " order by q.at desc, q.hash desc limit $8",
              .params = {PG_TIME, PG_TIME, PG_BYTES, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_INT4},
              .slow = true,
              .varies = true},
    [FIND] = {.name = "quarantine_read_find",
              .sql = "select " FACTS ", q.nonce, q.content, k.key from quarantine q"
                     " join quarantine_key k on k.day = q.day"
                     " where q.day = $1 and q.hash between $2 and $3 and q.at >= $4"
                     " and ($5::text is null or q.key_name = $5)"
                     " order by q.hash limit 1",
              .params = {PG_DATE, PG_BYTES, PG_BYTES, PG_TIME, PG_TEXT}},
};
const size_t quarantine_read_statement_count = COUNT_OF(quarantine_read_statements);

/* What the table tells of an item. */
struct facts {
    int64_t at_us;
    int32_t day;
    uint8_t hash[HASH_BYTES];
    char *key, *request, *source, *event_id, *type, *field, *why;
};

static void fill_facts(const struct pg_rows *rows, int row, struct arena *arena, struct facts *out)
{
    struct text hash = pg_get_text(rows, row, 2);
    char **const texts[] = {&out->key,  &out->request, &out->source, &out->event_id,
                            &out->type, &out->field,   &out->why};

    out->at_us = pg_get_time(rows, row, 0);
    out->day = pg_get_date(rows, row, 1);
    if (hash.bytes == sizeof(out->hash))
        memcpy(out->hash, hash.at, sizeof(out->hash));
    for (int i = 0; i < (int)COUNT_OF(texts); i++)
        *texts[i] = pg_copy_text(rows, row, 3 + i, arena);
}

static int64_t oldest_us(const struct request *req)
{
    return req->now_us - QUARANTINE_DAYS * DAY_US;
}

/* A key as itself that does not administer is shown what it brought; NULL: everything. */
static const char *whose(const struct request *req)
{
    return req->key.administer || actor_asked(req)[0] ? NULL : req->key.name;
}

static void put_whose(const struct request *req, struct pg_args *args, int i)
{
    const char *name = whose(req);

    pg_put_text_or_null(args, i, (struct text){name, name ? strlen(name) : 0});
}

static Google__Protobuf__Timestamp *time_of(int64_t at_us, struct arena *arena)
{
    Google__Protobuf__Timestamp *time = arena_take(arena, sizeof(*time));

    if (!time)
        return NULL;
    google__protobuf__timestamp__init(time);
    time->seconds = at_us / SECOND_US;
    time->nanos = (int32_t)(at_us % SECOND_US * 1000);
    return time;
}

/* "20261122-3f9a0b1c2d3e4f50" */
static char *id_of(const struct facts *facts, struct arena *arena)
{
    struct day_date date = day_split(facts->day);
    char hex[2 * SHORT_HASH_BYTES + 1];

    sodium_bin2hex(hex, sizeof(hex), facts->hash, SHORT_HASH_BYTES);
    return arena_print(arena, "%04d%02d%02d-%s", date.year, date.month, date.day, hex);
}

static Kehu__Bus__V1__QuarantinedItem *item_of(const struct facts *facts, struct arena *arena)
{
    Kehu__Bus__V1__QuarantinedItem *item = arena_take(arena, sizeof(*item));

    if (!item)
        return NULL;
    kehu__bus__v1__quarantined_item__init(item);
    item->id = id_of(facts, arena);
    item->at = time_of(facts->at_us, arena);
    item->kept_until = time_of(facts->at_us + QUARANTINE_DAYS * DAY_US, arena);
    item->key = facts->key;
    item->request = facts->request;
    item->source = facts->source;
    item->event_id = facts->event_id;
    item->type = facts->type;
    item->field = facts->field;
    item->why = facts->why;
    return item;
}

/* The audit first, then the answer. */
static enum flow answer(struct request *req, const ProtobufCMessage *message, const char *act,
                        const char *subject, const char *detail)
{
    struct flow_packed *packed = arena_take(req->arena, sizeof(*packed));

    if (arena_is_full(req->arena) || !subject || !detail || !flow_pack(req, message, packed))
        return flow_refuse_large(req);
    audit_add(req, act, subject, detail);
    return flow_commit_packed(req, packed);
}

/* NULL: refused, and *end says how. */
static ProtobufCMessage *decode(struct request *req, const ProtobufCMessageDescriptor *descriptor,
                                enum flow *end)
{
    ProtobufCMessage *message = NULL;
    char field[100], why[200];
    enum status status =
        validate_unpack(descriptor, arena_allocator(req->arena), req->payload, req->payload_bytes,
                        &message, field, sizeof(field), why, sizeof(why));

    if (status == OK)
        return message;
    flow_violation(req, field, "%s", why);
    *end = flow_refuse(req, status, "the payload is no %s", descriptor->name);
    return NULL;
}

/* --- a page of the list --- */

struct listing {
    const Kehu__Bus__V1__ListQuarantine *ask;
    uint32_t page_size;
    int64_t since_us, before_us; /* the page is what stands before this place */
    uint8_t before_hash[HASH_BYTES];
    size_t before_hash_bytes;            /* 0: of until */
    char list[2 * SHORT_HASH_BYTES + 1]; /* which list it is: a token of another is refused */
    struct facts *items;
    size_t count;
};

static enum flow answer_page(struct request *req);

/* A list is its filters and who sees it. */
static void name_list(const struct request *req, struct listing *r)
{
    const Kehu__Bus__V1__ListQuarantine *ask = r->ask;
    const char *own = whose(req);
    const char *const texts[] = {ask->source, ask->type, ask->field, own ? own : ""};
    const int64_t times[] = {ask->since ? r->since_us : 0, ask->until ? r->before_us : 0};
    uint8_t hash[HASH_BYTES];
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        crypto_hash_sha256_update(&state, (const uint8_t *)texts[i], strlen(texts[i]) + 1);
    crypto_hash_sha256_update(&state, (const uint8_t *)times, sizeof(times));
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(r->list, sizeof(r->list), hash, SHORT_HASH_BYTES);
}

/* "LIST.1790000000000000.HASH" */
static bool take_token(struct listing *r, const char *token)
{
    size_t list = strlen(r->list), hash_bytes = 0;
    char *end;

    if (strncmp(token, r->list, list) != 0 || token[list] != '.')
        return false;
    int64_t at_us = strtoll(token + list + 1, &end, 10);

    if (*end != '.' || strlen(end + 1) != (size_t)2 * HASH_BYTES ||
        sodium_hex2bin(r->before_hash, sizeof(r->before_hash), end + 1, (size_t)2 * HASH_BYTES,
                       NULL, &hash_bytes, NULL) != 0 ||
        hash_bytes != HASH_BYTES)
        return false;
    r->before_us = at_us;
    r->before_hash_bytes = HASH_BYTES;
    return true;
}

static bool take_time(struct request *req, const char *field,
                      const Google__Protobuf__Timestamp *time, int64_t *at_us)
{
    const int64_t last_s = INT64_C(253402300799); /* of the year 9999 */

    if (!time)
        return true;
    if (time->seconds < 0 || time->seconds > last_s || time->nanos < 0 || time->nanos > 999999999) {
        flow_violation(req, field, "is no moment after 1970");
        return false;
    }
    *at_us = time->seconds * SECOND_US + time->nanos / 1000;
    return true;
}

static bool take_texts(struct request *req, const Kehu__Bus__V1__ListQuarantine *ask)
{
    const struct {
        const char *field, *text;
    } texts[] = {{"source", ask->source}, {"type", ask->type}, {"field", ask->field}};
    bool fits = true;

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (strlen(texts[i].text) > MOST_TEXT) {
            flow_violation(req, texts[i].field, "has %zu bytes; at most %d are allowed",
                           strlen(texts[i].text), MOST_TEXT);
            fits = false;
        }
    return fits;
}

static bool take_list(struct request *req, struct listing *r)
{
    const Kehu__Bus__V1__ListQuarantine *ask = r->ask;
    bool fits = take_texts(req, ask);

    r->page_size = ask->page_size ? ask->page_size : DEFAULT_PAGE;
    if (r->page_size > MOST_PAGE) {
        flow_violation(req, "page_size", "is %u; from 1 to %d are allowed, 0 is %d", r->page_size,
                       MOST_PAGE, DEFAULT_PAGE);
        fits = false;
    }
    r->before_us = req->now_us + DAY_US; /* other processes' clocks may be a little ahead */
    fits &= take_time(req, "since", ask->since, &r->since_us);
    fits &= take_time(req, "until", ask->until, &r->before_us);
    if (fits && ask->until && r->before_us <= r->since_us) {
        flow_violation(req, "until", "is not after `since`");
        fits = false;
    }
    name_list(req, r);
    if (ask->page_token[0] && !take_token(r, ask->page_token)) {
        flow_violation(req, "page_token",
                       "is none of this list: give next_page_token of the page before, with the "
                       "same question");
        fits = false;
    }
    return fits;
}

static void fill_page(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct listing *r = out;
    size_t count = (size_t)pg_row_count(rows);

    r->items = arena_take_array(arena, count, sizeof(*r->items));
    for (r->count = 0; r->items && r->count < count; r->count++)
        fill_facts(rows, (int)r->count, arena, &r->items[r->count]);
}

static void put_filter(struct pg_args *args, int i, const char *text)
{
    pg_put_text_or_null(args, i, (struct text){text, strlen(text)});
}

enum flow quarantine_read_list(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    enum flow end;

    r->ask = (const void *)decode(req, &kehu__bus__v1__list_quarantine__descriptor, &end);
    if (!r->ask)
        return end;
    if (!take_list(req, r))
        return flow_refuse(req, INVALID_ARGUMENT, "the quarantine cannot be listed as asked");
    struct pg_args *args = pg_args_new(req->arena, &quarantine_read_statements[LIST]);
    int64_t oldest = oldest_us(req);

    pg_put_time(args, 0, r->since_us > oldest ? r->since_us : oldest);
    pg_put_time(args, 1, r->before_us);
    pg_put_bytes(args, 2, r->before_hash, r->before_hash_bytes);
    put_whose(req, args, 3);
    put_filter(args, 4, r->ask->source);
    put_filter(args, 5, r->ask->type);
    put_filter(args, 6, r->ask->field);
    pg_put_int4(args, 7, (int32_t)r->page_size + 1);
    flow_ask(req, &quarantine_read_statements[LIST], args, fill_page, r);
    return flow_wait(req, answer_page);
}

static enum flow answer_page(struct request *req)
{
    struct listing *r = req->state;
    Kehu__Bus__V1__QuarantineList list = KEHU__BUS__V1__QUARANTINE_LIST__INIT;
    size_t count = r->count < r->page_size ? r->count : r->page_size;
    char hex[2 * HASH_BYTES + 1];

    list.items = arena_take_array(req->arena, count, sizeof(*list.items));
    for (size_t i = 0; list.items && i < count; i++) {
        list.items[i] = item_of(&r->items[i], req->arena);
        list.n_items += list.items[i] != NULL;
    }
    if (r->count > count) {
        const struct facts *last = &r->items[count - 1];

        sodium_bin2hex(hex, sizeof(hex), last->hash, sizeof(last->hash));
        list.next_page_token =
            arena_print(req->arena, "%s.%" PRId64 ".%s", r->list, last->at_us, hex);
    }
    return answer(req, &list.base, "list quarantine", "",
                  arena_print(req->arena, "%zu items", count));
}

/* --- one item --- */

struct opening {
    int32_t day;
    bool is_found, is_open;
    struct facts facts;
    uint8_t *plain;
    size_t plain_bytes;
};

static enum flow answer_one(struct request *req);

static bool parse_day(const char *id, int32_t *day)
{
    char text[DAY_TEXT_BYTES];

    snprintf(text, sizeof(text), "%.4s-%.2s-%.2s", id, id + 4, id + 6);
    return day_parse(text, strlen(text), day);
}

/* The day and the first and last hash that it may be. */
static bool parse_id(const char *id, int32_t *day, uint8_t from[HASH_BYTES], uint8_t to[HASH_BYTES])
{
    size_t bytes = 0;

    if (strlen(id) != ID_CHARS || id[DAY_DIGITS] != '-' || !parse_day(id, day))
        return false;
    memset(from, 0, HASH_BYTES);
    memset(to, 0xff, HASH_BYTES);
    if (sodium_hex2bin(from, SHORT_HASH_BYTES, id + DAY_DIGITS + 1, (size_t)2 * SHORT_HASH_BYTES,
                       NULL, &bytes, NULL) != 0 ||
        bytes != SHORT_HASH_BYTES)
        return false;
    memcpy(to, from, SHORT_HASH_BYTES);
    return true;
}

static void fill_one(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct opening *r = out;

    if (pg_row_count(rows) == 0)
        return;
    fill_facts(rows, 0, arena, &r->facts);
    r->is_found = true;
    struct text nonce = pg_get_text(rows, 0, 10), sealed = pg_get_text(rows, 0, 11),
                key = pg_get_text(rows, 0, 12);

    r->plain = arena_take(arena, QUARANTINE_MAX_BYTES);
    r->is_open = r->plain && quarantine_open(nonce, sealed, key, r->plain, &r->plain_bytes);
}

enum flow quarantine_read_one(struct request *req)
{
    struct opening *r = request_state(req, sizeof(*r));
    uint8_t from[HASH_BYTES], to[HASH_BYTES];
    enum flow end;
    const Kehu__Bus__V1__GetQuarantined *ask =
        (const void *)decode(req, &kehu__bus__v1__get_quarantined__descriptor, &end);

    if (!ask)
        return end;
    if (!parse_id(ask->id, &r->day, from, to)) {
        flow_violation(req, "id",
                       "is none: give it as ListQuarantine tells it, such as "
                       "20261122-3f9a0b1c2d3e4f50");
        return flow_refuse(req, INVALID_ARGUMENT, "the item cannot be shown as asked");
    }
    struct pg_args *args = pg_args_new(req->arena, &quarantine_read_statements[FIND]);

    pg_put_date(args, 0, r->day);
    pg_put_bytes(args, 1, from, sizeof(from));
    pg_put_bytes(args, 2, to, sizeof(to));
    pg_put_time(args, 3, oldest_us(req));
    put_whose(req, args, 4);
    flow_ask(req, &quarantine_read_statements[FIND], args, fill_one, r);
    return flow_wait(req, answer_one);
}

/* Its key goes when the day is more than 30 days past; hours before that, the item does. */
static enum flow refuse_missing(struct request *req, const struct opening *r)
{
    int32_t today = (int32_t)(req->now_us / DAY_US), dropped = r->day + QUARANTINE_DAYS + 1;
    char day[DAY_TEXT_BYTES];

    if (dropped > today)
        return flow_refuse(req, NOT_FOUND,
                           "nothing is quarantined under this id: it never was, it went with the "
                           "person it spoke of, or its 30 days are over");
    day_print(dropped, day);
    return flow_refuse(req, NOT_FOUND,
                       "what was refused that day is gone: its key was dropped on %s", day);
}

/* Where an event could not be read at all, the whole of it is kept: it says its type itself. */
static bool is_whole_event(const struct opening *r)
{
    struct wire_field type = wire_find(r->plain, r->plain_bytes, CLOUD_EVENT_TYPE);

    return type.bytes > 0 && type.bytes == strlen(r->facts.type) &&
           memcmp(type.at, r->facts.type, type.bytes) == 0;
}

/* "" where it cannot be read as the message that it says it is. */
static char *json_of(struct request *req, const struct opening *r)
{
    const ProtobufCMessageDescriptor *descriptor = registry_find(r->facts.type);
    ProtobufCMessage *message = NULL;
    char field[100], why[200], *text, *kept;

    if (!descriptor || r->plain_bytes == QUARANTINE_MAX_BYTES || is_whole_event(r) ||
        validate_unpack_lines(descriptor, arena_allocator(req->arena), r->plain, r->plain_bytes,
                              &message, field, sizeof(field), why, sizeof(why)) != OK)
        return "";
    json_t *json = json_from_message(message, false, registry_find);

    text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    if (!text)
        return "";
    kept = arena_copy_text(req->arena, text, strlen(text));
    free(text);
    return kept;
}

static enum flow answer_one(struct request *req)
{
    struct opening *r = req->state;
    Kehu__Bus__V1__Quarantined out = KEHU__BUS__V1__QUARANTINED__INIT;

    if (arena_is_full(req->arena))
        return flow_refuse_large(req);
    if (!r->is_found)
        return refuse_missing(req, r);
    if (!r->is_open)
        return flow_refuse(req, DATA_LOSS, "the content does not open with the key of its day");
    out.item = item_of(&r->facts, req->arena);
    out.json = json_of(req, r);
    out.content = (ProtobufCBinaryData){r->plain_bytes, r->plain};
    out.cut = r->plain_bytes == QUARANTINE_MAX_BYTES;
    if (!out.item || !out.json)
        return flow_refuse_large(req);
    return answer(req, &out.base, "read quarantined", out.item->id,
                  arena_print(req->arena, "brought by %s", r->facts.key));
}
