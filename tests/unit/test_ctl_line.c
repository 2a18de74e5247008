/* kehuctl's command line: options anywhere, and a helpful sentence for what is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* kehuctl is a program, not a library: its pure part is compiled in. */
#include "clients/kehuctl/ctl_line.c"

static const struct ctl_option sales_options[] = {
    {"--by", "KEY", "total or region", true},
    {"--from", "DATE", "first day", false},
    {"--exact", NULL, "a flag", false},
};
static const struct ctl_command sales = {
    .path = "report sales", .options = sales_options, .option_count = COUNT_OF(sales_options)};
static const struct ctl_command show = {
    .path = "customer show", .arguments = "REF", .min_arguments = 1, .max_arguments = 1};
static const struct ctl_command ping = {.path = "ping", .max_arguments = 1};
static const struct ctl_command *const commands[] = {&sales, &show, &ping};

static struct ctl_line line;
static char why[400];

/* Splits at spaces: "report sales --by total". */
static bool parse(const char *text)
{
    static char copy[400];
    char *argv[CTL_LINE_WORDS] = {(char *)"kehuctl"}, *rest = NULL;
    int argc = 1;

    snprintf(copy, sizeof(copy), "%s", text);
    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        argv[argc++] = word;
    why[0] = '\0';
    memset(&line, 0, sizeof(line));
    return ctl_line_parse(argc, argv, commands, COUNT_OF(commands), &line, why, sizeof(why));
}

static const char *option(const char *name)
{
    for (size_t i = 0; i < line.option_count; i++)
        if (strcmp(line.names[i], name) == 0)
            return line.values[i];
    return NULL;
}

static void options_may_stand_anywhere(void **state)
{
    (void)state;
    assert_true(parse("--json --by total report --from 2010-01-01 sales"));
    assert_ptr_equal(line.command, &sales);
    assert_string_equal(option("--by"), "total");
    assert_string_equal(option("--from"), "2010-01-01");
    assert_string_equal(option("--json"), "");
    assert_int_equal(line.argument_count, 0);
}

static void a_value_follows_an_equals_sign_or_a_space(void **state)
{
    (void)state;
    assert_true(parse("report sales --by=region --from= --exact"));
    assert_string_equal(option("--by"), "region");
    assert_string_equal(option("--from"), "");
    assert_string_equal(option("--exact"), "");
    assert_false(parse("report sales --by"));
    assert_string_equal(why, "--by needs a value: --by KEY");
    assert_false(parse("report sales --by total --exact=yes"));
    assert_string_equal(why, "--exact takes no value");
}

static void what_follows_two_hyphens_is_an_argument(void **state)
{
    (void)state;
    assert_true(parse("customer show -- --by"));
    assert_string_equal(line.arguments[0], "--by");
    assert_true(parse("ping -"));
    assert_string_equal(line.arguments[0], "-");
}

static void a_missing_argument_or_required_option_is_named(void **state)
{
    (void)state;
    assert_false(parse("customer show"));
    assert_non_null(strstr(why, "customer show needs REF"));
    assert_false(parse("report sales"));
    assert_non_null(strstr(why, "report sales needs --by KEY"));
    assert_false(parse("ping customers again"));
    assert_non_null(strstr(why, "\"again\" is too much"));
    assert_true(parse("customer show --help"));
    assert_true(line.wants_help);
}

static void a_misspelt_option_is_answered_with_the_one_that_was_meant(void **state)
{
    (void)state;
    assert_false(parse("report sales --form 2010-01-01"));
    assert_non_null(strstr(why, "did you mean --from?"));
    assert_false(parse("ping --jsno"));
    assert_non_null(strstr(why, "did you mean --json?"));
    assert_false(parse("ping --something-else-altogether"));
    assert_null(strstr(why, "did you mean"));
}

static void an_unknown_command_is_left_to_the_caller_with_its_words(void **state)
{
    (void)state;
    assert_true(parse("reprot sales --by total"));
    assert_null(line.command);
    assert_string_equal(line.path, "reprot sales");
    assert_true(parse("report"));
    assert_null(line.command);
    assert_string_equal(line.path, "report");
}

static void the_nearest_word_is_found_only_when_it_is_near(void **state)
{
    static const char *const words[] = {"ping", "health", "report sales"};

    (void)state;
    assert_string_equal(ctl_line_nearest("pnig", words, 3), "ping");
    assert_string_equal(ctl_line_nearest("reprot sales", words, 3), "report sales");
    assert_null(ctl_line_nearest("frobnicate", words, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_may_stand_anywhere),
        cmocka_unit_test(a_value_follows_an_equals_sign_or_a_space),
        cmocka_unit_test(what_follows_two_hyphens_is_an_argument),
        cmocka_unit_test(a_missing_argument_or_required_option_is_named),
        cmocka_unit_test(a_misspelt_option_is_answered_with_the_one_that_was_meant),
        cmocka_unit_test(an_unknown_command_is_left_to_the_caller_with_its_words),
        cmocka_unit_test(the_nearest_word_is_found_only_when_it_is_near),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
