/* kehuctl ping, health and stats: what every service answers from the common floor. */
#include "ctl.h"

#include <stdio.h>

#include "ctl_method.h"
#include "kehu/bus/v1/service.pb-c.h"

/* The same of each service that is meant; the worst of their exit codes. */
static int run_each(struct ctl *ctl, int (*one)(struct ctl *ctl))
{
    enum ctl_service services[CTL_SERVICES];
    size_t count = ctl_method_services(ctl, services);
    int worst = CTL_DONE;

    for (size_t i = 0; i < count; i++) {
        ctl_speak(ctl, services[i]);
        if (i > 0 && !ctl->json)
            fflush(stdout);
        int code = one(ctl);

        worst = code > worst ? code : worst;
    }
    return worst;
}

/* With whose answer it is, since one after the other answers. */
static void print_answer(struct ctl *ctl, const ProtobufCMessage *message)
{
    json_t *json = ctl_json_message(message);

    json_object_set_new(json, "service", json_string(ctl_service_name(ctl->service)));
    ctl_print_json(ctl, json);
}

static int ping(struct ctl *ctl)
{
    Kehu__Bus__V1__Ping ask = KEHU__BUS__V1__PING__INIT;
    char now[40] = "";
    int code;

    Kehu__Bus__V1__Pong *pong =
        (Kehu__Bus__V1__Pong *)ctl_ask(ctl, &ask.base, &kehu__bus__v1__pong__descriptor, &code);

    if (!pong)
        return code;
    if (ctl->json) {
        print_answer(ctl, &pong->base);
        return CTL_DONE;
    }
    if (pong->now)
        ctl_json_time(pong->now->seconds, 0, now);
    printf("%s %s is there; its clock says %s\n", pong->service, pong->version, now);
    return CTL_DONE;
}

static const char *state_name(Kehu__Bus__V1__HealthState state)
{
    switch (state) {
    case KEHU__BUS__V1__HEALTH_STATE__HEALTH_STATE_HEALTHY:
        return "healthy";
    case KEHU__BUS__V1__HEALTH_STATE__HEALTH_STATE_DEGRADED:
        return "degraded";
    case KEHU__BUS__V1__HEALTH_STATE__HEALTH_STATE_DOWN:
        return "down";
    default:
        return "unknown";
    }
}

static int health_of(struct ctl *ctl)
{
    Kehu__Bus__V1__GetHealth ask = KEHU__BUS__V1__GET_HEALTH__INIT;
    static const char *const headings[] = {"part", "state", "detail"};
    static const bool right[] = {false, false, false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    int code;

    Kehu__Bus__V1__Health *health =
        (Kehu__Bus__V1__Health *)ctl_ask(ctl, &ask.base, &kehu__bus__v1__health__descriptor, &code);

    if (!health)
        return code;
    if (ctl->json) {
        print_answer(ctl, &health->base);
    } else {
        for (size_t i = 0; i < health->n_parts; i++) {
            const char *cells[] = {health->parts[i]->name, state_name(health->parts[i]->state),
                                   health->parts[i]->detail};

            ctl_table_row(table, cells);
        }
        ctl_table_print(table);
        printf("%s: %s\n", ctl_service_name(ctl->service),
               health->ready ? "ready" : "not ready: requests are answered UNAVAILABLE");
    }
    return health->ready ? CTL_DONE : CTL_REFUSED;
}

static int stats_of(struct ctl *ctl)
{
    Kehu__Bus__V1__GetStats ask = KEHU__BUS__V1__GET_STATS__INIT;
    static const char *const headings[] = {"counter", "value", "meaning"};
    static const bool right[] = {false, true, false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    int code;

    Kehu__Bus__V1__Stats *stats =
        (Kehu__Bus__V1__Stats *)ctl_ask(ctl, &ask.base, &kehu__bus__v1__stats__descriptor, &code);

    if (!stats)
        return code;
    if (ctl->json) {
        print_answer(ctl, &stats->base);
        return CTL_DONE;
    }
    for (size_t i = 0; i < stats->n_counters; i++) {
        const Kehu__Bus__V1__Counter *counter = stats->counters[i];
        const char *cells[] = {counter->name, arena_print(ctl->arena, "%.15g", counter->value),
                               counter->help};

        ctl_table_row(table, cells);
    }
    ctl_table_print(table);
    return CTL_DONE;
}

static int run_ping(struct ctl *ctl)
{
    return run_each(ctl, ping);
}

static int run_health(struct ctl *ctl)
{
    return run_each(ctl, health_of);
}

static int run_stats(struct ctl *ctl)
{
    ctl_method_speak(ctl);
    return stats_of(ctl);
}

static const struct ctl_option options[] = {CTL_SERVICE_OPTION};

const struct ctl_command ctl_ping = {
    .path = "ping",
    .arguments = "[SERVICE]",
    .max_arguments = 1,
    .summary = "Are the services there",
    .help = "Without SERVICE all of this installation are asked.\n\n"
            "  kehuctl ping\n  kehuctl ping complaints --timeout 3\n",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run_ping,
};

const struct ctl_command ctl_health = {
    .path = "health",
    .arguments = "[SERVICE]",
    .max_arguments = 1,
    .summary = "Can the services do their work",
    .help = "Ends with 0 when each is ready, with 1 when one is not. Without SERVICE all of this\n"
            "installation are asked.\n\n"
            "  kehuctl health\n  kehuctl health complaints --json\n",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run_health,
};

const struct ctl_command ctl_stats = {
    .path = "stats",
    .arguments = "[SERVICE]",
    .max_arguments = 1,
    .summary = "A service's counters",
    .help = "Without SERVICE those of customers.\n\n"
            "  kehuctl stats complaints --json\n",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run_stats,
};
