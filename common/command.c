#include "common/command.h"

#include <string.h>

#include <sodium.h>

#include "common/receipt.h"
#include "kehu/bus/v1/envelope.pb-c.h"

enum {
    FIND,
    ADD,
};

/* Ids of requests and ids of events are two sets of names: "request:" keeps a source that counts
 * both from 1 from meeting itself. */
const struct pg_statement command_statements[] = {
    [FIND] = {.name = "command_find",
              .sql = "select hash, reply from receipt"
                     " where source = $1 and id = 'request:' || $2",
              .params = {PG_TEXT, PG_TEXT}},
    [ADD] = {.name = "command_add",
             .sql = "insert into receipt (source, id, request, hash, at, reply)"
                    " select source, 'request:' || id, id, hash, at, reply"
                    " from unnest($1, $2, $3, $4, $5) as c(source, id, hash, at, reply)",
             .params = {PG_TEXTS, PG_TEXTS, PG_BYTESES, PG_TIMES, PG_BYTESES},
             .write = true,
             .merge = true,
             .rank = 10},
};
const size_t command_statement_count = COUNT_OF(command_statements);

/* What was asked, and for whom: type, subject, payload and, of a person, his name, each with an end
 * that it cannot contain. Another person's request is another, even under the same id. */
static void hash_request(const struct request *req, uint8_t out[RECEIPT_HASH_BYTES])
{
    static const uint8_t end[1] = {0};
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const uint8_t *)req->type, strlen(req->type));
    crypto_hash_sha256_update(&state, end, 1);
    crypto_hash_sha256_update(&state, (const uint8_t *)req->subject, strlen(req->subject));
    crypto_hash_sha256_update(&state, end, 1);
    crypto_hash_sha256_update(&state, req->payload, req->payload_bytes);
    crypto_hash_sha256_update(&state, end, 1);
    if (req->actor[0])
        crypto_hash_sha256_update(&state, (const uint8_t *)req->actor, strlen(req->actor));
    crypto_hash_sha256_final(&state, out);
}

/* The stored reply is a packed kehu.bus.v1.Reply: it says of itself which message it carries. */
static void take_reply(struct command_receipt *receipt, struct text stored, struct arena *arena)
{
    Kehu__Bus__V1__Reply *reply = kehu__bus__v1__reply__unpack(arena_allocator(arena), stored.bytes,
                                                               (const uint8_t *)stored.at);

    if (!reply)
        return; /* the arena is full: the request is refused before anyone looks */
    receipt->reply_type = reply->payload_type;
    receipt->reply = reply->payload.data;
    receipt->reply_bytes = reply->payload.len;
}

/* Until the row is here, the receipt's hash waits where the answer will be. */
struct finding {
    struct command_receipt *out;
    uint8_t hash[RECEIPT_HASH_BYTES];
};

static void fill(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct finding *finding = owner;
    struct command_receipt *receipt = finding->out;

    if (pg_row_count(rows) == 0)
        return;
    struct text hash = pg_get_text(rows, 0, 0);

    receipt->found = true;
    receipt->is_same =
        hash.bytes == RECEIPT_HASH_BYTES && memcmp(hash.at, finding->hash, hash.bytes) == 0;
    take_reply(receipt, pg_get_text(rows, 0, 1), arena);
}

void command_find(struct request *req, struct command_receipt *out)
{
    struct pg_args *args = pg_args_new(req->arena, &command_statements[FIND]);
    struct finding *finding = arena_take(req->arena, sizeof(*finding));

    *out = (struct command_receipt){.reply_type = ""};
    if (finding) {
        finding->out = out;
        hash_request(req, finding->hash);
    }
    pg_put_text(args, 0, req->source);
    pg_put_text(args, 1, req->id);
    flow_ask(req, &command_statements[FIND], finding ? args : NULL, fill, finding);
}

bool command_is_repeat(const struct command_receipt *seen)
{
    return seen->found;
}

enum flow command_reply_again(struct request *req, const struct command_receipt *seen)
{
    if (!seen->is_same) {
        flow_violation(req, "id", "'%s' was used by this source for another request", req->id);
        return flow_refuse(req, FAILED_PRECONDITION,
                           "this id was used for something else; a new request needs a new id");
    }
    if (arena_is_full(req->arena))
        return flow_reply(req, NULL);
    return flow_reply_packed(
        req, &(struct flow_packed){seen->reply_type, seen->reply, seen->reply_bytes});
}

void command_add(struct request *req, const struct flow_packed *reply)
{
    Kehu__Bus__V1__Reply stored = KEHU__BUS__V1__REPLY__INIT;
    uint8_t hash[RECEIPT_HASH_BYTES];
    struct pg_args *args = flow_write(req, &command_statements[ADD]);

    stored.payload_type = (char *)reply->type;
    stored.payload = (ProtobufCBinaryData){reply->count, (uint8_t *)reply->bytes};
    size_t count = kehu__bus__v1__reply__get_packed_size(&stored);
    uint8_t *bytes = arena_take(req->arena, count);

    if (!bytes)
        return; /* a full arena keeps the unit from being committed */
    kehu__bus__v1__reply__pack(&stored, bytes);
    hash_request(req, hash);
    pg_put_text(args, 0, req->source);
    pg_put_text(args, 1, req->id);
    pg_put_bytes(args, 2, hash, sizeof(hash));
    pg_put_time(args, 3, req->received_us);
    pg_put_bytes(args, 4, bytes, count);
}

enum flow command_commit(struct request *req, const ProtobufCMessage *reply)
{
    struct flow_packed packed;

    if (!flow_pack(req, reply, &packed))
        return flow_reply(req, NULL);
    command_add(req, &packed);
    return flow_commit_packed(req, &packed);
}

enum flow command_commit_private(struct request *req, const ProtobufCMessage *reply,
                                 const ProtobufCMessage *kept)
{
    struct flow_packed first, again;

    if (!flow_pack(req, reply, &first) || !flow_pack(req, kept, &again))
        return flow_reply(req, NULL);
    command_add(req, &again);
    return flow_commit_packed(req, &first);
}
