/*
 * Redis, for caches and queues. Each command has a deadline; a time-out closes the connection,
 * which completes everything pending exactly once. With Redis away every ask ends UNAVAILABLE at
 * once and callers go on without; the connection comes back by itself with a growing pause.
 */
#ifndef KEHU_KV_H
#define KEHU_KV_H

#include "common/arena.h"
#include "common/base.h"
#include "common/loop.h"
#include "common/status.h"

struct kv;

/* One command. The memory is the caller's and lives until `arrived`. */
struct kv_ask {
    int argc; /* 1..16 */
    const char *argv[16];
    size_t argv_bytes[16];
    struct arena *arena; /* takes the answer's copy; NULL when it is not wanted */
    bool found;          /* false: nil */
    int64_t integer;     /* of an integer answer; how many elements of a list, which is all kept */
    char *value;         /* of a string answer (or the error), terminated, in the arena */
    size_t value_bytes;
    int timeout_ms; /* 0: that of the connection */
    void (*arrived)(struct kv_ask *ask, enum status status);
    void *owner;
    struct kv_ask *next; /* kv's own */
    uint64_t due_ms;     /* kv's own */
};

struct kv_options {
    const char *host; /* name or address; a socket path when it begins with "/" */
    int port;
    const char *password; /* "" for none */
    const char *prefix;   /* of every key, "kehu:customers:" */
    int timeout_ms;       /* per command */
    unsigned max_waiting; /* past it RESOURCE_EXHAUSTED at once */
};

struct kv_counters {
    uint64_t commands, timeouts, failures, connects, waiting;
};

struct kv *kv_new(struct loop *loop, const struct kv_options *options);
void kv_connect(struct kv *kv);
/* Ends everything pending with UNAVAILABLE, before it returns; call before loop_free. */
void kv_close(struct kv *kv);
/* After kv_close, before or after loop_free. Takes NULL. */
void kv_free(struct kv *kv);

/*
 * Arrives exactly once, never before kv_send returned. argv is copied before it returns. The
 * commands of a turn leave together in the next one, which does not wait. A deadline passed is
 * DEADLINE_EXCEEDED and hangs up: everything else pending then ends UNAVAILABLE. An error of Redis
 * is INTERNAL, or UNAVAILABLE where it will pass by itself, or RESOURCE_EXHAUSTED when its memory
 * is full.
 */
void kv_send(struct kv *kv, struct kv_ask *ask);
/* A command whose answer nobody waits for; only argc, argv, argv_bytes and timeout_ms of it count.
 */
void kv_tell(struct kv *kv, const struct kv_ask *command);
bool kv_is_ready(const struct kv *kv);
const char *kv_prefix(const struct kv *kv);
const struct kv_counters *kv_counters(const struct kv *kv);

#endif
