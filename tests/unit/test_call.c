/*
 * Asking another service: a bus and a caller on one loop, over a real socket with CURVE. Every ask
 * arrives exactly once, whatever the service does.
 */
#include "common/call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/bus.h"
#include "common/curve.h"
#include "common/logfmt.h"
#include "kehu/bus/v1/envelope.pb-c.h"

static struct {
    struct loop *loop;
    struct keys *keys;
    struct bus *bus;
    struct call *call;
    char folder[40];
    struct arena *arena;
    char key_file[100];
    int requests;   /* that the service saw */
    int refusals;   /* how many of them it refuses with UNAVAILABLE */
    bool is_silent; /* it keeps the route and does not answer */
    struct bus_route late;
    char late_id[65];
    char first_bytes[400]; /* of the first request; later ones must equal them */
    size_t first_count;
} world;

struct trial {
    struct call_ask ask;
    int arrivals;
    enum status status;
    bool is_sending;
};

static void reply(const struct bus_route *route, const char *id, enum status status)
{
    Kehu__Bus__V1__Reply message = KEHU__BUS__V1__REPLY__INIT;
    uint8_t bytes[400];

    message.id = (char *)id;
    message.status = (Kehu__Bus__V1__Status)status;
    message.message = status == OK ? "" : "not now";
    message.payload_type = status == OK ? "test.Answer" : "";
    message.payload = (ProtobufCBinaryData){status == OK ? 5 : 0, (uint8_t *)"hello"};
    bus_answer(world.bus, route, bytes, kehu__bus__v1__reply__pack(&message, bytes));
}

/* In place of the scene's echo. */
static void serve(void *owner, const struct bus_message *message)
{
    Kehu__Bus__V1__Request *request =
        kehu__bus__v1__request__unpack(NULL, message->body_bytes, message->body);

    (void)owner;
    assert_non_null(request);
    assert_string_equal(message->key->name, "shop");
    if (world.requests++ == 0 || strcmp(world.late_id, request->id) != 0) {
        assert_true(message->body_bytes < sizeof(world.first_bytes));
        memcpy(world.first_bytes, message->body, message->body_bytes);
        world.first_count = message->body_bytes;
    } else {
        assert_int_equal(message->body_bytes, world.first_count);
        assert_memory_equal(message->body, world.first_bytes, world.first_count);
    }
    world.late = message->route;
    snprintf(world.late_id, sizeof(world.late_id), "%s", request->id);
    if (!world.is_silent)
        reply(&message->route, request->id, world.requests <= world.refusals ? UNAVAILABLE : OK);
    kehu__bus__v1__request__free_unpacked(request, NULL);
}

static void put_file(const char *name, const char *format, const char *a, const char *b,
                     const char *c)
{
    char path[100];

    snprintf(path, sizeof(path), "%s/%s", world.folder, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fprintf(file, format, a, b, c);
    fclose(file);
}

static void make_keys(char server_secret[41])
{
    char own[2][41], server_public[41];

    assert_int_equal(curve_new_pair(own[0], own[1]), OK);
    assert_int_equal(curve_new_pair(server_public, server_secret), OK);
    put_file("shop.json", "{\"name\":\"shop\",\"public\":\"%s\",\"kind\":\"service\"}%s%s", own[0],
             "", "");
    put_file("shop.secret",
             "{\"name\":\"shop\",\"public\":\"%s\",\"secret\":\"%s\",\"server\":\"%s\"}", own[0],
             own[1], server_public);
    snprintf(world.key_file, sizeof(world.key_file), "%s/shop.secret", world.folder);
}

static void ignore(void *owner, const struct bus_route *route, const uint8_t *body, size_t bytes)
{
    (void)owner;
    (void)route;
    (void)body;
    (void)bytes;
}

static int begin(void **state)
{
    char secret[41], why[300] = "";

    (void)state;
    logfmt_set_enabled(false);
    memset(&world, 0, sizeof(world));
    strcpy(world.folder, "/tmp/kehu-call-XXXXXX");
    if (!mkdtemp(world.folder))
        return -1;
    make_keys(secret);
    world.loop = loop_new();
    world.arena = arena_new(1 << 20);
    const struct bus_options served = {.endpoint = "tcp://127.0.0.1:*",
                                       .secret_z85 = secret,
                                       .max_message_bytes = 65536,
                                       .queue_messages = 50,
                                       .waiting_answers = 50,
                                       .waiting_bytes = 1 << 20};

    assert_int_equal(keys_new(world.folder, &world.keys, why, sizeof(why)), OK);
    assert_int_equal(
        bus_new(world.loop, world.keys, &served, serve, ignore, NULL, &world.bus, why, sizeof(why)),
        OK);
    const struct call_options options = {.service = "customers",
                                         .urls = bus_endpoint(world.bus),
                                         .key_file = world.key_file,
                                         .max_waiting = 2};

    if (call_new(world.loop, &options, &world.call, why, sizeof(why)) != OK)
        fail_msg("%s", why);
    loop_add_station(world.loop, "read", bus_read, world.bus);
    loop_add_station(world.loop, "calls", call_turn, world.call);
    loop_add_station(world.loop, "write", bus_write, world.bus);
    return 0;
}

static int end(void **state)
{
    char command[100];

    (void)state;
    call_close(world.call);
    bus_close(world.bus);
    loop_free(world.loop);
    call_free(world.call);
    bus_free(world.bus);
    keys_free(world.keys);
    arena_free(world.arena);
    snprintf(command, sizeof(command), "rm -rf %s", world.folder);
    return system(command);
}

static void arrived(struct call_ask *ask, enum status status)
{
    struct trial *trial = ask->owner;

    assert_false(trial->is_sending);
    trial->arrivals++;
    trial->status = status;
}

static void ask(struct trial *trial, int timeout_ms)
{
    *trial = (struct trial){.ask = {.type = "test.Question",
                                    .payload = (const uint8_t *)"what",
                                    .payload_bytes = 4,
                                    .timeout_ms = timeout_ms,
                                    .arena = world.arena,
                                    .arrived = arrived},
                            .is_sending = true};
    trial->ask.owner = trial;
    call_send(world.call, &trial->ask);
    trial->is_sending = false;
}

static int *awaited, wanted, left_ms;

static void check(uv_timer_t *timer)
{
    (void)timer;
    if (*awaited >= wanted || --left_ms == 0)
        loop_stop(world.loop);
}

/* Runs until the number has come, for 20 s at most. */
static void run_until(int *number, int value)
{
    uv_timer_t *timer = malloc(sizeof(*timer));

    awaited = number;
    wanted = value;
    left_ms = 20000;
    uv_timer_init(loop_uv(world.loop), timer);
    uv_timer_start(timer, check, 1, 1);
    loop_run(world.loop, NULL, NULL);
    uv_close((uv_handle_t *)timer, (uv_close_cb)free);
    assert_true(*number >= value);
}

static void a_question_is_answered(void **state)
{
    struct trial trial;

    (void)state;
    ask(&trial, 20000);
    run_until(&trial.arrivals, 1);
    assert_int_equal(trial.status, OK);
    assert_string_equal(trial.ask.payload_type, "test.Answer");
    assert_memory_equal(trial.ask.answer, "hello", 5);
    assert_true(call_is_connected(world.call));
}

/* serve() compares the bytes of all sendings. */
static void a_refusal_that_passes_is_asked_again_unchanged(void **state)
{
    struct trial trial;

    (void)state;
    world.refusals = 2;
    ask(&trial, 20000);
    run_until(&trial.arrivals, 1);
    assert_int_equal(trial.status, OK);
    assert_int_equal(world.requests, 3);
}

static void silence_is_asked_again_unchanged(void **state)
{
    struct trial trial;

    (void)state;
    world.is_silent = true;
    ask(&trial, 20000);
    run_until(&world.requests, 1);
    world.is_silent = false;
    run_until(&trial.arrivals, 1);
    assert_int_equal(trial.status, OK);
    assert_int_equal(world.requests, 2);
}

static void an_answer_that_comes_too_late_finds_nobody(void **state)
{
    struct trial late, next;

    (void)state;
    world.is_silent = true;
    ask(&late, 1500);
    run_until(&late.arrivals, 1);
    assert_int_equal(late.status, DEADLINE_EXCEEDED);
    assert_true(world.requests > 0);
    reply(&world.late, world.late_id, OK);
    world.is_silent = false;
    world.requests = 0;
    ask(&next, 20000);
    run_until(&next.arrivals, 1);
    assert_int_equal(next.status, OK);
    assert_int_equal(late.arrivals, 1);
}

static void too_many_at_once_are_refused_but_not_within_the_call(void **state)
{
    struct trial trials[3];

    (void)state;
    world.is_silent = true;
    for (size_t i = 0; i < 3; i++)
        ask(&trials[i], 20000);
    run_until(&trials[2].arrivals, 1);
    assert_int_equal(trials[2].status, RESOURCE_EXHAUSTED);
    call_close(world.call);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(trials[i].arrivals, 1);
        assert_int_equal(trials[i].status, UNAVAILABLE);
    }
}

static void what_is_asked_after_the_end_arrives_too(void **state)
{
    struct trial trial;

    (void)state;
    call_close(world.call);
    ask(&trial, 20000);
    assert_int_equal(trial.arrivals, 0);
    call_turn(world.call);
    assert_int_equal(trial.arrivals, 1);
    assert_int_equal(trial.status, UNAVAILABLE);
}

static void wrong_addresses_and_keys_are_said(void **state)
{
    char why[300];
    struct call *call = NULL;
    const struct call_options address = {
        .service = "x", .urls = "http://there", .key_file = world.key_file};
    const struct call_options key = {
        .service = "x", .urls = "tcp://127.0.0.1:7410", .key_file = "/nowhere"};

    (void)state;
    assert_int_equal(call_new(world.loop, &address, &call, why, sizeof(why)), INVALID_ARGUMENT);
    assert_non_null(strstr(why, "tcp://host:port"));
    assert_int_equal(call_new(world.loop, &key, &call, why, sizeof(why)), INVALID_ARGUMENT);
    assert_non_null(strstr(why, "/nowhere"));
    assert_null(call);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(a_question_is_answered),
        IN_WORLD(a_refusal_that_passes_is_asked_again_unchanged),
        IN_WORLD(silence_is_asked_again_unchanged),
        IN_WORLD(an_answer_that_comes_too_late_finds_nobody),
        IN_WORLD(too_many_at_once_are_refused_but_not_within_the_call),
        IN_WORLD(what_is_asked_after_the_end_arrives_too),
        IN_WORLD(wrong_addresses_and_keys_are_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
