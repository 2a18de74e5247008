/* Exact decimals: reading, printing, and the one rounding there is. */
#include "common/pure/decimal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
static void assert_reads(const char *text, int64_t expected)
{
    int64_t micros = 42;

    assert_true(decimal_parse(text, strlen(text), &micros));
    assert_int_equal(micros, expected);
}

static void decimals_are_read_exactly(void **state)
{
    (void)state;
    assert_reads("0", 0);
    assert_reads("-0", 0);
    assert_reads("12", 12000000);
    assert_reads("-0.5", -500000);
    assert_reads("+3.25", 3250000);
    assert_reads("0.000001", 1);
    assert_reads("1.", 1000000);
    assert_reads(".5", 500000);
    assert_reads("007.10", 7100000);
    assert_reads("-53594.36", INT64_C(-53594360000));
    assert_reads("9223372036854.775807", INT64_MAX);
    assert_reads("-9223372036854.775808", INT64_MIN);
}

static void more_than_six_decimals_are_read_only_when_the_rest_are_zeros(void **state)
{
    int64_t micros = 42;

    (void)state;
    assert_reads("1.2345670000000000000000000", 1234567);
    assert_false(decimal_parse("1.2345671", 9, &micros));
    assert_false(decimal_parse("1.23456700000000000001", 22, &micros));
    assert_int_equal(micros, 42);
}

static void junk_is_refused_and_leaves_the_result_alone(void **state)
{
    static const char *const bad[] = {
        "",
        "-",
        "+",
        ".",
        "-.",
        "1e3",
        "1E3",
        "0x10",
        "1,5",
        "1 ",
        " 1",
        "--1",
        "1.2.3",
        "one",
        "1_000",
        "\xef\xbc\x91",
        "NaN",
        "9223372036854.775808",
        "-9223372036854.775809",
        "99999999999999999999999999999999",
    };
    int64_t micros = 42;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(decimal_parse(bad[i], strlen(bad[i]), &micros));
    assert_false(decimal_parse("1\0", 2, &micros));
    assert_int_equal(micros, 42);
}

static void assert_prints(int64_t micros, const char *expected)
{
    char text[DECIMAL_TEXT_BYTES];

    assert_int_equal(decimal_print(micros, text), strlen(expected));
    assert_string_equal(text, expected);
}

static void decimals_are_printed_without_trailing_zeros(void **state)
{
    (void)state;
    assert_prints(0, "0");
    assert_prints(-500000, "-0.5");
    assert_prints(1, "0.000001");
    assert_prints(1000000, "1");
    assert_prints(10000000, "10");
    assert_prints(100, "0.0001");
    assert_prints(INT64_C(9539484634000), "9539484.634");
    assert_prints(INT64_MAX, "9223372036854.775807");
    assert_prints(INT64_MIN, "-9223372036854.775808");
}

static void what_is_printed_is_read_back(void **state)
{
    int64_t value = 1;

    (void)state;
    for (int i = 0; i < 60; i++, value = value * 2 + (i % 3)) {
        char text[DECIMAL_TEXT_BYTES];

        decimal_print(-value, text);
        assert_reads(text, -value);
    }
}

static void assert_product(int64_t a, int64_t b, int64_t expected)
{
    int64_t product = 42;

    assert_true(decimal_multiply(a, b, &product));
    assert_int_equal(product, expected);
}

static void a_product_is_rounded_half_away_from_zero(void **state)
{
    (void)state;
    assert_product(1, 500000, 1);
    assert_product(1, 499999, 0);
    assert_product(-1, 500000, -1);
    assert_product(1, -499999, 0);
    assert_product(3, 500000, 2);
    assert_product(-3, 500000, -2);
    assert_product(-3, -500000, 2);
    assert_product(2500000, 4000000, 10000000);
    assert_product(0, INT64_MIN, 0);
}

static void a_product_beyond_64_bits_is_refused(void **state)
{
    int64_t product = 42;

    (void)state;
    assert_product(INT64_MAX, 1000000, INT64_MAX);
    assert_product(INT64_MIN, 1000000, INT64_MIN);
    assert_false(decimal_multiply(INT64_MIN, -1000000, &product));
    assert_false(decimal_multiply(INT64_MAX, 1000001, &product));
    assert_false(decimal_multiply(INT64_MIN, INT64_MIN, &product));
    assert_int_equal(product, 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_read_exactly),
        cmocka_unit_test(more_than_six_decimals_are_read_only_when_the_rest_are_zeros),
        cmocka_unit_test(junk_is_refused_and_leaves_the_result_alone),
        cmocka_unit_test(decimals_are_printed_without_trailing_zeros),
        cmocka_unit_test(what_is_printed_is_read_back),
        cmocka_unit_test(a_product_is_rounded_half_away_from_zero),
        cmocka_unit_test(a_product_beyond_64_bits_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
