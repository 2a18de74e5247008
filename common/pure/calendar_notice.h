/*
 * Days off that a government announces year by year (China: late in the year before). Until the
 * notice of a year is known, dates of that year are provisional, and so are those from 20 December
 * of the year before, which a New Year's arrangement may still move (BEHAVIOUR §0). When the notice
 * is there, what was promised is computed again and what moved is listed.
 */
#ifndef KEHU_CALENDAR_NOTICE_H
#define KEHU_CALENDAR_NOTICE_H

#include "common/pure/calendar.h"

/*
 * Enters a year's notice; `days` ascend, and each counts as of that notice whatever it says of
 * itself. An earlier notice of the same year is replaced whole, as when one is amended. The
 * company's own days win over those of a notice. False: too many days or years, not ascending, or
 * a day more than a month outside the year; the calendar is then as it was.
 */
bool calendar_notice_add(struct calendar *calendar, int32_t year, const struct calendar_day *days,
                         int32_t count) MUST_USE;

/* True when what the calendar says of that local date may still change by a notice. */
bool calendar_notice_is_open(const struct calendar *calendar, int32_t day);
/* True when a due moment computed from that start may: any local date from start to due. */
bool calendar_notice_is_due_open(const struct calendar *calendar, int64_t start_us, int64_t due_us);

enum calendar_unit { CALENDAR_UNIT_MINUTES, CALENDAR_UNIT_WORKING_DAYS };

struct calendar_term {
    int64_t start_us;
    int64_t count;
    enum calendar_unit unit;
};

/* Due of a term, as calendar_add_minutes and calendar_add_working_days. */
bool calendar_notice_due(const struct calendar *calendar, const struct calendar_term *term,
                         int64_t *due_us) MUST_USE;

struct calendar_shift {
    size_t term; /* index of the term */
    int64_t old_us, new_us;
    bool provisional; /* the new due may still move */
};

/*
 * Computes every term under both calendars and lists those whose due moved, in the order of the
 * terms; `shifts` has room for all of them. Returns how many moved. A term that has no due under
 * either is left out; one that has none under one of them is told with INT64_MAX there.
 */
size_t calendar_notice_compare(const struct calendar *old, const struct calendar *new,
                               const struct calendar_term *terms, size_t count,
                               struct calendar_shift *shifts);

#endif
