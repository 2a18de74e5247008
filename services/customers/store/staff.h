/*
 * The staff directory in its tables.
 */
#ifndef KEHU_CUSTOMERS_STORE_STAFF_H
#define KEHU_CUSTOMERS_STORE_STAFF_H

#include "common/flow.h"
#include "services/customers/domain/staff.h"

extern const struct pg_statement staff_statements[];
extern const size_t staff_statement_count;

struct staff_found {
    bool found;
    struct staff staff;
};
/* By code or id. */
void staff_find(struct request *req, struct text who, struct staff_found *out);

/* What a new entry refers to, and whether it may. */
struct staff_context {
    bool has_unit, has_manager, manager_has_left, has_deputy, deputy_has_left;
    bool is_circle; /* he would be his own manager over others */
    struct id manager_id, deputy_id;
    struct text manager, deputy; /* their codes */
    struct text unknown_region;  /* the first; empty: none */
};
/* Of the entry `staff`, whose code, unit, manager, deputy and regions are set. */
void staff_find_context(struct request *req, const struct staff *staff, struct staff_context *out);

struct staff_question {
    struct text unit, role, manager; /* empty: any */
    struct text state;               /* "active", "left", "all" */
    struct text after;               /* the last code of the page before; empty: the first page */
    uint32_t limit;
};
struct staff_entries {
    struct staff *list;
    size_t count;
};
void staff_list(struct request *req, const struct staff_question *question,
                struct staff_entries *out);

/* Writes. Circles made meanwhile, and a version that is not there any more, make the unit stale. */
void staff_add(struct request *req, const struct staff *staff);
/* Of the version staff->version, all but absence and state; adds one to it. */
void staff_save(struct request *req, const struct staff *staff);
/* Of the version staff->version: absent_from, absent_to, deputy_id. */
void staff_save_absence(struct request *req, const struct staff *staff);

#endif
