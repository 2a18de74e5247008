/* What the tests of clocks share: Chinese calendars, the standard policy, moments of 2026. */
#ifndef KEHU_TEST_CLOCK_SCENE_H
#define KEHU_TEST_CLOCK_SCENE_H

#include "services/complaints/domain/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/pure/calendar_cn.h"
#include "common/pure/day.h"

static const struct zone shanghai = {.name = "Asia/Shanghai", .first_offset_s = 8 * 3600};
static struct calendar cn, west;
static struct clock_policy policy;

/* Local time of Shanghai. 30 September is a Wednesday before the holidays of 1 to 7 October; 10
 * October is a working Saturday. */
static inline int64_t at(int month, int day, int hour, int minute)
{
    return day_make(2026, month, day) * DAY_US + (hour - 8) * 60 * MINUTE_US + minute * MINUTE_US;
}

static inline int set_up(void **state)
{
    (void)state;
    calendar_cn_set(&cn, &shanghai, CALENDAR_CN_USUAL);
    calendar_cn_set(&west, &shanghai, CALENDAR_CN_WEST);
    policy = clock_policy_standard();
    return 0;
}

static inline struct case_clock start(enum clock_kind kind, enum priority priority,
                                      int64_t start_us)
{
    struct case_clock clock;

    assert_true(clock_start(kind, priority, &policy, 3, &cn, CLOCK_BY_START, start_us, &clock));
    return clock;
}

#endif
