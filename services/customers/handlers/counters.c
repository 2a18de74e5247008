#include "services/customers/handlers/counters.h"

const struct metric customers_metrics[] = {
    {"events_accepted_total", METRIC_COUNTER, offsetof(struct customers_counters, accepted),
     "Events answered as accepted, repeats of a request included."},
    {"events_duplicate_total", METRIC_COUNTER, offsetof(struct customers_counters, duplicates),
     "Events that were committed before under another request."},
    {"events_rejected_total", METRIC_COUNTER, offsetof(struct customers_counters, rejected),
     "Events rejected and quarantined, conflicts included."},
    {"events_historic_total", METRIC_COUNTER, offsetof(struct customers_counters, historic),
     "Accepted events of more than 7 days before their receipt."},
    {"events_conflict_total", METRIC_COUNTER, offsetof(struct customers_counters, conflicts),
     "Events whose (source, id) had been used with another payload: someone should look."},
    {"card_hits_total", METRIC_COUNTER, offsetof(struct customers_counters, card_hits),
     "Cards whose figures came from Redis."},
    {"card_misses_total", METRIC_COUNTER, offsetof(struct customers_counters, card_misses),
     "Cards whose figures had to be calculated."},
    {"grade_chunks_total", METRIC_COUNTER, offsetof(struct customers_counters, grade_chunks),
     "Chunks of grade runs that this process has done."},
    {"grade_chunk_failures_total", METRIC_COUNTER,
     offsetof(struct customers_counters, grade_failures),
     "Chunks of grade runs that failed in this process; a run ends after ten tries at one."},
    {"grade_run_at_work", METRIC_GAUGE, offsetof(struct customers_counters, grade_run_at_work),
     "Whether this process works on a grade run."},
};
const size_t customers_metric_count = COUNT_OF(customers_metrics);
