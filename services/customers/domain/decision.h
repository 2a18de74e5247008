/*
 * Who takes part in a customer's decision to buy (R7): roles, who reports to whom, whom to talk to
 * first, and who should have a decider and has none.
 */
#ifndef KEHU_CUSTOMERS_DECISION_H
#define KEHU_CUSTOMERS_DECISION_H

#include "common/base.h"

#define DECISION_MAX_ENTRIES 100
#define DECISION_MAX_DUTY 200
#define DECISION_MAX_TEXT 500

extern const char *const decision_roles[]; /* in the order of weight; ended by NULL */
#define DECISION_ROLE_WORDS "decider, influencer, supporter or opponent"

struct decision_entry {
    struct id contact;
    const char *role;
    struct text duty, preference, character, approach;
    bool has_superior;
    struct id reports_to;
    struct text name, title; /* of the contact */
    bool is_key;
    int64_t changed_at_us;
    struct text changed_by;
};
struct decision_chain {
    struct decision_entry *list;
    size_t count;
    size_t hidden;   /* behind those: people who are restricted, whom nobody sees; circles do */
    int64_t version; /* 0: nobody yet */
};

/* NULL: not in the chain. */
const struct decision_entry *decision_find(const struct decision_chain *chain,
                                           const struct id *contact);
/* Deciders first, then influencers, supporters, opponents; of one role key contacts first, then by
 * name. */
void decision_sort(struct decision_chain *chain);
bool decision_has_decider(const struct decision_chain *chain);

/*
 * Would people report to each other if `contact` reported to `superior`? `way` gets the contacts of
 * the circle, from the superior up to the contact; 0: no circle. At most DECISION_MAX_ENTRIES.
 * Those who are hidden count: their place in the chain is kept until they are shown again.
 */
size_t decision_find_circle(const struct decision_chain *chain, const struct id *contact,
                            const struct id *superior,
                            const struct decision_entry *way[DECISION_MAX_ENTRIES]);

/* Why a customer should have a decider. */
struct decision_need {
    bool is_grade_a, is_key_account, is_large;
};
struct decision_need decision_need_of(char grade, bool is_key_account, int64_t staff_count,
                                      int64_t large_from);
bool decision_is_needed(const struct decision_need *need);

#endif
