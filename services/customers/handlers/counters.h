/*
 * What the service counts of its own, for /metrics and Stats.
 */
#ifndef KEHU_CUSTOMERS_COUNTERS_H
#define KEHU_CUSTOMERS_COUNTERS_H

#include "common/base.h"
#include "common/intake_batch.h"
#include "common/service.h"

struct customers_counters {
    struct intake_counts intake;
    uint64_t card_hits, card_misses;
    uint64_t resealed, seal_waiting, seal_unreadable, seal_wrong_ring;
    uint64_t grade_chunks;
    uint64_t owner_rules_at_work; /* 1 while this process assigns owners, chunk after chunk */
    uint64_t owner_rules_go_on;   /* its chunk is done and there may be more */
    uint64_t grade_run_at_work;   /* 1 while this process works on a run, chunk after chunk */
    uint64_t grade_run_goes_on;   /* its chunk is done and is not the last */
    uint64_t grade_failures;
    struct id grade_run; /* whose chunk is at work, after that many */
    int64_t grade_run_step;
    char grade_run_trouble[200]; /* why it failed; empty: it did not */
};

extern const struct metric customers_metrics[];
extern const size_t customers_metric_count;

#endif
