/*
 * How the service is: the parts of its health, and the tables of all modules' counters.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "common/consume.h"
#include "common/service_internal.h"
#include "common/sweep.h"
#include "common/timers.h"
#include "kehu/bus/v1/service.pb-c.h"

#define HEALTHY KEHU__BUS__V1__HEALTH_STATE__HEALTH_STATE_HEALTHY
#define DEGRADED KEHU__BUS__V1__HEALTH_STATE__HEALTH_STATE_DEGRADED
#define DOWN KEHU__BUS__V1__HEALTH_STATE__HEALTH_STATE_DOWN

/* Values under old keys wait for their turn; that is work under way, not harm. */
static struct health_part seal_health(const struct service *service)
{
    const char *broken = service->seal ? seal_why_broken(service->seal) : "";

    if (broken[0])
        return (struct health_part){"seal", DEGRADED, broken};
    if (service->seal_is_wrong)
        return (struct health_part){
            "seal", DEGRADED,
            "another ring than this database's values were sealed with: restore it"};
    return (struct health_part){"seal", HEALTHY, service->seal_note};
}

/* Without the others' news the service goes on with what it knows. */
static struct health_part consumers_health(const struct service *service)
{
    const char *behind = consumers_why_behind(service->consumers);

    return (struct health_part){"consumers", behind[0] ? DEGRADED : HEALTHY, behind};
}

/* What is due is settled but for those rows. */
static struct health_part sweeps_health(const struct service *service)
{
    const char *aside = sweeps_why_aside(service->sweeps);

    return (struct health_part){"sweeps", aside[0] ? DEGRADED : HEALTHY, aside};
}

static struct health_part postgres_health(const struct service *service, bool is_ready)
{
    const char *refused = pg_why_refused(service->pg);

    if (!is_ready)
        return (struct health_part){"postgres", DOWN, pg_why_down(service->pg)};
    return (struct health_part){"postgres", refused[0] ? DEGRADED : HEALTHY, refused};
}

bool service_health(const struct service *service, struct health_part parts[HEALTH_PARTS])
{
    bool pg = pg_is_ready(service->pg), kv = kv_is_ready(service->kv);

    keys_refresh(service->keys); /* without messages nobody else looks */

    size_t broken = keys_broken_count(service->keys);

    parts[0] = postgres_health(service, pg);
    parts[1] = (struct health_part){"redis", kv ? HEALTHY : DEGRADED,
                                    kv ? "" : "cannot be reached; the service works without it"};
    parts[2] =
        (struct health_part){"keys", broken ? DEGRADED : HEALTHY,
                             broken ? "a key file cannot be used; see `kehuctl keys list`" : ""};
    parts[3] = seal_health(service);
    parts[4] = consumers_health(service);
    parts[5] = sweeps_health(service);
    return pg && !service->is_stopping;
}

char *service_ready_page(void *owner, bool *ready)
{
    static const char *const states[] = {"unspecified", "healthy", "degraded", "down"};
    struct service *service = owner;
    struct health_part parts[HEALTH_PARTS];
    json_t *list = json_array();

    *ready = service_health(service, parts);
    for (size_t i = 0; i < HEALTH_PARTS; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "name", parts[i].name, "state",
                                              states[parts[i].state], "detail", parts[i].detail));
    json_t *page = json_pack("{s:b, s:o}", "ready", *ready, "parts", list);
    char *text = page ? json_dumps(page, JSON_COMPACT) : NULL;

    json_decref(page);
    return text;
}

char *service_metrics_page(void *owner, size_t *bytes)
{
    struct service *service = owner;

    return metrics_print(service->metrics, bytes);
}

static const struct metric bus_metrics[] = {
    {"received_total", METRIC_COUNTER, offsetof(struct bus_counters, received),
     "Messages read from the bus."},
    {"sent_total", METRIC_COUNTER, offsetof(struct bus_counters, sent), "Answers sent."},
    {"dropped_unknown_peer_total", METRIC_COUNTER,
     offsetof(struct bus_counters, dropped_unknown_peer), "Answers whose asker was gone."},
    {"dropped_full_total", METRIC_COUNTER, offsetof(struct bus_counters, dropped_full),
     "Answers dropped because their asker does not read; he asks again."},
    {"refused_handshakes_total", METRIC_COUNTER, offsetof(struct bus_counters, refused_handshakes),
     "Connections of unknown keys."},
    {"refused_revoked_total", METRIC_COUNTER, offsetof(struct bus_counters, refused_revoked),
     "Messages of keys revoked since they connected."},
    {"bad_frames_total", METRIC_COUNTER, offsetof(struct bus_counters, bad_frames),
     "Messages that were not one frame."},
    {"waiting_answers", METRIC_GAUGE, offsetof(struct bus_counters, waiting_answers),
     "Answers waiting for slow peers; the limit is 65536."},
    {"waiting_bytes", METRIC_GAUGE, offsetof(struct bus_counters, waiting_bytes),
     "Bytes of answers waiting; the limit is 67108864."},
};

static const struct metric pg_metrics[] = {
    {"asks_total", METRIC_COUNTER, offsetof(struct pg_counters, asks), "Questions to PostgreSQL."},
    {"failed_asks_total", METRIC_COUNTER, offsetof(struct pg_counters, failed_asks),
     "Questions that failed."},
    {"units_total", METRIC_COUNTER, offsetof(struct pg_counters, units),
     "Units of writes, one per changing request."},
    {"turns_total", METRIC_COUNTER, offsetof(struct pg_counters, turns), "Write transactions."},
    {"commits_total", METRIC_COUNTER, offsetof(struct pg_counters, commits),
     "Write transactions that committed."},
    {"statements_total", METRIC_COUNTER, offsetof(struct pg_counters, statements),
     "Statements of write transactions."},
    {"merged_statements_total", METRIC_COUNTER, offsetof(struct pg_counters, merged_statements),
     "Statements saved by merging equal ones."},
    {"bisections_total", METRIC_COUNTER, offsetof(struct pg_counters, bisections),
     "Failed transactions that were divided."},
    {"stale_total", METRIC_COUNTER, offsetof(struct pg_counters, stale),
     "Units that lost against another change."},
    {"unknown_total", METRIC_COUNTER, offsetof(struct pg_counters, unknown),
     "Units whose connection went before the answer."},
    {"connects_total", METRIC_COUNTER, offsetof(struct pg_counters, connects), "Connections made."},
    {"waiting_asks", METRIC_GAUGE, offsetof(struct pg_counters, waiting_asks),
     "Questions under way or waiting; bounded by the requests at work."},
    {"waiting_units", METRIC_GAUGE, offsetof(struct pg_counters, waiting_units),
     "Units under way or waiting; bounded by the requests at work."},
};

static const struct metric kv_metrics[] = {
    {"commands_total", METRIC_COUNTER, offsetof(struct kv_counters, commands),
     "Commands to Redis."},
    {"timeouts_total", METRIC_COUNTER, offsetof(struct kv_counters, timeouts),
     "Commands past their deadline."},
    {"failures_total", METRIC_COUNTER, offsetof(struct kv_counters, failures),
     "Commands that failed."},
    {"connects_total", METRIC_COUNTER, offsetof(struct kv_counters, connects), "Connections made."},
    {"waiting", METRIC_GAUGE, offsetof(struct kv_counters, waiting),
     "Commands under way; the limit is 10000."},
};

static const struct metric flow_metrics[] = {
    {"begun_total", METRIC_COUNTER, offsetof(struct flow_counters, begun), "Requests begun."},
    {"ended_total", METRIC_COUNTER, offsetof(struct flow_counters, ended), "Requests ended."},
    {"refused_overload_total", METRIC_COUNTER, offsetof(struct flow_counters, refused_overload),
     "Requests refused because too much was at work."},
    {"malformed_total", METRIC_COUNTER, offsetof(struct flow_counters, malformed),
     "Frames that were no request."},
    {"repeats_total", METRIC_COUNTER, offsetof(struct flow_counters, repeats),
     "Requests sent again while they were at work: answered with the first, not begun again."},
    {"again_total", METRIC_COUNTER, offsetof(struct flow_counters, again),
     "Requests that went back to their first step."},
    {"deadline_total", METRIC_COUNTER, offsetof(struct flow_counters, deadline),
     "Requests answered by their deadline."},
    {"in_flight", METRIC_GAUGE, offsetof(struct flow_counters, in_flight),
     "Requests at work; the limit is KEHU_MAX_REQUESTS."},
    {"polls", METRIC_GAUGE, offsetof(struct flow_counters, polls),
     "Parked polls and health questions; the limit is KEHU_MAX_POLLS."},
    {"waiting_subjects", METRIC_GAUGE, offsetof(struct flow_counters, waiting_subjects),
     "Requests that wait for another of the same subject."},
    {"memory_bytes", METRIC_GAUGE, offsetof(struct flow_counters, bytes),
     "Estimated memory of requests at work; the limit is KEHU_MAX_MEMORY."},
};

static void put_statuses(void *owner, struct metrics_out *out)
{
    static const struct metric metric = {"answers_total", METRIC_COUNTER, 0, "Answers by status."};
    const struct flow_counters *counters = flows_counters(((struct service *)owner)->flows);

    for (size_t i = 0; i < COUNT_OF(counters->by_status); i++)
        metrics_put(out, &metric, "status", status_name((enum status)i),
                    (double)counters->by_status[i]);
}

struct metrics *service_metrics_new(struct service *service)
{
    const struct service_definition *definition = service->definition;
    struct metrics *metrics = metrics_new();

    if (!metrics)
        return NULL;
    snprintf(service->metrics_prefix, sizeof(service->metrics_prefix), "kehu_%s_",
             definition->name);
    metrics_add_table(metrics, service->metrics_prefix, definition->metrics,
                      definition->metric_count, service->counters);
    metrics_add_table(metrics, "kehu_bus_", bus_metrics, COUNT_OF(bus_metrics),
                      bus_counters(service->bus));
    metrics_add_table(metrics, "kehu_pg_", pg_metrics, COUNT_OF(pg_metrics),
                      pg_counters(service->pg));
    metrics_add_table(metrics, "kehu_redis_", kv_metrics, COUNT_OF(kv_metrics),
                      kv_counters(service->kv));
    metrics_add_table(metrics, "kehu_requests_", flow_metrics, COUNT_OF(flow_metrics),
                      flows_counters(service->flows));
    metrics_add_table(metrics, "kehu_timers_", timers_metrics, timers_metric_count,
                      timers_counters(service->timers));
    metrics_add_table(metrics, "kehu_sweeps_", sweep_metrics, sweep_metric_count,
                      sweeps_counters(service->sweeps));
    metrics_add_table(metrics, "kehu_consumers_", consume_metrics, consume_metric_count,
                      consumers_counters(service->consumers));
    metrics_add_source(metrics, "kehu_", put_statuses, service);
    return metrics;
}
