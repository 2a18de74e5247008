#include "common/calendars.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/pure/day.h"
#include "kehu/calendar/v1/calendar.pb-c.h"

#define NOTICE_DAYS 366

/* What is being read, and the first thing that is wrong with it. */
struct reading {
    struct calendar *calendar;
    char *field;
    const char *why;
};

static bool refuse(struct reading *reading, const char *field, const char *why)
{
    snprintf(reading->field, CALENDARS_FIELD_BYTES, "%s", field);
    reading->why = why;
    return false;
}

static struct text text_of(const char *at)
{
    return (struct text){at, strlen(at)};
}

static bool read_hours(struct reading *reading, const char *name, size_t count,
                       Kehu__Calendar__V1__OpenRange *const *ranges, struct calendar_hours *hours)
{
    char field[CALENDARS_FIELD_BYTES];
    int32_t wrong = -1;

    *hours = (struct calendar_hours){0};
    if (count > CALENDAR_RANGES)
        return refuse(reading, name, calendar_flaw_text(CALENDAR_FLAW_TOO_MANY));
    for (size_t i = 0; i < count; i++) {
        struct calendar_range *range = &hours->ranges[hours->count++];

        snprintf(field, sizeof(field), "%.60s.ranges[%zu].opens", name, i);
        if (!calendar_parse_time(text_of(ranges[i]->opens), &range->from_min))
            return refuse(reading, field, "is no time such as 09:00");
        snprintf(field, sizeof(field), "%.60s.ranges[%zu].closes", name, i);
        if (!calendar_parse_time(text_of(ranges[i]->closes), &range->to_min))
            return refuse(reading, field, "is no time such as 18:00");
    }

    enum calendar_flaw flaw = calendar_check_hours(hours, &wrong);

    snprintf(field, sizeof(field), "%.60s.ranges[%d]", name, wrong);
    return !flaw || refuse(reading, field, calendar_flaw_text(flaw));
}

static bool read_week(struct reading *reading, const Kehu__Calendar__V1__Calendar *document)
{
    char name[CALENDARS_FIELD_BYTES];
    bool told[7] = {false};

    for (size_t i = 0; i < document->n_weekly; i++) {
        const Kehu__Calendar__V1__WeekdayHours *from = document->weekly[i];

        snprintf(name, sizeof(name), "weekly[%zu]", i);
        if (from->weekday < 1 || from->weekday > 7 || told[from->weekday - 1])
            return refuse(reading, name, "needs a weekday from 1 to 7, each once");
        told[from->weekday - 1] = true;
        if (!read_hours(reading, name, from->n_ranges, from->ranges,
                        &reading->calendar->weekly[from->weekday - 1]))
            return false;
    }
    return true;
}

static int compare_days(const void *a, const void *b)
{
    int32_t day_a = ((const struct calendar_day *)a)->day;
    int32_t day_b = ((const struct calendar_day *)b)->day;

    return (day_a > day_b) - (day_a < day_b);
}

/* Days off and working days as one ascending list of at most `room`. */
static bool read_days(struct reading *reading, const char *prefix, size_t off_count,
                      char *const *off, size_t work_count,
                      Kehu__Calendar__V1__WorkingDay *const *work, struct calendar_day *days,
                      size_t room)
{
    char name[CALENDARS_FIELD_BYTES];

    snprintf(name, sizeof(name), "%.40soff_days", prefix);
    if (off_count > room || work_count > room - off_count)
        return refuse(reading, name, calendar_flaw_text(CALENDAR_FLAW_TOO_MANY));
    for (size_t i = 0; i < off_count; i++) {
        days[i] = (struct calendar_day){.kind = CALENDAR_OFF};
        snprintf(name, sizeof(name), "%.40soff_days[%zu]", prefix, i);
        if (!day_parse(off[i], strlen(off[i]), &days[i].day))
            return refuse(reading, name, "is no day such as 2026-02-17");
    }
    for (size_t i = 0; i < work_count; i++) {
        struct calendar_day *day = &days[off_count + i];

        *day = (struct calendar_day){.kind = CALENDAR_WORK};
        snprintf(name, sizeof(name), "%.40sworking_days[%zu]", prefix, i);
        if (!day_parse(work[i]->day, strlen(work[i]->day), &day->day))
            return refuse(reading, name, "has no day such as 2026-02-14");
        if (!read_hours(reading, name, work[i]->n_ranges, work[i]->ranges, &day->hours))
            return false;
    }
    qsort(days, off_count + work_count, sizeof(days[0]), compare_days);
    snprintf(name, sizeof(name), "%.40sworking_days", prefix);
    for (size_t i = 1; i < off_count + work_count; i++)
        if (days[i].day == days[i - 1].day)
            return refuse(reading, name, "and off_days name a day twice");
    return true;
}

static bool read_notices(struct reading *reading, const Kehu__Calendar__V1__Calendar *document)
{
    struct calendar_day days[NOTICE_DAYS];
    char name[CALENDARS_FIELD_BYTES];

    for (size_t i = 0; i < document->n_notices; i++) {
        const Kehu__Calendar__V1__HolidayNotice *from = document->notices[i];

        snprintf(name, sizeof(name), "notices[%zu].", i);
        if (!read_days(reading, name, from->n_off_days, from->off_days, from->n_working_days,
                       from->working_days, days, COUNT_OF(days)))
            return false;
        snprintf(name, sizeof(name), "notices[%zu]", i);
        if (from->year > 9999 ||
            !calendar_notice_add(reading->calendar, (int32_t)from->year, days,
                                 (int32_t)(from->n_off_days + from->n_working_days)))
            return refuse(reading, name, "has no year, a day far outside it, or is one too many");
    }
    return true;
}

static bool read_all(struct reading *reading, const Kehu__Calendar__V1__Calendar *document,
                     const struct zone *zone)
{
    struct calendar *calendar = reading->calendar;
    struct calendar_fault fault;

    if (!document->name[0] || strlen(document->name) >= sizeof(calendar->name))
        return refuse(reading, "name", "needs 1 to 63 bytes");
    memcpy(calendar->name, document->name, strlen(document->name));
    calendar->version = document->version;
    calendar->zone = zone;
    calendar->has_notices = document->needs_notices;
    if (!read_week(reading, document) ||
        !read_days(reading, "", document->n_off_days, document->off_days, document->n_working_days,
                   document->working_days, calendar->days, COUNT_OF(calendar->days)))
        return false;
    calendar->day_count = (int32_t)(document->n_off_days + document->n_working_days);
    if (!read_notices(reading, document))
        return false;
    return calendar_check(calendar, &fault) ||
           refuse(reading, fault.field, calendar_flaw_text(fault.flaw));
}

enum status calendars_read(const Kehu__Calendar__V1__Calendar *document, const struct zone *zone,
                           struct calendar *out, char field[CALENDARS_FIELD_BYTES],
                           const char **why)
{
    struct reading reading = {.calendar = calloc(1, sizeof(*out)), .field = field};

    field[0] = '\0';
    *why = "out of memory";
    if (!reading.calendar)
        return INTERNAL;

    bool is_read = read_all(&reading, document, zone);

    if (is_read)
        *out = *reading.calendar;
    *why = is_read ? "" : reading.why;
    free(reading.calendar);
    return is_read ? OK : INVALID_ARGUMENT;
}
