/*
 * Names and numbers are gRPC's, and those of the wire.
 */
#include "common/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "kehu/bus/v1/envelope.pb-c.h"

static void names_and_numbers_are_those_of_the_wire(void **state)
{
    const ProtobufCEnumDescriptor *wire = &kehu__bus__v1__status__descriptor;

    (void)state;
    assert_int_equal(wire->n_values, UNAUTHENTICATED + 1);
    for (unsigned i = 0; i < wire->n_values; i++)
        assert_string_equal(status_name((enum status)wire->values[i].value), wire->values[i].name);
}

static void a_number_that_is_none_is_unknown(void **state)
{
    (void)state;
    assert_string_equal(status_name((enum status)17), "UNKNOWN");
    assert_string_equal(status_name((enum status)(-1)), "UNKNOWN");
}

static void only_what_may_pass_is_worth_repeating(void **state)
{
    (void)state;
    for (int i = 0; i <= UNAUTHENTICATED; i++)
        assert_int_equal(status_is_repeatable((enum status)i),
                         i == UNAVAILABLE || i == RESOURCE_EXHAUSTED || i == ABORTED ||
                             i == DEADLINE_EXCEEDED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_numbers_are_those_of_the_wire),
        cmocka_unit_test(a_number_that_is_none_is_unknown),
        cmocka_unit_test(only_what_may_pass_is_worth_repeating),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
