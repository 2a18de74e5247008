/*
 * kehuctl simulate: a company that does not exist, with customers and orders to look at.
 */
#include "clients/kehuctl/import_send.h"
#include "clients/kehuctl/simulate_company.h"
#include "common/pure/currency.h"
#include "common/pure/day.h"
#include "common/zones.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    BATCH = 100,
    IN_FLIGHT = 8,
    SOURCE_BYTES = 64,
};

static const struct ctl_option options[] = {
    {"--customers", "N", "how many customers; default 500", false},
    {"--orders", "N", "how many orders; default 5000", false},
    {"--seed", "S", "the same seed gives the same events; default 1", false},
    {"--from", "DATE", "first day; default 365 days before --to", false},
    {"--to", "DATE", "last day; default yesterday; what lies in the future is left out", false},
    {"--source", "NAME", "the system the orders come from; default sim", false},
    {"--currency", "CODE", "ISO 4217 currency of the prices; default the stack's", false},
    {"--rate", "N", "at most N events a second; default: as fast as the service takes them", false},
};

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

static bool read_dates(struct ctl *ctl, struct simulate_settings *settings)
{
    char first[DAY_TEXT_BYTES], last[DAY_TEXT_BYTES];
    int32_t today = zone_day(settings->zone, settings->now_us);

    if (!ctl_date(ctl, "--to", &settings->to))
        settings->to = today - 1;
    if (!ctl_date(ctl, "--from", &settings->from))
        settings->from = settings->to - 364;
    if (settings->from <= settings->to && settings->from <= today)
        return true;
    day_print(settings->from, first);
    day_print(settings->to < today ? settings->to : today, last);
    ctl_say("--from %s is after %s; it must not be after --to nor after today", first, last);
    return false;
}

static bool read_settings(struct ctl *ctl, struct simulate_settings *settings)
{
    const char *source = ctl_option(ctl, "--source"), *currency = ctl_option(ctl, "--currency");

    settings->customers = (uint32_t)ctl_integer(ctl, "--customers", 500, 1, 99999);
    settings->orders = (uint32_t)ctl_integer(ctl, "--orders", 5000, 1, 999999);
    settings->seed = (uint64_t)ctl_integer(ctl, "--seed", 1, 0, INT64_MAX);
    settings->source = source != NULL ? source : "sim";
    settings->currency = currency != NULL ? currency : ctl->currency;
    settings->now_us = now_us();
    if (settings->source[0] == '\0' || strlen(settings->source) > SOURCE_BYTES)
        ctl_say("--source: 1 to %d characters", SOURCE_BYTES);
    else if (!currency_is_known(settings->currency))
        ctl_say("currency %s: no currency of ISO 4217; write its three capital letters, such as "
                "CNY",
                settings->currency);
    else
        return read_dates(ctl, settings);
    return false;
}

static bool next_event(void *owner, struct import_event *event)
{
    return simulate_company_next(owner, event);
}

static int send_events(struct ctl *ctl, const struct simulate_settings *settings,
                       struct simulate_company *company)
{
    uint64_t events = simulate_company_events(company);
    struct import_source source = {next_event, company, events};
    struct import_options how = {BATCH, IN_FLIGHT,
                                 (unsigned)ctl_integer(ctl, "--rate", 0, 1, 1000000)};
    struct import_result result;

    if (!ctl_connect(ctl))
        return CTL_UNFINISHED;
    import_send(ctl, &source, &how, &result);
    if (ctl->json)
        ctl_print_json(ctl, import_send_json(settings->source, events, &result));
    else
        import_send_print(settings->source, events, &result);
    if (result.rejected > 0 && !ctl->json)
        printf("  an event that is rejected as known with other content comes from another\n"
               "  simulation under the same --source: use another one\n");
    return result.exit;
}

static int run(struct ctl *ctl)
{
    struct zone *zone = arena_take(ctl->arena, sizeof(*zone));
    struct simulate_settings settings = {.zone = zone};
    struct simulate_company *company;
    char why[256];
    int code;

    if (zone == NULL)
        return CTL_UNFINISHED;
    if (zones_load(ctl->zone, zone, why, sizeof(why)) != OK) {
        ctl_say("%s", why);
        return CTL_USAGE;
    }
    if (!read_settings(ctl, &settings))
        return CTL_USAGE;
    company = simulate_company_new(&settings);
    if (company == NULL) {
        ctl_say("memory is out");
        return CTL_UNFINISHED;
    }
    code = send_events(ctl, &settings, company);
    simulate_company_free(company);
    return code;
}

const struct ctl_command ctl_simulate = {
    .path = "simulate",
    .arguments = "",
    .min_arguments = 0,
    .max_arguments = 0,
    .summary = "Publish the orders of a made-up company",
    .help =
        "Customers with Chinese and English names in 31 regions and abroad, a few of them large,\n"
        "and their orders: placed, delivered, paid, sometimes cancelled or returned, some\n"
        "without a customer. The same settings give the same events: running it again publishes\n"
        "duplicates. Another simulation needs another --source, because numbers repeat.\n"
        "\n"
        "  kehuctl simulate --customers 500 --orders 5000 --seed 1 --from 2026-01-01 --to "
        "2026-06-30",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run,
};
