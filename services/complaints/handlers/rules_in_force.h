/*
 * Working calendars in force (policies: policies_in_force.h), kept by the process. Every request
 * that needs them asks whether another version was added or became valid; only then are documents
 * read again. So all processes decide by a new version from the first request after its commit on.
 */
#ifndef KEHU_COMPLAINTS_RULES_IN_FORCE_H
#define KEHU_COMPLAINTS_RULES_IN_FORCE_H

#include "services/complaints/handlers/case_clocks.h"

/* Both valid in the step after case_rules_ask. */
const struct calendar *rules_in_force_calendar(const struct service *service, struct text code);
/* The code of the calendar for a team and region: "" the business's. */
struct text rules_in_force_code(struct text team, struct text region);

#endif
