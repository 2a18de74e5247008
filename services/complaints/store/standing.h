/*
 * How the cases of each customer stand, told to others as CustomerCasesChanged: changes mark the
 * customer in their own unit, a job counts the marked ones in sets (domain/repeat.h) and says what
 * differs; also on the day on which a case leaves a window (row 27).
 *
 * The cases of a merged customer count on its survivor; its own standing is told as empty.
 */
#ifndef KEHU_COMPLAINTS_STORE_STANDING_H
#define KEHU_COMPLAINTS_STORE_STANDING_H

#include "common/flow.h"
#include "services/complaints/domain/repeat.h"

extern const struct pg_statement standing_statements[];
extern const size_t standing_statement_count;

/* Adds to the unit: the customer is to be counted again. Zeroes: nothing. Many to one statement. */
void standing_mark(struct request *req, const struct id *customer);
/* Likewise everybody who has a standing: the policy of repeat complainants is another one. */
void standing_mark_all(struct request *req);

/* --- for the job --- */

struct standing_mark_row {
    struct id id, customer;
};
struct standing_marks {
    struct standing_mark_row *list;
    size_t count;
};
/* The oldest marks. */
void standing_list_marks(struct request *req, uint32_t max, struct standing_marks *out);

/* Customers to be counted: what was told of them, and by which version it is replaced. */
struct standing_row {
    struct id customer;
    bool is_merged;     /* its cases count on the survivor */
    struct id survivor; /* where it is */
    int64_t version;    /* 0: nothing was told yet */
    struct text told;   /* the packed event */
    uint32_t older;     /* cases that are neither open nor of the windows */
    int64_t last_us;    /* the latest case's submission; 0: no case */
};
struct standing_rows {
    struct standing_row *list; /* by customer */
    size_t count;
};
/* Those of whom a case has left a window by that local day: their ids only. */
void standing_list_due(struct request *req, int32_t today, uint32_t max, struct standing_rows *out);
/* These customers; of whom each has one row. */
void standing_list(struct request *req, const struct id *customers, size_t count,
                   int32_t windows_from, struct standing_rows *out);

/* Cases that are open or of that day and later, ordered by customer (the survivor). */
struct standing_case {
    struct id customer, handler; /* zeroes: nobody handles it */
    struct repeat_case facts;
};
struct standing_cases {
    struct standing_case *list;
    size_t count;
};
void standing_list_cases(struct request *req, const struct id *customers, size_t count,
                         int32_t windows_from, struct standing_cases *out);

/* Adds to the unit: the marks are done with. Stale when another instance was faster. */
void standing_remove_marks(struct request *req, const struct standing_marks *marks);
/* Adds to the unit: what was told of the customer, and when it changes by itself (REPEAT_NEVER:
 * not). Stale when another instance was faster. Many to one statement. */
void standing_save(struct request *req, const struct standing_row *row, int32_t next_day,
                   const void *told, size_t told_bytes);

#endif
