/*
 * Columns of sealed values: how a value stands in a row, is looked for and read again
 * (common/seal.h). Equal telephones and e-mails have equal hashes wherever they stand, in facts of
 * files as in channels of contacts.
 */
#ifndef KEHU_CUSTOMERS_STORE_SEALED_H
#define KEHU_CUSTOMERS_STORE_SEALED_H

#include "common/flow.h"
#include "common/seal.h"

enum sealed_kind {
    SEALED_PHONE, /* E.164 or as dialled, perhaps " ext 801" behind it, which is not hashed */
    SEALED_EMAIL, /* hashed in small letters */
};

void sealed_hash(const struct seal *seal, enum sealed_kind kind, struct text value,
                 uint8_t hash[SEAL_HASH_BYTES]);
/* Of a telephone, without its extension; fewer where there are not so many. */
void sealed_last_four(struct text value, char out[5]);

/* The sealed value as parameter or array element `i`. */
void sealed_put(struct request *req, struct pg_args *args, int i, const struct seal_place *place,
                struct text value);
/* Column `i` opened, in the arena. What does not open reads as empty and is told in the log, by its
 * place and never its content. */
struct text sealed_get(const struct seal *seal, const struct seal_place *place,
                       const struct pg_rows *rows, int row, int i, struct arena *arena);

#endif
