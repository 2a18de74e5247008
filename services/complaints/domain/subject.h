/*
 * What is kept of a person's cases, for him to read (R169): his cases, and their rows as they lie
 * in the tables.
 */
#ifndef KEHU_COMPLAINTS_SUBJECT_H
#define KEHU_COMPLAINTS_SUBJECT_H

#include "common/base.h"

#define SUBJECT_MAX_IDS 1000 /* by which he is known */
#define SUBJECT_MAX_PAGE 50  /* cases */
#define SUBJECT_PAGE 20
#define SUBJECT_MAX_ROWS 10000 /* of one table in an answer */

struct subject_ids {
    struct id *list;
    size_t count;
};

/* In the order in which they were received. */
struct subject_cases {
    struct subject_case {
        struct id id;
        struct text number;
    } * list;
    size_t count;
};

/* Rows as JSON, table after table. */
struct subject_rows {
    struct subject_row {
        struct text table, json;
    } * list;
    size_t count;
    bool is_cut; /* of one table there are more than SUBJECT_MAX_ROWS */
};

#endif
