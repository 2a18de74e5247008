/*
 * Asks questions that were packed before, each once, with a fixed number unanswered on one
 * connection. Prints one line of JSON: how many were answered, how long it took, latencies, bytes.
 *
 *   ask --url URL --key FILE --type kehu.customers.v1.GetCards --in-flight N < QUESTIONS
 *
 * QUESTIONS: of each its length in four bytes, the lowest first, then the packed message.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base.h"
#include "kehu.h"

struct question {
    uint8_t *at;
    size_t bytes;
};

struct asking {
    struct question *questions;
    size_t count, sent, answered, failed, bytes;
    double *seconds;
    char failure[200];
};

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void fail(const char *what)
{
    fprintf(stderr, "ask: %s\n", what);
    exit(1);
}

static void read_questions(struct asking *a)
{
    uint8_t head[4];
    size_t room = 0;

    while (fread(head, 1, sizeof(head), stdin) == sizeof(head)) {
        if (a->count == room) {
            room = room ? room * 2 : 1024;
            a->questions = realloc(a->questions, room * sizeof(*a->questions));
        }
        struct question *question = &a->questions[a->count++];

        question->bytes = head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16;
        question->at = malloc(question->bytes + 1);
        if (!question->at || fread(question->at, 1, question->bytes, stdin) != question->bytes)
            fail("the questions end in the middle");
    }
    a->seconds = calloc(a->count + 1, sizeof(*a->seconds));
}

static void take(void *owner, const struct kehu_answer *answer)
{
    struct asking *a = owner;

    a->seconds[a->answered++] = answer->seconds;
    a->bytes += answer->payload_bytes;
    if (answer->status == 0)
        return;
    a->failed++;
    snprintf(a->failure, sizeof(a->failure), "%s %s", answer->status_name, answer->message);
}

static void ask_all(struct asking *a, struct kehu *kehu, const char *type)
{
    while (a->answered < a->count) {
        while (a->sent < a->count) {
            struct kehu_question question = {.type = type,
                                             .payload = a->questions[a->sent].at,
                                             .payload_bytes = a->questions[a->sent].bytes};

            if (kehu_ask(kehu, &question, take, a) != KEHU_OK)
                break;
            a->sent++;
        }
        kehu_turn(kehu, 100);
    }
}

static int ascending(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;

    return (one > other) - (one < other);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"url", 1, NULL, 'u'},
                                            {"key", 1, NULL, 'k'},
                                            {"type", 1, NULL, 't'},
                                            {"in-flight", 1, NULL, 'i'},
                                            {NULL, 0, NULL, 0}};
    struct kehu_options to = {.max_waiting = 1, .first_resend_ms = 20000};
    struct asking a = {.count = 0};
    const char *type = "";
    char why[300];

    for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (o == 'u')
            to.urls = optarg;
        else if (o == 'k')
            to.key_file = optarg;
        else if (o == 't')
            type = optarg;
        else if (o == 'i')
            to.max_waiting = strtoull(optarg, NULL, 10);
        else
            fail("see the head of tests/bench/ask.c for its options");
    }
    read_questions(&a);
    struct kehu *kehu = kehu_new(&to, why, sizeof(why));

    if (!kehu)
        fail(why);
    for (double end = now_s() + 10; kehu_connected(kehu) == 0;) {
        kehu_turn(kehu, 50);
        if (now_s() > end)
            fail("no connection after ten seconds");
    }
    double began = now_s();

    ask_all(&a, kehu, type);
    double took = now_s() - began;

    kehu_free(kehu);
    qsort(a.seconds, a.answered, sizeof(*a.seconds), ascending);
    printf("{\"answered\":%zu,\"failed\":%zu,\"failure\":\"%s\",\"seconds\":%.6f,\"bytes\":%zu,"
           "\"p50\":%.6f,\"p95\":%.6f,\"p99\":%.6f}\n",
           a.answered, a.failed, a.failure, took, a.bytes, a.seconds[a.answered / 2],
           a.seconds[a.answered * 95 / 100], a.seconds[a.answered * 99 / 100]);
    return 0;
}
