/*
 * Any bytes as a row of a person: as JSON, as a sealed chunk of the vault, and as the sealed value
 * in a row. Whatever is told is told as a document that can be read, and words are few and whole.
 */
#include "services/customers/codec/codec_privacy.h"

#include <assert.h>
#include <string.h>

#include <jansson.h>
#include <sodium.h>

#include "kehu/customers/v1/privacy.pb-c.h"

#define RING                                                                                         \
    "{\"current\":1,\"keys\":[{\"id\":1,\"key\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"}]," \
    "\"hash\":\"QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=\"}"
#define ROOM 16

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static const struct privacy_person person;

static void tell(const struct privacy_rows *rows, const struct seal *seal, struct arena *arena)
{
    const Kehu__Customers__V1__SubjectAccess *told = (const void *)codec_subject_access(
        &rows, 1, &person, INT64_C(1790000000000000), "zh", seal, arena);
    struct text words[ROOM];
    size_t found = codec_privacy_words(rows, seal, arena, words, ROOM);
    json_t *document;

    assert(found <= ROOM);
    for (size_t i = 0; i < found; i++)
        assert(words[i].at && words[i].bytes >= 2);
    if (!told)
        return;
    document = json_loads(told->json, 0, NULL);
    assert(document);
    json_decref(document);
}

/* Into the vault and back. */
static void keep(const struct privacy_rows *rows, const struct seal *seal, struct arena *arena)
{
    const struct privacy_rows *all[] = {rows};
    struct codec_privacy_chunks chunks;
    struct seal_place place = {.column = "person_vault.rows", .part = ""};
    struct text json;

    if (!codec_privacy_pack(all, 1, seal, arena, &chunks))
        return;
    for (size_t i = 0; i < chunks.count; i++) {
        const struct privacy_sealed chunk = {place.row, rows->list[0].table,
                                             seal_close(seal, &place, chunks.list[i].json, arena)};

        if (chunk.sealed.at && codec_privacy_restore(&chunk, seal, arena, &json))
            assert(json.at && json.bytes > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    static const char *const tables[] = {"contact", "contact_channel", "customer_fact",
                                         "import_former", "customer_need"};
    struct text given = {(const char *)bytes, count};
    struct arena *arena = arena_new(8 << 20);
    struct seal *seal = NULL;
    struct privacy_rows opened;
    char why[200];

    if (sodium_init() < 0 || !arena || count > 16384) {
        arena_free(arena);
        return 0;
    }
    assert(seal_decode(RING, strlen(RING), &seal, why, sizeof(why)) == OK);
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        struct privacy_row row = {{tables[i], strlen(tables[i])}, given};
        const struct privacy_rows rows = {&row, 1};

        tell(&rows, seal, arena);
        keep(&rows, seal, arena);
    }
    struct seal_place place = {.column = "person_vault.rows", .part = ""};
    struct privacy_sealed chunk = {place.row, TEXT_OF("contact"),
                                   seal_close(seal, &place, given, arena)};

    if (chunk.sealed.at && codec_privacy_open(&chunk, seal, arena, &opened))
        tell(&opened, seal, arena);
    chunk.sealed = given; /* nobody closed it */
    assert(!codec_privacy_open(&chunk, seal, arena, &opened));
    seal_free(seal);
    arena_free(arena);
    return 0;
}
