/*
 * The services that this one asks: those whose logs it reads. Addresses come from the settings
 * KEHU_<SERVICE>_URL, the key from KEHU_SERVICE_KEY_FILE.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/call.h"
#include "common/consume.h"
#include "common/service_internal.h"

#define MOST_CALLS 1024 /* unanswered questions to one service */

struct call *service_find_call(const struct service *service, const char *name)
{
    for (size_t i = 0; i < service->definition->consumer_count; i++)
        if (strcmp(service->definition->consumers[i].log, name) == 0)
            return service->calls[i];
    return NULL;
}

/* KEHU_CUSTOMERS_URL for the service customers. */
static void name_url(const char *log, char *out, size_t bytes)
{
    snprintf(out, bytes, "KEHU_%s_URL", log);
    for (char *at = out; *at; at++)
        if (*at >= 'a' && *at <= 'z')
            *at = (char)(*at - 'a' + 'A');
}

static bool open_call(struct service *service, size_t i, char *what, size_t what_bytes, char *why,
                      size_t why_bytes)
{
    const char *log = service->definition->consumers[i].log;
    const char *key = settings_text(service->settings, "KEHU_SERVICE_KEY_FILE");

    if (!key[0]) {
        snprintf(what, what_bytes, "KEHU_SERVICE_KEY_FILE");
        snprintf(why, why_bytes,
                 "must name the key by which this service asks others; "
                 "`kehuctl keys new` makes it");
        return false;
    }
    name_url(log, what, what_bytes);
    const struct call_options options = {.service = log,
                                         .urls = settings_text(service->settings, what),
                                         .key_file = key,
                                         .max_waiting = MOST_CALLS};

    return call_new(service->loop, &options, &service->calls[i], why, why_bytes) == OK;
}

bool service_calls_open(struct service *service, char *what, size_t what_bytes, char *why,
                        size_t why_bytes)
{
    size_t count = service->definition->consumer_count;

    snprintf(what, what_bytes, "memory");
    snprintf(why, why_bytes, "out of memory");
    service->calls = calloc(count + 1, sizeof(struct call *));
    if (!service->calls)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!open_call(service, i, what, what_bytes, why, why_bytes))
            return false;
    service->consumers = consumers_new(service, service->calls);
    return service->consumers != NULL;
}

void service_calls_turn(void *owner)
{
    struct service *service = owner;

    for (size_t i = 0; i < service->definition->consumer_count; i++)
        call_turn(service->calls[i]);
}

void service_calls_close(struct service *service)
{
    for (size_t i = 0; i < service->definition->consumer_count; i++)
        call_close(service->calls[i]);
}

void service_calls_free(struct service *service)
{
    consumers_free(service->consumers);
    for (size_t i = 0; i < service->definition->consumer_count; i++)
        call_free(service->calls[i]);
    free(service->calls);
}
