/*
 * What steps call: their state, what they return, what they ask.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "common/call.h"
#include "common/flow_internal.h"
#include "common/pure/uuid.h"

static struct flow_request *of(struct request *req)
{
    return (struct flow_request *)req;
}

void *request_state(struct request *req, size_t bytes)
{
    if (!req->state) {
        req->state = arena_take(req->arena, bytes);
        assert(req->state); /* a fresh arena always holds a state */
    }
    return req->state;
}

int64_t flow_clock_us(const struct request *req)
{
    return (int64_t)uv_now(loop_uv(req->service->loop)) * 1000;
}

struct id request_new_id(struct request *req)
{
    int64_t *last_us = &of(req)->last_id_us;
    uint8_t random[10];

    *last_us = req->now_us > *last_us ? req->now_us : *last_us + 1;
    randombytes_buf(random, sizeof(random));
    return uuid_make(*last_us, random);
}

enum flow flow_go(struct request *req, flow_step next)
{
    of(req)->next_step = next;
    return FLOW_GO;
}

enum flow flow_wait(struct request *req, flow_step next)
{
    of(req)->next_step = next;
    return FLOW_WAIT;
}

enum flow flow_commit(struct request *req, flow_step next)
{
    of(req)->next_step = next;
    return FLOW_COMMIT;
}

enum flow flow_enter(struct request *req)
{
    return flow_go(req, of(req)->handler->step);
}

unsigned flow_act(const struct request *req)
{
    const struct handler *handler = ((const struct flow_request *)req)->handler;

    return handler ? handler->act : 0;
}

void flow_name_actor(struct request *req, const char *actor)
{
    struct flow_request *f = of(req);
    char *kept = arena_copy_text(f->envelope, actor, strlen(actor));

    if (kept)
        req->actor = kept;
    else
        f->failed = RESOURCE_EXHAUSTED;
}

enum flow flow_again(struct request *req)
{
    struct flow_request *f = of(req);

    assert(f->pending == 0);
    if (++req->tries > MAX_TRIES)
        return flow_refuse(req, ABORTED, "lost against other changes %u times", req->tries);
    struct arena *fresh = arena_new(f->flows->limits.max_arena_bytes);

    if (!fresh)
        return flow_refuse(req, RESOURCE_EXHAUSTED, "the machine is out of memory");
    arena_free(req->arena);
    req->arena = fresh;
    req->state = NULL;
    req->scope = NULL;
    f->unit = (struct pg_unit){0};
    f->violation_count = 0;
    f->log_why = NULL;
    f->failed = OK;
    f->holds = f->door_holds;
    f->flows->counters.again++;
    return flow_go(req, f->first);
}

void flow_log_as(struct request *req, const char *why)
{
    of(req)->log_why = why;
}

enum flow flow_refuse(struct request *req, enum status status, const char *format, ...)
{
    struct flow_request *f = of(req);
    char message[500];
    va_list list;

    assert(f->pending == 0); /* refuse before you ask */
    va_start(list, format);
    vsnprintf(message, sizeof(message), format, list);
    va_end(list);
    flow_answer(f, status, message, NULL);
    return FLOW_END;
}

enum flow flow_refuse_large(struct request *req)
{
    /* What has committed is repeated: its receipts answer, and writing them took the memory. */
    if (of(req)->has_effect)
        return flow_refuse(req, RESOURCE_EXHAUSTED, "it is done, but the answer found no room");
    return flow_refuse(
        req, INVALID_ARGUMENT,
        "it needs more memory than one request may take; send or ask for less at once");
}

void flow_violation(struct request *req, const char *field, const char *format, ...)
{
    struct flow_request *f = of(req);
    char text[300];
    va_list list;

    if (f->violation_count == MAX_VIOLATIONS)
        return;
    if (!field)
        field = ""; /* built in an arena that was full */
    va_start(list, format);
    vsnprintf(text, sizeof(text), format, list);
    va_end(list);

    struct arena *arena = req->arena ? req->arena : f->envelope;
    const char *kept_field = arena_copy_text(arena, field, strlen(field));
    const char *kept_text = arena_copy_text(arena, text, strlen(text));

    if (kept_field && kept_text)
        f->violations[f->violation_count++] = (struct violation){kept_field, kept_text};
}

bool flow_pack(struct request *req, const ProtobufCMessage *message, struct flow_packed *out)
{
    size_t count = message ? protobuf_c_message_get_packed_size(message) : 0;
    uint8_t *bytes = message ? arena_take(req->arena, count) : NULL;

    if (!bytes || arena_is_full(req->arena))
        return false;
    protobuf_c_message_pack(message, bytes);
    *out = (struct flow_packed){message->descriptor->name, bytes, count};
    return true;
}

enum flow flow_reply_packed(struct request *req, const struct flow_packed *reply)
{
    flow_answer(of(req), OK, NULL, reply);
    return FLOW_END;
}

static enum flow reply_kept(struct request *req)
{
    return flow_reply_packed(req, &of(req)->kept);
}

enum flow flow_commit_packed(struct request *req, const struct flow_packed *reply)
{
    of(req)->kept = *reply;
    return flow_commit(req, reply_kept);
}

enum flow flow_reply(struct request *req, const ProtobufCMessage *message)
{
    struct flow_packed reply;

    if (!flow_pack(req, message, &reply))
        return flow_refuse_large(req);
    return flow_reply_packed(req, &reply);
}

enum flow flow_end(struct request *req)
{
    flow_answer(of(req), OK, NULL, NULL);
    return FLOW_END;
}

/* --- asks --- */

static void ask_arrived(struct pg_ask *ask, enum status status)
{
    struct flow_request *f = ask->owner;

    if (status != OK && f->failed == OK)
        f->failed = status;
    flow_one_arrived(f);
}

void flow_ask(struct request *req, const struct pg_statement *statement, struct pg_args *args,
              pg_fill fill, void *out)
{
    struct flow_request *f = of(req);
    struct pg_ask *ask = arena_take(req->arena, sizeof(*ask));

    if (!ask || (statement->params[0] != PG_NONE && !args)) {
        f->failed = RESOURCE_EXHAUSTED;
        return;
    }
    *ask = (struct pg_ask){.statement = statement,
                           .args = args,
                           .fill = fill,
                           .arena = req->arena,
                           .out = out,
                           .arrived = ask_arrived,
                           .owner = f,
                           .wanted_until_us = req->deadline_us};
    f->pending++;
    pg_ask(f->flows->service->pg, ask);
}

static void kv_arrived(struct kv_ask *ask, enum status status)
{
    (void)status; /* a cache that fails is a cache that missed */
    flow_one_arrived(ask->owner);
}

void flow_ask_kv(struct request *req, struct kv_ask *ask)
{
    struct flow_request *f = of(req);

    ask->arrived = kv_arrived;
    ask->owner = f;
    f->pending++;
    kv_send(f->flows->service->kv, ask);
}

static void call_arrived(struct call_ask *ask, enum status status)
{
    struct flow_request *f = ask->owner;

    if (status != OK && !ask->may_fail && f->failed == OK)
        f->failed = status;
    flow_one_arrived(f);
}

void flow_ask_call(struct request *req, const char *service, struct call_ask *ask)
{
    struct flow_request *f = of(req);
    struct call *call = service_find_call(req->service, service);

    assert(call); /* the definition names whom it asks */
    ask->arena = req->arena;
    ask->arrived = call_arrived;
    ask->owner = f;
    f->pending++;
    call_send(call, ask);
}

struct pg_args *flow_write(struct request *req, const struct pg_statement *statement)
{
    struct flow_request *f = of(req);

    for (struct pg_write *write = f->unit.first; statement->merge && write; write = write->next)
        if (write->statement == statement)
            return write->args;
    struct pg_write *write = arena_take(req->arena, sizeof(*write));

    if (!write) {
        f->failed = RESOURCE_EXHAUSTED;
        return NULL;
    }
    write->statement = statement;
    write->args = pg_args_new(req->arena, statement);
    pg_unit_add(&f->unit, write);
    return write->args;
}

enum flow flow_sleep(struct request *req, int64_t until_us, flow_step next)
{
    struct flow_request *f = of(req);

    f->sleeps_until_us = until_us < req->deadline_us ? until_us : req->deadline_us;
    flow_wake_at(f->flows, f->sleeps_until_us);
    return flow_wait(req, next);
}
