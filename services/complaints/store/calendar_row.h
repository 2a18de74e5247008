/*
 * Working calendars as rows, and the clocks that run on one.
 */
#ifndef KEHU_COMPLAINTS_STORE_CALENDAR_ROW_H
#define KEHU_COMPLAINTS_STORE_CALENDAR_ROW_H

#include "services/complaints/store/clock_move.h"

extern const struct pg_statement calendar_row_statements[];
extern const size_t calendar_row_statement_count;

struct calendar_row {
    const char *name;
    uint32_t version;
    int64_t at_us;
    const char *by;
    const char *document;
};
struct calendar_rows {
    struct calendar_row *list;
    size_t count;
};
/* The last version of each name, in their order; and one version of one name. */
void calendar_row_list(struct request *req, struct calendar_rows *out);
void calendar_row_find(struct request *req, const char *name, uint32_t version,
                       struct calendar_rows *out);

/* A look for processes that keep what they read: the last versions, when there are others than
 * `known` rows of all (-1: not known); handed to `arrived` before the next step. */
struct calendar_look {
    int64_t known;
    int64_t present; /* how many there are */
    struct calendar_rows rows;
    void (*arrived)(struct calendar_look *look, struct arena *arena);
    void *owner;
};
void calendar_row_look(struct request *req, struct calendar_look *look);

/* Adds a version; stale when there is one of this number. */
void calendar_row_add(struct request *req, const struct calendar_row *row);

/* Clocks that count by this calendar, run or stand still and are not broken; at most so many, in
 * the order of case and clock, after that one (zeroes: from the first). */
struct calendar_row_question {
    struct text calendar; /* code, "" the business's */
    bool only_provisional;
    struct id after_case, after_clock;
    int64_t limit;
};
void calendar_row_clocks(struct request *req, const struct calendar_row_question *question,
                         struct clock_move_rows *out);

#endif
