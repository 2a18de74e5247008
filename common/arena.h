/*
 * Memory of one request: everything it needs is taken from here and goes at once when it ends.
 * Nobody frees a piece. An arena has a limit; past it arena_take returns NULL, arena_is_full says
 * so, and the request is refused (RESOURCE_EXHAUSTED), never the process.
 */
#ifndef KEHU_ARENA_H
#define KEHU_ARENA_H

#include <protobuf-c/protobuf-c.h>

#include "common/base.h"

struct arena;

/* A new arena that will hand out at most limit_bytes. NULL when memory is out. */
struct arena *arena_new(size_t limit_bytes);
void arena_free(struct arena *arena);

/* Zeroed memory, aligned for anything; NULL past the limit. count * size may not overflow. */
void *arena_take(struct arena *arena, size_t bytes);
void *arena_take_array(struct arena *arena, size_t count, size_t size);

/* Copies; the text one is terminated. NULL past the limit. */
void *arena_copy(struct arena *arena, const void *from, size_t bytes);
char *arena_copy_text(struct arena *arena, const char *from, size_t bytes);
char *arena_print(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

/* True once something was refused: what was built since may be incomplete. */
bool arena_is_full(const struct arena *arena);
size_t arena_used_bytes(const struct arena *arena);

/* The allocator through which protobuf-c decodes into the arena; lives as long as the arena. */
ProtobufCAllocator *arena_allocator(struct arena *arena);

#endif
