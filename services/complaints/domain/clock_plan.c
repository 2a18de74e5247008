#include "services/complaints/domain/clock_plan.h"

#define OF_COMPLAINANT                                                                             \
    (CLOCK_BIT(CLOCK_AUTO_ACKNOWLEDGE) | CLOCK_BIT(CLOCK_FIRST_RESPONSE) |                         \
     CLOCK_BIT(CLOCK_PROGRESS) | CLOCK_BIT(CLOCK_CONFIRMATION))

struct plan {
    uint32_t starts, stops, drops;
};

static const struct plan plans[CLOCK_EVENTS] = {
    [CLOCK_EVENT_RECEIVED] = {.starts = CLOCK_BIT(CLOCK_AUTO_ACKNOWLEDGE) |
                                        CLOCK_BIT(CLOCK_ACKNOWLEDGE) |
                                        CLOCK_BIT(CLOCK_FIRST_RESPONSE) |
                                        CLOCK_BIT(CLOCK_RESOLUTION) | CLOCK_BIT(CLOCK_REGULATORY)},
    [CLOCK_EVENT_AUTO_ACKNOWLEDGED] = {.stops = CLOCK_BIT(CLOCK_AUTO_ACKNOWLEDGE)},
    [CLOCK_EVENT_TAKEN] = {.stops = CLOCK_BIT(CLOCK_ACKNOWLEDGE)},
    [CLOCK_EVENT_WORDS] = {.starts = CLOCK_BIT(CLOCK_PROGRESS),
                           .stops = CLOCK_BIT(CLOCK_FIRST_RESPONSE) | CLOCK_BIT(CLOCK_PROGRESS)},
    [CLOCK_EVENT_ANSWERED] = {.starts = CLOCK_BIT(CLOCK_CONFIRMATION),
                              .stops = CLOCK_BIT(CLOCK_RESOLUTION) | CLOCK_BIT(CLOCK_PROGRESS)},
    [CLOCK_EVENT_REACHED] = {.stops = CLOCK_BIT(CLOCK_CONFIRMATION)},
    [CLOCK_EVENT_DISPUTED] = {.starts = CLOCK_BIT(CLOCK_RESOLUTION)},
    [CLOCK_EVENT_REOPENED] = {.starts = CLOCK_BIT(CLOCK_RESOLUTION)},
    [CLOCK_EVENT_RESULT_FILED] = {.stops = CLOCK_BIT(CLOCK_REGULATORY)},
    [CLOCK_EVENT_ACTION_VERIFIED] = {.stops = CLOCK_BIT(CLOCK_ACTION)},
    /* The authority still waits for the result, an action for its verification. */
    [CLOCK_EVENT_ENDED] = {.drops = CLOCK_BIT(CLOCK_AUTO_ACKNOWLEDGE) |
                                    CLOCK_BIT(CLOCK_ACKNOWLEDGE) | CLOCK_BIT(CLOCK_FIRST_RESPONSE) |
                                    CLOCK_BIT(CLOCK_PROGRESS) | CLOCK_BIT(CLOCK_RESOLUTION) |
                                    CLOCK_BIT(CLOCK_CONFIRMATION)},
};

uint32_t clock_plan_starts(const struct clock_plan_facts *facts, enum clock_event event)
{
    uint32_t starts = plans[event].starts;

    if (facts->is_historic)
        return 0;
    if (facts->is_anonymous)
        starts &= ~OF_COMPLAINANT;
    if (facts->is_answered)
        starts &= ~CLOCK_BIT(CLOCK_PROGRESS);
    if (!facts->has_authority)
        starts &= ~CLOCK_BIT(CLOCK_REGULATORY);
    if (!facts->asks_confirmation)
        starts &= ~CLOCK_BIT(CLOCK_CONFIRMATION);
    return starts;
}

uint32_t clock_plan_stops(enum clock_event event)
{
    return plans[event].stops;
}

uint32_t clock_plan_drops(enum clock_event event)
{
    return plans[event].drops;
}
