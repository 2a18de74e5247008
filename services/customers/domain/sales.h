/*
 * The report of net sales: what may be asked, and a row of the answer.
 */
#ifndef KEHU_CUSTOMERS_SALES_H
#define KEHU_CUSTOMERS_SALES_H

#include "common/base.h"

#define SALES_MAX_TOP 5000
#define SALES_MAX_PAGE 5000
#define SALES_DEFAULT_PAGE 1000

enum sales_key {
    SALES_KEY_IS_TOTAL = 1,
    SALES_KEY_IS_REGION = 2,
    SALES_KEY_IS_MONTH = 3,
    SALES_KEY_IS_CUSTOMER = 4,
};

/* Days are local dates since 1970, both included. Text is borrowed. */
struct sales_question {
    enum sales_key by;
    bool has_from;
    int32_t from_day;
    bool has_to;
    int32_t to_day;
    uint32_t top;       /* 0: all, page by page */
    uint32_t page_size; /* 1..SALES_MAX_PAGE */
    struct text page_token;
};

struct sales_row {
    struct text key; /* "total", the region, "YYYY-MM", "source:external_id" or empty */
    char currency[4];
    int64_t lines;
    int64_t orders;
    int64_t customers;
    int64_t net_micros;
};

#endif
