/*
 * Reads the counters of all modules and prints them, or hands them out one by one.
 */
#include "common/metrics.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOURCES_MAX 64
#define FIRST_BUCKET_BITS 5 /* up to 2^5 = 32 us */
#define NAME_MAX_BYTES 400

struct source {
    const char *prefix;
    const struct metric *table; /* or collect */
    size_t count;
    const void *counters;
    metrics_collect collect;
    void *owner;
};

struct metrics {
    struct source sources[SOURCES_MAX];
    size_t source_count;
};

/* Where values go: either the exposition or a visitor. */
struct metrics_out {
    const char *prefix;
    FILE *text;
    const struct metric *last; /* whose HELP and TYPE stand already */
    metrics_each each;
    void *owner;
};

static unsigned bucket_of(uint64_t duration_us)
{
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS - 1; i++)
        if (duration_us <= UINT64_C(1) << (i + FIRST_BUCKET_BITS))
            return i;
    return HISTOGRAM_BUCKETS - 1;
}

void histogram_add(struct histogram *histogram, int64_t duration_us)
{
    uint64_t us = duration_us > 0 ? (uint64_t)duration_us : 0; /* clocks may step back */

    histogram->counts[bucket_of(us)]++;
    histogram->sum_us += us;
    if (us > histogram->longest_us)
        histogram->longest_us = us;
}

uint64_t histogram_count(const struct histogram *histogram)
{
    uint64_t count = 0;

    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
        count += histogram->counts[i];
    return count;
}

uint64_t histogram_percentile_us(const struct histogram *histogram, double share)
{
    double rank = share * (double)histogram_count(histogram);
    double before = 0;

    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        double here = (double)histogram->counts[i];

        if (here > 0 && before + here >= rank) {
            double low = i == 0 ? 0 : (double)(UINT64_C(1) << (i + FIRST_BUCKET_BITS - 1));
            double high = (double)(UINT64_C(1) << (i + FIRST_BUCKET_BITS));

            /* Nothing was longer than the longest; the last bucket has no other end. */
            if (i == HISTOGRAM_BUCKETS - 1 || high > (double)histogram->longest_us)
                high = (double)histogram->longest_us;
            if (low > high)
                low = high;
            return (uint64_t)(low + (high - low) * fmax(0, rank - before) / here);
        }
        before += here;
    }
    return 0;
}

struct metrics *metrics_new(void)
{
    return calloc(1, sizeof(struct metrics));
}

void metrics_free(struct metrics *metrics)
{
    free(metrics);
}

void metrics_add_table(struct metrics *metrics, const char *prefix, const struct metric *table,
                       size_t count, const void *counters)
{
    assert(metrics->source_count < SOURCES_MAX);
    metrics->sources[metrics->source_count++] =
        (struct source){.prefix = prefix, .table = table, .count = count, .counters = counters};
}

void metrics_add_source(struct metrics *metrics, const char *prefix, metrics_collect collect,
                        void *owner)
{
    assert(metrics->source_count < SOURCES_MAX);
    metrics->sources[metrics->source_count++] =
        (struct source){.prefix = prefix, .collect = collect, .owner = owner};
}

/* The exposition's escapes: backslash and line break, and the quote in label values. */
static void print_escaped(FILE *to, const char *text, bool quotes)
{
    for (; *text; text++) {
        if (*text == '\\')
            fputs("\\\\", to);
        else if (*text == '\n')
            fputs("\\n", to);
        else if (*text == '"' && quotes)
            fputs("\\\"", to);
        else
            fputc(*text, to);
    }
}

static void print_number(FILE *to, double value)
{
    if (isnan(value))
        fputs("NaN", to);
    else if (isinf(value))
        fputs(value > 0 ? "+Inf" : "-Inf", to);
    else if (value == floor(value) && fabs(value) < 9007199254740992.0)
        fprintf(to, "%.0f", value);
    else
        fprintf(to, "%.15g", value);
}

static void print_head(struct metrics_out *out, const struct metric *metric)
{
    static const char *const kinds[] = {
        [METRIC_COUNTER] = "counter", [METRIC_GAUGE] = "gauge", [METRIC_HISTOGRAM] = "histogram"};

    if (out->last == metric)
        return;
    out->last = metric;
    fprintf(out->text, "# HELP %s%s ", out->prefix, metric->name);
    print_escaped(out->text, metric->help, false);
    fprintf(out->text, "\n# TYPE %s%s %s\n", out->prefix, metric->name, kinds[metric->kind]);
}

static void print_name(FILE *to, const struct metrics_out *out, const struct metric *metric,
                       const char *suffix, const char *label, const char *label_value,
                       const char *bound)
{
    fprintf(to, "%s%s%s", out->prefix, metric->name, suffix);
    if (!label && !bound)
        return;
    fputc('{', to);
    if (label) {
        fprintf(to, "%s=\"", label);
        print_escaped(to, label_value, true);
        fputc('"', to);
    }
    if (bound)
        fprintf(to, "%sle=\"%s\"", label ? "," : "", bound);
    fputc('}', to);
}

/* One value to wherever they go. */
static void put_value(struct metrics_out *out, const struct metric *metric, const char *suffix,
                      const char *label, const char *label_value, const char *bound, double value)
{
    if (out->text) {
        print_head(out, metric);
        print_name(out->text, out, metric, suffix, label, label_value, bound);
        fputc(' ', out->text);
        print_number(out->text, value);
        fputc('\n', out->text);
        return;
    }

    char name[NAME_MAX_BYTES] = "";
    FILE *to = fmemopen(name, sizeof(name) - 1, "w");

    if (!to)
        return; /* memory is out: this value is missing, nothing else is harmed */
    print_name(to, out, metric, suffix, label, label_value, bound);
    fclose(to);
    out->each(out->owner, name, metric->help, value);
}

void metrics_put(struct metrics_out *out, const struct metric *metric, const char *label,
                 const char *label_value, double value)
{
    put_value(out, metric, "", label, label_value, NULL, value);
}

static void put_buckets(struct metrics_out *out, const struct metric *metric, const char *label,
                        const char *label_value, const struct histogram *histogram)
{
    uint64_t count = 0;
    char bound[32];

    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        count += histogram->counts[i];
        if (i < HISTOGRAM_BUCKETS - 1)
            snprintf(bound, sizeof(bound), "%.9g", (double)(1u << (i + FIRST_BUCKET_BITS)) / 1e6);
        else
            snprintf(bound, sizeof(bound), "+Inf");
        put_value(out, metric, "_bucket", label, label_value, bound, (double)count);
    }
    put_value(out, metric, "_sum", label, label_value, NULL, (double)histogram->sum_us / 1e6);
    put_value(out, metric, "_count", label, label_value, NULL, (double)count);
}

void metrics_put_histogram(struct metrics_out *out, const struct metric *metric, const char *label,
                           const char *label_value, const struct histogram *histogram)
{
    static const struct {
        const char *suffix;
        double share;
    } shown[] = {{"_p50", 0.50}, {"_p95", 0.95}, {"_p99", 0.99}};

    if (out->text) {
        put_buckets(out, metric, label, label_value, histogram);
        return;
    }
    put_value(out, metric, "_count", label, label_value, NULL, (double)histogram_count(histogram));
    for (size_t i = 0; i < COUNT_OF(shown); i++)
        put_value(out, metric, shown[i].suffix, label, label_value, NULL,
                  (double)histogram_percentile_us(histogram, shown[i].share) / 1e6);
    put_value(out, metric, "_max", label, label_value, NULL, (double)histogram->longest_us / 1e6);
}

static void put_table(struct metrics_out *out, const struct source *source)
{
    for (size_t i = 0; i < source->count; i++) {
        const struct metric *metric = &source->table[i];
        const char *at = (const char *)source->counters + metric->offset;
        uint64_t value;

        if (metric->kind == METRIC_HISTOGRAM) {
            metrics_put_histogram(out, metric, NULL, NULL, (const struct histogram *)at);
            continue;
        }
        memcpy(&value, at, sizeof(value));
        metrics_put(out, metric, NULL, NULL, (double)value);
    }
}

static void put_all(const struct metrics *metrics, struct metrics_out *out)
{
    for (size_t i = 0; i < metrics->source_count; i++) {
        const struct source *source = &metrics->sources[i];

        out->prefix = source->prefix;
        out->last = NULL;
        if (source->collect)
            source->collect(source->owner, out);
        else
            put_table(out, source);
    }
}

char *metrics_print(const struct metrics *metrics, size_t *bytes)
{
    char *text = NULL;
    size_t length = 0;
    struct metrics_out out = {.text = open_memstream(&text, &length)};

    if (!out.text)
        return NULL;
    put_all(metrics, &out);

    bool failed = ferror(out.text);

    if (fclose(out.text) != 0 || failed) {
        free(text);
        return NULL;
    }
    *bytes = length;
    return text;
}

void metrics_visit(const struct metrics *metrics, metrics_each each, void *owner)
{
    struct metrics_out out = {.each = each, .owner = owner};

    put_all(metrics, &out);
}
