/*
 * How people refer to a customer: by number (KH000123), id or "source:external_id" of another
 * system. What leads to nobody yet is kept as it was given, in one form, so that the case is linked
 * when the customer appears.
 */
#ifndef KEHU_COMPLAINTS_CUSTOMER_REF_H
#define KEHU_COMPLAINTS_CUSTOMER_REF_H

#include "common/base.h"

#define CUSTOMER_REF_SOURCE_MAX 64    /* characters of a system's name; it holds no colon */
#define CUSTOMER_REF_EXTERNAL_MAX 128 /* characters */
#define CUSTOMER_REF_FORMS                                                                         \
    "a customer's number (KH000123), his id (a UUID) or source:external_id (shop:4711)"
/* The source under which numbers and ids are kept: our own. */
#define CUSTOMER_REF_OWN "kehu"
#define CUSTOMER_REF_NUMBER_BYTES 24

enum customer_ref_kind { CUSTOMER_REF_NUMBER = 1, CUSTOMER_REF_ID, CUSTOMER_REF_EXTERNAL };

/* Texts are borrowed from the reference. */
struct customer_ref {
    enum customer_ref_kind kind;
    int64_t number;
    struct id id;
    struct text source, external_id; /* of EXTERNAL */
};
/* False: it is none of the forms, or too long. */
bool customer_ref_parse(struct text ref, struct customer_ref *out) MUST_USE;
/* "KH000123", terminated; returns the length. */
size_t customer_ref_print_number(int64_t number, char out[CUSTOMER_REF_NUMBER_BYTES]);

#endif
