/*
 * The clocks of a case through what happens to it: which start, stop and end (domain/clock_plan.h),
 * on which calendar and by which policy; the first that is due, for the work lists; and what rings.
 */
#ifndef KEHU_COMPLAINTS_CASE_CLOCKS_H
#define KEHU_COMPLAINTS_CASE_CLOCKS_H

#include "services/complaints/domain/case_file.h"
#include "services/complaints/domain/clock_plan.h"
#include "services/complaints/handlers/policies_in_force.h"
#include "services/complaints/store/case_clock.h"
#include "services/complaints/store/cases.h"

/* The working calendar of a case's team, else of its region, else the business's; never NULL and
 * good within the step. `code` gets its name, "" of the business's. */
const struct calendar *case_clocks_calendar(const struct request *req, const struct case_file *file,
                                            struct text *code);
/* By its code; the business's where there is none of that name any more. */
const struct calendar *case_clocks_calendar_of(const struct request *req, struct text code);

/* What happened at `at_us` (not after now): rings what was due by then, stops, drops and starts.
 * New rows get ids. */
void case_clocks_happen(struct request *req, const struct case_file *file,
                        const struct case_rules *rules, enum clock_event event, int64_t at_us,
                        struct clock_rows *clocks);
/* Another priority, group, policy or calendar: supersedes those that it concerns. */
void case_clocks_change(struct request *req, const struct case_file *file,
                        const struct case_rules *rules, enum clock_cause cause,
                        struct clock_rows *clocks);
/* An action's own date: its clock starts, or is superseded when the date is another one. */
void case_clocks_set_action(struct request *req, const struct case_file *file,
                            const struct case_rules *rules, const struct id *action, int32_t day,
                            struct clock_rows *clocks);
/* The action is verified (met or not), or moved to an improvement item (nothing is judged). */
void case_clocks_end_action(struct request *req, const struct id *action, bool is_verified,
                            struct clock_rows *clocks);
/* The first that is due of the running ones that people owe, not the automatic receipt; false: none
 * runs. */
bool case_clocks_first(const struct clock_rows *clocks, int64_t *due_us, enum clock_kind *kind);

/* Rings everything due by now: marks rows changed and says ClockWarned and ClockBreached in the
 * log. Before every command on a clock; case_change does it. False: no memory. */
bool case_clocks_ring(struct request *req, const struct case_file *file, struct clock_rows *clocks);
/* The same of what was due by that moment. */
bool case_clocks_ring_until(struct request *req, const struct case_file *file,
                            struct clock_rows *clocks, int64_t until_us);
/* The step of the timer that ends the day of a chase. */
enum flow chase_case_end_day(struct request *req);
/* The step of the sweep of clocks: one set of what is due. */
enum flow case_clocks_sweep(struct request *req);
/* The step of the sweep of priorities: one set of the cases that are marked. */
enum flow reweigh_cases_sweep(struct request *req);

#endif
