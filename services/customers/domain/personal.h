/*
 * The personal columns of this service, generated from the comments of its schema by
 * deploy/check/personal.sh: what erasure, subject access and docs/personal.md go by.
 */
#ifndef KEHU_CUSTOMERS_DOMAIN_PERSONAL_H
#define KEHU_CUSTOMERS_DOMAIN_PERSONAL_H

#include "common/base.h"

struct personal_column {
    const char *table, *column;
    const char *type; /* as in the schema: "text", "text[]", "bytea" */
    const char *of;   /* whose: "contact", "customer", "contact, customer", "other" */
    const char
        *erasure;     /* "emptied", "row" (the whole row goes), "struck" (of the text), "stays" */
    const char *note; /* the comment in the schema; of what stays, why */
};

extern const struct personal_column personal_columns[];
extern const size_t personal_column_count;

#endif
