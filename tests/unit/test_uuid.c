/* UUIDs: made in the order of time, printed and read in the canonical form. */
#include "common/pure/uuid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
static const uint8_t some_random[10] = {0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9};

static void the_time_of_the_rfc_example_gives_its_first_characters(void **state)
{
    struct id id = uuid_make(INT64_C(1645557742000) * 1000, some_random);
    char text[UUID_TEXT_BYTES];

    (void)state;
    uuid_print(&id, text);
    assert_memory_equal(text, "017f22e2-79b0-7000-bf01-", 24);
    assert_string_equal(text, "017f22e2-79b0-7000-bf01-020304050607");
}

static void ids_of_later_microseconds_compare_greater(void **state)
{
    const uint8_t high[10] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    const uint8_t low[10] = {0};
    int64_t start = INT64_C(1767225600000000);

    (void)state;
    for (int64_t us = start; us < start + 3000; us++) {
        struct id before = uuid_make(us, high);
        struct id after = uuid_make(us + 1, low);

        assert_true(memcmp(before.bytes, after.bytes, 16) < 0);
    }
}

static void version_and_variant_are_always_those_of_version_7(void **state)
{
    struct id id = uuid_make(INT64_MAX, some_random);

    (void)state;
    assert_int_equal(id.bytes[6] >> 4, 7);
    assert_int_equal(id.bytes[8] >> 6, 2);
    id = uuid_make(-5, some_random);
    assert_int_equal(id.bytes[0], 0);
    assert_int_equal(id.bytes[6] >> 4, 7);
}

static void what_is_printed_is_read_back_in_either_case(void **state)
{
    struct id id = uuid_make(INT64_C(1767225600123456), some_random);
    struct id back;
    char text[UUID_TEXT_BYTES];

    (void)state;
    uuid_print(&id, text);
    assert_true(uuid_parse(text, strlen(text), &back));
    assert_memory_equal(id.bytes, back.bytes, 16);
    for (char *c = text; *c; c++)
        if (*c >= 'a' && *c <= 'f')
            *c = (char)(*c - 'a' + 'A');
    assert_true(uuid_parse(text, strlen(text), &back));
    assert_memory_equal(id.bytes, back.bytes, 16);
}

static void other_forms_are_refused_and_leave_the_result_alone(void **state)
{
    static const char *const bad[] = {
        "",
        "017f22e279b07000bf01020304050607",
        "{017f22e2-79b0-7000-bf01-020304050607}",
        "017f22e2-79b0-7000-bf01-02030405060",
        "017f22e2-79b0-7000-bf01-0203040506070",
        "017f22e2-79b0-7000-bf01-02030405060g",
        "017f22e2079b0-7000-bf01-020304050607",
        "017f22e-279b0-7000-bf01-020304050607",
    };
    struct id id = {{42}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(uuid_parse(bad[i], strlen(bad[i]), &id));
    assert_int_equal(id.bytes[0], 42);
}

static void an_id_of_zeroes_is_none_and_ids_are_the_same_when_all_bytes_are(void **state)
{
    struct id none = {{0}}, last = {{[15] = 1}}, other = {{[15] = 1}};

    (void)state;
    assert_true(uuid_is_none(&none));
    assert_false(uuid_is_none(&last));
    assert_true(uuid_is_same(&last, &other));
    assert_false(uuid_is_same(&last, &none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_time_of_the_rfc_example_gives_its_first_characters),
        cmocka_unit_test(ids_of_later_microseconds_compare_greater),
        cmocka_unit_test(version_and_variant_are_always_those_of_version_7),
        cmocka_unit_test(what_is_printed_is_read_back_in_either_case),
        cmocka_unit_test(other_forms_are_refused_and_leave_the_result_alone),
        cmocka_unit_test(an_id_of_zeroes_is_none_and_ids_are_the_same_when_all_bytes_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
