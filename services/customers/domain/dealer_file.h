/*
 * What is known of an agent or dealer (R10), how he was judged, and how he is given up (R39).
 */
#ifndef KEHU_CUSTOMERS_DEALER_FILE_H
#define KEHU_CUSTOMERS_DEALER_FILE_H

#include "services/customers/domain/customer.h"
#include "services/customers/domain/dealer.h"

enum dealer_text {
    DEALER_SHAREHOLDERS,
    DEALER_ORGANISATION,
    DEALER_LOCAL_STRENGTH,
    DEALER_STANDING,
    DEALER_LOCAL_ECONOMY,
    DEALER_TEXTS,
};
enum dealer_number {
    DEALER_STAFF_COUNT,
    DEALER_ANNUAL_SALES, /* millionths */
    DEALER_ANNUAL_CONTRACTS,
    DEALER_NUMBERS,
};
extern const char *const dealer_text_names[DEALER_TEXTS];
extern const char *const dealer_number_names[DEALER_NUMBERS];

struct dealer_profile {
    struct text texts[DEALER_TEXTS];
    int64_t numbers[DEALER_NUMBERS]; /* DEALER_NO_NUMBER: not known */
};
struct dealer_change {
    struct dealer_profile told; /* empty texts and DEALER_NO_NUMBER stay */
    bool clears_text[DEALER_TEXTS], clears_number[DEALER_NUMBERS];
};
struct dealer_profile dealer_apply(const struct dealer_profile *before,
                                   const struct dealer_change *change);

struct dealer {
    struct dealer_profile profile;
    bool is_given_up;
    int32_t given_up_on;
    int64_t version; /* 0: nothing was saved yet */
};

struct dealer_manager {
    struct id id;
    struct text name, memo, recorded_by;
    int32_t from_on, to_on; /* DEALER_NO_DAY */
};
struct dealer_memo {
    struct id id;
    int32_t on_day;
    struct text memo, recorded_by;
};
struct dealer_score {
    struct id id;
    int32_t scored_on;
    uint32_t points[DEALER_CRITERIA];
    struct text note, recorded_by;
    int64_t total_micros;
    bool is_false_enthusiasm;
    uint32_t policy_version;
    int64_t recorded_at_us;
};

extern const char *const dealer_give_up_states[]; /* "proposed" first; ended by NULL */
struct dealer_give_up {
    struct id id; /* zeroes: none */
    struct id customer;
    int64_t customer_number, successor_number; /* 0: nobody */
    struct text customer_name;
    bool has_successor;
    struct id successor;
    struct text reason, explanation, state, proposed_by, decided_by, note;
    int64_t proposed_at_us, decided_at_us; /* 0: not decided */
};

struct dealer_summary {
    struct id id;
    int64_t number;
    struct text name;
    bool is_given_up, is_false_enthusiasm;
    int64_t total_micros;
    int32_t scored_on; /* DEALER_NO_DAY: never */
};

/* What is asked of the lists. */
struct dealer_question {
    bool only_false_enthusiasm, without_score;
    struct text state; /* empty: all */
    uint32_t page_size;
    bool has_after;
    struct id after;
};

#endif
