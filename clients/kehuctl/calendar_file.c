/* See calendar_file.h. */
#include "calendar_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/pure/day.h"
#include "policy_document.h"

#define DAYS_MAX 366
#define LINE_BYTES 1000
#define COLUMNS 16

struct reading {
    struct ctl *ctl;
    const char *path;
    unsigned line;
    int year_at, date_at, kind_at; /* columns; -1: not found */
    uint32_t year;                 /* wanted, or of the first line; 0: not yet known */
    Kehu__Calendar__V1__HolidayNotice *notice;
};

/* Cuts the line at its commas, in place. The files hold no quotes. */
static size_t cut(char *line, char *cells[COLUMNS])
{
    size_t count = 0;

    line[strcspn(line, "\r\n")] = '\0';
    for (char *cell = line; cell && count < COLUMNS; count++) {
        char *comma = strchr(cell, ',');

        cells[count] = cell;
        if (comma)
            *comma++ = '\0';
        cell = comma;
    }
    return count;
}

static void read_heading(struct reading *r, char *line)
{
    char *cells[COLUMNS];
    const char *start = strncmp(line, "\xEF\xBB\xBF", 3) == 0 ? line + 3 : line;
    size_t count = cut((char *)start, cells);

    r->year_at = r->date_at = r->kind_at = -1;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(cells[i], "schedule_year") == 0 || strcmp(cells[i], "year") == 0)
            r->year_at = (int)i;
        if (strcmp(cells[i], "date") == 0)
            r->date_at = (int)i;
        if (strcmp(cells[i], "kind") == 0)
            r->kind_at = (int)i;
    }
    if (r->year_at < 0 || r->date_at < 0 || r->kind_at < 0)
        ctl_usage(r->ctl, "%s: the first line must name the columns schedule_year, date and kind",
                  r->path);
}

static void add_off(struct reading *r, const char *day)
{
    char *copy = arena_copy_text(r->ctl->arena, day, strlen(day));

    r->notice->off_days[r->notice->n_off_days++] = copy;
}

static void add_work(struct reading *r, const char *day)
{
    Kehu__Calendar__V1__WorkingDay *working = arena_take(r->ctl->arena, sizeof(*working));

    if (!working)
        ctl_usage(r->ctl, "out of memory");
    kehu__calendar__v1__working_day__init(working);
    working->day = arena_copy_text(r->ctl->arena, day, strlen(day));
    r->notice->working_days[r->notice->n_working_days++] = working;
}

static void read_line(struct reading *r, char *line)
{
    char *cells[COLUMNS];
    size_t count = cut(line, cells);
    int32_t day;

    if (count == 1 && !cells[0][0])
        return;
    if (count <= (size_t)r->year_at || count <= (size_t)r->date_at || count <= (size_t)r->kind_at)
        ctl_usage(r->ctl, "%s, line %u: too few columns", r->path, r->line);
    uint32_t year = (uint32_t)strtoul(cells[r->year_at], NULL, 10);
    const char *date = cells[r->date_at], *kind = cells[r->kind_at];

    if (year < 1900 || year > 2200)
        ctl_usage(r->ctl, "%s, line %u: \"%s\" is no year", r->path, r->line, cells[r->year_at]);
    if (!r->year)
        r->year = year;
    if (year != r->year && !ctl_option(r->ctl, "--year"))
        ctl_usage(r->ctl, "%s holds notices of %u and %u: say --year", r->path, r->year, year);
    if (year != r->year)
        return;
    if (!day_parse(date, strlen(date), &day))
        ctl_usage(r->ctl, "%s, line %u: \"%s\" is no date like 2027-02-05", r->path, r->line, date);
    if (r->notice->n_off_days == DAYS_MAX || r->notice->n_working_days == DAYS_MAX)
        ctl_usage(r->ctl, "%s holds more than %d days of one year", r->path, DAYS_MAX);
    if (strcmp(kind, "off") == 0)
        add_off(r, date);
    else if (strcmp(kind, "work") == 0)
        add_work(r, date);
    else
        ctl_usage(r->ctl, "%s, line %u: the kind must be off or work, not \"%s\"", r->path, r->line,
                  kind);
}

static Kehu__Calendar__V1__HolidayNotice *new_notice(struct ctl *ctl)
{
    Kehu__Calendar__V1__HolidayNotice *notice = arena_take(ctl->arena, sizeof(*notice));

    if (!notice)
        ctl_usage(ctl, "out of memory");
    kehu__calendar__v1__holiday_notice__init(notice);
    notice->off_days = arena_take_array(ctl->arena, DAYS_MAX, sizeof(*notice->off_days));
    notice->working_days = arena_take_array(ctl->arena, DAYS_MAX, sizeof(*notice->working_days));
    return notice;
}

static bool is_json(const char *path)
{
    const char *dot = strrchr(path, '.');

    return dot && strcmp(dot, ".json") == 0;
}

Kehu__Calendar__V1__HolidayNotice *calendar_file_read(struct ctl *ctl, const char *path,
                                                      uint32_t year)
{
    struct reading r = {.ctl = ctl, .path = path, .year = year};
    bool is_input = strcmp(path, "-") == 0;
    char line[LINE_BYTES];

    if (is_json(path))
        return (Kehu__Calendar__V1__HolidayNotice *)policy_document_load(
            ctl, &kehu__calendar__v1__holiday_notice__descriptor, path);
    FILE *stream = is_input ? stdin : fopen(path, "re");

    if (!stream)
        ctl_usage(ctl, "cannot read %s: %s", path, strerror(errno));
    r.notice = new_notice(ctl);
    while (fgets(line, sizeof(line), stream)) {
        if (r.line++ == 0)
            read_heading(&r, line);
        else
            read_line(&r, line);
    }
    if (!is_input)
        fclose(stream);
    r.notice->year = r.year;
    if (r.notice->n_off_days == 0 && r.notice->n_working_days == 0)
        ctl_usage(ctl, "%s holds no day of %u", path, r.year);
    return r.notice;
}
