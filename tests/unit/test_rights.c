/* Roles and what they may do, sentence by sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "services/customers/domain/rights.h"
#include "services/customers/handler_table.h"

static void who_has_no_role_may_only_what_takes_none(void **state)
{
    (void)state;
    assert_true(rights_may(0, ACT_ANYBODY));
    for (int act = ACT_ANYBODY + 1; act < RIGHTS_ACTS; act++)
        assert_false(rights_may(0, (enum rights_act)act));
}

static void every_act_has_somebody_and_a_name(void **state)
{
    (void)state;
    for (int act = 0; act < RIGHTS_ACTS; act++) {
        assert_int_not_equal(rights_roles_for((enum rights_act)act), 0);
        assert_true(strlen(rights_act_text((enum rights_act)act)) > 0);
    }
}

static void an_act_that_is_none_is_nobodys(void **state)
{
    (void)state;
    assert_false(rights_may(~0U, RIGHTS_ACTS));
    assert_false(rights_may(~0U, (enum rights_act)9999));
    assert_string_equal(rights_act_text((enum rights_act)9999), "do that");
}

static void who_sees_everything_changes_nothing(void **state)
{
    static const enum rights_act changes[] = {ACT_WRITE,           ACT_GRADE,  ACT_POLICY,
                                              ACT_DIRECTORY_WRITE, ACT_ASSIGN, ACT_TAKE,
                                              ACT_MERGE,           ACT_IMPORT, ACT_EXPORT};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(changes); i++)
        assert_false(rights_may(ROLE_PRIVACY_OFFICER | ROLE_AUDITOR, changes[i]));
    assert_true(rights_may(ROLE_PRIVACY_OFFICER, ACT_PRIVACY));
    assert_false(rights_may(ROLE_AUDITOR, ACT_PRIVACY));
}

static void only_auditors_read_the_audit(void **state)
{
    (void)state;
    assert_int_equal(rights_roles_for(ACT_AUDIT), ROLE_AUDITOR);
}

static void a_salesperson_neither_exports_nor_assigns(void **state)
{
    (void)state;
    assert_true(rights_may(ROLE_SALESPERSON, ACT_READ));
    assert_true(rights_may(ROLE_SALESPERSON, ACT_WRITE));
    assert_true(rights_may(ROLE_SALESPERSON, ACT_TAKE));
    assert_false(rights_may(ROLE_SALESPERSON, ACT_EXPORT));
    assert_false(rights_may(ROLE_SALESPERSON, ACT_IMPORT));
    assert_false(rights_may(ROLE_SALESPERSON, ACT_ASSIGN));
    assert_false(rights_may(ROLE_SALESPERSON, ACT_REPORT));
}

static void two_roles_may_what_either_may(void **state)
{
    unsigned both = ROLE_DIRECTORY | ROLE_MARKETING;

    (void)state;
    for (int act = 0; act < RIGHTS_ACTS; act++)
        assert_int_equal(rights_may(both, (enum rights_act)act),
                         rights_may(ROLE_DIRECTORY, (enum rights_act)act) ||
                             rights_may(ROLE_MARKETING, (enum rights_act)act));
}

static void every_message_names_an_act_there_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < customers_handler_count; i++) {
        const struct handler *handler = &customers_handlers[i];

        assert_true(handler->act < RIGHTS_ACTS);
        assert_true(!handler->is_for_systems || handler->act == ACT_ANYBODY);
        /* What changes something takes a right. */
        assert_true(handler->is_query || handler->is_for_systems || handler->act != ACT_ANYBODY);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(customers_handlers[k].type, handler->type);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_has_no_role_may_only_what_takes_none),
        cmocka_unit_test(every_act_has_somebody_and_a_name),
        cmocka_unit_test(an_act_that_is_none_is_nobodys),
        cmocka_unit_test(who_sees_everything_changes_nothing),
        cmocka_unit_test(only_auditors_read_the_audit),
        cmocka_unit_test(a_salesperson_neither_exports_nor_assigns),
        cmocka_unit_test(two_roles_may_what_either_may),
        cmocka_unit_test(every_message_names_an_act_there_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
