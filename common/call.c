/*
 * The asker on the loop. Its sockets come and go with the addresses of the service, so each is
 * polled through a duplicate of its descriptor: the socket may be closed at once, the duplicate
 * waits for libuv's close callback. Readiness only wakes the loop (ZMQ_FD is edge-triggered); the
 * truth is what call_turn receives, which reads until there is nothing.
 */
#include "common/call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <utlist.h>

#include "common/asker.h"

/* Repeats, look-ups and lines that are opened afresh need no more. */
#define TICK_MS 50

struct call {
    struct loop *loop;
    struct asker *asker;
    struct asker_watch watch;
    char service[64];
    uv_timer_t ticker;
    struct call_ask *waiting; /* asked, not arrived */
    struct call_ask *refused; /* arrive in the next turn */
    struct call_counters counters;
    bool is_closed;
    bool is_gone, is_freed; /* the ticker is closed; call_free came before */
};

/* --- the sockets --- */

struct socket_poll {
    uv_poll_t poll;
    int descriptor;
};

/* Being awake is enough: call_turn comes in the same turn. */
static void wake(uv_poll_t *poll, int status, int events)
{
    (void)poll;
    (void)status;
    (void)events;
}

static void wake_at_times(uv_timer_t *timer)
{
    (void)timer;
}

static void *socket_opened(void *owner, int descriptor)
{
    struct call *call = owner;
    struct socket_poll *poll = calloc(1, sizeof(*poll));

    if (!poll)
        return NULL;
    poll->descriptor = dup(descriptor);
    if (poll->descriptor < 0 ||
        uv_poll_init(loop_uv(call->loop), &poll->poll, poll->descriptor) != 0) {
        if (poll->descriptor >= 0)
            close(poll->descriptor);
        free(poll);
        return NULL; /* the ticker looks anyway */
    }
    poll->poll.data = poll;
    uv_poll_start(&poll->poll, UV_READABLE, wake);
    return poll;
}

static void poll_closed(uv_handle_t *handle)
{
    struct socket_poll *poll = handle->data;

    close(poll->descriptor);
    free(poll);
}

static void socket_closed(void *owner, void *handle)
{
    struct socket_poll *poll = handle;

    (void)owner;
    uv_close((uv_handle_t *)&poll->poll, poll_closed);
}

/* --- life --- */

enum status call_new(struct loop *loop, const struct call_options *options, struct call **out,
                     char *why, size_t why_bytes)
{
    struct call *call = calloc(1, sizeof(*call));

    if (!call) {
        snprintf(why, why_bytes, "out of memory");
        return INTERNAL;
    }
    call->loop = loop;
    snprintf(call->service, sizeof(call->service), "%s", options->service);
    call->watch = (struct asker_watch){socket_opened, socket_closed, call};
    const struct asker_options own = {.urls = options->urls,
                                      .key_file = options->key_file,
                                      .max_waiting = options->max_waiting,
                                      .watch = &call->watch};

    call->asker = asker_new(&own, why, why_bytes);
    if (!call->asker) {
        free(call);
        return INVALID_ARGUMENT;
    }
    uv_timer_init(loop_uv(loop), &call->ticker);
    call->ticker.data = call;
    uv_timer_start(&call->ticker, wake_at_times, TICK_MS, TICK_MS);
    *out = call;
    return OK;
}

static void end_ask(struct call_ask *ask, enum status status)
{
    struct call *call = ask->call;

    DL_DELETE(call->waiting, ask);
    call->counters.answers += status == OK;
    call->counters.failures += status != OK;
    ask->status = status;
    ask->arrived(ask, status);
}

static void end_refused(struct call *call)
{
    struct call_ask *list = call->refused, *ask, *next;

    call->refused = NULL; /* those refused meanwhile wait for the next turn */
    DL_FOREACH_SAFE(list, ask, next)
    {
        DL_DELETE(list, ask);
        DL_APPEND(call->waiting, ask);
        end_ask(ask, ask->refused);
    }
}

static void ticker_closed(uv_handle_t *handle)
{
    struct call *call = handle->data;

    call->is_gone = true;
    if (call->is_freed)
        free(call);
}

void call_close(struct call *call)
{
    if (!call || call->is_closed)
        return;
    call->is_closed = true;
    uv_close((uv_handle_t *)&call->ticker, ticker_closed);
    asker_free(call->asker);
    call->asker = NULL;
    end_refused(call);
    while (call->waiting) {
        call->waiting->message = "the service is stopping";
        end_ask(call->waiting, UNAVAILABLE);
    }
}

void call_free(struct call *call)
{
    if (!call)
        return;
    call->is_freed = true;
    if (call->is_gone)
        free(call);
}

/* --- asking --- */

static void answered(void *owner, const struct asker_answer *answer)
{
    struct call_ask *ask = owner;
    enum status status = (enum status)answer->status;

    ask->message = arena_copy_text(ask->arena, answer->message, strlen(answer->message));
    ask->payload_type =
        arena_copy_text(ask->arena, answer->payload_type, strlen(answer->payload_type));
    ask->answer = arena_copy(ask->arena, answer->payload, answer->payload_bytes);
    ask->answer_bytes = answer->payload_bytes;
    if (status == OK && arena_is_full(ask->arena))
        status = RESOURCE_EXHAUSTED;
    if (!ask->message)
        ask->message = "";
    end_ask(ask, status);
}

/* Nothing arrives before call_send returned. */
static void refuse_later(struct call *call, struct call_ask *ask, enum status status,
                         const char *message)
{
    ask->refused = status;
    ask->message = message;
    DL_APPEND(call->refused, ask);
    if (!call->is_closed)
        loop_turn_again(call->loop);
}

void call_send(struct call *call, struct call_ask *ask)
{
    const struct asker_question question = {.type = ask->type,
                                            .id = ask->id,
                                            .subject = ask->subject,
                                            .actor = ask->actor,
                                            .payload = ask->payload,
                                            .payload_bytes = ask->payload_bytes,
                                            .deadline_ms = ask->timeout_ms};

    ask->call = call;
    ask->message = ask->payload_type = "";
    ask->status = OK;
    ask->answer = NULL;
    ask->answer_bytes = 0;
    call->counters.asks++;
    if (call->is_closed) {
        refuse_later(call, ask, UNAVAILABLE, "the service is stopping");
        return;
    }
    switch (asker_ask(call->asker, &question, answered, ask)) {
    case ASKER_OK:
        DL_APPEND(call->waiting, ask);
        return;
    case ASKER_FULL:
        refuse_later(call, ask, RESOURCE_EXHAUSTED, "too many questions to the service at once");
        return;
    case ASKER_TOO_LARGE:
    case ASKER_BAD:
        refuse_later(call, ask, INVALID_ARGUMENT, "the question is too large or has no form");
        return;
    }
}

void call_turn(void *owner)
{
    struct call *call = owner;

    end_refused(call);
    if (call->is_closed)
        return; /* what was asked since then has arrived now */
    if (asker_turn(call->asker, 0))
        loop_turn_again(call->loop); /* those who heard something go on, and there may be more */
}

const char *call_service(const struct call *call)
{
    return call->service;
}

bool call_is_connected(const struct call *call)
{
    return call->asker && asker_connected(call->asker) > 0;
}

const struct call_counters *call_counters(struct call *call)
{
    if (call->asker) {
        call->counters.resends = asker_resends(call->asker);
        call->counters.waiting = asker_waiting(call->asker);
        call->counters.connected = asker_connected(call->asker);
    }
    return &call->counters;
}
