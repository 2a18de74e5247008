/* Whether a calendar can be used at all, and which of its fields is wrong. */
#include "common/pure/calendar.h"

#include <string.h>

#include "common/pure/day.h"

static void put_text(struct calendar_fault *fault, const char *text)
{
    size_t used = strlen(fault->field);
    size_t bytes = strlen(text);

    if (used + bytes < sizeof(fault->field))
        memcpy(fault->field + used, text, bytes + 1);
}

static void put_index(struct calendar_fault *fault, const char *name, int32_t index)
{
    char digits[16] = "";
    size_t at = sizeof(digits) - 1;

    digits[--at] = ']';
    do {
        digits[--at] = (char)('0' + index % 10);
        index /= 10;
    } while (index > 0);
    digits[--at] = '[';
    put_text(fault, name);
    put_text(fault, digits + at);
}

static enum calendar_flaw range_flaw(const struct calendar_range *range,
                                     const struct calendar_range *before)
{
    if (range->from_min < 0 || range->to_min < 0 || range->from_min > 1440 || range->to_min > 1440)
        return CALENDAR_FLAW_TIME;
    if (range->from_min >= range->to_min)
        return CALENDAR_FLAW_EMPTY_RANGE;
    if (before && range->from_min < before->from_min)
        return CALENDAR_FLAW_UNSORTED;
    if (before && range->from_min < before->to_min)
        return CALENDAR_FLAW_OVERLAP;
    return CALENDAR_FLAW_NONE;
}

enum calendar_flaw calendar_check_hours(const struct calendar_hours *hours, int32_t *range)
{
    if (hours->count < 0 || hours->count > CALENDAR_RANGES) {
        *range = -1;
        return CALENDAR_FLAW_TOO_MANY;
    }
    for (int32_t i = 0; i < hours->count; i++) {
        enum calendar_flaw flaw = range_flaw(&hours->ranges[i], i ? &hours->ranges[i - 1] : NULL);

        if (flaw) {
            *range = i;
            return flaw;
        }
    }
    return CALENDAR_FLAW_NONE;
}

static enum calendar_flaw hours_flaw(const struct calendar_hours *hours, const char *name,
                                     int32_t index, struct calendar_fault *fault)
{
    int32_t range = -1;
    enum calendar_flaw flaw = calendar_check_hours(hours, &range);

    if (flaw)
        put_index(fault, name, index);
    if (flaw && range >= 0)
        put_index(fault, ".ranges", range);
    return flaw;
}

static enum calendar_flaw week_flaw(const struct calendar *calendar, struct calendar_fault *fault)
{
    bool is_ever_open = false;

    for (int32_t i = 0; i < (int32_t)COUNT_OF(calendar->weekly); i++) {
        enum calendar_flaw flaw = hours_flaw(&calendar->weekly[i], "weekly", i, fault);

        if (flaw)
            return flaw;
        is_ever_open = is_ever_open || calendar->weekly[i].count > 0;
    }
    if (is_ever_open)
        return CALENDAR_FLAW_NONE;
    put_text(fault, "weekly");
    return CALENDAR_FLAW_NEVER_OPEN;
}

static enum calendar_flaw day_flaw(const struct calendar *calendar, int32_t i)
{
    const struct calendar_day *day = &calendar->days[i];

    if (day->day < DAY_MIN || day->day > DAY_MAX || day->kind > CALENDAR_WORK)
        return CALENDAR_FLAW_DAY;
    if (i > 0 && day->day <= calendar->days[i - 1].day)
        return CALENDAR_FLAW_UNSORTED;
    return CALENDAR_FLAW_NONE;
}

static enum calendar_flaw days_flaw(const struct calendar *calendar, struct calendar_fault *fault)
{
    if (calendar->day_count < 0 || calendar->day_count > CALENDAR_DAYS) {
        put_text(fault, "days");
        return CALENDAR_FLAW_TOO_MANY;
    }
    for (int32_t i = 0; i < calendar->day_count; i++) {
        enum calendar_flaw flaw = day_flaw(calendar, i);

        if (flaw) {
            put_index(fault, "days", i);
            return flaw;
        }
        flaw = hours_flaw(&calendar->days[i].hours, "days", i, fault);
        if (flaw)
            return flaw;
    }
    return CALENDAR_FLAW_NONE;
}

static enum calendar_flaw years_flaw(const struct calendar *calendar, struct calendar_fault *fault)
{
    if (calendar->year_count < 0 || calendar->year_count > CALENDAR_YEARS) {
        put_text(fault, "years");
        return CALENDAR_FLAW_TOO_MANY;
    }
    for (int32_t i = 0; i < calendar->year_count; i++) {
        bool is_sorted = i == 0 || calendar->years[i] > calendar->years[i - 1];

        if (is_sorted && calendar->years[i] >= 1 && calendar->years[i] <= 9999)
            continue;
        put_index(fault, "years", i);
        return is_sorted ? CALENDAR_FLAW_YEAR : CALENDAR_FLAW_UNSORTED;
    }
    return CALENDAR_FLAW_NONE;
}

bool calendar_check(const struct calendar *calendar, struct calendar_fault *fault)
{
    struct calendar_fault found = {.flaw = CALENDAR_FLAW_NONE};

    if (!calendar->zone) {
        found.flaw = CALENDAR_FLAW_ZONE;
        put_text(&found, "zone");
    }
    if (!found.flaw)
        found.flaw = week_flaw(calendar, &found);
    if (!found.flaw)
        found.flaw = days_flaw(calendar, &found);
    if (!found.flaw)
        found.flaw = years_flaw(calendar, &found);
    if (!found.flaw)
        return true;
    *fault = found;
    return false;
}

const char *calendar_flaw_text(enum calendar_flaw flaw)
{
    switch (flaw) {
    case CALENDAR_FLAW_NONE:
        return "is right";
    case CALENDAR_FLAW_ZONE:
        return "is missing";
    case CALENDAR_FLAW_TOO_MANY:
        return "has more elements than a calendar holds";
    case CALENDAR_FLAW_TIME:
        return "is not between 00:00 and 24:00";
    case CALENDAR_FLAW_EMPTY_RANGE:
        return "ends before it begins, or at once";
    case CALENDAR_FLAW_UNSORTED:
        return "is not after the one before it";
    case CALENDAR_FLAW_OVERLAP:
        return "overlaps the one before it";
    case CALENDAR_FLAW_DAY:
        return "is no day of the years 0001 to 9999";
    case CALENDAR_FLAW_YEAR:
        return "is no year from 1 to 9999";
    case CALENDAR_FLAW_NEVER_OPEN:
        return "has no open hour";
    }
    return "is wrong";
}

static bool read_two(const char *at, int32_t *value)
{
    if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
        return false;
    *value = (at[0] - '0') * 10 + (at[1] - '0');
    return true;
}

bool calendar_parse_time(struct text text, int16_t *minutes)
{
    int32_t hour;
    int32_t minute;

    if (text.bytes != 5 || text.at[2] != ':' || !read_two(text.at, &hour) ||
        !read_two(text.at + 3, &minute))
        return false;
    if (minute > 59 || hour * 60 + minute > 1440)
        return false;
    *minutes = (int16_t)(hour * 60 + minute);
    return true;
}
