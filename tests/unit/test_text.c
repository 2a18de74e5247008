/*
 * Text of known length, byte by byte and by characters.
 */
#include "common/pure/text.h"
#include "common/pure/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static int compare(struct text a, struct text b)
{
    int order = text_compare(a, b);

    assert_int_equal((order > 0) - (order < 0),
                     -((text_compare(b, a) > 0) - (text_compare(b, a) < 0)));
    return (order > 0) - (order < 0);
}

static void equal_bytes_are_equal(void **state)
{
    (void)state;
    assert_int_equal(compare(TEXT_OF("uci"), TEXT_OF("uci")), 0);
    assert_int_equal(compare(TEXT_OF(""), TEXT_OF("")), 0);
    assert_int_equal(compare((struct text){NULL, 0}, TEXT_OF("")), 0);
}

static void a_prefix_comes_before_what_continues_it(void **state)
{
    (void)state;
    assert_int_equal(compare(TEXT_OF("uc"), TEXT_OF("uci")), -1);
    assert_int_equal(compare((struct text){NULL, 0}, TEXT_OF("u")), -1);
    assert_int_equal(compare(TEXT_OF("a"), TEXT_OF("a\0")), -1);
}

static void bytes_count_as_unsigned(void **state)
{
    (void)state;
    assert_int_equal(compare(TEXT_OF("客"), TEXT_OF("z")), 1);
    assert_int_equal(compare(TEXT_OF("b"), TEXT_OF("aa")), 1);
}

static void characters_are_counted_and_white_space_around_them_is_left_out(void **state)
{
    struct text trimmed = utf8_trim(TEXT_OF(" \t\u3000客 户\u00a0\n"));

    (void)state;
    assert_int_equal(utf8_count(TEXT_OF("客户 a")), 4);
    assert_int_equal(utf8_count(TEXT_OF("")), 0);
    assert_int_equal(compare(trimmed, TEXT_OF("客 户")), 0);
    assert_int_equal(utf8_trim(TEXT_OF(" \u3000")).bytes, 0);
    assert_int_equal(utf8_trim(TEXT_OF(" \xff ")).bytes, 3); /* no UTF-8 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_bytes_are_equal),
        cmocka_unit_test(a_prefix_comes_before_what_continues_it),
        cmocka_unit_test(bytes_count_as_unsigned),
        cmocka_unit_test(characters_are_counted_and_white_space_around_them_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
