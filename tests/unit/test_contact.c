/* What may be said of a contact, how he is reached and what is shown of it. */
#include "services/customers/domain/contact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define TODAY 20000 /* 2024-10-04 */

static struct text of(const char *text)
{
    return (struct text){text, strlen(text)};
}

static void check(enum contact_field field, const char *value, const char *expected)
{
    char out[CONTACT_VALUE_BYTES];

    assert_null(contact_read(field, of(value), TODAY, out));
    assert_string_equal(out, expected);
}

static void check_refused(enum contact_field field, const char *value)
{
    char out[CONTACT_VALUE_BYTES];

    assert_non_null(contact_read(field, of(value), TODAY, out));
}

static void fields_are_stored_in_one_form(void **state)
{
    (void)state;
    check(CONTACT_NAME, "　李  娜 ", "李 娜");
    check(CONTACT_GENDER, " female ", "female");
    check(CONTACT_TITLE, " 采购经理", "采购经理");
    check(CONTACT_BIRTHDAY, "八月二十", "L--08-20");
    check(CONTACT_BIRTHDAY, "1980/8/20", "1980-08-20");
    check(CONTACT_LANGUAGE, "zh-CN", "zh-CN");
    check(CONTACT_STATE, "left", "left");
    check(CONTACT_SOURCE, "visit", "visit");
    check(CONTACT_DEPARTMENT, "", "");
}

static void what_cannot_be_is_refused(void **state)
{
    char long_name[400];

    (void)state;
    memset(long_name, 'a', sizeof(long_name) - 1);
    long_name[sizeof(long_name) - 1] = '\0';
    check_refused(CONTACT_NAME, "");
    check_refused(CONTACT_NAME, long_name);
    check_refused(CONTACT_TITLE, long_name);
    check_refused(CONTACT_GENDER, "x");
    check_refused(CONTACT_BIRTHDAY, "L13-1");
    check_refused(CONTACT_BIRTHDAY, "2024-10-05"); /* tomorrow */
    check_refused(CONTACT_STATE, "erased");
    check_refused(CONTACT_STATE, "restricted");
    check_refused(CONTACT_LANGUAGE, "fr");
    check_refused(CONTACT_SOURCE, "gossip");
}

static void telephones_become_e164_and_are_hashed_without_extension(void **state)
{
    struct contact_value value;

    (void)state;
    assert_null(contact_read_channel("mobile", of("138 0000 0001"), &value));
    assert_string_equal(value.value, "+8613800000001");
    assert_string_equal(value.last_four, "0001");
    assert_string_equal(value.hash_kind, "phone");
    assert_false(value.is_shared);
    assert_null(contact_read_channel("phone", of("0871-64321234转801"), &value));
    assert_string_equal(value.value, "+8687164321234 ext 801");
    assert_string_equal(value.hashed, "+8687164321234");
    assert_true(value.is_shared);
    assert_null(contact_read_channel("phone", of("4008001234"), &value));
    assert_true(value.is_shared);
    assert_non_null(contact_read_channel("mobile", of("0871-64321234"), &value));
    assert_non_null(contact_read_channel("mobile", of("12800000001"), &value));
    assert_non_null(contact_read_channel("phone", of("64321234"), &value));
    assert_non_null(contact_read_channel("phone", of(" "), &value));
}

static void the_same_mailbox_in_other_letters_has_the_same_hash(void **state)
{
    struct contact_value one, two;

    (void)state;
    assert_null(contact_read_channel("email", of("Li.Na@Example.COM"), &one));
    assert_null(contact_read_channel("email", of(" li.na@example.com "), &two));
    assert_string_equal(one.value, "Li.Na@example.com");
    assert_string_equal(one.hashed, two.hashed);
    assert_non_null(contact_read_channel("email", of("li.na"), &one));
    assert_null(contact_read_channel("wechat", of("LiNa_1"), &one));
    assert_string_equal(one.value, "LiNa_1");
    assert_string_equal(one.hashed, "lina_1");
}

static void values_are_masked_by_kind(void **state)
{
    char out[CONTACT_VALUE_BYTES];

    (void)state;
    contact_mask("mobile", "+8613800000001", out);
    assert_string_equal(out, "138****0001");
    contact_mask("phone", "+8687164321234 ext 801", out);
    assert_null(strstr(out, "6432"));
    contact_mask("email", "li.na@example.com", out);
    assert_string_equal(out, "l***@example.com");
    contact_mask("address", "昆明市翠湖路一号", out);
    assert_string_equal(out, "昆***");
    contact_mask("wechat", "", out);
    assert_string_equal(out, "***");
}

static void what_is_not_said_stays_and_what_is_cleared_goes(void **state)
{
    struct contact before = {.version = 3}, after;
    struct contact_change change = {.sets_key = true, .is_key = true};
    const char *changed[CONTACT_FIELDS + 1];

    (void)state;
    for (int i = 0; i < CONTACT_FIELDS; i++)
        before.fields[i] = of("x");
    change.fields[CONTACT_NAME] = of("李娜");
    change.fields[CONTACT_TITLE] = of("x");
    change.clears[CONTACT_BIRTHDAY] = true;
    assert_int_equal(contact_apply(&before, &change, &after, changed), 3);
    assert_string_equal(changed[0], "name");
    assert_string_equal(changed[1], "birthday");
    assert_string_equal(changed[2], "is_key");
    assert_int_equal(after.fields[CONTACT_BIRTHDAY].bytes, 0);
    assert_int_equal(after.fields[CONTACT_DEPARTMENT].bytes, 1);
    assert_true(after.is_key);
}

static void name_state_and_source_are_never_emptied(void **state)
{
    (void)state;
    assert_false(contact_may_clear(CONTACT_NAME));
    assert_false(contact_may_clear(CONTACT_STATE));
    assert_false(contact_may_clear(CONTACT_SOURCE));
    assert_true(contact_may_clear(CONTACT_BIRTHDAY));
}

static void the_top_the_deputy_of_sales_and_hr_can_decide(void **state)
{
    (void)state;
    assert_true(contact_may_decide(of("总经理")));
    assert_true(contact_may_decide(of("副董事长")));
    assert_true(contact_may_decide(of("销售副总")));
    assert_true(contact_may_decide(of("行政主管")));
    assert_true(contact_may_decide(of("General Manager")));
    assert_false(contact_may_decide(of("总经理助理")));
    assert_false(contact_may_decide(of("采购经理")));
    assert_false(contact_may_decide(of("销售经理")));
    assert_false(contact_may_decide(of("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_stored_in_one_form),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(telephones_become_e164_and_are_hashed_without_extension),
        cmocka_unit_test(the_same_mailbox_in_other_letters_has_the_same_hash),
        cmocka_unit_test(values_are_masked_by_kind),
        cmocka_unit_test(what_is_not_said_stays_and_what_is_cleared_goes),
        cmocka_unit_test(name_state_and_source_are_never_emptied),
        cmocka_unit_test(the_top_the_deputy_of_sales_and_hr_can_decide),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
