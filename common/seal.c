/*
 * Sealing on libsodium. The ring is copied whole when its file changes; a turn sees one ring.
 */
#include "common/seal.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <sodium.h>

#include "common/logfmt.h"
#include "common/seal_ring.h"

#define VERSION 1
#define HEAD_BYTES 5 /* version and key id */
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define PLACE_PART_BYTES 64
#define PLACE_BYTES (HEAD_BYTES + PLACE_PART_BYTES + 1 + 16 + PLACE_PART_BYTES)
#define LOOK_US SECOND_US
/* File times tick in steps of some milliseconds: a file changed so recently is read again. */
#define YOUNG_US (2 * SECOND_US)

_Static_assert(SEAL_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "a key of the AEAD");
_Static_assert(SEAL_MORE_BYTES == HEAD_BYTES + NONCE_BYTES + TAG_BYTES, "what is added");
_Static_assert(SEAL_KEY_BYTES >= crypto_generichash_KEYBYTES_MIN &&
                   SEAL_HASH_BYTES == crypto_generichash_BYTES,
               "a key and a hash of BLAKE2b");

/* What the file looked like; two equal looks mean the same contents, unless it is young. */
struct look {
    int64_t changed_us, written_us;
    uint64_t node, bytes;
};

struct seal {
    struct seal_ring ring;
    char *path; /* NULL: from memory */
    struct look look;
    int64_t looked_us;
    char why_broken[300];
};

static int64_t real_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

static int64_t file_us(const struct timespec *at)
{
    return (int64_t)at->tv_sec * SECOND_US + at->tv_nsec / 1000;
}

static struct look look_at_file(const char *path)
{
    struct stat about;

    if (stat(path, &about) != 0)
        return (struct look){0};
    return (struct look){file_us(&about.st_ctim), file_us(&about.st_mtim), (uint64_t)about.st_ino,
                         (uint64_t)about.st_size};
}

/* --- the ring in force --- */

enum status seal_decode(const char *bytes, size_t count, struct seal **out, char *why,
                        size_t why_bytes)
{
    struct seal *seal = calloc(1, sizeof(*seal));
    enum status status;

    if (!seal || sodium_init() < 0) {
        snprintf(why, why_bytes, "out of memory, or libsodium cannot be used");
        free(seal);
        return INTERNAL;
    }
    status = seal_ring_decode(bytes, count, &seal->ring, why, why_bytes);
    if (status == OK)
        *out = seal;
    else
        seal_free(seal);
    return status;
}

enum status seal_new(const char *path, struct seal **out, char *why, size_t why_bytes)
{
    struct seal *seal = calloc(1, sizeof(*seal));
    enum status status;

    if (seal)
        seal->path = strdup(path);
    if (!seal || !seal->path || sodium_init() < 0) {
        snprintf(why, why_bytes, "out of memory, or libsodium cannot be used");
        seal_free(seal);
        return INTERNAL;
    }
    /* The look comes before the reading: a change between them shows as a new look. */
    seal->look = look_at_file(path);
    seal->looked_us = real_us();
    status = seal_ring_read(path, &seal->ring, why, why_bytes);
    if (status == OK)
        *out = seal;
    else
        seal_free(seal);
    return status;
}

void seal_free(struct seal *seal)
{
    if (!seal)
        return;
    seal_ring_forget(&seal->ring);
    free(seal->path);
    free(seal);
}

/* A ring with another hash key would find nothing of what was hashed before. */
static bool is_usable(struct seal *seal, const struct seal_ring *ring)
{
    if (sodium_memcmp(ring->hash, seal->ring.hash, SEAL_KEY_BYTES) == 0)
        return true;
    snprintf(seal->why_broken, sizeof(seal->why_broken),
             "%s: hash differs from the one in force, and it may never change", seal->path);
    return false;
}

static void load_again(struct seal *seal)
{
    struct seal_ring ring;
    char before[sizeof(seal->why_broken)];

    memcpy(before, seal->why_broken, sizeof(before));
    seal->why_broken[0] = '\0';
    if (seal_ring_read(seal->path, &ring, seal->why_broken, sizeof(seal->why_broken)) == OK) {
        bool is_news = memcmp(&ring, &seal->ring, sizeof(ring)) != 0;

        if (is_usable(seal, &ring) && is_news) {
            char current[16];

            seal->ring = ring;
            snprintf(current, sizeof(current), "%u", ring.current);
            logfmt_info("seal", "state", "read-again", "current", current, NULL);
        }
        seal_ring_forget(&ring);
    }
    if (seal->why_broken[0] && strcmp(before, seal->why_broken) != 0)
        logfmt_warning("seal", "state", "unusable", "why", seal->why_broken, NULL);
}

void seal_refresh(struct seal *seal)
{
    int64_t now_us = real_us();
    bool is_young = seal->looked_us - seal->look.changed_us < YOUNG_US;
    struct look look;

    if (!seal->path || (now_us - seal->looked_us < LOOK_US && now_us >= seal->looked_us))
        return;
    look = look_at_file(seal->path);
    seal->looked_us = now_us;
    if (!is_young && memcmp(&look, &seal->look, sizeof(look)) == 0)
        return;
    seal->look = look;
    load_again(seal);
}

const char *seal_why_broken(const struct seal *seal)
{
    return seal->why_broken;
}

uint32_t seal_current(const struct seal *seal)
{
    return seal->ring.current;
}

size_t seal_keys(const struct seal *seal, uint32_t *ids, size_t room)
{
    for (size_t i = 0; i < seal->ring.count && i < room; i++)
        ids[i] = seal->ring.keys[i].id;
    return seal->ring.count;
}

/* --- values --- */

/* What is authenticated with a value: its head and its place. Returns the bytes used. */
static size_t print_place(const struct seal_place *place, const uint8_t head[HEAD_BYTES],
                          uint8_t out[PLACE_BYTES])
{
    const char *part = place->part ? place->part : "";
    size_t column_bytes = strlen(place->column), part_bytes = strlen(part), used = 0;

    assert(column_bytes <= PLACE_PART_BYTES && part_bytes <= PLACE_PART_BYTES);
    memcpy(out, head, HEAD_BYTES);
    used += HEAD_BYTES;
    memcpy(out + used, place->column, column_bytes + 1); /* with its end, so that no two agree */
    used += column_bytes + 1;
    memcpy(out + used, place->row.bytes, sizeof(place->row.bytes));
    used += sizeof(place->row.bytes);
    memcpy(out + used, part, part_bytes);
    return used + part_bytes;
}

struct text seal_close(const struct seal *seal, const struct seal_place *place, struct text plain,
                       struct arena *arena)
{
    const struct seal_ring_key *key = seal_ring_find(&seal->ring, seal->ring.current);
    uint8_t about[PLACE_BYTES];
    uint8_t *sealed;

    assert(key && plain.bytes <= SEAL_PLAIN_BYTES_MAX);
    sealed = arena_take(arena, plain.bytes + SEAL_MORE_BYTES);
    if (!sealed)
        return (struct text){0};
    sealed[0] = VERSION;
    sealed[1] = (uint8_t)(key->id >> 24);
    sealed[2] = (uint8_t)(key->id >> 16);
    sealed[3] = (uint8_t)(key->id >> 8);
    sealed[4] = (uint8_t)key->id;
    randombytes_buf(sealed + HEAD_BYTES, NONCE_BYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        sealed + HEAD_BYTES + NONCE_BYTES, NULL, (const uint8_t *)plain.at, plain.bytes, about,
        print_place(place, sealed, about), NULL, sealed + HEAD_BYTES, key->key);
    return (struct text){(const char *)sealed, plain.bytes + SEAL_MORE_BYTES};
}

uint32_t seal_key_id(struct text sealed)
{
    const uint8_t *at = (const uint8_t *)sealed.at;

    if (sealed.bytes < SEAL_MORE_BYTES || at[0] != VERSION)
        return 0;
    return (uint32_t)at[1] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 8 | at[4];
}

enum seal_opened seal_open(const struct seal *seal, const struct seal_place *place,
                           struct text sealed, struct arena *arena, struct text *plain)
{
    const uint8_t *at = (const uint8_t *)sealed.at;
    const struct seal_ring_key *key = seal_ring_find(&seal->ring, seal_key_id(sealed));
    uint8_t about[PLACE_BYTES];
    uint8_t *opened;

    if (seal_key_id(sealed) == 0 || sealed.bytes > SEAL_PLAIN_BYTES_MAX + SEAL_MORE_BYTES)
        return SEAL_NOT_SEALED;
    if (!key)
        return SEAL_KEY_UNKNOWN;
    opened = arena_take(arena, sealed.bytes - SEAL_MORE_BYTES + 1);
    if (!opened)
        return SEAL_ARENA_FULL;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            opened, NULL, NULL, at + HEAD_BYTES + NONCE_BYTES,
            sealed.bytes - HEAD_BYTES - NONCE_BYTES, about, print_place(place, at, about),
            at + HEAD_BYTES, key->key) != 0)
        return SEAL_BROKEN;
    *plain = (struct text){(const char *)opened, sealed.bytes - SEAL_MORE_BYTES};
    return SEAL_OPENED;
}

const char *seal_why(enum seal_opened opened)
{
    switch (opened) {
    case SEAL_OPENED:
        return "";
    case SEAL_NOT_SEALED:
        return "it is not a sealed value";
    case SEAL_KEY_UNKNOWN:
        return "its key is not in the ring of KEHU_SEAL_KEYS_FILE";
    case SEAL_BROKEN:
        return "it was changed, or made for another place";
    case SEAL_ARENA_FULL:
        return "the request is too large";
    }
    return "";
}

void seal_hash(const struct seal *seal, const char *kind, struct text value,
               uint8_t out[SEAL_HASH_BYTES])
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, seal->ring.hash, SEAL_KEY_BYTES, SEAL_HASH_BYTES);
    crypto_generichash_update(&state, (const uint8_t *)kind, strlen(kind) + 1);
    crypto_generichash_update(&state, (const uint8_t *)value.at, value.bytes);
    crypto_generichash_final(&state, out, SEAL_HASH_BYTES);
    sodium_memzero(&state, sizeof(state));
}
