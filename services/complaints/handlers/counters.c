#include "services/complaints/handlers/counters.h"

const struct metric complaints_metrics[] = {
    {"standings_counted_total", METRIC_COUNTER,
     offsetof(struct complaints_counters, standings_counted),
     "Customers whose cases this process has counted again."},
    {"standings_told_total", METRIC_COUNTER, offsetof(struct complaints_counters, standings_told),
     "Of these, those whose cases stood otherwise than was told before."},
    {"clocks_moved_total", METRIC_COUNTER, offsetof(struct complaints_counters, clocks_moved),
     "Open clocks computed again because a policy of targets came into force."},
};
const size_t complaints_metric_count = COUNT_OF(complaints_metrics);
