/*
 * What becomes of a message of a complainant (BEHAVIOUR §2, row 14): it joins an open case only by
 * case number, as a reply, or with the same order or product of the same customer; a reply to a
 * closed one reopens it within the days of the policy, later it is a new case that recurs;
 * otherwise it is a case of its own, marked as possibly the same as others.
 */
#ifndef KEHU_COMPLAINTS_JOINING_H
#define KEHU_COMPLAINTS_JOINING_H

#include "services/complaints/domain/case.h"

#define JOINING_POSSIBLE 10 /* cases it may be the same as, that are told */

/* Local days: closed on day 1 and said on day 15 is 14 days later, and still in time. */
bool joining_may_reopen(enum case_state state, int32_t closed_day, int32_t said_day,
                        uint32_t reopen_days);

/* What was said. */
struct joining_ask {
    enum case_kind kind;        /* NONE: a reply, of whatever kind the case is */
    struct id customer;         /* zeroes: anonymous, or not known */
    struct text order, product; /* empty: none */
    int32_t day;                /* local, when it was said */
};
/* A case that may be meant: named by number, replied to, or one of the same customer, order or
 * number; the latest first. */
struct joining_case {
    struct id id, customer;
    enum case_kind kind;
    enum case_state state;
    struct text order, product;
    int32_t closed_day;
    bool is_named;          /* by its number, or replied to */
    bool is_forgotten;      /* nothing of it is left to be taken up again */
    struct id duplicate_of; /* of a duplicate */
};

enum joining {
    JOINING_NEW,     /* a case of its own */
    JOINING_JOINS,   /* `at` */
    JOINING_REOPENS, /* `at` */
    JOINING_RECURS,  /* a new one with recurs_of `at` */
    JOINING_FOLLOWS, /* named a duplicate: ask again with the case it went to */
};
struct joining_verdict {
    enum joining joining;
    size_t at;                         /* index of the case; of NEW SIZE_MAX */
    size_t possible[JOINING_POSSIBLE]; /* NEW: possibly the same as */
    size_t possible_count;
};
/* A number of another known customer's case does not join it: numbers can be guessed. Only cases of
 * the same kind join by order or product, so that no complaint vanishes in an enquiry. */
struct joining_verdict joining_decide(const struct joining_ask *ask,
                                      const struct joining_case *cases, size_t count,
                                      uint32_t reopen_days);

/* A call from an unknown reference goes to the customer of the contact who alone holds the number;
 * NULL: nobody, or several do. */
struct joining_holder {
    struct id contact, customer;
};
const struct joining_holder *joining_find_holder(const struct joining_holder *holders,
                                                 size_t count);

#endif
