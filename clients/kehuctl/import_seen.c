/* Open addressing; it doubles at three quarters. */
#include "clients/kehuctl/import_seen.h"

#include <sodium.h>

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_PLACES = 1 << 12,
};

struct import_seen {
    unsigned char key[crypto_shorthash_KEYBYTES];
    uint64_t *hashes; /* 0: a free place */
    uint32_t *lines;
    size_t places, count;
};

static bool make_places(struct import_seen *seen, size_t places)
{
    seen->hashes = calloc(places, sizeof(*seen->hashes));
    seen->lines = calloc(places, sizeof(*seen->lines));
    seen->places = places;
    return seen->hashes != NULL && seen->lines != NULL;
}

struct import_seen *import_seen_new(void)
{
    struct import_seen *seen = calloc(1, sizeof(*seen));

    if (seen == NULL)
        return NULL;
    randombytes_buf(seen->key, sizeof(seen->key));
    if (make_places(seen, FIRST_PLACES))
        return seen;
    import_seen_free(seen);
    return NULL;
}

void import_seen_free(struct import_seen *seen)
{
    if (seen == NULL)
        return;
    free(seen->hashes);
    free(seen->lines);
    free(seen);
}

/* Its place, or the free one where it belongs. */
static size_t find_place(const struct import_seen *seen, uint64_t hash)
{
    size_t at = (size_t)hash & (seen->places - 1);

    while (seen->hashes[at] != 0 && seen->hashes[at] != hash)
        at = (at + 1) & (seen->places - 1);
    return at;
}

static bool grow(struct import_seen *seen)
{
    struct import_seen larger = *seen;

    if (seen->count < seen->places / 4 * 3)
        return true;
    if (!make_places(&larger, seen->places * 2)) {
        free(larger.hashes);
        free(larger.lines);
        return false;
    }
    for (size_t i = 0; i < seen->places; i++) {
        if (seen->hashes[i] == 0)
            continue;
        size_t at = find_place(&larger, seen->hashes[i]);

        larger.hashes[at] = seen->hashes[i];
        larger.lines[at] = seen->lines[i];
    }
    free(seen->hashes);
    free(seen->lines);
    *seen = larger;
    return true;
}

bool import_seen_take(struct import_seen *seen, struct text id, uint32_t line, uint32_t *before)
{
    unsigned char bytes[crypto_shorthash_BYTES];
    uint64_t hash;

    if (!grow(seen))
        return false;
    crypto_shorthash(bytes, (const unsigned char *)id.at, id.bytes, seen->key);
    memcpy(&hash, bytes, sizeof(hash));
    hash += hash == 0;
    size_t at = find_place(seen, hash);

    *before = seen->hashes[at] != 0 ? seen->lines[at] : 0;
    if (seen->hashes[at] != 0)
        return true;
    seen->hashes[at] = hash;
    seen->lines[at] = line;
    seen->count++;
    return true;
}
