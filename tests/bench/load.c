/*
 * The publishers: several connections, each a thread with its own libkehu client, send batches of
 * orders that were packed before the clock started and keep so many unanswered. Prints one line of
 * JSON: what was accepted, how long it took, latencies, and the CPU this program used meanwhile.
 *
 *   load --url URL --key FILE --source NAME --first N --orders N --batch N --lines N
 *        --connections N --in-flight N (of all connections together) --customers N --base UNIX
 *
 * With --lines 0 complaints are sent in place of orders, to the complaints service.
 */
#include <getopt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "kehu.h"
#include "kehu/bus/v1/service.pb-c.h"
#include "tests/bench/support/complaints.h"
#include "tests/bench/support/orders.h"

struct settings {
    const char *url, *key, *source;
    uint64_t first, orders, batch, lines, connections, in_flight, customers, base;
};

struct message {
    uint8_t *at;
    size_t bytes;
};

struct publisher {
    const struct settings *settings;
    struct kehu *kehu;
    struct message *messages;
    size_t count, sent, answered;
    double *seconds; /* latency of each answer */
    uint64_t accepted, failed;
    char failure[200];
    uint64_t resends;
    pthread_t thread;
};

static pthread_barrier_t ready, go;

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double cpu_s(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void fail(const char *what)
{
    fprintf(stderr, "load: %s\n", what);
    exit(1);
}

static void take(void *owner, const struct kehu_answer *answer)
{
    struct publisher *p = owner;
    Kehu__Bus__V1__Published *published = NULL;

    p->seconds[p->answered++] = answer->seconds;
    if (answer->status == 0)
        published = kehu__bus__v1__published__unpack(NULL, answer->payload_bytes, answer->payload);
    if (published)
        p->accepted += published->accepted;
    if (!published || published->rejected + published->duplicates > 0) {
        p->failed++;
        snprintf(p->failure, sizeof(p->failure), "%s %s", answer->status_name,
                 published && published->n_items > 0 ? published->items[0]->why : answer->message);
    }
    if (published)
        kehu__bus__v1__published__free_unpacked(published, NULL);
}

static void connect_or_fail(struct publisher *p)
{
    struct kehu_options options = {.urls = p->settings->url,
                                   .key_file = p->settings->key,
                                   .source = p->settings->source,
                                   .max_waiting = p->settings->in_flight / p->settings->connections,
                                   .first_resend_ms = 8000};
    char why[300];

    p->kehu = kehu_new(&options, why, sizeof(why));
    if (!p->kehu)
        fail(why);
    for (double end = now_s() + 10; kehu_connected(p->kehu) == 0;) {
        kehu_turn(p->kehu, 50);
        if (now_s() > end)
            fail("no connection after ten seconds");
    }
}

static void *publish(void *argument)
{
    struct publisher *p = argument;

    connect_or_fail(p);
    pthread_barrier_wait(&ready);
    pthread_barrier_wait(&go);
    while (p->answered < p->count) {
        while (p->sent < p->count) {
            struct kehu_question question = {.type = "kehu.bus.v1.Publish",
                                             .payload = p->messages[p->sent].at,
                                             .payload_bytes = p->messages[p->sent].bytes};
            if (kehu_ask(p->kehu, &question, take, p) != KEHU_OK)
                break;
            p->sent++;
        }
        kehu_turn(p->kehu, 100);
    }
    p->resends = kehu_resends(p->kehu);
    kehu_free(p->kehu);
    return NULL;
}

static uint8_t *pack_batch(const struct settings *s, uint64_t first, uint64_t count, size_t *bytes)
{
    if (s->lines == 0)
        return complaints_pack_publish(s->first + first, (uint32_t)count, (uint32_t)s->customers,
                                       s->source, bytes);
    return orders_pack_publish(s->first + first, (uint32_t)count, (uint32_t)s->customers,
                               (uint32_t)s->lines, (int64_t)s->base * SECOND_US, s->source, bytes);
}

/* Batches are dealt out like cards, so that all connections send from the same stretch. */
static void pack(struct publisher *publishers, const struct settings *s)
{
    uint64_t batches = (s->orders + s->batch - 1) / s->batch;

    for (uint64_t i = 0; i < s->connections; i++) {
        publishers[i].settings = s;
        publishers[i].messages =
            calloc(batches / s->connections + 1, sizeof(*publishers[i].messages));
        publishers[i].seconds = calloc(batches / s->connections + 1, sizeof(double));
    }
    for (uint64_t b = 0; b < batches; b++) {
        struct publisher *p = &publishers[b % s->connections];
        uint64_t first = b * s->batch;
        uint64_t count = s->orders - first < s->batch ? s->orders - first : s->batch;
        struct message *message = &p->messages[p->count++];
        message->at = pack_batch(s, first, count, &message->bytes);
        if (!message->at)
            fail("out of memory");
    }
}

static int ascending(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;

    return (one > other) - (one < other);
}

static void print(struct publisher *publishers, const struct settings *s, double took, double cpu)
{
    uint64_t accepted = 0, failed = 0, resends = 0;
    size_t count = 0;
    const char *failure = "";

    for (uint64_t i = 0; i < s->connections; i++)
        count += publishers[i].answered;
    double *all = calloc(count + 1, sizeof(*all));

    count = 0;
    for (uint64_t i = 0; i < s->connections; i++) {
        struct publisher *p = &publishers[i];
        memcpy(all + count, p->seconds, p->answered * sizeof(*all));
        count += p->answered;
        accepted += p->accepted;
        failed += p->failed;
        resends += p->resends;
        if (p->failed > 0)
            failure = p->failure;
    }
    qsort(all, count, sizeof(*all), ascending);
    printf(
        "{\"accepted\":%llu,\"failed\":%llu,\"failure\":\"%s\",\"resends\":%llu,\"seconds\":%.6f,"
        "\"cpu\":%.6f,\"p50\":%.6f,\"p95\":%.6f,\"p99\":%.6f}\n",
        (unsigned long long)accepted, (unsigned long long)failed, failure,
        (unsigned long long)resends, took, cpu, all[count / 2], all[count * 95 / 100],
        all[count * 99 / 100]);
    free(all);
}

static void read_arguments(int argc, char **argv, struct settings *s)
{
    static const struct option options[] = {
        {"url", 1, NULL, 'u'},       {"key", 1, NULL, 'k'},         {"source", 1, NULL, 's'},
        {"first", 1, NULL, 'f'},     {"orders", 1, NULL, 'o'},      {"batch", 1, NULL, 'b'},
        {"lines", 1, NULL, 'l'},     {"connections", 1, NULL, 'c'}, {"in-flight", 1, NULL, 'i'},
        {"customers", 1, NULL, 'n'}, {"base", 1, NULL, 't'},        {NULL, 0, NULL, 0}};

    for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        const char *text = optarg ? optarg : "";
        uint64_t number = strtoull(text, NULL, 10);
        switch (o) {
        case 'u':
            s->url = text;
            break;
        case 'k':
            s->key = text;
            break;
        case 's':
            s->source = text;
            break;
        case 'f':
            s->first = number;
            break;
        case 'o':
            s->orders = number;
            break;
        case 'b':
            s->batch = number;
            break;
        case 'l':
            s->lines = number;
            break;
        case 'c':
            s->connections = number;
            break;
        case 'i':
            s->in_flight = number;
            break;
        case 'n':
            s->customers = number;
            break;
        case 't':
            s->base = number;
            break;
        default:
            fail("see the head of tests/bench/load.c for its options");
        }
    }
    if (!s->url || !s->key || !s->source || !s->base || !s->orders || !s->customers ||
        s->lines > 20 || s->batch - 1 > 1999 || s->connections - 1 > 63 ||
        s->in_flight < s->connections)
        fail("an option is missing or out of range");
}

int main(int argc, char **argv)
{
    struct settings settings = {.batch = 100, .lines = 3, .connections = 4, .in_flight = 64};

    read_arguments(argc, argv, &settings);
    struct publisher *publishers = calloc(settings.connections, sizeof(*publishers));

    pack(publishers, &settings);
    pthread_barrier_init(&ready, NULL, (unsigned)settings.connections + 1);
    pthread_barrier_init(&go, NULL, (unsigned)settings.connections + 1);
    for (uint64_t i = 0; i < settings.connections; i++)
        pthread_create(&publishers[i].thread, NULL, publish, &publishers[i]);
    pthread_barrier_wait(&ready);
    double began = now_s(), cpu = cpu_s();

    pthread_barrier_wait(&go);
    for (uint64_t i = 0; i < settings.connections; i++)
        pthread_join(publishers[i].thread, NULL);
    print(publishers, &settings, now_s() - began, cpu_s() - cpu);
    for (uint64_t i = 0; i < settings.connections; i++) {
        for (size_t k = 0; k < publishers[i].count; k++)
            free(publishers[i].messages[k].at);
        free(publishers[i].messages);
        free(publishers[i].seconds);
    }
    free(publishers);
    return 0;
}
