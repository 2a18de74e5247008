/*
 * Whether the complainant is asked if he is satisfied (R70), who may ask, what counts as yes and
 * no, and when one has tried often enough to close a case unconfirmed.
 */
#ifndef KEHU_COMPLAINTS_CONFIRMATION_H
#define KEHU_COMPLAINTS_CONFIRMATION_H

#include "services/complaints/domain/delivery.h"
#include "services/complaints/domain/severity.h"

#define CONFIRMATION_ATTEMPTS 3
#define CONFIRMATION_CHANNELS 2
#define CONFIRMATION_DAYS 3 /* different working days */

/* Complaints always, service requests by sample, the rest never; nobody where there is nobody to
 * ask. A sample is drawn by the case's id: the same answer whenever it is asked. */
bool confirmation_is_wanted(enum case_kind kind, bool is_anonymous, const struct id *case_id,
                            uint32_t sample_percent);

/* How it was confirmed. */
enum confirmation {
    CONFIRMATION_IS_NONE,
    CONFIRMED_BY_HANDLER_CALL, /* said to its handler, who wrote it down */
    CONFIRMED_BY_OTHER_CALL,   /* somebody else called */
    CONFIRMED_BY_HIMSELF,      /* reply 1, rating of 4 or 5 */
};
/* Enough for this case: a serious or critical complaint takes a call by another than its handler.
 */
bool confirmation_is_enough(enum confirmation confirmation, enum case_kind kind,
                            enum severity severity);

/* What a reply to the question means: "1", "１", "满意" yes; "2", "不满意" no; else neither. */
enum confirmation_reply { CONFIRMATION_UNCLEAR, CONFIRMATION_YES, CONFIRMATION_NO };
enum confirmation_reply confirmation_read_reply(struct text text);

/* One attempt to ask. */
struct confirmation_attempt {
    struct text channel;
    int32_t day; /* local */
    bool on_working_day;
    enum delivery_call outcome;
};
/* What the attempts that did not reach him come to. */
struct confirmation_tries {
    uint32_t attempts, channels, days; /* days: different working days */
};
struct confirmation_tries confirmation_count(const struct confirmation_attempt *attempts,
                                             size_t count);
/* 3 attempts, 2 channels, 3 different working days: closed_unconfirmed, its own figure. */
bool confirmation_was_tried(const struct confirmation_tries *tries);
#define CONFIRMATION_TRIES_BYTES 160
/* "tried 1 of 3 times, over 1 of 2 channels, on 1 of 3 different working days"; terminated. */
void confirmation_tell_tries(const struct confirmation_tries *tries, enum telling_language language,
                             char out[CONFIRMATION_TRIES_BYTES]);

#endif
