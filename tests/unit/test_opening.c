/* A case as it is submitted, and the file it becomes; how customers are referred to. */
#include "services/complaints/domain/opening.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct id someone = {{7}}, the_case = {{1}};
#define NOW INT64_C(1790000000000000)

static bool is_text(struct text text, const char *expected)
{
    return text.bytes == strlen(expected) && memcmp(text.at, expected, text.bytes) == 0;
}

static struct opening some_opening(void)
{
    return (struct opening){
        .kind = CASE_IS_COMPLAINT,
        .channel = CASE_BY_PHONE,
        .summary = TEXT_OF(""),
        .content = TEXT_OF("灯坏了\n请换"),
        .who = OPENING_BY_REF,
        .customer = {.kind = CUSTOMER_REF_EXTERNAL,
                     .source = TEXT_OF("shop"),
                     .external_id = TEXT_OF("4711")},
        .currency = TEXT_OF(""),
        .submitted_us = NOW - 1,
    };
}

static struct case_file make(const struct opening *opening, const struct opening_person *person,
                             bool is_historic)
{
    const struct severity_policy policy = severity_policy_standard();
    const struct opening_stamp stamp = {.id = the_case,
                                        .number = TEXT_OF("TS-20260930-0001"),
                                        .own_ref = TEXT_OF("KH000123"),
                                        .phone_hash = TEXT_OF("hash"),
                                        .day = 20726,
                                        .now_us = NOW,
                                        .is_historic = is_historic,
                                        .currency = "CNY"};

    return opening_file(opening, person, &stamp, &policy);
}

static const struct opening_person nobody = {.is_known = false, .standing = {.grade = ' '}};
static const struct opening_person known = {
    .is_known = true, .customer = {{7}}, .contact = {{8}}, .standing = {.grade = 'A'}};

/* --- summaries --- */

static void a_summary_is_the_first_line_of_the_content(void **state)
{
    char hundred_and_one[101 * 3];

    (void)state;
    assert_true(is_text(opening_summary(TEXT_OF("灯坏了\n请换")), "灯坏了"));
    assert_true(is_text(opening_summary(TEXT_OF("a\tb")), "a"));
    assert_true(is_text(opening_summary(TEXT_OF("")), ""));
    for (size_t i = 0; i < sizeof(hundred_and_one); i++)
        hundred_and_one[i] = "灯"[i % 3];
    assert_int_equal(opening_summary((struct text){hundred_and_one, sizeof(hundred_and_one)}).bytes,
                     300);
}

/* --- who --- */

static void who_is_not_known_is_kept_as_he_was_named(void **state)
{
    struct opening opening = some_opening();
    struct case_file file = make(&opening, &nobody, false);

    (void)state;
    assert_true(is_text(file.customer_source, "shop"));
    assert_true(is_text(file.customer_external_id, "4711"));
    assert_memory_equal(&file.customer, &(struct id){{0}}, sizeof(struct id));
    opening.customer = (struct customer_ref){.kind = CUSTOMER_REF_NUMBER, .number = 123};
    file = make(&opening, &nobody, false);
    assert_true(is_text(file.customer_source, OPENING_OWN_SOURCE));
    assert_true(is_text(file.customer_external_id, "KH000123"));
}

static void who_is_known_is_linked_with_the_contact_who_holds_the_number(void **state)
{
    struct opening opening = some_opening();
    struct case_file file;

    (void)state;
    opening.who = OPENING_BY_PHONE;
    file = make(&opening, &known, false);
    assert_memory_equal(&file.customer, &someone, sizeof(someone));
    assert_int_equal(file.contact.bytes[0], 8);
    assert_int_equal(file.phone_hash.bytes, 0);
    opening.contact = (struct id){{9}}; /* somebody said which contact */
    assert_int_equal(make(&opening, &known, false).contact.bytes[0], 9);
    assert_true(is_text(make(&opening, &nobody, false).phone_hash, "hash"));
}

static void an_anonymous_case_is_nobodys(void **state)
{
    struct opening opening = some_opening();
    struct case_file file;

    (void)state;
    opening.who = OPENING_BY_NOBODY;
    file = make(&opening, &nobody, false);
    assert_true(file.is_anonymous);
    assert_int_equal(file.customer_source.bytes, 0);
}

/* --- how grave --- */

static void an_a_customers_case_goes_one_step_up(void **state)
{
    struct opening opening = some_opening();

    (void)state;
    assert_int_equal(make(&opening, &nobody, false).priority, PRIORITY_NORMAL);
    assert_int_equal(make(&opening, &known, false).priority, PRIORITY_HIGH);
    assert_int_equal(make(&opening, &known, false).severity, SEVERITY_ORDINARY);
}

static void an_amount_of_another_currency_decides_nothing(void **state)
{
    struct opening opening = some_opening();

    (void)state;
    opening.amount_micros = INT64_C(10000) * 1000000;
    assert_int_equal(make(&opening, &nobody, false).severity, SEVERITY_SERIOUS);
    opening.currency = TEXT_OF("CNY");
    assert_int_equal(make(&opening, &nobody, false).severity, SEVERITY_SERIOUS);
    opening.currency = TEXT_OF("USD");
    assert_int_equal(make(&opening, &nobody, false).severity, SEVERITY_ORDINARY);
    assert_int_equal(make(&opening, &nobody, false).amount_micros, INT64_C(10000) * 1000000);
}

/* --- history --- */

static void history_keeps_its_state_and_its_time(void **state)
{
    struct opening opening = some_opening();
    struct case_file file;

    (void)state;
    file = make(&opening, &nobody, false);
    assert_int_equal(file.state, CASE_RECEIVED);
    assert_int_equal(file.received_us, NOW);
    opening.recorded = (struct opening_recorded){.is_recorded = true,
                                                 .was_closed = true,
                                                 .was_timely = true,
                                                 .response = TEXT_OF("Closed"),
                                                 .closed_us = 5};
    file = make(&opening, &nobody, true);
    assert_int_equal(file.state, CASE_CLOSED);
    assert_int_equal(file.closed_us, 5);
    assert_int_equal(file.received_us, opening.submitted_us);
    assert_true(file.is_historic && is_text(file.recorded_response, "Closed"));
    assert_true(file.is_recorded_timely && !file.is_recorded_disputed);
    opening.recorded.was_closed = false;
    file = make(&opening, &nobody, true);
    assert_int_equal(file.state, CASE_INVESTIGATING);
    assert_int_equal(file.closed_us, 0);
}

/* --- references --- */

static void a_customer_is_a_number_an_id_or_a_reference(void **state)
{
    struct customer_ref ref;

    (void)state;
    assert_true(customer_ref_parse(TEXT_OF("KH000123"), &ref));
    assert_int_equal(ref.kind, CUSTOMER_REF_NUMBER);
    assert_int_equal(ref.number, 123);
    assert_true(customer_ref_parse(TEXT_OF("017f22e2-79b0-7000-bf01-020304050607"), &ref));
    assert_int_equal(ref.kind, CUSTOMER_REF_ID);
    assert_true(customer_ref_parse(TEXT_OF("shop:47:11"), &ref));
    assert_int_equal(ref.kind, CUSTOMER_REF_EXTERNAL);
    assert_true(is_text(ref.source, "shop") && is_text(ref.external_id, "47:11"));
}

static void what_is_none_of_them_leads_to_nobody(void **state)
{
    static const char *const bad[] = {"",     "KH",    "KH0",   "KHx",
                                      "shop", ":4711", "shop:", "KH99999999999999999999"};
    struct customer_ref ref = {.number = 7};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (customer_ref_parse((struct text){bad[i], strlen(bad[i])}, &ref))
            fail_msg("%s was taken", bad[i]);
    assert_int_equal(ref.number, 7);
}

static void a_number_is_printed_as_people_say_it(void **state)
{
    char out[CUSTOMER_REF_NUMBER_BYTES];

    (void)state;
    assert_int_equal(customer_ref_print_number(123, out), 8);
    assert_string_equal(out, "KH000123");
    customer_ref_print_number(12345678, out);
    assert_string_equal(out, "KH12345678");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_summary_is_the_first_line_of_the_content),
        cmocka_unit_test(who_is_not_known_is_kept_as_he_was_named),
        cmocka_unit_test(who_is_known_is_linked_with_the_contact_who_holds_the_number),
        cmocka_unit_test(an_anonymous_case_is_nobodys),
        cmocka_unit_test(an_a_customers_case_goes_one_step_up),
        cmocka_unit_test(an_amount_of_another_currency_decides_nothing),
        cmocka_unit_test(history_keeps_its_state_and_its_time),
        cmocka_unit_test(a_customer_is_a_number_an_id_or_a_reference),
        cmocka_unit_test(what_is_none_of_them_leads_to_nobody),
        cmocka_unit_test(a_number_is_printed_as_people_say_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
