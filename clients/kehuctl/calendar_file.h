/* A year's notice of holidays from a file. */
#ifndef KEHU_CTL_CALENDAR_FILE_H
#define KEHU_CTL_CALENDAR_FILE_H

#include "ctl.h"
#include "kehu/calendar/v1/calendar.pb-c.h"
#include "kehu/complaints/v1/calendars.pb-c.h"

/* Of `*.json` the document itself; else of a table with the columns schedule_year, date, kind
 * ("off" or "work"), further ones passed over. `year` 0: the table's only one. A file that is
 * neither ends the program with CTL_USAGE and says where it is wrong. */
Kehu__Calendar__V1__HolidayNotice *calendar_file_read(struct ctl *ctl, const char *path,
                                                      uint32_t year);

#endif
