/*
 * What the figures of complaints mean (R68, R74; BEHAVIOUR §2), where there is arithmetic. Shares
 * are millionths; a share of nothing is none, never zero.
 */
#ifndef KEHU_COMPLAINTS_FIGURES_H
#define KEHU_COMPLAINTS_FIGURES_H

#include "services/complaints/domain/clock.h"

/* A share with its denominator; has none when that is 0. */
struct figures_share {
    int64_t count, of;
    bool has_share;
    int64_t micros; /* cut, not rounded */
};
struct figures_share figures_share(int64_t count, int64_t of);

/* Complaint rate: complaints opened in the period, without duplicates, rejected and withdrawn, ÷
 * customers with an order in the 12 months before its end. Can be above 1. */
struct figures_share figures_complaint_rate(int64_t complaints, int64_t active_customers);
/* The first day of those 12 months; `end_day` is the first day after the period. */
int32_t figures_active_from(int32_t end_day);

/* Compliance of a kind of clocks: met ÷ (met + breached); open, superseded and dropped ones are not
 * judged. A stopped one counts by its outcome, a running one once it is breached. */
enum figures_judgement { FIGURES_UNJUDGED, FIGURES_MET, FIGURES_BREACHED };
enum figures_judgement figures_judge(const struct case_clock *clock);

/* How long something took: from received to taken, answered, closed. Historic cases and those
 * without an end are left out by the caller. */
struct figures_time {
    int64_t count, sum_us;
};
void figures_add_time(struct figures_time *time, int64_t from_us, int64_t to_us);
/* Mean in hundredths of an hour; 0 of none. */
int64_t figures_mean_hours(const struct figures_time *time);

/* Ratings: the mean in hundredths, and how many answered of those asked. */
struct figures_ratings {
    int64_t asked, answered, sum;
};
int64_t figures_mean_rating(const struct figures_ratings *ratings);
struct figures_share figures_answer_rate(const struct figures_ratings *ratings);

#endif
