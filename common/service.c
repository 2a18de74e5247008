/*
 * What all services do alike: the command line, settings, migrations, start, the order of the turn,
 * and the stop. Only here and in main may a process exit.
 */
#include "common/service.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "common/audit.h"
#include "common/command.h"
#include "common/consume.h"
#include "common/curve.h"
#include "common/installation.h"
#include "common/log.h"
#include "common/logfmt.h"
#include "common/policy.h"
#include "common/pure/calendar_cn.h"
#include "common/pure/currency.h"
#include "common/quarantine.h"
#include "common/quarantine_read.h"
#include "common/receipt.h"
#include "common/service_internal.h"
#include "common/service_settings.h"
#include "common/sweep.h"
#include "common/timers.h"
#include "common/zones.h"

#define TICK_MS 50
/* Largest frame: a Publish of 8 MiB and its envelope. */
#define MAX_MESSAGE_BYTES (8 * 1024 * 1024 + 64 * 1024)
#define MAX_ARENA_BYTES (64 * 1024 * 1024)
#define STOP_LIMIT_MS 5000

extern char **environ;

static void die(const char *what, const char *why)
{
    logfmt_error("cannot-start", "what", what, "why", why, NULL);
    exit(1);
}

const struct handler *service_find_handler(const struct service *service, const char *type)
{
    const struct service_definition *definition = service->definition;

    for (size_t i = 0; i < definition->handler_count; i++)
        if (strcmp(definition->handlers[i].type, type) == 0)
            return &definition->handlers[i];
    for (size_t i = 0; i < service_floor_handler_count; i++)
        if (strcmp(service_floor_handlers[i].type, type) == 0)
            return &service_floor_handlers[i];
    return NULL;
}

/* --- connections --- */

static void open_pg(struct service *service)
{
    const struct service_definition *definition = service->definition;
    const struct settings *settings = service->settings;
    const struct pg_options options = {
        .conninfo = settings_text(settings, "KEHU_DATABASE"),
        .schema = definition->name,
        .application = service->instance,
        .statement_timeout_ms = (int)settings_integer(settings, "KEHU_STATEMENT_TIMEOUT"),
        .reconnect_ms = 50,
        .max_turn_bytes = (size_t)settings_integer(settings, "KEHU_MAX_TURN_BYTES"),
        .max_turn_units = (unsigned)settings_integer(settings, "KEHU_MAX_TURN_UNITS"),
    };

    service->pg = pg_new(service->loop, &options);
    if (!service->pg)
        die("postgres", "out of memory");
    pg_add_statements(service->pg, receipt_statements, receipt_statement_count);
    pg_add_statements(service->pg, command_statements, command_statement_count);
    pg_add_statements(service->pg, policy_statements, policy_statement_count);
    pg_add_statements(service->pg, timer_statements, timer_statement_count);
    pg_add_statements(service->pg, sweep_statements, sweep_statement_count);
    pg_add_statements(service->pg, sweep_aside_statements, sweep_aside_statement_count);
    pg_add_statements(service->pg, consume_statements, consume_statement_count);
    pg_add_statements(service->pg, log_statements, log_statement_count);
    pg_add_statements(service->pg, quarantine_statements, quarantine_statement_count);
    pg_add_statements(service->pg, quarantine_read_statements, quarantine_read_statement_count);
    pg_add_statements(service->pg, audit_statements, audit_statement_count);
    pg_add_statements(service->pg, installation_statements, installation_statement_count);
    for (size_t i = 0; i < definition->statement_table_count; i++)
        pg_add_statements(service->pg, definition->statements[i].table,
                          definition->statements[i].count);
}

static void open_kv(struct service *service)
{
    const struct settings *settings = service->settings;
    char prefix[80];

    snprintf(prefix, sizeof(prefix), "kehu:%s:", service->definition->name);
    const struct kv_options options = {
        .host = settings_text(settings, "KEHU_REDIS_HOST"),
        .port = (int)settings_integer(settings, "KEHU_REDIS_PORT"),
        .password = settings_text(settings, "KEHU_REDIS_PASSWORD"),
        .prefix = prefix,
        .timeout_ms = 200,
        .max_waiting = 10000,
    };

    service->kv = kv_new(service->loop, &options);
    if (!service->kv)
        die("redis", "out of memory");
}

static void open_bus(struct service *service)
{
    char secret[CURVE_Z85_CHARS + 1], why[300];

    if (keys_new(settings_text(service->settings, "KEHU_KEYS"), &service->keys, why, sizeof(why)) !=
        OK)
        die("KEHU_KEYS", why);
    if (curve_read_server(settings_text(service->settings, "KEHU_SERVER_SECRET"), secret, why,
                          sizeof(why)) != OK)
        die("KEHU_SERVER_SECRET", why);
    const struct bus_options options = {
        .endpoint = settings_text(service->settings, "KEHU_ENDPOINT"),
        .secret_z85 = secret,
        .max_message_bytes = MAX_MESSAGE_BYTES,
        .queue_messages = 64,
        .waiting_answers = 65536,
        .waiting_bytes = 64 * 1024 * 1024,
    };

    if (bus_new(service->loop, service->keys, &options, flows_receive, flows_refuse, service->flows,
                &service->bus, why, sizeof(why)) != OK)
        die("KEHU_ENDPOINT", why);
    sodium_memzero(secret, sizeof(secret));
}

static void open_seal(struct service *service)
{
    const char *path = settings_text(service->settings, "KEHU_SEAL_KEYS_FILE");
    char why[400];

    if (path[0] && seal_new(path, &service->seal, why, sizeof(why)) != OK)
        die("KEHU_SEAL_KEYS_FILE", why);
    if (!path[0] && service->definition->needs_seal)
        die("KEHU_SEAL_KEYS_FILE",
            "must name the file of the keys that seal values; `kehuctl keys seal` makes it");
}

static void open_flows(struct service *service)
{
    const struct flow_limits limits = {
        .max_requests = (unsigned)settings_integer(service->settings, "KEHU_MAX_REQUESTS"),
        .max_polls = (unsigned)settings_integer(service->settings, "KEHU_MAX_POLLS"),
        .max_bytes = (size_t)settings_integer(service->settings, "KEHU_MAX_MEMORY"),
        .max_arena_bytes = MAX_ARENA_BYTES,
        .deadline_us = 30 * SECOND_US,
    };

    service->flows = flows_new(service, &limits);
    if (!service->flows)
        die("memory", "out of memory");
}

static void open_calls(struct service *service)
{
    char what[80], why[300];

    if (!service_calls_open(service, what, sizeof(what), why, sizeof(why)))
        die(what, why);
}

static void open_http(struct service *service)
{
    static const struct http_pages pages = {.ready = service_ready_page,
                                            .metrics = service_metrics_page};
    char why[300];

    if (http_new(service->loop, settings_text(service->settings, "KEHU_HTTP"), &pages, service,
                 &service->http, why, sizeof(why)) != OK)
        die("KEHU_HTTP", why);
}

/* --- running --- */

static void tick(uv_timer_t *timer)
{
    struct service *service = timer->data;

    if (service->seal)
        seal_refresh(service->seal);
    consumers_measure(service->consumers);
    if (service->is_stopping && (flows_counters(service->flows)->in_flight == 0 ||
                                 uv_now(loop_uv(service->loop)) >= service->stop_by_ms))
        service_close(service);
}

static void run_job(uv_timer_t *timer)
{
    struct service_job *job = timer->data;

    if (!job->service->is_stopping && pg_is_ready(job->service->pg))
        flows_start(job->service->flows, job->job->name, job->job->step);
}

static void start_jobs(struct service *service)
{
    const struct service_definition *definition = service->definition;

    service->jobs =
        calloc(definition->job_count ? definition->job_count : 1, sizeof(*service->jobs));
    if (!service->jobs)
        die("memory", "out of memory");
    for (size_t i = 0; i < definition->job_count; i++) {
        struct service_job *job = &service->jobs[i];
        job->service = service;
        job->job = &definition->jobs[i];
        uv_timer_init(loop_uv(service->loop), &job->timer);
        job->timer.data = job;
        uv_timer_start(&job->timer, run_job, (uint64_t)job->job->every_ms / 10,
                       (uint64_t)job->job->every_ms);
    }
}

static void log_has_news(void *owner)
{
    struct service *service = owner;

    flows_wake(service->flows);
}

static void read_clock(void *owner)
{
    struct service *service = owner;

    flows_start(service->flows, "installation", installation_read);
}

/* A timer or a row of a sweep was armed that is soon due. */
static void look_for_due(void *owner)
{
    struct service *service = owner;

    timers_look(service->timers);
    sweeps_look(service->sweeps);
}

static void pg_changed(void *owner, bool ready)
{
    struct service *service = owner;

    if (ready) {
        logfmt_info("postgres", "state", "ready", NULL);
        flows_pg_ready(service->flows);
        read_clock(service);
        look_for_due(service);
        consumers_look(service->consumers);
    } else {
        logfmt_warning("postgres", "state", "down", "why", pg_why_down(service->pg), NULL);
    }
}

/* Without a connection asks fail at once, inside pg_flush: their requests go on in the next turn.
 */
static void settle(void *owner)
{
    struct service *service = owner;

    if (flows_has_ready(service->flows))
        loop_turn_again(service->loop);
}

/* The turn: what arrived becomes requests, requests enter their steps, what they asked leaves for
 * PostgreSQL, what they answered leaves for the network; all before the loop sleeps. */
static void order_turn(struct service *service)
{
    loop_add_station(service->loop, "bus_read", bus_read, service->bus);
    loop_add_station(service->loop, "steps", flows_run, service->flows);
    loop_add_station(service->loop, "calls", service_calls_turn, service);
    loop_add_station(service->loop, "pg", pg_flush, service->pg);
    loop_add_station(service->loop, "settle", settle, service);
    loop_add_station(service->loop, "bus_write", bus_write, service->bus);
}

/* Stop: no new requests, the ones at work are finished or run into the limit, then everything
 * closes. */
static void begin_stop(void *owner)
{
    struct service *service = owner;

    logfmt_info("stop", NULL);
    service->is_stopping = true;
    consumers_stop(service->consumers);
    service->stop_by_ms = uv_now(loop_uv(service->loop)) + STOP_LIMIT_MS;
    bus_pause(service->bus);
}

void service_close(struct service *service)
{
    if (service->is_closed)
        return;
    service->is_closed = true;
    uv_close((uv_handle_t *)&service->ticker, NULL);
    for (size_t i = 0; i < service->definition->job_count; i++)
        uv_close((uv_handle_t *)&service->jobs[i].timer, NULL);
    timers_close(service->timers);
    sweeps_close(service->sweeps);
    consumers_close(service->consumers);
    http_close(service->http);
    pg_watch(service->pg, NULL, NULL); /* we close it ourselves: no alarm */
    pg_close(service->pg);
    kv_close(service->kv);
    service_calls_close(service);
    flows_run(service->flows); /* what ended by closing says so to its askers */
    service_calls_turn(service);
    flows_close(service->flows);
    bus_write(service->bus);
    bus_close(service->bus);
    loop_stop(service->loop);
}

/* NOTIFYs of this service's processes to each other: news in the log, a timer that is soon due, a
 * clock that was moved. */
static void listen_to_others(struct service *service)
{
    const char *name = service->definition->name;

    char channel[64];

    snprintf(channel, sizeof(channel), "%s_log", name);
    pg_listen(service->pg, channel, log_has_news, service);
    snprintf(channel, sizeof(channel), "%s_timer", name);
    pg_listen(service->pg, channel, look_for_due, service);
    snprintf(channel, sizeof(channel), "%s_clock", name);
    pg_listen(service->pg, channel, read_clock, service);
}

static void serve(struct service *service)
{
    service->loop = loop_new();
    if (!service->loop)
        die("loop", "out of memory");
    service->counters = calloc(1, service->definition->counters_bytes + 1);
    if (!service->counters)
        die("memory", "out of memory");
    open_flows(service);
    open_pg(service);
    open_kv(service);
    open_bus(service);
    service->timers = timers_new(service);
    service->sweeps = sweeps_new(service);
    if (!service->timers || !service->sweeps)
        die("memory", "out of memory");
    open_calls(service);
    service->metrics = service_metrics_new(service);
    if (!service->metrics)
        die("memory", "out of memory");
    open_http(service);
    order_turn(service);
    uv_timer_init(loop_uv(service->loop), &service->ticker);
    service->ticker.data = service;
    uv_timer_start(&service->ticker, tick, TICK_MS, TICK_MS);
    listen_to_others(service);
    pg_watch(service->pg, pg_changed, service);
    pg_connect(service->pg);
    kv_connect(service->kv);
    start_jobs(service);
    logfmt_info("start", "version", KEHU_VERSION, "endpoint",
                settings_text(service->settings, "KEHU_ENDPOINT"), "http",
                settings_text(service->settings, "KEHU_HTTP"), "zone", service->zone.name, NULL);
    loop_run(service->loop, begin_stop, service);
    flows_free(service->flows);
    timers_free(service->timers);
    sweeps_free(service->sweeps);
    service_calls_free(service);
    bus_free(service->bus);
    http_free(service->http);
    kv_free(service->kv);
    pg_free(service->pg);
    loop_free(service->loop);
    keys_free(service->keys);
    metrics_free(service->metrics);
    free(service->jobs);
    if (service->definition->counters_free)
        service->definition->counters_free(service->counters);
    free(service->counters);
}

/* --- the command line --- */

static bool is_installation(const char *kind)
{
    return strcmp(kind, "live") == 0 || strcmp(kind, "demo") == 0 || strcmp(kind, "test") == 0;
}

static void read_settings(struct service *service)
{
    const struct service_definition *definition = service->definition;
    const struct setting *const tables[] = {service_settings, definition->settings};
    const size_t counts[] = {service_setting_count, definition->setting_count};
    char why[400];

    if (settings_read(tables, counts, definition->settings ? 2 : 1, environ, &service->settings,
                      why, sizeof(why)) != OK)
        die("settings", why);
    if (zones_load(settings_text(service->settings, "KEHU_TIMEZONE"), &service->zone, why,
                   sizeof(why)) != OK)
        die("KEHU_TIMEZONE", why);
    calendar_cn_set(&service->calendar, &service->zone, CALENDAR_CN_USUAL);
    if (!currency_is_known(settings_text(service->settings, "KEHU_CURRENCY")))
        die("KEHU_CURRENCY", "must be an ISO 4217 code such as CNY");
    if (!is_installation(settings_text(service->settings, "KEHU_INSTALLATION")))
        die("KEHU_INSTALLATION", "must be live, demo or test");
    snprintf(service->currency, sizeof(service->currency), "%s",
             settings_text(service->settings, "KEHU_CURRENCY"));
    service->instance = settings_text(service->settings, "KEHU_INSTANCE");
    if (!service->instance[0])
        service->instance = definition->name;
    logfmt_set_service(service->instance);
}

static void print_help(const struct service_definition *definition)
{
    const struct setting *const tables[] = {service_settings, definition->settings};
    const size_t counts[] = {service_setting_count, definition->setting_count};

    printf("usage: %s [--migrate | --check | --help | --version]\n\n"
           "Without an option it serves until SIGTERM.\n"
           "  --migrate   bring the schema up to date as KEHU_DATABASE_OWNER, then end\n"
           "  --check     verify the settings and print those in force, then end\n\n"
           "Settings come from the environment; NAME_FILE names a file that holds the value.\n\n",
           definition->name);
    settings_print_help(tables, counts, definition->settings ? 2 : 1);
}

static int migrate(struct service *service)
{
    const char *owner = settings_text(service->settings, "KEHU_DATABASE_OWNER");
    char why[500];

    if (!owner[0])
        die("KEHU_DATABASE_OWNER", "--migrate needs the connection string of the owner role");
    if (migrate_run(owner, service->definition->name, service->definition->migrations,
                    service->definition->migration_count,
                    settings_text(service->settings, "KEHU_INSTALLATION"), why, sizeof(why)) != OK)
        die("migrate", why);
    return 0;
}

int service_main(const struct service_definition *definition, int argc, char **argv)
{
    static struct service service;
    const char *option = argc > 1 ? argv[1] : "";

    if (argc > 2 ||
        (option[0] && strcmp(option, "--migrate") != 0 && strcmp(option, "--check") != 0 &&
         strcmp(option, "--help") != 0 && strcmp(option, "--version") != 0)) {
        fprintf(stderr, "%s: unknown option; see --help\n", definition->name);
        return 2;
    }
    service.definition = definition;
    logfmt_set_service(definition->name);
    if (strcmp(option, "--help") == 0) {
        print_help(definition);
        return 0;
    }
    if (strcmp(option, "--version") == 0) {
        printf("%s %s\n", definition->name, KEHU_VERSION);
        return 0;
    }
    if (sodium_init() < 0)
        die("libsodium", "no source of randomness");
    read_settings(&service);
    if (strcmp(option, "--migrate") == 0) {
        int code = migrate(&service);
        settings_free(service.settings);
        return code;
    }
    open_seal(&service);
    if (strcmp(option, "--check") == 0)
        settings_print(service.settings);
    else
        serve(&service);
    seal_free(service.seal);
    settings_free(service.settings);
    return 0;
}
