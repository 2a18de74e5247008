/*
 * Looks names up in a thread; see asker_resolver.h. The thread and the client share one `lookup`,
 * which belongs to the thread until it is finished, unless the client has forgotten it: then the
 * thread frees it.
 */
#include "common/asker_resolver.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define URLS_MAX 16

struct place {
    char host[256];
    char port[8];
};

struct places {
    size_t count;
    struct place at[URLS_MAX];
};

struct lookup {
    pthread_mutex_t mutex;
    pthread_cond_t finished;
    bool is_finished, is_forgotten;
    struct places places;
    struct asker_resolved result;
};

struct asker_resolver {
    struct places places;
    struct lookup *running; /* NULL: none */
};

/* "tcp://host:port" or "tcp://[::1]:port". */
static bool parse_url(const char *url, size_t length, struct place *out)
{
    const char *end = url + length, *host = url + 6, *colon = memrchr(url, ':', length);

    if (length < 9 || strncmp(url, "tcp://", 6) != 0 || !colon || colon <= host)
        return false;
    size_t host_length = (size_t)(colon - host), port_length = (size_t)(end - colon - 1);

    if (host[0] == '[' && host[host_length - 1] == ']') {
        host++;
        host_length -= 2;
    } else if (memchr(host, ':', host_length)) {
        return false;
    }
    if (host_length == 0 || host_length >= sizeof(out->host) || port_length == 0 || port_length > 5)
        return false;
    snprintf(out->host, sizeof(out->host), "%.*s", (int)host_length, host);
    snprintf(out->port, sizeof(out->port), "%.*s", (int)port_length, colon + 1);
    for (const char *digit = out->port; *digit; digit++)
        if (*digit < '0' || *digit > '9')
            return false;
    return atoi(out->port) > 0 && atoi(out->port) < 65536;
}

static bool parse_urls(const char *urls, struct places *out, char *why, size_t why_bytes)
{
    for (const char *at = urls; *at;) {
        size_t length = strcspn(at, ",");

        if (length > 0 && out->count == URLS_MAX) {
            snprintf(why, why_bytes, "more than %d urls", URLS_MAX);
            return false;
        }
        if (length > 0 && !parse_url(at, length, &out->at[out->count++])) {
            snprintf(why, why_bytes, "\"%.*s\" is not of the form tcp://host:port",
                     (int)(length > 200 ? 200 : length), at);
            return false;
        }
        at += length + (at[length] == ',');
    }
    if (out->count == 0)
        snprintf(why, why_bytes, "no url of a service is given");
    return out->count > 0;
}

static void add_endpoint(struct asker_resolved *out, const struct addrinfo *address)
{
    char host[INET6_ADDRSTRLEN + 20], port[8], endpoint[ASKER_LINE_ENDPOINT_CHARS];

    if (out->count == ASKER_RESOLVER_MAX ||
        getnameinfo(address->ai_addr, address->ai_addrlen, host, sizeof(host), port, sizeof(port),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return;
    snprintf(endpoint, sizeof(endpoint),
             address->ai_family == AF_INET6 ? "tcp://[%s]:%s" : "tcp://%s:%s", host, port);
    for (size_t i = 0; i < out->count; i++)
        if (strcmp(out->endpoints[i], endpoint) == 0)
            return;
    memcpy(out->endpoints[out->count++], endpoint, sizeof(endpoint));
}

/* flags: AI_NUMERICHOST for the cheap try that never blocks. */
static void resolve(const struct places *places, int flags, struct asker_resolved *out)
{
    out->complete = true;
    for (size_t i = 0; i < places->count; i++) {
        struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = flags | AI_NUMERICSERV};
        struct addrinfo *list = NULL;
        int code = getaddrinfo(places->at[i].host, places->at[i].port, &hints, &list);

        if (code != 0) {
            out->complete = false;
            snprintf(out->trouble, sizeof(out->trouble), "%.100s: %s", places->at[i].host,
                     gai_strerror(code));
            continue;
        }
        for (const struct addrinfo *address = list; address; address = address->ai_next)
            add_endpoint(out, address);
        freeaddrinfo(list);
    }
}

static void free_lookup(struct lookup *lookup)
{
    pthread_cond_destroy(&lookup->finished);
    pthread_mutex_destroy(&lookup->mutex);
    free(lookup);
}

static void *run(void *argument)
{
    struct lookup *lookup = argument;

    resolve(&lookup->places, 0, &lookup->result);
    pthread_mutex_lock(&lookup->mutex);
    lookup->is_finished = true;
    bool is_forgotten = lookup->is_forgotten;

    pthread_cond_signal(&lookup->finished);
    pthread_mutex_unlock(&lookup->mutex);
    if (is_forgotten)
        free_lookup(lookup);
    return NULL;
}

struct asker_resolver *asker_resolver_new(const char *urls, char *why, size_t why_bytes)
{
    struct asker_resolver *resolver = calloc(1, sizeof(*resolver));

    if (!resolver) {
        snprintf(why, why_bytes, "out of memory");
        return NULL;
    }
    if (!parse_urls(urls, &resolver->places, why, why_bytes)) {
        free(resolver);
        return NULL;
    }
    asker_resolver_start(resolver);
    return resolver;
}

void asker_resolver_free(struct asker_resolver *resolver)
{
    if (!resolver)
        return;
    struct lookup *lookup = resolver->running;

    if (lookup) {
        pthread_mutex_lock(&lookup->mutex);
        bool is_finished = lookup->is_finished;

        lookup->is_forgotten = true;
        pthread_mutex_unlock(&lookup->mutex);
        if (is_finished)
            free_lookup(lookup);
    }
    free(resolver);
}

void asker_resolver_start(struct asker_resolver *resolver)
{
    pthread_attr_t attributes;
    pthread_condattr_t clock_attributes;
    pthread_t thread;

    if (resolver->running)
        return;
    struct lookup *lookup = calloc(1, sizeof(*lookup));

    if (!lookup)
        return; /* the next trouble tries again */
    lookup->places = resolver->places;
    pthread_mutex_init(&lookup->mutex, NULL);
    pthread_condattr_init(&clock_attributes);
    pthread_condattr_setclock(&clock_attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&lookup->finished, &clock_attributes);
    pthread_condattr_destroy(&clock_attributes);
    resolver->running = lookup;

    /* Addresses need no thread. */
    resolve(&lookup->places, AI_NUMERICHOST, &lookup->result);
    if (lookup->result.complete) {
        lookup->result.numeric = lookup->is_finished = true;
        return;
    }
    memset(&lookup->result, 0, sizeof(lookup->result));
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attributes, run, lookup) != 0)
        lookup->is_finished = true;
    pthread_attr_destroy(&attributes);
}

bool asker_resolver_take(struct asker_resolver *resolver, int timeout_ms,
                         struct asker_resolved *out)
{
    struct lookup *lookup = resolver->running;
    struct timespec until;
    int code = 0;

    if (!lookup)
        return false;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += timeout_ms % 1000 * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&lookup->mutex);
    while (timeout_ms > 0 && !lookup->is_finished && code != ETIMEDOUT)
        code = pthread_cond_timedwait(&lookup->finished, &lookup->mutex, &until);
    bool is_finished = lookup->is_finished;

    pthread_mutex_unlock(&lookup->mutex);
    if (!is_finished)
        return false;
    *out = lookup->result;
    free_lookup(lookup);
    resolver->running = NULL;
    return true;
}
