/*
 * Ratings (BEHAVIOUR §2): 1 to 5 by the complainant. An agent cannot rate his own case; one
 * invitation per case and per person in 30 days; a changed rating keeps both.
 */
#ifndef KEHU_COMPLAINTS_RATING_H
#define KEHU_COMPLAINTS_RATING_H

#include "common/base.h"

#define RATING_INVITATION_DAYS 30

enum rating_flaw {
    RATING_FINE,
    RATING_OUT_OF_RANGE,  /* 1 to 5 */
    RATING_OF_OWN_CASE,   /* who handled, decided or answered it does not rate it */
    RATING_BEFORE_ANSWER, /* nothing to rate yet */
    RATING_OF_UNCOUNTED,  /* rejected, withdrawn, duplicate */
    RATING_OF_HISTORIC,
};
const char *rating_flaw_text(enum rating_flaw flaw); /* English, names what would be right */

struct rating_facts {
    uint32_t rating;
    bool by_agent;    /* the actor had part in the case */
    bool is_answered; /* once at least */
    bool is_counted;  /* neither rejected, withdrawn nor duplicate */
    bool is_historic;
};
enum rating_flaw rating_check(const struct rating_facts *facts) MUST_USE;

/* What it says about satisfaction: 4 and 5 confirm the case, 1 and 2 dispute it. */
bool rating_is_satisfied(uint32_t rating);
bool rating_is_dissatisfied(uint32_t rating);

/* Whether to invite: once per case, and a person at most once in 30 days. `last_day` is that of his
 * last invitation of whichever case, INT32_MIN: there was none. */
bool rating_may_invite(bool was_invited_for_case, int32_t last_day, int32_t today);

#endif
