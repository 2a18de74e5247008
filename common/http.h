/*
 * Three pages for machines that watch the service: GET /healthz (the loop turns), /readyz (it can
 * do its work) and /metrics. libmicrohttpd runs inside the process's one loop, without a thread. At
 * most 64 connections, closed after 10 s of silence; bodies are refused.
 */
#ifndef KEHU_HTTP_H
#define KEHU_HTTP_H

#include "common/base.h"
#include "common/loop.h"
#include "common/status.h"

struct http;

/* What the pages show. Texts are from malloc and freed by http; NULL (memory is out) answers 503.
 */
struct http_pages {
    /* The parts as JSON; *ready says whether the answer is 200 or 503. */
    char *(*ready)(void *owner, bool *ready);
    /* The exposition, as of metrics_print. */
    char *(*metrics)(void *owner, size_t *bytes);
};

/*
 * Listens on "127.0.0.1:7411" or "[::]:7411" (which takes IPv4 too); port 0 takes a free one.
 * INVALID_ARGUMENT: no such address; UNAVAILABLE: it cannot be had. `why` says precisely what.
 */
enum status http_new(struct loop *loop, const char *address, const struct http_pages *pages,
                     void *owner, struct http **out, char *why, size_t why_bytes) MUST_USE;

/* Stops listening; connections close once the loop has closed the handles. Before the loop stops.
 */
void http_close(struct http *http);
/* After http_close, before or after the loop was freed. Takes NULL. */
void http_free(struct http *http);

/* The port in use. */
unsigned http_port(const struct http *http);

#endif
