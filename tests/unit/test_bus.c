/*
 * The bus over real sockets on the loopback. The client acts in a thread of its own, so that
 * nothing but ZeroMQ wakes the loop: a timer would hide a stall.
 */
#include "common/bus.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <zmq.h>

#include "common/curve.h"
#include "common/logfmt.h"
#include "common/zap.h"

#define MESSAGE_MAX 65536
#define WAITING_ANSWERS 400

struct pair {
    char public_z85[41], secret_z85[41];
};

struct scene {
    struct loop *loop;
    struct keys *keys;
    struct bus *bus;
    uv_async_t done;
    char folder[64];
    struct pair server, shop, other, stranger;
    void *context; /* of the clients */
    bool (*act)(struct scene *scene);
    bool went_well;
    size_t padding; /* bytes added to each answer */
    char last_key[65];
    struct bus_route kept; /* of the message "keep" */
    struct bus_counters counters;
};

static char why[256];

static void receive(void *owner, const struct bus_message *message)
{
    struct scene *scene = owner;
    size_t bytes = message->body_bytes + scene->padding;
    uint8_t *answer = calloc(1, bytes + 1);

    strcpy(scene->last_key, message->key->name);
    memcpy(answer, message->body, message->body_bytes);
    if (message->body_bytes == 4 && memcmp(message->body, "keep", 4) == 0)
        scene->kept = message->route;
    else
        bus_answer(scene->bus, &message->route, answer, bytes);
    if (message->body_bytes == 5 && memcmp(message->body, "pause", 5) == 0)
        bus_pause(scene->bus);
    if (message->body_bytes == 4 && memcmp(message->body, "free", 4) == 0)
        bus_answer(scene->bus, &scene->kept, answer, bytes);
    free(answer);
}

static void refuse(void *owner, const struct bus_route *route, const uint8_t *body,
                   size_t body_bytes)
{
    struct scene *scene = owner;

    (void)body;
    (void)body_bytes;
    bus_answer(scene->bus, route, (const uint8_t *)"refused", 7);
}

static void put_key(struct scene *scene, const char *name, const struct pair *pair)
{
    char path[200];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s.json", scene->folder, name);
    file = fopen(path, "w");
    if (!file)
        return;
    fprintf(file, "{\"name\":\"%s\",\"public\":\"%s\",\"kind\":\"service\"}", name,
            pair->public_z85);
    fclose(file);
}

static void remove_key(struct scene *scene, const char *name)
{
    char path[200];

    snprintf(path, sizeof(path), "%s/%s.json", scene->folder, name);
    unlink(path);
}

static void stop(uv_async_t *async)
{
    struct scene *scene = async->data;

    scene->counters = *bus_counters(scene->bus);
    bus_close(scene->bus);
    loop_stop(scene->loop);
}

static enum status open_bus(struct scene *scene, const char *endpoint, const char *secret,
                            struct bus **out)
{
    struct bus_options options = {.endpoint = endpoint,
                                  .secret_z85 = secret,
                                  .max_message_bytes = MESSAGE_MAX,
                                  .queue_messages = 50,
                                  .waiting_answers = WAITING_ANSWERS,
                                  .waiting_bytes = 64 << 20};

    why[0] = '\0';
    return bus_new(scene->loop, scene->keys, &options, receive, refuse, scene, out, why,
                   sizeof(why));
}

static int open_scene(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));

    logfmt_set_enabled(false);
    strcpy(scene->folder, "/tmp/kehu-bus-XXXXXX");
    if (!mkdtemp(scene->folder))
        return -1;
    struct pair *pairs[] = {&scene->server, &scene->shop, &scene->other, &scene->stranger};

    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        if (curve_new_pair(pairs[i]->public_z85, pairs[i]->secret_z85) != OK)
            return -1;
    put_key(scene, "shop", &scene->shop);
    put_key(scene, "other", &scene->other);
    scene->loop = loop_new();
    if (keys_new(scene->folder, &scene->keys, why, sizeof(why)) != OK ||
        open_bus(scene, "tcp://127.0.0.1:*", scene->server.secret_z85, &scene->bus) != OK)
        return -1;
    loop_add_station(scene->loop, "bus-read", bus_read, scene->bus);
    loop_add_station(scene->loop, "bus-write", bus_write, scene->bus);
    uv_async_init(loop_uv(scene->loop), &scene->done, stop);
    scene->done.data = scene;
    scene->context = zmq_ctx_new();
    *state = scene;
    return 0;
}

static int close_scene(void **state)
{
    struct scene *scene = *state;
    char command[100];

    bus_free(scene->bus);
    loop_free(scene->loop);
    keys_free(scene->keys);
    zmq_ctx_term(scene->context);
    snprintf(command, sizeof(command), "rm -rf %s", scene->folder);
    free(scene);
    return system(command);
}

static void *run_act(void *argument)
{
    struct scene *scene = argument;

    scene->went_well = scene->act(scene);
    uv_async_send(&scene->done);
    return NULL;
}

static void play(struct scene *scene, bool (*act)(struct scene *))
{
    pthread_t thread;

    scene->act = act;
    assert_int_equal(pthread_create(&thread, NULL, run_act, scene), 0);
    loop_run(scene->loop, NULL, NULL);
    pthread_join(thread, NULL);
    assert_true(scene->went_well);
}

static void pause_ms(long ms)
{
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&pause, NULL);
}

/* A DEALER with this pair, or without CURVE when it is NULL; `identity` may be NULL. */
static void *dial(struct scene *scene, const struct pair *pair, const char *identity)
{
    void *dealer = zmq_socket(scene->context, ZMQ_DEALER);
    int wait_ms = 10000, linger_ms = 0, high_water = 20000;

    zmq_setsockopt(dealer, ZMQ_RCVTIMEO, &wait_ms, sizeof(wait_ms));
    zmq_setsockopt(dealer, ZMQ_SNDTIMEO, &wait_ms, sizeof(wait_ms));
    zmq_setsockopt(dealer, ZMQ_LINGER, &linger_ms, sizeof(linger_ms));
    zmq_setsockopt(dealer, ZMQ_SNDHWM, &high_water, sizeof(high_water));
    if (identity)
        zmq_setsockopt(dealer, ZMQ_ROUTING_ID, identity, strlen(identity));
    if (pair) {
        zmq_setsockopt(dealer, ZMQ_CURVE_SERVERKEY, scene->server.public_z85, 40);
        zmq_setsockopt(dealer, ZMQ_CURVE_PUBLICKEY, pair->public_z85, 40);
        zmq_setsockopt(dealer, ZMQ_CURVE_SECRETKEY, pair->secret_z85, 40);
    }
    zmq_connect(dealer, bus_endpoint(scene->bus));
    return dealer;
}

static bool hears(void *dealer, const char *expected)
{
    static __thread char bytes[200000];
    int count = zmq_recv(dealer, bytes, sizeof(bytes), 0);

    return count >= (int)strlen(expected) && memcmp(bytes, expected, strlen(expected)) == 0;
}

static bool tell(void *dealer, const char *text)
{
    return zmq_send(dealer, text, strlen(text), 0) >= 0;
}

static bool hears_nothing(void *dealer)
{
    int wait_ms = 400;
    char byte;

    zmq_setsockopt(dealer, ZMQ_RCVTIMEO, &wait_ms, sizeof(wait_ms));
    return zmq_recv(dealer, &byte, 1, 0) < 0;
}

static bool act_known_key(struct scene *scene)
{
    void *dealer = dial(scene, &scene->other, NULL);
    bool good = tell(dealer, "hello") && hears(dealer, "hello");

    zmq_close(dealer);
    return good;
}

static void a_known_keys_message_arrives_with_its_key(void **state)
{
    struct scene *scene = *state;

    play(scene, act_known_key);
    assert_string_equal(scene->last_key, "other");
    assert_int_equal(scene->counters.received, 1);
    assert_int_equal(scene->counters.sent, 1);
}

static bool act_unknown_key(struct scene *scene)
{
    void *dealer = dial(scene, &scene->stranger, NULL);
    bool good = tell(dealer, "hello") && hears_nothing(dealer);

    zmq_close(dealer);
    return good;
}

static void an_unknown_key_cannot_connect(void **state)
{
    struct scene *scene = *state;

    play(scene, act_unknown_key);
    assert_int_equal(scene->counters.received, 0);
    assert_true(scene->counters.refused_handshakes > 0);
}

static bool act_no_curve(struct scene *scene)
{
    void *dealer = dial(scene, NULL, NULL);
    bool good = tell(dealer, "hello") && hears_nothing(dealer);

    zmq_close(dealer);
    return good && act_known_key(scene);
}

static void a_client_without_curve_cannot_connect(void **state)
{
    struct scene *scene = *state;

    play(scene, act_no_curve);
    assert_int_equal(scene->counters.received, 1);
}

static bool act_revoke(struct scene *scene)
{
    void *dealer = dial(scene, &scene->shop, NULL);
    void *second = dial(scene, &scene->other, NULL);
    bool good = tell(dealer, "one") && hears(dealer, "one");

    good = good && tell(second, "one") && hears(second, "one");
    remove_key(scene, "shop");
    good = good && tell(dealer, "two") && hears(dealer, "refused");
    put_key(scene, "other", &scene->stranger); /* another key under the same name */
    pause_ms(1100);                            /* rewritten in place: seen within a second */
    good = good && tell(second, "two") && hears(second, "refused");
    zmq_close(dealer);
    zmq_close(second);
    return good;
}

static void a_revoked_or_replaced_keys_open_connection_is_refused_at_its_next_message(void **state)
{
    struct scene *scene = *state;

    play(scene, act_revoke);
    assert_int_equal(scene->counters.refused_revoked, 2);
}

static bool act_ten_thousand(struct scene *scene)
{
    void *dealer = dial(scene, &scene->shop, NULL);
    char text[20];
    bool good = true;

    for (int sent = 0, heard = 0; good && heard < 10000;) {
        while (good && sent < 10000 && sent - heard < 40) {
            snprintf(text, sizeof(text), "%d.", sent++);
            good = tell(dealer, text);
        }
        snprintf(text, sizeof(text), "%d.", heard++);
        good = good && hears(dealer, text);
    }
    zmq_close(dealer);
    return good;
}

static void ten_thousand_messages_through_one_client_do_not_stall(void **state)
{
    struct scene *scene = *state;

    play(scene, act_ten_thousand);
    assert_int_equal(scene->counters.sent, 10000);
    assert_int_equal(scene->counters.waiting_answers, 0);
}

static bool act_fifty_clients(struct scene *scene)
{
    void *dealers[50];
    bool good = true;

    for (size_t i = 0; i < COUNT_OF(dealers); i++)
        dealers[i] = dial(scene, &scene->shop, NULL);
    for (int round = 0; good && round < 20; round++) {
        for (size_t i = 0; i < COUNT_OF(dealers); i++)
            for (int n = 0; n < 10; n++)
                good = good && tell(dealers[i], "x");
        for (size_t i = 0; i < COUNT_OF(dealers); i++)
            for (int n = 0; n < 10; n++)
                good = good && hears(dealers[i], "x");
    }
    for (size_t i = 0; i < COUNT_OF(dealers); i++)
        zmq_close(dealers[i]);
    return good;
}

static void ten_thousand_messages_through_fifty_clients_do_not_stall(void **state)
{
    struct scene *scene = *state;

    play(scene, act_fifty_clients);
    assert_int_equal(scene->counters.sent, 10000);
}

static bool act_slow(struct scene *scene)
{
    int high_water = 10, buffer = 65536;
    void *slow = dial(scene, &scene->shop, NULL);
    void *quick = dial(scene, &scene->other, NULL);
    bool good = true;
    int heard = 0;
    char text[20];

    /* These take effect on the next connection. */
    zmq_disconnect(slow, bus_endpoint(scene->bus));
    zmq_setsockopt(slow, ZMQ_RCVHWM, &high_water, sizeof(high_water));
    zmq_setsockopt(slow, ZMQ_RCVBUF, &buffer, sizeof(buffer));
    zmq_connect(slow, bus_endpoint(scene->bus));
    for (int i = 0; good && i < 1500; i++) {
        snprintf(text, sizeof(text), "%d.", i);
        good = tell(slow, text);
        if (i % 5 == 0)
            good = good && tell(quick, text) && hears(quick, text);
    }
    /* What was kept for the slow one comes from the first on, in order and without a gap. */
    for (; good; heard++) {
        int wait_ms = 1000;

        zmq_setsockopt(slow, ZMQ_RCVTIMEO, &wait_ms, sizeof(wait_ms));
        snprintf(text, sizeof(text), "%d.", heard);
        if (!hears(slow, text))
            break;
    }
    good = good && tell(slow, "again") && hears(slow, "again");
    zmq_close(slow);
    zmq_close(quick);
    return good && heard > 100 && heard < 1500;
}

static void a_slow_peer_does_not_hold_up_others(void **state)
{
    struct scene *scene = *state;

    scene->padding = 100000;
    play(scene, act_slow);
    assert_true(scene->counters.dropped_full > 0);
    assert_int_equal(scene->counters.sent + scene->counters.dropped_full, 1801);
    assert_int_equal(scene->counters.waiting_answers, 0);
    assert_int_equal(scene->counters.waiting_bytes, 0);
}

static bool act_oversized(struct scene *scene)
{
    void *large = dial(scene, &scene->shop, NULL);
    void *small = dial(scene, &scene->other, NULL);
    char *bytes = calloc(1, MESSAGE_MAX + 1);
    bool good = tell(small, "one") && hears(small, "one");

    good = good && zmq_send(large, bytes, MESSAGE_MAX + 1, 0) > 0 && hears_nothing(large);
    good = good && tell(small, "two") && hears(small, "two");
    zmq_close(large);
    large = dial(scene, &scene->shop, NULL);
    good = good && tell(large, "back") && hears(large, "back");
    zmq_close(large);
    zmq_close(small);
    free(bytes);
    return good;
}

static void an_oversized_message_closes_only_its_connection(void **state)
{
    struct scene *scene = *state;

    play(scene, act_oversized);
    assert_int_equal(scene->counters.received, 3);
}

static bool act_frames(struct scene *scene)
{
    void *dealer = dial(scene, &scene->shop, NULL);
    bool good = true;

    zmq_send(dealer, "", 0, ZMQ_SNDMORE);
    zmq_send(dealer, "as REQ does", 11, 0);
    for (int i = 0; i < 2000; i++)
        zmq_send(dealer, "many", 4, ZMQ_SNDMORE);
    zmq_send(dealer, "last", 4, 0);
    good = tell(dealer, "right") && hears(dealer, "right");
    good = good && tell(dealer, "") && hears(dealer, "");
    zmq_close(dealer);
    return good;
}

static void a_message_of_too_many_frames_is_dropped_whole(void **state)
{
    struct scene *scene = *state;

    play(scene, act_frames);
    assert_int_equal(scene->counters.bad_frames, 2);
    assert_int_equal(scene->counters.received, 2);
}

static bool act_identity(struct scene *scene)
{
    void *dealer = dial(scene, &scene->shop, "thief");
    bool good = tell(dealer, "hello") && hears_nothing(dealer);

    zmq_close(dealer);
    return good;
}

static void an_identity_of_the_clients_own_choice_is_not_served(void **state)
{
    struct scene *scene = *state;

    play(scene, act_identity);
    assert_int_equal(scene->counters.received, 0);
    assert_int_equal(scene->counters.bad_frames, 1);
}

static bool act_vanish(struct scene *scene)
{
    void *gone = dial(scene, &scene->shop, NULL);
    void *stays = dial(scene, &scene->other, NULL);
    bool good = tell(gone, "one") && hears(gone, "one") && tell(gone, "keep");

    pause_ms(200);
    zmq_close(gone);
    pause_ms(300);
    good = good && tell(stays, "free") && hears(stays, "free");
    zmq_close(stays);
    return good;
}

static void an_answer_to_a_vanished_client_is_dropped_and_counted(void **state)
{
    struct scene *scene = *state;

    play(scene, act_vanish);
    assert_int_equal(scene->counters.dropped_unknown_peer, 1);
    assert_int_equal(scene->counters.waiting_answers, 0);
}

static bool act_pause(struct scene *scene)
{
    void *dealer = dial(scene, &scene->shop, NULL);
    uint64_t turns;
    bool good = tell(dealer, "pause") && hears(dealer, "pause") && tell(dealer, "more");

    good = good && hears_nothing(dealer);
    turns = loop_turns(scene->loop);
    pause_ms(300);
    good = good && loop_turns(scene->loop) - turns < 20; /* it sleeps although a message waits */
    zmq_close(dealer);
    return good;
}

static void a_paused_bus_reads_no_more_and_lets_the_loop_sleep(void **state)
{
    struct scene *scene = *state;

    play(scene, act_pause);
    assert_int_equal(scene->counters.received, 1);
}

static bool act_idle(struct scene *scene)
{
    void *dealer = dial(scene, &scene->shop, NULL);
    bool good = tell(dealer, "one") && hears(dealer, "one");
    uint64_t turns;

    pause_ms(50);
    turns = loop_turns(scene->loop);
    pause_ms(300);
    good = good && loop_turns(scene->loop) - turns < 20;
    zmq_close(dealer);
    return good;
}

static void an_idle_bus_lets_the_loop_sleep(void **state)
{
    play(*state, act_idle);
}

static void zap_is_bound_once_in_a_context_or_the_start_fails(void **state)
{
    struct scene *scene = *state;
    struct zap *first = NULL, *second = NULL;

    assert_int_equal(zap_new(scene->context, scene->keys, &first, why, sizeof(why)), OK);
    assert_int_equal(zap_new(scene->context, scene->keys, &second, why, sizeof(why)), UNAVAILABLE);
    assert_non_null(strstr(why, "cannot bind ZAP"));
    zap_free(first);
}

static void a_start_that_fails_says_why(void **state)
{
    struct scene *scene = *state;
    struct bus *bus = NULL;

    assert_int_equal(open_bus(scene, bus_endpoint(scene->bus), scene->server.secret_z85, &bus),
                     UNAVAILABLE);
    assert_non_null(strstr(why, bus_endpoint(scene->bus)));
    assert_non_null(strstr(why, "in use"));
    assert_int_equal(open_bus(scene, "tcp://127.0.0.1:*", "short", &bus), INVALID_ARGUMENT);
    assert_non_null(strstr(why, "40 characters of Z85"));
    assert_int_equal(open_bus(scene, "nonsense", scene->server.secret_z85, &bus), INVALID_ARGUMENT);
    assert_null(bus);
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(a_known_keys_message_arrives_with_its_key),
        IN_SCENE(an_unknown_key_cannot_connect),
        IN_SCENE(a_client_without_curve_cannot_connect),
        IN_SCENE(a_revoked_or_replaced_keys_open_connection_is_refused_at_its_next_message),
        IN_SCENE(ten_thousand_messages_through_one_client_do_not_stall),
        IN_SCENE(ten_thousand_messages_through_fifty_clients_do_not_stall),
        IN_SCENE(a_slow_peer_does_not_hold_up_others),
        IN_SCENE(an_oversized_message_closes_only_its_connection),
        IN_SCENE(a_message_of_too_many_frames_is_dropped_whole),
        IN_SCENE(an_identity_of_the_clients_own_choice_is_not_served),
        IN_SCENE(an_answer_to_a_vanished_client_is_dropped_and_counted),
        IN_SCENE(a_paused_bus_reads_no_more_and_lets_the_loop_sleep),
        IN_SCENE(an_idle_bus_lets_the_loop_sleep),
        IN_SCENE(zap_is_bound_once_in_a_context_or_the_start_fails),
        IN_SCENE(a_start_that_fails_says_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
