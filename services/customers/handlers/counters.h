/*
 * What the service counts of its own, for /metrics and Stats.
 */
#ifndef KEHU_CUSTOMERS_COUNTERS_H
#define KEHU_CUSTOMERS_COUNTERS_H

#include "common/service.h"

struct customers_counters {
    uint64_t accepted, duplicates, rejected, historic, conflicts;
};

extern const struct metric customers_metrics[];
extern const size_t customers_metric_count;

#endif
