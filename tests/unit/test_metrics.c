/*
 * The process's numbers as Prometheus and the Stats message see them.
 */
#include "common/metrics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct pump_counters {
    uint64_t strokes;
    uint64_t waiting;
    struct histogram took;
};

static const struct metric pump[] = {
    {"strokes_total", METRIC_COUNTER, offsetof(struct pump_counters, strokes), "Strokes made."},
    {"waiting", METRIC_GAUGE, offsetof(struct pump_counters, waiting), "Buckets that wait."},
};

static const struct metric took = {"seconds", METRIC_HISTOGRAM,
                                   offsetof(struct pump_counters, took), "Time of a stroke."};

static const struct metric ended = {"ended_total", METRIC_COUNTER, 0, "A \\ and\na break."};

static void collect(void *owner, struct metrics_out *out)
{
    (void)owner;
    metrics_put(out, &ended, "status", "OK", 2);
    metrics_put(out, &ended, "status", "say \"no\"\\\n", 0.5);
}

static void counters_are_printed_by_their_table(void **state)
{
    (void)state;
    struct pump_counters counters = {.strokes = UINT64_C(9007199254740991), .waiting = 3};
    struct metrics *metrics = metrics_new();
    size_t bytes = 0;

    metrics_add_table(metrics, "kehu_pump_", pump, COUNT_OF(pump), &counters);
    char *text = metrics_print(metrics, &bytes);
    assert_string_equal(text, "# HELP kehu_pump_strokes_total Strokes made.\n"
                              "# TYPE kehu_pump_strokes_total counter\n"
                              "kehu_pump_strokes_total 9007199254740991\n"
                              "# HELP kehu_pump_waiting Buckets that wait.\n"
                              "# TYPE kehu_pump_waiting gauge\n"
                              "kehu_pump_waiting 3\n");
    assert_int_equal(bytes, strlen(text));
    free(text);
    metrics_free(metrics);
}

static void labels_and_help_are_escaped_and_headed_once(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_new();
    size_t bytes = 0;

    metrics_add_source(metrics, "kehu_", collect, NULL);
    char *text = metrics_print(metrics, &bytes);
    assert_string_equal(text, "# HELP kehu_ended_total A \\\\ and\\na break.\n"
                              "# TYPE kehu_ended_total counter\n"
                              "kehu_ended_total{status=\"OK\"} 2\n"
                              "kehu_ended_total{status=\"say \\\"no\\\"\\\\\\n\"} 0.5\n");
    free(text);
    metrics_free(metrics);
}

static void a_histogram_is_cumulative_and_ends_in_infinity(void **state)
{
    (void)state;
    struct pump_counters counters = {0};
    struct metrics *metrics = metrics_new();
    size_t bytes = 0;

    histogram_add(&counters.took, 32);
    histogram_add(&counters.took, 33);
    histogram_add(&counters.took, INT64_C(100000000));
    histogram_add(&counters.took, -5);
    metrics_add_table(metrics, "kehu_pump_", &took, 1, &counters);
    char *text = metrics_print(metrics, &bytes);
    assert_non_null(strstr(text, "# TYPE kehu_pump_seconds histogram\n"));
    assert_non_null(strstr(text, "kehu_pump_seconds_bucket{le=\"3.2e-05\"} 2\n"));
    assert_non_null(strstr(text, "kehu_pump_seconds_bucket{le=\"6.4e-05\"} 3\n"));
    assert_non_null(strstr(text, "kehu_pump_seconds_bucket{le=\"67.108864\"} 3\n"));
    assert_non_null(strstr(text, "kehu_pump_seconds_bucket{le=\"+Inf\"} 4\n"));
    assert_non_null(strstr(text, "kehu_pump_seconds_sum 100.000065\n"));
    assert_non_null(strstr(text, "kehu_pump_seconds_count 4\n"));
    free(text);
    metrics_free(metrics);
}

static void a_percentile_is_right_within_its_bucket(void **state)
{
    (void)state;
    struct histogram histogram = {0};

    assert_int_equal(histogram_percentile_us(&histogram, 0.5), 0);
    for (int i = 1; i <= 1000; i++)
        histogram_add(&histogram, i);
    uint64_t median = histogram_percentile_us(&histogram, 0.5);
    assert_true(median >= 256 && median <= 512);
    assert_int_equal(histogram_percentile_us(&histogram, 1), 1000);
    histogram_add(&histogram, INT64_C(200000000));
    assert_int_equal(histogram_percentile_us(&histogram, 1), 200000000);
}

struct seen {
    int count;
    char names[16][80];
    double values[16];
};

static void see(void *owner, const char *name, const char *help, double value)
{
    struct seen *seen = owner;

    assert_non_null(help);
    snprintf(seen->names[seen->count], sizeof(seen->names[0]), "%s", name);
    seen->values[seen->count++] = value;
}

static void a_visitor_sees_every_value_and_percentiles(void **state)
{
    (void)state;
    struct pump_counters counters = {.strokes = 7};
    struct metrics *metrics = metrics_new();
    struct seen seen = {0};

    histogram_add(&counters.took, 2000000);
    metrics_add_table(metrics, "kehu_pump_", pump, COUNT_OF(pump), &counters);
    metrics_add_table(metrics, "kehu_pump_", &took, 1, &counters);
    metrics_add_source(metrics, "kehu_", collect, NULL);
    metrics_visit(metrics, see, &seen);
    assert_int_equal(seen.count, 2 + 5 + 2);
    assert_string_equal(seen.names[0], "kehu_pump_strokes_total");
    assert_true(seen.values[0] == 7);
    assert_string_equal(seen.names[6], "kehu_pump_seconds_max");
    assert_true(seen.values[6] == 2);
    assert_string_equal(seen.names[7], "kehu_ended_total{status=\"OK\"}");
    metrics_free(metrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_are_printed_by_their_table),
        cmocka_unit_test(labels_and_help_are_escaped_and_headed_once),
        cmocka_unit_test(a_histogram_is_cumulative_and_ends_in_infinity),
        cmocka_unit_test(a_percentile_is_right_within_its_bucket),
        cmocka_unit_test(a_visitor_sees_every_value_and_percentiles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
