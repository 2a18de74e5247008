/*
 * What is quarantined, read: whose items a key sees, pages of one list, contents as JSON where they
 * can be, and a row in the audit before anything is answered.
 */
#include "common/quarantine_read.h"

#include <sodium.h>

#include "common/quarantine.h"
#include "kehu/bus/v1/service.pb-c.h"
#include "kehu/customers/v1/orders.pb-c.h"
#include "tests/unit/scripted_world.h"

#define TYPE "kehu.customers.v1.OrderCancelled"
#define ID "20260920-0000000000000007"

static const uint8_t known_key[32] = {7, 7, 7};

static struct {
    int rows;
    const char *type;
    uint8_t content[QUARANTINE_MAX_BYTES];
    size_t content_bytes;
    bool is_spoilt;
    /* what was asked and written */
    char whose[80];
    bool is_of_all;
    int32_t limit;
    char act[40], subject[80];
} script;

static const struct handler handlers[] = {
    {.type = "kehu.bus.v1.ListQuarantine", .step = quarantine_read_list, .is_query = true},
    {.type = "kehu.bus.v1.GetQuarantined", .step = quarantine_read_one, .is_query = true},
};
static const struct flow_limits limits = {.max_requests = 8,
                                          .max_bytes = 64 << 20,
                                          .max_arena_bytes = 8 << 20,
                                          .deadline_us = 3600 * SECOND_US};

static void put_facts(PGresult *rows, int row)
{
    uint8_t hash[32] = {[7] = 7, [31] = (uint8_t)row};
    uint32_t day = htobe32((uint32_t)(WORLD_START_US / DAY_US - 1 - 10957));

    rows_put_time(rows, row, 0, WORLD_START_US - DAY_US - row);
    rows_put(rows, row, 1, &day, sizeof(day));
    rows_put(rows, row, 2, hash, sizeof(hash));
    rows_put_text(rows, row, 3, "shop");
    rows_put_text(rows, row, 4, "request-1");
    rows_put_text(rows, row, 5, "shop");
    rows_put_text(rows, row, 6, "event-1");
    rows_put_text(rows, row, 7, script.type);
    rows_put_text(rows, row, 8, "data.number");
    rows_put_text(rows, row, 9, "is missing");
}

static void put_content(PGresult *rows)
{
    static uint8_t sealed[QUARANTINE_MAX_BYTES + crypto_secretbox_MACBYTES];
    const uint8_t nonce[crypto_secretbox_NONCEBYTES] = {1};

    crypto_secretbox_easy(sealed, script.content, script.content_bytes, nonce, known_key);
    sealed[0] ^= script.is_spoilt;
    rows_put(rows, 0, 10, nonce, sizeof(nonce));
    rows_put(rows, 0, 11, sealed, script.content_bytes + crypto_secretbox_MACBYTES);
    rows_put(rows, 0, 12, known_key, sizeof(known_key));
}

static void note_whose(const struct pg_ask *ask, int i)
{
    script.is_of_all = ask->args->values[i].is_null;
    snprintf(script.whose, sizeof(script.whose), "%.*s", (int)ask->args->values[i].used,
             (const char *)ask->args->values[i].bytes);
}

static PGresult *rows_of(const struct pg_ask *ask)
{
    bool is_list = strcmp(ask->statement->name, "quarantine_read_list") == 0;
    PGresult *rows = rows_new(is_list ? 10 : 13);
    uint32_t limit = 1;

    note_whose(ask, is_list ? 3 : 4);
    if (is_list)
        memcpy(&limit, ask->args->values[7].bytes, sizeof(limit));
    script.limit = is_list ? (int32_t)be32toh(limit) : 1;
    for (int row = 0; row < script.rows && row < script.limit; row++)
        put_facts(rows, row);
    if (!is_list && script.rows > 0)
        put_content(rows);
    return rows;
}

static void note_text(const struct pg_args *args, int i, char *to, size_t bytes)
{
    uint32_t length;

    memcpy(&length, args->values[i].bytes, 4);
    snprintf(to, bytes, "%.*s", (int)be32toh(length), (const char *)args->values[i].bytes + 4);
}

static void committing(const struct pg_unit *unit)
{
    const struct pg_args *audit = world_find_write(unit, "audit_add");

    assert_non_null(audit);
    note_text(audit, 3, script.act, sizeof(script.act));
    note_text(audit, 4, script.subject, sizeof(script.subject));
}

static int open_world(void **state)
{
    (void)state;
    memset(&script, 0, sizeof(script));
    script.type = TYPE;
    script.rows = 1;
    assert_true(sodium_init() >= 0);
    world_open(handlers, COUNT_OF(handlers), &limits);
    world.rows_of = rows_of;
    world.committing = committing;
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    world_close();
    return 0;
}

static const Kehu__Bus__V1__Reply *ask(const char *type, const ProtobufCMessage *message)
{
    static uint8_t bytes[1000];
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;

    world_forget_replies();
    request.id = "1";
    request.type = (char *)type;
    request.payload = (ProtobufCBinaryData){protobuf_c_message_pack(message, bytes), bytes};
    world_send(&request);
    world_run();
    assert_int_equal(world.reply_count, 1);
    return world.replies[0];
}

static const Kehu__Bus__V1__Reply *ask_list(const Kehu__Bus__V1__ListQuarantine *question)
{
    return ask("kehu.bus.v1.ListQuarantine", &question->base);
}

static Kehu__Bus__V1__QuarantineList *listed(const Kehu__Bus__V1__ListQuarantine *question)
{
    const Kehu__Bus__V1__Reply *reply = ask_list(question);

    assert_int_equal(reply->status, OK);
    return kehu__bus__v1__quarantine_list__unpack(NULL, reply->payload.len, reply->payload.data);
}

static const Kehu__Bus__V1__Reply *ask_one(const char *id)
{
    Kehu__Bus__V1__GetQuarantined question = KEHU__BUS__V1__GET_QUARANTINED__INIT;

    question.id = (char *)id;
    return ask("kehu.bus.v1.GetQuarantined", &question.base);
}

static Kehu__Bus__V1__Quarantined *shown(void)
{
    const Kehu__Bus__V1__Reply *reply = ask_one(ID);

    assert_int_equal(reply->status, OK);
    return kehu__bus__v1__quarantined__unpack(NULL, reply->payload.len, reply->payload.data);
}

static void a_list_goes_on_where_its_page_ended_and_no_other_does(void **state)
{
    Kehu__Bus__V1__ListQuarantine question = KEHU__BUS__V1__LIST_QUARANTINE__INIT;

    (void)state;
    script.rows = 3;
    question.page_size = 2;
    question.source = "shop";
    Kehu__Bus__V1__QuarantineList *page = listed(&question);

    assert_int_equal(page->n_items, 2);
    assert_string_equal(page->items[0]->id, ID);
    assert_int_equal(page->items[0]->kept_until->seconds,
                     WORLD_START_US / SECOND_US + 29 * DAY_US / SECOND_US);
    assert_int_equal(script.limit, 3);
    question.page_token = page->next_page_token;
    assert_int_equal(ask_list(&question)->status, OK);
    question.source = "other";
    assert_int_equal(ask_list(&question)->status, INVALID_ARGUMENT);
    assert_string_equal(world.replies[0]->violations[0]->field, "page_token");
    kehu__bus__v1__quarantine_list__free_unpacked(page, NULL);
    script.rows = 0;
    question.page_token = "";
    page = listed(&question);
    assert_string_equal(page->next_page_token, "");
    kehu__bus__v1__quarantine_list__free_unpacked(page, NULL);
}

static void what_is_asked_wrongly_is_refused_with_the_field(void **state)
{
    Kehu__Bus__V1__ListQuarantine question = KEHU__BUS__V1__LIST_QUARANTINE__INIT;
    Google__Protobuf__Timestamp since = GOOGLE__PROTOBUF__TIMESTAMP__INIT, until = since;
    char *const tokens[] = {"x", "0000000000000000.1.", "0123456789abcdef.1.00"};

    (void)state;
    question.page_size = 501;
    assert_int_equal(ask_list(&question)->status, INVALID_ARGUMENT);
    assert_string_equal(world.replies[0]->violations[0]->field, "page_size");
    question.page_size = 0;
    for (size_t i = 0; i < COUNT_OF(tokens); i++) {
        question.page_token = tokens[i];
        assert_int_equal(ask_list(&question)->status, INVALID_ARGUMENT);
    }
    question.page_token = "";
    since.seconds = until.seconds = 1790000000;
    question.since = &since;
    question.until = &until;
    assert_int_equal(ask_list(&question)->status, INVALID_ARGUMENT);
    assert_string_equal(world.replies[0]->violations[0]->field, "until");
    assert_int_equal(ask_one("20260231-0000000000000007")->status, INVALID_ARGUMENT);
    assert_int_equal(ask_one("20260920-00000000000000zz")->status, INVALID_ARGUMENT);
    assert_int_equal(ask_one("")->status, INVALID_ARGUMENT);
}

static void a_key_as_itself_sees_what_it_brought_and_an_administrator_all(void **state)
{
    Kehu__Bus__V1__ListQuarantine question = KEHU__BUS__V1__LIST_QUARANTINE__INIT;

    (void)state;
    ask_list(&question);
    assert_string_equal(script.whose, "shop");
    ask_one(ID);
    assert_string_equal(script.whose, "shop");
    world.key.administer = true;
    ask_list(&question);
    assert_true(script.is_of_all);
    ask_one(ID);
    assert_true(script.is_of_all);
    world.key.administer = false;
    snprintf(world.key.staff, sizeof(world.key.staff), "wang.fang"); /* whom the door let in */
    ask_list(&question);
    assert_true(script.is_of_all);
}

static void content_of_a_known_type_is_json_and_its_reading_is_audited(void **state)
{
    Kehu__Customers__V1__OrderCancelled event = KEHU__CUSTOMERS__V1__ORDER_CANCELLED__INIT;

    (void)state;
    event.number = "A-1";
    script.content_bytes = kehu__customers__v1__order_cancelled__pack(&event, script.content);
    Kehu__Bus__V1__Quarantined *found = shown();

    assert_string_equal(found->json, "{\"number\":\"A-1\"}");
    assert_int_equal(found->content.len, script.content_bytes);
    assert_false(found->cut);
    assert_string_equal(script.act, "read quarantined");
    assert_string_equal(script.subject, ID);
    kehu__bus__v1__quarantined__free_unpacked(found, NULL);
}

static void assert_bytes_alone(bool is_cut)
{
    Kehu__Bus__V1__Quarantined *found = shown();

    assert_string_equal(found->json, "");
    assert_int_equal(found->content.len, script.content_bytes);
    assert_int_equal(found->cut, is_cut);
    kehu__bus__v1__quarantined__free_unpacked(found, NULL);
}

static void content_that_cannot_be_read_is_told_as_it_came(void **state)
{
    /* A CloudEvent that could not be read: field 4 says its type. */
    static const uint8_t whole[] = "\x22\x20" TYPE;

    (void)state;
    script.content_bytes = 3;
    memcpy(script.content, "\xff\xff\xff", 3);
    assert_bytes_alone(false);
    script.type = "nothing.we.Know";
    assert_bytes_alone(false);
    script.type = TYPE;
    script.content_bytes = sizeof(whole) - 1;
    memcpy(script.content, whole, script.content_bytes);
    assert_bytes_alone(false);
    script.content_bytes = QUARANTINE_MAX_BYTES;
    memset(script.content, 0, script.content_bytes);
    assert_bytes_alone(true);
    script.content_bytes = 0;
    Kehu__Bus__V1__Quarantined *found = shown();

    assert_string_equal(found->json, "{}");
    kehu__bus__v1__quarantined__free_unpacked(found, NULL);
}

static void what_is_gone_is_said_to_be_with_the_day_of_its_key(void **state)
{
    (void)state;
    script.rows = 0;
    assert_int_equal(ask_one("20260820-0000000000000007")->status, NOT_FOUND);
    assert_non_null(strstr(world.replies[0]->message, "its key was dropped on 2026-09-20"));
    assert_int_equal(ask_one("20260822-0000000000000007")->status, NOT_FOUND);
    assert_null(strstr(world.replies[0]->message, "dropped"));
    assert_string_equal(script.act, "");
    script.rows = 1;
    script.is_spoilt = true;
    assert_int_equal(ask_one(ID)->status, DATA_LOSS);
    assert_string_equal(script.act, "");
}

#define READ_TEST(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(a_list_goes_on_where_its_page_ended_and_no_other_does),
        READ_TEST(what_is_asked_wrongly_is_refused_with_the_field),
        READ_TEST(a_key_as_itself_sees_what_it_brought_and_an_administrator_all),
        READ_TEST(content_of_a_known_type_is_json_and_its_reading_is_audited),
        READ_TEST(content_that_cannot_be_read_is_told_as_it_came),
        READ_TEST(what_is_gone_is_said_to_be_with_the_day_of_its_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
