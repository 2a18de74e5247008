/*
 * What the service counts of its own, for /metrics and Stats.
 */
#ifndef KEHU_COMPLAINTS_COUNTERS_H
#define KEHU_COMPLAINTS_COUNTERS_H

#include "common/base.h"
#include "common/intake_batch.h"
#include "common/service.h"
#include "services/complaints/handlers/calendars_in_force.h"
#include "services/complaints/handlers/policies_in_force.h"

struct complaints_counters {
    struct intake_counts intake;
    struct policies_kept policies;
    struct calendars_kept calendars;
    uint64_t clocks_moved, clocks_warned, clocks_breached;
    struct histogram clock_late; /* from a clock's moment until it is told */
    uint64_t standings_counted, standings_told;
    uint64_t standing_at_work; /* 1 while this process counts customers again, set after set */
    uint64_t standing_goes_on; /* its set is done and there may be more */
};

extern const struct metric complaints_metrics[];
extern const size_t complaints_metric_count;

#endif
