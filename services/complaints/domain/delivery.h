/*
 * Whether words reached the complainant: by receipt; or spoken in a logged call; or, on channels
 * without receipts, accepted and no bounce for 24 hours, marked unproven (BEHAVIOUR §2).
 */
#ifndef KEHU_COMPLAINTS_DELIVERY_H
#define KEHU_COMPLAINTS_DELIVERY_H

#include "common/base.h"

#define DELIVERY_UNPROVEN_US DAY_US /* of the wall clock */

enum delivery {
    DELIVERY_WANTED,
    DELIVERY_ACCEPTED, /* by the channel; not yet known */
    DELIVERY_DELIVERED,
    DELIVERY_SPOKEN,
    DELIVERY_UNPROVEN,
    DELIVERY_BOUNCED,
};
const char *delivery_name(enum delivery delivery); /* "unproven" */

enum delivery_call {
    DELIVERY_CALL_IS_NONE,
    DELIVERY_REACHED,
    DELIVERY_NO_ANSWER,
    DELIVERY_REFUSED,
    DELIVERY_WRONG_NUMBER,
    DELIVERY_MESSAGE_LEFT,
};
const char *delivery_call_name(enum delivery_call outcome); /* "no_answer"; of NONE "" */
enum delivery_call delivery_call_read(struct text name);    /* NONE: there is none of this name */

/* WANTED where there is none of this name. */
enum delivery delivery_read(struct text name);
/* Whether the channel of that name tells when something was received: text messages do. */
bool delivery_has_receipts(struct text channel);

/* What is known of one message; moments in microseconds, 0: did not happen. */
struct delivery_facts {
    bool is_spoken;    /* in a logged call with outcome reached; at `accepted_us` */
    bool has_receipts; /* the channel gives them */
    int64_t accepted_us, delivered_us, bounced_us;
};
/* From what is kept of a message: how it was last told to stand, and since when. */
struct delivery_facts delivery_recorded(enum delivery delivery, int64_t at_us, struct text channel);
/* How it stands at `now_us`; `at_us` gets the moment he had it, where he had it: that of the
 * receipt, of the call, of the acceptance. A receipt after a bounce counts, and so does a bounce
 * after the 24 hours. */
enum delivery delivery_of(const struct delivery_facts *facts, int64_t now_us, int64_t *at_us);
/* He has it: delivered, spoken or unproven. */
bool delivery_has_arrived(enum delivery delivery);
/* When an accepted message becomes unproven; 0: it will not. What a timer is armed for. */
int64_t delivery_next(const struct delivery_facts *facts, int64_t now_us);

/* First response and progress: substantive words that arrived; never the automatic ones. */
bool delivery_is_words(enum delivery delivery, bool is_substantive, bool is_automatic);

#endif
