/* What the customers service reads in the complaints' log, and how a customer's cases are shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kehu/complaints/v1/events.pb-c.h"
#include "kehu/customers/v1/events.pb-c.h"
#include "kehu/customers/v1/files.pb-c.h"
#include "kehu/customers/v1/privacy.pb-c.h"
#include "services/customers/codec/codec_complaints.h"

#define ID "08000000-0000-0000-0000-000000000000"
#define OTHER "09000000-0000-0000-0000-000000000000"

static uint8_t packed[1000];
static size_t bytes;

static void pack(const void *message)
{
    bytes = protobuf_c_message_pack(message, packed);
}

static int open_arena(void **state)
{
    *state = arena_new(1 << 16);
    return 0;
}

static int close_arena(void **state)
{
    arena_free(*state);
    return 0;
}

static void a_moved_case_is_read_with_its_state_as_a_word(void **state)
{
    Kehu__Complaints__V1__CaseMoved event = KEHU__COMPLAINTS__V1__CASE_MOVED__INIT;
    Google__Protobuf__Timestamp at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    struct case_move_told told;

    event.case_id = ID;
    event.to = KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_CONFIRMATION_DUE;
    at.seconds = 5;
    event.at = &at;
    pack(&event);
    assert_true(codec_get_case_moved(*state, packed, bytes, &told));
    assert_string_equal(told.state, "confirmation_due");
    assert_false(told.is_ended);
    assert_int_equal(told.at_us, 5000000);

    event.to = KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_CLOSED_UNCONFIRMED;
    pack(&event);
    assert_true(codec_get_case_moved(*state, packed, bytes, &told));
    assert_string_equal(told.state, "closed_unconfirmed");
    assert_true(told.is_ended);
}

static void a_state_of_a_later_contract_is_not_guessed(void **state)
{
    Kehu__Complaints__V1__CaseMoved event = KEHU__COMPLAINTS__V1__CASE_MOVED__INIT;
    struct case_move_told told;

    event.case_id = ID;
    event.to = (Kehu__Complaints__V1__CaseState)99;
    pack(&event);
    assert_false(codec_get_case_moved(*state, packed, bytes, &told)); /* parked, and tried again */
}

static void a_linked_case_that_is_closed_has_an_end(void **state)
{
    Kehu__Complaints__V1__CaseLinked event = KEHU__COMPLAINTS__V1__CASE_LINKED__INIT;
    Google__Protobuf__Timestamp at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    struct case_told told;

    event.case_id = ID;
    event.number = "TS-20260930-0001";
    event.kind = KEHU__COMPLAINTS__V1__CASE_KIND__CASE_KIND_SERVICE_REQUEST;
    event.state = KEHU__COMPLAINTS__V1__CASE_STATE__CASE_STATE_CLOSED;
    event.contact_id = OTHER;
    at.seconds = 7;
    event.opened_at = &at;
    pack(&event);
    assert_true(codec_get_case_linked(*state, packed, bytes, &told));
    assert_string_equal(told.kind, "service_request");
    assert_int_equal(told.ended_us, 7000000); /* it ended, whenever */
    assert_int_equal(told.contact.bytes[0], 9);
    assert_int_equal(told.customer.bytes[0], 0);
}

static void how_cases_stand_is_read_and_shown_the_same(void **state)
{
    char *handlers[] = {ID, OTHER};
    Kehu__Complaints__V1__CustomerCasesChanged event =
        KEHU__COMPLAINTS__V1__CUSTOMER_CASES_CHANGED__INIT;
    const Kehu__Customers__V1__CustomerCases *shown;
    struct cases_told told;

    event.customer_id = ID;
    event.open = 2;
    event.complaints_90_days = 3;
    event.complaints_12_months = 4;
    event.our_fault_12_months = 1;
    event.total = 9;
    event.repeat_complainant = true;
    event.open_handler_ids = handlers;
    event.n_open_handler_ids = 2;
    pack(&event);
    assert_true(codec_get_cases_changed(*state, packed, bytes, &told));
    assert_int_equal(told.handler_count, 2);
    assert_int_equal(told.handlers[1].bytes[0], 9);
    shown = codec_customer_cases(&told.cases, *state);
    assert_non_null(shown);
    assert_int_equal(shown->open, 2);
    assert_int_equal(shown->our_fault_12_months, 1);
    assert_int_equal(shown->total, 9);
    assert_true(shown->repeat_complainant);
    assert_null(shown->last_at);
}

static void who_never_had_a_case_is_shown_without(void **state)
{
    assert_null(codec_customer_cases(&(struct customer_cases){.found = false}, *state));
}

static void what_is_no_id_is_no_event(void **state)
{
    Kehu__Complaints__V1__CaseMoved moved = KEHU__COMPLAINTS__V1__CASE_MOVED__INIT;
    Kehu__Complaints__V1__CustomerCasesChanged changed =
        KEHU__COMPLAINTS__V1__CUSTOMER_CASES_CHANGED__INIT;
    Kehu__Customers__V1__ErasureDone done = KEHU__CUSTOMERS__V1__ERASURE_DONE__INIT;
    char *handlers[] = {"somebody"};
    struct case_move_told move = {.at_us = 1};
    struct cases_told cases;
    struct erasure_part_told part;

    moved.case_id = "TS-20260930-0001";
    pack(&moved);
    assert_false(codec_get_case_moved(*state, packed, bytes, &move));
    assert_int_equal(move.at_us, 1);
    changed.customer_id = ID;
    changed.open_handler_ids = handlers;
    changed.n_open_handler_ids = 1;
    pack(&changed);
    assert_false(codec_get_cases_changed(*state, packed, bytes, &cases));
    done.person_id = ID;
    pack(&done);
    assert_false(codec_get_erasure_done(*state, packed, bytes, &part)); /* of which service? */
    done.service = "complaints";
    done.values = 12;
    pack(&done);
    assert_true(codec_get_erasure_done(*state, packed, bytes, &part));
    assert_int_equal(part.values, 12);
}

static void that_somebody_is_a_repeat_complainant_names_no_owner_where_there_is_none(void **state)
{
    const struct id him = {{8}}, nobody = {{0}};
    const struct customer_cases cases = {.found = true, .complaints_90_days = 3, .is_repeat = true};
    const Kehu__Customers__V1__CustomerFlagged *event =
        (const void *)codec_customer_flagged(&him, &cases, &nobody, *state);

    assert_non_null(event);
    assert_string_equal(event->flag, "repeat_complainant");
    assert_true(event->on);
    assert_int_equal(event->complaints_90_days, 3);
    assert_string_equal(event->owner_id, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)
    const struct CMUnitTest tests[] = {
        TEST(a_moved_case_is_read_with_its_state_as_a_word),
        TEST(a_state_of_a_later_contract_is_not_guessed),
        TEST(a_linked_case_that_is_closed_has_an_end),
        TEST(how_cases_stand_is_read_and_shown_the_same),
        TEST(who_never_had_a_case_is_shown_without),
        TEST(what_is_no_id_is_no_event),
        TEST(that_somebody_is_a_repeat_complainant_names_no_owner_where_there_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
