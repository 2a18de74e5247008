/*
 * The working calendars in force, kept by the process: the built-in ones of the business and of
 * Xinjiang and Tibet, and what documents put in their place or beside them, each for some regions
 * and teams.
 */
#ifndef KEHU_COMPLAINTS_CALENDARS_IN_FORCE_H
#define KEHU_COMPLAINTS_CALENDARS_IN_FORCE_H

#include "common/flow.h"

/* By its code; the business's where there is none of that name any more. Never NULL, and good
 * within the step. */
const struct calendar *calendars_in_force_find(const struct service *service, struct text code);
/* The code of the calendar for a team and region: "" the business's. */
struct text calendars_in_force_code(const struct service *service, struct text team,
                                    struct text region);

#endif
