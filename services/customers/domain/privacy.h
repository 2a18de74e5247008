/*
 * Restriction and erasure of a person (BEHAVIOUR §1 Privacy, R169): while a hold runs he is
 * restricted, hidden and not contacted; when the last one ends he is erased by itself. Pure: today
 * and policy are arguments.
 */
#ifndef KEHU_CUSTOMERS_PRIVACY_H
#define KEHU_CUSTOMERS_PRIVACY_H

#include "common/base.h"

#define PRIVACY_MAX_HOLDS 100
#define PRIVACY_NO_DAY INT32_MAX /* until released */

enum privacy_state {
    PRIVACY_OPEN,
    PRIVACY_RESTRICTED, /* because somebody asked; stays so */
    PRIVACY_ERASING,    /* restricted until the last hold ends */
    PRIVACY_ERASED,
};
const char *privacy_state_name(enum privacy_state state); /* "active", "restricted" … */
/* False: there is no such state. */
bool privacy_state_read(struct text name, enum privacy_state *out);

enum privacy_kind {
    PRIVACY_HOLD_CASE,
    PRIVACY_HOLD_COMMITMENT,
    PRIVACY_HOLD_DISPUTE,
    PRIVACY_HOLD_STATUTORY, /* calculated from the last transaction, never placed */
    PRIVACY_HOLD_OTHER,
    PRIVACY_HOLD_KINDS,
};
const char *privacy_kind_name(enum privacy_kind kind);
/* False: there is no such kind. */
bool privacy_kind_read(struct text name, enum privacy_kind *out);

struct privacy_hold {
    struct id id; /* zeroes: calculated */
    enum privacy_kind kind;
    struct text holder, subject;
    int32_t until; /* the last day; PRIVACY_NO_DAY */
    int64_t placed_at_us;
    int64_t released_at_us; /* 0: it stands */
};

/* Statutory retention: whether the last transaction still has to be kept today, and the last day
 * on which it has. `months` later is that day, clamped to the month's end: 31 January and one month
 * is 28 February, kept to the end of it. Without a transaction nothing is kept. */
bool privacy_retains(bool has_transaction, int32_t last_transaction, uint32_t months, int32_t today,
                     int32_t *until);

/* The holds that stand today, moved to the front; returns how many. */
size_t privacy_standing(struct privacy_hold *holds, size_t count, int32_t today);
/* The first day on which none of these stands any more; PRIVACY_NO_DAY: one has no day. */
int32_t privacy_free_on(const struct privacy_hold *standing, size_t count);

enum privacy_ask {
    PRIVACY_ASK_RESTRICT,
    PRIVACY_ASK_LIFT,
    PRIVACY_ASK_ERASE,
    PRIVACY_ASK_LOOK, /* a hold ended, or time passed */
};
enum privacy_refusal {
    PRIVACY_FINE,
    PRIVACY_IS_ERASED,      /* nothing is left to restrict or show */
    PRIVACY_NOT_RESTRICTED, /* nothing to lift */
};
/* The one way in which states change; `is_held`: a hold stands today. */
enum privacy_refusal privacy_move(enum privacy_state from, enum privacy_ask ask, bool is_held,
                                  enum privacy_state *to) MUST_USE;

#endif
