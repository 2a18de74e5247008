/*
 * Receipts: which effects are committed, by who said it (source) and under which id. A receipt is
 * written in the unit of its effect as a plain insert, so a second effect can never commit beside
 * the first.
 */
#ifndef KEHU_RECEIPT_H
#define KEHU_RECEIPT_H

#include "common/flow.h"

#define RECEIPT_HASH_BYTES 32

extern const struct pg_statement receipt_statements[];
extern const size_t receipt_statement_count;

struct receipt {
    struct text source;
    struct text id;
    const char *request; /* the request it came with */
    uint8_t hash[RECEIPT_HASH_BYTES];
    int64_t at_us; /* when it was received */
};

struct receipts {
    struct receipt *list;
    size_t count;
};

/* Which of these (source, id) have receipts; in no order. */
struct receipt_question {
    struct pg_args *args;
};
struct receipt_question receipt_question_new(struct request *req);
void receipt_question_add(struct receipt_question *question, struct text source, struct text id);
void receipt_find(struct request *req, const struct receipt_question *question,
                  struct receipts *out);

/* Adds one to this request's unit. */
void receipt_add(struct request *req, struct text source, struct text id,
                 const uint8_t hash[RECEIPT_HASH_BYTES]);

/* A job: deletes receipts older than 400 days, some thousand at a time. */
enum flow receipt_expire(struct request *req);

#endif
