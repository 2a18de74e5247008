/*
 * Reports of complaints as a question and rows (R74): sums, from which figures.h makes means.
 */
#ifndef KEHU_COMPLAINTS_CASE_REPORT_H
#define KEHU_COMPLAINTS_CASE_REPORT_H

#include "services/complaints/domain/figures.h"
#include "services/complaints/domain/report.h"

struct report_question {
    enum report_key by;
    int32_t from, to; /* days of submission, both counted in; INT32_MIN: open */
    const enum case_kind *kinds;
    size_t kind_count;
    uint32_t top; /* the largest; 0: page by page, by key */
    uint32_t page_size;
    bool has_after;
    struct text after; /* key of the last row before the page */
    uint32_t recurrence_days;
};

/* Counted cases of a key: without rejected, withdrawn and duplicates. */
struct report_row {
    struct text key;
    int64_t complaints, open, closed, serious, reopened, unconfirmed, our_fault;
    int64_t recurred, recurred_of_customer, recurred_of_batch;
    int64_t not_counted, historic;
    struct figures_time acknowledged, answered, ended; /* of those that are not historic */
    struct figures_ratings ratings;
};
struct report_rows {
    struct report_row *list;
    size_t count;
};

/* How the clocks of a kind were kept, of the cases of a key. */
struct report_clock {
    struct text key;
    enum clock_kind kind;
    int64_t met, breached;
};
struct report_clocks {
    struct report_clock *list; /* by key */
    size_t count;
};

/* Complaints of the period over those who bought (figures_complaint_rate). */
struct report_rate {
    int64_t complaints, active_customers;
};

#endif
