/*
 * Tables in bounded memory: streams, the first look through a file, ids seen before, rows and what
 * they cannot be sent with, cells of files that spreadsheets open.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sodium.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/kehuctl/csv_out.c"
#include "clients/kehuctl/import_csv.c"
#include "clients/kehuctl/import_encoding.c"
#include "clients/kehuctl/import_scan.c"
#include "clients/kehuctl/import_seen.c"
#include "clients/kehuctl/import_stream.c"
#include "clients/kehuctl/import_table.c"
#include "clients/kehuctl/import_value.c"

/* The service as far as the header goes: three columns mean something. */
static const char *fields_of[][2] = {{"编号", "external_id"}, {"名称", "name"}, {"电话", "phone"}};
static Kehu__Customers__V1__ImportDescription description;
static Kehu__Customers__V1__ImportColumn columns[IMPORT_CSV_COLUMNS], needed;
static char said[2000];

ProtobufCMessage *ctl_ask(struct ctl *ctl, const ProtobufCMessage *question,
                          const ProtobufCMessageDescriptor *reply, int *code)
{
    static Kehu__Customers__V1__ImportColumn *list[IMPORT_CSV_COLUMNS], *fields[1] = {&needed};
    const Kehu__Customers__V1__DescribeImport *ask = (const void *)question;

    (void)ctl;
    (void)reply;
    kehu__customers__v1__import_description__init(&description);
    for (size_t i = 0; i < ask->n_columns; i++) {
        kehu__customers__v1__import_column__init(&columns[i]);
        for (size_t k = 0; k < COUNT_OF(fields_of); k++)
            if (strcmp(ask->columns[i], fields_of[k][0]) == 0 ||
                strcmp(ask->columns[i], fields_of[k][1]) == 0)
                columns[i].field = (char *)fields_of[k][1];
        list[i] = &columns[i];
    }
    kehu__customers__v1__import_column__init(&needed);
    needed.field = "name";
    needed.required = true;
    description.columns = list;
    description.n_columns = ask->n_columns;
    description.fields = fields;
    description.n_fields = 1;
    *code = CTL_DONE;
    return &description.base;
}

void ctl_say(const char *format, ...)
{
    va_list more;

    va_start(more, format);
    vsnprintf(said + strlen(said), sizeof(said) - strlen(said), format, more);
    va_end(more);
}

/* --- bytes a piece at a time --- */

struct pieces {
    const char *at;
    size_t count, piece;
};

static size_t read_piece(void *owner, char *at, size_t room)
{
    struct pieces *pieces = owner;
    size_t count = pieces->piece < room ? pieces->piece : room;

    if (count > pieces->count)
        count = pieces->count;
    memcpy(at, pieces->at, count);
    pieces->at += count;
    pieces->count -= count;
    return count;
}

struct heard {
    char text[8000];
    uint64_t rows, faults;
};

static void hear_row(void *owner, uint64_t line, const struct text *values)
{
    struct heard *heard = owner;
    size_t used = strlen(heard->text);

    heard->rows++;
    if (sizeof(heard->text) - used > 200)
        snprintf(heard->text + used, sizeof(heard->text) - used, "%u:%.*s|%.*s;", (unsigned)line,
                 (int)values[0].bytes, values[0].at, (int)values[1].bytes, values[1].at);
}

static void hear_fault(void *owner, uint64_t line, size_t column, const char *name,
                       const char *what)
{
    struct heard *heard = owner;
    size_t used = strlen(heard->text);

    (void)name;
    assert_true(what[0] != '\0');
    heard->faults++;
    if (sizeof(heard->text) - used > 200)
        snprintf(heard->text + used, sizeof(heard->text) - used, "!%u.%u;", (unsigned)line,
                 (unsigned)column);
}

static int read_table(const char *bytes, size_t count, size_t piece, enum import_encoding encoding,
                      struct heard *heard)
{
    const struct import_table_options options = {.encoding = encoding};
    const struct import_table_taker taker = {hear_row, hear_fault, heard};
    struct import_table *table = import_table_new(&options);
    struct pieces pieces = {bytes, count, piece};
    struct import_csv_source source = {read_piece, &pieces};

    memset(heard, 0, sizeof(*heard));
    said[0] = '\0';
    int code = import_table_header(table, &source);

    pieces = (struct pieces){bytes, count, piece};
    if (code == CTL_DONE)
        assert_true(import_table_rows(table, &source, &taker));
    import_table_free(table);
    return code;
}

static void expect(const char *file, const char *rows)
{
    struct heard heard;

    for (size_t piece = 1; piece < 40; piece += 13) {
        assert_int_equal(read_table(file, strlen(file), piece, IMPORT_ENCODING_UTF8, &heard),
                         CTL_DONE);
        assert_string_equal(heard.text, rows);
    }
}

static void rows_come_with_their_lines_however_the_bytes_come(void **state)
{
    (void)state;
    expect("编号,名称\n1,甲\n\n2,\"乙\n丙\"\n3,丁\n", "2:1|甲;4:2|乙 丙;6:3|丁;");
}

static void tabs_breaks_and_wrapped_numbers_are_read_as_what_they_hold(void **state)
{
    (void)state;
    expect("编号,名称\n1,\"\t甲\t乙\r\n丙\n\"\n2,甲\x07\n", "2:1|甲 乙 丙;!5.2;");
    expect("编号,名称\n\"\t00123\",\"=\"\"13800000001\"\"\"\n", "2:00123|13800000001;");
}

static void rows_of_nothing_are_passed_over(void **state)
{
    (void)state;
    expect("编号,名称\n,\n  ,\t\n1,甲\n", "4:1|甲;");
}

static void the_second_line_of_an_id_is_a_fault(void **state)
{
    (void)state;
    expect("名称,编号\n甲,1\n乙,1\n丙, 1 \n", "2:甲|1;!3.2;!4.2;");
}

static void bytes_of_no_text_and_nul_are_faults_of_their_cell(void **state)
{
    static const char file[] = "编号,名称\n1,\xff\n2,a\0b\n3,甲\n";
    struct heard heard;

    (void)state;
    read_table(file, sizeof(file) - 1, 7, IMPORT_ENCODING_UTF8, &heard);
    assert_string_equal(heard.text, "!2.2;!3.2;4:3|甲;");
}

static void a_line_beyond_the_limit_costs_itself_however_long_it_is(void **state)
{
    size_t bytes = (size_t)9 << 20;
    char *file = malloc(bytes + 100);
    struct heard heard;

    (void)state;
    strcpy(file, "编号,名称\n1,");
    size_t at = strlen(file);

    memset(file + at, 'x', bytes);
    strcpy(file + at + bytes, "\n2,甲\n");
    read_table(file, strlen(file), 1 << 16, IMPORT_ENCODING_UTF8, &heard);
    assert_string_equal(heard.text, "!2.1;3:2|甲;");
    free(file);
}

static void records_are_whole_across_the_ends_of_the_window(void **state)
{
    size_t lines = 200000, used = 0;
    char *file = malloc(lines * 60 + 100);
    struct heard heard;

    (void)state;
    used += (size_t)sprintf(file, "编号,名称\n");
    for (size_t i = 0; i < lines; i++)
        used += (size_t)sprintf(file + used, "%zu,\"第 %zu 号, 公司\n\"\n", i, i);
    read_table(file, used, 70001, IMPORT_ENCODING_UTF8, &heard);
    assert_int_equal(heard.rows, lines);
    assert_int_equal(heard.faults, 0);
    free(file);
}

static void a_header_without_a_needed_column_is_refused(void **state)
{
    static const char file[] = "编号,备注\n1,x\n";
    struct heard heard;

    (void)state;
    assert_int_equal(read_table(file, strlen(file), 5, IMPORT_ENCODING_UTF8, &heard), CTL_USAGE);
    assert_non_null(strstr(said, "name"));
    assert_non_null(strstr(said, "备注"));
    assert_int_equal(read_table("", 0, 5, IMPORT_ENCODING_UTF8, &heard), CTL_USAGE);
}

static void two_columns_of_one_meaning_are_refused(void **state)
{
    static const char file[] = "名称,name\n1,x\n";
    struct heard heard;

    (void)state;
    assert_int_equal(read_table(file, strlen(file), 5, IMPORT_ENCODING_UTF8, &heard), CTL_USAGE);
    assert_non_null(strstr(said, "both mean name"));
}

/* --- the first look --- */

static bool scan(const char *bytes, size_t count, struct import_scan *out, char why[200])
{
    char path[] = "/tmp/kehu_scan_XXXXXX";
    struct import_stream *stream;
    int fd = mkstemp(path);

    assert_int_equal(write(fd, bytes, count), count);
    close(fd);
    assert_int_equal(import_stream_open(path, &stream, why, 200), IMPORT_STREAM_OPEN);
    bool good = import_scan_read(stream, out, why, 200);

    assert_true(import_stream_rewind(stream));
    import_stream_close(stream);
    unlink(path);
    return good;
}

static void a_file_is_known_by_its_bytes_lines_and_encoding(void **state)
{
    struct import_scan scanned;
    char why[200];

    (void)state;
    assert_true(scan("\xEF\xBB\xBF"
                     "a\nb",
                     6, &scanned, why));
    assert_int_equal(scanned.encoding, IMPORT_ENCODING_UTF8);
    assert_int_equal(scanned.skip, 3);
    assert_int_equal(scanned.lines, 2);
    assert_int_equal(strlen(scanned.hash), 64);
    assert_true(scan("a\n\xC0\xA5\xBD\xAD\n\xC0\xA5\xC3\xF7\n", 12, &scanned, why));
    assert_int_equal(scanned.encoding, IMPORT_ENCODING_GB18030);
    assert_false(scan("\xFF\xFE"
                      "a\0",
                      4, &scanned, why));
    assert_non_null(strstr(why, "UTF-16"));
}

static void a_folder_and_a_missing_file_are_not_opened(void **state)
{
    struct import_stream *stream;
    char why[200] = "";

    (void)state;
    assert_int_equal(import_stream_open("/tmp", &stream, why, sizeof(why)), IMPORT_STREAM_ABSENT);
    assert_int_equal(import_stream_open("/none", &stream, why, sizeof(why)), IMPORT_STREAM_ABSENT);
    assert_non_null(strstr(why, "No such file"));
}

static void many_ids_are_remembered_with_their_lines(void **state)
{
    struct import_seen *seen = import_seen_new();
    uint32_t before;
    char id[20];

    (void)state;
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 1; i <= 50000; i++) {
            snprintf(id, sizeof(id), "K-%u", i);
            assert_true(import_seen_take(seen, (struct text){id, strlen(id)}, i, &before));
            assert_int_equal(before, pass == 0 ? 0 : i);
        }
    import_seen_free(seen);
}

/* --- cells out --- */

static void expect_cell(const char *text, const char *written)
{
    char *bytes = NULL;
    size_t count;
    FILE *file = open_memstream(&bytes, &count);

    csv_out_cell(file, text);
    fclose(file);
    assert_string_equal(bytes, written);
    free(bytes);
}

static void cells_that_spreadsheets_would_calculate_begin_with_a_tab(void **state)
{
    (void)state;
    expect_cell("=1+1", "\"\t=1+1\"");
    expect_cell("@SUM(A1)", "\"\t@SUM(A1)\"");
    expect_cell("-1号楼", "\"\t-1号楼\"");
    expect_cell(" =1", "\"\t =1\"");
    expect_cell("＝1", "\"\t＝1\"");
    expect_cell("+8613800000001", "\"\t+8613800000001\"");
}

static void long_digits_and_leading_zeroes_stay_text(void **state)
{
    (void)state;
    expect_cell("138000000011", "\"\t138000000011\"");
    expect_cell("00123", "\"\t00123\"");
    expect_cell("12345", "12345");
    expect_cell("0", "0");
    expect_cell("91350100M000100Y43", "91350100M000100Y43");
}

static void quotes_commas_and_line_ends_are_quoted(void **state)
{
    (void)state;
    expect_cell("a,b", "\"a,b\"");
    expect_cell("a\"b", "\"a\"\"b\"");
    expect_cell("a\nb", "\"a\nb\"");
    expect_cell("", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_with_their_lines_however_the_bytes_come),
        cmocka_unit_test(tabs_breaks_and_wrapped_numbers_are_read_as_what_they_hold),
        cmocka_unit_test(rows_of_nothing_are_passed_over),
        cmocka_unit_test(the_second_line_of_an_id_is_a_fault),
        cmocka_unit_test(bytes_of_no_text_and_nul_are_faults_of_their_cell),
        cmocka_unit_test(a_line_beyond_the_limit_costs_itself_however_long_it_is),
        cmocka_unit_test(records_are_whole_across_the_ends_of_the_window),
        cmocka_unit_test(a_header_without_a_needed_column_is_refused),
        cmocka_unit_test(two_columns_of_one_meaning_are_refused),
        cmocka_unit_test(a_file_is_known_by_its_bytes_lines_and_encoding),
        cmocka_unit_test(a_folder_and_a_missing_file_are_not_opened),
        cmocka_unit_test(many_ids_are_remembered_with_their_lines),
        cmocka_unit_test(cells_that_spreadsheets_would_calculate_begin_with_a_tab),
        cmocka_unit_test(long_digits_and_leading_zeroes_stay_text),
        cmocka_unit_test(quotes_commas_and_line_ends_are_quoted),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
