/*
 * A grade's reason as one sentence in Chinese or English. Built without stdio, from figures and
 * policy alone.
 */
#ifndef KEHU_CUSTOMERS_GRADE_TEXT_H
#define KEHU_CUSTOMERS_GRADE_TEXT_H

#include "services/customers/domain/grade.h"

/* Room for every sentence whose region has at most 200 and whose reason at most 500 characters. */
#define GRADE_TEXT_BYTES 4096
#define GRADE_TEXT_AMOUNT_BYTES 48
#define GRADE_TEXT_SHARE_BYTES 48

enum grade_language {
    GRADE_LANGUAGE_IS_ZH = 1,
    GRADE_LANGUAGE_IS_EN = 2,
};

/* What a sentence is made of: the grade in force, what the last run calculated, and why the two
 * differ where they do. */
struct grade_explanation {
    enum grade grade;             /* in force */
    struct grade_verdict verdict; /* calculated; of its flags OVERRIDDEN and DEMOTION_HELD are not
                                     looked at, the fields below say it */
    struct grade_figures figures; /* rank 0: place and accumulated sales are not known */
    const struct grade_policy *policy; /* of the region, with what the run was asked otherwise */
    uint32_t policy_version;
    struct text region; /* its name; empty: the unknown region */
    const char *currency;
    bool is_overridden;
    struct text override_reason;
    int32_t override_until; /* the last day it holds; INT32_MIN: none is known */
    bool is_held;
    int32_t decide_by;   /* the last day for the manager; INT32_MIN: none is known */
    uint32_t runs_below; /* runs in a row that would demote */
};

/* Writes the terminated sentence, at most `room` bytes with its end, cut between two characters
 * when it is longer; returns its length. */
size_t grade_text_explain(const struct grade_explanation *what, enum grade_language language,
                          char *out, size_t room);

/* An amount as people read it: "¥1,234.50", in Chinese from 10,000 up "19.0万元"; other currencies
 * "GBP 19,000.00". Rounded half away from zero. */
size_t grade_text_amount(int64_t micros, const char *currency, enum grade_language language,
                         char out[GRADE_TEXT_AMOUNT_BYTES]);

/*
 * A share with two decimals, "19.79%", rounded half away from zero; but a share that misses the
 * threshold (0: none) is never rounded up to it: 19.999 % shows as 19.99% below 20 %. The region's
 * total must be positive.
 */
size_t grade_text_share(const struct grade_figures *figures, int64_t threshold_micros,
                        char out[GRADE_TEXT_SHARE_BYTES]);

#endif
