/* How people refer to a customer. */
#include "services/customers/domain/customer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
static bool parse(const char *ref, struct customer_question *out)
{
    return customer_question_parse((struct text){ref, strlen(ref)}, out);
}

static void a_number_is_read_in_either_case_with_or_without_zeros(void **state)
{
    static const char *const refs[] = {"KH000123", "kh123", "Kh0000000123"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(refs); i++) {
        struct customer_question question = {.recent_orders = 7};

        assert_true(parse(refs[i], &question));
        assert_int_equal(question.kind, CUSTOMER_REF_NUMBER);
        assert_int_equal(question.number, 123);
        assert_int_equal(question.recent_orders, 7);
    }
}

static void an_id_is_a_uuid(void **state)
{
    struct customer_question question = {.number = 0};

    (void)state;
    assert_true(parse("017F22E2-79b0-7000-bf01-020304050607", &question));
    assert_int_equal(question.kind, CUSTOMER_REF_ID);
    assert_int_equal(question.id.bytes[1], 0x7f);
}

static void a_reference_is_split_at_its_first_colon(void **state)
{
    struct customer_question question = {.number = 0};

    (void)state;
    assert_true(parse("uci:13085", &question));
    assert_int_equal(question.kind, CUSTOMER_REF_EXTERNAL);
    assert_int_equal(question.reference.source.bytes, 3);
    assert_memory_equal(question.reference.external_id.at, "13085", 5);
    assert_true(parse("shop:urn:x:1", &question));
    assert_int_equal(question.reference.source.bytes, 4);
    assert_int_equal(question.reference.external_id.bytes, 7);
    assert_true(parse("kh:7", &question));
    assert_int_equal(question.kind, CUSTOMER_REF_EXTERNAL);
}

static void a_reference_has_as_many_characters_as_intake_takes(void **state)
{
    struct customer_question question;
    char ref[4 + 3 * 129] = "uci:";

    (void)state;
    for (int i = 0; i < 128; i++)
        memcpy(ref + 4 + 3 * i, "\xe5\xae\xa2", 3);
    assert_true(customer_question_parse((struct text){ref, 4 + 3 * 128}, &question));
    ref[3 * 128 + 4] = 'x';
    assert_false(customer_question_parse((struct text){ref, 4 + 3 * 128 + 1}, &question));
}

static void anything_else_refers_to_nobody(void **state)
{
    static const char *const bad[] = {"",
                                      "123",
                                      "KH",
                                      "KH0",
                                      "KH-1",
                                      "KH12x",
                                      ":",
                                      ":13085",
                                      "uci:",
                                      "customer",
                                      "KH99999999999999999999999"};
    struct customer_question question;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(parse(bad[i], &question));
}

static void a_number_has_six_digits_until_it_needs_more(void **state)
{
    char text[CUSTOMER_REF_NUMBER_BYTES];

    (void)state;
    assert_int_equal(customer_ref_print_number(123, text), 8);
    assert_string_equal(text, "KH000123");
    customer_ref_print_number(1234567, text);
    assert_string_equal(text, "KH1234567");
    customer_ref_print_number(INT64_MAX, text);
    assert_string_equal(text, "KH9223372036854775807");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_read_in_either_case_with_or_without_zeros),
        cmocka_unit_test(an_id_is_a_uuid),
        cmocka_unit_test(a_reference_is_split_at_its_first_colon),
        cmocka_unit_test(a_reference_has_as_many_characters_as_intake_takes),
        cmocka_unit_test(anything_else_refers_to_nobody),
        cmocka_unit_test(a_number_has_six_digits_until_it_needs_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
