/*
 * A log line is one line whatever its values hold: they come from outside.
 */
#include "common/logfmt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char line[65536];

/* Redirects stderr to a file for one warning with this value, and reads the line back. */
static const char *logged(const char *value)
{
    char path[] = "/tmp/kehu-logfmt-XXXXXX";
    int file = mkstemp(path);
    int kept = dup(STDERR_FILENO);
    ssize_t used;

    dup2(file, STDERR_FILENO);
    logfmt_warning("tried", "a", value, "b", "end", NULL);
    dup2(kept, STDERR_FILENO);
    close(kept);
    used = pread(file, line, sizeof(line) - 1, 0);
    line[used > 0 ? used : 0] = '\0';
    close(file);
    unlink(path);
    return line;
}

static void assert_logged(const char *value, const char *expected)
{
    char whole[2000];

    snprintf(whole, sizeof(whole), " event=tried a=%s b=end\n", expected);
    if (!strstr(logged(value), whole))
        fail_msg("%s does not hold %s", line, whole);
}

static void time_service_and_level_stand_first(void **state)
{
    (void)state;
    logfmt_set_service("customers-2");
    logged("x");
    assert_int_equal(strncmp(line, "time=20", 7), 0);
    assert_int_equal(line[5 + 23], 'Z');
    assert_non_null(strstr(line, "Z service=customers-2 level=warning event=tried a=x b=end\n"));
}

static void a_pair_without_a_value_is_left_out(void **state)
{
    (void)state;
    assert_non_null(strstr(logged(""), " event=tried b=end\n"));
    assert_non_null(strstr(logged(NULL), " event=tried b=end\n"));
}

static void values_are_quoted_only_where_needed(void **state)
{
    (void)state;
    assert_logged("plain-1.5", "plain-1.5");
    assert_logged("two words", "\"two words\"");
    assert_logged("a=b", "\"a=b\"");
    assert_logged("say \"so\" \\", "\"say \\\"so\\\" \\\\\"");
    assert_logged("客户", "\"客户\"");
}

static void control_characters_and_bad_utf8_cannot_forge_a_line(void **state)
{
    (void)state;
    assert_logged("a\nlevel=error", "\"a\\nlevel=error\"");
    assert_logged("\r\t\x1b[31m\x7f", "\"\\r\\t\\u001b[31m\\u007f\"");
    assert_logged("\xc2\x9b", "\"\\u009b\"");
    assert_logged("\xff", "\"\xef\xbf\xbd\"");
    assert_logged("\xe5\xae", "\"\xef\xbf\xbd\xef\xbf\xbd\""); /* cut in a character */
    assert_logged("\xc0\x8a", "\"\xef\xbf\xbd\xef\xbf\xbd\""); /* an overlong newline */
    assert_logged("\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""); /* a surrogate */
}

static void a_long_value_is_cut_at_a_character(void **state)
{
    char value[3000], expected[1000] = "\"";

    (void)state;
    for (int i = 0; i < 900; i++)
        memcpy(value + 3 * i, "客", 4);
    for (int i = 0; i < 170; i++) /* 510 of 512 bytes: the next would be cut in its middle */
        strcat(expected, "客");
    strcat(expected, "…\"");
    assert_logged(value, expected);
}

static void a_line_has_a_bound_whatever_its_values_hold(void **state)
{
    char value[600];

    (void)state;
    memset(value, 1, sizeof(value) - 1);
    value[sizeof(value) - 1] = '\0';
    logfmt_set_service("customers");
    for (int i = 0; i < 2; i++)
        logged(value);
    assert_true(strlen(line) < 16384);
    assert_int_equal(line[strlen(line) - 1], '\n');
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
}

static void nothing_is_written_while_off(void **state)
{
    (void)state;
    logfmt_set_enabled(false);
    assert_string_equal(logged("x"), "");
    logfmt_set_enabled(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_service_and_level_stand_first),
        cmocka_unit_test(a_pair_without_a_value_is_left_out),
        cmocka_unit_test(values_are_quoted_only_where_needed),
        cmocka_unit_test(control_characters_and_bad_utf8_cannot_forge_a_line),
        cmocka_unit_test(a_long_value_is_cut_at_a_character),
        cmocka_unit_test(a_line_has_a_bound_whatever_its_values_hold),
        cmocka_unit_test(nothing_is_written_while_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
