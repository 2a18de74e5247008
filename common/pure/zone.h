/*
 * A time zone as a table of transitions, so that local dates are pure arithmetic. The table is
 * loaded once at start (common/zones.h) and never changes.
 */
#ifndef KEHU_ZONE_H
#define KEHU_ZONE_H

#include "common/base.h"

struct zone_transition {
    int64_t at_us;    /* first moment of the new offset, microseconds since 1970 UTC */
    int32_t offset_s; /* seconds east of UTC from then on */
};

struct zone {
    char name[64];
    int32_t first_offset_s; /* before the first transition */
    size_t count;
    struct zone_transition transitions[512]; /* 1900..2100 */
};

/* A civil date and time of day. month 1..12, day 1..31. */
struct civil {
    int32_t year;
    int8_t month, day, hour, minute, second;
    int32_t micros;
};

int32_t zone_offset_s(const struct zone *zone, int64_t at_us);
/* Local date as days since 1970-01-01. */
int32_t zone_day(const struct zone *zone, int64_t at_us);
struct civil zone_civil(const struct zone *zone, int64_t at_us);
/* The moment of a local time. Twice-told times (end of summer time) mean the first; times skipped
 * in spring move on by the gap (02:30 becomes 03:30 summer time), as RFC 5545 and java.time do. */
int64_t zone_moment(const struct zone *zone, const struct civil *local);

#endif
