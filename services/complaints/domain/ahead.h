/*
 * How far ahead people may plan: a slip of a digit in a year is not taken for a plan. One rule for
 * every moment and day that is to come and that somebody gives.
 */
#ifndef KEHU_COMPLAINTS_AHEAD_H
#define KEHU_COMPLAINTS_AHEAD_H

#include "common/base.h"

/* What is to be done, and an authority's days: ten years. */
#define AHEAD_DAYS 3653
#define AHEAD_TOO_FAR "lies more than ten years ahead: give an earlier one"
/* What holds up others until then: a pause, an extension, a policy that is to come into force. */
#define AHEAD_SOON_DAYS 366
#define AHEAD_NOT_SOON                                                                             \
    "lies more than 366 days ahead: give an earlier one, and ask again when it nears"

/* Whether it lies more than so many days ahead; no day (DAY_NONE) and what is past do not. */
bool ahead_is_day_beyond(int32_t today, int32_t day, int32_t days);
bool ahead_is_beyond(int64_t now_us, int64_t at_us, int32_t days);

#endif
