/*
 * The rule for the years after the last transition of a time zone file: a POSIX TZ string with the
 * extended hours of RFC 8536 ("CET-1CEST,M3.5.0,M10.5.0/3", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0").
 */
#ifndef KEHU_TZRULE_H
#define KEHU_TZRULE_H

#include "common/base.h"

enum tzrule_form {
    TZRULE_MONTH_WEEK, /* Mm.w.d: the w-th (5: last) weekday d of month m */
    TZRULE_JULIAN,     /* Jn: day 1..365, 29 February is never counted */
    TZRULE_DAY,        /* n: day 0..365 with 29 February */
};

/* When in a year the clocks change. */
struct tzrule_change {
    enum tzrule_form form;
    int32_t month, week, weekday; /* weekday 0 Sunday .. 6 */
    int32_t day;
    int32_t time_s; /* local time before the change, -167 h .. 167 h */
};

struct tzrule {
    int32_t standard_s; /* seconds east of UTC */
    bool has_summer;
    int32_t summer_s;
    struct tzrule_change to_summer, to_standard;
};

/* False when the text is no such rule. */
bool tzrule_parse(const char *at, size_t bytes, struct tzrule *rule);

/* The year's change as seconds since 1970 UTC, given the offset in force before it. */
int64_t tzrule_moment_s(const struct tzrule_change *change, int32_t year, int32_t offset_before_s);

#endif
