/*
 * Who is calling: the customer or contact who alone holds a telephone number, as the customers
 * service told by its keyed hash (docs/decisions.md).
 */
#ifndef KEHU_COMPLAINTS_STORE_CALLER_H
#define KEHU_COMPLAINTS_STORE_CALLER_H

#include "common/flow.h"
#include "common/seal.h"

extern const struct pg_statement caller_statements[];
extern const size_t caller_statement_count;

struct caller {
    bool found;         /* somebody alone holds the number */
    struct id customer; /* of a merged one the survivor; zeroes: the contact has several */
    struct id contact;  /* zeroes: it stands on the customer's file */
};
/* `hash` is of kind "phone", of the number in E.164 without extension. */
void caller_find(struct request *req, const uint8_t hash[SEAL_HASH_BYTES], struct caller *out);

#endif
