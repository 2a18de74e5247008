/*
 * All lines of a client: kept in step with the resolver, reopened when down, ranked per question by
 * rendezvous hash, so that each subject has its own order of addresses and losing one moves only
 * its subjects.
 */
#ifndef KEHU_LINES_H
#define KEHU_LINES_H

#include "kehu_line.h"
#include "kehu_resolver.h"

struct kehu_lines {
    void *context;
    struct kehu_resolver *resolver;
    struct kehu_key key;
    int send_queue;
    size_t count;
    struct kehu_line lines[KEHU_RESOLVER_MAX];
    uint64_t last_serial;
    int64_t resolve_at_ms; /* the next look-up */
    int resolve_pause_ms;
    char trouble[160]; /* of the last look-up; empty: none */
};

/* Makes the context, resolves (waiting a moment for the names) and connects. */
bool kehu_lines_init(struct kehu_lines *lines, const char *urls, const char *key_file,
                     int send_queue, int64_t now_ms, char *why, size_t why_bytes);
void kehu_lines_close(struct kehu_lines *lines);

/* Monitors, look-ups and reopening. True when a line went up or down. */
bool kehu_lines_tend(struct kehu_lines *lines, int64_t now_ms);

/* The connected line for this hash: the first by rank below `below` (UINT64_MAX: from the top),
 * else the first of all. NULL: none is up. *rank is its rank. */
struct kehu_line *kehu_lines_pick(struct kehu_lines *lines, uint64_t hash, uint64_t below,
                                  uint64_t *rank);
uint64_t kehu_lines_hash(const char *text);

size_t kehu_lines_up(const struct kehu_lines *lines);
bool kehu_lines_refused(const struct kehu_lines *lines);
/* Sleeps until a socket has something or the time is over. */
void kehu_lines_poll(struct kehu_lines *lines, int timeout_ms);

#endif
