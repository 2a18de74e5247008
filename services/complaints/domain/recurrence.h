/*
 * Whether something happens again (R71): to the same customer of the same cause (or issue, while no
 * cause is known), or with the same product batch.
 */
#ifndef KEHU_COMPLAINTS_RECURRENCE_H
#define KEHU_COMPLAINTS_RECURRENCE_H

#include "services/complaints/domain/case_file.h"

struct recurrence_case {
    struct id id, customer; /* customer zeroes: not known */
    enum case_kind kind;
    enum case_state state;
    struct text cause, issue, product, batch;
    int32_t day; /* of submission, local */
};

struct recurrence_case recurrence_of(const struct case_file *file);

enum recurrence {
    RECURRENCE_IS_NONE = 0,
    RECURRENCE_OF_CUSTOMER = 1, /* and cause */
    RECURRENCE_OF_BATCH = 2,
};
/* How `later` repeats `earlier`, a counted complaint at most so many days before: a bit per way. */
uint32_t recurrence_between(const struct recurrence_case *earlier,
                            const struct recurrence_case *later, uint32_t days);
/* How many of the earlier ones it repeats, in any way. */
uint32_t recurrence_count(const struct recurrence_case *earlier, size_t count,
                          const struct recurrence_case *later, uint32_t days);

#endif
