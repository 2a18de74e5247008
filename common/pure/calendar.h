/*
 * Working calendars: when a business is open, and what a term of so many working hours or days
 * comes to. A calendar is ordinary hours per weekday, days that differ from them, and a zone. It is
 * a plain value: filled by common/calendars.h from a document or by calendar_cn.h, then only read.
 *
 * The calendar is open at a moment when the wall clock of its zone then shows a time within the
 * hours of that local date. So a night when clocks go back counts its repeated hour twice, and an
 * hour skipped in spring is not there. Every moment is in microseconds since 1970 UTC, every day a
 * number as in day.h. Searches end after CALENDAR_REACH_DAYS and then answer false.
 */
#ifndef KEHU_CALENDAR_H
#define KEHU_CALENDAR_H

#include "common/base.h"
#include "common/pure/zone.h"

#define CALENDAR_RANGES 4
#define CALENDAR_DAYS 2048
#define CALENDAR_YEARS 128
#define CALENDAR_REACH_DAYS 3653 /* ten years */
#define MINUTE_US (60 * SECOND_US)

/* Open from the first minute of the day to the last, which is no longer open; 0..1440. */
struct calendar_range {
    int16_t from_min, to_min;
};

struct calendar_hours {
    int16_t count; /* 0: closed all day */
    struct calendar_range ranges[CALENDAR_RANGES];
};

enum calendar_kind { CALENDAR_OFF, CALENDAR_WORK };

/* A day that differs from its weekday. */
struct calendar_day {
    int32_t day;
    int16_t notice; /* the year of the notice that announced it; 0: the company's own */
    uint8_t kind;   /* enum calendar_kind */
    struct calendar_hours hours; /* of WORK; count 0: the hours of an ordinary working day */
};

struct calendar {
    char name[64];
    uint32_t version;
    const struct zone *zone;         /* borrowed; must outlive the calendar */
    struct calendar_hours weekly[7]; /* Monday first */
    int32_t day_count;
    struct calendar_day days[CALENDAR_DAYS]; /* ascending, each day once */
    bool has_notices; /* a year's days off are known only from its notice; else never provisional */
    int32_t year_count;
    int16_t years[CALENDAR_YEARS]; /* whose notices are known, ascending */
};

/* Opens at nine, closes at noon; 13:30 to 18:00; Monday to Friday. No special days, no notices. */
void calendar_set_office(struct calendar *calendar, const struct zone *zone);
/* The same hours on all seven days, for terms such as "4 h between 08:00 and 21:00". */
void calendar_set_daily(struct calendar *calendar, const struct zone *zone, int32_t from_min,
                        int32_t to_min);

enum calendar_flaw {
    CALENDAR_FLAW_NONE,
    CALENDAR_FLAW_ZONE,
    CALENDAR_FLAW_TOO_MANY,
    CALENDAR_FLAW_TIME,
    CALENDAR_FLAW_EMPTY_RANGE,
    CALENDAR_FLAW_UNSORTED,
    CALENDAR_FLAW_OVERLAP,
    CALENDAR_FLAW_DAY,
    CALENDAR_FLAW_YEAR,
    CALENDAR_FLAW_NEVER_OPEN,
};

struct calendar_fault {
    enum calendar_flaw flaw;
    char field[48]; /* "weekly[2].ranges[1]"; index 0 of weekly is Monday */
};

/* True when the calendar can be used; else what is wrong and in which field. One without an open
 * hour in its ordinary week is refused (BEHAVIOUR §0). Must precede every other use. */
bool calendar_check(const struct calendar *calendar, struct calendar_fault *fault) MUST_USE;
/* The same for the hours of one day; `range` is the wrong one's index, -1 for all of them. */
enum calendar_flaw calendar_check_hours(const struct calendar_hours *hours, int32_t *range);
/* A sentence's end for people: "overlaps the one before it". */
const char *calendar_flaw_text(enum calendar_flaw flaw);

/* Reads "09:00" to "24:00". */
bool calendar_parse_time(struct text text, int16_t *minutes) MUST_USE;

bool calendar_is_open(const struct calendar *calendar, int64_t at_us);
/* The moment itself when open then, else the next opening. */
bool calendar_next_open(const struct calendar *calendar, int64_t at_us, int64_t *open_us) MUST_USE;
/* A day with at least one open minute. */
bool calendar_is_working_day(const struct calendar *calendar, int32_t day);
/* When business closes on that day: the end of its last open minute. False: not a working day. */
bool calendar_close_of(const struct calendar *calendar, int32_t day, int64_t *close_us) MUST_USE;
/* The n-th working day after that day, or before it when n is negative; n 0 is the day itself,
 * working or not. */
bool calendar_move_day(const struct calendar *calendar, int32_t day, int32_t n,
                       int32_t *moved) MUST_USE;
/* The day itself when it is a working day, else the last one before it. */
bool calendar_working_day_before(const struct calendar *calendar, int32_t day,
                                 int32_t *found) MUST_USE;

/*
 * A term in hours: the moment at which that much open time has passed since the start. A term that
 * is used up exactly at closing time ends then, not at the next opening. No time: the start itself.
 * False: negative, or the calendar is not open long enough within ten years.
 */
bool calendar_add_us(const struct calendar *calendar, int64_t start_us, int64_t open_us,
                     int64_t *due_us) MUST_USE;
bool calendar_add_minutes(const struct calendar *calendar, int64_t start_us, int64_t minutes,
                          int64_t *due_us) MUST_USE;
/* A term in days: close of business of the n-th working day, not counting the local day of the
 * start. False: n below 1, or none within ten years. */
bool calendar_add_working_days(const struct calendar *calendar, int64_t start_us, int32_t n,
                               int64_t *due_us) MUST_USE;

/* Open time from a to b; negative when b is before a. Pauses are summed in microseconds, since
 * rounding each to minutes would lose up to a minute every time. */
int64_t calendar_us_between(const struct calendar *calendar, int64_t a_us, int64_t b_us);
/* The same in whole minutes, towards zero. */
int64_t calendar_minutes_between(const struct calendar *calendar, int64_t a_us, int64_t b_us);

#endif
