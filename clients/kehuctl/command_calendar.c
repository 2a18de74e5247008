/* kehuctl calendar list, show, save, holidays: the hours and days by which deadlines count. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calendar_file.h"
#include "command_complaint.h"
#include "policy_document.h"
#include "ctl_words.h"

static const char *const weekdays[] = {"", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char *const weekdays_zh[] = {"",     "周一", "周二", "周三",
                                          "周四", "周五", "周六", "周日"};

static const char *joined(struct ctl *ctl, char *const *words, size_t count)
{
    const char *all = "";

    for (size_t i = 0; i < count; i++)
        all = arena_print(ctl->arena, "%s%s%s", all, i ? ", " : "", words[i]);
    return all;
}

/* "09:00–12:00, 13:30–18:00". */
static const char *ranges_text(struct ctl *ctl, Kehu__Calendar__V1__OpenRange *const *ranges,
                               size_t count)
{
    const char *all = "";

    for (size_t i = 0; i < count; i++)
        all = arena_print(ctl->arena, "%s%s%s–%s", all, i ? ", " : "", ranges[i]->opens,
                          ranges[i]->closes);
    return all;
}

static const char *since(struct ctl *ctl, const Kehu__Complaints__V1__WorkingCalendar *one)
{
    return one->at ? ctl_local_time(ctl, one->at) : "built in";
}

/* The years whose notice is known. */
static const char *years_text(struct ctl *ctl, const Kehu__Calendar__V1__Calendar *calendar)
{
    const char *all = "";

    for (size_t i = 0; i < calendar->n_notices; i++)
        all = arena_print(ctl->arena, "%s%s%u", all, i ? ", " : "", calendar->notices[i]->year);
    return all;
}

static int run_list(struct ctl *ctl)
{
    static const char *const headings[] = {"name",  "version",           "since", "regions",
                                           "teams", "holidays known of", "reason"};
    static const bool right[COUNT_OF(headings)] = {false, true};
    Kehu__Complaints__V1__ListCalendars ask = KEHU__COMPLAINTS__V1__LIST_CALENDARS__INIT;
    int code;
    Kehu__Complaints__V1__CalendarList *list =
        (Kehu__Complaints__V1__CalendarList *)complaint_ask_shown(
            ctl, &ask.base, &kehu__complaints__v1__calendar_list__descriptor, &code);

    if (!list)
        return code;
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));

    for (size_t i = 0; i < list->n_calendars; i++) {
        const Kehu__Complaints__V1__WorkingCalendar *one = list->calendars[i];
        const char *cells[] = {one->calendar->name,
                               arena_print(ctl->arena, "%u", one->calendar->version),
                               since(ctl, one),
                               joined(ctl, one->regions, one->n_regions),
                               joined(ctl, one->teams, one->n_teams),
                               years_text(ctl, one->calendar),
                               one->reason};

        ctl_table_row(table, cells);
    }
    ctl_table_print(table);
    return CTL_DONE;
}

const struct ctl_command ctl_calendar_list = {
    .path = "calendar list",
    .arguments = "",
    .summary = "List the working calendars that deadlines count by",
    .help = "A case counts by the calendar of its team, else of its region, else by \"cn\".\n\n"
            "  kehuctl calendar list\n",
    .run = run_list,
};

/* --- show --- */

static void print_week(struct ctl *ctl, const Kehu__Calendar__V1__Calendar *calendar)
{
    for (size_t i = 0; i < calendar->n_weekly; i++) {
        const Kehu__Calendar__V1__WeekdayHours *day = calendar->weekly[i];
        uint32_t weekday = day->weekday <= 7 ? day->weekday : 0;

        printf("  %s  %s\n", ctl_is_zh(ctl) ? weekdays_zh[weekday] : weekdays[weekday],
               day->n_ranges ? ranges_text(ctl, day->ranges, day->n_ranges) : "–");
    }
}

static void print_notices(struct ctl *ctl, const Kehu__Calendar__V1__Calendar *calendar)
{
    if (calendar->needs_notices)
        puts("  years without a holiday notice are provisional");
    for (size_t i = 0; i < calendar->n_notices; i++) {
        const Kehu__Calendar__V1__HolidayNotice *notice = calendar->notices[i];

        printf("  %u  %zu days off, %zu working days that were none%s%s\n", notice->year,
               notice->n_off_days, notice->n_working_days, notice->source[0] ? "; " : "",
               notice->source);
    }
    if (calendar->n_off_days)
        printf("  own days off: %s\n", joined(ctl, calendar->off_days, calendar->n_off_days));
    for (size_t i = 0; i < calendar->n_working_days; i++)
        printf("  own working day: %s  %s\n", calendar->working_days[i]->day,
               ranges_text(ctl, calendar->working_days[i]->ranges,
                           calendar->working_days[i]->n_ranges));
}

static void print_calendar(struct ctl *ctl, const Kehu__Complaints__V1__WorkingCalendar *one)
{
    printf("calendar %s, version %u, %s%s%s\n", one->calendar->name, one->calendar->version,
           since(ctl, one), one->by[0] ? ", by " : "", one->by);
    if (one->reason[0])
        printf("  %s\n", one->reason);
    if (one->calendar->zone[0])
        printf("  zone %s\n", one->calendar->zone);
    if (one->n_regions)
        printf("  regions: %s\n", joined(ctl, one->regions, one->n_regions));
    if (one->n_teams)
        printf("  teams: %s\n", joined(ctl, one->teams, one->n_teams));
    print_week(ctl, one->calendar);
    print_notices(ctl, one->calendar);
}

static int run_show(struct ctl *ctl)
{
    Kehu__Complaints__V1__GetCalendar ask = KEHU__COMPLAINTS__V1__GET_CALENDAR__INIT;
    int code;

    ask.name = (char *)(ctl_argument(ctl, 0) ? ctl_argument(ctl, 0) : "cn");
    ask.version = (uint32_t)ctl_integer(ctl, "--calendar-version", 0, 1, UINT32_MAX);
    Kehu__Complaints__V1__WorkingCalendar *one =
        (Kehu__Complaints__V1__WorkingCalendar *)complaint_ask(
            ctl, &ask.base, &kehu__complaints__v1__working_calendar__descriptor, &code);

    if (!one)
        return code;
    if (ctl_option(ctl, "--document")) {
        one->by = one->reason = (char *)"";
        one->at = NULL;
        policy_document_print_json(&one->base);
    } else if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(&one->base));
    } else {
        print_calendar(ctl, one);
    }
    return CTL_DONE;
}

static const struct ctl_option show_options[] = {
    {"--calendar-version", "N", "that version (default: the present one)", false},
    {"--document", NULL, "in protobuf JSON, as `calendar save` reads it", false},
};

const struct ctl_command ctl_calendar_show = {
    .path = "calendar show",
    .arguments = "[NAME]",
    .max_arguments = 1,
    .summary = "Show one working calendar",
    .help = "NAME is cn (default), cn-west, or one of your own.\n\n"
            "  kehuctl calendar show cn-west\n"
            "  kehuctl calendar show cn --document > cn.json\n",
    .options = show_options,
    .option_count = COUNT_OF(show_options),
    .run = run_show,
};

/* --- save, holidays --- */

static void print_moved(struct ctl *ctl, const Kehu__Complaints__V1__CalendarsSaved *saved)
{
    static const char *const headings[] = {"case", "deadline", "calendar", "was due", "is due", ""};
    static const bool right[COUNT_OF(headings)] = {false};
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));

    for (size_t i = 0; i < saved->n_moved; i++) {
        const Kehu__Complaints__V1__MovedClock *move = saved->moved[i];
        const char *cells[] = {move->case_number,
                               complaint_word(ctl, WORDS_CLOCK, move->kind),
                               move->calendar,
                               ctl_local_time(ctl, move->due_at),
                               ctl_local_time(ctl, move->next_due_at),
                               move->provisional ? "provisional" : ""};

        ctl_table_row(table, cells);
    }
    if (saved->n_moved)
        ctl_table_print(table);
}

static int ask_and_tell(struct ctl *ctl, const ProtobufCMessage *ask)
{
    int code;
    Kehu__Complaints__V1__CalendarsSaved *saved =
        (Kehu__Complaints__V1__CalendarsSaved *)complaint_ask_shown(
            ctl, ask, &kehu__complaints__v1__calendars_saved__descriptor, &code);

    if (!saved)
        return code;
    for (size_t i = 0; i < saved->n_calendars; i++)
        printf("calendar %s: version %u %s\n", saved->calendars[i]->name,
               saved->calendars[i]->version,
               saved->dry_run ? "is what it would be; nothing is changed" : "holds");
    printf("%u deadlines %s%s\n", saved->clocks_moved, saved->dry_run ? "would move" : "move",
           saved->counted_all ? "" : " of those looked at, and there are more");
    print_moved(ctl, saved);
    return CTL_DONE;
}

/* The version that is there; 0: none of this name. */
static uint32_t present_version(struct ctl *ctl, const char *name)
{
    Kehu__Complaints__V1__GetCalendar ask = KEHU__COMPLAINTS__V1__GET_CALENDAR__INIT;
    int code;

    ask.name = (char *)name;
    ctl->is_quiet = true;
    Kehu__Complaints__V1__WorkingCalendar *one =
        (Kehu__Complaints__V1__WorkingCalendar *)complaint_ask(
            ctl, &ask.base, &kehu__complaints__v1__working_calendar__descriptor, &code);

    ctl->is_quiet = false;
    return one ? one->calendar->version : 0;
}

static int run_save(struct ctl *ctl)
{
    Kehu__Complaints__V1__SaveCalendar ask = KEHU__COMPLAINTS__V1__SAVE_CALENDAR__INIT;

    ask.calendar = (Kehu__Complaints__V1__WorkingCalendar *)policy_document_load(
        ctl, &kehu__complaints__v1__working_calendar__descriptor, ctl_argument(ctl, 0));
    if (!ask.calendar->calendar || !ask.calendar->calendar->name[0])
        ctl_usage(ctl,
                  "%s names no calendar: {\"calendar\": {\"name\": …, \"weekly\": […]}}; `kehuctl "
                  "calendar show cn --document` prints one",
                  ctl_argument(ctl, 0));
    ask.calendar->reason = complaint_option(ctl, "--reason");
    ask.dry_run = ctl_option(ctl, "--dry-run") != NULL;
    ask.expected_version = (uint32_t)ctl_integer(ctl, "--expect", 0, 1, UINT32_MAX);
    if (!ctl_option(ctl, "--expect"))
        ask.expected_version = present_version(ctl, ask.calendar->calendar->name);
    return ask_and_tell(ctl, &ask.base);
}

static const struct ctl_option save_options[] = {
    {"--reason", "TEXT", "why it changes, in a sentence", true},
    {"--expect", "N", "only if version N is there (default: whatever is there now)", false},
    {"--dry-run", NULL, "change nothing, say which deadlines would move", false},
};

const struct ctl_command ctl_calendar_save = {
    .path = "calendar save",
    .arguments = "FILE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Put another version of a calendar, or a new one, in force",
    .help =
        "FILE holds it in protobuf JSON, as `calendar show NAME --document` prints it; \"-\" is\n"
        "standard input. Deadlines that run on it are computed again; what is overdue stays so.\n\n"
        "  kehuctl calendar save cn.json --reason \"周六值班\" --dry-run\n",
    .options = save_options,
    .option_count = COUNT_OF(save_options),
    .run = run_save,
};

static int run_holidays(struct ctl *ctl)
{
    Kehu__Complaints__V1__LoadHolidays ask = KEHU__COMPLAINTS__V1__LOAD_HOLIDAYS__INIT;
    char *name = complaint_option(ctl, "--calendar");

    ask.notice = calendar_file_read(ctl, ctl_argument(ctl, 0),
                                    (uint32_t)ctl_integer(ctl, "--year", 0, 1900, 2200));
    if (ctl_option(ctl, "--source"))
        ask.notice->source = complaint_option(ctl, "--source");
    ask.reason = complaint_option(ctl, "--reason");
    ask.amends = ctl_option(ctl, "--amends") != NULL;
    ask.dry_run = ctl_option(ctl, "--dry-run") != NULL;
    if (name[0]) {
        ask.calendars = &name;
        ask.n_calendars = 1;
    }
    return ask_and_tell(ctl, &ask.base);
}

static const struct ctl_option holidays_options[] = {
    {"--year", "YEAR", "the notice's year, of a table that has several", false},
    {"--source", "TEXT", "where it was published", false},
    {"--reason", "TEXT", "a word to it", false},
    {"--calendar", "NAME", "in this calendar (default: in all that need notices)", false},
    {"--amends", NULL, "takes the place of the notice of that year that is known", false},
    {"--dry-run", NULL, "change nothing, say which deadlines would move", false},
};

const struct ctl_command ctl_calendar_holidays = {
    .path = "calendar holidays",
    .arguments = "FILE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Load a year's notice of holidays and working Saturdays",
    .help =
        "FILE is a table with the columns schedule_year, date and kind (off or work), or the\n"
        "notice in protobuf JSON (.json). Dates that were provisional are computed again, and\n"
        "those that moved are listed.\n\n"
        "  kehuctl calendar holidays holidays_2027.csv --source \"国办发明电〔2026〕\" --dry-run\n",
    .options = holidays_options,
    .option_count = COUNT_OF(holidays_options),
    .run = run_holidays,
};
