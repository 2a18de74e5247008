#include "common/pure/tzrule.h"

#include "common/pure/day.h"

struct cursor {
    const char *at, *end;
};

static bool take(struct cursor *cursor, char c)
{
    if (cursor->at == cursor->end || *cursor->at != c)
        return false;
    cursor->at++;
    return true;
}

static bool take_number(struct cursor *cursor, int32_t min, int32_t max, int32_t *out)
{
    const char *start = cursor->at;
    int32_t value = 0;

    for (; cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9'; cursor->at++) {
        value = value * 10 + (*cursor->at - '0');
        if (value > max)
            return false;
    }
    *out = value;
    return cursor->at > start && value >= min;
}

/* "CET" or "<+0330>"; the name itself is of no use here. */
static bool take_name(struct cursor *cursor)
{
    const char *start = cursor->at;

    if (take(cursor, '<')) {
        while (cursor->at < cursor->end && *cursor->at != '>')
            cursor->at++;
        return take(cursor, '>');
    }
    while (cursor->at < cursor->end && ((*cursor->at >= 'A' && *cursor->at <= 'Z') ||
                                        (*cursor->at >= 'a' && *cursor->at <= 'z')))
        cursor->at++;
    return cursor->at - start >= 3;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool take_time(struct cursor *cursor, int32_t max_hours, int32_t *out)
{
    bool is_negative = take(cursor, '-');
    int32_t hours;
    int32_t minutes = 0;
    int32_t seconds = 0;

    if (!is_negative)
        take(cursor, '+');
    if (!take_number(cursor, 0, max_hours, &hours))
        return false;
    if (take(cursor, ':')) {
        if (!take_number(cursor, 0, 59, &minutes))
            return false;
        if (take(cursor, ':') && !take_number(cursor, 0, 59, &seconds))
            return false;
    }
    *out = (hours * 3600 + minutes * 60 + seconds) * (is_negative ? -1 : 1);
    return true;
}

/* POSIX counts west of Greenwich as positive; we count east. */
static bool take_offset(struct cursor *cursor, int32_t *out)
{
    int32_t west;

    if (!take_time(cursor, 24, &west))
        return false;
    *out = -west;
    return true;
}

static bool take_change(struct cursor *cursor, struct tzrule_change *out)
{
    *out = (struct tzrule_change){.form = TZRULE_DAY, .time_s = 2 * 3600};
    if (!take(cursor, ','))
        return false;
    if (take(cursor, 'M')) {
        out->form = TZRULE_MONTH_WEEK;
        if (!take_number(cursor, 1, 12, &out->month) || !take(cursor, '.') ||
            !take_number(cursor, 1, 5, &out->week) || !take(cursor, '.') ||
            !take_number(cursor, 0, 6, &out->weekday))
            return false;
    } else if (take(cursor, 'J')) {
        out->form = TZRULE_JULIAN;
        if (!take_number(cursor, 1, 365, &out->day))
            return false;
    } else if (!take_number(cursor, 0, 365, &out->day)) {
        return false;
    }
    return !take(cursor, '/') || take_time(cursor, 167, &out->time_s);
}

bool tzrule_parse(const char *at, size_t bytes, struct tzrule *rule)
{
    struct cursor cursor = {at, at + bytes};
    struct tzrule parsed = {0};

    if (!take_name(&cursor) || !take_offset(&cursor, &parsed.standard_s))
        return false;
    if (cursor.at < cursor.end) {
        parsed.has_summer = true;
        parsed.summer_s = parsed.standard_s + 3600;
        if (!take_name(&cursor))
            return false;
        if (cursor.at < cursor.end && *cursor.at != ',' && !take_offset(&cursor, &parsed.summer_s))
            return false;
        if (!take_change(&cursor, &parsed.to_summer) || !take_change(&cursor, &parsed.to_standard))
            return false;
    }
    if (cursor.at != cursor.end)
        return false;
    *rule = parsed;
    return true;
}

static int32_t change_day(const struct tzrule_change *change, int32_t year)
{
    int32_t new_year = day_make(year, 1, 1);

    switch (change->form) {
    case TZRULE_DAY:
        return new_year + change->day;
    case TZRULE_JULIAN:
        return new_year + change->day - 1 + (change->day >= 60 && day_is_valid(year, 2, 29));
    case TZRULE_MONTH_WEEK:
        break;
    }

    int32_t first = day_make(year, change->month, 1);
    int32_t wait = (change->weekday - day_weekday(first) % 7 + 7) % 7;
    int32_t day = first + wait + 7 * (change->week - 1);

    return day > day_month_last(first) ? day - 7 : day;
}

int64_t tzrule_moment_s(const struct tzrule_change *change, int32_t year, int32_t offset_before_s)
{
    return change_day(change, year) * INT64_C(86400) + change->time_s - offset_before_s;
}
