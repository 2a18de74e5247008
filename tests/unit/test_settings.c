/*
 * Settings: what is wrong is named, with what would be right.
 */
#include "common/settings.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const struct setting floor_table[] = {
    {"KEHU_ENDPOINT", SETTING_TEXT, "tcp://127.0.0.1:7410", 0, 0, "", false, "Where we listen."},
    {"KEHU_QUEUE", SETTING_INTEGER, "1000", 1, 5000, "messages", false, "How many may wait."},
};
static const struct setting own_table[] = {
    {"KEHU_PASSWORD", SETTING_TEXT, NULL, 0, 0, "", true, "Lets us in."},
    {"KEHU_DEMO", SETTING_BOOLEAN, "false", 0, 0, "", false, "Whether this is a demonstration."},
};
static const struct setting *const tables[] = {floor_table, own_table};
static const size_t counts[] = {COUNT_OF(floor_table), COUNT_OF(own_table)};

static char why[256];

static enum status read_all(char *const *environment, struct settings **out)
{
    why[0] = '\0';
    return settings_read(tables, counts, COUNT_OF(tables), environment, out, why, sizeof(why));
}

static void assert_refused(char *const *environment, const char *expected)
{
    struct settings *settings = NULL;

    assert_int_equal(read_all(environment, &settings), INVALID_ARGUMENT);
    assert_null(settings);
    if (!strstr(why, expected))
        fail_msg("\"%s\" does not say \"%s\"", why, expected);
}

static void write_file(char *path, const char *bytes, size_t count)
{
    int file;

    strcpy(path, "/tmp/kehu-settings-XXXXXX");
    file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, count), count);
    close(file);
}

static void defaults_and_given_values_are_told_apart_by_type(void **state)
{
    char *environment[] = {"PATH=/bin", "KEHU_PASSWORD=a=b", "KEHU_QUEUE=5000", "KEHU_DEMO=true",
                           NULL};
    struct settings *settings;

    (void)state;
    assert_int_equal(read_all(environment, &settings), OK);
    assert_string_equal(settings_text(settings, "KEHU_ENDPOINT"), "tcp://127.0.0.1:7410");
    assert_string_equal(settings_text(settings, "KEHU_PASSWORD"), "a=b");
    assert_int_equal(settings_integer(settings, "KEHU_QUEUE"), 5000);
    assert_true(settings_boolean(settings, "KEHU_DEMO"));
    settings_free(settings);
}

static void a_missing_required_setting_is_named(void **state)
{
    char *environment[] = {NULL};
    char *empty[] = {"KEHU_PASSWORD=", NULL};

    (void)state;
    assert_refused(environment, "KEHU_PASSWORD: it must be set");
    assert_refused(empty, "KEHU_PASSWORD: it must be set");
}

static void an_unknown_setting_is_refused_with_the_nearest_name(void **state)
{
    char *environment[] = {"KEHU_PASSWORD=x", "KEHU_ENDPIONT=tcp://*:1", NULL};
    char *file_form[] = {"KEHU_PASWORD_FILE=/x", NULL};
    char *no_file_form[] = {"KEHU_PASSWORD=x", "KEHU_QUEUE_FILE=/x", NULL};
    char *long_name[] = {"KEHU_PASSWORD=x", NULL, NULL};
    char variable[1000];

    (void)state;
    memset(variable, 'A', sizeof(variable) - 1);
    memcpy(variable, "KEHU_", 5);
    memcpy(variable + sizeof(variable) - 3, "=x", 3);
    long_name[1] = variable;
    assert_refused(environment, "KEHU_ENDPIONT: there is no such setting; the nearest is "
                                "KEHU_ENDPOINT");
    assert_refused(file_form, "the nearest is KEHU_PASSWORD_FILE");
    assert_refused(no_file_form, "KEHU_QUEUE_FILE: there is no such setting");
    assert_refused(long_name, "there is no such setting");
}

static void integers_are_strict_and_the_message_says_the_range(void **state)
{
    static const char *const wrong[] = {"0",  "5001", "-1", "+1", " 1",   "1 ",
                                        "1k", "",     "08", "-0", "0x10", "99999999999999999999"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        char variable[64];
        char *environment[] = {"KEHU_PASSWORD=x", variable, NULL};

        snprintf(variable, sizeof(variable), "KEHU_QUEUE=%s", wrong[i]);
        assert_refused(environment, "is not a whole number from 1 to 5000 messages");
    }
}

static void a_boolean_is_true_or_false_and_nothing_else(void **state)
{
    char *environment[] = {"KEHU_PASSWORD=x", "KEHU_DEMO=yes", NULL};

    (void)state;
    assert_refused(environment, "KEHU_DEMO: \"yes\" is neither true nor false");
}

static void a_file_gives_the_value_without_its_last_newline(void **state)
{
    char path[64], variable[100];
    char *environment[] = {variable, NULL};
    struct settings *settings;

    (void)state;
    write_file(path, "two\n\n", 5);
    snprintf(variable, sizeof(variable), "KEHU_PASSWORD_FILE=%s", path);
    assert_int_equal(read_all(environment, &settings), OK);
    assert_string_equal(settings_text(settings, "KEHU_PASSWORD"), "two\n");
    settings_free(settings);
    unlink(path);
}

static void a_file_that_is_missing_or_too_large_or_no_text_is_refused(void **state)
{
    char path[64], variable[100];
    char *environment[] = {variable, NULL};
    char *missing[] = {"KEHU_PASSWORD_FILE=/nowhere/at/all", NULL};
    char *folder[] = {"KEHU_PASSWORD_FILE=/tmp", NULL};
    char *large = malloc(64 * 1024 + 1);
    struct settings *settings;

    (void)state;
    assert_refused(missing, "KEHU_PASSWORD_FILE: cannot open /nowhere/at/all");
    assert_refused(folder, "is not a regular file");
    memset(large, 'x', 64 * 1024 + 1);
    write_file(path, large, 64 * 1024 + 1);
    snprintf(variable, sizeof(variable), "KEHU_PASSWORD_FILE=%s", path);
    assert_refused(environment, "is larger than 65536 bytes");
    assert_int_equal(truncate(path, 64 * 1024), 0);
    assert_int_equal(read_all(environment, &settings), OK);
    assert_int_equal(strlen(settings_text(settings, "KEHU_PASSWORD")), 64 * 1024);
    settings_free(settings);
    unlink(path);
    write_file(path, "a\0b", 3);
    snprintf(variable, sizeof(variable), "KEHU_PASSWORD_FILE=%s", path);
    assert_refused(environment, "NUL");
    unlink(path);
    free(large);
}

static void a_setting_and_its_file_together_are_refused(void **state)
{
    char *one_way[] = {"KEHU_PASSWORD=x", "KEHU_PASSWORD_FILE=/dev/null", NULL};
    char *twice[] = {"KEHU_PASSWORD=x", "KEHU_PASSWORD=y", NULL};

    (void)state;
    assert_refused(one_way, "set either it or KEHU_PASSWORD_FILE, not both");
    assert_refused(twice, "KEHU_PASSWORD: it is set twice");
}

/* Runs print and returns what it wrote to stdout. */
static void capture(const struct settings *settings, char *out, size_t out_bytes)
{
    char path[] = "/tmp/kehu-settings-XXXXXX";
    int file = mkstemp(path);
    int kept = dup(STDOUT_FILENO);
    ssize_t used;

    fflush(stdout);
    dup2(file, STDOUT_FILENO);
    if (settings)
        settings_print(settings);
    else
        settings_print_help(tables, counts, COUNT_OF(tables));
    fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    used = pread(file, out, out_bytes - 1, 0);
    out[used > 0 ? used : 0] = '\0';
    close(file);
    unlink(path);
}

static void a_secret_is_never_printed(void **state)
{
    char *environment[] = {"KEHU_PASSWORD=hunter2", NULL};
    struct settings *settings;
    char printed[2000];

    (void)state;
    assert_int_equal(read_all(environment, &settings), OK);
    capture(settings, printed, sizeof(printed));
    settings_free(settings);
    assert_null(strstr(printed, "hunter2"));
    assert_non_null(strstr(printed, "KEHU_PASSWORD=(secret)  (environment)"));
    assert_non_null(strstr(printed, "KEHU_QUEUE=1000 messages  (default)"));
}

static void help_names_every_setting_with_its_sentence(void **state)
{
    char printed[2000];

    (void)state;
    capture(NULL, printed, sizeof(printed));
    for (size_t t = 0; t < COUNT_OF(tables); t++) {
        for (size_t i = 0; i < counts[t]; i++) {
            assert_non_null(strstr(printed, tables[t][i].name));
            assert_non_null(strstr(printed, tables[t][i].sentence));
        }
    }
    assert_non_null(strstr(printed, "whole number from 1 to 5000 (messages); default 1000"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_and_given_values_are_told_apart_by_type),
        cmocka_unit_test(a_missing_required_setting_is_named),
        cmocka_unit_test(an_unknown_setting_is_refused_with_the_nearest_name),
        cmocka_unit_test(integers_are_strict_and_the_message_says_the_range),
        cmocka_unit_test(a_boolean_is_true_or_false_and_nothing_else),
        cmocka_unit_test(a_file_gives_the_value_without_its_last_newline),
        cmocka_unit_test(a_file_that_is_missing_or_too_large_or_no_text_is_refused),
        cmocka_unit_test(a_setting_and_its_file_together_are_refused),
        cmocka_unit_test(a_secret_is_never_printed),
        cmocka_unit_test(help_names_every_setting_with_its_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
