/*
 * The case (R62 to R79): its kinds, channels and states, and the one function that moves it. Values
 * are those of the wire and of the rows (proto/kehu/complaints/v1/cases.proto).
 *
 *     received → acknowledged → investigating → proposed → agreed → answered → confirmation_due
 *     confirmation_due → confirmed → closed          the complainant is satisfied
 *     confirmation_due → disputed → investigating    he is not
 *     confirmation_due → closed_unconfirmed          he was not reached (confirmation.h)
 *     answered → closed                              where confirmation is not asked
 *     received, acknowledged, investigating → rejected | withdrawn | duplicate_of
 *     closed, closed_unconfirmed → reopened          within 14 days (reopen.h)
 */
#ifndef KEHU_COMPLAINTS_CASE_H
#define KEHU_COMPLAINTS_CASE_H

#include "services/complaints/domain/telling.h"

enum case_kind {
    CASE_KIND_IS_NONE = 0,
    CASE_IS_COMPLAINT = 1,
    CASE_IS_SUGGESTION = 2,
    CASE_IS_FEEDBACK = 3,
    CASE_IS_ENQUIRY = 4,
    CASE_IS_SERVICE_REQUEST = 5,
};
#define CASE_KINDS 6

enum case_channel {
    CASE_CHANNEL_IS_NONE = 0,
    CASE_BY_HOTLINE = 1,
    CASE_BY_ONLINE = 2,
    CASE_BY_STORE_BOX = 3,
    CASE_BY_PHONE = 4,
    CASE_BY_EMAIL = 5,
    CASE_BY_VISIT = 6,
    CASE_BY_WECHAT = 7,
    CASE_BY_REGULATOR = 8,
    CASE_BY_OTHER = 9,
};
#define CASE_CHANNELS 10

enum case_state {
    CASE_STATE_IS_NONE = 0,
    CASE_RECEIVED = 1,
    CASE_ACKNOWLEDGED = 2,
    CASE_INVESTIGATING = 3,
    CASE_PROPOSED = 4,
    CASE_AGREED = 5,
    CASE_ANSWERED = 6,
    CASE_CONFIRMATION_DUE = 7,
    CASE_CONFIRMED = 8,
    CASE_CLOSED = 9,
    CASE_DISPUTED = 10,
    CASE_CLOSED_UNCONFIRMED = 11,
    CASE_REJECTED = 12,
    CASE_WITHDRAWN = 13,
    CASE_DUPLICATE = 14,
    CASE_REOPENED = 15,
};
#define CASE_STATES 16

/* What is done to a case that may move it. */
enum case_act {
    CASE_TAKES, /* a person takes it; later ones take it over, which moves nothing */
    CASE_INVESTIGATES,
    CASE_PROPOSES, /* again while nothing is agreed */
    CASE_AGREES,   /* the complainant, to what was proposed */
    CASE_ANSWERS,  /* again while the answer has not reached him */
    CASE_SETTLES,  /* solved on the spot: intake, answer, cause and agreement in one */
    CASE_ASKS,     /* whether he is satisfied */
    CASE_CONFIRMS, /* he is */
    CASE_DISPUTES, /* he is not; alternatives are named */
    CASE_CLOSES,
    CASE_CLOSES_UNCONFIRMED,
    CASE_REOPENS,
    CASE_REJECTS,
    CASE_WITHDRAWS,
    CASE_MERGES, /* it is a duplicate of another */
    CASE_ACTS,   /* how many there are */
};

/* "complaint", "hotline", "confirmation_due", "take": as in arguments, rows and reports. Of values
 * outside the enumerations "". */
const char *case_kind_name(enum case_kind kind);
const char *case_channel_name(enum case_channel channel);
const char *case_state_name(enum case_state state);
const char *case_act_name(enum case_act act);
/* NONE: there is no such name. */
enum case_kind case_kind_read(struct text name);
enum case_channel case_channel_read(struct text name);
enum case_state case_state_read(struct text name);
/* As it is asked for with kehuctl: "close" of both closings; NULL: by no command about a case. */
const char *case_act_verb(enum case_act act);
/* What a refused act is said to be, after "cannot be": "closed". */
const char *case_act_done(enum case_act act);
/* As people read them: 投诉, 待回访, 提出方案; "complaint", "confirmation due", "propose". */
const char *case_kind_label(enum case_kind kind, enum telling_language language);
const char *case_channel_label(enum case_channel channel, enum telling_language language);
const char *case_state_label(enum case_state state, enum telling_language language);
const char *case_act_label(enum case_act act, enum telling_language language);

/* Nothing more is expected: closed either way, rejected, withdrawn, duplicate. */
bool case_is_ended(enum case_state state);
/* answered, waiting for his word or confirmed, or ended. */
bool case_is_answered(enum case_state state);
/* received, acknowledged, investigating: it may still be rejected, withdrawn or merged. */
bool case_is_early(enum case_state state);
/* Counts as a complaint in figures (R74): that kind, neither rejected, withdrawn nor duplicate. */
bool case_is_counted(enum case_kind kind, enum case_state state);
/* An import's state: closed as recorded, or left in investigating. No act led there. */
enum case_state case_recorded_state(bool was_closed);

/* What a move depends on beside the state. */
struct case_facts {
    enum case_state state;
    enum case_kind kind;
    bool is_anonymous;          /* nobody can be asked to agree */
    bool needs_solution;        /* our fault, or not yet known whose (R67) */
    bool asks_confirmation;     /* confirmation_is_wanted */
    bool may_close_unconfirmed; /* confirmation_was_tried */
    bool may_reopen;            /* reopen_is_possible */
    bool has_reason;            /* why it is rejected, withdrawn, merged, reopened, disputed,
                                   answered without his agreement */
    bool by_handler;            /* the actor is the case's handler */
};

enum case_flaw {
    CASE_FINE,
    CASE_NOT_FROM_HERE, /* not in this state; `allowed` says what is */
    CASE_NEEDS_REASON,
    CASE_NEEDS_OTHER_PERSON, /* a rejection is decided by another than the handler */
    CASE_NEEDS_AGREEMENT,    /* a solution is needed, and he has not agreed to one */
    CASE_NEEDS_CONFIRMATION, /* it is still to be asked */
    CASE_NEEDS_ATTEMPTS,     /* not tried often enough to close it unconfirmed */
    CASE_TOO_LATE_TO_REOPEN, /* a new case with recurs_of */
};

struct case_refusal {
    enum case_flaw flaw;
    enum case_state state;
    enum case_act act;
    uint32_t allowed; /* bit per enum case_act */
};

/*
 * The state after the act, in `to`; or false and why. The one way in which states change. Closing
 * conditions are asked beside it (condition.h), for every door. `to` is untouched on refusal.
 */
bool case_move(const struct case_facts *facts, enum case_act act, enum case_state *to,
               struct case_refusal *refusal) MUST_USE;
/* What may be done now: bit per enum case_act; reasons and persons are not looked at. */
uint32_t case_allowed(const struct case_facts *facts);

#define CASE_REFUSAL_BYTES 512
/* "the case is investigating and cannot be closed; allowed: propose, reject, …": the state, why,
 * and what is allowed as it is asked for, in one sentence, terminated. */
void case_tell_refusal(const struct case_refusal *refusal, enum telling_language language,
                       char out[CASE_REFUSAL_BYTES]);

#endif
