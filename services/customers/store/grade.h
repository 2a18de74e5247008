/*
 * The grades in force, and their history.
 */
#ifndef KEHU_CUSTOMERS_STORE_GRADE_H
#define KEHU_CUSTOMERS_STORE_GRADE_H

#include "common/flow.h"
#include "services/customers/domain/grade_record.h"

extern const struct pg_statement grade_statements[];
extern const size_t grade_statement_count;

/* How a customer stands; not found for who was never graded, or is of a kind that is not. */
void grade_find(struct request *req, const struct id *customer, struct grade_current *out);
/* Saves it; stale when its version is no longer the one that was found. */
void grade_save(struct request *req, const struct grade_current *current);
/* Whoever is of a kind that is not graded has no grade; nothing when he had none. */
void grade_remove(struct request *req, const struct id *customer);

struct grade_list_question {
    enum grade grade;   /* GRADE_NONE: all */
    struct text region; /* empty: all */
    struct grade_list_place after;
    uint32_t limit;
};

struct grade_listed {
    struct grade_customers customers;
    struct id *ids; /* of the customers, for the page token */
};
/* By grade, then largest net first. */
void grade_list(struct request *req, const struct grade_list_question *question,
                struct grade_listed *out);

struct grade_helds {
    struct grade_held *list;
    size_t count;
};
/* Demotions that wait, the most urgent first; at most `limit`. */
void grade_list_held(struct request *req, uint32_t limit, struct grade_helds *out);

/* An entry of the history; `current` is how the customer stands from now on. */
struct grade_entry {
    const char *reason; /* as GradeHistory tells */
    int32_t as_of;      /* the day from which the grade holds */
    struct text note;
    const char *by;
};
void grade_add_history(struct request *req, const struct grade_current *current,
                       const struct grade_entry *entry);

struct grade_histories {
    struct grade_history *list;
    size_t count;
};
/* The latest first, at most GRADE_MAX_HISTORY. */
void grade_list_history(struct request *req, const struct id *customer,
                        struct grade_histories *out);

#endif
