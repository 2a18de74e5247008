/* The staff directory's rules and messages, sentence by sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kehu/customers/v1/audit.pb-c.h"
#include "kehu/customers/v1/events.pb-c.h"
#include "kehu/customers/v1/staff.pb-c.h"
#include "services/customers/codec/codec_audit.h"
#include "services/customers/codec/codec_staff.h"
#include "services/customers/domain/rights.h"
#include "services/customers/domain/staff.h"

static const struct id li = {{7}}, zhang = {{8}};

static int open_arena(void **state)
{
    *state = arena_new(1 << 20);
    return *state ? 0 : -1;
}

static int close_arena(void **state)
{
    arena_free(*state);
    return 0;
}

static void a_code_is_of_small_letters_digits_dots_and_dashes(void **state)
{
    char long_one[42];

    (void)state;
    memset(long_one, 'a', sizeof(long_one));
    assert_true(staff_is_code(TEXT_OF("li.na-2")));
    assert_true(staff_is_code((struct text){long_one, 40}));
    assert_false(staff_is_code((struct text){long_one, 41}));
    assert_false(staff_is_code(TEXT_OF("")));
    assert_false(staff_is_code(TEXT_OF("Li")));
    assert_false(staff_is_code(TEXT_OF("li na")));
    assert_false(staff_is_code(TEXT_OF("李娜")));
}

static void there_are_five_levels(void **state)
{
    (void)state;
    assert_true(staff_is_level(TEXT_OF("staff")));
    assert_true(staff_is_level(TEXT_OF("office_head")));
    assert_true(staff_is_level(TEXT_OF("middle")));
    assert_true(staff_is_level(TEXT_OF("top")));
    assert_true(staff_is_level(TEXT_OF("owner")));
    assert_false(staff_is_level(TEXT_OF("")));
    assert_false(staff_is_level(TEXT_OF("king")));
}

static void who_stands_in_works_here_and_is_another(void **state)
{
    struct staff deputy = {.id = zhang, .absent_from = STAFF_NO_DAY, .absent_to = STAFF_NO_DAY};

    (void)state;
    assert_int_equal(staff_check_absence(&li, NULL, 10, 20), STAFF_ABSENCE_NO_DEPUTY);
    assert_int_equal(staff_check_absence(&li, &deputy, 10, 20), STAFF_ABSENCE_FINE);
    assert_int_equal(staff_check_absence(&zhang, &deputy, 10, 20), STAFF_ABSENCE_DEPUTY_IS_HIMSELF);
    deputy.has_left = true;
    assert_int_equal(staff_check_absence(&li, &deputy, 10, 20), STAFF_ABSENCE_DEPUTY_LEFT);
}

static void who_is_away_for_all_of_it_does_not_stand_in(void **state)
{
    struct staff deputy = {.id = zhang, .absent_from = 10, .absent_to = 20};

    (void)state;
    assert_int_equal(staff_check_absence(&li, &deputy, 10, 20), STAFF_ABSENCE_DEPUTY_AWAY);
    assert_int_equal(staff_check_absence(&li, &deputy, 12, 12), STAFF_ABSENCE_DEPUTY_AWAY);
    assert_int_equal(staff_check_absence(&li, &deputy, 9, 20), STAFF_ABSENCE_FINE);
    assert_int_equal(staff_check_absence(&li, &deputy, 10, 21), STAFF_ABSENCE_FINE);
}

/* --- messages --- */

static enum status read_entry(const Kehu__Customers__V1__SaveStaff *ask, struct arena *arena,
                              struct codec_staff_ask *out, struct codec_staff_faults *faults)
{
    size_t bytes = kehu__customers__v1__save_staff__get_packed_size(ask);
    uint8_t *packed = arena_take(arena, bytes);

    assert_non_null(packed);
    kehu__customers__v1__save_staff__pack(ask, packed);
    return codec_get_save_staff(packed, bytes, arena, out, faults);
}

static void an_entry_is_read_with_its_roles_and_regions(void **state)
{
    Kehu__Customers__V1__SaveStaff ask = KEHU__CUSTOMERS__V1__SAVE_STAFF__INIT;
    char *roles[] = {"salesperson", "directory"}, *regions[] = {"yn", "gz"};
    struct codec_staff_faults faults;
    struct codec_staff_ask out;

    ask.code = "li.na";
    ask.name = "李娜";
    ask.roles = roles;
    ask.n_roles = 2;
    ask.regions = regions;
    ask.n_regions = 2;
    assert_int_equal(read_entry(&ask, *state, &out, &faults), OK);
    assert_int_equal(out.staff.roles, ROLE_SALESPERSON | ROLE_DIRECTORY);
    assert_int_equal(out.staff.region_count, 2);
    assert_memory_equal(out.staff.level.at, "staff", 5); /* when nothing is said */
    assert_int_equal(out.staff.joined_on, STAFF_NO_DAY);
    assert_int_equal(out.staff.absent_from, STAFF_NO_DAY);
}

static void everything_wrong_with_an_entry_is_named_at_once(void **state)
{
    Kehu__Customers__V1__SaveStaff ask = KEHU__CUSTOMERS__V1__SAVE_STAFF__INIT;
    char *roles[] = {"salesperson", "king"};
    struct codec_staff_faults faults;
    struct codec_staff_ask out;

    ask.code = "Li Na";
    ask.roles = roles;
    ask.n_roles = 2;
    ask.level = "king";
    ask.capacity = 1000001;
    ask.joined_on = "2026-02-30";
    assert_int_equal(read_entry(&ask, *state, &out, &faults), INVALID_ARGUMENT);
    static const char *const fields[] = {"code",      "name",  "roles[1]",
                                         "joined_on", "level", "capacity"};

    assert_int_equal(faults.count, COUNT_OF(fields));
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        assert_string_equal(faults.list[i].field, fields[i]);
}

static void an_event_of_the_directory_carries_no_name(void **state)
{
    struct staff staff = {.id = li,
                          .code = TEXT_OF("li.na"),
                          .name = TEXT_OF("李娜"),
                          .roles = ROLE_MARKETING,
                          .level = TEXT_OF("staff"),
                          .unit = TEXT_OF("south"),
                          .deputy_id = zhang,
                          .absent_from = 20000,
                          .absent_to = 20001,
                          .version = 3};
    const Kehu__Customers__V1__StaffChanged *event =
        (const void *)codec_staff_changed(&staff, *state);
    uint8_t packed[400];

    assert_non_null(event);
    assert_string_equal(event->roles[0], "marketing");
    assert_string_equal(event->state, "active");
    assert_string_equal(event->manager_id, "");
    assert_string_equal(event->deputy_id, "08000000-0000-0000-0000-000000000000");
    assert_string_equal(event->absent_from, "2024-10-04");
    size_t bytes = protobuf_c_message_pack(&event->base, packed);

    assert_null(memmem(packed, bytes, "李娜", strlen("李娜")));
    assert_string_equal(event->code, "li.na"); /* by which people name him */
}

/* --- the audit --- */

static enum status read_token(const char *token, struct arena *arena, struct audit_question *out)
{
    Kehu__Customers__V1__ReadAudit ask = KEHU__CUSTOMERS__V1__READ_AUDIT__INIT;
    uint8_t packed[200];
    char field[100], why[300];

    ask.page_token = (char *)token;
    size_t bytes = kehu__customers__v1__read_audit__pack(&ask, packed);

    return codec_get_read_audit(packed, bytes, arena, out, field, sizeof(field), why, sizeof(why));
}

static void the_audit_goes_on_behind_the_last_entry_shown(void **state)
{
    struct audit_entry entry = {.at_us = 1790000000000001, .position = 42};
    const struct audit_entries entries = {&entry, 1};
    const Kehu__Customers__V1__AuditEntries *page =
        (const void *)codec_audit_entries(&entries, true, *state);
    struct audit_question question;

    assert_non_null(page);
    assert_int_equal(read_token(page->next_page_token, *state, &question), OK);
    assert_true(question.has_after);
    assert_int_equal(question.after_at_us, entry.at_us);
    assert_int_equal(question.after_position, 42);
    page = (const void *)codec_audit_entries(&entries, false, *state);
    assert_string_equal(page->next_page_token, "");
}

static void what_is_no_token_of_the_audit_is_refused(void **state)
{
    static const char *const wrong[] = {"x",
                                        "1",
                                        "1.",
                                        ".1",
                                        "1.2.3",
                                        "1.2 ",
                                        "-1.2",
                                        "1.-2",
                                        "99999999999999999999.1",
                                        "1.99999999999999999999"};
    struct audit_question question;

    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_int_equal(read_token(wrong[i], *state, &question), INVALID_ARGUMENT);
    assert_int_equal(read_token("", *state, &question), OK);
    assert_false(question.has_after);
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_of_small_letters_digits_dots_and_dashes),
        cmocka_unit_test(there_are_five_levels),
        cmocka_unit_test(who_stands_in_works_here_and_is_another),
        cmocka_unit_test(who_is_away_for_all_of_it_does_not_stand_in),
        WITH_ARENA(an_entry_is_read_with_its_roles_and_regions),
        WITH_ARENA(everything_wrong_with_an_entry_is_named_at_once),
        WITH_ARENA(an_event_of_the_directory_carries_no_name),
        WITH_ARENA(the_audit_goes_on_behind_the_last_entry_shown),
        WITH_ARENA(what_is_no_token_of_the_audit_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
