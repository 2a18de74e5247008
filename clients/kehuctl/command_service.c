/* kehuctl ping, health and stats: what every service answers from the common floor. */
#include "ctl.h"

#include <stdio.h>

#include "ctl_method.h"
#include "kehu/bus/v1/service.pb-c.h"

static int run_ping(struct ctl *ctl)
{
    Kehu__Bus__V1__Ping ask = KEHU__BUS__V1__PING__INIT;
    char now[40] = "";
    int code;

    ctl_method_service(ctl, ctl_argument(ctl, 0));
    Kehu__Bus__V1__Pong *pong =
        (Kehu__Bus__V1__Pong *)ctl_ask(ctl, &ask.base, &kehu__bus__v1__pong__descriptor, &code);

    if (!pong)
        return code;
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(&pong->base));
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

static int run_health(struct ctl *ctl)
{
    Kehu__Bus__V1__GetHealth ask = KEHU__BUS__V1__GET_HEALTH__INIT;
    static const char *const headings[] = {"part", "state", "detail"};
    static const bool right[] = {false, false, false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    int code;

    ctl_method_service(ctl, ctl_argument(ctl, 0));
    Kehu__Bus__V1__Health *health =
        (Kehu__Bus__V1__Health *)ctl_ask(ctl, &ask.base, &kehu__bus__v1__health__descriptor, &code);

    if (!health)
        return code;
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(&health->base));
    } else {
        for (size_t i = 0; i < health->n_parts; i++) {
            const char *cells[] = {health->parts[i]->name, state_name(health->parts[i]->state),
                                   health->parts[i]->detail};

            ctl_table_row(table, cells);
        }
        ctl_table_print(table);
        puts(health->ready ? "ready" : "not ready: requests are answered UNAVAILABLE");
    }
    return health->ready ? CTL_DONE : CTL_REFUSED;
}

static int run_stats(struct ctl *ctl)
{
    Kehu__Bus__V1__GetStats ask = KEHU__BUS__V1__GET_STATS__INIT;
    static const char *const headings[] = {"counter", "value", "meaning"};
    static const bool right[] = {false, true, false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    int code;

    ctl_method_service(ctl, ctl_argument(ctl, 0));
    Kehu__Bus__V1__Stats *stats =
        (Kehu__Bus__V1__Stats *)ctl_ask(ctl, &ask.base, &kehu__bus__v1__stats__descriptor, &code);

    if (!stats)
        return code;
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(&stats->base));
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

const struct ctl_command ctl_ping = {
    .path = "ping",
    .arguments = "[SERVICE]",
    .max_arguments = 1,
    .summary = "Is the service there",
    .help = "  kehuctl ping\n  kehuctl ping customers --timeout 3\n",
    .run = run_ping,
};

const struct ctl_command ctl_health = {
    .path = "health",
    .arguments = "[SERVICE]",
    .max_arguments = 1,
    .summary = "Can the service do its work",
    .help = "Ends with 0 when the service is ready, with 1 when it is not.\n\n"
            "  kehuctl health customers\n",
    .run = run_health,
};

const struct ctl_command ctl_stats = {
    .path = "stats",
    .arguments = "[SERVICE]",
    .max_arguments = 1,
    .summary = "The service's counters",
    .help = "  kehuctl stats customers --json\n",
    .run = run_stats,
};
