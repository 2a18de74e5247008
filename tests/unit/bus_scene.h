/*
 * A bus over real sockets on the loopback, and clients that act in a thread of their own, so that
 * nothing but ZeroMQ wakes the loop: a timer would hide a stall.
 */
#ifndef KEHU_TESTS_BUS_SCENE_H
#define KEHU_TESTS_BUS_SCENE_H

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

#include "common/bus.h"
#include "common/curve.h"
#include "common/logfmt.h"

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

static inline void receive(void *owner, const struct bus_message *message)
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

static inline void refuse(void *owner, const struct bus_route *route, const uint8_t *body,
                          size_t body_bytes)
{
    struct scene *scene = owner;

    (void)body;
    (void)body_bytes;
    bus_answer(scene->bus, route, (const uint8_t *)"refused", 7);
}

static inline void put_key(struct scene *scene, const char *name, const struct pair *pair)
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

static inline void remove_key(struct scene *scene, const char *name)
{
    char path[200];

    snprintf(path, sizeof(path), "%s/%s.json", scene->folder, name);
    unlink(path);
}

static inline void stop(uv_async_t *async)
{
    struct scene *scene = async->data;

    scene->counters = *bus_counters(scene->bus);
    bus_close(scene->bus);
    loop_stop(scene->loop);
}

static inline enum status open_bus(struct scene *scene, const char *endpoint, const char *secret,
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

static inline int open_scene(void **state)
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

static inline int close_scene(void **state)
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

static inline void *run_act(void *argument)
{
    struct scene *scene = argument;

    scene->went_well = scene->act(scene);
    uv_async_send(&scene->done);
    return NULL;
}

static inline void play(struct scene *scene, bool (*act)(struct scene *))
{
    pthread_t thread;

    scene->act = act;
    assert_int_equal(pthread_create(&thread, NULL, run_act, scene), 0);
    loop_run(scene->loop, NULL, NULL);
    pthread_join(thread, NULL);
    assert_true(scene->went_well);
}

static inline void pause_ms(long ms)
{
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&pause, NULL);
}

/* A DEALER with this pair, or without CURVE when it is NULL; `identity` may be NULL. */
static inline void *dial(struct scene *scene, const struct pair *pair, const char *identity)
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

static inline bool hears(void *dealer, const char *expected)
{
    static __thread char bytes[200000];
    int count = zmq_recv(dealer, bytes, sizeof(bytes), 0);

    return count >= (int)strlen(expected) && memcmp(bytes, expected, strlen(expected)) == 0;
}

static inline bool tell(void *dealer, const char *text)
{
    return zmq_send(dealer, text, strlen(text), 0) >= 0;
}

static inline bool hears_nothing(void *dealer)
{
    int wait_ms = 400;
    char byte;

    zmq_setsockopt(dealer, ZMQ_RCVTIMEO, &wait_ms, sizeof(wait_ms));
    return zmq_recv(dealer, &byte, 1, 0) < 0;
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, open_scene, close_scene)

#endif
