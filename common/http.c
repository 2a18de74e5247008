/*
 * libmicrohttpd on the loop: it keeps its sockets in an epoll set of its own, whose descriptor the
 * loop watches, and says when it next wants to be run for a time-out. The set belongs to the
 * daemon, so the daemon is stopped only after the loop has let go of the descriptor.
 */
#include "common/http.h"

#include <assert.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MAX 64u
#define SILENCE_SECONDS 10u
#define CONNECTION_BYTES ((size_t)8192)
#define BACKLOG 64

struct http {
    struct MHD_Daemon *daemon;
    uv_poll_t poll;
    uv_timer_t timer;
    struct http_pages pages;
    void *owner;
    unsigned port;
    unsigned open_handles;
    bool closing, freed;
};

static void run_daemon(struct http *http);

static void on_timer(uv_timer_t *timer)
{
    run_daemon(timer->data);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    run_daemon(poll->data);
}

static void run_daemon(struct http *http)
{
    MHD_UNSIGNED_LONG_LONG wait_ms;

    MHD_run(http->daemon);
    if (MHD_get_timeout(http->daemon, &wait_ms) == MHD_YES)
        uv_timer_start(&http->timer, on_timer, wait_ms, 0);
    else
        uv_timer_stop(&http->timer);
}

/* Hands `body` (from malloc) over to libmicrohttpd. */
static enum MHD_Result answer(struct MHD_Connection *connection, unsigned code, const char *type,
                              char *body, size_t bytes)
{
    struct MHD_Response *response =
        body ? MHD_create_response_from_buffer(bytes, body, MHD_RESPMEM_MUST_FREE) : NULL;

    if (!response) {
        free(body);
        return MHD_NO; /* memory is out: the connection closes */
    }
    MHD_add_response_header(response, "Content-Type", type);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    if (code == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, "Allow", "GET, HEAD");

    enum MHD_Result result = MHD_queue_response(connection, code, response);

    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer_text(struct MHD_Connection *connection, unsigned code,
                                   const char *text)
{
    return answer(connection, code, "text/plain; charset=utf-8", strdup(text), strlen(text));
}

static enum MHD_Result answer_ready(struct http *http, struct MHD_Connection *connection)
{
    bool ready = false;
    char *json = http->pages.ready(http->owner, &ready);

    if (!json)
        return answer_text(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "out of memory\n");
    return answer(connection, ready ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
                  "application/json", json, strlen(json));
}

static enum MHD_Result answer_metrics(struct http *http, struct MHD_Connection *connection)
{
    size_t bytes = 0;
    char *text = http->pages.metrics(http->owner, &bytes);

    if (!text)
        return answer_text(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "out of memory\n");
    return answer(connection, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8", text, bytes);
}

static bool has_body(struct MHD_Connection *connection)
{
    const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");

    return (length && strcmp(length, "0") != 0) ||
           MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Transfer-Encoding");
}

/* Answers at the first call, with the header read: nothing here wants a body. */
static enum MHD_Result on_request(void *owner, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_bytes, void **state)
{
    struct http *http = owner;

    (void)version;
    (void)upload;
    (void)upload_bytes;
    (void)state;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return answer_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    if (has_body(connection))
        return answer_text(connection, MHD_HTTP_CONTENT_TOO_LARGE, "no body is wanted here\n");
    if (strcmp(url, "/healthz") == 0)
        return answer_text(connection, MHD_HTTP_OK, "ok");
    if (strcmp(url, "/readyz") == 0)
        return answer_ready(http, connection);
    if (strcmp(url, "/metrics") == 0)
        return answer_metrics(http, connection);
    return answer_text(connection, MHD_HTTP_NOT_FOUND, "/healthz, /readyz, /metrics\n");
}

/* Splits "host:port" or "[v6]:port". */
static bool split_address(const char *address, char *host, size_t host_bytes, char *port,
                          size_t port_bytes)
{
    const char *colon = strrchr(address, ':');
    size_t length = colon ? (size_t)(colon - address) : 0;
    bool bracketed = length >= 2 && address[0] == '[' && address[length - 1] == ']';

    if (bracketed) {
        address++;
        length -= 2;
    }
    if (length == 0 || length >= host_bytes || strlen(colon + 1) >= port_bytes ||
        (!bracketed && memchr(address, ':', length)))
        return false;
    memcpy(host, address, length);
    host[length] = '\0';
    strcpy(port, colon + 1);

    char *end;
    unsigned long number = strtoul(port, &end, 10);

    return port[0] >= '0' && port[0] <= '9' && *end == '\0' && number <= 65535;
}

static int listen_on(const struct addrinfo *info, unsigned *port)
{
    struct sockaddr_storage bound;
    socklen_t bound_bytes = sizeof(bound);
    int on = 1, off = 0;
    int fd = socket(info->ai_family, info->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (info->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
    if (bind(fd, info->ai_addr, info->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&bound, &bound_bytes) != 0) {
        int error = errno;

        close(fd);
        errno = error;
        return -1;
    }
    /* The port stands at the same place in both families. */
    *port = ntohs(((struct sockaddr_in *)&bound)->sin_port);
    return fd;
}

/* Our own socket, because libmicrohttpd does not say why it could not have one. */
static enum status open_socket(const char *address, int *fd, unsigned *port, char *why,
                               size_t why_bytes)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *info;
    char host[256], service[8];

    if (!split_address(address, host, sizeof(host), service, sizeof(service))) {
        snprintf(why, why_bytes, "\"%s\" is no address like 127.0.0.1:7411 or [::]:7411", address);
        return INVALID_ARGUMENT;
    }

    int error = getaddrinfo(host, service, &hints, &info);

    if (error) {
        snprintf(why, why_bytes, "cannot resolve \"%s\": %s", host, gai_strerror(error));
        return INVALID_ARGUMENT;
    }
    *fd = listen_on(info, port);
    if (*fd < 0)
        snprintf(why, why_bytes, "cannot listen on %s: %s", address, strerror(errno));
    freeaddrinfo(info);
    return *fd < 0 ? UNAVAILABLE : OK;
}

/* It would print to stderr what any peer can cause. */
static void say_nothing(void *owner, const char *format, va_list list)
{
    (void)owner;
    (void)format;
    (void)list;
}

static struct MHD_Daemon *start_daemon(struct http *http, int fd)
{
    return MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, http,
                            MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL, MHD_OPTION_LISTEN_SOCKET,
                            fd, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
                            MHD_OPTION_CONNECTION_TIMEOUT, SILENCE_SECONDS,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_BYTES, MHD_OPTION_END);
}

enum status http_new(struct loop *loop, const char *address, const struct http_pages *pages,
                     void *owner, struct http **out, char *why, size_t why_bytes)
{
    unsigned port = 0;
    int fd = -1;
    enum status status = open_socket(address, &fd, &port, why, why_bytes);

    if (status)
        return status;

    struct http *http = calloc(1, sizeof(*http));

    if (http)
        *http = (struct http){.pages = *pages, .owner = owner, .port = port, .open_handles = 2};
    if (!http || !(http->daemon = start_daemon(http, fd))) {
        snprintf(why, why_bytes, "cannot start the HTTP server on %s", address);
        close(fd);
        free(http);
        return INTERNAL;
    }

    const union MHD_DaemonInfo *info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);

    /* Failure would mean that the set is no descriptor: impossible with MHD_USE_EPOLL. */
    int error = uv_poll_init(loop_uv(loop), &http->poll, info->epoll_fd);

    assert(error == 0);
    (void)error;
    uv_timer_init(loop_uv(loop), &http->timer);
    http->poll.data = http;
    http->timer.data = http;
    uv_poll_start(&http->poll, UV_READABLE, on_poll);
    *out = http;
    return OK;
}

static void on_closed(uv_handle_t *handle)
{
    struct http *http = handle->data;

    if (--http->open_handles > 0)
        return;
    MHD_stop_daemon(http->daemon);
    if (http->freed)
        free(http);
}

void http_close(struct http *http)
{
    if (!http || http->closing)
        return;
    http->closing = true;
    uv_close((uv_handle_t *)&http->poll, on_closed);
    uv_close((uv_handle_t *)&http->timer, on_closed);
}

void http_free(struct http *http)
{
    if (!http)
        return;
    http->freed = true;
    http_close(http);
    if (http->open_handles == 0)
        free(http);
}

unsigned http_port(const struct http *http)
{
    return http->port;
}
