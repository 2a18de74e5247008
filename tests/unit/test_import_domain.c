/*
 * What columns and cells of tables mean, numbers of imports, what keeps somebody from an undo, and
 * how many rows a day has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "services/customers/domain/export.h"
#include "services/customers/domain/import.h"
#include "services/customers/domain/rights.h"

static struct text text_of(const char *text)
{
    return (struct text){text, strlen(text)};
}

static void expect_column(enum import_kind kind, const char *name, const char *field)
{
    struct import_column column;

    assert_true(import_columns_find(kind, text_of(name), &column));
    assert_string_equal(column.field, field);
}

static void a_column_is_known_by_its_chinese_and_english_names(void **state)
{
    (void)state;
    expect_column(IMPORT_KIND_CUSTOMERS, "名称", "name");
    expect_column(IMPORT_KIND_CUSTOMERS, "统一社会信用代码", "credit_code");
    expect_column(IMPORT_KIND_CUSTOMERS, "credit code", "credit_code");
    expect_column(IMPORT_KIND_CUSTOMERS, "客户编号", "external_id");
    expect_column(IMPORT_KIND_CONTACTS, "客户编号", "customer");
    expect_column(IMPORT_KIND_CONTACTS, "称呼", "salutation");
    expect_column(IMPORT_KIND_CONTACTS, "职务", "title");
    expect_column(IMPORT_KIND_CONTACTS, "生日", "birthday");
}

static void case_width_spaces_and_stars_make_no_other_column(void **state)
{
    (void)state;
    expect_column(IMPORT_KIND_CUSTOMERS, " Legal_Representative* ", "legal_representative");
    expect_column(IMPORT_KIND_CUSTOMERS, "PHONE", "phone");
    expect_column(IMPORT_KIND_CUSTOMERS, "\uff25\uff0dmail", "email");
    expect_column(IMPORT_KIND_CUSTOMERS, "\ufeff名 称", "name");
}

static void a_column_that_means_nothing_is_not_found(void **state)
{
    struct import_column column;
    static const char *const names[] = {"备注", "", "  ", "\xff", "身份证号"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_false(import_columns_find(IMPORT_KIND_CUSTOMERS, text_of(names[i]), &column));
}

/* Otherwise two columns of the dictionary would shadow each other. */
static void every_column_is_found_under_each_of_its_names(void **state)
{
    struct import_column column;

    (void)state;
    for (int kind = IMPORT_KIND_CUSTOMERS; kind <= IMPORT_KIND_CONTACTS; kind++)
        for (size_t i = 0; import_columns_at((enum import_kind)kind, i, &column); i++) {
            expect_column((enum import_kind)kind, column.field, column.field);
            for (const char *name = column.names; *name;) {
                struct import_column found;
                size_t bytes = strcspn(name, "|");

                assert_true(import_columns_find((enum import_kind)kind, (struct text){name, bytes},
                                                &found));
                assert_string_equal(found.field, column.field);
                name += bytes + (name[bytes] == '|');
            }
        }
}

static void expect_word(const char *column_name, const char *cell, const char *meant)
{
    struct import_column column;

    assert_true(import_columns_find(IMPORT_KIND_CUSTOMERS, text_of(column_name), &column));
    struct text read = import_words_read(&column, text_of(cell));

    assert_int_equal(read.bytes, strlen(meant));
    assert_memory_equal(read.at, meant, read.bytes);
}

static void chinese_words_of_a_cell_are_those_of_the_service(void **state)
{
    (void)state;
    expect_word("类型", "供应商", "supplier");
    expect_word("性质", " 个人\t", "person");
    expect_word("性别", "女", "female");
    expect_word("有无购买决定权", "有", "yes");
    expect_word("名称", "供应商", "供应商");
    expect_word("名称", "\t=SUM(A1)", "=SUM(A1)");
}

static void numbers_are_printed_and_read(void **state)
{
    static const char *const wrong[] = {
        "", "IM", "IM0", "EX12", "IM1x", "12", "IM1234567890123456789"};
    char out[IMPORT_NUMBER_BYTES];
    int64_t number = 0;

    (void)state;
    import_number_print("IM", 12, out);
    assert_string_equal(out, "IM000012");
    import_number_print("EX", 12345678, out);
    assert_string_equal(out, "EX12345678");
    assert_true(import_number_read("IM", text_of("im12"), &number));
    assert_int_equal(number, 12);
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(import_number_read("IM", text_of(wrong[i]), &number));
}

static void only_who_stands_as_the_import_left_him_goes(void **state)
{
    static const struct import_standing untouched;
    static const struct import_standing kept[] = {
        {.is_gone = true},   {.is_changed = true}, {.has_orders = true}, {.has_people = true},
        {.has_below = true}, {.has_owner = true},  {.has_more = true}};

    (void)state;
    assert_null(import_keep_because(&untouched));
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        assert_non_null(import_keep_because(&kept[i]));
}

static void a_manager_has_more_rows_a_day_than_others(void **state)
{
    const struct export_policy policy = export_policy_standard();

    (void)state;
    assert_int_equal(export_left(&policy, true, ROLE_ACCOUNT_MANAGER, 100), 400);
    assert_int_equal(export_left(&policy, true, ROLE_MANAGER | ROLE_AUDITOR, 100), 4900);
    assert_int_equal(export_left(&policy, false, 0, 0), 100000);
    assert_int_equal(export_left(&policy, true, ROLE_ACCOUNT_MANAGER, 501), 0);
}

static void a_policy_of_exports_is_checked(void **state)
{
    struct export_policy_fault faults[EXPORT_POLICY_FAULTS];
    const struct export_policy standard = export_policy_standard(), upside_down = {500, 400, 0};

    (void)state;
    assert_int_equal(export_policy_check(&standard, faults), 0);
    assert_int_equal(export_policy_check(&upside_down, faults), 2);
    assert_string_equal(faults[0].field, "manager_daily_rows");
}

static void each_field_that_an_import_knows_an_export_has(void **state)
{
    struct export_column columns[EXPORT_MAX_COLUMNS];
    size_t count = export_columns(EXPORT_KIND_CUSTOMERS, columns);
    size_t derived = count - fields_count; /* number, type, region by orders … come first */

    (void)state;
    assert_string_equal(columns[derived - 1].field, "registered_on");
    for (size_t i = derived; i < count; i++)
        expect_column(IMPORT_KIND_CUSTOMERS, columns[i].chinese, columns[i].field);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_is_known_by_its_chinese_and_english_names),
        cmocka_unit_test(case_width_spaces_and_stars_make_no_other_column),
        cmocka_unit_test(a_column_that_means_nothing_is_not_found),
        cmocka_unit_test(every_column_is_found_under_each_of_its_names),
        cmocka_unit_test(chinese_words_of_a_cell_are_those_of_the_service),
        cmocka_unit_test(numbers_are_printed_and_read),
        cmocka_unit_test(only_who_stands_as_the_import_left_him_goes),
        cmocka_unit_test(a_manager_has_more_rows_a_day_than_others),
        cmocka_unit_test(a_policy_of_exports_is_checked),
        cmocka_unit_test(each_field_that_an_import_knows_an_export_has),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
