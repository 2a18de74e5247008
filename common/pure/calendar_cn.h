/*
 * The Chinese working calendar that is built in: ordinary hours and the State Council's notices of
 * common/pure/data/holidays_cn.csv. Later years come with a calendar document.
 */
#ifndef KEHU_CALENDAR_CN_H
#define KEHU_CALENDAR_CN_H

#include "common/pure/calendar_notice.h"

enum calendar_cn_hours {
    CALENDAR_CN_USUAL, /* 09:00-12:00, 13:30-18:00 */
    CALENDAR_CN_WEST,  /* Xinjiang and Tibet by Beijing time: 10:00-14:00, 16:00-20:00 */
};

/* Monday to Friday with all notices there are; `zone` is Asia/Shanghai. */
void calendar_cn_set(struct calendar *calendar, const struct zone *zone,
                     enum calendar_cn_hours hours);
/* The same as one knew it when the notices up to that year were published. */
void calendar_cn_set_until(struct calendar *calendar, const struct zone *zone,
                           enum calendar_cn_hours hours, int32_t last_year);

/* A year's notice, for calendar_notice_add; ascending days. */
struct calendar_cn_notice {
    int32_t year, count;
    const struct calendar_day *days;
};

/* NULL: no notice of that year is built in. */
const struct calendar_cn_notice *calendar_cn_find_notice(int32_t year);

#endif
