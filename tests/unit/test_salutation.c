/* How people are addressed, sentence by sentence. */
#include "common/pure/salutation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct text of(const char *text)
{
    return (struct text){text, strlen(text)};
}

static void check_zh(const char *name, const char *title, const char *gender, const char *expected)
{
    struct salutation_person person = {.name = of(name), .title = of(title), .gender = of(gender)};
    char out[SALUTATION_BYTES];

    salutation_make_zh(&person, out);
    assert_string_equal(out, expected);
}

static void check_en(const char *name, const char *gender, const char *latin, const char *expected)
{
    struct salutation_person person = {
        .name = of(name), .gender = of(gender), .latin_surname = of(latin)};
    char out[SALUTATION_BYTES];

    salutation_make_en(&person, out);
    assert_string_equal(out, expected);
}

static void a_stored_salutation_goes_before_every_rule(void **state)
{
    struct salutation_person person = {
        .stored = of("李老"), .name = of("李娜"), .title = of("总经理"), .gender = of("female")};
    char out[SALUTATION_BYTES];

    (void)state;
    salutation_make_zh(&person, out);
    assert_string_equal(out, "李老");
    salutation_make_en(&person, out);
    assert_string_equal(out, "李老");
}

static void a_title_stands_behind_the_surname_as_it_is_said(void **state)
{
    (void)state;
    check_zh("李娜", "董事长", "", "李董");
    check_zh("李娜", "总经理", "female", "李总");
    check_zh("李娜", "常务副总", "", "李总");
    check_zh("李娜", "副总经理(华东)", "", "李总");
    check_zh("李娜", "采购经理", "", "李经理");
    check_zh("李娜", "办公室主任", "", "李主任");
    check_zh("李娜", "班主任老师", "", "李老师");
    check_zh("李娜", "高级工程师", "", "李工");
    check_zh("李娜", "总工程师", "", "李总工");
    check_zh("李娜", "主治医生", "", "李医生");
}

static void who_only_serves_a_title_does_not_bear_it(void **state)
{
    (void)state;
    check_zh("李娜", "总经理助理", "female", "李女士");
    check_zh("李娜", "董事长秘书", "", "李娜");
}

static void without_a_title_the_gender_and_without_it_the_full_name(void **state)
{
    (void)state;
    check_zh("王伟", "", "male", "王先生");
    check_zh("王伟", "采购", "female", "王女士");
    check_zh("王伟", "", "", "王伟");
}

static void compound_surnames_are_one_surname(void **state)
{
    (void)state;
    check_zh("欧阳娜", "经理", "", "欧阳经理");
    check_zh("尉迟铁柱", "", "male", "尉迟先生");
    check_zh("诸葛亮", "总经理", "", "诸葛总");
    check_zh("夏侯惇", "", "male", "夏侯先生");
    /* Two characters are a surname and a given name. */
    check_zh("司马", "", "male", "司先生");
}

static void foreign_names_are_never_split(void **state)
{
    (void)state;
    check_zh("卡尔·马克思", "教授", "male", "卡尔·马克思");
    check_zh("Anna Meyer", "经理", "female", "Anna Meyer");
    check_zh("李", "经理", "", "李");
    check_zh("", "经理", "male", "");
}

static void english_has_mr_or_ms_with_the_surname(void **state)
{
    (void)state;
    check_en("Anna Meyer", "female", "", "Ms. Meyer");
    check_en("Karl Heinz Meyer", "male", "", "Mr. Meyer");
    check_en("Anna Meyer", "", "", "Anna Meyer");
    check_en("Madonna", "female", "", "Madonna");
    check_en("欧阳娜", "female", "Ouyang", "Ms. Ouyang");
    check_en("欧阳娜", "female", "", "欧阳娜");
}

static void a_very_long_name_is_cut_at_a_character(void **state)
{
    char name[SALUTATION_BYTES * 2], out[SALUTATION_BYTES];
    struct salutation_person person = {.name = {name, 0}};

    (void)state;
    while (person.name.bytes + 3 < sizeof(name)) {
        memcpy(name + person.name.bytes, "·", 2);
        memcpy(name + person.name.bytes + 2, "a", 1);
        person.name.bytes += 3;
    }
    salutation_make_zh(&person, out);
    assert_true(strlen(out) < SALUTATION_BYTES && strlen(out) > SALUTATION_BYTES - 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stored_salutation_goes_before_every_rule),
        cmocka_unit_test(a_title_stands_behind_the_surname_as_it_is_said),
        cmocka_unit_test(who_only_serves_a_title_does_not_bear_it),
        cmocka_unit_test(without_a_title_the_gender_and_without_it_the_full_name),
        cmocka_unit_test(compound_surnames_are_one_surname),
        cmocka_unit_test(foreign_names_are_never_split),
        cmocka_unit_test(english_has_mr_or_ms_with_the_surname),
        cmocka_unit_test(a_very_long_name_is_cut_at_a_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
