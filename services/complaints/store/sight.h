/*
 * What the door asks of the staff directory, and how statements filter by which cases somebody may
 * see (handlers/who.h).
 */
#ifndef KEHU_COMPLAINTS_STORE_SIGHT_H
#define KEHU_COMPLAINTS_STORE_SIGHT_H

#include "common/flow.h"

extern const struct pg_statement sight_statements[];
extern const size_t sight_statement_count;

struct sight {
    bool sees_all;           /* every case */
    bool sees_restricted;    /* who a restricted complainant is */
    struct id staff;         /* zeroes: nobody of the staff */
    const struct id *stands; /* himself, and those he stands in for today */
    size_t stand_count;
    const struct id *owners; /* those and his team: whose customers' cases he sees */
    size_t owner_count;
};
#define SIGHT_PARAMS PG_BOOL, PG_BOOL, PG_ID, PG_IDS, PG_IDS
/* Puts the five parameters from `first` on (counted from 0, as pg_put does): sees_all,
 * sees_restricted, staff, stands, owners. */
void sight_put(const struct sight *sight, struct pg_args *args, int first);

/* True of a case within the sight: `c` is the alias of cases, the others are SQL of the
 * parameters. A merged customer's cases are those of his survivor's owner. */
#define SIGHT_FILTER(c, all, stands, owners)                                                       \
    "(" all " or " c ".handler_id = any(" stands ") or exists (select 1"                           \
    " from customer_seen sight_c join customer_seen sight_t"                                       \
    " on sight_t.customer_id = coalesce(sight_c.counts_as, sight_c.customer_id)"                   \
    " where sight_c.customer_id = " c ".customer_id and sight_t.owner_id = any(" owners ")))"

/*
 * True of a case whose complainant he may see: of others the case is shown and found without
 * customer, contact, summary, content and what was written. Not who is recused with
 * hides_complainant; of a restricted person only the handler while it is open, and who sees
 * restricted persons.
 */
#define SIGHT_PERSON(c, restricted, staff, stands)                                                 \
    "(not exists (select 1 from case_recusal sight_r where sight_r.case_id = " c ".id"             \
    " and sight_r.staff_id = " staff " and sight_r.hides_complainant)"                             \
    " and (" restricted " or (" c ".handler_id = any(" stands ")"                                  \
    " and " c ".state not in (9, 11, 12, 13, 14)) or not exists (select 1"                         \
    " from person_restricted sight_p"                                                              \
    " where sight_p.person_id in (" c ".customer_id, " c ".contact_id))))"

/* A person as the door sees him. */
struct sight_person {
    bool found, is_active;
    struct id id, manager; /* zeroes: none */
    const char *code, *unit;
    unsigned roles;          /* bits of enum role */
    bool is_head;            /* a manager with nobody above him */
    const struct id *stands; /* as of struct sight */
    size_t stand_count;
    const struct id *owners;
    size_t owner_count;
};
/* By code or id, in one question; `today` in business time. */
void sight_find_person(struct request *req, const char *who, int32_t today,
                       struct sight_person *out);

#endif
