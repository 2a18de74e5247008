/*
 * ErasePerson and the holds against a scripted store: what is written in every order of arrival,
 * each ask failing in turn, what is stale is decided again, and too little memory at every place.
 */
#include "services/customers/handlers/handlers.h"

#include <sodium.h>

#include "common/seal.h"
#include "kehu/customers/v1/privacy.pb-c.h"
#include "tests/unit/scripted_world.h"

#define RING                                                                                         \
    "{\"current\":1,\"keys\":[{\"id\":1,\"key\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"}]," \
    "\"hash\":\"QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=\"}"
#define CONTACT "00000000-0000-0000-0000-000000000005"

static const struct handler handlers[] = {
    {.type = "kehu.customers.v1.ErasePerson", .step = handle_erase_person},
    {.type = "kehu.customers.v1.RestrictPerson", .step = handle_restrict_person},
    {.type = "kehu.customers.v1.LiftRestriction", .step = handle_lift_restriction},
    {.type = "kehu.customers.v1.GetPersonStanding",
     .step = handle_get_person_standing,
     .is_query = true},
};

static struct flow_limits limits = {.max_requests = 16,
                                    .max_polls = 4,
                                    .max_bytes = 64 << 20,
                                    .max_arena_bytes = 8 << 20,
                                    .deadline_us = 30 * SECOND_US};

static struct {
    bool is_unknown, is_held, is_himself_a_customer;
    uint32_t erased, struck, vaulted, marked, standings, events, audited, guards, receipts;
} store;

static void count_writes(const struct pg_unit *unit)
{
    store.erased += world_rows_written(unit, "personal_erase_contact_contact");
    store.struck += world_rows_written(unit, "personal_strike_customer_need");
    store.vaulted += world_rows_written(unit, "privacy_put_vault");
    store.marked += world_rows_written(unit, "privacy_mark_contacts");
    store.guards += world_rows_written(unit, "personal_guard_contact");
    store.guards += world_rows_written(unit, "privacy_guard_holds");
    store.standings += world_rows_written(unit, "privacy_add_standing");
    store.events += world_rows_written(unit, "log_add");
    store.audited += world_rows_written(unit, "audit_add");
    store.receipts += world_rows_written(unit, "command_add");
}

static PGresult *person_of(void)
{
    PGresult *rows;
    const int kinds[] = {1, 3, 4};

    if (store.is_unknown)
        return NULL;
    rows = rows_new(4);
    for (int row = 0; row < (store.is_himself_a_customer ? 3 : 2); row++) {
        rows_put_int4(rows, row, 0, kinds[row]);
        rows_put_id(rows, row, 1, row == 0 ? 5 : 9);
        rows_put_int8(rows, row, 2, row == 2 ? 123 : 4);
        rows_put_null(rows, row, 3);
    }
    return rows;
}

static PGresult *hold_of(void)
{
    PGresult *rows;

    if (!store.is_held)
        return NULL;
    rows = rows_new(7);
    rows_put_id(rows, 0, 0, 7);
    rows_put_text(rows, 0, 1, "case");
    rows_put_text(rows, 0, 2, "cases");
    rows_put_text(rows, 0, 3, "TS-20260930-0001");
    rows_put_null(rows, 0, 4);
    rows_put_time(rows, 0, 5, world.now_us);
    rows_put_null(rows, 0, 6);
    return rows;
}

static PGresult *rows_of(const struct pg_ask *ask)
{
    const char *name = ask->statement->name;
    PGresult *rows;

    if (strcmp(name, "privacy_find_contact") == 0)
        return person_of();
    if (strcmp(name, "privacy_list_holds") == 0)
        return hold_of();
    if (strcmp(name, "personal_count_contact") == 0) {
        rows = rows_new(2);
        rows_put_int8(rows, 0, 0, 3);
        rows_put_text(rows, 0, 1, "4711");
        return rows;
    }
    if (strcmp(name, "personal_read_contact") == 0) {
        rows = rows_new(3);
        rows_put_int4(rows, 0, 0, 1);
        rows_put_text(rows, 0, 1, "contact");
        rows_put_text(rows, 0, 2, "{\"id\":\"" CONTACT "\",\"name\":\"张三\"}");
        return rows;
    }
    return NULL;
}

static struct seal *seal;

static void begin_world(void)
{
    memset(&store, 0, sizeof(store));
    world_open(handlers, COUNT_OF(handlers), &limits);
    world.service.seal = seal;
    world.rows_of = rows_of;
    world.committing = count_writes;
}

static int open_world(void **state)
{
    (void)state;
    limits.max_arena_bytes = 8 << 20;
    begin_world();
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    world_close();
    return 0;
}

static int make_seal(void **state)
{
    char why[200];

    (void)state;
    return sodium_init() >= 0 && seal_decode(RING, strlen(RING), &seal, why, sizeof(why)) == OK
               ? 0
               : -1;
}

static int drop_seal(void **state)
{
    (void)state;
    seal_free(seal);
    return 0;
}

static void ask(const char *type, const ProtobufCMessage *message)
{
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;
    uint8_t payload[300];

    request.id = "1";
    request.source = "shop";
    request.type = (char *)type;
    request.payload = (ProtobufCBinaryData){protobuf_c_message_pack(message, payload), payload};
    world_send(&request);
}

static void erase(bool is_dry_run)
{
    Kehu__Customers__V1__ErasePerson message = KEHU__CUSTOMERS__V1__ERASE_PERSON__INIT;
    Kehu__Customers__V1__PersonRef person = KEHU__CUSTOMERS__V1__PERSON_REF__INIT;

    person.contact_id = CONTACT;
    message.person = &person;
    message.reason = "request";
    message.dry_run = is_dry_run;
    ask("kehu.customers.v1.ErasePerson", &message.base);
    world_run();
}

static const Kehu__Bus__V1__Reply *only_reply(void)
{
    assert_int_equal(world.reply_count, 1);
    return world.replies[0];
}

static void assert_standing(const char *state, uint32_t values)
{
    Kehu__Customers__V1__PersonStanding *told;

    assert_int_equal(only_reply()->status, OK);
    told = kehu__customers__v1__person_standing__unpack(NULL, only_reply()->payload.len,
                                                        only_reply()->payload.data);
    assert_non_null(told);
    assert_string_equal(told->state, state);
    assert_int_equal(told->values, values);
    kehu__customers__v1__person_standing__free_unpacked(told, NULL);
}

static void an_erasure_is_one_unit_with_guards_events_audit_and_receipt(void **state)
{
    (void)state;
    erase(false);
    assert_standing("erased", 3);
    assert_int_equal(store.marked, 1);
    assert_int_equal(store.guards, 2);
    assert_int_equal(store.erased, 1);
    assert_int_equal(store.struck, 1);
    assert_int_equal(store.vaulted, 0);
    assert_int_equal(store.standings, 1);
    assert_int_equal(store.events, 2);
    assert_int_equal(store.audited, 1);
    assert_int_equal(store.receipts, 1);
}

static void while_a_hold_stands_the_values_are_sealed_and_nothing_is_struck_out(void **state)
{
    (void)state;
    store.is_held = true;
    erase(false);
    assert_standing("erasing", 3);
    assert_int_equal(store.vaulted, 1);
    assert_int_equal(store.erased, 1);
    assert_int_equal(store.struck, 0);
    assert_int_equal(store.events, 1);
}

static void a_dry_run_writes_nothing(void **state)
{
    (void)state;
    erase(true);
    assert_standing("erased", 3);
    assert_int_equal(store.marked + store.erased + store.standings + store.receipts, 0);
}

static void who_is_unknown_or_a_customer_himself_is_refused(void **state)
{
    (void)state;
    store.is_unknown = true;
    erase(false);
    assert_int_equal(only_reply()->status, NOT_FOUND);
    world_forget_replies();
    store.is_unknown = false;
    store.is_himself_a_customer = true;
    erase(false);
    assert_int_equal(only_reply()->status, FAILED_PRECONDITION);
    assert_non_null(strstr(only_reply()->violations[0]->description, "KH000123"));
    assert_int_equal(store.erased, 0);
}

static void what_was_stale_is_decided_again(void **state)
{
    static const enum status stale[] = {ABORTED};

    (void)state;
    world.commits = stale;
    world.commit_count = 1;
    erase(false);
    assert_standing("erased", 3);
    assert_int_equal(store.erased, 2); /* the first was not committed */
}

static void an_ask_that_fails_leaves_everything_as_it_was(void **state)
{
    bool failed = true;

    (void)state;
    for (int at = 0; failed; at++) {
        world.arrivals = 0;
        world.fails_at = at;
        world.fails_with = UNAVAILABLE;
        store.erased = 0;
        erase(false);
        failed = (int)only_reply()->status == (int)UNAVAILABLE;
        assert_int_equal(store.erased, failed ? 0 : 1);
        world_forget_replies();
        assert_true(at < 30);
    }
}

static void too_little_memory_at_any_place_is_said_and_nothing_is_written(void **state)
{
    int status = INVALID_ARGUMENT; /* what the floor says of it */

    (void)state;
    for (size_t bytes = 4096; status == INVALID_ARGUMENT; bytes += 1024) {
        world_close();
        limits.max_arena_bytes = bytes;
        begin_world();
        erase(false);
        status = (int)only_reply()->status;
        assert_int_equal(store.erased, status == OK ? 1 : 0);
        assert_true(bytes < (2 << 20));
    }
    assert_int_equal(status, OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
    const struct CMUnitTest tests[] = {
        TEST(an_erasure_is_one_unit_with_guards_events_audit_and_receipt),
        TEST(while_a_hold_stands_the_values_are_sealed_and_nothing_is_struck_out),
        TEST(a_dry_run_writes_nothing),
        TEST(who_is_unknown_or_a_customer_himself_is_refused),
        TEST(what_was_stale_is_decided_again),
        TEST(an_ask_that_fails_leaves_everything_as_it_was),
        TEST(too_little_memory_at_any_place_is_said_and_nothing_is_written),
    };

    return cmocka_run_group_tests(tests, make_seal, drop_seal);
}
