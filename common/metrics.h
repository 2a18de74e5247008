/*
 * The process's numbers: for /metrics (Prometheus text exposition 0.0.4) and for the Stats message.
 * Modules keep their own counters; they are read when somebody asks, so nothing is counted twice.
 * A module's counters are exported by one table of `struct metric` over its counters struct; what
 * has labels or must be worked out is put by a collect function. One thread, no locks.
 */
#ifndef KEHU_METRICS_H
#define KEHU_METRICS_H

#include "common/base.h"

enum metric_kind {
    METRIC_COUNTER, /* only grows; its name ends in _total */
    METRIC_GAUGE,
    METRIC_HISTOGRAM, /* of durations; its name ends in _seconds */
};

/* One row of a module's table. The name is what follows the source's prefix. */
struct metric {
    const char *name; /* "received_total" */
    enum metric_kind kind;
    size_t offset;    /* of the uint64_t, int64_t >= 0 or struct histogram in the counters struct */
    const char *help; /* one sentence */
};

/* Durations in buckets that double from 32 us to 67 s; the last one takes all that is longer. */
#define HISTOGRAM_BUCKETS 23
struct histogram {
    uint64_t counts[HISTOGRAM_BUCKETS];
    uint64_t sum_us;
    uint64_t longest_us;
};

void histogram_add(struct histogram *histogram, int64_t duration_us);
uint64_t histogram_count(const struct histogram *histogram);
/* An estimate, right within its bucket: share 0.99 is the 99th percentile. 0 when it is empty. */
uint64_t histogram_percentile_us(const struct histogram *histogram, double share);

struct metrics;
struct metrics_out;

/* NULL when memory is out. */
struct metrics *metrics_new(void);
void metrics_free(struct metrics *metrics);

/*
 * Exports a counters struct by its table. `prefix` ("kehu_bus_"), table and counters are borrowed
 * and must live as long as the metrics. At most 64 tables and sources together.
 */
void metrics_add_table(struct metrics *metrics, const char *prefix, const struct metric *table,
                       size_t count, const void *counters);

/* Exports what `collect` puts, each time somebody asks. */
typedef void (*metrics_collect)(void *owner, struct metrics_out *out);
void metrics_add_source(struct metrics *metrics, const char *prefix, metrics_collect collect,
                        void *owner);

/*
 * Put by a collect function. All values of one metric follow each other. `label` may be NULL; the
 * label's value may be any text. The metric's offset is without meaning here.
 */
void metrics_put(struct metrics_out *out, const struct metric *metric, const char *label,
                 const char *label_value, double value);
void metrics_put_histogram(struct metrics_out *out, const struct metric *metric, const char *label,
                           const char *label_value, const struct histogram *histogram);

/* The exposition as terminated text, to be freed by the caller; NULL when memory is out. */
char *metrics_print(const struct metrics *metrics, size_t *bytes);

/* Calls `each` for every value; a label is part of the name: `x_total{status="OK"}`. A histogram
 * gives its _count, and _p50, _p95, _p99 and _max in seconds. `name` is borrowed for the call. */
typedef void (*metrics_each)(void *owner, const char *name, const char *help, double value);
void metrics_visit(const struct metrics *metrics, metrics_each each, void *owner);

#endif
