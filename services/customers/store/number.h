/*
 * Telephone numbers by their keyed hash: which are to be looked at again, who holds them, and who
 * was told to.
 */
#ifndef KEHU_CUSTOMERS_STORE_NUMBER_H
#define KEHU_CUSTOMERS_STORE_NUMBER_H

#include "common/flow.h"

extern const struct pg_statement number_statements[];
extern const size_t number_statement_count;

/* Who holds a number alone. Zeroes: nobody, or several. */
struct number_holder {
    struct id
        customer;      /* of a merged one the survivor; zeroes: of a contact of several customers */
    struct id contact; /* zeroes: it stands on the file, or several contacts have it */
};
struct number_marked {
    struct text hash;
    const struct id *marks;
    size_t mark_count;
    struct number_holder now, told;
};
struct number_list {
    struct number_marked *list; /* each hash once */
    size_t count;
};
/* The marked ones, at most so many marks. Numbers known to be wrong are nobody's. */
void number_list_marked(struct request *req, uint32_t max, struct number_list *out);

/* Adds to the unit: the marks are done with. Stale when another instance was faster. */
void number_remove_marks(struct request *req, const struct number_list *list);
/* What was told; many to one statement. */
void number_put_told(struct request *req, struct text hash, const struct number_holder *holder);

bool number_is_held(const struct number_holder *holder);

#endif
