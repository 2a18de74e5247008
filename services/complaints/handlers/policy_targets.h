/*
 * A policy of targets that comes into force computes open clocks again: those whose time is another
 * by it, from their old start (clock_supersede, CLOCK_BY_POLICY). A timer does it in sets: each
 * unit holds its clocks, its place and the next ringing, so that it goes on where it was after any
 * end, in any process. One more look a minute after the last set finds what was started meanwhile
 * by the version before.
 */
#ifndef KEHU_COMPLAINTS_POLICY_TARGETS_H
#define KEHU_COMPLAINTS_POLICY_TARGETS_H

#include "services/complaints/store/clock_move.h"

#define POLICY_TARGETS_KIND "policy_targets"

/* Adds to the unit: that version moves clocks from then on. */
void policy_targets_arm(struct request *req, uint32_t version, int64_t from_us);
/* The step of its timers. */
enum flow policy_targets_ring(struct request *req);

/* Ends the clock of that row and says what takes its place; false: nothing does, it stays. */
bool policy_targets_move(struct request *req, const struct clock_policy *policy, uint32_t version,
                         struct clock_row *row, struct case_clock *next);

#endif
