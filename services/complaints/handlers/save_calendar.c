/*
 * kehu.complaints.v1.SaveCalendar and LoadHolidays: another version of a working calendar, or of
 * all that need the government's notices. The answer lists what moves; a dry run changes nothing.
 *
 *   ask      the receipt, the documents in force
 *   decide   the next versions, checked
 *   look     the clocks on them, page by page: which would move
 *   save     versions, and the timers that move the clocks; one commit
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/audit.h"
#include "common/command.h"
#include "common/service.h"
#include "services/complaints/handlers/calendar_moves.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/handlers/who.h"

#define PAGE 500
#define LOOKED_AT 5000 /* clocks at most, for the answer */
#define LISTED 200

struct saving {
    struct codec_calendar_ask ask;
    struct command_receipt seen;
    struct calendar_rows rows;
    struct case_rules rules;
    bool only_provisional;
    struct codec_calendar *next; /* what is to be saved */
    struct calendar **calendars; /* what they describe */
    size_t count;
    /* the look */
    size_t at; /* which of them */
    struct calendar_row_question question;
    struct clock_move_rows page;
    size_t looked_at;
    struct codec_calendars_saved saved;
    struct codec_moved_clock *moved;
};

static enum flow decide_save(struct request *req);
static enum flow decide_load(struct request *req);
static enum flow look(struct request *req);

static enum flow ask(struct request *req, flow_step decide)
{
    struct saving *r = req->state;

    if (!r->ask.is_dry_run)
        command_find(req, &r->seen);
    calendar_row_list(req, &r->rows);
    case_rules_ask(req, &r->rules);
    return flow_wait(req, decide);
}

/* --- whether it holds --- */

/* False: *end refuses, naming the field under `path`. */
static bool fill(struct request *req, const struct codec_calendar *document, const char *path,
                 struct calendar **out, enum flow *end)
{
    char field[CALENDARS_FIELD_BYTES], zone_why[200];
    const struct zone *zone =
        calendars_in_force_zone(req->service, document->zone, zone_why, sizeof(zone_why));
    struct calendar *calendar = arena_take(req->arena, sizeof(*calendar));
    const char *why;
    int64_t open_us;

    if (!calendar) {
        *end = flow_refuse_large(req);
        return false;
    }
    if (!zone) {
        flow_violation(req, arena_print(req->arena, "%szone", path), "%s", zone_why);
        *end = flow_refuse(req, INVALID_ARGUMENT, "the calendar's zone is not known");
        return false;
    }
    enum status status = codec_calendar_fill(document, zone, calendar, field, &why);

    if (status == OK && calendar_next_open(calendar, req->now_us, &open_us)) {
        *out = calendar;
        return true;
    }
    if (status == OK) { /* no clock would ever be due on it, and so none would begin */
        status = INVALID_ARGUMENT;
        snprintf(field, sizeof(field), "off_days");
        why = "leave no open hour within ten years: name fewer, or more weekdays with hours";
    }
    flow_violation(req, arena_print(req->arena, "%s%s", path, field), "%s", why);
    *end = flow_refuse(req, status, "calendar %s is not right: %s %s", document->name, field, why);
    return false;
}

static bool overlaps(const char *a, const char *b, bool is_beginning)
{
    size_t bytes = strlen(a) < strlen(b) ? strlen(a) : strlen(b);

    return is_beginning ? memcmp(a, b, bytes) == 0 : strcmp(a, b) == 0;
}

static bool check_names(struct request *req, const struct codec_calendar *other, const char *what,
                        char *const *mine, size_t mine_count, char *const *theirs,
                        size_t their_count, bool is_beginning)
{
    for (size_t i = 0; i < mine_count; i++)
        for (size_t n = 0; n < their_count; n++) {
            if (!overlaps(mine[i], theirs[n], is_beginning))
                continue;
            flow_violation(req, arena_print(req->arena, "calendar.%s[%zu]", what, i),
                           "%s has calendar %s: give it one calendar", theirs[n], other->name);
            return false;
        }
    return true;
}

/* --- SaveCalendar --- */

enum flow handle_save_calendar(struct request *req)
{
    struct saving *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_save_calendar(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return ask(req, decide_save);
}

static bool check_beside(struct request *req, const struct codec_calendar *all, size_t count,
                         enum flow *end)
{
    const struct saving *r = req->state;
    const struct codec_calendar *mine = &r->ask.calendar;
    uint32_t present = 0;
    bool is_clear = true;

    for (size_t i = 0; i < count && is_clear; i++) {
        const struct codec_calendar *other = &all[i];

        if (strcmp(other->name, mine->name) == 0) {
            present = other->version;
            continue;
        }
        is_clear = check_names(req, other, "regions", mine->regions, mine->region_count,
                               other->regions, other->region_count, true) &&
                   check_names(req, other, "teams", mine->teams, mine->team_count, other->teams,
                               other->team_count, false);
    }
    if (!is_clear)
        *end = flow_refuse(req, FAILED_PRECONDITION, "calendars overlap");
    else if (present != r->ask.expected_version)
        *end = flow_refuse(req, FAILED_PRECONDITION,
                           "calendar %s is at version %" PRIu32 ", not %" PRIu32
                           ": look at it, then save again",
                           mine->name, present, r->ask.expected_version);
    else if (present == 0 && count >= CALENDARS_MAX)
        *end = flow_refuse(req, FAILED_PRECONDITION, "there are %d calendars: no more are kept",
                           CALENDARS_MAX);
    else
        return true;
    return false;
}

static bool make_room(struct request *req, size_t count)
{
    struct saving *r = req->state;

    r->next = arena_take_array(req->arena, count, sizeof(*r->next));
    r->calendars = arena_take_array(req->arena, count, sizeof(struct calendar *));
    r->moved = arena_take_array(req->arena, LISTED, sizeof(*r->moved));
    return r->next && r->calendars && r->moved;
}

static enum flow decide_save(struct request *req)
{
    struct saving *r = req->state;
    struct codec_calendar *all;
    size_t count;
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!calendars_in_force_list(req->service, &r->rows, req->arena, &all, &count) ||
        !make_room(req, 1))
        return flow_refuse_large(req);
    if (!check_beside(req, all, count, &end) ||
        !fill(req, &r->ask.calendar, "calendar.calendar.", &r->calendars[0], &end))
        return end;
    r->next[0] = r->ask.calendar;
    codec_calendar_stamp(&r->next[0], r->ask.expected_version + 1, who_name(req), req->now_us,
                         r->ask.reason, req->arena);
    r->calendars[0]->version = r->next[0].version;
    r->count = 1;
    r->question = (struct calendar_row_question){.limit = PAGE};
    return flow_go(req, look);
}

/* --- LoadHolidays --- */

enum flow handle_load_holidays(struct request *req)
{
    struct saving *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_load_holidays(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return ask(req, decide_load);
}

static bool is_asked(const struct codec_calendar_ask *asked, const struct codec_calendar *one)
{
    for (size_t i = 0; i < asked->name_count; i++)
        if (strcmp(asked->names[i], one->name) == 0)
            return true;
    return asked->name_count == 0 && one->needs_notices;
}

static bool check_notice(struct request *req, const struct codec_calendar *one, enum flow *end)
{
    const struct saving *r = req->state;
    const char *day = codec_calendar_overlap(one, r->ask.notice);

    if (day) {
        flow_violation(req, "notice.off_days", "%s is named by another year's notice of %s", day,
                       one->name);
        *end = flow_refuse(req, FAILED_PRECONDITION, "the notice overlaps another year's");
        return false;
    }
    if (codec_calendar_has_notice(one, r->ask.year) && !r->ask.amends) {
        flow_violation(req, "notice.year",
                       "%" PRId32 " is known to calendar %s: say that the notice amends it",
                       r->ask.year, one->name);
        *end = flow_refuse(req, FAILED_PRECONDITION, "the notice of %" PRId32 " is there already",
                           r->ask.year);
        return false;
    }
    return true;
}

/* One calendar with the notice more. */
static bool enter(struct request *req, const struct codec_calendar *from, enum flow *end)
{
    struct saving *r = req->state;
    struct codec_calendar *next = &r->next[r->count];

    if (!check_notice(req, from, end))
        return false;
    *next = *from;
    if (!codec_calendar_enter(next, r->ask.notice, req->arena)) {
        *end = flow_refuse_large(req);
        return false;
    }
    codec_calendar_stamp(next, from->version + 1, who_name(req), req->now_us, r->ask.reason,
                         req->arena);
    if (!fill(req, next, "", &r->calendars[r->count], end))
        return false;
    r->count++;
    return true;
}

static enum flow decide_load(struct request *req)
{
    struct saving *r = req->state;
    struct codec_calendar *all;
    size_t count;
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!calendars_in_force_list(req->service, &r->rows, req->arena, &all, &count) ||
        !make_room(req, count))
        return flow_refuse_large(req);
    for (size_t i = 0; i < count; i++)
        if (is_asked(&r->ask, &all[i]) && !enter(req, &all[i], &end))
            return end;
    if (r->count < (r->ask.name_count ? r->ask.name_count : 1)) {
        flow_violation(req, "calendars", "name one that there is not");
        return flow_refuse(req, NOT_FOUND, "no calendar of that name takes notices");
    }
    r->only_provisional = !r->ask.amends;
    r->question =
        (struct calendar_row_question){.only_provisional = r->only_provisional, .limit = PAGE};
    return flow_go(req, look);
}

/* --- what moves --- */

static void list_moved(struct request *req, const struct clock_move_row *row,
                       const struct case_clock *next)
{
    struct saving *r = req->state;

    r->saved.moved++;
    if (r->saved.list_count == LISTED)
        return;
    r->moved[r->saved.list_count++] =
        (struct codec_moved_clock){.number = row->number,
                                   .case_id = row->row.case_id,
                                   .kind = next->kind,
                                   .due_us = row->row.clock.due_us,
                                   .next_due_us = next->due_us,
                                   .is_provisional = next->is_provisional,
                                   .calendar = r->next[r->at].name};
}

static enum flow save(struct request *req);

static enum flow count_page(struct request *req)
{
    struct saving *r = req->state;

    for (size_t i = 0; i < r->page.count; i++) {
        const struct clock_move_row *row = &r->page.list[i];
        struct clock_row old = row->row;
        struct case_clock next;

        if (calendar_moves_compute(req, &r->rules, r->calendars[r->at], &old, &next) &&
            clock_is_moved(&row->row.clock, r->calendars[r->at]))
            list_moved(req, row, &next);
        r->question.after_case = row->row.case_id;
        r->question.after_clock = row->row.id;
    }
    r->looked_at += r->page.count;
    if (r->page.count < PAGE) {
        r->at++;
        r->question.after_case = r->question.after_clock = (struct id){{0}};
    }
    return r->at < r->count && r->looked_at < LOOKED_AT ? flow_go(req, look) : flow_go(req, save);
}

static enum flow look(struct request *req)
{
    struct saving *r = req->state;

    r->question.calendar = calendars_in_force_code_of(r->next[r->at].name);
    calendar_row_clocks(req, &r->question, &r->page);
    return flow_wait(req, count_page);
}

static bool put(struct request *req, const struct codec_calendar *next, bool only_provisional)
{
    const char *document = codec_calendar_print(next, req->arena);
    char *detail = arena_print(req->arena, "version %" PRIu32, next->version);

    if (!document || !detail)
        return false;
    calendar_row_add(req, &(struct calendar_row){.name = next->name,
                                                 .version = next->version,
                                                 .at_us = req->now_us,
                                                 .by = who_name(req),
                                                 .document = document});
    calendar_moves_arm(req, next->name, next->version, only_provisional);
    audit_add(req, "save calendar", next->name, detail);
    return true;
}

static enum flow save(struct request *req)
{
    struct saving *r = req->state;

    r->saved.calendars = r->next;
    r->saved.count = r->count;
    r->saved.counted_all = r->at == r->count;
    r->saved.is_dry_run = r->ask.is_dry_run;
    r->saved.list = r->moved;
    if (r->ask.is_dry_run)
        return flow_reply(req, codec_calendars_saved(&r->saved, req->arena));
    for (size_t i = 0; i < r->count; i++)
        if (!put(req, &r->next[i], r->only_provisional))
            return flow_refuse_large(req);
    return command_commit(req, codec_calendars_saved(&r->saved, req->arena));
}
