/* The set of lines; see asker_lines.h. */
#include "common/asker_lines.h"

#include <stdio.h>
#include <string.h>

#define RESOLVE_MIN_MS 5000
#define RESOLVE_MAX_MS 60000

static void *watch_socket(const struct asker_watch *watch, void *socket)
{
    int descriptor = -1;
    size_t bytes = sizeof(descriptor);

    if (zmq_getsockopt(socket, ZMQ_FD, &descriptor, &bytes) != 0)
        return NULL;
    return watch->opened(watch->owner, descriptor);
}

static void open_line(struct asker_lines *lines, struct asker_line *line, int64_t now_ms)
{
    if (!asker_line_open(line, lines->context, &lines->key, lines->send_queue, now_ms) ||
        !lines->watch)
        return;
    line->watches[0] = watch_socket(lines->watch, line->dealer);
    line->watches[1] = watch_socket(lines->watch, line->monitor);
}

static void close_line(struct asker_lines *lines, struct asker_line *line)
{
    for (size_t i = 0; i < 2; i++) {
        if (line->watches[i])
            lines->watch->closed(lines->watch->owner, line->watches[i]);
        line->watches[i] = NULL;
    }
    asker_line_close(line);
}

static void add_line(struct asker_lines *lines, const char *endpoint, int64_t now_ms)
{
    if (lines->count == ASKER_RESOLVER_MAX)
        return;
    struct asker_line *line = &lines->lines[lines->count++];

    *line = (struct asker_line){.serial = ++lines->last_serial, .wanted = true};
    snprintf(line->endpoint, sizeof(line->endpoint), "%s", endpoint);
    open_line(lines, line, now_ms);
}

/* A line that is no longer listed stays while its connection stands. */
static void apply_resolved(struct asker_lines *lines, const struct asker_resolved *found,
                           int64_t now_ms)
{
    size_t added = 0;

    snprintf(lines->trouble, sizeof(lines->trouble), "%s", found->trouble);
    if (found->complete)
        for (size_t i = 0; i < lines->count; i++)
            lines->lines[i].wanted = false;
    for (size_t f = 0; f < found->count; f++) {
        size_t i = 0;

        while (i < lines->count && strcmp(lines->lines[i].endpoint, found->endpoints[f]) != 0)
            i++;
        if (i < lines->count) {
            lines->lines[i].wanted = true;
        } else {
            add_line(lines, found->endpoints[f], now_ms);
            added++;
        }
    }
    /* Nothing new: look less often, while there is somebody to talk to. */
    lines->resolve_pause_ms =
        added > 0 || asker_lines_up(lines) == 0 ? RESOLVE_MIN_MS : lines->resolve_pause_ms * 2;
    if (lines->resolve_pause_ms > RESOLVE_MAX_MS)
        lines->resolve_pause_ms = RESOLVE_MAX_MS;
    lines->resolve_at_ms = found->numeric ? INT64_MAX : now_ms + lines->resolve_pause_ms;
}

bool asker_lines_init(struct asker_lines *lines, const struct asker_options *options,
                      int send_queue, int64_t now_ms, char *why, size_t why_bytes)
{
    struct asker_resolved found;

    lines->send_queue = send_queue;
    lines->resolve_pause_ms = RESOLVE_MIN_MS / 2;
    if (!asker_key_read(options->key_file, &lines->key, why, why_bytes))
        return false;
    lines->resolver = asker_resolver_new(options->urls, why, why_bytes);
    if (!lines->resolver)
        return false;
    lines->context = zmq_ctx_new();
    if (!lines->context) {
        snprintf(why, why_bytes, "ZeroMQ does not start: %s", zmq_strerror(zmq_errno()));
        return false;
    }
    lines->resolve_at_ms = now_ms + RESOLVE_MIN_MS;
    if (asker_resolver_take(lines->resolver, options->resolve_ms, &found))
        apply_resolved(lines, &found, now_ms);
    return true;
}

void asker_lines_close(struct asker_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        close_line(lines, &lines->lines[i]);
    if (lines->context)
        zmq_ctx_term(lines->context);
    asker_resolver_free(lines->resolver);
    explicit_bzero(&lines->key, sizeof(lines->key));
}

static void look_up(struct asker_lines *lines, int64_t now_ms)
{
    struct asker_resolved found;

    if (now_ms >= lines->resolve_at_ms) {
        asker_resolver_start(lines->resolver);
        lines->resolve_at_ms = now_ms + RESOLVE_MAX_MS;
    }
    if (asker_resolver_take(lines->resolver, 0, &found))
        apply_resolved(lines, &found, now_ms);
}

bool asker_lines_tend(struct asker_lines *lines, int64_t now_ms)
{
    bool changed = false;

    look_up(lines, now_ms);
    for (size_t i = 0; i < lines->count; i++) {
        struct asker_line *line = &lines->lines[i];

        if (asker_line_watch(line, now_ms))
            changed = true;
        if (line->lost && lines->resolve_at_ms != INT64_MAX) {
            lines->resolve_pause_ms = RESOLVE_MIN_MS;
            if (lines->resolve_at_ms > now_ms + RESOLVE_MIN_MS)
                lines->resolve_at_ms = now_ms + RESOLVE_MIN_MS;
        }
        if (!line->up && !line->wanted) {
            close_line(lines, line);
            *line = lines->lines[--lines->count];
            i--;
            changed = true;
        } else if (!line->up && now_ms >= line->reopen_at_ms) {
            close_line(lines, line);
            open_line(lines, line, now_ms);
        }
    }
    return changed;
}

uint64_t asker_lines_hash(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */

    for (; *text; text++)
        hash = (hash ^ (uint8_t)*text) * UINT64_C(1099511628211);
    return hash;
}

static uint64_t rank_line(const struct asker_line *line, uint64_t hash)
{
    uint64_t mixed = hash ^ asker_lines_hash(line->endpoint);

    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (mixed ^ (mixed >> 31)) >> 1; /* always less than UINT64_MAX */
}

struct asker_line *asker_lines_pick(struct asker_lines *lines, uint64_t hash, uint64_t below,
                                    uint64_t *rank)
{
    struct asker_line *top = NULL, *next = NULL;
    uint64_t top_rank = 0, next_rank = 0;

    for (size_t i = 0; i < lines->count; i++) {
        struct asker_line *line = &lines->lines[i];
        uint64_t its = rank_line(line, hash);

        if (!line->up)
            continue;
        if (!top || its > top_rank) {
            top = line;
            top_rank = its;
        }
        if (its < below && (!next || its > next_rank)) {
            next = line;
            next_rank = its;
        }
    }
    if (top)
        *rank = next ? next_rank : top_rank;
    return next ? next : top;
}

size_t asker_lines_up(const struct asker_lines *lines)
{
    size_t up = 0;

    for (size_t i = 0; i < lines->count; i++)
        up += lines->lines[i].up;
    return up;
}

bool asker_lines_refused(const struct asker_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        if (lines->lines[i].refused)
            return true;
    return false;
}

void asker_lines_poll(struct asker_lines *lines, int timeout_ms)
{
    zmq_pollitem_t items[2 * ASKER_RESOLVER_MAX];
    int count = 0;

    for (size_t i = 0; i < lines->count; i++) {
        struct asker_line *line = &lines->lines[i];

        if (!line->dealer)
            continue;
        items[count++] = (zmq_pollitem_t){.socket = line->dealer, .events = ZMQ_POLLIN};
        items[count++] = (zmq_pollitem_t){.socket = line->monitor, .events = ZMQ_POLLIN};
    }
    zmq_poll(items, count, timeout_ms); /* interrupted is as good as over */
}
