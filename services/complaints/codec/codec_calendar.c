#include "services/complaints/codec/codec_calendar.h"

#include <string.h>

#include "common/json.h"
#include "common/policy_document.h"
#include "common/pure/day.h"
#include "kehu/calendar/v1/calendar.pb-c.h"
#include "kehu/complaints/v1/calendars.pb-c.h"

typedef Kehu__Complaints__V1__WorkingCalendar working;
typedef Kehu__Calendar__V1__Calendar hours;

static const working *of(const struct codec_calendar *calendar)
{
    return (const working *)calendar->document;
}

/* Everything that stands beside the document. */
static void look_into(working *document, struct codec_calendar *out)
{
    *out = (struct codec_calendar){
        .document = &document->base,
        .name = document->calendar->name,
        .zone = document->calendar->zone,
        .version = document->calendar->version,
        .needs_notices = document->calendar->needs_notices,
        .regions = document->regions,
        .region_count = document->n_regions,
        .teams = document->teams,
        .team_count = document->n_teams,
    };
}

bool codec_calendar_read(const char *json, struct arena *arena, struct codec_calendar *out)
{
    json_t *tree = json_loads(json, 0, NULL);
    ProtobufCMessage *message = NULL;
    char why[200];
    enum status status =
        tree ? json_to_message(tree, &kehu__complaints__v1__working_calendar__descriptor, arena,
                               NULL, &message, why, sizeof(why))
             : INVALID_ARGUMENT;

    json_decref(tree);
    if (status != OK || !((working *)message)->calendar)
        return false;
    look_into((working *)message, out);
    return true;
}

const char *codec_calendar_print(const struct codec_calendar *calendar, struct arena *arena)
{
    return policy_document_print(calendar->document, arena);
}

enum status codec_calendar_fill(const struct codec_calendar *calendar, const struct zone *zone,
                                struct calendar *out, char field[CALENDARS_FIELD_BYTES],
                                const char **why)
{
    return calendars_read(of(calendar)->calendar, zone, out, field, why);
}

void codec_calendar_stamp(struct codec_calendar *calendar, uint32_t version, const char *by,
                          int64_t at_us, const char *reason, struct arena *arena)
{
    working *document = (working *)calendar->document;

    document->calendar->version = calendar->version = version;
    document->by = (char *)by;
    document->at = codec_read_print_time(at_us, arena);
    document->reason = (char *)reason;
}

/* --- the document of a calendar --- */

static char *print_minutes(int32_t minutes, struct arena *arena)
{
    return arena_print(arena, "%02d:%02d", minutes / 60, minutes % 60);
}

static char *print_day(int32_t day, struct arena *arena)
{
    char text[DAY_TEXT_BYTES];

    day_print(day, text);
    return arena_copy_text(arena, text, strlen(text));
}

static bool put_ranges(const struct calendar_hours *from, struct arena *arena, size_t *count,
                       Kehu__Calendar__V1__OpenRange ***out)
{
    size_t ranges = (size_t)from->count;
    Kehu__Calendar__V1__OpenRange *list = arena_take_array(arena, ranges, sizeof(*list));

    *out = arena_take_array(arena, ranges, sizeof(**out));
    if (ranges > 0 && (!list || !*out))
        return false;
    for (size_t i = 0; i < ranges; i++) {
        kehu__calendar__v1__open_range__init(&list[i]);
        list[i].opens = print_minutes(from->ranges[i].from_min, arena);
        list[i].closes = print_minutes(from->ranges[i].to_min, arena);
        (*out)[i] = &list[i];
    }
    *count = ranges;
    return true;
}

static bool put_week(const struct calendar *calendar, hours *out, struct arena *arena)
{
    Kehu__Calendar__V1__WeekdayHours *list = arena_take_array(arena, 7, sizeof(*list));

    out->weekly = arena_take_array(arena, 7, sizeof(*out->weekly));
    if (!list || !out->weekly)
        return false;
    for (size_t i = 0; i < 7; i++) {
        Kehu__Calendar__V1__WeekdayHours *day = &list[out->n_weekly];

        if (calendar->weekly[i].count == 0)
            continue;
        kehu__calendar__v1__weekday_hours__init(day);
        day->weekday = (uint32_t)i + 1;
        if (!put_ranges(&calendar->weekly[i], arena, &day->n_ranges, &day->ranges))
            return false;
        out->weekly[out->n_weekly++] = day;
    }
    return true;
}

/* The days of one notice; of 0 the company's own. */
static bool put_days(const struct calendar *calendar, int16_t notice, struct arena *arena,
                     size_t *off_count, char ***off, size_t *work_count,
                     Kehu__Calendar__V1__WorkingDay ***work)
{
    size_t room = (size_t)calendar->day_count;

    *off = arena_take_array(arena, room, sizeof(**off));
    *work = arena_take_array(arena, room, sizeof(**work));
    if (room > 0 && (!*off || !*work))
        return false;
    for (size_t i = 0; i < room; i++) {
        const struct calendar_day *day = &calendar->days[i];

        if (day->notice != notice)
            continue;
        if (day->kind == CALENDAR_OFF) {
            (*off)[(*off_count)++] = print_day(day->day, arena);
            continue;
        }
        Kehu__Calendar__V1__WorkingDay *one = arena_take(arena, sizeof(*one));

        if (!one)
            return false;
        kehu__calendar__v1__working_day__init(one);
        one->day = print_day(day->day, arena);
        if (!put_ranges(&day->hours, arena, &one->n_ranges, &one->ranges))
            return false;
        (*work)[(*work_count)++] = one;
    }
    return true;
}

static bool put_notices(const struct calendar *calendar, hours *out, struct arena *arena)
{
    size_t count = (size_t)calendar->year_count;
    Kehu__Calendar__V1__HolidayNotice *list = arena_take_array(arena, count, sizeof(*list));

    out->notices = arena_take_array(arena, count, sizeof(*out->notices));
    if (count > 0 && (!list || !out->notices))
        return false;
    for (size_t i = 0; i < count; i++) {
        kehu__calendar__v1__holiday_notice__init(&list[i]);
        list[i].year = (uint32_t)calendar->years[i];
        if (!put_days(calendar, calendar->years[i], arena, &list[i].n_off_days, &list[i].off_days,
                      &list[i].n_working_days, &list[i].working_days))
            return false;
        out->notices[out->n_notices++] = &list[i];
    }
    return true;
}

bool codec_calendar_of(const struct calendar *calendar, const char *const *regions,
                       size_t region_count, struct arena *arena, struct codec_calendar *out)
{
    working *document = arena_take(arena, sizeof(*document));
    hours *inner = arena_take(arena, sizeof(*inner));

    if (!document || !inner)
        return false;
    kehu__complaints__v1__working_calendar__init(document);
    kehu__calendar__v1__calendar__init(inner);
    document->calendar = inner;
    document->regions = arena_copy(arena, regions, region_count * sizeof(*regions));
    document->n_regions = region_count;
    inner->name = arena_copy_text(arena, calendar->name, strlen(calendar->name));
    inner->version = calendar->version;
    inner->needs_notices = calendar->has_notices;
    if (!put_week(calendar, inner, arena) ||
        !put_days(calendar, 0, arena, &inner->n_off_days, &inner->off_days, &inner->n_working_days,
                  &inner->working_days) ||
        !put_notices(calendar, inner, arena) || arena_is_full(arena))
        return false;
    look_into(document, out);
    return true;
}

/* --- notices --- */

typedef Kehu__Calendar__V1__HolidayNotice notice;

bool codec_calendar_has_notice(const struct codec_calendar *calendar, int32_t year)
{
    const hours *inner = of(calendar)->calendar;

    for (size_t i = 0; i < inner->n_notices; i++)
        if ((int32_t)inner->notices[i]->year == year)
            return true;
    return false;
}

static bool names(const notice *one, const char *day)
{
    for (size_t i = 0; i < one->n_off_days; i++)
        if (strcmp(one->off_days[i], day) == 0)
            return true;
    for (size_t i = 0; i < one->n_working_days; i++)
        if (strcmp(one->working_days[i]->day, day) == 0)
            return true;
    return false;
}

const char *codec_calendar_overlap(const struct codec_calendar *calendar, const void *entered)
{
    const hours *inner = of(calendar)->calendar;
    const notice *next = entered;

    for (size_t n = 0; n < inner->n_notices; n++) {
        const notice *old = inner->notices[n];

        if (old->year == next->year)
            continue;
        for (size_t i = 0; i < next->n_off_days; i++)
            if (names(old, next->off_days[i]))
                return next->off_days[i];
        for (size_t i = 0; i < next->n_working_days; i++)
            if (names(old, next->working_days[i]->day))
                return next->working_days[i]->day;
    }
    return NULL;
}

bool codec_calendar_enter(struct codec_calendar *calendar, const void *entered, struct arena *arena)
{
    hours *inner = of(calendar)->calendar;
    notice *next = (notice *)entered;
    notice **list = arena_take_array(arena, inner->n_notices + 1, sizeof(*list));
    size_t count = 0;
    bool is_in = false;

    if (!list)
        return false;
    for (size_t i = 0; i < inner->n_notices; i++) {
        if (!is_in && inner->notices[i]->year >= next->year) {
            list[count++] = next;
            is_in = true;
        }
        if (inner->notices[i]->year != next->year)
            list[count++] = inner->notices[i];
    }
    if (!is_in)
        list[count++] = next;
    inner->notices = list;
    inner->n_notices = count;
    return true;
}
