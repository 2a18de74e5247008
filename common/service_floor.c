/*
 * What every service answers: Ping, GetHealth, GetStats, Fetch, GetClock, AdvanceClock.
 */
#include <string.h>

#include "common/service_internal.h"
#include "kehu/bus/v1/service.pb-c.h"

#define MOST_COUNTERS 500

static enum flow ping(struct request *req)
{
    Kehu__Bus__V1__Pong pong = KEHU__BUS__V1__PONG__INIT;
    Google__Protobuf__Timestamp now = GOOGLE__PROTOBUF__TIMESTAMP__INIT;

    now.seconds = req->now_us / SECOND_US;
    now.nanos = (int32_t)(req->now_us % SECOND_US * 1000);
    pong.service = (char *)req->service->definition->name;
    pong.version = KEHU_VERSION;
    pong.now = &now;
    return flow_reply(req, &pong.base);
}

static enum flow get_health(struct request *req)
{
    struct health_part parts[HEALTH_PARTS];
    Kehu__Bus__V1__HealthPart messages[HEALTH_PARTS], *pointers[HEALTH_PARTS];
    Kehu__Bus__V1__Health health = KEHU__BUS__V1__HEALTH__INIT;

    health.ready = service_health(req->service, parts);
    for (size_t i = 0; i < HEALTH_PARTS; i++) {
        kehu__bus__v1__health_part__init(&messages[i]);
        messages[i].name = (char *)parts[i].name;
        messages[i].state = (Kehu__Bus__V1__HealthState)parts[i].state;
        messages[i].detail = (char *)parts[i].detail;
        pointers[i] = &messages[i];
    }
    health.parts = pointers;
    health.n_parts = HEALTH_PARTS;
    return flow_reply(req, &health.base);
}

struct collecting {
    struct arena *arena;
    Kehu__Bus__V1__Stats *stats;
};

static void collect(void *owner, const char *name, const char *help, double value)
{
    struct collecting *collecting = owner;
    Kehu__Bus__V1__Counter *counter = arena_take(collecting->arena, sizeof(*counter));

    if (!counter || collecting->stats->n_counters == MOST_COUNTERS)
        return;
    kehu__bus__v1__counter__init(counter);
    counter->name = arena_copy_text(collecting->arena, name, strlen(name));
    counter->help = arena_copy_text(collecting->arena, help, strlen(help));
    counter->value = value;
    collecting->stats->counters[collecting->stats->n_counters++] = counter;
}

static enum flow get_stats(struct request *req)
{
    Kehu__Bus__V1__Stats stats = KEHU__BUS__V1__STATS__INIT;
    struct collecting collecting = {req->arena, &stats};

    stats.counters = arena_take_array(req->arena, MOST_COUNTERS, sizeof(Kehu__Bus__V1__Counter *));
    if (!stats.counters)
        return flow_reply(req, NULL);
    metrics_visit(req->service->metrics, collect, &collecting);
    return flow_reply(req, &stats.base);
}

const struct handler service_floor_handlers[] = {
    {.type = "kehu.bus.v1.Ping",
     .step = ping,
     .is_query = true,
     .limit = LIMIT_NONE,
     .rights = RIGHTS_ANY},
    {.type = "kehu.bus.v1.GetHealth",
     .step = get_health,
     .is_query = true,
     .limit = LIMIT_NONE,
     .rights = RIGHTS_ANY},
    {.type = "kehu.bus.v1.GetStats", .step = get_stats, .is_query = true, .limit = LIMIT_NONE},
    {.type = "kehu.bus.v1.Fetch",
     .step = fetch_begin,
     .is_query = true,
     .limit = LIMIT_POLL,
     .is_for_systems = true},
    {.type = "kehu.bus.v1.GetClock",
     .step = advance_get_clock,
     .is_query = true,
     .rights = RIGHTS_ANY},
    {.type = "kehu.bus.v1.AdvanceClock",
     .step = advance_begin,
     .limit = LIMIT_POLL,
     .rights = RIGHTS_ADMIN},
};
const size_t service_floor_handler_count = COUNT_OF(service_floor_handlers);
