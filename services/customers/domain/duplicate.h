/*
 * Pairs of files that may be one customer (BEHAVIOUR "Identity"). The store finds candidates; what
 * is no duplicate all the same is said here.
 */
#ifndef KEHU_CUSTOMERS_DUPLICATE_H
#define KEHU_CUSTOMERS_DUPLICATE_H

#include "common/base.h"

enum duplicate_reason {
    DUPLICATE_CREDIT_CODE = 1 << 0,
    DUPLICATE_PHONE = 1 << 1,
    DUPLICATE_EMAIL = 1 << 2,
    DUPLICATE_NAME = 1 << 3,
};
#define DUPLICATE_REASONS 4
#define DUPLICATE_ANY ((1U << DUPLICATE_REASONS) - 1)

/* A number or address that more customers have says nothing. */
#define DUPLICATE_MAX_HOLDERS 3

/* "credit_code", "phone", "email", "name"; "" of what is no one reason. */
const char *duplicate_reason_name(enum duplicate_reason reason);
/* 0: none of them. */
unsigned duplicate_reason_of(struct text name);

struct duplicate_party {
    struct id id;
    int64_t number;
    struct text name;
    struct text ref; /* its oldest "source:external_id"; empty: none */
    bool is_person;
};

/* Where a list goes on: after the pair of these numbers. */
struct duplicate_place {
    int64_t a, b;
};

struct duplicate_pair {
    struct duplicate_party a, b; /* `a` has the smaller number */
    unsigned reasons;
};

/*
 * Which of the reasons stand for these two: a name only where the companies' keys are the same;
 * none where one is a branch of the other or the same company in another city, unless the name
 * itself is the same. 0: they are no duplicates.
 */
unsigned duplicate_judge(const struct duplicate_pair *pair);

/* Whether two keys of companies (china_make_company_key) differ in the name of a city or province
 * only. */
bool duplicate_is_other_place(struct text a, struct text b);

#endif
