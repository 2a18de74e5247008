/*
 * Bytes to records: what a broken line costs, and what its report says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/kehuctl/import_csv.c"
#include "clients/kehuctl/import_encoding.c"
#include "clients/kehuctl/import_value.c"
#include "common/zones.h"

/* Everything a reading said: "1:a|b|c;" per record, "!2.3;" per fault. */
struct heard {
    char text[4096];
    char what[256];
    bool refuse_header;
};

static void hear(struct heard *heard, const char *said)
{
    size_t used = strlen(heard->text);

    snprintf(heard->text + used, sizeof(heard->text) - used, "%s", said);
}

static void hear_record(void *owner, const struct import_csv_record *record)
{
    char said[2048];
    size_t used = (size_t)snprintf(said, sizeof(said), "%u:", (unsigned)record->line);

    for (size_t i = 0; i < record->count; i++)
        used += (size_t)snprintf(said + used, sizeof(said) - used, "%s%.*s", i > 0 ? "|" : "",
                                 (int)record->fields[i].bytes, record->fields[i].at);
    hear(owner, said);
    hear(owner, ";");
}

static bool hear_header(void *owner, const struct import_csv_record *record)
{
    struct heard *heard = owner;

    hear_record(owner, record);
    return !heard->refuse_header;
}

static void hear_fault(void *owner, const struct import_csv_fault *fault)
{
    struct heard *heard = owner;
    char said[64];

    snprintf(said, sizeof(said), "!%u.%u;", (unsigned)fault->line, (unsigned)fault->column);
    hear(heard, said);
    snprintf(heard->what, sizeof(heard->what), "%s", fault->what);
}

static bool read_bytes(struct heard *heard, const char *bytes, size_t count)
{
    struct import_csv_reader reader = {hear_header, hear_record, hear_fault, heard};
    char *copy = malloc(count + 1); /* of exact size, for the sanitizer */
    bool good;

    memcpy(copy, bytes, count);
    copy = realloc(copy, count > 0 ? count : 1);
    good = import_csv_read(copy, count, &reader);
    free(copy);
    return good;
}

static void expect(const char *file, const char *said)
{
    struct heard heard = {0};

    assert_true(read_bytes(&heard, file, strlen(file)));
    assert_string_equal(heard.text, said);
}

static void fields_keep_their_spaces_quotes_and_commas(void **state)
{
    (void)state;
    expect("a,b,c,d\n1, x ,\"y, \"\"z\"\"\",\n", "1:a|b|c|d;2:1| x |y, \"z\"|;");
}

static void line_ends_may_be_lf_crlf_or_cr_and_the_last_may_be_missing(void **state)
{
    (void)state;
    expect("a,b\n1,2\n3,4", "1:a|b;2:1|2;3:3|4;");
    expect("a,b\r\n1,2\r\n3,4\r\n", "1:a|b;2:1|2;3:3|4;");
    expect("a,b\r1,2\r3,\"4\"", "1:a|b;2:1|2;3:3|4;");
}

static void empty_lines_are_passed_over_and_counted(void **state)
{
    (void)state;
    expect("\n\r\na,b\n\n\n1,2\n\n", "3:a|b;6:1|2;");
}

static void a_quoted_field_may_hold_line_ends(void **state)
{
    (void)state;
    expect("a,b,c\n1,\"x\r\ny\n\nz\",2\n3,4,5\n", "1:a|b|c;2:1|x\r\ny\n\nz|2;6:3|4|5;");
}

static void a_quote_inside_an_unquoted_field_costs_its_line_only(void **state)
{
    (void)state;
    expect("a,b,c\n1,7\" plate,2\n3,4,5\n", "1:a|b|c;!2.2;3:3|4|5;");
}

static void text_after_a_closing_quote_costs_its_line_only(void **state)
{
    (void)state;
    expect("a,b,c\n1,\"x\"y,2\n3,4,5\n", "1:a|b|c;!2.2;3:3|4|5;");
}

static void an_unclosed_quote_costs_its_line_only(void **state)
{
    (void)state;
    expect("a,b,c,d\n1,\"x,2,3\n4,5,6,7\n8,9,1,2\n", "1:a|b|c|d;!2.2;3:4|5|6|7;4:8|9|1|2;");
    /* The next quoted field would close it. */
    expect("a,b,c,d\n1,\"x,2,3\n4,5,6,7\n8,\"9\",1,2\n", "1:a|b|c|d;!2.2;3:4|5|6|7;4:8|9|1|2;");
    /* In the last line. */
    expect("a,b,c,d\n1,2,3,4\n5,6,\"7,8", "1:a|b|c|d;2:1|2|3|4;!3.3;");
}

static void an_unclosed_quote_over_lines_without_commas_costs_its_line_only(void **state)
{
    struct heard heard = {0};
    char file[8192] = "a,b\n\"x,1\n";

    (void)state;
    for (int i = 0; i < 150; i++)
        strcat(file, "y,\n");
    strcat(file, "3,4\n");
    assert_true(read_bytes(&heard, file, strlen(file)));
    assert_non_null(strstr(heard.text, "1:a|b;!2.1;3:y|;4:y|;"));
    assert_non_null(strstr(heard.text, ";153:3|4;"));
}

static void a_field_over_64_kib_costs_its_line_only(void **state)
{
    size_t long_bytes = 70000;
    char *file = malloc(long_bytes + 64);
    struct heard heard = {0};

    (void)state;
    strcpy(file, "a,b\n1,");
    memset(file + 6, 'x', long_bytes);
    strcpy(file + 6 + long_bytes, "\n3,4\n");
    assert_true(read_bytes(&heard, file, strlen(file)));
    assert_string_equal(heard.text, "1:a|b;!2.2;3:3|4;");
    assert_non_null(strstr(heard.what, "longer than 64 KiB"));
    free(file);
}

static void too_few_and_too_many_columns_are_reported_where_they_begin(void **state)
{
    struct heard heard = {0};
    const char *file = "a,b,c\n1,2\n3,4,5\n1,2,3,4\n6,7,8\n";

    (void)state;
    assert_true(read_bytes(&heard, file, strlen(file)));
    assert_string_equal(heard.text, "1:a|b|c;!2.3;3:3|4|5;!4.4;5:6|7|8;");
    assert_string_equal(heard.what, "the line has 4 columns where the header has 3");
}

static void a_file_without_a_line_or_with_a_broken_header_is_not_read(void **state)
{
    struct heard heard = {0};

    (void)state;
    assert_false(read_bytes(&heard, "", 0));
    assert_false(read_bytes(&heard, "\n\n", 2));
    assert_string_equal(heard.text, "");
    assert_false(read_bytes(&heard, "a,\"b\"c\n1,2\n", 11));
    assert_string_equal(heard.text, "!1.2;");
    heard = (struct heard){.refuse_header = true};
    assert_false(read_bytes(&heard, "a,b", 3));
    assert_string_equal(heard.text, "1:a|b;");
}

/* --- encodings --- */

static enum import_encoding detected(const char *bytes, size_t count, size_t *skip)
{
    enum import_encoding encoding;
    char why[128];

    assert_true(import_encoding_detect(bytes, count, &encoding, skip, why, sizeof(why)));
    return encoding;
}

static void utf8_is_known_with_and_without_its_mark(void **state)
{
    size_t skip;

    (void)state;
    assert_int_equal(detected("a,b\n", 4, &skip), IMPORT_ENCODING_UTF8);
    assert_int_equal(skip, 0);
    assert_int_equal(detected("\xEF\xBB\xBF客户\n", 10, &skip), IMPORT_ENCODING_UTF8);
    assert_int_equal(skip, 3);
}

static void gb18030_is_known_by_its_lines(void **state)
{
    const char file[] = "a\n\xBF\xCD\xBB\xA7\n\xB6\xA9\xB5\xA5\n"; /* 客户, 订单 */
    struct import_converter *converter = import_converter_new(IMPORT_ENCODING_GB18030);
    struct text out;
    size_t skip;

    (void)state;
    assert_int_equal(detected(file, sizeof(file) - 1, &skip), IMPORT_ENCODING_GB18030);
    assert_int_equal(skip, 0);
    assert_true(import_converter_read(converter, (struct text){file + 2, 4}, &out));
    assert_int_equal(out.bytes, 6);
    assert_memory_equal(out.at, "客户", 6);
    assert_false(import_converter_read(converter, (struct text){"\xBF\xCD\xBB", 3}, &out));
    assert_false(import_converter_read(converter, (struct text){"\xFF\xFF", 2}, &out));
    /* 𠮷, four bytes in GB18030 */
    assert_true(import_converter_read(converter, (struct text){"\x95\x34\xBF\x39", 4}, &out));
    assert_int_equal(out.bytes, 4);
    import_converter_free(converter);
}

static void one_bad_byte_does_not_make_utf8_another_encoding(void **state)
{
    const char file[] = "客户\n订单\ncaf\xE9 x\n";
    size_t skip;

    (void)state;
    assert_int_equal(detected(file, sizeof(file) - 1, &skip), IMPORT_ENCODING_UTF8);
    assert_int_equal(detected("caf\xE9,x\n", 7, &skip), IMPORT_ENCODING_UTF8);
}

static void utf16_and_utf32_are_refused_with_a_sentence(void **state)
{
    static const struct text files[] = {{"\xFF\xFE"
                                         "a\0",
                                         4},
                                        {"\xFE\xFF\0a", 4},
                                        {"a\0b\0", 4},
                                        {"\0a\0b", 4},
                                        {"\xFF\xFE\0\0", 4}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        enum import_encoding encoding;
        char why[128] = "";
        size_t skip;

        assert_false(import_encoding_detect(files[i].at, files[i].bytes, &encoding, &skip, why,
                                            sizeof(why)));
        assert_non_null(strstr(why, "save it as UTF-8 or GB18030"));
    }
}

static void encodings_have_the_names_people_give_them(void **state)
{
    enum import_encoding encoding;

    (void)state;
    assert_true(import_encoding_parse("UTF-8", &encoding));
    assert_int_equal(encoding, IMPORT_ENCODING_UTF8);
    assert_true(import_encoding_parse("gbk", &encoding));
    assert_int_equal(encoding, IMPORT_ENCODING_GB18030);
    assert_false(import_encoding_parse("utf-16", &encoding));
}

/* --- values --- */

static struct text text_of(const char *text)
{
    return (struct text){text, strlen(text)};
}

static void a_moment_is_local_time_of_the_zone(void **state)
{
    static struct zone london;
    char why[128];
    int64_t at_us;

    (void)state;
    assert_int_equal(zones_load("Europe/London", &london, why, sizeof(why)), OK);
    assert_true(import_value_moment(text_of("2009-12-01 07:45:00"), &london, &at_us));
    assert_int_equal(at_us, INT64_C(1259653500) * SECOND_US);
    assert_true(import_value_moment(text_of("2010-07-01T07:45"), &london, &at_us));
    assert_int_equal(at_us, INT64_C(1277966700) * SECOND_US); /* summer time: 06:45 UTC */
    assert_true(import_value_moment(text_of("2009-12-01"), &london, &at_us));
    assert_int_equal(at_us, INT64_C(1259625600) * SECOND_US);
}

static void a_moment_that_can_be_misread_or_does_not_exist_is_refused(void **state)
{
    static const struct zone utc;
    static const char *const wrong[] = {"",
                                        "12/1/2010 8:26",
                                        "2009-02-29 07:45:00",
                                        "2009-12-01 24:00:00",
                                        "2009-12-01 07:60",
                                        "2009-12-01 7:45",
                                        "2009-12-01 07:45:00Z",
                                        "2009-12-01x07:45:00"};
    int64_t at_us;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(import_value_moment(text_of(wrong[i]), &utc, &at_us));
}

static void control_characters_become_one_space_each(void **state)
{
    char text[] = "a\tb\r\nc\xC2\x85"
                  "d\x7F";
    size_t bytes = sizeof(text) - 1;

    (void)state;
    assert_true(import_value_has_control(text_of(text)));
    import_value_clean(text, &bytes);
    assert_int_equal(bytes, 8);
    assert_memory_equal(text, "a b c d ", 8);
    assert_false(import_value_has_control(text_of("客户 é")));
}

static void a_whole_number_written_with_a_point_is_a_code(void **state)
{
    (void)state;
    assert_int_equal(import_value_code(text_of("13085.0")).bytes, 5);
    assert_int_equal(import_value_code(text_of("13085")).bytes, 5);
    assert_int_equal(import_value_code(text_of("1.50")).bytes, 4);
    assert_int_equal(import_value_code(text_of("K1.0")).bytes, 4);
    assert_int_equal(import_value_code(text_of(".0")).bytes, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_keep_their_spaces_quotes_and_commas),
        cmocka_unit_test(line_ends_may_be_lf_crlf_or_cr_and_the_last_may_be_missing),
        cmocka_unit_test(empty_lines_are_passed_over_and_counted),
        cmocka_unit_test(a_quoted_field_may_hold_line_ends),
        cmocka_unit_test(a_quote_inside_an_unquoted_field_costs_its_line_only),
        cmocka_unit_test(text_after_a_closing_quote_costs_its_line_only),
        cmocka_unit_test(an_unclosed_quote_costs_its_line_only),
        cmocka_unit_test(an_unclosed_quote_over_lines_without_commas_costs_its_line_only),
        cmocka_unit_test(a_field_over_64_kib_costs_its_line_only),
        cmocka_unit_test(too_few_and_too_many_columns_are_reported_where_they_begin),
        cmocka_unit_test(a_file_without_a_line_or_with_a_broken_header_is_not_read),
        cmocka_unit_test(utf8_is_known_with_and_without_its_mark),
        cmocka_unit_test(gb18030_is_known_by_its_lines),
        cmocka_unit_test(one_bad_byte_does_not_make_utf8_another_encoding),
        cmocka_unit_test(utf16_and_utf32_are_refused_with_a_sentence),
        cmocka_unit_test(encodings_have_the_names_people_give_them),
        cmocka_unit_test(a_moment_is_local_time_of_the_zone),
        cmocka_unit_test(a_moment_that_can_be_misread_or_does_not_exist_is_refused),
        cmocka_unit_test(control_characters_become_one_space_each),
        cmocka_unit_test(a_whole_number_written_with_a_point_is_a_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
