/*
 * Roles of staff (BEHAVIOUR "Who may see what", R169 to R173): the words of the staff directory,
 * which every service reads its actors by. What a role may do is each service's own table.
 */
#ifndef KEHU_ROLE_H
#define KEHU_ROLE_H

#include "common/base.h"

enum role {
    ROLE_SALESPERSON = 1 << 0,
    ROLE_ACCOUNT_MANAGER = 1 << 1,
    ROLE_MANAGER = 1 << 2,
    ROLE_COMPLAINT_HANDLER = 1 << 3,
    ROLE_MARKETING = 1 << 4,
    ROLE_PRIVACY_OFFICER = 1 << 5,
    ROLE_AUDITOR = 1 << 6,
    ROLE_DIRECTORY = 1 << 7, /* keeps the staff directory */
};
#define ROLES 8
#define ROLE_ALL ((1U << ROLES) - 1)
/* Who works with customers and may change what is known of those he sees. */
#define ROLE_SELLERS (ROLE_SALESPERSON | ROLE_ACCOUNT_MANAGER | ROLE_MANAGER)
/* They see everything and change nothing of it. */
#define ROLE_OVERSEERS (ROLE_PRIVACY_OFFICER | ROLE_AUDITOR)

/* The role of a name ("account_manager"); 0: none. */
unsigned role_of(struct text name);
/* Of names separated by commas, as rows hold them; names of no role are passed over. */
unsigned role_read(struct text names);
/* "" of what is no one role. */
const char *role_name(enum role role);

/* "salesperson, manager" in the order of the enum; "no role" for 0. Terminated. */
#define ROLE_NAMES_BYTES 160
void role_print(unsigned roles, char out[ROLE_NAMES_BYTES]);

#endif
