/* The table of lunar years, as lunar.c reads it; nobody else does. */
#ifndef KEHU_LUNAR_YEARS_H
#define KEHU_LUNAR_YEARS_H

#include "common/base.h"

struct lunar_year {
    int32_t first;    /* its first day (正月初一), days since 1970-01-01 */
    uint8_t leap;     /* the month that comes twice; 0: none */
    uint16_t lengths; /* bit i: month i in order has 30 days */
};

extern const struct lunar_year lunar_years[];
extern const int32_t lunar_year_count;

#endif
