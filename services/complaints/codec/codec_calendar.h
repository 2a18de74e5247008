/*
 * Working calendars as documents (kehu.complaints.v1.WorkingCalendar): read, written, and with a
 * year's notice more. Handlers hold documents without looking into them.
 */
#ifndef KEHU_COMPLAINTS_CODEC_CALENDAR_H
#define KEHU_COMPLAINTS_CODEC_CALENDAR_H

#include "common/calendars.h"
#include "services/complaints/codec/codec_read.h"
#include "services/complaints/domain/clock_policy.h"

#define CODEC_CALENDAR_NAMES 100 /* regions of a calendar; and teams */

/* A document; what else there is borrows from it. */
struct codec_calendar {
    ProtobufCMessage *document;
    const char *name, *zone; /* zone "": the business's */
    uint32_t version;
    bool needs_notices;
    char *const *regions, *const *teams;
    size_t region_count, team_count;
};

/* A stored one. False: it is none that this program understands. */
bool codec_calendar_read(const char *json, struct arena *arena, struct codec_calendar *out);
/* Canonical JSON; NULL: no memory. */
const char *codec_calendar_print(const struct codec_calendar *calendar, struct arena *arena);
/* The calendar that it describes; `zone` is what its zone stands for, and must outlive it.
 * INVALID_ARGUMENT: `field` and `why`. */
enum status codec_calendar_fill(const struct codec_calendar *calendar, const struct zone *zone,
                                struct calendar *out, char field[CALENDARS_FIELD_BYTES],
                                const char **why) MUST_USE;
/* The document of a built-in one. False: no memory. */
bool codec_calendar_of(const struct calendar *calendar, const char *const *regions,
                       size_t region_count, struct arena *arena, struct codec_calendar *out);
/* Its next version, said by somebody at a moment. */
void codec_calendar_stamp(struct codec_calendar *calendar, uint32_t version, const char *by,
                          int64_t at_us, const char *reason, struct arena *arena);

/* --- questions --- */

/* SaveCalendar, LoadHolidays, GetCalendar. */
struct codec_calendar_ask {
    struct codec_calendar calendar;
    uint32_t expected_version;
    bool is_dry_run, amends;
    const void *notice; /* kehu.calendar.v1.HolidayNotice */
    int32_t year;
    char *const *names; /* of the calendars it is for; none: all */
    size_t name_count;
    const char *reason;
    const char *name; /* GetCalendar */
    uint32_t version;
};
enum status codec_get_save_calendar(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct codec_calendar_ask *out,
                                    struct codec_faults *faults) MUST_USE;
enum status codec_get_load_holidays(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct codec_calendar_ask *out,
                                    struct codec_faults *faults) MUST_USE;
enum status codec_get_calendar(const uint8_t *payload, size_t bytes, struct arena *arena,
                               struct codec_calendar_ask *out,
                               struct codec_faults *faults) MUST_USE;
/* Whether the document has a notice of that year. */
bool codec_calendar_has_notice(const struct codec_calendar *calendar, int32_t year);
/* The first day of the notice that the calendar's notice of another year names too; NULL: none. */
const char *codec_calendar_overlap(const struct codec_calendar *calendar, const void *notice);
/* The document with the notice in place of an earlier one of its year. False: no memory. */
bool codec_calendar_enter(struct codec_calendar *calendar, const void *notice, struct arena *arena);

/* --- answers, in the arena; NULL when it is full --- */

struct codec_moved_clock {
    const char *number;
    struct id case_id;
    enum clock_kind kind;
    int64_t due_us, next_due_us;
    bool is_provisional;
    const char *calendar;
};
struct codec_calendars_saved {
    const struct codec_calendar *calendars;
    size_t count;
    uint32_t moved;
    bool counted_all, is_dry_run;
    const struct codec_moved_clock *list;
    size_t list_count;
};
const ProtobufCMessage *codec_calendars_saved(const struct codec_calendars_saved *saved,
                                              struct arena *arena);
const ProtobufCMessage *codec_calendar_list(const struct codec_calendar *calendars, size_t count,
                                            struct arena *arena);
const ProtobufCMessage *codec_calendar_changed(const char *name, uint32_t version, uint32_t moved,
                                               struct arena *arena);

#endif
