/*
 * Another version of a calendar counts again what open clocks were given (clock_supersede,
 * CLOCK_BY_CALENDAR). A timer does it in sets: each unit holds its clocks, its place and the next
 * ringing, so that it goes on where it was after any end, in any process.
 */
#ifndef KEHU_COMPLAINTS_CALENDAR_MOVES_H
#define KEHU_COMPLAINTS_CALENDAR_MOVES_H

#include "services/complaints/handlers/calendars_in_force.h"
#include "services/complaints/handlers/case_clocks.h"

#define CALENDAR_MOVES_KIND "calendar_moves"

/* Adds to the unit: that version of the calendar moves clocks from now on. */
void calendar_moves_arm(struct request *req, const char *name, uint32_t version,
                        bool only_provisional);
/* The step of its timers. */
enum flow calendar_moves_ring(struct request *req);

/* What the clock becomes on another calendar. False: nothing, it is broken. `next` may be due when
 * it was before: then only whether it may still move is another. */
bool calendar_moves_compute(struct request *req, const struct case_rules *rules,
                            const struct calendar *to, struct clock_row *row,
                            struct case_clock *next);

#endif
