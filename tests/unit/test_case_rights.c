/* What roles may do with cases, sentence by sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "services/complaints/domain/case_rights.h"

static const enum case_right changes[] = {CASE_RIGHT_OPEN, CASE_RIGHT_WORK, CASE_RIGHT_HANDLE,
                                          CASE_RIGHT_DECIDE, CASE_RIGHT_POLICY};

static void every_right_has_somebody_and_a_name(void **state)
{
    (void)state;
    for (int right = 0; right < CASE_RIGHTS; right++) {
        assert_int_not_equal(case_rights_roles_for((enum case_right)right), 0);
        assert_true(strlen(case_rights_text((enum case_right)right)) > 0);
    }
    assert_false(case_rights_may(~0U, CASE_RIGHTS));
    assert_string_equal(case_rights_text((enum case_right)9999), "do that");
}

static void who_has_no_role_may_only_what_takes_none(void **state)
{
    (void)state;
    assert_true(case_rights_may(0, CASE_RIGHT_ANYBODY));
    for (int right = CASE_RIGHT_ANYBODY + 1; right < CASE_RIGHTS; right++)
        assert_false(case_rights_may(0, (enum case_right)right));
    assert_false(case_rights_handles(0, true));
}

static void who_oversees_reads_every_case_and_changes_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(changes); i++)
        assert_false(case_rights_may(ROLE_OVERSEERS, changes[i]));
    assert_true(case_rights_may(ROLE_AUDITOR, CASE_RIGHT_READ));
    assert_true(case_rights_may(ROLE_AUDITOR, CASE_RIGHT_REPORT));
    assert_true(case_rights_sees_all(ROLE_AUDITOR, CASE_RIGHT_READ));
    assert_false(case_rights_handles(ROLE_OVERSEERS, true));
    assert_false(case_rights_takes(ROLE_OVERSEERS));
}

static void who_oversees_and_sells_changes_only_what_he_sees_as_a_seller(void **state)
{
    unsigned both = ROLE_AUDITOR | ROLE_SALESPERSON;

    (void)state;
    assert_true(case_rights_sees_all(both, CASE_RIGHT_READ));
    assert_true(case_rights_may(both, CASE_RIGHT_OPEN));
    assert_false(case_rights_sees_all(both, CASE_RIGHT_OPEN));
}

static void everybody_else_of_the_staff_records_what_was_said(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ROLES; i++)
        assert_int_equal(case_rights_may(1U << i, CASE_RIGHT_OPEN), !(1U << i & ROLE_OVERSEERS));
}

static void a_case_is_handled_by_handlers_managers_and_whom_it_is_assigned_to(void **state)
{
    (void)state;
    assert_true(case_rights_handles(ROLE_COMPLAINT_HANDLER, false));
    assert_true(case_rights_handles(ROLE_MANAGER, false));
    assert_false(case_rights_handles(ROLE_SALESPERSON, false));
    assert_true(case_rights_handles(ROLE_SALESPERSON, true));
}

static void managers_decide(void **state)
{
    (void)state;
    assert_int_equal(case_rights_roles_for(CASE_RIGHT_DECIDE), ROLE_MANAGER);
    assert_int_equal(case_rights_roles_for(CASE_RIGHT_POLICY), ROLE_MANAGER);
}

static void only_the_privacy_officer_sees_who_is_restricted_and_only_to_read(void **state)
{
    (void)state;
    assert_true(case_rights_sees_restricted(ROLE_PRIVACY_OFFICER, CASE_RIGHT_READ));
    assert_false(case_rights_sees_restricted(ROLE_PRIVACY_OFFICER, CASE_RIGHT_HANDLE));
    assert_false(
        case_rights_sees_restricted(ROLE_ALL & ~(unsigned)ROLE_PRIVACY_OFFICER, CASE_RIGHT_READ));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_right_has_somebody_and_a_name),
        cmocka_unit_test(who_has_no_role_may_only_what_takes_none),
        cmocka_unit_test(who_oversees_reads_every_case_and_changes_none),
        cmocka_unit_test(who_oversees_and_sells_changes_only_what_he_sees_as_a_seller),
        cmocka_unit_test(everybody_else_of_the_staff_records_what_was_said),
        cmocka_unit_test(a_case_is_handled_by_handlers_managers_and_whom_it_is_assigned_to),
        cmocka_unit_test(managers_decide),
        cmocka_unit_test(only_the_privacy_officer_sees_who_is_restricted_and_only_to_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
