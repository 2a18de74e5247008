/*
 * SaveContact and LinkContact against a scripted store: what one unit writes, every order of
 * arrival, each ask failing in turn, losing the race against another change, too little memory at
 * every place.
 */
#include "services/customers/handlers/handlers.h"

#include "common/seal.h"
#include "kehu/customers/v1/people.pb-c.h"
#include "tests/unit/scripted_world.h"

#define RING                                                                                       \
    "{\"current\":1,\"keys\":[{\"id\":1,\"key\":"                                                  \
    "\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"}],"                                          \
    "\"hash\":\"QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=\"}"
#define CONTACT "00000000-0000-0000-0000-000000000009"

static const struct handler handlers[] = {
    {.type = "kehu.customers.v1.SaveContact", .step = handle_save_contact},
    {.type = "kehu.customers.v1.LinkContact", .step = handle_link_contact},
};

static struct flow_limits limits = {.max_requests = 16,
                                    .max_polls = 4,
                                    .max_bytes = 64 << 20,
                                    .max_arena_bytes = 8 << 20,
                                    .deadline_us = 30 * SECOND_US};

static struct {
    bool is_unknown, is_merged, is_erased, is_contact_erased, is_linked;
    int64_t version;
    uint32_t contacts, links, channels, consents, keys, touched, logged, receipts, audited;
    struct seal *seal;
} store;

static void count_writes(const struct pg_unit *unit)
{
    store.contacts += world_rows_written(unit, "contact_add");
    store.links += world_rows_written(unit, "contact_add_link");
    store.channels += world_rows_written(unit, "contact_put_channel");
    store.consents += world_rows_written(unit, "contact_add_consent");
    store.keys += world_rows_written(unit, "contact_add_keys");
    store.touched += world_find_write(unit, "contact_touch") != NULL;
    store.logged += world_rows_written(unit, "log_add");
    store.receipts += world_rows_written(unit, "command_add");
    store.audited += world_rows_written(unit, "audit_add");
}

static PGresult *customer_row(void)
{
    PGresult *rows = rows_new(16);

    if (store.is_unknown)
        return rows;
    rows_put_id(rows, 0, 0, 5);
    rows_put_int8(rows, 0, 1, 123);
    rows_put_text(rows, 0, 2, "翠湖");
    rows_put_text(rows, 0, 3, "customer");
    rows_put_text(rows, 0, 4, "organisation");
    for (int i = 5; i < 8; i++)
        rows_put_null(rows, 0, i);
    rows_put_int8(rows, 0, 8, 1);
    rows_put_time(rows, 0, 9, world.now_us);
    rows_put_int8(rows, 0, 10, 1);
    for (int i = 11; i < 14; i++)
        rows_put_null(rows, 0, i);
    if (store.is_merged)
        rows_put_int8(rows, 0, 14, 77);
    else
        rows_put_null(rows, 0, 14);
    rows_put_bool(rows, 0, 15, store.is_erased);
    return rows;
}

static PGresult *contact_row(void)
{
    static const char *const fields[] = {"李娜", "female", "",       "经理", "",
                                         "",     "",       "active", "visit"};
    PGresult *rows = rows_new(16);

    rows_put_int8(rows, 0, 0, 1);
    rows_put_id(rows, 0, 1, 9);
    for (int i = 0; i < 9; i++)
        rows_put_text(rows, 0, 2 + i, fields[i]);
    if (store.is_contact_erased)
        rows_put_text(rows, 0, 9, "erased");
    rows_put_bool(rows, 0, 11, false);
    rows_put_time(rows, 0, 12, world.now_us);
    rows_put_text(rows, 0, 13, "li.na");
    rows_put_int8(rows, 0, 14, store.version);
    rows_put_int8(rows, 0, 15, 1);
    return rows;
}

static PGresult *rows_of(const struct pg_ask *ask)
{
    const char *name = ask->statement->name;
    PGresult *rows;

    if (strncmp(name, "file_find_by", 12) == 0)
        return customer_row();
    if (strcmp(name, "contact_list_rows") == 0)
        return contact_row();
    if (strcmp(name, "contact_list_customers") == 0) {
        rows = rows_new(1);
        rows_put_id(rows, 0, 0, store.is_linked ? 5 : 6);
        return rows;
    }
    return NULL;
}

static void begin_world(void)
{
    struct seal *seal = store.seal;

    memset(&store, 0, sizeof(store));
    store.seal = seal;
    store.version = 4;
    world_open(handlers, COUNT_OF(handlers), &limits);
    world.service.seal = seal;
    world.rows_of = rows_of;
    world.committing = count_writes;
}

static int open_world(void **state)
{
    char why[100];

    (void)state;
    limits.max_arena_bytes = 8 << 20;
    if (!store.seal && seal_decode(RING, strlen(RING), &store.seal, why, sizeof(why)) != OK)
        return 1;
    begin_world();
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    world_close();
    return 0;
}

static int free_seal(void **state)
{
    (void)state;
    seal_free(store.seal);
    store.seal = NULL;
    return 0;
}

static const Kehu__Bus__V1__Reply *only_reply(void)
{
    assert_int_equal(world.reply_count, 1);
    return world.replies[0];
}

static void send_ask(const char *type, const ProtobufCMessage *ask)
{
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;
    uint8_t payload[2000];

    request.id = "1";
    request.type = (char *)type;
    request.source = "shop";
    request.payload = (ProtobufCBinaryData){protobuf_c_message_pack(ask, payload), payload};
    world_send(&request);
}

/* A new contact with a link, two channels and a word about consent. */
static void save_new(void)
{
    Kehu__Customers__V1__SaveContact ask = KEHU__CUSTOMERS__V1__SAVE_CONTACT__INIT;
    Kehu__Customers__V1__ContactLink link = KEHU__CUSTOMERS__V1__CONTACT_LINK__INIT;
    Kehu__Customers__V1__ContactChannel mobile = KEHU__CUSTOMERS__V1__CONTACT_CHANNEL__INIT;
    Kehu__Customers__V1__ContactChannel email = KEHU__CUSTOMERS__V1__CONTACT_CHANNEL__INIT;
    Kehu__Customers__V1__Consent consent = KEHU__CUSTOMERS__V1__CONSENT__INIT;
    Kehu__Customers__V1__ContactLink *links[] = {&link};
    Kehu__Customers__V1__ContactChannel *channels[] = {&mobile, &email};
    Kehu__Customers__V1__Consent *consents[] = {&consent};

    ask.name = "李娜";
    link.customer_ref = "KH000123";
    link.role = "purchasing";
    link.is_primary = true;
    mobile.kind = "mobile";
    mobile.value = "13800000001";
    email.kind = "email";
    email.value = "li.na@example.com";
    consent.purpose = "care";
    consent.channel = "sms";
    consent.state = "refused";
    ask.links = links;
    ask.n_links = 1;
    ask.channels = channels;
    ask.n_channels = 2;
    ask.consents = consents;
    ask.n_consents = 1;
    send_ask("kehu.customers.v1.SaveContact", &ask.base);
}

static void retitle(const char *title, uint64_t expected)
{
    Kehu__Customers__V1__SaveContact ask = KEHU__CUSTOMERS__V1__SAVE_CONTACT__INIT;

    ask.contact_id = CONTACT;
    ask.title = (char *)title;
    ask.expected_version = expected;
    send_ask("kehu.customers.v1.SaveContact", &ask.base);
}

static void link_to(const char *ref)
{
    Kehu__Customers__V1__LinkContact ask = KEHU__CUSTOMERS__V1__LINK_CONTACT__INIT;
    Kehu__Customers__V1__ContactLink link = KEHU__CUSTOMERS__V1__CONTACT_LINK__INIT;

    ask.contact_id = CONTACT;
    link.customer_ref = (char *)ref;
    ask.link = &link;
    send_ask("kehu.customers.v1.LinkContact", &ask.base);
}

static void check_status(enum status status)
{
    world_run();
    assert_int_equal(only_reply()->status, status);
    world_forget_replies();
}

static void one_unit_has_all_of_a_new_contact_in_every_order_of_arrival(void **state)
{
    unsigned long order = 0;

    (void)state;
    for (bool done = false; !done; order++) {
        store.contacts = store.links = store.channels = store.consents = store.logged = 0;
        store.receipts = store.audited = store.keys = 0;
        world.choices = order;
        save_new();
        check_status(OK);
        done = world.choices > 0;
        assert_int_equal(store.contacts, 1);
        assert_int_equal(store.links, 1);
        assert_int_equal(store.channels, 2);
        assert_int_equal(store.consents, 1);
        assert_int_equal(store.logged, 2);
        assert_int_equal(store.receipts, 1);
        assert_int_equal(store.audited, 1);
        assert_in_range(store.keys, 2, 8); /* 李娜, 娜, lina, ln … */
    }
    assert_in_range(order, 2, 20);
}

static void an_unknown_merged_or_erased_customer_is_refused(void **state)
{
    (void)state;
    store.is_unknown = true;
    save_new();
    check_status(NOT_FOUND);
    store.is_unknown = false;
    store.is_merged = true;
    save_new();
    check_status(FAILED_PRECONDITION);
    store.is_merged = false;
    store.is_erased = true;
    save_new();
    check_status(FAILED_PRECONDITION);
    assert_int_equal(store.contacts, 0);
}

static void a_source_of_a_merged_customer_goes_on_to_the_survivor(void **state)
{
    (void)state;
    store.is_merged = true;
    store.version = 4;
    link_to("erp:K-77");
    check_status(OK);
    link_to("KH000077");
    check_status(FAILED_PRECONDITION);
    assert_int_equal(store.links, 1);
}

static void an_erased_contact_is_not_changed(void **state)
{
    (void)state;
    store.is_contact_erased = true;
    retitle("总经理", 0);
    check_status(FAILED_PRECONDITION);
    link_to("KH000123");
    check_status(FAILED_PRECONDITION);
    assert_int_equal(store.logged, 0);
}

static void another_version_than_the_expected_one_is_refused(void **state)
{
    (void)state;
    retitle("总经理", 3);
    check_status(FAILED_PRECONDITION);
    retitle("总经理", 4);
    check_status(OK);
    assert_int_equal(store.logged, 1);
}

static void what_is_told_again_changes_nothing_and_tells_nobody(void **state)
{
    (void)state;
    retitle("经理", 0);
    check_status(OK);
    assert_int_equal(store.logged, 0);
    assert_int_equal(store.receipts, 1);
}

static void a_contact_is_linked_once(void **state)
{
    (void)state;
    store.is_linked = true;
    link_to("KH000123");
    check_status(ALREADY_EXISTS);
    store.is_linked = false;
    link_to("KH000123");
    check_status(OK);
    assert_int_equal(store.touched, 1);
    assert_int_equal(store.links, 1);
}

static void who_loses_the_race_decides_again_and_is_told_at_the_fourth_time(void **state)
{
    static const enum status once[] = {ABORTED};
    static const enum status always[] = {ABORTED, ABORTED, ABORTED, ABORTED, ABORTED};

    (void)state;
    world.commits = once;
    world.commit_count = COUNT_OF(once);
    retitle("总经理", 0);
    check_status(OK);
    world.commits = always;
    world.commit_count = COUNT_OF(always);
    world.commits_done = 0;
    retitle("总经理", 0);
    check_status(ABORTED);
}

static void each_ask_that_fails_ends_it_without_a_write(void **state)
{
    (void)state;
    world.fails_with = UNAVAILABLE;
    for (world.fails_at = 0; world.fails_at < 2; world.fails_at++) {
        world.arrivals = 0;
        save_new();
        check_status(UNAVAILABLE);
    }
    assert_int_equal(store.contacts, 0);
}

static void with_too_little_memory_it_is_refused_whole(void **state)
{
    unsigned refused = 0, saved = 0;

    (void)state;
    world_close();
    for (limits.max_arena_bytes = 12 * 1024; limits.max_arena_bytes < 256 * 1024;
         limits.max_arena_bytes += 509) {
        begin_world();
        save_new();
        world_run();
        if ((enum status)only_reply()->status == OK) {
            assert_int_equal(store.channels, 2);
            saved++;
        } else {
            assert_int_equal(store.contacts, 0);
            refused++;
        }
        world_close();
    }
    assert_in_range(refused, 10, 1000);
    assert_in_range(saved, 10, 1000);
    begin_world();
}

#define SAVE_TEST(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SAVE_TEST(one_unit_has_all_of_a_new_contact_in_every_order_of_arrival),
        SAVE_TEST(an_unknown_merged_or_erased_customer_is_refused),
        SAVE_TEST(a_source_of_a_merged_customer_goes_on_to_the_survivor),
        SAVE_TEST(an_erased_contact_is_not_changed),
        SAVE_TEST(another_version_than_the_expected_one_is_refused),
        SAVE_TEST(what_is_told_again_changes_nothing_and_tells_nobody),
        SAVE_TEST(a_contact_is_linked_once),
        SAVE_TEST(who_loses_the_race_decides_again_and_is_told_at_the_fourth_time),
        SAVE_TEST(each_ask_that_fails_ends_it_without_a_write),
        SAVE_TEST(with_too_little_memory_it_is_refused_whole),
    };

    return cmocka_run_group_tests(tests, NULL, free_seal);
}
