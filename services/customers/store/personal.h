/*
 * The statements that read, count and empty the personal columns of a person; generated from the
 * comments of the schema by deploy/check/personal.sh, so that erasure, subject access and
 * docs/personal.md know the same columns.
 */
#ifndef KEHU_CUSTOMERS_STORE_PERSONAL_H
#define KEHU_CUSTOMERS_STORE_PERSONAL_H

#include "common/personal.h"
#include "services/customers/domain/personal.h"

extern const struct personal_part personal_parts[];
extern const size_t personal_part_count;

/* Back from 1 a JSON array of rows as personal_read gave them. */
extern const struct pg_statement personal_put[];
extern const size_t personal_put_count;
/* Strikes 2 words out of free texts (schema: strike) about 1 customers. */
extern const struct pg_statement personal_strike[];
extern const size_t personal_strike_count;

/* One write per table; 1 the ids of contacts, or of customers. */
extern const struct pg_statement personal_erase_contact[], personal_erase_customer[];
extern const size_t personal_erase_contact_count, personal_erase_customer_count;

/* Of 1 ids: (how many personal values there are, their mark); rows of (place, table, row as JSON)
 * in the order of the schema, of a table one more than PERSONAL_MAX_ROWS. */
#define PERSONAL_MAX_ROWS 10000
enum personal_question {
    PERSONAL_COUNT_CONTACT,
    PERSONAL_READ_CONTACT,
    PERSONAL_COUNT_CUSTOMER,
    PERSONAL_READ_CUSTOMER,
};
extern const struct pg_statement personal_questions[];
extern const size_t personal_questions_count;

/* Stale unless the values of 1 ids have 2 the mark still: in the order of contacts, customers. */
extern const struct pg_statement personal_guard[];
extern const size_t personal_guard_count;

#endif
