/*
 * The personal columns of this service and the statements that read, count and empty them for a
 * person; generated from the comments of the schema by deploy/check/personal.sh, so that erasure,
 * subject access and docs/personal.md know the same columns.
 */
#ifndef KEHU_CUSTOMERS_PERSONAL_H
#define KEHU_CUSTOMERS_PERSONAL_H

#include "common/pg.h"

struct personal_column {
    const char *table, *column;
    const char *type;    /* as in the schema: "text", "text[]", "bytea" */
    const char *of;      /* whose: "contact", "customer", "contact, customer", "other" */
    const char *erasure; /* "emptied", "row" (the whole row goes), "stays" */
    const char *note;    /* the comment in the schema; of what stays, why */
};

extern const struct personal_column personal_columns[];
extern const size_t personal_column_count;

/* One write per table; 1 the ids of contacts, or of customers. */
extern const struct pg_statement personal_erase_contact[], personal_erase_customer[];
extern const size_t personal_erase_contact_count, personal_erase_customer_count;
/* How many personal values there are of them. */
extern const struct pg_statement personal_count_contact, personal_count_customer;
/* Rows of (place, table, row as JSON) in the order of the schema. */
extern const struct pg_statement personal_read_contact, personal_read_customer;

#endif
