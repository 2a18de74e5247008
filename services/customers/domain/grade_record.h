/*
 * What grade runs leave behind, as it is kept and shown. Text is borrowed from the request's arena.
 */
#ifndef KEHU_CUSTOMERS_GRADE_RECORD_H
#define KEHU_CUSTOMERS_GRADE_RECORD_H

#include "services/customers/domain/grade.h"

#define GRADE_MAX_PAGE 1000
#define GRADE_DEFAULT_PAGE 100
#define GRADE_MAX_MOVES 1000
#define GRADE_MAX_HISTORY 50

/* A customer in a list of grades. */
struct grade_customer {
    struct text ref; /* "source:external_id"; empty: by its number */
    int64_t number;
    enum grade grade;
    struct text region;
    int64_t numerator_micros, denominator_micros;
    bool is_long_term;
    uint32_t flags; /* enum grade_flag */
};

struct grade_customers {
    struct grade_customer *list;
    size_t count;
};

/* Amounts in a currency without a rate. */
struct grade_aside {
    char currency[4];
    int64_t net_micros;
};

struct grade_report {
    uint64_t a, b, c, changed, held_demotions;
    const struct text *regions_without_a;
    size_t regions_without_a_count;
    struct grade_customers largest_c, a_below_median;
    const struct text *unmapped_regions;
    size_t unmapped_region_count;
    const struct grade_aside *aside;
    size_t aside_count;
};

enum grade_run_state {
    GRADE_RUN_STATE_IS_RUNNING = 1,
    GRADE_RUN_STATE_IS_FINISHED = 2,
    GRADE_RUN_STATE_IS_FAILED = 3,
};

struct grade_run {
    struct id id;
    int32_t as_of, window_from;
    enum grade_run_state state;
    uint32_t policy_version;
    enum grade_method method;
    uint32_t long_term_days;
    bool is_dry;
    uint64_t done, total;
    int64_t started_at_us, finished_at_us; /* 0: not finished */
    const char *report;                    /* canonical JSON; NULL or empty: none yet */
};

struct grade_history {
    int32_t as_of;
    enum grade grade;
    struct id run;
    bool has_run;
    const char *reason; /* "run", "override", … as grades.proto lists them */
    int64_t at_us;
    uint32_t policy_version;
    int64_t numerator_micros, denominator_micros;
};

/* A demotion that waits for the manager. */
struct grade_held {
    struct text ref;
    int64_t number;
    enum grade from, to;
    int32_t since, decide_by;
};

/* Who would move by another policy. */
struct grade_mover {
    struct text ref;
    int64_t number;
    enum grade from, to; /* from GRADE_NONE: not graded yet */
    int64_t net_micros;
};

struct grade_trial {
    uint32_t customers, unchanged, moves_total;
    const struct grade_mover *moves; /* at most GRADE_MAX_MOVES, largest net first */
    size_t move_count;
};

#endif
