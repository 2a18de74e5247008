/*
 * Who is calling, as he is shown to who takes the call: how he stands and what he bought last, with
 * what is known under the files that were merged into his.
 */
#ifndef KEHU_COMPLAINTS_CALLER_CARD_H
#define KEHU_COMPLAINTS_CALLER_CARD_H

#include "common/base.h"

#define CALLER_CARD_ORDERS 10

struct caller_card_order {
    struct id order;
    int32_t day;
    int64_t net_micros;
    const char *currency;
};
struct caller_card {
    bool found;
    bool is_restricted;
    const char *number;     /* "KH000123"; "": not known here yet */
    const char *owner_code; /* "" : nobody */
    struct id owner;        /* zeroes: nobody */
    char grade;             /* ' ': none */
    uint32_t cases_12_months;
    struct caller_card_order *orders; /* the latest first */
    size_t order_count;
};
#endif
