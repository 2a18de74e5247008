#include "services/complaints/domain/case_rights.h"

#define WORKERS (ROLE_ALL & ~(unsigned)ROLE_OVERSEERS)
#define HANDLERS (ROLE_COMPLAINT_HANDLER | ROLE_MANAGER)

static const struct {
    const char *text;
    unsigned roles;
} rights[CASE_RIGHTS] = {
    [CASE_RIGHT_ANYBODY] = {"ask", ROLE_ALL},
    [CASE_RIGHT_OPEN] = {"record cases", WORKERS},
    [CASE_RIGHT_READ] = {"read cases", ROLE_ALL},
    [CASE_RIGHT_WORK] = {"work on sub-tasks and actions", WORKERS},
    [CASE_RIGHT_HANDLE] = {"handle cases", WORKERS},
    [CASE_RIGHT_DECIDE] = {"decide about cases", ROLE_MANAGER},
    [CASE_RIGHT_REPORT] = {"see figures over all cases", HANDLERS | ROLE_OVERSEERS},
    [CASE_RIGHT_POLICY] = {"set the policies of cases", ROLE_MANAGER},
    [CASE_RIGHT_QUARANTINE] = {"see what is quarantined", ROLE_AUDITOR},
    [CASE_RIGHT_PRIVACY] = {"hand out personal data", ROLE_PRIVACY_OFFICER},
};

unsigned case_rights_roles_for(enum case_right right)
{
    return (unsigned)right < CASE_RIGHTS ? rights[right].roles : 0;
}

bool case_rights_may(unsigned roles, enum case_right right)
{
    return right == CASE_RIGHT_ANYBODY || (roles & case_rights_roles_for(right)) != 0;
}

const char *case_rights_text(enum case_right right)
{
    return (unsigned)right < CASE_RIGHTS ? rights[right].text : "do that";
}

bool case_rights_handles(unsigned roles, bool is_handler)
{
    return (roles & HANDLERS) != 0 || (is_handler && case_rights_takes(roles));
}

bool case_rights_takes(unsigned roles)
{
    return (roles & WORKERS) != 0;
}

static bool only_reads(enum case_right right)
{
    return right == CASE_RIGHT_READ || right == CASE_RIGHT_REPORT;
}

bool case_rights_sees_all(unsigned roles, enum case_right right)
{
    return (roles & HANDLERS) != 0 || (only_reads(right) && (roles & ROLE_OVERSEERS) != 0);
}

bool case_rights_sees_restricted(unsigned roles, enum case_right right)
{
    return only_reads(right) && (roles & ROLE_PRIVACY_OFFICER) != 0;
}
