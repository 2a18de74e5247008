/* Roles of the staff directory, sentence by sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/pure/role.h"

static void a_role_is_read_by_the_name_it_has(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ROLES; i++) {
        const char *name = role_name((enum role)(1U << i));

        assert_int_equal(role_of((struct text){name, strlen(name)}), 1U << i);
        assert_int_equal(role_of((struct text){name, strlen(name) - 1}), 0);
    }
    assert_int_equal(role_of(TEXT_OF("")), 0);
    assert_int_equal(role_of(TEXT_OF("king")), 0);
    assert_string_equal(role_name((enum role)3), "");
}

static void roles_are_printed_in_one_order(void **state)
{
    char out[ROLE_NAMES_BYTES];

    (void)state;
    role_print(ROLE_MARKETING | ROLE_SALESPERSON, out);
    assert_string_equal(out, "salesperson, marketing");
    role_print(0, out);
    assert_string_equal(out, "no role");
    role_print(~0U, out); /* all fit */
    assert_non_null(strstr(out, ", directory"));
}

static void a_row_of_roles_is_read_between_commas(void **state)
{
    (void)state;
    assert_int_equal(role_read(TEXT_OF("manager,auditor")), ROLE_MANAGER | ROLE_AUDITOR);
    assert_int_equal(role_read(TEXT_OF("manager,king,")), ROLE_MANAGER);
    assert_int_equal(role_read(TEXT_OF("")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_role_is_read_by_the_name_it_has),
        cmocka_unit_test(roles_are_printed_in_one_order),
        cmocka_unit_test(a_row_of_roles_is_read_between_commas),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
