/* Currency codes of ISO 4217. */
#include "common/pure/currency.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
static void currencies_of_iso_4217_are_known_from_first_to_last(void **state)
{
    static const char *const known[] = {"AED", "CNY", "EUR", "GBP", "HKD", "JPY",
                                        "SLE", "USD", "XCG", "ZAR", "ZWL"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(known); i++)
        assert_true(currency_is_known(known[i]));
}

static void anything_else_is_unknown(void **state)
{
    static const char *const unknown[] = {"",    "cny", "CN",  "CNYY", "RMB",         "XXX",
                                          "XTS", "AAA", "ZZZ", "DEM",  "\xe5\x85\x83"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(unknown); i++)
        assert_false(currency_is_known(unknown[i]));
}

/* The table is searched by halves: an entry out of order would not be found. */
static void the_table_holds_as_many_codes_as_can_be_found(void **state)
{
    int found = 0;
    char code[4] = "AAA";

    (void)state;
    for (code[0] = 'A'; code[0] <= 'Z'; code[0]++)
        for (code[1] = 'A'; code[1] <= 'Z'; code[1]++)
            for (code[2] = 'A'; code[2] <= 'Z'; code[2]++)
                found += currency_is_known(code);
    assert_int_equal(found, 182);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(currencies_of_iso_4217_are_known_from_first_to_last),
        cmocka_unit_test(anything_else_is_unknown),
        cmocka_unit_test(the_table_holds_as_many_codes_as_can_be_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
