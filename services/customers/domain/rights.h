/*
 * What roles of staff may do with customers (BEHAVIOUR "Who may see what", R169 to R173). One
 * table: rights.c.
 */
#ifndef KEHU_CUSTOMERS_RIGHTS_H
#define KEHU_CUSTOMERS_RIGHTS_H

#include "common/pure/role.h"

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
    ACT_PRIVACY,    /* restriction, erasure, subject access */
    ACT_AUDIT,      /* read the audit: staff only, never a key as itself */
    ACT_QUARANTINE, /* what was rejected, with its content */
    RIGHTS_ACTS,    /* how many there are */
};

/* May somebody with these roles do it? */
bool rights_may(unsigned roles, enum rights_act act);
/* The roles that may, as bits of enum role; of ACT_ANYBODY all. */
unsigned rights_roles_for(enum rights_act act);
/* What it is, for refusals: "assign owners". */
const char *rights_act_text(enum rights_act act);

#endif
