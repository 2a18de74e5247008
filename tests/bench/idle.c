/*
 * Connections that do nothing: opens so many CURVE connections, prints "ready" when all are shaken
 * hands, and holds them until its standard input ends.
 *
 *   idle --url URL --key FILE --connections N
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <jansson.h>
#include <zmq.h>

static void fail(const char *what)
{
    fprintf(stderr, "idle: %s\n", what);
    exit(1);
}

static void *open_one(void *context, json_t *key, const char *url)
{
    static const struct {
        int option;
        const char *name;
    } curve[] = {{ZMQ_CURVE_PUBLICKEY, "public"},
                 {ZMQ_CURVE_SECRETKEY, "secret"},
                 {ZMQ_CURVE_SERVERKEY, "server"}};
    void *socket = zmq_socket(context, ZMQ_DEALER);
    int linger = 0, immediate = 1;

    if (!socket)
        fail("no more sockets");
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof(linger));
    for (size_t i = 0; i < sizeof(curve) / sizeof(curve[0]); i++) {
        const char *text = json_string_value(json_object_get(key, curve[i].name));
        if (!text || zmq_setsockopt(socket, curve[i].option, text, strlen(text) + 1) != 0)
            fail("the key file cannot be used");
    }
    /* Nothing can be queued before the handshake: so a writable socket is a connected one. */
    zmq_setsockopt(socket, ZMQ_IMMEDIATE, &immediate, sizeof(immediate));
    if (zmq_connect(socket, url) != 0)
        fail(zmq_strerror(zmq_errno()));
    return socket;
}

static void wait_until_connected(void *socket)
{
    zmq_pollitem_t item = {socket, 0, ZMQ_POLLOUT, 0};

    if (zmq_poll(&item, 1, 10000) != 1)
        fail("a connection was not accepted within ten seconds");
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"url", 1, NULL, 'u'}, {"key", 1, NULL, 'k'}, {"connections", 1, NULL, 'c'}, {0}};
    const char *url = NULL, *key_file = NULL;
    size_t count = 0;

    for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (o == 'u')
            url = optarg;
        else if (o == 'k')
            key_file = optarg;
        else if (o == 'c')
            count = strtoul(optarg, NULL, 10);
    }
    json_t *key = key_file ? json_load_file(key_file, 0, NULL) : NULL;
    void *context = zmq_ctx_new();
    void **sockets = calloc(count, sizeof(void *));
    struct rlimit files = {count * 3 + 200, count * 3 + 200};

    if (!url || !key || !count || !sockets)
        fail("see the head of tests/bench/idle.c for its options");
    if (setrlimit(RLIMIT_NOFILE, &files) != 0)
        fail("not so many open files are allowed");
    zmq_ctx_set(context, ZMQ_MAX_SOCKETS, (int)count + 10);
    for (size_t i = 0; i < count; i++)
        sockets[i] = open_one(context, key, url);
    for (size_t i = 0; i < count; i++)
        wait_until_connected(sockets[i]);
    puts("ready");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    _Exit(0); /* closing a thousand sockets one by one is of no interest */
}
