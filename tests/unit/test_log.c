/*
 * A reader's place as text.
 */
#include "common/log.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static void expect_same(const char *text)
{
    struct log_cursor cursor = {0};
    char again[80];

    assert_true(log_cursor_parse(text, &cursor));
    log_cursor_print(&cursor, again);
    assert_string_equal(again, text);
}

static void a_place_survives_being_text(void **state)
{
    (void)state;
    expect_same("1.745.812.1042");
    expect_same("1.0.0.0");
}

/* log_window says so of an epoch that is over, as after a restore; with 18 digits allowed, such a
 * reader's second page was refused. */
static void a_place_in_an_epoch_that_is_over_can_be_read_back(void **state)
{
    (void)state;
    expect_same("1.0.9000000000000000000.500");
    expect_same("1.9000000000000000000.9000000000000000000.0");
}

static void what_is_no_place_is_refused_and_leaves_it_alone(void **state)
{
    static const char *const texts[] = {"",         "end",      "1.2",       "0.1.2.3", "1.5.2.3",
                                        "1.1.2.-3", "1.1.2.3x", "1.1.2.3.4", "1.-1.2.3"};
    struct log_cursor cursor = {.epoch = 7};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_false(log_cursor_parse(texts[i], &cursor));
    assert_int_equal(cursor.epoch, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_survives_being_text),
        cmocka_unit_test(a_place_in_an_epoch_that_is_over_can_be_read_back),
        cmocka_unit_test(what_is_no_place_is_refused_and_leaves_it_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
