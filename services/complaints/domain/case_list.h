/*
 * Lists of cases, as questions and lines.
 */
#ifndef KEHU_COMPLAINTS_CASE_LIST_H
#define KEHU_COMPLAINTS_CASE_LIST_H

#include "common/pure/day.h"
#include "services/complaints/domain/clock.h"
#include "services/complaints/domain/report.h"

#define CASE_LIST_NO_DAY DAY_NONE

/* A line of a list. */
struct case_summary {
    struct id id;
    struct text number;
    enum case_kind kind;
    enum case_state state;
    enum case_channel channel;
    enum severity severity;
    enum priority priority;
    enum priority queued; /* in the queue: of today; elsewhere NONE */
    bool is_person_seen;  /* else without customer and summary */
    struct text summary;
    struct id customer;  /* zeroes: none, or not to be seen */
    struct text handler; /* code; "": nobody */
    struct text team, product, issue, region, cause;
    int64_t submitted_us, received_us;
    bool is_supervised, is_historic;
    uint32_t chases;
    bool has_clock;
    struct case_clock clock; /* the next that is due: what clock_band looks at */
    int64_t place;           /* in the order; CLOCK_NEVER: at the end */
};
struct case_summaries {
    struct case_summary *list;
    size_t count;
};

enum case_list_sort {
    CASE_LIST_LATEST,
    CASE_LIST_EARLIEST,
    CASE_LIST_BY_DUE, /* open ones only */
    CASE_LIST_BY_PRIORITY,
};
#define CASE_LIST_SORTS 4

/* The cases behind a figure of a report; figure NONE: not asked. */
struct case_list_figure {
    enum report_key by;
    struct text key;
    int32_t from, to; /* days of submission; NO_DAY: open */
    const enum case_kind *kinds;
    size_t kind_count;
    enum report_figure figure;
    enum clock_kind clock; /* NONE: of any */
    uint32_t recurrence_days;
};

/* Filters that are empty, 0, NONE or NO_DAY are left out. */
struct case_list_question {
    const enum case_state *states;
    size_t state_count;
    const enum case_kind *kinds;
    size_t kind_count;
    const enum case_channel *channels;
    size_t channel_count;
    bool has_customer;
    const struct id *customers; /* with those merged into him */
    size_t customer_count;
    struct text customer_source, customer_external_id; /* of cases that wait for him */
    struct id handler;
    struct text team, product, issue, cause, region, batch, order_number;
    struct text text;
    enum priority min_priority;
    int64_t from_us, before_us; /* received; 0: open */
    bool only_breached, only_supervised;
    struct case_list_figure behind;
    enum case_list_sort sort;
    bool has_after;
    int64_t after_place;
    struct id after;
    uint32_t page_size;
};

enum case_queue_of {
    CASE_QUEUE_OF_ALL,
    CASE_QUEUE_OF_HANDLER,
    CASE_QUEUE_OF_TEAM,
    CASE_QUEUE_UNASSIGNED,
    CASE_QUEUE_UNASSIGNED_OF_TEAM,
};
struct case_queue_question {
    enum case_queue_of of;
    struct id handler;
    struct text team;
    bool has_after;
    enum priority after_priority;
    int64_t after_due_us; /* CLOCK_NEVER: no clock runs */
    struct id after;
    uint32_t page_size;
};

#endif
