#include "services/complaints/domain/rating.h"

const char *rating_flaw_text(enum rating_flaw flaw)
{
    switch (flaw) {
    case RATING_FINE:
        return "";
    case RATING_OUT_OF_RANGE:
        return "must be from 1 to 5";
    case RATING_OF_OWN_CASE:
        return "who had part in a case does not rate it; the complainant does";
    case RATING_BEFORE_ANSWER:
        return "the case has no answer yet; rate it afterwards";
    case RATING_OF_UNCOUNTED:
        return "a case that was rejected, withdrawn or merged is not rated";
    case RATING_OF_HISTORIC:
        return "a historic case keeps what was recorded and is not rated";
    }
    return "";
}

enum rating_flaw rating_check(const struct rating_facts *facts)
{
    if (facts->rating < 1 || facts->rating > 5)
        return RATING_OUT_OF_RANGE;
    if (facts->is_historic)
        return RATING_OF_HISTORIC;
    if (!facts->is_counted)
        return RATING_OF_UNCOUNTED;
    if (facts->by_agent)
        return RATING_OF_OWN_CASE;
    return facts->is_answered ? RATING_FINE : RATING_BEFORE_ANSWER;
}

bool rating_is_satisfied(uint32_t rating)
{
    return rating >= 4;
}

bool rating_is_dissatisfied(uint32_t rating)
{
    return rating >= 1 && rating <= 2;
}

bool rating_may_invite(bool was_invited_for_case, int32_t last_day, int32_t today)
{
    return !was_invited_for_case && (int64_t)today - last_day >= RATING_INVITATION_DAYS;
}
