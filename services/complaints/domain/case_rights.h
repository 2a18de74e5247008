/*
 * What roles of staff may do with cases (R66, R169 to R173). One table: case_rights.c. Which cases
 * somebody sees is the sight (store/sight.h); what a recusal forbids is conduct.h.
 */
#ifndef KEHU_COMPLAINTS_CASE_RIGHTS_H
#define KEHU_COMPLAINTS_CASE_RIGHTS_H

#include "common/pure/role.h"

/* What a message does; named in the handler table (`act`). */
enum case_right {
    CASE_RIGHT_ANYBODY = 0, /* nothing that needs a role */
    CASE_RIGHT_OPEN,   /* record what somebody says: a case, a call, a reply, a chase, a note */
    CASE_RIGHT_READ,   /* cases within the sight */
    CASE_RIGHT_WORK,   /* sub-tasks, actions, lessons: of those who owe them */
    CASE_RIGHT_HANDLE, /* take, give away, investigate, answer, close; and case_rights_handles */
    CASE_RIGHT_DECIDE, /* approve, reject, grant, supervise, recuse */
    CASE_RIGHT_REPORT, /* figures over all cases */
    CASE_RIGHT_POLICY, /* policies, calendars */
    CASE_RIGHT_QUARANTINE, /* what was rejected, with its content */
    CASE_RIGHT_PRIVACY,    /* all that is kept of a person, for him to read */
    CASE_RIGHTS,           /* how many there are */
};

/* May somebody with these roles do it at all? */
bool case_rights_may(unsigned roles, enum case_right right);
/* The roles that may, as bits of enum role; of ANYBODY all. */
unsigned case_rights_roles_for(enum case_right right);
/* What it is, for refusals: "handle cases". */
const char *case_rights_text(enum case_right right);

/* Of one case: handlers and managers handle every case, others the case that is assigned to them.
 * `is_handler`: he is the case's handler, or stands in for him today. */
bool case_rights_handles(unsigned roles, bool is_handler);
/* Whether a case may be assigned to somebody with these roles: overseers change nothing. */
bool case_rights_takes(unsigned roles);
/* Every case, in a message of that right: overseers while they only read. */
bool case_rights_sees_all(unsigned roles, enum case_right right);
/* Who a restricted complainant is, beside the handler of his open case. */
bool case_rights_sees_restricted(unsigned roles, enum case_right right);

#endif
