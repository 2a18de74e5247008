/* Commands against a scripted store: one effect and one answer, in every order of arrival and
 * failure. */
#include "common/command.h"

#include <sodium.h>

#include "kehu/bus/v1/service.pb-c.h"
#include "tests/unit/scripted_world.h"

static const struct flow_limits limits = {.max_requests = 100,
                                          .max_polls = 10,
                                          .max_bytes = 64 * 1024 * 1024,
                                          .max_arena_bytes = 1024 * 1024,
                                          .deadline_us = 30 * SECOND_US};

/* What the store holds: the receipt that a unit wrote. */
static struct {
    uint8_t hash[32];
    uint8_t reply[500];
    size_t reply_bytes;
    bool found;
    unsigned effects;
} store;

static const struct pg_statement effect = {
    .name = "effect", .sql = "", .params = {PG_TEXT}, .write = true};

static enum flow decide(struct request *req)
{
    Kehu__Bus__V1__Pong pong = KEHU__BUS__V1__PONG__INIT;

    if (command_is_repeat(req->state))
        return command_reply_again(req, req->state);
    pg_put_text(flow_write(req, &effect), 0, req->id);
    pong.service = (char *)req->id;
    pong.version = req->tries ? "later" : "first";
    return command_commit(req, &pong.base);
}

static enum flow begin(struct request *req)
{
    command_find(req, request_state(req, sizeof(struct command_receipt)));
    return flow_wait(req, decide);
}

static const struct handler handlers[] = {{.type = "kehu.customers.v1.Do", .step = begin}};

static PGresult *rows_of(const struct pg_ask *ask)
{
    PGresult *rows = rows_new(2);

    assert_string_equal(ask->statement->name, "command_find");
    if (store.found) {
        rows_put(rows, 0, 0, store.hash, sizeof(store.hash));
        rows_put(rows, 0, 1, store.reply, store.reply_bytes);
    }
    return rows;
}

/* An element of an array begins with its length. */
static void keep(const struct pg_unit *unit)
{
    const struct pg_args *args = world_find_write(unit, "command_add");

    assert_non_null(args);
    assert_non_null(world_find_write(unit, "effect"));
    assert_int_equal(args->values[2].used, 4 + sizeof(store.hash));
    memcpy(store.hash, args->values[2].bytes + 4, sizeof(store.hash));
    store.reply_bytes = args->values[4].used - 4;
    memcpy(store.reply, args->values[4].bytes + 4, store.reply_bytes);
    store.found = true;
    store.effects++;
}

static int open_world(void **state)
{
    (void)state;
    memset(&store, 0, sizeof(store));
    world_open(handlers, COUNT_OF(handlers), &limits);
    world.rows_of = rows_of;
    world.committing = keep;
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    world_close();
    return 0;
}

static const char *actor = "";

static void ask(const char *id, const char *subject, const char *payload)
{
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;

    request.id = (char *)id;
    request.type = "kehu.customers.v1.Do";
    request.subject = (char *)subject;
    request.actor = (char *)actor;
    request.payload = (ProtobufCBinaryData){strlen(payload), (uint8_t *)payload};
    world_send(&request);
    world_run();
}

static void answered(size_t i, enum status status)
{
    assert_true(i < world.reply_count);
    assert_int_equal(world.replies[i]->status, status);
}

static void the_same_request_again_gets_the_same_answer_and_has_no_second_effect(void **state)
{
    (void)state;
    ask("r1", "KH1", "abc");
    ask("r1", "KH1", "abc");
    answered(0, OK);
    answered(1, OK);
    assert_int_equal(store.effects, 1);
    assert_string_equal(world.replies[1]->payload_type, "kehu.bus.v1.Pong");
    assert_int_equal(world.replies[0]->payload.len, world.replies[1]->payload.len);
    assert_memory_equal(world.replies[0]->payload.data, world.replies[1]->payload.data,
                        world.replies[0]->payload.len);
}

static void the_same_id_for_something_else_is_refused(void **state)
{
    static const struct {
        const char *subject, *payload;
    } others[] = {{"KH1", "abd"}, {"KH1", ""}, {"KH2", "abc"}, {"KH1abc", ""}, {"", "KH1abc"}};

    (void)state;
    ask("r1", "KH1", "abc");
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        ask("r1", others[i].subject, others[i].payload);
        answered(i + 1, FAILED_PRECONDITION);
        assert_int_equal(world.replies[i + 1]->n_violations, 1);
        assert_string_equal(world.replies[i + 1]->violations[0]->field, "id");
    }
    assert_int_equal(store.effects, 1);
}

static void the_same_id_for_another_person_is_refused(void **state)
{
    (void)state;
    world.key.act_for = true;
    actor = "li.na";
    ask("r1", "KH1", "abc");
    ask("r1", "KH1", "abc");
    actor = "";
    ask("r1", "KH1", "abc");
    actor = "zhang.wei";
    ask("r1", "KH1", "abc");
    actor = "";
    answered(0, OK);
    answered(1, OK);
    answered(2, FAILED_PRECONDITION);
    answered(3, FAILED_PRECONDITION);
    assert_int_equal(store.effects, 1);
}

static void a_receipt_that_cannot_be_asked_for_ends_the_request_without_effect(void **state)
{
    static const enum status failures[] = {UNAVAILABLE, DEADLINE_EXCEEDED, INTERNAL};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(failures); i++) {
        world.fails_at = world.arrivals;
        world.fails_with = failures[i];
        ask("r1", "", "abc");
        answered(i, failures[i]);
    }
    assert_int_equal(store.effects, 0);
}

static void a_commit_that_lost_against_its_own_repeat_answers_from_the_receipt(void **state)
{
    static const enum status commits[] = {ABORTED}, unknown[] = {UNKNOWN};

    (void)state;
    world.commits = commits; /* `keep` has the row: another process wrote it first */
    world.commit_count = 1;
    ask("r1", "", "abc");
    answered(0, OK);
    world.commits = unknown;
    world.commits_done = 0;
    store.found = false;
    ask("r2", "", "abc");
    answered(1, OK);
    assert_int_equal(store.effects, 2);
    for (size_t i = 0; i < 2; i++) {
        Kehu__Bus__V1__Pong *pong = kehu__bus__v1__pong__unpack(NULL, world.replies[i]->payload.len,
                                                                world.replies[i]->payload.data);
        assert_string_equal(pong->version, "first");
        kehu__bus__v1__pong__free_unpacked(pong, NULL);
    }
}

static void a_commit_that_fails_is_told_and_may_be_asked_again(void **state)
{
    static const enum status commits[] = {UNAVAILABLE};

    (void)state;
    world.commits = commits;
    world.commit_count = 1;
    ask("r1", "", "abc");
    answered(0, UNAVAILABLE);
    store.found = false;
    ask("r1", "", "abc");
    answered(1, OK);
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
    const struct CMUnitTest tests[] = {
        ROW(the_same_request_again_gets_the_same_answer_and_has_no_second_effect),
        ROW(the_same_id_for_something_else_is_refused),
        ROW(the_same_id_for_another_person_is_refused),
        ROW(a_receipt_that_cannot_be_asked_for_ends_the_request_without_effect),
        ROW(a_commit_that_lost_against_its_own_repeat_answers_from_the_receipt),
        ROW(a_commit_that_fails_is_told_and_may_be_asked_again),
    };

    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
