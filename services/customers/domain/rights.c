#include "services/customers/domain/rights.h"

#include <string.h>

static const char *const names[RIGHTS_ROLES] = {
    "salesperson", "account_manager", "manager", "complaint_handler",
    "marketing",   "privacy_officer", "auditor", "directory",
};

#define ALL_ROLES ((1U << RIGHTS_ROLES) - 1)
/* Who works with customers and may change what is known of those he sees. */
#define SELLERS (RIGHTS_SALESPERSON | RIGHTS_ACCOUNT_MANAGER | RIGHTS_MANAGER)
#define READERS (SELLERS | RIGHTS_COMPLAINT_HANDLER | RIGHTS_MARKETING | RIGHTS_OVERSEERS)

static const struct {
    const char *text;
    unsigned roles;
} acts[RIGHTS_ACTS] = {
    [ACT_ANYBODY] = {"ask", ALL_ROLES},
    [ACT_READ] = {"read customers", READERS},
    [ACT_WRITE] = {"change customers", SELLERS | RIGHTS_MARKETING},
    [ACT_REPORT] = {"see figures over all customers", RIGHTS_MANAGER | RIGHTS_OVERSEERS},
    [ACT_GRADE] = {"decide about grades", RIGHTS_MANAGER},
    [ACT_POLICY] = {"set policies and regions", RIGHTS_MANAGER},
    [ACT_DIRECTORY_READ] = {"read the staff directory", ALL_ROLES},
    [ACT_DIRECTORY_WRITE] = {"change the staff directory", RIGHTS_DIRECTORY},
    [ACT_ASSIGN] = {"assign customers", RIGHTS_MANAGER},
    [ACT_TAKE] = {"take customers over", SELLERS},
    [ACT_MERGE] = {"merge customers", RIGHTS_ACCOUNT_MANAGER | RIGHTS_MANAGER},
    [ACT_IMPORT] = {"import customers", RIGHTS_MANAGER},
    [ACT_EXPORT] = {"export customers", RIGHTS_MANAGER},
    [ACT_PRIVACY] = {"restrict, erase and hand out personal data", RIGHTS_PRIVACY_OFFICER},
    [ACT_AUDIT] = {"read the audit", RIGHTS_AUDITOR},
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

unsigned rights_role_of(struct text name)
{
    for (unsigned i = 0; i < RIGHTS_ROLES; i++)
        if (strlen(names[i]) == name.bytes && memcmp(names[i], name.at, name.bytes) == 0)
            return 1U << i;
    return 0;
}

const char *rights_role_name(enum rights_role role)
{
    for (unsigned i = 0; i < RIGHTS_ROLES; i++)
        if ((unsigned)role == 1U << i)
            return names[i];
    return "";
}

void rights_print_roles(unsigned roles, char out[RIGHTS_NAMES_BYTES])
{
    size_t bytes = 0;

    for (unsigned i = 0; i < RIGHTS_ROLES; i++) {
        size_t length = strlen(names[i]);

        if (!(roles & 1U << i) || bytes + length + 3 > RIGHTS_NAMES_BYTES)
            continue;
        if (bytes > 0) {
            memcpy(out + bytes, ", ", 2);
            bytes += 2;
        }
        memcpy(out + bytes, names[i], length);
        bytes += length;
    }
    if (bytes == 0) {
        memcpy(out, "no role", 7);
        bytes = 7;
    }
    out[bytes] = '\0';
}
