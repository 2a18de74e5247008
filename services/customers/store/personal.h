/*
 * The statements that read, count and empty the personal columns of a person; generated from the
 * comments of the schema by deploy/check/personal.sh, so that erasure, subject access and
 * docs/personal.md know the same columns.
 */
#ifndef KEHU_CUSTOMERS_STORE_PERSONAL_H
#define KEHU_CUSTOMERS_STORE_PERSONAL_H

#include "common/pg.h"
#include "services/customers/domain/personal.h"

/* A table with personal columns. */
struct personal_part {
    const char *table;
    /* Back from a JSON array of rows as personal_read_… gave them; sql NULL: it keeps what it has.
     */
    struct pg_statement put;
    /* Strikes 2 words out of free texts (schema: strike) of 1 customers; sql NULL: none there. */
    struct pg_statement strike;
};
extern const struct personal_part personal_parts[];
extern const size_t personal_part_count;

/* One write per table; 1 the ids of contacts, or of customers. */
extern const struct pg_statement personal_erase_contact[], personal_erase_customer[];
extern const size_t personal_erase_contact_count, personal_erase_customer_count;
/* How many personal values there are of them. */
extern const struct pg_statement personal_count_contact, personal_count_customer;
/* Rows of (place, table, row as JSON) in the order of the schema. */
extern const struct pg_statement personal_read_contact, personal_read_customer;

#endif
