/*
 * The units of the company: a tree.
 */
#ifndef KEHU_CUSTOMERS_STORE_STAFF_UNIT_H
#define KEHU_CUSTOMERS_STORE_STAFF_UNIT_H

#include "common/flow.h"
#include "services/customers/domain/staff.h"

extern const struct pg_statement staff_unit_statements[];
extern const size_t staff_unit_statement_count;

struct staff_units {
    struct staff_unit *list;
    size_t count;
};
/* After that code, in the order of bytes. */
void staff_unit_list(struct request *req, struct text after, uint32_t limit,
                     struct staff_units *out);

/* What a unit's place rests on. */
struct staff_unit_context {
    bool found;
    struct staff_unit unit; /* as it is now */
    int64_t levels_above;   /* from the parent up, with it; 0: there is no such parent */
    int64_t height;         /* from the unit down, with it */
    bool is_circle;         /* the parent is the unit itself or below it */
};
/* Of a unit with code and parent. */
void staff_unit_find(struct request *req, const struct staff_unit *unit,
                     struct staff_unit_context *out);

/* Version 0: a new one; else the one that is there. Who was faster makes the unit stale. */
void staff_unit_save(struct request *req, const struct staff_unit *unit);

#endif
