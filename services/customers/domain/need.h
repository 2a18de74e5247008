/*
 * What a customer needs (R47) and what he is entitled to beyond the usual (R48).
 */
#ifndef KEHU_CUSTOMERS_NEED_H
#define KEHU_CUSTOMERS_NEED_H

#include "common/pure/day.h"
#include "services/customers/domain/customer.h"

#define NEED_NO_DAY DAY_NONE
#define NEED_NO_BUDGET INT64_C(-1)
#define NEED_MAX_TEXT 500
#define ENTITLEMENT_MAX_TEXT 200
#define ENTITLEMENT_MAX_USES 20 /* shown */
#define ENTITLEMENT_MAX_ALLOWANCE 1000000

/* Ended by NULL. */
extern const char *const need_kinds[];
extern const char *const need_states[];
extern const char *const entitlement_kinds[];
extern const char *const entitlement_states[];

struct need {
    struct id id;
    struct id customer;
    int64_t customer_number;
    const char *kind, *state;
    struct text description, motive, currency, source;
    int64_t budget_micros;                /* NEED_NO_BUDGET: not known */
    int32_t told_on, wanted_on, ended_on; /* NEED_NO_DAY */
    bool has_contact;
    struct id contact;
    int64_t added_at_us;
    struct text added_by;
    int64_t version; /* 0: not there yet */
};
struct needs {
    struct need *list;
    size_t count;
};

enum need_sort {
    NEED_BY_TOLD,
    NEED_BY_LATEST,
    NEED_BY_BUDGET,
};
struct need_question {
    bool has_customer;
    struct customer_question ref;
    const char *state; /* "": all */
    int32_t wanted_by; /* NEED_NO_DAY: all */
    enum need_sort sort;
    uint32_t page_size;
    bool has_after;
    struct id after;
};

struct entitlement {
    struct id id;
    const char *kind, *state;
    struct text description;
    int32_t from_on, to_on; /* NEED_NO_DAY: until further notice */
    int64_t allowance;      /* 0: no limit */
    int64_t used;
    int64_t added_at_us;
    struct text added_by;
    int64_t version; /* 0: not there yet */
};
struct entitlement_use {
    struct id id;
    int32_t used_on;
    int64_t quantity;
    struct text note;
    int64_t recorded_at_us;
    struct text recorded_by;
};

/* The end of a sentence, why it cannot be used so on that day; NULL: it can. */
const char *entitlement_check_use(const struct entitlement *entitlement, int32_t day,
                                  int64_t quantity);

#endif
