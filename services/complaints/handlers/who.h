/*
 * Who asks, and what he may do with cases (R66, R169 to R173). The door of the service (who_door)
 * finds the actor in the staff this service knows, refuses acts his roles do not have, and leaves
 * him here. Keys that act as themselves are bounded by their own rights; they see every case.
 *
 *   open, log a call, note   everybody of the staff
 *   handle                   complaint handlers, their managers, who is assigned
 *   decide                   managers: approve above the handler's limit, reject, grant, supervise
 *   read                     complaint handlers and managers: all cases; owners and deputies: those
 *                            of their customers; privacy officer and auditor: all, nothing changed
 *   policy, report           managers
 */
#ifndef KEHU_COMPLAINTS_WHO_H
#define KEHU_COMPLAINTS_WHO_H

#include "common/flow.h"
#include "services/complaints/domain/case_rights.h"
#include "services/complaints/domain/conduct.h"
#include "services/complaints/domain/remedy.h"

struct who {
    bool is_staff; /* a person asks; false: a key as itself, a job, a timer */
    struct id staff;
    const char *code; /* "li.na"; "" */
    unsigned roles;   /* bits of enum case_role */
    const char *unit;
    struct id manager; /* of the person */
    bool sees_all;     /* every case */
};

/* The service_definition.door of complaints. */
enum flow who_door(struct request *req);
/* Never NULL behind the door. */
const struct who *who_of(const struct request *req);
/* The staff member's code, or the key's name: what rows say of who did something. */
const char *who_name(const struct request *req);
/* Up to which amounts he decides. */
enum remedy_rank who_rank(const struct request *req);

#endif
