/*
 * The ring: the keys that seal values, as a file.
 *
 *   {"current": 2,                                   the key that closes; the others only open
 *    "keys": [{"id": 1, "key": "<base64 of 32 bytes>"}, {"id": 2, "key": "…"}],
 *    "hash": "<base64 of 32 bytes>"}                 of keyed hashes; never changes
 *
 * Read strictly: a member that we do not know is refused. At most 64 keys, ids from 1 on.
 */
#ifndef KEHU_SEAL_RING_H
#define KEHU_SEAL_RING_H

#include "common/base.h"
#include "common/status.h"

#define SEAL_RING_KEYS_MAX 64
#define SEAL_RING_BYTES_MAX (16 * 1024)
#define SEAL_KEY_BYTES 32

struct seal_ring_key {
    uint32_t id;
    uint8_t key[SEAL_KEY_BYTES];
};

struct seal_ring {
    uint32_t current;
    size_t count;
    struct seal_ring_key keys[SEAL_RING_KEYS_MAX];
    uint8_t hash[SEAL_KEY_BYTES];
};

/* INVALID_ARGUMENT: `why` says what is wrong, without any of the keys; `out` is then untouched.
 * Never reads past `count` bytes. */
enum status seal_ring_decode(const char *bytes, size_t count, struct seal_ring *out, char *why,
                             size_t why_bytes) MUST_USE;
/* The same of a file; NOT_FOUND when it cannot be opened. */
enum status seal_ring_read(const char *path, struct seal_ring *out, char *why,
                           size_t why_bytes) MUST_USE;

/* NULL: not in the ring. */
const struct seal_ring_key *seal_ring_find(const struct seal_ring *ring, uint32_t id);

/* A ring of one new key and a new hash key. libsodium must have been made ready. */
void seal_ring_make(struct seal_ring *ring);
/* Adds a new key and makes it current. RESOURCE_EXHAUSTED: the ring is full. */
enum status seal_ring_add(struct seal_ring *ring) MUST_USE;
/* NOT_FOUND: it is not in the ring; FAILED_PRECONDITION: it is the current one. */
enum status seal_ring_drop(struct seal_ring *ring, uint32_t id) MUST_USE;

/* The file's text, to be wiped (seal_ring_forget_text) after use; NULL when memory is out. */
char *seal_ring_print(const struct seal_ring *ring);
void seal_ring_forget_text(char *text);
/* Wipes the keys. */
void seal_ring_forget(struct seal_ring *ring);

#endif
