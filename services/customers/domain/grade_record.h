/*
 * What grade runs leave behind, as it is kept and shown. Text is borrowed from the request's arena.
 */
#ifndef KEHU_CUSTOMERS_GRADE_RECORD_H
#define KEHU_CUSTOMERS_GRADE_RECORD_H

#include "services/customers/domain/grade_place.h"

#define GRADE_MAX_PAGE 1000
#define GRADE_DEFAULT_PAGE 100
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
    bool has_run;   /* the run that calculated the figures is known */
    struct id run;
    int32_t as_of;
};

struct grade_customers {
    struct grade_customer *list;
    size_t count;
};

/* A place in a list, for page tokens: the last customer of the page before. Net is upside down, so
 * that lists go up in every column. */
struct grade_list_place {
    enum grade grade; /* GRADE_NONE: the beginning */
    int64_t minus_net_micros;
    struct id customer;
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
    bool hides_customers; /* its report is shown to somebody who does not see all */
    const char *failure;  /* why its last chunk failed; NULL or empty: it did not */
};

/* What a run works through, in this order. */
enum grade_phase {
    GRADE_PHASE_FIGURES = 1, /* customers in the order of id: what each bought, and the regions */
    GRADE_PHASE_GRADING = 2, /* in the order of region and net */
    GRADE_PHASE_REPORT = 3,
    /* Between figures and grading, where small regions are graded with their parent: */
    GRADE_PHASE_REGIONS = 4, /* which ones */
    GRADE_PHASE_MOVING = 5,  /* their customers, region by region */
};

/* A run at work: where it is, and what it has found so far. */
struct grade_work {
    bool found;
    struct grade_run run;
    const char *policy; /* canonical JSON, as the run was asked for */
    bool holds_demotions;
    const char *asked_by;
    int64_t step; /* counts chunks; the guard between processes */
    enum grade_phase phase;
    struct id last_customer;
    struct text last_region;
    struct grade_place place; /* in last_region */
    uint64_t a, b, c, changed, held;
};

/* How a customer stands, as it is kept. */
struct grade_current {
    bool found;
    struct id customer;
    int64_t version; /* 0: not kept yet; the guard of concurrent savers */
    enum grade grade, computed;
    struct id run;           /* that calculated the figures */
    uint32_t policy_version; /* of the run */
    int32_t as_of;
    struct text region;
    int64_t numerator_micros, denominator_micros;
    int32_t first_purchase; /* INT32_MIN: none */
    bool is_long_term;
    uint32_t flags;
    uint32_t rank; /* within the region */
    int64_t accumulated_before_micros;
    int32_t since;
    uint32_t runs_below;
    bool is_overridden;
    struct text override_reason;
    int32_t override_until;
    enum grade held_to; /* GRADE_NONE: nothing waits */
    int32_t held_since, held_until;
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

/* Whom a run moved, or would have moved. */
struct grade_mover {
    struct text ref;
    int64_t number;
    enum grade from, to; /* from GRADE_NONE: not graded yet */
    int64_t net_micros;
};

#endif
