/*
 * One connection to Redis: resolves, connects, writes bytes, and hands out replies as they come.
 * Only hiredis's reader and formatter are used, on a libuv stream of our own: its asynchronous
 * context resolves names blocking, closes the descriptor before libuv let go of it, and never calls
 * back on a refused connection. Internal to kv.c.
 */
#ifndef KEHU_KV_LINK_H
#define KEHU_KV_LINK_H

#include <hiredis/hiredis.h>
#include <uv.h>

#include "common/base.h"

struct kv_link;

struct kv_link_events {
    void (*connected)(void *owner);
    /* `reply` is borrowed for the call. */
    void (*replied)(void *owner, const redisReply *reply);
    /* The last event; the owner still closes the link. */
    void (*lost)(void *owner);
};

/* Begins to connect; `host` that begins with "/" is a socket's path. No event comes before it
 * returned. NULL: it cannot even begin. */
struct kv_link *kv_link_open(uv_loop_t *uv, const char *host, int port,
                             const struct kv_link_events *events, void *owner);

/* Takes the bytes (from malloc) over. */
void kv_link_write(struct kv_link *link, char *bytes, size_t count);
/* Bytes given to kv_link_write that the socket has not taken yet. */
size_t kv_link_waiting_bytes(const struct kv_link *link);

/* No event comes after it; memory goes when libuv has closed the handle. Takes NULL. */
void kv_link_close(struct kv_link *link);

#endif
