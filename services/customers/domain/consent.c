#include "services/customers/domain/consent.h"

#include <string.h>

const char *const consent_purposes[] = {"service", "care", "marketing", "survey", "profile", NULL};
const char *const consent_channels[] = {"any",    "phone", "sms",   "email",
                                        "wechat", "post",  "visit", NULL};
const char *const consent_states[] = {"granted", "refused", "withdrawn", "unknown", NULL};

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static bool is_no(const struct consent *word)
{
    return word && (is(word->state, "refused") || is(word->state, "withdrawn"));
}

/* The latest word about that very channel. */
static const struct consent *latest(const char *purpose, const char *channel,
                                    const struct consent *list, size_t count)
{
    for (size_t i = count; i > 0; i--)
        if (is(list[i - 1].purpose, purpose) && is(list[i - 1].channel, channel))
            return &list[i - 1];
    return NULL;
}

static bool is_over(const struct consent *word, int32_t today)
{
    return word->expires_on != CONSENT_NO_DAY && word->expires_on < today;
}

/* The word that decides; NULL: none. */
static const struct consent *deciding(const struct consent *own, const struct consent *any)
{
    if (!own || !any || own == any)
        return own ? own : any;
    if (is_no(own))
        return own;
    if (is_no(any))
        return any > own ? any : own;
    return is(own->state, "unknown") ? any : own;
}

struct consent_verdict consent_allows(const char *purpose, const char *channel,
                                      const struct consent *list, size_t count, int32_t today)
{
    const struct consent *own = latest(purpose, channel, list, count);
    const struct consent *any = latest(purpose, "any", list, count);
    const struct consent *word = deciding(own, any);
    bool is_service = is(purpose, "service");

    if (word && is_no(word))
        return (struct consent_verdict){false, word->state, word};
    /* Of two that agree, the one that still holds. */
    if (own && any && is(own->state, "granted") && is(any->state, "granted") && !is_no(word))
        word = is_over(own, today) ? any : own;
    if (word && is(word->state, "granted") && !is_over(word, today))
        return (struct consent_verdict){true, "granted", word};
    if (is_service)
        return (struct consent_verdict){true, "service", word};
    if (word && is(word->state, "granted"))
        return (struct consent_verdict){false, "expired", word};
    return (struct consent_verdict){false, "unknown", word};
}

const char *consent_check_days(const struct consent *consent, int32_t today)
{
    if (consent->given_on > today)
        return "must be a day up to today as YYYY-MM-DD, or empty for today";
    if (consent->expires_on != CONSENT_NO_DAY && consent->expires_on < consent->given_on)
        return "must not be before given_on";
    return NULL;
}
