/*
 * What a person agreed to, per purpose and channel (BEHAVIOUR "Privacy"). One pure function says
 * whether he may be addressed; everybody who writes or calls asks it.
 */
#ifndef KEHU_CUSTOMERS_CONSENT_H
#define KEHU_CUSTOMERS_CONSENT_H

#include "common/base.h"
#include "common/pure/day.h"

#define CONSENT_NO_DAY DAY_NONE
#define CONSENT_MAX_EVIDENCE 500

extern const char *const consent_purposes[]; /* ended by NULL; contact_word reads them */
extern const char *const consent_channels[];
extern const char *const consent_states[];
#define CONSENT_PURPOSE_WORDS "service, care, marketing, survey or profile"
#define CONSENT_CHANNEL_WORDS "any, phone, sms, email, wechat, post or visit"
#define CONSENT_STATE_WORDS "granted, refused, withdrawn or unknown"

/* One word of his, as it was recorded; the three texts are the lists' own. */
struct consent {
    struct id id;
    const char *purpose, *channel, *state;
    struct text evidence, source, recorded_by;
    int32_t given_on, expires_on; /* the last day it holds; CONSENT_NO_DAY: no end */
    int64_t recorded_at_us;
};
struct consents {
    struct consent *list;
    size_t count;
};

struct consent_verdict {
    bool allowed;
    const char *reason; /* "granted", "service", "unknown", "refused", "withdrawn", "expired" */
    const struct consent *by; /* the word it rests on; NULL: none */
};

/*
 * May he be addressed for the purpose by the channel on that day? `list` is what was recorded, the
 * oldest first.
 *
 * Of the words about the purpose, the latest about this very channel and the latest about "any"
 * count. A refusal of "any" stops what was agreed to before it. A channel that was refused is
 * opened only by a word about itself. Nothing known, "unknown" or expired: service yes, others no.
 */
struct consent_verdict consent_allows(const char *purpose, const char *channel,
                                      const struct consent *list, size_t count, int32_t today);

/* The end of a sentence: what is wrong with a word of his; NULL: fine. */
const char *consent_check_days(const struct consent *consent, int32_t today);

#endif
