/*
 * All lines of a client: kept in step with the resolver, reopened when down, ranked per question by
 * rendezvous hash, so that each subject has its own order of addresses and losing one moves only
 * its subjects.
 */
#ifndef KEHU_ASKER_LINES_H
#define KEHU_ASKER_LINES_H

#include "common/asker.h"
#include "common/asker_line.h"
#include "common/asker_resolver.h"

struct asker_lines {
    void *context;
    const struct asker_watch *watch; /* NULL: nobody polls but us */
    struct asker_resolver *resolver;
    struct asker_key key;
    int send_queue;
    size_t count;
    struct asker_line lines[ASKER_RESOLVER_MAX];
    uint64_t last_serial;
    int64_t resolve_at_ms; /* the next look-up */
    int resolve_pause_ms;
    char trouble[160]; /* of the last look-up; empty: none */
};

/* Makes the context, resolves (waiting options->resolve_ms for the names) and connects. */
bool asker_lines_init(struct asker_lines *lines, const struct asker_options *options,
                      int send_queue, int64_t now_ms, char *why, size_t why_bytes);
void asker_lines_close(struct asker_lines *lines);

/* Monitors, look-ups and reopening. True when a line went up or down. */
bool asker_lines_tend(struct asker_lines *lines, int64_t now_ms);

/* The connected line for this hash: the first by rank below `below` (UINT64_MAX: from the top),
 * else the first of all. NULL: none is up. *rank is its rank. */
struct asker_line *asker_lines_pick(struct asker_lines *lines, uint64_t hash, uint64_t below,
                                    uint64_t *rank);
uint64_t asker_lines_hash(const char *text);

size_t asker_lines_up(const struct asker_lines *lines);
bool asker_lines_refused(const struct asker_lines *lines);
/* Sleeps until a socket has something or the time is over. */
void asker_lines_poll(struct asker_lines *lines, int timeout_ms);

#endif
