/*
 * A libuv stream to Redis with hiredis's reader behind it.
 */
#include "common/kv_link.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_BYTES 65536

struct kv_link {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    };
    uv_getaddrinfo_t resolve;
    uv_connect_t connect;
    redisReader *reader;
    struct kv_link_events events;
    void *owner;
    bool resolving; /* no stream yet */
    bool closed;
    char input[READ_BYTES];
};

/* Bytes on their way; freed when written or cancelled. */
struct writing {
    uv_write_t write;
    char *bytes;
};

static void destroy(struct kv_link *link)
{
    redisReaderFree(link->reader);
    free(link);
}

static void on_stream_closed(uv_handle_t *handle)
{
    destroy(handle->data);
}

static void lose(struct kv_link *link)
{
    if (!link->closed)
        link->events.lost(link->owner);
}

static void give_buffer(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    struct kv_link *link = handle->data;

    (void)wanted;
    *buffer = uv_buf_init(link->input, sizeof(link->input));
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    struct kv_link *link = stream->data;
    void *reply;

    if (count < 0 || redisReaderFeed(link->reader, buffer->base, (size_t)count) != REDIS_OK) {
        lose(link);
        return;
    }
    /* An event may close the link; it stays in memory until libuv has closed the handle. */
    while (!link->closed) {
        if (redisReaderGetReply(link->reader, &reply) != REDIS_OK) {
            lose(link);
            return;
        }
        if (!reply)
            return;
        link->events.replied(link->owner, reply);
        freeReplyObject(reply);
    }
}

static void on_connect(uv_connect_t *connect, int status)
{
    struct kv_link *link = connect->data;

    if (link->closed)
        return;
    if (status < 0 || uv_read_start(&link->stream, give_buffer, on_read) != 0)
        lose(link);
    else
        link->events.connected(link->owner);
}

static void on_resolve(uv_getaddrinfo_t *resolve, int status, struct addrinfo *info)
{
    struct kv_link *link = resolve->data;

    link->resolving = false;
    if (link->closed) {
        uv_freeaddrinfo(info);
        destroy(link);
        return;
    }
    /* The stream must exist before anybody may close the link. */
    uv_tcp_init(resolve->loop, &link->tcp);
    link->handle.data = link;
    uv_tcp_nodelay(&link->tcp, 1);
    if (status == 0)
        status = uv_tcp_connect(&link->connect, &link->tcp, info->ai_addr, on_connect);
    uv_freeaddrinfo(info);
    if (status != 0)
        lose(link);
}

/* Starts the connection; false when it cannot. */
static bool start(struct kv_link *link, uv_loop_t *uv, const char *host, int port)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    char service[12];

    link->connect.data = link;
    link->resolve.data = link;
    if (host[0] == '/') {
        uv_pipe_init(uv, &link->pipe, 0);
        link->handle.data = link;
        uv_pipe_connect(&link->connect, &link->pipe, host, on_connect);
        return true;
    }
    snprintf(service, sizeof(service), "%d", port);
    link->resolving = true;
    return uv_getaddrinfo(uv, &link->resolve, on_resolve, host, service, &hints) == 0;
}

struct kv_link *kv_link_open(uv_loop_t *uv, const char *host, int port,
                             const struct kv_link_events *events, void *owner)
{
    struct kv_link *link = calloc(1, sizeof(*link));

    if (!link)
        return NULL;
    link->events = *events;
    link->owner = owner;
    link->reader = redisReaderCreate();
    if (!link->reader || !start(link, uv, host, port)) {
        destroy(link);
        return NULL;
    }
    return link;
}

static void on_written(uv_write_t *write, int status)
{
    struct writing *writing = (struct writing *)write;
    struct kv_link *link = write->handle->data;

    free(writing->bytes);
    free(writing);
    if (status < 0)
        lose(link);
}

void kv_link_write(struct kv_link *link, char *bytes, size_t count)
{
    struct writing *writing = malloc(sizeof(*writing));
    const uv_buf_t buffer = uv_buf_init(bytes, (unsigned)count);

    assert(!link->resolving && !link->closed);
    if (!writing) {
        free(bytes); /* the commands are never sent: their deadlines end them */
        return;
    }
    writing->bytes = bytes;
    if (uv_write(&writing->write, &link->stream, &buffer, 1, on_written) != 0) {
        free(bytes); /* not connected any more: the reader is told so too */
        free(writing);
    }
}

size_t kv_link_waiting_bytes(const struct kv_link *link)
{
    return link->resolving ? 0 : uv_stream_get_write_queue_size(&link->stream);
}

void kv_link_close(struct kv_link *link)
{
    if (!link || link->closed)
        return;
    link->closed = true;
    if (link->resolving)
        uv_cancel((uv_req_t *)&link->resolve); /* on_resolve frees, cancelled or not */
    else
        uv_close(&link->handle, on_stream_closed);
}
