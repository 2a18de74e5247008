/*
 * A simulated company: its customers and, in the order of time, everything that happened to their
 * orders. The same settings give the same events to the last byte.
 */
#ifndef KEHU_SIMULATE_COMPANY_H
#define KEHU_SIMULATE_COMPANY_H

#include "clients/kehuctl/import_event.h"
#include "common/pure/zone.h"

struct simulate_settings {
    uint32_t customers; /* at least 1 */
    uint32_t orders;
    uint64_t seed;
    int32_t from, to; /* days, both included */
    int64_t now_us;   /* what would happen later is left out */
    const struct zone *zone;
    const char *source, *currency;
};

struct simulate_company;

/* Everything in the settings is borrowed. NULL when memory is out. */
struct simulate_company *simulate_company_new(const struct simulate_settings *settings);
void simulate_company_free(struct simulate_company *company);

uint64_t simulate_company_events(const struct simulate_company *company);

/* The next event, borrowed until the next call; false behind the last or when memory is out. */
bool simulate_company_next(struct simulate_company *company, struct import_event *event);

#endif
