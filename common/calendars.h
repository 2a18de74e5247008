/*
 * Working calendars from documents: kehu.calendar.v1.Calendar to struct calendar (common/pure) and
 * nothing else; where documents are kept is the service's business.
 */
#ifndef KEHU_CALENDARS_H
#define KEHU_CALENDARS_H

#include "common/pure/calendar_notice.h"
#include "common/status.h"

#define CALENDARS_FIELD_BYTES 96

struct Kehu__Calendar__V1__Calendar;

/*
 * Fills `out` from a document. `zone` is what the document's zone name stands for, or the zone of
 * the business where the name is empty (the caller loads it, see zones.h) and must outlive `out`.
 * INVALID_ARGUMENT: `field` names what is wrong in the document ("weekly[2].ranges[1].opens"),
 * `why` is the sentence's end; `out` is then as it was. INTERNAL: out of memory.
 */
enum status calendars_read(const struct Kehu__Calendar__V1__Calendar *document,
                           const struct zone *zone, struct calendar *out,
                           char field[CALENDARS_FIELD_BYTES], const char **why) MUST_USE;

#endif
