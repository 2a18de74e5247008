/*
 * The ring's file, member by member. Whatever is wrong ends the reading with a sentence about it,
 * which never shows any of a key.
 */
#include "common/seal_ring.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#define KEY_BASE64_BYTES (sodium_base64_ENCODED_LEN(SEAL_KEY_BYTES, BASE64))
#define BASE64 sodium_base64_VARIANT_ORIGINAL

struct reader {
    struct seal_ring *ring;
    char *why;
    size_t why_bytes;
};

static bool refuse(struct reader *reader, const char *format, ...) PRINTF_LIKE(2, 3);

static bool refuse(struct reader *reader, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(reader->why, reader->why_bytes, format, list);
    va_end(list);
    return false;
}

/* Exactly 32 bytes of base64, not all zero (a key that nobody drew). */
static bool take_key(struct reader *reader, const char *member, const json_t *value,
                     uint8_t to[SEAL_KEY_BYTES])
{
    const char *text = json_string_value(value), *end = NULL;
    size_t bytes = 0;

    if (!text || strlen(text) != json_string_length(value) ||
        sodium_base642bin(to, SEAL_KEY_BYTES, text, strlen(text), NULL, &bytes, &end, BASE64) !=
            0 ||
        bytes != SEAL_KEY_BYTES || *end)
        return refuse(reader, "%s is not base64 of %d bytes", member, SEAL_KEY_BYTES);
    if (sodium_is_zero(to, SEAL_KEY_BYTES))
        return refuse(reader, "%s is all zero, which is no key", member);
    return true;
}

static bool take_id(struct reader *reader, const char *member, const json_t *value, uint32_t *to)
{
    json_int_t id = json_integer_value(value);

    if (!json_is_integer(value) || id < 1 || id > INT32_MAX)
        return refuse(reader, "%s is not a whole number from 1 to %d", member, INT32_MAX);
    *to = (uint32_t)id;
    return true;
}

/* One {"id": …, "key": …}; an id or a key that the ring holds already is a slip of the pen. */
static bool take_ring_key(struct reader *reader, size_t i, const json_t *value)
{
    struct seal_ring *ring = reader->ring;
    struct seal_ring_key key = {0};
    char member[40];
    bool is_good;

    if (!json_is_object(value) || json_object_size(value) != 2 || !json_object_get(value, "id") ||
        !json_object_get(value, "key"))
        return refuse(reader, "keys[%zu] is not {\"id\": number, \"key\": base64}", i);
    snprintf(member, sizeof(member), "keys[%zu].id", i);
    is_good = take_id(reader, member, json_object_get(value, "id"), &key.id);
    if (is_good && seal_ring_find(ring, key.id))
        is_good = refuse(reader, "%s is %u, as of a key before it", member, key.id);
    snprintf(member, sizeof(member), "keys[%zu].key", i);
    is_good = is_good && take_key(reader, member, json_object_get(value, "key"), key.key);
    for (size_t k = 0; is_good && k < ring->count; k++)
        if (memcmp(ring->keys[k].key, key.key, SEAL_KEY_BYTES) == 0)
            is_good = refuse(reader, "%s is the same as of key %u", member, ring->keys[k].id);
    if (is_good)
        ring->keys[ring->count++] = key;
    sodium_memzero(&key, sizeof(key));
    return is_good;
}

static bool take_keys(struct reader *reader, const json_t *value)
{
    if (!json_is_array(value) || json_array_size(value) == 0)
        return refuse(reader, "keys is not a list with at least one key");
    if (json_array_size(value) > SEAL_RING_KEYS_MAX)
        return refuse(reader, "keys has more than %d elements", SEAL_RING_KEYS_MAX);
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!take_ring_key(reader, i, json_array_get(value, i)))
            return false;
    return true;
}

static bool take_member(struct reader *reader, const char *member, const json_t *value)
{
    if (strcmp(member, "current") == 0)
        return take_id(reader, member, value, &reader->ring->current);
    if (strcmp(member, "keys") == 0)
        return take_keys(reader, value);
    if (strcmp(member, "hash") == 0)
        return take_key(reader, member, value, reader->ring->hash);
    return refuse(reader, "%.64s: there is no such member", member);
}

static bool check_ring(struct reader *reader)
{
    const struct seal_ring *ring = reader->ring;

    if (ring->count == 0)
        return refuse(reader, "keys is missing");
    if (ring->current == 0)
        return refuse(reader, "current is missing");
    if (sodium_is_zero(ring->hash, SEAL_KEY_BYTES))
        return refuse(reader, "hash is missing");
    if (!seal_ring_find(ring, ring->current))
        return refuse(reader, "current is %u, but no key has this id", ring->current);
    for (size_t i = 0; i < ring->count; i++)
        if (memcmp(ring->keys[i].key, ring->hash, SEAL_KEY_BYTES) == 0)
            return refuse(reader, "hash is the same as key %u", ring->keys[i].id);
    return true;
}

static bool decode_members(struct reader *reader, json_t *root)
{
    const char *member;
    json_t *value;

    if (!json_is_object(root))
        return refuse(reader, "it is not a JSON object");
    json_object_foreach(root, member, value)
    {
        if (!take_member(reader, member, value))
            return false;
    }
    return check_ring(reader);
}

enum status seal_ring_decode(const char *bytes, size_t count, struct seal_ring *out, char *why,
                             size_t why_bytes)
{
    struct seal_ring ring = {0};
    struct reader reader = {.ring = &ring, .why = why, .why_bytes = why_bytes};
    json_error_t error;
    json_t *root = NULL;
    enum status status = INVALID_ARGUMENT;

    if (count > SEAL_RING_BYTES_MAX) {
        snprintf(why, why_bytes, "it is larger than %d bytes", SEAL_RING_BYTES_MAX);
        return status;
    }
    root = json_loadb(bytes, count, JSON_REJECT_DUPLICATES, &error);
    /* The error's text may repeat what stands there: only the line is told. */
    if (!root)
        snprintf(why, why_bytes, "it is not JSON: line %d", error.line);
    else if (decode_members(&reader, root))
        status = OK;
    if (status == OK)
        *out = ring;
    json_decref(root);
    seal_ring_forget(&ring);
    return status;
}

/* Reads at most SEAL_RING_BYTES_MAX + 1 bytes of an open file; -1 with errno when it cannot. */
static ssize_t read_bytes(int file, char *bytes)
{
    struct stat about;
    size_t used = 0;
    ssize_t got = 0;

    if (fstat(file, &about) == 0 && !S_ISREG(about.st_mode)) {
        errno = EINVAL;
        return -1;
    }
    while (used <= SEAL_RING_BYTES_MAX) {
        got = read(file, bytes + used, SEAL_RING_BYTES_MAX + 1 - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        used += (size_t)got;
    }
    return got < 0 ? -1 : (ssize_t)used;
}

enum status seal_ring_read(const char *path, struct seal_ring *out, char *why, size_t why_bytes)
{
    char bytes[SEAL_RING_BYTES_MAX + 1];
    enum status status = INVALID_ARGUMENT;
    /* O_NONBLOCK: a named pipe put there by mistake must not hold up the loop. */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t used;

    if (file < 0) {
        snprintf(why, why_bytes, "cannot open %s: %s", path, strerror(errno));
        return NOT_FOUND;
    }
    used = read_bytes(file, bytes);
    if (used < 0) {
        snprintf(why, why_bytes, "cannot read %s: %s", path, strerror(errno));
    } else {
        char wrong[200] = "";

        status = seal_ring_decode(bytes, (size_t)used, out, wrong, sizeof(wrong));
        if (status != OK)
            snprintf(why, why_bytes, "%s cannot be used: %s", path, wrong);
    }
    close(file);
    sodium_memzero(bytes, sizeof(bytes));
    return status;
}

const struct seal_ring_key *seal_ring_find(const struct seal_ring *ring, uint32_t id)
{
    for (size_t i = 0; i < ring->count; i++)
        if (ring->keys[i].id == id)
            return &ring->keys[i];
    return NULL;
}

static void draw_key(uint8_t key[SEAL_KEY_BYTES])
{
    do
        randombytes_buf(key, SEAL_KEY_BYTES);
    while (sodium_is_zero(key, SEAL_KEY_BYTES));
}

void seal_ring_make(struct seal_ring *ring)
{
    memset(ring, 0, sizeof(*ring));
    ring->current = 1;
    ring->count = 1;
    ring->keys[0].id = 1;
    draw_key(ring->keys[0].key);
    draw_key(ring->hash);
}

enum status seal_ring_add(struct seal_ring *ring)
{
    uint32_t last = 0;

    for (size_t i = 0; i < ring->count; i++)
        if (ring->keys[i].id > last)
            last = ring->keys[i].id;
    if (ring->count == SEAL_RING_KEYS_MAX || last == INT32_MAX)
        return RESOURCE_EXHAUSTED;
    ring->keys[ring->count].id = last + 1;
    draw_key(ring->keys[ring->count].key);
    ring->count++;
    ring->current = last + 1;
    return OK;
}

enum status seal_ring_drop(struct seal_ring *ring, uint32_t id)
{
    struct seal_ring_key *key = (struct seal_ring_key *)seal_ring_find(ring, id);
    struct seal_ring_key *end = ring->keys + ring->count;

    if (!key)
        return NOT_FOUND;
    if (id == ring->current)
        return FAILED_PRECONDITION;
    memmove(key, key + 1, (size_t)(end - key - 1) * sizeof(*key));
    ring->count--;
    sodium_memzero(&ring->keys[ring->count], sizeof(ring->keys[0]));
    return OK;
}

static json_t *print_key(const uint8_t key[SEAL_KEY_BYTES])
{
    char text[KEY_BASE64_BYTES];
    json_t *json;

    sodium_bin2base64(text, sizeof(text), key, SEAL_KEY_BYTES, BASE64);
    json = json_string(text);
    sodium_memzero(text, sizeof(text));
    return json;
}

char *seal_ring_print(const struct seal_ring *ring)
{
    json_t *keys = json_array();
    json_t *root;
    char *text;

    for (size_t i = 0; i < ring->count; i++)
        json_array_append_new(keys, json_pack("{s:I, s:o}", "id", (json_int_t)ring->keys[i].id,
                                              "key", print_key(ring->keys[i].key)));
    root = json_pack("{s:I, s:o, s:o}", "current", (json_int_t)ring->current, "keys", keys, "hash",
                     print_key(ring->hash));
    text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
    json_decref(root);
    return text;
}

void seal_ring_forget_text(char *text)
{
    if (text)
        sodium_memzero(text, strlen(text));
    free(text);
}

void seal_ring_forget(struct seal_ring *ring)
{
    sodium_memzero(ring, sizeof(*ring));
}
