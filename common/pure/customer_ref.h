/*
 * How people and systems refer to a customer: by number (KH000123), id or "source:external_id" of
 * another system.
 */
#ifndef KEHU_CUSTOMER_REF_H
#define KEHU_CUSTOMER_REF_H

#include "common/base.h"

#define CUSTOMER_REF_SOURCE_MAX 64    /* characters of a system's name; it holds no colon */
#define CUSTOMER_REF_EXTERNAL_MAX 128 /* characters */
#define CUSTOMER_REF_FORMS                                                                         \
    "a customer's number (KH000123), its id (a UUID) or source:external_id (shop:4711)"
#define CUSTOMER_REF_NUMBER_BYTES 24

enum customer_ref_kind { CUSTOMER_REF_NUMBER = 1, CUSTOMER_REF_ID, CUSTOMER_REF_EXTERNAL };

/* Texts are borrowed from the reference. */
struct customer_ref {
    enum customer_ref_kind kind;
    int64_t number;
    struct id id;
    struct text source, external_id; /* of EXTERNAL */
};

/*
 * Numbers and ids may be in either case; of a reference everything after the first colon is the
 * external id, further colons too. False: it is none of CUSTOMER_REF_FORMS, or too long.
 */
bool customer_ref_parse(struct text ref, struct customer_ref *out) MUST_USE;
/* "KH000123", terminated, longer from the millionth customer on; returns the length. The number is
 * not negative. */
size_t customer_ref_print_number(int64_t number, char out[CUSTOMER_REF_NUMBER_BYTES]);

#endif
