/*
 * A personal column of a service, generated from the comments of its schema by
 * deploy/check/personal.sh: what erasure, subject access and docs/personal*.md go by.
 */
#ifndef KEHU_PURE_PERSONAL_H
#define KEHU_PURE_PERSONAL_H

struct personal_column {
    const char *table, *column;
    const char *type; /* as in the schema: "text", "text[]", "bytea" */
    const char *of;   /* whose: "contact", "customer", "contact, customer", "case", "other" */
    const char
        *erasure;     /* "emptied", "row" (the whole row goes), "struck" (of the text), "stays" */
    const char *note; /* the comment in the schema; of what stays, why */
};

#endif
