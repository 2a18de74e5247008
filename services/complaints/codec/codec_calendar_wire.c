/* Questions about working calendars, and their answers. */
#include <string.h>

#include "kehu/calendar/v1/calendar.pb-c.h"
#include "kehu/complaints/v1/calendars.pb-c.h"
#include "services/complaints/codec/codec_calendar.h"

#define NAME_MAX_CHARACTERS 64
#define REASON_MAX 500
#define NOTICE_DAYS 100

/* CODEC_READ_OPEN, and what is not asked for. */
#define OPEN(Type, descriptor)                                                                     \
    CODEC_READ_OPEN(Type, descriptor);                                                             \
    *out = (struct codec_calendar_ask)                                                             \
    {                                                                                              \
        .name = ""                                                                                 \
    }

static char *terminated(struct text text, struct arena *arena)
{
    return arena_copy_text(arena, text.at ? text.at : "", text.bytes);
}

static void check_names(struct codec_read *r, const char *field, char *const *names, size_t count)
{
    if (count > CODEC_CALENDAR_NAMES)
        codec_read_fault(r, field, "are more than %d", CODEC_CALENDAR_NAMES);
    for (size_t i = 0; i < count && i < CODEC_CALENDAR_NAMES; i++)
        codec_read_line(r, arena_print(r->arena, "%s[%zu]", field, i), names[i],
                        NAME_MAX_CHARACTERS, true);
}

/* Without a calendar there is nothing to look at. */
static void read_calendar(struct codec_read *r, Kehu__Complaints__V1__WorkingCalendar *document,
                          struct codec_calendar *out)
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
    check_names(r, "calendar.regions", document->regions, document->n_regions);
    check_names(r, "calendar.teams", document->teams, document->n_teams);
    codec_read_line(r, "calendar.calendar.name", document->calendar->name, 63, true);
    if (strcmp(out->name, "cn") == 0 && out->region_count + out->team_count > 0)
        codec_read_fault(r, "calendar.regions",
                         "and teams: cn holds for all that have no calendar of their own");
    if (strcmp(out->name, "cn") != 0 && out->region_count + out->team_count == 0)
        codec_read_fault(r, "calendar.regions", "or teams must be given: for whom it holds");
}

enum status codec_get_save_calendar(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct codec_calendar_ask *out, struct codec_faults *faults)
{
    OPEN(Kehu__Complaints__V1__SaveCalendar, kehu__complaints__v1__save_calendar__descriptor);

    if (!ask->calendar || !ask->calendar->calendar) {
        codec_read_fault(&r, "calendar.calendar", "is missing");
        return codec_read_end(&r);
    }
    read_calendar(&r, ask->calendar, &out->calendar);
    out->reason = terminated(
        codec_read_text(&r, "calendar.reason", ask->calendar->reason, REASON_MAX, true), arena);
    out->expected_version = ask->expected_version;
    out->is_dry_run = ask->dry_run;
    return codec_read_end(&r);
}

enum status codec_get_load_holidays(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct codec_calendar_ask *out, struct codec_faults *faults)
{
    OPEN(Kehu__Complaints__V1__LoadHolidays, kehu__complaints__v1__load_holidays__descriptor);

    if (!ask->notice || ask->notice->year < 1970 || ask->notice->year > 9999)
        codec_read_fault(&r, "notice.year", "must be a year from 1970 to 9999");
    else if (ask->notice->n_off_days + ask->notice->n_working_days == 0)
        codec_read_fault(&r, "notice.off_days", "are missing: a notice names days");
    else if (ask->notice->n_off_days + ask->notice->n_working_days > NOTICE_DAYS)
        codec_read_fault(&r, "notice.off_days", "and working_days are more than %d", NOTICE_DAYS);
    else
        out->year = (int32_t)ask->notice->year;
    check_names(&r, "calendars", ask->calendars, ask->n_calendars);
    out->notice = ask->notice;
    out->names = ask->calendars;
    out->name_count = ask->n_calendars;
    out->amends = ask->amends;
    out->is_dry_run = ask->dry_run;
    out->reason = terminated(codec_read_text(&r, "reason", ask->reason, REASON_MAX, false), arena);
    return codec_read_end(&r);
}

enum status codec_get_calendar(const uint8_t *payload, size_t bytes, struct arena *arena,
                               struct codec_calendar_ask *out, struct codec_faults *faults)
{
    OPEN(Kehu__Complaints__V1__GetCalendar, kehu__complaints__v1__get_calendar__descriptor);

    out->name = ask->name[0] ? ask->name : "cn";
    out->version = ask->version;
    return codec_read_end(&r);
}

/* --- answers --- */

static bool put_saved(const struct codec_calendars_saved *saved,
                      Kehu__Complaints__V1__CalendarsSaved *out, struct arena *arena)
{
    Kehu__Complaints__V1__SavedCalendar *list =
        arena_take_array(arena, saved->count, sizeof(*list));

    out->calendars = arena_take_array(arena, saved->count, sizeof(*out->calendars));
    if (saved->count > 0 && (!list || !out->calendars))
        return false;
    for (size_t i = 0; i < saved->count; i++) {
        kehu__complaints__v1__saved_calendar__init(&list[i]);
        list[i].name = (char *)saved->calendars[i].name;
        list[i].version = saved->calendars[i].version;
        out->calendars[i] = &list[i];
    }
    out->n_calendars = saved->count;
    return true;
}

static bool put_moved(const struct codec_calendars_saved *saved,
                      Kehu__Complaints__V1__CalendarsSaved *out, struct arena *arena)
{
    Kehu__Complaints__V1__MovedClock *list =
        arena_take_array(arena, saved->list_count, sizeof(*list));

    out->moved = arena_take_array(arena, saved->list_count, sizeof(*out->moved));
    if (saved->list_count > 0 && (!list || !out->moved))
        return false;
    for (size_t i = 0; i < saved->list_count; i++) {
        const struct codec_moved_clock *from = &saved->list[i];

        kehu__complaints__v1__moved_clock__init(&list[i]);
        list[i].case_number = (char *)from->number;
        list[i].case_id = codec_read_print_id(&from->case_id, arena);
        list[i].kind = (char *)clock_kind_name(from->kind);
        list[i].due_at = codec_read_print_time(from->due_us, arena);
        list[i].next_due_at = codec_read_print_time(from->next_due_us, arena);
        list[i].provisional = from->is_provisional;
        list[i].calendar = (char *)from->calendar;
        out->moved[i] = &list[i];
    }
    out->n_moved = saved->list_count;
    return true;
}

const ProtobufCMessage *codec_calendars_saved(const struct codec_calendars_saved *saved,
                                              struct arena *arena)
{
    Kehu__Complaints__V1__CalendarsSaved *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__calendars_saved__init(out);
    out->clocks_moved = saved->moved;
    out->counted_all = saved->counted_all;
    out->dry_run = saved->is_dry_run;
    if (!put_saved(saved, out, arena) || !put_moved(saved, out, arena))
        return NULL;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_calendar_list(const struct codec_calendar *calendars, size_t count,
                                            struct arena *arena)
{
    Kehu__Complaints__V1__CalendarList *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__calendar_list__init(out);
    out->calendars = arena_take_array(arena, count, sizeof(*out->calendars));
    if (count > 0 && !out->calendars)
        return NULL;
    for (size_t i = 0; i < count; i++)
        out->calendars[i] = (Kehu__Complaints__V1__WorkingCalendar *)calendars[i].document;
    out->n_calendars = count;
    return &out->base;
}

const ProtobufCMessage *codec_calendar_changed(const char *name, uint32_t version, uint32_t moved,
                                               struct arena *arena)
{
    Kehu__Complaints__V1__CalendarChanged *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__calendar_changed__init(out);
    out->name = (char *)name;
    out->version = version;
    out->clocks_moved = moved;
    return &out->base;
}
