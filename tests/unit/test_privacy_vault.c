/*
 * The rows of a person who is restricted: kept in the vault, and back in their tables though keys
 * changed meanwhile.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <sodium.h>

#include "common/pure/uuid.h"
#include "services/customers/codec/codec_privacy.h"

#define KEY_A "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define KEY_B "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
#define HASH "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8="
#define KEYS_A "{\"id\":1,\"key\":\"" KEY_A "\"}"
#define KEYS_B "{\"id\":2,\"key\":\"" KEY_B "\"}"
#define RING_1 "{\"current\":1,\"keys\":[" KEYS_A "],\"hash\":\"" HASH "\"}"
#define RING_ONLY_2 "{\"current\":2,\"keys\":[" KEYS_B "],\"hash\":\"" HASH "\"}"

#define OWNER "01900000-0000-7000-8000-000000000001"
#define CHANNEL "01900000-0000-7000-8000-000000000002"
#define PHONE "+8613800138765"

static struct arena *arena;
static struct seal *before, *after;

static struct seal *seal_of(const char *ring)
{
    struct seal *seal = NULL;
    char why[300] = "";

    if (seal_decode(ring, strlen(ring), &seal, why, sizeof(why)) != OK)
        fail_msg("%s", why);
    return seal;
}

static int make(void **state)
{
    (void)state;
    arena = arena_new(8 << 20);
    before = seal_of(RING_1);
    after = seal_of(RING_ONLY_2);
    return arena ? 0 : -1;
}

static int drop(void **state)
{
    (void)state;
    seal_free(before);
    seal_free(after);
    arena_free(arena);
    return 0;
}

static struct text text_of(const char *terminated)
{
    return (struct text){terminated, strlen(terminated)};
}

static struct id id_of(const char *text)
{
    struct id id;

    assert_true(uuid_parse(text, strlen(text), &id));
    return id;
}

/* As PostgreSQL writes a sealed value in JSON. */
static const char *hex_of(struct text bytes)
{
    char *hex = arena_take(arena, 2 * bytes.bytes + 4);

    strcpy(hex, "\\\\x");
    sodium_bin2hex(hex + 3, 2 * bytes.bytes + 1, (const uint8_t *)bytes.at, bytes.bytes);
    return hex;
}

/* A row of that table whose value was sealed for that place. */
static struct privacy_row row_of(const char *table, const struct seal_place *place,
                                 const char *members)
{
    struct text sealed = seal_close(before, place, text_of(PHONE), arena);
    const char *json =
        arena_print(arena, "{\"value_sealed\": \"%s\", %s}", hex_of(sealed), members);

    return (struct privacy_row){text_of(table), text_of(json)};
}

/* Into the vault, the keys change, and back. */
static json_t *there_and_back(struct privacy_row *list, size_t count)
{
    const struct privacy_rows rows = {list, count}, *all[] = {&rows};
    struct codec_privacy_chunks chunks;
    struct privacy_sealed sealed;
    struct seal_place place = {.column = "person_vault.rows", .row = id_of(CHANNEL), .part = ""};
    struct text json;
    json_t *array;

    assert_true(codec_privacy_pack(all, 1, before, arena, &chunks));
    assert_int_equal(chunks.count, 1);
    sealed = (struct privacy_sealed){place.row, text_of(chunks.list[0].table),
                                     seal_close(after, &place, chunks.list[0].json, arena)};
    assert_true(codec_privacy_restore(&sealed, after, arena, &json));
    array = json_loadb(json.at, json.bytes, 0, NULL);
    assert_int_equal(json_array_size(array), count);
    return array;
}

static void assert_opens(json_t *row, const struct seal_place *place)
{
    const char *hex = json_string_value(json_object_get(row, "value_sealed"));
    uint8_t bytes[200];
    size_t count;
    struct text plain;

    assert_non_null(hex);
    assert_memory_equal(hex, "\\x", 2);
    assert_int_equal(
        sodium_hex2bin(bytes, sizeof(bytes), hex + 2, strlen(hex + 2), NULL, &count, NULL), 0);
    assert_int_equal(seal_open(after, place, (struct text){(char *)bytes, count}, arena, &plain),
                     SEAL_OPENED);
    assert_string_equal(plain.at, PHONE);
    assert_null(json_object_get(row, "value_open"));
}

static void assert_outlives(const char *table, const struct seal_place *place, const char *members)
{
    struct privacy_row row = row_of(table, place, members);
    json_t *array = there_and_back(&row, 1);

    assert_opens(json_array_get(array, 0), place);
    json_decref(array);
}

static void values_of_the_vault_outlive_the_key_that_sealed_them(void **state)
{
    (void)state;
    assert_outlives("contact_channel",
                    &(struct seal_place){"contact_channel.value", id_of(CHANNEL), ""},
                    "\"id\": \"" CHANNEL "\", \"contact_id\": \"" OWNER "\"");
    assert_outlives("customer_fact",
                    &(struct seal_place){"customer_fact.value", id_of(OWNER), "phone"},
                    "\"customer_id\": \"" OWNER "\", \"field\": \"phone\", \"value\": \"\"");
    assert_outlives("contact_sensitive",
                    &(struct seal_place){"contact_sensitive.value", id_of(OWNER), "family"},
                    "\"contact_id\": \"" OWNER "\", \"field\": \"family\"");
    assert_outlives("import_former",
                    &(struct seal_place){"import_former.value", id_of(OWNER), "12:5:phone"},
                    "\"import\": 12, \"line\": 5, \"field\": \"phone\", \"contact_id\": null,"
                    " \"customer_id\": \"" OWNER "\"");
}

static void a_row_without_a_sealed_value_comes_back_as_it_was(void **state)
{
    static const char json[] = "{\"id\": \"" OWNER "\", \"share\": 12.340000, \"name\": \"尉迟\"}";
    struct privacy_row row = {TEXT_OF("contact"), TEXT_OF(json)};
    const struct privacy_rows rows = {&row, 1}, *all[] = {&rows};
    struct codec_privacy_chunks chunks;

    (void)state;
    assert_true(codec_privacy_pack(all, 1, before, arena, &chunks));
    assert_int_equal(chunks.list[0].json.bytes, strlen(json) + 2);
    assert_memory_equal(chunks.list[0].json.at + 1, json, strlen(json));
}

/* Its key was lost before: that is no reason to keep him from being restricted. */
static void a_value_that_does_not_open_is_kept_as_it_is(void **state)
{
    const struct seal_place place = {"contact_channel.value", id_of(CHANNEL), ""};
    struct privacy_row row =
        row_of("contact_channel", &place, "\"id\": \"" CHANNEL "\", \"contact_id\": \"" OWNER "\"");
    const struct privacy_rows rows = {&row, 1}, *all[] = {&rows};
    struct codec_privacy_chunks chunks;

    (void)state;
    assert_true(codec_privacy_pack(all, 1, after, arena, &chunks));
    assert_memory_equal(chunks.list[0].json.at + 1, row.json.at, row.json.bytes);
}

static void his_numbers_are_words_of_his_in_the_vault_too(void **state)
{
    const struct seal_place place = {"contact_channel.value", id_of(CHANNEL), ""};
    struct privacy_row row =
        row_of("contact_channel", &place, "\"id\": \"" CHANNEL "\", \"contact_id\": \"" OWNER "\"");
    const struct privacy_rows rows = {&row, 1}, *all[] = {&rows};
    const struct seal_place vault = {
        .column = "person_vault.rows", .row = id_of(OWNER), .part = ""};
    struct codec_privacy_chunks chunks;
    struct privacy_rows opened;
    struct text words[10];

    (void)state;
    assert_true(codec_privacy_pack(all, 1, before, arena, &chunks));
    const struct privacy_sealed sealed = {vault.row, text_of(chunks.list[0].table),
                                          seal_close(after, &vault, chunks.list[0].json, arena)};

    assert_true(codec_privacy_open(&sealed, after, arena, &opened));
    assert_int_equal(codec_privacy_words(&opened, after, arena, words, 10), 4);
    assert_memory_equal(words[0].at, PHONE, words[0].bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_of_the_vault_outlive_the_key_that_sealed_them, make,
                                        drop),
        cmocka_unit_test_setup_teardown(a_row_without_a_sealed_value_comes_back_as_it_was, make,
                                        drop),
        cmocka_unit_test_setup_teardown(a_value_that_does_not_open_is_kept_as_it_is, make, drop),
        cmocka_unit_test_setup_teardown(his_numbers_are_words_of_his_in_the_vault_too, make, drop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
