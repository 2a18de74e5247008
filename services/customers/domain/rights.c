#include "services/customers/domain/rights.h"

#define READERS (ROLE_SELLERS | ROLE_COMPLAINT_HANDLER | ROLE_MARKETING | ROLE_OVERSEERS)

static const struct {
    const char *text;
    unsigned roles;
} acts[RIGHTS_ACTS] = {
    [ACT_ANYBODY] = {"ask", ROLE_ALL},
    [ACT_READ] = {"read customers", READERS},
    [ACT_WRITE] = {"change customers", ROLE_SELLERS | ROLE_MARKETING},
    [ACT_REPORT] = {"see figures over all customers", ROLE_MANAGER | ROLE_OVERSEERS},
    [ACT_GRADE] = {"decide about grades", ROLE_MANAGER},
    [ACT_POLICY] = {"set policies and regions", ROLE_MANAGER},
    [ACT_DIRECTORY_READ] = {"read the staff directory", ROLE_ALL},
    [ACT_DIRECTORY_WRITE] = {"change the staff directory", ROLE_DIRECTORY},
    [ACT_ASSIGN] = {"assign customers", ROLE_MANAGER},
    [ACT_TAKE] = {"take customers over", ROLE_SELLERS},
    [ACT_MERGE] = {"merge customers", ROLE_ACCOUNT_MANAGER | ROLE_MANAGER},
    [ACT_IMPORT] = {"import customers", ROLE_MANAGER},
    [ACT_EXPORT] = {"export customers", ROLE_MANAGER},
    [ACT_PRIVACY] = {"restrict, erase and hand out personal data", ROLE_PRIVACY_OFFICER},
    [ACT_AUDIT] = {"read the audit", ROLE_AUDITOR},
    [ACT_QUARANTINE] = {"see what is quarantined", ROLE_AUDITOR},
};

unsigned rights_roles_for(enum rights_act act)
{
    return (unsigned)act < RIGHTS_ACTS ? acts[act].roles : 0;
}

bool rights_may(unsigned roles, enum rights_act act)
{
    return act == ACT_ANYBODY || (roles & rights_roles_for(act)) != 0;
}

const char *rights_act_text(enum rights_act act)
{
    return (unsigned)act < RIGHTS_ACTS ? acts[act].text : "do that";
}
