/*
 * Open cases whose priority is to be weighed again, because what is known of their customer is
 * another: marked in the unit of the change, weighed in sets (handlers/reweigh_cases.c). One row
 * per mark, so that those who mark never wait for those who weigh.
 */
#ifndef KEHU_COMPLAINTS_STORE_CASE_WEIGH_H
#define KEHU_COMPLAINTS_STORE_CASE_WEIGH_H

#include "services/complaints/store/cases.h"

enum case_weigh_statement {
    CASE_WEIGH_OUTLOOK, /* of struct sweep */
    CASE_WEIGH_MARK,
    CASE_WEIGH_LIST,
    CASE_WEIGH_CLOCKS,
    CASE_WEIGH_SAVE,
    CASE_WEIGH_UNMARK,
};
extern const struct pg_statement case_weigh_statements[];
extern const size_t case_weigh_statement_count;

/* Adds to the unit: the open cases of this customer, and of those merged into him. */
void case_weigh_mark(struct request *req, const struct id *customer);

/* An open case with what its priority depends on. */
struct case_weighed {
    int64_t mark;
    struct case_file file; /* id, version, kind, state, severity, priority, handler, team, region,
                              chased_day; nothing else */
    struct severity_customer customer;
    struct clock_rows clocks; /* that run or stand still; by case_weigh_clocks */
};
struct case_weighed_list {
    struct case_weighed *list; /* in the order of their ids; of several marks of a case each */
    size_t count;
};
/* At most `max` of the marked ones that the sweep did not set aside; with `only` of that case. */
void case_weigh_list(struct request *req, int64_t max, const struct id *only,
                     struct case_weighed_list *out);
void case_weigh_clocks(struct request *req, struct case_weighed_list *cases);
/* Adds to the unit: the priority, guarded by the version. */
void case_weigh_save(struct request *req, const struct case_file *file);
void case_weigh_unmark(struct request *req, int64_t mark);

#endif
