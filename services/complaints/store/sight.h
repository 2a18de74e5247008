/*
 * How statements filter by which cases somebody may see (handlers/who.h).
 */
#ifndef KEHU_COMPLAINTS_STORE_SIGHT_H
#define KEHU_COMPLAINTS_STORE_SIGHT_H

#include "common/pg.h"

struct sight {
    bool sees_all;
    struct id staff;
};
/* Puts two parameters from `first` on: sees_all (PG_BOOL), staff (PG_ID). */
void sight_put(const struct sight *sight, struct pg_args *args, int first);

/* True of a case within the sight: `c` is the alias of cases, the others are SQL of the two
 * parameters. Who is recused with hides_complainant sees the case without the complainant. */
#define SIGHT_FILTER(c, all, staff)                                                                \
    "(" all " or " c ".handler_id = " staff " or exists (select 1 from customer_seen sight_c"      \
    " left join staff_seen sight_s on sight_s.staff_id = sight_c.owner_id"                         \
    " where sight_c.customer_id = " c ".customer_id and (sight_c.owner_id = " staff                \
    " or sight_s.manager_id = " staff " or sight_s.deputy_id = " staff ")))"

#endif
