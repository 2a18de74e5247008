/*
 * Blocks that grow, from which pieces are cut one after the other.
 */
#include "common/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Blocks grow from the first to the largest size; what is larger than a block gets its own. */
#define FIRST_BLOCK_BYTES 4096
#define LARGEST_BLOCK_BYTES (256 * 1024)
#define ALIGNMENT 16

struct block {
    struct block *next;
    size_t size;
    size_t used;
    _Alignas(ALIGNMENT) uint8_t memory[];
};

struct arena {
    struct block *blocks;
    size_t limit;
    size_t taken; /* bytes of all blocks: what the limit bounds */
    size_t next_block;
    bool full;
    ProtobufCAllocator allocator;
};

static void *allocator_take(void *arena, size_t bytes)
{
    return arena_take(arena, bytes);
}

static void allocator_free(void *arena, void *piece)
{
    (void)arena;
    (void)piece;
}

struct arena *arena_new(size_t limit_bytes)
{
    struct arena *arena = calloc(1, sizeof(*arena));

    if (!arena)
        return NULL;
    arena->limit = limit_bytes;
    arena->next_block = FIRST_BLOCK_BYTES;
    arena->allocator = (ProtobufCAllocator){
        .alloc = allocator_take, .free = allocator_free, .allocator_data = arena};
    return arena;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    for (struct block *block = arena->blocks; block;) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    free(arena);
}

static struct block *add_block(struct arena *arena, size_t bytes)
{
    size_t size = arena->next_block;

    if (size < bytes)
        size = bytes;
    if (size > arena->limit - arena->taken)
        size = bytes; /* near the limit: only what is asked */
    if (size > arena->limit - arena->taken)
        return NULL;

    struct block *block = malloc(sizeof(*block) + size);

    if (!block)
        return NULL;
    block->size = size;
    block->used = 0;
    arena->taken += size;
    if (arena->next_block < LARGEST_BLOCK_BYTES)
        arena->next_block *= 2;
    /* A large piece goes behind the current block, which still has room. */
    if (arena->blocks && size == bytes) {
        block->next = arena->blocks->next;
        arena->blocks->next = block;
    } else {
        block->next = arena->blocks;
        arena->blocks = block;
    }
    return block;
}

void *arena_take(struct arena *arena, size_t bytes)
{
    size_t size = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct block *block = arena->blocks;

    if (size < bytes) {
        arena->full = true;
        return NULL;
    }
    if (size == 0)
        size = ALIGNMENT; /* two pieces never share an address */
    if (!block || block->size - block->used < size)
        block = add_block(arena, size);
    if (!block) {
        arena->full = true;
        return NULL;
    }

    void *piece = block->memory + block->used;

    block->used += size;
    memset(piece, 0, size);
    return piece;
}

void *arena_take_array(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes)) {
        arena->full = true;
        return NULL;
    }
    return arena_take(arena, bytes);
}

void *arena_copy(struct arena *arena, const void *from, size_t bytes)
{
    void *piece = arena_take(arena, bytes);

    if (piece && bytes > 0)
        memcpy(piece, from, bytes);
    return piece;
}

char *arena_copy_text(struct arena *arena, const char *from, size_t bytes)
{
    char *piece = arena_take(arena, bytes + 1);

    if (piece && bytes > 0)
        memcpy(piece, from, bytes);
    return piece;
}

char *arena_print(struct arena *arena, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    int length = vsnprintf(NULL, 0, format, list);
    va_end(list);
    if (length < 0)
        return NULL;

    char *piece = arena_take(arena, (size_t)length + 1);

    if (!piece)
        return NULL;
    va_start(list, format);
    vsnprintf(piece, (size_t)length + 1, format, list);
    va_end(list);
    return piece;
}

bool arena_is_full(const struct arena *arena)
{
    return arena->full;
}

size_t arena_used_bytes(const struct arena *arena)
{
    return arena->taken;
}

ProtobufCAllocator *arena_allocator(struct arena *arena)
{
    return &arena->allocator;
}
