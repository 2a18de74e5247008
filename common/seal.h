/*
 * Single sensitive values in rows: encrypted, each for its own place, and keyed hashes to look such
 * values up (R169).
 *
 * A sealed value is bytes: version (1 byte), id of its key (4, big endian), nonce (24), ciphertext
 * with its tag (XChaCha20-Poly1305-IETF). Table, column and row are authenticated with it, so that
 * a value copied into another row or column does not open there.
 *
 * The keys are a file, the ring (seal_ring.h). It is read again when it changes: a key added and
 * made current is used from then on; values of older keys open as long as these stand in the ring.
 * A ring that cannot be used after a change is reported and the one before it stays in force.
 */
#ifndef KEHU_SEAL_H
#define KEHU_SEAL_H

#include "common/arena.h"
#include "common/base.h"
#include "common/status.h"

#define SEAL_HASH_BYTES 32
/* What a sealed value is longer than its plain one, and the most that a plain one may have. */
#define SEAL_MORE_BYTES 45
#define SEAL_PLAIN_BYTES_MAX (64 * 1024)

struct seal;

/* Where a value stands. Of a table whose key is more than an id, `part` is the rest of it. */
struct seal_place {
    const char *column; /* "contact_channel.value"; at most 64 bytes */
    struct id row;
    const char *part; /* "" or NULL where the id is the whole key; at most 64 bytes */
};

/* How opening ended. */
enum seal_opened {
    SEAL_OPENED,
    SEAL_NOT_SEALED,  /* too short, or of a version that we do not know */
    SEAL_KEY_UNKNOWN, /* its key is not in the ring */
    SEAL_BROKEN,      /* changed, cut, or made for another place */
    SEAL_ARENA_FULL,
};

/* Loads the ring from its file. NOT_FOUND: there is none; INVALID_ARGUMENT: it cannot be used.
 * `why` says what is wrong, without any of the keys. */
enum status seal_new(const char *path, struct seal **out, char *why, size_t why_bytes) MUST_USE;
/* The same from memory, for tests; it never changes. */
enum status seal_decode(const char *bytes, size_t count, struct seal **out, char *why,
                        size_t why_bytes) MUST_USE;
void seal_free(struct seal *seal);

/* Reads the file again if it changed; at most one look a second, one stat when it did not. */
void seal_refresh(struct seal *seal);
/* Why the file as it is now cannot be used; "" when it can. */
const char *seal_why_broken(const struct seal *seal);

/* The sealed value, in the arena, under the current key; `at` is NULL when the arena is full.
 * `plain` has at most SEAL_PLAIN_BYTES_MAX (asserted: refuse longer ones before). */
struct text seal_close(const struct seal *seal, const struct seal_place *place, struct text plain,
                       struct arena *arena) MUST_USE;
/* The plain value, in the arena and terminated; `plain` is untouched unless SEAL_OPENED. */
enum seal_opened seal_open(const struct seal *seal, const struct seal_place *place,
                           struct text sealed, struct arena *arena, struct text *plain) MUST_USE;
/* One sentence for logs and operators; it has nothing of the value. */
const char *seal_why(enum seal_opened opened);

/* The key a sealed value was closed with; 0: it is none. */
uint32_t seal_key_id(struct text sealed);
/* The key that closes now. */
uint32_t seal_current(const struct seal *seal);
/* All keys of the ring: fills at most `room` ids, returns how many there are. */
size_t seal_keys(const struct seal *seal, uint32_t *ids, size_t room);

/* Keyed hash of a normalised value (a phone in E.164, an e-mail in lower case): equal values of a
 * kind ("phone", "email") have equal hashes, in every row and with every key that closes. */
void seal_hash(const struct seal *seal, const char *kind, struct text value,
               uint8_t out[SEAL_HASH_BYTES]);

#endif
