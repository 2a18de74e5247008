/*
 * The columns of a file that are needed, found by their names in the first line, in any order.
 */
#ifndef KEHU_IMPORT_COLUMNS_H
#define KEHU_IMPORT_COLUMNS_H

#include "common/base.h"

/* Of the format `online-retail`. */
enum import_column {
    IMPORT_COLUMN_INVOICE,
    IMPORT_COLUMN_STOCK_CODE,
    IMPORT_COLUMN_DESCRIPTION,
    IMPORT_COLUMN_QUANTITY,
    IMPORT_COLUMN_INVOICE_DATE,
    IMPORT_COLUMN_PRICE,
    IMPORT_COLUMN_CUSTOMER,
    IMPORT_COLUMN_COUNTRY,
    IMPORT_COLUMNS,
};

/* What holds for the text of a column. */
struct import_column_rule {
    const char *names[2]; /* either; the second may be NULL */
    size_t limit;         /* characters */
    bool may_be_empty;
    bool is_trimmed;   /* spaces around it are no part of it */
    bool is_free_text; /* control characters become spaces */
    bool is_optional;  /* the file may lack it */
};

extern const struct import_column_rule import_column_rules[IMPORT_COLUMNS];

#define IMPORT_COLUMNS_MAX 16
struct import_columns {
    const struct import_column_rule *rules; /* set before find */
    size_t count;
    bool complete;
    size_t at[IMPORT_COLUMNS_MAX];        /* place in the file, from 0 */
    const char *name[IMPORT_COLUMNS_MAX]; /* as the file calls it; NULL: not there */
    char ignored[512];                    /* names of further columns, separated by ", " */
};

/* Finds all columns among the names of line `line`, in UTF-8. False: `why` says what is missing or
 * there twice and what was found. */
bool import_columns_find(struct import_columns *columns, uint64_t line, const struct text *names,
                         size_t count, char *why, size_t why_bytes);

/* The name of column number `column`, from 1; "" for one that is not needed. */
const char *import_columns_name(const struct import_columns *columns, size_t column);

#endif
