/*
 * Asking another service from the loop: the engine of libkehu (asker.h) with its sockets polled by
 * libuv. One connection per address of the service, CURVE, heartbeats; a question goes to the
 * address picked by its subject and is sent again, unchanged and to the next address, until it is
 * answered or its time is over. UNAVAILABLE, RESOURCE_EXHAUSTED and ABORTED are repeated, never
 * reported before that.
 *
 * Contract, as of pg and kv: every ask arrives exactly once, never before call_send returned, with
 * a status, also when its time is over (DEADLINE_EXCEEDED) and at the stop (UNAVAILABLE). A reply
 * that comes later finds nobody and is dropped.
 */
#ifndef KEHU_CALL_H
#define KEHU_CALL_H

#include "common/arena.h"
#include "common/base.h"
#include "common/loop.h"
#include "common/status.h"

struct call;

/* One question. The memory is the caller's and lives until `arrived`. */
struct call_ask {
    const char *type; /* "kehu.bus.v1.Fetch" */
    const char *id;   /* 1..64 characters; NULL: a new one. Give your own to repeat a command */
    const char *subject;
    const char *actor;
    const uint8_t *payload; /* borrowed until call_send returned */
    size_t payload_bytes;
    int timeout_ms;           /* over 0 */
    bool may_fail;            /* for flow_ask_call: the step that follows looks at `status` */
    struct arena *arena;      /* takes the answer's copy */
    enum status status;       /* as it arrived */
    const char *message;      /* of a refusal: the service's sentence; "" otherwise */
    const char *payload_type; /* of an answer that is OK */
    uint8_t *answer;
    size_t answer_bytes;
    void (*arrived)(struct call_ask *ask, enum status status);
    void *owner;
    struct call *call;            /* call's own */
    struct call_ask *next, *prev; /* call's own */
    enum status refused;          /* call's own */
};

struct call_options {
    const char *service;  /* whom we ask, for sentences: "customers" */
    const char *urls;     /* "tcp://name:port,…" */
    const char *key_file; /* as `kehuctl keys new` wrote it */
    size_t max_waiting;   /* past it RESOURCE_EXHAUSTED at once */
};

struct call_counters {
    uint64_t asks, answers, resends, failures, waiting, connected;
};

/* INVALID_ARGUMENT: `why` says what is wrong with the urls or the key file. Connects by itself. */
enum status call_new(struct loop *loop, const struct call_options *options, struct call **out,
                     char *why, size_t why_bytes) MUST_USE;
/* Ends everything pending with UNAVAILABLE and closes the sockets; call before the loop stops.
 * Takes NULL. */
void call_close(struct call *call);
/* After loop_run returned, before or after loop_free. Takes NULL. */
void call_free(struct call *call);

void call_send(struct call *call, struct call_ask *ask);
/* Station of the turn, after the steps: receives, sends again. Once more after call_close and the
 * last steps: what they asked arrives. */
void call_turn(void *call);

const char *call_service(const struct call *call);
/* False: no address of the service answers. */
bool call_is_connected(const struct call *call);
const struct call_counters *call_counters(struct call *call);

#endif
