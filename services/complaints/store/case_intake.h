/*
 * What intake asks before cases are added, and writes beside them: all of it in sets, a batch of
 * 500 submissions is as many statements as one.
 */
#ifndef KEHU_COMPLAINTS_STORE_CASE_INTAKE_H
#define KEHU_COMPLAINTS_STORE_CASE_INTAKE_H

#include "common/flow.h"
#include "services/complaints/domain/joining.h"
#include "services/complaints/domain/opening.h"
#include "services/complaints/store/cases.h"

extern const struct pg_statement case_intake_statements[];
extern const size_t case_intake_statement_count;

/* --- who complains --- */

/* Answers carry the place of what was asked, counted from 0 in the order added. */
struct case_intake_person {
    size_t place;
    struct id customer;  /* as the reference leads to him */
    struct id counts_as; /* himself, or the last survivor he was merged into */
    struct id contact; /* who alone holds the number; his customer is zeroes where he has several */
    char grade;        /* ' ': none */
};
struct case_intake_persons {
    struct case_intake_person *list;
    size_t count;
};
struct pg_args *case_intake_ask_persons(struct request *req);
/* `phone_hash` empty: it is not by a number; else `ref` leads to nobody. */
void case_intake_add_person(struct pg_args *question, const struct customer_ref *ref,
                            struct text phone_hash);
void case_intake_find_persons(struct request *req, struct pg_args *question,
                              struct case_intake_persons *out);

/* --- which references of cases elsewhere are taken --- */

struct case_intake_taken {
    size_t place;
    struct text number; /* of the case that has it */
};
struct case_intake_takens {
    struct case_intake_taken *list;
    size_t count;
};
struct pg_args *case_intake_ask_taken(struct request *req);
void case_intake_add_taken(struct pg_args *question, struct text source, struct text external_id);
void case_intake_find_taken(struct request *req, struct pg_args *question,
                            struct case_intake_takens *out);

/* --- what it may belong to, and repeat --- */

/* Cases that are named (of a duplicate the one it went to), or of the same customer, order or batch
 * and open or of that day and later; of each submission at most some 200, the latest first. */
struct case_intake_case {
    size_t place;
    struct joining_case joins;
    struct recurrence_case repeats;
    struct text number;
};
struct case_intake_cases {
    struct case_intake_case *list;
    size_t count;
};
struct case_intake_ask {
    const struct cases_question *named; /* NULL: none is */
    const struct id *counts_as;         /* NULL: nobody is known */
    struct text order_number, product, batch;
    int32_t since; /* local day */
};
struct pg_args *case_intake_ask_cases(struct request *req);
void case_intake_add_case(struct pg_args *question, const struct case_intake_ask *ask);
void case_intake_find_cases(struct request *req, struct pg_args *question,
                            struct case_intake_cases *out);

/* --- numbers --- */

/* The last number drawn of a kind and day, of as many as were asked. */
struct case_intake_number {
    enum case_kind kind;
    int32_t day;
    uint32_t last;
};
struct case_intake_numbers {
    struct case_intake_number *list;
    size_t count;
};
struct pg_args *case_intake_ask_numbers(struct request *req);
/* Each kind and day once. */
void case_intake_add_number(struct pg_args *question, enum case_kind kind, int32_t day,
                            uint32_t count);
/* Drawn for good: what fails afterwards leaves a gap. */
void case_intake_draw(struct request *req, struct pg_args *question,
                      struct case_intake_numbers *out);

/* --- writes; many to one statement --- */

/* It may be the same as the other. */
void case_intake_put_similar(struct request *req, const struct id *case_id, const struct id *other);
/* A reference leads to this customer from now on: cases that waited for it are his. */
void case_intake_link(struct request *req, struct text source, struct text external_id,
                      const struct id *customer);
/* What was opened since then while its reference was being learned: which lead to somebody now. */
struct case_intake_late {
    struct text source, external_id;
    struct id customer;
};
struct case_intake_lates {
    struct case_intake_late *list;
    size_t count;
};
void case_intake_list_late(struct request *req, int64_t since_us, struct case_intake_lates *out);

#endif
