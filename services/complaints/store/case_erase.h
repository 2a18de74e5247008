/*
 * Persons who are to be forgotten, and their cases: those that name any of his ids.
 */
#ifndef KEHU_COMPLAINTS_STORE_CASE_ERASE_H
#define KEHU_COMPLAINTS_STORE_CASE_ERASE_H

#include "common/flow.h"

extern const struct pg_statement case_erase_statements[];
extern const size_t case_erase_statement_count;

/* Where looking through what is quarantined goes on. */
struct case_erase_place {
    struct id named;  /* behind this one of his names; zeroes: with the first */
    int32_t day;      /* behind this row, for those names */
    uint8_t hash[32]; /* likewise */
};
struct case_erase_person {
    bool found;
    struct id id;
    int64_t values; /* erased so far */
    int64_t version;
    struct case_erase_place place;
};
/* The first who waits and has no open case; the cases of others are left to whoever handles them.
 */
void case_erase_find_person(struct request *req, struct case_erase_person *out);

/* His cases that still say something. */
#define CASE_ERASE_AT_ONCE 500
struct case_erase_cases {
    struct id *ids; /* at most CASE_ERASE_AT_ONCE and one more, when there are more */
    int64_t *versions;
    size_t count;
};
void case_erase_list(struct request *req, const struct id *person, struct case_erase_cases *out);
/* How many personal values these hold. */
void case_erase_count(struct request *req, const struct case_erase_cases *cases, int64_t *out);

/* By which others name him: ids, numbers, references. */
#define CASE_ERASE_NAMES 1000 /* looked for at once */
struct case_erase_names {
    struct case_erase_name {
        struct text source; /* of an external id; "": it is ours */
        struct text text;
        struct id key; /* their order; the place of the next step */
    } * list;
    size_t count; /* CASE_ERASE_NAMES: there may be more */
};
/* Those behind person->place. */
void case_erase_list_names(struct request *req, const struct case_erase_person *person,
                           struct case_erase_names *out);

/* The numbers, as keyed hashes, that he alone holds. */
struct case_erase_numbers {
    struct text *hashes;
    size_t count;
};
void case_erase_list_numbers(struct request *req, const struct id *person,
                             struct case_erase_numbers *out);

/* --- writes --- */

/* These cases are emptied. Stale when one is another since or was opened again. */
void case_erase_cases(struct request *req, const struct case_erase_cases *cases);
/* What else leads to him: callers who were kept by his number, who holds it. */
void case_erase_numbers(struct request *req, const struct id *person,
                        const struct case_erase_numbers *numbers);
/* So many values more; `is_done`: nothing is left; else it goes on at `next`. Stale when another
 * instance was faster. */
void case_erase_settle(struct request *req, const struct case_erase_person *person, int64_t values,
                       bool is_done, const struct case_erase_place *next);

#endif
