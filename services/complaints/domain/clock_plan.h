/*
 * Which clocks what happens to a case starts and stops (the table of BEHAVIOUR §2). Clocks run side
 * by side: what stops one touches no other (row 11).
 */
#ifndef KEHU_COMPLAINTS_CLOCK_PLAN_H
#define KEHU_COMPLAINTS_CLOCK_PLAN_H

#include "services/complaints/domain/clock.h"

enum clock_event {
    CLOCK_EVENT_RECEIVED,
    CLOCK_EVENT_AUTO_ACKNOWLEDGED, /* the channel accepted it, or there is none */
    CLOCK_EVENT_TAKEN,             /* a person takes the case */
    CLOCK_EVENT_WORDS,             /* substantive ones reached him (delivery.h) */
    CLOCK_EVENT_ANSWERED,
    CLOCK_EVENT_REACHED, /* the confirmation call, or he confirmed himself */
    CLOCK_EVENT_DISPUTED,
    CLOCK_EVENT_REOPENED,
    CLOCK_EVENT_RESULT_FILED, /* with the authority */
    CLOCK_EVENT_ACTION_VERIFIED,
    CLOCK_EVENT_ENDED, /* closed, rejected, withdrawn, merged */
    CLOCK_EVENTS,
};

/* Of the case: which clocks it can have at all. */
struct clock_plan_facts {
    bool is_historic;  /* none at all */
    bool is_anonymous; /* nobody to acknowledge to, to speak to, to ask */
    bool has_authority;
    bool asks_confirmation; /* confirmation_is_wanted */
    bool is_answered;       /* or ended: no more word is owed until it is disputed or reopened */
};

/* Sets of enum clock_kind as bits: 1 << kind. */
#define CLOCK_BIT(kind) (UINT32_C(1) << (kind))

/* Those that start at that moment. A running one of the kind is stopped first where both say so
 * (progress: each word of ours ends one and starts the next). */
uint32_t clock_plan_starts(const struct clock_plan_facts *facts, enum clock_event event);
/* Those that stop, met or breached, when they run. */
uint32_t clock_plan_stops(enum clock_event event);
/* Those that end unjudged, because nothing is expected any more. */
uint32_t clock_plan_drops(enum clock_event event);

#endif
