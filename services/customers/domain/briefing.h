/*
 * The briefing of a handover (R43): what somebody should know who takes over a customer. Facts come
 * from the tables, sentences are made here, in English and Chinese.
 */
#ifndef KEHU_CUSTOMERS_BRIEFING_H
#define KEHU_CUSTOMERS_BRIEFING_H

#include "services/customers/domain/file.h"

#define BRIEFING_MAX_NOTES 10 /* of each kind of a customer */
#define BRIEFING_TEXT_BYTES 200

struct briefing_note {
    const char *kind; /* "major_change", "order_overdue", … */
    int32_t day;      /* FILE_NO_DAY: none */
    struct text text; /* somebody's own words, or the sentence in English */
    struct text chinese;
};
struct briefing_notes {
    struct briefing_note *list;
    size_t count;
};

struct briefing {
    struct id customer;
    int64_t number;
    struct text name, region;
    char grade;                        /* ' ': none */
    bool is_key;                       /* an A: somebody must decide there */
    struct text previous_owner;        /* code; empty: none */
    int32_t last_order, expected_next; /* FILE_NO_DAY: not known */
    int64_t net_12_months_micros;
    char held_to;       /* a demotion that waits; ' ': none */
    int32_t held_until; /* FILE_NO_DAY: none */
    bool has_decider;
    uint32_t missing, disputed; /* fields of the file */
    struct briefing_notes contacts, promises, preferences, risks;
};
struct briefings {
    struct briefing *list;
    size_t count;
};

/* The risks that follow from what is known: at most BRIEFING_MAX_NOTES kinds. */
enum briefing_risk {
    BRIEFING_ORDER_OVERDUE,
    BRIEFING_DEMOTION_HELD,
    BRIEFING_NO_DECIDER,
    BRIEFING_INCOMPLETE,
    BRIEFING_DISPUTED,
    BRIEFING_NEVER_BOUGHT,
};
#define BRIEFING_RISKS 6
/* In the order of the enum; how many there are. */
size_t briefing_risks(const struct briefing *briefing, int32_t today,
                      enum briefing_risk out[BRIEFING_RISKS]);
const char *briefing_risk_kind(enum briefing_risk risk);
/* Sentences about it, terminated. */
void briefing_risk_text(const struct briefing *briefing, enum briefing_risk risk, int32_t today,
                        char english[BRIEFING_TEXT_BYTES], char chinese[BRIEFING_TEXT_BYTES]);

#endif
