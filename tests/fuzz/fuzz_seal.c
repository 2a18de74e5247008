/*
 * Any bytes as a sealed value and as the file of a ring. A value that nobody sealed never opens; a
 * ring that is accepted says itself again, and what it closes it opens.
 */
#include "common/seal.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "common/seal_ring.h"

#define RING                                                                                         \
    "{\"current\":1,\"keys\":[{\"id\":1,\"key\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"}]," \
    "\"hash\":\"QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=\"}"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static const struct seal_place place = {"fuzz.value", {{0}}, NULL};

static void open_value(const uint8_t *bytes, size_t count)
{
    struct arena *arena = arena_new(1 << 20);
    struct text plain = {0}, given = {(const char *)bytes, count};
    struct seal *seal = NULL;
    char why[200];

    assert(seal_decode(RING, strlen(RING), &seal, why, sizeof(why)) == OK);

    enum seal_opened opened = seal_open(seal, &place, given, arena, &plain);

    assert(opened != SEAL_OPENED && !plain.at);
    assert((opened == SEAL_NOT_SEALED) ==
           (seal_key_id(given) == 0 || count > SEAL_PLAIN_BYTES_MAX + SEAL_MORE_BYTES));
    if (count <= SEAL_PLAIN_BYTES_MAX) {
        struct text sealed = seal_close(seal, &place, given, arena);

        assert(seal_open(seal, &place, sealed, arena, &plain) == SEAL_OPENED);
        assert(plain.bytes == count && (count == 0 || memcmp(plain.at, bytes, count) == 0));
    }
    seal_free(seal);
    arena_free(arena);
}

static void read_ring(const uint8_t *bytes, size_t count)
{
    struct seal_ring ring, again;
    char why[200] = "";
    char *text;

    if (seal_ring_decode((const char *)bytes, count, &ring, why, sizeof(why)) != OK) {
        assert(why[0] && strlen(why) < sizeof(why));
        return;
    }
    assert(seal_ring_find(&ring, ring.current));
    text = seal_ring_print(&ring);
    assert(seal_ring_decode(text, strlen(text), &again, why, sizeof(why)) == OK);
    assert(again.count == ring.count && again.current == ring.current);
    seal_ring_forget_text(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    if (sodium_init() < 0)
        return 0;
    open_value(bytes, count);
    read_ring(bytes, count);
    return 0;
}
