/*
 * Roles of staff and the acts they may do (BEHAVIOUR "Who may see what", R169 to R173). One table:
 * rights.c.
 */
#ifndef KEHU_CUSTOMERS_RIGHTS_H
#define KEHU_CUSTOMERS_RIGHTS_H

#include "common/base.h"

enum rights_role {
    RIGHTS_SALESPERSON = 1 << 0,
    RIGHTS_ACCOUNT_MANAGER = 1 << 1,
    RIGHTS_MANAGER = 1 << 2,
    RIGHTS_COMPLAINT_HANDLER = 1 << 3,
    RIGHTS_MARKETING = 1 << 4,
    RIGHTS_PRIVACY_OFFICER = 1 << 5,
    RIGHTS_AUDITOR = 1 << 6,
    RIGHTS_DIRECTORY = 1 << 7, /* keeps the staff directory */
};
#define RIGHTS_ROLES 8
/* They see everything and change nothing of it. */
#define RIGHTS_OVERSEERS (RIGHTS_PRIVACY_OFFICER | RIGHTS_AUDITOR)

/* What a message does; named in the handler table (`act`). */
enum rights_act {
    ACT_ANYBODY = 0, /* nothing that needs a role */
    ACT_READ,        /* customers, contacts, timelines within the scope */
    ACT_WRITE,       /* their files and people */
    ACT_REPORT,      /* figures over all customers */
    ACT_GRADE,       /* runs, overrides, demotions */
    ACT_POLICY,      /* policies, regions */
    ACT_DIRECTORY_READ,
    ACT_DIRECTORY_WRITE,
    ACT_ASSIGN, /* owners, rules, unassigned queue, handover */
    ACT_TAKE,   /* acknowledge, object, pick from the pool */
    ACT_MERGE,
    ACT_IMPORT,
    ACT_EXPORT,
    ACT_PRIVACY, /* restriction, erasure, subject access */
    ACT_AUDIT,   /* read the audit: staff only, never a key as itself */
    RIGHTS_ACTS, /* how many there are */
};

/* May somebody with these roles do it? */
bool rights_may(unsigned roles, enum rights_act act);
/* The roles that may, as bits of enum rights_role; of ACT_ANYBODY all. */
unsigned rights_roles_for(enum rights_act act);
/* What it is, for refusals: "assign owners". */
const char *rights_act_text(enum rights_act act);

/* The role of a name ("account_manager"); 0: none. */
unsigned rights_role_of(struct text name);
/* "" of what is no one role. */
const char *rights_role_name(enum rights_role role);

/* "salesperson, manager" in the order of the enum; "no role" for 0. Terminated. */
#define RIGHTS_NAMES_BYTES 160
void rights_print_roles(unsigned roles, char out[RIGHTS_NAMES_BYTES]);

#endif
