/*
 * Turns "tcp://name:port,…" into all its numeric endpoints without blocking the caller: a look-up
 * runs in a thread of its own, one at a time; what a forgotten look-up finds is thrown away.
 */
#ifndef KEHU_RESOLVER_H
#define KEHU_RESOLVER_H

#include <stdbool.h>
#include <stddef.h>

#include "kehu_line.h"

#define KEHU_RESOLVER_MAX 64 /* endpoints of one client */

struct kehu_resolver;

struct kehu_resolved {
    size_t count;
    char endpoints[KEHU_RESOLVER_MAX][KEHU_LINE_ENDPOINT_CHARS];
    bool complete; /* every name resolved: what is not listed is gone */
    bool numeric;  /* no names among the urls: looking again is of no use */
    char trouble[160];
};

/* NULL: `why` says which url is wrong, or memory is out. Starts the first look-up. */
struct kehu_resolver *kehu_resolver_new(const char *urls, char *why, size_t why_bytes);
void kehu_resolver_free(struct kehu_resolver *resolver);

/* Starts a look-up unless one is running. */
void kehu_resolver_start(struct kehu_resolver *resolver);
/* Takes a finished look-up's result, once; waits for it at most timeout_ms. */
bool kehu_resolver_take(struct kehu_resolver *resolver, int timeout_ms, struct kehu_resolved *out);

#endif
