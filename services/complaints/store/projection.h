/*
 * What is known here of the customers service: written by the consumer, read by those who open and
 * work cases. Within a unit the last word on a customer counts.
 */
#ifndef KEHU_COMPLAINTS_STORE_PROJECTION_H
#define KEHU_COMPLAINTS_STORE_PROJECTION_H

#include "common/flow.h"

extern const struct pg_statement projection_statements[];
extern const size_t projection_statement_count;

void projection_see_customer(struct request *req, const struct id *customer, const char *number);
void projection_add_reference(struct request *req, const char *source, const char *external_id,
                              const struct id *customer);
void projection_see_grade(struct request *req, const struct id *customer, const char *grade);
/* NULL or zeroes: nobody. */
void projection_see_owner(struct request *req, const struct id *customer, const struct id *owner);
void projection_see_survivor(struct request *req, const struct id *merged,
                             const struct id *survivor);
/* One id of somebody who is restricted, by which cases name him; `of` as the customers service
 * names him. */
void projection_restrict(struct request *req, const struct id *person, const struct id *of);
/* All ids of his; not while his erasure waits. */
void projection_lift(struct request *req, const struct id *person);
/* He is to be forgotten (handlers/erase_cases.h). */
void projection_erase(struct request *req, const struct id *person, int64_t at_us);
/* Who alone holds the number of that keyed hash; zeroes: nobody. */
void projection_see_number(struct request *req, const void *hash, size_t bytes,
                           const struct id *customer, const struct id *contact);
/* With references and orders. */
void projection_remove_customer(struct request *req, const struct id *customer);

struct projection_order {
    struct id customer, order;
    int32_t day;
    int64_t net_micros;
    const char *currency;
    bool is_gone; /* the row goes */
};
void projection_see_order(struct request *req, const struct projection_order *order);

struct projection_staff {
    struct id staff, manager, deputy; /* zeroes: none */
    const char *code, *unit;
    const char *roles; /* separated by commas */
    bool is_absent, is_active;
    int32_t absent_from, absent_to;
};
void projection_see_staff(struct request *req, const struct projection_staff *staff);
void projection_staff_left(struct request *req, const struct id *staff);

#endif
