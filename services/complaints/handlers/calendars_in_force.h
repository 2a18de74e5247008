/*
 * The working calendars in force, kept by the process: the built-in ones of the business and of
 * Xinjiang and Tibet, and what documents put in their place or beside them, each for some regions
 * and teams. case_rules_ask asks whether there is another version, and only then are documents read
 * again; so all processes count by it from the first request after its commit on.
 */
#ifndef KEHU_COMPLAINTS_CALENDARS_IN_FORCE_H
#define KEHU_COMPLAINTS_CALENDARS_IN_FORCE_H

#include "common/flow.h"
#include "common/pure/calendar.h"
#include "services/complaints/codec/codec_calendar.h"
#include "services/complaints/store/calendar_row.h"

#define CALENDARS_MAX 64
#define CALENDARS_BUSINESS "cn"
#define CALENDARS_WEST "cn-west"

/* What the process keeps, of its counters.h; zeroes at first. A calendar has a hundred kilobytes
 * and is the same for all requests; it changes only between steps. */
struct calendars_kept {
    bool is_read;
    int64_t rows;            /* how many versions there were when it was read */
    struct calendar *west;   /* built in */
    struct kept_zone *zones; /* of documents, beside the business's */
    struct kept_calendar *list[CALENDARS_MAX];
    size_t count;
};

/* Frees what the service's counters keep. */
void calendars_in_force_free(void *counters);

/* Asks; valid in the next step. Part of case_rules_ask. */
void calendars_in_force_ask(struct request *req);

/* By its code; the business's where there is none of that name any more. Never NULL, and good
 * within the step. */
const struct calendar *calendars_in_force_find(const struct service *service, struct text code);
/* The code of the calendar for a team and region: "" the business's. Good within the step. */
struct text calendars_in_force_code(const struct service *service, struct text team,
                                    struct text region);
/* The code on clocks of the calendar with that name. */
struct text calendars_in_force_code_of(const char *name);

/* The zone of that name: the business's for "". NULL: none, and `why` says it. It stays. */
const struct zone *calendars_in_force_zone(const struct service *service, const char *name,
                                           char *why, size_t why_bytes);
/* All documents in force: those of the rows, and of the built-in ones that have none. In the arena;
 * false: no memory, or a row that this program does not understand. */
bool calendars_in_force_list(const struct service *service, const struct calendar_rows *rows,
                             struct arena *arena, struct codec_calendar **out, size_t *count);
/* The document of a built-in one. False: none of this name, or no memory. */
bool calendars_in_force_built_in(const struct service *service, const char *name,
                                 struct arena *arena, struct codec_calendar *out);

#endif
