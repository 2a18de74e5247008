/*
 * Turns "tcp://name:port,…" into all its numeric endpoints without blocking the caller: a look-up
 * runs in a thread of its own, one at a time; what a forgotten look-up finds is thrown away.
 */
#ifndef KEHU_ASKER_RESOLVER_H
#define KEHU_ASKER_RESOLVER_H

#include <stdbool.h>
#include <stddef.h>

#include "common/asker_line.h"

#define ASKER_RESOLVER_MAX 64 /* endpoints of one client */

struct asker_resolver;

struct asker_resolved {
    size_t count;
    char endpoints[ASKER_RESOLVER_MAX][ASKER_LINE_ENDPOINT_CHARS];
    bool complete; /* every name resolved: what is not listed is gone */
    bool numeric;  /* no names among the urls: looking again is of no use */
    char trouble[160];
};

/* NULL: `why` says which url is wrong, or memory is out. Starts the first look-up. */
struct asker_resolver *asker_resolver_new(const char *urls, char *why, size_t why_bytes);
void asker_resolver_free(struct asker_resolver *resolver);

/* Starts a look-up unless one is running. */
void asker_resolver_start(struct asker_resolver *resolver);
/* Takes a finished look-up's result, once; waits for it at most timeout_ms. */
bool asker_resolver_take(struct asker_resolver *resolver, int timeout_ms,
                         struct asker_resolved *out);

#endif
