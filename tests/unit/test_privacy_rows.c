/*
 * The rows of a person: sealed values opened for him to read, the words by which he is known, the
 * chunks in which they are kept, and a chunk that somebody tampered with.
 */
#include "services/customers/codec/codec_privacy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "common/pure/uuid.h"
#include "kehu/customers/v1/privacy.pb-c.h"
#include "services/customers/domain/personal.h"

#define RING                                                                                         \
    "{\"current\":1,\"keys\":[{\"id\":1,\"key\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"}]," \
    "\"hash\":\"QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=\"}"
#define ID "018f0000-0000-7000-8000-000000000001"
#define VAULT "person_vault.rows"
#define ROOM 20

static struct arena *arena;
static struct seal *seal;
static const struct privacy_person person;

static int open_all(void **state)
{
    char why[200];

    (void)state;
    arena = arena_new(64 << 20);
    return arena && sodium_init() >= 0 &&
                   seal_decode(RING, strlen(RING), &seal, why, sizeof(why)) == OK
               ? 0
               : -1;
}

static int close_all(void **state)
{
    (void)state;
    seal_free(seal);
    arena_free(arena);
    return 0;
}

/* "\\x01ab": as PostgreSQL writes the sealed value in JSON. */
static const char *sealed(const char *column, const char *part, const char *plain)
{
    struct seal_place place = {.column = column, .part = part};
    struct text closed;
    char *hex;

    assert_true(uuid_parse(ID, strlen(ID), &place.row));
    closed = seal_close(seal, &place, (struct text){plain, strlen(plain)}, arena);
    hex = arena_take(arena, closed.bytes * 2 + 1);
    sodium_bin2hex(hex, closed.bytes * 2 + 1, (const uint8_t *)closed.at, closed.bytes);
    return arena_print(arena, "\\\\x%s", hex);
}

static struct privacy_row row(const char *table, const char *json)
{
    return (struct privacy_row){{table, strlen(table)}, {json, strlen(json)}};
}

static struct privacy_row channel(const char *plain)
{
    return row("contact_channel",
               arena_print(arena,
                           "{\"id\":\"" ID "\",\"kind\":\"mobile\",\"value_sealed\":\"%s\","
                           "\"value_hash\":\"\\\\x0102\",\"last_four\":\"8000\"}",
                           sealed("contact_channel.value", "", plain)));
}

static struct privacy_row fact(const char *field, const char *plain)
{
    return row("customer_fact",
               arena_print(arena,
                           "{\"customer_id\":\"" ID "\",\"field\":\"%s\",\"value\":\"\","
                           "\"value_sealed\":\"%s\"}",
                           field, sealed("customer_fact.value", field, plain)));
}

static const Kehu__Customers__V1__SubjectAccess *document(struct privacy_row *list, size_t count,
                                                          const char *lang)
{
    const struct privacy_rows rows = {list, count}, *all[] = {&rows};

    return (const void *)codec_subject_access(all, 1, &person, INT64_C(1790000000000000), lang,
                                              seal, arena);
}

static void a_document_opens_what_is_sealed_and_leaves_out_what_only_machines_need(void **state)
{
    struct privacy_row rows[] = {
        row("contact", "{\"id\":\"" ID "\",\"name\":\"张三\",\"birthday\":null}"),
        channel("+8613800138000"),
        row("contact_key", "{\"key\":\"zhang\"}"),
        row("import_former",
            arena_print(arena,
                        "{\"import\":12,\"line\":5,\"customer_id\":\"" ID
                        "\",\"contact_id\":null,\"field\":\"email\",\"value_sealed\":\"%s\"}",
                        sealed("import_former.value", "12:5:email", "old@example.cn"))),
        row("contact_sensitive",
            arena_print(arena,
                        "{\"contact_id\":\"" ID "\",\"field\":\"school\",\"value_sealed\":\"%s\"}",
                        sealed("contact_sensitive.value", "school", "北京大学"))),
    };
    const Kehu__Customers__V1__SubjectAccess *told = document(rows, COUNT_OF(rows), "zh");

    (void)state;
    assert_non_null(told);
    for (size_t i = 0; i < 5; i++) {
        static const char *const said[] = {"张三", "+8613800138000", "old@example.cn", "北京大学",
                                           "\"联系方式\""};

        assert_non_null(strstr(told->json, said[i]));
    }
    assert_null(strstr(told->json, "value_sealed"));
    assert_null(strstr(told->json, "value_hash"));
    assert_null(strstr(told->json, "zhang"));
    assert_int_equal(told->parts, 4);
    told = document(rows, COUNT_OF(rows), "en");
    assert_non_null(strstr(told->json, "\"Ways to reach him\""));
}

/* A person must not be told less because a table came later. */
static void every_table_with_values_of_persons_has_a_heading_or_is_an_index(void **state)
{
    static const char *const indexes[] = {"contact_key", "customer_search",
                                          "customer_search_former"};

    (void)state;
    for (size_t i = 0; i < personal_column_count; i++) {
        const struct personal_column *column = &personal_columns[i];
        struct privacy_row one = row(column->table, "{}");
        bool is_index = false;

        for (size_t k = 0; k < COUNT_OF(indexes); k++)
            is_index |= strcmp(indexes[k], column->table) == 0;
        if (strcmp(column->of, "other") == 0 || is_index)
            continue;
        if (document(&one, 1, "zh")->parts != 1 || document(&one, 1, "en")->parts != 1)
            fail_msg("%s has no heading in codec_privacy_rows.c", column->table);
    }
}

static void assert_words(struct privacy_row *list, size_t count, const char *const *expected)
{
    const struct privacy_rows rows = {list, count};
    struct text words[ROOM];
    size_t found = codec_privacy_words(&rows, seal, arena, words, ROOM), n = 0;

    for (; expected[n]; n++) {
        assert_true(n < found);
        assert_int_equal(words[n].bytes, strlen(expected[n]));
        assert_memory_equal(words[n].at, expected[n], words[n].bytes);
    }
    assert_int_equal(found, n);
}

static void his_words_are_names_and_numbers_as_people_write_them(void **state)
{
    struct privacy_row rows[] = {
        row("contact", "{\"name\":\"张三\",\"salutation\":\"张总\",\"title\":\"经理\"}"),
        channel("+8613800138000"),
        row("customer_fact", "{\"field\":\"address\",\"value\":\"翠湖路9号\"}"),
        row("customer_fact", "{\"field\":\"occupation\",\"value\":\"教师\"}"),
        fact("phone", "+862152345678"),
        row("customer_need", "{\"description\":\"张三\"}"),
    };

    (void)state;
    assert_words(rows, COUNT_OF(rows),
                 (const char *const[]){"张三", "张总", "+8613800138000", "13800138000",
                                       "138 0013 8000", "138-0013-8000", "翠湖路9号",
                                       "+862152345678", NULL});
}

static void one_character_is_no_word_and_there_are_no_more_than_there_is_room_for(void **state)
{
    struct privacy_row rows[] = {
        row("contact", "{\"name\":\"王\",\"salutation\":\"\"}"),
        row("contact", "{\"name\":null}"),
        row("contact", "not JSON"),
    };
    struct privacy_row one = channel("+8613800138000");
    const struct privacy_rows many = {&one, 1};
    struct text words[2];

    (void)state;
    assert_words(rows, COUNT_OF(rows), (const char *const[]){NULL});
    assert_int_equal(codec_privacy_words(&many, seal, arena, words, 2), 2);
    assert_int_equal(codec_privacy_words(&many, seal, arena, words, 0), 0);
}

static void there_is_room_for_all_the_words_of_rows_however_many_they_are(void **state)
{
    struct privacy_row rows[300];
    const struct privacy_rows many = {rows, COUNT_OF(rows)};
    struct text *words;
    size_t room;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        rows[i] = i % 3 ? channel("+8613800138000")
                        : row("contact", "{\"name\":\"张三\",\"salutation\":\"张总\"}");
    room = codec_privacy_word_room(&many);
    words = arena_take_array(arena, room + 1, sizeof(*words));
    assert_int_equal(codec_privacy_words(&many, seal, arena, words, room + 1), 200 * 4 + 100 * 2);
    assert_true(room >= 200 * 4 + 100 * 2);
}

/* A row of so many bytes. */
static struct privacy_row long_row(const char *table, size_t bytes)
{
    char *json = arena_take(arena, bytes + 1);

    assert_non_null(json);
    memset(json, 'x', bytes);
    memcpy(json, "{\"a\":\"", 6);
    memcpy(json + bytes - 2, "\"}", 3);
    return row(table, json);
}

static void rows_are_packed_by_table_into_chunks_that_can_be_sealed(void **state)
{
    struct privacy_row list[] = {
        long_row("contact", 100),           long_row("contact", 100),
        long_row("customer_need", 30000),   long_row("customer_need", 19000),
        long_row("customer_need", 200),     long_row("dealer_memo", 48 * 1024 - 3),
        long_row("dealer_memo", 48 * 1024),
    };
    const struct privacy_rows rows = {list, COUNT_OF(list)}, none = {NULL, 0},
                              *all[] = {&none, &rows};
    struct codec_privacy_chunks chunks;
    static const char *const tables[] = {"contact", "customer_need", "dealer_memo", "dealer_memo"};

    (void)state;
    assert_true(codec_privacy_pack(all, 2, seal, arena, &chunks));
    assert_int_equal(chunks.count, 5);
    assert_string_equal(chunks.list[0].table, tables[0]);
    assert_int_equal(chunks.list[0].json.bytes, 203); /* [,] */
    assert_string_equal(chunks.list[1].table, "customer_need");
    assert_int_equal(chunks.list[1].json.bytes, 49003);
    assert_int_equal(chunks.list[2].json.bytes, 202);
    for (size_t i = 3; i < 5; i++)
        assert_string_equal(chunks.list[i].table, "dealer_memo");
    for (size_t i = 0; i < chunks.count; i++)
        assert_true(chunks.list[i].json.bytes <= SEAL_PLAIN_BYTES_MAX);
    list[0] = long_row("contact", SEAL_PLAIN_BYTES_MAX);
    assert_false(codec_privacy_pack(all, 2, seal, arena, &chunks));
}

static struct privacy_sealed chunk(const char *json, uint8_t number)
{
    struct seal_place place = {.column = VAULT, .part = ""};

    place.row.bytes[15] = number;
    return (struct privacy_sealed){
        place.row, TEXT_OF("contact"),
        seal_close(seal, &place, (struct text){json, strlen(json)}, arena)};
}

static void a_chunk_opens_as_the_rows_it_was_made_of(void **state)
{
    struct privacy_sealed one = chunk("[{\"name\":\"张三\"},{\"name\":\"李四\"}]", 1);
    struct privacy_rows rows;
    struct text json;

    (void)state;
    assert_true(codec_privacy_open(&one, seal, arena, &rows));
    assert_true(codec_privacy_restore(&one, seal, arena, &json));
    assert_string_equal(json.at, "[{\"name\":\"张三\"},{\"name\":\"李四\"}]");
    assert_int_equal(rows.count, 2);
    assert_string_equal(rows.list[1].json.at, "{\"name\":\"李四\"}");
    assert_string_equal(rows.list[1].table.at, "contact");
}

static void a_chunk_that_was_tampered_with_or_moved_does_not_open(void **state)
{
    struct privacy_sealed one = chunk("[{\"name\":\"张三\"}]", 1), other;
    struct privacy_rows rows = {.count = 77};
    char *bytes = arena_take(arena, one.sealed.bytes);

    (void)state;
    for (size_t i = 0; i < one.sealed.bytes; i++) {
        other = one;
        memcpy(bytes, one.sealed.at, one.sealed.bytes);
        bytes[i] ^= 1;
        other.sealed.at = bytes;
        assert_false(codec_privacy_open(&other, seal, arena, &rows));
    }
    other = one;
    other.id.bytes[15] = 2; /* another's row */
    assert_false(codec_privacy_open(&other, seal, arena, &rows));
    other = one;
    other.sealed.bytes--;
    assert_false(codec_privacy_open(&other, seal, arena, &rows));
    other = chunk("no JSON", 1);
    assert_false(codec_privacy_open(&other, seal, arena, &rows));
    assert_int_equal(rows.count, 77); /* untouched */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_opens_what_is_sealed_and_leaves_out_what_only_machines_need),
        cmocka_unit_test(every_table_with_values_of_persons_has_a_heading_or_is_an_index),
        cmocka_unit_test(his_words_are_names_and_numbers_as_people_write_them),
        cmocka_unit_test(one_character_is_no_word_and_there_are_no_more_than_there_is_room_for),
        cmocka_unit_test(there_is_room_for_all_the_words_of_rows_however_many_they_are),
        cmocka_unit_test(rows_are_packed_by_table_into_chunks_that_can_be_sealed),
        cmocka_unit_test(a_chunk_opens_as_the_rows_it_was_made_of),
        cmocka_unit_test(a_chunk_that_was_tampered_with_or_moved_does_not_open),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
