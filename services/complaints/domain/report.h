/*
 * Reports of complaints (R74): by what they are divided, and which figures a row has. The cases
 * behind a figure are found by the same two.
 */
#ifndef KEHU_COMPLAINTS_REPORT_H
#define KEHU_COMPLAINTS_REPORT_H

#include "common/base.h"

/* As on the wire. */
enum report_key {
    REPORT_KEY_IS_NONE = 0,
    REPORT_BY_PRODUCT = 1,
    REPORT_BY_ISSUE = 2,
    REPORT_BY_MONTH = 3,
    REPORT_BY_CHANNEL = 4,
    REPORT_BY_STATE = 5,
    REPORT_BY_REGION = 6,
    REPORT_BY_CAUSE = 7,
    REPORT_BY_OWNER = 8,
    REPORT_BY_GRADE = 9,
    REPORT_BY_TOTAL = 10,
    REPORT_BY_HANDLER = 11,
};
#define REPORT_KEYS 12

/* Figures that have cases behind them, named as fields of ComplaintRow. */
enum report_figure {
    REPORT_FIGURE_IS_NONE = 0,
    REPORT_COMPLAINTS = 1,
    REPORT_OPEN = 2,
    REPORT_CLOSED = 3,
    REPORT_SERIOUS = 4,
    REPORT_REOPENED = 5,
    REPORT_UNCONFIRMED = 6,
    REPORT_RECURRED = 7,
    REPORT_RECURRED_OF_CUSTOMER = 8,
    REPORT_RECURRED_OF_BATCH = 9,
    REPORT_CLOCKS_MET = 10,
    REPORT_CLOCKS_BREACHED = 11,
    REPORT_ACKNOWLEDGED = 12,
    REPORT_ANSWERED = 13,
    REPORT_ENDED = 14,
    REPORT_RATINGS = 15,
    REPORT_RATINGS_ASKED = 16,
    REPORT_OUR_FAULT = 17,
    REPORT_NOT_COUNTED = 18,
    REPORT_HISTORIC = 19,
};
#define REPORT_FIGURES 20

const char *report_figure_name(enum report_figure figure); /* "our_fault"; of NONE "" */
/* Also by the means that a figure is the denominator of ("hours_to_answer", "rating"). NONE: there
 * is none of this name. */
enum report_figure report_figure_read(struct text name);

/* The days of a month's key ("2026-09"). False: it is none. */
bool report_month_days(struct text key, int32_t *first, int32_t *last);

#endif
