/*
 * Sealed values: each opens at its own place with a key of the ring and nowhere else; rotation; the
 * ring's file, read strictly and again when it changes.
 */
#include "common/seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

#include "common/seal_ring.h"

#define KEY_A "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define KEY_B "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
#define HASH "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8="
#define KEYS_A "{\"id\":1,\"key\":\"" KEY_A "\"}"
#define KEYS_B "{\"id\":2,\"key\":\"" KEY_B "\"}"
#define RING_1 "{\"current\":1,\"keys\":[" KEYS_A "],\"hash\":\"" HASH "\"}"
#define RING_2 "{\"current\":2,\"keys\":[" KEYS_A "," KEYS_B "],\"hash\":\"" HASH "\"}"
#define RING_ONLY_2 "{\"current\":2,\"keys\":[" KEYS_B "],\"hash\":\"" HASH "\"}"

static const struct seal_place place = {"contact_channel.value", {{1, 2, 3}}, "phone"};
static struct arena *arena;

static int make_arena(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    return arena && sodium_init() >= 0 ? 0 : -1;
}

static int drop_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct seal *seal_of(const char *ring)
{
    struct seal *seal = NULL;
    char why[300] = "";

    if (seal_decode(ring, strlen(ring), &seal, why, sizeof(why)) != OK)
        fail_msg("%s", why);
    return seal;
}

static struct text closed(const struct seal *seal, const char *plain)
{
    struct text sealed = seal_close(seal, &place, (struct text){plain, strlen(plain)}, arena);

    assert_non_null(sealed.at);
    return sealed;
}

static void assert_opens(const struct seal *seal, struct text sealed, const char *expected)
{
    struct text plain = {0};

    assert_int_equal(seal_open(seal, &place, sealed, arena, &plain), SEAL_OPENED);
    assert_int_equal(plain.bytes, strlen(expected));
    assert_memory_equal(plain.at, expected, plain.bytes);
    assert_int_equal(plain.at[plain.bytes], 0);
}

static void assert_opened(const struct seal *seal, const struct seal_place *at, struct text sealed,
                          enum seal_opened expected)
{
    struct text plain = {"untouched", 9};

    assert_int_equal(seal_open(seal, at, sealed, arena, &plain), expected);
    assert_string_equal(plain.at, "untouched");
    assert_true(strlen(seal_why(expected)) > 10);
}

static void a_value_opens_at_its_place(void **state)
{
    struct seal *seal = seal_of(RING_1);
    struct text sealed = closed(seal, "+8613800000001");

    (void)state;
    assert_int_equal(sealed.bytes, strlen("+8613800000001") + SEAL_MORE_BYTES);
    assert_int_equal(seal_key_id(sealed), 1);
    assert_null(memmem(sealed.at, sealed.bytes, "138", 3));
    assert_opens(seal, sealed, "+8613800000001");
    assert_opens(seal, closed(seal, ""), "");
    seal_free(seal);
}

static void the_same_value_never_looks_the_same(void **state)
{
    struct seal *seal = seal_of(RING_1);
    struct text a = closed(seal, "13800000001"), b = closed(seal, "13800000001");

    (void)state;
    assert_int_equal(a.bytes, b.bytes);
    assert_memory_not_equal(a.at + 5, b.at + 5, 24); /* the nonces */
    assert_memory_not_equal(a.at + 29, b.at + 29, a.bytes - 29);
    seal_free(seal);
}

static void a_value_copied_to_another_place_does_not_open(void **state)
{
    struct seal *seal = seal_of(RING_1);
    struct text sealed = closed(seal, "13800000001");
    struct seal_place other = place;

    (void)state;
    other.row.bytes[15] = 9;
    assert_opened(seal, &other, sealed, SEAL_BROKEN);
    other = place;
    other.column = "customer_fact.value";
    assert_opened(seal, &other, sealed, SEAL_BROKEN);
    other = place;
    other.part = "email";
    assert_opened(seal, &other, sealed, SEAL_BROKEN);
    other.part = NULL;
    assert_opened(seal, &other, sealed, SEAL_BROKEN);
    /* Nor does it when the parts are divided in another way. */
    struct seal_place long_row = {"contact_channel.valu", {{'e'}}, "phone"};

    assert_opened(seal, &long_row, sealed, SEAL_BROKEN);
    seal_free(seal);
}

static void a_changed_or_cut_value_does_not_open(void **state)
{
    struct seal *seal = seal_of(RING_1);
    struct text sealed = closed(seal, "13800000001");
    char *copy = arena_copy(arena, sealed.at, sealed.bytes);

    (void)state;
    for (size_t i = 0; i < sealed.bytes; i++) {
        enum seal_opened expected = i == 0  ? SEAL_NOT_SEALED
                                    : i < 5 ? SEAL_KEY_UNKNOWN
                                            : SEAL_BROKEN;

        copy[i] ^= 1;
        if (i == 4) /* key 1 with its last bit off is key 0 */
            expected = SEAL_NOT_SEALED;
        assert_opened(seal, &place, (struct text){copy, sealed.bytes}, expected);
        copy[i] ^= 1;
    }
    for (size_t bytes = 0; bytes < sealed.bytes; bytes++)
        assert_opened(seal, &place, (struct text){copy, bytes},
                      bytes < SEAL_MORE_BYTES ? SEAL_NOT_SEALED : SEAL_BROKEN);
    assert_opens(seal, sealed, "13800000001");
    seal_free(seal);
}

static void after_a_rotation_old_values_open_until_their_key_is_dropped(void **state)
{
    struct seal *before = seal_of(RING_1), *rotated = seal_of(RING_2),
                *after = seal_of(RING_ONLY_2);
    struct text old = closed(before, "13800000001"), new = closed(rotated, "13800000001");
    uint32_t ids[4] = {0};

    (void)state;
    assert_int_equal(seal_current(rotated), 2);
    assert_int_equal(seal_keys(rotated, ids, COUNT_OF(ids)), 2);
    assert_int_equal(ids[0], 1);
    assert_int_equal(ids[1], 2);
    assert_int_equal(seal_key_id(new), 2);
    assert_opens(rotated, old, "13800000001");
    assert_opens(rotated, new, "13800000001");
    assert_opens(after, new, "13800000001");
    assert_opened(after, &place, old, SEAL_KEY_UNKNOWN);
    assert_opened(before, &place, new, SEAL_KEY_UNKNOWN);
    seal_free(before);
    seal_free(rotated);
    seal_free(after);
}

static void a_hash_is_of_kind_and_value_and_survives_rotation(void **state)
{
    struct seal *before = seal_of(RING_1), *rotated = seal_of(RING_2);
    uint8_t a[SEAL_HASH_BYTES], b[SEAL_HASH_BYTES];
    uint8_t plain[SEAL_HASH_BYTES];

    (void)state;
    seal_hash(before, "phone", TEXT_OF("+8613800000001"), a);
    seal_hash(rotated, "phone", TEXT_OF("+8613800000001"), b);
    assert_memory_equal(a, b, sizeof(a));
    seal_hash(before, "email", TEXT_OF("+8613800000001"), b);
    assert_memory_not_equal(a, b, sizeof(a));
    seal_hash(before, "phone", TEXT_OF("+8613800000002"), b);
    assert_memory_not_equal(a, b, sizeof(a));
    seal_hash(before, "phon", TEXT_OF("e+8613800000001"), b);
    assert_memory_not_equal(a, b, sizeof(a));
    /* Without the key a thief of rows cannot try all numbers. */
    crypto_generichash(plain, sizeof(plain), (const uint8_t *)"phone\0+8613800000001", 20, NULL, 0);
    assert_memory_not_equal(a, plain, sizeof(a));
    seal_free(before);
    seal_free(rotated);
}

static void a_full_arena_is_told(void **state)
{
    struct seal *seal = seal_of(RING_1);
    struct text sealed = closed(seal, "13800000001"), plain;
    struct arena *small = arena_new(64);

    (void)state;
    while (arena_take(small, 1))
        ;
    assert_null(seal_close(seal, &place, TEXT_OF("13800000001"), small).at);
    assert_int_equal(seal_open(seal, &place, sealed, small, &plain), SEAL_ARENA_FULL);
    arena_free(small);
    seal_free(seal);
}

static void assert_refused(const char *ring, const char *expected)
{
    struct seal_ring out = {.current = 77};
    char why[300] = "";

    assert_int_equal(seal_ring_decode(ring, strlen(ring), &out, why, sizeof(why)),
                     INVALID_ARGUMENT);
    if (!strstr(why, expected))
        fail_msg("%s: %s, wanted %s", ring, why, expected);
    assert_null(strstr(why, "AAEC")); /* nothing of a key */
    assert_int_equal(out.current, 77);
}

static void a_ring_is_read_strictly(void **state)
{
    (void)state;
    assert_refused("", "not JSON");
    assert_refused("[]", "not a JSON object");
    assert_refused("{\"current\":1,\"hash\":\"" HASH "\"}", "keys is missing");
    assert_refused("{\"current\":1,\"keys\":[],\"hash\":\"" HASH "\"}", "at least one key");
    assert_refused("{\"keys\":[" KEYS_A "],\"hash\":\"" HASH "\"}", "current is missing");
    assert_refused("{\"current\":1,\"keys\":[" KEYS_A "]}", "hash is missing");
    assert_refused("{\"current\":2,\"keys\":[" KEYS_A "],\"hash\":\"" HASH "\"}",
                   "current is 2, but no key has this id");
    assert_refused("{\"current\":0,\"keys\":[" KEYS_A "],\"hash\":\"" HASH "\"}", "current");
    assert_refused("{\"current\":1,\"keys\":[" KEYS_A "," KEYS_A "],\"hash\":\"" HASH "\"}",
                   "keys[1].id is 1");
    assert_refused("{\"current\":1,\"keys\":[" KEYS_A ",{\"id\":2,\"key\":\"" KEY_A
                   "\"}],\"hash\":\"" HASH "\"}",
                   "keys[1].key is the same as of key 1");
    assert_refused("{\"current\":1,\"keys\":[" KEYS_A "],\"hash\":\"" KEY_A "\"}",
                   "hash is the same as key 1");
    assert_refused("{\"current\":1,\"keys\":[{\"id\":1,\"key\":\"AAECAw==\"}],\"hash\":\"" HASH
                   "\"}",
                   "keys[0].key is not base64 of 32 bytes");
    assert_refused("{\"current\":1,\"keys\":[{\"id\":1,\"key\":"
                   "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}],\"hash\":\"" HASH "\"}",
                   "all zero");
    assert_refused("{\"current\":1,\"keys\":[{\"id\":1}],\"hash\":\"" HASH "\"}", "keys[0] is not");
    assert_refused("{\"current\":1,\"keys\":[" KEYS_A "],\"hash\":\"" HASH "\",\"old\":1}",
                   "old: there is no such member");
    assert_refused("{\"current\":1,\"current\":1,\"keys\":[" KEYS_A "],\"hash\":\"" HASH "\"}",
                   "not JSON");
}

static void a_ring_is_made_rotated_dropped_and_printed(void **state)
{
    struct seal_ring ring, again;
    char why[300] = "";
    char *text;

    (void)state;
    seal_ring_make(&ring);
    assert_int_equal(ring.current, 1);
    assert_int_equal(seal_ring_drop(&ring, 1), FAILED_PRECONDITION);
    assert_int_equal(seal_ring_add(&ring), OK);
    assert_int_equal(ring.current, 2);
    text = seal_ring_print(&ring);
    assert_int_equal(seal_ring_decode(text, strlen(text), &again, why, sizeof(why)), OK);
    assert_int_equal(again.count, 2);
    assert_memory_equal(again.keys, ring.keys, 2 * sizeof(ring.keys[0]));
    assert_memory_equal(again.hash, ring.hash, sizeof(ring.hash));
    seal_ring_forget_text(text);
    assert_int_equal(seal_ring_drop(&ring, 7), NOT_FOUND);
    assert_int_equal(seal_ring_drop(&ring, 1), OK);
    assert_int_equal(ring.count, 1);
    assert_int_equal(ring.keys[0].id, 2);
    while (ring.count < SEAL_RING_KEYS_MAX)
        assert_int_equal(seal_ring_add(&ring), OK);
    assert_int_equal(seal_ring_add(&ring), RESOURCE_EXHAUSTED);
}

/* --- the file --- */

static char path[64];

static void write_ring(const char *text)
{
    char aside[80];

    snprintf(aside, sizeof(aside), "%s.new", path);
    FILE *file = fopen(aside, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(rename(aside, path), 0);
}

/* The file is looked at once a second. */
static void wait_for(struct seal *seal, uint32_t current, const char *why)
{
    for (int i = 0; i < 60; i++) {
        seal_refresh(seal);
        if (seal_current(seal) == current && strstr(seal_why_broken(seal), why) &&
            (why[0] || !seal_why_broken(seal)[0]))
            return;
        nanosleep(&(struct timespec){.tv_nsec = 50 * 1000 * 1000}, NULL);
    }
    fail_msg("key %u seals, \"%s\"", seal_current(seal), seal_why_broken(seal));
}

static void a_changed_file_is_read_again_and_a_bad_one_is_not_used(void **state)
{
    struct seal *seal = NULL;
    char why[300] = "";

    (void)state;
    snprintf(path, sizeof(path), "/tmp/kehu-test-seal.%ld", (long)getpid());
    unlink(path);
    assert_int_equal(seal_new(path, &seal, why, sizeof(why)), NOT_FOUND);
    assert_non_null(strstr(why, path));
    write_ring("{}");
    assert_int_equal(seal_new(path, &seal, why, sizeof(why)), INVALID_ARGUMENT);
    assert_non_null(strstr(why, "keys is missing"));
    write_ring(RING_1);
    assert_int_equal(seal_new(path, &seal, why, sizeof(why)), OK);
    assert_int_equal(seal_current(seal), 1);
    write_ring(RING_2);
    wait_for(seal, 2, "");
    write_ring("{\"current\":");
    wait_for(seal, 2, "not JSON");
    assert_opens(seal, closed(seal, "13800000001"), "13800000001");
    /* All hashes would be of nobody. */
    write_ring("{\"current\":1,\"keys\":[" KEYS_A "],\"hash\":\"" KEY_B "\"}");
    wait_for(seal, 2, "hash differs");
    unlink(path);
    wait_for(seal, 2, "cannot open");
    write_ring(RING_ONLY_2);
    wait_for(seal, 2, "");
    assert_int_equal(seal_keys(seal, NULL, 0), 1);
    unlink(path);
    seal_free(seal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_opens_at_its_place),
        cmocka_unit_test(the_same_value_never_looks_the_same),
        cmocka_unit_test(a_value_copied_to_another_place_does_not_open),
        cmocka_unit_test(a_changed_or_cut_value_does_not_open),
        cmocka_unit_test(after_a_rotation_old_values_open_until_their_key_is_dropped),
        cmocka_unit_test(a_hash_is_of_kind_and_value_and_survives_rotation),
        cmocka_unit_test(a_full_arena_is_told),
        cmocka_unit_test(a_ring_is_read_strictly),
        cmocka_unit_test(a_ring_is_made_rotated_dropped_and_printed),
        cmocka_unit_test(a_changed_file_is_read_again_and_a_bad_one_is_not_used),
    };

    return cmocka_run_group_tests(tests, make_arena, drop_arena);
}
