#include "services/complaints/handlers/counters.h"

const struct metric complaints_metrics[] = {
    {"events_accepted_total", METRIC_COUNTER, offsetof(struct complaints_counters, intake.accepted),
     "Events answered as accepted, repeats of a request included."},
    {"events_duplicate_total", METRIC_COUNTER,
     offsetof(struct complaints_counters, intake.duplicates),
     "Events answered as duplicates of another request's."},
    {"events_rejected_total", METRIC_COUNTER, offsetof(struct complaints_counters, intake.rejected),
     "Events rejected and quarantined, conflicts included."},
    {"events_historic_total", METRIC_COUNTER, offsetof(struct complaints_counters, intake.historic),
     "Accepted events of the past: they change figures and trigger nothing."},
    {"events_conflict_total", METRIC_COUNTER,
     offsetof(struct complaints_counters, intake.conflicts),
     "Events whose (source, id) was used before with another payload."},
    {"standings_counted_total", METRIC_COUNTER,
     offsetof(struct complaints_counters, standings_counted),
     "Customers whose cases this process has counted again."},
    {"standings_told_total", METRIC_COUNTER, offsetof(struct complaints_counters, standings_told),
     "Of these, those whose cases stood otherwise than was told before."},
    {"clocks_warned_total", METRIC_COUNTER, offsetof(struct complaints_counters, clocks_warned),
     "Warnings before a deadline that this process told."},
    {"clocks_breached_total", METRIC_COUNTER, offsetof(struct complaints_counters, clocks_breached),
     "Deadlines that passed and were told by this process."},
    {"clock_late_seconds", METRIC_HISTOGRAM, offsetof(struct complaints_counters, clock_late),
     "From the moment of a warning or breach until it was told: above a few seconds only after a "
     "stop."},
    {"clocks_moved_total", METRIC_COUNTER, offsetof(struct complaints_counters, clocks_moved),
     "Open clocks computed again because a policy of targets came into force."},
};
const size_t complaints_metric_count = COUNT_OF(complaints_metrics);
