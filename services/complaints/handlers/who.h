/*
 * Who asks, and what he may do with cases (R66, R169 to R173). The door of the service (who_door)
 * finds the actor in the staff this service knows, refuses what his roles may not
 * (domain/case_rights.h, the handler's `act`), and leaves him here. Keys that act as themselves are
 * bounded by their own rights; they see every case, and of restricted persons nothing.
 *
 *   open, log a call, note   everybody of the staff, auditors and privacy officers excepted
 *   handle                   complaint handlers, managers, who is assigned
 *   decide                   managers: approve above the handler's limit, reject, grant, supervise
 *   read                     complaint handlers and managers: all cases; owners, those who stand in
 *                            for them and those above: the cases of their customers; privacy
 *                            officer and auditor: all, nothing changed
 *   report, policy           managers; figures also handlers and overseers
 */
#ifndef KEHU_COMPLAINTS_WHO_H
#define KEHU_COMPLAINTS_WHO_H

#include "common/flow.h"
#include "services/complaints/domain/case_rights.h"
#include "services/complaints/domain/conduct.h"
#include "services/complaints/domain/remedy.h"
#include "services/complaints/store/sight.h"

struct who {
    bool is_staff; /* a person asks; false: a key as itself, a job, a timer */
    struct id staff;
    const char *code; /* "li.na"; "" */
    unsigned roles;   /* bits of enum role */
    const char *unit;
    struct id manager; /* of the person */
    bool is_head;      /* decides about every amount */
    struct sight sight;
};

/* The service_definition.door of complaints. */
enum flow who_door(struct request *req);
/* Never NULL. */
const struct who *who_of(const struct request *req);
/* For sight_put. */
const struct sight *who_sight(const struct request *req);
/* The staff member's code, or the key's name: what rows say of who did something. */
const char *who_name(const struct request *req);
/* Up to which amounts he decides. */
enum remedy_rank who_rank(const struct request *req);
/* He is this person, or stands in for him today. */
bool who_stands_for(const struct request *req, const struct id *staff);
/* May he do this too? Keys as themselves may what their rights let them call. */
bool who_may(const struct request *req, enum case_right right);
/* May he handle the case of this handler (zeroes: nobody's)? Recusals are asked beside it. */
bool who_handles(const struct request *req, const struct id *handler);

#endif
